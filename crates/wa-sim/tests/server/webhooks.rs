//! Webhooks that are really sent.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use wa_core::{
    types::AppSecret,
    webhook::{Unverified, Verifier},
};
use wa_sim::{DeliveryState, NameReview, ServerOptions, State, TestServer};

use crate::{
    callback::{Listener, Visit, challenge, obedient},
    raw::{Events, control, exchange, graph, json_of},
};

/// The demo, connected and subscribed, with this callback.
fn state(url: &str) -> State {
    State::demo_with_callback(1, url, "verify-me")
}

fn write(server: &TestServer, text: &str) {
    server.engine().receive_text(State::NUMBER, "16505551234", text).unwrap();
}

fn text_of(visit: &Visit) -> String {
    let body: Value = serde_json::from_slice(&visit.body).unwrap();
    body["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"].as_str().unwrap().to_owned()
}

fn is_genuine(visit: &Visit) -> bool {
    let signature = &visit.headers["x-hub-signature-256"];
    let mut mac = Hmac::<Sha256>::new_from_slice(b"app-secret").unwrap();
    mac.update(&visit.body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let verifier = Verifier::new(&AppSecret::new("app-secret").unwrap());
    let is_verified = Unverified::new(Some(signature.as_bytes()), &visit.body).verify(&verifier).is_ok();
    assert_eq!(*signature == format!("sha256={hex}"), is_verified);
    is_verified
}

#[test]
fn what_happens_is_delivered_and_signed_plain_and_over_tls() {
    for listener in [Listener::start(obedient), Listener::start_tls(obedient)] {
        let authority = listener.authority.clone().unwrap_or_default();
        let options = ServerOptions::new().callback_authority(authority);
        let server = TestServer::start_with(state(&listener.url), options).unwrap();
        let mut events = Events::new(&server);
        write(&server, "hello");
        let visit = listener.next();
        assert_eq!(visit.target, "POST /hook?a=b");
        assert_eq!(visit.headers["content-type"], "application/json");
        assert_eq!(Some(&*visit.headers["host"]), listener.url.split('/').nth(2));
        assert_eq!(text_of(&visit), "hello");
        assert!(is_genuine(&visit));
        events.until(|engine| engine.state().webhooks.deliveries[&0].state == DeliveryState::Accepted);
    }
}

#[test]
fn a_callback_that_nobody_vouches_for_is_not_trusted() {
    let listener = Listener::start_tls(obedient);
    let server = TestServer::start(state(&listener.url)).unwrap();
    let mut events = Events::new(&server);
    write(&server, "hello");
    events.until(|engine| {
        let delivery = &engine.state().webhooks.deliveries[&0];
        delivery.tries == 1 && delivery.state == DeliveryState::Waiting
    });
}

#[test]
fn a_refused_delivery_comes_again_when_its_time_has_come() {
    let listener = Listener::start(|place, _| (if place < 2 { 500 } else { 200 }, String::new()));
    let server = TestServer::start(state(&listener.url)).unwrap();
    let mut events = Events::new(&server);
    write(&server, "hello");
    for (tries, minutes) in [(1, 1), (2, 2)] {
        let body = listener.next().body;
        events.until(|engine| {
            let delivery = &engine.state().webhooks.deliveries[&0];
            delivery.tries == tries && delivery.state == DeliveryState::Waiting && delivery.body.as_bytes() == body
        });
        server.advance(Duration::from_secs(60 * minutes - 1));
        let waiting = control(&server, "GET", "webhooks?state=waiting", "").1;
        assert_eq!((waiting.as_array().unwrap().len(), &waiting[0]["tries"]), (1, &json!(tries)));
        server.advance(Duration::from_secs(1));
    }
    assert!(is_genuine(&listener.next()));
    events.until(|engine| engine.state().webhooks.deliveries[&0].state == DeliveryState::Accepted);
}

#[test]
fn deliveries_keep_their_order_and_are_repeated_reordered_and_forged_on_demand() {
    let listener = Listener::start(|place, _| (if (4..8).contains(&place) { 503 } else { 200 }, String::new()));
    let server = TestServer::start(state(&listener.url)).unwrap();
    let mut events = Events::new(&server);
    for text in ["a", "b", "c"] {
        write(&server, text);
    }
    assert_eq!([(); 3].map(|()| text_of(&listener.next())), ["a", "b", "c"]);
    events.until(|engine| engine.state().webhooks.deliveries.values().all(|one| one.state == DeliveryState::Accepted));

    assert_eq!(control(&server, "POST", "webhooks/1/redeliver", ""), (200, json!({"id": 3})));
    assert_eq!(text_of(&listener.next()), "b");

    for text in ["d", "e", "f", "g"] {
        write(&server, text);
    }
    let refused = [(); 4].map(|()| text_of(&listener.next()));
    assert_eq!(refused, ["d", "e", "f", "g"]);
    let waits = |engine: &wa_sim::Engine| {
        engine.state().webhooks.deliveries.values().filter(|one| one.state == DeliveryState::Waiting).count()
    };
    events.until(|engine| waits(engine) == 4);
    assert_eq!(control(&server, "POST", "webhooks/reorder", "").0, 200);
    server.advance(Duration::from_secs(61));
    let mut reordered = [(); 4].map(|()| text_of(&listener.next()));
    assert_ne!(reordered, refused);
    reordered.sort();
    assert_eq!(reordered, refused);
    events.until(|engine| waits(engine) == 0);

    let (status, answer) = control(&server, "POST", "webhooks/0/tamper", "");
    assert_eq!((status, answer), (200, json!({"id": 8})));
    assert!(!is_genuine(&listener.next()));
    assert_eq!(control(&server, "POST", "webhooks/99/redeliver", "").0, 404);
    assert_eq!(control(&server, "POST", "webhooks/x/tamper", "").0, 404);
}

#[test]
fn nothing_goes_to_another_machine() {
    let server = TestServer::start(state("https://lucky-shrub.example/webhook")).unwrap();
    let mut events = Events::new(&server);
    write(&server, "hello");
    events.until(|engine| engine.state().webhooks.deliveries[&0].state == DeliveryState::Withheld);
    let body = json!({"url": "http://192.0.2.1/hook", "verify_token": "verify-me"}).to_string();
    let (status, answer) = control(&server, "PUT", &format!("apps/{}/callback", State::APP), &body);
    assert_eq!(status, 409);
    assert!(answer["error"].as_str().unwrap().contains("not on this machine"), "{answer}");
    let overriding = json!({"override_callback_uri": "https://other.example/", "verify_token": "x"}).to_string();
    let call = graph("POST", &format!("{}/subscribed_apps", State::ACCOUNT), &overriding);
    assert_eq!(json_of(&exchange(&server, &call).unwrap()).0, 200);
}

#[test]
fn a_callback_is_set_once_it_has_answered_the_challenge() {
    let server = TestServer::start(state("https://lucky-shrub.example/webhook")).unwrap();
    let path = format!("apps/{}/callback", State::APP);
    let set = |listener: &Listener, token: &str| {
        let body = json!({"url": listener.url, "verify_token": token}).to_string();
        let answer = control(&server, "PUT", &path, &body);
        (answer, challenge(&listener.next(), "verify-me").is_some())
    };
    let refusing = Listener::start(|_, _| (403, "who are you?".to_owned()));
    let ((status, answer), _) = set(&refusing, "verify-me");
    assert_eq!(status, 409);
    assert!(answer["error"].as_str().unwrap().contains("answered 403 \"who are you?\""), "{answer}");

    let listener = Listener::start(obedient);
    let ((status, _), knows) = set(&listener, "another");
    assert_eq!((status, knows), (409, false));
    let ((status, answer), knows) = set(&listener, "verify-me");
    assert_eq!((status, &answer["callback"], knows), (200, &json!(listener.url), true));
    write(&server, "hello");
    assert_eq!(text_of(&listener.next()), "hello");

    let nobody = json!({"url": "http://127.0.0.1:1/", "verify_token": "x"}).to_string();
    assert_eq!(control(&server, "PUT", &path, &nobody).0, 409);
    assert_eq!(control(&server, "PUT", "apps/1/callback", &nobody).0, 404);
}

#[test]
fn subscribing_with_an_address_of_its_own_asks_that_address() {
    let server = TestServer::start(state("https://lucky-shrub.example/webhook")).unwrap();
    let subscribe = |listener: &Listener| {
        let body = json!({"override_callback_uri": listener.url, "verify_token": "verify-me"}).to_string();
        let call = graph("POST", &format!("{}/subscribed_apps", State::ACCOUNT), &body);
        let answer = json_of(&exchange(&server, &call).unwrap());
        listener.next();
        answer
    };
    let refusing = Listener::start(|_, _| (200, "no challenge".to_owned()));
    let (status, answer) = subscribe(&refusing);
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(2200)));
    let listener = Listener::start(obedient);
    assert_eq!(subscribe(&listener).0, 200);
    write(&server, "hello");
    assert_eq!(text_of(&listener.next()), "hello");
}

#[test]
fn a_snapshot_goes_on_delivering() {
    let listener = Listener::start(obedient);
    let mut engine = wa_sim::Engine::new(state(&listener.url));
    engine.receive_text(State::NUMBER, "16505551234", "hello").unwrap();
    assert_eq!(engine.take_due().len(), 1);
    let _server = TestServer::start(engine.state().clone()).unwrap();
    assert_eq!(text_of(&listener.next()), "hello");
}

#[test]
fn the_real_clock_moves_by_itself() {
    let listener = Listener::start(obedient);
    let mut state = state(&listener.url);
    state.rules.name_review = NameReview::After { millis: 150 };
    let server = TestServer::start_with(state, ServerOptions::new().real_clock()).unwrap();
    let year_2026 = 1_767_225_600_000;
    assert!(server.engine().now().as_millis() > year_2026);
    write(&server, "hello");
    assert_eq!(text_of(&listener.next()), "hello");
    let rename = graph("POST", State::NUMBER, r#"{"new_display_name": "Luckier Shrub"}"#);
    assert_eq!(json_of(&exchange(&server, &rename).unwrap()).0, 200);
    let decided: Value = serde_json::from_slice(&listener.next().body).unwrap();
    assert_eq!(decided["entry"][0]["changes"][0]["field"], "phone_number_name_update");
    let (status, answer) = control(&server, "POST", "clock", r#"{"advance":"1h"}"#);
    assert_eq!(status, 409);
    assert!(answer["error"].as_str().unwrap().contains("cannot be moved"));
    assert_eq!(control(&server, "GET", "clock", "").1["clock"], "real");
}
