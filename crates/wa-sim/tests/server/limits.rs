//! What keeps callers from holding the server up: limits of time and of connections.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use wa_sim::{ServerOptions, State, TestServer};

use crate::raw::{LONG, exchange, graph, json_of, parts, register, request};

/// Longer than any test.
const FOREVER: Duration = Duration::from_secs(3_600);

fn start(options: ServerOptions) -> TestServer {
    TestServer::start_with(State::demo(1), options).unwrap()
}

fn connect(server: &TestServer, bytes: &[u8]) -> TcpStream {
    let mut socket = TcpStream::connect(server.address()).unwrap();
    socket.set_read_timeout(Some(LONG)).unwrap();
    socket.write_all(bytes).unwrap();
    socket
}

/// What comes until the server closes.
fn rest(socket: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    socket.shutdown(std::net::Shutdown::Write).ok();
    socket.read_to_end(&mut answer).unwrap();
    answer
}

/// What comes until the server closes, while the caller keeps its side open.
fn until_closed(socket: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).expect("the server must end the connection");
    answer
}

#[test]
fn a_head_that_does_not_end_ends_its_connection() {
    for head in ["", "GET /_sim/clock HTTP/1.1\r\nhost: 127.0.0.1\r\nx: "] {
        let server = start(ServerOptions::new().header_timeout(Duration::from_millis(100)));
        let mut slow = connect(&server, head.as_bytes());
        let answer = until_closed(&mut slow);
        assert!(answer.is_empty() || parts(&answer).0 == 408, "{}", String::from_utf8_lossy(&answer));
    }
}

#[test]
fn a_connection_that_is_not_used_again_ends() {
    let server = start(ServerOptions::new().header_timeout(Duration::from_millis(100)));
    let mut idle = connect(&server, b"GET /_sim/clock HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    assert_eq!(parts(&until_closed(&mut idle)).0, 200);
}

#[test]
fn a_body_that_does_not_end_has_no_effect() {
    let options = || ServerOptions::new().body_timeout(Duration::from_millis(100)).header_timeout(FOREVER);
    let server = start(options());
    let whole = String::from_utf8(register()).unwrap();
    let mut slow = connect(&server, &whole.as_bytes()[..whole.len() - 3]);
    assert_eq!(until_closed(&mut slow), b"");
    assert_eq!(server.engine().journal().entries().count(), 0);

    let server = start(options());
    let whole = request("POST", "/_sim/clock", "content-type: application/json\r\n", r#"{"advance": "1h"}"#);
    let mut slow = connect(&server, &whole[..whole.len() - 3]);
    let (status, answer) = json_of(&until_closed(&mut slow));
    assert_eq!((status, answer["error"].as_str()), (408, Some("the body did not come in time")));
    assert_eq!(server.engine().now(), wa_sim::Time::START);
}

#[test]
fn callers_beyond_the_limit_wait_until_a_connection_ends() {
    let server = start(ServerOptions::new().max_connections(2).header_timeout(FOREVER));
    let ask = b"GET /_sim/clock HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";
    let mut byte = [0; 1];
    let mut first = connect(&server, ask);
    let mut second = connect(&server, ask);
    first.read_exact(&mut byte).unwrap();
    second.read_exact(&mut byte).unwrap();

    let last = request("GET", "/_sim/clock", "", "");
    let mut third = connect(&server, &last);
    third.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let waits = third.read(&mut byte).unwrap_err().kind();
    assert!(matches!(waits, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{waits}");
    third.set_read_timeout(Some(LONG)).unwrap();
    drop(first);
    assert_eq!(parts(&rest(&mut third)).0, 200);
    drop(second);
}

// A flood of connections that send nothing: all of them end, and a caller who has something to say is served.
#[test]
fn silent_callers_do_not_keep_others_out() {
    let server = start(ServerOptions::new().max_connections(4).header_timeout(Duration::from_millis(100)));
    let silent: Vec<_> = (0..40).map(|_| connect(&server, b"GET / HTTP/1.1\r\n")).collect();
    assert_eq!(parts(&exchange(&server, &graph("GET", State::NUMBER, "")).unwrap()).0, 200);
    drop(silent);
}
