//! Callbacks on real sockets: one with axum, one with a few lines of blocking code around [`Receiver`]. The same requests
//! lead to the same answers.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests start threads, and may fail")]

mod servers;

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
};

use wa_cloud::{
    types::AppSecret,
    webhook::{MAX_BODY, Verifier},
};

use servers::{Axum, Blocking, NEW_SECRET, OLD_SECRET, Server, TOKEN};

macro_rules! callbacks {
    ($($test:ident),+ $(,)?) => {
        mod axum {
            $(#[test]
            fn $test() {
                super::$test(&super::Axum::start(false));
            })+
        }

        mod blocking {
            $(#[test]
            fn $test() {
                super::$test(&super::Blocking::start());
            })+
        }
    };
}

callbacks![
    a_signed_delivery_is_handed_on,
    while_a_secret_is_replaced_both_are_taken,
    a_delivery_of_somebody_else_is_refused,
    a_changed_body_is_refused,
    an_unsigned_delivery_is_refused_before_its_body_comes,
    a_delivery_that_is_too_large_is_refused_before_its_body_comes,
    a_body_that_breaks_off_is_refused,
    what_is_signed_and_no_delivery_is_refused,
    the_handshake_is_answered_to_the_right_token,
    other_methods_are_refused,
];

fn a_signed_delivery_is_handed_on(server: &impl Server) {
    let body = delivery("Does it come in another color?");
    assert_eq!(post(server, Some(&sign(NEW_SECRET, &body)), &body), (200, String::new()));
    let large = delivery(&"x".repeat(3 << 20));
    assert_eq!(post(server, Some(&sign(NEW_SECRET, &large)), &large).0, 200);
    assert_eq!(server.received(), ["wamid.1", "wamid.1"]);
}

fn while_a_secret_is_replaced_both_are_taken(server: &impl Server) {
    let body = delivery("hello");
    for secret in [NEW_SECRET, OLD_SECRET] {
        assert_eq!(post(server, Some(&sign(secret, &body)), &body).0, 200);
    }
    assert_eq!(server.received().len(), 2);
}

fn a_delivery_of_somebody_else_is_refused(server: &impl Server) {
    let body = delivery("hello");
    let signed = sign(NEW_SECRET, &body);
    for signature in [sign("another-secret", &body), signed.replace("sha256=", "sha1="), signed[..70].to_owned()] {
        assert_eq!(post(server, Some(&signature), &body).0, 401, "{signature}");
    }
    assert_eq!(post(server, None, &body).0, 401);
    assert_eq!(server.received(), [""; 0]);
}

fn a_changed_body_is_refused(server: &impl Server) {
    let body = delivery("pay 10");
    let signature = sign(NEW_SECRET, &body);
    for changed in [delivery("pay 99"), [&body[..], b" "].concat(), body[..body.len() - 1].to_vec()] {
        assert_eq!(post(server, Some(&signature), &changed).0, 401);
    }
    assert_eq!(server.received(), [""; 0]);
}

fn an_unsigned_delivery_is_refused_before_its_body_comes(server: &impl Server) {
    let mut client = Client::connect(server);
    client.send(b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    assert_eq!(client.answer().0, 401);
}

fn a_delivery_that_is_too_large_is_refused_before_its_body_comes(server: &impl Server) {
    let mut client = Client::connect(server);
    client.send(&head(Some(&sign(NEW_SECRET, b"")), MAX_BODY + 1));
    assert_eq!(client.answer().0, 413);
}

fn a_body_that_breaks_off_is_refused(server: &impl Server) {
    let body = delivery("hello");
    let mut client = Client::connect(server);
    client.send(&head(Some(&sign(NEW_SECRET, &body)), body.len()));
    client.send(&body[..20]);
    client.0.shutdown(Shutdown::Write).unwrap();
    assert_ne!(client.answer().0, 200);
    assert_eq!(server.received(), [""; 0]);
}

fn what_is_signed_and_no_delivery_is_refused(server: &impl Server) {
    for body in [&b"{}"[..], b"", b"\xff"] {
        assert_eq!(post(server, Some(&sign(NEW_SECRET, body)), body).0, 400);
    }
}

fn the_handshake_is_answered_to_the_right_token(server: &impl Server) {
    let get = |query: &str| {
        let mut client = Client::connect(server);
        client.send(format!("GET /webhook?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes());
        client.answer()
    };
    let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=";
    assert_eq!(get(&format!("{query}{TOKEN}")), (200, "1158201444".to_owned()));
    assert_eq!(get(&format!("{query}other")).0, 403);
    assert_eq!(get("hub.mode=subscribe").0, 400);
    assert_eq!(get("").0, 400);
}

fn other_methods_are_refused(server: &impl Server) {
    let mut client = Client::connect(server);
    client.send(b"PUT /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert_eq!(client.answer().0, 405);
}

/// Nobody has announced its length.
#[test]
fn a_body_in_pieces_is_refused_when_it_gets_too_large() {
    let server = Axum::start(false);
    let mut client = Client::connect(&server);
    let signature = sign(NEW_SECRET, b"");
    let head = format!(
        "POST /webhook HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: {signature}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    client.send(head.as_bytes());
    let piece = [format!("{:x}\r\n", MAX_BODY / 4).as_bytes(), &vec![b' '; MAX_BODY / 4], b"\r\n"].concat();
    for _ in 0..4 {
        client.send(&piece);
    }
    client.send(b"1\r\n \r\n");
    assert_eq!(client.answer().0, 413);
}

/// The server's clock jumps whenever all that it does is wait.
#[test]
fn a_body_that_does_not_come_in_time_is_refused() {
    let server = Axum::start(true);
    let body = delivery("hello");
    let mut client = Client::connect(&server);
    client.send(&head(Some(&sign(NEW_SECRET, &body)), body.len()));
    client.send(&body[..20]);
    assert_eq!(client.answer().0, 408);
}

fn post(server: &impl Server, signature: Option<&str>, body: &[u8]) -> (u16, String) {
    let mut client = Client::connect(server);
    client.send(&head(signature, body.len()));
    client.send(body);
    client.answer()
}

fn head(signature: Option<&str>, length: usize) -> Vec<u8> {
    let signature = signature.map(|signature| format!("X-Hub-Signature-256: {signature}\r\n")).unwrap_or_default();
    let head = "POST /webhook HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    format!("{head}{signature}Content-Length: {length}\r\n\r\n").into_bytes()
}

struct Client(TcpStream);

impl Client {
    fn connect(server: &impl Server) -> Self {
        Self(TcpStream::connect(server.address()).unwrap())
    }

    /// A server that has answered may have closed the connection.
    fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes);
    }

    /// Reads until the answer is whole.
    fn answer(&mut self) -> (u16, String) {
        let (mut answer, mut byte) = (Vec::new(), [0]);
        while !answer.ends_with(b"\r\n\r\n") && self.0.read(&mut byte).is_ok_and(|read| read == 1) {
            answer.push(byte[0]);
        }
        let head = String::from_utf8(answer).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
        let mut body = vec![0; length.unwrap_or_default()];
        self.0.read_exact(&mut body).unwrap();
        (status.unwrap_or_else(|| panic!("no answer: {head:?}")), String::from_utf8(body).unwrap())
    }
}

fn sign(secret: &str, body: &[u8]) -> String {
    Verifier::new(&AppSecret::new(secret).unwrap()).sign(body)
}

// Meta's webhook reference, "text messages".
fn delivery(text: &str) -> Vec<u8> {
    let message = format!(
        r#"{{"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"text","text":{{"body":"{text}"}}}}"#
    );
    let value = format!(
        r#"{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"15550783881","phone_number_id":"106540352242922"}},"messages":[{message}]}}"#
    );
    let entry = format!(r#"{{"id":"102290129340398","changes":[{{"value":{value},"field":"messages"}}]}}"#);
    format!(r#"{{"object":"whatsapp_business_account","entry":[{entry}]}}"#).into_bytes()
}
