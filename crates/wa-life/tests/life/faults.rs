//! Whatever goes wrong at whichever step, before the effect or after it: the run ends with a word that helps, and nothing
//! happens twice.

use std::collections::BTreeMap;

use wa_cloud::{
    life::{Ending, Goal, Onboarding, PinRotation, Reason, Relocation, Renaming, Report, Retirement},
    settings::Storage,
    types::{E164, Meaning, Region},
};
use wa_sim::{ErrorStyle, Fault, FaultRule, InProcess, Moment, Number, Operation, State};

use crate::world::{World, account, migration, number, on_premises, pin, registered};

fn onboarding() -> Goal {
    let (account, app) = account();
    let onboarding = Onboarding::new(number(), pin()).storage(Storage::Local(Region::CH)).subscribe(account, app);
    onboarding.greet(E164::new("+16505551234").unwrap(), "Phone number setup complete!").into()
}

/// A goal, the number it begins with, and the calls on its way.
struct Way {
    goal: fn() -> Goal,
    begins: fn(&mut Number),
    calls: &'static [Operation],
}

const WAYS: &[Way] = &[
    Way {
        goal: onboarding,
        begins: |_| {},
        calls: &[
            Operation::ReadNumber,
            Operation::RequestCode,
            Operation::VerifyCode,
            Operation::UpdateNumber,
            Operation::ReadSettings,
            Operation::SetSettings,
            Operation::Register,
            Operation::ListSubscriptions,
            Operation::Subscribe,
            Operation::SendMessage,
        ],
    },
    Way {
        goal: || Relocation::new(number(), Storage::Local(Region::CH), pin()).into(),
        begins: registered,
        calls: &[
            Operation::ReadNumber,
            Operation::ReadSettings,
            Operation::Deregister,
            Operation::SetSettings,
            Operation::Register,
        ],
    },
    Way {
        goal: || Renaming::new(number(), "Lucky Shrub 2", pin()).into(),
        begins: registered,
        calls: &[Operation::ReadNumber, Operation::UpdateNumber, Operation::Register],
    },
    Way {
        goal: || migration("012345").into(),
        begins: on_premises,
        calls: &[Operation::ReadNumber, Operation::Register],
    },
    Way {
        goal: || PinRotation::new(number(), pin()).into(),
        begins: registered,
        calls: &[Operation::ReadNumber, Operation::UpdateNumber],
    },
    Way {
        goal: || Retirement::new(number()).into(),
        begins: registered,
        calls: &[Operation::ReadNumber, Operation::Deregister],
    },
];

/// What must not happen twice.
const ONCE: &[&str] = &["number.register", "number.deregister", "number.verify_code", "message.send_text"];

/// Every fault that is not an error of the service's own.
fn faults() -> Vec<Fault> {
    vec![
        Fault::Delay { millis: 5_000 },
        Fault::Delay { millis: 120_000 },
        Fault::Timeout,
        Fault::Close,
        Fault::Reset,
        Fault::Truncate { bytes: 5 },
        Fault::SlowBody { millis: 1 },
        Fault::SlowBody { millis: 60_000 },
        Fault::Garbage,
        Fault::Html502,
        Fault::SuccessFalse,
        Fault::NoTraceId,
        Fault::UnknownWord,
        Fault::Informational { count: 100 },
        Fault::Redirect { to: "https://elsewhere.example/".to_owned() },
        Fault::Oversized { bytes: 64 << 20 },
    ]
}

/// Runs to the end with this fault, and then once more without it, as a person would.
#[track_caller]
fn survive(way: &Way, error_style: ErrorStyle, rule: FaultRule) -> (Report, Report) {
    let mut state = State::demo(7);
    state.rules.error_style = error_style;
    (way.begins)(state.numbers.get_mut(State::NUMBER).unwrap());
    state.faults.push(rule.clone());
    let world = World::from_state(state);
    let what = format!("{}, {error_style:?}, {rule:?}", (way.goal)().name());

    let first = world.finish((way.goal)());
    // A refusal that is not true cannot be told from one that is.
    let is_lie = matches!(rule.fault, Fault::Error { .. }) && rule.moment == Moment::After;
    check(&world, &first, &what, if is_lie { &["message.send_text"] } else { ONCE });
    let is_migration = matches!((way.goal)(), Goal::Migrate(_));
    let is_unanswered = is_migration && !matches!(rule.fault, Fault::Error { .. });
    assert!(world.asked("number.register") <= if is_unanswered { 1 } else { 2 }, "{what}: {first}");
    // A code lives ten minutes: after a longer wait, another is needed.
    let is_error = matches!(rule.fault, Fault::Error { .. });
    assert!(is_error || world.took_effect("number.request_code") <= 1, "{what}: {first}");
    world.sim.engine().state_mut().faults.clear();
    world.sim.advance(std::time::Duration::from_secs(3_600));
    let second = world.finish((way.goal)());
    assert!(!is_unanswered || world.asked("number.register") <= 1, "{what}: {second}");
    check(&world, &second, &format!("again after {what}"), if is_lie { &[] } else { ONCE });
    (first, second)
}

#[track_caller]
fn check(world: &World, report: &Report, what: &str, once: &[&str]) {
    for call in once {
        assert!(world.took_effect(call) <= 1, "{call} happened twice with {what}: {report}");
    }
    match &report.ending {
        Ending::Done => {}
        Ending::Blocked(blocker) => {
            assert!(!blocker.reason.to_string().is_empty() && !blocker.reason.step().is_empty());
            assert!(!matches!(blocker.reason, Reason::Impossible(_)), "{what}: {report}");
        }
        Ending::Unknown(doubt) => assert!(!doubt.check().is_empty()),
        _ => unreachable!("{what}"),
    }
}

#[test]
fn no_fault_at_any_step_makes_anything_happen_twice() {
    let mut endings: BTreeMap<String, u32> = BTreeMap::new();
    for (way, error_style) in WAYS.iter().flat_map(|way| [(way, ErrorStyle::Code), (way, ErrorStyle::Description)]) {
        for call in way.calls {
            for fault in faults() {
                for rule in [FaultRule::new(fault.clone()), FaultRule::new(fault.clone()).after()] {
                    let leaves_answer = matches!(
                        fault,
                        Fault::Delay { millis: 5_000 }
                            | Fault::SlowBody { millis: 1 }
                            | Fault::NoTraceId
                            | Fault::Informational { .. }
                    );
                    let is_migrating = *call == Operation::Register && matches!((way.goal)(), Goal::Migrate(_));
                    let (first, second) = survive(way, error_style, rule.on(*call).nth(1));
                    if leaves_answer {
                        assert_eq!(first.ending, Ending::Done, "{call} {fault:?}");
                    }
                    // Only what nobody can read stays open.
                    if *call != Operation::SendMessage && !is_migrating {
                        assert_eq!(second.ending, Ending::Done, "{call} {fault:?}: {first}, then {second}");
                    }
                    *endings.entry(first.ending.to_string()).or_default() += 1;
                }
            }
        }
    }
    assert!(endings.keys().any(|ending| ending.starts_with("unknown: sending the first message")), "{endings:#?}");
    assert!(endings["done"] > 500, "{endings:#?}");
}

#[test]
fn a_fault_that_does_not_go_away_ends_every_run() {
    for (way, error_style) in WAYS.iter().flat_map(|way| [(way, ErrorStyle::Code), (way, ErrorStyle::Description)]) {
        for call in way.calls {
            for fault in faults() {
                for rule in [FaultRule::new(fault.clone()), FaultRule::new(fault.clone()).after()] {
                    survive(way, error_style, rule.on(*call));
                }
            }
        }
    }
}

#[test]
fn no_code_of_the_service_at_any_step_makes_anything_happen_twice() {
    for way in WAYS {
        for call in way.calls {
            for row in Meaning::all() {
                let fault = Fault::Error {
                    status: 400,
                    code: row.code,
                    subcode: row.subcode,
                    message: String::new(),
                    is_transient: row.code % 2 == 0,
                };
                survive(way, ErrorStyle::Code, FaultRule::new(fault.clone()).on(*call).nth(1));
                survive(way, ErrorStyle::Code, FaultRule::new(fault).on(*call).after().nth(1));
            }
        }
    }
}

#[test]
fn an_answer_that_was_lost_is_settled_by_reading() {
    let way = &WAYS[0];
    for (rule, registers) in [
        (FaultRule::new(Fault::Close).on(Operation::Register).nth(1).after(), 1),
        (FaultRule::new(Fault::Close).on(Operation::Register).nth(1), 2),
    ] {
        let mut state = State::demo(1);
        state.faults.push(rule);
        let world = World::from_state(state);
        assert_eq!(world.finish((way.goal)()).ending, Ending::Done);
        assert_eq!((world.asked("number.register"), world.took_effect("number.register")), (registers, 1));
    }
}

#[test]
fn a_message_whose_fate_is_unknown_is_never_sent_again() {
    let mut state = State::demo(1);
    state.faults.push(FaultRule::new(Fault::Timeout).on(Operation::SendMessage).nth(1).after());
    let world = World::from_state(state);
    for _ in 0..3 {
        let report = world.finish(onboarding());
        assert!(matches!(report.ending, Ending::Unknown(_)), "{report}");
        assert!(report.to_string().contains("status webhook"), "{report}");
    }
    assert_eq!(world.asked("message.send_text"), 1);
}

#[test]
fn a_service_that_cannot_be_reached_costs_nothing() {
    let world = World::from_state(State::demo(1));
    let transport = wa_cloud::from_fn(|_: http::Request<wa_cloud::Body>, _| {
        Err(wa_cloud::TransportError::new(wa_cloud::TransportErrorKind::Connect))
    });
    let client = wa_cloud::blocking::Client::with_transport(crate::world::config(), transport);
    let mut run = wa_cloud::life::Run::new(client.config(), onboarding());
    let mut now = world.now();
    let report = loop {
        match client.step(&mut run, &world.ledger, || now).unwrap() {
            wa_cloud::life::Progress::Wait(wait) => now = now + wait.length,
            wa_cloud::life::Progress::Done(report) => break report,
            _ => {}
        }
    };
    assert!(report.to_string().contains("the service cannot be reached"), "{report}");
    let _: &InProcess = &world.sim;
}
