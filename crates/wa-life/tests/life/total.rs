//! The planner has a step for everything, and no run goes round in circles.

use std::{cell::RefCell, time::Duration};

use proptest::prelude::*;
use wa_core::{
    AttemptKind, Body, Timestamp, TransportError, TransportErrorKind,
    api::number::Storage,
    blocking::Client,
    from_fn,
    types::{
        ApiVersion, BackupData, BackupPassword, CodeVerificationStatus, E164, ErrorCode, NameStatus, NumberStatus,
        PhoneNumber, Platform, Region, VerificationCode, VerifyToken,
    },
};
use wa_life::{
    Addition, Decision, Ending, EventKind, Goal, Greeting, History, Migration, Observed, Onboarding, PinRotation,
    Relocation, Renaming, Retirement, Run, Step, Subscribed,
    ledger::{AttemptState, Attempts, Entry, Limit, Memory},
    plan,
};

use crate::world::{Turn, config, number, pin, step, subscription};

fn goals() -> Vec<Goal> {
    let local = || Storage::Local(Region::CH);
    let greeted = Onboarding::new(number(), pin()).greet(E164::new("+16505551234").unwrap(), Greeting::text("Hello"));
    let (password, data) = (BackupPassword::new("password").unwrap(), BackupData::new("data").unwrap());
    vec![
        Onboarding::new(number(), pin()).into(),
        greeted.storage(local()).subscribe(subscription()).register_in_review().into(),
        Migration::new(number(), pin(), password.clone(), data.clone()).into(),
        Migration::new(number(), pin(), password, data).storage(local()).vouch_for_pin().into(),
        Renaming::new(number(), "Lucky Shrub 2", pin()).into(),
        Relocation::new(number(), local(), pin()).into(),
        Relocation::new(number(), Storage::Default, pin()).into(),
        PinRotation::new(number(), pin()).into(),
        Retirement::new(number()).into(),
        subscription().override_callback("https://lucky-shrub.example/", VerifyToken::new("verify-me").unwrap()).into(),
        Addition::new(subscription_account(), E164::new("+16315551005").unwrap(), "Lucky Shrub").into(),
    ]
}

fn subscription_account() -> wa_core::types::WabaId {
    wa_core::types::WabaId::new(wa_sim::State::ACCOUNT).unwrap()
}

/// All listed words, one that nobody lists, and none.
fn words<T: Clone + for<'a> From<&'a str>>(listed: &[T]) -> Vec<Option<T>> {
    listed.iter().cloned().map(Some).chain([Some(T::from("UNHEARD_OF")), None]).collect()
}

const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

fn ledgers() -> Vec<Attempts> {
    let entry = |id, kind, hours: u64, state, code| {
        let mut entry = Entry::new(id, kind, Timestamp::from_millis(NOW.as_millis() - hours * 3_600_000).into());
        (entry.state, entry.code) = (state, code);
        entry
    };
    let register = |id, hours, state, code| entry(id, AttemptKind::Register, hours, state, code);
    let load = |entries| Attempts::load(Limit::default(), entries, NOW.into());
    vec![
        load(vec![]),
        load(vec![register(1, 0, AttemptState::Reserved, None)]),
        load(vec![register(1, 0, AttemptState::Sent, None)]),
        load(vec![register(1, 1, AttemptState::Rejected, Some(ErrorCode::PinMismatch))]),
        load(vec![register(1, 1, AttemptState::Rejected, Some(ErrorCode::VerificationNeeded))]),
        load((1..=10).map(|id| register(id, 1, AttemptState::Confirmed, None)).collect()),
        load((1..=4).map(|id| register(id, 1, AttemptState::Unknown, None)).collect()),
        load(vec![
            entry(1, AttemptKind::RequestCode, 0, AttemptState::Confirmed, None),
            entry(2, AttemptKind::Greeting, 0, AttemptState::Confirmed, None),
            entry(3, AttemptKind::Deregister, 0, AttemptState::Confirmed, None),
        ]),
        load(vec![register(1, 1, AttemptState::Rejected, Some(ErrorCode::RegistrationLimit))]),
    ]
}

fn memories(version: ApiVersion) -> Vec<(Observed, History)> {
    let with = |change: fn(&mut Observed, &mut History)| {
        let (mut seen, mut history) = (Observed::new(version), History::default());
        change(&mut seen, &mut history);
        (seen, history)
    };
    vec![
        with(|_, _| {}),
        with(|_, history| history.has_code = true),
        with(|_, history| history.wants_another_code = true),
        with(|seen, _| seen.subscription = Some(Subscribed::No)),
        with(|seen, history| {
            seen.storage = Some(Default::default());
            history.unanswered = Some(Step::Register);
            history.failed.insert(Step::Register, 2);
        }),
        with(|seen, history| {
            history.confirmed.insert(Step::Register, NOW.into());
            seen.subscription = Some(Subscribed::Yes);
        }),
        with(|_, history| {
            for step in [Step::Deregister, Step::VerifyCode, Step::Rename, Step::SetPin] {
                history.confirmed.insert(step, NOW.into());
            }
        }),
        with(|_, history| history.unanswered = Some(Step::SetPin)),
    ]
}

#[test]
fn every_combination_of_words_has_a_decision() {
    let (goals, ledgers, memories) = (goals(), ledgers(), memories(ApiVersion::DEFAULT));
    let mut decisions = 0_u64;
    let mut decide = |goal: &Goal, seen: &Observed, history: &History, attempts: &Attempts| {
        decisions += 1;
        match plan(goal, seen, history, attempts) {
            // An attempt is never spent on a number that cannot be registered, or need not be.
            Decision::Call(Step::Register | Step::Migrate) => {
                let number = seen.number.as_ref().unwrap();
                let is_renaming = matches!(goal, Goal::Rename(_));
                assert_ne!(number.is_on_biz_app, Some(true));
                let is_usable = matches!(
                    number.name_status,
                    Some(NameStatus::Approved | NameStatus::AvailableWithoutReview | NameStatus::PendingReview)
                );
                assert!(is_usable || is_renaming);
                assert!(!matches!(
                    number.status,
                    Some(NumberStatus::Banned | NumberStatus::Restricted | NumberStatus::Deleted)
                ));
                assert!(attempts.left(AttemptKind::Register) > 0);
                let is_owned = seen.is_verified() == Some(true)
                    || number.platform_type == Some(Platform::OnPremise)
                    || history.confirmed.contains_key(&Step::VerifyCode);
                assert!(is_renaming || is_owned, "{goal:?} {seen:?}");
                assert!(is_renaming || number.platform_type != Some(Platform::CloudApi) || is_down(number));
            }
            Decision::Call(Step::Deregister | Step::SetPin) => {
                assert_ne!(seen.number.as_ref().unwrap().is_on_biz_app, Some(true));
            }
            Decision::Wait(blocker) => assert!(blocker.until.is_some_and(|until| until > NOW), "{blocker}"),
            Decision::End(Ending::Blocked(blocker)) => {
                assert!(!blocker.to_string().is_empty());
                let _ = blocker.reason.actor();
            }
            _ => {}
        }
    };
    for (seen, history) in &memories {
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
                                    decide(goal, &seen, history, attempts);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(decisions > 5_000_000, "{decisions}");
}

/// Only CONNECTED, and what a connected number can become, shows a registration.
fn is_down(number: &PhoneNumber) -> bool {
    matches!(number.status, Some(NumberStatus::Pending | NumberStatus::Unverified | NumberStatus::Disconnected))
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
        goal in 0..11_usize,
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
            match step(&client, &mut run, &ledger, || now).unwrap() {
                Turn::Called => {
                    calls += 1;
                    prop_assert!(calls <= 25, "{:?}", run.events().collect::<Vec<_>>());
                }
                Turn::Wait(wait) => {
                    prop_assert!(wait.length >= Duration::from_secs(1));
                    now = now + wait.length;
                    calls = 0;
                }
                Turn::Ask(_) => {
                    match has_code {
                        true => run.code_received(VerificationCode::new("123456").unwrap()),
                        false => run.code_not_received(),
                    }
                    calls = 0;
                }
                Turn::Done(_) => break,
            }
            for event in run.events() {
                match event.kind {
                    EventKind::Calling(Step::Register) => registers += 1,
                    EventKind::NotSent(Step::Register) => registers -= 1,
                    _ => {}
                }
            }
        }
        prop_assert!(registers <= 3, "{registers}");
    }
}
