use std::{error, fmt, future::Future, sync::Arc, time::Duration};

use async_trait::async_trait;
use http::{Request, Response};

use crate::Body;

/// Sends requests and waits for their answers.
///
/// An implementation sends each request at most once, follows no redirect, returns every answer whatever its status, and
/// keeps to the limits.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait Transport {
    /// Sends a request and returns the answer to it.
    ///
    /// # Errors
    ///
    /// There is no complete answer.
    fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError>;
}

/// Sends requests without blocking; the same duties as [`Transport`].
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AsyncTransport: Send + Sync {
    /// Sends a request and returns the answer to it.
    ///
    /// # Errors
    ///
    /// There is no complete answer.
    async fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError>;
}

/// What a call allows its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallLimits {
    /// How long to wait for the complete answer.
    pub timeout: Duration,
    /// How many bytes the answer's body may have, if not as many as the transport allows by itself.
    pub answer: Option<usize>,
}

impl CallLimits {
    /// This timeout, and the transport's own limit of bytes.
    #[must_use]
    pub fn new(timeout: Duration) -> Self {
        Self { timeout, answer: None }
    }
}

/// A transport that needs no settings: the clients' `new` makes it.
pub trait TryDefault: Sized {
    /// The transport with its standard settings.
    ///
    /// # Errors
    ///
    /// It cannot work on this machine.
    fn try_default() -> Result<Self, TransportError>;
}

/// Makes a transport of a closure: a [`Transport`] if it returns the answer, an [`AsyncTransport`] if it returns a
/// future of the answer.
pub fn from_fn<F>(send: F) -> FromFn<F> {
    FromFn(send)
}

/// A transport made of a closure: see [`from_fn`].
#[derive(Clone, Copy)]
pub struct FromFn<F>(F);

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FromFn(..)")
    }
}

impl<F> Transport for FromFn<F>
where
    F: Fn(Request<Body>, CallLimits) -> Result<Response<Vec<u8>>, TransportError>,
{
    fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        (self.0)(request, limits)
    }
}

#[async_trait]
impl<F, A> AsyncTransport for FromFn<F>
where
    F: Fn(Request<Body>, CallLimits) -> A + Send + Sync,
    A: Future<Output = Result<Response<Vec<u8>>, TransportError>> + Send,
{
    async fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        (self.0)(request, limits).await
    }
}

impl<T: Transport + ?Sized> Transport for &T {
    fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        (**self).send(request, limits)
    }
}

#[async_trait]
impl<T: AsyncTransport + ?Sized> AsyncTransport for &T {
    async fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        (**self).send(request, limits).await
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        (**self).send(request, limits)
    }
}

#[async_trait]
impl<T: AsyncTransport + ?Sized> AsyncTransport for Box<T> {
    async fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        (**self).send(request, limits).await
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        (**self).send(request, limits)
    }
}

#[async_trait]
impl<T: AsyncTransport + ?Sized> AsyncTransport for Arc<T> {
    async fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        (**self).send(request, limits).await
    }
}

/// Why a transport has no complete answer.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

impl TransportError {
    /// A failure of this kind without a further cause.
    #[must_use]
    pub fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// A failure of this kind with its cause, which must not hold a secret.
    #[must_use]
    pub fn with_source(kind: TransportErrorKind, source: impl Into<Box<dyn error::Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }

    /// Where it went wrong.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl error::Error for TransportError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

/// Where a transport failed: before anything was sent, or after that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The host's name was not found; nothing was sent.
    Resolve,
    /// No connection came about; nothing was sent.
    Connect,
    /// The connection could not be made secure; nothing was sent.
    Tls,
    /// The time ran out.
    Timeout,
    /// The connection broke off.
    Closed,
    /// What came is not HTTP.
    Protocol,
    /// The answer is larger than allowed.
    TooLarge,
    /// Anything else; the request may have left.
    Other,
}

impl TransportErrorKind {
    /// Whether it is certain that nothing was sent.
    ///
    /// Once a connection exists, no failure tells whether the service has the request.
    #[must_use]
    pub fn is_before_sending(self) -> bool {
        matches!(self, Self::Resolve | Self::Connect | Self::Tls)
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Resolve => "the host's name cannot be found",
            Self::Connect => "no connection to the host",
            Self::Tls => "no secure connection to the host",
            Self::Timeout => "no complete answer in time",
            Self::Closed => "the connection broke off before the answer was complete",
            Self::Protocol => "the answer is not HTTP",
            Self::TooLarge => "the answer is larger than allowed",
            Self::Other => "no complete answer",
        })
    }
}
