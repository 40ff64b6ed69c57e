//! Several interruptions on one way, chosen by chance: here safety alone is promised, and an end.

use std::{cell::RefCell, time::Duration};

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::{
    cases::{CASES, Case},
    judge::{Tally, check_safety},
    ours::{Asynchronous, Blocking},
    script::{Script, Side, Strike},
    stack::{AT_ONCE, Sequel, Stack, finish},
};

fn strike() -> impl Strategy<Value = Strike> {
    prop_oneof![Just(Strike::Vanish), Just(Strike::Fail), Just(Strike::Silence)]
}

fn sequel() -> impl Strategy<Value = Sequel> {
    let lengths = prop_oneof![Just(0), 1..100_u64, Just(3_600), Just(80 * 3_600)];
    (any::<bool>(), lengths).prop_map(|(keeps_run, after)| Sequel { keeps_run, after: Duration::from_secs(after) })
}

/// Goes one way, struck at these points, and checks what holds in any case.
fn go<S: Stack>(case: &Case, script: &Script, sequel: Sequel, tally: &RefCell<Tally>) {
    let stack = S::start(case.state(), script.clone());
    let outcome = finish(&stack, &(case.goal)(), script, sequel);
    check_safety(&stack, case, script, &outcome);
    tally.borrow_mut().note(script, &outcome);
}

fn strike_by_chance<S: Stack>() {
    let tally = RefCell::new(Tally::default());
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 600, failure_persistence: None, ..Config::default() },
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let strikes = prop::collection::btree_map(0..90_usize, strike(), 2..9);
    let ways = (0..CASES.len(), strikes, sequel());
    let result = runner.run(&ways, |(case, strikes, sequel)| {
        go::<S>(&CASES[case], &Script::new(strikes), sequel, &tally);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{}: {error}", S::NAME));
    let tally = tally.into_inner();
    println!("{}: {tally:#?}", S::NAME);
    assert!(tally.cases == 600 && tally.struck > 400, "{tally:?}");
    assert!(tally.endings["done"] > 300, "{tally:?}");
}

#[test]
fn several_interruptions_do_no_harm_asynchronous() {
    strike_by_chance::<Asynchronous>();
}

#[test]
fn several_interruptions_do_no_harm_blocking() {
    strike_by_chance::<Blocking>();
}

#[test]
fn a_ledger_and_a_transport_that_fail_again_and_again_do_no_harm() {
    let tally = RefCell::new(Tally::default());
    for case in CASES {
        for interval in 2..=9 {
            for side in [Side::Before, Side::After] {
                let script = Script::periodic(interval, side);
                println!("{}: every {interval}, {side:?}", case.name);
                go::<Blocking>(case, &script, AT_ONCE, &tally);
            }
        }
    }
    let tally = tally.into_inner();
    println!("{tally:#?}");
    assert!(tally.cases == CASES.len() * 16 && tally.struck > 100, "{tally:?}");
}

/// What certainly never left is no call without an answer: such a call is made once more.
#[test]
fn a_request_that_never_left_does_not_count_as_one_without_an_answer() {
    let case = CASES.iter().find(|case| case.name == "rotate the PIN").unwrap();
    let unsent_then_lost = [(8, Strike::Fail), (20, Strike::Silence)];
    let script = Script::new(unsent_then_lost);
    let stack = Blocking::start(case.state(), script.clone());
    let outcome = finish(&stack, &(case.goal)(), &script, AT_ONCE);
    check_safety(&stack, case, &script, &outcome);
    assert!(unsent_then_lost.iter().all(|(point, _)| script.passed()[*point].operation == "send"));
    assert_eq!((script.struck(), script.handed_out("set_pin")), (2, 3));
    assert_eq!(outcome.report.ending, wa_life::Ending::Done);
}
