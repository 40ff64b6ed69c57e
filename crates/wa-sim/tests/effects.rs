//! What calls leave behind, and what happens later.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use serde_json::{Value, json};
use wa_sim::{Engine, NewName, State, Storage};

use common::*;

#[test]
fn a_deregistration_turns_local_storage_off_and_keeps_the_pin() {
    for forgets in [false, true] {
        let mut state = State::demo(1);
        connected(&mut state);
        number(&mut state).storage = Storage::Local("CH".to_owned());
        state.rules.deregister_forgets_pin = forgets;
        let mut engine = Engine::new(state);
        ask(&mut engine, "POST", &format!("/v23.0/{N}/deregister"), &Value::Null);
        let number = &engine.state().numbers[N];
        assert_eq!((&number.storage, number.platform()), (&Storage::Default, "NOT_APPLICABLE"));
        assert_eq!(number.pin.value.is_none(), forgets);
    }
}

#[test]
fn an_approved_name_takes_effect_when_registering_again() {
    let mut state = State::demo(1);
    connected(&mut state);
    number(&mut state).new_name =
        Some(serde_json::from_value::<NewName>(json!({"name": "Newer", "status": "APPROVED"})).unwrap());
    let mut engine = Engine::new(state);
    ask(&mut engine, "POST", &format!("/v23.0/{N}/register"), &register());
    assert_eq!(engine.state().numbers[N].verified_name, "Newer");
}

#[test]
fn a_name_with_a_declined_word_is_declined_and_told() {
    let mut state = State::demo(1);
    account(&mut state).subscriptions.insert(State::APP.to_owned(), None);
    let mut engine = Engine::new(state);
    ask(&mut engine, "POST", &format!("/v23.0/{N}"), &json!({"new_display_name": "WhatsApp Support"}));
    let later = engine.now() + Duration::from_secs(24 * 3_600);
    engine.advance(later);
    assert_eq!(engine.state().numbers[N].new_name.as_ref().unwrap().status, "DECLINED");
    let deliveries = engine.take_due();
    assert_eq!(deliveries.len(), 1);
    let payload: Value = serde_json::from_str(&deliveries[0].body).unwrap();
    assert_eq!(payload["entry"][0]["changes"][0]["value"]["decision"], "REJECTED");
    assert_eq!(payload["entry"][0]["time"], later.as_secs());
}

#[test]
fn text_outside_the_24_hours_fails_by_webhook() {
    let mut state = State::demo(1);
    connected(&mut state);
    account(&mut state).subscriptions.insert(State::APP.to_owned(), None);
    let mut engine = Engine::new(state);
    assert_eq!(ask(&mut engine, "POST", &format!("/v23.0/{N}/messages"), &text()).status(), 200);
    engine.advance(engine.now() + Duration::from_secs(60));
    let payload: Value = serde_json::from_str(&engine.take_due()[0].body).unwrap();
    let status = &payload["entry"][0]["changes"][0]["value"]["statuses"][0];
    assert_eq!((&status["status"], &status["errors"][0]["code"]), (&json!("failed"), &json!(131_047)));
}

#[test]
fn a_refused_delivery_comes_again_for_a_week() {
    let mut state = State::demo(1);
    verified(&mut state);
    account(&mut state).subscriptions.insert(State::APP.to_owned(), None);
    let mut engine = Engine::new(state);
    ask(&mut engine, "POST", &format!("/v23.0/{N}/register"), &register());
    let mut tries = 0;
    let begin = engine.now();
    for _ in 0..24 * 60 * 8 {
        for delivery in engine.take_due() {
            tries += 1;
            assert!(engine.now().since(begin) <= Duration::from_secs(7 * 24 * 3_600));
            engine.settle(delivery.id, false);
        }
        engine.advance(engine.now() + Duration::from_secs(60));
    }
    assert!((10..60).contains(&tries), "{tries}");
}

#[test]
fn what_is_not_modelled_says_so() {
    let mut engine = Engine::new(State::demo(1));
    for (method, path) in [
        ("GET", "/v23.0/102290129340398"),
        ("GET", "/v23.0/102290129340398/message_templates"),
        ("DELETE", "/v23.0/106540352242922"),
        ("GET", "/v23.0/a/b/c"),
        ("GET", "/"),
    ] {
        let response = ask(&mut engine, method, path, &Value::Null);
        assert_eq!(response.status(), 501, "{path}");
        assert!(String::from_utf8_lossy(response.body()).contains("is not simulated"));
    }
}

#[test]
fn a_scenario_names_what_it_does_not_know() {
    let error = State::from_json(r#"{"numbers": {"1": {"acount": "2"}}}"#).unwrap_err().to_string();
    assert!(error.contains("acount"), "{error}");
    assert!(State::from_json(r#"{"seed": 7, "rules": {"face": "description"}}"#).is_ok());
}
