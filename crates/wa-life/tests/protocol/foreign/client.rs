//! A small HTTP/1.1 client that waits, and the same shape of call within the process.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use http::{Request, Response, header::HOST};
use wa_core::{Body, CallLimits, Transport, TransportErrorKind};
use wa_sim::InProcess;

/// A request as this client wants it.
pub(crate) struct Exchange {
    pub(crate) verb: String,
    target: String,
    fields: Vec<(String, Vec<u8>)>,
    pub(crate) payload: Vec<u8>,
    deadline: Duration,
    original: Request<Body>,
}

/// An answer as this client has it.
pub(crate) struct Answer {
    status: u16,
    fields: Vec<(String, Vec<u8>)>,
    payload: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Broken {
    Unreachable,
    TookTooLong,
    CutOff,
    NotHttp,
}

impl Exchange {
    pub(crate) fn from_request(request: Request<Body>, deadline: Duration) -> Self {
        let fields = request.headers().iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
        Self {
            verb: request.method().to_string(),
            target: request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned(),
            fields: fields.collect(),
            payload: request.body().to_bytes().into_owned(),
            deadline,
            original: request,
        }
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

impl Answer {
    pub(crate) fn into_response(self) -> http::Result<Response<Vec<u8>>> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.fields {
            response = response.header(name, value);
        }
        response.body(self.payload)
    }

    fn parse(bytes: &[u8]) -> Result<Self, Broken> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").ok_or(Broken::CutOff)?;
        let head = std::str::from_utf8(&bytes[..end]).map_err(|_| Broken::NotHttp)?;
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
        let field = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().as_bytes().to_vec()))
        };
        let fields: Vec<_> = lines.map(field).collect::<Option<_>>().ok_or(Broken::NotHttp)?;
        let length = fields.iter().find(|(name, _)| name == "content-length");
        let length: usize =
            length.and_then(|(_, value)| std::str::from_utf8(value).ok()?.parse().ok()).ok_or(Broken::NotHttp)?;
        let payload = bytes[end + 4..].get(..length).ok_or(Broken::CutOff)?.to_vec();
        Ok(Self { status: status.ok_or(Broken::NotHttp)?, fields, payload })
    }
}

/// One request on one connection, once.
pub(crate) fn over_a_socket(address: SocketAddr, exchange: &Exchange) -> Result<Answer, Broken> {
    let mut socket = TcpStream::connect_timeout(&address, exchange.deadline).map_err(|_| Broken::Unreachable)?;
    let broken = |error: std::io::Error| match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Broken::TookTooLong,
        _ => Broken::CutOff,
    };
    socket.set_read_timeout(Some(exchange.deadline)).map_err(broken)?;
    let mut bytes = format!("{} {} HTTP/1.1\r\n", exchange.verb, exchange.target).into_bytes();
    for (name, value) in exchange.fields.iter().filter(|(name, _)| name != HOST.as_str() && name != "content-length") {
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }
    let length = exchange.payload.len();
    let rest = format!("host: {address}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    bytes.extend_from_slice(rest.as_bytes());
    bytes.extend_from_slice(&exchange.payload);
    socket.write_all(&bytes).map_err(broken)?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).map_err(broken)?;
    Answer::parse(&answer)
}

/// The same without a socket.
pub(crate) fn within_the_process(sim: &InProcess, exchange: &Exchange) -> Result<Answer, Broken> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = exchange.original.method().clone();
    *request.uri_mut() = exchange.original.uri().clone();
    *request.headers_mut() = exchange.original.headers().clone();
    *request.body_mut() = exchange.original.body().clone();
    let response = sim.send(request, CallLimits::new(exchange.deadline)).map_err(|error| match error.kind() {
        TransportErrorKind::Timeout => Broken::TookTooLong,
        _ => Broken::CutOff,
    })?;
    let fields = response.headers().iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
    Ok(Answer { status: response.status().as_u16(), fields: fields.collect(), payload: response.body().clone() })
}
