//! The same scenarios over every stack: reports, journals and ledgers are equal.

use std::time::Duration;

use wa_life::{Report, ledger::Entry};
use wa_sim::{Fault, FaultRule, Operation};

use crate::{
    cases::{CASES, Case},
    foreign::Foreign,
    judge::check_safety,
    ours::{Asynchronous, Blocking},
    script::{Script, Strike},
    stack::{Sequel, Stack, finish},
};

/// A way to a goal with what goes wrong on it.
struct Scenario {
    case: &'static Case,
    faults: Vec<FaultRule>,
    strikes: Vec<(usize, Strike)>,
    sequel: Sequel,
}

/// What one stack made of one scenario.
#[derive(Debug, PartialEq)]
struct Trace {
    report: Report,
    journal: Vec<wa_sim::Entry>,
    /// Without the ids, which are the store's own.
    ledger: Vec<Entry>,
}

fn trace<S: Stack>(scenario: &Scenario) -> Trace {
    let mut state = scenario.case.state();
    state.faults.clone_from(&scenario.faults);
    let script = Script::new(scenario.strikes.iter().copied());
    let stack = S::start(state, script.clone());
    let outcome = finish(&stack, &(scenario.case.goal)(), &script, scenario.sequel);
    check_safety(&stack, scenario.case, &script, &outcome);
    let mut ledger = stack.entries();
    for (place, entry) in ledger.iter_mut().enumerate() {
        entry.id = place as u64;
    }
    Trace { report: outcome.report, journal: stack.service().journal(), ledger }
}

/// Every goal: alone, with the service's own failures, and interrupted here and there.
fn scenarios() -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    for case in CASES {
        let mut add = |faults: Vec<FaultRule>, strikes: Vec<(usize, Strike)>, keeps_run, after| {
            let sequel = Sequel { keeps_run, after: Duration::from_secs(after) };
            scenarios.push(Scenario { case, faults, strikes, sequel });
        };
        add(vec![], vec![], true, 0);
        for operation in [Operation::Register, Operation::Deregister, Operation::SendMessage, Operation::ReadNumber] {
            let error = || Fault::Error {
                status: 500,
                code: 131_000,
                subcode: None,
                message: "Something went wrong".to_owned(),
                is_transient: false,
            };
            let mut rule = FaultRule::new(error());
            (rule.operation, rule.times) = (Some(operation), Some(1));
            add(vec![rule], vec![], true, 0);
            for mut rule in [FaultRule::new(Fault::SuccessFalse), FaultRule::new(Fault::Close).after()] {
                (rule.operation, rule.times) = (Some(operation), Some(1));
                add(vec![rule], vec![], true, 0);
            }
        }
        for (point, strike) in
            [(4, Strike::Fail), (9, Strike::Fail), (13, Strike::Vanish), (21, Strike::Silence), (33, Strike::Vanish)]
        {
            add(vec![], vec![(point, strike)], true, 0);
            add(vec![], vec![(point, strike), (point + 8, strike)], false, 120);
        }
    }
    scenarios
}

fn equals_ours<S: Stack>() {
    let scenarios = scenarios();
    for (place, scenario) in scenarios.iter().enumerate() {
        println!("{}: scenario {place}, {}, {:?}", S::NAME, scenario.case.name, scenario.strikes);
        let (ours, theirs) = (trace::<Blocking>(scenario), trace::<S>(scenario));
        assert_eq!(ours.journal.len(), theirs.journal.len());
        for (ours, theirs) in ours.journal.iter().zip(&theirs.journal) {
            assert_eq!(ours, theirs);
        }
        assert_eq!(ours, theirs);
    }
    println!("{}: {} scenarios", S::NAME, scenarios.len());
    assert_eq!(scenarios.len(), CASES.len() * 23);
}

#[test]
fn the_asynchronous_driver_does_what_the_blocking_one_does() {
    equals_ours::<Asynchronous>();
}

#[test]
fn a_foreign_stack_does_what_ours_does() {
    equals_ours::<Foreign<false>>();
}

#[test]
fn a_foreign_stack_over_a_socket_does_what_ours_does() {
    equals_ours::<Foreign<true>>();
}
