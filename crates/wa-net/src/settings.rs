use std::{net::SocketAddr, time::Duration};

use rustls::ClientConfig;
use wa_core::TransportError;

use crate::{
    Crypto, Overrides, Proxies, Roots,
    proxy::Proxy,
    tls::{Pem, Tls},
};

/// The settings of a transport, the same for both.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    tls: Tls,
    proxy: Proxy,
    overrides: Overrides,
    limits: Limits,
}

impl Settings {
    /// The default settings: TLS with `ring` and the platform's certificate authorities, and the proxy that the environment
    /// names, if any.
    pub fn new() -> Self {
        let limits = Limits {
            connect: CONNECT,
            idle_timeout: IDLE,
            max_idle: MAX_IDLE,
            max_idle_per_host: MAX_IDLE_PER_HOST,
            body: LARGEST_BODY,
        };
        Self { tls: Tls::default(), proxy: Proxy::Environment, overrides: Overrides::default(), limits }
    }

    /// Sets the timeout for opening a connection, from resolving the name to the end of the TLS handshake. The default is
    /// 10 seconds. The timeout of the call applies as well.
    pub fn connect_timeout(mut self, longest: Duration) -> Self {
        self.limits.connect = longest.clamp(SHORTEST, LONGEST);
        self
    }

    /// Sets how long an idle connection is kept before it is closed, whether or not another call follows. The default is
    /// 15 seconds, which is less than servers keep theirs.
    pub fn idle_timeout(mut self, longest: Duration) -> Self {
        self.limits.idle_timeout = longest.min(LONGEST);
        self
    }

    /// Sets how many idle connections are kept in total; the default is 256. If there are more, those that have been idle
    /// longest are closed.
    pub fn max_idle(mut self, connections: usize) -> Self {
        self.limits.max_idle = connections;
        self
    }

    /// Sets how many idle connections to one host are kept; the default is 128.
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.limits.max_idle_per_host = connections;
        self
    }

    /// Sets the largest accepted body of an answer, in bytes; the default is 1 MiB.
    pub fn largest_body(mut self, bytes: usize) -> Self {
        self.limits.body = bytes;
        self
    }

    /// Sets the cryptography library; the default is `ring`.
    pub fn crypto(mut self, crypto: Crypto) -> Self {
        self.tls.crypto = crypto;
        self
    }

    /// Sets which certificate authorities are trusted; the default is those of the platform.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.tls.roots = roots;
        self
    }

    /// Trusts this certificate authority, given as PEM, in addition to the others; with [`Roots::Own`] there are no others.
    pub fn authority(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.authorities.push(Pem::new(pem));
        self
    }

    /// Presents this certificate to servers that ask for one. The PEM must hold the private key as well.
    pub fn identity(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.identity = Some(Pem::new(pem));
        self
    }

    /// Sends all calls, except those to this machine, through a proxy, such as `http://user:password@127.0.0.1:3128`.
    /// Special characters in the user name and password must be percent-encoded.
    ///
    /// By default the environment is read when the transport is made: the first of `HTTPS_PROXY`, `https_proxy`,
    /// `ALL_PROXY` and `all_proxy` that is not empty names the proxy, and the first of `NO_PROXY` and `no_proxy` that is
    /// not empty lists the hosts that are called directly.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.proxy = Proxy::Address(address.into().into());
        self
    }

    /// Uses no proxy, and ignores the environment.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Connects to these addresses, ports included, when this host is called, instead of asking the system's resolver. The
    /// server's certificate is still checked against the host's name.
    pub fn resolve(mut self, host: impl Into<String>, addresses: impl IntoIterator<Item = SocketAddr>) -> Self {
        self.overrides.set(host.into(), addresses.into_iter().collect());
        self
    }

    /// Builds the TLS configuration, for the transports.
    ///
    /// # Errors
    ///
    /// A certificate or key cannot be used, or the platform has no authorities.
    #[doc(hidden)]
    pub fn tls(&self) -> Result<ClientConfig, TransportError> {
        self.tls.config()
    }

    /// Decides which calls go through a proxy, for the transports. Reads the environment unless [`proxy`](Self::proxy) or
    /// [`no_proxy`](Self::no_proxy) was called.
    ///
    /// # Errors
    ///
    /// The address of the proxy cannot be used.
    #[doc(hidden)]
    pub fn proxies(&self) -> Result<Proxies, TransportError> {
        Proxies::new(&self.proxy)
    }

    /// The addresses given to [`resolve`](Self::resolve), for the transports.
    #[doc(hidden)]
    #[must_use]
    pub fn overrides(&self) -> &Overrides {
        &self.overrides
    }

    /// The limits, for the transports.
    #[doc(hidden)]
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}

/// The limits of connections and answers.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// The timeout for opening a connection.
    pub connect: Duration,
    /// How long an idle connection is kept.
    pub idle_timeout: Duration,
    /// How many idle connections are kept in total.
    pub max_idle: usize,
    /// How many idle connections to one host are kept.
    pub max_idle_per_host: usize,
    /// The largest accepted body of an answer, in bytes.
    pub body: usize,
}

const CONNECT: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_secs(15);
const MAX_IDLE: usize = 256;
const MAX_IDLE_PER_HOST: usize = 128;
const LARGEST_BODY: usize = 1 << 20;
/// About 34 years: adding it to a point in time does not overflow on any platform.
const LONGEST: Duration = Duration::from_secs(1 << 30);
const SHORTEST: Duration = Duration::from_millis(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_a_password_nor_a_key() {
        let settings = Settings::new()
            .proxy("http://user:canary@127.0.0.1:3128")
            .identity("-----BEGIN PRIVATE KEY-----\ncanary")
            .authority("canary");
        let shown = format!("{settings:?} {settings:#?}");
        assert!(!shown.contains("canary") && !shown.contains("99, 97, 110"), "{shown}");
    }

    #[test]
    fn no_duration_overflows_a_clock() {
        let limits = Settings::new().connect_timeout(Duration::MAX).idle_timeout(Duration::MAX).limits();
        assert!(std::time::UNIX_EPOCH.checked_add(limits.connect + limits.idle_timeout).is_some());
        assert!(!Settings::new().connect_timeout(Duration::ZERO).limits().connect.is_zero());
    }
}
