use wa_cloud::types::AccessToken;
use wa_sim::{State, TestServer};

#[tokio::test]
async fn lists_the_numbers() {
    let server = TestServer::start(State::demo(1)).unwrap();
    let config = Config::new(AccessToken::new(State::TOKEN).unwrap()).base(&server.url()).unwrap();
    assert_eq!(list(config, State::ACCOUNT).await.unwrap(), server.engine().state().numbers.len());
}
