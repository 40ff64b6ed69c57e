use std::{
    fmt,
    sync::PoisonError,
    time::{Duration, Instant},
};

use crate::{
    Limits,
    sync::{Mutex, MutexGuard},
};

/// Idle connections. The most recently used one is taken first.
///
/// A pool reads no clock, never waits and starts neither threads nor tasks: a transport passes the time, and runs a
/// *reaper* that calls [`reap`](Self::reap) at the times that the pool asks for. Connections are closed outside of the
/// pool's lock.
///
/// - `H` is the home of a connection: where it was opened, and the only place where it can be used, such as a runtime.
///   Each home has its own reaper, so that a runtime that is not polled does not hold up the others.
/// - `K` identifies the server that a connection leads to.
pub struct Pool<H, K, C> {
    limits: Limits,
    state: Mutex<State<H, K, C>>,
}

/// A connection that a [`Pool`] can keep.
pub trait Poolable {
    /// Whether the connection can carry another request: the server has neither closed it nor sent anything unasked.
    fn is_open(&mut self) -> bool;
}

struct State<H, K, C> {
    /// In the order in which they were returned.
    idle: Vec<Idle<H, K, C>>,
    /// The homes that have a reaper: at least those of all idle connections.
    reapers: Vec<H>,
}

struct Idle<H, K, C> {
    home: H,
    key: K,
    connection: C,
    since: Instant,
}

impl<H: Copy + PartialEq, K: PartialEq, C: Poolable> Pool<H, K, C> {
    /// An empty pool.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, state: Mutex::new(State { idle: Vec::new(), reapers: Vec::new() }) }
    }

    /// Takes out a connection that can still be used.
    pub fn take(&self, home: H, key: &K, now: Instant) -> Option<C> {
        loop {
            let mut idle = {
                let mut state = self.lock();
                let index = state.idle.iter().rposition(|idle| {
                    idle.home == home && idle.key == *key && !idle.is_expired(self.limits.idle_timeout, now)
                })?;
                state.idle.remove(index)
            };
            if idle.connection.is_open() {
                return Some(idle.connection);
            }
        }
    }

    /// Keeps a connection for the next call, and closes the ones that have been idle longest if there are too many.
    ///
    /// Returns whether the caller must start a reaper for this home.
    #[must_use]
    pub fn put(&self, home: H, key: K, connection: C, now: Instant) -> bool {
        // Dropped after the lock.
        let mut closing = Vec::new();
        let mut state = self.lock();
        state.idle.push(Idle { home, key, connection, since: now });
        state.take_expired(self.limits.idle_timeout, now, &mut closing);
        state.take_surplus(&self.limits, &mut closing);
        let needs_reaper = state.idle.iter().any(|idle| idle.home == home) && !state.reapers.contains(&home);
        if needs_reaper {
            state.reapers.push(home);
        }
        needs_reaper
    }

    /// Closes the connections that have been idle for too long or that the server has closed. Called by the reaper of
    /// this home.
    ///
    /// Returns when to call it again, or `None` if the reaper must end: the next [`put`](Self::put) asks for a new one.
    pub fn reap(&self, home: H, now: Instant) -> Option<Instant> {
        let mut closing = Vec::new();
        let mut state = self.lock();
        state.take_expired(self.limits.idle_timeout, now, &mut closing);
        closing.extend(state.idle.extract_if(.., |idle| !idle.connection.is_open()));
        let oldest = state.idle.iter().filter(|idle| idle.home == home).map(|idle| idle.since).min();
        match oldest {
            // A blocking transport learns only by looking that a server has closed a connection.
            Some(since) => {
                Some(since.checked_add(self.limits.idle_timeout).map_or(now + PROBE, |due| due.min(now + PROBE)))
            }
            None => {
                state.reapers.retain(|reaper| *reaper != home);
                None
            }
        }
    }

    /// Records that the reaper of this home has ended although it was not told to.
    pub fn reaper_died(&self, home: H) {
        self.lock().reapers.retain(|reaper| *reaper != home);
    }

    fn lock(&self) -> MutexGuard<'_, State<H, K, C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<H, K: PartialEq, C> State<H, K, C> {
    fn take_expired(&mut self, timeout: Duration, now: Instant, closing: &mut Vec<Idle<H, K, C>>) {
        closing.extend(self.idle.extract_if(.., |idle| idle.is_expired(timeout, now)));
    }

    /// Takes out what exceeds the limits. Only the server of the newest connection, which is the last, can have too many.
    fn take_surplus(&mut self, limits: &Limits, closing: &mut Vec<Idle<H, K, C>>) {
        if let Some(newest) = self.idle.last() {
            let is_same = |idle: &Idle<H, K, C>| idle.key == newest.key;
            if self.idle.iter().filter(|idle| is_same(idle)).count() > limits.max_idle_per_host
                && let Some(oldest) = self.idle.iter().position(is_same)
            {
                closing.push(self.idle.remove(oldest));
            }
        }
        if self.idle.len() > limits.max_idle {
            closing.push(self.idle.remove(0));
        }
    }
}

impl<H, K, C> Idle<H, K, C> {
    fn is_expired(&self, timeout: Duration, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= timeout
    }
}

impl<H, K, C> fmt::Debug for Pool<H, K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// How often a reaper looks for connections that the server has closed.
const PROBE: Duration = Duration::from_secs(1);
