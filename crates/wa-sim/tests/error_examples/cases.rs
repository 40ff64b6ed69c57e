//! How each error example is provoked.

use std::time::Duration;

use serde_json::{Value, json};
use wa_sim::{Number, State};

use crate::common::*;

/// A case to an error: operation, status, name of the example, state, path, body. `*` stands for all operations.
pub(crate) struct Case(
    pub(crate) &'static str,
    pub(crate) u16,
    pub(crate) &'static str,
    pub(crate) fn(&mut State),
    pub(crate) &'static str,
    pub(crate) Value,
);

pub(crate) fn application(name: &str, url: &str) -> Value {
    let data = json!({"business_name": name, "website_url": url});
    json!({"action": "SUBMIT_APPLICATION", "application_data": data})
}

pub(crate) fn add(digits: &str) -> Value {
    json!({"phone_number": digits, "cc": "1", "verified_name": "Lucky Shrub"})
}

fn command(name: &str, times: usize) -> Value {
    json!({"commands": vec![json!({"command_name": name, "command_description": "x"}); times]})
}

pub(crate) fn cases() -> Vec<Case> {
    let none = || Value::Null;
    let own = "own";
    vec![
        Case("*", 401, "example", |s| s.tokens.clear(), own, none()),
        Case("*", 403, "example", |s| token(s).permissions = ["business_management".to_owned()].into(), own, none()),
        Case(
            "*",
            403,
            "InsufficientPermissions",
            |s| token(s).permissions = ["business_management".to_owned()].into(),
            own,
            none(),
        ),
        Case("*", 404, "example", |_| {}, "unknown", none()),
        Case("*", 429, "example", used_up, own, none()),
        Case("*", 500, "example", |s| s.outage_until = Some(later(s)), own, none()),
        Case("*", 400, "MalformedRequest", |_| {}, own, json!("no object")),
        Case("post register", 400, "example", |_| {}, own, json!({"messaging_product": "whatsapp", "pin": "12345"})),
        Case(
            "post register",
            422,
            "example",
            |s| {
                connected(s);
                s.rules.register_again_is_refused = true;
            },
            own,
            none(),
        ),
        Case("post register", 429, "example", |s| tried(s, 10), own, none()),
        Case("post deregister", 400, "phone_not_linked", |s| _ = on_premises(s), own, none()),
        Case(
            "post deregister",
            400,
            "smb_account_error",
            |s| {
                connected(s);
                number(s).on_business_app = true;
            },
            own,
            none(),
        ),
        Case("post deregister", 400, "phone_not_registered", verified, own, none()),
        Case(
            "post deregister",
            422,
            "example",
            |s| {
                connected(s);
                number(s).maintenance_until = Some(later(s));
            },
            own,
            none(),
        ),
        Case(
            "post deregister",
            429,
            "example",
            |s| {
                connected(s);
                tried(s, 10);
            },
            own,
            none(),
        ),
        Case("post request_code", 400, "example", |_| {}, own, json!({"code_method": "PIGEON", "language": "en_US"})),
        Case("post request_code", 422, "example", verified, own, none()),
        Case("post verify_code", 400, "example", |_| {}, own, json!({"code": "12345"})),
        Case("post verify_code", 422, "example", |s| sent(s, at(0)), own, none()),
        Case(
            "post verify_code",
            429,
            "example",
            |s| {
                sent(s, later(s));
                number(s).code.sent.as_mut().unwrap().guesses = 10;
            },
            own,
            none(),
        ),
        Case("get number", 400, "invalid_version", |_| {}, "/v23/106540352242922", none()),
        Case("get number", 400, "invalid_phone_id", |_| {}, "/v23.0/PHONE_NUMBER_ID", none()),
        Case("get number", 400, "invalid_fields", |_| {}, "/v23.0/106540352242922?fields=nickname", none()),
        Case("get number", 401, "invalid_token", |s| s.tokens.clear(), own, none()),
        Case("get number", 401, "expired_token", |s| token(s).expires = Some(at(0)), own, none()),
        Case("get number", 401, "missing_token", |_| {}, "no token", none()),
        Case(
            "get number",
            403,
            "insufficient_permissions",
            |s| token(s).permissions = ["business_management".to_owned()].into(),
            own,
            none(),
        ),
        Case("get number", 403, "not_linked_to_waba", |s| account(s).apps.clear(), own, none()),
        Case("get number", 403, "missing_permissions", |s| token(s).permissions.clear(), own, none()),
        Case("get number", 404, "phone_not_found", |_| {}, "unknown", none()),
        Case("get number", 404, "deleted_phone", |s| number(s).is_deleted = true, own, none()),
        Case("get number", 404, "waba_not_found", |s| s.accounts.clear(), own, none()),
        Case(
            "get number",
            422,
            "temporarily_unavailable",
            |s| number(s).maintenance_until = Some(later(s)),
            own,
            none(),
        ),
        Case("get number", 429, "rate_limit_exceeded", used_up, own, none()),
        Case(
            "get number",
            429,
            "business_rate_limit",
            |s| account(s).budget = serde_json::from_value(json!({"since": s.now, "calls": 200})).unwrap(),
            own,
            none(),
        ),
        Case("get number", 500, "internal_error", |s| s.outage_until = Some(later(s)), own, none()),
        Case("get number", 500, "service_unavailable", |s| s.outage_until = Some(later(s)), own, none()),
        Case("get number", 500, "database_error", |s| s.outage_until = Some(later(s)), own, none()),
        Case("post number", 400, "example", |_| {}, own, json!({"pin": "12345"})),
        Case("post number", 422, "example", |s| s.rules.pin_needs_registration = true, own, none()),
        Case("post settings", 400, "MissingFeatureSetting", |_| {}, own, json!({})),
        Case(
            "post settings",
            403,
            "FeatureNotSupported",
            |_| {},
            own,
            json!({"storage_configuration": {"status": "NO_STORAGE_ENABLED", "retention_minutes": 60}}),
        ),
        Case("post conversational_automation", 400, "invalid_command_name", verified, own, command("a-b", 1)),
        Case(
            "post conversational_automation",
            400,
            "too_many_prompts",
            verified,
            own,
            json!({"prompts": ["a", "b", "c", "d", "e"]}),
        ),
        Case(
            "post conversational_automation",
            400,
            "prompt_too_long",
            verified,
            own,
            json!({"prompts": ["x".repeat(81)]}),
        ),
        Case("post conversational_automation", 422, "phone_not_verified", |_| {}, own, none()),
        Case("post conversational_automation", 422, "duplicate_command", verified, own, command("help", 2)),
        Case("get whatsapp_business_profile", 400, "example", |_| {}, "/v23.0/x/whatsapp_business_profile", none()),
        Case("get whatsapp_business_profile", 422, "example", |_| {}, "fields", none()),
        Case(
            "post whatsapp_business_profile",
            400,
            "example",
            |_| {},
            own,
            json!({"messaging_product": "whatsapp", "email": "x"}),
        ),
        Case(
            "post whatsapp_business_profile",
            422,
            "example",
            |_| {},
            own,
            json!({"messaging_product": "whatsapp", "profile_picture_handle": "x"}),
        ),
        Case("get official_business_account", 400, "example", |_| {}, "/v23.0/x/official_business_account", none()),
        Case("get official_business_account", 422, "example", |_| {}, "fields", none()),
        Case(
            "post official_business_account",
            400,
            "invalid_action",
            |s| number(s).official.status = "PENDING".into(),
            own,
            none(),
        ),
        Case(
            "post official_business_account",
            400,
            "missing_data",
            |_| {},
            own,
            json!({"action": "SUBMIT_APPLICATION"}),
        ),
        Case(
            "post official_business_account",
            409,
            "invalid_transition",
            |_| {},
            own,
            json!({"action": "WITHDRAW_APPLICATION"}),
        ),
        Case(
            "post official_business_account",
            422,
            "invalid_data",
            |_| {},
            own,
            application("Lucky Shrub", "ftp://lucky-shrub.example"),
        ),
        Case(
            "post official_business_account",
            422,
            "business_rules",
            |_| {},
            own,
            application(&"x".repeat(256), "https://lucky-shrub.example"),
        ),
        Case("post official_business_account", 429, "rate_limit", used_up, own, none()),
        Case(
            "post official_business_account",
            429,
            "application_limit",
            |s| number(s).official.applications = vec![at(0); 5],
            own,
            none(),
        ),
        Case("get phone_numbers", 400, "example", |_| {}, "/v23.0/102290129340398/phone_numbers?filtering=%7B", none()),
        Case("get phone_numbers", 422, "example", |_| {}, "fields", none()),
        Case("post phone_numbers", 400, "example", |_| {}, own, add("CALL ME")),
        Case(
            "post phone_numbers",
            403,
            "example",
            |s| {
                s.numbers.insert("7".into(), Number::new(State::ACCOUNT, "1", "16315551001"));
            },
            own,
            none(),
        ),
        Case("post phone_numbers", 409, "example", |_| {}, own, add("5550783881")),
        Case(
            "post phone_numbers",
            422,
            "example",
            |_| {},
            own,
            json!({"phone_number": "631555100012345", "cc": "44", "verified_name": "Lucky Shrub"}),
        ),
        Case("post phone_numbers", 429, "example", |s| account(s).numbers_added = vec![at(0); 20], own, none()),
        Case("get subscribed_apps", 400, "example", |_| {}, "/v23.0/x/subscribed_apps", none()),
        Case("get subscribed_apps", 422, "example", |_| {}, "fields", none()),
        Case("post subscribed_apps", 400, "example", |_| {}, own, json!({"override_callback_uri": "nowhere"})),
        Case(
            "post subscribed_apps",
            422,
            "example",
            |s| _ = account(s).subscriptions.insert(State::APP.to_owned(), None),
            "refused callback",
            json!({"override_callback_uri": "https://lucky-shrub.example", "verify_token": "x"}),
        ),
        Case("delete subscribed_apps", 400, "example", |_| {}, "/v23.0/x/subscribed_apps", none()),
    ]
}

fn later(state: &State) -> wa_sim::Time {
    state.now + Duration::from_secs(60)
}

fn used_up(state: &mut State) {
    let budget = &mut state.apps.get_mut(State::APP).unwrap().budget;
    (budget.since, budget.calls) = (state.now, state.rules.app_calls);
}
