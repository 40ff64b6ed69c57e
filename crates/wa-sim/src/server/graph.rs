use std::{fmt::Write as _, future};

use axum::body::{Body, Bytes};
use http::{
    HeaderValue, Method, Request, Response, StatusCode, Uri,
    header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HOST},
    request::Parts,
};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::{
    Carriage, Received, Reply,
    server::{body::Paced, callback::CallbackError, ending::Raw, shared::Shared},
};

/// Answers a call of the Graph API as its reply says it is to be carried.
pub(super) async fn answer(shared: &Shared, request: Request<Incoming>) -> Result<Response<Body>, Raw> {
    let (mut parts, body) = request.into_parts();
    if parts.method == Method::OPTIONS {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST, DELETE, OPTIONS"));
        return Ok(response);
    }
    if parts.method == Method::HEAD {
        // The answer to a GET, of which the server leaves the body out.
        parts.method = Method::GET;
    }
    parts.uri = absolute(shared, &parts);
    let is_upload = parts.uri.path().contains("/upload:") || parts.uri.path().contains("/upload%3A");
    let most = if is_upload || parts.uri.path().ends_with("/media") { LONGEST_FILE } else { LONGEST };
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > most as u64) {
        return Ok(too_long(most));
    }
    let mut read = Read { bytes: Vec::new(), most };
    let bytes = match timeout(shared.options.body_timeout, read.all(body)).await {
        Ok(Ok(())) => Bytes::from(read.bytes),
        Ok(Err(Broken::TooLong)) => return Ok(too_long(most)),
        // It broke off, or did not come in time. What came of a resumable upload is kept.
        Ok(Err(Broken::Off)) | Err(_) if is_upload => {
            let mut engine = shared.engine();
            let now = engine.now();
            engine.handle(&Request::from_parts(parts, Bytes::from(read.bytes)), now);
            return Err(Raw::Close);
        }
        Ok(Err(Broken::Off)) | Err(_) => return Err(Raw::Close),
    };

    let mut held = Held::new(shared, Request::from_parts(parts, bytes));
    held.wait().await;
    let Some(reply) = held.carry_out() else {
        return Err(Raw::Close);
    };
    if !reply.delay.is_zero() {
        sleep(reply.delay).await;
    }
    carry(reply).await
}

/// The address with the host that the caller has called, which answers may name.
fn absolute(shared: &Shared, parts: &Parts) -> Uri {
    let scheme = if shared.options.identity.is_some() { "https" } else { "http" };
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let whole = host.and_then(|host| Uri::builder().scheme(scheme).authority(host).path_and_query(path).build().ok());
    whole.unwrap_or_else(|| parts.uri.clone())
}

/// A body as far as it has come.
struct Read {
    bytes: Vec<u8>,
    most: usize,
}

enum Broken {
    Off,
    TooLong,
}

impl Read {
    async fn all(&mut self, mut body: Incoming) -> Result<(), Broken> {
        while let Some(frame) = body.frame().await {
            let Ok(piece) = frame.map_err(|_| Broken::Off)?.into_data() else {
                continue;
            };
            if self.bytes.len() + piece.len() > self.most {
                return Err(Broken::TooLong);
            }
            self.bytes.extend_from_slice(&piece);
        }
        Ok(())
    }
}

async fn carry(reply: Reply) -> Result<Response<Body>, Raw> {
    let Reply { response, carriage, .. } = reply;
    let head = |length: usize| {
        let mut head = format!("HTTP/1.1 {}\r\n", response.status()).into_bytes();
        for (name, value) in response.headers() {
            head.extend_from_slice(name.as_str().as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        let mut end = String::new();
        let _ = write!(end, "content-length: {length}\r\nconnection: close\r\n\r\n");
        head.extend_from_slice(end.as_bytes());
        head
    };
    let body = response.body();
    match carriage {
        Carriage::Whole => Ok(response.map(Body::from)),
        Carriage::Slow(delay) => Ok(response.map(|bytes| Body::new(Paced::slow(bytes, delay)))),
        Carriage::Oversized(length) => Ok(response.map(|bytes| Body::new(Paced::padded(bytes, length)))),
        // The server itself notices when the caller leaves, and drops this.
        Carriage::Silent => future::pending().await,
        Carriage::Close => Err(Raw::Close),
        Carriage::Reset => Err(Raw::Reset),
        Carriage::Garbage => Err(Raw::Bytes(GARBAGE.to_vec())),
        Carriage::Truncate(bytes) => {
            let kept = body.get(..bytes).unwrap_or(body);
            Err(Raw::Bytes([&head(body.len()), kept].concat()))
        }
        Carriage::Informational(count) => Err(Raw::Flood(count, [&head(body.len()), &**body].concat())),
    }
}

/// A request that is held back. If it is dropped before it is carried out, its caller has left.
struct Held<'a> {
    shared: &'a Shared,
    request: Request<Bytes>,
    received: Option<Received>,
}

impl<'a> Held<'a> {
    fn new(shared: &'a Shared, request: Request<Bytes>) -> Self {
        let mut engine = shared.engine();
        let now = engine.now();
        let received = Some(engine.receive(&request, now));
        drop(engine);
        Self { shared, request, received }
    }

    /// Waits as long as the request is to be held back, and asks the callback that it names.
    async fn wait(&mut self) {
        let Some(received) = &mut self.received else {
            return;
        };
        if !received.hold().is_zero() {
            sleep(received.hold()).await;
        }
        let handshake = self.shared.engine().handshake_of(&self.request, received);
        let Some(handshake) = handshake else {
            return;
        };
        match self.shared.callbacks.ask(&handshake).await {
            // Deliveries to another machine are withheld, so nothing is lost by believing in it.
            Ok(()) | Err(CallbackError::Elsewhere) => {}
            Err(CallbackError::Failed(_)) => received.refuse_callback(),
        }
    }

    fn carry_out(&mut self) -> Option<Reply> {
        let received = self.received.take()?;
        let mut engine = self.shared.engine();
        let now = engine.now();
        Some(engine.carry_out(&self.request, received, now))
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(received) = self.received.take() {
            let mut engine = self.shared.engine();
            let now = engine.now();
            engine.abandon(&self.request, received, now);
        }
    }
}

fn too_long(most: usize) -> Response<Body> {
    let message = format!("the body is longer than {} MiB: the simulator takes no more", most >> 20);
    let body = json!({"error": {"message": message, "type": "TooLong"}});
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

const LONGEST: usize = 16 << 20;
/// A file of 100 MiB, and what stands around it in a form.
const LONGEST_FILE: usize = 101 << 20;
const GARBAGE: &[u8] = b"\x16\x03\x01 this is not HTTP\r\n\r\n\0\xff\xfe";
