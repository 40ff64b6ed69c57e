//! The fleet under every order in which its workers, the person and a webhook can come, as far as the model checker's bound
//! allows.
//!
//! The fleet is compiled into this test a second time, with the model checker's locks in place of those of the standard
//! library and with runs that do what the test says. So no flag of the compiler is needed, and the test runs with all others.

#![allow(clippy::disallowed_methods, reason = "tests start threads")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail, and says how many orders it tried")]

#[path = "../src/budget.rs"]
mod budget;
#[path = "../src/fleet.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, reason = "it is public in the crate that it belongs to")]
mod fleet;
#[path = "../src/jitter.rs"]
mod jitter;
#[path = "fleet_model/run.rs"]
mod run;

mod ledger {
    pub(crate) use wa_life::ledger::LedgerError;
}

mod sync {
    pub(crate) use loom::sync::{Mutex, MutexGuard};
}

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use loom::thread;
use wa_core::{
    Config, Timestamp,
    types::{AccessToken, PhoneNumberId},
};
pub(crate) use wa_life::{Event, Goal, Subject};
use wa_life::{Retirement, ledger::LedgerError};

use crate::fleet::{Fleet, Next};
pub(crate) use crate::run::{Blocker, Ending, Progress, Question, Reason, Reply, Report, Run, Wait};

/// What a worker does with a run that it has taken.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Turn {
    Wait(u64),
    Ask,
    Done,
    /// Its future is dropped.
    Cancel,
    LedgerFails,
}

/// A fleet whose numbers do these turns, one after the other, and stay done after the last.
struct World {
    fleet: Fleet,
    turns: Vec<&'static [Turn]>,
    /// How many turns of each number were done. What follows is no part of the model.
    done: Vec<AtomicUsize>,
    holders: Vec<AtomicUsize>,
    clock: AtomicU64,
    reports: Mutex<BTreeMap<usize, usize>>,
}

impl World {
    fn new(turns: &[&'static [Turn]]) -> Arc<Self> {
        let config = Config::new(AccessToken::new("token").unwrap());
        let goals = (0..turns.len()).map(|place| Retirement::new(number(place)).into());
        let counts = || turns.iter().map(|_| AtomicUsize::new(0)).collect();
        Arc::new(Self {
            fleet: Fleet::new(&config, goals),
            turns: turns.to_vec(),
            done: counts(),
            holders: counts(),
            clock: AtomicU64::new(START),
            reports: Mutex::default(),
        })
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.clock.load(SeqCst))
    }

    /// Works until nothing is left for it. Whoever is to wait lets the time pass.
    fn work(&self) {
        loop {
            let mut held = match self.fleet.take(self.now()) {
                Next::Run(held) => held,
                Next::Wait(length) => {
                    self.clock.fetch_add(u64::try_from(length.as_millis()).unwrap(), SeqCst);
                    continue;
                }
                Next::Done => return,
            };
            let place = place(held.run_mut().unwrap().subject());
            assert_eq!(self.holders[place].fetch_add(1, SeqCst), 0, "number {place} was handed out twice");
            // Another thread may come while it is held.
            thread::yield_now();
            let nth = self.done[place].fetch_add(1, SeqCst);
            let turn = self.turns[place].get(nth).copied().unwrap_or(Turn::Done);
            let report = held.run_mut().unwrap().report(Ending::Done);
            self.holders[place].fetch_sub(1, SeqCst);
            let progress = match turn {
                Turn::Wait(seconds) => Ok(Progress::Wait(Wait::new(Duration::from_secs(seconds)))),
                Turn::Ask => Ok(Progress::Ask(Question)),
                Turn::Done => Ok(Progress::Done(Box::new(report))),
                Turn::LedgerFails => Err(LedgerError::new("a test", "it is said so")),
                Turn::Cancel => continue,
            };
            // That the ledger failed for all is told to one worker, and costs no number.
            let _ = self.fleet.give_back(held, progress, self.now());
        }
    }

    /// Takes out reports, which come in the order of the list.
    fn take_reports(&self) {
        let places: Vec<_> = self.fleet.reports().iter().map(|report| place(&report.subject)).collect();
        assert!(places.is_sorted(), "{places:?}");
        let mut reports = self.reports.lock().unwrap();
        for place in places {
            *reports.entry(place).or_default() += 1;
        }
    }

    /// Ends what is left, alone, and checks that no number was lost.
    fn check(&self) {
        self.work();
        for place in 0..self.turns.len() {
            while self.fleet.answer(&number(place), Reply::NotReceived) {
                self.work();
            }
        }
        assert!(self.fleet.questions().is_empty());
        self.take_reports();
        let reports = self.reports.lock().unwrap();
        assert!(reports.keys().copied().eq(0..self.turns.len()), "a number was lost: {reports:?}");
        assert!(reports.values().all(|count| *count == 1), "a number was reported twice: {reports:?}");
        for (turns, done) in self.turns.iter().zip(&self.done) {
            let done = done.load(SeqCst);
            assert!(done == turns.len() || turns.last() != Some(&Turn::Done), "{done} of {turns:?}");
        }
    }
}

fn number(place: usize) -> PhoneNumberId {
    PhoneNumberId::new(format!("10000{place}")).unwrap()
}

fn place(subject: &Subject) -> usize {
    subject.number().unwrap().as_str()[5..].parse().unwrap()
}

/// Explores all orders of two workers and of what this thread does meanwhile.
fn model(turns: &'static [&'static [Turn]], meanwhile: fn(&World)) {
    let executions = Arc::new(AtomicUsize::new(0));
    let counted = executions.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        counted.fetch_add(1, SeqCst);
        let world = World::new(turns);
        let workers = [(); 2].map(|()| {
            let world = world.clone();
            thread::spawn(move || world.work())
        });
        meanwhile(&world);
        workers.into_iter().for_each(|worker| worker.join().unwrap());
        world.check();
    });
    let executions = executions.load(SeqCst);
    println!("{turns:?}: {executions} orders");
    assert!(executions > 20, "{executions}");
}

#[test]
fn no_number_has_two_workers_and_none_is_lost_while_reports_are_taken() {
    model(&[&[Turn::Done], &[Turn::Wait(0), Turn::Done], &[Turn::Done]], World::take_reports);
}

#[test]
fn a_person_may_answer_at_any_moment() {
    model(&[&[Turn::Ask, Turn::Done], &[Turn::Done]], |world| {
        world.fleet.answer(&number(0), Reply::NotReceived);
        world.fleet.answer(&number(1), Reply::NotReceived);
    });
}

#[test]
fn a_person_may_stop_a_number_at_any_moment() {
    model(&[&[Turn::Ask], &[Turn::Done]], |world| {
        world.fleet.answer(&number(0), Reply::Stop);
    });
}

#[test]
fn a_webhook_may_wake_a_number_at_any_moment() {
    model(&[&[Turn::Wait(2), Turn::Done], &[Turn::Done]], |world| {
        world.fleet.wake(&number(0));
        world.fleet.wake(&number(0));
    });
}

#[test]
fn a_worker_that_is_cancelled_loses_nothing() {
    model(&[&[Turn::Cancel, Turn::Done], &[Turn::Cancel, Turn::Wait(1), Turn::Done]], World::take_reports);
}

#[test]
fn a_ledger_that_fails_loses_nothing() {
    model(
        &[&[Turn::LedgerFails, Turn::Done], &[Turn::LedgerFails, Turn::Done], &[Turn::LedgerFails, Turn::Done]],
        |_| {},
    );
}

/// The simulated present of the first turn.
const START: u64 = 1_750_000_000_000;
