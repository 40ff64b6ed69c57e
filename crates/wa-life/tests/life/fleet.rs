//! Many numbers at once, with either client: what becomes of one touches no other.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use wa_core::{
    Body, Timestamp, Transport, TransportError, TransportErrorKind, from_fn,
    types::{PhoneNumberId, VerificationCode},
};
use wa_life::{
    Drive as _, Ending, Fleet, Goal, Next, Onboarding, Progress, Reason, Reply, Run, Step, Subject, Wait,
    blocking::Drive as _,
    ledger::{
        AsyncLedger, Attempt, Attempts, Ledger, LedgerError, Memory, Moment, Reservation, ReserveError, Settlement,
    },
};
use wa_sim::{Ban, Fault, FaultRule, InProcess, Number, State, Time};

use crate::world::{DAY, config, count, pin, step};

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

/// Works with so many threads, each over the blocking client or the asynchronous one.
fn work(service: &InProcess, fleet: &Fleet, ledger: &Memory, workers: usize, is_async: bool) {
    let blocking = wa_core::blocking::Client::with_transport(config(), service.clone());
    let asynchronous = wa_core::Client::with_transport(config(), service.clone());
    let sleep = |length| {
        service.advance(length);
        std::future::ready(())
    };
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| match is_async {
                true => pollster::block_on(asynchronous.work(fleet, ledger, clock(service), sleep)).unwrap(),
                false => blocking.work(fleet, ledger, clock(service), |length| service.advance(length)).unwrap(),
            });
        }
    });
}

fn subject(index: usize) -> Subject {
    Subject::Number(PhoneNumberId::new(id(index)).unwrap())
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
        let fleet = Fleet::new(&config(), goals(60));
        work(&service, &fleet, &Memory::default(), 4, is_async);

        let mut reports = fleet.reports();
        reports.sort_by(|one, other| one.subject.cmp(&other.subject));
        let reasons: Vec<_> = reports
            .iter()
            .filter_map(|report| match &report.ending {
                Ending::Blocked(blocker) => Some((report.subject.clone(), blocker.reason.clone())),
                _ => None,
            })
            .collect();
        assert_eq!(
            reasons,
            [
                (subject(1), Reason::Locked),
                (subject(2), Reason::Banned),
                (subject(3), Reason::WrongPin),
                (subject(4), Reason::NameInReview),
                (subject(5), Reason::Unreachable(Step::ReadNumber)),
            ]
        );
        assert_eq!(reports.len(), 60);
        assert!(reports.iter().filter(|report| report.ending == Ending::Done).all(|report| report.requests <= 6));
    }
}

#[test]
fn a_fleet_that_was_killed_is_made_again_from_its_list() {
    let service = InProcess::new(state(50, |_, _| {}));
    let ledger = Memory::default();
    let client = wa_core::blocking::Client::with_transport(config(), service.clone());
    let killed = Fleet::new(&config(), goals(50));
    let mut held = Vec::new();
    for _ in 0..20 {
        let Next::Run(mut run) = killed.take(clock(&service)()) else { panic!("it has fifty") };
        for _ in 0..2 {
            step(&client, run.run_mut().unwrap(), &ledger, clock(&service)).unwrap();
        }
        held.push(run);
    }
    drop((held, killed));
    // The second call of each of the twenty has registered its number.
    assert_eq!(count(&service, "number.register"), 20);
    let again = Fleet::new(&config(), goals(50));
    work(&service, &again, &ledger, 3, false);
    assert!(again.reports().iter().all(|report| report.ending == Ending::Done));
    assert_eq!(count(&service, "number.register"), 50);
}

#[test]
fn people_answer_while_the_others_go_on() {
    let service = InProcess::new(state(10, |index, number| {
        if index < 3 {
            number.code.verified_at = None;
        }
    }));
    let (fleet, ledger) = (Fleet::new(&config(), goals(10)), Memory::default());
    work(&service, &fleet, &ledger, 2, false);
    assert_eq!((fleet.reports().len(), fleet.questions().len()), (7, 3));
    for question in fleet.questions() {
        let code = service.engine().sent_code(question.number.as_str()).unwrap().to_owned();
        assert!(fleet.code_received(&question.number, VerificationCode::new(code).unwrap()));
        assert!(!fleet.answer(&question.number, Reply::NotReceived), "nobody asks any more");
    }
    work(&service, &fleet, &ledger, 2, true);
    assert_eq!((fleet.reports().len(), fleet.questions().len()), (3, 0));
}

#[test]
fn a_number_that_is_listed_twice_has_one_run() {
    let service = InProcess::new(state(2, |_, _| {}));
    let fleet = Fleet::new(&config(), goals(2).chain(goals(1)));
    work(&service, &fleet, &Memory::default(), 4, false);
    let reports = fleet.reports();
    assert_eq!(reports.len(), 3, "in the order of the list");
    assert_eq!(
        (&reports[0].subject, &reports[1].subject, &reports[2].subject),
        (&subject(0), &subject(1), &subject(0))
    );
    assert_eq!(crate::world::reason(&reports[2].ending), &Reason::Repeated);
    assert!(reports[..2].iter().all(|report| report.ending == Ending::Done));
    assert_eq!(count(&service, "number.register"), 2);
}

#[test]
fn so_many_run_at_once_as_there_are_workers() {
    let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let service = InProcess::new(state(200, |_, _| {}));
    let transport = from_fn(|request: http::Request<Body>, limits| -> Result<_, TransportError> {
        most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        std::thread::yield_now();
        let answer = Transport::send(&service, request, limits);
        running.fetch_sub(1, Ordering::SeqCst);
        answer
    });
    let client = wa_core::blocking::Client::with_transport(config(), transport);
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
        let fleet = Fleet::new(&config(), goals(count));
        work(&service, &fleet, &Memory::default(), 8, is_async);
        let reports = fleet.reports();
        assert_eq!(reports.len(), count);
        assert!(reports.iter().all(|report| report.ending == Ending::Done && report.requests == 3));
    }
}

/// A ledger whose store can be taken away, or the rows of some numbers in it.
#[derive(Default)]
struct Fragile {
    memory: Memory,
    broken: Mutex<BTreeSet<PhoneNumberId>>,
}

impl Fragile {
    fn check(&self, number: &PhoneNumberId) -> Result<(), LedgerError> {
        match self.broken.lock().unwrap().contains(number) {
            true => Err(LedgerError::new("opening the store", "it is gone")),
            false => Ok(()),
        }
    }

    fn set_broken(&self, numbers: impl IntoIterator<Item = usize>) {
        *self.broken.lock().unwrap() =
            numbers.into_iter().map(|index| PhoneNumberId::new(id(index)).unwrap()).collect();
    }
}

impl Ledger for Fragile {
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ledger::load(&self.memory, number, now)
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
        self.check(number)?;
        Ledger::reserve(&self.memory, number, attempt, now)
    }

    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        self.check(&reservation.number)?;
        Ledger::mark_sent(&self.memory, reservation, now)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        self.check(&reservation.number)?;
        Ledger::settle(&self.memory, reservation, settlement, now)
    }
}

#[async_trait]
impl AsyncLedger for Fragile {
    async fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ledger::load(self, number, now)
    }

    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: &Attempt,
        now: Moment,
    ) -> Result<Reservation, ReserveError> {
        Ledger::reserve(self, number, attempt, now)
    }

    async fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        Ledger::mark_sent(self, reservation, now)
    }

    async fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        Ledger::settle(self, reservation, settlement, now)
    }
}

#[test]
fn without_the_ledger_nothing_is_sent_and_nothing_is_lost() {
    let service = InProcess::new(state(3, |_, _| {}));
    let ledger = Fragile::default();
    ledger.set_broken(0..3);
    let (fleet, clock) = (Fleet::new(&config(), goals(3)), clock(&service));
    let blocking = wa_core::blocking::Client::with_transport(config(), service.clone());
    let asynchronous = wa_core::Client::with_transport(config(), service.clone());

    let error = blocking.work(&fleet, &ledger, &clock, |length| service.advance(length)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the ledger of attempts failed at opening the store: nothing is sent without it; it is gone"
    );
    let sleep = |length| {
        service.advance(length);
        std::future::ready(())
    };
    pollster::block_on(asynchronous.work(&fleet, &ledger, &clock, sleep)).unwrap_err();
    assert_eq!(count(&service, "number.register"), 0);

    ledger.set_broken([]);
    blocking.work(&fleet, &ledger, &clock, sleep_by(&service)).unwrap();
    assert_eq!((fleet.reports().len(), count(&service, "number.register")), (3, 3));
}

fn sleep_by(service: &InProcess) -> impl Fn(Duration) {
    let service = service.clone();
    move |length| service.advance(length)
}

#[test]
fn a_row_that_the_ledger_cannot_write_stops_its_own_number_only() {
    for is_async in [false, true] {
        let service = InProcess::new(state(20, |_, _| {}));
        let ledger = Fragile::default();
        // Two of them: the store as a whole is not taken to have failed.
        ledger.set_broken([3, 4]);
        let fleet = Fleet::new(&config(), goals(20));
        match is_async {
            true => {
                let client = wa_core::Client::with_transport(config(), service.clone());
                let sleep = |length| {
                    service.advance(length);
                    std::future::ready(())
                };
                pollster::block_on(client.work(&fleet, &ledger, clock(&service), sleep)).unwrap();
            }
            false => {
                let client = wa_core::blocking::Client::with_transport(config(), service.clone());
                client.work(&fleet, &ledger, clock(&service), sleep_by(&service)).unwrap();
            }
        }
        let reports = fleet.reports();
        assert_eq!(reports.len(), 20);
        for (index, report) in reports.iter().enumerate() {
            match index {
                3 | 4 => {
                    assert!(matches!(crate::world::reason(&report.ending), Reason::LedgerFailed(_)), "{report}");
                    assert!(report.to_string().contains("it is gone"), "{report}");
                }
                _ => assert_eq!(report.ending, Ending::Done, "{report}"),
            }
        }
        assert_eq!(count(&service, "number.register"), 18);
    }
}

#[test]
fn a_row_that_the_ledger_writes_again_goes_on() {
    let service = InProcess::new(state(2, |_, _| {}));
    let ledger = Fragile::default();
    ledger.set_broken([0]);
    let fleet = Fleet::new(&config(), goals(2));
    let client = wa_core::blocking::Client::with_transport(config(), service.clone());
    let slept = AtomicUsize::new(0);
    let sleep = |length| {
        service.advance(length);
        if slept.fetch_add(1, Ordering::SeqCst) == 9 {
            ledger.set_broken([]);
        }
    };
    client.work(&fleet, &ledger, clock(&service), sleep).unwrap();
    assert!(fleet.reports().iter().all(|report| report.ending == Ending::Done));
    assert_eq!(count(&service, "number.register"), 2);
}

/// A service that cannot be reached.
fn unreachable() -> wa_core::blocking::Client<impl Transport> {
    let transport = from_fn(|_: http::Request<Body>, _| Err(TransportError::new(TransportErrorKind::Connect)));
    wa_core::blocking::Client::with_transport(config(), transport)
}

/// Takes all runs that a fleet hands out at this time, and goes on with them until they wait.
fn round(fleet: &Fleet, ledger: &Memory, now: Timestamp) -> (Vec<Wait>, Option<Duration>) {
    let client = unreachable();
    let mut waits = Vec::new();
    loop {
        match fleet.take(now) {
            Next::Run(mut held) => {
                let progress = client.drive(held.run_mut().unwrap(), ledger, || now);
                if let Ok(Progress::Wait(wait)) = &progress {
                    waits.push(wait.clone());
                }
                fleet.give_back(held, progress, now).unwrap();
            }
            Next::Wait(length) => return (waits, Some(length)),
            Next::Done => return (waits, None),
        }
    }
}

#[test]
fn a_service_that_is_down_is_not_kept_down_by_retries() {
    let now = Timestamp::from_millis(Time::START.as_millis());
    let (fleet, ledger) =
        (Fleet::new(&config(), goals(10)).retry_budget(3, Duration::from_secs(10)), Memory::default());
    assert_eq!(round(&fleet, &ledger, now).0.len(), 10, "all begin");
    let later = |seconds: u64| now + Duration::from_secs(60 + seconds);
    let (waits, wait) = round(&fleet, &ledger, later(0));
    assert_eq!((waits.len(), wait), (3, Some(Duration::from_secs(1))));
    assert_eq!(round(&fleet, &ledger, later(9)).0.len(), 0);
    assert_eq!(round(&fleet, &ledger, later(10)).0.len(), 1);
    assert_eq!(round(&fleet, &ledger, later(40)).0.len(), 3);
}

#[test]
fn numbers_that_failed_together_do_not_try_again_together() {
    let now = Timestamp::from_millis(Time::START.as_millis());
    let lengths = |fleet: Fleet| -> BTreeSet<Duration> {
        round(&fleet, &Memory::default(), now).0.into_iter().map(|wait| wait.length).collect()
    };
    assert_eq!(lengths(Fleet::new(&config(), goals(50))).len(), 1);
    let spread = lengths(Fleet::new(&config(), goals(50)).jitter(7));
    assert!(spread.len() > 40, "{spread:?}");
    assert!(spread.iter().all(|wait| (2_000..=3_000).contains(&wait.as_millis())), "{spread:?}");
}

#[test]
fn a_clock_that_is_set_back_holds_up_no_number() {
    let service = InProcess::new(state(5, |_, number| number.name_status = "PENDING_REVIEW".to_owned()));
    let fleet = Fleet::new(&config(), goals(5)).longest_wait(DAY);
    let (client, ledger) = (wa_core::blocking::Client::with_transport(config(), service.clone()), Memory::default());
    let now = Timestamp::from_millis(Time::START.as_millis());
    let round = |now: Timestamp| {
        let mut driven = 0;
        while let Next::Run(mut held) = fleet.take(now) {
            let progress = client.drive(held.run_mut().unwrap(), &ledger, || now);
            fleet.give_back(held, progress, now).unwrap();
            driven += 1;
        }
        driven
    };
    assert_eq!(round(now), 5);
    let back = Timestamp::from_millis(now.as_millis() - 365 * 24 * 3_600_000);
    assert_eq!(round(back), 0);
    for index in 0..5 {
        service.engine().decide_name(&id(index), true).unwrap();
    }
    let review = Duration::from_secs(900);
    assert_eq!(round(back + (review - Duration::from_secs(1))), 0);
    assert_eq!(round(back + review), 5, "each has waited as long as it was to wait");
    assert_eq!(fleet.reports().len(), 5);
}

#[test]
fn a_number_that_is_woken_is_read_at_once() {
    let service = InProcess::new(state(2, |_, number| number.name_status = "PENDING_REVIEW".to_owned()));
    let fleet = Fleet::new(&config(), goals(2)).longest_wait(DAY);
    let (client, ledger) = (wa_core::blocking::Client::with_transport(config(), service.clone()), Memory::default());
    let now = clock(&service)();
    let first = PhoneNumberId::new(id(0)).unwrap();
    assert!(!fleet.wake(&first), "it does not wait yet");
    let round = || {
        let mut driven = Vec::new();
        while let Next::Run(mut held) = fleet.take(now) {
            driven.push(held.run_mut().unwrap().subject().clone());
            let progress = client.drive(held.run_mut().unwrap(), &ledger, || now);
            fleet.give_back(held, progress, now).unwrap();
        }
        driven
    };
    assert_eq!(round(), [subject(0), subject(1)]);
    service.engine().decide_name(first.as_str(), true).unwrap();
    assert!(fleet.wake(&first));
    assert_eq!(round(), [subject(0)]);
    assert_eq!(fleet.reports()[0].ending, Ending::Done);
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
        let blocking = wa_core::blocking::Client::with_transport(config(), service.clone());
        let asynchronous = wa_core::Client::with_transport(config(), service.clone());
        let mut events = Vec::new();
        loop {
            let progress = match is_async {
                true => pollster::block_on(asynchronous.drive(&mut run, &ledger, clock(&service))).unwrap(),
                false => blocking.drive(&mut run, &ledger, clock(&service)).unwrap(),
            };
            events.extend(run.events().map(|event| event.to_string()));
            match progress {
                Progress::Ask(_) => {
                    let code = service.engine().sent_code(State::NUMBER).map(str::to_owned);
                    match code {
                        Some(code) => run.code_received(VerificationCode::new(code).unwrap()),
                        None => run.code_not_received(),
                    }
                }
                Progress::Wait(wait) => service.advance(wait.length),
                Progress::Done(_) => break,
            }
        }
        (service.engine().journal().to_lines(), events)
    };
    let (lines, events) = journal(false);
    assert!(events.len() > 10);
    assert_eq!((lines, events), journal(true));
}
