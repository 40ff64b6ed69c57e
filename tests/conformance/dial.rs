//! Hosts with several addresses, some of which do not answer.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use http::Request;
use socket2::{Domain, Socket, Type};
use wa_core::{Body, TransportErrorKind as Kind};
use wa_hyper::Settings;

use crate::{
    adapters::{adapters_with, settings, without_runtime},
    certificates::TRUSTED,
    server::Server,
    turn,
};

#[test]
fn an_address_that_does_not_answer_costs_a_delay_and_not_the_timeout() {
    let _turn = turn();
    let (silent, silent_too, server) = (Silent::new(), Silent::new(), good());
    let settings = settings()
        .connect_timeout(Duration::from_secs(20))
        .resolve(HOST, [silent.address, silent_too.address, server.address]);
    for (end, taken) in ends(&settings, &format!("https://{HOST}/")) {
        assert_eq!(end, Ok(()));
        // Two delays take 500 ms.
        assert!(taken < Duration::from_secs(5), "{taken:?}");
    }
}

#[test]
fn an_address_that_refuses_costs_no_delay() {
    let _turn = turn();
    let (refused, server) = (refused(), good());
    let addresses = std::iter::repeat_n(refused, 40).chain([server.address]);
    for (end, taken) in ends(&settings().resolve(HOST, addresses), &format!("https://{HOST}/")) {
        assert_eq!(end, Ok(()));
        // Forty delays would take ten seconds.
        assert!(taken < Duration::from_secs(5), "{taken:?}");
    }
}

#[test]
fn a_host_whose_addresses_all_fail_is_a_connect_failure() {
    let _turn = turn();
    let (silent, silent_too) = (Silent::new(), Silent::new());
    let refused = refused();
    for addresses in
        [vec![silent.address, silent_too.address], vec![silent.address, refused], vec![refused, refused], vec![]]
    {
        let settings = settings().connect_timeout(Duration::from_millis(600)).resolve(HOST, addresses);
        for (end, taken) in ends(&settings, &format!("https://{HOST}/")) {
            assert_eq!(end, Err(Kind::Connect));
            assert!(taken < Duration::from_secs(5), "{taken:?}");
        }
    }
}

#[test]
fn a_configured_address_does_not_let_plain_http_leave_this_machine() {
    let settings = settings().resolve("localhost", [SocketAddr::from(([198, 51, 100, 1], 80))]);
    for (end, _) in ends(&settings, "http://localhost/") {
        assert_eq!(end, Err(Kind::Connect));
    }
}

/// How a call ends over each transport, and how long it takes.
fn ends(settings: &Settings, address: &str) -> Vec<(Result<(), Kind>, Duration)> {
    let mut adapters = Vec::from(adapters_with(settings));
    adapters.push(without_runtime(settings));
    let end = |adapter: Arc<dyn crate::adapters::Adapter>| {
        let begin = Instant::now();
        let request = Request::get(address).body(Body::empty()).unwrap();
        let end = adapter.send(request, Duration::from_secs(30)).map(drop).map_err(|error| error.kind());
        (end, begin.elapsed())
    };
    adapters.into_iter().map(end).collect()
}

fn good() -> Server {
    Server::tls(
        TRUSTED.server(HOST),
        Arc::new(|wire| {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}")?;
            wire.park()
        }),
    )
}

fn refused() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// A listener whose queue is full, so that attempts to connect are not answered.
struct Silent {
    address: SocketAddr,
    _listener: Socket,
    _queue: Vec<TcpStream>,
}

impl Silent {
    fn new() -> Self {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        let queue = std::iter::from_fn(|| TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok());
        Self { address, _queue: queue.take(16).collect(), _listener: listener }
    }
}

const HOST: &str = "graph.example.com";
