//! What the apps are told of the life of a number and its account. The shapes are those of Meta's pages on the fields.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use serde_json::{Value, json};
use wa_sim::{Engine, Quality, Review, State};

use common::*;

fn subscribed() -> Engine {
    let mut state = State::demo(1);
    connected(&mut state);
    state.rules.plain = true;
    account(&mut state).subscriptions.insert(State::APP.to_owned(), None);
    Engine::new(state)
}

/// Field and value of what is due.
fn told(engine: &mut Engine) -> Vec<(String, Value)> {
    let payloads = engine.take_due().into_iter().map(|delivery| serde_json::from_str::<Value>(&delivery.body).unwrap());
    payloads
        .map(|payload| {
            assert_eq!(payload["object"], "whatsapp_business_account");
            assert_eq!(payload["entry"][0]["id"], State::ACCOUNT);
            let change = &payload["entry"][0]["changes"][0];
            (change["field"].as_str().unwrap().to_owned(), change["value"].clone())
        })
        .collect()
}

fn one(engine: &mut Engine, field: &str) -> Value {
    let mut told = told(engine);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, field);
    told.remove(0).1
}

#[test]
fn an_account_that_is_not_accepted_cannot_be_used() {
    let mut engine = subscribed();
    for (review, word) in [
        (Review::Rejected, "REJECTED"),
        (Review::Pending, "PENDING"),
        (Review::Deferred, "DEFERRED"),
        (Review::Approved, "APPROVED"),
    ] {
        engine.decide_account(State::ACCOUNT, review).unwrap();
        assert_eq!(one(&mut engine, "account_review_update"), json!({"decision": word}));
        let status = ask(&mut engine, "POST", &format!("/v23.0/{N}/messages"), &text()).status();
        assert_eq!(status == 200, review == Review::Approved);
        engine.advance(engine.now() + Duration::from_secs(60));
        engine.take_due();
    }
    assert!(engine.decide_account("77", Review::Approved).is_err());
}

#[test]
fn a_verified_business_may_have_twenty_numbers() {
    let mut engine = subscribed();
    engine.verify_business(State::ACCOUNT).unwrap();
    let wanted = json!({
        "max_daily_conversation_per_phone": 250,
        "max_daily_conversations_per_business": 250,
        "max_phone_numbers_per_business": 20,
        "max_phone_numbers_per_waba": 20,
    });
    assert_eq!(one(&mut engine, "business_capability_update"), wanted);
    let mut add = |place: usize| {
        let body = json!({"phone_number": format!("63155510{place:02}"), "cc": "1", "verified_name": "Lucky Shrub"});
        ask(&mut engine, "POST", &format!("/v23.0/{}/phone_numbers", State::ACCOUNT), &body).status()
    };
    assert!((0..19).all(|place| add(place) == 200));
    assert_eq!(add(19), 403);
}

#[test]
fn a_restriction_holds_until_its_end() {
    let mut engine = subscribed();
    let until = engine.now() + Duration::from_secs(3_600);
    let action = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING";
    engine.restrict_account(State::ACCOUNT, action, until).unwrap();
    let wanted = json!({
        "event": "ACCOUNT_RESTRICTION",
        "restriction_info": [{"restriction_type": action, "expiration": until.as_secs()}],
    });
    assert_eq!(one(&mut engine, "account_update"), wanted);
    assert_eq!(ask(&mut engine, "POST", &format!("/v23.0/{N}/messages"), &text()).status(), 403);
    engine.advance(until);
    assert_eq!(ask(&mut engine, "POST", &format!("/v23.0/{N}/messages"), &text()).status(), 200);
}

#[test]
fn account_updates_name_the_number() {
    let mut engine = subscribed();
    engine.report_violation(N, "SCAM").unwrap();
    let wanted = json!({
        "phone_number": "15550783881", "event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SCAM"},
    });
    assert_eq!(one(&mut engine, "account_update"), wanted);

    assert!(engine.decide_official(N, true).is_err(), "it has not applied");
    let body = json!({"action": "SUBMIT_APPLICATION", "application_data": {"business_name": "Lucky Shrub"}});
    ask(&mut engine, "POST", &format!("/v23.0/{N}/official_business_account"), &body);
    engine.decide_official(N, true).unwrap();
    let wanted = json!({"phone_number": "15550783881", "event": "VERIFIED_ACCOUNT"});
    assert_eq!(one(&mut engine, "account_update"), wanted);
    assert_eq!(engine.state().numbers[N].official.status, "APPROVED");

    engine.ban_account(State::ACCOUNT, true).unwrap();
    let value = one(&mut engine, "account_update");
    assert_eq!((&value["event"], &value["ban_info"]["waba_ban_state"]), (&json!("DISABLED_UPDATE"), &json!("DISABLE")));
}

#[test]
fn quality_updates_have_their_causes() {
    let mut engine = subscribed();
    let update = |event: &str, limit: &str| {
        json!({
            "display_phone_number": "15550783881", "event": event,
            "current_limit": limit, "max_daily_conversations_per_business": limit,
        })
    };
    let field = "phone_number_quality_update";
    engine.set_quality(N, Quality::Red).unwrap();
    assert_eq!(one(&mut engine, field), update("FLAGGED", "TIER_250"));
    engine.set_quality(N, Quality::Green).unwrap();
    assert_eq!(one(&mut engine, field), update("UNFLAGGED", "TIER_250"));
    for (limit, event, old) in [("TIER_10K", "UPGRADE", "TIER_250"), ("TIER_2K", "DOWNGRADE", "TIER_10K")] {
        engine.set_limit(N, limit).unwrap();
        let mut wanted = update(event, limit);
        wanted["old_limit"] = old.into();
        assert_eq!(one(&mut engine, field), wanted);
    }
    engine.set_limit(N, "TIER_2K").unwrap();
    assert_eq!(told(&mut engine), []);
    assert!(engine.set_limit(N, "TIER_9").is_err());

    engine.upgrade_throughput(N).unwrap();
    assert_eq!(ask(&mut engine, "POST", &format!("/v23.0/{N}/messages"), &text()).status(), 500);
    engine.advance(engine.now() + Duration::from_secs(60));
    assert_eq!(one(&mut engine, field), update("THROUGHPUT_UPGRADE", "TIER_UNLIMITED"));
    assert!(engine.state().numbers[N].high_throughput);

    // Registering again after that is no upgrade.
    ask(&mut engine, "POST", &format!("/v23.0/{N}/deregister"), &Value::Null);
    assert_eq!(one(&mut engine, "account_update")["event"], "ACCOUNT_DELETED");
    engine.advance(engine.now() + Duration::from_secs(300));
    ask(&mut engine, "POST", &format!("/v23.0/{N}/register"), &register());
    assert_eq!(one(&mut engine, field), update("ONBOARDING", "TIER_2K"));
}

#[test]
fn only_what_happens_in_whatsapp_manager_is_told_of_a_pin() {
    let mut engine = subscribed();
    ask(&mut engine, "POST", &format!("/v23.0/{N}"), &json!({"pin": "000000"}));
    assert_eq!(told(&mut engine), []);
    engine.change_pin(N, "111111").unwrap();
    assert_eq!(one(&mut engine, "security")["event"], "PIN_CHANGED");
    assert_eq!(engine.state().numbers[N].pin.value.as_deref(), Some("111111"));
    assert!(engine.change_pin(N, "11111").is_err());
    engine.request_pin_reset(N).unwrap();
    let value = one(&mut engine, "security");
    assert!(value["event"] == "PIN_RESET_REQUEST" && value["requester"].is_string(), "{value}");
    engine.switch_pin_off(N).unwrap();
    assert_eq!(one(&mut engine, "security")["event"], "PIN_REQUEST_SUCCESS");
}

#[test]
fn a_deleted_number_is_gone() {
    let mut engine = subscribed();
    engine.delete_number(N).unwrap();
    assert_eq!(ask(&mut engine, "GET", &format!("/v23.0/{N}"), &Value::Null).status(), 400);
    let list = ask(&mut engine, "GET", &format!("/v23.0/{}/phone_numbers", State::ACCOUNT), &Value::Null);
    assert_eq!(serde_json::from_slice::<Value>(list.body()).unwrap(), json!({"data": []}));
}

#[test]
fn a_delivery_that_was_settled_is_not_taken_again() {
    let mut engine = subscribed();
    engine.report_violation(N, "SCAM").unwrap();
    let id = engine.take_due()[0].id;
    engine.settle(id, false);
    engine.advance(engine.now() + Duration::from_secs(1));
    engine.settle(id, false);
    engine.advance(engine.now() + Duration::from_secs(3_600));
    assert_eq!(engine.take_due().len(), 1);
    engine.settle(id, true);
    engine.advance(engine.now() + Duration::from_secs(3_600));
    assert_eq!(engine.take_due(), []);

    // What is put into the state by hand counts too, and so does what a snapshot holds.
    engine.state_mut().webhooks.deliveries.get_mut(&id).unwrap().state = wa_sim::DeliveryState::Waiting;
    let mut restored = Engine::new(State::from_json(&engine.state().to_json().to_string()).unwrap());
    assert_eq!((engine.take_due().len(), restored.take_due().len()), (1, 1));
}
