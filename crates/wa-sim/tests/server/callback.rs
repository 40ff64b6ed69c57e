//! An app's callback, as its author might write it.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    thread,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::ring::default_provider, pki_types::PrivateKeyDer};

use crate::raw::{LONG, Wire};

/// What came to a callback.
pub(crate) struct Visit {
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Listener {
    pub(crate) url: String,
    /// Who vouches for it, if it speaks TLS.
    pub(crate) authority: Option<String>,
    visits: Receiver<Visit>,
}

impl Listener {
    /// Answers by this rule, which gets the number of the visit.
    pub(crate) fn start(answer: impl Fn(usize, &Visit) -> (u16, String) + Send + 'static) -> Self {
        Self::listen(None, answer)
    }

    pub(crate) fn start_tls(answer: impl Fn(usize, &Visit) -> (u16, String) + Send + 'static) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Self::listen(Some((issuer.pem(), Arc::new(config))), answer)
    }

    fn listen(
        tls: Option<(String, Arc<ServerConfig>)>,
        answer: impl Fn(usize, &Visit) -> (u16, String) + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let authority = tls.as_ref().map(|(pem, _)| pem.clone());
        let (sender, visits) = channel();
        thread::spawn(move || {
            for (place, socket) in listener.incoming().enumerate() {
                let socket = socket.unwrap();
                socket.set_read_timeout(Some(LONG)).unwrap();
                let mut wire: Box<dyn Wire> = match &tls {
                    None => Box::new(socket),
                    Some((_, config)) => {
                        Box::new(StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), socket))
                    }
                };
                let Some(visit) = read(&mut wire) else {
                    continue;
                };
                let (status, text) = answer(place, &visit);
                let head =
                    format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", text.len());
                let _ = wire.write_all((head + &text).as_bytes());
                let _ = wire.flush();
                if sender.send(visit).is_err() {
                    return;
                }
            }
        });
        Self { url: format!("{scheme}://localhost:{port}/hook?a=b"), authority, visits }
    }

    pub(crate) fn next(&self) -> Visit {
        self.visits.recv_timeout(LONG).expect("nobody came")
    }
}

/// Answers the handshake as documented, and accepts everything else.
pub(crate) fn obedient(_: usize, visit: &Visit) -> (u16, String) {
    (200, challenge(visit, "verify-me").unwrap_or_default())
}

/// The challenge of a visit that knows the token.
pub(crate) fn challenge(visit: &Visit, token: &str) -> Option<String> {
    let query = visit.target.strip_prefix("GET /hook?a=b&")?;
    let pairs: BTreeMap<_, _> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let is_right = pairs.get("hub.mode") == Some(&"subscribe")
        && pairs.get("hub.verify_token").map(|text| text.replace("%2D", "-")) == Some(token.to_owned());
    is_right.then(|| pairs["hub.challenge"].to_owned())
}

fn read(wire: &mut impl Wire) -> Option<Visit> {
    let mut lines = BufReader::new(wire);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let target = line.rsplit_once(' ')?.0.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
    lines.read_exact(&mut body).ok()?;
    Some(Visit { target, headers, body })
}
