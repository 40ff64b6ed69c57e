//! Meta's own description of the API as a witness: its example requests are accepted, and the answers to them are as its
//! schemas want them. It lies beside the checkout; without it this says so and tests nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use http::Request;
use serde_json::{Value, json};
use wa_description::{Description, Excuse, unexcused};
use wa_sim::{Engine, ErrorStyle, Number, State};

/// The operations, each with what the number must be for the call to work.
const OPERATIONS: &[(&str, &str)] = &[
    ("POST /{Version}/{Phone-Number-ID}/register", "verified"),
    ("POST /{Version}/{Phone-Number-ID}/deregister", "connected"),
    ("POST /{Version}/{Phone-Number-ID}/request_code", "new"),
    ("POST /{Version}/{Phone-Number-ID}/verify_code", "asked"),
    ("GET /{Version}/{Phone-Number-ID}", "connected"),
    ("POST /{Version}/{Phone-Number-ID}", "connected"),
    ("GET /{Version}/{Phone-Number-ID}/settings", "connected"),
    ("POST /{Version}/{Phone-Number-ID}/settings", "verified"),
    ("POST /{Version}/{Phone-Number-ID}/conversational_automation", "connected"),
    ("GET /{Version}/{Phone-Number-ID}/whatsapp_business_profile", "connected"),
    ("POST /{Version}/{Phone-Number-ID}/whatsapp_business_profile", "connected"),
    ("GET /{Version}/{Phone-Number-ID}/official_business_account", "connected"),
    ("POST /{Version}/{Phone-Number-ID}/official_business_account", "connected"),
    ("GET /{Version}/{WABA-ID}/phone_numbers", "connected"),
    ("POST /{Version}/{WABA-ID}/phone_numbers", "connected"),
    ("GET /{Version}/{WABA-ID}/subscribed_apps", "connected"),
    ("POST /{Version}/{WABA-ID}/subscribed_apps", "connected"),
    ("DELETE /{Version}/{WABA-ID}/subscribed_apps", "connected"),
    ("POST /{Version}/{Phone-Number-ID}/messages", "connected"),
];

/// What its schemas refuse of our answers, by operation.
const EXCUSES: &[(&str, Excuse)] = &[(
    "GET /{Version}/{Phone-Number-ID}/official_business_account",
    Excuse::new("answer /oba_status: \"NOT_STARTED\" is not one of", "no word there for a number that never applied"),
)];

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

#[test]
fn example_requests_are_accepted_and_the_answers_fit_the_schemas() {
    let Some(description) = Description::of_meta() else {
        return;
    };
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (operation, condition) in OPERATIONS {
        let (method, path) = operation.split_once(' ').unwrap();
        let address = path
            .replace("{Version}", "v23.0")
            .replace("{Phone-Number-ID}", State::NUMBER)
            .replace("{WABA-ID}", State::ACCOUNT);
        let examples = description.example_requests(operation);
        let mut examples: Vec<_> = examples.into_iter().map(|example| (example.name, example.value)).collect();
        if examples.is_empty() {
            examples.push(("no body".to_owned(), Value::Null));
        }

        let mut complaints = Vec::new();
        for (name, mut request) in examples {
            if request["to"] == "{{Recipient-Phone-Number}}" {
                request["to"] = "+16505551234".into();
            }
            // Messages of other kinds have words of their own, which are not a number's life.
            if path.ends_with("/messages") && request["type"] != "text" {
                continue;
            }
            let mut engine = engine(condition, &request);
            let http = Request::builder()
                .method(method)
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
                wrong.push(format!("{operation}, {name}: refused: {answer} {request}"));
            }
            complaints.extend(description.check_answer(operation, response.status().as_u16(), &answer));
        }
        let excuses = EXCUSES.iter().filter(|(of, _)| of == operation);
        let excuses: Vec<_> = excuses.map(|(_, excuse)| *excuse).collect();
        wrong.extend(unexcused(&complaints, &excuses).into_iter().map(|left| format!("{operation}: {left}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(checked >= 35, "{checked}");
}
