//! What clients send, well-formed or not.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    panic,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use wa_sim::{Number, State, TestServer};

use crate::raw::{LONG, connect, exchange, graph, json_of, parts, request, servers};

fn start() -> TestServer {
    let mut state = State::demo(1);
    state.rules.plain = true;
    TestServer::start(state).unwrap()
}

#[test]
fn parameters_come_in_the_ways_that_clients_send_them() {
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let json = "content-type: application/json\r\n";
    let (number, account, token) = (State::NUMBER, State::ACCOUNT, State::TOKEN);
    let calls = [
        request("GET", &format!("/v23.0/{number}?fields=id%2Cstatus&access_token={token}"), "", ""),
        request("GET", &format!("/v23.0/{number}/?access_token={token}"), "", ""),
        request("GET", &format!("/v23.0/{account}/phone_numbers?after=&limit=5&access_token={token}"), "", ""),
        request("POST", &format!("/v23.0/{account}/subscribed_apps"), form, &format!("access_token={token}")),
        request(
            "POST",
            &format!("/v23.0/{account}/subscribed_apps/"),
            json,
            &json!({"access_token": token}).to_string(),
        ),
        request("POST", &format!("/v23.0/{account}/subscribed_apps?access_token={token}"), "content-length: 0\r\n", ""),
        request(
            "POST",
            &format!("/v23.0/{number}/request_code"),
            form,
            &format!("code_method=SMS&language=en%5FUS&access_token={token}"),
        ),
        request("GET", &format!("http://localhost/v23.0/{number}?access_token={token}"), "", ""),
    ];
    let server = start();
    for call in calls {
        let (status, answer) = json_of(&exchange(&server, &call).unwrap());
        assert_eq!(status, 200, "{} {answer}", String::from_utf8_lossy(&call));
    }
}

#[test]
fn bodies_come_in_chunks_and_after_a_100() {
    for server in servers(|| State::demo(1)) {
        let path = format!("/v23.0/{}/request_code", State::NUMBER);
        let token = format!("authorization: Bearer {}\r\ncontent-type: application/json\r\n", State::TOKEN);
        let head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{token}");
        let (first, second) = (r#"{"code_meth"#, r#"od": "SMS", "language": "en_US"}"#);
        let chunks = [first, second].map(|part| format!("{:x}\r\n{part}\r\n", part.len())).concat();
        let chunked = format!("{head}transfer-encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
        assert_eq!(json_of(&exchange(&server, chunked.as_bytes()).unwrap()).0, 200);

        let mut wire = connect(&server);
        let body = json!({"code_method": "SMS", "language": "en_US"}).to_string();
        let head = format!("{head}expect: 100-continue\r\ncontent-length: {}\r\n\r\n", body.len());
        wire.write_all(head.as_bytes()).unwrap();
        let mut go_on = [0; 25];
        wire.read_exact(&mut go_on).unwrap();
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        wire.write_all(body.as_bytes()).unwrap();
        let mut answer = Vec::new();
        wire.read_to_end(&mut answer).unwrap();
        assert_eq!(json_of(&answer).0, 200);
    }
}

#[test]
fn a_connection_is_kept() {
    for server in servers(|| State::demo(1)) {
        let call = format!(
            "GET /v23.0/{}?fields=id&access_token={} HTTP/1.1\r\nhost: localhost\r\n\r\n",
            State::NUMBER,
            State::TOKEN
        );
        let mut lines = BufReader::new(connect(&server));
        for _ in 0..3 {
            lines.get_mut().write_all(call.as_bytes()).unwrap();
            let (mut line, mut length) = (String::new(), 0);
            while line != "\r\n" {
                line.clear();
                lines.read_line(&mut line).unwrap();
                if let Some(value) = line.strip_prefix("content-length: ") {
                    length = value.trim().parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            lines.read_exact(&mut body).unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["id"], State::NUMBER);
        }
    }
}

#[test]
fn other_methods_are_answered_sensibly() {
    let server = start();
    let answer = exchange(&server, &graph("HEAD", State::NUMBER, "")).unwrap();
    let text = String::from_utf8(answer.clone()).unwrap();
    assert!(text.contains("content-length: ") && !text.contains("content-length: 0\r\n"), "{text}");
    assert_eq!(parts(&answer), (200, Vec::new()));

    let answer = exchange(&server, &graph("OPTIONS", State::NUMBER, "")).unwrap();
    assert_eq!(parts(&answer), (204, Vec::new()));
    assert!(String::from_utf8(answer).unwrap().contains("allow: GET, HEAD, POST, DELETE, OPTIONS\r\n"));

    let (status, answer) = json_of(&exchange(&server, &graph("PUT", State::NUMBER, "")).unwrap());
    assert_eq!(status, 501);
    assert!(answer["error"]["message"].as_str().unwrap().contains("is not simulated"));
}

#[test]
fn a_huge_body_is_refused() {
    for server in servers(|| State::demo(1)) {
        let length = 17 << 20;
        let promised = graph("POST", State::NUMBER, "");
        let text = String::from_utf8(promised).unwrap();
        let head = text.replace("connection: close\r\n", &format!("connection: close\r\ncontent-length: {length}\r\n"));
        assert_eq!(json_of(&exchange(&server, head.as_bytes()).unwrap()).0, 413);

        let head = text.replace("connection: close\r\n", "connection: close\r\ntransfer-encoding: chunked\r\n");
        let mut wire = connect(&server);
        wire.write_all(format!("{head}{length:x}\r\n").as_bytes()).unwrap();
        let piece = vec![b' '; 1 << 20];
        for _ in 0..17 {
            wire.write_all(&piece).unwrap();
        }
        let mut answer = Vec::new();
        wire.read_to_end(&mut answer).unwrap();
        assert_eq!(json_of(&answer).0, 413);
    }
}

#[test]
fn bad_http_ends_no_more_than_its_connection() {
    let number = State::NUMBER;
    let bad: [&[u8]; 12] = [
        b"",
        b"\r\n\r\n",
        b"\x16\x03\x01\x00\xff\xff\xff",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v23.0/1 HTTP/1.1\r\nhost: localhost\r\ncontent-length: x\r\n\r\n",
        b"POST /v23.0/1 HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc",
        b"POST /v23.0/1 HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"GET /v23.0/%ff%00?fields=%zz&&&== HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"GET * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"CONNECT localhost:1 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    ];
    for server in servers(|| State::demo(1)) {
        for bytes in bad {
            // Only plain HTTP lets the other side be closed alone.
            if server.authority_pem().is_none() {
                let mut socket = TcpStream::connect(server.address()).unwrap();
                socket.set_read_timeout(Some(LONG)).unwrap();
                socket.write_all(bytes).unwrap();
                socket.shutdown(Shutdown::Write).unwrap();
                let mut answer = Vec::new();
                let _ = socket.read_to_end(&mut answer);
                assert!(answer.is_empty() || !answer.starts_with(b"HTTP/1.1 2") || bytes.starts_with(b"OPTIONS"));
            } else {
                connect(&server).write_all(bytes).unwrap();
                TcpStream::connect(server.address()).unwrap().write_all(bytes).unwrap();
            }
            assert_eq!(parts(&exchange(&server, &graph("GET", number, "")).unwrap()).0, 200);
        }
    }
}

#[test]
fn no_bytes_make_the_server_panic() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let standard = panic::take_hook();
    panic::set_hook(Box::new(move |told| {
        if thread::current().name() == Some("wa-sim") {
            PANICS.fetch_add(1, Ordering::SeqCst);
        }
        standard(told);
    }));
    let server = start();
    let send = |bytes: &[u8]| {
        let mut socket = TcpStream::connect(server.address()).unwrap();
        socket.set_read_timeout(Some(LONG)).unwrap();
        // The server may close before it has read everything.
        let _ = socket.write_all(bytes);
        let _ = socket.shutdown(Shutdown::Write);
        let _ = socket.read_to_end(&mut Vec::new());
    };
    let whole = [
        graph("POST", &format!("{}/request_code", State::NUMBER), r#"{"code_method": "SMS", "language": "en_US"}"#),
        request("POST", "/_sim/clock", "content-type: application/json\r\n", r#"{"advance": "1s"}"#),
        request("GET", "/_sim/journal?limit=1&after=2&node=%31", "", ""),
        request(
            "POST",
            "/_sim/control",
            "content-type: application/json\r\n",
            r#"{"echo_text": {"number": "1", "to": "1", "text": "ü"}}"#,
        ),
    ];
    let change = (0..whole.len(), any::<Index>(), any::<u8>(), any::<bool>());
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let result = runner.run(&change, |(which, place, byte, cuts)| {
        let mut bytes = whole[which].clone();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if cuts {
            bytes.truncate(place);
        }
        send(&bytes);
        prop_assert_eq!(PANICS.load(Ordering::SeqCst), 0);
        Ok(())
    });
    result.unwrap();
    assert_eq!(parts(&exchange(&server, &graph("GET", State::NUMBER, "")).unwrap()).0, 200);
}

#[test]
fn only_names_of_this_machine_are_answered() {
    let server = start();
    for path in ["/_sim/overview", "/v23.0/1"] {
        for host in ["host: graph.facebook.com\r\n", "host: localhost.example:80\r\n", "host: 10.0.0.1\r\n", ""] {
            let call = format!("GET {path} HTTP/1.1\r\nconnection: close\r\n{host}\r\n");
            let (status, answer) = json_of(&exchange(&server, call.as_bytes()).unwrap());
            assert_eq!(status, 421, "{host}");
            assert!(answer["error"].as_str().unwrap().contains("not this machine"));
        }
    }
    assert_eq!(server.engine().journal().entries().count(), 0);
}

#[test]
fn a_server_ends_with_its_value() {
    for server in servers(|| State::demo(1)) {
        let address = server.address();
        let mut kept = connect(&server);
        kept.write_all(b"GET /_sim/events HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        kept.read_exact(&mut [0; 16]).unwrap();
        drop(server);
        assert!(TcpStream::connect(address).is_err());
        let mut rest = Vec::new();
        let _ = kept.read_to_end(&mut rest);
        // The port is free again at once.
        TcpListener::bind(address).unwrap();
    }
}

#[test]
fn a_taken_port_and_a_foreign_address_are_errors() {
    let server = start();
    let options = || wa_sim::ServerOptions::new();
    let taken = TestServer::start_with(State::demo(1), options().listen(server.address())).unwrap_err();
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
    let everywhere = "0.0.0.0:0".parse().unwrap();
    let refused = TestServer::start_with(State::demo(1), options().listen(everywhere)).unwrap_err();
    assert!(refused.to_string().contains("can be reached from elsewhere"), "{refused}");
    let wrong = TestServer::start_with(State::demo(1), options().certificate("no PEM", "")).unwrap_err();
    assert!(wrong.to_string().contains("holds no certificate"), "{wrong}");
}

#[test]
fn many_callers_at_once_are_served() {
    let mut state = State::demo(1);
    for place in 0..16 {
        let mut number = Number::new(State::ACCOUNT, "1", format!("1555000{place:04}"));
        number.code.verified_at = Some(state.now);
        state.numbers.insert(format!("2000000{place:02}"), number);
    }
    let server = TestServer::start(state).unwrap();
    thread::scope(|scope| {
        for place in 0..16 {
            let server = &server;
            scope.spawn(move || {
                let call = graph(
                    "POST",
                    &format!("2000000{place:02}/register"),
                    r#"{"pin":"012345","messaging_product":"whatsapp"}"#,
                );
                assert_eq!(json_of(&exchange(server, &call).unwrap()).0, 200);
            });
        }
    });
    let engine = server.engine();
    assert_eq!(engine.state().numbers.values().filter(|number| number.is_registered()).count(), 16);
}
