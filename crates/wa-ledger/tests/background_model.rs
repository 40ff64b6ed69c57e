//! The background ledger under every order in which its threads and its callers can come, as far as the model checker's
//! bound allows.
//!
//! It is compiled into this test a second time, with the model checker's locks and two of its threads in place of those of
//! the standard library. So no flag of the compiler is needed, and the test runs with all others.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail, and says how many orders it tried")]
#![allow(clippy::disallowed_methods, reason = "tests start threads")]

#[path = "../src/background.rs"]
#[allow(dead_code, unreachable_pub, reason = "it is public in the crate that it belongs to")]
mod background;

mod sync {
    pub(crate) use loom::{
        sync::{Condvar, Mutex, MutexGuard},
        thread,
    };

    pub(crate) const THREADS: usize = 2;
}

use std::{
    panic::resume_unwind,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Wake, Waker},
};

use loom::thread;
use wa_core::{AttemptKind, Timestamp, types::PhoneNumberId};
use wa_life::ledger::{
    AsyncLedger, Attempt, AttemptState, Attempts, Ledger, LedgerError, Limit, Moment, Reservation, ReserveError,
    Settlement,
};

use crate::background::Background;

/// Something that a thread of the model can wait for.
#[derive(Default)]
struct Signal {
    is_told: loom::sync::Mutex<bool>,
    changed: loom::sync::Condvar,
    /// It was told at some time. This is no part of the model.
    was_told: AtomicBool,
}

impl Signal {
    fn tell(&self) {
        self.was_told.store(true, SeqCst);
        *self.is_told.lock().unwrap() = true;
        self.changed.notify_all();
    }

    fn wait(&self) {
        let mut is_told = self.is_told.lock().unwrap();
        while !std::mem::take(&mut *is_told) {
            is_told = self.changed.wait(is_told).unwrap();
        }
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.tell();
    }
}

/// What the ledger inside has done in one execution.
#[derive(Default)]
struct Tally {
    /// The places of the numbers and the ids of the jobs, in the order in which they ended. This is no part of the model.
    done: Mutex<Vec<(usize, u64)>>,
    /// How many threads work on each number. The model checker may change the thread wherever this changes.
    holders: [loom::sync::atomic::AtomicUsize; 2],
    gate: Signal,
    /// The last thread has let go of the ledger.
    ended: Signal,
}

struct Observed(Arc<Tally>);

impl Observed {
    fn work(&self, number: &PhoneNumberId, id: u64) {
        let place = usize::from(*number == self::number(1));
        let is_alone = self.0.holders[place].fetch_add(1, SeqCst) == 0;
        match id {
            WAITS => self.0.gate.wait(),
            OPENS => self.0.gate.tell(),
            _ => {}
        }
        // The thread would catch a panic, so this is noted for the end.
        self.0.done.lock().unwrap().push((place, if is_alone { id } else { TWO_AT_ONCE }));
        self.0.holders[place].fetch_sub(1, SeqCst);
        if id == PANICS {
            // Without a message for each of thousands of orders.
            resume_unwind(Box::new(()));
        }
    }
}

impl Ledger for Observed {
    fn load(&self, _: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ok(Attempts::new(Limit::default(), now))
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, _: Moment) -> Result<Reservation, ReserveError> {
        self.work(number, RESERVES);
        Ok(Reservation::new(RESERVES, number.clone(), attempt.kind))
    }

    fn mark_sent(&self, _: &Reservation, _: Moment) -> Result<bool, LedgerError> {
        Ok(true)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, _: Moment) -> Result<(), LedgerError> {
        let is_given_back = reservation.id == RESERVES && *settlement == Settlement::abandoned();
        self.work(&reservation.number, if is_given_back { GIVES_BACK } else { reservation.id });
        Ok(())
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.0.ended.tell();
    }
}

/// One execution: callers, each of which drops the background ledger when it is done, and what they saw.
#[derive(Clone)]
struct World {
    background: Arc<Background<Observed>>,
    tally: Arc<Tally>,
}

impl World {
    fn new() -> Self {
        let tally = Arc::new(Tally::default());
        Self { background: Arc::new(Background::new(Observed(tally.clone())).unwrap()), tally }
    }

    /// Asks for these jobs, in this order, and says which of them were done. A caller that does not wait leaves at once.
    fn settle(&self, jobs: &[(usize, u64)], waits: bool) -> Vec<bool> {
        let settlement = Settlement::new(AttemptState::Confirmed);
        let reservation = |(place, id): &_| Reservation::new(*id, number(*place), AttemptKind::Register);
        let reservations: Vec<_> = jobs.iter().map(reservation).collect();
        let mut futures = Vec::new();
        for reservation in &reservations {
            let mut future = AsyncLedger::settle(&*self.background, reservation, &settlement, now());
            let answer = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            futures.push((future, answer));
        }
        let waited = futures.into_iter().filter(|_| waits).map(|(future, answer)| match answer {
            Poll::Ready(answer) => answer.is_ok(),
            Poll::Pending => block_on(future).is_ok(),
        });
        waited.collect()
    }

    /// Lets go of the background ledger, waits for the end of its threads, and returns what was done.
    fn end(self) -> Vec<(usize, u64)> {
        drop(self.background);
        self.tally.ended.wait();
        std::mem::take(&mut *self.tally.done.lock().unwrap())
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let (mut future, signal) = (pin!(future), Arc::new(Signal::default()));
    let waker = Waker::from(signal.clone());
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => signal.wait(),
        }
    }
}

/// The ids of what was done for one number, in order.
fn of(place: usize, done: &[(usize, u64)]) -> Vec<u64> {
    done.iter().filter(|(other, _)| *other == place).map(|(_, id)| *id).collect()
}

fn number(place: usize) -> PhoneNumberId {
    PhoneNumberId::new(format!("10000{place}")).unwrap()
}

fn now() -> Moment {
    Moment::from(Timestamp::from_millis(1_750_000_000_000))
}

fn model(name: &str, run: impl Fn() + Sync + Send + 'static) {
    let executions = Arc::new(AtomicUsize::new(0));
    let counted = executions.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.check(move || {
        counted.fetch_add(1, SeqCst);
        run();
    });
    let executions = executions.load(SeqCst);
    println!("{name}: {executions} orders");
    assert!(executions > 20, "{executions}");
}

/// One caller that asks for these jobs: how they are answered, and what is done for each number. It waits if it learns of
/// the answers.
fn one_caller(jobs: &'static [(usize, u64)], answers: &'static [bool], expected: [&'static [u64]; 2]) {
    model(&format!("{jobs:?}"), move || {
        let world = World::new();
        assert_eq!(world.settle(jobs, !answers.is_empty()), answers);
        let done = world.end();
        assert_eq!([of(0, &done), of(1, &done)], expected);
    });
}

#[test]
fn jobs_of_a_number_run_once_in_order_and_never_two_at_once() {
    model("two callers", || {
        let world = World::new();
        let other = {
            let world = world.clone();
            thread::spawn(move || assert_eq!(world.settle(&[(0, 3)], true), [true]))
        };
        assert!(world.settle(&[(0, 1), (0, 2)], false).is_empty());
        other.join().unwrap();
        let done = of(0, &world.end());
        assert!([[3, 1, 2], [1, 3, 2], [1, 2, 3]].iter().any(|order| done == order), "{done:?}");
    });
}

#[test]
fn a_job_that_waits_holds_up_no_other_number() {
    one_caller(&[(0, WAITS), (0, 1), (1, OPENS)], &[true, true, true], [&[WAITS, 1], &[OPENS]]);
}

#[test]
fn a_job_that_panics_costs_no_thread_and_no_other_job() {
    let jobs = &[(0, PANICS), (0, WAITS), (0, 1), (1, OPENS)];
    one_caller(jobs, &[false, true, true, true], [&[PANICS, WAITS, 1], &[OPENS]]);
}

#[test]
fn what_waits_when_the_ledger_is_dropped_is_still_done() {
    one_caller(&[(0, 1), (1, 2), (0, 3)], &[], [&[1, 3], &[2]]);
}

#[test]
fn a_reservation_whose_caller_left_before_its_answer_is_given_back() {
    let seen: [Arc<AtomicBool>; 3] = Default::default();
    let [never_made, given_back, answered] = seen.clone();
    model("a caller that leaves", move || {
        let (world, signal) = (World::new(), Arc::new(Signal::default()));
        let (number, attempt) = (number(0), Attempt::new(AttemptKind::Register));
        let mut future = AsyncLedger::reserve(&*world.background, &number, &attempt, now());
        let answer = future.as_mut().poll(&mut Context::from_waker(&Waker::from(signal.clone())));
        // Looking at what the threads change lets the model checker try to leave before it and after it.
        world.tally.holders[0].load(SeqCst);
        // An answer that has come, but was not read, is no longer the ledger's to give back.
        let is_answered = answer.is_ready() || signal.was_told.load(SeqCst);
        drop(future);
        assert_eq!(world.settle(&[(0, 1)], true), [true]);
        match (is_answered, of(0, &world.end()).as_slice()) {
            (true, [RESERVES, 1]) => answered.store(true, SeqCst),
            (false, [RESERVES, GIVES_BACK, 1]) => given_back.store(true, SeqCst),
            (false, [1]) => never_made.store(true, SeqCst),
            (_, done) => panic!("{done:?}, answered before it left: {is_answered}"),
        }
    });
    assert!(seen.iter().all(|seen| seen.load(SeqCst)), "never made, given back, answered: {seen:?}");
}

const WAITS: u64 = 100;
const OPENS: u64 = 101;
const PANICS: u64 = 102;
const RESERVES: u64 = 103;
const GIVES_BACK: u64 = 104;
const TWO_AT_ONCE: u64 = 105;
