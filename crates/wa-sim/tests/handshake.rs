//! The question that a callback is asked before it is set.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use http::Request;
use serde_json::{Value, json};
use wa_sim::{Engine, ErrorStyle, Fault, FaultRule, Override, State};

const URL: &str = "https://lucky-shrub.example/own?a=b";

fn subscribe() -> Request<String> {
    post(State::ACCOUNT, "/subscribed_apps", &json!({"override_callback_uri": URL, "verify_token": "shrub & co"}))
}

fn configure() -> Request<String> {
    let configuration = json!({"override_callback_uri": URL, "verify_token": "shrub & co"});
    post(State::NUMBER, "", &json!({"webhook_configuration": configuration, "pin": "123456"}))
}

fn post(node: &str, edge: &str, body: &Value) -> Request<String> {
    Request::post(format!("/v23.0/{node}{edge}"))
        .header("authorization", format!("Bearer {}", State::TOKEN))
        .header("content-type", "application/json")
        .body(body.to_string())
        .unwrap()
}

fn registered() -> State {
    let mut state = State::demo(1);
    state.numbers.get_mut(State::NUMBER).unwrap().connected_at = Some(state.now);
    // Only a subscribed app may name an address.
    state.accounts.get_mut(State::ACCOUNT).unwrap().subscriptions.insert(State::APP.to_owned(), None);
    state
}

#[test]
fn a_callback_is_asked_before_it_is_set() {
    for request in [subscribe(), configure()] {
        let mut engine = Engine::new(registered());
        let before = engine.state().clone();
        let received = engine.receive(&request, engine.now());
        let handshake = engine.handshake_of(&request, &received).unwrap();
        assert_eq!((engine.state(), engine.journal().entries().count()), (&before, 0));

        let query = handshake.url.strip_prefix("https://lucky-shrub.example/own?a=b&").unwrap();
        let challenge = query.strip_prefix("hub.mode=subscribe&hub.challenge=").unwrap();
        let challenge = challenge.strip_suffix("&hub.verify_token=shrub%20%26%20co").unwrap();
        assert!(handshake.passes(200, challenge.as_bytes()));
        assert!(!handshake.passes(200, b"0") && !handshake.passes(403, challenge.as_bytes()));

        let response = engine.carry_out(&request, received, engine.now()).response;
        assert_eq!(response.status(), 200);
        let own: Override = serde_json::from_value(json!({"url": URL})).unwrap();
        let (account, number) = (&engine.state().accounts[State::ACCOUNT], &engine.state().numbers[State::NUMBER]);
        assert!(account.subscriptions.get(State::APP) == Some(&Some(own.clone())) || number.webhook == Some(own));
    }
}

// Meta's API description, POST /{WABA-ID}/subscribed_apps, 422; the Graph API's own code is 2200.
#[test]
fn a_callback_that_does_not_pass_is_not_set() {
    for (error_style, status, code) in [(ErrorStyle::Code, 400, 2200), (ErrorStyle::Description, 422, 100)] {
        for request in [subscribe(), configure()] {
            let mut state = registered();
            state.rules.error_style = error_style;
            let mut engine = Engine::new(state);
            let mut received = engine.receive(&request, engine.now());
            received.refuse_callback();
            let response = engine.carry_out(&request, received, engine.now()).response;
            let answer: Value = serde_json::from_slice(response.body()).unwrap();
            assert_eq!((response.status().as_u16(), &answer["error"]["code"]), (status, &json!(code)));
            let (account, number) = (&engine.state().accounts[State::ACCOUNT], &engine.state().numbers[State::NUMBER]);
            assert_eq!(account.subscriptions[State::APP], None);
            assert_eq!((&number.webhook, &number.pin.value), (&None, &None));
            assert_eq!(engine.handle(&request, engine.now()).response.status(), 200);
        }
    }
}

#[test]
fn nobody_is_asked_for_a_request_that_does_not_get_there() {
    let engine = |change: fn(&mut State)| {
        let mut state = registered();
        change(&mut state);
        Engine::new(state)
    };
    let asks = |engine: &Engine, request: &Request<String>| {
        let mut engine = engine.clone();
        let received = engine.receive(request, engine.now());
        engine.handshake_of(request, &received).is_some()
    };
    for request in [subscribe(), configure()] {
        assert!(asks(&engine(|_| {}), &request));
        assert!(!asks(&engine(|state| state.tokens.clear()), &request));
        let unsubscribed = engine(|state| state.accounts.get_mut(State::ACCOUNT).unwrap().subscriptions.clear());
        assert!(!asks(&unsubscribed, &request));
        assert!(!asks(&engine(|state| state.faults.push(FaultRule::new(Fault::Close))), &request));
        assert!(asks(&engine(|state| state.faults.push(FaultRule::new(Fault::Close).after())), &request));
    }
    let plain = engine(|_| {});
    let configuration =
        |url: &str| post(State::NUMBER, "", &json!({"webhook_configuration": {"override_callback_uri": url}}));
    assert!(!asks(&plain, &post(State::ACCOUNT, "/subscribed_apps", &json!({}))));
    assert!(!asks(&plain, &configuration("")));
    assert!(!asks(&plain, &configuration("nowhere")));
    assert!(!asks(&plain, &post(State::NUMBER, "/register", &json!({"override_callback_uri": URL}))));
    let wrong = json!({"webhook_configuration": {"override_callback_uri": URL}, "pin": "1"});
    assert!(!asks(&plain, &post(State::NUMBER, "", &wrong)));
}
