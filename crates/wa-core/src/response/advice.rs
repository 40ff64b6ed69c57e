use std::{ops::Deref, time::Duration};

use http::StatusCode;
use wa_types::{Actor, ErrorCode, Explanation, GraphError, Meaning, RetryClass};

use crate::{AttemptKind, Endpoint, Error, ErrorBody, Operation, Outcome, api::media::DownloadMedia};

/// What an error means and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// The explanation of the error table, or of an answer that is not in it. Its `wait` is the answer's own, where that
    /// is longer.
    pub explanation: Explanation,
    /// Whether the call has spent one of the number's ten attempts, or must be taken to have.
    pub spent_attempt: bool,
}

impl Deref for Advice {
    type Target = Explanation;

    fn deref(&self) -> &Explanation {
        &self.explanation
    }
}

impl Error {
    /// What the error means and what to do about it.
    #[must_use]
    pub fn advice(&self) -> Advice {
        let mut explanation = self.explanation();
        explanation.wait = self.wait(explanation.wait);
        let is_counted = self.operation().attempt.is_some_and(AttemptKind::is_counted);
        Advice { explanation, spent_attempt: is_counted && self.outcome() != Outcome::NotSent }
    }

    fn explanation(&self) -> Explanation {
        let operation = self.operation();
        match self {
            Self::Build { .. } => NOT_BUILT,
            Self::Transport { .. } if self.outcome() == Outcome::NotSent => NOT_SENT,
            Self::Transport { .. } => unclear(operation, true, NO_ANSWER),
            Self::Decode { .. } => unclear(operation, false, NOT_READABLE),
            Self::Api { .. } if operation.name == DownloadMedia::NAME && self.is_media_gone() => ADDRESS_GONE,
            Self::Api { answer, .. } => match answer.body() {
                ErrorBody::Graph(_) => match self.documented() {
                    Some(meaning) => meaning.explanation,
                    None if self.outcome() == Outcome::Unknown => unclear(operation, true, UNDOCUMENTED),
                    None => UNDOCUMENTED,
                },
                ErrorBody::Refused => unclear(operation, false, REFUSED),
                // What is in between may recover from its own faults, and from nothing else.
                ErrorBody::Json | ErrorBody::Other => unclear(operation, is_passing(answer.status()), NO_VERDICT),
            },
        }
    }

    fn documented(&self) -> Option<&'static Meaning> {
        if self.is_registration_limit() {
            ErrorCode::RegistrationLimit.meaning(None)
        } else {
            self.graph().and_then(GraphError::meaning)
        }
    }

    /// The longer of what the documents and the answer's headers say. The usage of a budget matters only to a call that
    /// was refused over it.
    fn wait(&self, documented: Option<Duration>) -> Option<Duration> {
        let Self::Api { answer, .. } = self else {
            return documented;
        };
        let regain = self.is_over_budget().then(|| answer.usage().wait()).flatten();
        [documented, answer.retry_after(), regain].into_iter().flatten().max()
    }

    /// Whether a call budget is used up, be it the app's, the account's or the number's.
    pub(crate) fn is_over_budget(&self) -> bool {
        let code = self.code().unwrap_or(ErrorCode::Other(0));
        OVER_BUDGET.contains(&code) && !self.is_registration_limit()
    }
}

fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}

/// A read may simply be made again, if that can help; anything else must be looked into first.
fn unclear(operation: Operation, may_pass: bool, explanation: Explanation) -> Explanation {
    let (retry, step) = match (operation.is_read, may_pass, operation.attempt.filter(|attempt| attempt.is_counted())) {
        (true, true, _) => (RetryClass::Backoff, "Nothing can have changed. Call again."),
        (true, false, _) => {
            (RetryClass::Never, "Look at the answer's bytes, and at what stands between this program and the service.")
        }
        (false, _, Some(_)) => (
            RetryClass::CheckFirst,
            "Read the number's state first. Call again only if it shows that nothing happened.",
        ),
        (false, _, None) => (
            RetryClass::CheckFirst,
            "Find out whether it happened before you call again: read what the call changes, or wait for its webhook.",
        ),
    };
    let Explanation { title, meaning, actor, .. } = explanation;
    Explanation::new(title, meaning, actor, retry, step)
}

const OVER_BUDGET: &[ErrorCode] = &[
    ErrorCode::AppRateLimit,
    ErrorCode::UserRateLimit,
    ErrorCode::OperationRateLimit,
    ErrorCode::AccountRateLimit,
    ErrorCode::AccountCallLimit,
    ErrorCode::ThroughputLimit,
];

const NOT_BUILT: Explanation = Explanation::new(
    "request not built",
    "The call cannot work as it stands, so nothing was sent.",
    Actor::Caller,
    RetryClass::Never,
    "Do what the error says.",
);

const NOT_SENT: Explanation = Explanation::new(
    "service not reached",
    "No connection came about, so nothing was sent.",
    Actor::Caller,
    RetryClass::Backoff,
    "Check the network, the name and the certificates, then call again.",
);

const NO_ANSWER: Explanation = Explanation::new(
    "no complete answer",
    "The connection broke off or the timeout elapsed before the answer was complete. Nobody can tell whether the service \
     acted.",
    Actor::Caller,
    RetryClass::CheckFirst,
    READ_DETAILS,
);

const NOT_READABLE: Explanation = Explanation::new(
    "answer not readable",
    "The status says success, but the answer is not what this call answers. It may come from something in between.",
    Actor::Caller,
    RetryClass::CheckFirst,
    READ_DETAILS,
);

const NO_VERDICT: Explanation = Explanation::new(
    "the answer is not the service's own",
    "The answer has no code, so it is not the service's word: something in between may have written it, such as a proxy.",
    Actor::Caller,
    RetryClass::CheckFirst,
    READ_DETAILS,
);

const ADDRESS_GONE: Explanation = Explanation::new(
    "no file at this address",
    "The address of a file works for five minutes, and only as long as the service keeps the file.",
    Actor::Caller,
    RetryClass::AfterStep,
    "Read the file by its id and download from the address that this gives. If that fails too, renew the token.",
);

const REFUSED: Explanation = Explanation::new(
    "refused without a reason",
    "The service answered, but with success false and no code.",
    Actor::Caller,
    RetryClass::CheckFirst,
    READ_DETAILS,
);

const UNDOCUMENTED: Explanation = Explanation::new(
    "undocumented code",
    "No page explains this code. The message and its details may; Meta's support asks for the trace id.",
    Actor::Caller,
    RetryClass::CheckFirst,
    READ_DETAILS,
);

const READ_DETAILS: &str = "Read the message and its details.";

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::{self, Write},
        path::Path,
    };

    use super::*;
    use crate::{
        Endpoint, Operation, Retry, TransportError, TransportErrorKind,
        api::{
            message::{SendMessage, Text},
            number::{Deregister, Migrate, ReadNumber, Register},
        },
        parse,
    };
    use http::Response;
    use serde_json::{Value, json};

    fn error<E: Endpoint>(status: u16, code: i64, subcode: Option<i64>) -> Error {
        let body = json!({"error": {"message": "m", "type": "t", "code": code, "error_subcode": subcode}}).to_string();
        parse::<E>(Response::builder().status(status).body(body).unwrap()).map(drop).unwrap_err()
    }

    #[test]
    fn every_code_of_the_table_comes_back_typed_with_its_advice_and_outcome() {
        for row in Meaning::all() {
            let error = error::<SendMessage<'_, Text>>(400, row.code, row.subcode);
            assert_eq!(error.code().unwrap().number(), row.code);
            let advice = error.advice();
            // The range 200-299 begins with a code that has a row of its own.
            let row =
                if row.code == 200 && row.last == 299 { ErrorCode::from(200).meaning(None).unwrap() } else { row };
            assert_eq!(advice.explanation, row.explanation);
            assert_eq!(error.outcome(), if row.may_have_acted { Outcome::Unknown } else { Outcome::Rejected });
            assert!(!advice.spent_attempt, "a message spends none");
        }
    }

    // The project's collection of the service's codes, where it lies beside the project.
    #[test]
    fn the_table_agrees_with_the_collected_codes() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/errors.json");
        let Ok(text) = fs::read_to_string(&file) else {
            writeln!(io::stderr(), "SKIPPED: no {}: the error table is not compared with it", file.display()).unwrap();
            return;
        };
        let collected: Value = serde_json::from_str(&text).unwrap();
        let rows = collected["errors"].as_array().unwrap();
        let is_collected = |row: &&Meaning| {
            rows.iter()
                .any(|collected| collected["code"] == json!(row.code) && collected["subcode"] == json!(row.subcode))
        };
        let added: Vec<_> =
            Meaning::all().filter(|row| !is_collected(row)).map(|row| (row.code, row.subcode)).collect();
        assert_eq!(added, LATER);
        assert_eq!(rows.len(), Meaning::all().count() - LATER.len());
        for row in rows {
            let (code, subcode) = (row["code"].as_i64().unwrap(), row["subcode"].as_i64());
            let last = row["code_to"].as_i64().unwrap_or(code);
            let error = error::<SendMessage<'_, Text>>(400, last, subcode);
            let advice = error.advice();
            assert_eq!((error.code(), error.graph().unwrap().subcode), (Some(ErrorCode::from(last)), subcode));
            let retry = match advice.retry {
                RetryClass::Never => "never",
                RetryClass::AfterStep => "after_step",
                RetryClass::Wait => "wait",
                RetryClass::Backoff => "backoff",
                RetryClass::CheckFirst => "check_first",
                _ => "new",
            };
            assert_eq!(json!(retry), row["retry"], "{code}/{subcode:?}");
            assert_eq!(advice.wait.map(|wait| wait.as_secs()), row["wait"]["seconds"].as_u64(), "{code}/{subcode:?}");
        }
    }

    /// What was learned after the collection was made.
    const LATER: &[(i64, Option<i64>)] = &[(100, Some(2_388_092))];

    #[test]
    fn both_forms_of_the_limit_say_wait_72_hours() {
        let check = |error: Error, replay| {
            let advice = error.advice();
            assert!(error.is_registration_limit(), "{error}");
            assert_eq!(advice.title, "registration limit reached");
            assert_eq!((advice.retry, advice.wait), (RetryClass::Wait, Some(Duration::from_secs(72 * 3600))));
            assert_eq!(error.outcome(), Outcome::Rejected);
            assert!(advice.spent_attempt);
            for replay in [replay, crate::Replay::Always] {
                assert_eq!(Retry::times(9).delays(Duration::ZERO, Duration::MAX).backoff(1, replay, &error), None);
            }
        };
        for (status, code, subcode) in [(400, 133_016, None), (429, 4, Some(2_446_079)), (400, 4, Some(2_446_079))] {
            check(error::<Register<'_>>(status, code, subcode), crate::Replay::IfUnsent);
            check(error::<Migrate<'_>>(status, code, subcode), crate::Replay::IfUnsent);
            check(error::<Deregister<'_>>(status, code, subcode), crate::Replay::IfUnsent);
        }
    }

    #[test]
    fn an_apps_budget_is_not_a_numbers_limit() {
        assert!(!error::<ReadNumber<'_>>(429, 4, Some(2_446_079)).is_registration_limit());
        assert!(!error::<Register<'_>>(429, 4, None).is_registration_limit());
        assert!(!error::<Register<'_>>(429, 4, Some(2_018_001)).is_registration_limit());
    }

    #[test]
    fn a_read_without_an_answer_may_simply_be_made_again() {
        let timeout =
            |operation| Error::transport(operation, TransportError::new(TransportErrorKind::Timeout)).advice();
        assert_eq!(timeout(Operation::new::<ReadNumber<'_>>()).retry, RetryClass::Backoff);
        assert_eq!(timeout(Operation::new::<Register<'_>>()).retry, RetryClass::CheckFirst);
        assert!(timeout(Operation::new::<Register<'_>>()).step.starts_with("Read the number's state first"));
        assert!(timeout(Operation::new::<SendMessage<'_, Text>>()).step.contains("webhook"));
    }

    #[test]
    fn what_never_left_may_be_sent_again_whatever_it_was() {
        let unsent = |operation| Error::transport(operation, TransportError::new(TransportErrorKind::Connect)).advice();
        for operation in [Operation::new::<ReadNumber<'_>>(), Operation::new::<Register<'_>>()] {
            let advice = unsent(operation);
            assert_eq!((advice.title, advice.retry), ("service not reached", RetryClass::Backoff));
        }
    }

    #[test]
    fn a_fault_that_no_page_explains_is_looked_into_before_anything_is_sent_again() {
        let step = |error: Error| error.advice().step;
        assert!(step(error::<Register<'_>>(500, 987_654, None)).starts_with("Read the number's state first"));
        assert!(step(error::<ReadNumber<'_>>(500, 987_654, None)).ends_with("Call again."));
        assert_eq!(step(error::<Register<'_>>(400, 987_654, None)), READ_DETAILS);
    }

    #[test]
    fn headers_lengthen_a_wait_and_do_not_shorten_it() {
        let usage = r#"{"1":[{"estimated_time_to_regain_access":19}]}"#;
        let wait = |code: i64, retry_after: &str| {
            let body = json!({"error": {"code": code}}).to_string();
            let response = Response::builder()
                .status(400)
                .header("retry-after", retry_after)
                .header("x-business-use-case-usage", usage)
                .body(body)
                .unwrap();
            parse::<ReadNumber<'_>>(response).map(drop).unwrap_err().advice().wait.map(|wait| wait.as_secs())
        };
        assert_eq!(wait(133_015, "1"), Some(300), "the documents know better");
        assert_eq!(wait(133_015, "400"), Some(400));
        assert_eq!(wait(80_007, "1"), Some(19 * 60), "the account's budget");
        assert_eq!(wait(133_005, "soon"), None, "no budget was exceeded");
    }

    #[test]
    fn an_attempt_is_spent_unless_nothing_left() {
        let spent = |kind| {
            let reason = TransportError::new(kind);
            Error::transport(Operation::new::<Register<'_>>(), reason).advice().spent_attempt
        };
        assert!(!spent(TransportErrorKind::Connect));
        assert!(spent(TransportErrorKind::Timeout));
        assert!(error::<Register<'_>>(400, 133_005, None).advice().spent_attempt);
        assert!(error::<Register<'_>>(400, 987_654, None).advice().spent_attempt);
        assert!(!error::<ReadNumber<'_>>(400, 133_005, None).advice().spent_attempt);
    }
}
