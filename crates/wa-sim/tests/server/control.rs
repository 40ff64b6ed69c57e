//! Every call of the control.

use serde_json::{Value, json};
use wa_sim::{Number, State, TestServer};

use crate::raw::{Events, control, exchange, graph, json_of, parts, register, request};

fn start() -> TestServer {
    let mut state = State::demo(1);
    state.numbers.get_mut(State::NUMBER).unwrap().code.verified_at = Some(state.now);
    TestServer::start(state).unwrap()
}

/// What people do by other means than the API.
fn people(server: &TestServer, control: Value) -> (u16, Value) {
    crate::raw::control(server, "POST", "control", &control.to_string())
}

fn number(server: &TestServer) -> Value {
    control(server, "GET", &format!("numbers/{}", State::NUMBER), "").1
}

#[test]
fn the_page_is_served_and_may_not_be_framed() {
    let server = start();
    let answer = String::from_utf8(exchange(&server, &request("GET", "/_sim/", "", "")).unwrap()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "));
    assert!(answer.contains("content-type: text/html; charset=utf-8\r\n") && answer.contains("<!DOCTYPE html>"));
    assert!(answer.contains("frame-ancestors 'none'"));
    let answer = exchange(&server, &request("GET", "/_sim", "", "")).unwrap();
    assert_eq!(parts(&answer).0, 308);
}

#[test]
fn the_overview_has_it_all() {
    let server = start();
    exchange(&server, &register()).unwrap();
    control(&server, "POST", "faults", r#"{"fault": "close", "operation": "number.read"}"#);
    let (status, shown) = control(&server, "GET", "overview", "");
    assert_eq!(status, 200);
    let members: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        members,
        [
            "accounts",
            "apps",
            "clock",
            "counts",
            "faults",
            "journal",
            "now",
            "now_text",
            "numbers",
            "operations",
            "rules",
            "tokens",
            "webhooks"
        ]
    );
    assert_eq!(shown["clock"], "virtual");
    assert_eq!(shown["now_text"], "2025-06-15T15:06:40+0000");
    assert_eq!(shown["numbers"][0], number(&server));
    assert_eq!(shown["faults"][0]["fault"], "close");
    assert_eq!(shown["journal"][0]["operation"], "number.register");
    assert_eq!(shown["counts"][State::NUMBER]["number.register"], 1);
    assert!(!shown.to_string().contains("012345"));
}

#[test]
fn the_clock_goes_forward_only() {
    let server = start();
    let (_, before) = control(&server, "GET", "clock", "");
    let now = before["now"].as_u64().unwrap();
    let (status, after) = control(&server, "POST", "clock", r#"{"advance": "72h"}"#);
    assert_eq!((status, after["now"].as_u64().unwrap()), (200, now + 72 * 3_600_000));
    let to = json!({"to": now + 300 * 3_600_000}).to_string();
    assert_eq!(control(&server, "POST", "clock", &to).0, 200);
    assert_eq!(server.engine().now().as_millis(), now + 300 * 3_600_000);
    for (body, status) in [
        (json!({"to": now}), 409),
        (json!({"to": u64::MAX}), 409),
        (json!({"advance": "tomorrow"}), 400),
        (json!({"advance": 5}), 400),
        (json!({"back": "1h"}), 400),
        (json!({"advance": "1h", "to": 5}), 400),
    ] {
        assert_eq!(control(&server, "POST", "clock", &body.to_string()).0, status, "{body}");
    }
    assert_eq!(server.engine().now().as_millis(), now + 300 * 3_600_000);
}

#[test]
fn a_snapshot_goes_out_and_in() {
    let server = start();
    let (_, snapshot) = control(&server, "GET", "state", "");
    exchange(&server, &register()).unwrap();
    assert_eq!(number(&server)["registered"], true);
    let (status, restored) = control(&server, "PUT", "state", &snapshot.to_string());
    assert_eq!((status, &restored["removed_entries"]), (200, &json!(1)), "the journal belongs to what was before");
    assert_eq!(number(&server)["registered"], false);
    assert_eq!(control(&server, "GET", "journal", "").1, json!([]));
    assert_eq!(server.engine().state().to_json(), snapshot);
    let (status, answer) = control(&server, "PUT", "state", r#"{"numbres": {}}"#);
    assert_eq!(status, 400);
    assert!(answer["error"].as_str().unwrap().contains("numbres"));
    assert_eq!(control(&server, "PUT", "state", "[").0, 400);
}

#[test]
fn a_reset_begins_anew() {
    let server = start();
    let (_, first) = control(&server, "GET", "state", "");
    exchange(&server, &register()).unwrap();
    control(&server, "POST", "clock", r#"{"advance": "72h"}"#);
    let (status, answer) = control(&server, "POST", "reset", "");
    assert_eq!((status, &answer["removed_entries"]), (200, &json!(1)));
    assert_eq!(server.engine().state().to_json(), first);
    assert_eq!(control(&server, "GET", "journal", "").1, json!([]));
}

#[test]
fn rules_are_switched_one_by_one() {
    let server = start();
    let (_, before) = control(&server, "GET", "rules", "");
    let (status, after) = control(&server, "PATCH", "rules", r#"{"error_style": "description", "codes_an_hour": 1}"#);
    assert_eq!((status, &after["error_style"], &after["codes_an_hour"]), (200, &json!("description"), &json!(1)));
    assert_eq!(after["verified_for"], before["verified_for"]);
    let (status, answer) = control(&server, "PATCH", "rules", r#"{"plain": true, "fase": "code"}"#);
    assert_eq!(status, 400);
    assert!(answer["error"].as_str().unwrap().contains("fase"));
    assert_eq!(control(&server, "GET", "rules", "").1, after);
}

#[test]
fn a_number_is_shown_in_every_phase_of_its_life() {
    let server = TestServer::start(State::demo(1)).unwrap();
    let phase = || number(&server)["phase"].as_str().unwrap().to_owned();
    let call = |path: &str, body: Value| {
        let call = graph("POST", &format!("{}{path}", State::NUMBER), &body.to_string());
        json_of(&exchange(&server, &call).unwrap())
    };
    assert_eq!(phase(), "unverified");
    call("/request_code", json!({"code_method": "SMS", "language": "en_US"}));
    assert_eq!(phase(), "code_sent");
    let code = number(&server)["sent_code"].clone();
    call("/verify_code", json!({ "code": code }));
    assert_eq!(phase(), "verified");
    control(&server, "POST", "clock", r#"{"advance": "14d"}"#);
    assert_eq!((phase(), number(&server)["verification"].clone()), ("expired".to_owned(), json!("EXPIRED")));
    call("/request_code", json!({"code_method": "SMS", "language": "en_US"}));
    let code = number(&server)["sent_code"].clone();
    call("/verify_code", json!({ "code": code }));
    exchange(&server, &register()).unwrap();
    let shown = number(&server);
    assert_eq!(
        (&shown["phase"], &shown["pin_set"], &shown["platform"]),
        (&json!("registered"), &json!(true), &json!("CLOUD_API"))
    );
    assert_eq!(
        shown["attempts"],
        json!({"used": 1, "most": 10, "next_free_in_s": 0, "oldest_ends_in_s": 259_200, "locked_until": null})
    );
    exchange(&server, &graph("POST", &format!("{}/deregister", State::NUMBER), "")).unwrap();
    assert_eq!(phase(), "deregistered");
    call("", json!({"new_display_name": "Luckier Shrub"}));
    let shown = number(&server);
    assert_eq!((&shown["phase"], &shown["new_name_status"]), (&json!("name_in_review"), &json!("PENDING_REVIEW")));
    for _ in 0..9 {
        exchange(&server, &register()).unwrap();
    }
    let shown = number(&server);
    let now = server.engine().now().as_millis();
    assert_eq!(shown["phase"], "locked");
    let wait = 72 * 3_600;
    assert_eq!(
        shown["attempts"],
        json!({
            "used": 10,
            "most": 10,
            "next_free_in_s": wait,
            "oldest_ends_in_s": wait,
            "locked_until": now + wait * 1_000,
        })
    );
    let ban =
        |is_banned: bool| people(&server, json!({"ban_account": {"account": State::ACCOUNT, "is_banned": is_banned}}));
    assert_eq!(ban(true).0, 200);
    assert_eq!(phase(), "banned");
    ban(false);
    assert_eq!(phase(), "locked");
}

#[test]
fn people_do_what_they_do_outside_the_api() {
    let server = start();
    let n = State::NUMBER;
    let decide = |decision: &str| people(&server, json!({"decide_name": {"number": n, "decision": decision}}));
    let text = || people(&server, json!({"receive_text": {"number": n, "from": "+1650", "text": "hi"}}));
    assert_eq!(decide("APPROVED").0, 409, "no name is in review");
    assert_eq!(decide("DEFERRED").0, 409);
    exchange(&server, &graph("POST", n, r#"{"new_display_name": "Luckier Shrub"}"#)).unwrap();
    assert_eq!(decide("DEFERRED").1["number"]["new_name_status"], "PENDING_REVIEW");
    let (_, approved) = decide("APPROVED");
    let names = ["new_name_status", "name_status", "verified_name", "name_in_effect"];
    let names = names.map(|name| approved["number"][name].clone());
    assert_eq!(names, [json!(null), json!("APPROVED"), json!("Luckier Shrub"), json!(null)]);

    assert_eq!(text().0, 409);
    exchange(&server, &register()).unwrap();
    assert_eq!(number(&server)["name_in_effect"], "Luckier Shrub");
    assert_eq!(text().0, 200);
    assert!(server.engine().state().numbers[n].inbound.contains_key("1650"));
    assert_eq!(people(&server, json!({"switch_pin_off": {"number": n}})).1["number"]["pin_set"], false);
    let (_, red) = people(&server, json!({"set_quality": {"number": n, "quality": "RED"}}));
    assert_eq!((&red["number"]["quality"], &red["number"]["status"]), (&json!("RED"), &json!("FLAGGED")));
    assert_eq!(control(&server, "GET", "numbers", "").1.as_array().unwrap().len(), 1);
}

#[test]
fn a_control_says_why_nobody_is_told() {
    let server = start();
    exchange(&server, &register()).unwrap();
    let n = State::NUMBER;
    let text = || people(&server, json!({"receive_text": {"number": n, "from": "1650", "text": "hi"}})).1;
    let answer = text();
    assert_eq!(answer["deliveries"], json!([]));
    let untold = answer["untold"].as_str().unwrap();
    assert!(untold.contains("no app is subscribed") && untold.contains("subscribed_apps"), "{untold}");
    let subscribe = json!({"subscribe_app": {"account": State::ACCOUNT, "app": State::APP}});
    assert_eq!(people(&server, subscribe).1["untold"], json!(null));
    let answer = text();
    assert_eq!((answer["deliveries"].as_array().unwrap().len(), &answer["untold"]), (1, &json!(null)));
    server.engine().state_mut().apps.get_mut(State::APP).unwrap().callback = None;
    let untold = text()["untold"].as_str().unwrap().to_owned();
    assert!(untold.contains("has no callback"), "{untold}");
}

#[test]
fn every_control_has_a_route() {
    let server = start();
    let (n, w) = (State::NUMBER, State::ACCOUNT);
    let mut controls = vec![
        json!({"onboard_business_app": {"number": n}}),
        json!({"echo_text": {"number": n, "to": "1650", "text": "hi"}}),
        json!({"offboard_business_app": {"number": n}}),
        json!({"change_number": {"number": n, "members": {"name_status": "NON_EXISTS", "reads_connected": true}}}),
        json!({"change_number": {"number": n, "members": {"official": {"status": "PENDING"}}}}),
        json!({"decide_official": {"number": n, "is_approved": true}}),
        json!({"change_pin": {"number": n, "pin": "654321"}}),
        json!({"request_pin_reset": {"number": n}}),
        json!({"set_limit": {"number": n, "limit": "TIER_2K"}}),
        json!({"report_violation": {"number": n, "violation": "SCAM"}}),
        json!({"change_account": {"account": w, "members": {"templates": [{"name": "news", "language": "de"}]}}}),
        json!({"add_number": {"account": w, "digits": "16315551000", "country_code": "1", "verified_name": "Two"}}),
        json!({"restrict_account": {"account": w, "action": "RESTRICTED_ADD_PHONE_NUMBER_ACTION", "until": 1}}),
        json!({"decide_account": {"account": w, "review": "APPROVED"}}),
        json!({"verify_business": {"account": w}}),
        json!({"change_number": {"number": n, "members": {"connected_at": 1}}}),
        json!({"upgrade_throughput": {"number": n}}),
    ];
    controls.push(json!({"delete_number": {"number": n}}));
    for control in &controls {
        let (status, answer) = people(&server, control.clone());
        assert_eq!(status, 200, "{control}: {answer}");
    }
    let engine = server.engine();
    let number = &engine.state().numbers[n];
    assert_eq!((&*number.name_status, number.is_deleted, &*number.limit), ("NON_EXISTS", true, "TIER_2K"));
    assert_eq!(engine.state().numbers.len(), 2);
    assert_eq!(engine.state().accounts[w].templates[0].name, "news");
}

#[test]
fn what_cannot_be_done_is_refused_in_plain_words() {
    let server = start();
    for (method, path, body, status, words) in [
        (
            "POST",
            "control",
            r#"{"decide_name": {"number": "1", "decision": "PERHAPS"}}"#,
            400,
            "use one of APPROVED, REJECTED",
        ),
        (
            "POST",
            "control",
            r#"{"set_quality": {"number": "1", "quality": "RED", "x": 1}}"#,
            400,
            "no member \"x\" here",
        ),
        ("POST", "control", r#"{"switch_pin_off": {}}"#, 400, "the member \"number\" is missing"),
        (
            "POST",
            "control",
            r#"{"dance": {}}"#,
            400,
            "\"dance\" is not a word that is known here: use one of receive_text",
        ),
        ("POST", "control", "", 400, "nothing was sent where JSON is expected"),
        (
            "POST",
            "control",
            r#"{"decide_name": {"number": "1", "decision": "APPROVED"}}"#,
            404,
            "no number with the id 1",
        ),
        ("POST", "control", r#"{"receive_text": {"number": "1", "from": "1", "text": "hi"}}"#, 404, "no number"),
        ("POST", "control", r#"{"ban_account": {"account": "1", "is_banned": true}}"#, 404, "no account with the id 1"),
        ("POST", "control", r#"{"switch_pin_off": {"number": "1"}}"#, 404, "no number"),
        (
            "POST",
            "control",
            r#"{"change_number": {"number": "106540352242922", "members": {"digits": "+1"}}}"#,
            400,
            "write digits only",
        ),
        ("POST", "clock", r#"{"advance": 5}"#, 400, "is expected, not"),
        ("PATCH", "rules", r#"{"verified_for": "soon"}"#, 400, "a whole number that is not negative is expected"),
        ("GET", "numbers/1", "", 404, "no number"),
        ("GET", "nowhere", "", 404, "no such control"),
        ("DELETE", "clock", "", 405, "another method"),
        ("POST", "clock", "", 400, "nothing was sent"),
        ("POST", "faults", r#"{"fault": "close", "nth": 0}"#, 400, "nth counts from 1"),
        ("POST", "faults", r#"{"fault": "close", "times": 0}"#, 400, "times must be 1 or more"),
        ("POST", "faults", r#"{"fault": "close", "per_million": 1000001}"#, 400, "from 1 to 1000000"),
        (
            "POST",
            "faults",
            r#"{"fault": {"error": {"status": 9999, "code": 1}}}"#,
            400,
            "status must be from 200 to 599",
        ),
        ("POST", "faults", r#"{"fault": {"redirect": {"to": "a b"}}}"#, 400, "no spaces"),
        ("PUT", "state", r#"{"faults": [{"fault": "close", "nth": 0}]}"#, 400, "the fault 0: nth counts from 1"),
    ] {
        let (found, answer) = control(&server, method, path, body);
        let error = answer["error"].as_str().unwrap();
        assert_eq!(found, status, "{method} {path} {body}: {error}");
        assert!(error.contains(words), "{method} {path} {body}: {error}");
        assert!(!error.contains("struct ") && !error.contains("variant") && !error.contains('`'), "{error}");
    }
}

#[test]
fn who_looks_at_the_root_is_led_to_the_page() {
    let server = start();
    let answer = String::from_utf8(exchange(&server, &request("GET", "/", "", "")).unwrap()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 307 ") && answer.contains("location: /_sim/\r\n"), "{answer}");
    // A batch of the Graph API goes there, too, and is not simulated.
    assert_eq!(parts(&exchange(&server, &request("POST", "/", "", "")).unwrap()).0, 501);
}

#[test]
fn faults_come_and_go() {
    let server = start();
    let rule =
        r#"{"fault": {"error": {"status": 500, "code": 131000}}, "operation": "number.register", "moment": "after"}"#;
    assert_eq!(control(&server, "POST", "faults", rule), (200, json!({"index": 0})));
    assert_eq!(
        control(&server, "POST", "faults", r#"{"fault": {"delay": {"millis": 1}}}"#),
        (200, json!({"index": 1}))
    );
    assert_eq!(json_of(&exchange(&server, &register()).unwrap()).0, 500);
    let (_, listed) = control(&server, "GET", "faults", "");
    assert_eq!((&listed[0]["struck"], &listed[1]["struck"]), (&json!(1), &json!(0)));
    assert_eq!(control(&server, "DELETE", "faults/0", "").0, 200);
    assert_eq!(json_of(&exchange(&server, &register()).unwrap()).0, 200);
    assert_eq!(control(&server, "DELETE", "faults/1", "").0, 404);
    assert_eq!(control(&server, "DELETE", "faults", ""), (200, json!({"removed": 1})));
    for wrong in [r#"{"fault": "explode"}"#, r#"{"fault": "close", "often": 3}"#, "{}", "1", "{"] {
        assert_eq!(control(&server, "POST", "faults", wrong).0, 400, "{wrong}");
    }
}

#[test]
fn the_journal_is_read_in_parts() {
    let server = start();
    for _ in 0..3 {
        exchange(&server, &register()).unwrap();
        exchange(&server, &graph("GET", State::NUMBER, "")).unwrap();
    }
    let sequences = |query: &str| -> Vec<u64> {
        let (_, entries) = control(&server, "GET", &format!("journal{query}"), "");
        entries.as_array().unwrap().iter().map(|entry| entry["sequence"].as_u64().unwrap()).collect()
    };
    assert_eq!(sequences(""), [0, 1, 2, 3, 4, 5]);
    assert_eq!(sequences("?limit=2"), [4, 5]);
    assert_eq!(sequences("?after=3"), [4, 5]);
    assert_eq!(sequences("?operation=number.register"), [0, 2, 4]);
    assert_eq!(sequences(&format!("?operation=number.register&node={}&limit=1&after=", State::NUMBER)), [4]);
    assert!(sequences("?node=1").is_empty());
    for wrong in ["?operation=number.fly", "?limit=many", "?since=3"] {
        assert_eq!(control(&server, "GET", &format!("journal{wrong}"), "").0, 400, "{wrong}");
    }
    assert_eq!(control(&server, "GET", "counts", "").1[State::NUMBER], json!({"number.read": 3, "number.register": 3}));
    assert_eq!(control(&server, "DELETE", "journal", ""), (200, json!({"removed": 6})));
    assert_eq!(control(&server, "GET", "counts", "").1, json!({}));
    exchange(&server, &graph("GET", State::NUMBER, "")).unwrap();
    assert_eq!(sequences(""), [6]);
    assert_eq!(control(&server, "GET", "webhooks?state=lost", "").0, 400);
}

#[test]
fn changes_are_told_and_reading_is_none() {
    let server = start();
    let mut events = Events::new(&server);
    let first = events.revision;
    exchange(&server, &register()).unwrap();
    events.next();
    assert!(events.revision > first);
    let settled = Events::new(&server).revision;
    for path in ["overview", "clock", "state", "rules", "numbers", "faults", "journal", "counts", "webhooks"] {
        assert_eq!(control(&server, "GET", path, "").0, 200);
    }
    assert_eq!(Events::new(&server).revision, settled);
    control(&server, "POST", "clock", r#"{"advance": "1s"}"#);
    assert_eq!(Events::new(&server).revision, settled + 1);
}

#[test]
fn a_foreign_page_changes_nothing() {
    let server = start();
    let body = r#"{"advance": "1h"}"#;
    let json = "content-type: application/json\r\n";
    for (headers, status) in [
        (format!("{json}origin: https://example.com\r\n"), 403),
        (format!("{json}origin: http://localhost:3000\r\n"), 403),
        (format!("{json}sec-fetch-site: cross-site\r\n"), 403),
        ("content-type: text/plain\r\n".to_owned(), 415),
        ("content-type: application/x-www-form-urlencoded\r\n".to_owned(), 415),
        (String::new(), 415),
    ] {
        let answer = exchange(&server, &request("POST", "/_sim/clock", &headers, body)).unwrap();
        assert_eq!(json_of(&answer).0, status, "{headers}");
    }
    assert_eq!(server.engine().now(), wa_sim::Time::START);
    let own = format!("{json}origin: http://127.0.0.1\r\nsec-fetch-site: same-origin\r\n");
    assert_eq!(json_of(&exchange(&server, &request("POST", "/_sim/clock", &own, body)).unwrap()).0, 200);
}

#[test]
fn thousands_of_numbers_are_shown() {
    let mut state = State::demo(1);
    for place in 0..10_000 {
        state
            .numbers
            .insert(format!("2000000000{place:05}"), Number::new(State::ACCOUNT, "1", format!("1555{place:07}")));
    }
    let server = TestServer::start(state).unwrap();
    assert_eq!(control(&server, "GET", "numbers", "").1.as_array().unwrap().len(), 10_001);
    let (_, snapshot) = control(&server, "GET", "state", "");
    assert_eq!(control(&server, "PUT", "state", &snapshot.to_string()).0, 200);
}
