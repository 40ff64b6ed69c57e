//! What a run must not do though nothing forbids it outright: guess a PIN, migrate again, take down what cannot come back.

use wa_core::{
    AttemptKind,
    api::number::Storage,
    types::{E164, ErrorCode, Pin, Region, VerificationCode},
};
use wa_life::{
    Ending, Goal, Greeting, Onboarding, Op, PinRotation, Progress, Reason, Relocation, Renaming, Retirement, Run, Step,
    ledger::{Attempt, AttemptState, Attempts, Ledger, Settlement},
};
use wa_sim::{Ban, ErrorStyle, Fault, FaultRule, Number, Operation, State};

use crate::world::{
    DAY, Turn, World, config, migration, number, on_premises, pin, reason, registered, unconfirmed, verified,
};

fn world(error_style: ErrorStyle, change: impl FnOnce(&mut Number)) -> World {
    let mut state = State::demo(1);
    state.rules.error_style = error_style;
    change(state.numbers.get_mut(State::NUMBER).unwrap());
    World::from_state(state)
}

fn onboarding(pin: &str) -> Onboarding {
    Onboarding::new(number(), Pin::new(pin).unwrap())
}

fn fault(world: &World, rule: FaultRule) {
    world.sim.engine().state_mut().faults.push(rule);
}

fn attempts(world: &World) -> Attempts {
    Ledger::load(&world.ledger, &number(), world.now().into()).unwrap()
}

const STYLES: [ErrorStyle; 2] = [ErrorStyle::Code, ErrorStyle::Description];

#[test]
fn no_second_pin_follows_a_wrong_one_in_either_style() {
    for error_style in STYLES {
        let world = world(error_style, |number| {
            verified(number);
            number.pin.value = Some("999999".to_owned());
        });
        for guess in ["111111", "222222", "111111"] {
            let ending = world.finish(onboarding(guess)).ending;
            assert!(matches!(reason(&ending), Reason::WrongPin | Reason::PinInDoubt | Reason::Refused(..)), "{ending}");
        }
        assert_eq!(world.asked("number.register"), 1, "{error_style:?}");
        assert_eq!(world.finish(onboarding("999999").vouch_for_pin()).ending, Ending::Done);
    }
}

#[test]
fn a_wrong_pin_is_not_forgotten_over_what_came_after_it() {
    let world = world(ErrorStyle::Code, |number| {
        verified(number);
        number.pin.value = Some("999999".to_owned());
    });
    world.finish(onboarding("111111"));
    // Vouched for, but refused for another reason.
    fault(&world, FaultRule::new(Fault::SuccessFalse).on(Operation::Migrate).times(1));
    world.finish(onboarding("222222").vouch_for_pin());
    let asked = world.asked("number.migrate");
    assert_eq!(reason(&world.finish(onboarding("222222")).ending), &Reason::WrongPin);
    assert_eq!(world.asked("number.migrate"), asked);
}

#[test]
fn a_wrong_pin_in_a_migration_is_one_call_in_either_style() {
    for error_style in STYLES {
        let world = world(error_style, on_premises);
        for guess in ["999999", "888888", "999999"] {
            let text = world.finish(migration(guess)).to_string();
            for part in ["On-Premises deployment is", "down", "do not guess", "vouch for"] {
                assert!(text.to_lowercase().contains(&part.to_lowercase()), "{error_style:?}: {text}");
            }
        }
        assert_eq!(world.asked("number.migrate"), 1, "{error_style:?}");
        assert_eq!(world.finish(migration("012345").vouch_for_pin()).ending, Ending::Done);
    }
}

#[test]
fn a_migration_without_an_answer_is_one_call_whoever_looks_again() {
    for rule in [FaultRule::new(Fault::Close), FaultRule::new(Fault::Close).after()] {
        let happened = rule.moment == wa_sim::Moment::After;
        for read in [None, Some(Fault::Timeout), Some(Fault::Html502)] {
            let world = world(ErrorStyle::Code, on_premises);
            let mut faults = vec![rule.clone().on(Operation::Migrate).times(1)];
            // The reading after it fails, too.
            faults.extend(read.map(|fault| FaultRule::new(fault).on(Operation::ReadNumber).nth(2)));
            world.sim.engine().state_mut().faults = faults;
            for _ in 0..3 {
                let ending = world.finish(migration("012345")).ending;
                match happened {
                    true => assert_eq!(ending, Ending::Done),
                    false => assert_eq!(unconfirmed(&ending), (Step::Migrate, false)),
                }
            }
            assert_eq!(world.asked("number.migrate"), 1);
            assert_eq!(world.finish(migration("012345").vouch_for_pin()).ending, Ending::Done);
        }
    }
}

#[test]
fn a_number_that_could_not_come_back_is_not_taken_down() {
    let relocation = || Relocation::new(number(), Storage::Local(Region::CH), pin());
    type Bar = fn(&World);
    let bars = [
        ((|world| world.change(|number| number.name_status = "DECLINED".to_owned())) as Bar, Reason::NameDeclined),
        (|world| world.change(|number| number.ban = Some(Ban::Restricted)), Reason::Restricted),
        (
            |world| {
                let now = world.now().into();
                for _ in 0..3 {
                    let attempt = Attempt::new(AttemptKind::Register);
                    let reservation = Ledger::reserve(&world.ledger, &number(), &attempt, now).unwrap();
                    Ledger::settle(&world.ledger, &reservation, &Settlement::new(AttemptState::Rejected), now).unwrap();
                }
            },
            Reason::AttemptsLost,
        ),
    ];
    for (bar, expected) in bars {
        let world = world(ErrorStyle::Code, registered);
        bar(&world);
        assert_eq!(reason(&world.finish(relocation()).ending), &expected);
        assert_eq!((world.asked("number.deregister"), world.asked("number.set_pin")), (0, 0), "{expected:?}");
    }
}

#[test]
fn a_deregistration_without_an_answer_is_rested_after_too() {
    let world = world(ErrorStyle::Code, registered);
    fault(&world, FaultRule::new(Fault::Close).after().on(Operation::Deregister).times(1));
    let report = world.finish(Relocation::new(number(), Storage::Local(Region::CH), pin()));
    assert_eq!((report.ending, world.asked("number.register")), (Ending::Done, 1));
}

#[test]
fn a_process_that_takes_over_knows_that_a_deregistration_stopped_halfway() {
    let world = world(ErrorStyle::Code, |number| {
        verified(number);
        number.half_deregistered = true;
    });
    let mut run = Run::new(&config(), onboarding("012345"));
    while world.asked("number.register") == 0 {
        world.step(&mut run);
    }
    drop(run);
    assert_eq!(world.finish(onboarding("012345")).ending, Ending::Done);
    assert_eq!((world.asked("number.deregister"), world.asked("number.register")), (1, 2));
}

#[test]
fn a_mistyped_code_is_asked_for_again_in_either_style() {
    for error_style in STYLES {
        let world = world(error_style, |_| {});
        let mut run = Run::new(&config(), onboarding("012345"));
        let mut was_wrong = Vec::new();
        let ending = loop {
            match world.drive(&mut run) {
                Progress::Ask(question) if was_wrong.is_empty() => {
                    was_wrong.push(question.was_wrong);
                    run.code_received(VerificationCode::new("000000").unwrap());
                }
                Progress::Ask(question) => {
                    was_wrong.push(question.was_wrong);
                    world.answer(&mut run);
                }
                Progress::Done(report) => break report.ending,
                Progress::Wait(wait) => world.sim.advance(wait.length),
            }
        };
        assert_eq!((ending, was_wrong), (Ending::Done, vec![false, true]), "{error_style:?}");
        assert_eq!(world.asked("number.request_code"), 1);
    }
}

#[test]
fn where_only_registering_sets_a_pin_either_style_says_so() {
    for error_style in STYLES {
        let world = world(error_style, |_| {});
        world.sim.engine().state_mut().rules.pin_needs_registration = true;
        assert_eq!(reason(&world.finish(PinRotation::new(number(), pin())).ending), &Reason::Unregistered);
        assert_eq!(world.finish(onboarding("012345")).ending, Ending::Done, "{error_style:?}");
    }
}

#[test]
fn a_person_who_takes_long_gets_no_second_code() {
    let world = world(ErrorStyle::Code, |_| {});
    let mut run = Run::new(&config(), onboarding("012345"));
    for _ in 0..20 {
        assert!(matches!(world.drive(&mut run), Progress::Ask(_)));
        world.sim.advance(DAY / 48);
    }
    assert_eq!(world.asked("number.request_code"), 1);
    assert_eq!(world.finish_run(&mut run, &world.ledger).ending, Ending::Done, "the person says that it is too old");
}

#[test]
fn a_wish_for_another_code_outlives_a_ledger_that_failed() {
    let world = world(ErrorStyle::Code, |_| {});
    let mut run = Run::new(&config(), onboarding("012345"));
    assert!(matches!(world.drive(&mut run), Progress::Ask(_)));
    run.code_not_received();
    // The ledger answers nothing for a while: the same is wanted of it every time.
    for _ in 0..3 {
        assert!(matches!(run.poll(world.now()), Op::Load { .. }));
    }
    run.loaded(attempts(&world), world.now());
    for _ in 0..3 {
        assert!(matches!(
            run.poll(world.now()),
            Op::Reserve { attempt, .. } if attempt.kind == AttemptKind::RequestCode
        ));
    }
}

#[test]
fn ownership_that_expires_during_a_review_is_proved_anew() {
    let world = world(ErrorStyle::Code, |number| number.name_status = "PENDING_REVIEW".to_owned());
    world.sim.engine().state_mut().rules.name_review = wa_sim::NameReview::Control;
    let mut run = Run::new(&config(), onboarding("012345"));
    while let Progress::Ask(_) = world.drive(&mut run) {
        world.answer(&mut run);
    }
    world.sim.advance(DAY * 20);
    world.sim.engine().decide_name(State::NUMBER, true).unwrap();
    assert_eq!(world.finish_run(&mut run, &world.ledger).ending, Ending::Done);
    assert_eq!((world.asked("number.register"), world.took_effect("number.verify_code")), (1, 2));
}

#[test]
fn a_banned_number_is_not_ready_though_it_is_registered() {
    let world = world(ErrorStyle::Code, |number| {
        registered(number);
        number.ban = Some(Ban::Banned);
    });
    assert_eq!(reason(&world.finish(onboarding("012345")).ending), &Reason::Banned);
}

#[test]
fn what_was_handed_out_and_never_answered_may_have_left() {
    let world = world(ErrorStyle::Code, verified);
    let mut run = Run::new(&config(), onboarding("012345"));
    let mut registered = 0;
    let report = loop {
        match run.poll(world.now()) {
            // Handed out, and then nothing is heard of it.
            Op::Send(call) if call.operation.name == "number.register" => registered += 1,
            Op::Send(call) => {
                let sent = wa_core::Transport::send(&world.sim, call.request, call.limits);
                run.answered(sent, world.now());
            }
            Op::Load { number, now } => run.loaded(world.ledger.load(&number, now).unwrap(), world.now()),
            Op::Reserve { number, attempt, now } => {
                run.reserved(Ledger::reserve(&world.ledger, &number, &attempt, now), world.now()).unwrap();
            }
            Op::MarkSent { reservation, now } => {
                run.marked_sent(Ledger::mark_sent(&world.ledger, &reservation, now).unwrap(), world.now());
            }
            Op::Settle { reservation, settlement, now } => {
                Ledger::settle(&world.ledger, &reservation, &settlement, now).unwrap();
                run.settled();
            }
            Op::Wait(wait) => world.sim.advance(wait.length),
            Op::Ask(question) => panic!("{question}"),
            Op::Done(report) => break report,
        }
    };
    assert_eq!(unconfirmed(&report.ending), (Step::Register, false), "{report}");
    assert_eq!(registered, 2);
}

#[test]
fn a_pin_change_without_an_answer_is_repeated_once_and_then_left_to_a_person() {
    let world = world(ErrorStyle::Code, registered);
    fault(&world, FaultRule::new(Fault::Close).on(Operation::UpdateNumber).after());
    let report = world.finish(PinRotation::new(number(), Pin::new("654321").unwrap()));
    assert_eq!(unconfirmed(&report.ending), (Step::SetPin, false), "{report}");
    assert_eq!(world.asked("number.set_pin"), 2);
    assert!(report.to_string().contains("setting the new one again is safe"), "{report}");
    world.sim.engine().state_mut().faults.clear();
    fault(&world, FaultRule::new(Fault::Close).on(Operation::UpdateNumber).times(1));
    assert_eq!(world.finish(PinRotation::new(number(), pin())).ending, Ending::Done);
    assert_eq!(world.number(|number| number.pin.value.clone()).as_deref(), Some("012345"));
}

#[test]
fn a_demand_for_verification_leads_to_a_code_and_never_to_a_second_blind_registration() {
    let demand =
        || Fault::Error { status: 400, code: 133_006, subcode: None, message: String::new(), is_transient: false };
    type Begin = (fn() -> Goal, fn(&mut Number));
    let goals: [Begin; 3] = [
        (|| onboarding("012345").into(), |_| {}),
        (|| Relocation::new(number(), Storage::Local(Region::CH), pin()).into(), registered),
        (|| Renaming::new(number(), "Lucky Shrub 2", pin()).into(), registered),
    ];
    for (goal, begins) in goals {
        let world = world(ErrorStyle::Code, begins);
        fault(&world, FaultRule::new(demand()).on(Operation::Register).times(1));
        let mut run = Run::new(&config(), goal());
        let (mut is_demanded, mut verified_since) = (false, 0);
        let report = loop {
            match world.step(&mut run) {
                Turn::Called => {
                    let last = world.sim.engine().journal().entries().next_back().unwrap().clone();
                    if last.operation == "number.register" {
                        assert!(!is_demanded || verified_since > 0, "{} registers blindly", goal().name());
                        is_demanded = true;
                    }
                    // The service does not ask for what it has: a proof of its own is taken away with the demand.
                    if last.operation == "number.register" && !last.took_effect {
                        world.change(|number| number.code.verified_at = None);
                    }
                    verified_since += usize::from(is_demanded && last.operation == "number.verify_code");
                }
                Turn::Wait(wait) => world.sim.advance(wait.length),
                Turn::Ask(_) => world.answer(&mut run),
                Turn::Done(report) => break report,
            }
        };
        let name = goal().name();
        assert!(is_demanded, "{name}");
        assert_eq!(report.ending, Ending::Done, "{name}: {report}");
        assert_eq!((world.asked("number.register"), verified_since), (2, 1), "{name}");
    }
}

#[test]
fn a_verification_that_the_service_demands_and_refuses_is_left_to_a_person() {
    let world = world(ErrorStyle::Code, verified);
    let error =
        |code, subcode| Fault::Error { status: 400, code, subcode, message: String::new(), is_transient: false };
    fault(&world, FaultRule::new(error(133_006, None)).on(Operation::Register));
    fault(&world, FaultRule::new(error(136_024, Some(2_388_366))).on(Operation::RequestCode));
    for _ in 0..3 {
        let report = world.finish(onboarding("012345"));
        assert_eq!(reason(&report.ending), &Reason::VerificationRefused, "{report}");
    }
    assert_eq!(world.asked("number.register"), 1);
}

#[test]
fn an_attempt_in_doubt_is_settled_by_what_a_later_run_reads() {
    for happened in [true, false] {
        let world = world(ErrorStyle::Code, verified);
        let rule = FaultRule::new(Fault::Close).on(Operation::Register).times(1);
        fault(&world, if happened { rule.after() } else { rule });
        let mut run = Run::new(&config(), onboarding("012345"));
        while world.asked("number.register") == 0 {
            world.step(&mut run);
        }
        drop(run);
        assert!(attempts(&world).last(AttemptKind::Register).unwrap().is_in_doubt());
        world.sim.advance(DAY / 24);
        // Whatever that run is for.
        assert_eq!(world.finish(PinRotation::new(number(), pin())).ending, Ending::Done);
        let expected = if happened { AttemptState::Confirmed } else { AttemptState::Rejected };
        assert_eq!(attempts(&world).last(AttemptKind::Register).unwrap().state, expected);
    }
}

#[test]
fn a_reservation_that_was_never_used_is_given_back_after_a_minute() {
    let world = world(ErrorStyle::Code, verified);
    let attempt = Attempt::new(AttemptKind::Register);
    Ledger::reserve(&world.ledger, &number(), &attempt, world.now().into()).unwrap();
    let mut run = Run::new(&config(), onboarding("012345"));
    let wait = world.wait(&mut run);
    assert_eq!(wait.blocker.reason, Reason::Settling(Step::Register));
    assert!((55..=60).contains(&wait.length.as_secs()), "{wait:?}");
    assert_eq!(attempts(&world).left(AttemptKind::Register), 9, "until then it counts");
    assert_eq!(world.finish_run(&mut run, &world.ledger).ending, Ending::Done);
    assert_eq!(attempts(&world).left(AttemptKind::Register), 9, "only the one that was made");
    assert_eq!(attempts(&world).entries()[0].state, AttemptState::NotSent);
}

#[test]
fn a_token_that_expires_in_the_middle_stops_the_run_and_a_new_one_goes_on() {
    let goals: [fn() -> Goal; 2] = [
        || {
            onboarding("012345")
                .greet(E164::new("+16505551234").unwrap(), Greeting::template("hello_world", "en_US"))
                .into()
        },
        || Retirement::new(number()).into(),
    ];
    for error_style in STYLES {
        for (goal, begins) in goals.into_iter().zip([(|_| {}) as fn(&mut Number), registered]) {
            for calls in 1..9 {
                let world = world(error_style, begins);
                let mut run = Run::new(&config(), goal());
                let mut made = 0;
                let ending = loop {
                    if made == calls {
                        let now = world.sim.engine().now();
                        world.sim.engine().state_mut().tokens.get_mut(State::TOKEN).unwrap().expires = Some(now);
                    }
                    match world.step(&mut run) {
                        Turn::Called => made += 1,
                        Turn::Wait(wait) => world.sim.advance(wait.length),
                        Turn::Ask(_) => world.answer(&mut run),
                        Turn::Done(report) => {
                            let named = report.error.as_deref().is_none_or(|error| error.contains("190"));
                            assert!(named, "{report}");
                            break report.ending;
                        }
                    }
                };
                assert!(ending == Ending::Done || matches!(reason(&ending), Reason::Refused(..)), "{ending}");
                world.sim.engine().state_mut().tokens.get_mut(State::TOKEN).unwrap().expires = None;
                assert_eq!(world.finish(goal()).ending, Ending::Done, "{error_style:?} after {calls}");
                assert!(world.took_effect("number.register") <= 1 && world.took_effect("message.send_text") <= 1);
            }
        }
    }
}

#[test]
fn a_number_that_goes_away_in_the_middle_ends_the_run() {
    for error_style in STYLES {
        for calls in 1..6 {
            let world = world(error_style, |_| {});
            let mut run = Run::new(&config(), onboarding("012345"));
            let mut made = 0;
            let report = loop {
                if made == calls {
                    world.change(|number| number.is_deleted = true);
                }
                match world.step(&mut run) {
                    Turn::Called => made += 1,
                    Turn::Wait(wait) => world.sim.advance(wait.length),
                    Turn::Ask(_) => world.answer(&mut run),
                    Turn::Done(report) => break report,
                }
            };
            assert!(report.ending == Ending::Done || matches!(reason(&report.ending), Reason::Refused(..)), "{report}");
        }
    }
}

#[test]
fn a_number_that_another_account_holds_is_left_to_a_person_and_says_nothing_about_the_pin() {
    let world = world(ErrorStyle::Code, |number| {
        verified(number);
        number.attached_elsewhere = true;
    });
    let report = world.finish(onboarding("012345"));
    assert_eq!(reason(&report.ending), &Reason::OnAnotherAccount);
    // Seen in production, to the letter.
    let (_, message) = report.user_message.unwrap();
    assert!(message.unwrap().contains("registered to an existing WhatsApp account"));
    assert_eq!(attempts(&world).last(AttemptKind::Register).unwrap().code, Some(ErrorCode::CertificateNotCreated));
    world.change(|number| number.attached_elsewhere = false);
    assert_eq!(world.finish(onboarding("012345")).ending, Ending::Done);
}
