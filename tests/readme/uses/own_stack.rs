use wa_core::types::AccessToken;

#[test]
fn works_under_any_http_stack() {
    let config = || Config::new(AccessToken::new("EAAJB").unwrap());
    register(config(), |request| {
        assert_eq!(request.uri().path(), "/v23.0/106540352242922/register");
        http::Response::new(br#"{"success":true}"#.to_vec())
    })
    .unwrap();
    assert!(register(config(), |_| http::Response::new(br#"{"success":false}"#.to_vec())).is_err());
}
