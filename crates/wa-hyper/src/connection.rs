use std::{error, io, sync::Arc};

use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::{
    body::{Body, Incoming},
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::AbortHandle,
    time::{Duration, Instant, timeout, timeout_at},
};
use tokio_rustls::TlsConnector;
use wa_core::{TransportError, TransportErrorKind as Kind};
use wa_net::{Origin, Overrides, Poolable, Tunnel};

use crate::{
    body::Outgoing,
    dial::{dial, resolve},
    proxy,
    socket::{Socket, Watch},
};

/// A connection that carries one call at a time.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: SendRequest<Outgoing>,
    task: AbortHandle,
    watch: Watch,
    is_used: bool,
}

/// Why a request has no answer.
#[allow(clippy::large_enum_variant, reason = "it lives for a moment")]
pub(crate) enum Failure {
    /// The connection was found closed before any byte of the request was written.
    Unused(Request<Outgoing>),
    /// The request may have been sent.
    Sent(TransportError),
}

impl Connection {
    /// Opens a connection. The kind of a failure tells the phase in which it, or the timeout, occurred.
    pub(crate) async fn open(
        origin: &Origin,
        tunnel: Option<&Tunnel>,
        overrides: &Overrides,
        tls: &Arc<rustls::ClientConfig>,
        until: Instant,
    ) -> Result<Self, TransportError> {
        let (host, port) = match tunnel {
            Some(tunnel) => (tunnel.host(), tunnel.port()),
            None => (origin.host(), origin.port()),
        };
        let mut addresses = phase(Kind::Resolve, until, resolve(host, port, overrides)).await?;
        addresses.retain(|address| tunnel.is_some() || origin.allows(address.ip()));
        let mut stream = phase(Kind::Connect, until, dial(addresses)).await?;
        phase(Kind::Connect, until, async { stream.set_nodelay(true) }).await?;
        if let Some(tunnel) = tunnel {
            phase(Kind::Connect, until, proxy::open_tunnel(tunnel, &mut stream, origin)).await?;
        }
        let socket = Socket::new(stream, until);
        let watch = socket.watch();
        if !origin.is_secure() {
            return Self::over(socket, watch).await;
        }
        let name = ServerName::try_from(origin.host().to_owned())
            .map_err(|error| TransportError::with_source(Kind::Tls, error))?;
        let stream = phase(Kind::Tls, until, TlsConnector::from(tls.clone()).connect(name, socket)).await?;
        Self::over(stream, watch).await
    }

    async fn over(
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        watch: Watch,
    ) -> Result<Self, TransportError> {
        let (sender, connection) = http1::Builder::new()
            .max_headers(MOST_HEADERS)
            .max_buf_size(LARGEST_HEAD)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(failure)?;
        let task = tokio::spawn(async {
            // The call reports its errors.
            let _ = connection.await;
        });
        Ok(Self { sender, task: task.abort_handle(), watch, is_used: false })
    }

    pub(crate) async fn send(
        &mut self,
        request: Request<Outgoing>,
        deadline: Instant,
        largest: usize,
    ) -> Result<Response<Vec<u8>>, Failure> {
        self.watch.set_deadline(deadline);
        // A reused connection may still be writing a request whose answer came early. It is not worth waiting for.
        let is_ready = if std::mem::replace(&mut self.is_used, true) {
            matches!(timeout(READY, self.sender.ready()).await, Ok(Ok(())))
        } else {
            self.sender.ready().await.is_ok()
        };
        if !is_ready {
            return Err(Failure::Unused(request));
        }
        match self.sender.try_send_request(request).await {
            Ok(response) => read(response, largest).await.map_err(Failure::Sent),
            Err(mut refused) => match refused.take_message() {
                Some(request) => Err(Failure::Unused(request)),
                None => Err(Failure::Sent(failure(refused.into_error()))),
            },
        }
    }
}

impl Poolable for Connection {
    fn is_open(&mut self) -> bool {
        !self.sender.is_closed() && self.watch.is_silent()
    }
}

impl Drop for Connection {
    /// Closes the connection at once, even if the server has stalled.
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn phase<T>(kind: Kind, until: Instant, work: impl Future<Output = io::Result<T>>) -> Result<T, TransportError> {
    match timeout_at(until, work).await {
        Ok(done) => done.map_err(|error| TransportError::with_source(kind, error)),
        Err(elapsed) => Err(TransportError::with_source(kind, elapsed)),
    }
}

async fn read(response: Response<Incoming>, largest: usize) -> Result<Response<Vec<u8>>, TransportError> {
    let (parts, mut body) = response.into_parts();
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > largest {
        return Err(TransportError::new(Kind::TooLarge));
    }
    let mut bytes = Vec::with_capacity(announced.min(LARGEST_HEAD));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(failure)?;
        let Some(data) = frame.data_ref() else { continue };
        if bytes.len() + data.len() > largest {
            return Err(TransportError::new(Kind::TooLarge));
        }
        bytes.extend_from_slice(data);
    }
    Ok(Response::from_parts(parts, bytes))
}

/// Distinguishes the same kinds as the other transport.
fn failure(error: hyper::Error) -> TransportError {
    let kind = if error.is_parse() {
        if error.to_string() == HEAD_TOO_LARGE { Kind::TooLarge } else { Kind::Protocol }
    } else {
        match error::Error::source(&error).and_then(|source| source.downcast_ref::<io::Error>()) {
            Some(broken) if broken.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => Kind::Closed,
            Some(broken) => match broken.kind() {
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Kind::Protocol,
                _ => Kind::Closed,
            },
            None => Kind::Closed,
        }
    };
    TransportError::with_source(kind, error)
}

/// The text of an error that hyper distinguishes for servers only. If it changes, the fault "129 headers" of the conformance
/// tests fails.
const HEAD_TOO_LARGE: &str = "message head is too large";
/// The same limits as in the other transport.
const MOST_HEADERS: usize = 128;
const LARGEST_HEAD: usize = 64 << 10;
const READY: Duration = Duration::from_millis(100);
