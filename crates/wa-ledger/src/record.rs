use std::ops::Range;

use wa_core::{
    Timestamp,
    ledger::{Entry, Ledger, LedgerError},
    types::PhoneNumberId,
};

/// What an operator asks a ledger: who tried what when, and what came of it. The newest stands first in every answer.
pub trait Audit: Ledger {
    /// Every attempt of a number.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    fn audit(&self, number: &PhoneNumberId) -> Result<Vec<Record>, LedgerError>;

    /// The attempts of all numbers that were reserved in this time.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    fn audit_all(&self, reserved: Range<Timestamp>) -> Result<Vec<Record>, LedgerError>;

    /// The attempts of all numbers of which nobody knows what became: under way, abandoned by a crash, or unanswered.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    fn in_doubt(&self) -> Result<Vec<Record>, LedgerError>;

    /// Forgets for good what was over before this moment, and says how much that was. What still counts is kept, and so
    /// is the latest attempt of each kind.
    ///
    /// # Errors
    ///
    /// The store cannot be written. Part may be forgotten by then.
    fn forget_before(&self, before: Timestamp, now: Timestamp) -> Result<usize, LedgerError>;
}

/// One attempt, and who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The number.
    pub number: PhoneNumberId,
    /// What was tried when, and what came of it.
    pub entry: Entry,
    /// Who reserved it, if they said so.
    pub who: Option<String>,
    /// The trace id by which Meta's support finds the request, if it was refused.
    pub trace_id: Option<String>,
}
