//! Single calls under the ledger, in both flavours.

use std::{sync::Arc, thread};

use wa_core::{
    AttemptKind, Client, Endpoint, Error, Outcome, Timestamp,
    api::number::{Deregister, ReadNumber, Register},
    blocking,
    types::{ErrorCode, PhoneNumberId, Pin},
};
use wa_life::{
    Drive, GuardedError,
    blocking::Drive as _,
    ledger::{
        Attempt, AttemptState, Attempts, Entry, Ledger, LedgerError, Limit, Memory, Moment, Reservation, ReserveError,
        Settlement,
    },
};
use wa_sim::{InProcess, State, Time};

use crate::{
    foreign::Lines,
    judge::check_limit,
    ours::{Scripted, config},
    script::{Script, Side, Strike, Vanished},
    service::number,
};

/// A simulated service with one number whose ownership is proved, and a ledger.
struct World {
    sim: InProcess,
    ledger: Arc<Memory>,
}

type Answer = <Register<'static> as Endpoint>::Response;
type Registered = Result<Answer, GuardedError<Answer>>;

impl World {
    fn new() -> Self {
        let mut state = State::demo(1);
        state.numbers.get_mut(State::NUMBER).unwrap().code.verified_at = Some(Time::START);
        Self { sim: InProcess::new(state), ledger: Arc::new(Memory::new(Limit::default())) }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.sim.engine().now().as_millis())
    }

    fn entries(&self) -> Vec<Entry> {
        Ledger::load(&self.ledger, &number(), self.now().into()).unwrap().entries().to_vec()
    }

    fn requests(&self) -> usize {
        let engine = self.sim.engine();
        check_limit(&engine.journal().entries().cloned().collect::<Vec<_>>());
        engine.journal().entries().count()
    }

    /// Registers under the ledger by the client that waits.
    fn register(&self, pin: &str, script: &Script) -> Result<Registered, Vanished> {
        let client = blocking::Client::with_transport(config(), Scripted::new(self.sim.clone(), script.clone()));
        let ledger = Scripted::new(self.ledger.clone(), script.clone());
        let (number, pin) = (number(), Pin::new(pin).unwrap());
        script.catch(|| client.guarded(&ledger, || self.now()).send(&Register::new(&number, pin)))
    }

    /// The same by the asynchronous one.
    fn register_async(&self, pin: &str, script: &Script) -> Result<Registered, Vanished> {
        let client = Client::with_transport(config(), Scripted::new(self.sim.clone(), script.clone()));
        let ledger = Scripted::new(self.ledger.clone(), script.clone());
        let (number, pin) = (number(), Pin::new(pin).unwrap());
        let call = Register::new(&number, pin);
        script.poll(async { client.guarded(&ledger, || self.now()).send(&call).await })
    }
}

type Flavour = fn(&World, &str, &Script) -> Result<Registered, Vanished>;

const FLAVOURS: [Flavour; 2] = [World::register, World::register_async];

/// The points that a call passes: four operations, each with two sides.
const MARK_SENT_AFTER: usize = 3;
const SEND_BEFORE: usize = 4;
const SEND_AFTER: usize = 5;
const SETTLE_BEFORE: usize = 6;
const SETTLE_AFTER: usize = 7;

#[test]
fn a_call_reserves_marks_sends_and_settles() {
    for register in FLAVOURS {
        let (world, script) = (World::new(), Script::default());
        register(&world, "012345", &script).unwrap().unwrap();
        let operations = ["reserve", "mark_sent", "send", "settle"];
        let sides = [Side::Before, Side::After];
        let expected = operations.iter().flat_map(|operation| sides.map(|side| (*operation, side)));
        let passed = script.passed().into_iter().map(|place| (place.operation, place.side));
        assert!(passed.eq(expected));
        let entries = world.entries();
        assert_eq!((entries.len(), entries[0].state), (1, AttemptState::Confirmed));
        assert_eq!((entries[0].kind, world.requests()), (AttemptKind::Register, 1));
    }
}

#[test]
fn the_eleventh_is_refused_without_sending() {
    for register in FLAVOURS {
        let world = World::new();
        for _ in 0..10 {
            register(&world, "012345", &Script::default()).unwrap().unwrap();
        }
        let script = Script::default();
        let refused = register(&world, "012345", &script).unwrap();
        let Err(GuardedError::Refused(refusal)) = refused else { panic!("{refused:?}") };
        assert!(!refusal.is_locked && refusal.wait.as_secs() > 71 * 3_600, "{refusal:?}");
        assert_eq!((script.handed_out("register"), world.requests()), (0, 10));
        // What is no attempt is not held back.
        let client = blocking::Client::with_transport(config(), world.sim.clone());
        let guard = client.guarded(&world.ledger, || world.now());
        let number = number();
        guard.send(&ReadNumber::new(&number)).unwrap();
        assert!(matches!(guard.send(&Deregister::new(&number)), Err(GuardedError::Refused(_))));
        assert_eq!(world.requests(), 11);
    }
}

#[test]
fn the_service_s_answer_is_kept_if_it_cannot_be_noted() {
    for register in FLAVOURS {
        for (point, noted) in [(SETTLE_BEFORE, AttemptState::Sent), (SETTLE_AFTER, AttemptState::Confirmed)] {
            let world = World::new();
            let answered = register(&world, "012345", &Script::new([(point, Strike::Fail)])).unwrap();
            let Err(GuardedError::NotNoted { result, .. }) = answered else { panic!("{answered:?}") };
            result.unwrap();
            assert_eq!(world.entries()[0].state, noted, "it counts all the same");
        }
        let world = World::new();
        register(&world, "012345", &Script::default()).unwrap().unwrap();
        let refused = register(&world, "999999", &Script::new([(SETTLE_BEFORE, Strike::Fail)])).unwrap();
        let Err(GuardedError::NotNoted { result, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(result.unwrap_err().code(), Some(ErrorCode::PinMismatch));
        assert_eq!(world.entries()[1].state, AttemptState::Sent);
    }
}

#[test]
fn a_refusal_of_the_service_is_the_error_and_is_noted() {
    for register in FLAVOURS {
        let world = World::new();
        register(&world, "012345", &Script::default()).unwrap().unwrap();
        let refused = register(&world, "999999", &Script::default()).unwrap();
        let Err(GuardedError::Call(error)) = refused else { panic!("{refused:?}") };
        assert_eq!((error.code(), error.outcome()), (Some(ErrorCode::PinMismatch), Outcome::Rejected));
        let last = &world.entries()[1];
        assert_eq!((last.state, last.code), (AttemptState::Rejected, Some(ErrorCode::PinMismatch)));
    }
}

#[test]
fn nothing_is_sent_without_the_ledger() {
    for register in FLAVOURS {
        for point in 0..=MARK_SENT_AFTER {
            let (world, script) = (World::new(), Script::new([(point, Strike::Fail)]));
            let failed = register(&world, "012345", &script).unwrap();
            assert!(matches!(failed, Err(GuardedError::Ledger(_))), "{point}: {failed:?}");
            assert_eq!((script.handed_out("register"), world.requests()), (0, 0));
        }
    }
}

#[test]
fn what_was_not_sent_is_given_back_and_what_may_have_been_counts() {
    for register in FLAVOURS {
        for (point, strike, state, is_made) in [
            (SEND_BEFORE, Strike::Fail, AttemptState::NotSent, false),
            (SEND_BEFORE, Strike::Silence, AttemptState::Unknown, false),
            (SEND_AFTER, Strike::Fail, AttemptState::Unknown, true),
        ] {
            let world = World::new();
            let failed = register(&world, "012345", &Script::new([(point, strike)])).unwrap();
            assert!(matches!(failed, Err(GuardedError::Call(Error::Transport { .. }))), "{failed:?}");
            assert_eq!((world.entries()[0].state, world.requests()), (state, usize::from(is_made)));
        }
    }
}

#[test]
fn cancelled_before_it_is_marked_it_is_not_in_doubt() {
    for register in FLAVOURS {
        for point in 0..=SETTLE_AFTER {
            let (world, script) = (World::new(), Script::new([(point, Strike::Vanish)]));
            register(&world, "012345", &script).unwrap_err();
            let entries = world.entries();
            let last = entries.last().map(|entry| (entry.state, entry.is_in_doubt(), entry.may_have_left()));
            match point {
                0 => assert_eq!(last, None),
                1..=2 => assert_eq!(last, Some((AttemptState::Reserved, false, false))),
                // It is about to leave, and did if the service has seen it: the ledger cannot tell.
                MARK_SENT_AFTER..=SETTLE_BEFORE => assert_eq!(last, Some((AttemptState::Sent, true, true))),
                _ => assert_eq!(last, Some((AttemptState::Confirmed, false, true))),
            }
            assert_eq!(world.requests(), usize::from(point >= SEND_AFTER), "{point}");
        }
    }
}

/// A ledger whose reservations somebody else gives back at once.
struct GivesBack(Memory);

impl Ledger for GivesBack {
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        Ledger::load(&self.0, number, now)
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
        let reservation = Ledger::reserve(&self.0, number, attempt, now)?;
        Ledger::settle(&self.0, &reservation, &Settlement::abandoned(), now)?;
        Ok(reservation)
    }

    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        Ledger::mark_sent(&self.0, reservation, now)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        Ledger::settle(&self.0, reservation, settlement, now)
    }
}

#[test]
fn a_reservation_that_somebody_gave_back_is_not_used() {
    let world = World::new();
    let ledger = GivesBack(Memory::new(Limit::default()));
    let client = blocking::Client::with_transport(config(), world.sim.clone());
    let (number, pin) = (number(), Pin::new("012345").unwrap());
    let made = client.guarded(&ledger, || world.now()).send(&Register::new(&number, pin));
    assert!(matches!(made, Err(GuardedError::NotMade)), "{made:?}");
    assert_eq!(world.requests(), 0);
    let entries = Ledger::load(&ledger, &number, world.now().into()).unwrap().entries().to_vec();
    assert_eq!(entries[0].state, AttemptState::NotSent);
}

/// Eleven calls of as many threads, of which every other one deregisters.
fn call_at_once(world: &World, ledger: &(impl Ledger + Sync)) -> (usize, usize) {
    let client = blocking::Client::with_transport(config(), world.sim.clone());
    let call = |place: usize| {
        let guard = client.guarded(ledger, || world.now());
        let (number, pin) = (number(), Pin::new("012345").unwrap());
        match place % 2 {
            0 => matches!(guard.send(&Register::new(&number, pin)), Err(GuardedError::Refused(_))),
            _ => matches!(guard.send(&Deregister::new(&number)), Err(GuardedError::Refused(_))),
        }
    };
    let refused = thread::scope(|scope| {
        let call = &call;
        let threads: Vec<_> = (0..11).map(|place| scope.spawn(move || call(place))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|is_refused| *is_refused).count()
    });
    (world.requests(), refused)
}

#[test]
fn eleven_calls_of_as_many_threads_are_ten_requests() {
    for _ in 0..50 {
        let world = World::new();
        assert_eq!(call_at_once(&world, &world.ledger), (10, 1));
        let world = World::new();
        assert_eq!(call_at_once(&world, &Lines::new(Limit::default())), (10, 1));
    }
}
