//! The planner has a step for everything, and no run goes round in circles.

use std::{cell::RefCell, time::Duration};

use proptest::prelude::*;
use wa_cloud::{
    Attempt, Body, Timestamp, TransportError, TransportErrorKind,
    blocking::Client,
    from_fn,
    ledger::{AttemptState, Attempts, Entry, Limit, Memory},
    life::{
        Ending, EventKind, Goal, Migration, Observed, Onboarding, PinRotation, Progress, Relocation, Renaming,
        Retirement, Run, Step, Task, plan,
    },
    settings::Storage,
    types::{
        ApiVersion, BackupData, BackupPassword, CodeVerificationStatus, E164, ErrorCode, NameStatus, NumberStatus,
        PhoneNumber, Platform, Region, VerificationCode,
    },
};

use crate::world::{account, config, number, pin};

fn goals() -> Vec<Goal> {
    let (account, app) = account();
    let local = || Storage::Local(Region::CH);
    let greeted = Onboarding::new(number(), pin()).greet(E164::new("+16505551234").unwrap(), "Hello");
    let (password, data) = (BackupPassword::new("password").unwrap(), BackupData::new("data").unwrap());
    vec![
        Onboarding::new(number(), pin()).into(),
        greeted.storage(local()).subscribe(account, app).into(),
        Migration::new(number(), pin(), password.clone(), data.clone()).into(),
        Migration::new(number(), pin(), password, data).storage(local()).vouch_for_pin().into(),
        Renaming::new(number(), "Lucky Shrub 2", pin()).into(),
        Relocation::new(number(), local(), pin()).into(),
        Relocation::new(number(), Storage::Default, pin()).into(),
        PinRotation::new(number(), pin()).into(),
        Retirement::new(number()).into(),
    ]
}

/// All listed words, one that nobody lists, and none.
fn words<T: Clone + for<'a> From<&'a str>>(listed: &[T]) -> Vec<Option<T>> {
    listed.iter().cloned().map(Some).chain([Some(T::from("UNHEARD_OF")), None]).collect()
}

const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

fn ledgers() -> Vec<Attempts> {
    let entry =
        |id, attempt, hours: u64| Entry::new(id, attempt, Timestamp::from_millis(NOW.as_millis() - hours * 3_600_000));
    let settled = |entry: Entry, state, code| {
        let at = entry.at;
        entry.settled(at, state, code)
    };
    let of = |entries| Attempts::load(Limit::default(), entries, None);
    vec![
        of(vec![]),
        of(vec![entry(1, Attempt::Register, 0)]),
        of(vec![settled(entry(1, Attempt::Register, 1), AttemptState::Rejected, Some(ErrorCode::PinMismatch))]),
        of((1..=10).map(|id| settled(entry(id, Attempt::Register, 1), AttemptState::Confirmed, None)).collect()),
        of((1..=4).map(|id| settled(entry(id, Attempt::Register, 1), AttemptState::Unknown, None)).collect()),
        of(vec![
            settled(entry(1, Attempt::RequestCode, 0), AttemptState::Confirmed, None),
            settled(entry(2, Attempt::Message, 0), AttemptState::Confirmed, None),
            settled(entry(3, Attempt::Deregister, 0), AttemptState::Confirmed, None),
        ]),
        Attempts::load(Limit::default(), vec![], Some(NOW + Duration::from_secs(3_600))),
    ]
}

fn memories(version: ApiVersion) -> Vec<Observed> {
    let with = |change: fn(&mut Observed)| {
        let mut observed = Observed::new(version);
        change(&mut observed);
        observed
    };
    vec![
        with(|_| {}),
        with(|seen| seen.has_code = true),
        with(|seen| seen.must_verify = true),
        with(|seen| seen.pin_needs_registration = true),
        with(|seen| seen.is_subscribed = Some(false)),
        with(|seen| {
            seen.storage = Some(Default::default());
            seen.doubt = Some(Task::Register);
            seen.failed.insert(Task::Register, 2);
        }),
        with(|seen| {
            seen.confirmed.insert(Task::Register);
            seen.is_subscribed = Some(true);
        }),
        with(|seen| {
            seen.confirmed.extend([Task::Deregister, Task::VerifyCode, Task::Rename, Task::SetPin]);
        }),
        with(|seen| {
            seen.doubt = Some(Task::SetPin);
            seen.pin_was_off = true;
        }),
    ]
}

#[test]
fn every_combination_of_words_has_a_step() {
    let (goals, ledgers, memories) = (goals(), ledgers(), memories(ApiVersion::DEFAULT));
    let mut steps = 0_u64;
    let mut step = |goal: &Goal, seen: &Observed, attempts: &Attempts| {
        steps += 1;
        match plan(goal, seen, attempts, NOW) {
            // An attempt is never spent on a number that cannot be registered, or need not be.
            Step::Call(Task::Register | Task::Migrate) => {
                let number = seen.number.as_ref().unwrap();
                assert!(
                    matches!(number.name_status, Some(NameStatus::Approved | NameStatus::AvailableWithoutReview))
                        || matches!(goal, Goal::Rename(_))
                );
                assert!(!matches!(
                    number.status,
                    Some(NumberStatus::Banned | NumberStatus::Restricted | NumberStatus::Deleted)
                ));
                assert!(attempts.left(Attempt::Register, NOW) > 0);
                assert!(matches!(goal, Goal::Rename(_)) || seen.is_verified() == Some(true));
                assert!(
                    matches!(goal, Goal::Rename(_))
                        || number.platform_type != Some(Platform::CloudApi)
                        || seen.confirmed.contains(&Task::Deregister)
                );
            }
            Step::Wait(blocker) => assert!(blocker.until.is_some_and(|until| until > NOW), "{blocker}"),
            Step::End(Ending::Blocked(blocker)) => {
                assert!(!blocker.to_string().is_empty());
                let _ = blocker.reason.actor();
            }
            _ => {}
        }
    };
    for seen in &memories {
        for status in words(NumberStatus::LISTED) {
            for verification in words(CodeVerificationStatus::LISTED) {
                for name in words(NameStatus::LISTED) {
                    for platform in words(Platform::LISTED) {
                        let mut seen = seen.clone();
                        let mut seen_number = PhoneNumber::new(number());
                        seen_number.status = status.clone();
                        seen_number.code_verification_status = verification.clone();
                        seen_number.name_status = name.clone();
                        seen_number.new_name_status = name.clone();
                        seen_number.platform_type = platform.clone();
                        for (pin, name) in
                            [(Some(true), Some("Lucky Shrub 2")), (Some(false), None), (None, Some("Other"))]
                        {
                            seen_number.is_pin_enabled = pin;
                            seen_number.is_on_biz_app = pin;
                            seen_number.new_display_name = name.map(str::to_owned);
                            seen.number = Some(seen_number.clone());
                            for goal in &goals {
                                for attempts in &ledgers {
                                    step(goal, &seen, attempts);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(steps > 5_000_000, "{steps}");
}

/// What a service may answer: sense and nonsense.
fn answers() -> impl Strategy<Value = Result<(u16, String), TransportErrorKind>> {
    let words = |listed: Vec<&'static str>| prop::sample::select(listed);
    let number = (
        words(vec!["CONNECTED", "PENDING", "BANNED", "UNHEARD_OF"]),
        words(vec!["VERIFIED", "NOT_VERIFIED", "EXPIRED", "UNHEARD_OF"]),
        words(vec!["APPROVED", "PENDING_REVIEW", "DECLINED", "NONE"]),
        words(vec!["CLOUD_API", "NOT_APPLICABLE", "ON_PREMISE", "UNHEARD_OF"]),
        any::<bool>(),
    )
        .prop_map(|(status, code, name, platform, pin)| {
            format!(
                r#"{{"id":"106540352242922","success":true,"status":"{status}","code_verification_status":"{code}",
                "name_status":"{name}","new_name_status":"{name}","platform_type":"{platform}","is_pin_enabled":{pin},
                "data":[],"storage_configuration":{{"status":"DEFAULT"}},"messages":[{{"id":"wamid.1"}}],"contacts":[]}}"#
            )
        });
    let codes = vec![
        1, 2, 4, 10, 100, 190, 613, 80_007, 131_000, 131_031, 133_000, 133_004, 133_005, 133_006, 133_008, 133_010,
        133_015, 133_016, 136_024, 136_025, 2_494_100, 999_999,
    ];
    let subcodes = vec![0, 2_388_366, 2_388_367, 2_388_091, 2_388_093, 2_388_001, 2_207_051, 2_446_079];
    let error = (prop::sample::select(codes), prop::sample::select(subcodes))
        .prop_map(|(code, subcode)| format!(r#"{{"error":{{"code":{code},"error_subcode":{subcode}}}}}"#));
    let kinds = vec![TransportErrorKind::Connect, TransportErrorKind::Timeout, TransportErrorKind::Closed];
    prop_oneof![
        6 => number.prop_map(|body| Ok((200, body))),
        4 => error.prop_map(|body| Ok((400, body))),
        1 => Just(Ok((200, r#"{"success":false}"#.to_owned()))),
        1 => Just(Ok((502, "<html>".to_owned()))),
        2 => prop::sample::select(kinds).prop_map(Err),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    // Whatever the service answers, for ever: a run ends, waits or asks after a few calls.
    #[test]
    fn no_run_goes_round_without_a_wait_or_a_person(
        goal in 0..9_usize,
        answers in prop::collection::vec(answers(), 1..12),
        has_code in any::<bool>(),
    ) {
        let position = RefCell::new(0_usize);
        let transport = from_fn(|_: http::Request<Body>, _| {
            let at = position.replace_with(|at| *at + 1);
            match &answers[at % answers.len()] {
                Ok((status, body)) => Ok(http::Response::builder().status(*status).body(body.clone().into_bytes()).unwrap()),
                Err(kind) => Err(TransportError::new(*kind)),
            }
        });
        let client = Client::with_transport(config(), transport);
        let ledger = Memory::default();
        let mut run = Run::new(client.config(), goals().remove(goal));
        let (mut now, mut calls, mut registers) = (NOW, 0, 0);
        for _ in 0..300 {
            match client.step(&mut run, &ledger, || now).unwrap() {
                Progress::Moved => {
                    calls += 1;
                    prop_assert!(calls <= 25, "{:?}", run.events().collect::<Vec<_>>());
                }
                Progress::Wait(wait) => {
                    prop_assert!(wait.length >= Duration::from_secs(1));
                    now = now + wait.length;
                    calls = 0;
                }
                Progress::Ask(_) => {
                    if has_code { run.code(VerificationCode::new("123456").unwrap()) } else { run.code_not_received() }
                    calls = 0;
                }
                Progress::Done(_) => break,
            }
            for event in run.events() {
                match event.what {
                    EventKind::Calling(Task::Register) => registers += 1,
                    EventKind::NotSent(Task::Register) => registers -= 1,
                    _ => {}
                }
            }
        }
        prop_assert!(registers <= 3, "{registers}");
    }
}
