use wa_cloud::types::AccessToken;
use wa_sim::{State, TestServer, Time};

#[test]
fn brings_a_number_to_the_cloud_api() {
    let mut state = State::demo(1);
    state.numbers.get_mut(State::NUMBER).unwrap().code.verified_at = Some(Time::START);
    let server = TestServer::start(state).unwrap();
    let config = Config::new(AccessToken::new(State::TOKEN).unwrap()).base(&server.url()).unwrap();
    onboard(config, State::NUMBER, "012345").unwrap();
    assert!(server.engine().state().numbers[State::NUMBER].connected_at.is_some());
    assert!(std::fs::metadata("ledger.db").is_ok());
}
