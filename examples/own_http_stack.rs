//! A run does no IO: it says what to do, and is told the results. What lies between is yours: here, a plain TCP stream.
//!
//! `cargo run --example own_http_stack`: the service is simulated on a socket of this machine.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program may")]

use std::{
    error::Error,
    io::{Read, Write},
    net::TcpStream,
    time::SystemTime,
};

use wa_cloud::{
    Body, CallLimits, Config, Timestamp, TransportError, TransportErrorKind,
    life::{
        Ending, Onboarding, Op, Run,
        ledger::{Ledger, Memory},
    },
    types::{AccessToken, PhoneNumberId, Pin},
};
use wa_sim::{State, TestServer, Time};

fn main() -> Result<(), Box<dyn Error>> {
    let mut state = State::demo(1);
    if let Some(number) = state.numbers.get_mut(State::NUMBER) {
        number.code.verified_at = Some(Time::START);
    }
    let service = TestServer::start(state)?;
    let config = Config::new(AccessToken::new(State::TOKEN)?).base(&service.url())?;
    let ledger: &dyn Ledger = &Memory::default();

    let mut run = Run::new(&config, Onboarding::new(PhoneNumberId::new(State::NUMBER)?, Pin::new("012345")?));
    let clock = || Timestamp::from(SystemTime::now());
    let report = loop {
        match run.poll(clock()) {
            Op::Load { number, now } => run.loaded(ledger.load(&number, now)?, clock()),
            Op::Reserve { number, attempt, now } => {
                run.reserved(ledger.reserve(&number, &attempt, now), clock())?;
            }
            Op::MarkSent { reservation, now } => run.marked_sent(ledger.mark_sent(&reservation, now)?, clock()),
            // From here on silence means that nobody knows whether it happened; the run reads before it does anything else.
            Op::Send(call) => run.answered(send(&call.request, call.limits), clock()),
            Op::Settle { reservation, settlement, now } => {
                ledger.settle(&reservation, &settlement, now)?;
                run.settled();
            }
            Op::Wait(wait) => std::thread::sleep(wait.length),
            // A real program asks, and then calls `code_received` or `code_not_received`.
            Op::Ask(question) => return Err(question.to_string().into()),
            Op::Done(report) => break report,
        }
        run.events().for_each(|event| println!("{event}"));
    };
    println!("{report}");
    if report.ending == Ending::Done { Ok(()) } else { Err(report.to_string().into()) }
}

/// Sends a request once, follows no redirect, and keeps to the limits.
fn send(request: &http::Request<Body>, limits: CallLimits) -> Result<http::Response<Vec<u8>>, TransportError> {
    let not_connected = |error| TransportError::with_source(TransportErrorKind::Connect, error);
    let broken = |error| TransportError::with_source(TransportErrorKind::Closed, error);
    let nonsense = || TransportError::new(TransportErrorKind::Protocol);

    let host = request.uri().authority().ok_or_else(nonsense)?.as_str();
    let mut stream = TcpStream::connect(host).map_err(not_connected)?;
    stream.set_read_timeout(Some(limits.timeout)).map_err(not_connected)?;

    let (body, target) = (request.body().to_bytes(), request.uri().path_and_query().ok_or_else(nonsense)?);
    let mut bytes = format!("{} {target} HTTP/1.1\r\nhost: {host}\r\n", request.method()).into_bytes();
    for (name, value) in request.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend(format!("content-length: {}\r\nconnection: close\r\n\r\n", body.len()).as_bytes());
    stream.write_all(&[&*bytes, &*body].concat()).map_err(broken)?;

    // A stack for more than an example also reads chunks, bounds what it reads, and keeps connections.
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(broken)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(nonsense)?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or_else(nonsense)?;
    let mut response = http::Response::builder().status(status);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        response = response.header(name, value);
    }
    response.body(body.into()).map_err(|_| nonsense())
}
