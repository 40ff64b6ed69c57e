use std::{
    fmt,
    io::{ErrorKind, Read},
    sync::Arc,
};

use http::{Request, Response};
use ureq::{Agent, BodyReader, SendBody, config::AutoHeaderValue};
use wa_core::{Body, CallLimits, Transport, TransportError, TransportErrorKind as Kind, TryDefault};
use wa_net::{Origin, Settings};

use crate::{
    connection::{FOREVER, NoResolver, Open},
    pool::Pool,
};

/// Sends requests over ureq, by HTTP/1.1. Clones share their connections.
#[derive(Clone)]
pub struct UreqTransport {
    agent: Agent,
    largest_body: usize,
}

impl UreqTransport {
    /// Makes a transport with these settings.
    ///
    /// # Errors
    ///
    /// A certificate or key cannot be used, the platform has no authorities, or the address of the proxy, which may
    /// come from the environment, cannot be used.
    pub fn new(settings: &Settings) -> Result<Self, TransportError> {
        let limits = settings.limits();
        let open = Open {
            tls: Arc::new(settings.tls()?),
            proxies: settings.proxies()?,
            overrides: settings.overrides().clone(),
            pool: Pool::new(limits),
        };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent(AutoHeaderValue::None)
            .accept(AutoHeaderValue::None)
            .accept_encoding(AutoHeaderValue::None)
            .timeout_connect(Some(limits.connect))
            // `Open` has its own pool.
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .max_response_header_size(LARGEST_HEAD)
            .input_buffer_size(LARGEST_HEAD)
            .output_buffer_size(LARGEST_HEAD)
            .allow_non_standard_methods(true)
            .build();
        Ok(Self { agent: Agent::with_parts(config, open, NoResolver), largest_body: limits.body })
    }

    fn exchange<B: ureq::AsSendBody>(
        &self,
        request: Request<B>,
        limits: CallLimits,
    ) -> Result<Response<Vec<u8>>, ureq::Error> {
        let timeout = limits.timeout.min(FOREVER);
        let request = self.agent.configure_request(request).timeout_global(Some(timeout)).build();
        let (parts, body) = self.agent.run(request)?.into_parts();
        let announced = body.content_length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
        let bytes = read(body.into_reader(), announced, limits.answer.unwrap_or(self.largest_body))?;
        Ok(Response::from_parts(parts, bytes))
    }
}

impl Transport for UreqTransport {
    fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        if limits.timeout.is_zero() {
            return Err(TransportError::new(Kind::Timeout));
        }
        Origin::from_uri(request.uri())?;
        let (parts, body) = request.into_parts();
        let mut chunks = body.chunks();
        let answer = match (chunks.next(), chunks.next()) {
            (None, _) => self.exchange(Request::from_parts(parts, ()), limits),
            (Some(only), None) => self.exchange(Request::from_parts(parts, only), limits),
            (Some(first), Some(second)) => {
                let mut all = first.chain(second).chain(chunks.next().unwrap_or_default());
                self.exchange(Request::from_parts(parts, SendBody::from_reader(&mut all)), limits)
            }
        };
        answer.map_err(failure)
    }
}

impl TryDefault for UreqTransport {
    fn try_default() -> Result<Self, TransportError> {
        Self::new(&Settings::new())
    }
}

impl fmt::Debug for UreqTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UreqTransport").field("largest_body", &self.largest_body).finish_non_exhaustive()
    }
}

fn read(mut body: BodyReader<'_>, announced: usize, largest: usize) -> Result<Vec<u8>, ureq::Error> {
    let too_large = || ureq::Error::Other(TransportError::new(Kind::TooLarge).into());
    if announced > largest {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(announced.min(LARGEST_HEAD));
    (&mut body).take(largest as u64).read_to_end(&mut bytes)?;
    // Reading up to the end of the body also returns the connection to the pool.
    match body.read(&mut [0])? {
        0 => Ok(bytes),
        _ => Err(too_large()),
    }
}

/// Distinguishes the same kinds as the other transport.
fn failure(error: ureq::Error) -> TransportError {
    use ureq::Error;
    let kind = match error {
        Error::Other(cause) => match cause.downcast::<TransportError>() {
            Ok(known) => return *known,
            Err(cause) => return TransportError::with_source(Kind::Other, cause),
        },
        Error::Timeout(_) => Kind::Timeout,
        Error::LargeResponseHeader(..) => Kind::TooLarge,
        Error::Protocol(ref reason) if reason.to_string() == TOO_MANY_HEADERS => Kind::TooLarge,
        Error::Protocol(_) | Error::BodyStalled => Kind::Protocol,
        Error::Io(ref error) => match error.kind() {
            ErrorKind::TimedOut => Kind::Timeout,
            _ => Kind::Closed,
        },
        _ => Kind::Other,
    };
    TransportError::with_source(kind, error)
}

/// The text of an error whose type ureq does not re-export. If it changes, the fault "129 headers" of the conformance tests
/// fails.
const TOO_MANY_HEADERS: &str = "http parse resulted in too many headers";
/// The same limit as in the other transport.
const LARGEST_HEAD: usize = 64 << 10;
