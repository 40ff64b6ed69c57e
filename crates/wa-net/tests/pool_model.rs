//! The pool under every order in which its callers and its reaper can come, as far as the model checker's bound allows.
//!
//! The pool is compiled into this test a second time, with the model checker's locks in place of those of the standard
//! library. So no flag of the compiler is needed, and the test runs with all others.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests look at the clock and may fail")]

#[path = "../src/pool.rs"]
#[allow(unreachable_pub, reason = "it is public in the crate that it belongs to")]
mod pool;

mod sync {
    pub(crate) use loom::sync::{Mutex, MutexGuard};
}

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use loom::thread;
use wa_net::{Limits, Settings};

use crate::pool::{Pool, Poolable};

/// What became of all connections of one execution. These counts are no part of the model.
#[derive(Default)]
struct Tally {
    opened: AtomicUsize,
    closed: AtomicUsize,
    reapers_started: AtomicUsize,
    reapers_ended: AtomicUsize,
}

struct Connection {
    tally: Arc<Tally>,
    is_held: AtomicBool,
    is_closed_by_server: Arc<loom::sync::atomic::AtomicBool>,
}

impl Connection {
    fn open(tally: &Arc<Tally>) -> Self {
        tally.opened.fetch_add(1, SeqCst);
        let is_closed_by_server = Arc::new(loom::sync::atomic::AtomicBool::new(false));
        Self { tally: tally.clone(), is_held: AtomicBool::new(false), is_closed_by_server }
    }
}

impl Poolable for Connection {
    fn is_open(&mut self) -> bool {
        !self.is_closed_by_server.load(SeqCst)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        assert!(!self.is_held.load(SeqCst), "a connection is closed under its caller");
        self.tally.closed.fetch_add(1, SeqCst);
    }
}

/// One execution: a pool and what is counted beside it.
#[derive(Clone)]
struct World {
    pool: Arc<Pool<u8, u8, Connection>>,
    tally: Arc<Tally>,
    begin: Instant,
}

impl World {
    fn new(limits: Limits) -> Self {
        Self { pool: Arc::new(Pool::new(limits)), tally: Arc::default(), begin: Instant::now() }
    }

    fn put(&self, key: u8, connection: Connection) {
        if self.pool.put(HOME, key, connection, self.begin) {
            self.tally.reapers_started.fetch_add(1, SeqCst);
        }
    }

    /// A call: nobody else may hold its connection meanwhile.
    fn call(&self, key: u8) {
        let connection = self.pool.take(HOME, &key, self.begin).unwrap_or_else(|| Connection::open(&self.tally));
        assert!(!connection.is_held.swap(true, SeqCst), "two callers have the same connection");
        thread::yield_now();
        connection.is_held.store(false, SeqCst);
        self.put(key, connection);
    }

    /// A reaper that comes at these times, or until it is told to end.
    fn reap(&self, times: &[Instant]) {
        for now in times {
            if self.pool.reap(HOME, *now).is_none() {
                self.tally.reapers_ended.fetch_add(1, SeqCst);
                return;
            }
        }
    }

    fn running_reapers(&self) -> usize {
        self.tally.reapers_started.load(SeqCst) - self.tally.reapers_ended.load(SeqCst)
    }

    /// Checks what must hold when all threads are done.
    fn check(self, keys: &[u8], cap: usize) {
        let count = |count: &AtomicUsize| count.load(SeqCst);
        let running = self.running_reapers();
        let open = count(&self.tally.opened) - count(&self.tally.closed);
        let mut waiting = Vec::new();
        for key in keys {
            waiting.extend(std::iter::from_fn(|| self.pool.take(HOME, key, self.begin)));
        }
        assert!(running <= 1, "{running} reapers at once");
        assert!(waiting.is_empty() || running == 1, "connections wait, but no reaper will come");
        assert!(waiting.len() <= cap, "{} connections wait, {cap} may", waiting.len());
        assert_eq!(waiting.len(), open, "a connection leaked or was closed twice");
    }
}

fn model(run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(run);
}

fn limits(max_idle: usize, max_idle_per_host: usize) -> Limits {
    Settings::new().idle_timeout(TIMEOUT).max_idle(max_idle).max_idle_per_host(max_idle_per_host).limits()
}

#[test]
fn no_connection_has_two_callers_and_none_leaks_while_the_reaper_comes() {
    model(|| {
        let world = World::new(limits(8, 8));
        world.put(1, Connection::open(&world.tally));
        let callers = [1, 1].map(|key| {
            let world = world.clone();
            thread::spawn(move || world.call(key))
        });
        // Once too early, once when the time of all is over.
        world.reap(&[world.begin, world.begin + TIMEOUT]);
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        world.check(&[1], 2);
    });
}

#[test]
fn the_caps_hold_whoever_comes_first() {
    for (limits, cap) in [(limits(1, 8), 1), (limits(8, 1), 2), (limits(0, 8), 0), (limits(8, 0), 0)] {
        model(move || {
            let world = World::new(limits);
            let callers = [1, 1].map(|key| {
                let world = world.clone();
                thread::spawn(move || world.call(key))
            });
            world.call(2);
            callers.into_iter().for_each(|caller| caller.join().unwrap());
            world.check(&[1, 2], cap);
        });
    }
}

#[test]
fn a_connection_that_the_server_closes_is_closed_once() {
    model(|| {
        let world = World::new(limits(8, 8));
        let connection = Connection::open(&world.tally);
        let is_closed = connection.is_closed_by_server.clone();
        world.put(1, connection);
        let server = thread::spawn(move || is_closed.store(true, SeqCst));
        let caller = {
            let world = world.clone();
            thread::spawn(move || world.call(1))
        };
        world.reap(&[world.begin]);
        server.join().unwrap();
        caller.join().unwrap();
        // One that is closed by the server may still wait: the reaper's next visit closes it.
        if world.running_reapers() > 0 {
            world.reap(&[world.begin]);
        }
        world.check(&[1], 1);
    });
}

#[test]
fn a_home_has_connections_and_a_reaper_of_its_own() {
    model(|| {
        let world = World::new(limits(8, 8));
        let other = {
            let world = world.clone();
            thread::spawn(move || world.pool.put(HOME + 1, 1, Connection::open(&world.tally), world.begin))
        };
        assert!(world.pool.put(HOME, 1, Connection::open(&world.tally), world.begin));
        world.pool.reaper_died(HOME);
        assert!(world.pool.put(HOME, 1, Connection::open(&world.tally), world.begin));
        assert!(other.join().unwrap());
        assert!(world.pool.take(HOME + 2, &1, world.begin).is_none());
        assert!(world.pool.take(HOME + 1, &1, world.begin).is_some());
        assert!(world.pool.take(HOME + 1, &1, world.begin).is_none());
    });
}

const HOME: u8 = 0;
const TIMEOUT: Duration = Duration::from_secs(15);
