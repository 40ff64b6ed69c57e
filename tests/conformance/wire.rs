//! The bytes that are sent, for requests of every shape.

use std::{collections::BTreeSet, fmt::Debug, sync::Arc, time::Duration};

use http::{Method, uri::Authority};
use wa_core::{
    Body, BuildError, CallLimits, Config, Endpoint, File, FileBytes, Route, Success, TransportErrorKind,
    samples::{self, Samples},
};

use crate::{
    adapters::{Adapter, adapters, config},
    server::Server,
};

#[test]
fn requests_of_every_shape_are_the_same_bytes_over_both_transports() {
    let [left, right] = adapters();
    // The bytes include the host, so both call the same server, one after the other.
    let server = Server::plain(Arc::new(|wire| {
        loop {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}")?;
        }
    }));
    let base = server.base();
    let sent = [left, right].map(|adapter| {
        let mut sent =
            Sent { adapter, config: config(base), host: server.address.to_string(), shapes: BTreeSet::new() };
        samples::all(&mut sent).unwrap();
        sent.shapes
    });

    let shapes = [
        "DELETE without query, without body",
        "GET with query, without body",
        "GET without query, without body",
        "POST without query, with body",
        "POST without query, without body",
    ];
    for sent in &sent {
        assert!(shapes.iter().all(|shape| sent.contains(*shape)), "{sent:?}");
    }
    let requests = server.counts().requests;
    let (left, right) = requests.split_at(requests.len() / 2);
    assert_eq!(left.len(), right.len());
    for (left, right) in left.iter().zip(right) {
        assert_eq!(String::from_utf8_lossy(left), String::from_utf8_lossy(right));
    }
    let register = left.iter().find(|request| request.starts_with(b"POST /v23.0/106540352242922/register ")).unwrap();
    let host = server.address;
    assert_eq!(
        String::from_utf8_lossy(register),
        format!(
            "POST /v23.0/106540352242922/register HTTP/1.1\r\nhost: {host}\r\n\
                authorization: Bearer EAAJB-canary-token\r\naccept: application/json\r\nuser-agent: wa/{}\r\n\
                content-type: application/json\r\naccept-encoding: identity\r\ncontent-length: 47\r\n\r\n\
                {{\"messaging_product\":\"whatsapp\",\"pin\":\"012345\"}}",
            env!("CARGO_PKG_VERSION"),
        )
    );
}

/// The kinds of content that are not JSON, one of them larger than any buffer on the way.
#[test]
fn content_of_every_kind_is_the_same_bytes_over_both_transports() {
    let server = Server::plain(Arc::new(|wire| {
        loop {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")?;
        }
    }));
    let large = FileBytes::from((0..3_000_000_u32).map(|place| (place % 251) as u8).collect::<Vec<_>>());
    let file = File::new("photo.png", "image/png", large.clone());
    let contents = [
        Body::form([("client_id", "1"), ("client_secret", "a b&c")]),
        Body::multipart(&[("messaging_product", "whatsapp")], "file", &file).unwrap(),
        Body::bytes("image/png", large.skip(1)).unwrap(),
    ];
    for content in contents {
        let call = Carrying(content.clone());
        let sent = adapters().map(|adapter| {
            adapter.send(config(server.base()).request(&call).unwrap(), Duration::from_secs(20)).unwrap();
            server.counts().requests.pop().unwrap()
        });
        let [left, right] = sent;
        assert!(left == right, "{content:?}");
        assert!(left.ends_with(&content.to_bytes()), "{content:?}");
        let head = String::from_utf8_lossy(&left[..left.len() - content.len()]).into_owned();
        assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", content.len())), "{head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
    }
}

struct Carrying(Body);

impl Endpoint for Carrying {
    const NAME: &'static str = "test.carry";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node("106540352242922").edge("media")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Ok(self.0.clone())
    }
}

#[test]
fn a_call_may_allow_a_larger_or_a_smaller_answer() {
    let server = Server::plain(Arc::new(|wire| {
        loop {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ncontent-length: 2000000\r\n\r\n")?;
            wire.write("x".repeat(2_000_000))?;
        }
    }));
    for adapter in adapters() {
        for (allowed, expected) in [(None, None), (Some(1_999_999), None), (Some(2_000_000), Some(2_000_000))] {
            let mut limits = CallLimits::new(Duration::from_secs(20));
            limits.answer = allowed;
            let call = config(server.base()).request(&Carrying(Body::empty())).unwrap();
            let answer = adapter.send_within(call, limits).map(|answer| answer.body().len());
            match expected {
                Some(length) => assert_eq!(answer.unwrap(), length, "{}", adapter.name()),
                None => assert_eq!(answer.unwrap_err().kind(), TransportErrorKind::TooLarge, "{}", adapter.name()),
            }
        }
    }
}

struct Sent {
    adapter: Arc<dyn Adapter>,
    config: Config,
    host: String,
    shapes: BTreeSet<String>,
}

impl Samples for Sent {
    fn call<E: Endpoint + Clone + Debug + Send + Sync>(&mut self, endpoint: E) {
        let request = self.config.request(&endpoint).unwrap();
        // A call to an address that the service gave leads to another host.
        if request.uri().authority().map(Authority::as_str) != Some(&self.host) {
            return;
        }
        let with = |has: bool| if has { "with" } else { "without" };
        let (query, body) = (with(request.uri().query().is_some()), with(!request.body().is_empty()));
        self.shapes.insert(format!("{} {query} query, {body} body", request.method()));
        self.adapter.send(request, Duration::from_secs(5)).unwrap();
    }
}
