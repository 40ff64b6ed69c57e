use std::net::IpAddr;

use http::{
    Uri,
    uri::{Authority, Scheme},
};
use wa_core::{TransportError, TransportErrorKind, is_loopback};

/// The scheme, host and port that a request goes to. A connection is used for one origin only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    authority: Authority,
    port: u16,
    is_secure: bool,
}

impl Origin {
    /// Reads the origin from the address of a request.
    ///
    /// # Errors
    ///
    /// The address has no scheme or no host, or the token would be sent in the clear.
    pub fn from_uri(uri: &Uri) -> Result<Self, TransportError> {
        let refuse = |reason: &str| Err(TransportError::with_source(TransportErrorKind::Connect, reason));
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return refuse("the request's address has no scheme or no host");
        };
        let (is_secure, default_port) = (*scheme == Scheme::HTTPS, if *scheme == Scheme::HTTPS { 443 } else { 80 });
        let origin =
            Self { authority: authority.clone(), port: authority.port_u16().unwrap_or(default_port), is_secure };
        let is_allowed = is_secure || (*scheme == Scheme::HTTP && origin.is_this_machine());
        if !is_allowed {
            return refuse("plain http is for this machine only");
        }
        Ok(origin)
    }

    /// The host without the brackets of an IPv6 address.
    #[must_use]
    pub fn host(&self) -> &str {
        self.authority.host().trim_start_matches('[').trim_end_matches(']')
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether the connection is made over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// The host and port in the form that CONNECT takes.
    #[must_use]
    pub fn target(&self) -> String {
        format!("{}:{}", self.authority.host(), self.port)
    }

    /// Whether the host is this machine: see [`is_loopback`].
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        is_loopback(self.authority.host())
    }

    /// Whether a connection to this address is allowed: plain `http` must not leave this machine, wherever a name leads.
    #[must_use]
    pub fn allows(&self, address: IpAddr) -> bool {
        self.is_secure || address.is_loopback()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(address: &'static str) -> Result<Origin, TransportError> {
        Origin::from_uri(&Uri::from_static(address))
    }

    #[test]
    fn plain_http_is_allowed_to_loopback_addresses_only() {
        let (here, there) = ([127, 0, 0, 1].into(), [198, 51, 100, 1].into());
        for address in ["http://localhost:1/", "http://127.0.0.1/", "http://[::1]/"] {
            let origin = origin(address).unwrap();
            assert!(origin.allows(here) && !origin.allows(there), "{address}");
        }
        for address in ["http://graph.facebook.com/", "http://127.0.0.1.example.com/", "/register"] {
            assert!(origin(address).is_err(), "{address}");
        }
    }

    #[test]
    fn https_is_allowed_to_any_address() {
        let origin = origin("https://graph.facebook.com/v23.0/1").unwrap();
        assert!(origin.is_secure() && origin.allows([198, 51, 100, 1].into()));
        assert_eq!(
            (origin.host(), origin.port(), origin.target().as_str()),
            ("graph.facebook.com", 443, "graph.facebook.com:443")
        );
    }
}
