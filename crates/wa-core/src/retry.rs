use std::time::Duration;

use wa_types::RetryClass;

use crate::{Error, Outcome, Replay};

/// When a failed call is made again without asking anybody: never, unless set.
///
/// Only two kinds of calls ever are: those that certainly never left, and those that may be repeated at will (reads)
/// when the service was throttling or faulty. A registration, a code or a message whose outcome is unknown is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    times: u32,
    first: Duration,
    longest: Duration,
}

impl Retry {
    /// Makes no call again.
    pub const NEVER: Self = Self::times(0);

    /// Makes a call again so many times at most, with a backoff that begins with half a second and
    /// doubles up to a minute.
    #[must_use]
    pub const fn times(times: u32) -> Self {
        Self { times, first: Duration::from_millis(500), longest: Duration::from_secs(60) }
    }

    /// Sets the first backoff and the longest. A call that would have to wait longer is not made again.
    #[must_use]
    pub const fn delays(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// How long to wait before the call is made again, or nothing if it must not be. `failed` counts the calls so far.
    #[must_use]
    pub fn backoff(&self, failed: u32, replay: Replay, error: &Error) -> Option<Duration> {
        let is_unsent = error.outcome() == Outcome::NotSent && !matches!(error, Error::Build { .. });
        if failed > self.times || !(is_unsent || self.is_worth_repeating(replay, error)) {
            return None;
        }
        let doubled = self.first.saturating_mul(1 << failed.saturating_sub(1).min(20)).min(self.longest);
        let asked = match error.advice().wait {
            Some(wait) => wait,
            // Nobody says when a budget is refilled: soon it is not.
            None if error.is_over_budget() => self.longest,
            None => Duration::ZERO,
        };
        let backoff = doubled.max(asked);
        (backoff <= self.longest).then_some(backoff)
    }

    fn is_worth_repeating(self, replay: Replay, error: &Error) -> bool {
        let advice = error.advice();
        let may_help = match advice.retry {
            RetryClass::Backoff => true,
            // Where no time is known, only a budget is sure to be refilled.
            RetryClass::Wait => advice.wait.is_some() || error.is_over_budget(),
            RetryClass::CheckFirst => error.outcome() == Outcome::Unknown && error.code().is_some(),
            _ => false,
        };
        // Whatever a call's author says of repeating: an attempt may be gone, so it is not for a policy to decide.
        may_help && replay == Replay::Always && error.operation().attempt.is_none()
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self::NEVER
    }
}

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;
    use crate::{
        BuildError, Endpoint, Operation, TransportError, TransportErrorKind,
        api::{
            message::{SendMessage, Text},
            number::{Deregister, Migrate, ReadNumber, Register, RequestCode},
        },
        parse,
    };

    const POLICY: Retry = Retry::times(2);

    fn api<E: Endpoint>(status: u16, header: (&str, &str), body: &str) -> Error {
        let response = Response::builder().status(status).header(header.0, header.1).body(body).unwrap();
        parse::<E>(response).map(drop).unwrap_err()
    }

    fn transport<E: Endpoint>(kind: TransportErrorKind) -> Error {
        Error::transport(Operation::new::<E>(), TransportError::new(kind))
    }

    const THROTTLED: &str = r#"{"error":{"code":80007}}"#;
    const PLAIN: (&str, &str) = ("date", "Fri, 31 Dec 1999 23:59:59 GMT");

    #[test]
    fn what_never_left_is_made_again_and_what_may_have_is_not() {
        for (kind, read, write) in [
            (TransportErrorKind::Resolve, true, true),
            (TransportErrorKind::Connect, true, true),
            (TransportErrorKind::Tls, true, true),
            (TransportErrorKind::Timeout, true, false),
            (TransportErrorKind::Closed, true, false),
            (TransportErrorKind::Protocol, true, false),
            (TransportErrorKind::TooLarge, true, false),
            (TransportErrorKind::Other, true, false),
        ] {
            let again = |replay, error: &Error| POLICY.backoff(1, replay, error).is_some();
            assert_eq!(again(Replay::Always, &transport::<ReadNumber<'_>>(kind)), read, "{kind}");
            assert_eq!(again(Replay::IfUnsent, &transport::<Register<'_>>(kind)), write, "{kind}");
        }
        let reason = BuildError::new("wrong");
        let unbuilt = Error::Build { operation: Operation::new::<ReadNumber<'_>>(), reason };
        assert_eq!(POLICY.backoff(1, Replay::Always, &unbuilt), None);
    }

    #[test]
    fn no_answer_to_a_counted_call_is_ever_retried() {
        for body in [
            r#"{"error":{"code":133016}}"#,
            r#"{"error":{"code":4,"error_subcode":2446079,"is_transient":true}}"#,
            r#"{"error":{"code":2,"is_transient":true}}"#,
            r#"{"error":{"code":80007}}"#,
            r#"{"error":{"code":133004}}"#,
            "<html>",
            "",
        ] {
            for status in [400, 429, 500, 503] {
                for error in [
                    api::<Register<'_>>(status, ("retry-after", "1"), body),
                    api::<Migrate<'_>>(status, ("retry-after", "1"), body),
                    api::<Deregister<'_>>(status, ("retry-after", "1"), body),
                ] {
                    assert_eq!(POLICY.backoff(1, Replay::IfUnsent, &error), None, "{error}");
                }
            }
        }
    }

    #[test]
    fn a_throttled_read_waits_as_long_as_asked() {
        let backoff =
            |failed, header, body| POLICY.backoff(failed, Replay::Always, &api::<ReadNumber<'_>>(429, header, body));
        assert_eq!(backoff(1, ("retry-after", "7"), THROTTLED), Some(Duration::from_secs(7)));
        assert_eq!(backoff(1, ("retry-after", "61"), THROTTLED), None, "longer than the policy waits");
        let usage = r#"{"1":[{"estimated_time_to_regain_access":1}]}"#;
        assert_eq!(backoff(1, ("x-business-use-case-usage", usage), THROTTLED), Some(Duration::from_secs(60)));
        assert_eq!(backoff(1, PLAIN, THROTTLED), Some(Duration::from_secs(60)), "nobody says how long");
        assert_eq!(backoff(1, PLAIN, "<html>"), Some(Duration::from_millis(500)));
        assert_eq!(backoff(2, PLAIN, "<html>"), Some(Duration::from_secs(1)));
        assert_eq!(backoff(3, PLAIN, "<html>"), None, "only twice");
        assert_eq!(backoff(1, PLAIN, r#"{"error":{"code":1}}"#), Some(Duration::from_millis(500)));
        for cannot_help in [r#"{"error":{"code":190}}"#, r#"{"error":{"code":368}}"#, r#"{"error":{"code":133008}}"#] {
            assert_eq!(backoff(1, PLAIN, cannot_help), None, "{cannot_help}");
        }
    }

    // The classes and waits are those of Meta's error pages, as the error table has them.
    #[test]
    fn each_kind_of_answer_to_a_read_has_its_backoff() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let half = Some(Duration::from_millis(500));
        let longest = seconds(60);
        for (status, code, expected) in [
            // A fault of the service passes.
            (500, 2, half),
            (400, 131_016, half),
            // It may have acted, which a read cannot have.
            (400, 1, half),
            (400, 131_000, half),
            // A time that the documents name, up to the longest.
            (400, 133_004, longest),
            (400, 131_057, longest),
            (400, 131_056, seconds(6)),
            (400, 130_429, seconds(1)),
            (400, 133_015, None),
            // Budgets, of which nobody says when they are refilled.
            (400, 4, longest),
            (400, 17, longest),
            (400, 613, longest),
            (400, 80_007, longest),
            (400, 80_008, longest),
            // Waits that nobody can tell the length of.
            (400, 368, None),
            (400, 133_008, None),
            // What a repeat cannot change.
            (400, 100, None),
            (400, 190, None),
            (400, 131_045, None),
            (400, 136_024, None),
            // No page explains it, so only a status of a fault lets it be repeated.
            (500, 987_654, half),
            (400, 987_654, None),
        ] {
            let error = api::<ReadNumber<'_>>(status, PLAIN, &format!(r#"{{"error":{{"code":{code}}}}}"#));
            assert_eq!(POLICY.backoff(1, Replay::Always, &error), expected, "{status} {code}");
            assert_eq!(POLICY.backoff(1, Replay::IfUnsent, &error), None, "{status} {code}");
        }
        for (status, expected) in [(500, half), (502, half), (503, half), (429, half), (400, None), (404, None)] {
            for body in ["", "<html>", "{}"] {
                let error = api::<ReadNumber<'_>>(status, PLAIN, body);
                assert_eq!(POLICY.backoff(1, Replay::Always, &error), expected, "{status} {body}");
            }
        }
    }

    #[test]
    fn a_call_that_notes_an_attempt_is_made_again_only_if_it_was_not_sent() {
        for error in
            [api::<RequestCode<'_>>(400, PLAIN, THROTTLED), api::<SendMessage<'_, Text>>(400, PLAIN, THROTTLED)]
        {
            assert_eq!(POLICY.backoff(1, Replay::Always, &error), None, "{error}");
        }
        let unsent = transport::<SendMessage<'_, Text>>(TransportErrorKind::Connect);
        assert!(POLICY.backoff(1, Replay::IfUnsent, &unsent).is_some());
    }

    #[test]
    fn a_wait_as_long_as_the_longest_is_taken_and_a_longer_one_is_not() {
        let policy = Retry::times(1).delays(Duration::ZERO, Duration::from_secs(7));
        let wait = |seconds: &str| {
            let error = api::<ReadNumber<'_>>(400, ("retry-after", seconds), THROTTLED);
            policy.backoff(1, Replay::Always, &error)
        };
        assert_eq!(
            [wait("6"), wait("7"), wait("8")],
            [6, 7, 8].map(|wait| (wait < 8).then(|| Duration::from_secs(wait)))
        );
        let connect = transport::<ReadNumber<'_>>(TransportErrorKind::Connect);
        assert_eq!(policy.backoff(1, Replay::Always, &connect), Some(Duration::ZERO));
        assert_eq!(policy.backoff(0, Replay::Always, &connect), Some(Duration::ZERO));
        assert_eq!(policy.backoff(2, Replay::Always, &connect), None);
    }

    #[test]
    fn a_read_is_not_made_again_over_an_answer_that_will_stay_the_same() {
        for (status, body) in
            [(302, ""), (401, "<html>"), (404, "{}"), (400, r#"{"error":{"code":987654}}"#), (200, "{}")]
        {
            let error = api::<ReadNumber<'_>>(status, PLAIN, body);
            assert_eq!(POLICY.backoff(1, Replay::Always, &error), None, "{error}");
        }
    }

    #[test]
    fn a_backoff_doubles_up_to_the_longest() {
        let policy = Retry::times(u32::MAX).delays(Duration::from_secs(1), Duration::from_secs(5));
        let error = transport::<ReadNumber<'_>>(TransportErrorKind::Connect);
        let backoffs: Vec<_> = [1, 2, 3, 4, 40, u32::MAX]
            .map(|failed| policy.backoff(failed, Replay::Always, &error).unwrap().as_secs())
            .into();
        assert_eq!(backoffs, [1, 2, 4, 5, 5, 5]);
    }

    #[test]
    fn by_default_nothing_is_made_again() {
        let error = transport::<ReadNumber<'_>>(TransportErrorKind::Connect);
        assert_eq!(Retry::default().backoff(1, Replay::Always, &error), None);
    }
}
