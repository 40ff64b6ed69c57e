//! Every error example of Meta's description can be provoked: by a state and a request, or, where no state leads to it,
//! by a fault; those are listed with the reason. The wording is ours, so what a program reads is compared.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod cases;
#[path = "../common/mod.rs"]
mod common;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use wa_description::Description;
use wa_sim::{Engine, ErrorStyle, State};

use cases::{Case, add, application, cases};
use common::*;

struct Example {
    /// The operation, such as `post register`; the node itself is `get number` or `post number`.
    operation: String,
    status: u16,
    name: String,
    error: Value,
}

/// The request that works, were it not for the state.
fn usual(operation: &str) -> Value {
    match operation {
        "post register" => register(),
        "post request_code" => code(),
        "post verify_code" => json!({"code": "123456"}),
        "post number" => json!({"pin": "123456"}),
        "post settings" => json!({"calling": {"status": "enabled"}}),
        "post conversational_automation" => json!({"prompts": ["Where are you?"]}),
        "post whatsapp_business_profile" => json!({"messaging_product": "whatsapp", "about": "Succulents"}),
        "post official_business_account" => application("Lucky Shrub", "https://lucky-shrub.example"),
        "post phone_numbers" => add("6315551000"),
        _ => Value::Null,
    }
}

/// Operation, status and name of an example that no state leads to, and why. A fault provokes it.
const BY_FAULT: &[(&str, u16, &str, &str)] = &[
    ("get number", 422, "phone_not_registered", "every page of Meta's has numbers read before they are registered"),
    ("get number", 422, "phone_in_review", "name_status is there to be read while the name is in review"),
    (
        "get number",
        429,
        "user_rate_limit",
        "17 counts the calls of a person's token; the tokens here are system users'",
    ),
    ("get settings", 400, "InvalidTemplateParameters", "templates have no part in settings: the answers are shared"),
    ("get settings", 400, "MissingFeatureSetting", "reading sets no feature: the answers are shared"),
    ("get settings", 403, "TemplateNotApproved", "templates have no part in settings: the answers are shared"),
    ("get settings", 403, "FeatureNotSupported", "reading asks for no feature: the answers are shared"),
    ("post settings", 400, "InvalidTemplateParameters", "templates have no part in settings: the answers are shared"),
    ("post settings", 403, "TemplateNotApproved", "templates have no part in settings: the answers are shared"),
    ("post official_business_account", 409, "concurrent_modification", "requests are answered one after another"),
    ("delete subscribed_apps", 422, "example", "no document says what an active integration is"),
];

/// The operations that are covered; those without error examples are not here.
const OPERATIONS: &[&str] = &[
    "post register",
    "post deregister",
    "post request_code",
    "post verify_code",
    "get number",
    "post number",
    "get settings",
    "post settings",
    "post conversational_automation",
    "get whatsapp_business_profile",
    "post whatsapp_business_profile",
    "get official_business_account",
    "post official_business_account",
    "get phone_numbers",
    "post phone_numbers",
    "get subscribed_apps",
    "post subscribed_apps",
    "delete subscribed_apps",
];

fn is_of_account(operation: &str) -> bool {
    operation.ends_with(" phone_numbers") || operation.ends_with(" subscribed_apps")
}

fn examples(description: &Description) -> Vec<Example> {
    let mut found = Vec::new();
    for operation in OPERATIONS {
        let (method, edge) = operation.split_once(' ').unwrap();
        let node = if is_of_account(operation) { "WABA-ID" } else { "Phone-Number-ID" };
        let edge = if edge == "number" { String::new() } else { format!("/{edge}") };
        let described = format!("{} /{{Version}}/{{{node}}}{edge}", method.to_uppercase());
        for example in description.example_answers(&described) {
            let (operation, status) = ((*operation).to_owned(), example.status.unwrap());
            if status != 200 {
                found.push(Example { operation, status, name: example.name, error: example.value["error"].clone() });
            }
        }
    }
    found
}

/// The status and the error that the case leads to.
fn go(operation: &str, case: &Case) -> (u16, Value) {
    let Case(_, _, _, set_up, path, body) = case;
    let mut state = State::demo(1);
    state.rules.error_style = ErrorStyle::Description;
    set_up(&mut state);
    let mut engine = Engine::new(state);
    let (method, edge) = operation.split_once(' ').unwrap();
    let edge = if edge == "number" { String::new() } else { format!("/{edge}") };
    let node = match *path {
        "unknown" => "77",
        _ if is_of_account(operation) => State::ACCOUNT,
        _ => N,
    };
    let path = match *path {
        "fields" => format!("/v23.0/{node}{edge}?fields=nickname"),
        path if path.starts_with('/') => path.to_owned(),
        _ => format!("/v23.0/{node}{edge}"),
    };
    let body = if body.is_null() { usual(operation) } else { body.clone() };
    let mut request = request(&method.to_uppercase(), &path, &body);
    if case.4 == "no token" {
        request.headers_mut().remove("authorization");
    }
    let now = engine.now();
    let response = match case.4 {
        "refused callback" => {
            let mut received = engine.receive(&request, now);
            received.refuse_callback();
            engine.carry_out(&request, received, now).response
        }
        _ => engine.handle(&request, now).response,
    };
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), answer["error"].clone())
}

/// The status and the error that a fault with the members of this one leads to.
fn strike(operation: &str, status: u16, error: &Value) -> (u16, Value) {
    let fault = json!({"fault": {"error": {
        "status": status,
        "code": error["code"],
        "subcode": error["error_subcode"],
        "message": error["message"],
        "is_transient": error["is_transient"].as_bool().unwrap_or(false),
    }}});
    let mut state = State::demo(1);
    state.rules.error_style = ErrorStyle::Description;
    state.faults.push(serde_json::from_value(fault).unwrap());
    let (method, edge) = operation.split_once(' ').unwrap();
    let edge = if edge == "number" { String::new() } else { format!("/{edge}") };
    let node = if is_of_account(operation) { State::ACCOUNT } else { N };
    let request = request(&method.to_uppercase(), &format!("/v23.0/{node}{edge}"), &usual(operation));
    let mut engine = Engine::new(state);
    let now = engine.now();
    let response = engine.handle(&request, now).response;
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), answer["error"].clone())
}

/// What a program reads of an error.
fn members(status: u16, error: &Value) -> Value {
    let details = &error["error_data"]["details"];
    json!({
        "status": status,
        "code": error["code"],
        "subcode": error["error_subcode"],
        "is_transient": error["is_transient"].as_bool().unwrap_or(false),
        "type": error["type"],
        "has_details": details.is_string(),
        "has_title": error["error_user_title"].is_string() && error["error_user_msg"].is_string(),
    })
}

#[test]
fn every_error_example_is_provoked_or_listed() {
    let Some(description) = Description::of_meta() else {
        return;
    };
    let (cases, examples) = (cases(), examples(description));
    let (mut wrong, mut gone) = (Vec::new(), BTreeSet::new());
    let mut provoked = 0;
    for Example { operation, status, name, error } in &examples {
        let is_this = |place: &str, at: u16, of: &str| place == operation && at == *status && of == name;
        // A case of the operation itself goes before one for all.
        let exact = cases.iter().position(|case| is_this(case.0, case.1, case.2));
        let case = exact.or_else(|| cases.iter().position(|case| case.0 == "*" && case.1 == *status && case.2 == name));
        let listed = BY_FAULT.iter().position(|known| is_this(known.0, known.1, known.2));
        gone.extend(exact.map(|place| format!("{} {} {}", cases[place].0, cases[place].1, cases[place].2)));
        match (case, listed) {
            (Some(case), None) => {
                provoked += 1;
                let (seen, answer) = go(operation, &cases[case]);
                if members(seen, &answer) != members(*status, error) {
                    wrong.push(format!("{operation}, {status} {name}: {answer} {error}"));
                }
            }
            (None, Some(_)) => {
                // By its text, since another example may have the same members.
                let may_go = |case: &&Case| case.0 == operation || case.0 == "*";
                if cases.iter().filter(may_go).any(|case| go(operation, case).1["message"] == error["message"]) {
                    wrong.push(format!("{operation}, {status} {name} is provoked after all"));
                }
                let (seen, answer) = strike(operation, *status, error);
                for member in ["code", "error_subcode", "is_transient", "type"] {
                    let is_same = answer[member] == error[member] || error.get(member).is_none();
                    if seen != *status || !is_same {
                        wrong.push(format!("{operation}, {status} {name} by a fault: {member} of {answer} {error}"));
                    }
                }
            }
            (None, None) => wrong.push(format!("{operation}, {status} {name} is new: {error}")),
            (Some(_), Some(_)) => wrong.push(format!("{operation}, {status} {name} is listed twice")),
        }
    }
    for case in cases.iter().filter(|case| case.0 != "*") {
        let name = format!("{} {} {}", case.0, case.1, case.2);
        if !gone.contains(&name) {
            wrong.push(format!("{name} is an example no more"));
        }
    }
    for (operation, status, name, _) in BY_FAULT {
        if !examples.iter().any(|e| (&*e.operation, e.status, &*e.name) == (*operation, *status, *name)) {
            wrong.push(format!("{operation}, {status} {name} is an example no more"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(provoked + BY_FAULT.len(), examples.len());
}
