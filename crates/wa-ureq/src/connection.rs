use std::{
    error, fmt,
    io::{self, ErrorKind, Read, Write},
    net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs},
    sync::{Arc, mpsc},
    thread,
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
use wa_net::Origin;

use crate::{
    proxy::{self, Route},
    socket::Socket,
};

/// Opens connections. Each step has its own kind of failure, also when the time runs out in it.
pub(crate) struct Open {
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) route: Route,
}

impl Connector for Open {
    type Out = Connection;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Connection>, Error> {
        let open = || {
            let origin = Origin::from_uri(details.uri)?;
            let until = deadline(details.timeout);
            let tunnel = self.route.tunnel(&origin, details.uri)?;
            let (host, port) = match &tunnel {
                Some(tunnel) => (tunnel.host(), tunnel.port()),
                None => (origin.host(), origin.port()),
            };
            let mut addresses = resolve(host, port, until).map_err(during(Kind::Resolve))?;
            addresses.retain(|address| tunnel.is_some() || origin.allows(address.ip()));
            let stream = dial(&addresses, until).map_err(during(Kind::Connect))?;
            let mut socket = Socket::new(stream, until);
            if let Some(tunnel) = &tunnel {
                proxy::pass(tunnel, &mut socket, &origin).map_err(during(Kind::Connect))?;
            }
            if !origin.is_secure() {
                return Ok(Stream::Plain(socket));
            }
            let name = ServerName::try_from(origin.host().to_owned()).map_err(during(Kind::Tls))?;
            let mut tls = ClientConnection::new(self.tls.clone(), name).map_err(during(Kind::Tls))?;
            tls.complete_io(&mut socket).map_err(during(Kind::Tls))?;
            Ok(Stream::Tls(Box::new(StreamOwned::new(tls, socket))))
        };
        let stream = open().map_err(|error: TransportError| Error::Other(error.into()))?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Connection { stream, buffers }))
    }
}

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Open")
    }
}

/// Asks nothing: ureq resolves the host for every call, but only a new connection needs an address.
#[derive(Debug)]
pub(crate) struct Later;

impl Resolver for Later {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// A connection that one call at a time may use.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: Stream,
    buffers: LazyBuffers,
}

#[derive(Debug)]
enum Stream {
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

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.socket().set_deadline(deadline(timeout));
        let bytes = &self.buffers.output()[..amount];
        let written = match &mut self.stream {
            Stream::Plain(socket) => socket.write_all(bytes),
            Stream::Tls(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        };
        written.map_err(|error| broken(error, timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.socket().set_deadline(deadline(timeout));
        let space = self.buffers.input_append_buf();
        if space.is_empty() {
            return Err(Error::Other(TransportError::new(Kind::TooLarge).into()));
        }
        let read = match &mut self.stream {
            Stream::Plain(socket) => socket.read(space),
            Stream::Tls(stream) => stream.read(space),
        };
        let amount = read.map_err(|error| broken(error, timeout))?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.socket().is_open()
    }

    fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }
}

/// Other kinds of errors would pass as the proper end of an answer whose length is unknown.
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

fn resolve(host: &str, port: u16, until: Instant) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    // The system's resolver knows no deadline.
    let (sender, receiver) = mpsc::sync_channel(1);
    let host = host.to_owned();
    thread::Builder::new().name("wa-ureq".to_owned()).spawn(move || {
        // Nobody listens any more if the time ran out.
        let _ = sender.send((host.as_str(), port).to_socket_addrs());
    })?;
    match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(found) => Ok(found?.collect()),
        Err(_) => Err(ErrorKind::TimedOut.into()),
    }
}

/// Tries one address after the other; each gets its share of the time.
fn dial(addresses: &[SocketAddr], until: Instant) -> io::Result<TcpStream> {
    let mut failure = io::Error::new(ErrorKind::NotFound, "the host has no address that may be used");
    for (index, address) in addresses.iter().enumerate() {
        let share = until.saturating_duration_since(Instant::now()) / (addresses.len() - index) as u32;
        if share.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        match TcpStream::connect_timeout(address, share) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// Longer than anybody waits, and within all clocks.
pub(crate) const FOREVER: Duration = Duration::from_secs(1 << 30);
