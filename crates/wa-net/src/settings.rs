use std::{net::SocketAddr, time::Duration};

use rustls::ClientConfig;
use wa_core::TransportError;

use crate::{
    Crypto, Overrides, Proxies, Roots,
    proxy::Proxy,
    tls::{Pem, Tls},
};

/// Settings of a transport: the same for both.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    tls: Tls,
    proxy: Proxy,
    overrides: Overrides,
    limits: Limits,
}

impl Settings {
    /// The standard settings: TLS by `ring` and the platform's authorities, a proxy if the environment names one.
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

    /// Sets how long a connection may take to come about, TLS included: 10 seconds unless set. A call's timeout ends
    /// it too.
    pub fn connect_timeout(mut self, longest: Duration) -> Self {
        self.limits.connect = longest.clamp(SHORTEST, LONGEST);
        self
    }

    /// Sets how long an unused connection is kept: 15 seconds unless set, which is less than servers do. Then it is
    /// closed, whether or not there is another call.
    pub fn idle_timeout(mut self, longest: Duration) -> Self {
        self.limits.idle_timeout = longest.min(LONGEST);
        self
    }

    /// Sets how many unused connections are kept: 256 unless set. Where there are more, the longest unused are closed.
    pub fn max_idle(mut self, connections: usize) -> Self {
        self.limits.max_idle = connections;
        self
    }

    /// Sets how many unused connections to one host are kept: 128 unless set.
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.limits.max_idle_per_host = connections;
        self
    }

    /// Sets how many bytes an answer's body may have: 1 MiB unless set.
    pub fn largest_body(mut self, bytes: usize) -> Self {
        self.limits.body = bytes;
        self
    }

    /// Sets the library that does the cryptography: `ring` unless set.
    pub fn crypto(mut self, crypto: Crypto) -> Self {
        self.tls.crypto = crypto;
        self
    }

    /// Sets the authorities that are trusted: the platform's unless set.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.tls.roots = roots;
        self
    }

    /// Trusts this authority too. Alone, with [`Roots::Own`].
    pub fn authority(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.authorities.push(Pem(pem.into()));
        self
    }

    /// Shows this certificate to servers that ask for one. The PEM holds the private key too.
    pub fn identity(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.identity = Some(Pem(pem.into()));
        self
    }

    /// Sends everything but calls to this machine through a proxy, by CONNECT, such as
    /// `http://user:password@127.0.0.1:3128`. Special characters in the password are percent-encoded.
    ///
    /// Unless set, the environment decides when the transport is made: the first of `HTTPS_PROXY`, `https_proxy`,
    /// `ALL_PROXY` and `all_proxy` that is not empty names the proxy, and `NO_PROXY` or `no_proxy` the hosts that are
    /// called directly.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.proxy = Proxy::Address(address.into());
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
        self
    }

    /// Connects to these addresses when this host is called, instead of asking the system's resolver. The certificate is
    /// still checked for the host.
    pub fn resolve(mut self, host: impl Into<String>, addresses: impl IntoIterator<Item = SocketAddr>) -> Self {
        self.overrides.set(host.into(), addresses.into_iter().collect());
        self
    }

    /// The set-up of TLS: for the transports.
    ///
    /// # Errors
    ///
    /// A certificate or key cannot be used, or the platform has no authorities.
    #[doc(hidden)]
    pub fn tls(&self) -> Result<ClientConfig, TransportError> {
        self.tls.config()
    }

    /// Which calls go through a proxy: for the transports. Reads the environment, unless the settings name a proxy.
    ///
    /// # Errors
    ///
    /// The address of the proxy cannot be used.
    #[doc(hidden)]
    pub fn proxies(&self) -> Result<Proxies, TransportError> {
        Proxies::new(&self.proxy)
    }

    /// The addresses that are set for hosts: for the transports.
    #[doc(hidden)]
    #[must_use]
    pub fn overrides(&self) -> &Overrides {
        &self.overrides
    }

    /// The limits: for the transports.
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

/// What a connection and an answer may take.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// How long a connection may take to come about.
    pub connect: Duration,
    /// How long an unused connection is kept.
    pub idle_timeout: Duration,
    /// How many unused connections are kept.
    pub max_idle: usize,
    /// How many unused connections to one host are kept.
    pub max_idle_per_host: usize,
    /// How many bytes an answer's body may have.
    pub body: usize,
}

const CONNECT: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_secs(15);
const MAX_IDLE: usize = 256;
const MAX_IDLE_PER_HOST: usize = 128;
const LARGEST_BODY: usize = 1 << 20;
/// Within all clocks, and longer than anybody waits.
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
    fn any_duration_is_within_all_clocks() {
        let limits = Settings::new().connect_timeout(Duration::MAX).idle_timeout(Duration::MAX).limits();
        assert!(std::time::UNIX_EPOCH.checked_add(limits.connect + limits.idle_timeout).is_some());
        assert!(!Settings::new().connect_timeout(Duration::ZERO).limits().connect.is_zero());
    }
}
