//! One test a rule of the planner whose reason would else be lost.

use wa_types::{
    ApiVersion, BackupData, BackupPassword, CodeVerificationStatus, E164, PhoneNumberId, Pin, Platform, Region,
    StorageConfiguration,
};

use super::*;
use crate::{ledger::Limit, settings::Storage};

const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

fn ago(seconds: u64) -> Timestamp {
    Timestamp::from_millis(NOW.as_millis() - seconds * 1_000)
}

fn id() -> PhoneNumberId {
    PhoneNumberId::new("106540352242922").unwrap()
}

fn pin() -> Pin {
    Pin::new("012345").unwrap()
}

fn onboarding() -> Onboarding {
    Onboarding::new(id(), pin())
}

fn migration() -> Migration {
    Migration::new(id(), pin(), BackupPassword::new("password").unwrap(), BackupData::new("data").unwrap())
}

fn relocation() -> Relocation {
    Relocation::new(id(), Storage::Local(Region::CH), pin())
}

/// A number that is ready to be registered, or is.
fn seen(platform: Platform) -> Observed {
    let mut number = PhoneNumber::new(id());
    number.platform_type = Some(platform);
    number.code_verification_status = Some(CodeVerificationStatus::Verified);
    number.name_status = Some(NameStatus::Approved);
    number.is_pin_enabled = Some(true);
    let mut seen = Observed::new(ApiVersion::DEFAULT);
    seen.number = Some(number);
    seen
}

fn with(platform: Platform, change: impl FnOnce(&mut PhoneNumber)) -> Observed {
    let mut seen = seen(platform);
    change(seen.number.as_mut().unwrap());
    seen
}

/// What was tried, how many seconds ago, and what came of it.
fn tried(list: &[(Attempt, u64, AttemptState, Option<ErrorCode>)]) -> Attempts {
    let entries = (1..).zip(list).map(|(id, (attempt, seconds, state, code))| match state {
        AttemptState::Open => Entry::new(id, *attempt, ago(*seconds)),
        _ => Entry::new(id, *attempt, ago(*seconds)).settled(ago(*seconds), *state, *code),
    });
    Attempts::load(Limit::default(), entries.collect(), None)
}

#[track_caller]
fn check(goal: impl Into<Goal>, seen: &Observed, attempts: &Attempts, expected: &str) {
    let step = match plan(&goal.into(), seen, attempts, NOW) {
        Step::Call(task) => format!("call {task:?}"),
        Step::Ask(question) => format!("ask, certain: {}", question.is_certain),
        Step::Wait(blocker) => {
            let seconds = blocker.until.map(|until| until.since(NOW).as_secs());
            format!("wait {:?} {:?}", seconds.unwrap_or_default(), blocker.reason)
        }
        Step::End(Ending::Blocked(blocker)) => format!("blocked {:?}", blocker.reason),
        Step::End(Ending::Unknown(doubt)) => format!("unknown {:?}", doubt.task),
        Step::End(Ending::Done) => "done".to_owned(),
    };
    assert_eq!(step, expected);
}

const REGISTER: Attempt = Attempt::Register;
const DEREGISTER: Attempt = Attempt::Deregister;

#[test]
fn what_was_confirmed_counts_more_than_what_is_read() {
    let mut seen = seen(Platform::NotApplicable);
    seen.confirmed.insert(Task::Register);
    check(onboarding(), &seen, &tried(&[(REGISTER, 1, AttemptState::Confirmed, None)]), "done");
}

#[test]
fn what_another_process_tried_a_moment_ago_must_show_first() {
    let seen = seen(Platform::NotApplicable);
    for (state, seconds, expected) in [
        (AttemptState::Open, 10, "wait 80 Settling(Register)"),
        (AttemptState::Open, 90, "call Register"),
        (AttemptState::Unknown, 10, "wait 20 Settling(Register)"),
        // It was done, and the service still shows the number as it was.
        (AttemptState::Confirmed, 10, "wait 20 Settling(Register)"),
        (AttemptState::Confirmed, 30, "call Register"),
        (AttemptState::Rejected, 1, "call Register"),
        (AttemptState::NotSent, 1, "call Register"),
    ] {
        check(onboarding(), &seen, &tried(&[(REGISTER, seconds, state, None)]), expected);
    }
}

#[test]
fn a_number_rests_after_deregistering_even_if_no_answer_came() {
    let seen = seen(Platform::NotApplicable);
    for (state, expected) in [
        (AttemptState::Confirmed, "wait 201 JustDeregistered"),
        (AttemptState::Unknown, "wait 201 JustDeregistered"),
        (AttemptState::Open, "wait 201 JustDeregistered"),
        (AttemptState::Rejected, "call Register"),
    ] {
        check(onboarding(), &seen, &tried(&[(DEREGISTER, 100, state, None)]), expected);
    }
}

#[test]
fn only_a_registration_proves_a_pin_after_a_wrong_one() {
    let wrong = (REGISTER, 900, AttemptState::Rejected, Some(ErrorCode::PinMismatch));
    let busy = (REGISTER, 600, AttemptState::Rejected, Some(ErrorCode::RegistrationUnavailable));
    let right = (REGISTER, 600, AttemptState::Confirmed, None);
    let nowhere = seen(Platform::NotApplicable);
    check(onboarding(), &nowhere, &tried(&[wrong]), "blocked WrongPin");
    check(onboarding(), &nowhere, &tried(&[wrong, busy]), "blocked WrongPin");
    check(onboarding(), &nowhere, &tried(&[wrong, right]), "call Register");
    check(onboarding().vouch_for_pin(), &nowhere, &tried(&[wrong]), "call Register");
    let mut off = with(Platform::NotApplicable, |number| number.is_pin_enabled = Some(false));
    off.confirmed.insert(Task::SetPin);
    check(onboarding(), &off, &tried(&[wrong]), "call Register");
    check(migration(), &nowhere, &tried(&[wrong]), "blocked OnPremisesDown");
    check(migration(), &seen(Platform::OnPremise), &tried(&[wrong]), "blocked WrongPin");
}

#[test]
fn a_refusal_that_may_be_about_the_pin_is_treated_as_one() {
    let nowhere = seen(Platform::NotApplicable);
    for code in [ErrorCode::InvalidParameter, ErrorCode::AccountLocked] {
        check(
            onboarding(),
            &nowhere,
            &tried(&[(REGISTER, 900, AttemptState::Rejected, Some(code))]),
            "blocked PinInDoubt",
        );
    }
    let unexplained = tried(&[(REGISTER, 900, AttemptState::Rejected, None)]);
    check(onboarding(), &nowhere, &unexplained, "call Register");
    check(migration(), &nowhere, &unexplained, "blocked PinInDoubt");
}

#[test]
fn a_migration_in_doubt_is_not_made_again() {
    let lost = tried(&[(REGISTER, 900, AttemptState::Unknown, None)]);
    let died = tried(&[(REGISTER, 900, AttemptState::Open, None)]);
    for platform in [Platform::OnPremise, Platform::NotApplicable] {
        check(migration(), &seen(platform.clone()), &lost, "unknown Migrate");
        check(migration(), &seen(platform.clone()), &died, "unknown Migrate");
        check(migration().vouch_for_pin(), &seen(platform), &lost, "call Migrate");
    }
}

#[test]
fn a_half_finished_deregistration_is_finished_first() {
    let seen = seen(Platform::NotApplicable);
    let half = (REGISTER, 900, AttemptState::Rejected, Some(ErrorCode::DeregistrationIncomplete));
    let again = |state, code| tried(&[half, (DEREGISTER, 600, state, code)]);
    check(onboarding(), &seen, &tried(&[half]), "call Deregister");
    check(onboarding(), &seen, &again(AttemptState::Rejected, Some(ErrorCode::Maintenance)), "call Deregister");
    check(onboarding(), &seen, &again(AttemptState::Rejected, Some(ErrorCode::NotRegistered)), "call Register");
    check(onboarding(), &seen, &again(AttemptState::Confirmed, None), "call Register");
}

#[test]
fn three_registrations_without_success_ask_for_a_person() {
    let nowhere = seen(Platform::NotApplicable);
    let lost = |seconds| (REGISTER, seconds, AttemptState::Rejected, Some(ErrorCode::RegistrationUnavailable));
    check(onboarding(), &nowhere, &tried(&[lost(900), lost(800)]), "call Register");
    check(onboarding(), &nowhere, &tried(&[lost(900), lost(800), lost(700)]), "blocked AttemptsLost");
    // Confirmed, and yet it is nowhere.
    let vain = |seconds| (REGISTER, seconds, AttemptState::Confirmed, None);
    check(onboarding(), &nowhere, &tried(&[vain(900), vain(800), vain(700)]), "blocked AttemptsLost");
    let retired = (DEREGISTER, 600, AttemptState::Confirmed, None);
    check(onboarding(), &nowhere, &tried(&[vain(900), vain(800), vain(700), retired]), "call Register");
}

#[test]
fn a_number_is_taken_down_only_if_it_can_come_back() {
    let mut up = with(Platform::CloudApi, |_| {});
    up.storage = Some(StorageConfiguration::default());
    up.storage.as_mut().unwrap().status = Some("IN_COUNTRY_STORAGE_DISABLED".into());
    let changed = |change: fn(&mut PhoneNumber)| {
        let mut seen = up.clone();
        change(seen.number.as_mut().unwrap());
        seen
    };
    check(relocation(), &up, &tried(&[]), "call Deregister");
    check(
        relocation(),
        &changed(|number| number.code_verification_status = Some(CodeVerificationStatus::Expired)),
        &tried(&[]),
        "blocked Unverified",
    );
    check(
        relocation(),
        &changed(|number| number.name_status = Some(NameStatus::Declined)),
        &tried(&[]),
        "blocked NameDeclined",
    );
    check(relocation(), &changed(|number| number.is_on_biz_app = Some(true)), &tried(&[]), "blocked OnBusinessApp");
    let lost = (REGISTER, 900, AttemptState::Rejected, Some(ErrorCode::RegistrationUnavailable));
    check(relocation(), &up, &tried(&[lost, lost, lost]), "blocked AttemptsLost");
    let nine = [(REGISTER, 900, AttemptState::Confirmed, None); 9];
    check(relocation(), &up, &tried(&nine), "wait 258600 NoAttempts");
}

#[test]
fn a_code_that_was_sent_is_asked_for_and_not_sent_again() {
    let new = with(Platform::NotApplicable, |number| number.code_verification_status = Some("NOT_VERIFIED".into()));
    let sent = |seconds, state| tried(&[(Attempt::RequestCode, seconds, state, None)]);
    check(onboarding(), &new, &tried(&[]), "call RequestCode");
    check(onboarding(), &new, &sent(100, AttemptState::Confirmed), "ask, certain: true");
    check(onboarding(), &new, &sent(100, AttemptState::Unknown), "ask, certain: false");
    check(onboarding(), &new, &sent(600, AttemptState::Confirmed), "call RequestCode");
    check(onboarding(), &new, &sent(100, AttemptState::Rejected), "call RequestCode");
    let mut wants_another = new;
    wants_another.wants_another_code = true;
    check(onboarding(), &wants_another, &sent(100, AttemptState::Confirmed), "call RequestCode");
}

#[test]
fn a_message_is_sent_once_in_the_life_of_the_ledger() {
    let greeting = || onboarding().greet(E164::new("+16505551234").unwrap(), "Hello");
    let mut up = seen(Platform::CloudApi);
    let sent = |state, code| tried(&[(Attempt::Message, 9_000_000, state, code)]);
    check(greeting(), &up, &tried(&[]), "call Greet");
    check(greeting(), &up, &sent(AttemptState::Confirmed, None), "done");
    check(greeting(), &up, &sent(AttemptState::Open, None), "unknown Greet");
    check(greeting(), &up, &sent(AttemptState::Rejected, None), "unknown Greet");
    check(greeting(), &up, &sent(AttemptState::Rejected, Some(ErrorCode::NotRegistered)), "call Greet");
    // The ledger failed when its answer came.
    up.confirmed.insert(Task::Greet);
    check(greeting(), &up, &sent(AttemptState::Open, None), "done");
}

#[test]
fn a_pin_that_may_have_been_changed_is_settled_only_where_it_shows() {
    let goal = || PinRotation::new(id(), pin());
    let doubtful = |is_enabled, was_off| {
        let mut seen = with(Platform::CloudApi, |number| number.is_pin_enabled = is_enabled);
        (seen.doubt, seen.pin_was_off) = (Some(Task::SetPin), was_off);
        seen
    };
    check(goal(), &doubtful(Some(true), true), &tried(&[]), "done");
    check(goal(), &doubtful(Some(false), true), &tried(&[]), "call SetPin");
    check(goal(), &doubtful(Some(true), false), &tried(&[]), "unknown SetPin");
    check(goal(), &doubtful(None, false), &tried(&[]), "unknown SetPin");
}

#[test]
fn a_code_that_was_used_is_not_asked_for() {
    let unverified = with(Platform::NotApplicable, |number| {
        number.code_verification_status = Some(CodeVerificationStatus::NotVerified);
    });
    let sent = (Attempt::RequestCode, 60, AttemptState::Confirmed, None);
    check(onboarding(), &unverified, &tried(&[sent]), "ask, certain: true");
    check(
        onboarding(),
        &unverified,
        &tried(&[sent, (Attempt::VerifyCode, 30, AttemptState::Confirmed, None)]),
        "call RequestCode",
    );
}
