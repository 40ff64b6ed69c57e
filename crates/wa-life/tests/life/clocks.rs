//! Clocks that jump, answers that tell the wrong time, and waits without end.

use std::{cell::Cell, time::Duration};

use wa_core::{AttemptKind, Body, Transport, TransportError, blocking::Client, from_fn};
use wa_life::{
    Ending, Onboarding, Op, Progress, Reason, Run,
    blocking::Drive,
    ledger::{Attempt, AttemptState, Attempts, Ledger, Moment, Settlement},
};
use wa_sim::{Fault, FaultRule, Operation, State, Time};

use crate::world::{DAY, World, config, number, pin, verified};

fn onboarding() -> Run {
    Run::new(&config(), Onboarding::new(number(), pin()))
}

fn attempts(world: &World) -> Attempts {
    Ledger::load(&world.ledger, &number(), world.now().into()).unwrap()
}

#[test]
fn a_clock_that_goes_back_makes_no_wait_longer() {
    let world = World::new(|number| {
        verified(number);
        number.name_status = "PENDING_REVIEW".to_owned();
    });
    let mut run = onboarding();
    assert_eq!(world.wait(&mut run).length, Duration::from_secs(900));
    world.skew.set(-365 * 24 * 3_600_000);
    assert_eq!(world.wait(&mut run).length, Duration::from_secs(900));
    world.sim.engine().decide_name(State::NUMBER, true).unwrap();
    world.sim.advance(Duration::from_secs(900));
    assert_eq!(world.finish_run(&mut run, &world.ledger).ending, Ending::Done);
}

#[test]
fn a_wait_that_is_ended_early_is_no_proof_of_time() {
    // A proof of ownership may expire during a long wait; being woken at once is not one.
    let world = World::new(|number| number.name_status = "PENDING_REVIEW".to_owned());
    let mut run = onboarding();
    assert!(matches!(world.drive(&mut run), Progress::Ask(_)));
    world.answer(&mut run);
    let first = world.wait(&mut run);
    let read = world.asked("number.read");
    run.wake();
    let again = world.wait(&mut run);
    assert_eq!((first.length, again.length), (Duration::from_secs(900), Duration::from_secs(900)));
    assert_eq!(world.asked("number.read"), read + 1, "it was read again");
    world.sim.engine().decide_name(State::NUMBER, true).unwrap();
    run.wake();
    assert_eq!(world.finish_run(&mut run, &world.ledger).ending, Ending::Done);
    assert_eq!(world.asked("number.request_code"), 1);
}

#[test]
fn a_wrong_clock_makes_the_ledger_forget_nothing() {
    let world = World::new(verified);
    let now = world.now();
    let reserve = |kind, now: Moment| Ledger::reserve(&world.ledger, &number(), &Attempt::new(kind), now);
    for _ in 0..10 {
        reserve(AttemptKind::Register, Moment::new(now, Some(now))).unwrap();
    }
    // A code is not counted, so nothing but this machine's clock dates it.
    reserve(AttemptKind::RequestCode, (now + DAY * 400).into()).unwrap();
    assert!(reserve(AttemptKind::Register, Moment::new(now + DAY * 400, Some(now))).is_err());
}

#[test]
fn neither_clock_alone_frees_an_attempt() {
    // Ten attempts by both clocks; then this machine's jumps ten days ahead, and so does one answer's date.
    for (skew, date) in [(10, None), (0, Some("Thu, 31 Dec 2099 23:59:59 GMT"))] {
        let world = World::new(verified);
        let moment = Moment::new(world.now(), Some(world.now()));
        for _ in 0..10 {
            let attempt = Attempt::new(AttemptKind::Deregister);
            let reservation = Ledger::reserve(&world.ledger, &number(), &attempt, moment).unwrap();
            let settlement = Settlement::new(AttemptState::Rejected);
            Ledger::settle(&world.ledger, &reservation, &settlement, moment).unwrap();
        }
        world.skew.set(skew * 24 * 3_600_000);
        let client = through(&world, |answer| {
            if let Some(date) = date {
                answer.headers_mut().insert("date", date.parse().unwrap());
            }
        });
        let mut run = onboarding();
        match client.drive(&mut run, &world.ledger, || world.now()).unwrap() {
            Progress::Wait(wait) => {
                assert_eq!(wait.blocker.reason, Reason::NoAttempts, "{skew} {date:?}");
                assert!(wait.length > DAY * 2 && wait.length < DAY * 4, "{wait:?}");
            }
            other => panic!("{skew} {date:?}: {other:?}"),
        }
        assert_eq!(world.asked("number.register"), 0);
    }
}

#[test]
fn no_attempt_is_reserved_without_the_service_s_time() {
    // A driver that takes long over everything it is asked to do.
    for seconds in [5, 11, 16, 29, 31] {
        let world = World::new(verified);
        let mut run = onboarding();
        let (mut was_dropped, mut reserved) = (false, 0);
        for _ in 0..200 {
            world.sim.advance(Duration::from_secs(seconds));
            match run.poll(world.now()) {
                Op::Load { number, now } => run.loaded(world.ledger.load(&number, now).unwrap(), world.now()),
                Op::Reserve { number, attempt, now } => {
                    assert!(now.service.is_some(), "every {seconds} s: {attempt:?} at {now:?}");
                    // The ledger fails the first time, so it is said again.
                    if !std::mem::replace(&mut was_dropped, true) {
                        continue;
                    }
                    reserved += 1;
                    run.reserved(Ledger::reserve(&world.ledger, &number, &attempt, now), world.now()).unwrap();
                }
                Op::MarkSent { reservation, now } => {
                    run.marked_sent(Ledger::mark_sent(&world.ledger, &reservation, now).unwrap(), world.now());
                }
                Op::Send(call) => {
                    let sent = Transport::send(&world.sim, call.request, call.limits);
                    run.answered(sent, world.now());
                }
                Op::Settle { reservation, settlement, now } => {
                    Ledger::settle(&world.ledger, &reservation, &settlement, now).unwrap();
                    run.settled();
                }
                Op::Wait(_) => {}
                Op::Ask(question) => panic!("{question}"),
                Op::Done(_) => break,
            }
        }
        assert_eq!(reserved > 0, seconds < 31, "{seconds}");
    }
}

/// The service, whose answers are changed on their way.
fn through(world: &World, change: impl Fn(&mut http::Response<Vec<u8>>)) -> Client<impl Transport> {
    let sim = world.sim.clone();
    Client::with_transport(
        config(),
        from_fn(move |request: http::Request<Body>, limits| -> Result<_, TransportError> {
            let mut answer = Transport::send(&sim, request, limits)?;
            change(&mut answer);
            Ok(answer)
        }),
    )
}

fn finish(world: &World, client: &Client<impl Transport>) -> Ending {
    world.finish_by(client, &mut onboarding(), &world.ledger).ending
}

#[test]
fn answers_without_a_date_or_with_nonsense_for_one_do() {
    for date in [None, Some("soon"), Some("Thu, 01 Jan 1970 00:00:00 GMT"), Some("")] {
        let world = World::new(verified);
        let client = through(&world, |answer| {
            answer.headers_mut().remove("date");
            if let Some(date) = date {
                answer.headers_mut().insert("date", date.parse().unwrap());
            }
        });
        assert_eq!(finish(&world, &client), Ending::Done);
        let reserved = attempts(&world).entries()[0].reserved;
        assert!(world.now().since(reserved.store) < DAY && reserved.store <= world.now(), "{date:?}");
        assert_eq!(reserved.service, None, "{date:?}");
    }
}

#[test]
fn what_stands_in_between_does_not_tell_the_time() {
    let world = World::new(verified);
    world.sim.engine().state_mut().faults.push(FaultRule::new(Fault::Html502).on(Operation::Register).nth(1));
    let client = through(&world, |answer| {
        if answer.status() == 502 {
            answer.headers_mut().insert("date", "Thu, 31 Dec 2099 23:59:59 GMT".parse().unwrap());
        }
    });
    assert_eq!(finish(&world, &client), Ending::Done);
    let attempts = attempts(&world);
    let registered: Vec<_> = attempts.entries().iter().filter(|entry| entry.kind == AttemptKind::Register).collect();
    assert_eq!(registered.len(), 2);
    for entry in registered {
        assert!(entry.latest().store <= world.now() + DAY);
        assert!(entry.latest().service.is_none_or(|date| date <= world.now() + DAY), "{entry:?}");
    }
    assert!(world.sim.engine().now().since(Time::START) < DAY, "nobody waits for 2099");
}

#[test]
fn nobody_waits_for_years() {
    for retry_after in ["4294967295", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let world = World::new(verified);
        world.sim.engine().state_mut().faults.push(
            FaultRule::new(Fault::Error {
                status: 429,
                code: 80_007,
                subcode: None,
                message: String::new(),
                is_transient: true,
            })
            .times(1),
        );
        let longest = Cell::new(Duration::ZERO);
        let client = through(&world, |answer| {
            if answer.status() == 429 {
                answer.headers_mut().insert("retry-after", retry_after.parse().unwrap());
            }
        });
        let mut run = onboarding();
        let ending = loop {
            match client.drive(&mut run, &world.ledger, || world.now()).unwrap() {
                Progress::Wait(wait) => {
                    assert!(matches!(wait.blocker.reason, Reason::Busy(..)));
                    longest.set(wait.length.max(longest.get()));
                    world.sim.advance(wait.length);
                }
                Progress::Done(report) => break report.ending,
                Progress::Ask(question) => panic!("{question}"),
            }
        };
        assert_eq!(ending, Ending::Done);
        assert!(longest.get() > DAY && longest.get() < DAY * 4, "{longest:?}");
    }
}
