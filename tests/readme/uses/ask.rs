use wa_cloud::types::AccessToken;
use wa_sim::{State, TestServer, Time};

#[test]
fn sends_buttons_below_a_picture() {
    let mut state = State::demo(1);
    let number = state.numbers.get_mut(State::NUMBER).unwrap();
    number.code.verified_at = Some(Time::START);
    number.connected_at = Some(Time::START);
    let server = TestServer::start(state).unwrap();
    server.engine().receive_text(State::NUMBER, "16505551234", "hello").unwrap();
    let config = Config::new(AccessToken::new(State::TOKEN).unwrap()).base(&server.url()).unwrap();
    assert!(ask(config, State::NUMBER, "+16505551234", vec![0xff, 0xd8, 0xff]).unwrap().is_some());
}
