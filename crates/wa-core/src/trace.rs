use std::future::Future;

use http::{Method, Request, Response, StatusCode};

use crate::{Answer, Body, Config, Endpoint, Error, Operation, TransportError};

/// One try of a call, as it is traced; nothing without the feature `tracing`.
#[cfg(not(feature = "tracing"))]
pub(crate) struct Span;

#[cfg(not(feature = "tracing"))]
impl Span {
    fn begin(_: &Config, _: Operation, _: &Method, _: Option<&str>, _: u32) -> Self {
        Self
    }

    pub(crate) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        work()
    }

    pub(crate) async fn follow<T>(&self, work: impl Future<Output = T>) -> T {
        work.await
    }

    pub(crate) fn close(&self, _: Option<StatusCode>, _: Option<&Error>) {}
}

/// One try of a call, as it is traced. No secret, no body and no query is in it.
#[cfg(feature = "tracing")]
pub(crate) struct Span(tracing::Span);

#[cfg(feature = "tracing")]
impl Span {
    fn begin(config: &Config, operation: Operation, method: &Method, node: Option<&str>, attempt: u32) -> Self {
        use tracing::field::Empty;
        Self(tracing::info_span!(
            "wa.call",
            http.request.method = method.as_str(),
            server.address = config.host(),
            http.response.status_code = Empty,
            error.r#type = Empty,
            wa.operation = operation.name,
            wa.node = node,
            wa.attempt = attempt,
            wa.outcome = Empty,
            wa.fbtrace_id = Empty,
        ))
    }

    pub(crate) fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.in_scope(work)
    }

    pub(crate) async fn follow<T>(&self, work: impl Future<Output = T>) -> T {
        use tracing::Instrument;
        work.instrument(self.0.clone()).await
    }

    pub(crate) fn close(&self, status: Option<StatusCode>, error: Option<&Error>) {
        use wa_types::GraphError;

        use crate::Outcome;
        if let Some(status) = status {
            self.0.record("http.response.status_code", status.as_u16());
        }
        let Some(error) = error else {
            self.0.record("wa.outcome", "confirmed");
            return;
        };
        let outcome = match error.outcome() {
            Outcome::Rejected => "rejected",
            Outcome::NotSent => "not_sent",
            Outcome::Unknown => "unknown",
        };
        self.0.record("wa.outcome", outcome);
        match error {
            Error::Build { .. } => self.0.record("error.type", "build"),
            Error::Transport { reason, .. } => self.0.record("error.type", tracing::field::debug(reason.kind())),
            Error::Api { answer, .. } => self.0.record("error.type", answer.status().as_str()),
            Error::Decode { .. } => self.0.record("error.type", "decode"),
        };
        if let Some(id) = error.graph().and_then(GraphError::sound_trace_id) {
            self.0.record("wa.fbtrace_id", id);
        }
    }
}

impl Span {
    /// A try of a call.
    pub(crate) fn new<E: Endpoint + ?Sized>(config: &Config, endpoint: &E, attempt: u32) -> Self {
        Self::begin(
            config,
            Operation::new::<E>(),
            &E::METHOD,
            Some(endpoint.route().id()).filter(|id| !id.is_empty()),
            attempt,
        )
    }

    /// A request that was built apart from an endpoint.
    pub(crate) fn for_request(config: &Config, operation: Operation, request: &Request<Body>) -> Self {
        let path = config.relative_path(request.uri());
        Self::begin(config, operation, request.method(), path.split('/').next(), 1)
    }

    /// Ends it with an answer that nobody has read yet, or its absence.
    #[cfg(not(feature = "tracing"))]
    pub(crate) fn close_sent(&self, _: Operation, _: &Result<Response<Vec<u8>>, TransportError>) {}

    /// Ends it with an answer that nobody has read yet, or its absence.
    #[cfg(feature = "tracing")]
    pub(crate) fn close_sent(&self, operation: Operation, sent: &Result<Response<Vec<u8>>, TransportError>) {
        match sent {
            Ok(response) => {
                let error = crate::response::error_in(operation, response);
                self.close(Some(response.status()), error.as_ref());
            }
            Err(reason) => {
                let reason = TransportError::new(reason.kind());
                self.close(None, Some(&Error::transport(operation, reason)));
            }
        }
    }

    pub(crate) fn end<T>(&self, result: &Result<Answer<T>, Error>) {
        let status = match result {
            Ok(answer) => Some(answer.status),
            Err(Error::Api { answer, .. }) => Some(answer.status()),
            Err(Error::Decode { answer, .. }) => Some(answer.status()),
            Err(Error::Build { .. } | Error::Transport { .. }) => None,
        };
        self.close(status, result.as_ref().err());
    }
}
