//! What a run must not do though nothing forbids it outright: guess a PIN, migrate again, take down what cannot come back.

use wa_cloud::{
    Attempt,
    ledger::{AttemptState, Ledger, Settlement},
    life::{Action, Ending, Goal, Onboarding, PinRotation, Progress, Reason, Relocation, Retirement, Run, Task},
    settings::Storage,
    types::{E164, ErrorCode, Pin, Region, VerificationCode},
};
use wa_sim::{Ban, ErrorStyle, Fault, FaultRule, Number, Operation, State};

use crate::world::{DAY, World, config, migration, number, on_premises, pin, reason, registered, verified};

fn world(error_style: ErrorStyle, change: impl FnOnce(&mut Number)) -> World {
    let mut state = State::demo(1);
    state.rules.error_style = error_style;
    change(state.numbers.get_mut(State::NUMBER).unwrap());
    World::from_state(state)
}

fn onboarding(pin: &str) -> Onboarding {
    Onboarding::new(number(), Pin::new(pin).unwrap())
}

const FACES: [ErrorStyle; 2] = [ErrorStyle::Code, ErrorStyle::Description];

#[test]
fn no_second_pin_follows_a_wrong_one_in_either_face() {
    for error_style in FACES {
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
    world.sim.engine().state_mut().faults.push(FaultRule::new(Fault::SuccessFalse).on(Operation::Register).times(1));
    world.finish(onboarding("222222").vouch_for_pin());
    let asked = world.asked("number.register");
    assert_eq!(reason(&world.finish(onboarding("222222")).ending), &Reason::WrongPin);
    assert_eq!(world.asked("number.register"), asked);
}

#[test]
fn a_wrong_pin_in_a_migration_is_one_call_in_either_face() {
    for error_style in FACES {
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
            let mut faults = vec![rule.clone().on(Operation::Register).times(1)];
            // The reading after it fails, too.
            faults.extend(read.map(|fault| FaultRule::new(fault).on(Operation::ReadNumber).nth(2)));
            world.sim.engine().state_mut().faults = faults;
            for _ in 0..3 {
                let ending = world.finish(migration("012345")).ending;
                let expected = if happened { Ending::Done } else { ending.clone() };
                assert_eq!(ending, expected);
                assert!(happened || matches!(ending, Ending::Unknown(_)), "{ending}");
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
        ((|world| world.change(|number| number.code.verified_at = None)) as Bar, Reason::Unverified),
        (|world| world.change(|number| number.ban = Some(Ban::Restricted)), Reason::Restricted),
        (
            |world| {
                for _ in 0..3 {
                    let now = world.now();
                    let reservation = Ledger::reserve(&world.ledger, &number(), Attempt::Register, now).unwrap();
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
        assert_eq!(world.asked("number.deregister"), 0, "{expected:?}");
    }
}

#[test]
fn a_deregistration_without_an_answer_is_rested_after_too() {
    let world = world(ErrorStyle::Code, registered);
    let rule = FaultRule::new(Fault::Close).after().on(Operation::Deregister).times(1);
    world.sim.engine().state_mut().faults.push(rule);
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
        world.client.step(&mut run, &world.ledger, || world.now()).unwrap();
    }
    drop(run);
    assert_eq!(world.finish(onboarding("012345")).ending, Ending::Done);
    assert_eq!((world.asked("number.deregister"), world.asked("number.register")), (1, 2));
}

#[test]
fn a_mistyped_code_is_asked_for_again_in_either_face() {
    for error_style in FACES {
        let world = world(error_style, |_| {});
        let mut run = Run::new(&config(), onboarding("012345"));
        let mut was_wrong = Vec::new();
        let ending = loop {
            match world.client.step(&mut run, &world.ledger, || world.now()).unwrap() {
                Progress::Ask(question) if was_wrong.is_empty() => {
                    was_wrong.push(question.was_wrong);
                    run.code(VerificationCode::new("000000").unwrap());
                }
                Progress::Ask(question) => {
                    was_wrong.push(question.was_wrong);
                    world.answer(&mut run);
                }
                Progress::Done(report) => break report.ending,
                Progress::Wait(wait) => world.sim.advance(wait.length),
                Progress::Moved => {}
            }
        };
        assert_eq!((ending, was_wrong), (Ending::Done, vec![false, true]), "{error_style:?}");
        assert_eq!(world.asked("number.request_code"), 1);
    }
}

#[test]
fn where_only_registering_sets_a_pin_either_face_says_so() {
    for error_style in FACES {
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
    let mut asked = 0;
    while asked < 20 {
        match world.client.step(&mut run, &world.ledger, || world.now()).unwrap() {
            Progress::Ask(_) => {
                asked += 1;
                world.sim.advance(DAY / 48);
            }
            Progress::Moved => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(world.asked("number.request_code"), 1);
    assert_eq!(world.finish_run(&mut run, &world.ledger).ending, Ending::Done, "the person says that it is too old");
}

#[test]
fn a_wish_for_another_code_outlives_a_ledger_that_failed() {
    let world = world(ErrorStyle::Code, |_| {});
    let mut run = Run::new(&config(), onboarding("012345"));
    while !matches!(world.client.step(&mut run, &world.ledger, || world.now()).unwrap(), Progress::Ask(_)) {}
    run.code_not_received();
    for _ in 0..3 {
        let attempts = Ledger::attempts(&world.ledger, &number()).unwrap();
        assert!(matches!(run.next(&attempts, world.now()), Action::Send(call) if call.task() == Task::RequestCode));
        run.withdraw();
    }
}

#[test]
fn ownership_that_expires_during_a_review_is_proved_anew() {
    let world = world(ErrorStyle::Code, |number| number.name_status = "PENDING_REVIEW".to_owned());
    world.sim.engine().state_mut().rules.name_review = wa_sim::NameReview::Control;
    let mut run = Run::new(&config(), onboarding("012345"));
    loop {
        match world.client.step(&mut run, &world.ledger, || world.now()).unwrap() {
            Progress::Wait(_) => break,
            Progress::Ask(_) => world.answer(&mut run),
            _ => {}
        }
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
    let attempts = |world: &World| Ledger::attempts(&world.ledger, &number()).unwrap();
    let mut seen = Vec::new();
    for _ in 0..40 {
        match run.next(&attempts(&world), world.now()) {
            Action::Send(call) => {
                seen.push(call.task());
                if let Some(attempt) = call.attempt() {
                    Ledger::reserve(&world.ledger, &number(), attempt, call.at()).unwrap();
                    continue;
                }
                let (request, timeout) = call.release(None).unwrap();
                run.receive(wa_cloud::Transport::send(&world.sim, request, timeout), world.now());
            }
            Action::Wait(wait) => world.sim.advance(wait.length),
            Action::Ask(_) => panic!("it is verified"),
            Action::Done(report) => {
                assert!(matches!(report.ending, Ending::Unknown(_)), "{report}");
                break;
            }
        }
    }
    assert_eq!(seen.iter().filter(|task| **task == Task::Register).count(), 2, "{seen:?}");
}

#[test]
fn a_token_that_expires_in_the_middle_stops_the_run_and_a_new_one_goes_on() {
    let goals: [fn() -> Goal; 2] = [
        || {
            let greeted = Onboarding::new(number(), pin());
            greeted.greet(E164::new("+16505551234").unwrap(), "Phone number setup complete!").into()
        },
        || Retirement::new(number()).into(),
    ];
    for error_style in FACES {
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
                    match world.client.step(&mut run, &world.ledger, || world.now()).unwrap() {
                        Progress::Moved => made += 1,
                        Progress::Wait(wait) => world.sim.advance(wait.length),
                        Progress::Ask(_) => world.answer(&mut run),
                        Progress::Done(report) => {
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
    for error_style in FACES {
        for calls in 1..6 {
            let world = world(error_style, |_| {});
            let mut run = Run::new(&config(), onboarding("012345"));
            let mut made = 0;
            let report = loop {
                if made == calls {
                    world.change(|number| number.is_deleted = true);
                }
                match world.client.step(&mut run, &world.ledger, || world.now()).unwrap() {
                    Progress::Moved => made += 1,
                    Progress::Wait(wait) => world.sim.advance(wait.length),
                    Progress::Ask(_) => world.answer(&mut run),
                    Progress::Done(report) => break report,
                }
            };
            assert!(report.ending == Ending::Done || matches!(reason(&report.ending), Reason::Refused(..)), "{report}");
        }
    }
}

#[test]
fn a_certificate_that_could_not_be_made_says_nothing_about_the_pin() {
    let world = world(ErrorStyle::Code, |number| {
        verified(number);
        number.attached_elsewhere = true;
    });
    assert!(matches!(reason(&world.finish(onboarding("012345")).ending), Reason::Refused(Task::Register, _)));
    let attempts = Ledger::attempts(&world.ledger, &number()).unwrap();
    assert_eq!(attempts.last(Attempt::Register).unwrap().code, Some(ErrorCode::CertificateNotCreated));
    world.change(|number| number.attached_elsewhere = false);
    assert_eq!(world.finish(onboarding("012345")).ending, Ending::Done);
}
