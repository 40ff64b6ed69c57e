use std::{fmt::Write as _, future};

use axum::body::{Body, Bytes};
use http::{
    HeaderValue, Method, Request, Response, StatusCode,
    header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
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
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > LONGEST as u64) {
        return Ok(too_long());
    }
    let bytes = match timeout(shared.options.body_timeout, Limited::new(body, LONGEST).collect()).await {
        Ok(Ok(whole)) => whole.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return Ok(too_long()),
        // It broke off, or did not come in time.
        Ok(Err(_)) | Err(_) => return Err(Raw::Close),
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

fn too_long() -> Response<Body> {
    let message = "the body is longer than 16 MiB: the simulator takes no more";
    let body = json!({"error": {"message": message, "type": "TooLong"}});
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

const LONGEST: usize = 16 << 20;
const GARBAGE: &[u8] = b"\x16\x03\x01 this is not HTTP\r\n\r\n\0\xff\xfe";
