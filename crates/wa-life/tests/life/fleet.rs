//! Many numbers at once, with either client.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use wa_cloud::{
    Attempt, Body, Timestamp, Transport, TransportError,
    ledger::{AsyncLedger, Attempts, Ledger, LedgerError, Limit, Memory, Reservation, ReserveError, Settlement},
    life::{Ending, Fleet, Goal, Onboarding, Reason, Run},
    types::{PhoneNumberId, VerificationCode},
};
use wa_sim::{Ban, Fault, FaultRule, InProcess, Number, State, Time};

use crate::world::{config, pin};

fn id(index: usize) -> String {
    (200_000_000_000_000 + index).to_string()
}

fn goals(count: usize) -> impl Iterator<Item = Goal> {
    (0..count).map(|index| Onboarding::new(PhoneNumberId::new(id(index)).unwrap(), pin()).into())
}

fn state(count: usize, change: impl Fn(usize, &mut Number)) -> State {
    let mut state = State::demo(1);
    state.rules.call_budget = false;
    for index in 0..count {
        let mut number = Number::new(State::ACCOUNT, "1", (15_550_000_000 + index).to_string());
        number.code.verified_at = Some(Time::START);
        change(index, &mut number);
        state.numbers.insert(id(index), number);
    }
    state
}

fn clock(service: &InProcess) -> impl Fn() -> Timestamp + Send + Sync + Clone {
    let service = service.clone();
    move || Timestamp::from_millis(service.engine().now().as_millis())
}

/// Works with so many threads, or so many tasks.
fn work(service: &InProcess, fleet: &Arc<Fleet>, ledger: &Arc<Memory>, workers: usize, is_async: bool) {
    if is_async {
        let client = wa_cloud::Client::with_transport(config(), service.clone());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let tasks: Vec<_> = (0..workers)
            .map(|_| {
                let (client, fleet, ledger, service) = (client.clone(), fleet.clone(), ledger.clone(), service.clone());
                runtime.spawn(async move {
                    let sleep = |length| {
                        service.advance(length);
                        tokio::task::yield_now()
                    };
                    client.work(&fleet, &ledger, clock(&service), sleep).await.unwrap();
                })
            })
            .collect();
        for task in tasks {
            runtime.block_on(task).unwrap();
        }
    } else {
        let client = wa_cloud::blocking::Client::with_transport(config(), service.clone());
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| client.work(fleet, ledger, clock(service), |length| service.advance(length)).unwrap());
            }
        });
    }
}

#[test]
fn one_number_stops_none_of_the_others() {
    for is_async in [false, true] {
        let service = InProcess::new(state(60, |index, number| match index {
            1 => number.attempts.locked_until = Some(Time::START + Duration::from_secs(72 * 3_600)),
            2 => number.ban = Some(Ban::Banned),
            3 => number.pin.value = Some("999999".to_owned()),
            4 => number.name_status = "PENDING_REVIEW".to_owned(),
            _ => {}
        }));
        service.engine().state_mut().faults.push(FaultRule::new(Fault::Timeout).at(id(5)));
        service.engine().state_mut().faults.push(FaultRule::new(Fault::Close).at(id(6)).after().times(2));
        let fleet = Arc::new(Fleet::new(&config(), goals(60)));
        work(&service, &fleet, &Arc::default(), 4, is_async);

        let mut reports = fleet.reports();
        reports.sort_by(|one, other| one.number.cmp(&other.number));
        let reasons: Vec<_> = reports
            .iter()
            .filter_map(|report| match &report.ending {
                Ending::Blocked(blocker) => Some((report.number.as_str().to_owned(), blocker.reason.clone())),
                _ => None,
            })
            .collect();
        assert_eq!(
            reasons,
            [
                (id(1), Reason::Locked),
                (id(2), Reason::Banned),
                (id(3), Reason::WrongPin),
                (id(4), Reason::NameInReview),
                (id(5), Reason::Unreachable(wa_cloud::life::Task::ReadNumber)),
            ]
        );
        assert_eq!(reports.len(), 60);
        assert!(reports.iter().filter(|report| report.ending == Ending::Done).all(|report| report.requests <= 6));
    }
}

#[test]
fn a_fleet_that_was_killed_is_made_again_from_its_list() {
    let service = InProcess::new(state(50, |_, _| {}));
    let ledger = Arc::new(Memory::default());
    let client = wa_cloud::blocking::Client::with_transport(config(), service.clone());
    let killed = Fleet::new(&config(), goals(50));
    for _ in 0..20 {
        if let wa_cloud::life::Next::Run(mut run) = killed.take(clock(&service)()) {
            for _ in 0..2 {
                client.step(&mut run, &ledger, clock(&service)).unwrap();
            }
        }
    }
    drop(killed);
    // The second call of each of the twenty registered its number, or died before it.
    let again = Arc::new(Fleet::new(&config(), goals(50)));
    work(&service, &again, &ledger, 3, false);
    assert!(again.reports().iter().all(|report| report.ending == Ending::Done));
    let engine = service.engine();
    let registers = engine.journal().entries().filter(|entry| entry.operation == "number.register").count();
    assert_eq!(registers, 50);
}

#[test]
fn people_answer_while_the_others_go_on() {
    let service = InProcess::new(state(10, |index, number| {
        if index < 3 {
            number.code.verified_at = None;
        }
    }));
    let (fleet, ledger) = (Arc::new(Fleet::new(&config(), goals(10))), Arc::new(Memory::default()));
    work(&service, &fleet, &ledger, 2, false);
    assert_eq!((fleet.reports().len(), fleet.questions().len()), (7, 3));
    for question in fleet.questions() {
        let code = service.engine().sent_code(question.number.as_str()).unwrap().to_owned();
        assert!(fleet.answer(&question.number, Some(VerificationCode::new(code).unwrap())));
        assert!(!fleet.answer(&question.number, None), "nobody asks any more");
    }
    work(&service, &fleet, &ledger, 2, true);
    assert_eq!((fleet.reports().len(), fleet.questions().len()), (3, 0));
}

#[test]
fn a_number_that_is_listed_twice_has_one_run() {
    let service = InProcess::new(state(2, |_, _| {}));
    let fleet = Arc::new(Fleet::new(&config(), goals(2).chain(goals(1))));
    work(&service, &fleet, &Arc::default(), 4, false);
    let repeated = fleet.reports().into_iter().filter(|report| report.ending != Ending::Done).count();
    assert_eq!(repeated, 1);
    let engine = service.engine();
    assert_eq!(engine.journal().entries().filter(|entry| entry.operation == "number.register").count(), 2);
}

#[test]
fn so_many_run_at_once_as_there_are_workers() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let service = InProcess::new(state(200, |_, _| {}));
    let transport = {
        let (service, running, most) = (service.clone(), running.clone(), most.clone());
        wa_cloud::from_fn(move |request: http::Request<Body>, timeout| -> Result<_, TransportError> {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::yield_now();
            let answer = Transport::send(&service, request, timeout);
            running.fetch_sub(1, Ordering::SeqCst);
            answer
        })
    };
    let client = wa_cloud::blocking::Client::with_transport(config(), transport);
    let (fleet, ledger) = (Fleet::new(&config(), goals(200)), Memory::default());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| client.work(&fleet, &ledger, clock(&service), |length| service.advance(length)).unwrap());
        }
    });
    assert_eq!(fleet.reports().len(), 200);
    assert!(most.load(Ordering::SeqCst) <= 3, "{most:?}");
}

#[test]
fn the_cost_of_a_number_does_not_grow_with_their_count() {
    for (count, is_async) in [(100, false), (10_000, false), (100, true), (10_000, true)] {
        let service = InProcess::new(state(count, |_, _| {}));
        let fleet = Arc::new(Fleet::new(&config(), goals(count)));
        work(&service, &fleet, &Arc::default(), 8, is_async);
        let reports = fleet.reports();
        assert_eq!(reports.len(), count);
        assert!(reports.iter().all(|report| report.ending == Ending::Done && report.requests == 3));
    }
}

/// A ledger whose store can be taken away.
struct Fragile {
    memory: Memory,
    is_gone: AtomicBool,
}

impl Fragile {
    fn check(&self) -> Result<(), LedgerError> {
        match self.is_gone.load(Ordering::SeqCst) {
            true => Err(LedgerError::new("opening the store", "it is gone")),
            false => Ok(()),
        }
    }
}

impl Ledger for Fragile {
    fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError> {
        Ledger::attempts(&self.memory, number)
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: Attempt, now: Timestamp) -> Result<Reservation, ReserveError> {
        self.check()?;
        Ledger::reserve(&self.memory, number, attempt, now)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Timestamp) -> Result<(), LedgerError> {
        self.check()?;
        Ledger::settle(&self.memory, reservation, settlement, now)
    }
}

#[async_trait]
impl AsyncLedger for Fragile {
    async fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError> {
        Ledger::attempts(self, number)
    }

    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Reservation, ReserveError> {
        Ledger::reserve(self, number, attempt, now)
    }

    async fn settle(
        &self,
        reservation: &Reservation,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        Ledger::settle(self, reservation, settlement, now)
    }
}

#[test]
fn without_the_ledger_nothing_is_sent_and_nothing_is_lost() {
    let service = InProcess::new(state(3, |_, _| {}));
    let ledger = Fragile { memory: Memory::new(Limit::default()), is_gone: AtomicBool::new(true) };
    let (fleet, clock) = (Fleet::new(&config(), goals(3)), clock(&service));
    let blocking = wa_cloud::blocking::Client::with_transport(config(), service.clone());
    let asynchronous = wa_cloud::Client::with_transport(config(), service.clone());
    let registers = || {
        let engine = service.engine();
        engine.journal().entries().filter(|entry| entry.operation == "number.register").count()
    };

    let error = blocking.work(&fleet, &ledger, &clock, |_| {}).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the ledger of attempts failed at opening the store: nothing is sent without it; it is gone"
    );
    pollster::block_on(asynchronous.work(&fleet, &ledger, &clock, |_| std::future::ready(()))).unwrap_err();
    assert_eq!(registers(), 0);

    ledger.is_gone.store(false, Ordering::SeqCst);
    blocking.work(&fleet, &ledger, &clock, |length| service.advance(length)).unwrap();
    assert_eq!((fleet.reports().len(), registers()), (3, 3));
}

#[test]
fn both_clients_do_the_same_to_the_byte() {
    let journal = |is_async: bool| {
        let mut state = State::demo(3);
        state.faults.push(FaultRule::new(Fault::Close).after().per_million(150_000));
        state.faults.push(FaultRule::new(Fault::Timeout).per_million(150_000));
        let service = InProcess::new(state);
        let ledger = Memory::default();
        let number = PhoneNumberId::new(State::NUMBER).unwrap();
        let mut run = Run::new(&config(), Onboarding::new(number, pin()));
        let blocking = wa_cloud::blocking::Client::with_transport(config(), service.clone());
        let asynchronous = wa_cloud::Client::with_transport(config(), service.clone());
        let mut events = Vec::new();
        loop {
            let progress = match is_async {
                true => pollster::block_on(asynchronous.step(&mut run, &ledger, clock(&service))).unwrap(),
                false => blocking.step(&mut run, &ledger, clock(&service)).unwrap(),
            };
            events.extend(run.events().map(|event| event.to_string()));
            match progress {
                wa_cloud::life::Progress::Ask(_) => {
                    let code = service.engine().sent_code(State::NUMBER).map(str::to_owned);
                    match code {
                        Some(code) => run.code(VerificationCode::new(code).unwrap()),
                        None => run.code_not_received(),
                    }
                }
                wa_cloud::life::Progress::Wait(wait) => service.advance(wait.length),
                wa_cloud::life::Progress::Done(_) => break,
                _ => {}
            }
        }
        (service.engine().journal().to_lines(), events)
    };
    let (lines, events) = journal(false);
    assert!(events.len() > 10);
    assert_eq!((lines, events), journal(true));
}
