//! The same scenario and the same requests give the same journal, byte for byte, also from a snapshot in between.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use serde_json::{Value, json};
use wa_sim::{Engine, State};

use common::*;

const SCENARIO: &str = include_str!("scenarios/two_numbers.json");
const ROUNDS: u64 = 12;

/// What came out: the journal, the answers and the deliveries.
#[derive(Default)]
struct Record {
    journal: String,
    answers: Vec<String>,
    deliveries: Vec<String>,
}

/// Runs some rounds, each a few hours long, and notes what comes out.
fn run(engine: &mut Engine, rounds: std::ops::Range<u64>) -> Record {
    let mut record = Record::default();
    for round in rounds {
        for node in [N, "106540352242923", "990000000133016"] {
            let calls = [
                ("GET", "?fields=status,platform_type,is_pin_enabled", Value::Null),
                ("POST", "/request_code", code()),
                ("POST", "/verify_code", json!({"code": engine.sent_code(node).unwrap_or("000000")})),
                ("POST", "/register", if round == 3 { migrate() } else { register() }),
                ("POST", "", json!({"new_display_name": format!("Lucky Shrub {round}")})),
                ("POST", "/messages", text()),
                ("POST", "/deregister", Value::Null),
            ];
            for (method, edge, body) in calls {
                if edge != "/deregister" || round % 5 == 4 {
                    let response = ask(engine, method, &format!("/v23.0/{node}{edge}"), &body);
                    record.answers.push(format!("{:?} {:?}", response.headers(), response.body()));
                }
                engine.advance(engine.now() + Duration::from_secs(61));
            }
        }
        if round % 4 == 1 && engine.state().numbers[N].is_registered() {
            engine.receive_text(N, "+16505551234", "Hello").unwrap();
            let picture = json!({"type": "image", "image": {"caption": "A plant"}});
            engine.receive_message(N, "+16505551234", picture.as_object().unwrap()).unwrap();
            engine.receive_call(N, "+16505551234").unwrap();
        }
        let form = "--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n--b\r\n\
                    Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n";
        let mut upload = request("POST", &format!("/v23.0/{N}/media"), &Value::Null).map(|_| form.as_bytes().to_vec());
        upload.headers_mut().insert("content-type", "multipart/form-data; boundary=b".parse().unwrap());
        record.answers.push(format!("{:?}", engine.handle(&upload, engine.now()).response));
        let id = engine.state().media.keys().next().cloned().unwrap_or_default();
        let buttons = json!([{"type": "reply", "reply": {"id": "a", "title": "Yes"}}]);
        let interactive = json!({"type": "button", "body": {"text": "Well?"}, "action": {"buttons": buttons}});
        let components = json!([{"type": "BODY", "text": "Look at this"}]);
        let template = json!({"name": format!("sale_{round}"), "language": "en_US", "category": "MARKETING", "components": components});
        let message = |kind: &str, content: Value| json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": kind, kind: content});
        let account = engine.state().numbers[N].account.clone();
        for (method, path, body) in [
            ("POST", format!("{N}/messages"), message("interactive", interactive)),
            ("POST", format!("{N}/messages"), message("image", json!({ "id": id }))),
            ("GET", id, Value::Null),
            ("POST", format!("{account}/message_templates"), template),
            ("GET", format!("{account}/message_templates?limit=2"), Value::Null),
            ("POST", format!("{}/uploads?file_length=9&file_type=image/png", State::APP), Value::Null),
        ] {
            let response = ask(engine, method, &format!("/v23.0/{path}"), &body);
            record.answers.push(format!("{:?} {:?}", response.headers(), response.body()));
        }
        for delivery in engine.take_due() {
            record.deliveries.push(format!("{delivery:?}"));
            engine.settle(delivery.id, delivery.id % 3 != 0);
        }
        engine.advance(engine.now() + Duration::from_secs(round * 3_600));
    }
    record.journal = engine.journal().to_lines();
    record
}

fn begin() -> Engine {
    Engine::new(State::from_json(SCENARIO).unwrap())
}

#[test]
fn a_scenario_gives_the_same_journal_each_time() {
    let (first, second) = (run(&mut begin(), 0..ROUNDS), run(&mut begin(), 0..ROUNDS));
    assert_eq!(first.journal, second.journal);
    assert_eq!((first.answers, first.deliveries), (second.answers, second.deliveries));
    assert!(first.journal.contains("media.read") && first.journal.contains("template.create"));
    assert!(first.journal.lines().count() > 150 && second.journal.contains("close after the effect"));
}

#[test]
fn a_snapshot_in_between_changes_nothing() {
    for middle in 1..ROUNDS {
        let mut whole = begin();
        run(&mut whole, 0..middle);
        let snapshot = whole.state().to_json().to_string();
        let before = whole.journal().entries().count();
        let wanted = run(&mut whole, middle..ROUNDS);

        let mut restored = Engine::new(State::from_json(&snapshot).unwrap());
        let seen = run(&mut restored, middle..ROUNDS);
        assert_eq!((seen.answers, seen.deliveries), (wanted.answers, wanted.deliveries));
        assert_eq!(restored.state().to_json().to_string(), whole.state().to_json().to_string());
        // The journal of the one that was restored begins anew, so its entries are numbered from zero.
        let mut later = String::new();
        for (place, entry) in whole.journal().entries().skip(before).enumerate() {
            let mut entry = entry.clone();
            entry.sequence = place as u64;
            later += &serde_json::to_string(&entry).unwrap();
            later.push('\n');
        }
        assert_eq!(seen.journal, later);
    }
}

#[test]
fn the_documented_scenario_can_be_read() {
    let documented = include_str!("../../../docs/simulator.md");
    let (_, rest) = documented.split_once("This is a whole scenario").unwrap();
    let (_, rest) = rest.split_once("```json\n").unwrap();
    let (scenario, _) = rest.split_once("```").unwrap();
    let state = State::from_json(scenario).unwrap();
    assert_eq!((state.numbers.len(), state.faults.len()), (2, 1));
}
