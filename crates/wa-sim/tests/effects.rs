//! What calls leave behind, and what happens later.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use serde_json::{Value, json};
use wa_sim::{Engine, State, Storage};

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
        ("GET", "/v23.0/102290129340398/flows"),
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
    assert!(State::from_json(r#"{"seed": 7, "rules": {"error_style": "description"}}"#).is_ok());
}

#[test]
fn a_forgotten_pin_takes_its_wrong_guesses_along() {
    let mut state = State::demo(1);
    connected(&mut state);
    number(&mut state).pin.guesses = vec![at(HOUR); 10];
    state.rules.deregister_forgets_pin = true;
    let mut engine = Engine::new(state);
    ask(&mut engine, "POST", &format!("/v23.0/{N}/deregister"), &Value::Null);
    engine.advance(engine.now() + Duration::from_secs(300));
    assert_eq!(ask(&mut engine, "POST", &format!("/v23.0/{N}/register"), &register()).status(), 200);
}

#[test]
fn a_wait_is_never_too_short() {
    let mut state = State::demo(1);
    verified(&mut state);
    number(&mut state).deregistered_at = Some(at(5 * MINUTE - 1));
    let mut engine = Engine::new(state);
    let response = ask(&mut engine, "POST", &format!("/v23.0/{N}/register"), &register());
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(answer["error"]["error_data"]["details"], "Wait 1 seconds");
}

// Meta's migration page: up to 15 seconds, and a wrong PIN leaves the deployment down.
#[test]
fn a_refused_migration_takes_as_long_and_the_number_stays_verified() {
    let mut state = State::demo(1);
    on_premises(&mut state);
    number(&mut state).pin.value = Some("000000".to_owned());
    number(&mut state).code.verified_at = Some(at(400 * 24 * HOUR));
    let mut engine = Engine::new(state);
    let again = request("POST", &format!("/v23.0/{N}/register"), &migrate());
    let reply = engine.handle(&again, engine.now());
    assert_eq!((reply.response.status().as_u16(), reply.delay), (400, Duration::from_secs(12)));
    assert!(!engine.state().numbers[N].on_premises.as_ref().unwrap().is_running);
    let right = json!({"messaging_product": "whatsapp", "pin": "000000"});
    assert_eq!(ask(&mut engine, "POST", &format!("/v23.0/{N}/register"), &right).status(), 200);
}

#[test]
fn any_migration_that_reaches_the_number_shuts_the_old_side_down() {
    let set_ups: [fn(&mut State); 4] = [
        |s| number(s).code.verified_at = None,
        |s| account(s).is_locked = true,
        |s| number(s).name_status = "DECLINED".to_owned(),
        |s| number(s).attached_elsewhere = true,
    ];
    for set_up in set_ups {
        let mut state = State::demo(1);
        on_premises(&mut state);
        set_up(&mut state);
        let mut engine = Engine::new(state);
        assert_ne!(ask(&mut engine, "POST", &format!("/v23.0/{N}/register"), &migrate()).status(), 200);
        assert!(!engine.state().numbers[N].on_premises.as_ref().unwrap().is_running);
    }
    let mut state = State::demo(1);
    on_premises(&mut state);
    tried(&mut state, 10);
    let mut engine = Engine::new(state);
    ask(&mut engine, "POST", &format!("/v23.0/{N}/register"), &migrate());
    assert!(engine.state().numbers[N].on_premises.as_ref().unwrap().is_running, "the limit lets nothing through");
}

#[test]
fn a_second_name_has_a_review_of_its_own() {
    let mut engine = Engine::new(State::demo(1));
    let name = |engine: &mut Engine, name: &str| {
        ask(engine, "POST", &format!("/v23.0/{N}"), &json!({"new_display_name": name}));
    };
    name(&mut engine, "First");
    engine.advance(engine.now() + Duration::from_secs(23 * 3_600));
    name(&mut engine, "Second");
    engine.advance(engine.now() + Duration::from_secs(2 * 3_600));
    assert_eq!(engine.state().numbers[N].new_name.as_ref().unwrap().status, "PENDING_REVIEW");
    engine.advance(engine.now() + Duration::from_secs(22 * 3_600));
    let number = &engine.state().numbers[N];
    assert_eq!((&*number.verified_name, &number.new_name), ("Second", &None));
}

// Meta's API description has the header with status 429; both budgets end with their hour.
#[test]
fn a_budget_that_is_used_up_says_when_to_come_back() {
    let budget = || serde_json::from_value(json!({"since": at(10 * MINUTE), "calls": 10_000})).unwrap();
    let set_ups: [fn(&mut State, wa_sim::Budget); 2] =
        [|s, budget| s.apps.get_mut(State::APP).unwrap().budget = budget, |s, budget| account(s).budget = budget];
    for set_up in set_ups {
        let mut state = State::demo(1);
        set_up(&mut state, budget());
        let mut engine = Engine::new(state);
        let response = ask(&mut engine, "GET", &format!("/v23.0/{N}"), &Value::Null);
        assert_eq!(response.headers()["retry-after"], "3000");
        engine.advance(engine.now() + Duration::from_secs(3_000));
        let response = ask(&mut engine, "GET", &format!("/v23.0/{N}"), &Value::Null);
        assert_eq!((response.status().as_u16(), response.headers().get("retry-after")), (200, None));
    }
    // 133016 is no budget: what it says of the wait is in its details.
    let mut state = State::demo(1);
    tried(&mut state, 10);
    let mut engine = Engine::new(state);
    let response = ask(&mut engine, "POST", &format!("/v23.0/{N}/register"), &register());
    assert_eq!(response.headers().get("retry-after"), None);
}

#[test]
fn a_link_to_the_next_page_asks_the_same() {
    let mut state = State::demo(1);
    for place in 0..3 {
        state.numbers.insert(place.to_string(), wa_sim::Number::new(State::ACCOUNT, "1", format!("1555078388{place}")));
    }
    let mut engine = Engine::new(state);
    let filtering =
        "%5B%7B%22field%22%3A%22account_mode%22%2C%22operator%22%3A%22IN%22%2C%22value%22%3A%5B%22LIVE%22%5D%7D%5D";
    let path = format!("/v23.0/{}/phone_numbers?limit=3&fields=id%2Cstatus&filtering={filtering}", State::ACCOUNT);
    let page = |engine: &mut Engine, path: &str| -> Value {
        serde_json::from_slice(ask(engine, "GET", path, &Value::Null).body()).unwrap()
    };
    let first = page(&mut engine, &path);
    let next = first["paging"]["next"].as_str().unwrap().strip_prefix("https://graph.facebook.com").unwrap().to_owned();
    let second = page(&mut engine, &next);
    assert_eq!(second["data"].as_array().unwrap().len(), 1);
    assert_eq!(second["data"][0].as_object().unwrap().keys().filter(|key| *key == "status" || *key == "id").count(), 2);
    assert!(second["data"][0].get("verified_name").is_none() && next.contains("&filtering=%5B%7B%22field"), "{next}");
}

#[test]
fn the_share_of_an_account_is_that_of_its_budget() {
    let share = |is_connected: bool| {
        let mut state = State::demo(1);
        if is_connected {
            connected(&mut state);
        }
        account(&mut state).budget = serde_json::from_value(json!({"since": at(0), "calls": 99})).unwrap();
        let mut engine = Engine::new(state);
        let response = ask(&mut engine, "GET", &format!("/v23.0/{}/phone_numbers", State::ACCOUNT), &Value::Null);
        response.headers()["x-business-use-case-usage"].to_str().unwrap().to_owned()
    };
    assert!(share(false).contains("\"call_count\":50"), "{}", share(false));
    assert!(share(true).contains("\"call_count\":2,"), "{}", share(true));
}
