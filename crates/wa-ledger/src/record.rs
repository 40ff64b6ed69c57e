use std::ops::Range;

use wa_core::{Timestamp, types::PhoneNumberId};
use wa_life::ledger::{Entry, Ledger, LedgerError};

/// What an operator asks a ledger: who tried what when, and what came of it. The newest stands first in every answer.
pub trait Audit: Ledger {
    /// Every attempt of a number.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    fn audit(&self, number: &PhoneNumberId) -> Result<Listing, LedgerError>;

    /// The attempts of all numbers that were reserved in this time.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    fn audit_all(&self, reserved: Range<Timestamp>) -> Result<Listing, LedgerError>;

    /// The attempts of all numbers that were sent and of which nobody knows what became: they are under way, their process
    /// died, or their answer does not tell.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    fn in_doubt(&self) -> Result<Listing, LedgerError>;

    /// Forgets for good what was over before this moment, and says how much that was. What still counts is kept, and so
    /// is the latest attempt of each kind.
    ///
    /// # Errors
    ///
    /// The store cannot be written. Part may be forgotten by then.
    fn forget_before(&self, before: Timestamp, now: Timestamp) -> Result<usize, LedgerError>;
}

/// The attempts that were asked for. A row that cannot be read hides no other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listing {
    /// The attempts.
    pub records: Vec<Record>,
    /// Rows that hold what no program can have written. Their numbers get no attempts until the rows are mended.
    pub unreadable: Vec<Unreadable>,
}

impl Listing {
    #[cfg(any(feature = "postgres", feature = "sqlite"))]
    pub(crate) fn new(rows: Vec<Result<Record, Unreadable>>) -> Self {
        let mut listing = Self::default();
        for row in rows {
            match row {
                Ok(record) => listing.records.push(record),
                Err(row) => listing.unreadable.push(row),
            }
        }
        listing
    }
}

/// A row that cannot be read: where to look for it, as far as that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unreadable {
    /// Its id in the table `wa_ledger_attempt`.
    pub id: Option<i64>,
    /// Its number, as it is stored.
    pub number: Option<String>,
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
