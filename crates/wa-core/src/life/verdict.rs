//! What a call that went wrong means for the run.

use std::time::Duration;

use wa_types::{ErrorCode, RetryClass};

use crate::{
    Error, Outcome,
    life::{
        Blocker, Ending, Observed, Presence, Reason, Task,
        plan::{MOST_SENT, SETTLING, is_about_pin},
    },
};

/// How long to wait before anything else, and why.
pub(crate) type Pause = (Duration, Reason);

impl Observed {
    /// Takes in that a call went wrong. What cannot be mended by waiting or reading ends the run.
    pub(crate) fn learn(&mut self, task: Task, error: &Error) -> Option<Pause> {
        let failed = self.times_failed(task) + 1;
        self.failed.insert(task, failed);
        // Reading settles a doubt, a failed reading does not.
        if !task.is_read() {
            self.doubt = None;
        }
        // What was confirmed before it may be so no more: from here on reading tells.
        match task {
            Task::Register | Task::Migrate => drop(self.confirmed.remove(&Task::Deregister)),
            Task::Deregister => self.confirmed.retain(|done| !matches!(done, Task::Register | Task::Migrate)),
            _ => {}
        }
        let advice = error.advice();
        let backoff = FIRST_PAUSE.saturating_mul(1 << failed.min(10)).min(LONGEST_PAUSE);

        if let Error::Build { .. } = error {
            return self.block(Reason::Impossible(task));
        }
        match error.outcome() {
            Outcome::NotSent if failed >= MOST_TRIED => return self.block(Reason::Unreachable(task)),
            Outcome::NotSent => return Some((backoff, Reason::Unreachable(task))),
            Outcome::Unknown if failed >= MOST_TRIED => return self.block(Reason::Unreachable(task)),
            Outcome::Unknown if task.is_read() => return Some((backoff, Reason::Unreachable(task))),
            Outcome::Unknown => {
                self.doubt = Some(task);
                self.has_code = false;
                self.forget_reads();
                return Some((SETTLING, Reason::Settling(task)));
            }
            Outcome::Rejected => {}
        }
        if task.is_counted() && error.is_registration_limit() {
            self.forget_reads();
            return Some((advice.wait.unwrap_or(LONGEST_PAUSE), Reason::Locked));
        }

        let code = error.code().unwrap_or(ErrorCode::Other(0));
        let subcode = error.graph().and_then(|graph| graph.subcode);
        match (task, code) {
            (Task::Register | Task::Migrate, code) if is_about_pin(code) => {
                return self.block(if task == Task::Migrate { Reason::OnPremisesDown } else { Reason::WrongPin });
            }
            (Task::Register, ErrorCode::VerificationNeeded) if failed < MOST_SENT => {
                self.confirmed.remove(&Task::VerifyCode);
                self.must_verify = true;
                return None;
            }
            // The ledger remembers it: deregistering comes next.
            (Task::Register | Task::Migrate, ErrorCode::DeregistrationIncomplete) if failed < MOST_SENT => return None,
            (Task::Register | Task::Migrate, ErrorCode::DeletionUnfinished) if failed < MOST_SENT => {
                return Some((advice.wait.unwrap_or(LONGEST_PAUSE), Reason::JustDeregistered));
            }
            (Task::SetPin, ErrorCode::NotRegistered | ErrorCode::InvalidParameter)
                if self.presence() != Presence::Cloud =>
            {
                self.pin_needs_registration = true;
                return None;
            }
            (Task::Deregister, ErrorCode::NotRegistered) => {
                self.confirm(task);
                return None;
            }
            (Task::Deregister, ErrorCode::InvalidParameter) if subcode == Some(NOT_REGISTERED) => {
                self.confirm(task);
                return None;
            }
            (Task::RequestCode, ErrorCode::CodeNotSent) => {
                if matches!(subcode, Some(VERIFIED_ALREADY | NOT_ELIGIBLE)) {
                    self.confirm(Task::VerifyCode);
                    return None;
                }
                // Without a subcode it may mean that the number is verified: reading it again tells.
                self.forget_reads();
                return Some((CODES_PAUSE, Reason::TooManyCodes));
            }
            (Task::RequestCode, ErrorCode::OperationRateLimit) => return Some((CODES_PAUSE, Reason::TooManyCodes)),
            // The API description has 100 for a wrong code.
            (Task::VerifyCode, ErrorCode::CodeNotAccepted | ErrorCode::InvalidParameter) => {
                self.has_code = false;
                self.code_was_wrong = true;
                if code == ErrorCode::InvalidParameter {
                    self.forget_reads();
                }
                if subcode == Some(NOTHING_TO_VERIFY) {
                    // It is verified already, or another code is needed: reading it tells which.
                    self.wants_another_code = true;
                    self.forget_reads();
                }
                return None;
            }
            _ => {}
        }

        let most = if task.is_counted() { MOST_SENT } else { MOST_TRIED };
        match advice.retry {
            // Nothing shows whether a message was sent all the same, so a person decides about another.
            RetryClass::Wait | RetryClass::Backoff if failed < most && task != Task::Greet => {
                self.has_code &= task != Task::VerifyCode || advice.retry == RetryClass::Wait;
                Some((advice.wait.unwrap_or(backoff).max(backoff), Reason::Busy(task, advice)))
            }
            _ => self.block(Reason::Refused(task, advice)),
        }
    }

    fn block(&mut self, reason: Reason) -> Option<Pause> {
        self.ending = Some(Ending::Blocked(Blocker::new(reason)));
        None
    }
}

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(900);
const CODES_PAUSE: Duration = Duration::from_secs(3_600);
/// How often a call that is not counted is made before a run gives up over it.
const MOST_TRIED: u32 = 6;

// Meta's subcodes of 136024, 136025 and 100.
const VERIFIED_ALREADY: i64 = 2_388_366;
const NOT_ELIGIBLE: i64 = 2_388_091;
const NOTHING_TO_VERIFY: i64 = 2_388_093;
const NOT_REGISTERED: i64 = 2_207_051;
