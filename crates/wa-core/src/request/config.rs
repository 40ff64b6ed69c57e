use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use http::{
    HeaderMap, HeaderValue, Method, Request, Uri,
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT},
    uri::{Authority, PathAndQuery, Scheme},
};
use percent_encoding::utf8_percent_encode;
use wa_types::{AccessToken, ApiVersion};
use zeroize::Zeroizing;

use crate::{Body, BuildError, Endpoint, Error, Operation, Query, Route, request::route::SEGMENT};

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
    headers: Arc<Headers>,
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
        self.scheme = scheme;
        self.authority = authority;
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

    /// The timeout of this call.
    pub fn timeout_for<E: Endpoint + ?Sized>(&self, endpoint: &E) -> Duration {
        endpoint.timeout().unwrap_or(self.timeout)
    }

    /// Builds the request of a call; [`parse`](crate::parse) with the same endpoint reads its answer.
    ///
    /// It has all headers but `host`. Whoever sends it must not follow redirects, must not repeat it, and should fail after
    /// [`timeout_for`](Self::timeout_for).
    ///
    /// # Errors
    ///
    /// The call cannot work as it stands: the error says what to do instead.
    pub fn request<E: Endpoint + ?Sized>(&self, endpoint: &E) -> Result<Request<Body>, Error> {
        let build = || {
            endpoint.check(self.version)?;
            let mut query = Query::default();
            endpoint.query(&mut query);
            self.assemble(E::METHOD, endpoint.route(), &query, endpoint.body()?)
        };
        build().map_err(|reason| Error::Build { operation: Operation::new::<E>(), reason })
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn host(&self) -> &str {
        self.authority.host()
    }

    /// The path of an address behind base and version.
    pub(crate) fn relative_path<'a>(&self, uri: &'a Uri) -> &'a str {
        uri.path().strip_prefix(&*self.prefix).unwrap_or_default().trim_start_matches('/')
    }

    fn assemble(
        &self,
        method: Method,
        route: Route<'_>,
        query: &Query,
        body: Body,
    ) -> Result<Request<Body>, BuildError> {
        let mut uri = Uri::default().into_parts();
        uri.scheme = Some(self.scheme.clone());
        uri.authority = Some(self.authority.clone());
        uri.path_and_query = Some(self.path(route, query)?);

        let mut request = Request::new(body);
        *request.uri_mut() = Uri::from_parts(uri).map_err(|_| BuildError::new("the address cannot be written"))?;
        *request.headers_mut() = self.headers.of(&method, request.body()).clone();
        if !request.body().is_empty() {
            // By way of a string: it costs one allocation, `HeaderValue::from` costs two.
            let length = request.body().as_ref().len().to_string();
            let length =
                HeaderValue::try_from(length).map_err(|_| BuildError::new("the body's length cannot be written"))?;
            request.headers_mut().insert(CONTENT_LENGTH, length);
        }
        *request.method_mut() = method;
        Ok(request)
    }

    fn path(&self, route: Route<'_>, query: &Query) -> Result<PathAndQuery, BuildError> {
        let mut length = self.prefix.len();
        for segment in route.segments() {
            if matches!(segment, "" | "." | "..") {
                return Err(BuildError::new(format!(
                    "{segment:?} cannot be part of an address: an id is missing or wrong"
                )));
            }
            length += 1 + utf8_percent_encode(segment, SEGMENT).map(str::len).sum::<usize>();
        }
        let query = query.as_str();
        if !query.is_empty() {
            length += 1 + query.len();
        }

        let mut path = String::with_capacity(length);
        path.push_str(&self.prefix);
        for segment in route.segments() {
            path.push('/');
            path.extend(utf8_percent_encode(segment, SEGMENT));
        }
        if !query.is_empty() {
            path.push('?');
            path.push_str(query);
        }
        PathAndQuery::try_from(path).map_err(|_| BuildError::new("the address is too long"))
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

/// The headers of the three kinds of requests, made once.
struct Headers {
    bare: HeaderMap,
    json: HeaderMap,
    empty: HeaderMap,
}

impl Headers {
    fn new(token: &AccessToken) -> Self {
        let bearer = Zeroizing::new(format!("Bearer {}", token.expose()));
        // A token is visible ASCII from its construction on, which is what a header may hold.
        let mut bearer = HeaderValue::from_str(&bearer).unwrap_or(HeaderValue::from_static("Bearer"));
        bearer.set_sensitive(true);

        let mut bare = HeaderMap::with_capacity(6);
        bare.insert(AUTHORIZATION, bearer);
        bare.insert(ACCEPT, HeaderValue::from_static("application/json"));
        bare.insert(USER_AGENT, HeaderValue::from_static(concat!("wa/", env!("CARGO_PKG_VERSION"))));
        let mut json = bare.clone();
        json.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // No transport unpacks anything: without this header some stacks would ask for gzip.
        for headers in [&mut bare, &mut json] {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        let mut empty = bare.clone();
        for headers in [&mut json, &mut empty] {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        Self { bare, json, empty }
    }

    /// The headers of a request, but for the length of its body: the zero in `json` keeps its place.
    ///
    /// A POST without a body must say so: `deregister` answers 411 otherwise.
    fn of(&self, method: &Method, body: &Body) -> &HeaderMap {
        match (body.is_empty(), method) {
            (false, _) => &self.json,
            (true, &Method::POST) => &self.empty,
            (true, _) => &self.bare,
        }
    }
}

fn prefix(base_path: &str, version: ApiVersion) -> Arc<str> {
    format!("{base_path}/{version}").into()
}

const HOST: &str = "graph.facebook.com";
const TIMEOUT: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
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
    fn an_id_that_would_change_the_path_is_refused() {
        for id in ["", ".", ".."] {
            assert!(testing::config().request(&Probe::at(id)).is_err(), "{id:?}");
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
