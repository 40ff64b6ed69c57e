//! What both stores do within a transaction, in statements that both understand.

use std::ops::Range;

use serde::{
    Deserialize as _,
    de::value::{self, StrDeserializer},
};
use wa_core::{
    Attempt, Timestamp,
    ledger::{AttemptState, Attempts, Entry, Limit, Refusal, Reservation, Settlement},
    types::{ErrorCode, PhoneNumberId},
};

use crate::{Listing, Record, Unreadable, failure::Cause};

/// A transaction, as far as the stores differ.
pub(crate) trait Rows {
    /// What time it is: whose clock counts is the store's choice.
    fn now(&mut self, of_caller: Timestamp) -> Result<Timestamp, Cause>;

    /// Runs a statement that selects whole attempts. A row that cannot be read costs no other.
    fn records(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Result<Record, Unreadable>>, Cause>;

    /// Runs a statement and reads the first column of all rows, as far as it is text.
    fn texts(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<String>, Cause>;

    /// Runs a statement and reads the first column of its first row.
    fn integer(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Option<i64>, Cause>;

    /// Runs a statement that gives no rows.
    fn change(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<(), Cause>;
}

/// What a statement is given.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Integer(Option<i64>),
    Text(Option<&'a str>),
}

/// The columns of one row, as they are stored.
pub(crate) struct Columns {
    pub(crate) id: i64,
    pub(crate) number: String,
    pub(crate) kind: String,
    pub(crate) reserved: i64,
    pub(crate) settled: Option<i64>,
    pub(crate) state: String,
    pub(crate) code: Option<i64>,
    pub(crate) trace_id: Option<String>,
    pub(crate) who: Option<String>,
}

/// How a store counts, and in whose name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) limit: Limit,
    pub(crate) who: Option<String>,
}

impl Settings {
    pub(crate) fn attempts(&self, rows: &mut dyn Rows, number: &PhoneNumberId) -> Result<Attempts, Cause> {
        self.load(rows, number, NO_ID)
    }

    pub(crate) fn reserve(
        &self,
        rows: &mut dyn Rows,
        number: &PhoneNumberId,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Result<Reservation, Refusal>, Cause> {
        let now = rows.now(now)?;
        if let Err(refusal) = self.load(rows, number, NO_ID)?.reserve(NO_ID, attempt, now) {
            return Ok(Err(refusal));
        }
        let who = self.who.as_deref().into();
        let values =
            [number.as_str().into(), attempt.as_str().into(), now.into(), AttemptState::Open.as_str().into(), who];
        let id = rows.integer(RESERVE, &values)?.ok_or(UNREADABLE)?;
        Ok(Ok(Reservation::new(unsigned(id)?, number.clone(), attempt)))
    }

    pub(crate) fn settle(
        &self,
        rows: &mut dyn Rows,
        reservation: &Reservation,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<(), Cause> {
        let number = reservation.number.as_str();
        let now = rows.now(now)?;
        let mut attempts = self.load(rows, &reservation.number, reservation.id)?;
        let locked_until = attempts.locked_until();
        attempts.settle(reservation.id, settlement, now);
        let Some(entry) = attempts.entries().iter().find(|entry| entry.id == reservation.id) else {
            return Ok(());
        };
        let trace_id = settlement.trace_id.as_deref().into();
        let code = entry.code.map(ErrorCode::number).into();
        let settled = entry.settled.map(signed).into();
        rows.change(SETTLE, &[settled, entry.state.as_str().into(), code, trace_id, entry.id.into(), number.into()])?;
        match attempts.locked_until() {
            until if until == locked_until => Ok(()),
            until => rows.change(LOCK, &[number.into(), until.map(signed).into()]),
        }
    }

    /// Forgets what was over before this moment, of one number.
    pub(crate) fn forget(
        &self,
        rows: &mut dyn Rows,
        number: &PhoneNumberId,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<usize, Cause> {
        let now = rows.now(now)?;
        let entries = entries(rows.records(HISTORY, &[number.as_str().into()])?)?;
        let mut attempts = Attempts::load(self.limit, entries.clone(), None);
        attempts.prune(now);
        let is_over = |entry: &&Entry| entry.latest() < before && !attempts.entries().contains(entry);
        let over: Vec<&Entry> = entries.iter().filter(is_over).collect();
        over.iter().try_for_each(|entry| rows.change(FORGET, &[entry.id.into()]))?;
        Ok(over.len())
    }

    /// All that can count, whatever the time, and the attempt with this id.
    fn load(&self, rows: &mut dyn Rows, number: &PhoneNumberId, id: u64) -> Result<Attempts, Cause> {
        let locked_until = rows.integer(LOCKED, &[number.as_str().into()])?.map(moment).transpose()?;
        let records = rows.records(LOAD, &[number.as_str().into(), id.into()])?;
        Ok(Attempts::load(self.limit, entries(records)?, locked_until))
    }
}

pub(crate) fn audit(rows: &mut dyn Rows, number: &PhoneNumberId) -> Result<Listing, Cause> {
    Ok(Listing::new(rows.records(AUDIT, &[number.as_str().into()])?))
}

pub(crate) fn audit_all(rows: &mut dyn Rows, reserved: &Range<Timestamp>) -> Result<Listing, Cause> {
    Ok(Listing::new(rows.records(AUDIT_ALL, &[reserved.start.into(), reserved.end.into()])?))
}

pub(crate) fn in_doubt(rows: &mut dyn Rows) -> Result<Listing, Cause> {
    Ok(Listing::new(rows.records(IN_DOUBT, &[])?))
}

/// The numbers that have an attempt from before this moment.
pub(crate) fn numbers(rows: &mut dyn Rows, before: Timestamp) -> Result<Vec<PhoneNumberId>, Cause> {
    let numbers = rows.texts(NUMBERS, &[before.into()])?;
    Ok(numbers.iter().filter_map(|number| stored_number(number)).collect())
}

impl Columns {
    /// Reads what may be the work of a newer version, or of somebody's own hand.
    pub(crate) fn into_record(self) -> Result<Record, Unreadable> {
        let unreadable = Unreadable { id: Some(self.id), number: Some(self.number.clone()) };
        self.record().ok_or(unreadable)
    }

    fn record(self) -> Option<Record> {
        let attempt = Attempt::from_name(&self.kind)?;
        let mut entry = Entry::new(unsigned(self.id).ok()?, attempt, moment(self.reserved).ok()?);
        let code = self.code.map(ErrorCode::from);
        entry.state = AttemptState::from_name(&self.state);
        if let Some(settled) = self.settled {
            entry = entry.clone().settled(moment(settled).ok()?, entry.state, code);
        }
        Some(Record { number: stored_number(&self.number)?, entry, who: self.who, trace_id: self.trace_id })
    }
}

/// Takes a number as it was stored. It may be one that the service has given, so it is not checked.
fn stored_number(number: &str) -> Option<PhoneNumberId> {
    PhoneNumberId::deserialize(StrDeserializer::<value::Error>::new(number)).ok()
}

/// A decision needs every row.
fn entries(records: Vec<Result<Record, Unreadable>>) -> Result<Vec<Entry>, Cause> {
    records.into_iter().map(|record| record.map(|record| record.entry).map_err(|_| UNREADABLE)).collect()
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(integer: Option<i64>) -> Self {
        Self::Integer(integer)
    }
}

impl From<u64> for Value<'_> {
    fn from(integer: u64) -> Self {
        Self::Integer(Some(i64::try_from(integer).unwrap_or(i64::MAX)))
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(moment: Timestamp) -> Self {
        moment.as_millis().into()
    }
}

pub(crate) fn moment(millis: i64) -> Result<Timestamp, Cause> {
    unsigned(millis).map(Timestamp::from_millis)
}

fn signed(moment: Timestamp) -> i64 {
    i64::try_from(moment.as_millis()).unwrap_or(i64::MAX)
}

fn unsigned(integer: i64) -> Result<u64, Cause> {
    u64::try_from(integer).map_err(|_| UNREADABLE)
}

/// The store gives the ids, from 1 on.
const NO_ID: u64 = 0;

const UNREADABLE: Cause =
    Cause::Content("a row of this number holds what no program can have written: list and mend it (`Audit::audit`)");

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, number, kind, reserved, settled, state, code, trace_id, who FROM wa_ledger_attempt ", $rest)
    };
}

// The parameters first appear in the order of their numbers: that is how SQLite numbers them.
const LOAD: &str = select!("WHERE number = $1 AND (state <> 'not_sent' OR id = $2) ORDER BY id");
const AUDIT: &str = select!("WHERE number = $1 ORDER BY id DESC");
const AUDIT_ALL: &str = select!("WHERE reserved >= $1 AND reserved < $2 ORDER BY reserved DESC, id DESC");
const IN_DOUBT: &str = select!("WHERE state NOT IN ('confirmed', 'rejected', 'not_sent') ORDER BY id DESC");
const HISTORY: &str = select!("WHERE number = $1 ORDER BY id");
const NUMBERS: &str = "SELECT DISTINCT number FROM wa_ledger_attempt WHERE reserved < $1 ORDER BY number";
const LOCKED: &str = "SELECT locked_until FROM wa_ledger_number WHERE number = $1";
const RESERVE: &str =
    "INSERT INTO wa_ledger_attempt (number, kind, reserved, state, who) VALUES ($1, $2, $3, $4, $5) RETURNING id";
const SETTLE: &str = "UPDATE wa_ledger_attempt SET settled = $1, state = $2, code = $3, trace_id = $4 \
                      WHERE id = $5 AND number = $6";
const LOCK: &str = "INSERT INTO wa_ledger_number (number, locked_until) VALUES ($1, $2) \
                    ON CONFLICT (number) DO UPDATE SET locked_until = excluded.locked_until";
const FORGET: &str = "DELETE FROM wa_ledger_attempt WHERE id = $1";
