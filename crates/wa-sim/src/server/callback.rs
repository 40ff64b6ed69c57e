use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use axum::body::Bytes;
use http::{
    Method, Request, Uri,
    header::{CONNECTION, CONTENT_TYPE, HOST, USER_AGENT},
    uri::Scheme,
};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    sync::OnceCell,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use crate::{
    Delivery, Handshake,
    server::{host::names_this_machine, tls},
};

/// The way to the apps' callbacks.
pub(super) struct Callbacks {
    allows_remote: bool,
    authorities: Vec<u8>,
    connector: OnceCell<TlsConnector>,
}

impl Callbacks {
    pub(super) fn new(allows_remote: bool, authorities: Vec<u8>) -> Self {
        Self { allows_remote, authorities, connector: OnceCell::new() }
    }

    /// Sends a delivery and says whether the callback took it.
    pub(super) async fn deliver(&self, delivery: &Delivery) -> Result<bool, CallbackError> {
        let request = Request::post(&delivery.url)
            .header(CONTENT_TYPE, "application/json")
            .header("x-hub-signature-256", &delivery.signature)
            .body(Full::from(delivery.body.clone()))?;
        Ok(self.exchange(request).await?.0 == 200)
    }

    /// Asks a callback whether it belongs to the app.
    pub(super) async fn ask(&self, handshake: &Handshake) -> Result<(), CallbackError> {
        let request = Request::builder().method(Method::GET).uri(&handshake.url).body(Full::default())?;
        let (status, body) = self.exchange(request).await?;
        if handshake.passes(status, &body) {
            return Ok(());
        }
        let shown: String = String::from_utf8_lossy(&body).chars().take(SHOWN).collect();
        Err(CallbackError::Failed(format!("the callback answered {status} {shown:?} instead of 200 and the challenge")))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), CallbackError> {
        let answer = timeout(TIMEOUT, self.call(request)).await;
        answer.unwrap_or_else(|_| Err(CallbackError::Failed("the callback took too long".to_owned())))
    }

    async fn call(&self, mut request: Request<Full<Bytes>>) -> Result<(u16, Bytes), CallbackError> {
        let target = Target::from_uri(request.uri())?;
        let socket = TcpStream::connect(&*self.addresses(&target).await?).await?;
        let origin_form = request.uri().path_and_query().map_or("/", |path| path.as_str()).parse()?;
        if let Some(authority) = request.uri().authority() {
            let host = authority.as_str().parse::<http::HeaderValue>()?;
            request.headers_mut().insert(HOST, host);
        }
        *request.uri_mut() = origin_form;
        request.headers_mut().insert(CONNECTION, http::HeaderValue::from_static("close"));
        request.headers_mut().insert(USER_AGENT, http::HeaderValue::from_static("wa-sim"));
        if !target.is_secure {
            return send(socket, request).await;
        }
        let connector = self.connector.get_or_try_init(|| async { tls::connector(&self.authorities) }).await?;
        let name = ServerName::try_from(target.host).map_err(|error| CallbackError::Failed(error.to_string()))?;
        send(connector.connect(name, socket).await?, request).await
    }

    async fn addresses(&self, target: &Target) -> Result<Vec<SocketAddr>, CallbackError> {
        let port = target.port;
        if target.host.eq_ignore_ascii_case("localhost") {
            return Ok(vec![([127, 0, 0, 1], port).into(), ([0, 0, 0, 0, 0, 0, 0, 1], port).into()]);
        }
        if !self.allows_remote && !names_this_machine(&target.host) {
            return Err(CallbackError::Elsewhere);
        }
        match target.host.parse::<IpAddr>() {
            Ok(address) => Ok(vec![(address, port).into()]),
            Err(_) => Ok(lookup_host((&*target.host, port)).await?.collect()),
        }
    }
}

/// Why a callback gave no answer that counts.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallbackError {
    /// It is not on this machine.
    #[error("the callback is not on this machine: use 127.0.0.1 or localhost, or allow remote callbacks")]
    Elsewhere,
    /// It cannot be reached or answered something else.
    #[error("{0}")]
    Failed(String),
}

impl From<io::Error> for CallbackError {
    fn from(error: io::Error) -> Self {
        Self::Failed(format!("the callback cannot be reached: {error}"))
    }
}

impl From<hyper::Error> for CallbackError {
    fn from(error: hyper::Error) -> Self {
        Self::Failed(format!("the callback gave no answer: {error}"))
    }
}

impl From<http::Error> for CallbackError {
    fn from(error: http::Error) -> Self {
        Self::Failed(format!("the callback's address cannot be used: {error}"))
    }
}

impl From<http::uri::InvalidUri> for CallbackError {
    fn from(error: http::uri::InvalidUri) -> Self {
        http::Error::from(error).into()
    }
}

impl From<http::header::InvalidHeaderValue> for CallbackError {
    fn from(error: http::header::InvalidHeaderValue) -> Self {
        http::Error::from(error).into()
    }
}

struct Target {
    host: String,
    port: u16,
    is_secure: bool,
}

impl Target {
    fn from_uri(uri: &Uri) -> Result<Self, CallbackError> {
        let is_secure = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(CallbackError::Failed("the callback's address must begin with http or https".to_owned())),
        };
        let host = uri.host().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = uri.port_u16().unwrap_or(if is_secure { 443 } else { 80 });
        Ok(Self { host: host.to_owned(), port, is_secure })
    }
}

async fn send<S>(stream: S, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), CallbackError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), LONGEST).collect().await;
    let body = body.map_err(|error| CallbackError::Failed(format!("the callback's answer broke off: {error}")))?;
    Ok((status, body.to_bytes()))
}

const TIMEOUT: Duration = Duration::from_secs(10);
const LONGEST: usize = 65_536;
const SHOWN: usize = 200;
