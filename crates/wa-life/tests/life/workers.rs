//! Workers that die, and a ledger that fails just when an answer is to be noted.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use wa_cloud::{
    Attempt, Body, Timestamp, Transport, TransportError,
    blocking::Client,
    ledger::{Attempts, Ledger, LedgerError, Memory, Reservation, ReserveError, Settlement},
    life::{Ending, Fleet, Goal, Onboarding, Reason},
    types::{E164, ErrorCode, PhoneNumberId},
};
use wa_sim::{InProcess, Number, State, Time};

use crate::world::{config, pin};

fn id(index: usize) -> PhoneNumberId {
    PhoneNumberId::new((200_000_000_000_000 + index).to_string()).unwrap()
}

fn goals(count: usize) -> impl Iterator<Item = Goal> {
    (0..count).map(|index| Onboarding::new(id(index), pin()).greet(E164::new("+16505551234").unwrap(), "Hello").into())
}

fn service(count: usize) -> InProcess {
    let mut state = State::demo(1);
    state.rules.call_budget = false;
    for index in 0..count {
        let mut number = Number::new(State::ACCOUNT, "1", (15_550_000_000 + index).to_string());
        number.code.verified_at = Some(Time::START);
        state.numbers.insert(id(index).as_str().to_owned(), number);
    }
    InProcess::new(state)
}

fn clock(service: &InProcess) -> impl Fn() -> Timestamp + Send + Sync + Clone {
    let service = service.clone();
    move || Timestamp::from_millis(service.engine().now().as_millis())
}

fn count(service: &InProcess, call: &str) -> usize {
    service.engine().journal().entries().filter(|entry| entry.operation == call).count()
}

#[test]
fn a_worker_that_panics_takes_its_number_along_and_no_other() {
    let service = service(20);
    let transport = {
        let service = service.clone();
        wa_cloud::from_fn(move |request: http::Request<Body>, timeout| -> Result<_, TransportError> {
            assert!(!request.uri().path().contains(id(3).as_str()), "what nobody foresaw");
            Transport::send(&service, request, timeout)
        })
    };
    let client = Client::with_transport(config(), transport);
    let (fleet, ledger) = (Fleet::new(&config(), goals(20)), Memory::default());
    let ended: Vec<bool> = std::thread::scope(|scope| {
        let work = || client.work(&fleet, &ledger, clock(&service), |length| service.advance(length)).unwrap();
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().is_ok()).collect()
    });
    assert_eq!(ended.iter().filter(|ended| **ended).count(), 1);
    let reports = fleet.reports();
    assert_eq!(reports.len(), 20, "none is lost");
    for report in reports {
        match report.ending {
            Ending::Done => assert_ne!(report.number, id(3)),
            Ending::Blocked(blocker) => {
                assert_eq!((report.number, blocker.reason), (id(3), Reason::Interrupted));
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn a_task_that_is_cancelled_loses_no_number() {
    let service = service(5);
    let is_stuck = AtomicBool::new(true);
    let transport = {
        let service = service.clone();
        wa_cloud::from_fn(move |request: http::Request<Body>, timeout| {
            let answer = Transport::send(&service, request, timeout);
            let is_stuck = is_stuck.swap(false, Ordering::SeqCst);
            async move {
                if is_stuck {
                    std::future::pending::<()>().await;
                }
                answer
            }
        })
    };
    let client = wa_cloud::Client::with_transport(config(), transport);
    let (fleet, ledger) = (Fleet::new(&config(), goals(5)), Memory::default());
    let sleep = |length| {
        service.advance(length);
        std::future::ready(())
    };
    {
        let mut work = std::pin::pin!(client.work(&fleet, &ledger, clock(&service), sleep));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(work.as_mut().poll(&mut context).is_pending());
    }
    pollster::block_on(client.work(&fleet, &ledger, clock(&service), sleep)).unwrap();
    let reports = fleet.reports();
    assert_eq!(reports.len(), 5);
    assert!(reports.iter().all(|report| report.ending == Ending::Done), "{reports:?}");
    assert_eq!((count(&service, "number.register"), count(&service, "message.send_text")), (5, 5));
}

/// A ledger that fails when it is to note the outcome of this, so often.
struct Forgetful {
    memory: Memory,
    fails: AtomicUsize,
    at: Attempt,
}

impl Ledger for Forgetful {
    fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError> {
        Ledger::attempts(&self.memory, number)
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: Attempt, now: Timestamp) -> Result<Reservation, ReserveError> {
        Ledger::reserve(&self.memory, number, attempt, now)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Timestamp) -> Result<(), LedgerError> {
        let fails = |left: usize| left.checked_sub(1);
        if reservation.attempt == self.at && self.fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fails).is_ok()
        {
            return Err(LedgerError::new("noting an outcome", "the disk is full"));
        }
        Ledger::settle(&self.memory, reservation, settlement, now)
    }
}

#[test]
fn an_answer_that_the_ledger_could_not_note_is_noted_later() {
    for (at, wrong_pin) in [(Attempt::Register, true), (Attempt::Register, false), (Attempt::Message, false)] {
        let service = service(1);
        if wrong_pin {
            service.engine().state_mut().numbers.get_mut(id(0).as_str()).unwrap().pin.value = Some("999999".to_owned());
        }
        let ledger = Forgetful { memory: Memory::default(), fails: AtomicUsize::new(3), at };
        let client = Client::with_transport(config(), service.clone());
        let fleet = Fleet::new(&config(), goals(1));
        let work = || client.work(&fleet, &ledger, clock(&service), |length: Duration| service.advance(length));
        for _ in 0..3 {
            work().unwrap_err();
        }
        work().unwrap();
        let last = Ledger::attempts(&ledger, &id(0)).unwrap().last(at).cloned().unwrap();
        assert!(!last.is_in_doubt(), "{last:?}");
        assert_eq!(last.code, wrong_pin.then_some(ErrorCode::PinMismatch));
        assert_eq!(fleet.reports()[0].ending == Ending::Done, !wrong_pin);
        assert_eq!(count(&service, "number.register"), 1);
    }
}
