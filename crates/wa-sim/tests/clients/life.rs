//! The life of a number.

use serde_json::{Value, json};
use wa_sim::{State, TestServer};

use crate::client::{KAPSO, PYWA};

#[test]
fn pywa_lives_the_life_of_a_number() {
    let Some(pywa) = PYWA.install() else {
        return;
    };
    let server = TestServer::start_tls(State::demo(1)).unwrap();
    let told = pywa.run("pywa_life.py", &server);
    assert_told(
        &told,
        &[
            ("read", json!({"status": "PENDING", "verification": "NOT_VERIFIED", "name": "Lucky Shrub"})),
            ("register too early", json!({"code": 133_006})),
            ("request_code", json!({"success": true})),
            ("wrong code", json!({"code": 136_025})),
            ("verify_code", json!({"success": true})),
            ("register", json!({"success": true})),
            ("read", json!({"status": "CONNECTED", "verification": "VERIFIED", "platform": "CLOUD_API", "pin": true})),
            ("list", json!({"ids": [State::NUMBER]})),
            ("wrong PIN", json!({"code": 133_005, "details": "The PIN is not the one of this number"})),
            ("update_display_name", json!({"success": true})),
            ("update_business_profile", json!({"success": true})),
            ("get_business_profile", json!({"about": "Succulents"})),
            ("read settings", json!({"calling": "DISABLED"})),
            ("send_message", json!({})),
            ("deregister", json!({"success": true})),
            ("deregister again", json!({"code": 133_010})),
            ("read", json!({"status": "DISCONNECTED", "platform": "NOT_APPLICABLE"})),
            // Meta's documents call it `cc`.
            ("create_phone_number", json!({"code": 100, "details": "Unexpected key \"country_code\""})),
            ("eleventh attempt", json!({"code": 133_016, "error": "RegistrationOrDeregistrationFailed"})),
        ],
    );
    let life = "number.read 200, number.register 400, number.request_code 200, number.verify_code 400, \
                number.verify_code 200, number.register 200, number.read 200, account.list_numbers 200, \
                number.register 400, number.set_display_name 200, number.update_profile 200, number.read_profile 200, \
                number.read_settings 200, message.send_text 200, number.deregister 200, number.deregister 400, \
                number.read 200, account.add_number 400";
    assert_journal(&server, &told, life);
}

#[test]
fn kapso_lives_the_life_of_a_number() {
    let Some(kapso) = KAPSO.install() else {
        return;
    };
    let server = TestServer::start_tls(State::demo(1)).unwrap();
    let told = kapso.run("kapso_life.mjs", &server);
    assert_told(
        &told,
        &[
            ("read", json!({"status": "PENDING", "codeVerificationStatus": "NOT_VERIFIED", "id": State::NUMBER})),
            ("register too early", json!({"status": 400, "code": 133_006, "category": "phoneRegistration"})),
            ("request_code", json!({"success": true})),
            ("wrong code", json!({"status": 400, "code": 136_025})),
            ("verify_code", json!({"success": true})),
            ("register", json!({"success": true})),
            ("read", json!({"status": "CONNECTED", "platformType": "CLOUD_API", "isPinEnabled": true})),
            ("list", json!({"ids": [State::NUMBER]})),
            ("wrong PIN", json!({"status": 400, "code": 133_005})),
            ("two-step PIN", json!({"success": true})),
            ("update settings", json!({"success": true})),
            ("read settings", json!({"calling": "ENABLED"})),
            ("update profile", json!({"success": true})),
            ("read profile", json!({"about": "Succulents"})),
            ("message", json!({})),
            ("deregister", json!({"success": true})),
            ("deregister again", json!({"status": 400, "code": 133_010, "category": "phoneRegistration"})),
            ("read", json!({"status": "DISCONNECTED", "platformType": "NOT_APPLICABLE"})),
            ("eleventh attempt", json!({"status": 400, "code": 133_016, "category": "phoneRegistration"})),
        ],
    );
    let life = "number.read 200, number.register 400, number.request_code 200, number.verify_code 400, \
                number.verify_code 200, number.register 200, number.read 200, account.list_numbers 200, \
                number.register 400, number.set_pin 200, number.set_calling 200, number.read_settings 200, \
                number.update_profile 200, number.read_profile 200, message.send_text 200, number.deregister 200, \
                number.deregister 400, number.read 200";
    assert_journal(&server, &told, life);
}

/// Compares what a client said, member by member of those that are expected.
fn assert_told(told: &[Value], expected: &[(&str, Value)]) {
    let calls: Vec<_> = told.iter().map(|line| line["call"].as_str().unwrap()).collect();
    assert_eq!(calls, expected.iter().map(|(call, _)| *call).collect::<Vec<_>>());
    for (line, (call, members)) in told.iter().zip(expected) {
        for (name, value) in members.as_object().unwrap() {
            assert_eq!(&line[name], value, "{call}: {line}");
        }
    }
}

/// Compares what the simulator noted: the calls, then five attempts, then the one that is refused; and no secret.
fn assert_journal(server: &TestServer, told: &[Value], life: &str) {
    let engine = server.engine();
    let entries: Vec<_> = engine.journal().entries().collect();
    let noted: Vec<_> = entries.iter().map(|entry| format!("{} {}", entry.operation, entry.status)).collect();
    let attempts = ["number.register 200"; 5].join(", ");
    assert_eq!(noted.join(", "), format!("{life}, {attempts}, number.register 400"));
    let text = engine.journal().to_lines();
    for secret in ["012345", "543210", "123456", State::TOKEN] {
        assert!(!text.contains(secret), "{secret}");
    }
    let traces: Vec<_> = entries.iter().filter_map(|entry| entry.answer["error"]["fbtrace_id"].as_str()).collect();
    let heard: Vec<_> = told.iter().filter_map(|line| line["trace"].as_str()).collect();
    assert_eq!(traces, heard);
    let message = told.iter().find(|line| line["id"].as_str().is_some_and(|id| id.starts_with("wamid."))).unwrap();
    let answer = entries.iter().find(|entry| entry.operation == "message.send_text").unwrap();
    assert_eq!(answer.answer["messages"][0]["id"], message["id"]);
}
