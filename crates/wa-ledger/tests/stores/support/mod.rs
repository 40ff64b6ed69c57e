use std::{
    error::Error,
    io::{self, Write as _},
    iter,
};

use tempfile::TempDir;
use wa_core::{AttemptKind, Timestamp, types::PhoneNumberId};
use wa_ledger::{Background, Sqlite};
use wa_life::ledger::{
    AsyncLedger, Attempt, AttemptState, Attempts, Ledger, LedgerError, Limit, Memory, Moment, Reservation,
    ReserveError, Settlement,
};

#[cfg(feature = "postgres")]
mod postgres;

#[cfg(feature = "postgres")]
pub(crate) use postgres::{Database, Server};

/// Where a store is: it can be opened more than once, but for a [`Memory`], which starts anew each time.
pub(crate) trait Place: Sized {
    type Store: Ledger + Send + Sync;

    /// A new and empty one; none where the store is not installed.
    fn new() -> Option<Self>;

    fn open(&self, limit: Limit) -> Self::Store;
}

pub(crate) struct Nowhere;

impl Place for Nowhere {
    type Store = Memory;

    fn new() -> Option<Self> {
        Some(Self)
    }

    fn open(&self, limit: Limit) -> Memory {
        Memory::new(limit)
    }
}

pub(crate) struct File(pub(crate) TempDir);

impl File {
    pub(crate) fn path(&self) -> String {
        self.0.path().join("ledger.db").display().to_string()
    }
}

impl Place for File {
    type Store = Sqlite;

    fn new() -> Option<Self> {
        tempfile::tempdir().map(Self).ok()
    }

    fn open(&self, limit: Limit) -> Sqlite {
        Sqlite::open(self.path()).unwrap().limit(limit)
    }
}

/// A file, with a thread in front of it.
pub(crate) struct Behind(File);

impl Place for Behind {
    type Store = Waiting;

    fn new() -> Option<Self> {
        File::new().map(Self)
    }

    fn open(&self, limit: Limit) -> Waiting {
        Waiting(Background::new(self.0.open(limit)).unwrap())
    }
}

/// An asynchronous ledger that is waited for.
pub(crate) struct Waiting(Background<Sqlite>);

impl Ledger for Waiting {
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        pollster::block_on(self.0.load(number, now))
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
        pollster::block_on(self.0.reserve(number, attempt, now))
    }

    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        pollster::block_on(self.0.mark_sent(reservation, now))
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        pollster::block_on(self.0.settle(reservation, settlement, now))
    }
}

pub(crate) fn number() -> PhoneNumberId {
    PhoneNumberId::new("106540352242922").unwrap()
}

pub(crate) fn other_number() -> PhoneNumberId {
    PhoneNumberId::new("106853218861309").unwrap()
}

/// A moment by the store's clock.
pub(crate) fn hours(hours: u64) -> Moment {
    Timestamp::from_millis(1_700_000_000_000 + hours * 3_600_000).into()
}

pub(crate) fn attempt(kind: AttemptKind) -> Attempt {
    Attempt::new(kind)
}

pub(crate) fn state(state: AttemptState) -> Settlement {
    Settlement::new(state)
}

/// Reserves an attempt, and marks it as sent.
pub(crate) fn send(ledger: &impl Ledger, number: &PhoneNumberId, kind: AttemptKind, now: Moment) -> Reservation {
    let reservation = ledger.reserve(number, &attempt(kind), now).unwrap();
    assert!(ledger.mark_sent(&reservation, now).unwrap());
    reservation
}

/// Takes attempts to register until none is left, at most 20, and says how many it got.
pub(crate) fn grab(ledger: &impl Ledger, number: &PhoneNumberId, now: Moment) -> usize {
    let mut granted = 0;
    for _ in 0..20 {
        match ledger.reserve(number, &attempt(AttemptKind::Register), now) {
            Ok(_) => granted += 1,
            Err(ReserveError::Refused(_)) => {}
            Err(error) => panic!("{}", chain(&error)),
        }
    }
    granted
}

/// Says loudly that something was not tested. Not by a macro, whose output the test harness keeps for itself.
pub(crate) fn skipped(what: &str) {
    io::stderr().write_all(format!("\nSKIPPED: {what}\n").as_bytes()).unwrap();
}

/// An error with all its causes.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let causes: Vec<String> =
        iter::successors(Some(error), |error| (*error).source()).map(ToString::to_string).collect();
    causes.join(" <- ")
}
