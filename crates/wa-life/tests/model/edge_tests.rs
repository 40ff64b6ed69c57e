//! The Business app, subscriptions, migration, messages and faults against their documents.

use std::time::Duration;

use http::{Method, Request, StatusCode, Uri};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    BizAppRegister, DateSkew, Fault, Lost, Number, Op, Service, Upset, When,
    answer::http_date,
    scene::{ACCOUNT, ID, PIN, TOKEN},
    service_tests::{Caller, code, connected, verified},
};

#[test]
fn a_number_of_the_business_app_refuses_or_is_thrown_off() {
    let since = Service::new(ACCOUNT, TOKEN).now();
    let number = Number { biz_app_since: Some(since), biz_app_lag: Duration::from_secs(600), ..connected() };
    let mut caller = Caller::new(number);
    assert_eq!(caller.get(&format!("{ID}?fields=status,is_on_biz_app"))["status"], "PENDING");
    caller.service.advance(Duration::from_secs(600));
    assert_eq!(
        caller.get(&format!("{ID}?fields=status,is_on_biz_app")),
        json!({ "id": ID, "status": "CONNECTED", "is_on_biz_app": true })
    );
    assert_eq!(code(&caller.register()).0, 100);
    assert_eq!(code(&caller.post("/deregister", Value::Null)).0, 100);
    caller.send("POST", &format!("{ACCOUNT}/subscribed_apps"), Value::Null).unwrap();
    for kind in ["smb_app_state_sync", "history"] {
        assert!(
            caller.post("/smb_app_data", json!({ "messaging_product": "whatsapp", "sync_type": kind }))["request_id"]
                .is_string()
        );
    }
    assert_eq!(caller.service.is_done(ID, "synchronised; on the app; live"), Ok(()));
    caller.service.rules.biz_app_register = BizAppRegister::ThrownOff;
    caller.register();
    assert!(caller.service.is_done(ID, "on the app").is_err());
}

#[test]
fn an_override_needs_two_steps_and_a_bare_subscription_removes_it() {
    let mut caller = Caller::new(connected());
    let edge = format!("{ACCOUNT}/subscribed_apps");
    let with = json!({ "override_callback_uri": "https://example.com/hook", "verify_token": "word" });
    assert_eq!(caller.send("POST", &edge, with.clone()).unwrap().status(), StatusCode::BAD_REQUEST);
    assert_eq!(caller.get(&edge)["data"], json!([]));
    caller.send("POST", &edge, Value::Null).unwrap();
    caller.send("POST", &edge, with).unwrap();
    assert_eq!(caller.get(&edge)["data"][0]["override_callback_uri"], "https://example.com/hook");
    assert_eq!(caller.service.is_done(ID, "subscribed; override=https://example.com/hook"), Ok(()));
    caller.send("POST", &edge, Value::Null).unwrap();
    assert!(caller.service.is_done(ID, "override=https://example.com/hook").is_err());
}

#[test]
fn a_wrong_pin_in_a_migration_leaves_the_deployment_down() {
    // Meta's page on account migration.
    let number = Number { on_premise: true, migrates: true, pin: Some("999999".to_owned()), ..verified() };
    let mut caller = Caller::new(number);
    assert_eq!(caller.read()["platform_type"], "ON_PREMISE");
    let backup =
        |pin: &str| json!({ "messaging_product": "whatsapp", "pin": pin, "backup": { "password": "p", "data": "d" } });
    assert_eq!(code(&caller.post("/register", backup(PIN))).0, 133_005);
    assert_eq!(caller.read()["platform_type"], "NOT_APPLICABLE");
    assert_eq!(caller.post("/register", backup("999999"))["success"], true);
    assert_eq!(caller.service.is_done(ID, "live"), Ok(()));
}

#[test]
fn messages_need_a_registered_number_and_an_open_window() {
    let text = json!({ "messaging_product": "whatsapp", "to": "4915", "type": "text", "text": { "body": "Hello" } });
    let mut caller = Caller::new(verified());
    assert_eq!(code(&caller.post("/messages", text.clone())).0, 133_010);
    let mut caller = Caller::new(connected());
    assert!(caller.post("/messages", text)["messages"][0]["id"].is_string());
    // Accepted is not delivered: 131047 comes by webhook.
    assert_eq!(caller.service.numbers[ID].messages, [("4915".to_owned(), false)]);
    assert_eq!(caller.service.is_done(ID, "greeted=+4915"), Ok(()));
}

#[test]
fn faults_strike_before_or_after_the_effect() {
    let mut caller = Caller::new(verified());
    caller.service.upsets = vec![
        Upset::new(When::Index(0), Fault::Refused),
        Upset::new(When::Nth(Op::Register, 1), Fault::LostBefore),
        Upset::new(When::Nth(Op::ReadNumber, 0), Fault::Graph { status: 500, code: 131_000, subcode: None }),
        Upset::new(When::Nth(Op::Register, 2), Fault::LostAfter),
    ];
    let body = json!({ "messaging_product": "whatsapp", "pin": PIN });
    let path = format!("{ID}/register");
    assert_eq!(caller.send("POST", &path, body.clone()).unwrap_err(), Lost::Refused);
    assert_eq!(caller.send("POST", &path, body.clone()).unwrap_err(), Lost::Silence);
    assert!(caller.service.is_done(ID, "live").is_err());
    assert_eq!(code(&caller.read()).0, 131_000);
    assert_eq!(caller.send("POST", &path, body).unwrap_err(), Lost::Silence);
    assert_eq!(caller.service.is_done(ID, "live"), Ok(()));
    assert_eq!(caller.read()["status"], "CONNECTED");
}

#[test]
fn reads_may_lag_and_dates_may_be_wrong() {
    let mut caller = Caller::new(verified());
    caller.service.rules.read_lag = Duration::from_secs(60);
    caller.register();
    assert_eq!(caller.read()["status"], "PENDING");
    caller.service.advance(Duration::from_secs(60));
    assert_eq!(caller.read()["status"], "CONNECTED");
    // RFC 9110: IMF-fixdate.
    assert_eq!(http_date(caller.service.now()), "Sat, 21 Nov 2026 12:01:00 GMT");
    caller.service.rules.date = DateSkew::Constant(-7200);
    let response = caller.send("GET", ID, Value::Null).unwrap();
    assert_eq!(response.headers()["date"], "Sat, 21 Nov 2026 10:01:00 GMT");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_request_has_an_answer(
        method in prop::sample::select(vec!["GET", "POST", "DELETE", "PUT"]),
        path in "(v25.0/)?(106540352242922|102290129340398|1)(/[a-z_]{1,20})?(\\?[a-z_=,%{}]{0,20})?",
        body in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut service = Service::new(ACCOUNT, TOKEN).with_number(connected());
        let uri = format!("https://graph.facebook.com/{path}").parse::<Uri>();
        prop_assume!(uri.is_ok());
        let mut request = Request::new(body);
        *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
        *request.uri_mut() = uri.unwrap();
        let response = service.answer(&request);
        prop_assert!(response.status().is_success() || !response.body().is_empty());
    }
}
