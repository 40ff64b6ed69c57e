//! The effects of the settings.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use http::Request;
use wa_core::{
    AsyncTransport, Body, CallLimits, Client, Config, Transport, TransportError, TransportErrorKind as Kind,
    TryDefault,
    api::number::ReadNumber,
    blocking,
    types::{AccessToken, PhoneNumberId},
};
#[cfg(feature = "aws-lc-rs")]
use wa_hyper::Crypto;
use wa_hyper::{HyperTransport, Roots, Settings};
use wa_ureq::UreqTransport;

use crate::{
    adapters::{adapters, config, settings},
    certificates::{TRUSTED, UNTRUSTED},
    server::{Script, Server},
};

fn get(base: &str) -> Request<Body> {
    Request::get(format!("{base}/")).body(Body::empty()).unwrap()
}

fn good() -> Script {
    Arc::new(|wire| {
        wire.read_request()?;
        wire.write("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}")?;
        wire.park()
    })
}

const TIMEOUT: Duration = Duration::from_secs(5);

/// Sends over both transports, inside or outside of a runtime.
fn both(settings: &Settings, base: &str) -> [Result<Vec<u8>, Kind>; 2] {
    let bytes = |answer: Result<http::Response<Vec<u8>>, TransportError>| {
        answer.map(http::Response::into_body).map_err(|error| error.kind())
    };
    let hyper = HyperTransport::new(settings)
        .and_then(|transport| pollster::block_on(transport.send(get(base), CallLimits::new(TIMEOUT))));
    let ureq = UreqTransport::new(settings).and_then(|transport| transport.send(get(base), CallLimits::new(TIMEOUT)));
    [bytes(hyper), bytes(ureq)]
}

#[test]
fn a_client_needs_no_settings_and_no_runtime() {
    let server = Server::plain(Arc::new(|wire| {
        wire.read_request()?;
        wire.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{\"id\":\"1\"}")?;
        wire.park()
    }));
    let number = PhoneNumberId::new("1").unwrap();
    let config = || config(server.base());
    let client = wa_hyper::Client::new(config()).unwrap();
    assert!(pollster::block_on(client.send(&ReadNumber::new(&number))).is_ok());
    assert!(wa_ureq::Client::new(config()).unwrap().send(&ReadNumber::new(&number)).is_ok());
}

#[test]
fn the_transports_may_move_between_threads_and_be_cloned() {
    fn is_shareable<T: Send + Sync + Clone + std::fmt::Debug + TryDefault + 'static>() {}
    fn is_send<T: Send>(_: T) {}
    is_shareable::<HyperTransport>();
    is_shareable::<UreqTransport>();
    let config = Config::new(AccessToken::new("EAAJB").unwrap());
    let client = Client::with_transport(config.clone(), HyperTransport::new(&settings()).unwrap());
    is_send(client.send(&ReadNumber::new(&PhoneNumberId::new("1").unwrap())));
    is_send(blocking::Client::with_transport(config, UreqTransport::new(&settings()).unwrap()));
}

#[test]
fn a_client_presents_its_certificate_if_asked() {
    let server = Server::tls(TRUSTED.asking_server("127.0.0.1"), good());
    let answers = both(&settings().identity(TRUSTED.identity()), server.base());
    assert_eq!(answers, [Ok(b"{\"success\":true}".to_vec()), Ok(b"{\"success\":true}".to_vec())]);
    // A server that refuses the client says so only after the client may have sent its request.
    for answer in both(&settings(), server.base()) {
        assert_eq!(answer, Err(Kind::Closed));
    }
    for answer in both(&settings().identity("no PEM"), server.base()) {
        assert_eq!(answer, Err(Kind::Tls));
    }
}

#[test]
fn an_authority_is_added_to_those_of_the_platform() {
    let server = Server::tls(UNTRUSTED.server("127.0.0.1"), good());
    let platform = settings().roots(Roots::Platform);
    assert_eq!(both(&platform, server.base()), [Err(Kind::Tls), Err(Kind::Tls)]);
    assert!(both(&platform.authority(UNTRUSTED.pem()), server.base()).iter().all(Result::is_ok));
}

#[cfg(feature = "webpki-roots")]
#[test]
fn an_authority_is_added_to_those_that_are_built_in() {
    let server = Server::tls(TRUSTED.server("127.0.0.1"), good());
    let built_in = Settings::new().no_proxy().roots(Roots::WebPki);
    assert_eq!(both(&built_in, server.base()), [Err(Kind::Tls), Err(Kind::Tls)]);
    assert_eq!(both(&built_in.authority(UNTRUSTED.pem()), server.base()), [Err(Kind::Tls), Err(Kind::Tls)]);
    let built_in = Settings::new().no_proxy().roots(Roots::WebPki).authority(TRUSTED.pem());
    let answers = both(&built_in, server.base());
    assert_eq!(answers, [Ok(b"{\"success\":true}".to_vec()), Ok(b"{\"success\":true}".to_vec())]);
}

#[cfg(feature = "aws-lc-rs")]
#[test]
fn aws_lc_is_used_if_and_only_if_it_is_chosen() {
    let server = Server::tls(TRUSTED.post_quantum_server("127.0.0.1"), good());
    let answers = both(&settings().crypto(Crypto::AwsLcRs), server.base());
    assert_eq!(answers, [Ok(b"{\"success\":true}".to_vec()), Ok(b"{\"success\":true}".to_vec())]);
    assert_eq!(both(&settings().crypto(Crypto::Ring), server.base()), [Err(Kind::Tls), Err(Kind::Tls)]);
    assert_eq!(both(&settings(), server.base()), [Err(Kind::Tls), Err(Kind::Tls)]);
}

#[test]
fn a_body_may_be_as_large_as_allowed() {
    let server = Server::plain(good());
    assert!(both(&settings().largest_body(16), server.base()).iter().all(Result::is_ok));
    let answers = both(&settings().largest_body(15), server.base());
    assert_eq!(answers, [Err(Kind::TooLarge), Err(Kind::TooLarge)]);
}

#[test]
fn the_token_is_not_sent_in_the_clear_to_another_machine() {
    for base in ["http://198.51.100.1", "ftp://127.0.0.1", "http://127.0.0.1.example.com"] {
        assert_eq!(both(&settings(), base), [Err(Kind::Connect), Err(Kind::Connect)], "{base}");
    }
}

#[test]
fn a_proxy_is_asked_for_a_tunnel() {
    // It refuses all tunnels, so nothing but CONNECT may reach it.
    let proxy = Server::plain(Arc::new(|wire| {
        wire.read_head()?;
        wire.write("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
    }));
    let address = format!("http://user:pass@{}", proxy.address);
    let answers = both(&settings().proxy(&address), "https://graph.example.com");
    assert_eq!(answers, [Err(Kind::Connect), Err(Kind::Connect)]);
    let wanted = "CONNECT graph.example.com:443 HTTP/1.1\r\nhost: graph.example.com:443\r\n\
        proxy-authorization: Basic dXNlcjpwYXNz\r\n\r\n";
    for request in proxy.counts().requests {
        assert_eq!(String::from_utf8(request).unwrap(), wanted);
    }
    // Calls to this machine are direct.
    let server = Server::plain(good());
    assert!(both(&settings().proxy(&address), server.base()).iter().all(Result::is_ok));
    assert_eq!(proxy.counts().accepted, 2);
}

#[test]
fn tls_through_a_proxy_is_established_with_the_host() {
    let server = Server::tls(TRUSTED.server("graph.example.com"), good());
    let target = server.address;
    let proxy = Server::plain(Arc::new(move |wire| {
        wire.read_head()?;
        wire.write("HTTP/1.1 200 Connection established\r\n\r\n")?;
        wire.tunnel(target)
    }));
    let address = format!("http://{}", proxy.address);
    let answers = both(&settings().proxy(&address), "https://graph.example.com");
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
}

#[test]
fn an_idle_timeout_of_zero_keeps_no_connection() {
    let server = Server::plain(good());
    let settings = settings().idle_timeout(Duration::ZERO);
    let (hyper, ureq) = (HyperTransport::new(&settings).unwrap(), UreqTransport::new(&settings).unwrap());
    for _ in 0..2 {
        pollster::block_on(hyper.send(get(server.base()), CallLimits::new(TIMEOUT))).unwrap();
        Transport::send(&ureq, get(server.base()), CallLimits::new(TIMEOUT)).unwrap();
    }
    assert_eq!(server.counts().accepted, 4);
}

#[test]
fn the_connect_timeout_includes_the_tls_handshake() {
    let server = Server::plain(Arc::new(|wire| wire.park()));
    let base = server.base().replace("http://", "https://");
    let begin = Instant::now();
    let answers = both(&settings().connect_timeout(Duration::from_millis(200)), &base);
    assert_eq!(answers, [Err(Kind::Tls), Err(Kind::Tls)]);
    assert!(begin.elapsed() < TIMEOUT / 2);
}

#[test]
fn a_client_may_be_used_in_one_runtime_after_another() {
    let server = Server::plain(good());
    let transport = HyperTransport::new(&settings()).unwrap();
    let runtimes: [_; 2] =
        std::array::from_fn(|_| tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap());
    for runtime in &runtimes {
        assert!(runtime.block_on(transport.send(get(server.base()), CallLimits::new(TIMEOUT))).is_ok());
    }
}

#[test]
fn a_connection_that_is_still_writing_is_not_reused() {
    let server = Server::plain(Arc::new(|wire| {
        wire.read_head()?;
        wire.write("HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")?;
        wire.park_unread()
    }));
    let large = Body::json(&"x".repeat(8 << 20)).unwrap();
    let post = Request::post(format!("{}/", server.base())).body(large).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let transport = HyperTransport::new(&settings()).unwrap();
    for request in [post, get(server.base())] {
        assert_eq!(runtime.block_on(transport.send(request, CallLimits::new(TIMEOUT))).unwrap().status(), 413);
    }
    assert_eq!(server.counts().accepted, 2);
}

#[test]
fn a_timeout_of_zero_sends_nothing() {
    let server = Server::plain(good());
    for adapter in adapters() {
        let begin = Instant::now();
        let error = adapter.send(get(server.base()), Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), Kind::Timeout);
        assert!(adapter.send(get(server.base()), Duration::MAX).is_ok());
        assert!(begin.elapsed() < TIMEOUT);
    }
}
