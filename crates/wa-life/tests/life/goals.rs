//! Every goal from every state that a number is found in.

use wa_core::{
    AttemptKind, Timestamp,
    api::number::Storage,
    types::{ApiVersion, E164, Pin, Region, VerificationCode, VerifyToken},
};
use wa_life::{
    Addition, Ending, EventKind, Greeting, Onboarding, PinRotation, Progress, Reason, Relocation, Renaming, Retirement,
    Run, Step,
    ledger::{Attempt, AttemptState, Ledger, Memory, Settlement},
};
use wa_sim::{Ban, NameReview, Number, Override, RegisterOutcome, State};

use crate::world::{
    DAY, HOUR, World, config, migration, number, on_premises, pin, reason, registered, subscription, unconfirmed,
    verified,
};

fn onboarding() -> Onboarding {
    Onboarding::new(number(), pin())
        .subscribe(subscription())
        .greet(E164::new("+16505551234").unwrap(), Greeting::template("hello_world", "en_US"))
}

fn bare() -> Onboarding {
    Onboarding::new(number(), pin())
}

#[test]
fn a_new_number_is_verified_registered_subscribed_and_greets() {
    let world = World::new(|_| {});
    let report = world.finish(onboarding());
    assert_eq!(report.ending, Ending::Done, "{report}");
    assert!(world.number(Number::is_registered) && !report.was_reached);
    for call in
        ["number.request_code", "number.verify_code", "number.register", "account.subscribe", "message.send_template"]
    {
        assert_eq!((world.asked(call), world.took_effect(call)), (1, 1), "{call}");
    }
    assert_eq!(world.asked("number.set_pin"), 0, "registering sets the PIN");
    assert_eq!(world.number(|number| number.pin.value.clone()).as_deref(), Some("012345"));
    assert_eq!(report.requests, 9, "five calls, and two readings each of the number and of the subscriptions");
    assert_eq!(report.attempts_left, Some(9));
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
    assert!(report.was_reached, "{report}");
    assert_eq!((report.ending, report.requests), (Ending::Done, 2), "it only reads");
    for call in
        ["number.request_code", "number.verify_code", "number.register", "account.subscribe", "message.send_template"]
    {
        assert_eq!(world.asked(call), 1, "{call}");
    }
}

#[test]
fn a_wrong_code_is_asked_for_again() {
    let world = World::new(|_| {});
    let mut run = Run::new(&config(), bare());
    let mut was_wrong = Vec::new();
    loop {
        match world.drive(&mut run) {
            Progress::Ask(question) => {
                was_wrong.push(question.was_wrong);
                let right = world.sim.engine().sent_code(State::NUMBER).unwrap().to_owned();
                let wrong = if right == "111111" { "222222" } else { "111111" };
                run.code_received(VerificationCode::new(if was_wrong.len() < 3 { wrong } else { &*right }).unwrap());
            }
            Progress::Done(report) => break assert_eq!(report.ending, Ending::Done),
            Progress::Wait(wait) => world.sim.advance(wait.length),
        }
    }
    assert_eq!(was_wrong, [false, true, true]);
    assert_eq!((world.asked("number.request_code"), world.asked("number.verify_code")), (1, 3));
}

#[test]
fn a_code_that_has_expired_is_asked_for_anew() {
    let world = World::new(|_| {});
    let mut run = Run::new(&config(), bare());
    assert!(matches!(world.drive(&mut run), Progress::Ask(_)));
    // The person goes away for an hour; another process takes over.
    world.sim.advance(HOUR);
    assert_eq!(world.finish(bare()).ending, Ending::Done);
    assert_eq!(world.took_effect("number.request_code"), 2);
}

#[test]
fn a_process_that_takes_over_asks_for_the_code_that_was_sent() {
    let world = World::new(|_| {});
    let mut run = Run::new(&config(), bare());
    assert!(matches!(world.drive(&mut run), Progress::Ask(_)));
    drop(run);
    assert_eq!(world.finish(bare()).ending, Ending::Done);
    assert_eq!(world.took_effect("number.request_code"), 1);
}

#[test]
fn registering_waits_for_the_review_of_the_name() {
    let world = World::new(|number| number.name_status = "PENDING_REVIEW".to_owned());
    let mut run = Run::new(&config(), bare());
    let mut waited = 0;
    loop {
        match world.drive(&mut run) {
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
        }
    }
    assert_eq!((waited, world.asked("number.register")), (3, 1));
}

#[test]
fn one_registration_may_be_tried_during_the_review() {
    for (is_refused, expected) in [(true, Some(Reason::NameNotUsable)), (false, None)] {
        let mut state = State::demo(1);
        state.rules.name_must_be_usable = is_refused;
        state.rules.name_review = NameReview::Control;
        let known = state.numbers.get_mut(State::NUMBER).unwrap();
        verified(known);
        known.name_status = "PENDING_REVIEW".to_owned();
        let world = World::from_state(state);
        for _ in 0..3 {
            let report = world.finish(bare().register_in_review());
            match &expected {
                Some(expected) => {
                    assert_eq!(reason(&report.ending), expected);
                    assert!(world.asked("number.register") == 1, "no other is made before the review ends: {report}");
                }
                None => assert_eq!(report.ending, Ending::Done),
            }
        }
        assert_eq!(world.asked("number.register"), 1);
    }
}

#[test]
fn what_bars_a_number_is_named_and_costs_no_attempt() {
    for (change, expected) in [
        ((|number: &mut Number| number.ban = Some(Ban::Banned)) as fn(&mut Number), Reason::Banned),
        (|number| number.ban = Some(Ban::Restricted), Reason::Restricted),
        (|number| number.name_status = "DECLINED".to_owned(), Reason::NameDeclined),
        (|number| number.name_status = "NONE".to_owned(), Reason::NameMissing),
        (|number| number.name_status = "NON_EXISTS".to_owned(), Reason::NameMissing),
        (|number| number.name_status = "UNHEARD_OF".to_owned(), Reason::Unclear("name_status")),
        (on_premises, Reason::OnPremises),
    ] {
        let world = World::new(|number| {
            verified(number);
            change(number);
        });
        let report = world.finish(bare());
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
        assert_eq!(reason(&world.finish(bare()).ending), &Reason::WrongPin);
    }
    assert_eq!(world.asked("number.register"), 1, "the ledger remembers");
    let report = world.finish(Onboarding::new(number(), Pin::new("999999").unwrap()).vouch_for_pin());
    assert_eq!(report.ending, Ending::Done);
    assert_eq!(world.asked("number.register"), 2);
}

#[test]
fn a_pin_that_was_switched_off_since_keeps_nothing_back() {
    let world = World::new(|number| {
        verified(number);
        number.pin.value = Some("999999".to_owned());
    });
    world.finish(bare());
    world.sim.engine().switch_pin_off(State::NUMBER).unwrap();
    assert_eq!(world.finish(bare()).ending, Ending::Done);
}

#[test]
fn a_registration_that_does_not_show_is_not_believed() {
    let mut state = State::demo(1);
    state.rules.register_outcome = RegisterOutcome::StaysPending;
    verified(state.numbers.get_mut(State::NUMBER).unwrap());
    let world = World::from_state(state);
    let began = world.now();
    let report = world.finish(bare());
    assert_eq!(unconfirmed(&report.ending), (Step::Register, true), "{report}");
    assert_eq!(world.asked("number.register"), 1);
    let passed = world.now().since(began).as_secs();
    assert!((900..1_800).contains(&passed), "it is read for a quarter of an hour: {passed}");
    assert!((5..40).contains(&report.requests), "at growing intervals: {}", report.requests);
    assert!(report.to_string().contains("WhatsApp Manager"), "{report}");
}

#[test]
fn a_registration_that_shows_late_is_waited_for() {
    let mut state = State::demo(1);
    state.rules.register_outcome = RegisterOutcome::ConnectsAfter { millis: 600_000 };
    verified(state.numbers.get_mut(State::NUMBER).unwrap());
    let world = World::from_state(state);
    assert_eq!(world.finish(bare()).ending, Ending::Done);
    assert_eq!(world.asked("number.register"), 1);
}

#[test]
fn a_number_that_reads_connected_on_no_platform_is_registered() {
    let world = World::new(|number| {
        verified(number);
        number.reads_connected = true;
    });
    assert_eq!(world.finish(bare()).ending, Ending::Done);
    assert_eq!(world.took_effect("number.register"), 1);
}

#[test]
fn a_proof_that_has_expired_is_no_obstacle_to_a_registered_number() {
    let world = World::new(registered);
    world.sim.advance(DAY * 30);
    assert_eq!(world.sim.engine().state().numbers[State::NUMBER].code.verified_at, Some(wa_sim::Time::START));
    let report = world.finish(bare());
    assert!(report.ending == Ending::Done && report.was_reached, "{report}");
    assert_eq!(world.asked("number.request_code"), 0);
}

#[test]
fn a_text_that_may_not_be_delivered_ends_unconfirmed_and_others_are_done() {
    for (greeting, is_done) in [
        (Greeting::template("hello_world", "en_US"), true),
        (Greeting::reply("Hello"), true),
        (Greeting::text("Hello"), false),
    ] {
        let world = World::new(registered);
        world.sim.engine().receive_text(State::NUMBER, "16505551234", "Hi").unwrap();
        for _ in 0..3 {
            let ending = world.finish(bare().greet(E164::new("+16505551234").unwrap(), greeting.clone())).ending;
            match is_done {
                true => assert_eq!(ending, Ending::Done),
                false => assert_eq!(unconfirmed(&ending), (Step::Greet, true)),
            }
        }
        let sent = ["message.send_text", "message.send_template"].map(|call| world.asked(call));
        assert_eq!(sent.iter().sum::<usize>(), 1, "{greeting:?}");
    }
}

#[test]
fn a_number_of_the_business_app_is_subscribed_and_synchronised_and_never_registered() {
    let world = World::new(|_| {});
    world.sim.engine().onboard_business_app(State::NUMBER).unwrap();
    assert_eq!(reason(&world.finish(bare()).ending), &Reason::SubscriptionNeeded);
    let goal = || bare().subscribe(subscription());
    let report = world.finish(goal());
    assert_eq!(report.ending, Ending::Done, "{report}");
    assert_eq!(report.webhooks, ["smb_app_state_sync", "history", "smb_message_echoes"]);
    assert_eq!((world.asked("account.subscribe"), world.asked("number.sync_business_app")), (1, 2));
    // Each may be requested once.
    assert!(world.finish(goal()).was_reached);
    assert_eq!(world.asked("number.sync_business_app"), 2);

    assert_eq!(reason(&world.finish(PinRotation::new(number(), pin())).ending), &Reason::OnBusinessApp);
    assert_eq!(reason(&world.finish(Retirement::new(number())).ending), &Reason::OnBusinessApp);
    assert_eq!(reason(&world.finish(Renaming::new(number(), "Lucky Shrub 2", pin())).ending), &Reason::OnBusinessApp);
    let relocate = Relocation::new(number(), Storage::Local(Region::CH), pin());
    assert_eq!(reason(&world.finish(relocate).ending), &Reason::OnBusinessApp);
    assert_eq!(reason(&world.finish(migration("012345")).ending), &Reason::OnBusinessApp);
    for call in ["number.register", "number.deregister", "number.set_pin"] {
        assert_eq!(world.asked(call), 0, "{call}");
    }
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
    assert_eq!(world.number(|number| number.name_in_effect.clone()).as_deref(), Some("Lucky Shrub 2"));
    assert_eq!((world.asked("number.set_display_name"), world.took_effect("number.register")), (1, 1));
    // The ledger knows under which name it was registered.
    let again = world.finish(rename());
    assert!(again.was_reached && again.requests == 1, "{again}");
    assert_eq!(world.asked("number.register"), 1);
}

#[test]
fn a_name_that_was_approved_elsewhere_is_registered_once_unless_somebody_vouches() {
    let rename = || Renaming::new(number(), "Lucky Shrub 2", pin());
    let approved = |number: &mut Number| {
        registered(number);
        number.verified_name = "Lucky Shrub 2".to_owned();
        number.name_in_effect = Some("Lucky Shrub".to_owned());
    };
    let world = World::new(approved);
    let report = world.finish(rename().already_in_effect());
    assert!(report.was_reached && world.asked("number.register") == 0, "{report}");
    // It shows the wanted name, and reading does not tell whether it was registered since.
    assert_eq!(world.finish(rename()).ending, Ending::Done);
    assert_eq!(world.finish(rename()).ending, Ending::Done);
    assert_eq!(world.asked("number.register"), 1);
    assert_eq!(world.number(|number| number.name_in_effect.clone()).as_deref(), Some("Lucky Shrub 2"));
}

#[test]
fn a_declined_name_costs_no_attempt() {
    let mut state = State::demo(1);
    state.rules.name_review = NameReview::Control;
    registered(state.numbers.get_mut(State::NUMBER).unwrap());
    let world = World::from_state(state);
    let mut run = Run::new(&config(), Renaming::new(number(), "Lucky Shrub 2", pin()));
    loop {
        match world.drive(&mut run) {
            Progress::Wait(wait) => {
                world.sim.advance(wait.length);
                world.sim.engine().decide_name(State::NUMBER, false).unwrap();
            }
            Progress::Done(report) => break assert_eq!(reason(&report.ending), &Reason::NameDeclined),
            Progress::Ask(question) => panic!("{question}"),
        }
    }
    assert_eq!(world.asked("number.register"), 0);
}

#[test]
fn storage_is_set_before_the_number_is_registered() {
    let world = World::new(verified);
    let report = world.finish(bare().storage(Storage::Local(Region::CH)));
    assert_eq!(report.ending, Ending::Done, "{report}");
    assert_eq!(world.number(|number| number.storage.clone()), wa_sim::Storage::Local("CH".to_owned()));

    let report = world.finish(bare().storage(Storage::Local(Region::DE)));
    assert_eq!(reason(&report.ending), &Reason::StorageFixed);
}

#[test]
fn a_version_that_has_ended_sets_no_storage() {
    let world = World::new(verified);
    let config = config().version(ApiVersion::new(20, 0));
    let client = wa_core::blocking::Client::with_transport(config.clone(), world.sim.clone());
    let mut run = Run::new(&config, bare().storage(Storage::Local(Region::CH)));
    let report = world.finish_by(&client, &mut run, &Memory::default());
    assert_eq!(reason(&report.ending), &Reason::VersionEnded);
    assert_eq!((world.asked("number.register"), world.asked("number.set_settings")), (0, 0));
}

#[test]
fn a_number_is_relocated_with_its_pin_made_right_first() {
    let world = World::new(|number| {
        registered(number);
        number.pin.value = Some("999999".to_owned());
    });
    let relocate = |region| Relocation::new(number(), Storage::Local(region), pin());
    let report = world.finish(relocate(Region::CH));
    assert_eq!(report.ending, Ending::Done, "{report}");
    assert!(world.number(Number::is_registered));
    assert_eq!(world.number(|number| number.storage.clone()), wa_sim::Storage::Local("CH".to_owned()));
    assert_eq!(world.number(|number| number.pin.value.clone()).as_deref(), Some("012345"));
    assert_eq!((world.took_effect("number.deregister"), world.took_effect("number.register")), (1, 1));
    let order: Vec<_> = world.sim.engine().journal().entries().map(|entry| entry.operation).collect();
    let place = |call| order.iter().position(|made| *made == call).unwrap();
    assert!(place("number.set_pin") < place("number.deregister"), "{order:?}");
    assert_eq!(world.finish(relocate(Region::CH)).requests, 2, "it is there already");
    // Whoever vouches for the PIN has it left alone.
    assert_eq!(world.finish(relocate(Region::DE).vouch_for_pin()).ending, Ending::Done);
    assert_eq!(world.asked("number.set_pin"), 1);
}

#[test]
fn a_relocation_asks_for_a_code_where_the_proof_has_expired() {
    let mut state = State::demo(1);
    state.rules.verified_for = 1;
    registered(state.numbers.get_mut(State::NUMBER).unwrap());
    let world = World::from_state(state);
    let mut run = Run::new(&config(), Relocation::new(number(), Storage::Local(Region::CH), pin()));
    loop {
        match world.drive(&mut run) {
            Progress::Wait(wait) => world.sim.advance(wait.length),
            Progress::Ask(_) => {
                world.sim.engine().state_mut().rules.verified_for = 14 * 24 * 3_600_000;
                world.answer(&mut run);
            }
            Progress::Done(report) => break assert_eq!(report.ending, Ending::Done),
        }
    }
    assert_eq!((world.asked("number.verify_code"), world.took_effect("number.register")), (1, 1));
}

#[test]
fn a_number_is_not_taken_down_without_an_attempt_to_come_back() {
    let world = World::new(registered);
    let now = world.now().into();
    for _ in 0..9 {
        let attempt = Attempt::new(AttemptKind::Register);
        let reservation = Ledger::reserve(&world.ledger, &number(), &attempt, now).unwrap();
        Ledger::settle(&world.ledger, &reservation, &Settlement::new(AttemptState::Confirmed), now).unwrap();
    }
    // What was registered a moment ago must have had the time to show.
    world.sim.advance(HOUR);
    let wait = world.wait(&mut Run::new(&config(), Relocation::new(number(), Storage::Local(Region::CH), pin())));
    assert_eq!(wait.blocker.reason, Reason::NoAttempts);
    assert!(wait.length > DAY * 2);
    assert_eq!((world.asked("number.deregister"), world.asked("number.set_pin")), (0, 0));
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
}

#[test]
fn an_account_is_subscribed_and_an_address_of_somebody_else_is_left_alone() {
    const OURS: &str = "https://lucky-shrub.example/webhook";
    let ours = || subscription().override_callback(OURS, VerifyToken::new("verify-me").unwrap());
    let world = World::new(|_| {});
    let address = || {
        let engine = world.sim.engine();
        let account = &engine.state().accounts[State::ACCOUNT];
        account.subscriptions.get(State::APP).map(|address| address.as_ref().map(|address| address.url.clone()))
    };
    let set = |url: &str| {
        let mut other = Override::default();
        other.url = url.to_owned();
        let mut engine = world.sim.engine();
        let account = engine.state_mut().accounts.get_mut(State::ACCOUNT).unwrap();
        account.subscriptions.insert(State::APP.to_owned(), Some(other));
    };
    assert_eq!(world.finish(subscription()).ending, Ending::Done);
    assert_eq!((address(), world.asked("account.subscribe")), (Some(None), 1));
    assert!(world.finish(subscription()).was_reached);

    assert_eq!(world.finish(ours()).ending, Ending::Done);
    assert_eq!((address(), world.asked("account.subscribe")), (Some(Some(OURS.to_owned())), 2));
    assert!(world.finish(ours()).was_reached);
    // Without an address the one that is set stays.
    assert!(world.finish(subscription()).was_reached);

    set("https://other.example/?secret=1");
    let report = world.finish(ours());
    assert!(matches!(reason(&report.ending), Reason::Overridden(_)), "{report}");
    assert!(report.to_string().contains("https://other.example/") && !report.to_string().contains("secret"));
    assert_eq!(world.asked("account.subscribe"), 2);
    assert_eq!(world.finish(ours().replace_override()).ending, Ending::Done);
    assert_eq!((address(), world.asked("account.subscribe")), (Some(Some(OURS.to_owned())), 3));

    // An app that is not subscribed is subscribed first, and then given its address.
    world.sim.engine().state_mut().accounts.get_mut(State::ACCOUNT).unwrap().subscriptions.clear();
    assert_eq!(world.finish(ours()).ending, Ending::Done);
    assert_eq!((address(), world.asked("account.subscribe")), (Some(Some(OURS.to_owned())), 5));
}

#[test]
fn a_number_is_added_once_and_its_id_reported() {
    let world = World::new(|_| {});
    let add = || {
        let account = wa_core::types::WabaId::new(State::ACCOUNT).unwrap();
        Addition::new(account, E164::new("+16315551005").unwrap(), "Jaspers Market").country_code("1")
    };
    let report = world.finish(add());
    assert_eq!(report.ending, Ending::Done, "{report}");
    let added = report.added.clone().unwrap();
    assert_eq!(world.sim.engine().state().numbers[added.as_str()].digits, "16315551005");
    let again = world.finish(add());
    assert_eq!((again.was_reached, again.added), (true, Some(added)));
    assert_eq!(world.asked("account.add_number"), 1);
}

#[test]
fn attempts_that_others_spent_lock_the_number_and_the_run_waits() {
    let world = World::new(|number| {
        verified(number);
        number.attempts.register = vec![wa_sim::Time::START; 10];
    });
    let mut run = Run::new(&config(), bare());
    let report = world.finish_run(&mut run, &world.ledger);
    assert_eq!(report.ending, Ending::Done, "72 hours later");
    assert_eq!(world.asked("number.register"), 2);
    assert!(world.now() > Timestamp::from_millis(wa_sim::Time::START.as_millis()) + DAY * 3);
    let waits = run
        .events()
        .filter(|event| matches!(&event.kind, EventKind::Waiting(wait) if wait.blocker.reason == Reason::Locked));
    assert!(waits.count() > 0);
}
