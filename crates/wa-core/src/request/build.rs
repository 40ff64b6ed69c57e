//! Puts the request of a call together.

use http::{
    HeaderMap, HeaderValue, Method, Request, Uri,
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT},
    uri::{PathAndQuery, Scheme},
};
use percent_encoding::utf8_percent_encode;
use wa_types::AccessToken;
use zeroize::Zeroizing;

use super::{body::ContentType, config::Config, route::PATH};
use crate::{Authorization, Body, BuildError, Endpoint, Error, Operation, Query, Route};

impl Config {
    /// Builds the request of a call; [`parse`](crate::parse) with the same endpoint reads its answer.
    ///
    /// It has all headers but `host`. Whoever sends it must not follow redirects, must not repeat it, and should keep to
    /// [`limits_for`](Self::limits_for).
    ///
    /// # Errors
    ///
    /// The call cannot work as it stands: the error says what to do instead.
    pub fn request<E: Endpoint + ?Sized>(&self, endpoint: &E) -> Result<Request<Body>, Error> {
        let build = || {
            endpoint.check(self.api_version())?;
            let mut query = Query::default();
            endpoint.query(&mut query);
            let uri = self.uri(&endpoint.route(), &query)?;
            let mut request = self.assemble(E::METHOD, uri, endpoint.body()?)?;
            let mut extra = HeaderMap::new();
            endpoint.headers(&mut extra)?;
            add(request.headers_mut(), extra)?;
            self.authorize(request.headers_mut(), E::AUTHORIZATION)?;
            Ok(request)
        };
        build().map_err(|reason| Error::Build { operation: Operation::new::<E>(), reason })
    }

    fn assemble(&self, method: Method, uri: Uri, body: Body) -> Result<Request<Body>, BuildError> {
        let mut headers = self.headers.of(&method, &body).clone();
        if let ContentType::Other(content_type) = body.content_type() {
            headers.insert(CONTENT_TYPE, content_type.clone());
        }
        if !body.is_empty() {
            // By way of a string: it costs one allocation, `HeaderValue::from` costs two.
            let length = HeaderValue::try_from(body.len().to_string());
            headers.insert(CONTENT_LENGTH, length.map_err(|_| BuildError::new("the body's length cannot be written"))?);
        }
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(request)
    }

    fn authorize(&self, headers: &mut HeaderMap, authorization: Authorization) -> Result<(), BuildError> {
        match authorization {
            Authorization::Bearer => {}
            Authorization::OAuth => {
                let bearer = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
                let token = bearer.strip_prefix(b"Bearer ").unwrap_or_default();
                let written = Zeroizing::new([b"OAuth ", token].concat());
                let mut value = HeaderValue::from_bytes(&written)
                    .map_err(|_| BuildError::new("the token cannot stand in a header"))?;
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
            }
            Authorization::None => {
                headers.remove(AUTHORIZATION);
            }
        }
        Ok(())
    }

    fn uri(&self, route: &Route<'_>, query: &Query) -> Result<Uri, BuildError> {
        if let Some(address) = route.as_address() {
            return self.checked(address);
        }
        let (scheme, authority, prefix) = self.base_of(route.host());
        let mut uri = Uri::default().into_parts();
        uri.path_and_query = Some(path(prefix, route, query)?);
        uri.scheme = Some(scheme);
        uri.authority = Some(authority);
        Uri::from_parts(uri).map_err(|_| BuildError::new("the address cannot be written"))
    }

    /// An address that came in an answer: the token must not follow it just anywhere. It is not repeated in errors, since it
    /// may hold a signature.
    fn checked(&self, address: &str) -> Result<Uri, BuildError> {
        let uri: Uri = address.parse().map_err(|_| BuildError::new("the service's address cannot be read"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(BuildError::new("the service's address names no host"));
        };
        if authority.as_str().contains('@') {
            return Err(BuildError::new("the service's address holds a user name"));
        }
        let is_usual_port = authority.port().is_none() || authority.port_u16() == Some(443);
        let is_allowed = *scheme == Scheme::HTTPS && is_usual_port && self.allows(authority.host());
        if is_allowed || self.is_base(scheme, authority) {
            return Ok(uri);
        }
        Err(BuildError::new(format!(
            "the service's address leads to {scheme}://{authority}, which must not get the token: \
             `Config::allow_host` allows a host, by https"
        )))
    }
}

fn path(prefix: &str, route: &Route<'_>, query: &Query) -> Result<PathAndQuery, BuildError> {
    let mut length = prefix.len();
    for segment in route.segments() {
        if matches!(segment, "" | "." | "..") {
            return Err(BuildError::new(format!(
                "{segment:?} cannot be part of an address: an id is missing or wrong"
            )));
        }
        length += 1 + utf8_percent_encode(segment, PATH).map(str::len).sum::<usize>();
    }
    let query = query.as_str();
    if !query.is_empty() {
        length += 1 + query.len();
    }

    let mut path = String::with_capacity(length);
    path.push_str(prefix);
    for segment in route.segments() {
        path.push('/');
        path.extend(utf8_percent_encode(segment, PATH));
    }
    if !query.is_empty() {
        path.push('?');
        path.push_str(query);
    }
    PathAndQuery::try_from(path).map_err(|_| BuildError::new("the address is too long"))
}

/// An endpoint may say what it accepts and add headers of its own; the others are not its to set.
fn add(headers: &mut HeaderMap, extra: HeaderMap) -> Result<(), BuildError> {
    for (name, value) in extra {
        let Some(name) = name else {
            return Err(BuildError::new("an endpoint gives each header once"));
        };
        if name != ACCEPT && (headers.contains_key(&name) || matches!(name.as_str(), "host" | "transfer-encoding")) {
            return Err(BuildError::new(format!("the header {name} is not the endpoint's to set")));
        }
        headers.insert(name, value);
    }
    Ok(())
}

/// The headers of the three kinds of requests, made once.
pub(super) struct Headers {
    bare: HeaderMap,
    content: HeaderMap,
    empty: HeaderMap,
}

impl Headers {
    pub(super) fn new(token: &AccessToken) -> Self {
        let bearer = Zeroizing::new(format!("Bearer {}", token.expose()));
        // A token is visible ASCII from its construction on, which is what a header may hold.
        let mut bearer = HeaderValue::from_str(&bearer).unwrap_or(HeaderValue::from_static("Bearer"));
        bearer.set_sensitive(true);

        let mut bare = HeaderMap::with_capacity(6);
        bare.insert(AUTHORIZATION, bearer);
        bare.insert(ACCEPT, HeaderValue::from_static("application/json"));
        bare.insert(USER_AGENT, HeaderValue::from_static(concat!("wa/", env!("CARGO_PKG_VERSION"))));
        let mut content = bare.clone();
        content.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // No transport unpacks anything: without this header some stacks would ask for gzip.
        for headers in [&mut bare, &mut content] {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        let mut empty = bare.clone();
        for headers in [&mut content, &mut empty] {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        Self { bare, content, empty }
    }

    /// The headers of a request, but for the type and the length of its body: what stands in `content` keeps their places.
    ///
    /// A POST without a body must say so: `deregister` answers 411 otherwise.
    fn of(&self, method: &Method, body: &Body) -> &HeaderMap {
        match (body.is_empty(), method) {
            (false, _) => &self.content,
            (true, &Method::POST) => &self.empty,
            (true, _) => &self.bare,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Endpoint, File, FileBytes, Host, Success,
        testing::{self, Probe},
    };

    /// An endpoint with everything that the others have not.
    struct Odd<'a> {
        route: Route<'a>,
        body: Body,
        header: (&'static str, &'static str),
    }

    impl<'a> Odd<'a> {
        fn new(route: Route<'a>) -> Self {
            Self { route, body: Body::empty(), header: ("file_offset", "0") }
        }
    }

    impl Endpoint for Odd<'_> {
        const NAME: &'static str = "test.odd";
        const METHOD: Method = Method::POST;
        const AUTHORIZATION: Authorization = Authorization::OAuth;
        type Response = Success;

        fn route(&self) -> Route<'_> {
            self.route.clone()
        }

        fn headers(&self, headers: &mut HeaderMap) -> Result<(), BuildError> {
            headers.insert(self.header.0, HeaderValue::from_static(self.header.1));
            Ok(())
        }

        fn body(&self) -> Result<Body, BuildError> {
            Ok(self.body.clone())
        }
    }

    fn uri(config: &Config, route: Route<'_>) -> Result<String, String> {
        let built = config.request(&Odd::new(route)).map_err(|error| error.to_string())?;
        Ok(built.uri().to_string())
    }

    #[test]
    fn a_path_may_have_any_depth_and_each_part_stays_one_segment() {
        let route = Route::node("1").edge("a/b").item("c d").edge("é").item("?#").edge("six").item("seven");
        let expected = "https://graph.facebook.com/v23.0/1/a%2Fb/c%20d/%C3%A9/%3F%23/six/seven";
        assert_eq!(uri(&testing::config(), route).unwrap(), expected);
        assert!(uri(&testing::config(), Route::node("1").edge("2").edge("3").edge("4").edge("..")).is_err());
    }

    #[test]
    fn another_host_of_the_service_is_the_base_where_that_is_not_metas() {
        let route = || Route::node("1").edge("message_templates").edge("archive").on(Host::Api);
        assert_eq!(uri(&testing::config(), route()).unwrap(), "https://api.facebook.com/1/message_templates/archive");
        let simulator = testing::config().base("http://127.0.0.1:8080/x").unwrap();
        assert_eq!(uri(&simulator, route()).unwrap(), "http://127.0.0.1:8080/x/1/message_templates/archive");
    }

    #[test]
    fn an_address_from_an_answer_is_followed_to_known_hosts_only() {
        let address = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=AbC-_";
        assert_eq!(uri(&testing::config(), Route::address(address)).unwrap(), address);
        let simulator = testing::config().base("http://127.0.0.1:8080/x").unwrap();
        let own = "http://127.0.0.1:8080/media/1?hash=2";
        assert_eq!(uri(&simulator, Route::address(own)).unwrap(), own);
        let more = testing::config().allow_host("media.example.com").unwrap();
        assert!(uri(&more, Route::address("https://MEDIA.example.com/1")).is_ok());
        for address in [
            "https://evil.example/whatsapp_business?hash=canary",
            "http://lookaside.fbsbx.com/?hash=canary",
            "https://lookaside.fbsbx.com:8443/?hash=canary",
            "https://lookaside.fbsbx.com.evil.example/?hash=canary",
            "https://lookaside.fbsbx.com@evil.example/?hash=canary",
            "https://user:canary@lookaside.fbsbx.com/",
            "https://x.lookaside.fbsbx.com/?hash=canary",
            "http://127.0.0.1:8081/?hash=canary",
            "/whatsapp_business?hash=canary",
            "canary",
            "",
        ] {
            for config in [&testing::config(), &simulator, &more] {
                let error = uri(config, Route::address(address)).unwrap_err();
                assert!(!error.contains("canary"), "{error}");
            }
        }
    }

    #[test]
    fn an_endpoint_adds_headers_but_replaces_none() {
        let request = testing::config().request(&Odd::new(Route::node("1"))).unwrap();
        assert_eq!(request.headers()["file_offset"], "0");
        assert_eq!(request.headers()[AUTHORIZATION], format!("OAuth {}", testing::TOKEN));
        assert!(request.headers()[AUTHORIZATION].is_sensitive());
        assert_eq!(request.headers()[CONTENT_LENGTH], "0");
        for name in ["authorization", "content-length", "user-agent", "host", "transfer-encoding"] {
            let odd = Odd { header: (name, "x"), ..Odd::new(Route::node("1")) };
            assert!(testing::config().request(&odd).is_err(), "{name}");
        }
        let odd = Odd { header: ("accept", "*/*"), ..Odd::new(Route::node("1")) };
        assert_eq!(testing::config().request(&odd).unwrap().headers()[ACCEPT], "*/*");
    }

    #[test]
    fn a_body_brings_its_type_and_its_length() {
        let file = File::new("a.png", "image/png", vec![1, 2, 3]);
        for (body, content_type) in [
            (Body::json(&1).unwrap(), "application/json"),
            (Body::form([("a", "b")]), "application/x-www-form-urlencoded"),
            (Body::bytes("image/png", FileBytes::from(vec![1])).unwrap(), "image/png"),
            (Body::multipart(&[], "file", &file).unwrap(), "multipart/form-data; boundary=wa-cloud-boundary"),
        ] {
            let length = body.len().to_string();
            let request = testing::config().request(&Odd { body, ..Odd::new(Route::node("1")) }).unwrap();
            assert_eq!(request.headers()[CONTENT_TYPE], content_type);
            assert_eq!(request.headers()[CONTENT_LENGTH], length.as_str());
        }
    }

    #[test]
    fn an_id_that_would_change_the_path_is_refused() {
        for id in ["", ".", ".."] {
            assert!(testing::config().request(&Probe::at(id)).is_err(), "{id:?}");
        }
    }
}
