//! What a call that went wrong means for the run.

use std::time::Duration;

use wa_core::{
    CertificateCause, Error, Outcome,
    types::{ErrorCode, NumberField, RetryClass},
};

use crate::{
    Blocker, Ending, History, Observed, Presence, Reason, Step,
    ledger::Attempts,
    plan::{MOST_SENT, SETTLING, is_about_pin},
};

/// How long to wait before anything else, and why.
pub(crate) struct Backoff {
    pub(crate) length: Duration,
    pub(crate) reason: Reason,
    /// Whether many numbers would wait equally long for the same reason.
    pub(crate) is_retry: bool,
}

impl Backoff {
    fn until_settled(length: Duration, reason: Reason) -> Self {
        Self { length, reason, is_retry: false }
    }

    fn retry(length: Duration, reason: Reason) -> Self {
        Self { length, reason, is_retry: true }
    }
}

/// Takes in that a call went wrong. What neither waiting nor reading can mend ends the run.
pub(crate) fn learn(
    history: &mut History,
    seen: &mut Observed,
    attempts: &Attempts,
    step: Step,
    error: &Error,
) -> Option<Backoff> {
    let presence = seen.presence();
    let failed = history.times_failed(step) + 1;
    history.failed.insert(step, failed);
    // Reading settles what had no answer, a failed reading does not.
    if !step.is_read() {
        history.unanswered = None;
    }
    // What was confirmed before it may be so no more: from here on reading tells.
    match step {
        Step::Register | Step::Migrate => drop(history.confirmed.remove(&Step::Deregister)),
        Step::Deregister => history.confirmed.retain(|done, _| !matches!(done, Step::Register | Step::Migrate)),
        _ => {}
    }
    if let Error::Build { .. } = error {
        return block(history, Reason::Invalid(step));
    }
    let advice = error.advice();
    let backoff = FIRST_BACKOFF.saturating_mul(1 << failed.min(10)).min(LONGEST_BACKOFF);
    let unreachable = || match error {
        Error::Api { .. } | Error::Decode { .. } => Reason::Faulty(step, advice),
        _ => Reason::Unreachable(step),
    };
    if error.outcome() == Outcome::NotSent {
        *history.not_sent.entry(step).or_default() += 1;
    }
    match error.outcome() {
        Outcome::Rejected => {}
        Outcome::NotSent | Outcome::Unknown if failed >= MOST_TRIED => return block(history, unreachable()),
        Outcome::Unknown if !step.is_read() => {
            history.unanswered = Some(step);
            history.has_code = false;
            seen.forget();
            return Some(Backoff::until_settled(SETTLING, Reason::Settling(step)));
        }
        _ => return Some(Backoff::retry(backoff, unreachable())),
    }
    let refused = history.refused.get(&step).map_or(1, |refused| refused + 1);
    history.refused.insert(step, refused);
    if step.is_counted() && error.is_registration_limit() {
        if refused > MOST_LOCKED {
            return block(history, Reason::Locked);
        }
        seen.forget();
        return Some(Backoff::until_settled(advice.wait.unwrap_or(LONGEST_BACKOFF), Reason::Locked));
    }

    let code = error.code().unwrap_or(ErrorCode::Other(0));
    let subcode = error.graph().and_then(|graph| graph.subcode);
    if let (Step::ReadNumber, Some(field)) = (step, error.unknown_field()) {
        if !is_optional(field) || !history.unknown_fields.insert(field.to_owned()) {
            // It names one that was not asked for, or that was left out already.
            if std::mem::replace(&mut history.certain_fields_only, true) {
                return block(history, Reason::Refused(step, advice));
            }
        }
        history.failed.remove(&step);
        return None;
    }
    match (step, code) {
        (Step::Register | Step::Migrate, code) if is_about_pin(code) => {
            block(history, if step == Step::Migrate { Reason::OnPremisesDown } else { Reason::WrongPin })
        }
        (Step::Register | Step::Migrate, _) if subcode == Some(CERTIFICATE) => {
            block(history, certificate_reason(error))
        }
        // The ledger remembers it, and the planner asks for a code.
        (Step::Register | Step::Migrate, ErrorCode::VerificationNeeded) if refused < MOST_SENT => {
            history.confirmed.remove(&Step::VerifyCode);
            None
        }
        // The ledger remembers it: deregistering comes next.
        (Step::Register | Step::Migrate, ErrorCode::DeregistrationIncomplete) if refused < MOST_SENT => None,
        (Step::Register | Step::Migrate, ErrorCode::DeletionUnfinished) if refused < MOST_SENT => {
            Some(Backoff::until_settled(advice.wait.unwrap_or(LONGEST_BACKOFF), Reason::JustDeregistered))
        }
        (Step::SetPin, ErrorCode::NotRegistered | ErrorCode::InvalidParameter) if presence != Presence::Cloud => {
            block(history, Reason::Unregistered)
        }
        (Step::Deregister, ErrorCode::NotRegistered) => {
            history.confirm(step, attempts.now());
            seen.forget();
            None
        }
        (Step::Deregister, ErrorCode::InvalidParameter) if subcode == Some(NOT_REGISTERED) => {
            history.confirm(step, attempts.now());
            seen.forget();
            None
        }
        (Step::RequestCode, ErrorCode::CodeNotSent) if matches!(subcode, Some(VERIFIED_ALREADY | NOT_ELIGIBLE)) => {
            let last = attempts.last(wa_core::AttemptKind::Register);
            if last.is_some_and(|entry| entry.code == Some(ErrorCode::VerificationNeeded)) {
                // Registering asks for a verification that the service refuses to begin: another attempt would be wasted.
                return block(history, Reason::VerificationRefused);
            }
            history.confirm(Step::VerifyCode, attempts.now());
            None
        }
        (Step::RequestCode, ErrorCode::CodeNotSent) => {
            // Without a subcode it may mean that the number is verified: reading it again tells.
            seen.forget();
            Some(Backoff::until_settled(CODES_BACKOFF, Reason::TooManyCodes))
        }
        (Step::RequestCode, ErrorCode::OperationRateLimit) => {
            Some(Backoff::until_settled(CODES_BACKOFF, Reason::TooManyCodes))
        }
        // The API description has 100 for a wrong code.
        (Step::VerifyCode, ErrorCode::CodeNotAccepted | ErrorCode::InvalidParameter) => {
            (history.has_code, history.code_was_wrong) = (false, true);
            if code == ErrorCode::InvalidParameter {
                seen.forget();
            }
            if subcode == Some(NOTHING_TO_VERIFY) {
                // It is verified already, or another code is needed: reading it tells which.
                history.wants_another_code = true;
                seen.forget();
            }
            None
        }
        (Step::Greet, ErrorCode::ConversationClosed) => block(history, Reason::OutsideWindow),
        _ => {
            let most = if step.is_counted() { MOST_SENT } else { MOST_TRIED };
            match advice.retry {
                // Nothing shows whether a message was sent all the same, so a person decides about another. And a
                // synchronisation may be requested once.
                RetryClass::Wait | RetryClass::Backoff if refused < most && !is_unrepeatable(step) => {
                    // The limit of registrations says nothing about other calls.
                    let wait = advice.wait.filter(|_| !error.is_registration_limit());
                    Some(Backoff::retry(wait.unwrap_or(backoff).max(backoff), Reason::Busy(step, advice)))
                }
                _ => block(history, Reason::Refused(step, advice)),
            }
        }
    }
}

fn block(history: &mut History, reason: Reason) -> Option<Backoff> {
    history.ending = Some(Ending::Blocked(Blocker::new(reason)));
    None
}

fn is_unrepeatable(step: Step) -> bool {
    matches!(step, Step::Greet | Step::SyncContacts | Step::SyncHistory)
}

/// Whether a run asks for this field and can do without it.
fn is_optional(field: &str) -> bool {
    OPTIONAL_FIELDS.iter().chain(FIELDS_OF_RENAMING).any(|optional| optional.as_str() == field)
}

/// 100/2388001 has two causes, which only its words for people tell apart.
fn certificate_reason(error: &Error) -> Reason {
    match error.certificate_cause() {
        Some(CertificateCause::OtherAccount) => Reason::OnAnotherAccount,
        Some(CertificateCause::NameNotUsable) => Reason::NameNotUsable,
        _ => Reason::CertificateRefused,
    }
}

/// The fields that every version has had: those of the documents since numbers can be read.
pub(crate) const CERTAIN_FIELDS: &[NumberField] = &[
    NumberField::Status,
    NumberField::CodeVerificationStatus,
    NumberField::VerifiedName,
    NumberField::NameStatus,
    NumberField::PlatformType,
];

/// The fields that are asked for unless the service says that it does not know them.
pub(crate) const OPTIONAL_FIELDS: &[NumberField] = &[NumberField::IsPinEnabled, NumberField::IsOnBizApp];

/// The fields that a renaming asks for as well.
pub(crate) const FIELDS_OF_RENAMING: &[NumberField] =
    &[NumberField::NewDisplayName, NumberField::NewNameStatus, NumberField::IsOfficialBusinessAccount];

const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_secs(900);
const CODES_BACKOFF: Duration = Duration::from_secs(3_600);
/// How often a call that is not counted is made before a run gives up over it.
const MOST_TRIED: u32 = 6;
/// How many locks, of 72 hours each, a run waits out. After so many, somebody else must be spending the number's attempts.
const MOST_LOCKED: u32 = 2;

// Meta's subcodes of 136024, 136025 and 100.
const VERIFIED_ALREADY: i64 = 2_388_366;
const NOT_ELIGIBLE: i64 = 2_388_091;
const NOTHING_TO_VERIFY: i64 = 2_388_093;
const NOT_REGISTERED: i64 = 2_207_051;
const CERTIFICATE: i64 = 2_388_001;

#[cfg(test)]
mod tests;
