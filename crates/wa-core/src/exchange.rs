//! One call with its retries, without IO: what to send, how long to wait, what it came to.

use std::time::Duration;

use http::{Request, Response};

use crate::{
    Answer, Body, CallLimits, Config, Endpoint, Error, Operation, Retry, TransportError, parse_for, trace::Span,
};

/// A call on its way, as both clients make it.
pub(crate) struct Exchange<'a, E: ?Sized> {
    config: &'a Config,
    endpoint: &'a E,
    retry: Retry,
    failed: u32,
    span: Span,
}

/// What an answer, or its absence, leads to.
pub(crate) enum Next<T> {
    /// Make the call again after this time.
    After(Duration),
    /// That was it.
    Done(Result<Answer<T>, Error>),
}

impl<'a, E: Endpoint + ?Sized> Exchange<'a, E> {
    /// A call with this policy, if its caller can wait.
    pub(crate) fn new(config: &'a Config, endpoint: &'a E, retry: Retry, can_wait: bool) -> Self {
        let retry = if can_wait { retry } else { Retry::NEVER };
        Self { config, endpoint, retry, failed: 0, span: Span::new(config, endpoint, 1) }
    }

    /// The request to send, what its answer may cost, and the span to send it in.
    pub(crate) fn request(&mut self) -> Result<(Request<Body>, CallLimits, &Span), Error> {
        if self.failed > 0 {
            self.span = Span::new(self.config, self.endpoint, self.failed + 1);
        }
        match self.config.request(self.endpoint) {
            Ok(request) => Ok((request, self.config.limits_for(self.endpoint), &self.span)),
            Err(error) => {
                self.span.close(None, Some(&error));
                Err(error)
            }
        }
    }

    /// Takes the answer, or its absence.
    pub(crate) fn answered(&mut self, sent: Result<Response<Vec<u8>>, TransportError>) -> Next<E::Response> {
        let result = match sent {
            Ok(response) => parse_for(self.endpoint, response),
            Err(reason) => Err(Error::transport(Operation::new::<E>(), reason)),
        };
        self.span.end(&result);
        self.failed += 1;
        let backoff = |error| self.retry.backoff(self.failed, self.endpoint.replay(), error);
        match result.as_ref().err().and_then(backoff) {
            Some(length) => Next::After(length),
            None => Next::Done(result),
        }
    }
}

#[cfg(test)]
mod tests {
    use wa_types::Pin;

    use super::*;
    use crate::{
        Outcome, TransportErrorKind as Kind,
        api::number::Register,
        testing::{self, Probe},
    };

    fn good() -> Result<Response<Vec<u8>>, TransportError> {
        Ok(Response::new(br#"{"success":true}"#.to_vec()))
    }

    fn lost(kind: Kind) -> Result<Response<Vec<u8>>, TransportError> {
        Err(TransportError::new(kind))
    }

    fn throttled() -> Result<Response<Vec<u8>>, TransportError> {
        let error = r#"{"error":{"message":"slow down","type":"OAuthException","code":80007}}"#;
        Ok(Response::builder().status(429).header("retry-after", "7").body(error.into()).unwrap())
    }

    /// The waits before each repetition, and how the call ended.
    fn run<E: Endpoint>(
        endpoint: &E,
        can_wait: bool,
        answers: impl IntoIterator<Item = Result<Response<Vec<u8>>, TransportError>>,
    ) -> (Vec<u64>, Result<(), Outcome>) {
        let config = testing::config();
        let mut exchange = Exchange::new(&config, endpoint, Retry::times(3), can_wait);
        let mut waits = Vec::new();
        for answer in answers {
            exchange.request().unwrap();
            match exchange.answered(answer) {
                Next::After(length) => waits.push(u64::try_from(length.as_millis()).unwrap()),
                Next::Done(result) => return (waits, result.map(drop).map_err(|error| error.outcome())),
            }
        }
        panic!("it goes on after {waits:?}");
    }

    fn register() -> Register<'static> {
        static NUMBER: std::sync::OnceLock<wa_types::PhoneNumberId> = std::sync::OnceLock::new();
        Register::new(NUMBER.get_or_init(testing::number), Pin::new("012345").unwrap())
    }

    #[test]
    fn what_was_not_sent_is_sent_again() {
        let answers = || [lost(Kind::Resolve), lost(Kind::Connect), lost(Kind::Tls), good()];
        assert_eq!(run(&register(), true, answers()), (vec![500, 1_000, 2_000], Ok(())));
        assert_eq!(run(&register(), false, answers()), (vec![], Err(Outcome::NotSent)));
        let again = [lost(Kind::Tls), lost(Kind::Tls), lost(Kind::Tls), lost(Kind::Tls)];
        assert_eq!(run(&register(), true, again), (vec![500, 1_000, 2_000], Err(Outcome::NotSent)));
    }

    #[test]
    fn what_may_have_been_sent_is_not() {
        for kind in [Kind::Timeout, Kind::Closed, Kind::Protocol] {
            assert_eq!(run(&register(), true, [lost(kind)]), (vec![], Err(Outcome::Unknown)), "{kind:?}");
        }
    }

    #[test]
    fn a_throttled_read_waits_as_long_as_it_is_told() {
        assert_eq!(run(&Probe::at("1"), true, [throttled(), good()]), (vec![7_000], Ok(())));
    }

    #[test]
    fn a_request_that_cannot_be_built_is_not_sent() {
        let config = testing::config();
        let probe = Probe::at("..");
        let mut exchange = Exchange::new(&config, &probe, Retry::times(3), true);
        assert!(matches!(exchange.request().map(drop).unwrap_err(), Error::Build { .. }));
    }
}
