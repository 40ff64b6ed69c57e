//! A ledger in a thread of its own.

use std::{
    future::Future,
    pin::pin,
    sync::{Mutex, mpsc},
    task::{Context, Poll, Waker},
    time::Duration,
};

use wa_core::{AttemptKind, types::PhoneNumberId};
use wa_ledger::{Audit, Background, Sqlite};
use wa_life::ledger::{
    AsyncLedger, Attempt, AttemptState, Attempts, Ledger, LedgerError, Limit, Memory, Moment, Reservation,
    ReserveError, Settlement,
};

use crate::support::{File, Place, attempt, chain, hours, number, other_number};

/// A ledger that waits for a word before each reservation of one number, and says when it has ended.
struct Slow {
    memory: Memory,
    go: Mutex<mpsc::Receiver<()>>,
    begun: mpsc::Sender<()>,
    ended: mpsc::Sender<()>,
}

impl Ledger for Slow {
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ledger::load(&self.memory, number, now)
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
        if *number == other_number() {
            return Ledger::reserve(&self.memory, number, attempt, now);
        }
        self.begun.send(()).unwrap();
        self.go.lock().unwrap().recv_timeout(TIMEOUT).expect("nobody lets the ledger go on");
        Ledger::reserve(&self.memory, number, attempt, now)
    }

    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        Ledger::mark_sent(&self.memory, reservation, now)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        Ledger::settle(&self.memory, reservation, settlement, now)
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.ended.send(()).unwrap();
    }
}

struct Ends {
    go: mpsc::Sender<()>,
    begun: mpsc::Receiver<()>,
    ended: mpsc::Receiver<()>,
}

fn slow() -> (Background<Slow>, Ends) {
    let ((go, waits), (begins, begun), (ends, ended)) = (mpsc::channel(), mpsc::channel(), mpsc::channel());
    let ledger = Slow { memory: Memory::new(Limit::default()), go: Mutex::new(waits), begun: begins, ended: ends };
    (Background::new(ledger).unwrap(), Ends { go, begun, ended })
}

fn poll<T>(future: impl Future<Output = T>) -> Poll<T> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn the_executor_goes_on_while_the_ledger_works() {
    let (ledger, ends) = slow();
    let number = number();
    let register = attempt(AttemptKind::Register);
    let mut reservation = pin!(ledger.reserve(&number, &register, hours(0)));
    assert!(poll(reservation.as_mut()).is_pending(), "it is back at once");
    ends.begun.recv_timeout(TIMEOUT).unwrap();
    ends.go.send(()).unwrap();
    pollster::block_on(reservation).unwrap();
}

#[test]
fn whoever_leaves_spends_nothing() {
    let (ledger, ends) = slow();
    let (number, register) = (number(), attempt(AttemptKind::Register));
    // One leaves while it is served, the other while it waits.
    {
        let mut served = Box::pin(ledger.reserve(&number, &register, hours(0)));
        assert!(poll(served.as_mut()).is_pending());
        ends.begun.recv_timeout(TIMEOUT).unwrap();
        let mut waiting = Box::pin(ledger.reserve(&number, &register, hours(0)));
        assert!(poll(waiting.as_mut()).is_pending());
    }
    // A third comes after them.
    (0..2).for_each(|_| ends.go.send(()).unwrap());
    pollster::block_on(ledger.reserve(&number, &register, hours(0))).unwrap();
    let attempts = pollster::block_on(ledger.load(&number, hours(0))).unwrap();
    assert_eq!(attempts.left(AttemptKind::Register), 9);
    assert_eq!(attempts.entries().len(), 2, "the one that waited was not even reserved");
}

#[test]
fn whoever_leaves_before_sending_leaves_nothing_in_doubt() {
    let (ledger, ends) = slow();
    let (number, register) = (number(), attempt(AttemptKind::Register));
    ends.go.send(()).unwrap();
    let reservation = pollster::block_on(ledger.reserve(&number, &register, hours(0))).unwrap();
    ends.begun.recv_timeout(TIMEOUT).unwrap();
    {
        let mut served = Box::pin(ledger.reserve(&number, &register, hours(0)));
        assert!(poll(served.as_mut()).is_pending());
        ends.begun.recv_timeout(TIMEOUT).unwrap();
        let mut waiting = Box::pin(ledger.mark_sent(&reservation, hours(0)));
        assert!(poll(waiting.as_mut()).is_pending());
    }
    (0..2).for_each(|_| ends.go.send(()).unwrap());
    pollster::block_on(ledger.reserve(&number, &register, hours(0))).unwrap();
    let attempts = pollster::block_on(ledger.load(&number, hours(0))).unwrap();
    assert_eq!(attempts.entries()[0].state, AttemptState::Reserved);
}

#[test]
fn a_number_that_waits_holds_up_no_other() {
    let (ledger, ends) = slow();
    let (number, register) = (number(), attempt(AttemptKind::Register));
    let mut waiting: Vec<_> = (0..8).map(|_| Box::pin(ledger.reserve(&number, &register, hours(0)))).collect();
    waiting.iter_mut().for_each(|waiting| assert!(poll(waiting.as_mut()).is_pending()));
    ends.begun.recv_timeout(TIMEOUT).unwrap();
    pollster::block_on(ledger.reserve(&other_number(), &register, hours(0))).unwrap();
    pollster::block_on(ledger.load(&number, hours(0))).unwrap();
    assert!(ends.begun.try_recv().is_err(), "only one of them is served at a time");
    (0..8).for_each(|_| ends.go.send(()).unwrap());
    waiting.into_iter().for_each(|waiting| assert!(pollster::block_on(waiting).is_ok()));
}

#[test]
fn the_threads_end_with_the_value() {
    let (ledger, ends) = slow();
    drop(ledger);
    ends.ended.recv_timeout(TIMEOUT).unwrap();
}

#[test]
fn a_panic_becomes_an_error_and_costs_no_thread() {
    let ledger = Background::new(Memory::new(Limit::default())).unwrap();
    for _ in 0..8 {
        let error = pollster::block_on(ledger.with(|_| panic!("a test panics"))).unwrap_err();
        assert!(chain(&error).contains("it panicked, which is a defect of it"), "{}", chain(&error));
    }
    pollster::block_on(ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0))).unwrap();
}

#[test]
fn a_ledger_that_cannot_be_opened_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none/ledger.db");
    let error = pollster::block_on(Background::open(|| Sqlite::open(path))).unwrap_err();
    assert!(chain(&error).contains("failed at opening its file"), "{}", chain(&error));
}

#[test]
fn the_ledger_inside_can_be_asked() {
    let file = File::new().unwrap();
    let ledger = Background::new(file.open(Limit::default())).unwrap();
    let reservation = pollster::block_on(ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0))).unwrap();
    assert!(pollster::block_on(ledger.mark_sent(&reservation, hours(0))).unwrap());
    let records = pollster::block_on(ledger.with(|ledger| ledger.in_doubt())).unwrap().unwrap().records;
    assert_eq!(records.len(), 1);
}

/// A future may go to any thread, and the value be shared.
#[test]
fn futures_are_send() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let ledger = Background::new(Memory::new(Limit::default())).unwrap();
    drop(is_send(ledger.with(|_| ())));
    is_send(&ledger);
}

const TIMEOUT: Duration = Duration::from_secs(10);
