//! Whatever comes in, something sensible goes out.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use http::Request;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use wa_sim::{Engine, NameReview, State};

use common::*;

/// Words that mean something somewhere, so that more than the first check is reached.
const WORDS: &[&str] = &[
    "type",
    "text",
    "body",
    "name",
    "id",
    "link",
    "action",
    "buttons",
    "reply",
    "title",
    "sections",
    "rows",
    "parameters",
    "cards",
    "components",
    "language",
    "code",
    "header",
    "format",
    "example",
    "body_text",
    "url",
    "index",
    "sub_type",
    "button",
    "list",
    "flow",
    "carousel",
    "template",
    "interactive",
    "image",
    "BODY",
    "HEADER",
    "BUTTONS",
    "CAROUSEL",
    "TEXT",
    "URL",
    "OTP",
    "en_US",
    "hello_world",
    "{{1}}",
    "{{",
    "}}",
    "ü",
    "",
    "data",
    "context",
    "message_id",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<String>()]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => word().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn engine() -> Engine {
    let mut state = State::demo(1);
    connected(&mut state);
    state.rules.template_review = NameReview::Control;
    state.rules.call_budget = false;
    account(&mut state).subscriptions.insert(State::APP.to_owned(), None);
    Engine::new(state)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn messages_and_templates_of_any_shape_are_answered(
        kind in prop::sample::select(&["image", "contacts", "interactive", "template", "location", "reaction"][..]),
        content in value(),
        components in value(),
        inbound in value(),
    ) {
        let mut engine = engine();
        engine.receive_text(N, "16505551234", "hello").unwrap();
        let message = json!({"messaging_product": "whatsapp", "to": "16505551234", "type": kind, kind: content});
        let status = ask(&mut engine, "POST", &format!("/v25.0/{N}/messages"), &message).status();
        prop_assert!([200, 400, 404].contains(&status.as_u16()), "{status}");
        let path = format!("/v25.0/{}/message_templates", State::ACCOUNT);
        for category in ["MARKETING", "AUTHENTICATION"] {
            let template = json!({"name": "a", "language": "en_US", "category": category, "components": components});
            let status = ask(&mut engine, "POST", &path, &template).status();
            prop_assert!([200, 400].contains(&status.as_u16()), "{status}");
        }
        // What was taken can be shown, and sent with any parameters.
        prop_assert_eq!(ask(&mut engine, "GET", &path, &Value::Null).status(), 200);
        let mut members: Map<String, Value> = inbound.as_object().cloned().unwrap_or_default();
        members.insert("type".to_owned(), kind.into());
        members.insert(kind.to_owned(), content);
        let _ = engine.receive_message(N, "16505551234", &members);
        engine.advance(engine.now() + std::time::Duration::from_secs(100));
        let copy = State::from_json(&engine.state().to_json().to_string()).unwrap();
        prop_assert_eq!(&copy, engine.state());
    }

    #[test]
    fn forms_and_uploads_of_any_bytes_are_answered(
        pieces in prop::collection::vec(prop_oneof![
            prop::sample::select(&["--b", "\r\n", "--b--", "Content-Disposition: form-data; name=\"file\"; filename=\"a\"",
                "Content-Type: image/png", "content-disposition: form-data; name=messaging_product", "whatsapp", "\"", "\\", ";", "\r\n\r\n"][..])
                .prop_map(|text| text.as_bytes().to_vec()),
            prop::collection::vec(any::<u8>(), 0..20),
        ], 0..24),
        path in prop::sample::select(&["106540352242922/media", "upload:x", "upload:x?sig=a", "2000", "634974688087057/uploads?file_length=9", "message_template_library"][..]),
        offset in any::<u8>(),
    ) {
        let mut engine = engine();
        let request = Request::post(format!("/v25.0/{path}"))
            .header("authorization", format!("Bearer {}", State::TOKEN))
            .header("content-type", "multipart/form-data; boundary=b")
            .header("file_offset", u32::from(offset))
            .body(pieces.concat())
            .unwrap();
        let now = engine.now();
        let status = engine.handle(&request, now).response.status();
        prop_assert!([200, 400, 501].contains(&status.as_u16()), "{status}");
    }
}
