//! Sending messages of every kind: what is refused at once, what fails later, what the apps are told; and what people
//! send.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wa_sim::{Control, Engine, State, StatusOrder, Template, UserIds};

use common::*;

const PERSON: &str = "16505551234";

fn engine(prepare: impl FnOnce(&mut State)) -> Engine {
    let mut state = State::demo(1);
    connected(&mut state);
    state.rules.plain = true;
    account(&mut state).subscriptions.insert(State::APP.to_owned(), None);
    prepare(&mut state);
    Engine::new(state)
}

/// An engine whose number the person has just written to.
fn open() -> Engine {
    let mut engine = engine(|_| {});
    engine.receive_text(N, PERSON, "hello").unwrap();
    engine.take_due();
    engine
}

fn send(engine: &mut Engine, body: &Value) -> Value {
    let response = ask(engine, "POST", &format!("/v25.0/{N}/messages"), body);
    serde_json::from_slice(response.body()).unwrap()
}

fn message(kind: &str, content: Value) -> Value {
    json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": kind, kind: content})
}

fn id_of(answer: &Value) -> String {
    answer["messages"][0]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// The values that the apps were told since the last time.
fn told(engine: &mut Engine) -> Vec<Value> {
    let due = engine.take_due().into_iter();
    due.map(|one| serde_json::from_str::<Value>(&one.body).unwrap()["entry"][0]["changes"][0]["value"].take()).collect()
}

/// The statuses that follow within a while, with their codes.
fn statuses(engine: &mut Engine, seconds: u64) -> Vec<(String, i64)> {
    engine.advance(engine.now() + Duration::from_secs(seconds));
    let values = told(engine).into_iter().map(|mut value| value["statuses"][0].take());
    values
        .map(|one| (one["status"].as_str().unwrap().to_owned(), one["errors"][0]["code"].as_i64().unwrap_or_default()))
        .collect()
}

#[test]
fn every_kind_is_taken_as_its_page_shows_it() {
    let mut engine = open();
    let reply = |id: &str| json!({"type": "reply", "reply": {"id": id, "title": id}});
    let link = json!({"link": "https://lucky-shrub.example/file"});
    let body = json!({"text": "Which one?"});
    for (kind, content) in [
        ("text", json!({"body": "Hi https://lucky-shrub.example", "preview_url": true})),
        ("image", json!({"link": "https://lucky-shrub.example/a.png", "caption": "A plant"})),
        ("audio", json!({"link": "https://lucky-shrub.example/a.ogg", "voice": true})),
        ("video", link.clone()),
        ("document", json!({"link": "https://lucky-shrub.example/a.pdf", "caption": "c", "filename": "a.pdf"})),
        ("sticker", link.clone()),
        ("location", json!({"latitude": "37.44216251868683", "longitude": "-122.16153582049394", "name": "Philz"})),
        ("location", json!({"latitude": 37.758056, "longitude": -122.425332})),
        (
            "contacts",
            json!([{"name": {"formatted_name": "Barbara", "first_name": "Barbara"}, "phones": [{"phone": "+1"}]}]),
        ),
        ("interactive", json!({"type": "button", "body": body, "action": {"buttons": [reply("a"), reply("b")]}})),
        (
            "interactive",
            json!({"type": "list", "body": body, "header": {"type": "text", "text": "Plants"}, "footer": {"text": "f"}, "action":
                {"button": "Choose", "sections": [{"rows": [{"id": "1", "title": "Aloe", "description": "d"}]}]}}),
        ),
        (
            "interactive",
            json!({"type": "cta_url", "body": body, "action":
                {"name": "cta_url", "parameters": {"display_text": "See", "url": "https://lucky-shrub.example"}}}),
        ),
        (
            "interactive",
            json!({"type": "flow", "body": body, "action": {"name": "flow", "parameters":
                {"flow_message_version": "3", "flow_id": "1", "flow_cta": "Go", "flow_action": "navigate",
                 "flow_action_payload": {"screen": "A", "data": {"k": "v"}}}}}),
        ),
        ("interactive", json!({"type": "location_request_message", "body": body, "action": {"name": "send_location"}})),
        ("interactive", json!({"type": "product", "action": {"catalog_id": "1", "product_retailer_id": "2"}})),
        ("interactive", json!({"type": "voice_call", "body": body, "action": {"name": "voice_call"}})),
        (
            "template",
            json!({"name": "hello_world", "language": {"code": "en_US", "policy": "deterministic"}, "components": []}),
        ),
    ] {
        let answer = send(&mut engine, &message(kind, content.clone()));
        assert_eq!(answer["contacts"][0]["wa_id"], PERSON, "{kind} {content}: {answer}");
    }
}

// Limits from Meta's pages on the kinds; codes from its error page.
#[test]
fn what_is_missing_or_wrong_is_named() {
    let mut engine = open();
    let long = |length: usize| "x".repeat(length);
    let button = |count: usize, title: &str| {
        let button =
            |place| json!({"type": "reply", "reply": {"id": format!("{place}"), "title": format!("{title}{place}")}});
        json!({"type": "button", "body": {"text": "b"}, "action": {"buttons": (0..count).map(button).collect::<Vec<_>>()}})
    };
    let rows = |count: usize| {
        let row = |place| json!({"id": format!("{place}"), "title": "t"});
        let rows: Vec<_> = (0..count).map(row).collect();
        let sections: Vec<_> = rows.chunks(6).map(|rows| json!({"title": "s", "rows": rows})).collect();
        json!({"type": "list", "body": {"text": "b"}, "action": {"button": "c", "sections": sections}})
    };
    for (kind, content, code, named) in [
        ("image", json!({}), 131_008, "image['id']"),
        ("image", json!({"link": "ftp://x"}), 131_009, "image['link']"),
        ("image", json!({"link": "https://x", "caption": long(1_025)}), 131_009, "caption"),
        ("image", json!({"link": "https://x", "filename": "x"}), 131_009, "filename"),
        ("image", json!({"id": "77"}), 100, "77"),
        ("audio", json!({"link": "https://x", "caption": "c"}), 131_009, "caption"),
        ("sticker", json!({"link": "https://x", "caption": "c"}), 131_009, "caption"),
        ("location", json!({"latitude": "1"}), 131_008, "longitude"),
        ("location", json!({"latitude": "91", "longitude": "0"}), 131_009, "latitude"),
        ("contacts", json!([]), 131_009, "contacts"),
        ("contacts", json!([{"name": {"formatted_name": "B"}}]), 131_009, "first_name"),
        ("contacts", json!([{"name": {"first_name": "B"}}]), 131_008, "formatted_name"),
        (
            "contacts",
            json!([{"name": {"formatted_name": "B", "first_name": "B"}, "birthday": "1.2.03"}]),
            131_009,
            "birthday",
        ),
        ("reaction", json!({"emoji": "x"}), 131_008, "message_id"),
        ("reaction", json!({"message_id": "wamid.x"}), 131_008, "emoji"),
        ("interactive", json!({"type": "button"}), 131_008, "action"),
        ("interactive", json!({"type": "dance", "action": {}}), 131_009, "interactive['type']"),
        ("interactive", button(0, ""), 131_009, "buttons"),
        ("interactive", button(4, ""), 131_009, "buttons"),
        ("interactive", button(1, &long(20)), 131_009, "title"),
        ("interactive", rows(11), 131_009, "row count"),
        ("interactive", json!({"type": "list", "body": {"text": long(4_097)}, "action": {}}), 131_009, "body"),
        ("interactive", json!({"type": "button", "body": {"text": long(1_025)}, "action": {}}), 131_009, "body"),
        (
            "interactive",
            json!({"type": "button", "body": {"text": "b"}, "footer": {"text": long(61)}, "action": {}}),
            131_009,
            "footer",
        ),
        ("template", json!({"language": {"code": "en"}}), 100, "name"),
    ] {
        let answer = send(&mut engine, &message(kind, content.clone()));
        let details = answer["error"]["error_data"]["details"].as_str().unwrap_or_default();
        assert_eq!(answer["error"]["code"], code, "{kind} {content}: {answer}");
        assert!(details.contains(named), "{kind} {content}: {details}");
    }
    for content in [button(3, "t"), button(1, &long(19)), rows(10)] {
        id_of(&send(&mut engine, &message("interactive", content)));
    }
    let to_itself =
        json!({"messaging_product": "whatsapp", "to": "15550783881", "type": "text", "text": {"body": "x"}});
    assert_eq!(send(&mut engine, &to_itself)["error"]["code"], 131_021);
}

// Meta's page on sending: a message or a call opens 24 hours; templates need none.
#[test]
fn free_form_needs_an_open_window() {
    let mut engine = engine(|_| {});
    send(&mut engine, &text());
    assert_eq!(statuses(&mut engine, 60), [("failed".to_owned(), 131_047)]);
    send(&mut engine, &template("hello_world", "en_US"));
    engine.advance(engine.now() + Duration::from_secs(1));
    let status = told(&mut engine).remove(0)["statuses"][0].take();
    // Meta's page on pricing: a utility template is paid for outside of an open window only.
    assert_eq!((&status["status"], &status["pricing"]["billable"]), (&json!("sent"), &json!(true)));
    assert_eq!((&status["pricing"]["category"], &status["pricing"]["type"]), (&json!("utility"), &json!("regular")));
    engine.advance(engine.now() + Duration::from_secs(60));
    engine.receive_call(N, PERSON).unwrap();
    let calls = told(&mut engine);
    assert_eq!(
        (&calls[2]["calls"][0]["event"], &calls[2]["contacts"][0]["wa_id"]),
        (&json!("connect"), &json!(PERSON))
    );
    assert_eq!(calls.last().unwrap()["calls"][0]["event"], "terminate");
    send(&mut engine, &template("hello_world", "en_US"));
    engine.advance(engine.now() + Duration::from_secs(60));
    let pricing = told(&mut engine)[0]["statuses"][0]["pricing"].take();
    assert_eq!((&pricing["billable"], &pricing["category"]), (&json!(false), &json!("utility")));
    engine.receive_call(N, PERSON).unwrap();
    told(&mut engine);
    engine.advance(engine.now() + Duration::from_secs(24 * 3_600 - 1));
    send(&mut engine, &text());
    assert_eq!(statuses(&mut engine, 1), [("sent".to_owned(), 0)]);
    send(&mut engine, &text());
    assert!(statuses(&mut engine, 60).contains(&("failed".to_owned(), 131_047)));
}

#[test]
fn statuses_come_in_order_out_of_it_or_when_somebody_says_so() {
    let names = |found: Vec<(String, i64)>| found.into_iter().map(|(status, _)| status).collect::<Vec<_>>();
    let mut engine = open();
    let mut body = text();
    body["biz_opaque_callback_data"] = "order-17".into();
    body["context"] = json!({"message_id": "wamid.earlier"});
    let id = id_of(&send(&mut engine, &body));
    engine.advance(engine.now() + Duration::from_secs(60));
    let values = told(&mut engine);
    for value in &values {
        let status = &value["statuses"][0];
        assert_eq!((&status["id"], &status["biz_opaque_callback_data"]), (&json!(id), &json!("order-17")));
        assert_eq!((&status["recipient_id"], &value["contacts"][0]["wa_id"]), (&json!(PERSON), &json!(PERSON)));
    }
    let seen: Vec<_> = values.iter().map(|value| value["statuses"][0]["status"].as_str().unwrap()).collect();
    assert_eq!(seen, ["sent", "delivered", "read"]);
    let kept = engine.state().numbers[N].messages.last().unwrap();
    assert_eq!((&*kept.status, kept.reply_to.as_deref()), ("read", Some("wamid.earlier")));

    engine.state_mut().rules.statuses = StatusOrder::OutOfOrder;
    send(&mut engine, &text());
    assert_eq!(names(statuses(&mut engine, 60)), ["delivered", "read", "sent"]);
    assert_eq!(engine.state().numbers[N].messages.last().unwrap().status, "read", "it does not go back");

    engine.state_mut().rules.statuses = StatusOrder::Control;
    let id = id_of(&send(&mut engine, &text()));
    assert!(statuses(&mut engine, 600).is_empty());
    engine.set_status(N, &id, "delivered", None).unwrap();
    engine.set_status(N, &id, "failed", Some(131_026)).unwrap();
    assert_eq!(statuses(&mut engine, 0), [("delivered".to_owned(), 0), ("failed".to_owned(), 131_026)]);
    // Seen in deliveries kept by other projects: people stand beside a failure, too.
    engine.set_status(N, &id, "failed", Some(131_026)).unwrap();
    let value = told(&mut engine).remove(0);
    assert_eq!((&value["statuses"][0]["status"], &value["contacts"][0]["wa_id"]), (&json!("failed"), &json!(PERSON)));
    assert!(engine.set_status(N, "wamid.none", "read", None).is_err());
    assert!(engine.set_status(N, &id, "eaten", None).is_err());
}

#[test]
fn people_differ() {
    let mut engine = open();
    let mut person = |members: Value| {
        let control = Control::SetPerson { person: PERSON.to_owned(), members: members.as_object().unwrap().clone() };
        engine.control(&control).unwrap();
        id_of(&send(&mut engine, &text()));
        statuses(&mut engine, 2)
    };
    assert_eq!(person(json!({"is_on_whatsapp": false})), [("failed".to_owned(), 131_026)]);
    assert_eq!(person(json!({"is_on_whatsapp": true, "fails_with": 131_049})), [("failed".to_owned(), 131_049)]);
    assert_eq!(person(json!({"fails_with": null})), [("sent".to_owned(), 0)]);
    assert!(engine.set_person("nobody", &serde_json::Map::new()).is_err());
}

#[test]
fn a_reaction_needs_a_message_to_point_to() {
    let mut engine = open();
    let theirs = engine.state().numbers[N].messages[0].id.clone();
    let own = id_of(&send(&mut engine, &text()));
    statuses(&mut engine, 60);
    let react = |engine: &mut Engine, id: &str, emoji: &str| {
        let id = id_of(&send(engine, &message("reaction", json!({"message_id": id, "emoji": emoji}))));
        (id, statuses(engine, 60))
    };
    let (reaction, seen) = react(&mut engine, &theirs, "👍");
    assert_eq!(seen, [("sent".to_owned(), 0)], "reactions are sent only");
    assert_eq!(react(&mut engine, &own, "").1, [("sent".to_owned(), 0)]);
    assert_eq!(react(&mut engine, &reaction, "👍").1, [("failed".to_owned(), 131_009)]);
    assert_eq!(react(&mut engine, "wamid.none", "👍").1, [("failed".to_owned(), 131_009)]);
    engine.advance(engine.now() + Duration::from_secs(31 * 24 * 3_600));
    engine.receive_text(N, PERSON, "again").unwrap();
    told(&mut engine);
    assert_eq!(react(&mut engine, &theirs, "👍").1, [("failed".to_owned(), 131_009)], "too old");
}

#[test]
fn a_file_must_fit_its_message() {
    let mut engine = open();
    let mut upload = |mime_type: &str, bytes: &[u8]| {
        let media = json!({
            "number": N, "mime_type": mime_type, "bytes": STANDARD.encode(bytes), "created": engine.now(),
            "until": engine.now() + Duration::from_secs(3_600),
        });
        let id = format!("2{}", engine.state().media.len());
        engine.state_mut().media.insert(id.clone(), serde_json::from_value(media).unwrap());
        id
    };
    let png = b"\x89PNG\r\n\x1a\n";
    let (picture, fake, webp) =
        (upload("image/png", png), upload("image/jpeg", png), upload("image/webp", b"RIFF\0\0\0\0WEBP"));
    for (kind, id, code) in [
        ("image", &picture, 0),
        ("image", &fake, 131_053),
        ("image", &webp, 131_053),
        ("sticker", &webp, 0),
        ("video", &picture, 131_053),
        ("document", &picture, 0),
    ] {
        id_of(&send(&mut engine, &message(kind, json!({ "id": id }))));
        assert_eq!(statuses(&mut engine, 2)[0].1, code, "{kind} {id}");
        engine.advance(engine.now() + Duration::from_secs(60));
        told(&mut engine);
    }
    let header = json!({"type": "button", "header": {"type": "image", "image": {"id": "nothing"}}, "body": {"text": "b"},
        "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "A"}}]}});
    assert_eq!(send(&mut engine, &message("interactive", header))["error"]["code"], 100);
    engine.advance(engine.now() + Duration::from_secs(3_600));
    assert_eq!(send(&mut engine, &message("image", json!({ "id": picture })))["error"]["code"], 100, "it has expired");
}

/// Templates with all kinds of parameters. The words of the errors are seen, unless a line in the source says otherwise.
#[test]
fn parameters_must_fit_their_template() {
    let template = |name: &str, components: Value| {
        let mut template = Template::new(name, "en_US");
        template.components = components.as_array().unwrap().clone();
        template
    };
    let mut named = template("named", json!([{"type": "BODY", "text": "Hello {{first_name}}, welcome"}]));
    named.parameter_format = "NAMED".to_owned();
    let mut engine = engine(|state| {
        account(state).templates.extend([
            template("two", json!([{"type": "BODY", "text": "Hi {{1}}, your order {{2}} has left"}])),
            template("picture", json!([{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Look"}])),
            template(
                "link",
                json!([{"type": "BODY", "text": "Look"}, {"type": "BUTTONS", "buttons": [
                    {"type": "QUICK_REPLY", "text": "No"}, {"type": "URL", "text": "See", "url": "https://x.example/{{1}}"}]}]),
            ),
            named,
        ]);
    });
    let text = |text: &str| json!({"type": "text", "text": text});
    let body = |parameters: Value| json!([{"type": "body", "parameters": parameters}]);
    let url = |index: Value| json!([{"type": "button", "sub_type": "url", "index": index, "parameters": [text("17")]}]);
    let image = json!([{"type": "header", "parameters": [{"type": "image", "image": {"link": "https://x.example"}}]}]);
    for (name, components, code, words) in [
        ("two", body(json!([text("A"), text("B")])), 0, ""),
        (
            "two",
            body(json!([text("A")])),
            132_000,
            "body: number of localizable_params (1) does not match the expected number of params (2)",
        ),
        ("two", json!([]), 132_000, "localizable_params (0)"),
        (
            "two",
            body(json!([text("A"), {"type": "text"}])),
            100,
            "Parameter 'text' is mandatory for component parameter type 'text'",
        ),
        (
            "two",
            body(json!([text("A"), {"type": "text", "parameter_name": "b", "text": "B"}])),
            132_012,
            "parameter_name",
        ),
        (
            "two",
            body(
                json!([text("A"), {"type": "currency", "currency": {"fallback_value": "$1", "code": "USD", "amount_1000": 1000}}]),
            ),
            0,
            "",
        ),
        ("two", body(json!([text(&"x".repeat(600)), text(&"x".repeat(600))])), 132_005, "too long"),
        ("picture", image, 0, ""),
        ("picture", json!([]), 132_012, "header: Format mismatch, expected IMAGE, received UNKNOWN"),
        ("picture", json!([{"type": "header", "parameters": [text("x")]}]), 132_012, "expected IMAGE, received TEXT"),
        ("link", url(json!("1")), 0, ""),
        ("link", url(json!(1)), 0, ""),
        ("link", json!([]), 131_008, "buttons: Button at index 1 of type Url requires a parameter"),
        ("link", url(json!("0")), 132_012, "index: 0"),
        ("named", body(json!([{"type": "text", "parameter_name": "first_name", "text": "Jo"}])), 0, ""),
        ("named", body(json!([{"type": "text", "parameter_name": "last_name", "text": "Jo"}])), 132_012, "last_name"),
        ("hello_world", body(json!([text("A")])), 132_000, "(1)"),
    ] {
        let content = json!({"name": name, "language": {"code": "en_US"}, "components": components});
        let answer = send(&mut engine, &message("template", content));
        assert_eq!(answer["error"]["code"].as_i64().unwrap_or_default(), code, "{name} {components}: {answer}");
        let details = answer["error"]["error_data"]["details"].as_str().unwrap_or_default();
        assert!(details.contains(words), "{name} {components}: {details}");
    }
}

// Meta's page on typing indicators: it ends with the answer or after 25 seconds.
#[test]
fn reading_marks_what_came_before_and_may_show_typing() {
    let mut engine = engine(|_| {});
    for _ in 0..3 {
        engine.receive_text(N, PERSON, "hello").unwrap();
        engine.advance(engine.now() + Duration::from_secs(1));
    }
    let ids: Vec<_> = engine.state().numbers[N].messages.iter().map(|one| one.id.clone()).collect();
    let read = |id: &str, typing: Value| json!({"messaging_product": "whatsapp", "status": "read", "message_id": id, "typing_indicator": typing});
    assert_eq!(send(&mut engine, &read(&ids[1], Value::Null)), json!({"success": true}));
    let states =
        |engine: &Engine| engine.state().numbers[N].messages.iter().map(|one| one.status.clone()).collect::<Vec<_>>();
    assert_eq!(states(&engine), ["read", "read", "received"]);
    assert_eq!(send(&mut engine, &read(&ids[2], json!({"type": "dance"})))["error"]["code"], 100);
    send(&mut engine, &read(&ids[2], json!({"type": "text"})));
    assert_eq!(engine.state().numbers[N].typing[PERSON], engine.now() + Duration::from_secs(25));
    send(&mut engine, &text());
    assert!(engine.state().numbers[N].typing.is_empty());
}

// Meta's pages on the webhooks of messages.
#[test]
fn people_send_messages_of_every_kind() {
    let mut engine = engine(|_| {});
    for (message, place, wanted) in [
        (json!({"type": "text", "text": {"body": "hello"}}), "/text/body", json!("hello")),
        (json!({"type": "image", "image": {"caption": "c"}}), "/image/mime_type", json!("image/png")),
        (json!({"type": "audio"}), "/audio/voice", json!(false)),
        (json!({"type": "video"}), "/video/mime_type", json!("video/mp4")),
        (json!({"type": "document", "document": {"filename": "a.pdf"}}), "/document/filename", json!("a.pdf")),
        (json!({"type": "sticker"}), "/sticker/animated", json!(false)),
        (json!({"type": "location", "location": {"latitude": 1.5, "longitude": 2}}), "/location/latitude", json!(1.5)),
        (json!({"type": "contacts", "contacts": [{"name": {}}]}), "/contacts/0/name", json!({})),
        (
            json!({"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "x"}}),
            "/reaction/emoji",
            json!("x"),
        ),
        (json!({"type": "button", "button": {"text": "No", "payload": "n"}}), "/button/payload", json!("n")),
        (
            json!({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "a", "title": "A"}},
                   "context": {"id": "wamid.y"}}),
            "/context",
            json!({"id": "wamid.y", "from": "15550783881"}),
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "A"}}}),
            "/interactive/list_reply/id",
            json!("1"),
        ),
        (
            json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": "{}"}}}),
            "/interactive/nfm_reply/response_json",
            json!("{}"),
        ),
        (json!({"type": "order", "order": {"catalog_id": "1", "product_items": []}}), "/order/catalog_id", json!("1")),
        (json!({"type": "unsupported"}), "/errors/0/code", json!(131_051)),
        (json!({"type": "system", "system": {"body": "b", "type": "user_changed_number"}}), "/system/body", json!("b")),
    ] {
        let id = engine.receive_message(N, PERSON, message.as_object().unwrap()).unwrap();
        let value = told(&mut engine).remove(0);
        let shown = &value["messages"][0];
        assert_eq!((shown.pointer(place), &shown["id"]), (Some(&wanted), &json!(id)), "{message}: {value}");
        assert_eq!((&shown["type"], &shown["from"]), (&message["type"], &json!(PERSON)));
        assert_eq!(value["contacts"].is_array(), message["type"] != "system");
    }
    for (message, words) in [
        (json!({"type": "dance"}), "is no type"),
        (json!({"type": "text", "text": {}}), "text.body"),
        (json!({"type": "interactive", "interactive": {"type": "x"}}), "interactive.type"),
        (json!({"type": "image", "image": {"data": "no base64!"}}), "base64"),
    ] {
        let error = engine.receive_message(N, PERSON, message.as_object().unwrap()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn the_control_names_what_a_person_wrote() {
    let mut engine = engine(|_| {});
    let control = json!({"receive_text": {"number": N, "from": PERSON, "text": "Gr\u{fc}\u{df}e"}});
    let outcome = engine.control(&serde_json::from_value(control).unwrap()).unwrap();
    let delivery = engine.take_due().remove(0);
    // Meta's guide to webhooks: what is signed is the text with Unicode escapes in small digits.
    assert!(delivery.body.is_ascii() && delivery.body.contains(r"Gr\u00fc\u00dfe"), "{}", delivery.body);
    let value: Value = serde_json::from_str(&delivery.body).unwrap();
    assert_eq!(value["entry"][0]["changes"][0]["value"]["messages"][0]["id"], json!(outcome.message));
}

// Meta's page on media: what people send can be read for seven days. The digest in webhooks is base64.
#[test]
fn what_people_send_can_be_downloaded() {
    let mut engine = engine(|state| state.rules.user_ids = UserIds::Only);
    let message =
        json!({"type": "document", "document": {"data": STANDARD.encode("hello world"), "mime_type": "text/plain"}});
    engine.receive_message(N, PERSON, message.as_object().unwrap()).unwrap();
    let value = told(&mut engine).remove(0);
    let document = &value["messages"][0]["document"];
    assert!(document.get("data").is_none() && value["messages"][0].get("from").is_none(), "{value}");
    let digest = STANDARD.decode(document["sha256"].as_str().unwrap()).unwrap();
    assert_eq!(digest[..4], [0xb9, 0x4d, 0x27, 0xb9]);
    let path = format!("/v25.0/{}", document["id"].as_str().unwrap());
    let answer: Value = serde_json::from_slice(ask(&mut engine, "GET", &path, &Value::Null).body()).unwrap();
    assert_eq!((&answer["file_size"], &answer["mime_type"]), (&json!(11), &json!("text/plain")));
    engine.advance(engine.now() + Duration::from_secs(7 * 24 * 3_600));
    assert_eq!(ask(&mut engine, "GET", &path, &Value::Null).status(), 400);
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut engine = engine(|_| {});
    for place in 0..600 {
        engine.receive_text(N, PERSON, &place.to_string()).unwrap();
    }
    let messages = &engine.state().numbers[N].messages;
    assert_eq!((messages.len(), &messages[499].content["body"]), (500, &json!("599")));
    let copy = State::from_json(&engine.state().to_json().to_string()).unwrap();
    assert_eq!(copy, *engine.state());
    let huge = json!({"type": "order", "order": {"catalog_id": "1", "product_items": vec!["x".repeat(1_000); 66]}});
    engine.receive_message(N, PERSON, huge.as_object().unwrap()).unwrap();
    assert_eq!(engine.state().numbers[N].messages[499].content, Value::Null);
}
