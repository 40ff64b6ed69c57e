use wa_cloud::types::AccessToken;
use wa_sim::{State, TestServer, Time};

#[test]
fn registers_under_the_ledger() {
    let mut state = State::demo(2);
    state.numbers.get_mut(State::NUMBER).unwrap().code.verified_at = Some(Time::START);
    let server = TestServer::start(state).unwrap();
    let config = Config::new(AccessToken::new(State::TOKEN).unwrap()).base(&server.url()).unwrap();
    register(config, State::NUMBER, "012345").unwrap();
    assert!(server.engine().state().numbers[State::NUMBER].connected_at.is_some());
}
