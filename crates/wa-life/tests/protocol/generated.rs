//! One interruption at every point of the way to every goal, and several at chosen ones.

use std::time::Duration;

use wa_life::{Ending, Step};

use crate::{
    cases::{CASES, Case},
    foreign::Foreign,
    judge::{Tally, check_single},
    ours::{Asynchronous, Blocking},
    script::{Place, Script, Side, Strike},
    stack::{AT_ONCE, Sequel, Stack, finish},
};

/// The points of a way on which nothing goes wrong.
fn points<S: Stack>(case: &Case) -> Vec<Place> {
    let script = Script::default();
    let stack = S::start(case.state(), script.clone());
    let outcome = finish(&stack, &(case.goal)(), &script, AT_ONCE);
    assert_eq!(outcome.report.ending, Ending::Done, "{}: {}", case.name, outcome.report);
    check_single(&stack, case, &script, AT_ONCE, &outcome);
    script.passed()
}

/// Strikes every point of every case once.
fn strike_everywhere<S: Stack>(strike: Strike, sequels: &[Sequel], fits: fn(Place) -> bool) -> Tally {
    let mut tally = Tally::default();
    for case in CASES {
        let mut of_case = Tally::default();
        for (point, place) in points::<S>(case).into_iter().enumerate().filter(|(_, place)| fits(*place)) {
            for sequel in sequels {
                let script = Script::new([(point, strike)]);
                let stack = S::start(case.state(), script.clone());
                println!("{}: {}: {strike:?} at point {point}, {place:?}, then {sequel:?}", S::NAME, case.name);
                let outcome = finish(&stack, &(case.goal)(), &script, *sequel);
                assert_eq!(script.struck(), 1);
                check_single(&stack, case, &script, *sequel, &outcome);
                of_case.note(&script, &outcome);
            }
        }
        assert!(of_case.cases > 0, "{}: nothing was tried", case.name);
        tally.add(&of_case);
    }
    println!("{}: {strike:?}: {tally:?}", S::NAME);
    for ending in tally.endings.keys() {
        assert!(ENDINGS.contains(&&**ending), "an ending that is not listed: {ending}");
    }
    tally
}

fn anywhere(_: Place) -> bool {
    true
}

const SAME_RUN: &[Sequel] = &[
    AT_ONCE,
    // What was decided is old by then; a reservation of another one would not be.
    Sequel { keeps_run: true, after: Duration::from_secs(40) },
    Sequel { keeps_run: true, after: Duration::from_secs(3_600) },
];
const NEW_RUN: &[Sequel] = &[
    Sequel { keeps_run: false, after: Duration::ZERO },
    Sequel { keeps_run: false, after: Duration::from_secs(3_600) },
];

#[test]
fn every_operation_and_every_step_occurs() {
    let (mut operations, mut steps, mut waits, mut questions) = (Vec::new(), Vec::new(), 0, 0);
    for case in CASES {
        let script = Script::default();
        let stack = Blocking::start(case.state(), script.clone());
        let outcome = finish(&stack, &(case.goal)(), &script, AT_ONCE);
        operations.extend(script.passed().into_iter().map(|place| place.operation));
        steps.extend(outcome.steps);
        waits += outcome.waits;
        questions += outcome.questions;
        assert_eq!(points::<Asynchronous>(case), script.passed(), "{}: the drivers differ", case.name);
    }
    for operation in ["load", "reserve", "mark_sent", "send", "settle"] {
        assert!(operations.contains(&operation), "{operation}");
    }
    for step in Step::ALL {
        assert!(steps.contains(step), "{step:?}");
    }
    assert!(waits > 0 && questions > 0);
}

#[test]
fn a_cancelled_run_goes_on() {
    let tally = strike_everywhere::<Asynchronous>(Strike::Vanish, SAME_RUN, anywhere);
    assert!(tally.cases > 500 && tally.struck == tally.cases, "{tally:?}");
}

#[test]
fn a_run_whose_thread_unwinds_goes_on() {
    let tally = strike_everywhere::<Blocking>(Strike::Vanish, SAME_RUN, anywhere);
    assert!(tally.cases > 500 && tally.struck == tally.cases, "{tally:?}");
}

#[test]
fn another_run_goes_on_after_a_kill_asynchronous() {
    let tally = strike_everywhere::<Asynchronous>(Strike::Vanish, NEW_RUN, anywhere);
    assert!(tally.cases > 300 && tally.struck == tally.cases, "{tally:?}");
}

#[test]
fn another_run_goes_on_after_a_kill_blocking() {
    let tally = strike_everywhere::<Blocking>(Strike::Vanish, NEW_RUN, anywhere);
    assert!(tally.cases > 300 && tally.struck == tally.cases, "{tally:?}");
}

#[test]
fn a_failure_is_overcome_asynchronous() {
    let sequels = [SAME_RUN, NEW_RUN].concat();
    let tally = strike_everywhere::<Asynchronous>(Strike::Fail, &sequels, anywhere);
    assert!(tally.cases > 800 && tally.struck == tally.cases, "{tally:?}");
}

#[test]
fn a_failure_is_overcome_blocking() {
    let sequels = [SAME_RUN, NEW_RUN].concat();
    let tally = strike_everywhere::<Blocking>(Strike::Fail, &sequels, anywhere);
    assert!(tally.cases > 800 && tally.struck == tally.cases, "{tally:?}");
}

#[test]
fn a_request_that_may_have_left_and_has_not_is_overcome() {
    let before_sending = |place| place == Place { operation: "send", side: Side::Before };
    let tally = strike_everywhere::<Blocking>(Strike::Silence, &[AT_ONCE], before_sending);
    assert!(tally.cases > 30 && tally.struck == tally.cases, "{tally:?}");
    let asynchronous = strike_everywhere::<Asynchronous>(Strike::Silence, &[AT_ONCE], before_sending);
    assert_eq!(asynchronous.endings, tally.endings);
}

#[test]
fn a_foreign_stack_overcomes_the_same() {
    let sequels = [AT_ONCE, NEW_RUN[0]];
    let vanished = strike_everywhere::<Foreign<false>>(Strike::Vanish, &sequels, anywhere);
    assert!(vanished.cases > 300 && vanished.struck == vanished.cases, "{vanished:?}");
    let failed = strike_everywhere::<Foreign<false>>(Strike::Fail, &sequels, anywhere);
    assert_eq!(failed.struck, vanished.cases);
}

/// All ways to end after one interruption.
const ENDINGS: &[&str] = &[
    "done",
    "blocked: registering the number was refused: half-finished deregistration",
    "unconfirmed: migrating the number to the Cloud API",
    "unconfirmed: requesting the contacts of the WhatsApp Business app",
    "unconfirmed: requesting the message history of the WhatsApp Business app",
    "unconfirmed: sending the first message",
];
