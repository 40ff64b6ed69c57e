//! Clocks that jump, answers that tell the wrong time, and waits without end.

use std::{cell::Cell, time::Duration};

use wa_cloud::{
    Attempt, Body, Transport, TransportError,
    blocking::Client,
    ledger::Ledger,
    life::{Ending, Onboarding, Progress, Reason, Run},
};
use wa_sim::{Fault, FaultRule, Operation, State, Time};

use crate::world::{DAY, World, config, number, pin};

fn verified() -> World {
    World::new(|number| number.code.verified_at = Some(Time::START))
}

#[test]
fn a_clock_that_goes_back_makes_no_wait_longer() {
    let world = World::new(|number| number.name_status = "PENDING_REVIEW".to_owned());
    let mut run = Run::new(&config(), Onboarding::new(number(), pin()));
    world.change(|number| number.code.verified_at = Some(Time::START));
    let wait = |run: &mut Run| loop {
        match world.client.step(run, &world.ledger, || world.now()).unwrap() {
            Progress::Wait(wait) => break wait.length,
            Progress::Moved => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wait(&mut run), Duration::from_secs(900));
    world.skew.set(-365 * 24 * 3_600_000);
    assert_eq!(wait(&mut run), Duration::from_secs(900));
    world.sim.engine().decide_name(State::NUMBER, true).unwrap();
    world.sim.advance(Duration::from_secs(900));
    assert_eq!(world.finish_run(&mut run, &world.ledger).ending, Ending::Done);
}

#[test]
fn a_wrong_clock_makes_the_ledger_forget_nothing() {
    let world = verified();
    let now = world.now();
    for _ in 0..10 {
        Ledger::reserve(&world.ledger, &number(), Attempt::Register, now).unwrap();
    }
    // A code is not counted, so nothing but this machine's clock dates it.
    Ledger::reserve(&world.ledger, &number(), Attempt::RequestCode, now + DAY * 400).unwrap();
    assert!(Ledger::reserve(&world.ledger, &number(), Attempt::Register, now).is_err());
}

/// The service, whose answers are changed on their way.
fn through(world: &World, change: impl Fn(&mut http::Response<Vec<u8>>)) -> Client<impl Transport> {
    let sim = world.sim.clone();
    Client::with_transport(
        config(),
        wa_cloud::from_fn(move |request: http::Request<Body>, timeout| -> Result<_, TransportError> {
            let mut answer = Transport::send(&sim, request, timeout)?;
            change(&mut answer);
            Ok(answer)
        }),
    )
}

fn finish(world: &World, client: &Client<impl Transport>) -> Ending {
    let mut run = Run::new(&config(), Onboarding::new(number(), pin()));
    for _ in 0..100 {
        match client.step(&mut run, &world.ledger, || world.now()).unwrap() {
            Progress::Moved => {}
            Progress::Wait(wait) => world.sim.advance(wait.length),
            Progress::Ask(_) => world.answer(&mut run),
            Progress::Done(report) => return report.ending,
        }
    }
    panic!("it goes on for ever");
}

#[test]
fn answers_without_a_date_or_with_nonsense_for_one_do() {
    for date in [None, Some("soon"), Some("Thu, 01 Jan 1970 00:00:00 GMT"), Some("")] {
        let world = verified();
        let client = through(&world, |answer| {
            answer.headers_mut().remove("date");
            if let Some(date) = date {
                answer.headers_mut().insert("date", date.parse().unwrap());
            }
        });
        assert_eq!(finish(&world, &client), Ending::Done);
        let attempts = Ledger::attempts(&world.ledger, &number()).unwrap();
        assert!(
            world.now().since(attempts.entries()[0].at) < DAY && attempts.entries()[0].at <= world.now(),
            "{date:?}"
        );
    }
}

#[test]
fn what_stands_in_between_does_not_tell_the_time() {
    let world = verified();
    world.sim.engine().state_mut().faults.push(FaultRule::new(Fault::Html502).on(Operation::Register).nth(1));
    let client = through(&world, |answer| {
        if answer.status() == 502 {
            answer.headers_mut().insert("date", "Thu, 31 Dec 2099 23:59:59 GMT".parse().unwrap());
        }
    });
    assert_eq!(finish(&world, &client), Ending::Done);
    let attempts = Ledger::attempts(&world.ledger, &number()).unwrap();
    let entries = attempts.entries().iter().filter(|entry| entry.attempt == Attempt::Register);
    assert!(entries.clone().count() == 2 && entries.clone().all(|entry| entry.latest() <= world.now() + DAY));
    assert!(world.sim.engine().now().since(Time::START) < DAY, "nobody waits for 2099");
}

#[test]
fn nobody_waits_for_years() {
    for retry_after in ["4294967295", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let world = verified();
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
        let mut run = Run::new(&config(), Onboarding::new(number(), pin()));
        let ending = loop {
            match client.step(&mut run, &world.ledger, || world.now()).unwrap() {
                Progress::Wait(wait) => {
                    assert!(matches!(wait.blocker.reason, Reason::Busy(..)));
                    longest.set(wait.length.max(longest.get()));
                    world.sim.advance(wait.length);
                }
                Progress::Done(report) => break report.ending,
                _ => {}
            }
        };
        assert_eq!(ending, Ending::Done);
        assert!(longest.get() > DAY && longest.get() < DAY * 4, "{longest:?}");
    }
}
