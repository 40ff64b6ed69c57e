//! Meta's own description of the API as a witness: its example requests are accepted, and the answers to them are as its
//! schemas want them. It lies beside the checkout; without it this says so and tests nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use http::Request;
use serde_json::{Value, json};
use wa_sim::{Engine, ErrorStyle, Number, State};

use common::description::{document, resolve, validator};

/// The operations, each with what the number must be for the call to work.
const OPERATIONS: &[(&str, &str)] = &[
    ("post /{Phone-Number-ID}/register", "verified"),
    ("post /{Phone-Number-ID}/deregister", "connected"),
    ("post /{Phone-Number-ID}/request_code", "new"),
    ("post /{Phone-Number-ID}/verify_code", "asked"),
    ("get /{Phone-Number-ID}", "connected"),
    ("post /{Phone-Number-ID}", "connected"),
    ("get /{Phone-Number-ID}/settings", "connected"),
    ("post /{Phone-Number-ID}/settings", "verified"),
    ("post /{Phone-Number-ID}/conversational_automation", "connected"),
    ("get /{Phone-Number-ID}/whatsapp_business_profile", "connected"),
    ("post /{Phone-Number-ID}/whatsapp_business_profile", "connected"),
    ("get /{Phone-Number-ID}/official_business_account", "connected"),
    ("post /{Phone-Number-ID}/official_business_account", "connected"),
    ("get /{WABA-ID}/phone_numbers", "connected"),
    ("post /{WABA-ID}/phone_numbers", "connected"),
    ("get /{WABA-ID}/subscribed_apps", "connected"),
    ("post /{WABA-ID}/subscribed_apps", "connected"),
    ("delete /{WABA-ID}/subscribed_apps", "connected"),
    ("post /{Phone-Number-ID}/messages", "connected"),
];

/// Answers that its schemas refuse, and why ours stay as they are.
const DEFECTS: &[(&str, &str)] =
    &[("get /{Phone-Number-ID}/official_business_account", "no word there for a number that never applied")];

fn engine(condition: &str, request: &Value) -> Engine {
    let mut state = State::demo(1);
    state.rules.error_style = ErrorStyle::Description;
    state.rules.plain = true;
    // The description still gives register a region, and an address for webhooks before there is a subscription.
    state.rules.strict_region = false;
    state.accounts.get_mut(State::ACCOUNT).unwrap().subscriptions.insert(State::APP.to_owned(), None);
    let now = state.now;
    let number: &mut Number = state.numbers.get_mut(State::NUMBER).unwrap();
    match condition {
        "new" => {}
        "asked" => {
            let sent = json!({"code": request["code"], "until": now.as_millis() + 1, "guesses": 0});
            number.code.sent = Some(serde_json::from_value(sent).unwrap());
        }
        _ => number.code.verified_at = Some(now),
    }
    if condition == "connected" {
        number.connected_at = Some(now);
    }
    // The example asks again, or withdraws, what must have been asked for before.
    number.official.status = match request["action"].as_str() {
        Some("WITHDRAW_APPLICATION") => "PENDING",
        Some("RESUBMIT_APPLICATION") => "REJECTED",
        _ => "",
    }
    .to_owned();
    Engine::new(state)
}

fn examples(document: &Value, operation: &Value) -> Vec<(String, Value)> {
    let content = &resolve(document, &operation["requestBody"])["content"]["application/json"];
    let mut found: Vec<_> = content["examples"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, example)| (name.clone(), resolve(document, example)["value"].clone()))
        .collect();
    if let Some(example) = content.get("example") {
        found.push(("example".to_owned(), example.clone()));
    }
    if found.is_empty() {
        found.push(("no body".to_owned(), Value::Null));
    }
    found
}

#[test]
fn example_requests_are_accepted_and_the_answers_fit_the_schemas() {
    let Some(document) = document() else {
        return;
    };
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (line, condition) in OPERATIONS {
        let (method, path) = line.split_once(' ').unwrap();
        let path = format!("/{{Version}}{path}");
        let operation = &document["paths"][&path][method];
        assert!(operation.is_object(), "{line}");
        let address = path
            .replace("{Version}", "v23.0")
            .replace("{Phone-Number-ID}", State::NUMBER)
            .replace("{WABA-ID}", State::ACCOUNT);
        let validator = validator(&document, &path, method, "200").unwrap();

        let mut has_defect = false;
        for (name, mut request) in examples(&document, operation) {
            if request["to"] == "{{Recipient-Phone-Number}}" {
                request["to"] = "+16505551234".into();
            }
            // Messages of other kinds have words of their own, which are not a number's life.
            if path.ends_with("/messages") && request["type"] != "text" {
                continue;
            }
            let mut engine = engine(condition, &request);
            let http = Request::builder()
                .method(&*method.to_uppercase())
                .uri(&*address)
                .header("authorization", format!("Bearer {}", State::TOKEN))
                .header("content-type", "application/json")
                .body(if request.is_null() { String::new() } else { request.to_string() })
                .unwrap();
            let now = engine.now();
            let response = engine.handle(&http, now).response;
            let answer: Value = serde_json::from_slice(response.body()).unwrap();
            checked += 1;
            if response.status() != 200 {
                wrong.push(format!("{line}, {name}: refused: {answer} {request}"));
            }
            let faults: Vec<_> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
            has_defect |= !faults.is_empty();
            if !faults.is_empty() && !DEFECTS.iter().any(|(known, _)| known == line) {
                wrong.push(format!("{line}, {name}: {faults:?} {answer}"));
            }
        }
        if !has_defect && DEFECTS.iter().any(|(known, _)| known == line) {
            wrong.push(format!("{line}: fits after all"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(checked >= 35, "{checked}");
}
