//! Meta's own description of the API as a witness: its example requests are accepted, and the answers to them are as its
//! schemas want them. It lies beside the checkout; without it this says so and tests nothing.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use http::Request;
use serde_json::{Value, json};
use wa_description::{Description, Excuse, unexcused};
use wa_sim::{Engine, ErrorStyle, NameReview, Number, State, Template};

use common::ask;

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

/// Puts what exists here in the place of what the examples leave open.
fn make_up(value: &mut Value) {
    match value {
        Value::String(text) if text.contains("http(s)://") => *text = "https://lucky-shrub.example/file".to_owned(),
        Value::String(text) if text.ends_with("_OBJECT_ID>") => *text = MEDIA.to_owned(),
        Value::String(text) if text == "<HEADER_TYPE>" => *text = "text".to_owned(),
        Value::Object(members) => members.values_mut().for_each(make_up),
        Value::Array(items) => items.iter_mut().for_each(make_up),
        _ => {}
    }
}

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
    let file =
        json!({"number": State::NUMBER, "mime_type": "image/png", "bytes": "", "created": now, "until": u64::MAX});
    state.media.insert(MEDIA.to_owned(), serde_json::from_value(file).unwrap());
    if let (Some(name), Some(language)) =
        (request["template"]["name"].as_str(), request["template"]["language"]["code"].as_str())
    {
        let templates = &mut state.accounts.get_mut(State::ACCOUNT).unwrap().templates;
        templates.push(Template::new(name, language));
    }
    let number: &mut Number = state.numbers.get_mut(State::NUMBER).unwrap();
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
            if request["to"].as_str().is_some_and(|to| to.starts_with("{{")) {
                request["to"] = "+16505551234".into();
            }
            make_up(&mut request);
            if name == "Send Reply to List Message" && request.get("type").is_none() {
                request["type"] = "interactive".into();
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
    assert!(checked >= 85, "{checked}");
}

/// Files and templates, whose examples cannot be sent as they stand.
#[test]
fn answers_about_files_and_templates_fit_the_schemas() {
    let Some(description) = Description::of_meta() else {
        return;
    };
    let (w, t) = ("{WABA-ID}/message_templates", "{TEMPLATE_ID}");
    let components =
        json!([{"type": "BODY", "text": "Hi {{1}}, our sale is on now", "example": {"body_text": [["Jo"]]}}]);
    let new = json!({"name": "sale", "language": "en_US", "category": "MARKETING", "components": components});
    let mut engine = engine("connected", &Value::Null);
    engine.state_mut().rules.template_review = NameReview::Control;
    let mut template = String::new();
    for (method, path, query, body) in [
        ("POST", w, "", new),
        ("GET", w, "?limit=1", Value::Null),
        ("GET", t, "", Value::Null),
        ("POST", t, "", json!({"components": components})),
        ("GET", "{Media-ID}", "", Value::Null),
        ("DELETE", "{Media-ID}", "", Value::Null),
        ("DELETE", w, "?name=sale", Value::Null),
    ] {
        let address = path.replace("{WABA-ID}", State::ACCOUNT).replace(t, &template).replace("{Media-ID}", MEDIA);
        let response = ask(&mut engine, method, &format!("/v23.0/{address}{query}"), &body);
        let answer: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(response.status(), 200, "{method} {path}: {answer}");
        let complaints = description.check_answer(&format!("{method} /{{Version}}/{path}"), 200, &answer);
        assert!(complaints.is_empty(), "{method} {path}: {complaints:?} {answer}");
        if let (true, Some(id)) = (template.is_empty(), answer["id"].as_str()) {
            id.clone_into(&mut template);
            engine.decide_template(id, "APPROVED", None).unwrap();
        }
    }
}

const MEDIA: &str = "2000";
