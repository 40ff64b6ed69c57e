//! What the two stores have in common: both implement [`Store`], and by it the traits of a ledger and of an inbox.

use std::{ops::Range, time::Duration};

use wa_core::{
    Timestamp,
    types::PhoneNumberId,
    webhook::{Claim, EventKey, Inbox, InboxError, Lease},
};
use wa_life::ledger::{Attempt, Attempts, Ledger, LedgerError, Moment, Reservation, ReserveError, Settlement};

use crate::{
    Audit, Listing, events,
    failure::{Cause, Failure},
    rows::{self, Rows, Settings},
};

/// A place that can run a transaction.
pub(crate) trait Store {
    fn settings(&self) -> &Settings;

    /// Runs this in one transaction. An error undoes it. While it writes, nobody else can change the number.
    fn transact<R>(
        &self,
        access: Access<'_>,
        work: impl FnOnce(&mut dyn Rows) -> Result<R, Cause>,
    ) -> Result<R, Failure>;

    fn read<R>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut dyn Rows) -> Result<R, Cause>,
    ) -> Result<R, LedgerError> {
        self.transact(Access::Read, work).map_err(|failure| LedgerError::new(doing, failure))
    }

    fn write<R>(
        &self,
        doing: &'static str,
        number: &PhoneNumberId,
        work: impl FnOnce(&mut dyn Rows) -> Result<R, Cause>,
    ) -> Result<R, LedgerError> {
        self.transact(Access::Write(number), work).map_err(|failure| LedgerError::new(doing, failure))
    }

    fn change_events<R>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut dyn Rows) -> Result<R, Cause>,
    ) -> Result<R, InboxError> {
        self.transact(Access::WriteEvents, work).map_err(|failure| InboxError::new(doing, failure))
    }
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access<'a> {
    Read,
    /// Changing what is known of this number.
    #[cfg_attr(not(feature = "postgres"), allow(dead_code, reason = "SQLite locks the whole file"))]
    Write(&'a PhoneNumberId),
    /// Changing events of webhooks, each by one statement.
    WriteEvents,
}

// Rust allows no `impl<S: Store> Ledger for S`, since the trait belongs to another crate.
macro_rules! implement {
    ($store:ty) => {
        impl Ledger for $store {
            fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
                self.read(LOADING, |rows| self.settings().load(rows, number, now))
            }

            fn reserve(
                &self,
                number: &PhoneNumberId,
                attempt: &Attempt,
                now: Moment,
            ) -> Result<Reservation, ReserveError> {
                let reserve = |rows: &mut dyn Rows| self.settings().reserve(rows, number, attempt, now);
                self.write("reserving an attempt", number, reserve)?
            }

            fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
                let mark = |rows: &mut dyn Rows| self.settings().mark_sent(rows, reservation, now);
                self.write("marking an attempt as sent", &reservation.number, mark)
            }

            fn settle(
                &self,
                reservation: &Reservation,
                settlement: &Settlement,
                now: Moment,
            ) -> Result<(), LedgerError> {
                let settle = |rows: &mut dyn Rows| self.settings().settle(rows, reservation, settlement, now);
                self.write("noting an outcome", &reservation.number, settle)
            }
        }

        impl Audit for $store {
            fn audit(&self, number: &PhoneNumberId) -> Result<Listing, LedgerError> {
                self.read(LOADING, |rows| rows::audit(rows, number))
            }

            fn audit_all(&self, reserved: Range<Timestamp>) -> Result<Listing, LedgerError> {
                self.read("reading the attempts of all numbers", |rows| rows::audit_all(rows, &reserved))
            }

            fn in_doubt(&self) -> Result<Listing, LedgerError> {
                self.read("reading the attempts in doubt", |rows| rows::in_doubt(rows))
            }

            fn forget_before(&self, before: Timestamp, now: Timestamp) -> Result<usize, LedgerError> {
                forget_before(self, before, now)
            }
        }

        impl Inbox for $store {
            fn claim(&self, event: &EventKey, lease: Duration, now: Timestamp) -> Result<Claim, InboxError> {
                self.change_events("claiming an event", |rows| events::claim(rows, event, lease, now))
            }

            fn confirm(&self, lease: &Lease, now: Timestamp) -> Result<bool, InboxError> {
                self.change_events("confirming an event", |rows| events::confirm(rows, lease, now))
            }

            fn release(&self, lease: &Lease, now: Timestamp) -> Result<(), InboxError> {
                self.change_events("releasing an event", |rows| events::release(rows, lease, now))
            }

            fn prune(&self, now: Timestamp) -> Result<usize, InboxError> {
                let mut forgotten = 0;
                loop {
                    let some = self.change_events("forgetting events", |rows| events::forget_some(rows, now))?;
                    forgotten += some;
                    if some == 0 {
                        return Ok(forgotten);
                    }
                }
            }
        }
    };
}

#[cfg(feature = "postgres")]
implement!(crate::Postgres);
#[cfg(feature = "sqlite")]
implement!(crate::Sqlite);

/// One number that fails keeps no other from being cleared.
fn forget_before(store: &impl Store, before: Timestamp, now: Timestamp) -> Result<usize, LedgerError> {
    let numbers = store.read("looking for attempts that are over", |rows| rows::numbers(rows, before))?;
    let (mut forgotten, mut failure) = (0, None);
    for number in &numbers {
        let forget = |rows: &mut dyn Rows| store.settings().forget(rows, number, before, now);
        match store.write("forgetting attempts that are over", number, forget) {
            Ok(count) => forgotten += count,
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(forgotten), Err)
}

const LOADING: &str = "reading the attempts of a number";
