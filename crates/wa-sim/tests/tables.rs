//! What happens when: every condition in both error styles. The codes of the first error_style are those of Meta's error pages, those
//! of the second the examples of its API description v23.0.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use http::Response;
use serde_json::{Value, json};
use wa_sim::{Ban, Engine, ErrorStyle, Number, Review, State, Storage};

use common::*;

/// Status, code, subcode; nothing is success.
type Seen = Option<(u16, i64, Option<i64>)>;

struct Case {
    name: &'static str,
    set_up: fn(&mut State),
    call: (&'static str, String, Value),
    code: Seen,
    description: Seen,
}

fn case(name: &'static str, set_up: fn(&mut State), line: &'static str, body: Value) -> Case {
    let (method, path) = line.split_once(' ').unwrap();
    let path = path.replace("{n}", N).replace("{w}", State::ACCOUNT);
    Case { name, set_up, call: (method, format!("/v23.0{path}"), body), code: None, description: None }
}

impl Case {
    fn path(mut self, path: &str) -> Self {
        self.call.1 = path.to_owned();
        self
    }

    fn code(mut self, status: u16, code: i64, subcode: impl Into<Option<i64>>) -> Self {
        self.code = Some((status, code, subcode.into()));
        self
    }

    fn description(mut self, status: u16, code: i64, subcode: impl Into<Option<i64>>) -> Self {
        self.description = Some((status, code, subcode.into()));
        self
    }

    fn both(self, status: u16, code: i64, subcode: impl Into<Option<i64>> + Copy) -> Self {
        self.code(status, code, subcode).description(status, code, subcode)
    }
}

fn cases() -> Vec<Case> {
    let read = || Value::Null;
    vec![
        // For every call.
        case("no token", |s| s.tokens.clear(), "GET /{n}", read()).code(401, 190, None).description(401, 190, 463),
        case("expired", |s| token(s).expires = Some(at(1)), "GET /{n}", read())
            .code(401, 190, 463)
            .description(401, 190, 463),
        case("version", fresh, "GET /{n}", read()).path("/v23/106540352242922").code(400, 2500, None).description(400, 100, None),
        case("no version", fresh, "GET /{n}", read()).path("/106540352242922").code(400, 2500, None).description(400, 100, None),
        case("unknown", fresh, "GET /77", read()).code(400, 100, 33).description(404, 803, None),
        case("not numeric", fresh, "GET /PHONE_NUMBER_ID", read()).code(400, 100, 33).description(400, 100, None),
        case("not visible", |s| token(s).accounts = Some([].into()), "GET /{n}", read())
            .code(400, 100, 33)
            .description(404, 803, None),
        case("unknown account", fresh, "GET /77/phone_numbers", read()).code(400, 100, 33).description(404, 803, None),
        case("a number where an account belongs", fresh, "GET /{n}/phone_numbers", read())
            .code(400, 100, 33)
            .description(404, 803, None),
        case("other permission", |s| token(s).permissions.retain(|p| p.ends_with("messaging")), "GET /{n}", read())
            .code(403, 200, None)
            .description(403, 200, 1_349_174),
        case("either permission registers", |s| { verified(s); token(s).permissions.retain(|p| p.ends_with("messaging")) }, "POST /{n}/register", register()),
        case("no permission", |s| token(s).permissions.clear(), "GET /{n}", read())
            .code(403, 200, None)
            .description(403, 200, 1_349_176),
        case("not linked", |s| account(s).apps.clear(), "GET /{n}", read()).code(403, 200, None).description(403, 200, 1_349_175),
        case("budget", |s| { account(s).budget.since = at(0); account(s).budget.calls = 200 }, "GET /{n}", read())
            .code(400, 80_007, None)
            .description(429, 80_007, 2_446_079),
        case("budget with a registered number", |s| { connected(s); account(s).budget.since = at(0); account(s).budget.calls = 4_999 }, "GET /{n}", read()),
        case("budget of the app", |s| { s.apps.get_mut(State::APP).unwrap().budget.since = at(0); s.apps.get_mut(State::APP).unwrap().budget.calls = 10_000 }, "GET /{n}", read())
            .code(400, 4, None)
            .description(429, 4, 2_446_079),
        case("the service is down", |s| s.outage_until = Some(at(0) + Duration::from_secs(1)), "GET /{w}/phone_numbers", read()).both(500, 2, None),
        case("the service is up again", |s| s.outage_until = Some(at(0)), "GET /{w}/phone_numbers", read()),
        case("deleted", |s| number(s).is_deleted = true, "GET /{n}", read()).code(400, 100, 33).description(404, 803, None),
        case("account gone", |s| s.accounts.clear(), "GET /{n}", read()).code(400, 100, 33).description(404, 803, None),
        case("missing", fresh, "POST /{n}/register", json!({"messaging_product": "whatsapp"})).both(400, 100, None),
        case("wrong type", fresh, "POST /{n}/register", json!({"messaging_product": "whatsapp", "pin": 123_456})).both(400, 100, None),
        case("unknown word", fresh, "POST /{n}/request_code", json!({"code_method": "PIGEON", "language": "en"})).both(400, 100, None),
        case("unknown member", fresh, "POST /{n}/verify_code", json!({"code": "123456", "otp": "1"})).both(400, 100, None),
        case("unknown members are taken", |s| { s.rules.unknown_members_are_refused = false; sent(s, at(0) + Duration::from_secs(1)) }, "POST /{n}/verify_code", json!({"code": "123456", "otp": "1"})),
        case("unknown field", fresh, "GET /{n}?fields=id,nickname", read()).both(400, 100, None),

        // Registering.
        case("register", verified, "POST /{n}/register", register()),
        case("tenth attempt", |s| { verified(s); tried(s, 9) }, "POST /{n}/register", register()),
        case("eleventh attempt", |s| { verified(s); tried(s, 10) }, "POST /{n}/register", register())
            .code(400, 133_016, None)
            .description(429, 4, 2_446_079),
        case("locked", |s| { verified(s); number(s).attempts.locked_until = Some(at(0) + Duration::from_secs(1)) }, "POST /{n}/register", register())
            .code(400, 133_016, None)
            .description(429, 4, 2_446_079),
        case("lock over", |s| { verified(s); number(s).attempts.locked_until = Some(at(0)) }, "POST /{n}/register", register()),
        case("account banned", |s| { verified(s); account(s).is_locked = true }, "POST /{n}/register", register())
            .code(403, 131_031, None)
            .description(422, 100, None),
        case("account in review", |s| { verified(s); account(s).review = Review::Pending }, "POST /{n}/register", register())
            .code(403, 131_031, None)
            .description(422, 100, None),
        case("number banned", |s| { verified(s); number(s).ban = Some(Ban::Banned) }, "POST /{n}/register", register())
            .code(403, 131_031, None)
            .description(422, 100, None),
        case("never verified", fresh, "POST /{n}/register", register()).code(400, 133_006, None).description(422, 100, None),
        case("verified too long ago", |s| number(s).code.verified_at = Some(at(14 * 24 * HOUR)), "POST /{n}/register", register())
            .code(400, 133_006, None)
            .description(422, 100, None),
        case("name in review", |s| { verified(s); number(s).name_status = "PENDING_REVIEW".into() }, "POST /{n}/register", register())
            .code(400, 100, 2_388_001)
            .description(422, 100, None),
        case("name in review does not matter", |s| { verified(s); number(s).name_status = "PENDING_REVIEW".into(); s.rules.name_must_be_usable = false }, "POST /{n}/register", register()),
        case("attached elsewhere", |s| { verified(s); number(s).attached_elsewhere = true }, "POST /{n}/register", register())
            .code(400, 100, 2_388_001)
            .description(422, 100, None),
        case("wrong PIN", |s| { verified(s); number(s).pin.value = Some("000000".into()) }, "POST /{n}/register", register())
            .code(400, 133_005, None)
            .description(400, 100, None),
        case("three wrong PINs in a minute", |s| { verified(s); number(s).pin.guesses = vec![at(1_000); 3] }, "POST /{n}/register", register())
            .code(400, 133_009, None)
            .description(400, 100, None),
        case("ten wrong PINs in a day", |s| { verified(s); number(s).pin.guesses = vec![at(HOUR); 10] }, "POST /{n}/register", register())
            .code(400, 133_008, None)
            .description(400, 100, None),
        case("maintenance", |s| { verified(s); number(s).maintenance_until = Some(at(0) + Duration::from_secs(1)) }, "POST /{n}/register", register())
            .code(500, 131_057, None)
            .description(500, 2, None),
        case("half deregistered", |s| { verified(s); number(s).half_deregistered = true }, "POST /{n}/register", register())
            .code(500, 133_000, None)
            .description(422, 100, None),
        case("just deregistered", |s| { verified(s); number(s).deregistered_at = Some(at(5 * MINUTE - 1)) }, "POST /{n}/register", register())
            .code(400, 133_015, None)
            .description(422, 100, None),
        case("deregistered a while ago", |s| { verified(s); number(s).deregistered_at = Some(at(5 * MINUTE)) }, "POST /{n}/register", register()),
        case("region", |s| { verified(s); s.rules.strict_region = false }, "POST /{n}/register", json!({"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "CH"})),
        case("strict region", verified, "POST /{n}/register", json!({"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "CH"}))
            .both(400, 100, None),
        case("strict region, wrong PIN first", |s| { verified(s); number(s).pin.value = Some("000000".into()) }, "POST /{n}/register", json!({"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "CH"}))
            .code(400, 133_005, None)
            .description(400, 100, None),
        // Meta's page on versions: v20 ended on 24 September 2026 and is served as v21.
        case("strict region, asked of v20", verified, "POST /{n}/register", json!({"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "CH"}))
            .path("/v20.0/106540352242922/register")
            .both(400, 100, None),
        case("strict region, of a living v20", |s| { verified(s); s.rules.oldest_version = 20 }, "POST /{n}/register", json!({"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "CH"}))
            .path("/v20.0/106540352242922/register"),
        case("a version to come", fresh, "GET /{n}", read()).path("/v27.0/106540352242922").code(400, 2500, None).description(400, 100, None),
        case("a version with a minor one", fresh, "GET /{n}", read()).path("/v23.1/106540352242922").code(400, 2500, None).description(400, 100, None),
        case("region that is none", verified, "POST /{n}/register", json!({"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "US"}))
            .both(400, 100, None),
        case("other region while registered", |s| { connected(s); number(s).storage = Storage::Local("AU".into()) }, "POST /{n}/register", json!({"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "CH"}))
            .both(400, 100, None),
        case("same region while registered", |s| { connected(s); s.rules.strict_region = false; number(s).storage = Storage::Local("CH".into()) }, "POST /{n}/register", json!({"messaging_product": "whatsapp", "pin": "123456", "data_localization_region": "CH"})),
        case("again", connected, "POST /{n}/register", register()),
        case("again is refused", |s| { connected(s); s.rules.register_again_is_refused = true }, "POST /{n}/register", register())
            .code(400, 100, None)
            .description(422, 100, None),

        // Migrating.
        case("migrate", |s| _ = on_premises(s), "POST /{n}/register", migrate()),
        case("migrate, wrong PIN", |s| { on_premises(s); number(s).pin.value = Some("000000".into()) }, "POST /{n}/register", migrate())
            .code(400, 133_005, None)
            .description(400, 100, None),
        case("migrate, unreadable", |s| on_premises(s).backup = Some(serde_json::from_str(r#"{"data": "other", "password": "secret"}"#).unwrap()), "POST /{n}/register", migrate())
            .code(400, 133_002, None)
            .description(400, 100, None),
        case("migrate, wrong password", |s| on_premises(s).backup = Some(serde_json::from_str(r#"{"data": "blob", "password": "other"}"#).unwrap()), "POST /{n}/register", migrate())
            .code(400, 133_001, None)
            .description(400, 100, None),
        case("migrate, region expected", |s| on_premises(s).region = Some("CH".into()), "POST /{n}/register", migrate()).both(400, 100, None),
        case("migrate, region given before", |s| { on_premises(s).region = Some("CH".into()); number(s).storage = Storage::Local("CH".into()) }, "POST /{n}/register", migrate()),

        // Deregistering.
        case("deregister", connected, "POST /{n}/deregister", read()),
        case("deregister, eleventh attempt", |s| { connected(s); tried(s, 10) }, "POST /{n}/deregister", read())
            .code(400, 133_016, None)
            .description(429, 4, 2_446_079),
        case("deregister, not registered", verified, "POST /{n}/deregister", read()).code(400, 133_010, None).description(400, 100, 2_207_051),
        case("deregister, served by On-Premises", |s| _ = on_premises(s), "POST /{n}/deregister", read())
            .code(400, 133_010, None)
            .description(400, 100, None),
        case("deregister, under maintenance", |s| { connected(s); number(s).maintenance_until = Some(at(0) + Duration::from_secs(1)) }, "POST /{n}/deregister", read())
            .code(500, 131_057, None)
            .description(422, 100, None),
        case("deregister, on the app too", |s| { connected(s); number(s).on_business_app = true }, "POST /{n}/deregister", read()).both(400, 100, None),
        case("deregister, the other half", |s| { verified(s); number(s).half_deregistered = true }, "POST /{n}/deregister", read()),

        // Codes.
        case("code", fresh, "POST /{n}/request_code", code()),
        case("code, verified", verified, "POST /{n}/request_code", code()).code(400, 136_024, 2_388_366).description(422, 100, None),
        case("code, too many", |s| number(s).code.requests = vec![at(HOUR - 1); 5], "POST /{n}/request_code", code())
            .code(400, 136_024, 2_388_367)
            .description(429, 4, 2_446_079),
        case("verify", |s| sent(s, at(0) + Duration::from_secs(1)), "POST /{n}/verify_code", json!({"code": "123456"})),
        case("verify, wrong", |s| sent(s, at(0) + Duration::from_secs(1)), "POST /{n}/verify_code", json!({"code": "654321"}))
            .code(400, 136_025, None)
            .description(422, 100, None),
        case("verify, expired", |s| sent(s, at(0)), "POST /{n}/verify_code", json!({"code": "123456"}))
            .code(400, 136_025, None)
            .description(422, 100, None),
        case("verify, guessed too often", |s| { sent(s, at(0) + Duration::from_secs(1)); number(s).code.sent.as_mut().unwrap().guesses = 10 }, "POST /{n}/verify_code", json!({"code": "123456"}))
            .code(400, 136_025, None)
            .description(429, 4, 2_446_079),
        case("verify, nothing requested", fresh, "POST /{n}/verify_code", json!({"code": "123456"}))
            .code(400, 136_025, 2_388_093)
            .description(422, 100, None),
        case("verify, verified", verified, "POST /{n}/verify_code", json!({"code": "123456"}))
            .code(400, 136_025, 2_388_093)
            .description(422, 100, None),
        case("verify, with a dash", fresh, "POST /{n}/verify_code", json!({"code": "123-456"})).both(400, 100, None),

        // The rest.
        case("name", fresh, "POST /{n}", json!({"new_display_name": "New Name"})),
        case("name too short", fresh, "POST /{n}", json!({"new_display_name": "N"})).both(400, 100, None),
        case("PIN", connected, "POST /{n}", json!({"pin": "000000"})),
        case("PIN, not registered", verified, "POST /{n}", json!({"pin": "000000"})),
        case("PIN, not registered, which it must be", |s| { verified(s); s.rules.pin_needs_registration = true }, "POST /{n}", json!({"pin": "000000"})).code(400, 133_010, None).description(422, 100, None),
        case("callback nowhere", fresh, "POST /{n}", json!({"webhook_configuration": {"override_callback_uri": "nowhere"}})).both(400, 100, None),
        case("PIN too short", fresh, "POST /{n}", json!({"pin": "00000"})).code(400, 100, 2_388_092).description(400, 100, None),
        case("PIN of letters", verified, "POST /{n}/register", json!({"messaging_product": "whatsapp", "pin": "12345x"})).code(400, 100, 2_388_092).description(400, 100, None),
        // Seen in production: a registered number reads EXPIRED, which is no obstacle to anything.
        case("register again, verified long ago", |s| { connected(s); number(s).code.verified_at = Some(at(400 * 24 * HOUR)) }, "POST /{n}/register", register()),
        case("register again, never verified", |s| { connected(s); number(s).code.verified_at = None }, "POST /{n}/register", register()),
        case("register, connected to nothing", |s| { verified(s); number(s).reads_connected = true }, "POST /{n}/register", register()),
        case("register, no name", |s| { verified(s); number(s).name_status = "NON_EXISTS".into() }, "POST /{n}/register", register())
            .code(400, 100, 2_388_001)
            .description(422, 100, None),
        case("register on the app", |s| { connected(s); number(s).on_business_app = true }, "POST /{n}/register", register()).both(400, 100, None),
        case("register on the app, which loses it", |s| { connected(s); number(s).on_business_app = true; s.rules.register_on_business_app = wa_sim::RegisterOnBusinessApp::Disconnects }, "POST /{n}/register", register()),
        case("storage on the app", |s| number(s).on_business_app = true, "POST /{n}/settings", json!({"storage_configuration": {"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": "CA"}})).both(400, 100, None),
        case("contacts of the app", |s| { connected(s); number(s).on_business_app = true }, "POST /{n}/smb_app_data", json!({"messaging_product": "whatsapp", "sync_type": "smb_app_state_sync"})),
        case("history of the app", |s| { connected(s); number(s).on_business_app = true }, "POST /{n}/smb_app_data", json!({"messaging_product": "whatsapp", "sync_type": "history"})),
        case("history of the app, again", |s| { connected(s); number(s).on_business_app = true; number(s).business_app.history_is_synced = true }, "POST /{n}/smb_app_data", json!({"messaging_product": "whatsapp", "sync_type": "history"})).both(400, 100, None),
        case("history of the app, a day later", |s| { connected(s); number(s).on_business_app = true; number(s).last_onboarded = Some(at(24 * HOUR)) }, "POST /{n}/smb_app_data", json!({"messaging_product": "whatsapp", "sync_type": "history"})).both(400, 100, None),
        case("contacts of no app", connected, "POST /{n}/smb_app_data", json!({"messaging_product": "whatsapp", "sync_type": "smb_app_state_sync"})).both(400, 100, None),
        case("ten names in 30 days", |s| number(s).name_changes = vec![at(30 * 24 * HOUR - 1); 10], "POST /{n}", json!({"new_display_name": "New Name"})).both(400, 100, None),
        case("ten names earlier", |s| number(s).name_changes = vec![at(30 * 24 * HOUR); 10], "POST /{n}", json!({"new_display_name": "New Name"})),
        case("name of an official account", |s| number(s).official.status = "APPROVED".into(), "POST /{n}", json!({"new_display_name": "New Name"})).both(400, 100, None),
        case("limit of the portfolio", fresh, "GET /{n}?fields=whatsapp_business_manager_messaging_limit", read()).path("/v24.0/106540352242922?fields=whatsapp_business_manager_messaging_limit"),
        case("limit of the portfolio, before v24", fresh, "GET /{n}?fields=id,whatsapp_business_manager_messaging_limit", read()).both(400, 100, None),
        case("template", connected, "POST /{n}/messages", template("hello_world", "en_US")),
        case("template that is none", connected, "POST /{n}/messages", template("hello_moon", "en_US")).both(404, 132_001, None),
        case("template in another language", connected, "POST /{n}/messages", template("hello_world", "de")).both(404, 132_001, None),
        case("template that is paused", |s| { connected(s); account(s).templates[0].status = "PAUSED".into() }, "POST /{n}/messages", template("hello_world", "en_US")).both(400, 132_015, None),
        case("template that is disabled", |s| { connected(s); account(s).templates[0].status = "DISABLED".into() }, "POST /{n}/messages", template("hello_world", "en_US")).both(400, 132_016, None),
        case("template without a language", connected, "POST /{n}/messages", json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "template", "template": {"name": "hello_world"}})).both(400, 100, None),
        case("message to a user id", connected, "POST /{n}/messages", json!({"messaging_product": "whatsapp", "recipient": "US.13491208655302741918", "type": "text", "text": {"body": "x"}})),
        case("message to nobody", connected, "POST /{n}/messages", json!({"messaging_product": "whatsapp", "type": "text", "text": {"body": "x"}})).both(400, 100, None),
        case("wrong proof", fresh, "GET /{n}?appsecret_proof=00", read()).both(400, 100, None),
        case("address for an app that is not subscribed", fresh, "POST /{w}/subscribed_apps", json!({"override_callback_uri": "https://a.example/", "verify_token": "t"})).both(400, 100, None),
        case("address for a subscribed app", |s| _ = account(s).subscriptions.insert(State::APP.into(), None), "POST /{w}/subscribed_apps", json!({"override_callback_uri": "https://a.example/", "verify_token": "t"})),
        case("address of a number, not subscribed", fresh, "POST /{n}", json!({"webhook_configuration": {"override_callback_uri": "https://a.example/", "verify_token": "t"}})).both(400, 100, None),
        case("welcome message, refused", |s| { verified(s); s.rules.welcome_message = wa_sim::RemovedMember::Refused }, "POST /{n}/conversational_automation", json!({"enable_welcome_message": true})).both(400, 100, None),
        case("nothing to change", fresh, "POST /{n}", json!({})).both(400, 100, None),
        case("storage", fresh, "POST /{n}/settings", json!({"storage_configuration": {"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": "CA"}})),
        case("storage while registered", connected, "POST /{n}/settings", json!({"storage_configuration": {"status": "IN_COUNTRY_STORAGE_DISABLED"}})).both(400, 100, None),
        case("storage outside the regions", fresh, "POST /{n}/settings", json!({"storage_configuration": {"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": "FR"}})).both(400, 100, None),
        case("no storage", fresh, "POST /{n}/settings", json!({"storage_configuration": {"status": "NO_STORAGE_ENABLED", "retention_minutes": 60}})).both(403, 10, None),
        case("no storage, enabled", |s| account(s).may_store_nothing = true, "POST /{n}/settings", json!({"storage_configuration": {"status": "NO_STORAGE_ENABLED", "retention_minutes": 60}})),
        case("two settings", fresh, "POST /{n}/settings", json!({"calling": {"status": "ENABLED"}, "user_identity_change": {"enabled": true}})).both(400, 100, None),
        case("message", connected, "POST /{n}/messages", text()),
        case("message, not registered", verified, "POST /{n}/messages", text()).code(400, 133_010, None).description(422, 100, None),
        case("message, under maintenance", |s| { connected(s); number(s).maintenance_until = Some(at(0) + Duration::from_secs(1)) }, "POST /{n}/messages", text())
            .code(500, 131_057, None)
            .description(500, 2, None),
        case("message, restricted", |s| { connected(s); account(s).restrictions.insert("RESTRICTED_CUSTOMER_INITIATED_MESSAGING".into(), at(0) + Duration::from_secs(1)); }, "POST /{n}/messages", text()).both(403, 368, None),
        case("message, not this restriction", |s| { connected(s); account(s).restrictions.insert("RESTRICTED_BIZ_INITIATED_MESSAGING".into(), at(0) + Duration::from_secs(1)); }, "POST /{n}/messages", text()),
        case("read receipt", connected, "POST /{n}/messages", json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"})),
        case("read receipt, not registered", verified, "POST /{n}/messages", json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.1"})).code(400, 133_010, None).description(422, 100, None),
        case("message, too long", connected, "POST /{n}/messages", json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "text", "text": {"body": "x".repeat(4_097)}})).both(400, 100, None),
        case("message, longest", connected, "POST /{n}/messages", json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "text", "text": {"body": "ü".repeat(4_096)}})),
        case("message, not on the list", |s| { connected(s); number(s).allowed_recipients = Some([].into()) }, "POST /{n}/messages", text()).both(400, 131_030, None),
        case("message of no type", connected, "POST /{n}/messages", json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "pigeon"})).both(400, 131_051, None),
        case("add", fresh, "POST /{w}/phone_numbers", json!({"phone_number": "6315551000", "cc": "1", "verified_name": "A Name"})),
        case("add twice", fresh, "POST /{w}/phone_numbers", json!({"phone_number": "15550783881", "cc": "1", "verified_name": "A Name"}))
            .code(400, 2_388_012, None)
            .description(409, 100, None),
        case("add a third", |s| { let other = Number::new(State::ACCOUNT, "1", "16315551001"); s.numbers.insert("7".into(), other); }, "POST /{w}/phone_numbers", json!({"phone_number": "6315551000", "cc": "1", "verified_name": "A Name"})).both(403, 200, 1_349_175),
        case("add, restricted", |s| { account(s).restrictions.insert("RESTRICTED_ADD_PHONE_NUMBER_ACTION".into(), at(0) + Duration::from_secs(1)); }, "POST /{w}/phone_numbers", json!({"phone_number": "6315551000", "cc": "1", "verified_name": "A Name"})).both(400, 200_000, 2_388_107),
        case("add, restriction over", |s| { account(s).restrictions.insert("RESTRICTED_ADD_PHONE_NUMBER_ACTION".into(), at(0)); }, "POST /{w}/phone_numbers", json!({"phone_number": "6315551000", "cc": "1", "verified_name": "A Name"})),
        case("add what is elsewhere", |s| { s.numbers.insert("7".into(), Number::new("8", "1", "16315551000")); }, "POST /{w}/phone_numbers", json!({"phone_number": "6315551000", "cc": "1", "verified_name": "A Name"}))
            .code(400, 200_000, 2_388_002)
            .description(409, 100, None),
        case("add and migrate", |s| { s.numbers.insert("7".into(), Number::new("8", "1", "16315551000")); }, "POST /{w}/phone_numbers", json!({"phone_number": "6315551000", "cc": "1", "verified_name": "A Name", "migrate_phone_number": true})),
        case("add in place of a deleted one", |s| { number(s).is_deleted = true; s.numbers.insert("7".into(), Number::new(State::ACCOUNT, "1", "16315551001")); }, "POST /{w}/phone_numbers", json!({"phone_number": "5550783881", "cc": "1", "verified_name": "A Name"})),
        case("add too many an hour", |s| account(s).numbers_added = vec![at(HOUR - 1); 20], "POST /{w}/phone_numbers", json!({"phone_number": "6315551000", "cc": "1", "verified_name": "A Name"}))
            .code(400, 4, 2_446_080)
            .description(429, 4, 2_446_080),
        case("add, too long with its code", fresh, "POST /{w}/phone_numbers", json!({"phone_number": "631555100012345", "cc": "44", "verified_name": "A Name"}))
            .code(400, 136_021, None)
            .description(422, 100, None),
        case("add nonsense", fresh, "POST /{w}/phone_numbers", json!({"phone_number": "CALL ME", "cc": "1", "verified_name": "A Name"}))
            .code(400, 136_021, None)
            .description(400, 100, None),
        case("list", fresh, "GET /{w}/phone_numbers?after=&limit=100&fields=id%2Cstatus", read()),
        case("list, unknown field", |s| s.numbers.clear(), "GET /{w}/phone_numbers?fields=nickname", read()).code(400, 100, None).description(422, 100, None),
        case("list, too much", fresh, "GET /{w}/phone_numbers?limit=101", read()).both(400, 100, None),
        case("list, unknown cursor", fresh, "GET /{w}/phone_numbers?after=abcdefghij", read()).both(400, 100, None),
        case("list, filter", fresh, "GET /{w}/phone_numbers?filtering=%7B", read()).both(400, 100, None),
        case("automation, not verified", fresh, "POST /{n}/conversational_automation", json!({"prompts": ["a"]})).code(400, 100, None).description(422, 100, None),
        case("automation, a command twice", verified, "POST /{n}/conversational_automation", json!({"commands": [{"command_name": "a", "command_description": "b"}, {"command_name": "a", "command_description": "c"}]})).code(400, 100, None).description(422, 100, None),
        case("automation", verified, "POST /{n}/conversational_automation", json!({"prompts": ["a", "b", "c", "d"]})),
        case("automation, five prompts", fresh, "POST /{n}/conversational_automation", json!({"prompts": ["a", "b", "c", "d", "e"]})).both(400, 100, None),
        case("badge, withdrawn without one", fresh, "POST /{n}/official_business_account", json!({"action": "WITHDRAW_APPLICATION"}))
            .code(400, 100, None)
            .description(409, 100, None),
        case("profile", fresh, "POST /{n}/whatsapp_business_profile", json!({"messaging_product": "whatsapp", "about": "x"})),
        case("profile, no list", fresh, "POST /{n}/whatsapp_business_profile", json!({"messaging_product": "whatsapp", "websites": "x"})).both(400, 100, None),
        case("profile, picture that nobody uploaded", fresh, "POST /{n}/whatsapp_business_profile", json!({"messaging_product": "whatsapp", "profile_picture_handle": "x"})).code(400, 100, None).description(422, 100, None),
        case("profile, unknown field", fresh, "GET /{n}/whatsapp_business_profile?fields=nickname", read()).code(400, 100, None).description(422, 100, None),
        case("badge, too often", |s| number(s).official.applications = vec![at(24 * HOUR - 1); 5], "POST /{n}/official_business_account", json!({"action": "SUBMIT_APPLICATION", "application_data": {"business_name": "A"}}))
            .code(400, 4, 2_446_080)
            .description(429, 4, 2_446_080),
        case("profile, wrong address", fresh, "POST /{n}/whatsapp_business_profile", json!({"messaging_product": "whatsapp", "email": "x"})).both(400, 100, None),
        case("subscribe", fresh, "POST /{w}/subscribed_apps", read()),
        case("subscribe nonsense", fresh, "POST /{w}/subscribed_apps", json!({"override_callback_uri": "nowhere", "verify_token": "t"})).both(400, 100, None),
    ]
}

fn seen(response: &Response<Vec<u8>>) -> Seen {
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    let error = answer.get("error")?;
    assert!(error["message"].is_string() && error["type"].is_string() && error["fbtrace_id"].is_string(), "{answer}");
    Some((response.status().as_u16(), error["code"].as_i64().unwrap(), error["error_subcode"].as_i64()))
}

#[test]
fn every_condition_has_its_answer_in_both_styles() {
    for case in cases() {
        for (error_style, wanted) in [(ErrorStyle::Code, case.code), (ErrorStyle::Description, case.description)] {
            let mut state = State::demo(1);
            (case.set_up)(&mut state);
            state.rules.error_style = error_style;
            let mut engine = Engine::new(state);
            let (method, path, body) = &case.call;
            let response = ask(&mut engine, method, path, body);
            let text = String::from_utf8_lossy(response.body());
            assert_eq!(seen(&response), wanted, "{}, {error_style:?}: {text}", case.name);
            assert_eq!(response.status() == 200, wanted.is_none(), "{}", case.name);
            assert!(response.headers().contains_key("x-app-usage"), "{}", case.name);
            if let Some((_, code, _)) =
                wanted.filter(|(status, ..)| error_style == ErrorStyle::Description && *status == 429)
            {
                assert!(text.contains("\"is_transient\":true"), "{code}: {text}");
            }
        }
    }
}

#[test]
fn every_refused_registration_spends_an_attempt_unless_the_rule_says_otherwise() {
    for (counts, spent) in [(true, 1), (false, 0)] {
        for case in cases().into_iter().filter(|case| case.call.1.ends_with("/register") && case.code.is_some()) {
            let mut state = State::demo(1);
            (case.set_up)(&mut state);
            state.rules.failed_requests_count = counts;
            // What is not accepted as a request, and what the limit refuses, is not counted.
            let is_early = matches!(case.name, "missing" | "wrong type" | "region that is none" | "PIN of letters");
            let is_limit = case.code.is_some_and(|(_, code, _)| code == 133_016);
            let before = number(&mut state).attempts.register.len();
            let mut engine = Engine::new(state);
            ask(&mut engine, case.call.0, &case.call.1, &case.call.2);
            let after = engine.state().numbers[N].attempts.register.len();
            assert_eq!(after - before, if is_early || is_limit { 0 } else { spent }, "{}", case.name);
        }
    }
}

#[test]
fn a_migration_that_fails_leaves_the_old_side_down() {
    for case in cases().into_iter().filter(|case| case.name.starts_with("migrate")) {
        let mut state = State::demo(1);
        (case.set_up)(&mut state);
        let mut engine = Engine::new(state);
        ask(&mut engine, case.call.0, &case.call.1, &case.call.2);
        let number = &engine.state().numbers[N];
        assert!(!number.on_premises.as_ref().unwrap().is_running, "{}", case.name);
        assert_eq!(number.is_registered(), case.code.is_none(), "{}", case.name);
    }
}

#[test]
fn the_same_scenario_gives_the_same_journal() {
    let run = |seed| {
        let mut state = State::demo(seed);
        state.faults.push(wa_sim::FaultRule::new(wa_sim::Fault::NoTraceId).per_million(300_000));
        let mut engine = Engine::new(state);
        for case in cases() {
            ask(&mut engine, case.call.0, &case.call.1, &case.call.2);
            engine.advance(engine.now() + Duration::from_millis(7_654_321));
        }
        (engine.journal().to_lines(), engine.state().to_json().to_string())
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
    for secret in ["\"123456\"", "\"654321\"", "\"secret\"", "blob", State::TOKEN] {
        let journal = run(1).0;
        let leak = journal.lines().find(|line| line.contains(secret));
        assert_eq!(leak, None, "{secret}");
    }
}

#[test]
fn a_snapshot_goes_on_as_if_nothing_had_happened() {
    let mut engine = Engine::new(State::demo(1));
    let mut restored = None;
    for (place, case) in cases().into_iter().enumerate() {
        if place == 30 {
            let json = engine.state().to_json().to_string();
            restored = Some(Engine::new(State::from_json(&json).unwrap()));
        }
        let response = ask(&mut engine, case.call.0, &case.call.1, &case.call.2);
        if let Some(restored) = &mut restored {
            let other = ask(restored, case.call.0, &case.call.1, &case.call.2);
            assert_eq!(response.body(), other.body());
        }
    }
    assert_eq!(restored.unwrap().state(), engine.state());
}
