//! The service against its documents: each test names the sentence that it plays.

use std::time::Duration;

use http::{Request, Response};
use serde_json::{Value, json};

use super::{
    Intent, Lost, Number, Ownership, Service,
    scene::{ACCOUNT, ID, PIN, TOKEN},
};

/// A caller who knows what he does: he has read the number, and may do anything.
pub(super) struct Caller {
    pub(super) service: Service,
}

impl Caller {
    pub(super) fn new(number: Number) -> Self {
        let mut service = Service::new(ACCOUNT, TOKEN).with_number(number);
        service.intend(ID, Intent { deregister: true, ..Intent::default() });
        Self { service }
    }

    pub(super) fn send(&mut self, method: &str, path: &str, body: Value) -> Result<Response<Vec<u8>>, Lost> {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let request = Request::builder().method(method).uri(format!("https://graph.facebook.com/v25.0/{path}"));
        let request = request.header("authorization", format!("Bearer {TOKEN}")).body(body).unwrap();
        self.service.exchange(&request)
    }

    pub(super) fn post(&mut self, edge: &str, body: Value) -> Value {
        let response = self.send("POST", &format!("{ID}{edge}"), body).unwrap();
        serde_json::from_slice(response.body()).unwrap_or_default()
    }

    pub(super) fn get(&mut self, path: &str) -> Value {
        serde_json::from_slice(self.send("GET", path, Value::Null).unwrap().body()).unwrap()
    }

    pub(super) fn read(&mut self) -> Value {
        self.get(&format!("{ID}?fields=status,platform_type,name_status,verified_name,code_verification_status"))
    }

    pub(super) fn register(&mut self) -> Value {
        self.post("/register", json!({ "messaging_product": "whatsapp", "pin": PIN }))
    }
}

pub(super) fn code(answer: &Value) -> (u64, u64) {
    let error = &answer["error"];
    (error["code"].as_u64().unwrap_or_default(), error["error_subcode"].as_u64().unwrap_or_default())
}

pub(super) fn fresh() -> Number {
    Number::new(ID, "+1 555 0178", "Lucky Shrub")
}

pub(super) fn verified() -> Number {
    Number { ownership: Ownership::Verified, ..fresh() }
}

pub(super) fn connected() -> Number {
    Number::connected(ID, "+1 555 0178", "Lucky Shrub", Some(PIN))
}

#[test]
fn a_fresh_number_is_verified_and_then_registered() {
    // Meta's page on registering numbers: create, request a code, verify it, register.
    let mut caller = Caller::new(fresh());
    assert_eq!(caller.read()["status"], "PENDING");
    assert_eq!(code(&caller.register()).0, 133_006);
    assert_eq!(caller.post("/request_code", json!({ "code_method": "SMS", "language": "en_US" }))["success"], true);
    let sent = caller.service.code_sent(ID).unwrap();
    assert_eq!(code(&caller.post("/verify_code", json!({ "code": "000000" }))).0, 136_025);
    assert_eq!(caller.post("/verify_code", json!({ "code": sent }))["success"], true);
    assert_eq!(
        code(&caller.post("/request_code", json!({ "code_method": "SMS", "language": "en_US" }))),
        (136_024, 2_388_366)
    );
    assert_eq!(caller.register(), json!({ "success": true }));
    let shown = caller.read();
    assert_eq!((&shown["status"], &shown["platform_type"]), (&json!("CONNECTED"), &json!("CLOUD_API")));
    assert_eq!(caller.service.is_done(ID, &format!("live; pin={PIN}; name=Lucky Shrub")), Ok(()));
}

#[test]
fn one_unknown_field_fails_the_whole_read() {
    // Seen: "Tried accessing nonexisting field (x) on node type (WhatsAppBusinessPhoneNumber)".
    let mut caller = Caller::new(connected());
    let answer = caller.get(&format!("{ID}?fields=id,max_daily_conversation_per_phone"));
    assert_eq!(code(&answer).0, 100);
    assert!(
        answer["error"]["message"].as_str().unwrap().contains("nonexisting field (max_daily_conversation_per_phone)")
    );
    caller.service.rules.unknown_fields.insert("health_status".to_owned());
    assert_eq!(code(&caller.get(&format!("{ID}?fields=status,health_status"))).0, 100);
    assert_eq!(caller.get(&format!("{ID}?fields=status"))["status"], "CONNECTED");
    // The portfolio's limit came with v24.
    assert!(
        connected()
            .read(Some("whatsapp_business_manager_messaging_limit"), 23, &caller.service.rules, caller.service.now())
            .is_err()
    );
    assert!(
        connected()
            .read(Some("whatsapp_business_manager_messaging_limit"), 24, &caller.service.rules, caller.service.now())
            .is_ok()
    );
    // Reference: without `fields` come id, number, name and quality.
    let answer = caller.get(ID);
    let names: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(names, ["display_phone_number", "id", "quality_rating", "verified_name"]);
}

#[test]
fn a_new_name_shows_before_it_takes_effect() {
    // Meta's page on display names: approved names show at once, and need a registration within 14 days.
    let mut caller = Caller::new(connected());
    caller.post("", json!({ "new_display_name": "Luckier Shrub" }));
    let shown = caller.get(&format!("{ID}?fields=verified_name,name_status,new_display_name,new_name_status"));
    assert_eq!(shown["verified_name"], "Lucky Shrub");
    assert_eq!(
        (&shown["new_display_name"], &shown["new_name_status"]),
        (&json!("Luckier Shrub"), &json!("PENDING_REVIEW"))
    );
    // "Re-registering before approval has no effect."
    assert_eq!(caller.register()["success"], true);
    caller.service.advance(DAY);
    let shown = caller.read();
    assert_eq!((&shown["verified_name"], &shown["name_status"]), (&json!("Luckier Shrub"), &json!("APPROVED")));
    assert!(caller.service.is_done(ID, "name=Luckier Shrub").is_err());
    assert_eq!(caller.register()["success"], true);
    assert_eq!(caller.service.is_done(ID, "live; name=Luckier Shrub"), Ok(()));
}

#[test]
fn an_approval_lapses_after_fourteen_days() {
    let mut caller = Caller::new(connected());
    caller.post("", json!({ "new_display_name": "Luckier Shrub" }));
    caller.service.advance(DAY * 16);
    caller.register();
    assert!(caller.service.is_done(ID, "name=Luckier Shrub").is_err());
    // A review may also never end, or end with a refusal.
    caller.service.change(ID, |number| number.name.next_review = (None, true));
    caller.post("", json!({ "new_display_name": "Luckiest Shrub" }));
    caller.service.advance(DAY * 100);
    assert_eq!(caller.get(&format!("{ID}?fields=new_name_status"))["new_name_status"], "PENDING_REVIEW");
    caller.service.change(ID, |number| number.name.next_review = (Some(DAY), false));
    caller.post("", json!({ "new_display_name": "Shrub" }));
    caller.service.advance(DAY);
    assert_eq!(caller.get(&format!("{ID}?fields=new_name_status"))["new_name_status"], "DECLINED");
}

#[test]
fn two_causes_have_one_code_and_different_words() {
    // Seen in `error_user_title` and `error_user_msg` of 100/2388001.
    let mut number = verified();
    number.name.status = "PENDING_REVIEW";
    let mut caller = Caller::new(number);
    let review = caller.register();
    caller.service.change(ID, |number| {
        number.name.status = "APPROVED";
        number.attached = true;
    });
    let attached = caller.register();
    assert_eq!((code(&review), code(&attached)), ((100, 2_388_001), (100, 2_388_001)));
    assert_ne!(review["error"]["error_user_msg"], attached["error"]["error_user_msg"]);
    assert!(attached["error"]["error_user_msg"].as_str().unwrap().contains("existing WhatsApp account"));
    // Others registered numbers in review.
    caller.service.change(ID, |number| {
        number.name.status = "PENDING_REVIEW";
        number.attached = false;
    });
    caller.service.rules.names_block = false;
    assert_eq!(caller.register()["success"], true);
    let shown = caller.read();
    assert_eq!((&shown["status"], &shown["name_status"]), (&json!("CONNECTED"), &json!("PENDING_REVIEW")));
}

#[test]
fn the_eleventh_request_in_72_hours_locks_the_number() {
    // Meta's page on registration: ten requests in a moving window of 72 hours, then 133016 for 72 hours.
    for described in [false, true] {
        let mut caller = Caller::new(connected());
        caller.service.rules.limit_as_described = described;
        for _ in 0..10 {
            assert_eq!(caller.register()["success"], true);
            caller.service.advance(Duration::from_secs(3600));
        }
        let limit = if described { (4, 2_446_079) } else { (133_016, 0) };
        assert_eq!(code(&caller.register()), limit);
        assert_eq!(code(&caller.post("/deregister", Value::Null)), limit);
        caller.service.advance(Duration::from_secs(72 * 3600 - 1));
        assert_eq!(code(&caller.register()), limit);
        caller.service.advance(Duration::from_secs(72 * 3600));
        assert_eq!(caller.register()["success"], true);
    }
}

#[test]
fn registering_waits_five_minutes_after_deregistering_and_storage_is_set_between() {
    // Meta's pages on local storage and on errors (133015).
    let mut caller = Caller::new(connected());
    let storage = json!({ "storage_configuration": { "status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": "DE" } });
    assert_eq!(code(&caller.post("/settings", storage.clone())).0, 100);
    assert_eq!(caller.post("/deregister", Value::Null)["success"], true);
    assert_eq!(code(&caller.post("/deregister", Value::Null)).0, 133_010);
    assert_eq!(caller.post("/settings", storage)["success"], true);
    assert_eq!(code(&caller.register()).0, 133_015);
    caller.service.advance(Duration::from_secs(300));
    assert_eq!(caller.register()["success"], true);
    assert_eq!(caller.service.is_done(ID, "live; region=DE"), Ok(()));
    let settings = caller.get(&format!("{ID}/settings"));
    assert_eq!(settings["storage_configuration"]["data_localization_region"], "DE");
    caller.post("/deregister", Value::Null);
    assert_eq!(caller.service.is_done(ID, "down; region=none"), Ok(()));
    // No living version takes a region with `register`.
    caller.service.advance(Duration::from_secs(300));
    let body = json!({ "messaging_product": "whatsapp", "pin": PIN, "data_localization_region": "DE" });
    assert_eq!(code(&caller.post("/register", body)).0, 100);
}

#[test]
fn a_pin_is_set_without_the_old_one_while_the_number_is_up() {
    // Meta's page on two-step verification; told: 2388092 is the wrong format.
    let mut caller = Caller::new(Number { pin: Some("999999".to_owned()), ..connected() });
    assert_eq!(code(&caller.register()).0, 133_005);
    assert_eq!(code(&caller.post("", json!({ "pin": "12" }))), (100, 2_388_092));
    assert_eq!(caller.post("", json!({ "pin": PIN }))["success"], true);
    assert_eq!(caller.register()["success"], true);
    caller.post("/deregister", Value::Null);
    assert_eq!(code(&caller.post("", json!({ "pin": "111111" }))).0, 133_010);
    assert_eq!(caller.service.is_done(ID, &format!("pin={PIN}")), Ok(()));
    let Err(text) = caller.service.is_done(ID, "pin=888888") else { panic!("the PIN is another one") };
    assert!(!text.contains("888888") && !text.contains(PIN));
}

#[test]
fn a_success_may_show_nothing_and_a_registered_number_may_look_odd() {
    // Told: {"success": true} is no proof.
    let mut caller = Caller::new(Number { empty_successes: 1, ..verified() });
    assert_eq!(caller.register()["success"], true);
    assert_eq!(caller.read()["status"], "PENDING");
    // Seen: CONNECTED with NOT_APPLICABLE and NOT_VERIFIED; it can be registered.
    let mut caller = Caller::new(Number { seems_connected: true, ..fresh() });
    let shown = caller.read();
    assert_eq!((&shown["status"], &shown["platform_type"]), (&json!("CONNECTED"), &json!("NOT_APPLICABLE")));
    assert_eq!(caller.register()["success"], true);
    // Seen: a connected number reads EXPIRED, and that is no obstacle.
    caller.service.change(ID, |number| number.ownership = Ownership::Expired);
    assert_eq!(caller.read()["code_verification_status"], "EXPIRED");
    assert_eq!(caller.register()["success"], true);
    // It is one once the number is not registered.
    caller.post("/deregister", Value::Null);
    caller.service.advance(Duration::from_secs(300));
    assert_eq!(code(&caller.register()).0, 133_006);
}

#[test]
fn a_rename_may_need_a_new_code() {
    let mut caller = Caller::new(Number { needs_code: true, ..connected() });
    assert_eq!(code(&caller.register()).0, 133_006);
    assert_eq!(caller.post("/request_code", json!({ "code_method": "SMS", "language": "en" }))["success"], true);
    let sent = caller.service.code_sent(ID).unwrap();
    caller.post("/verify_code", json!({ "code": sent }));
    assert_eq!(caller.register()["success"], true);
}

const DAY: Duration = Duration::from_secs(86_400);
