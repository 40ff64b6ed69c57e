//! Programs that wait and ask, or will not.

use wa_core::types::VerificationCode;
use wa_life::{Drive as _, Ending, Onboarding, Reason, Reply, Report, TestHost, blocking::Drive as _, ledger::Ledger};

use crate::world::{World, config, number, pin, reason, verified};

/// The same host with either client.
fn complete(world: &World, mut host: TestHost<'_>, is_async: bool) -> (Report, Vec<String>) {
    let goal = Onboarding::new(number(), pin());
    let report = match is_async {
        true => {
            let client = wa_core::Client::with_transport(config(), world.sim.clone());
            pollster::block_on(client.complete(goal, &world.ledger, &mut host)).unwrap()
        }
        false => world.client.complete(goal, &world.ledger, &mut host).unwrap(),
    };
    (report, host.events().map(|event| event.to_string()).collect())
}

fn clock(world: &World) -> impl FnMut() -> wa_core::Timestamp + Send + 'static {
    let sim = world.sim.clone();
    move || wa_core::Timestamp::from_millis(sim.engine().now().as_millis())
}

#[test]
fn a_number_goes_to_its_end_and_every_event_is_told_once() {
    let told = |is_async| {
        let world = World::new(|_| {});
        let sim = world.sim.clone();
        let host = TestHost::new(clock(&world)).on_ask(move |question| {
            let code = sim.engine().sent_code(question.number.as_str()).unwrap().to_owned();
            Reply::Code(VerificationCode::new(code).unwrap())
        });
        let (report, events) = complete(&world, host, is_async);
        assert_eq!(report.ending, Ending::Done, "{report}");
        // Reading, requesting a code, verifying it, registering, reading again; and the end itself.
        assert_eq!(events.iter().filter(|event| event.ends_with(": done")).count(), 6, "{events:#?}");
        assert_eq!(events.iter().filter(|event| event.contains("asking: ")).count(), 1);
        events
    };
    assert_eq!(told(false), told(true));
}

#[test]
fn a_person_who_stops_ends_the_run_and_no_attempt_is_spent() {
    for is_async in [false, true] {
        let world = World::new(|_| {});
        let (report, _) = complete(&world, TestHost::new(clock(&world)).on_ask(|_| Reply::Stop), is_async);
        assert_eq!(reason(&report.ending), &Reason::CodeNeeded);
        assert_eq!(world.asked("number.register"), 0);
        let attempts = Ledger::load(&world.ledger, &number(), world.now().into()).unwrap();
        assert_eq!(attempts.left(wa_core::AttemptKind::Register), 10);
    }
}

#[test]
fn a_program_that_will_not_wait_is_told_what_for_and_until_when() {
    for is_async in [false, true] {
        let world = World::new(|number| {
            verified(number);
            number.name_status = "PENDING_REVIEW".to_owned();
        });
        let (report, _) = complete(&world, TestHost::new(clock(&world)).on_sleep(|_| false), is_async);
        let Ending::Blocked(blocker) = &report.ending else { panic!("{report}") };
        assert_eq!(blocker.reason, Reason::NameInReview);
        assert_eq!(blocker.until, Some(world.now() + std::time::Duration::from_secs(900)));
    }
}
