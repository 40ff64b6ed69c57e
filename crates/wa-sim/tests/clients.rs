//! Clients of other makers, as their registries have them, live the life of a number against the simulator over TLS.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test starts programs")]

use std::{
    fs,
    io::{Write as _, stderr},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};
use wa_sim::{State, TestServer};

#[test]
fn pywa_lives_the_life_of_a_number() {
    let Some(home) = installed("pywa", PYWA, |home| {
        run(Command::new("python3").args(["-m", "venv"]).arg(home))?;
        let pip = Command::new(home.join("bin/python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
            ])
            .args(["--timeout=20", "--retries=1"])
            .args(PYWA)
            .output();
        run_as(pip)
    }) else {
        return;
    };
    let server = TestServer::start_tls(State::demo(1)).unwrap();
    let script = scripts().join("pywa_client.py");
    let told = tell(Command::new(home.join("bin/python")).arg(script), &home, &server);
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
    let Some(home) = installed("kapso", KAPSO, |home| {
        let npm = Command::new("npm")
            .args(["install", "--silent", "--no-save", "--no-fund", "--no-audit", "--ignore-scripts"])
            .args(["--fetch-timeout=20000", "--fetch-retries=1", "--prefix"])
            .arg(home)
            .args(KAPSO)
            .output();
        run(Command::new("node").arg("--version"))?;
        run_as(npm)
    }) else {
        return;
    };
    // Node looks for packages beside the script.
    let script = home.join("kapso_client.mjs");
    fs::copy(scripts().join("kapso_client.mjs"), &script).unwrap();
    let server = TestServer::start_tls(State::demo(1)).unwrap();
    let told = tell(Command::new("node").arg(script), &home, &server);
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

/// Where a client is installed, once for all runs; nothing if it cannot be.
fn installed(name: &str, packages: &[&str], install: impl Fn(&Path) -> Result<(), String>) -> Option<PathBuf> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("client-{name}"));
    let list = home.join("installed.txt");
    let wanted = packages.join("\n");
    if fs::read_to_string(&list).is_ok_and(|text| text == wanted) {
        return Some(home);
    }
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).unwrap();
    if let Err(error) = install(&home) {
        // Not by a macro, whose output the test harness keeps to itself.
        let _ = writeln!(stderr(), "\nSKIPPED: {name} could not be installed, so it was not tried: {error}");
        return None;
    }
    fs::write(list, wanted).unwrap();
    Some(home)
}

fn run(command: &mut Command) -> Result<(), String> {
    run_as(command.output())
}

fn run_as(output: std::io::Result<Output>) -> Result<(), String> {
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// Runs a script and gives the lines of JSON that it writes.
fn tell(command: &mut Command, home: &Path, server: &TestServer) -> Vec<Value> {
    let authority = home.join("authority.pem");
    fs::write(&authority, server.authority_pem().unwrap()).unwrap();
    let command = command
        .env("WA_BASE", server.url())
        .env("WA_TOKEN", State::TOKEN)
        .env("WA_NUMBER", State::NUMBER)
        .env("WA_ACCOUNT", State::ACCOUNT)
        .env("WA_AUTHORITY", &authority)
        .env("NODE_EXTRA_CA_CERTS", &authority);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
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

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

const PYWA: &[&str] = &[
    "pywa==4.5.0",
    "anyio==4.16.0",
    "certifi==2026.10.18",
    "h11==0.16.0",
    "httpcore==1.0.9",
    "httpx==0.28.1",
    "idna==3.20",
    "typing_extensions==4.16.0",
];
const KAPSO: &[&str] = &["@kapso/whatsapp-cloud-api@0.3.0", "zod@4.6.7"];
