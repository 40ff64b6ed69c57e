//! The simulator on a socket.

#![allow(clippy::disallowed_methods, reason = "a server looks at the clock and starts a thread")]

mod answer;
mod body;
mod callback;
mod chat_view;
mod connection;
mod control;
mod deliver;
mod ending;
mod graph;
mod guard;
mod host;
mod options;
mod page;
mod shared;
mod tls;
mod view;

use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::{runtime, sync::oneshot};

use crate::{Engine, State};

pub use options::ServerOptions;
pub use shared::EngineGuard;

use shared::Shared;
use tls::Identity;

/// The service on a socket of this machine, with its control under `/_sim/`. It ends with its value.
///
/// It has a thread of its own, so it serves synchronous programs as well as asynchronous ones.
pub struct TestServer {
    address: SocketAddr,
    identity: Option<Identity>,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    /// Serves this state in plain HTTP, on a port that the system chooses.
    ///
    /// # Errors
    ///
    /// There is no socket or no thread to be had.
    pub fn start(state: State) -> io::Result<Self> {
        Self::start_with(state, ServerOptions::new())
    }

    /// Serves this state over TLS. Clients have to trust [`TestServer::authority_pem`].
    ///
    /// # Errors
    ///
    /// As [`TestServer::start`].
    pub fn start_tls(state: State) -> io::Result<Self> {
        Self::start_with(state, ServerOptions::new().tls())
    }

    /// Serves this state as the options say.
    ///
    /// # Errors
    ///
    /// The address cannot be had, or is not of this machine and [`ServerOptions::allow_remote`] is not set, or a
    /// certificate cannot be used.
    pub fn start_with(state: State, options: ServerOptions) -> io::Result<Self> {
        let wanted = options.address;
        if !wanted.ip().is_loopback() && !options.allows_remote {
            let text = format!("{wanted} can be reached from elsewhere: allow remote callers or listen on 127.0.0.1");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let identity = options.identity.as_ref().map(|choice| choice.identity()).transpose()?;
        let listener = TcpListener::bind(wanted)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let acceptor = identity.as_ref().map(Identity::acceptor);
        let shared = Arc::new(Shared::new(Engine::new(state), options));
        let (stop, stopped) = oneshot::channel();
        let work = connection::accept_all(listener, acceptor, shared.clone(), stopped);
        let thread = thread::Builder::new().name("wa-sim".to_owned()).spawn(move || {
            runtime.block_on(work);
            // With the runtime every connection ends. A name that is still being looked up is not waited for.
            runtime.shutdown_background();
        })?;
        Ok(Self { address, identity, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens, such as `http://127.0.0.1:4010`: the base for a client.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.identity.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The socket's address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority that vouches for it, as PEM; nothing in plain HTTP or with a certificate from outside.
    #[must_use]
    pub fn authority_pem(&self) -> Option<&str> {
        self.identity.as_ref()?.authority.as_ref().map(|authority| &*authority.pem)
    }

    /// The same as DER.
    #[must_use]
    pub fn authority_der(&self) -> Option<&[u8]> {
        self.identity.as_ref()?.authority.as_ref().map(|authority| &*authority.der)
    }

    /// The service behind it. Calls wait while it is held; what was changed is acted upon when it is let go.
    pub fn engine(&self) -> EngineGuard<'_> {
        self.shared.engine()
    }

    /// Moves the virtual clock on.
    pub fn advance(&self, length: Duration) {
        let mut engine = self.engine();
        let to = engine.now() + length;
        engine.advance(to);
    }
}

impl fmt::Debug for TestServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestServer").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server has been told by the thread itself.
            let _ = thread.join();
        }
    }
}
