use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use http::{Request, Response};
use wa_core::{AsyncTransport, Body, CallLimits, Transport, TransportError, TransportErrorKind};

use crate::{Carriage, Engine, State};

/// Puts an engine under the clients of `wa-core`, without a socket. Clones share the engine.
///
/// Waiting costs no real time: the virtual clock moves on by as long as the caller would have waited.
#[derive(Clone, Debug)]
pub struct InProcess {
    engine: Arc<Mutex<Engine>>,
}

impl InProcess {
    /// A transport to a service that begins in this state.
    #[must_use]
    pub fn new(state: State) -> Self {
        Self::with_engine(Engine::new(state))
    }

    /// A transport to this service.
    #[must_use]
    pub fn with_engine(engine: Engine) -> Self {
        Self { engine: Arc::new(Mutex::new(engine)) }
    }

    /// The service behind it. Calls wait while it is held.
    pub fn engine(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the virtual clock on.
    pub fn advance(&self, length: Duration) {
        let mut engine = self.engine();
        let to = engine.now() + length;
        engine.advance(to);
    }

    fn exchange(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        let (timeout, most) = (limits.timeout, limits.answer.unwrap_or(LARGEST_BODY));
        let request = request.map(Vec::from);
        let mut engine = self.engine();
        let now = engine.now();
        let reply = engine.handle_within(&request, now, Some(timeout));
        let mut response = reply.response;
        let body = response.body_mut();
        let wait = match reply.carriage {
            Carriage::Silent => Duration::MAX,
            Carriage::Slow(delay) => reply.delay + delay.saturating_mul(u32::try_from(body.len()).unwrap_or(u32::MAX)),
            _ => reply.delay,
        };
        engine.advance(now + wait.min(timeout));
        if wait > timeout {
            return Err(TransportError::new(TransportErrorKind::Timeout));
        }
        match reply.carriage {
            Carriage::Close => Err(TransportError::new(TransportErrorKind::Closed)),
            Carriage::Reset => Err(TransportError::with_source(TransportErrorKind::Closed, "connection reset")),
            Carriage::Truncate(bytes) if bytes < body.len() => {
                Err(TransportError::with_source(TransportErrorKind::Closed, "the body broke off"))
            }
            Carriage::Garbage => Err(TransportError::new(TransportErrorKind::Protocol)),
            Carriage::Oversized(bytes) if bytes > most => Err(TransportError::new(TransportErrorKind::TooLarge)),
            Carriage::Oversized(bytes) => {
                body.resize(bytes.max(body.len()), b' ');
                Ok(response)
            }
            _ if body.len() > most => Err(TransportError::new(TransportErrorKind::TooLarge)),
            _ => Ok(response),
        }
    }
}

impl Transport for InProcess {
    fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        self.exchange(request, limits)
    }
}

#[async_trait]
impl AsyncTransport for InProcess {
    async fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        self.exchange(request, limits)
    }
}

const LARGEST_BODY: usize = 8 << 20;
