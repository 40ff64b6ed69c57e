//! Message templates: making, finding, editing and deleting them, and what the service decides about them.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use serde_json::{Value, json};
use wa_sim::{Control, Engine, NameReview, State};

use common::*;

fn engine() -> Engine {
    let mut state = State::demo(1);
    connected(&mut state);
    state.rules.plain = true;
    state.rules.template_review = NameReview::Control;
    account(&mut state).subscriptions.insert(State::APP.to_owned(), None);
    Engine::new(state)
}

fn call(engine: &mut Engine, method: &str, path: &str, body: &Value) -> Value {
    serde_json::from_slice(ask(engine, method, &format!("/v25.0/{path}"), body).body()).unwrap()
}

fn edge(query: &str) -> String {
    format!("{}/message_templates{query}", State::ACCOUNT)
}

/// Meta, "Create a template", sample request, shortened.
fn promo() -> Value {
    json!({
        "name": "seasonal_promotion", "language": "en_US", "category": "MARKETING",
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Our {{1}} is on!", "example": {"header_text": ["Summer Sale"]}},
            {"type": "BODY", "text": "Shop now through {{1}} and use code {{2}} to get {{3}} off of all merchandise in our shop.",
             "example": {"body_text": [["the end of August", "25OFF", "25%"]]}},
            {"type": "FOOTER", "text": "Use the buttons below to manage your marketing subscriptions"},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Unsubscribe from Promos"}, {"type": "QUICK_REPLY", "text": "Unsubscribe from All"}]}
        ]
    })
}

fn created(engine: &mut Engine, template: &Value) -> String {
    let answer = call(engine, "POST", &edge(""), template);
    answer["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn told(engine: &mut Engine) -> Vec<(String, Value)> {
    let due = engine.take_due().into_iter();
    due.map(|one| {
        let mut payload: Value = serde_json::from_str(&one.body).unwrap();
        (one.field, payload["entry"][0]["changes"][0]["value"].take())
    })
    .collect()
}

#[test]
fn a_template_can_be_sent_once_it_is_approved() {
    let mut engine = engine();
    let answer = call(&mut engine, "POST", &edge(""), &promo());
    assert_eq!((&answer["status"], &answer["category"]), (&json!("PENDING"), &json!("MARKETING")));
    let id = answer["id"].as_str().unwrap();
    let text = |text: &str| json!({"type": "text", "text": text});
    let body = json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "template", "template": {
        "name": "seasonal_promotion", "language": {"code": "en_US"}, "components": [
            {"type": "header", "parameters": [text("Sale")]}, {"type": "body", "parameters": [text("a"), text("b"), text("c")]}]}});
    let messages = format!("{N}/messages");
    assert_eq!(call(&mut engine, "POST", &messages, &body)["error"]["code"], 132_001);
    engine.decide_template(id, "APPROVED", None).unwrap();
    let (field, value) = told(&mut engine).remove(0);
    assert_eq!((&*field, &value["event"]), ("message_template_status_update", &json!("APPROVED")));
    assert_eq!(value["message_template_id"].to_string(), id);
    assert_eq!(value["message_template_name"], "seasonal_promotion");
    assert!(call(&mut engine, "POST", &messages, &body)["messages"][0]["id"].is_string());
    let mut other = body.clone();
    other["template"]["language"]["code"] = "de".into();
    assert_eq!(call(&mut engine, "POST", &messages, &other)["error"]["code"], 132_001);

    engine.decide_template(id, "PAUSED", None).unwrap();
    assert_eq!(call(&mut engine, "POST", &messages, &body)["error"]["code"], 132_015);
    assert_eq!(told(&mut engine)[0].1["other_info"]["title"], "FIRST_PAUSE");
    assert_eq!(call(&mut engine, "POST", &format!("{id}/unpause"), &Value::Null), json!({"success": true}));
    assert!(call(&mut engine, "POST", &messages, &body)["error"].is_null());
}

#[test]
fn the_service_reviews_by_itself_after_a_while() {
    let mut engine = engine();
    engine.state_mut().rules.template_review = NameReview::After { millis: 60_000 };
    let id = created(&mut engine, &promo());
    engine.advance(engine.now() + Duration::from_secs(59));
    assert_eq!(call(&mut engine, "GET", &id, &Value::Null)["status"], "PENDING");
    engine.advance(engine.now() + Duration::from_secs(1));
    assert_eq!(call(&mut engine, "GET", &id, &Value::Null)["status"], "APPROVED");
}

#[test]
fn what_people_at_meta_decide_is_told() {
    let mut engine = engine();
    let id = created(&mut engine, &promo());
    let control = |engine: &mut Engine, control: Value| {
        let control: Control = serde_json::from_value(control).unwrap();
        engine.control(&control).unwrap()
    };
    let outcome = control(
        &mut engine,
        json!({"decide_template": {"template": id, "status": "REJECTED", "reason": "PROMOTIONAL"}}),
    );
    assert_eq!((outcome.account.as_str(), outcome.deliveries.len()), (State::ACCOUNT, 1));
    assert_eq!(told(&mut engine)[0].1["reason"], "PROMOTIONAL");
    let answer = call(&mut engine, "GET", &format!("{id}?fields=rejected_reason,status"), &Value::Null);
    assert_eq!(answer, json!({"id": id, "rejected_reason": "PROMOTIONAL", "status": "REJECTED"}));
    control(&mut engine, json!({"set_template_quality": {"template": id, "quality": "RED"}}));
    control(&mut engine, json!({"set_template_category": {"template": id, "category": "UTILITY"}}));
    let (quality, category) = {
        let mut seen = told(&mut engine);
        (seen.remove(0), seen.remove(0))
    };
    assert_eq!((&*quality.0, &*category.0), ("message_template_quality_update", "template_category_update"));
    assert_eq!(
        (&quality.1["previous_quality_score"], &quality.1["new_quality_score"]),
        (&json!("UNKNOWN"), &json!("RED"))
    );
    assert_eq!(
        (&category.1["previous_category"], &category.1["new_category"]),
        (&json!("MARKETING"), &json!("UTILITY"))
    );
    assert!(engine.decide_template("77", "APPROVED", None).is_err());
    assert!(engine.decide_template(&id, "EATEN", None).is_err());
}

/// The subcodes are documented or seen.
#[test]
fn flaws_are_refused_by_their_subcodes() {
    let mut engine = engine();
    let body = |text: &str, example: Value| json!([{"type": "BODY", "text": text, "example": example}]);
    let plain = json!({"type": "BODY", "text": "Look at this"});
    let buttons = |buttons: Value| json!([plain, {"type": "BUTTONS", "buttons": buttons}]);
    let url = |url: &str, example: Value| json!({"type": "URL", "text": "See", "url": url, "example": example});
    let reply = json!({"type": "QUICK_REPLY", "text": "No"});
    let header = |header: Value| json!([header, plain]);
    let two = json!({"body_text": [["a", "b"]]});
    for (members, subcode) in [
        (json!({"name": "Big Name"}), 2_388_046),
        (json!({"language": "English"}), 2_388_049),
        (json!({"category": "SPAM"}), 0),
        (json!({"components": []}), 2_388_043),
        (json!({"components": body("Hi {{1}}, you will see {{2}} soon", Value::Null)}), 2_388_043),
        (json!({"components": body("Hi {{1}}, you will see {{3}} soon", two.clone())}), 2_388_072),
        (json!({"components": body("Hi {{1}}, you will see {{2}}", two.clone())}), 2_388_299),
        (json!({"components": body("Hi {{1}}, you will see {{2}}.", two.clone())}), 2_388_299),
        (json!({"components": body("{{1}}, you will see {{2}} soon", two.clone())}), 2_388_299),
        (json!({"components": body("Hi {{1}} {{2}} and all of your many friends", two.clone())}), 2_388_072),
        (json!({"components": body("Hi {{1}}, see {{2}} soon", two)}), 2_388_293),
        (json!({"components": body(&"x".repeat(1_025), Value::Null)}), 2_388_040),
        (json!({"components": header(json!({"type": "HEADER", "format": "TEXT", "text": "a*b"}))}), 2_388_047),
        (json!({"components": header(json!({"type": "HEADER", "format": "TEXT", "text": "x".repeat(61)}))}), 2_388_040),
        (json!({"components": header(json!({"type": "HEADER", "format": "IMAGE"}))}), 2_388_273),
        (json!({"components": header(json!({"type": "FOOTER", "text": "by {{1}}"}))}), 2_388_073),
        (json!({"components": buttons(json!([{"type": "QUICK_REPLY", "text": "Hi {{1}}"}]))}), 2_388_060),
        (json!({"components": buttons(json!([{"type": "QUICK_REPLY", "text": "x".repeat(26)}]))}), 2_388_040),
        (json!({"components": buttons(json!([url("https://x.example/{{1}}", Value::Null)]))}), 2_388_043),
        (json!({"components": buttons(json!([url("https://x.example/{{1}}/a", json!(["b"]))]))}), 0),
        (json!({"components": buttons(json!([reply, url("https://x.example", Value::Null), reply]))}), 0),
        (json!({"components": buttons(json!(vec![reply.clone(); 11]))}), 0),
        (
            json!({"components": buttons(json!([{"type": "PHONE_NUMBER", "text": "Call", "phone_number": "nobody"}]))}),
            -192,
        ),
    ] {
        let mut template = promo();
        template.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let error = call(&mut engine, "POST", &edge(""), &template)["error"].take();
        if subcode < 0 {
            assert_eq!(error["code"], -subcode, "{members}: {error}");
            continue;
        }
        assert_eq!(
            (&error["code"], error["error_subcode"].as_i64().unwrap_or_default()),
            (&json!(100), subcode),
            "{members}: {error}"
        );
        assert!(subcode == 0 || error["error_user_msg"].is_string(), "{error}");
    }
    created(&mut engine, &promo());
    assert_eq!(call(&mut engine, "POST", &edge(""), &promo())["error"]["error_subcode"], 2_388_024);
}

// Meta's page on authentication templates.
#[test]
fn one_time_passwords_have_texts_of_the_service() {
    let mut engine = engine();
    let template = json!({"name": "otp", "language": "en_US", "category": "authentication", "components": [
        {"type": "body", "add_security_recommendation": true}, {"type": "footer", "code_expiration_minutes": 10},
        {"type": "buttons", "buttons": [{"type": "otp", "otp_type": "copy_code", "text": "Copy Code"}]}]});
    let id = created(&mut engine, &template);
    let shown = call(&mut engine, "GET", &id, &Value::Null);
    assert_eq!(shown["components"][2]["buttons"][0]["type"], "URL");
    engine.decide_template(&id, "APPROVED", None).unwrap();
    let mut send = |components: Value| {
        let body = json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "template",
            "template": {"name": "otp", "language": {"code": "en_US"}, "components": components}});
        call(&mut engine, "POST", &format!("{N}/messages"), &body)["error"]["code"].clone()
    };
    let text = |text: &str| json!([{"type": "text", "text": text}]);
    let with = |code: &str| json!([{"type": "body", "parameters": text(code)}, {"type": "button", "sub_type": "url", "index": "0", "parameters": text(code)}]);
    assert_eq!(send(with("123456")), Value::Null);
    assert_eq!(send(json!([{"type": "body", "parameters": text("1")}])), 131_008);
    assert_eq!(send(with("1234567890123456")), 100);
}

#[test]
fn a_list_is_filtered_and_paged() {
    let mut engine = engine();
    for (name, category) in [("sale_summer", "MARKETING"), ("sale_winter", "MARKETING"), ("receipt", "UTILITY")] {
        let mut template = promo();
        (template["name"], template["category"]) = (name.into(), category.into());
        created(&mut engine, &template);
    }
    let mut names = |query: &str| {
        let answer = call(&mut engine, "GET", &edge(query), &Value::Null);
        let names = answer["data"].as_array().unwrap_or_else(|| panic!("{answer}")).iter();
        (names.map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), answer)
    };
    assert_eq!(names("").0, ["hello_world", "sale_summer", "sale_winter", "receipt"]);
    assert_eq!(names("?name=sale").0, ["sale_summer", "sale_winter"]);
    assert_eq!(names("?category=UTILITY&status=PENDING").0, ["receipt"]);
    assert_eq!(names("?status=%5B%22APPROVED%22%5D").0, ["hello_world"]);
    assert_eq!(names("?content=merchandise&language=en_US").0.len(), 3);
    assert_eq!(names("?language=de").0.len(), 0);
    let (first, answer) = names("?limit=3&fields=name,status");
    assert_eq!(first.len(), 3);
    let next = answer["paging"]["next"].as_str().unwrap();
    assert!(next.contains("fields=name%2Cstatus") && !next.contains("access_token"), "{next}");
    let after = answer["paging"]["cursors"]["after"].as_str().unwrap();
    let (rest, answer) = names(&format!("?limit=3&after={after}&summary=total_count"));
    assert_eq!((rest, &answer["summary"]["total_count"]), (vec!["receipt".to_owned()], &json!(4)));
    assert!(answer["paging"].get("next").is_none());
    let error = call(&mut engine, "GET", &edge("?fields=nickname"), &Value::Null);
    assert_eq!(error["error"]["code"], 100);
}

// Meta's page on managing templates.
#[test]
fn editing_begins_another_review_and_is_rare_once_approved() {
    let mut engine = engine();
    let id = created(&mut engine, &promo());
    let edit = json!({"components": promo()["components"]});
    let change = |engine: &mut Engine, body: &Value| call(engine, "POST", &id, body);
    assert_eq!(change(&mut engine, &edit)["error"]["error_subcode"], 2_388_039, "it is in review");
    engine.decide_template(&id, "APPROVED", None).unwrap();
    assert_eq!(change(&mut engine, &json!({"category": "UTILITY"}))["error"]["code"], 100);
    assert_eq!(change(&mut engine, &edit), json!({"success": true}));
    assert_eq!(call(&mut engine, "GET", &id, &Value::Null)["status"], "PENDING");
    engine.decide_template(&id, "APPROVED", None).unwrap();
    assert_eq!(call(&mut engine, "POST", &id, &edit)["error"]["code"], 100, "once in 24 hours");
    engine.advance(engine.now() + Duration::from_secs(24 * 3_600));
    assert_eq!(call(&mut engine, "POST", &id, &edit), json!({"success": true}));
}

#[test]
fn a_deleted_name_is_blocked_for_thirty_days() {
    let mut engine = engine();
    let english = created(&mut engine, &promo());
    let mut german = promo();
    german["language"] = "de".into();
    let german_id = created(&mut engine, &german);
    for id in [&english, &german_id] {
        engine.decide_template(id, "APPROVED", None).unwrap();
    }
    let delete = |engine: &mut Engine, query: &str| call(engine, "DELETE", &edge(query), &Value::Null);
    assert_eq!(delete(&mut engine, "")["error"]["code"], 100);
    assert_eq!(delete(&mut engine, "?name=nothing")["error"]["code"], 100);
    assert_eq!(delete(&mut engine, &format!("?name=other&hsm_id={german_id}"))["error"]["code"], 100);
    assert_eq!(delete(&mut engine, &format!("?name=seasonal_promotion&hsm_id={german_id}")), json!({"success": true}));
    assert_eq!(call(&mut engine, "GET", &german_id, &Value::Null)["error"]["error_subcode"], 33);
    assert_eq!(call(&mut engine, "GET", &english, &Value::Null)["language"], "en_US");
    assert_eq!(call(&mut engine, "POST", &edge(""), &german)["error"]["error_subcode"], 2_388_023);
    assert_eq!(call(&mut engine, "DELETE", &edge("?name=seasonal_promotion"), &Value::Null), json!({"success": true}));
    engine.advance(engine.now() + Duration::from_secs(30 * 24 * 3_600));
    created(&mut engine, &german);
    let all = json!({"hsm_ids": [english, "77"]});
    let query =
        format!("?hsm_ids={}", all["hsm_ids"].to_string().replace('"', "%22").replace('[', "%5B").replace(']', "%5D"));
    assert_eq!(call(&mut engine, "DELETE", &edge(&query), &Value::Null)["error"]["code"], 100, "all or nothing");
}

#[test]
fn ready_made_templates_need_no_review() {
    let mut engine = engine();
    let found = call(&mut engine, "GET", "message_template_library?search=payment", &Value::Null);
    let name = found["data"][0]["name"].as_str().unwrap_or_else(|| panic!("{found}"));
    let body = json!({"name": "ours", "language": "en_US", "category": "UTILITY", "library_template_name": name});
    assert_eq!(call(&mut engine, "POST", &edge(""), &body)["status"], "APPROVED");
}

#[test]
fn two_templates_are_compared_by_what_was_sent() {
    let mut engine = engine();
    let id = created(&mut engine, &promo());
    let hello = engine.state().accounts[State::ACCOUNT].templates[0].id_in(State::ACCOUNT);
    call(&mut engine, "POST", &format!("{N}/messages"), &template("hello_world", "en_US"));
    let end = engine.now().as_secs() + 1;
    let path = |start: u64| {
        format!("{hello}/compare?template_ids=[{id}]&start={start}&end={end}").replace('[', "%5B").replace(']', "%5D")
    };
    let answer = call(&mut engine, "GET", &path(end - 7 * 86_400), &Value::Null);
    let sends = &answer["data"][1]["number_values"];
    assert_eq!((&sends[0], &sends[1]["value"]), (&json!({"key": hello, "value": 1}), &json!(0)), "{answer}");
    assert_eq!(call(&mut engine, "GET", &path(end - 86_400), &Value::Null)["error"]["code"], 100);
}
