//! Every goal from every state that a number is found in.

use wa_cloud::{
    Attempt, Timestamp,
    ledger::{AttemptState, Ledger, Memory, Settlement},
    life::{Ending, EventKind, Onboarding, PinRotation, Progress, Reason, Relocation, Renaming, Retirement, Run},
    settings::Storage,
    types::{ApiVersion, E164, Pin, Region, VerificationCode},
};
use wa_sim::{Ban, NameReview, Number, State};

use crate::world::{DAY, World, account, config, migration, number, on_premises, pin, reason, registered, verified};

fn onboarding() -> Onboarding {
    let (account, app) = account();
    Onboarding::new(number(), pin())
        .subscribe(account, app)
        .greet(E164::new("+16505551234").unwrap(), "Phone number setup complete!")
}

#[test]
fn a_new_number_is_verified_registered_subscribed_and_greets() {
    let world = World::new(|_| {});
    let report = world.finish(onboarding());
    assert_eq!(report.ending, Ending::Done, "{report}");
    assert!(world.number(Number::is_registered));
    for call in ["number.request_code", "number.verify_code", "number.register", "account.subscribe", "message.send_text"] {
        assert_eq!(world.took_effect(call), 1, "{call}");
    }
    assert_eq!(world.number(|number| number.pin.value.clone()).as_deref(), Some("012345"));
    assert_eq!(report.requests, 8, "the number, five calls, the PIN, and whether the app is subscribed");
}

#[test]
fn where_only_registering_sets_a_pin_it_does() {
    let mut state = State::demo(1);
    state.rules.pin_needs_registration = true;
    let world = World::from_state(state);
    let rotate = || PinRotation::new(number(), Pin::new("654321").unwrap());
    assert_eq!(reason(&world.finish(rotate()).ending), &Reason::Unregistered);
    assert_eq!(world.finish(onboarding()).ending, Ending::Done);
    assert_eq!(world.number(|number| number.pin.value.clone()).as_deref(), Some("012345"));
    assert_eq!(world.finish(rotate()).ending, Ending::Done);
}

#[test]
fn a_second_run_sends_nothing_again() {
    let world = World::new(|_| {});
    world.finish(onboarding());
    let report = world.finish(onboarding());
    assert_eq!((report.ending, report.requests), (Ending::Done, 2), "it only reads");
    for call in ["number.request_code", "number.verify_code", "number.register", "message.send_text"] {
        assert_eq!(world.asked(call), 1, "{call}");
    }
}

#[test]
fn a_wrong_code_is_asked_for_again() {
    let world = World::new(|_| {});
    let mut run = Run::new(&config(), Onboarding::new(number(), pin()));
    let mut was_wrong = Vec::new();
    loop {
        match world.client.step(&mut run, &world.ledger, || world.now()).unwrap() {
            Progress::Ask(question) => {
                was_wrong.push(question.was_wrong);
                let right = world.sim.engine().sent_code(State::NUMBER).unwrap().to_owned();
                let wrong = if right == "111111" { "222222" } else { "111111" };
                run.code(VerificationCode::new(if was_wrong.len() < 3 { wrong } else { &*right }).unwrap());
            }
            Progress::Done(report) => break assert_eq!(report.ending, Ending::Done),
            Progress::Wait(wait) => world.sim.advance(wait.length),
            _ => {}
        }
    }
    assert_eq!(was_wrong, [false, true, true]);
    assert_eq!((world.asked("number.request_code"), world.asked("number.verify_code")), (1, 3));
}

#[test]
fn a_code_that_has_expired_is_asked_for_anew() {
    let world = World::new(|_| {});
    let mut run = Run::new(&config(), Onboarding::new(number(), pin()));
    let clock = || world.now();
    loop {
        if let Progress::Ask(_) = world.client.step(&mut run, &world.ledger, clock).unwrap() {
            break;
        }
    }
    // The person goes away for an hour; another process takes over.
    world.sim.advance(DAY / 24);
    assert_eq!(world.finish(Onboarding::new(number(), pin())).ending, Ending::Done);
    assert_eq!(world.took_effect("number.request_code"), 2);
}

#[test]
fn a_process_that_takes_over_asks_for_the_code_that_was_sent() {
    let world = World::new(|_| {});
    let mut run = Run::new(&config(), Onboarding::new(number(), pin()));
    let clock = || world.now();
    while !matches!(world.client.step(&mut run, &world.ledger, clock).unwrap(), Progress::Ask(_)) {}
    drop(run);
    assert_eq!(world.finish(Onboarding::new(number(), pin())).ending, Ending::Done);
    assert_eq!(world.took_effect("number.request_code"), 1);
}

#[test]
fn registering_waits_for_the_review_of_the_name() {
    let world = World::new(|number| number.name_status = "PENDING_REVIEW".to_owned());
    let mut run = Run::new(&config(), Onboarding::new(number(), pin()));
    let mut waited = 0;
    loop {
        match world.client.step(&mut run, &world.ledger, || world.now()).unwrap() {
            Progress::Ask(_) => world.answer(&mut run),
            Progress::Wait(wait) => {
                assert_eq!(wait.blocker.reason, Reason::NameInReview);
                assert_eq!(world.asked("number.register"), 0);
                world.sim.advance(wait.length);
                waited += 1;
                if waited == 3 {
                    world.sim.engine().decide_name(State::NUMBER, true).unwrap();
                }
            }
            Progress::Done(report) => break assert_eq!(report.ending, Ending::Done),
            _ => {}
        }
    }
    assert_eq!((waited, world.asked("number.register")), (3, 1));
}

#[test]
fn what_bars_a_number_is_named_and_costs_no_attempt() {
    for (change, expected) in [
        ((|number: &mut Number| number.ban = Some(Ban::Banned)) as fn(&mut Number), Reason::Banned),
        (|number| number.ban = Some(Ban::Restricted), Reason::Restricted),
        (|number| number.name_status = "DECLINED".to_owned(), Reason::NameDeclined),
        (|number| number.name_status = "NONE".to_owned(), Reason::NameMissing),
        (|number| number.name_status = "UNHEARD_OF".to_owned(), Reason::Unclear("name_status")),
        (on_premises, Reason::OnPremises),
    ] {
        let world = World::new(|number| {
            verified(number);
            change(number);
        });
        let report = world.finish(Onboarding::new(number(), pin()));
        assert_eq!(reason(&report.ending), &expected);
        assert_eq!(world.asked("number.register"), 0, "{report}");
    }
}

#[test]
fn a_wrong_pin_is_sent_once_and_never_another() {
    let world = World::new(|number| {
        verified(number);
        number.pin.value = Some("999999".to_owned());
    });
    for _ in 0..3 {
        let report = world.finish(Onboarding::new(number(), pin()));
        assert_eq!(reason(&report.ending), &Reason::WrongPin);
    }
    assert_eq!(world.asked("number.register"), 1, "the ledger remembers");
    let report = world.finish(Onboarding::new(number(), Pin::new("999999").unwrap()).vouch_for_pin());
    assert_eq!(report.ending, Ending::Done);
    assert_eq!(world.asked("number.register"), 2);
}

#[test]
fn a_pin_that_was_switched_off_since_is_no_hindrance() {
    let world = World::new(|number| {
        verified(number);
        number.pin.value = Some("999999".to_owned());
    });
    world.finish(Onboarding::new(number(), pin()));
    world.sim.engine().switch_pin_off(State::NUMBER).unwrap();
    assert_eq!(world.finish(Onboarding::new(number(), pin())).ending, Ending::Done);
}

#[test]
fn a_migration_moves_the_number() {
    let world = World::new(on_premises);
    let report = world.finish(migration("012345"));
    assert_eq!(report.ending, Ending::Done, "{report}");
    assert!(world.number(Number::is_registered));
    assert_eq!(world.finish(migration("012345")).requests, 1, "it is there already");
}

#[test]
fn a_migration_with_a_wrong_pin_is_one_call_and_says_that_the_deployment_is_down() {
    let world = World::new(on_premises);
    for _ in 0..2 {
        let report = world.finish(migration("999999"));
        assert_eq!(reason(&report.ending), &Reason::OnPremisesDown);
        let text = report.to_string();
        for part in ["On-Premises deployment is down", "Do not guess", "WhatsApp Manager", "migrate again"] {
            assert!(text.contains(part), "{text}");
        }
    }
    assert_eq!(world.asked("number.migrate"), 1);
    assert!(!world.number(|number| number.on_premises.as_ref().unwrap().is_running));
    assert_eq!(world.finish(migration("012345").vouch_for_pin()).ending, Ending::Done);
}

#[test]
fn a_new_name_takes_effect_once_it_is_approved() {
    let world = World::new(registered);
    let rename = || Renaming::new(number(), "Lucky Shrub 2", pin());
    let report = world.finish(rename());
    assert_eq!(report.ending, Ending::Done, "{report}");
    assert_eq!(world.number(|number| number.verified_name.clone()), "Lucky Shrub 2");
    assert_eq!((world.asked("number.register"), world.took_effect("number.register")), (1, 1));
    assert_eq!(world.finish(rename()).requests, 1);
}

#[test]
fn a_declined_name_costs_no_attempt() {
    let mut state = State::demo(1);
    state.rules.name_review = NameReview::Control;
    registered(state.numbers.get_mut(State::NUMBER).unwrap());
    let world = World::from_state(state);
    let mut run = Run::new(&config(), Renaming::new(number(), "Lucky Shrub 2", pin()));
    loop {
        match world.client.step(&mut run, &world.ledger, || world.now()).unwrap() {
            Progress::Wait(wait) => {
                world.sim.advance(wait.length);
                world.sim.engine().decide_name(State::NUMBER, false).unwrap();
            }
            Progress::Done(report) => break assert_eq!(reason(&report.ending), &Reason::NameDeclined),
            _ => {}
        }
    }
    assert_eq!(world.asked("number.register"), 0);
}

#[test]
fn storage_is_set_before_the_number_is_registered() {
    let world = World::new(verified);
    let report = world.finish(Onboarding::new(number(), pin()).storage(Storage::Local(Region::CH)));
    assert_eq!(report.ending, Ending::Done, "{report}");
    assert_eq!(world.number(|number| number.storage.clone()), wa_sim::Storage::Local("CH".to_owned()));

    let report = world.finish(Onboarding::new(number(), pin()).storage(Storage::Local(Region::DE)));
    assert_eq!(reason(&report.ending), &Reason::StorageFixed);
}

#[test]
fn before_v21_storage_is_part_of_registering() {
    let world = World::new(verified);
    world.sim.engine().state_mut().rules.oldest_version = 20;
    let config = config().version(ApiVersion::new(20, 0));
    let client = wa_cloud::blocking::Client::with_transport(config.clone(), world.sim.clone());
    let mut run = Run::new(&config, Onboarding::new(number(), pin()).storage(Storage::Local(Region::CH)));
    let ledger = Memory::default();
    while !matches!(client.step(&mut run, &ledger, || world.now()).unwrap(), Progress::Done(_)) {}
    assert_eq!(world.number(|number| number.storage.clone()), wa_sim::Storage::Local("CH".to_owned()));
    assert_eq!(world.asked("number.set_storage"), 0);
}

#[test]
fn a_number_is_relocated() {
    let world = World::new(registered);
    let relocate = |region| Relocation::new(number(), Storage::Local(region), pin());
    let report = world.finish(relocate(Region::CH));
    assert_eq!(report.ending, Ending::Done, "{report}");
    assert!(world.number(Number::is_registered));
    assert_eq!(world.number(|number| number.storage.clone()), wa_sim::Storage::Local("CH".to_owned()));
    assert_eq!((world.took_effect("number.deregister"), world.took_effect("number.register")), (1, 1));
    assert_eq!(world.finish(relocate(Region::CH)).requests, 2, "it is there already");
}

#[test]
fn a_number_is_not_taken_down_without_an_attempt_to_come_back() {
    let world = World::new(registered);
    let now = world.now();
    for _ in 0..9 {
        let reservation = Ledger::reserve(&world.ledger, &number(), Attempt::Register, now).unwrap();
        Ledger::settle(&world.ledger, &reservation, &Settlement::new(AttemptState::Confirmed), now).unwrap();
    }
    let mut run = Run::new(&config(), Relocation::new(number(), Storage::Local(Region::CH), pin()));
    let wait = loop {
        match world.client.step(&mut run, &world.ledger, || world.now()).unwrap() {
            Progress::Wait(wait) => break wait,
            Progress::Moved => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wait.blocker.reason, Reason::NoAttempts);
    assert!(wait.length > DAY * 2);
    assert_eq!(world.asked("number.deregister"), 0);
}

#[test]
fn a_pin_is_rotated_and_a_number_retired() {
    let world = World::new(registered);
    let new = Pin::new("654321").unwrap();
    assert_eq!(world.finish(PinRotation::new(number(), new)).ending, Ending::Done);
    assert_eq!(world.number(|number| number.pin.value.clone()).as_deref(), Some("654321"));

    assert_eq!(world.finish(Retirement::new(number())).ending, Ending::Done);
    assert!(!world.number(Number::is_registered));
    assert_eq!(world.finish(Retirement::new(number())).ending, Ending::Done);
    assert_eq!(world.asked("number.deregister"), 1);

    world.change(|number| {
        registered(number);
        number.on_business_app = true;
    });
    assert_eq!(reason(&world.finish(Retirement::new(number())).ending), &Reason::OnBusinessApp);
    assert_eq!(world.asked("number.deregister"), 1);
}

#[test]
fn attempts_that_others_spent_lock_the_number_and_the_run_waits() {
    let world = World::new(|number| {
        verified(number);
        number.attempts.register = vec![wa_sim::Time::START; 10];
    });
    let mut run = Run::new(&config(), Onboarding::new(number(), pin()));
    let report = world.finish_run(&mut run, &world.ledger);
    assert_eq!(report.ending, Ending::Done, "72 hours later");
    assert_eq!(world.asked("number.register"), 2);
    assert!(world.now() > Timestamp::from_millis(wa_sim::Time::START.as_millis()) + DAY * 3);
    let waits = run
        .events()
        .filter(|event| matches!(&event.what, EventKind::Waiting(wait) if wait.blocker.reason == Reason::Locked));
    assert!(waits.count() > 0);
}
