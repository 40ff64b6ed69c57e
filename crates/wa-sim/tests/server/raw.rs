//! Sockets without an HTTP client, so that nothing is smoothed over.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::{Duration, Instant},
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, crypto::ring::default_provider,
    pki_types::CertificateDer,
};
use serde_json::Value;
use wa_sim::{Engine, State, TestServer};

pub(crate) trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

/// Connects as the server speaks, plain or not.
pub(crate) fn connect(server: &TestServer) -> Box<dyn Wire> {
    let socket = TcpStream::connect(server.address()).unwrap();
    socket.set_read_timeout(Some(LONG)).unwrap();
    let Some(authority) = server.authority_der() else {
        return Box::new(socket);
    };
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_slice(authority)).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = server.address().ip().into();
    Box::new(StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), socket))
}

/// Both ways to speak to a server that begins in this state.
pub(crate) fn servers(state: impl Fn() -> State) -> [TestServer; 2] {
    [TestServer::start(state()).unwrap(), TestServer::start_tls(state()).unwrap()]
}

/// Writes a request and reads until the server closes.
pub(crate) fn exchange(server: &TestServer, request: &[u8]) -> io::Result<Vec<u8>> {
    let mut wire = connect(server);
    wire.write_all(request)?;
    let mut answer = Vec::new();
    wire.read_to_end(&mut answer)?;
    Ok(answer)
}

/// A request that asks the server to close afterwards.
pub(crate) fn request(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = if body.is_empty() { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n{length}{headers}\r\n{body}")
        .into_bytes()
}

/// A call of the Graph API with the demo's token.
pub(crate) fn graph(method: &str, path: &str, body: &str) -> Vec<u8> {
    let headers = format!("authorization: Bearer {}\r\ncontent-type: application/json\r\n", State::TOKEN);
    request(method, &format!("/v23.0/{path}"), &headers, body)
}

pub(crate) fn register() -> Vec<u8> {
    let body = r#"{"messaging_product": "whatsapp", "pin": "012345"}"#;
    graph("POST", &format!("{}/register", State::NUMBER), body)
}

/// The status and the body of an answer.
pub(crate) fn parts(answer: &[u8]) -> (u16, Vec<u8>) {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("no head");
    let head = std::str::from_utf8(&answer[..end]).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer[end + 4..].to_vec())
}

pub(crate) fn json_of(answer: &[u8]) -> (u16, Value) {
    let (status, body) = parts(answer);
    (status, serde_json::from_slice(&body).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(answer))))
}

/// A call of the control.
pub(crate) fn control(server: &TestServer, method: &str, path: &str, body: &str) -> (u16, Value) {
    let headers = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
    json_of(&exchange(server, &request(method, &format!("/_sim/{path}"), headers, body)).unwrap())
}

/// The stream of changes that a page listens to.
pub(crate) struct Events<'a> {
    server: &'a TestServer,
    lines: BufReader<Box<dyn Wire>>,
    /// The number of the change that was told last.
    pub(crate) revision: u64,
}

impl<'a> Events<'a> {
    pub(crate) fn new(server: &'a TestServer) -> Self {
        let mut wire = connect(server);
        wire.write_all(b"GET /_sim/events HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        let mut events = Self { server, lines: BufReader::new(wire), revision: 0 };
        events.next();
        events
    }

    /// Waits for the next change.
    pub(crate) fn next(&mut self) {
        let mut line = String::new();
        while !line.starts_with("data: ") {
            line.clear();
            assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "the stream of events has ended");
        }
        self.revision = line["data: ".len()..].trim().parse().unwrap();
    }

    /// Waits until something is true of the service.
    #[track_caller]
    pub(crate) fn until(&mut self, mut holds: impl FnMut(&Engine) -> bool) {
        let started = Instant::now();
        while !holds(&self.server.engine()) {
            assert!(started.elapsed() < LONG, "it did not come true");
            self.next();
        }
    }
}

/// How long a test waits before it fails.
pub(crate) const LONG: Duration = Duration::from_secs(20);
