//! Whatever goes wrong at whichever step, before the effect or after it: the run ends with a word that helps, and nothing
//! happens twice.

use std::collections::BTreeMap;

use wa_core::{
    Body, TransportError, TransportErrorKind,
    api::number::Storage,
    blocking::Client,
    from_fn,
    types::{E164, Meaning, Region},
};
use wa_life::{
    Ending, Goal, Greeting, Onboarding, PinRotation, Reason, Relocation, Renaming, Report, Retirement, Run, Step,
    ledger::Memory,
};
use wa_sim::{ErrorStyle, Fault, FaultRule, Moment, Number, Operation, State, Time};

use crate::world::{HOUR, World, migration, number, on_premises, pin, registered, subscription, unconfirmed};

fn onboarding() -> Goal {
    let greeting = Greeting::template("hello_world", "en_US");
    let onboarding = Onboarding::new(number(), pin()).storage(Storage::Local(Region::CH)).subscribe(subscription());
    onboarding.greet(E164::new("+16505551234").unwrap(), greeting).into()
}

/// A goal, the number it begins with, and the calls on its way.
struct Case {
    goal: fn() -> Goal,
    begins: fn(&mut Number),
    calls: &'static [Operation],
}

const CASES: &[Case] = &[
    Case {
        goal: onboarding,
        begins: |_| {},
        calls: &[
            Operation::ReadNumber,
            Operation::RequestCode,
            Operation::VerifyCode,
            Operation::ReadSettings,
            Operation::SetSettings,
            Operation::Register,
            Operation::ListSubscriptions,
            Operation::Subscribe,
            Operation::SendMessage,
        ],
    },
    Case {
        goal: || Relocation::new(number(), Storage::Local(Region::CH), pin()).into(),
        begins: registered,
        calls: &[
            Operation::ReadNumber,
            Operation::ReadSettings,
            Operation::UpdateNumber,
            Operation::Deregister,
            Operation::SetSettings,
            Operation::Register,
        ],
    },
    Case {
        goal: || Renaming::new(number(), "Lucky Shrub 2", pin()).into(),
        begins: registered,
        calls: &[Operation::ReadNumber, Operation::UpdateNumber, Operation::Register],
    },
    Case {
        goal: || migration("012345").into(),
        begins: on_premises,
        calls: &[Operation::ReadNumber, Operation::Register],
    },
    Case {
        goal: || PinRotation::new(number(), pin()).into(),
        begins: registered,
        calls: &[Operation::ReadNumber, Operation::UpdateNumber],
    },
    Case {
        goal: || Retirement::new(number()).into(),
        begins: registered,
        calls: &[Operation::ReadNumber, Operation::Deregister],
    },
];

/// What must not happen twice.
const ONCE: &[&str] = &["number.register", "number.deregister", "number.verify_code", "message.send"];

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

/// Each fault before the effect of a call, and after it.
fn rules() -> impl Iterator<Item = FaultRule> {
    faults().into_iter().flat_map(|fault| [FaultRule::new(fault.clone()), FaultRule::new(fault).after()])
}

/// Runs to the end with this fault, and then once more without it, as a person would.
#[track_caller]
fn survive(case: &Case, error_style: ErrorStyle, rule: FaultRule) -> (Report, Report) {
    let mut state = State::demo(7);
    state.rules.error_style = error_style;
    (case.begins)(state.numbers.get_mut(State::NUMBER).unwrap());
    state.faults.push(rule.clone());
    let world = World::from_state(state);
    let goal = (case.goal)();
    let what = format!("{}, {error_style:?}, {rule:?}", goal.name());

    let first = world.finish(goal.clone());
    // A refusal that is not true cannot be told from one that is.
    let is_lie = matches!(rule.fault, Fault::Error { .. }) && rule.moment == Moment::After;
    check(&world, &first, &goal, 1, &what, if is_lie { &["message.send"] } else { ONCE });
    let is_migration = matches!(goal, Goal::Migrate(_));
    let is_unanswered = is_migration && !matches!(rule.fault, Fault::Error { .. });
    assert!(world.asked("number.register") <= if is_unanswered { 1 } else { 2 }, "{what}: {first}");
    // A code lives ten minutes: after a longer wait, another is needed.
    let is_error = matches!(rule.fault, Fault::Error { .. });
    assert!(is_error || world.took_effect("number.request_code") <= 1, "{what}: {first}");
    world.sim.engine().state_mut().faults.clear();
    world.sim.advance(HOUR);
    let second = world.finish(goal.clone());
    assert!(!is_unanswered || world.asked("number.register") <= 1, "{what}: {second}");
    check(&world, &second, &goal, 2, &format!("again after {what}"), if is_lie { &[] } else { ONCE });
    (first, second)
}

/// Checks what has happened since the beginning of a run, which is the first one or the second.
#[track_caller]
fn check(world: &World, report: &Report, goal: &Goal, run: usize, what: &str, once: &[&str]) {
    for call in once {
        // Nothing shows whether a registration has put a name into effect. Another one changes nothing else, so each run may
        // make two.
        let is_repeatable = *call == "number.register" && matches!(goal, Goal::Rename(_));
        let most = if is_repeatable { run + 1 } else { 1 };
        assert!(world.took_effect(call) <= most, "{call} happened more than {most} times with {what}: {report}");
    }
    match &report.ending {
        Ending::Done => {}
        Ending::Blocked(blocker) => {
            assert!(!blocker.reason.to_string().is_empty() && !blocker.reason.remedy().is_empty());
            assert!(!matches!(blocker.reason, Reason::Invalid(_)), "{what}: {report}");
        }
        Ending::Unconfirmed(unconfirmed) => assert!(!unconfirmed.check().is_empty()),
        _ => unreachable!("{what}"),
    }
}

#[test]
fn no_fault_at_any_step_makes_anything_happen_twice() {
    let mut endings: BTreeMap<String, u32> = BTreeMap::new();
    for (case, error_style) in CASES.iter().flat_map(|case| [(case, ErrorStyle::Code), (case, ErrorStyle::Description)])
    {
        for (call, rule) in case.calls.iter().flat_map(|call| rules().map(move |rule| (call, rule))) {
            let leaves_answer = matches!(
                rule.fault,
                Fault::Delay { millis: 5_000 }
                    | Fault::SlowBody { millis: 1 }
                    | Fault::NoTraceId
                    | Fault::Informational { .. }
            );
            let is_migrating = *call == Operation::Register && matches!((case.goal)(), Goal::Migrate(_));
            let fault = rule.fault.clone();
            let (first, second) = survive(case, error_style, rule.on(*call).nth(1));
            if leaves_answer {
                assert_eq!(first.ending, Ending::Done, "{call:?} {fault:?}");
            }
            // Only what nobody can read stays open.
            if *call != Operation::SendMessage && !is_migrating {
                assert_eq!(second.ending, Ending::Done, "{call:?} {fault:?}: {first}, then {second}");
            }
            *endings.entry(first.ending.to_string()).or_default() += 1;
        }
    }
    assert!(endings.keys().any(|ending| ending.starts_with("unconfirmed: sending the first message")), "{endings:#?}");
    assert!(endings["done"] > 500, "{endings:#?}");
}

#[test]
fn a_fault_that_does_not_go_away_ends_every_run() {
    for (case, error_style) in CASES.iter().flat_map(|case| [(case, ErrorStyle::Code), (case, ErrorStyle::Description)])
    {
        for (call, rule) in case.calls.iter().flat_map(|call| rules().map(move |rule| (call, rule))) {
            survive(case, error_style, rule.on(*call));
        }
    }
}

#[test]
fn no_code_of_the_service_at_any_step_makes_anything_happen_twice() {
    for (case, call) in CASES.iter().flat_map(|case| case.calls.iter().map(move |call| (case, call))) {
        for row in Meaning::all() {
            let fault = Fault::Error {
                status: 400,
                code: row.code,
                subcode: row.subcode,
                message: String::new(),
                is_transient: row.code % 2 == 0,
            };
            survive(case, ErrorStyle::Code, FaultRule::new(fault.clone()).on(*call).nth(1));
            survive(case, ErrorStyle::Code, FaultRule::new(fault).on(*call).after().nth(1));
        }
    }
}

#[test]
fn an_answer_that_was_lost_is_settled_by_reading() {
    for (rule, registers) in [
        (FaultRule::new(Fault::Close).on(Operation::Register).nth(1).after(), 1),
        (FaultRule::new(Fault::Close).on(Operation::Register).nth(1), 2),
    ] {
        let mut state = State::demo(1);
        state.faults.push(rule);
        let world = World::from_state(state);
        assert_eq!(world.finish(onboarding()).ending, Ending::Done);
        assert_eq!((world.asked("number.register"), world.took_effect("number.register")), (registers, 1));
    }
}

#[test]
fn a_run_whose_only_change_had_no_answer_has_changed_something() {
    let mut state = State::demo(1);
    state.faults.push(FaultRule::new(Fault::Close).on(Operation::Register).times(1).after());
    state.numbers.values_mut().for_each(|number| number.code.verified_at = Some(Time::START));
    let world = World::from_state(state);
    let report = world.finish(Onboarding::new(number(), pin()));
    assert_eq!(report.ending, Ending::Done, "{report}");
    assert!(!report.was_reached && world.took_effect("number.register") == 1, "{report}");
    assert!(world.finish(Onboarding::new(number(), pin())).was_reached);
}

#[test]
fn a_message_without_an_answer_is_never_sent_again() {
    let mut state = State::demo(1);
    state.faults.push(FaultRule::new(Fault::Timeout).on(Operation::SendMessage).nth(1).after());
    let world = World::from_state(state);
    for _ in 0..3 {
        let report = world.finish(onboarding());
        assert_eq!(unconfirmed(&report.ending), (Step::Greet, false), "{report}");
        assert!(report.to_string().contains("status webhook"), "{report}");
    }
    assert_eq!(world.asked("message.send"), 1);
}

#[test]
fn a_field_that_the_service_does_not_know_is_left_out() {
    // Seen in production: one unknown field fails the whole read.
    let world = World::new(|_| {});
    let unknown = |field: &str| {
        let message = format!("Tried accessing nonexisting field ({field}) on node type (WhatsAppBusinessPhoneNumber)");
        Fault::Error { status: 400, code: 100, subcode: None, message, is_transient: false }
    };
    for field in ["is_on_biz_app", "is_pin_enabled"] {
        world.sim.engine().state_mut().faults.push(FaultRule::new(unknown(field)).on(Operation::ReadNumber).times(1));
    }
    assert_eq!(world.finish(onboarding()).ending, Ending::Done);
    // A field that must be known is missed for ever: the run ends with the service's words.
    world.sim.engine().state_mut().faults = vec![FaultRule::new(unknown("status")).on(Operation::ReadNumber)];
    let before = world.asked("number.read");
    let report = world.finish(onboarding());
    assert!(matches!(crate::world::reason(&report.ending), Reason::Refused(Step::ReadNumber, _)), "{report}");
    assert_eq!(world.asked("number.read") - before, 2, "once more with the certain fields only");
}

#[test]
fn a_service_that_cannot_be_reached_costs_nothing() {
    let world = World::from_state(State::demo(1));
    let transport = from_fn(|_: http::Request<Body>, _| Err(TransportError::new(TransportErrorKind::Connect)));
    let client = Client::with_transport(crate::world::config(), transport);
    let ledger = Memory::default();
    let report = world.finish_by(&client, &mut Run::new(client.config(), onboarding()), &ledger);
    assert!(report.to_string().contains("the service cannot be reached"), "{report}");
    assert_eq!(report.attempts_left, Some(10));
}
