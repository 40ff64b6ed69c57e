//! What both stores do within a transaction, in statements that both understand.

use std::ops::Range;

use wa_core::{
    Attempt, Timestamp,
    ledger::{AttemptState, Attempts, Entry, Limit, Refusal, Reservation, Settlement},
    types::{ErrorCode, PhoneNumberId},
};

use crate::{Record, failure::Cause};

/// A transaction, as far as the stores differ.
pub(crate) trait Rows {
    /// Lets nobody else change this number until the transaction ends.
    fn hold(&mut self, number: &str) -> Result<(), Cause>;

    /// What time it is: whose clock counts is the store's choice.
    fn now(&mut self, of_caller: Timestamp) -> Result<Timestamp, Cause>;

    /// Runs a statement that selects whole attempts.
    fn records(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<Record>, Cause>;

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
    pub(crate) fn attempts(&self, rows: &mut impl Rows, number: &PhoneNumberId) -> Result<Attempts, Cause> {
        self.load(rows, number, NO_ID)
    }

    pub(crate) fn reserve(
        &self,
        rows: &mut impl Rows,
        number: &PhoneNumberId,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Result<Reservation, Refusal>, Cause> {
        rows.hold(number.as_str())?;
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
        rows: &mut impl Rows,
        reservation: &Reservation,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<(), Cause> {
        let number = reservation.number.as_str();
        rows.hold(number)?;
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
        rows: &mut impl Rows,
        number: &PhoneNumberId,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<usize, Cause> {
        rows.hold(number.as_str())?;
        let now = rows.now(now)?;
        let mut entries: Vec<Entry> = audit(rows, number)?.into_iter().map(|record| record.entry).collect();
        entries.reverse();
        let mut attempts = Attempts::load(self.limit, entries.clone(), None);
        attempts.prune(now);
        let is_over = |entry: &&Entry| entry.latest() < before && !attempts.entries().contains(entry);
        let over: Vec<&Entry> = entries.iter().filter(is_over).collect();
        over.iter().try_for_each(|entry| rows.change(FORGET, &[entry.id.into()]))?;
        Ok(over.len())
    }

    /// All that can count, whatever the time, and the attempt with this id.
    fn load(&self, rows: &mut impl Rows, number: &PhoneNumberId, id: u64) -> Result<Attempts, Cause> {
        let locked_until = rows.integer(LOCKED, &[number.as_str().into()])?.map(moment).transpose()?;
        let records = rows.records(LOAD, &[number.as_str().into(), id.into()])?;
        Ok(Attempts::load(self.limit, records.into_iter().map(|record| record.entry).collect(), locked_until))
    }
}

pub(crate) fn audit(rows: &mut impl Rows, number: &PhoneNumberId) -> Result<Vec<Record>, Cause> {
    rows.records(AUDIT, &[number.as_str().into()])
}

pub(crate) fn audit_all(rows: &mut impl Rows, reserved: &Range<Timestamp>) -> Result<Vec<Record>, Cause> {
    rows.records(AUDIT_ALL, &[reserved.start.into(), reserved.end.into()])
}

pub(crate) fn in_doubt(rows: &mut impl Rows) -> Result<Vec<Record>, Cause> {
    rows.records(IN_DOUBT, &[])
}

/// The numbers that have an attempt from before this moment.
pub(crate) fn numbers(rows: &mut impl Rows, before: Timestamp) -> Result<Vec<PhoneNumberId>, Cause> {
    Ok(rows.records(NUMBERS, &[before.into()])?.into_iter().map(|record| record.number).collect())
}

impl TryFrom<Columns> for Record {
    type Error = Cause;

    fn try_from(columns: Columns) -> Result<Self, Cause> {
        let attempt = Attempt::from_name(&columns.kind).ok_or(UNKNOWN_KIND)?;
        let mut entry = Entry::new(unsigned(columns.id)?, attempt, moment(columns.reserved)?);
        let code = columns.code.map(ErrorCode::from);
        entry.state = AttemptState::from_name(&columns.state);
        if let Some(settled) = columns.settled {
            entry = entry.clone().settled(moment(settled)?, entry.state, code);
        }
        let number = PhoneNumberId::new(columns.number).map_err(|_| UNREADABLE)?;
        Ok(Self { number, entry, who: columns.who, trace_id: columns.trace_id })
    }
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
    Cause::Content("it holds what this program cannot have written: put a sound copy in its place");
const UNKNOWN_KIND: Cause = Cause::Content("it holds a kind of attempt that is not known here: update this program");

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
const NUMBERS: &str =
    select!("WHERE id IN (SELECT min(id) FROM wa_ledger_attempt WHERE reserved < $1 GROUP BY number) ORDER BY number");
const LOCKED: &str = "SELECT locked_until FROM wa_ledger_number WHERE number = $1";
const RESERVE: &str =
    "INSERT INTO wa_ledger_attempt (number, kind, reserved, state, who) VALUES ($1, $2, $3, $4, $5) RETURNING id";
const SETTLE: &str = "UPDATE wa_ledger_attempt SET settled = $1, state = $2, code = $3, trace_id = $4 \
                      WHERE id = $5 AND number = $6";
const LOCK: &str = "INSERT INTO wa_ledger_number (number, locked_until) VALUES ($1, $2) \
                    ON CONFLICT (number) DO UPDATE SET locked_until = excluded.locked_until";
const FORGET: &str = "DELETE FROM wa_ledger_attempt WHERE id = $1";
