//! Sequences of answers, clocks and callers that are made to mislead a run.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use http::Response;
use wa_core::{
    AttemptKind, Config, Timestamp, TransportError, TransportErrorKind,
    types::{AccessToken, AppId, E164, ErrorCode, PhoneNumberId, Pin, VerificationCode, WabaId},
};
use wa_life::{
    Addition, Call, Ending, Fleet, Goal, Next, Onboarding, Op, Progress, Question, Reason, Relocation, Reply, Report,
    Retirement, Run, Subscription, Wait,
    ledger::{Attempt, AttemptState, Ledger, Limit, Memory, Settlement},
};

/// A service whose answers are written by hand, and a clock that moves only when told to.
struct Scene<'a> {
    now: Cell<Timestamp>,
    ledger: Memory,
    answer: Box<dyn Fn(&Call) -> Answer + 'a>,
    /// The names of the calls that were made.
    calls: RefCell<Vec<&'static str>>,
}

type Answer = Result<Response<Vec<u8>>, TransportError>;

impl<'a> Scene<'a> {
    fn new(answer: impl Fn(&Call) -> Answer + 'a) -> Self {
        let now = Timestamp::from_secs(1_790_000_000);
        Self { now: Cell::new(now), ledger: Memory::default(), answer: Box::new(answer), calls: RefCell::default() }
    }

    fn advance(&self, length: Duration) {
        self.now.set(self.now.get() + length);
    }

    /// Notes an attempt that another process has made just now.
    fn attempt(&self, kind: AttemptKind, state: AttemptState, code: Option<ErrorCode>) {
        let (now, id) = (self.now.get().into(), number());
        let reservation = Ledger::reserve(&self.ledger, &id, &Attempt::new(kind), now).unwrap();
        assert!(Ledger::mark_sent(&self.ledger, &reservation, now).unwrap());
        let mut settlement = Settlement::new(state);
        settlement.code = code;
        Ledger::settle(&self.ledger, &reservation, &settlement, now).unwrap();
    }

    /// Goes on until the run waits, asks or is done.
    fn drive(&self, run: &mut Run) -> Progress {
        for _ in 0..300 {
            let now = self.now.get();
            match run.poll(now) {
                Op::Load { number, now: at } => run.loaded(self.ledger.load(&number, at).unwrap(), now),
                Op::Reserve { number, attempt, now: at } => {
                    run.reserved(Ledger::reserve(&self.ledger, &number, &attempt, at), now).unwrap();
                }
                Op::MarkSent { reservation, now: at } => {
                    run.marked_sent(Ledger::mark_sent(&self.ledger, &reservation, at).unwrap(), now);
                }
                Op::Send(call) => {
                    self.calls.borrow_mut().push(call.operation.name);
                    run.answered((self.answer)(&call), now);
                }
                Op::Settle { reservation, settlement, now: at } => {
                    Ledger::settle(&self.ledger, &reservation, &settlement, at).unwrap();
                    run.settled();
                }
                Op::Wait(wait) => return Progress::Wait(wait),
                Op::Ask(question) => return Progress::Ask(question),
                Op::Done(report) => return Progress::Done(report),
            }
        }
        panic!("it never waits: {:?}", self.calls.borrow());
    }

    #[track_caller]
    fn wait(&self, run: &mut Run) -> Wait {
        match self.drive(run) {
            Progress::Wait(wait) => wait,
            other => panic!("it does not wait: {other:?}"),
        }
    }

    #[track_caller]
    fn ask(&self, run: &mut Run) -> Question {
        match self.drive(run) {
            Progress::Ask(question) => question,
            other => panic!("it does not ask: {other:?}"),
        }
    }

    /// Waits as long as the run wants to, and goes on to its end.
    fn finish(&self, run: &mut Run) -> Report {
        for _ in 0..100 {
            match self.drive(run) {
                Progress::Wait(wait) => self.advance(wait.length),
                Progress::Ask(question) => panic!("it asks: {question}"),
                Progress::Done(report) => return *report,
            }
        }
        panic!("it waits for ever: {:?}", self.calls.borrow());
    }

    fn made(&self, operation: &str) -> usize {
        self.calls.borrow().iter().filter(|made| **made == operation).count()
    }
}

/// A number that reads like this.
const READY: &str = r#"{"id":"106540352242922","status":"PENDING","platform_type":"NOT_APPLICABLE",
    "code_verification_status":"VERIFIED","verified_name":"Lucky Shrub","name_status":"APPROVED"}"#;
const UP: &str = r#"{"id":"106540352242922","status":"CONNECTED","platform_type":"CLOUD_API",
    "code_verification_status":"VERIFIED","verified_name":"Lucky Shrub","name_status":"APPROVED"}"#;
const UNVERIFIED: &str = r#"{"id":"106540352242922","status":"PENDING","platform_type":"NOT_APPLICABLE",
    "code_verification_status":"NOT_VERIFIED","verified_name":"Lucky Shrub","name_status":"APPROVED"}"#;
const BANNED: &str = r#"{"id":"106540352242922","status":"BANNED","platform_type":"NOT_APPLICABLE",
    "code_verification_status":"NOT_VERIFIED","verified_name":"Lucky Shrub","name_status":"APPROVED"}"#;
const SUCCESS: &str = r#"{"success":true}"#;

fn ok(body: impl Into<String>) -> Answer {
    Ok(Response::new(body.into().into_bytes()))
}

fn refused(code: u64) -> Answer {
    let body = format!(r#"{{"error":{{"message":"m","type":"OAuthException","code":{code}}}}}"#);
    Ok(Response::builder().status(400).body(body.into_bytes()).unwrap())
}

fn lost() -> Answer {
    Err(TransportError::new(TransportErrorKind::Timeout))
}

fn config() -> Config {
    Config::new(AccessToken::new("EAAJB").unwrap())
}

fn number() -> PhoneNumberId {
    PhoneNumberId::new("106540352242922").unwrap()
}

fn pin() -> Pin {
    Pin::new("012345").unwrap()
}

fn onboarding() -> Goal {
    Onboarding::new(number(), pin()).into()
}

#[track_caller]
fn reason(ending: &Ending) -> &Reason {
    match ending {
        Ending::Blocked(blocker) => &blocker.reason,
        other => panic!("it is not blocked: {other:?}"),
    }
}

// Meta's page on 133015: wait five minutes. Nothing but the refusal tells of a deletion that somebody made elsewhere.
#[test]
fn a_refusal_over_an_unfinished_deletion_is_waited_out_by_every_run() {
    let scene = Scene::new(|call| match call.operation.name {
        "number.read" => ok(READY),
        _ => refused(133_015),
    });
    let mut first = Run::new(&config(), onboarding());
    assert_eq!(scene.wait(&mut first).blocker.reason, Reason::JustDeregistered);
    scene.advance(Duration::from_secs(60));
    first.wake();
    assert_eq!(scene.wait(&mut first).blocker.reason, Reason::JustDeregistered);
    let mut second = Run::new(&config(), onboarding());
    assert_eq!(scene.wait(&mut second).blocker.reason, Reason::JustDeregistered);
    assert_eq!(scene.made("number.register"), 1, "no attempt is spent within the five minutes");
    scene.advance(Duration::from_secs(300));
    scene.drive(&mut second);
    assert_eq!(scene.made("number.register"), 2);
}

#[test]
fn a_webhook_makes_no_call_again_before_its_effect_had_the_time_to_show() {
    let scene = Scene::new(|call| match call.operation.name {
        "account.list_subscriptions" => ok(r#"{"data":[]}"#),
        _ => lost(),
    });
    let goal = Subscription::new(WabaId::new("102290129340398").unwrap(), AppId::new("670843887433847").unwrap());
    let mut run = Run::new(&config(), goal);
    assert_eq!(scene.wait(&mut run).length, Duration::from_secs(30));
    scene.advance(Duration::from_secs(1));
    run.wake();
    assert_eq!(scene.wait(&mut run).length, Duration::from_secs(29));
    assert_eq!(scene.made("account.subscribe"), 1);
}

#[test]
fn webhooks_do_not_use_up_the_retries_of_a_service_that_is_down() {
    let scene = Scene::new(|_| lost());
    let mut run = Run::new(&config(), onboarding());
    for _ in 0..50 {
        scene.wait(&mut run);
        run.wake();
    }
    assert_eq!(scene.made("number.read"), 1);
}

#[test]
fn a_fleet_does_not_wake_a_number_out_of_its_backoff() {
    let scene = Scene::new(|_| lost());
    let fleet = Fleet::new(&config(), [onboarding()]);
    for _ in 0..20 {
        if let Next::Run(mut held) = fleet.take(scene.now.get()) {
            let progress = scene.drive(held.run_mut().unwrap());
            fleet.give_back(held, Ok(progress), scene.now.get()).unwrap();
        }
        fleet.wake(&number());
    }
    assert_eq!(scene.made("number.read"), 1);
}

#[test]
fn what_was_read_before_a_person_was_asked_is_read_again_before_an_attempt() {
    let is_banned = Cell::new(false);
    let scene = Scene::new(|call| match call.operation.name {
        "number.read" => ok(if is_banned.get() { BANNED } else { UNVERIFIED }),
        _ => ok(SUCCESS),
    });
    let mut run = Run::new(&config(), onboarding());
    scene.ask(&mut run);
    scene.advance(Duration::from_secs(2 * 24 * 3_600));
    is_banned.set(true);
    run.code_received(VerificationCode::new("123456").unwrap());
    assert_eq!(reason(&scene.finish(&mut run).ending), &Reason::Banned);
    assert_eq!(scene.made("number.register"), 0);
}

#[test]
fn a_number_is_not_retired_while_it_may_be_about_to_be_registered() {
    for state in [AttemptState::Unknown, AttemptState::Confirmed] {
        let is_up = Cell::new(false);
        let scene = Scene::new(|call| match call.operation.name {
            "number.read" => ok(if is_up.get() { UP } else { READY }),
            _ => {
                is_up.set(false);
                ok(SUCCESS)
            }
        });
        scene.attempt(AttemptKind::Register, state, None);
        let mut run = Run::new(&config(), Retirement::new(number()));
        scene.wait(&mut run);
        // The registration shows.
        is_up.set(true);
        scene.advance(Duration::from_secs(40));
        assert_eq!(scene.finish(&mut run).ending, Ending::Done);
        assert_eq!(scene.made("number.deregister"), 1, "{state:?}");
    }
}

#[test]
fn a_number_is_not_onboarded_while_it_may_be_about_to_go_down() {
    for state in [AttemptState::Unknown, AttemptState::Confirmed] {
        let is_up = Cell::new(true);
        let scene = Scene::new(|call| match call.operation.name {
            "number.read" => ok(if is_up.get() { UP } else { READY }),
            _ => {
                is_up.set(true);
                ok(SUCCESS)
            }
        });
        scene.attempt(AttemptKind::Deregister, state, None);
        let mut run = Run::new(&config(), onboarding());
        scene.wait(&mut run);
        // The deregistration shows.
        is_up.set(false);
        scene.advance(Duration::from_secs(40));
        assert_eq!(scene.finish(&mut run).ending, Ending::Done);
        assert_eq!(scene.made("number.register"), 1, "{state:?}");
    }
}

#[test]
fn a_call_without_an_answer_may_have_changed_something() {
    let is_up = Cell::new(false);
    let scene = Scene::new(|call| match call.operation.name {
        "number.read" => ok(if is_up.get() { UP } else { READY }),
        _ => {
            is_up.set(true);
            lost()
        }
    });
    let report = scene.finish(&mut Run::new(&config(), onboarding()));
    assert!(report.ending == Ending::Done && !report.was_reached, "{report}");
}

#[test]
fn a_service_that_always_complains_of_another_field_is_not_asked_for_ever() {
    let count = Cell::new(0);
    let scene = Scene::new(|_| {
        count.set(count.get() + 1);
        let message = format!("(#100) Tried accessing nonexisting field (f{}) on node type (X)", count.get());
        let body = format!(r#"{{"error":{{"message":"{message}","type":"OAuthException","code":100}}}}"#);
        Ok(Response::builder().status(400).body(body.into_bytes()).unwrap())
    });
    scene.finish(&mut Run::new(&config(), onboarding()));
    assert!(scene.made("number.read") < 10);
}

#[test]
fn a_list_without_end_is_not_read_for_ever() {
    let count = Cell::new(0);
    let scene = Scene::new(|_| {
        count.set(count.get() + 1);
        let next = format!("https://graph.facebook.com/next?after={}", count.get());
        ok(format!(r#"{{"data":[],"paging":{{"cursors":{{"after":"{}"}},"next":"{next}"}}}}"#, count.get()))
    });
    let phone = E164::new("+15550783881").unwrap();
    let mut run = Run::new(&config(), Addition::new(WabaId::new("102290129340398").unwrap(), phone, "Lucky Shrub"));
    let report = scene.finish(&mut run);
    assert!(matches!(reason(&report.ending), Reason::Unclear(_)), "{report}");
    assert_eq!(scene.made("account.add_number"), 0, "it may be on a page that was not read");
}

#[test]
fn a_pin_that_was_set_long_ago_is_set_again_before_the_number_goes_down() {
    let is_spent = Cell::new(false);
    let scene = Scene::new(|call| match call.operation.name {
        "number.read" => ok(UP),
        "number.read_settings" => ok(r#"{"storage_configuration":{"status":"DEFAULT"}}"#),
        "number.set_pin" => {
            is_spent.set(true);
            ok(SUCCESS)
        }
        _ => ok(SUCCESS),
    });
    let goal = Relocation::new(number(), wa_core::api::number::Storage::OneHour, pin());
    let mut run = Run::new(&config(), goal);
    // Others spend all attempts while the PIN is set, so that the run waits for three days.
    loop {
        let now = scene.now.get();
        match run.poll(now) {
            Op::Load { number, now: at } => run.loaded(scene.ledger.load(&number, at).unwrap(), now),
            Op::Reserve { number, attempt, now: at } => {
                run.reserved(Ledger::reserve(&scene.ledger, &number, &attempt, at), now).unwrap();
            }
            Op::MarkSent { reservation, now: at } => {
                run.marked_sent(Ledger::mark_sent(&scene.ledger, &reservation, at).unwrap(), now);
            }
            Op::Send(call) => {
                scene.calls.borrow_mut().push(call.operation.name);
                run.answered((scene.answer)(&call), now);
                if is_spent.get() {
                    break;
                }
            }
            other => panic!("{other:?}"),
        }
    }
    for _ in 0..10 {
        scene.attempt(AttemptKind::Deregister, AttemptState::Rejected, Some(ErrorCode::NumberInMaintenance));
    }
    assert_eq!(scene.wait(&mut run).blocker.reason, Reason::NoAttempts);
    scene.advance(Duration::from_secs(73 * 3_600));
    scene.drive(&mut run);
    let calls = scene.calls.borrow();
    let down = calls.iter().position(|call| *call == "number.deregister").unwrap();
    assert_eq!(calls[..down].iter().filter(|call| **call == "number.set_pin").count(), 2, "{calls:?}");
}

#[test]
fn numbers_that_may_not_retry_yet_hold_up_no_other() {
    let is_asked = Cell::new(false);
    let scene = Scene::new(|call| {
        let is_other = call.request.uri().path().contains("106540352242923");
        match call.operation.name {
            "number.read" if is_other && !is_asked.get() => ok(READY.replace("APPROVED", "PENDING_REVIEW")),
            "number.read" if is_other => ok(UP),
            _ => lost(),
        }
    });
    let other = PhoneNumberId::new("106540352242923").unwrap();
    let goals = [onboarding(), Onboarding::new(other.clone(), pin()).into()];
    let fleet = Fleet::new(&config(), goals).retry_budget(1, Duration::from_secs(1_000_000));
    let fleet = fleet.longest_wait(Duration::from_secs(100_000));
    for _ in 0..20 {
        match fleet.take(scene.now.get()) {
            Next::Run(mut held) => {
                let progress = scene.drive(held.run_mut().unwrap());
                fleet.give_back(held, Ok(progress), scene.now.get()).unwrap();
            }
            // The first retry uses up the budget, and the second is due before the other number.
            Next::Wait(_) => {
                is_asked.set(true);
                scene.advance(Duration::from_secs(100));
            }
            Next::Done => break,
        }
    }
    let reports = fleet.reports();
    assert_eq!(reports.iter().map(|report| &report.ending).collect::<Vec<_>>(), [&Ending::Done]);
}

#[test]
fn a_fleet_without_a_budget_for_retries_comes_to_an_end() {
    let scene = Scene::new(|_| lost());
    let fleet = Fleet::new(&config(), [onboarding()]).retry_budget(0, Duration::from_secs(1));
    for _ in 0..100 {
        match fleet.take(scene.now.get()) {
            Next::Run(mut held) => {
                let progress = scene.drive(held.run_mut().unwrap());
                fleet.give_back(held, Ok(progress), scene.now.get()).unwrap();
            }
            Next::Wait(_) => scene.advance(Duration::from_secs(100)),
            Next::Done => break,
        }
    }
    assert_eq!(fleet.reports().len(), 1);
}

#[test]
fn no_length_of_time_is_too_long() {
    let ledger = Memory::new(Limit::default().margin(Duration::MAX));
    let now = Timestamp::from_secs(1_790_000_000);
    let reserve = || Ledger::reserve(&ledger, &number(), &Attempt::new(AttemptKind::Register), now.into());
    assert!((0..10).all(|_| reserve().is_ok()));
    assert!(reserve().is_err());
    let attempts = Ledger::load(&ledger, &number(), now.into()).unwrap();
    assert!(attempts.wait(AttemptKind::Register, usize::MAX).is_some());
    // A clock of the store that was set back by a day.
    let back = Timestamp::from_secs(1_790_000_000 - 86_400);
    assert!(attempts.at(back.into()).wait(AttemptKind::Register, 1).is_some());
}

// Meta's rate limit guide: minutes, as a number.
#[test]
fn a_header_that_asks_to_wait_for_ages_is_no_panic() {
    let scene = Scene::new(|_| {
        let usage = r#"{"1":[{"estimated_time_to_regain_access":3e17}]}"#;
        let body = r#"{"error":{"message":"m","code":80007}}"#;
        let answer = Response::builder().status(400).header("x-business-use-case-usage", usage);
        Ok(answer.body(body.into()).unwrap())
    });
    for seed in 0..100 {
        let mut run = Run::new(&config(), onboarding()).jitter(seed);
        assert!(scene.wait(&mut run).length <= Duration::from_secs(73 * 3_600));
    }
}

#[test]
fn a_person_who_stops_ends_the_run() {
    let scene = Scene::new(|call| match call.operation.name {
        "number.read" => ok(UNVERIFIED),
        _ => ok(SUCCESS),
    });
    let mut run = Run::new(&config(), onboarding());
    scene.ask(&mut run);
    assert_eq!(reason(&run.replied(Reply::Stop).unwrap().ending), &Reason::CodeNeeded);
}

// Others spend the attempts of this number: another lock follows each time.
#[test]
fn a_number_that_is_locked_again_and_again_is_given_up() {
    let scene = Scene::new(|call| match call.operation.name {
        "number.read" => ok(READY),
        _ => refused(133_016),
    });
    let report = scene.finish(&mut Run::new(&config(), onboarding()));
    assert_eq!(reason(&report.ending), &Reason::Locked);
    assert_eq!(scene.made("number.register"), 3);
}
