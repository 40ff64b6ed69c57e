use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::deadline::Deadline;

/// A bounded set of connections. Each borrower has one for itself.
pub(crate) struct Pool<C> {
    state: Mutex<State<C>>,
    returned: Condvar,
}

struct State<C> {
    idle: Vec<C>,
    free_slots: usize,
}

impl<C> Pool<C> {
    /// A pool that lends at most this many connections at once.
    pub(crate) fn new(size: usize) -> Self {
        Self { state: Mutex::new(State { idle: Vec::new(), free_slots: size }), returned: Condvar::new() }
    }

    /// Waits for a slot of the pool. Returns nothing if none is free before the deadline.
    pub(crate) fn borrow(&self, deadline: Deadline) -> Option<Slot<'_, C>> {
        let mut state = self.lock();
        while state.free_slots == 0 {
            let left = deadline.left();
            if left.is_zero() {
                return None;
            }
            state = self.returned.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.free_slots -= 1;
        Some(Slot { pool: self, connection: state.idle.pop() })
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A slot of the pool, with the connection that is kept there, if there is one.
pub(crate) struct Slot<'a, C> {
    pool: &'a Pool<C>,
    connection: Option<C>,
}

impl<C> Slot<'_, C> {
    /// Takes the connection out of its slot: should the borrower panic, the connection is closed, and with it its
    /// transaction.
    pub(crate) fn take(&mut self) -> Option<C> {
        self.connection.take()
    }

    /// Puts a connection there for the next borrower.
    pub(crate) fn put(&mut self, connection: C) {
        self.connection = Some(connection);
    }
}

impl<C> Drop for Slot<'_, C> {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        state.idle.extend(self.connection.take());
        state.free_slots += 1;
        drop(state);
        self.pool.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn with_connection<C>(size: usize, connection: C) -> Pool<C> {
        let pool = Pool::new(size);
        pool.borrow(at_once()).unwrap().put(connection);
        pool
    }

    fn at_once() -> Deadline {
        Deadline::after(Duration::ZERO)
    }

    #[test]
    fn a_pool_lends_no_more_than_its_size() {
        let pool = with_connection(2, "first");
        let mut first = pool.borrow(at_once()).unwrap();
        assert_eq!(first.take(), Some("first"));
        let mut second = pool.borrow(at_once()).unwrap();
        assert_eq!(second.take(), None, "the second borrower makes a connection");
        assert!(pool.borrow(at_once()).is_none());
        second.put("second");
        drop(second);
        assert_eq!(pool.borrow(at_once()).unwrap().take(), Some("second"));
    }

    #[test]
    fn a_returned_slot_wakes_whoever_waits() {
        let pool = with_connection(1, 7);
        let slot = pool.borrow(at_once()).unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| pool.borrow(Deadline::after(Duration::from_secs(10))).unwrap().take());
            drop(slot);
            assert_eq!(waiting.join().unwrap(), Some(7));
        });
    }

    #[test]
    fn a_borrower_that_panics_gives_its_slot_back() {
        let pool = with_connection(1, 7);
        let panics = std::panic::AssertUnwindSafe(|| {
            let mut slot = pool.borrow(at_once()).unwrap();
            let _connection = slot.take();
            panic!("a test panics");
        });
        assert!(std::panic::catch_unwind(panics).is_err());
        assert_eq!(pool.borrow(at_once()).unwrap().take(), None);
    }
}
