//! The program `wa-sim` as a process.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use wa_sim::State;

use crate::raw::{LONG, json_of, request};

struct Program {
    child: Child,
    line: Value,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut command = command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { child, line: serde_json::from_str(&line).unwrap() }
    }

    fn address(&self) -> &str {
        self.line["listening"].as_str().unwrap().split_once("://").unwrap().1
    }

    fn call(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, Value) {
        let mut socket = TcpStream::connect(self.address()).unwrap();
        socket.set_read_timeout(Some(LONG)).unwrap();
        socket.write_all(&request(method, path, headers, body)).unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).unwrap();
        json_of(&answer)
    }

    /// Sends a signal and tells how the program ended.
    #[cfg(unix)]
    fn end(mut self, signal: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wa-sim"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// A program that should not start.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command(arguments).output().unwrap();
    assert_eq!(stdout, b"");
    (status.code(), String::from_utf8(stderr).unwrap())
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()))
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = path(name);
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn it_tells_where_it_listens_and_serves() {
    let program = Program::start(&["--port", "0", "--plain"]);
    let members: Vec<_> = program.line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["account", "app", "app_secret", "control", "listening", "number", "token"]);
    assert_eq!((&program.line["app"], &program.line["app_secret"]), (&State::APP.into(), &"app-secret".into()));
    assert_eq!(program.line["token"], State::TOKEN);
    let number = program.line["number"].as_str().unwrap();
    let token = format!("authorization: Bearer {}\r\n", State::TOKEN);
    let (status, answer) = program.call("GET", &format!("/v23.0/{number}?fields=status"), &token, "");
    assert_eq!((status, answer), (200, serde_json::json!({"id": number, "status": "PENDING"})));
    let control = program.line["control"].as_str().unwrap();
    assert_eq!(control, format!("http://{}/_sim/", program.address()));
    assert_eq!(program.call("GET", "/_sim/overview", "", "").1["clock"], "virtual");
}

#[cfg(unix)]
#[test]
fn it_ends_cleanly_when_asked() {
    for signal in ["-TERM", "-INT"] {
        let program = Program::start(&["--port", "0"]);
        let address = program.address().to_owned();
        let mut events = TcpStream::connect(&address).unwrap();
        events.write_all(&request("GET", "/_sim/events", "", "")).unwrap();
        events.read_exact(&mut [0; 12]).unwrap();
        assert_eq!(program.end(signal), Some(0));
        assert!(TcpStream::connect(address).is_err());
    }
}

#[test]
fn it_begins_with_a_scenario() {
    let mut state = State::demo(1);
    let number = state.numbers.remove(State::NUMBER).unwrap();
    state.numbers.insert("123456".to_owned(), number);
    let path = file("scenario.json", &state.to_json().to_string());
    let path = path.to_str().unwrap();
    let program = Program::start(&[
        "--port",
        "0",
        "--scenario",
        path,
        "--seed",
        "7",
        "--error-style",
        "description",
        "--real-clock",
    ]);
    assert_eq!(program.line["number"], "123456");
    let (_, shown) = program.call("GET", "/_sim/overview", "", "");
    assert_eq!((&shown["clock"], &shown["rules"]["error_style"]), (&"real".into(), &"description".into()));
}

#[test]
fn it_speaks_tls() {
    let path = path("authority.pem");
    let program = Program::start(&["--port", "0", "--tls", "--authority", path.to_str().unwrap()]);
    assert!(program.line["listening"].as_str().unwrap().starts_with("https://127.0.0.1:"));
    let written = program.line["authority"].as_str().unwrap();
    assert!(fs::read_to_string(written).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));

    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = file("certificate.pem", &params.self_signed(&key).unwrap().pem());
    let key = file("key.pem", &key.serialize_pem());
    let [certificate, key] = [&certificate, &key].map(|path| path.to_str().unwrap());
    let program = Program::start(&["--port", "0", "--certificate", certificate, "--key", key]);
    assert!(program.line["listening"].as_str().unwrap().starts_with("https://"));
    assert_eq!(program.line["authority"], Value::Null);
}

#[test]
fn it_says_what_is_wrong_and_does_not_start() {
    let broken = file("broken.json", r#"{"numbres": {}}"#);
    let broken = broken.to_str().unwrap();
    for (arguments, word) in [
        (&["--port", "99999"][..], "99999"),
        (&["--prot", "1"], "--prot"),
        (&["--error-style", "poker"], "poker"),
        (&["--scenario", "/does/not/exist.json"], "/does/not/exist.json"),
        (&["--scenario", broken], "numbres"),
        (&["--listen", "0.0.0.0", "--port", "0"], "--allow-remote"),
        (&["--certificate", "x.pem"], "--key"),
        (&["--certificate", broken, "--key", broken, "--port", "0"], "certificate"),
    ] {
        let (code, text) = refused(arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {text}");
        assert!(text.contains(word), "{arguments:?}: {text}");
    }
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, text) = refused(&["--port", &port]);
    assert_eq!(code, Some(1));
    assert!(text.contains(&format!("port {port} is taken")), "{text}");
}

#[test]
fn it_listens_elsewhere_only_when_told() {
    let program = Program::start(&["--port", "0", "--listen", "0.0.0.0", "--allow-remote"]);
    let port = program.address().rsplit_once(':').unwrap().1;
    let mut socket = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
    socket.write_all(b"GET /_sim/clock HTTP/1.1\r\nhost: sim.example\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    assert_eq!(json_of(&answer).0, 200);
}
