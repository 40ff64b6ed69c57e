//! The names of the calls: the same here as in the client, so that logs and journals can be compared.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, fmt::Debug};

use http::Request;
use serde_json::{Value, json};
use wa_core::{
    Endpoint,
    samples::{self, Samples},
};
use wa_sim::{Engine, Fault, FaultRule, Operation, State};

/// Names that only the service has: what no single call of the client stands for.
const OWN: &[&str] = &["number.set_settings", "message.send_text", "message.send_template"];

/// The names of the client's calls, by its samples of all of them.
#[derive(Default)]
struct Names(BTreeSet<&'static str>);

impl Samples for Names {
    fn call<E: Endpoint + Clone + Debug + Send + Sync>(&mut self, _: E) {
        self.0.insert(E::NAME);
    }
}

#[test]
fn every_operation_has_the_name_of_the_clients_call() {
    let mut names = Names::default();
    samples::all(&mut names).unwrap();
    let Names(names) = names;
    assert!(names.len() > 20, "{names:?}");
    for name in OWN {
        assert!(!names.contains(name), "the client has {name} now: take it from the list OWN");
    }
    for operation in Operation::all().filter(|operation| !OWN.contains(&operation.name())) {
        assert!(names.contains(operation.name()), "{operation} is not among {names:?}");
    }
}

#[test]
fn a_name_is_read_as_it_is_written() {
    for operation in Operation::all() {
        assert_eq!(serde_json::to_value(operation).unwrap(), json!(operation.name()));
        assert_eq!(serde_json::from_value::<Operation>(json!(operation.name())).unwrap(), operation);
    }
    let names: BTreeSet<_> = Operation::all().map(Operation::name).collect();
    assert_eq!(names.len(), Operation::all().count());
}

fn ask(engine: &mut Engine, method: &str, edge: &str, body: &Value) -> u16 {
    let request = Request::builder()
        .method(method)
        .uri(format!("/v26.0/{}{edge}", State::NUMBER))
        .header("authorization", format!("Bearer {}", State::TOKEN))
        .body(body.to_string().into_bytes())
        .unwrap();
    let now = engine.now();
    engine.handle(&request, now).response.status().as_u16()
}

#[test]
fn a_body_tells_which_call_it_is() {
    let mut engine = Engine::new(State::demo(1));
    let backup = json!({"messaging_product": "whatsapp", "pin": "123456", "backup": {"data": "a", "password": "b"}});
    for (edge, body, name) in [
        ("/register", json!({"messaging_product": "whatsapp", "pin": "123456"}), "number.register"),
        ("/register", backup, "number.migrate"),
        ("", json!({"pin": "123456"}), "number.set_pin"),
        ("", json!({"messaging_product": "whatsapp", "pin": "123456"}), "number.set_pin"),
        ("", json!({"new_display_name": "Newer"}), "number.set_display_name"),
        ("", json!({"new_display_name": "Newer", "pin": "123456"}), "number.update"),
        ("", json!([1]), "number.update"),
        ("/settings", json!({"storage_configuration": {}}), "number.set_storage"),
        ("/settings", json!({"calling": {}}), "number.set_calling"),
        ("/settings", json!({"user_identity_change": {}}), "number.set_identity_check"),
        ("/settings", json!({"payload_encryption": {}}), "number.set_payload_encryption"),
        ("/settings", json!({}), "number.set_settings"),
        ("/messages", json!({"type": "text", "text": {"body": "x"}}), "message.send_text"),
        ("/messages", json!({"type": "template", "template": {}}), "message.send_template"),
        ("/messages", json!({"status": "read"}), "message.mark_read"),
        ("/messages", json!({"type": "image", "image": {}}), "message.send"),
    ] {
        ask(&mut engine, "POST", edge, &body);
        assert_eq!(engine.journal().entries().next_back().unwrap().operation, name, "{edge} {body}");
    }
}

#[test]
fn a_fault_strikes_the_special_cases_of_its_call_too() {
    for (operation, strikes) in [
        (Operation::UpdateNumber, [true, true]),
        (Operation::SetPin, [true, false]),
        (Operation::SetDisplayName, [false, true]),
        (Operation::ReadNumber, [false, false]),
    ] {
        let mut state = State::demo(1);
        state.faults.push(FaultRule::new(Fault::Html502).on(operation));
        let mut engine = Engine::new(state);
        let struck = [json!({"pin": "123456"}), json!({"new_display_name": "Newer"})]
            .map(|body| ask(&mut engine, "POST", "", &body) == 502);
        assert_eq!(struck, strikes, "{operation}");
    }
}
