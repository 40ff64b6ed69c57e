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
