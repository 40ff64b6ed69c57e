use std::net::IpAddr;

use http::{
    Uri,
    uri::{Authority, Scheme},
};
use wa_core::{TransportError, TransportErrorKind, is_loopback};

/// Whom a request goes to: connections are kept for one of them each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    authority: Authority,
    port: u16,
    is_secure: bool,
}

impl Origin {
    /// Whom a request to this address goes to.
    ///
    /// # Errors
    ///
    /// It would send the token in the clear, or it is no complete address.
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

    /// What a proxy is asked to connect to.
    #[must_use]
    pub fn target(&self) -> String {
        format!("{}:{}", self.authority.host(), self.port)
    }

    /// Whether it never leaves this machine.
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        is_loopback(self.authority.host())
    }

    /// Whether a connection may go to this address.
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
    fn plain_http_stays_on_this_machine_wherever_a_name_leads() {
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
    fn a_secure_origin_may_be_anywhere() {
        let origin = origin("https://graph.facebook.com/v23.0/1").unwrap();
        assert!(origin.is_secure() && origin.allows([198, 51, 100, 1].into()));
        assert_eq!(
            (origin.host(), origin.port(), origin.target().as_str()),
            ("graph.facebook.com", 443, "graph.facebook.com:443")
        );
    }
}
