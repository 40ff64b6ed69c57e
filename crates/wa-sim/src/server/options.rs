use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use tokio::sync::Semaphore;

use crate::server::tls::Identity;

/// Where and how the simulator listens.
#[derive(Clone, Debug)]
#[must_use]
pub struct ServerOptions {
    pub(super) address: SocketAddr,
    pub(super) identity: Option<IdentityChoice>,
    pub(super) allows_remote: bool,
    pub(super) allows_remote_callbacks: bool,
    pub(super) callback_authorities: Vec<u8>,
    pub(super) has_real_clock: bool,
    pub(super) header_timeout: Duration,
    pub(super) body_timeout: Duration,
    pub(super) max_connections: usize,
}

impl ServerOptions {
    /// Plain HTTP on 127.0.0.1 and a port that the system chooses, with the virtual clock.
    pub fn new() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            identity: None,
            allows_remote: false,
            allows_remote_callbacks: false,
            callback_authorities: Vec::new(),
            has_real_clock: false,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(60),
            max_connections: 512,
        }
    }

    /// Listens here.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Speaks TLS with a certificate made for this run.
    pub fn tls(mut self) -> Self {
        self.identity = Some(IdentityChoice::Made);
        self
    }

    /// Speaks TLS with this certificate, its chain and its key, all as PEM.
    pub fn certificate(mut self, chain: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        self.identity = Some(IdentityChoice::Given { chain: chain.into(), key: key.into() });
        self
    }

    /// Listens on other addresses than those of this machine, and answers under any name.
    pub fn allow_remote(mut self) -> Self {
        self.allows_remote = true;
        self
    }

    /// Sends webhooks to other machines too.
    pub fn allow_remote_callbacks(mut self) -> Self {
        self.allows_remote_callbacks = true;
        self
    }

    /// Trusts callbacks that this authority, as PEM, vouches for, besides those that the platform trusts.
    pub fn callback_authority(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.callback_authorities.extend_from_slice(pem.as_ref());
        self
    }

    /// Lets the clock follow the machine's instead of standing still until it is moved.
    pub fn real_clock(mut self) -> Self {
        self.has_real_clock = true;
        self
    }

    /// Closes a connection on which the head of a request takes longer than this, the wait for it included: 30 seconds
    /// unless set.
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.header_timeout = timeout;
        self
    }

    /// Closes a connection on which the body of a request takes longer than this: 60 seconds unless set.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.body_timeout = timeout;
        self
    }

    /// Serves at most this many connections at a time, 512 unless set; others wait until one ends. At least one is served.
    pub fn max_connections(mut self, count: usize) -> Self {
        self.max_connections = count.clamp(1, Semaphore::MAX_PERMITS);
        self
    }
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self::new()
    }
}

#[derive(Clone)]
pub(super) enum IdentityChoice {
    Made,
    Given { chain: Vec<u8>, key: Vec<u8> },
}

impl IdentityChoice {
    pub(super) fn identity(&self) -> io::Result<Identity> {
        match self {
            Self::Made => Identity::make(),
            Self::Given { chain, key } => Identity::read(chain, key),
        }
    }
}

impl std::fmt::Debug for IdentityChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Made) { "Made" } else { "Given" })
    }
}
