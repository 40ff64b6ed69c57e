//! What both stores do within a transaction, in statements that both understand.

use std::ops::Range;

use serde::{
    Deserialize as _,
    de::value::{self, StrDeserializer},
};
use wa_core::{
    AttemptKind, Timestamp,
    types::{ErrorCode, PhoneNumberId},
};
use wa_life::ledger::{Attempt, AttemptState, Attempts, Entry, Limit, Moment, Reservation, ReserveError, Settlement};

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
    pub(crate) counted: Option<i64>,
    pub(crate) state: String,
    pub(crate) reserved: i64,
    pub(crate) reserved_by_service: Option<i64>,
    pub(crate) settled: Option<i64>,
    pub(crate) settled_by_service: Option<i64>,
    pub(crate) code: Option<i64>,
    pub(crate) trace_id: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) who: Option<String>,
}

/// How a store counts, and in whose name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) limit: Limit,
    pub(crate) who: Option<String>,
}

impl Settings {
    pub(crate) fn load(&self, rows: &mut dyn Rows, number: &PhoneNumberId, now: Moment) -> Result<Attempts, Cause> {
        let now = moment_of_store(rows, now)?;
        self.attempts(rows, number, NO_ID, now)
    }

    pub(crate) fn reserve(
        &self,
        rows: &mut dyn Rows,
        number: &PhoneNumberId,
        attempt: &Attempt,
        now: Moment,
    ) -> Result<Result<Reservation, ReserveError>, Cause> {
        let now = moment_of_store(rows, now)?;
        if let Err(refusal) = self.attempts(rows, number, NO_ID, now)?.reserve(NO_ID, attempt) {
            return Ok(Err(refusal));
        }
        let id = rows.integer(
            RESERVE,
            &[
                number.as_str().into(),
                attempt.kind.as_str().into(),
                Value::Integer(Some(attempt.kind.is_counted().into())),
                AttemptState::Reserved.as_str().into(),
                now.store.into(),
                now.service.map(signed).into(),
                attempt.display_name.as_deref().map(storable).as_deref().into(),
                self.who.as_deref().map(storable).as_deref().into(),
            ],
        )?;
        Ok(Ok(Reservation::new(unsigned(id.ok_or(UNREADABLE)?)?, number.clone(), attempt.kind)))
    }

    pub(crate) fn mark_sent(&self, rows: &mut dyn Rows, reservation: &Reservation, now: Moment) -> Result<bool, Cause> {
        let (number, id) = (&reservation.number, reservation.id);
        let may_send = self.attempts(rows, number, id, now)?.mark_sent(id);
        if may_send {
            rows.change(MARK_SENT, &[AttemptState::Sent.as_str().into(), id.into(), number.as_str().into()])?;
        }
        Ok(may_send)
    }

    pub(crate) fn settle(
        &self,
        rows: &mut dyn Rows,
        reservation: &Reservation,
        settlement: &Settlement,
        now: Moment,
    ) -> Result<(), Cause> {
        let now = moment_of_store(rows, now)?;
        let mut attempts = self.attempts(rows, &reservation.number, reservation.id, now)?;
        if !attempts.settle(reservation.id, settlement) {
            return Ok(());
        }
        let settled = attempts.entries().iter().find(|entry| entry.id == reservation.id);
        settled.map_or(Ok(()), |entry| {
            let (settled, by_service) = (entry.settled.map(|at| at.store), entry.settled.and_then(|at| at.service));
            rows.change(
                SETTLE,
                &[
                    entry.state.as_str().into(),
                    settled.map(signed).into(),
                    by_service.map(signed).into(),
                    entry.code.map(ErrorCode::number).into(),
                    settlement.trace_id.as_deref().map(storable).as_deref().into(),
                    entry.display_name.as_deref().map(storable).as_deref().into(),
                    entry.id.into(),
                    reservation.number.as_str().into(),
                ],
            )
        })
    }

    /// Forgets what was over before this moment, of one number.
    pub(crate) fn forget(
        &self,
        rows: &mut dyn Rows,
        number: &PhoneNumberId,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<usize, Cause> {
        let now = moment_of_store(rows, now.into())?;
        let entries = entries(rows.records(HISTORY, &[number.as_str().into()])?)?;
        let mut attempts = Attempts::load(self.limit, entries.clone(), now);
        attempts.prune();
        let is_over = |entry: &&Entry| entry.latest().store < before && !attempts.entries().contains(entry);
        let over: Vec<&Entry> = entries.iter().filter(is_over).collect();
        over.iter().try_for_each(|entry| rows.change(FORGET, &[entry.id.into()]))?;
        Ok(over.len())
    }

    /// All that can count, whatever the time, and the attempt with this id.
    fn attempts(&self, rows: &mut dyn Rows, number: &PhoneNumberId, id: u64, now: Moment) -> Result<Attempts, Cause> {
        let records = rows.records(LOAD, &[number.as_str().into(), id.into()])?;
        Ok(Attempts::load(self.limit, entries(records)?, now))
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
    /// Reads what may be the work of another version, or of somebody's own hand.
    pub(crate) fn into_record(self) -> Result<Record, Unreadable> {
        let unreadable = Unreadable { id: Some(self.id), number: Some(self.number.clone()) };
        self.record().ok_or(unreadable)
    }

    fn record(self) -> Option<Record> {
        let reserved = stored_moment(self.reserved, self.reserved_by_service)?;
        let mut entry = Entry::new(unsigned(self.id).ok()?, AttemptKind::from_name(&self.kind), reserved);
        if let Some(counted) = self.counted {
            entry.is_counted = counted != 0;
        }
        entry.state = AttemptState::from_name(&self.state);
        if let Some(settled) = self.settled {
            entry.settled = Some(stored_moment(settled, self.settled_by_service)?);
        }
        entry.code = self.code.map(ErrorCode::from);
        entry.display_name = self.display_name;
        Some(Record { number: stored_number(&self.number)?, entry, who: self.who, trace_id: self.trace_id })
    }
}

/// Takes a number as it was stored. It may be one that the service has given, so it is not checked.
fn stored_number(number: &str) -> Option<PhoneNumberId> {
    PhoneNumberId::deserialize(StrDeserializer::<value::Error>::new(number)).ok()
}

fn stored_moment(store: i64, service: Option<i64>) -> Option<Moment> {
    let service = service.map(moment).transpose().ok()?;
    Some(Moment::new(moment(store).ok()?, service))
}

/// PostgreSQL stores no NUL. An outcome must not be lost over one in a name or a trace id of the service.
pub(crate) fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

/// The caller's moment, dated by the clock of the store.
fn moment_of_store(rows: &mut dyn Rows, now: Moment) -> Result<Moment, Cause> {
    Ok(Moment::new(rows.now(now.store)?, now.service))
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

pub(crate) fn unsigned(integer: i64) -> Result<u64, Cause> {
    u64::try_from(integer).map_err(|_| UNREADABLE)
}

/// The store gives the ids, from 1 on.
const NO_ID: u64 = 0;

const UNREADABLE: Cause = Cause::Content(
    "a row of this number holds what no program can have written: find it with `Audit::audit` and mend it",
);

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, kind, counted, state, reserved, reserved_by_service, settled, settled_by_service, code, ",
            "trace_id, display_name, who FROM wa_ledger_attempt ",
            $rest
        )
    };
}

// The parameters first appear in the order of their numbers: that is how SQLite numbers them.
const LOAD: &str = select!("WHERE number = $1 AND (state <> 'not_sent' OR id = $2) ORDER BY id");
const HISTORY: &str = select!("WHERE number = $1 ORDER BY id");
const AUDIT: &str = select!("WHERE number = $1 ORDER BY id DESC");
const AUDIT_ALL: &str = select!("WHERE reserved >= $1 AND reserved < $2 ORDER BY reserved DESC, id DESC");
// To the letter the condition of the index wa_ledger_attempt_in_doubt, which is used for that reason alone.
pub(crate) const IN_DOUBT: &str =
    select!("WHERE state NOT IN ('reserved', 'confirmed', 'rejected', 'not_sent') ORDER BY id DESC");
const NUMBERS: &str = "SELECT DISTINCT number FROM wa_ledger_attempt WHERE reserved < $1 ORDER BY number";
const RESERVE: &str = "INSERT INTO wa_ledger_attempt \
                       (number, kind, counted, state, reserved, reserved_by_service, display_name, who) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
const MARK_SENT: &str = "UPDATE wa_ledger_attempt SET state = $1 WHERE id = $2 AND number = $3 AND state = 'reserved'";
const SETTLE: &str = "UPDATE wa_ledger_attempt \
                      SET state = $1, settled = $2, settled_by_service = $3, code = $4, \
                      trace_id = coalesce($5, trace_id), display_name = $6 \
                      WHERE id = $7 AND number = $8";
const FORGET: &str = "DELETE FROM wa_ledger_attempt WHERE id = $1";
