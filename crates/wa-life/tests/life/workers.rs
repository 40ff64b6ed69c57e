//! Workers that die, and a ledger that fails just when an answer is to be noted.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use wa_core::{
    AttemptKind, Body, Timestamp, Transport, TransportError,
    blocking::Client,
    from_fn,
    types::{E164, ErrorCode, PhoneNumberId},
};
use wa_life::{
    Drive as _, Ending, Fleet, Goal, Greeting, Onboarding, Progress, Reason, Run, Subject,
    blocking::Drive as _,
    ledger::{
        AsyncLedger, Attempt, Attempts, Ledger, LedgerError, Memory, Moment, Reservation, ReserveError, Settlement,
    },
};
use wa_sim::{InProcess, Number, State, Time};

use crate::world::{config, count, pin};

fn id(index: usize) -> PhoneNumberId {
    PhoneNumberId::new((200_000_000_000_000 + index).to_string()).unwrap()
}

fn goals(count: usize) -> impl Iterator<Item = Goal> {
    let greeting = || Greeting::template("hello_world", "en_US");
    let to = || E164::new("+16505551234").unwrap();
    (0..count).map(move |index| Onboarding::new(id(index), pin()).greet(to(), greeting()).into())
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

#[test]
fn a_worker_that_panics_takes_its_number_along_and_no_other() {
    let service = service(20);
    let transport = {
        let service = service.clone();
        from_fn(move |request: http::Request<Body>, limits| -> Result<_, TransportError> {
            assert!(!request.uri().path().contains(id(3).as_str()), "what nobody foresaw");
            Transport::send(&service, request, limits)
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
            Ending::Done => assert_ne!(report.subject, Subject::Number(id(3))),
            Ending::Blocked(blocker) => {
                assert_eq!((report.subject, blocker.reason), (Subject::Number(id(3)), Reason::Interrupted));
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
        from_fn(move |request: http::Request<Body>, limits| {
            let answer = Transport::send(&service, request, limits);
            let is_stuck = is_stuck.swap(false, Ordering::SeqCst);
            async move {
                if is_stuck {
                    std::future::pending::<()>().await;
                }
                answer
            }
        })
    };
    let client = wa_core::Client::with_transport(config(), transport);
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
    assert_eq!((count(&service, "number.register"), count(&service, "message.send")), (5, 5));
}

/// A ledger that reserves, and whose first answer to that never arrives.
#[derive(Default)]
struct Silent {
    memory: Memory,
    has_answered: AtomicBool,
}

#[async_trait]
impl AsyncLedger for Silent {
    async fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ledger::load(&self.memory, number, now)
    }

    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: &Attempt,
        now: Moment,
    ) -> Result<Reservation, ReserveError> {
        let reserved = Ledger::reserve(&self.memory, number, attempt, now);
        if !self.has_answered.swap(true, Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        reserved
    }

    async fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        Ledger::mark_sent(&self.memory, reservation, now)
    }

    async fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        Ledger::settle(&self.memory, reservation, settlement, now)
    }
}

#[test]
fn a_future_that_is_dropped_while_it_reserves_has_sent_nothing_and_is_in_no_doubt() {
    let service = service(1);
    let client = wa_core::Client::with_transport(config(), service.clone());
    let ledger = Silent::default();
    let mut run = Run::new(client.config(), Onboarding::new(id(0), pin()));
    {
        let mut drive = std::pin::pin!(client.drive(&mut run, &ledger, clock(&service)));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(drive.as_mut().poll(&mut context).is_pending());
    }
    let attempts = || Ledger::load(&ledger.memory, &id(0), clock(&service)().into()).unwrap();
    assert_eq!((attempts().entries().len(), attempts().entries()[0].is_in_doubt()), (1, false));
    let mut waited = Duration::ZERO;
    let report = loop {
        match pollster::block_on(client.drive(&mut run, &ledger, clock(&service))).unwrap() {
            Progress::Wait(wait) => {
                waited += wait.length;
                service.advance(wait.length);
            }
            Progress::Done(report) => break report,
            Progress::Ask(question) => panic!("{question}"),
        }
    };
    assert_eq!(report.ending, Ending::Done);
    assert!(waited <= Duration::from_secs(61), "the reservation that nobody holds is given back: {waited:?}");
    assert_eq!(count(&service, "number.register"), 1);
    assert_eq!(attempts().left(AttemptKind::Register), 9);
}

/// A ledger that fails when it is to note the outcome of this, so often.
struct Forgetful {
    memory: Memory,
    fails: AtomicUsize,
    kind: AttemptKind,
}

impl Ledger for Forgetful {
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ledger::load(&self.memory, number, now)
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
        Ledger::reserve(&self.memory, number, attempt, now)
    }

    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        Ledger::mark_sent(&self.memory, reservation, now)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        let fails = |left: usize| left.checked_sub(1);
        if reservation.kind == self.kind && self.fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fails).is_ok() {
            return Err(LedgerError::new("noting an outcome", "the disk is full"));
        }
        Ledger::settle(&self.memory, reservation, settlement, now)
    }
}

#[test]
fn an_answer_that_the_ledger_could_not_note_is_noted_later() {
    for (kind, wrong_pin) in
        [(AttemptKind::Register, true), (AttemptKind::Register, false), (AttemptKind::Greeting, false)]
    {
        let service = service(1);
        if wrong_pin {
            service.engine().state_mut().numbers.get_mut(id(0).as_str()).unwrap().pin.value = Some("999999".to_owned());
        }
        let ledger = Forgetful { memory: Memory::default(), fails: AtomicUsize::new(3), kind };
        let client = Client::with_transport(config(), service.clone());
        let fleet = Fleet::new(&config(), goals(1));
        client.work(&fleet, &ledger, clock(&service), |length: Duration| service.advance(length)).unwrap();
        assert_eq!(ledger.fails.load(Ordering::SeqCst), 0);
        let attempts = Ledger::load(&ledger, &id(0), clock(&service)().into()).unwrap();
        let last = attempts.last(kind).unwrap();
        assert!(!last.is_in_doubt(), "{last:?}");
        assert_eq!(last.code, wrong_pin.then_some(ErrorCode::PinMismatch));
        assert_eq!(fleet.reports()[0].ending == Ending::Done, !wrong_pin);
        assert_eq!(count(&service, "number.register"), 1);
    }
}
