//! Whatever is asked in whatever order, every answer is as Meta's description has it: success and error.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::{cell::RefCell, collections::BTreeSet};

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use wa_description::{Description, Excuse};
use wa_sim::{Engine, ErrorStyle, Operation, Quality, Review, State, Time};

use common::*;

/// The operations by the names of the journal, and where the description has them.
const OPERATIONS: &[(&str, &str)] = &[
    ("number.register", "POST /{Version}/{Phone-Number-ID}/register"),
    ("number.deregister", "POST /{Version}/{Phone-Number-ID}/deregister"),
    ("number.request_code", "POST /{Version}/{Phone-Number-ID}/request_code"),
    ("number.verify_code", "POST /{Version}/{Phone-Number-ID}/verify_code"),
    ("number.read", "GET /{Version}/{Phone-Number-ID}"),
    ("number.update", "POST /{Version}/{Phone-Number-ID}"),
    ("number.read_settings", "GET /{Version}/{Phone-Number-ID}/settings"),
    ("number.set_settings", "POST /{Version}/{Phone-Number-ID}/settings"),
    ("number.set_automation", "POST /{Version}/{Phone-Number-ID}/conversational_automation"),
    ("number.read_official", "GET /{Version}/{Phone-Number-ID}/official_business_account"),
    ("number.apply_official", "POST /{Version}/{Phone-Number-ID}/official_business_account"),
    ("number.read_profile", "GET /{Version}/{Phone-Number-ID}/whatsapp_business_profile"),
    ("number.update_profile", "POST /{Version}/{Phone-Number-ID}/whatsapp_business_profile"),
    ("message.send", "POST /{Version}/{Phone-Number-ID}/messages"),
    ("message.mark_read", "POST /{Version}/{Phone-Number-ID}/messages"),
    ("account.list_numbers", "GET /{Version}/{WABA-ID}/phone_numbers"),
    ("account.add_number", "POST /{Version}/{WABA-ID}/phone_numbers"),
    ("account.subscribe", "POST /{Version}/{WABA-ID}/subscribed_apps"),
    ("account.list_subscriptions", "GET /{Version}/{WABA-ID}/subscribed_apps"),
    ("account.unsubscribe", "DELETE /{Version}/{WABA-ID}/subscribed_apps"),
];

fn operation(name: &str) -> Operation {
    serde_json::from_value(name.into()).unwrap()
}

/// An operation whose errors have the shape of all others.
const ERRORS: &str = "POST /{Version}/{Phone-Number-ID}/register";

/// Answers that the description has no schema for, by operation and status. Their shape is that of its other errors.
const UNDESCRIBED: &[(&str, u16, &str)] = &[
    ("number.read_settings", 401, "only 400 and 403 are described for settings"),
    ("number.read_settings", 429, "only 400 and 403 are described for settings"),
    ("number.read_settings", 500, "only 400 and 403 are described for settings"),
    ("number.set_settings", 401, "only 400 and 403 are described for settings"),
    ("number.set_settings", 429, "only 400 and 403 are described for settings"),
    ("number.set_settings", 500, "only 400 and 403 are described for settings"),
    ("message.send", 400, "no error is described for messages"),
    ("message.send", 401, "no error is described for messages"),
    ("message.send", 403, "no error is described for messages"),
    ("message.send", 422, "no error is described for messages"),
    ("message.send", 500, "no error is described for messages"),
    ("message.mark_read", 401, "no error is described for messages"),
    ("message.mark_read", 403, "no error is described for messages"),
    ("message.mark_read", 422, "no error is described for messages"),
    ("message.mark_read", 429, "no error is described for messages"),
    ("message.mark_read", 500, "no error is described for messages"),
];

/// What its schemas refuse, by operation and status, and why ours stays as it is.
const EXCUSES: &[(&str, u16, Excuse)] = &[
    (
        "number.read_official",
        200,
        Excuse::new(
            "answer /oba_status: \"NOT_STARTED\" is not one of",
            "no word there for a number that never applied",
        ),
    ),
    (
        "account.list_numbers",
        200,
        Excuse::new(
            "answer /data/*/code_verification_status: \"NOT_VERIFIED\" is not one of",
            "the words of the list are WhatsAppCodeVerificationStatus_1, which lost its reference",
        ),
    ),
];

fn requests() -> Vec<(&'static str, String, Value)> {
    let fields = "id,display_phone_number,verified_name,status,code_verification_status,name_status,new_name_status,\
                  unified_cert_status,quality_rating,platform_type,host_platform,messaging_limit_tier,throughput,\
                  account_mode,is_pin_enabled,is_official_business_account,health_status,last_onboarded_time,\
                  country_code,country_dial_code,username,search_visibility,webhook_configuration,\
                  conversational_automation,official_business_account";
    let storage = |setting: Value| json!({"storage_configuration": setting});
    let sip = json!({"status": "ENABLED", "servers": [{"hostname": "sip.lucky-shrub.example", "port": 5061}]});
    let lines = [
        ("POST {n}/register", register()),
        ("POST {n}/register", json!({"messaging_product": "whatsapp", "pin": "654321"})),
        ("POST {n}/register", migrate()),
        ("POST {n}/register", json!({"messaging_product": "whatsapp", "pin": 1})),
        ("POST {n}/deregister", Value::Null),
        ("POST {n}/request_code", code()),
        ("POST {n}/request_code", json!({"code_method": "SMS"})),
        ("POST {n}/verify_code", json!({"code": "right"})),
        ("POST {n}/verify_code", json!({"code": "000000"})),
        ("POST {n}/verify_code", json!("no object")),
        ("GET {n}", Value::Null),
        ("GET {n}?fields={f}", Value::Null),
        ("GET {n}?fields=nickname", Value::Null),
        ("GET 77", Value::Null),
        ("POST {n}", json!({"pin": "123456"})),
        ("POST {n}", json!({"new_display_name": "Luckier Shrub", "username": "shrub", "search_visibility": "HIDDEN"})),
        ("POST {n}", json!({"webhook_configuration": {"override_callback_uri": "https://shrub.example"}})),
        ("POST {n}", json!({"connection_status": "CONNECTED", "webhook_url": "https://shrub.example"})),
        ("GET {n}/settings", Value::Null),
        ("GET {n}/settings?include_sip_credentials=true", Value::Null),
        ("POST {n}/settings", json!({"calling": {"status": "ENABLED", "call_icon_visibility": "DISABLE_ALL"}})),
        ("POST {n}/settings", json!({"calling": {"status": "disabled", "callback_permission_status": "ENABLED"}})),
        ("POST {n}/settings", json!({"calling": {"sip": sip}})),
        ("POST {n}/settings", json!({"calling": {"call_hours": {"status": "DISABLED"}}})),
        ("POST {n}/settings", json!({"payload_encryption": {"status": "enabled", "client_encryption_key": "k"}})),
        ("POST {n}/settings", json!({"user_identity_change": {"enable_identity_key_check": true}})),
        ("POST {n}/settings", storage(json!({"enabled": true, "region": "ch"}))),
        ("POST {n}/settings", storage(json!({"status": "NO_STORAGE_ENABLED", "retention_minutes": 60}))),
        ("POST {n}/settings", json!({})),
        ("POST {n}/conversational_automation", json!({"prompts": ["a"], "enable_welcome_message": true})),
        ("POST {n}/conversational_automation", json!({"prompts": [1]})),
        ("GET {n}/official_business_account", Value::Null),
        (
            "POST {n}/official_business_account",
            json!({"action": "SUBMIT_APPLICATION", "application_data": {"business_name": "Shrub"}}),
        ),
        ("POST {n}/official_business_account", json!({"action": "WITHDRAW_APPLICATION"})),
        ("GET {n}/whatsapp_business_profile", Value::Null),
        ("GET {n}/whatsapp_business_profile?fields=about", Value::Null),
        (
            "POST {n}/whatsapp_business_profile",
            json!({"messaging_product": "whatsapp", "about": "x", "email": "a@b.example", "websites": ["https://shrub.example"], "vertical": "RETAIL", "profile_picture_handle": "4:x"}),
        ),
        ("POST {n}/whatsapp_business_profile", json!({"messaging_product": "whatsapp", "email": "x"})),
        ("POST {n}/messages", text()),
        (
            "POST {n}/messages",
            json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "template", "template": {"name": "x"}}),
        ),
        ("POST {n}/messages", json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.x"})),
        ("POST {n}/messages", json!({"messaging_product": "whatsapp", "to": "x"})),
        ("POST {n}/messages", template("hello_world", "en_US")),
        (
            "POST {n}/messages",
            json!({"messaging_product": "whatsapp", "to": "16505551234", "type": "interactive", "interactive":
                {"type": "location_request_message", "body": {"text": "Where?"}, "action": {"name": "send_location"}}}),
        ),
        (
            "POST {n}/messages",
            json!({"messaging_product": "whatsapp", "recipient": "US.5078305947787180198", "type": "reaction",
                "reaction": {"message_id": "wamid.x", "emoji": "x"}}),
        ),
        (
            "POST {n}/messages",
            json!({"messaging_product": "whatsapp", "to": "16505551234", "type": "image", "image": {"id": "77"}}),
        ),
        ("GET {w}/phone_numbers", Value::Null),
        ("GET {w}/phone_numbers?limit=1&fields={f}", Value::Null),
        ("GET {w}/phone_numbers?limit=0", Value::Null),
        ("POST {w}/phone_numbers", json!({"phone_number": "6315551000", "cc": "1", "verified_name": "A Name"})),
        ("POST {w}/phone_numbers", json!({"phone_number": "x", "verified_name": "A Name"})),
        ("GET {w}/subscribed_apps", Value::Null),
        ("POST {w}/subscribed_apps", Value::Null),
        ("POST {w}/subscribed_apps", json!({"override_callback_uri": "https://shrub.example", "verify_token": "x"})),
        ("POST {w}/subscribed_apps", json!({"override_callback_uri": "nowhere"})),
        ("DELETE {w}/subscribed_apps", Value::Null),
    ];
    let fill = |path: &str| path.replace("{n}", N).replace("{w}", State::ACCOUNT).replace("{f}", fields);
    let split = |line: &'static str| line.split_once(' ').unwrap();
    lines.map(|(line, body)| (split(line).0, format!("/v23.0/{}", fill(split(line).1)), body)).into()
}

/// What happens between requests.
fn change(state: &mut Engine, place: usize) {
    let n = |engine: &mut Engine| engine.state_mut().numbers.get_mut(N).unwrap().clone();
    let mut number = n(state);
    let now = state.now();
    match place {
        0 => number.attached_elsewhere = !number.attached_elsewhere,
        1 => number.on_premises.get_or_insert_default().is_running = true,
        2 => number.maintenance_until = Some(now + std::time::Duration::from_secs(60)),
        3 => number.on_business_app = !number.on_business_app,
        4 => number.quality = if number.quality == Quality::Red { Quality::Green } else { Quality::Red },
        5 => number.name_status = "DECLINED".to_owned(),
        6 => number.name_status = "APPROVED".to_owned(),
        7 => number.allowed_recipients = if number.allowed_recipients.is_some() { None } else { Some([].into()) },
        8 => number.official.status = "APPROVED".to_owned(),
        9 => number.official.status = "REJECTED".to_owned(),
        _ => {}
    }
    state.state_mut().numbers.insert(N.to_owned(), number);
    let rules = state.state().rules.clone();
    let known = state.state_mut();
    match place {
        10 => account(known).is_locked = !account(known).is_locked,
        11 => {
            account(known).review =
                if account(known).review == Review::Approved { Review::Pending } else { Review::Approved }
        }
        12 => account(known).may_store_nothing = true,
        13 => account(known).is_verified = true,
        14 => known.outage_until = Some(now + std::time::Duration::from_secs(60)),
        15 => known.rules.register_again_is_refused = !rules.register_again_is_refused,
        16 => known.rules.app_calls = if rules.app_calls == 0 { 10_000 } else { 0 },
        17 => token(known).expires = if token(known).expires.is_some() { None } else { Some(now) },
        18 => token(known).permissions.retain(|permission| permission.ends_with("management")),
        19 => token(known).permissions = ["whatsapp_business_messaging".to_owned()].into(),
        20 => *token(known) = wa_sim::Token::new(State::APP),
        21 => {
            known.numbers.insert("7".into(), wa_sim::Number::new(State::ACCOUNT, "1", "16315551001"));
        }
        // Nothing to decide is no fault of the test.
        22 => _ = state.decide_name(N, true),
        _ => {}
    }
}

#[test]
fn every_answer_fits_its_schema() {
    let Some(description) = Description::of_meta() else {
        return;
    };
    let requests = requests();
    let (undescribed, used) = (RefCell::new(BTreeSet::new()), RefCell::new(BTreeSet::new()));
    let seen = RefCell::new(BTreeSet::new());
    let check = |engine: &Engine, status: u16, answer: &Value| {
        let entry = engine.journal().entries().next_back().unwrap();
        let (name, described) = *OPERATIONS.iter().find(|known| entry.is_of(operation(known.0))).unwrap();
        seen.borrow_mut().insert((name, status));
        let mut complaints = description.check_answer(described, status, answer);
        if complaints.iter().any(|complaint| complaint.place.starts_with("status")) {
            undescribed.borrow_mut().insert((name, status));
            complaints = description.check_answer(ERRORS, 400, answer);
        }
        for complaint in complaints {
            let is_known =
                |(of, at, excuse): &(&str, u16, Excuse)| (*of, *at) == (name, status) && excuse.covers(&complaint);
            let known = EXCUSES.iter().position(is_known);
            used.borrow_mut().insert(known.unwrap_or_else(|| panic!("{name} {status}: {complaint} {answer}")));
        }
    };

    let step = (
        0..requests.len(),
        prop::option::weighted(0.15, 0..23_usize),
        prop_oneof![8 => 0..2_000_u64, 1 => 0..80 * HOUR],
    );
    let strategy = (any::<u64>(), any::<bool>(), prop::collection::vec(step, 1..80));
    let config = ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(
        config.clone(),
        proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm),
    );
    runner
        .run(&strategy, |(seed, starts_connected, steps)| {
            let mut state = State::demo(seed);
            (state.rules.error_style, state.rules.plain) = (ErrorStyle::Description, true);
            if starts_connected {
                connected(&mut state);
            }
            let mut engine = Engine::new(state);
            for (place, changed, wait) in steps {
                if let Some(changed) = changed {
                    change(&mut engine, changed);
                }
                let (method, path, body) = &requests[place];
                let mut body = body.clone();
                if body["code"] == "right" {
                    body["code"] = engine.sent_code(N).unwrap_or("111111").into();
                }
                let response = ask(&mut engine, method, path, &body);
                let answer: Value = serde_json::from_slice(response.body()).unwrap();
                check(&engine, response.status().as_u16(), &answer);
                engine.advance(Time::from_millis(engine.now().as_millis() + wait));
            }
            Ok(())
        })
        .unwrap();
    let known: BTreeSet<_> = UNDESCRIBED.iter().map(|known| (known.0, known.1)).collect();
    assert_eq!(undescribed.into_inner(), known);
    assert!(used.into_inner().into_iter().eq(0..EXCUSES.len()), "an excuse is not needed any more");
    let seen = seen.into_inner();
    for (name, ..) in OPERATIONS {
        assert!(seen.contains(&(*name, 200)), "{name} never succeeds");
    }
    assert!(seen.len() > 90, "{} kinds of answers", seen.len());
}
