use std::{fmt, time::Duration};

use rustls::ClientConfig;
use wa_core::TransportError;

use crate::{
    Crypto, Roots,
    tls::{Pem, Tls},
};

/// Settings of a transport: the same for both.
#[derive(Clone, Debug)]
#[must_use]
pub struct Settings {
    tls: Tls,
    proxy: Proxy,
    limits: Limits,
}

impl Settings {
    /// The standard settings: TLS by `ring` and the platform's authorities, a proxy if the environment names one.
    pub fn new() -> Self {
        let limits = Limits { connect: CONNECT, idle: IDLE, body: LARGEST_BODY };
        Self { tls: Tls::default(), proxy: Proxy::Environment, limits }
    }

    /// Sets how long a connection may take to come about, TLS included: 10 seconds unless set. A call's timeout ends
    /// it too.
    pub fn connect_timeout(mut self, longest: Duration) -> Self {
        self.limits.connect = longest.clamp(SHORTEST, LONGEST);
        self
    }

    /// Sets how long an unused connection is kept: 15 seconds unless set, which is less than servers do.
    pub fn idle(mut self, longest: Duration) -> Self {
        self.limits.idle = longest.min(LONGEST);
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
    /// `http://user:password@127.0.0.1:3128`. Unless set, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` decide.
    pub fn proxy(mut self, address: impl Into<String>) -> Self {
        self.proxy = Proxy::Address(address.into());
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = Proxy::None;
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

    /// Which proxy is asked for: for the transports.
    #[doc(hidden)]
    #[must_use]
    pub fn chosen_proxy(&self) -> &Proxy {
        &self.proxy
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
    pub idle: Duration,
    /// How many bytes an answer's body may have.
    pub body: usize,
}

/// Which proxy is asked for.
#[derive(Clone)]
#[non_exhaustive]
pub enum Proxy {
    /// The one that the environment names, if any.
    Environment,
    /// The one at this address.
    Address(String),
    /// None.
    None,
}

impl fmt::Debug for Proxy {
    /// The address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::Address(_) => "Address(..)",
            Self::None => "None",
        })
    }
}

const CONNECT: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_secs(15);
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
        let limits = Settings::new().connect_timeout(Duration::MAX).idle(Duration::MAX).limits();
        assert!(std::time::UNIX_EPOCH.checked_add(limits.connect + limits.idle).is_some());
        assert!(!Settings::new().connect_timeout(Duration::ZERO).limits().connect.is_zero());
    }
}
