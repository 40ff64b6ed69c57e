use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use http::{HeaderMap, HeaderValue, Request, Response, Uri, header::HOST};
use tokio::time::{Instant, timeout_at};
use wa_core::{AsyncTransport, Body, CallLimits, TransportError, TransportErrorKind as Kind, TryDefault};
use wa_net::{Limits, Origin, Overrides, Proxies, Settings};

use crate::{
    body::Outgoing,
    connection::{Connection, Failure},
    pool::Pool,
    runtime,
};

/// Sends requests over hyper, by HTTP/1.1. Clones share their connections.
#[derive(Clone)]
pub struct HyperTransport(Arc<Shared>);

struct Shared {
    tls: Arc<rustls::ClientConfig>,
    proxies: Proxies,
    overrides: Overrides,
    limits: Limits,
    pool: Pool,
}

impl HyperTransport {
    /// Makes a transport with these settings.
    ///
    /// # Errors
    ///
    /// A certificate or key cannot be used, the platform has no authorities, or the address of the proxy, which may
    /// come from the environment, cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, TransportError> {
        let limits = settings.limits();
        Ok(Self(Arc::new(Shared {
            tls: Arc::new(settings.tls()?),
            proxies: settings.proxies()?,
            overrides: settings.overrides().clone(),
            limits,
            pool: Pool::new(limits),
        })))
    }

    async fn exchange(
        &self,
        mut request: Request<Outgoing>,
        origin: Origin,
        deadline: Instant,
        largest: Option<usize>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let Shared { tls, proxies, overrides, limits, pool } = &*self.0;
        loop {
            let kept = pool.take(&origin);
            let is_new = kept.is_none();
            let mut connection = match kept {
                Some(connection) => connection,
                None => {
                    let until = deadline.min(Instant::now() + limits.connect);
                    Connection::open(&origin, proxies.tunnel(&origin), overrides, tls, until).await?
                }
            };
            match timeout_at(deadline, connection.send(request, deadline, largest.unwrap_or(limits.body))).await {
                Ok(Ok(response)) => {
                    pool.put(origin, connection);
                    return Ok(response);
                }
                // This does not repeat the request: no byte of it was written.
                Ok(Err(Failure::Unused(unsent))) if !is_new => request = unsent,
                Ok(Err(failure)) => {
                    let error = match failure {
                        Failure::Unused(_) => TransportError::new(Kind::Closed),
                        Failure::Sent(error) => error,
                    };
                    // The socket fails by itself at the deadline.
                    let is_late = error.kind() == Kind::Closed && deadline <= Instant::now();
                    return Err(if is_late { TransportError::with_source(Kind::Timeout, error) } else { error });
                }
                Err(elapsed) => return Err(TransportError::with_source(Kind::Timeout, elapsed)),
            }
        }
    }
}

#[async_trait]
impl AsyncTransport for HyperTransport {
    async fn send(&self, request: Request<Body>, call: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        if call.timeout.is_zero() {
            return Err(TransportError::new(Kind::Timeout));
        }
        let (request, uri) = prepare(request);
        let origin = Origin::from_uri(&uri)?;
        // A deadline that the clock cannot represent is replaced by one in 34 years.
        let work = async {
            let deadline = Instant::now();
            let deadline = deadline.checked_add(call.timeout).unwrap_or(deadline + Duration::from_secs(1 << 30));
            self.exchange(request, origin, deadline, call.answer).await
        };
        runtime::run(work).await
    }
}

impl TryDefault for HyperTransport {
    fn try_default() -> Result<Self, TransportError> {
        Self::new(&Settings::new())
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

/// Adds the header `host` as the first one, and reduces the request line to the path, as HTTP/1.1 requires.
fn prepare(request: Request<Body>) -> (Request<Outgoing>, Uri) {
    let (mut parts, body) = request.into_parts();
    let mut headers = HeaderMap::with_capacity(parts.headers.len() + 1);
    if let Some(host) = host(&parts.uri) {
        headers.insert(HOST, host);
    }
    headers.extend(parts.headers);
    parts.headers = headers;
    let path = parts.uri.path_and_query().cloned().map_or_else(Uri::default, Uri::from);
    let uri = std::mem::replace(&mut parts.uri, path);
    (Request::from_parts(parts, Outgoing::from(body)), uri)
}

fn host(uri: &Uri) -> Option<HeaderValue> {
    let default = if uri.scheme_str() == Some("https") { 443 } else { 80 };
    let host = uri.host()?;
    match uri.port_u16().filter(|port| *port != default) {
        Some(port) => HeaderValue::try_from(format!("{host}:{port}")).ok(),
        None => HeaderValue::from_str(host).ok(),
    }
}
