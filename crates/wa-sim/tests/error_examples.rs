//! Every error example of Meta's description can be provoked, by a state and a request; those that cannot are listed
//! with the reason. The wording is ours, so what a program reads is compared.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use wa_sim::{Engine, Face, Number, State};

use common::{
    description::{document, resolve},
    *,
};

struct Example {
    /// The operation, such as `post register`; the node itself is `get number` or `post number`.
    operation: String,
    status: u16,
    name: String,
    error: Value,
}

/// A way to an error: operation, status, name of the example, state, path, body. `*` stands for all operations.
struct Way(&'static str, u16, &'static str, fn(&mut State), &'static str, Value);

fn later(state: &State) -> wa_sim::Time {
    state.now + Duration::from_secs(60)
}

fn used_up(state: &mut State) {
    let budget = &mut state.apps.get_mut(State::APP).unwrap().budget;
    (budget.since, budget.calls) = (state.now, state.rules.app_calls);
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

fn application(name: &str, url: &str) -> Value {
    let data = json!({"business_name": name, "website_url": url});
    json!({"action": "SUBMIT_APPLICATION", "application_data": data})
}

fn add(digits: &str) -> Value {
    json!({"phone_number": digits, "cc": "1", "verified_name": "Lucky Shrub"})
}

fn command(name: &str, times: usize) -> Value {
    json!({"commands": vec![json!({"command_name": name, "command_description": "x"}); times]})
}

fn ways() -> Vec<Way> {
    let none = || Value::Null;
    let own = "own";
    vec![
        Way("*", 401, "example", |s| s.tokens.clear(), own, none()),
        Way("*", 403, "example", |s| token(s).permissions = ["business_management".to_owned()].into(), own, none()),
        Way(
            "*",
            403,
            "InsufficientPermissions",
            |s| token(s).permissions = ["business_management".to_owned()].into(),
            own,
            none(),
        ),
        Way("*", 404, "example", |_| {}, "unknown", none()),
        Way("*", 429, "example", used_up, own, none()),
        Way("*", 500, "example", |s| s.outage_until = Some(later(s)), own, none()),
        Way("*", 400, "MalformedRequest", |_| {}, own, json!("no object")),
        Way("post register", 400, "example", |_| {}, own, json!({"messaging_product": "whatsapp", "pin": "12345"})),
        Way(
            "post register",
            422,
            "example",
            |s| {
                connected(s);
                s.rules.register_again_is_refused = true
            },
            own,
            none(),
        ),
        Way("post register", 429, "example", |s| tried(s, 10), own, none()),
        Way("post deregister", 400, "phone_not_linked", |s| _ = on_premises(s), own, none()),
        Way(
            "post deregister",
            400,
            "smb_account_error",
            |s| {
                connected(s);
                number(s).on_business_app = true
            },
            own,
            none(),
        ),
        Way("post deregister", 400, "phone_not_registered", verified, own, none()),
        Way(
            "post deregister",
            422,
            "example",
            |s| {
                connected(s);
                number(s).maintenance_until = Some(later(s))
            },
            own,
            none(),
        ),
        Way(
            "post deregister",
            429,
            "example",
            |s| {
                connected(s);
                tried(s, 10)
            },
            own,
            none(),
        ),
        Way("post request_code", 400, "example", |_| {}, own, json!({"code_method": "PIGEON", "language": "en_US"})),
        Way("post request_code", 422, "example", verified, own, none()),
        Way("post verify_code", 400, "example", |_| {}, own, json!({"code": "12345"})),
        Way("post verify_code", 422, "example", |s| sent(s, at(0)), own, none()),
        Way(
            "post verify_code",
            429,
            "example",
            |s| {
                sent(s, later(s));
                number(s).code.sent.as_mut().unwrap().guesses = 10
            },
            own,
            none(),
        ),
        Way("get number", 400, "invalid_version", |_| {}, "/v23/106540352242922", none()),
        Way("get number", 400, "invalid_phone_id", |_| {}, "/v23.0/PHONE_NUMBER_ID", none()),
        Way("get number", 400, "invalid_fields", |_| {}, "/v23.0/106540352242922?fields=nickname", none()),
        Way("get number", 401, "invalid_token", |s| s.tokens.clear(), own, none()),
        Way("get number", 401, "expired_token", |s| token(s).expires = Some(at(0)), own, none()),
        Way("get number", 401, "missing_token", |_| {}, "no token", none()),
        Way(
            "get number",
            403,
            "insufficient_permissions",
            |s| token(s).permissions = ["business_management".to_owned()].into(),
            own,
            none(),
        ),
        Way("get number", 403, "not_linked_to_waba", |s| account(s).apps.clear(), own, none()),
        Way("get number", 403, "missing_permissions", |s| token(s).permissions.clear(), own, none()),
        Way("get number", 404, "phone_not_found", |_| {}, "unknown", none()),
        Way("get number", 404, "deleted_phone", |s| number(s).is_deleted = true, own, none()),
        Way("get number", 404, "waba_not_found", |s| s.accounts.clear(), own, none()),
        Way(
            "get number",
            422,
            "temporarily_unavailable",
            |s| number(s).maintenance_until = Some(later(s)),
            own,
            none(),
        ),
        Way("get number", 429, "rate_limit_exceeded", used_up, own, none()),
        Way(
            "get number",
            429,
            "business_rate_limit",
            |s| account(s).budget = serde_json::from_value(json!({"since": s.now, "calls": 200})).unwrap(),
            own,
            none(),
        ),
        Way("get number", 500, "internal_error", |s| s.outage_until = Some(later(s)), own, none()),
        Way("get number", 500, "service_unavailable", |s| s.outage_until = Some(later(s)), own, none()),
        Way("get number", 500, "database_error", |s| s.outage_until = Some(later(s)), own, none()),
        Way("post number", 400, "example", |_| {}, own, json!({"pin": "12345"})),
        Way("post number", 422, "example", verified, own, none()),
        Way("post settings", 400, "MissingFeatureSetting", |_| {}, own, json!({})),
        Way(
            "post settings",
            403,
            "FeatureNotSupported",
            |_| {},
            own,
            json!({"storage_configuration": {"status": "NO_STORAGE_ENABLED", "retention_minutes": 60}}),
        ),
        Way("post conversational_automation", 400, "invalid_command_name", verified, own, command("a-b", 1)),
        Way(
            "post conversational_automation",
            400,
            "too_many_prompts",
            verified,
            own,
            json!({"prompts": ["a", "b", "c", "d", "e"]}),
        ),
        Way(
            "post conversational_automation",
            400,
            "prompt_too_long",
            verified,
            own,
            json!({"prompts": ["x".repeat(81)]}),
        ),
        Way("post conversational_automation", 422, "phone_not_verified", |_| {}, own, none()),
        Way("post conversational_automation", 422, "duplicate_command", verified, own, command("help", 2)),
        Way("get whatsapp_business_profile", 400, "example", |_| {}, "/v23.0/x/whatsapp_business_profile", none()),
        Way("get whatsapp_business_profile", 422, "example", |_| {}, "fields", none()),
        Way(
            "post whatsapp_business_profile",
            400,
            "example",
            |_| {},
            own,
            json!({"messaging_product": "whatsapp", "email": "x"}),
        ),
        Way(
            "post whatsapp_business_profile",
            422,
            "example",
            |_| {},
            own,
            json!({"messaging_product": "whatsapp", "profile_picture_handle": "x"}),
        ),
        Way("get official_business_account", 400, "example", |_| {}, "/v23.0/x/official_business_account", none()),
        Way("get official_business_account", 422, "example", |_| {}, "fields", none()),
        Way(
            "post official_business_account",
            400,
            "invalid_action",
            |s| number(s).official.status = "PENDING".into(),
            own,
            none(),
        ),
        Way(
            "post official_business_account",
            400,
            "missing_data",
            |_| {},
            own,
            json!({"action": "SUBMIT_APPLICATION"}),
        ),
        Way(
            "post official_business_account",
            409,
            "invalid_transition",
            |_| {},
            own,
            json!({"action": "WITHDRAW_APPLICATION"}),
        ),
        Way(
            "post official_business_account",
            422,
            "invalid_data",
            |_| {},
            own,
            application("Lucky Shrub", "ftp://lucky-shrub.example"),
        ),
        Way(
            "post official_business_account",
            422,
            "business_rules",
            |_| {},
            own,
            application(&"x".repeat(256), "https://lucky-shrub.example"),
        ),
        Way("post official_business_account", 429, "rate_limit", used_up, own, none()),
        Way(
            "post official_business_account",
            429,
            "application_limit",
            |s| number(s).official.applications = vec![at(0); 5],
            own,
            none(),
        ),
        Way("get phone_numbers", 400, "example", |_| {}, "/v23.0/102290129340398/phone_numbers?filtering=%7B", none()),
        Way("get phone_numbers", 422, "example", |_| {}, "fields", none()),
        Way("post phone_numbers", 400, "example", |_| {}, own, add("CALL ME")),
        Way(
            "post phone_numbers",
            403,
            "example",
            |s| {
                s.numbers.insert("7".into(), Number::new(State::ACCOUNT, "1", "16315551001"));
            },
            own,
            none(),
        ),
        Way("post phone_numbers", 409, "example", |_| {}, own, add("5550783881")),
        Way(
            "post phone_numbers",
            422,
            "example",
            |_| {},
            own,
            json!({"phone_number": "631555100012345", "cc": "44", "verified_name": "Lucky Shrub"}),
        ),
        Way("post phone_numbers", 429, "example", |s| account(s).numbers_added = vec![at(0); 20], own, none()),
        Way("get subscribed_apps", 400, "example", |_| {}, "/v23.0/x/subscribed_apps", none()),
        Way("get subscribed_apps", 422, "example", |_| {}, "fields", none()),
        Way("post subscribed_apps", 400, "example", |_| {}, own, json!({"override_callback_uri": "nowhere"})),
        Way(
            "post subscribed_apps",
            422,
            "example",
            |_| {},
            "refused callback",
            json!({"override_callback_uri": "https://lucky-shrub.example", "verify_token": "x"}),
        ),
        Way("delete subscribed_apps", 400, "example", |_| {}, "/v23.0/x/subscribed_apps", none()),
    ]
}

/// Operation, status and name of an example that nothing provokes, and why.
const UNPROVOKED: &[(&str, u16, &str, &str)] = &[
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

fn examples(document: &Value) -> Vec<Example> {
    let mut found = Vec::new();
    for operation in OPERATIONS {
        let (method, edge) = operation.split_once(' ').unwrap();
        let node = if is_of_account(operation) { "WABA-ID" } else { "Phone-Number-ID" };
        let edge = if edge == "number" { String::new() } else { format!("/{edge}") };
        let responses = &document["paths"][format!("/{{Version}}/{{{node}}}{edge}")][method]["responses"];
        for (status, response) in responses.as_object().unwrap().iter().filter(|(status, _)| *status != "200") {
            let content = &resolve(document, response)["content"]["application/json"];
            let named = content["examples"].as_object().into_iter().flatten();
            let named = named.map(|(name, example)| (name.clone(), resolve(document, example)["value"].clone()));
            let single = content.get("example").map(|example| ("example".to_owned(), example.clone()));
            for (name, example) in named.chain(single) {
                let (operation, status) = ((*operation).to_owned(), status.parse().unwrap());
                found.push(Example { operation, status, name, error: example["error"].clone() });
            }
        }
    }
    found
}

/// The status and the error that the way leads to.
fn go(operation: &str, way: &Way) -> (u16, Value) {
    let Way(_, _, _, set_up, path, body) = way;
    let mut state = State::demo(1);
    state.rules.face = Face::Description;
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
    if way.4 == "no token" {
        request.headers_mut().remove("authorization");
    }
    let now = engine.now();
    let response = match way.4 {
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
    let Some(document) = document() else {
        return;
    };
    let (ways, examples) = (ways(), examples(&document));
    let (mut wrong, mut gone) = (Vec::new(), BTreeSet::new());
    let mut provoked = 0;
    for Example { operation, status, name, error } in &examples {
        let is_this = |place: &str, at: u16, of: &str| place == operation && at == *status && of == name;
        // A way of the operation itself goes before one for all.
        let exact = ways.iter().position(|way| is_this(way.0, way.1, way.2));
        let way = exact.or_else(|| ways.iter().position(|way| way.0 == "*" && way.1 == *status && way.2 == name));
        let listed = UNPROVOKED.iter().position(|known| is_this(known.0, known.1, known.2));
        gone.extend(exact.map(|place| format!("{} {} {}", ways[place].0, ways[place].1, ways[place].2)));
        match (way, listed) {
            (Some(way), None) => {
                provoked += 1;
                let (seen, answer) = go(operation, &ways[way]);
                if members(seen, &answer) != members(*status, error) {
                    wrong.push(format!("{operation}, {status} {name}: {answer} {error}"));
                }
            }
            (None, Some(_)) => {
                // By its text, since another example may have the same members.
                let may_go = |way: &&Way| way.0 == operation || way.0 == "*";
                if ways.iter().filter(may_go).any(|way| go(operation, way).1["message"] == error["message"]) {
                    wrong.push(format!("{operation}, {status} {name} is provoked after all"));
                }
            }
            (None, None) => wrong.push(format!("{operation}, {status} {name} is new: {error}")),
            (Some(_), Some(_)) => wrong.push(format!("{operation}, {status} {name} is listed twice")),
        }
    }
    for way in ways.iter().filter(|way| way.0 != "*") {
        let name = format!("{} {} {}", way.0, way.1, way.2);
        if !gone.contains(&name) {
            wrong.push(format!("{name} is an example no more"));
        }
    }
    for (operation, status, name, _) in UNPROVOKED {
        if !examples.iter().any(|e| (&*e.operation, e.status, &*e.name) == (*operation, *status, *name)) {
            wrong.push(format!("{operation}, {status} {name} is an example no more"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(provoked + UNPROVOKED.len(), examples.len());
}
