//! Several processes at one number, and a service that shows late what it has done.

use std::{cell::RefCell, collections::BTreeMap, time::Duration};

use wa_core::{
    AttemptKind, Body, Transport, TransportError,
    api::number::Storage,
    blocking::Client,
    from_fn,
    types::{E164, PhoneNumberId, Region},
};
use wa_life::{
    Ending, Goal, Greeting, Onboarding, Op, Relocation, Renaming, Report, Run, Step,
    ledger::{Attempt, Attempts, Ledger, LedgerError, Memory, Moment, Reservation, ReserveError, Settlement},
};
use wa_sim::{InProcess, Number, State};

use crate::world::{
    DAY, HOUR, Turn, World, config, number, pin, reason, registered, step, subscription, unconfirmed, verified,
};

fn onboarding() -> Goal {
    let greeting = Greeting::template("hello_world", "en_US");
    Onboarding::new(number(), pin())
        .subscribe(subscription())
        .greet(E164::new("+16505551234").unwrap(), greeting)
        .into()
}

const ONCE: &[&str] =
    &["number.request_code", "number.verify_code", "number.register", "number.deregister", "message.send"];

/// Lets the runs take turns in this order, and time pass only when all of them wait.
fn take_turns(
    world: &World,
    runs: &mut [Run],
    ledger: &impl Ledger,
    turns: impl Iterator<Item = usize>,
) -> Vec<Report> {
    let mut reports: BTreeMap<usize, Report> = BTreeMap::new();
    let mut waits: BTreeMap<usize, Duration> = BTreeMap::new();
    for turn in turns.take(5_000) {
        if reports.contains_key(&turn) || waits.contains_key(&turn) {
            if reports.len() + waits.len() == runs.len() {
                if reports.len() == runs.len() {
                    break;
                }
                world.sim.advance(waits.values().min().copied().unwrap());
                waits.clear();
            }
            continue;
        }
        match step(&world.client, &mut runs[turn], ledger, || world.now()).unwrap() {
            Turn::Called => {}
            Turn::Wait(wait) => drop(waits.insert(turn, wait.length)),
            Turn::Ask(_) => world.answer(&mut runs[turn]),
            Turn::Done(report) => drop(reports.insert(turn, *report)),
        }
    }
    assert_eq!(reports.len(), runs.len(), "they go on for ever");
    reports.into_values().collect()
}

#[test]
fn two_processes_at_one_number_do_nothing_twice() {
    for seed in 0..64_u32 {
        let world = World::new(|_| {});
        let mut runs = [Run::new(&config(), onboarding()), Run::new(&config(), onboarding())];
        // All orders of their first six calls, then in turn.
        let turns = (0..6).map(|bit| (seed >> bit) & 1).chain((0..).map(|turn| turn & 1)).map(|turn| turn as usize);
        let reports = take_turns(&world, &mut runs, &world.ledger, turns);
        for call in ONCE {
            assert!(world.took_effect(call) <= 1, "{call} with {seed:b}: {reports:?}");
        }
        assert_eq!((world.asked("number.register"), world.asked("message.send")), (1, 1), "{seed:b}");
        assert!(reports.iter().all(|report| report.ending == Ending::Done), "{seed:b}: {reports:?}");
    }
}

/// A ledger that lets a rival act between what a process reads and what it reserves.
struct Slow<'a, F> {
    memory: &'a Memory,
    before_reserving: RefCell<Option<F>>,
    kind: AttemptKind,
}

impl<F: FnOnce()> Ledger for Slow<'_, F> {
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ledger::load(self.memory, number, now)
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
        if attempt.kind == self.kind
            && let Some(rival) = self.before_reserving.take()
        {
            rival();
        }
        Ledger::reserve(self.memory, number, attempt, now)
    }

    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        Ledger::mark_sent(self.memory, reservation, now)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        Ledger::settle(self.memory, reservation, settlement, now)
    }
}

#[test]
fn who_is_overtaken_before_its_reservation_sends_nothing() {
    for kind in [AttemptKind::RequestCode, AttemptKind::VerifyCode, AttemptKind::Register, AttemptKind::Greeting] {
        let world = World::new(|_| {});
        let rival = || assert_eq!(world.finish(onboarding()).ending, Ending::Done);
        let ledger = Slow { memory: &world.ledger, before_reserving: RefCell::new(Some(rival)), kind };
        let report = world.finish_run(&mut Run::new(&config(), onboarding()), &ledger);
        assert_eq!(report.ending, Ending::Done, "{kind:?}");
        assert!(ledger.before_reserving.borrow().is_none());
        for call in ONCE {
            assert!(world.asked(call) <= 1, "{call} after {kind:?}");
        }
        let attempts = Ledger::load(&world.ledger, &number(), world.now().into()).unwrap();
        assert_eq!(attempts.left(AttemptKind::Register), 9, "what was not sent is given back");
    }
}

#[test]
fn a_reservation_that_somebody_has_given_back_sends_nothing() {
    let world = World::new(verified);
    let mut run = Run::new(&config(), onboarding());
    // It reserves an attempt, and then its process stands still for a minute.
    loop {
        match run.poll(world.now()) {
            Op::Load { number, now } => run.loaded(world.ledger.load(&number, now).unwrap(), world.now()),
            Op::Reserve { number, attempt, now } => {
                run.reserved(Ledger::reserve(&world.ledger, &number, &attempt, now), world.now()).unwrap();
            }
            Op::Send(call) => {
                let sent = Transport::send(&world.sim, call.request, call.limits);
                run.answered(sent, world.now());
            }
            Op::MarkSent { .. } => break,
            other => panic!("{other:?}"),
        }
    }
    world.sim.advance(HOUR);
    assert_eq!(world.finish(onboarding()).ending, Ending::Done);
    assert_eq!(world.asked("number.register"), 1);
    assert_eq!(world.finish_run(&mut run, &world.ledger).ending, Ending::Done);
    assert_eq!(world.asked("number.register"), 1, "the one that went on");
    let attempts = Ledger::load(&world.ledger, &number(), world.now().into()).unwrap();
    assert_eq!(attempts.left(AttemptKind::Register), 9);
}

/// Shows a number as it was so long ago.
fn lagging(sim: &InProcess, lag: Duration) -> impl Transport {
    let (sim, past) = (sim.clone(), RefCell::new(Vec::<(wa_sim::Time, http::Response<Vec<u8>>)>::new()));
    from_fn(move |request: http::Request<Body>, limits| -> Result<_, TransportError> {
        let path = request.uri().path().to_owned();
        let is_read = request.method() == http::Method::GET && path.ends_with(State::NUMBER);
        // What it is now is noted before each change, to be shown later.
        let note = |past: &mut Vec<_>| {
            let look = http::Request::builder().uri(READ).header("authorization", format!("Bearer {}", State::TOKEN));
            let now = sim.engine().now();
            past.push((now, Transport::send(&sim, look.body(Body::empty()).unwrap(), limits).unwrap()));
        };
        if !is_read {
            note(&mut past.borrow_mut());
            return Transport::send(&sim, request, limits);
        }
        let fresh = Transport::send(&sim, request, limits)?;
        let now = sim.engine().now();
        // The first look before a change that does not show yet.
        let shown = past.borrow().iter().find(|(changed, _)| now.since(*changed) < lag).map(|(_, then)| then.clone());
        let (head, body) = fresh.into_parts();
        Ok(http::Response::from_parts(head, shown.map_or(body, http::Response::into_body)))
    })
}

const READ: &str = "https://graph.facebook.com/v23.0/106540352242922?fields=status,platform_type,\
                    code_verification_status,name_status,is_pin_enabled,is_on_biz_app,verified_name,\
                    new_display_name,new_name_status";

/// Runs it, again and again, each by a process that dies after so many calls.
fn run_with_deaths(world: &World, client: &Client<impl Transport>, goal: fn() -> Goal, calls: usize) -> Ending {
    for life in 0..60 {
        let mut run = Run::new(client.config(), goal());
        let mut made = 0;
        while made < calls + life {
            match step(client, &mut run, &world.ledger, || world.now()).unwrap() {
                Turn::Called => made += 1,
                Turn::Wait(wait) => world.sim.advance(wait.length),
                Turn::Ask(_) => world.answer(&mut run),
                Turn::Done(report) => return report.ending,
            }
        }
    }
    panic!("it goes on for ever");
}

#[test]
fn a_number_that_shows_late_what_it_is_makes_nothing_happen_twice() {
    type Case = (fn() -> Goal, fn(&mut Number));
    let goals: [Case; 3] = [
        (onboarding, |_| {}),
        (|| Relocation::new(number(), Storage::Local(Region::CH), pin()).into(), registered),
        (|| Renaming::new(number(), "Lucky Shrub 2", pin()).into(), registered),
    ];
    for (goal, begins) in goals {
        for calls in 1..12 {
            let world = World::new(begins);
            let client = Client::with_transport(config(), lagging(&world.sim, Duration::from_secs(25)));
            let ending = run_with_deaths(&world, &client, goal, calls);
            assert_eq!(ending, Ending::Done, "{} after {calls}", goal().name());
            for call in ONCE {
                assert!(world.took_effect(call) <= 1, "{call}: {} after {calls}", goal().name());
            }
        }
    }
}

#[test]
fn a_registration_that_never_shows_is_not_repeated_for_ever() {
    // The service confirms and goes on to show the number as it was.
    let world = World::new(verified);
    let client = Client::with_transport(config(), lagging(&world.sim, DAY * 30));
    let mut endings = Vec::new();
    for _ in 0..10 {
        let mut run = Run::new(client.config(), Onboarding::new(number(), pin()));
        endings.push(world.finish_by(&client, &mut run, &world.ledger).ending);
        world.sim.advance(HOUR);
    }
    assert_eq!(world.asked("number.register"), 3);
    for (run, ending) in endings.iter().enumerate() {
        match run < 3 {
            true => assert_eq!(unconfirmed(ending), (Step::Register, true)),
            false => assert_eq!(reason(ending), &wa_life::Reason::AttemptsLost),
        }
    }
}
