//! What the apps are told of messages and templates, read by the client: two readings of Meta's pages that know nothing
//! of each other.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use wa_core::{
    types::AppSecret,
    webhook::{Change, Unverified, Verifier},
};
use wa_sim::{Engine, NameReview, State, UserIds};

use common::*;

const PERSON: &str = "16505551234";

/// Reads all that the apps are told, and says of which fields.
fn read(engine: &mut Engine) -> BTreeSet<String> {
    let verifier = Verifier::new(&AppSecret::new("app-secret").unwrap());
    let mut fields = BTreeSet::new();
    for delivery in engine.take_due() {
        let signed = Unverified::new(Some(delivery.signature.as_bytes()), delivery.body.as_bytes());
        for event in signed.verify(&verifier).unwrap().events().unwrap() {
            let is_known = !matches!(event.change, Change::Other | Change::Unreadable);
            assert!(is_known, "{}: {:?}", delivery.body, event.change);
        }
        fields.insert(delivery.field);
    }
    fields
}

#[test]
fn the_client_reads_all_that_is_told() {
    for user_ids in [UserIds::Absent, UserIds::Beside, UserIds::Only] {
        let mut state = State::demo(1);
        connected(&mut state);
        state.rules.plain = true;
        state.rules.user_ids = user_ids;
        state.rules.template_review = NameReview::Control;
        account(&mut state).subscriptions.insert(State::APP.to_owned(), None);
        let mut engine = Engine::new(state);

        let button = json!({"type": "button_reply", "button_reply": {"id": "a", "title": "A"}});
        let row = json!({"type": "list_reply", "list_reply": {"id": "1", "title": "A", "description": "d"}});
        let form = json!({"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{}"}});
        let item = json!({"product_retailer_id": "a", "quantity": 2, "item_price": 30, "currency": "USD"});
        let changed = json!({"body": "b", "type": "user_changed_number", "wa_id": "16505551235"});
        for (kind, content) in [
            ("text", json!({"body": "hello"})),
            ("image", json!({"caption": "c"})),
            ("audio", json!({})),
            ("video", json!({})),
            ("document", json!({"filename": "a.pdf"})),
            ("sticker", json!({})),
            ("location", json!({"latitude": 1.5, "longitude": 2.5, "name": "n"})),
            ("contacts", json!([{"name": {"formatted_name": "B", "first_name": "B"}, "phones": [{"phone": "+1"}]}])),
            ("reaction", json!({"message_id": "wamid.x", "emoji": "👍"})),
            ("button", json!({"text": "No", "payload": "n"})),
            ("interactive", button),
            ("interactive", row),
            ("interactive", form),
            ("order", json!({"catalog_id": "1", "product_items": [item]})),
            ("unsupported", Value::Null),
            ("system", changed),
        ] {
            let message = json!({"type": kind, kind: content, "context": {"id": "wamid.y"}});
            engine.receive_message(N, PERSON, message.as_object().unwrap()).unwrap();
            assert_eq!(read(&mut engine), ["messages".to_owned()].into(), "{kind}");
        }
        engine.receive_call(N, PERSON).unwrap();
        assert_eq!(read(&mut engine), ["calls".to_owned()].into());

        for body in [text(), template("hello_world", "en_US")] {
            ask(&mut engine, "POST", &format!("/v25.0/{N}/messages"), &body);
            engine.advance(engine.now() + Duration::from_secs(60));
            assert_eq!(read(&mut engine), ["messages".to_owned()].into());
        }
        let fails = json!({"fails_with": 131_049});
        engine.set_person(PERSON, fails.as_object().unwrap()).unwrap();
        ask(&mut engine, "POST", &format!("/v25.0/{N}/messages"), &text());
        engine.advance(engine.now() + Duration::from_secs(2));
        assert_eq!(read(&mut engine), ["messages".to_owned()].into());

        let hello = engine.state().accounts[State::ACCOUNT].templates[0].id_in(State::ACCOUNT);
        for (status, reason) in
            [("REJECTED", Some("PROMOTIONAL")), ("APPROVED", None), ("PAUSED", None), ("DISABLED", None)]
        {
            engine.decide_template(&hello, status, reason).unwrap();
        }
        engine.set_template_quality(&hello, "RED").unwrap();
        engine.set_template_category(&hello, "MARKETING").unwrap();
        let wanted = ["message_template_quality_update", "message_template_status_update", "template_category_update"];
        assert_eq!(read(&mut engine), wanted.map(str::to_owned).into());
    }
}
