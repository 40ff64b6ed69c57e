use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use wa_core::types::PhoneNumberId;

use crate::ledger::{
    AsyncLedger, Attempt, Attempts, Ledger, LedgerError, Limit, Moment, Reservation, ReserveError, Settlement,
};

/// A ledger that lasts as long as its process: for tests, and for trying things out.
#[derive(Debug, Default)]
pub struct Memory {
    limit: Limit,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    numbers: BTreeMap<PhoneNumberId, Attempts>,
}

impl Memory {
    /// An empty ledger with this rule of counting.
    #[must_use]
    pub fn new(limit: Limit) -> Self {
        Self { limit, inner: Mutex::default() }
    }

    /// Lets this work on the attempts of a number.
    fn with<R>(&self, number: &PhoneNumberId, now: Moment, work: impl FnOnce(&mut u64, &mut Attempts) -> R) -> R {
        let mut inner: MutexGuard<'_, Inner> = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { last, numbers } = &mut *inner;
        let attempts = numbers.entry(number.clone()).or_insert_with(|| Attempts::new(self.limit, now));
        *attempts = std::mem::replace(attempts, Attempts::new(self.limit, now)).at(now);
        work(last, attempts)
    }
}

impl Ledger for Memory {
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ok(self.with(number, now, |_, attempts| attempts.clone()))
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
        self.with(number, now, |last, attempts| {
            attempts.prune();
            attempts.reserve(*last + 1, attempt)?;
            *last += 1;
            Ok(Reservation::new(*last, number.clone(), attempt.kind))
        })
    }

    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        Ok(self.with(&reservation.number, now, |_, attempts| attempts.mark_sent(reservation.id)))
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        self.with(&reservation.number, now, |_, attempts| attempts.settle(reservation.id, settlement));
        Ok(())
    }
}

#[async_trait]
impl AsyncLedger for Memory {
    async fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ledger::load(self, number, now)
    }

    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: &Attempt,
        now: Moment,
    ) -> Result<Reservation, ReserveError> {
        Ledger::reserve(self, number, attempt, now)
    }

    async fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        Ledger::mark_sent(self, reservation, now)
    }

    async fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        Ledger::settle(self, reservation, settlement, now)
    }
}

#[cfg(test)]
mod tests {
    use wa_core::{AttemptKind, Timestamp};

    use super::*;
    use crate::ledger::AttemptState;

    const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

    fn states(ledger: &Memory, number: &PhoneNumberId) -> Vec<(u64, AttemptState)> {
        let attempts = Ledger::load(ledger, number, NOW.into()).unwrap();
        attempts.entries().iter().map(|entry| (entry.id, entry.state)).collect()
    }

    #[test]
    fn blocking_or_not_it_keeps_what_was_noted_of_each_number() {
        use AttemptState::{Rejected, Reserved, Sent};
        for is_async in [false, true] {
            let (ledger, now) = (Memory::default(), Moment::from(NOW));
            let [one, two] = ["1", "2"].map(|id| PhoneNumberId::new(id).unwrap());
            let reserve = |number| {
                let attempt = Attempt::new(AttemptKind::Register);
                match is_async {
                    true => pollster::block_on(AsyncLedger::reserve(&ledger, number, &attempt, now)).unwrap(),
                    false => Ledger::reserve(&ledger, number, &attempt, now).unwrap(),
                }
            };
            let mark = |reservation| match is_async {
                true => pollster::block_on(AsyncLedger::mark_sent(&ledger, reservation, now)).unwrap(),
                false => Ledger::mark_sent(&ledger, reservation, now).unwrap(),
            };
            let settle = |reservation, state| {
                let settlement = Settlement::new(state);
                match is_async {
                    true => pollster::block_on(AsyncLedger::settle(&ledger, reservation, &settlement, now)).unwrap(),
                    false => Ledger::settle(&ledger, reservation, &settlement, now).unwrap(),
                }
            };
            let reservations = [&one, &two, &one].map(reserve);
            assert_eq!(reservations.clone().map(|reservation| reservation.id), [1, 2, 3]);
            assert!(mark(&reservations[0]) && mark(&reservations[1]));
            settle(&reservations[0], Rejected);
            assert_eq!(states(&ledger, &one), [(1, Rejected), (3, Reserved)]);
            assert_eq!(states(&ledger, &two), [(2, Sent)]);
            // What was given back cannot be used.
            Ledger::settle(&ledger, &reservations[2], &Settlement::abandoned(), now).unwrap();
            assert!(!mark(&reservations[2]));
        }
    }
}
