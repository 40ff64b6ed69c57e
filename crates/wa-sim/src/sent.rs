use http::{
    HeaderMap, Method, Request, Uri,
    header::{CONTENT_TYPE, HOST},
};

/// A request as it came in.
#[derive(Clone, Copy)]
pub(crate) struct Sent<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

impl<'a> Sent<'a> {
    pub(crate) fn new<B: AsRef<[u8]>>(request: &'a Request<B>) -> Self {
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        Self { method, uri, headers, body: request.body().as_ref() }
    }

    pub(crate) fn content_type(&self) -> &'a str {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// Where the caller has reached the service.
    pub(crate) fn base(&self) -> String {
        let host = || self.headers.get(HOST).and_then(|value| value.to_str().ok());
        let authority = self.uri.authority().map(|authority| authority.as_str()).or_else(host);
        let scheme = self.uri.scheme_str().unwrap_or("http");
        format!("{scheme}://{}", authority.unwrap_or("graph.facebook.com"))
    }
}
