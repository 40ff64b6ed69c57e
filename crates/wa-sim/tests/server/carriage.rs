//! How answers are carried, plain and over TLS.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use wa_sim::{Fault, FaultRule, Moment, Operation, State, TestServer};

use crate::raw::{Events, LONG, connect, exchange, json_of, parts, register, servers};

/// The demo with a verified number and one fault.
fn state(rule: FaultRule) -> State {
    let mut state = State::demo(1);
    state.rules.plain = true;
    state.numbers.get_mut(State::NUMBER).unwrap().code.verified_at = Some(state.now);
    state.faults.push(rule.on(Operation::Register));
    state
}

fn both(fault: &Fault) -> [TestServer; 2] {
    servers(|| state(FaultRule::new(fault.clone()).after()))
}

fn is_registered(server: &TestServer) -> bool {
    server.engine().state().numbers[State::NUMBER].is_registered()
}

#[test]
fn a_closed_connection_gives_nothing() {
    for server in both(&Fault::Close) {
        assert_eq!(exchange(&server, &register()).unwrap(), b"");
        assert!(is_registered(&server));
    }
}

#[test]
fn a_reset_is_one() {
    for server in both(&Fault::Reset) {
        assert_eq!(exchange(&server, &register()).unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert!(is_registered(&server));
    }
}

#[test]
fn a_truncated_answer_promises_more_than_comes() {
    for server in both(&Fault::Truncate { bytes: 3 }) {
        let answer = exchange(&server, &register()).unwrap();
        let whole = json!({"success": true}).to_string();
        assert!(String::from_utf8_lossy(&answer).contains(&format!("\r\ncontent-length: {}\r\n", whole.len())));
        assert_eq!(parts(&answer), (200, whole.as_bytes()[..3].to_vec()));
    }
}

#[test]
fn garbage_is_no_http() {
    for server in both(&Fault::Garbage) {
        let answer = exchange(&server, &register()).unwrap();
        assert!(!answer.is_empty() && !answer.starts_with(b"HTTP"));
    }
}

#[test]
fn a_slow_body_comes_byte_by_byte() {
    for server in both(&Fault::SlowBody { millis: 5 }) {
        let started = Instant::now();
        assert_eq!(json_of(&exchange(&server, &register()).unwrap()), (200, json!({"success": true})));
        assert!(started.elapsed() >= Duration::from_millis(5 * 15));
    }
}

#[test]
fn interim_answers_come_first() {
    for server in both(&Fault::Informational { count: 2_500 }) {
        let answer = exchange(&server, &register()).unwrap();
        let text = String::from_utf8(answer).unwrap();
        assert_eq!(text.matches("HTTP/1.1 103 Early Hints\r\n\r\n").count(), 2_500);
        let last = text.rfind("HTTP/1.1 ").unwrap();
        assert_eq!(json_of(&text.as_bytes()[last..]), (200, json!({"success": true})));
    }
}

#[test]
fn an_oversized_body_is_as_long_as_it_should_be() {
    for server in both(&Fault::Oversized { bytes: 3_000_000 }) {
        let answer = exchange(&server, &register()).unwrap();
        assert_eq!(parts(&answer).1.len(), 3_000_000);
        assert_eq!(json_of(&answer), (200, json!({"success": true})));
    }
}

#[test]
fn a_page_and_a_redirect_are_whole() {
    for (fault, status) in [(Fault::Html502, 502), (Fault::Redirect { to: "https://example.com/".to_owned() }, 302)] {
        for server in both(&fault) {
            let answer = exchange(&server, &register()).unwrap();
            assert_eq!(parts(&answer).0, status);
            assert!(is_registered(&server));
        }
    }
}

// The caller leaves before the effect, after it, or never.
#[test]
fn silence_lasts_until_the_caller_leaves() {
    for moment in [Moment::Before, Moment::After] {
        let mut rule = FaultRule::new(Fault::Timeout);
        rule.moment = moment;
        for server in servers(|| state(rule.clone())) {
            let mut events = Events::new(&server);
            let mut wire = connect(&server);
            wire.write_all(&register()).unwrap();
            events.until(|engine| engine.journal().entries().count() == 1);
            assert_eq!(is_registered(&server), moment == Moment::After);
        }
    }
    let server = TestServer::start(state(FaultRule::new(Fault::Timeout))).unwrap();
    let mut socket = TcpStream::connect(server.address()).unwrap();
    socket.write_all(&register()).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let silence = socket.read(&mut [0]).unwrap_err().kind();
    assert!(matches!(silence, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{silence}");
    drop(server);
    socket.set_read_timeout(Some(LONG)).unwrap();
    assert!(matches!(socket.read(&mut [0]), Ok(0) | Err(_)));
}

#[test]
fn a_delay_is_waited_for_while_the_virtual_clock_stands_still() {
    for moment in [Moment::Before, Moment::After] {
        let mut rule = FaultRule::new(Fault::Delay { millis: 120 });
        rule.moment = moment;
        for server in servers(|| state(rule.clone())) {
            let before = server.engine().now();
            let started = Instant::now();
            assert_eq!(json_of(&exchange(&server, &register()).unwrap()), (200, json!({"success": true})));
            assert!(started.elapsed() >= Duration::from_millis(120));
            assert!(is_registered(&server));
            assert_eq!(server.engine().now(), before);
        }
    }
}

#[test]
fn a_caller_that_leaves_during_a_delay_before_the_effect_prevents_it() {
    let hour = Fault::Delay { millis: 3_600_000 };
    for server in servers(|| state(FaultRule::new(hour.clone()))) {
        let mut events = Events::new(&server);
        let mut wire = connect(&server);
        wire.write_all(&register()).unwrap();
        events.until(|engine| engine.state().faults[0].struck == 1);
        assert_eq!(server.engine().journal().entries().count(), 0);
        drop(wire);
        events.until(|engine| engine.journal().entries().count() == 1);
        assert!(!server.engine().journal().entries().next().unwrap().reached);
        assert!(!is_registered(&server));
        assert!(server.engine().state().numbers[State::NUMBER].attempts.register.is_empty());
    }
    for server in servers(|| state(FaultRule::new(hour.clone()).after())) {
        let mut events = Events::new(&server);
        let mut wire = connect(&server);
        wire.write_all(&register()).unwrap();
        events.until(|engine| engine.state().numbers[State::NUMBER].is_registered());
    }
}

#[test]
fn a_fault_leaves_other_connections_alone() {
    let server = TestServer::start(state(FaultRule::new(Fault::Timeout).times(1))).unwrap();
    let mut silent = connect(&server);
    silent.write_all(&register()).unwrap();
    Events::new(&server).until(|engine| engine.journal().entries().count() == 1);
    let answer: (u16, Value) = json_of(&exchange(&server, &register()).unwrap());
    assert_eq!(answer, (200, json!({"success": true})));
}
