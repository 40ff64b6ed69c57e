use std::time::Duration;

use wa_types::{Actor, ErrorCode, RetryClass};

use crate::{Error, ErrorBody, Outcome};

/// What an error means and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// A short name of what happened.
    pub title: &'static str,
    /// What happened.
    pub meaning: &'static str,
    /// Who must act before it can work.
    pub actor: Actor,
    /// Whether, and after what, the same call may be made again.
    pub retry: RetryClass,
    /// How long to wait: by the answer's own headers, else by the documents.
    pub wait: Option<Duration>,
    /// What to do.
    pub step: &'static str,
    /// Whether the call has spent one of the number's ten attempts, or must be taken to have.
    pub spent_attempt: bool,
}

impl Error {
    /// What the error means and what to do about it.
    #[must_use]
    pub fn advice(&self) -> Advice {
        let mut advice = match self {
            Self::Build { .. } => NOT_BUILT,
            Self::Transport { .. } if self.outcome() == Outcome::NotSent => NOT_SENT,
            Self::Transport { .. } => NO_ANSWER,
            Self::Decode { .. } => NOT_READABLE,
            Self::Api { answer, .. } => {
                let advice = match answer.body() {
                    ErrorBody::Graph(_) => self.documented().unwrap_or(UNDOCUMENTED),
                    ErrorBody::Refused => REFUSED,
                    ErrorBody::Json | ErrorBody::Other => NO_VERDICT,
                };
                let asked = answer.retry_after().or_else(|| answer.usage().wait());
                // The limit of 72 hours is not shortened by what a header says of the app's budget.
                let wait = if self.is_registration_limit() { advice.wait } else { asked.or(advice.wait) };
                Advice { wait, ..advice }
            }
        };
        advice.spent_attempt = self.operation().attempt.is_some() && self.outcome() != Outcome::NotSent;
        advice
    }

    fn documented(&self) -> Option<Advice> {
        let meaning = if self.is_registration_limit() {
            ErrorCode::RegistrationLimit.meaning(None)
        } else {
            self.graph().and_then(|graph| graph.meaning())
        }?;
        Some(Advice {
            title: meaning.title,
            meaning: meaning.meaning,
            actor: meaning.actor,
            retry: meaning.retry,
            wait: meaning.wait,
            step: meaning.step,
            spent_attempt: false,
        })
    }
}

const NOT_BUILT: Advice = Advice {
    title: "request not built",
    meaning: "The call cannot work as it stands, so nothing was sent.",
    actor: Actor::Caller,
    retry: RetryClass::Never,
    wait: None,
    step: "Do what the error says.",
    spent_attempt: false,
};

const NOT_SENT: Advice = Advice {
    title: "service not reached",
    meaning: "No connection came about, so nothing was sent.",
    actor: Actor::Caller,
    retry: RetryClass::Backoff,
    wait: None,
    step: "Check the network, the name and the certificates, then call again.",
    spent_attempt: false,
};

const NO_ANSWER: Advice = Advice {
    title: "no complete answer",
    meaning: "The connection broke off or the time ran out before the answer was complete. Nobody can tell whether the service acted.",
    actor: Actor::Caller,
    retry: RetryClass::CheckFirst,
    wait: None,
    step: "Read the number's state first. Call again only if it shows that nothing happened.",
    spent_attempt: false,
};

const NOT_READABLE: Advice = Advice {
    title: "answer not readable",
    meaning: "The status says success, but the answer is not what this call answers. It may come from something in between.",
    actor: Actor::Caller,
    retry: RetryClass::CheckFirst,
    wait: None,
    step: "Read the number's state first, and look at the bytes of the answer.",
    spent_attempt: false,
};

const NO_VERDICT: Advice = Advice {
    title: "no error of the service's own",
    meaning: "The answer has no code, so it is not the service's word: something in between may have written it.",
    actor: Actor::Caller,
    retry: RetryClass::CheckFirst,
    wait: None,
    step: "Read the number's state first. Check what stands between this program and the service, such as a proxy.",
    spent_attempt: false,
};

const REFUSED: Advice = Advice {
    title: "refused without a reason",
    meaning: "The service answered, but with success false and no code.",
    actor: Actor::Caller,
    retry: RetryClass::CheckFirst,
    wait: None,
    step: "Read the number's state before you call again.",
    spent_attempt: false,
};

const UNDOCUMENTED: Advice = Advice {
    title: "undocumented code",
    meaning: "No page explains this code.",
    actor: Actor::Caller,
    retry: RetryClass::CheckFirst,
    wait: None,
    step: "Read the message and its details, then the number's state. Meta's support asks for the trace id.",
    spent_attempt: false,
};

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::{self, Write},
        path::Path,
    };

    use http::Response;
    use serde_json::{Value, json};
    use wa_types::Meaning;

    use super::*;
    use crate::{
        Endpoint, Operation, Retry, TransportError, TransportErrorKind,
        message::SendText,
        number::ReadNumber,
        parse,
        registration::{Deregister, Migrate, Register},
    };

    fn error<E: Endpoint>(status: u16, code: i64, subcode: Option<i64>) -> Error {
        let body = json!({"error": {"message": "m", "type": "t", "code": code, "error_subcode": subcode}}).to_string();
        parse::<E>(Response::builder().status(status).body(body).unwrap()).map(drop).unwrap_err()
    }

    #[test]
    fn every_code_of_the_table_comes_back_typed_with_its_advice_and_outcome() {
        for row in Meaning::all() {
            let error = error::<SendText<'_>>(400, row.code, row.subcode);
            assert_eq!(error.code().unwrap().number(), row.code);
            let advice = error.advice();
            // The range 200-299 begins with a code that has a row of its own.
            let row =
                if row.code == 200 && row.last == 299 { ErrorCode::from(200).meaning(None).unwrap() } else { row };
            assert_eq!((advice.title, advice.meaning, advice.step), (row.title, row.meaning, row.step));
            assert_eq!((advice.actor, advice.retry, advice.wait), (row.actor, row.retry, row.wait));
            assert_eq!(error.outcome(), if row.in_doubt { Outcome::Unknown } else { Outcome::Rejected });
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
        assert_eq!(rows.len(), Meaning::all().count());
        for row in rows {
            let (code, subcode) = (row["code"].as_i64().unwrap(), row["subcode"].as_i64());
            let last = row["code_to"].as_i64().unwrap_or(code);
            let error = error::<SendText<'_>>(400, last, subcode);
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

    #[test]
    fn both_faces_of_the_limit_say_wait_72_hours() {
        let check = |error: Error, replay| {
            let advice = error.advice();
            assert!(error.is_registration_limit(), "{error}");
            assert_eq!(advice.title, "registration limit reached");
            assert_eq!((advice.retry, advice.wait), (RetryClass::Wait, Some(Duration::from_secs(72 * 3600))));
            assert_eq!(error.outcome(), Outcome::Rejected);
            assert!(advice.spent_attempt);
            assert_eq!(Retry::times(9).pauses(Duration::ZERO, Duration::MAX).pause(1, replay, &error), None);
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
    fn an_attempt_is_spent_unless_nothing_left() {
        let spent = |kind| {
            let reason = TransportError::new(kind);
            Error::transport(Operation::of::<Register<'_>>(), reason).advice().spent_attempt
        };
        assert!(!spent(TransportErrorKind::Connect));
        assert!(spent(TransportErrorKind::Timeout));
        assert!(error::<Register<'_>>(400, 133_005, None).advice().spent_attempt);
        assert!(error::<Register<'_>>(400, 987_654, None).advice().spent_attempt);
        assert!(!error::<ReadNumber<'_>>(400, 133_005, None).advice().spent_attempt);
    }
}
