use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use http::{
    Uri,
    uri::{Authority, PathAndQuery, Scheme},
};
use wa_types::{AccessToken, ApiVersion};

use super::{build::Headers, route::Host};
use crate::{BuildError, CallLimits, Endpoint};

/// What all calls have in common: the host, the version, the token.
///
/// The token goes to this host only, in a header that is marked sensitive. A clone is cheap: it shares the headers.
#[derive(Clone)]
pub struct Config {
    scheme: Scheme,
    authority: Authority,
    base_path: Arc<str>,
    version: ApiVersion,
    /// The base path and the version, ready to be copied.
    prefix: Arc<str>,
    timeout: Duration,
    /// Hosts that may get the token by an address from an answer.
    allowed: Arc<[String]>,
    pub(super) headers: Arc<Headers>,
}

impl Config {
    /// Makes a configuration for Meta's own host, with the default version.
    #[must_use]
    pub fn new(token: AccessToken) -> Self {
        let version = ApiVersion::DEFAULT;
        Self {
            scheme: Scheme::HTTPS,
            authority: Authority::from_static(HOST),
            base_path: "".into(),
            version,
            prefix: prefix("", version),
            timeout: TIMEOUT,
            allowed: [MEDIA_HOST.to_owned()].into(),
            headers: Arc::new(Headers::new(&token)),
        }
    }

    /// Sets another host, such as `https://graph.example.com` or a simulator's `http://127.0.0.1:8080`.
    ///
    /// # Errors
    ///
    /// The address is not one of a host, or plain `http` would leave this machine.
    pub fn base(mut self, address: &str) -> Result<Self, BuildError> {
        let malformed = || BuildError::new(format!("this is not the address of a host: write it like https://{HOST}"));
        let uri: Uri = address.parse().map_err(|_| malformed())?;
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(malformed());
        };
        if authority.as_str().contains('@') {
            return Err(BuildError::new("the address must not hold a user name or password"));
        }
        // `http::Uri` takes more than a host is made of, such as `https://*` and a port above 65,535.
        let is_in_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        let ends_in_port = authority.as_str().rsplit(']').next().is_some_and(|end| end.contains(':'));
        if authority.host().is_empty()
            || !authority.host().chars().all(is_in_host)
            || (ends_in_port && authority.port_u16().is_none())
        {
            return Err(malformed());
        }
        if scheme != Scheme::HTTPS && !(scheme == Scheme::HTTP && is_loopback(authority.host())) {
            return Err(BuildError::new(format!(
                "{scheme}://{authority} would send the token in the clear: use https; plain http is for this machine only"
            )));
        }
        let path = parts.path_and_query.as_ref().map_or("", PathAndQuery::as_str);
        if path.contains('?') || address.contains('#') {
            return Err(BuildError::new("the address must not hold a query or a fragment"));
        }
        if path.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(BuildError::new("the address must not hold . or .. in its path"));
        }
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        if last.starts_with('v') && last.parse::<ApiVersion>().is_ok() {
            return Err(BuildError::new(format!("leave {last} out of the address: `version` sets it")));
        }
        self.base_path = path.trim_end_matches('/').into();
        self.prefix = prefix(&self.base_path, self.version);
        // The usual port says nothing: an address is compared with this one.
        let is_usual = scheme == Scheme::HTTPS && authority.port_u16() == Some(443);
        self.authority = match is_usual {
            true => authority.host().parse().map_err(|_| malformed())?,
            false => authority,
        };
        self.scheme = scheme;
        Ok(self)
    }

    /// Sets another version. Some calls are built otherwise for older ones, or refused.
    #[must_use]
    pub fn version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self.prefix = prefix(&self.base_path, version);
        self
    }

    /// The version that calls are made with.
    #[must_use]
    pub fn api_version(&self) -> ApiVersion {
        self.version
    }

    /// Sets the timeout of calls that have none of their own: 30 seconds unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Lets calls that follow an address from an answer, such as downloads, send the token to this host too, by https.
    ///
    /// The configured host and the service's documented host for media are allowed without it.
    ///
    /// # Errors
    ///
    /// This is not the name of a host.
    pub fn allow_host(mut self, host: &str) -> Result<Self, BuildError> {
        let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !host.split('.').all(is_part) {
            return Err(BuildError::new("write the name of a host only, like media.example.com"));
        }
        self.allowed = self.allowed.iter().cloned().chain([host.to_ascii_lowercase()]).collect();
        Ok(self)
    }

    /// The limits of this call.
    pub fn limits_for<E: Endpoint + ?Sized>(&self, endpoint: &E) -> CallLimits {
        let limits = CallLimits::new(endpoint.timeout(self.timeout));
        CallLimits { answer: endpoint.largest_answer(), ..limits }
    }

    /// Scheme, host and beginning of the path of calls to this host.
    pub(super) fn base_of(&self, host: Host) -> (Scheme, Authority, &str) {
        match host {
            Host::Graph => (self.scheme.clone(), self.authority.clone(), &self.prefix),
            Host::Api if self.authority == HOST => (Scheme::HTTPS, Authority::from_static(API_HOST), ""),
            Host::Api => (self.scheme.clone(), self.authority.clone(), &self.base_path),
        }
    }

    pub(super) fn is_base(&self, scheme: &Scheme, authority: &Authority) -> bool {
        *scheme == self.scheme && *authority == self.authority
    }

    pub(super) fn allows(&self, host: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(host))
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn host(&self) -> &str {
        self.authority.host()
    }

    /// The path of an address behind base and version.
    pub(crate) fn relative_path<'a>(&self, uri: &'a Uri) -> &'a str {
        uri.path().strip_prefix(&*self.prefix).unwrap_or_default().trim_start_matches('/')
    }
}

/// Whether this host, with or without the brackets of an IPv6 address, is this machine: `localhost` or a loopback address.
///
/// Plain `http` is allowed to such a host only. A transport must still check the address that `localhost` leads to.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("base", &format_args!("{}://{}{}", self.scheme, self.authority, self.base_path))
            .field("version", &self.version)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn prefix(base_path: &str, version: ApiVersion) -> Arc<str> {
    format!("{base_path}/{version}").into()
}

const HOST: &str = "graph.facebook.com";
const API_HOST: &str = "api.facebook.com";
/// Meta, "Media": the host of the addresses that media are downloaded from.
const MEDIA_HOST: &str = "lookaside.fbsbx.com";
const TIMEOUT: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use http::header::AUTHORIZATION;

    use super::*;
    use crate::testing::{self, Probe};

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for address in ["https://graph.example.com", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:9/"] {
            assert!(testing::config().base(address).is_ok(), "{address}");
        }
        for address in [
            "http://graph.facebook.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "ftp://127.0.0.1",
            "https://user:password@graph.facebook.com",
            "http://127.0.0.1@example.com",
            "https://graph.facebook.com/?x=1",
            "https://graph.facebook.com/#x",
            "https://graph.facebook.com/../x",
            "https://*",
            "https://:80",
            "https://graph.facebook.com:99999",
            "graph.facebook.com",
            "/v23.0",
            "",
        ] {
            assert!(testing::config().base(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_base_has_no_version() {
        for address in ["https://graph.facebook.com/v23.0", "http://127.0.0.1:4010/api/v23.0/"] {
            let error = testing::config().base(address).map(drop).unwrap_err();
            assert_eq!(error.to_string(), "leave v23.0 out of the address: `version` sets it");
        }
    }

    #[test]
    fn a_base_may_have_a_path() {
        let config = testing::config().base("http://127.0.0.1:8080/graph/").unwrap().version(ApiVersion::new(20, 0));
        let request = config.request(&Probe::at("1")).unwrap();
        assert_eq!(request.uri(), "http://127.0.0.1:8080/graph/v20.0/1/probe");
    }

    #[test]
    fn an_allowed_host_is_a_name_only() {
        assert!(testing::config().allow_host("scontent.xx.fbcdn.net").is_ok());
        for host in ["", ".", "a..b", "https://a.b", "a.b:443", "a.b/", "*.fbcdn.net", "user@a.b"] {
            assert!(testing::config().allow_host(host).is_err(), "{host}");
        }
    }

    #[test]
    fn the_token_is_sensitive_and_not_shown() {
        let config = testing::config();
        let request = config.request(&Probe::at("1")).unwrap();
        assert!(request.headers()[AUTHORIZATION].is_sensitive());
        for shown in [format!("{config:?}"), format!("{request:?}")] {
            assert!(!shown.contains(testing::TOKEN), "{shown}");
        }
    }
}
