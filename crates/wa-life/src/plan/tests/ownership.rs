//! When a one-time code is requested, asked for and sent.

use wa_core::types::{CodeMethod, Language};

use super::*;

fn unverified(word: &str) -> Observed {
    with(nowhere(), |number| number.code_verification_status = Some(word.into()))
}

fn sent(seconds: u64, state: AttemptState) -> Attempts {
    tried(&[(AttemptKind::RequestCode, seconds, state, None)])
}

#[test]
fn an_unregistered_number_whose_ownership_is_not_proved_needs_a_code() {
    for (word, expected) in [
        (Some("VERIFIED"), "call Register"),
        (Some("NOT_VERIFIED"), "call RequestCode"),
        (Some("EXPIRED"), "call RequestCode"),
        (Some("UNHEARD_OF"), r#"blocked Unclear("code_verification_status")"#),
        (None, r#"blocked Unclear("code_verification_status")"#),
    ] {
        let seen = with(nowhere(), |number| number.code_verification_status = word.map(Into::into));
        check(onboarding(), &seen, &nothing(), expected);
    }
    // What the service has confirmed may not show yet.
    let verified = confirmed(&[(Step::VerifyCode, 5)]);
    check_with(onboarding(), &unverified("NOT_VERIFIED"), &verified, &nothing(), "call Register");
}

#[test]
fn a_code_that_was_sent_is_asked_for_and_not_sent_again() {
    let new = unverified("NOT_VERIFIED");
    let certain = "ask by Sms, certain: true, wrong: false";
    let uncertain = "ask by Sms, certain: false, wrong: false";
    for (seconds, state, expected) in [
        (100, AttemptState::Confirmed, certain),
        (599, AttemptState::Confirmed, certain),
        // A code lives ten minutes.
        (600, AttemptState::Confirmed, "call RequestCode"),
        (100, AttemptState::Unknown, uncertain),
        (100, AttemptState::Sent, uncertain),
        (100, AttemptState::Rejected, "call RequestCode"),
        (100, AttemptState::NotSent, "call RequestCode"),
        // Another process is about to request one.
        (20, AttemptState::Reserved, "wait 40 Settling(RequestCode)"),
        (60, AttemptState::Reserved, "call RequestCode"),
    ] {
        check(onboarding(), &new, &sent(seconds, state), expected);
    }
    let by_voice = onboarding().code_by(CodeMethod::Voice, Language::default());
    check(by_voice, &new, &sent(100, AttemptState::Confirmed), "ask by Voice, certain: true, wrong: false");
}

#[test]
fn a_code_that_was_used_is_not_asked_for() {
    let new = unverified("EXPIRED");
    let code = (AttemptKind::RequestCode, 60, AttemptState::Confirmed, None);
    let used = |state| tried(&[code, (AttemptKind::VerifyCode, 30, state, None)]);
    check(onboarding(), &new, &used(AttemptState::Confirmed), "call RequestCode");
    check(onboarding(), &new, &used(AttemptState::Rejected), "ask by Sms, certain: true, wrong: false");
    check(onboarding(), &new, &used(AttemptState::Unknown), "ask by Sms, certain: true, wrong: false");
    let newer = tried(&[(AttemptKind::VerifyCode, 90, AttemptState::Confirmed, None), code]);
    check(onboarding(), &new, &newer, "ask by Sms, certain: true, wrong: false");
}

#[test]
fn what_the_person_says_comes_first() {
    let new = unverified("NOT_VERIFIED");
    let history = |change: fn(&mut History)| {
        let mut history = History::default();
        change(&mut history);
        history
    };
    let code = sent(100, AttemptState::Confirmed);
    check_with(onboarding(), &new, &history(|said| said.has_code = true), &code, "call VerifyCode");
    check_with(onboarding(), &new, &history(|said| said.wants_another_code = true), &code, "call RequestCode");
    let wrong = history(|said| said.code_was_wrong = true);
    check_with(onboarding(), &new, &wrong, &code, "ask by Sms, certain: true, wrong: true");
    // A request that was refused is not repeated by itself: the person may have a code from before.
    let refused = history(|said| {
        said.failed.insert(Step::RequestCode, 1);
    });
    check_with(onboarding(), &new, &refused, &nothing(), "ask by Sms, certain: false, wrong: false");
    // A code is of no use where nothing asks for one.
    check_with(onboarding(), &nowhere(), &history(|said| said.has_code = true), &nothing(), "call Register");
}

#[test]
fn every_goal_that_registers_asks_for_a_code_itself() {
    for word in ["NOT_VERIFIED", "EXPIRED"] {
        check(relocation(), &default_storage(unverified(word)), &nothing(), "call RequestCode");
        check(migration(), &unverified(word), &nothing(), "call RequestCode");
        // A registered number keeps its ownership, also where the proof has expired.
        let on_premises = with(seen(Platform::OnPremise), |number| number.code_verification_status = Some(word.into()));
        check(migration(), &on_premises, &nothing(), "call Migrate");
        let named = with(up(), |number| {
            (number.verified_name, number.code_verification_status) = (Some("Lucky Shrub".into()), Some(word.into()));
        });
        check(renaming(), &named, &nothing(), "call Register");
    }
}
