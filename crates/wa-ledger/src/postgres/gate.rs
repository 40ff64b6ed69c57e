use std::{
    collections::BTreeSet,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use wa_core::types::PhoneNumberId;

use crate::deadline::Deadline;

/// Lets one thread of the process at a time work on a number, so that a number that is held elsewhere costs one
/// connection and not all of them.
#[derive(Default)]
pub(crate) struct Gate {
    busy: Mutex<BTreeSet<PhoneNumberId>>,
    left: Condvar,
}

impl Gate {
    /// Waits until nobody else works on this number. Returns nothing if the deadline passes before that.
    pub(crate) fn enter<'a>(&'a self, number: &'a PhoneNumberId, deadline: Deadline) -> Option<Turn<'a>> {
        let mut busy = self.lock();
        while busy.contains(number) {
            let left = deadline.left();
            if left.is_zero() {
                return None;
            }
            busy = self.left.wait_timeout(busy, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        busy.insert(number.clone());
        Some(Turn { gate: self, number })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<PhoneNumberId>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to work on a number, which ends with this value.
pub(crate) struct Turn<'a> {
    gate: &'a Gate,
    number: &'a PhoneNumberId,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.gate.lock().remove(self.number);
        self.gate.left.notify_all();
    }
}
