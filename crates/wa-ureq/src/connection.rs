use std::{
    error, fmt,
    io::{self, ErrorKind, Read, Write},
    sync::Arc,
    time::{Duration, Instant},
};

use http::Uri;
use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};
use ureq::{
    Error,
    config::Config,
    unversioned::{
        resolver::{ResolvedSocketAddrs, Resolver},
        transport::{Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport},
    },
};
use wa_core::{TransportError, TransportErrorKind as Kind};
use wa_net::{Origin, Overrides, Poolable, Proxies};

use crate::{
    dial::{dial, resolve},
    pool::{Pool, WeakPool},
    proxy,
    socket::Socket,
};

/// Takes a connection from the pool, or opens a new one.
pub(crate) struct Open {
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) proxies: Proxies,
    pub(crate) overrides: Overrides,
    pub(crate) pool: Pool,
}

impl Open {
    /// Opens a connection. The kind of a failure tells the phase in which it, or the timeout, occurred.
    fn open(&self, origin: &Origin, until: Instant) -> Result<Stream, TransportError> {
        let tunnel = self.proxies.tunnel(origin);
        let (host, port) = match tunnel {
            Some(tunnel) => (tunnel.host(), tunnel.port()),
            None => (origin.host(), origin.port()),
        };
        let mut addresses = resolve(host, port, &self.overrides, until).map_err(during(Kind::Resolve))?;
        addresses.retain(|address| tunnel.is_some() || origin.allows(address.ip()));
        let stream = dial(addresses, until).map_err(during(Kind::Connect))?;
        stream.set_nodelay(true).map_err(during(Kind::Connect))?;
        let mut socket = Socket::new(stream, until);
        if let Some(tunnel) = tunnel {
            proxy::open_tunnel(tunnel, &mut socket, origin).map_err(during(Kind::Connect))?;
        }
        if !origin.is_secure() {
            return Ok(Stream::Plain(socket));
        }
        let name = ServerName::try_from(origin.host().to_owned()).map_err(during(Kind::Tls))?;
        let mut tls = ClientConnection::new(self.tls.clone(), name).map_err(during(Kind::Tls))?;
        tls.complete_io(&mut socket).map_err(during(Kind::Tls))?;
        Ok(Stream::Tls(Box::new(StreamOwned::new(tls, socket))))
    }
}

impl Connector for Open {
    type Out = Connection;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Connection>, Error> {
        let connect = || {
            let origin = Origin::from_uri(details.uri)?;
            let stream = match self.pool.take(&origin) {
                Some(stream) => stream,
                None => self.open(&origin, deadline(details.timeout))?,
            };
            Ok((origin, stream))
        };
        let (origin, stream) = connect().map_err(|error: TransportError| Error::Other(error.into()))?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        let pool = self.pool.downgrade();
        Ok(Some(Connection { stream: Some(stream), buffers, origin, pool, is_reusable: false }))
    }
}

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Open")
    }
}

/// Resolves nothing: ureq resolves the host for every call, but only a new connection needs an address.
#[derive(Debug)]
pub(crate) struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// A connection in use by one call.
///
/// ureq asks whether a connection is open only after it has read an answer to its end, and if the connection can be reused.
/// So a connection that is dropped right after that question returns to the pool; any other is closed.
#[derive(Debug)]
pub(crate) struct Connection {
    /// `None` only while the connection is dropped.
    stream: Option<Stream>,
    buffers: LazyBuffers,
    origin: Origin,
    pool: WeakPool,
    is_reusable: bool,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(stream) = self.stream.take_if(|_| self.is_reusable) {
            self.pool.put(self.origin.clone(), stream);
        }
    }
}

#[derive(Debug)]
pub(crate) enum Stream {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Stream {
    fn socket(&mut self) -> &mut Socket {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => &mut stream.sock,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

impl Poolable for Stream {
    fn is_open(&mut self) -> bool {
        // More than the answer may have been received and decrypted with it.
        let is_drained = match self {
            Self::Plain(_) => true,
            Self::Tls(stream) => stream
                .conn
                .process_new_packets()
                .is_ok_and(|state| state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed()),
        };
        is_drained && self.socket().is_open()
    }
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.is_reusable = false;
        let stream = limited(&mut self.stream, timeout)?;
        let written = stream.write_all(&self.buffers.output()[..amount]).and_then(|()| stream.flush());
        written.map_err(|error| broken(error, timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.is_reusable = false;
        let stream = limited(&mut self.stream, timeout)?;
        let space = self.buffers.input_append_buf();
        if space.is_empty() {
            return Err(Error::Other(TransportError::new(Kind::TooLarge).into()));
        }
        let amount = stream.read(space).map_err(|error| broken(error, timeout))?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.is_reusable = self.stream.as_mut().is_some_and(Poolable::is_open);
        self.is_reusable
    }

    fn is_tls(&self) -> bool {
        matches!(self.stream, Some(Stream::Tls(_)))
    }
}

/// The stream, with a deadline for its next use.
fn limited(stream: &mut Option<Stream>, timeout: NextTimeout) -> Result<&mut Stream, Error> {
    let stream = stream.as_mut().ok_or(Error::ConnectionFailed)?;
    stream.socket().set_deadline(deadline(timeout));
    Ok(stream)
}

/// ureq would take other kinds of errors for the regular end of an answer of unknown length.
fn broken(error: io::Error, timeout: NextTimeout) -> Error {
    match error.kind() {
        ErrorKind::TimedOut => Error::Timeout(timeout.reason),
        _ => Error::Other(during(Kind::Closed)(error).into()),
    }
}

fn during<E: Into<Box<dyn error::Error + Send + Sync>>>(kind: Kind) -> impl FnOnce(E) -> TransportError {
    move |error| TransportError::with_source(kind, error)
}

fn deadline(timeout: NextTimeout) -> Instant {
    Instant::now() + (*timeout.after).min(FOREVER)
}

/// About 34 years: adding it to a point in time does not overflow on any platform.
pub(crate) const FOREVER: Duration = Duration::from_secs(1 << 30);
