//! What real numbers do, where it differs from what one would think. Each test names its source and how sure it is.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use serde_json::{Value, json};
use wa_sim::{Engine, ErrorStyle, RegisterOutcome, State, UserIds, sign};

use common::*;

const DAY: Duration = Duration::from_secs(24 * 3_600);

fn engine(set_up: impl FnOnce(&mut State)) -> Engine {
    let mut state = State::demo(1);
    state.rules.plain = true;
    set_up(&mut state);
    Engine::new(state)
}

fn subscribed(state: &mut State) {
    account(state).subscriptions.insert(State::APP.to_owned(), None);
}

fn call(engine: &mut Engine, method: &str, edge: &str, body: &Value) -> Value {
    let path = if edge.starts_with("/v") { edge.to_owned() } else { format!("/v26.0/{N}{edge}") };
    serde_json::from_slice(ask(engine, method, &path, body).body()).unwrap()
}

fn read(engine: &mut Engine, fields: &str) -> Value {
    let mut shown = call(engine, "GET", &format!("?fields={fields}"), &Value::Null);
    shown.as_object_mut().unwrap().remove("id");
    shown
}

/// Field, address and value of what is due.
fn told(engine: &mut Engine) -> Vec<(String, String, Value)> {
    let due = engine.take_due().into_iter();
    due.map(|delivery| {
        let mut payload: Value = serde_json::from_str(&delivery.body).unwrap();
        (delivery.field, delivery.url, payload["entry"][0]["changes"][0]["value"].take())
    })
    .collect()
}

fn names(engine: &Engine) -> (String, Option<String>) {
    let number = &engine.state().numbers[N];
    (number.verified_name.clone(), number.name_in_effect().map(str::to_owned))
}

fn rename(engine: &mut Engine, name: &str) {
    assert_eq!(call(engine, "POST", "", &json!({"new_display_name": name})), json!({"success": true}));
}

// Meta's page on display names, March 2026.
#[test]
fn an_approved_name_shows_at_once_and_takes_effect_with_the_next_registration() {
    let mut engine = engine(connected);
    let fields = "verified_name,name_status,new_display_name,new_name_status";
    rename(&mut engine, "Newer");
    let shown = read(&mut engine, fields);
    assert_eq!(
        shown,
        json!({
            "verified_name": "Lucky Shrub",
            "name_status": "APPROVED",
            "new_display_name": "Newer",
            "new_name_status": "PENDING_REVIEW",
        })
    );
    // Registering before the approval has no effect on the name.
    call(&mut engine, "POST", "/register", &register());
    engine.advance(engine.now() + DAY);
    let shown = read(&mut engine, fields);
    assert_eq!(shown, json!({"verified_name": "Newer", "name_status": "APPROVED", "new_name_status": "NONE"}));
    assert_eq!(names(&engine), ("Newer".to_owned(), Some("Lucky Shrub".to_owned())));
    call(&mut engine, "POST", "/register", &register());
    assert_eq!(names(&engine), ("Newer".to_owned(), Some("Newer".to_owned())));
    assert_eq!(read(&mut engine, fields), shown, "no read tells of the effect");
}

// The same page: the number must be registered within 14 days, or the name be submitted anew.
#[test]
fn an_approved_name_that_waits_too_long_must_be_asked_for_again() {
    for (wait, name) in [(DAY * 15 - Duration::from_millis(1), "Newer"), (DAY * 15, "Lucky Shrub")] {
        let mut engine = engine(connected);
        rename(&mut engine, "Newer");
        engine.advance(engine.now() + wait);
        call(&mut engine, "POST", "/register", &register());
        assert_eq!(names(&engine), ("Newer".to_owned(), Some(name.to_owned())));
        rename(&mut engine, "Newer");
        engine.advance(engine.now() + DAY);
        call(&mut engine, "POST", "/register", &register());
        assert_eq!(names(&engine).1.as_deref(), Some("Newer"));
    }
}

// Seen in production: connected numbers whose first name is in review.
#[test]
fn a_number_connected_in_review_gets_its_name_with_a_registration_after_the_approval() {
    let mut engine = engine(|state| {
        connected(state);
        number(state).name_status = "PENDING_REVIEW".to_owned();
    });
    assert_eq!(names(&engine).1, None);
    engine.advance(engine.now() + DAY);
    assert_eq!(read(&mut engine, "name_status"), json!({"name_status": "APPROVED"}));
    assert_eq!(names(&engine).1, None);
    call(&mut engine, "POST", "/register", &register());
    assert_eq!(names(&engine).1.as_deref(), Some("Lucky Shrub"));
}

#[test]
fn a_review_that_a_scenario_begins_with_ends() {
    let review = |rules: &str| {
        let text = json!({
            "accounts": {"2": {}},
            "numbers": {"3": {"account": "2", "country_code": "1", "digits": "15550783881", "name_status": "PENDING_REVIEW"}},
        });
        let mut state = State::from_json(&text.to_string()).unwrap();
        state.rules.name_review = serde_json::from_str(rules).unwrap();
        let mut engine = Engine::new(state);
        engine.advance(engine.now());
        engine.advance(engine.now() + DAY);
        engine.state().numbers["3"].name_status.clone()
    };
    assert_eq!(review(r#"{"after": {"millis": 3600000}}"#), "APPROVED");
    assert_eq!(review(r#""control""#), "PENDING_REVIEW");
}

// Seen in production, several numbers.
#[test]
fn a_registered_number_reads_expired_and_does_everything() {
    let mut engine = engine(connected);
    let field = "code_verification_status,status,platform_type";
    engine.advance(engine.now() + DAY * 30);
    assert_eq!(
        read(&mut engine, field),
        json!({"code_verification_status": "EXPIRED", "status": "CONNECTED", "platform_type": "CLOUD_API"})
    );
    for (edge, body) in [
        ("/register", register()),
        ("/messages", text()),
        ("", json!({"pin": "000000"})),
        ("/conversational_automation", json!({"prompts": ["Hours?"]})),
    ] {
        let answer = call(&mut engine, "POST", edge, &body);
        assert!(answer.get("error").is_none(), "{edge}: {answer}");
    }
    // Of a number that is not registered it means that ownership must be proved again.
    call(&mut engine, "POST", "/deregister", &Value::Null);
    engine.advance(engine.now() + DAY * 14);
    assert_eq!(read(&mut engine, "code_verification_status"), json!({"code_verification_status": "EXPIRED"}));
    assert_eq!(call(&mut engine, "POST", "/register", &register())["error"]["code"], 133_006);
}

// Seen in production: embedded signup leaves both; a fresh number reads PENDING (reported).
#[test]
fn states_that_one_would_not_expect_are_shown() {
    let fields = "status,platform_type,code_verification_status,name_status";
    let mut engine = engine(|_| {});
    let mut shown = |set_up: &dyn Fn(&mut State)| {
        set_up(engine.state_mut());
        let shown = read(&mut engine, fields);
        fields.split(',').map(|field| shown[field].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(shown(&|_| {}), ["PENDING", "NOT_APPLICABLE", "NOT_VERIFIED", "APPROVED"]);
    assert_eq!(
        shown(&|state| number(state).reads_connected = true),
        ["CONNECTED", "NOT_APPLICABLE", "NOT_VERIFIED", "APPROVED"]
    );
    assert_eq!(
        shown(&|state| {
            number(state).connected_at = Some(at(0));
            number(state).name_status = "NON_EXISTS".to_owned();
        }),
        ["CONNECTED", "CLOUD_API", "NOT_VERIFIED", "NON_EXISTS"]
    );
}

// Reported: only the status proves a registration, its success does not.
#[test]
fn a_success_alone_does_not_connect() {
    let hour = 3_600_000;
    for (outcome, hours, status) in [
        (RegisterOutcome::Connects, 0, "CONNECTED"),
        (RegisterOutcome::ConnectsAfter { millis: hour }, 0, "PENDING"),
        (RegisterOutcome::ConnectsAfter { millis: hour }, 1, "CONNECTED"),
        (RegisterOutcome::StaysPending, 0, "PENDING"),
        (RegisterOutcome::StaysPending, 10_000, "PENDING"),
    ] {
        let mut engine = engine(|state| {
            verified(state);
            state.rules.register_outcome = outcome;
        });
        assert_eq!(call(&mut engine, "POST", "/register", &register()), json!({"success": true}));
        engine.advance(engine.now() + Duration::from_millis(hours * hour));
        assert_eq!(read(&mut engine, "status"), json!({"status": status}), "{outcome:?}, {hours}");
        let sent = call(&mut engine, "POST", "/messages", &text())["error"]["code"].as_i64();
        assert_eq!(sent, (status == "PENDING").then_some(133_010));
    }
}

#[test]
fn reads_lag_behind_by_as_much_as_they_are_told() {
    let mut engine = engine(|state| {
        verified(state);
        state.rules.read_lag = 60_000;
    });
    let fields = "status,platform_type,new_name_status";
    let before = read(&mut engine, fields);
    call(&mut engine, "POST", "/register", &register());
    rename(&mut engine, "Newer");
    call(&mut engine, "POST", &format!("/v26.0/{}/subscribed_apps", State::ACCOUNT), &Value::Null);
    let subscriptions = format!("/v26.0/{}/subscribed_apps", State::ACCOUNT);
    assert_eq!(read(&mut engine, fields), before);
    assert_eq!(call(&mut engine, "GET", &subscriptions, &Value::Null), json!({"data": []}));
    assert_eq!(call(&mut engine, "POST", "/messages", &text()).get("error"), None, "only reads lag");
    engine.advance(engine.now() + Duration::from_secs(60));
    assert_eq!(
        read(&mut engine, fields),
        json!({"status": "CONNECTED", "platform_type": "CLOUD_API", "new_name_status": "PENDING_REVIEW"})
    );
    assert_eq!(call(&mut engine, "GET", &subscriptions, &Value::Null)["data"].as_array().unwrap().len(), 1);
}

// Meta's page on the two account models, June 2026.
#[test]
fn registering_again_may_leave_the_pin_alone() {
    let mut engine = engine(|state| {
        connected(state);
        state.rules.register_again_keeps_pin = true;
    });
    let answer = call(&mut engine, "POST", "/register", &json!({"messaging_product": "whatsapp", "pin": "999999"}));
    assert_eq!(answer["success"], true);
    assert!(answer.as_object().unwrap().len() > 1, "the answer says so in a member: {answer}");
    assert_eq!(engine.state().numbers[N].pin.value.as_deref(), Some("123456"));
}

// Meta's page on two-step verification.
#[test]
fn a_registered_number_takes_another_pin_without_the_old_one() {
    let mut engine = engine(connected);
    call(&mut engine, "POST", "", &json!({"pin": "654321"}));
    let with = |pin: &str| json!({"messaging_product": "whatsapp", "pin": pin});
    assert_eq!(call(&mut engine, "POST", "/register", &with("123456"))["error"]["code"], 133_005);
    assert_eq!(call(&mut engine, "POST", "/register", &with("654321")), json!({"success": true}));
}

// Meta's page on coexistence; that data lags and that registering is refused or does harm is reported.
#[test]
fn a_number_of_the_business_app_is_used_by_both() {
    let mut engine = engine(|state| {
        subscribed(state);
        number(state).pin.value = Some("123456".to_owned());
        let past = json!({"contact": "16505551234", "text": "Are you open?", "at": at(HOUR)});
        number(state).business_app.history.push(serde_json::from_value(past).unwrap());
    });
    engine.onboard_business_app(N).unwrap();
    let fields = "status,platform_type,is_on_biz_app";
    assert_eq!(
        read(&mut engine, fields),
        json!({"status": "PENDING", "platform_type": "CLOUD_API", "is_on_biz_app": true})
    );
    engine.advance(engine.now() + Duration::from_secs(300));
    assert_eq!(read(&mut engine, "status"), json!({"status": "CONNECTED"}));

    call(&mut engine, "POST", "", &json!({"pin": "000000"}));
    assert_eq!(engine.state().numbers[N].pin.value.as_deref(), Some("123456"), "setting a PIN is pointless");
    assert_eq!(call(&mut engine, "POST", "/register", &register())["error"]["code"], 100);
    let refused = call(&mut engine, "POST", "/deregister", &Value::Null);
    // Seen in production.
    assert_eq!(
        refused["error"]["message"],
        "(#100) Deregister endpoint is not available for API solution for SMB businesses."
    );

    for sync_type in ["smb_app_state_sync", "history"] {
        let body = json!({"messaging_product": "whatsapp", "sync_type": sync_type});
        let answer = call(&mut engine, "POST", "/smb_app_data", &body);
        assert!(answer["messaging_product"] == "whatsapp" && answer["request_id"].is_string(), "{answer}");
    }
    engine.advance(engine.now() + Duration::from_secs(60));
    engine.echo_text(N, "+16505551234", "Yes, until six").unwrap();
    let told = told(&mut engine);
    let fields: Vec<_> = told.iter().map(|(field, ..)| &**field).collect();
    assert_eq!(fields, ["smb_app_state_sync", "history", "history", "history", "smb_message_echoes"]);
    let contact = &told[0].2["state_sync"][0];
    assert_eq!((&contact["type"], &contact["action"]), (&json!("contact"), &json!("add")));
    assert_eq!(contact["contact"]["phone_number"], "16505551234");
    let last = &told[3].2["history"][0];
    assert_eq!((&last["metadata"]["phase"], &last["metadata"]["progress"]), (&json!(2), &json!(100)));
    assert_eq!(last["threads"][0]["messages"][0]["text"]["body"], "Are you open?");
    assert_eq!(told[4].2["message_echoes"][0]["to"], "16505551234");

    engine.offboard_business_app(N).unwrap();
    let value = crate::told(&mut engine).remove(0).2;
    assert_eq!(value["event"], "PARTNER_REMOVED");
    assert_eq!(value["disconnection_info"], json!({"reason": "ACCOUNT_DISCONNECTED", "initiated_by": "USER"}));
}

// The same page: the business may keep its history to itself.
#[test]
fn a_history_that_is_not_shared_is_an_error() {
    let mut engine = engine(|state| {
        subscribed(state);
        number(state).business_app.shares_history = false;
    });
    engine.onboard_business_app(N).unwrap();
    call(&mut engine, "POST", "/smb_app_data", &json!({"messaging_product": "whatsapp", "sync_type": "history"}));
    engine.advance(engine.now() + Duration::from_secs(60));
    let told = told(&mut engine);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].2["history"][0]["errors"][0]["code"], 2_593_109);
}

// Seen in production, verbatim but for the first text, which is assumed.
#[test]
fn both_causes_of_a_certificate_that_cannot_be_made_are_told_apart_by_words_only() {
    let refused = |set_up: fn(&mut State)| {
        let mut engine = engine(|state| {
            verified(state);
            set_up(state);
        });
        let error = call(&mut engine, "POST", "/register", &register())["error"].take();
        engine.advance(engine.now() + DAY * 2);
        (error, call(&mut engine, "POST", "/register", &register()).get("error").is_some())
    };
    let (name, name_for_ever) = refused(|state| number(state).name_status = "PENDING_REVIEW".to_owned());
    let (held, held_for_ever) = refused(|state| number(state).attached_elsewhere = true);
    for error in [&name, &held] {
        assert_eq!((&error["code"], &error["error_subcode"]), (&json!(100), &json!(2_388_001)));
        assert_eq!(error["error_user_title"], "Cannot Create Certificate");
    }
    let text = held["error_user_msg"].as_str().unwrap();
    assert!(text.starts_with(
        "This number is registered to an existing WhatsApp account. To use this number, disconnect it from the \
         existing account."
    ));
    assert_ne!(name["error_user_msg"], held["error_user_msg"]);
    assert_eq!((name_for_ever, held_for_ever), (false, true));
}

// Seen in production, the words of each.
#[test]
fn errors_have_the_words_of_the_service() {
    let mut engine = engine(|_| {});
    for (method, path, words) in [
        (
            "GET",
            "/v26.0/77",
            "Unsupported get request. Object with ID '77' does not exist, cannot be loaded due to missing permissions, or \
             does not support this operation. Please read the Graph API documentation at \
             https://developers.facebook.com/docs/graph-api",
        ),
        (
            "POST",
            "/v26.0/77/register",
            "Unsupported post request. Object with ID '77' does not exist, cannot be loaded due to missing permissions, or \
             does not support this operation. Please read the Graph API documentation at \
             https://developers.facebook.com/docs/graph-api",
        ),
    ] {
        let error = &call(&mut engine, method, path, &Value::Null)["error"];
        assert_eq!(error["message"], words);
        assert_eq!(
            (&error["type"], &error["code"], &error["error_subcode"]),
            (&json!("GraphMethodException"), &json!(100), &json!(33))
        );
    }
    let error = &call(&mut engine, "GET", "?fields=id,nickname,status", &Value::Null)["error"];
    assert_eq!(
        error["message"],
        "(#100) Tried accessing nonexisting field (nickname) on node type (WhatsAppBusinessPhoneNumber)"
    );
    let body = json!({"webhook_configuration": {"override_callback_uri": "https://a.example/", "verify_token": "t"}});
    assert_eq!(
        call(&mut engine, "POST", "", &body)["error"]["message"],
        "(#100) Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp \
         Business Account"
    );
    token(engine.state_mut()).expires = Some(at(0));
    for error_style in [ErrorStyle::Code, ErrorStyle::Description] {
        engine.state_mut().rules.error_style = error_style;
        let error = &call(&mut engine, "GET", "", &Value::Null)["error"];
        assert_eq!((&error["code"], &error["error_subcode"]), (&json!(190), &json!(463)));
        assert!(error["message"].as_str().unwrap().starts_with("Error validating access token: Session has expired"));
    }
}

#[test]
fn what_is_not_of_a_number_is_not_simulated() {
    let mut engine = engine(|_| {});
    for path in
        ["/v26.0/debug_token?input_token=x", "/debug_token", "/v26.0/me", "/me?fields=id", "/v26.0/oauth/access_token"]
    {
        let response = ask(&mut engine, "GET", path, &Value::Null);
        let answer: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!((response.status().as_u16(), &answer["error"]["type"]), (501, &json!("NotSimulated")), "{path}");
    }
}

// Meta's pages on overrides (June 2026); that a bare subscription removes one is reported.
#[test]
fn an_address_of_its_own_gets_messages_only_and_is_lost_by_a_bare_subscription() {
    for removes in [true, false] {
        let mut engine = engine(|state| {
            connected(state);
            state.rules.bare_subscribe_removes_override = removes;
        });
        let path = format!("/v26.0/{}/subscribed_apps", State::ACCOUNT);
        let own = json!({"override_callback_uri": "https://own.example/", "verify_token": "t"});
        assert_eq!(call(&mut engine, "POST", &path, &own)["error"]["code"], 100);
        call(&mut engine, "POST", &path, &Value::Null);
        assert_eq!(call(&mut engine, "POST", &path, &own), json!({"success": true}));
        engine.receive_text(N, "16505551234", "hello").unwrap();
        engine.report_violation(N, "SCAM").unwrap();
        let seen: Vec<_> = told(&mut engine).into_iter().map(|(field, url, _)| (field, url)).collect();
        let app = "https://lucky-shrub.example/webhook".to_owned();
        let wanted =
            [("messages".to_owned(), "https://own.example/".to_owned()), ("account_update".to_owned(), app.clone())];
        assert_eq!(seen, wanted);

        call(&mut engine, "POST", &path, &Value::Null);
        engine.receive_text(N, "16505551234", "hello").unwrap();
        let url = told(&mut engine).remove(0).1;
        assert_eq!(url, if removes { app } else { "https://own.example/".to_owned() });
    }
}

// Meta's changelog.
#[test]
fn deregistering_is_told_as_a_deleted_account() {
    let mut engine = engine(|state| {
        connected(state);
        subscribed(state);
    });
    call(&mut engine, "POST", "/deregister", &Value::Null);
    let (field, _, value) = told(&mut engine).remove(0);
    assert_eq!(
        (&*field, &value["event"], &value["phone_number"]),
        ("account_update", &json!("ACCOUNT_DELETED"), &json!("15550783881"))
    );
}

// Meta's page on versions: v20 ended on 24 September 2026, and an ended version is served as the next one.
#[test]
fn the_header_names_the_version_that_answered() {
    let mut engine = engine(|_| {});
    for (asked, served) in
        [("v13.0", "v21.0"), ("v20.0", "v21.0"), ("v21.0", "v21.0"), ("v23.0", "v23.0"), ("v26.0", "v26.0")]
    {
        let response = ask(&mut engine, "GET", &format!("/{asked}/{N}"), &Value::Null);
        assert_eq!(response.headers()["facebook-api-version"], served);
    }
    // v21 ends on 21 January 2027.
    engine.advance(wa_sim::Time::from_millis(1_800_489_600_000));
    let response = ask(&mut engine, "GET", &format!("/v21.0/{N}"), &Value::Null);
    assert_eq!(response.headers()["facebook-api-version"], "v22.0");
}

// Meta's changelog (v24); that the older field is then left out is seen in production.
#[test]
fn limits_are_read_by_version() {
    let mut engine = engine(|_| {});
    let mut limits = |version: &str, fields: &str| {
        let mut shown = call(&mut engine, "GET", &format!("/{version}/{N}?fields={fields}"), &Value::Null);
        shown.as_object_mut().unwrap().remove("id");
        if shown.get("error").is_some() { shown["error"]["code"].take() } else { shown }
    };
    let (old, new) = ("messaging_limit_tier", "whatsapp_business_manager_messaging_limit");
    assert_eq!(limits("v23.0", old), json!({old: "TIER_250"}));
    assert_eq!(limits("v23.0", new), json!(100));
    assert_eq!(limits("v24.0", new), json!({new: "TIER_250"}));
    assert_eq!(limits("v24.0", &format!("{new},{old}")), json!({new: "TIER_250"}));
}

// Meta's page on securing requests: HMAC-SHA256 of the token by the app secret.
#[test]
fn a_proof_is_checked_where_there_is_one() {
    let mut engine = engine(|_| {});
    let proof = |text: &str| sign("app-secret", text.as_bytes()).replace("sha256=", "");
    let now = engine.now().as_secs();
    let token = State::TOKEN;
    for (query, is_right) in [
        (String::new(), true),
        (format!("appsecret_proof={}", proof(token)), true),
        (format!("appsecret_proof={}", proof("another token")), false),
        ("appsecret_proof=".to_owned(), false),
        (format!("appsecret_proof={}&appsecret_time={now}", proof(&format!("{token}|{now}"))), true),
        (format!("appsecret_proof={}&appsecret_time={}", proof(&format!("{token}|{}", now - 301)), now - 301), false),
    ] {
        let answer = call(&mut engine, "GET", &format!("?{query}"), &Value::Null);
        assert_eq!(answer.get("error").is_none(), is_right, "{query}: {answer}");
        if !is_right {
            assert_eq!(answer["error"]["message"], "Invalid appsecret_proof provided in the API argument");
        }
    }
}

// Meta's page on business-scoped user ids, April 2026.
#[test]
fn people_are_known_by_their_user_id() {
    for (user_ids, has_phone, has_id) in
        [(UserIds::Absent, true, false), (UserIds::Beside, true, true), (UserIds::Only, false, true)]
    {
        let mut engine = engine(|state| {
            connected(state);
            subscribed(state);
            state.rules.user_ids = user_ids;
        });
        engine.receive_text(N, "16505551234", "hello").unwrap();
        let value = told(&mut engine).remove(0).2;
        let (message, contact) = (&value["messages"][0], &value["contacts"][0]);
        assert_eq!((message["from"].is_string(), message["from_user_id"].is_string()), (has_phone, has_id));
        assert_eq!((contact["wa_id"].is_string(), contact["user_id"].is_string()), (has_phone, has_id));
        let Some(user) = message["from_user_id"].as_str() else {
            continue;
        };
        assert!(user.starts_with("US.") && user.len() > 6, "{user}");
        let body = json!({"messaging_product": "whatsapp", "recipient": user, "type": "text", "text": {"body": "Hi"}});
        let answer = call(&mut engine, "POST", "/messages", &body);
        assert_eq!((&answer["contacts"][0]["input"], &answer["contacts"][0]["user_id"]), (&json!(user), &json!(user)));
        engine.advance(engine.now() + Duration::from_secs(1));
        let status = told(&mut engine).remove(0).2["statuses"][0].take();
        assert_eq!(
            (&status["status"], &status["recipient_user_id"]),
            (&json!("sent"), &json!(user)),
            "the window is open"
        );
        assert_eq!(status["recipient_id"].is_string(), has_phone);
    }
}

// Meta's pages on the fields of webhooks: account fields have a time, what has metadata has none.
#[test]
fn only_account_fields_tell_when_they_were_sent() {
    let mut engine = engine(|state| {
        connected(state);
        subscribed(state);
        number(state).on_business_app = true;
    });
    engine.receive_text(N, "16505551234", "hello").unwrap();
    engine.echo_text(N, "16505551234", "hello").unwrap();
    engine.report_violation(N, "SCAM").unwrap();
    let times = engine.take_due().into_iter().map(|delivery| {
        let payload: Value = serde_json::from_str(&delivery.body).unwrap();
        (delivery.field, payload["entry"][0]["time"].is_u64())
    });
    let wanted = [("messages", false), ("smb_message_echoes", false), ("account_update", true)];
    assert_eq!(times.collect::<Vec<_>>(), wanted.map(|(field, has_time)| (field.to_owned(), has_time)));
}

#[test]
fn many_reviews_that_a_scenario_begins_with_all_end() {
    let mut engine = engine(|state| {
        for place in 0..5_000 {
            let mut number = wa_sim::Number::new(State::ACCOUNT, "1", format!("1555{place:07}"));
            number.name_status = "PENDING_REVIEW".to_owned();
            state.numbers.insert(place.to_string(), number);
        }
    });
    engine.advance(engine.now());
    engine.state_mut();
    engine.advance(engine.now() + DAY);
    assert!(engine.state().numbers.values().all(|number| number.name_status == "APPROVED"));
    assert!(engine.state().events.is_empty(), "each is reviewed once");
}
