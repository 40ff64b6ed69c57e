//! A number that is taken down only if it can come back.

use super::*;

fn vouched() -> Relocation {
    relocation().vouch_for_pin()
}

fn elsewhere() -> Observed {
    default_storage(up())
}

#[test]
fn storage_is_read_and_compared_first() {
    check(relocation(), &up(), &nothing(), "call ReadStorage");
    check(relocation(), &local_storage(up(), Region::CH), &nothing(), "done");
    check(vouched(), &local_storage(up(), Region::DE), &nothing(), "call Deregister");
    check(vouched(), &elsewhere(), &nothing(), "call Deregister");
    check(relocation(), &stored(up(), "UNHEARD_OF", None), &nothing(), r#"blocked Unclear("storage_configuration")"#);
    check(relocation(), &seen(Platform::OnPremise), &nothing(), "blocked OnPremises");
    check(relocation(), &seen("UNHEARD_OF".into()), &nothing(), r#"blocked Unclear("platform_type")"#);
    let back = || Relocation::new(id(), Storage::Default, pin()).vouch_for_pin();
    check(back(), &elsewhere(), &nothing(), "done");
    check(back(), &local_storage(up(), Region::CH), &nothing(), "call Deregister");
    check(back(), &stored(up(), "NO_STORAGE_ENABLED", None), &nothing(), "call Deregister");
}

#[test]
fn the_pin_is_made_right_while_the_number_is_up() {
    check(relocation(), &elsewhere(), &nothing(), "call SetPin");
    check_with(relocation(), &elsewhere(), &confirmed(&[(Step::SetPin, 5)]), &nothing(), "call Deregister");
    check_with(relocation(), &elsewhere(), &unanswered(Step::SetPin, 1), &nothing(), "call SetPin");
    check_with(relocation(), &elsewhere(), &unanswered(Step::SetPin, 2), &nothing(), "unanswered SetPin");
    let wrong = tried(&[(REGISTER, 9_000, AttemptState::Rejected, Some(ErrorCode::PinMismatch))]);
    check(relocation(), &elsewhere(), &wrong, "call SetPin");
    check_with(relocation(), &elsewhere(), &confirmed(&[(Step::SetPin, 5)]), &wrong, "call Deregister");
}

#[test]
fn whatever_would_keep_it_from_coming_back_is_known_before_it_goes() {
    let changed = |change: fn(&mut PhoneNumber)| with(elsewhere(), change);
    for (seen, expected) in [
        (changed(|number| number.name_status = Some(NameStatus::Declined)), "blocked NameDeclined"),
        (changed(|number| number.name_status = Some(NameStatus::PendingReview)), "wait 900 NameInReview"),
        (changed(|number| number.status = Some(NumberStatus::Restricted)), "blocked Restricted"),
        (changed(|number| number.is_on_biz_app = Some(true)), "blocked OnBusinessApp"),
        // A code can still be had once it is down.
        (changed(|number| number.code_verification_status = Some(CodeVerificationStatus::Expired)), "call Deregister"),
    ] {
        check(vouched(), &seen, &nothing(), expected);
    }
    let lost = (REGISTER, 9_000, AttemptState::Rejected, Some(ErrorCode::NumberInMaintenance));
    check(vouched(), &elsewhere(), &tried(&[lost; 3]), "blocked AttemptsLost");
    check(vouched(), &elsewhere(), &tried(&[lost; 2]), "call Deregister");
    // Two attempts are needed: one to go, one to come back.
    let spent = |count| tried(&vec![(REGISTER, 3_600, AttemptState::Confirmed, None); count]);
    check(vouched(), &elsewhere(), &spent(8), "call Deregister");
    check(vouched(), &elsewhere(), &spent(9), "wait 255900 NoAttempts");
    check_with(vouched(), &elsewhere(), &unanswered(Step::Deregister, 2), &nothing(), "unanswered Deregister");
}

#[test]
fn what_was_done_a_moment_ago_must_show_before_a_number_goes() {
    let set = |seconds| confirmed(&[(Step::SetStorage, seconds)]);
    check_with(vouched(), &elsewhere(), &set(60), &nothing(), "wait 20 Settling(SetStorage)");
    check_with(vouched(), &elsewhere(), &set(900), &nothing(), "accepted SetStorage");
    for (kind, state, seconds, expected) in [
        // Another process may have brought it up in the right place a moment ago.
        (REGISTER, AttemptState::Confirmed, 10, "wait 20 Settling(Register)"),
        (REGISTER, AttemptState::Confirmed, 30, "call Deregister"),
        (REGISTER, AttemptState::Unknown, 10, "wait 20 Settling(Register)"),
        (REGISTER, AttemptState::Rejected, 10, "call Deregister"),
        // It was deregistered, and the service still shows it as it was.
        (DEREGISTER, AttemptState::Confirmed, 60, "wait 20 Settling(Deregister)"),
        (DEREGISTER, AttemptState::Confirmed, 900, "call Deregister"),
        (DEREGISTER, AttemptState::Rejected, 60, "call Deregister"),
    ] {
        check(vouched(), &elsewhere(), &tried(&[(kind, seconds, state, None)]), expected);
    }
    let gone = tried(&[(DEREGISTER, 900, AttemptState::Confirmed, None)]);
    check_with(vouched(), &elsewhere(), &confirmed(&[(Step::Deregister, 900)]), &gone, "accepted Deregister");
}

#[test]
fn a_number_that_is_down_is_stored_and_comes_back() {
    let gone = tried(&[(DEREGISTER, 400, AttemptState::Confirmed, None)]);
    check(relocation(), &nowhere(), &gone, "call ReadStorage");
    check(relocation(), &default_storage(nowhere()), &gone, "call SetStorage");
    check(relocation(), &local_storage(nowhere(), Region::CH), &gone, "call Register");
    let set = confirmed(&[(Step::SetStorage, 5)]);
    check_with(relocation(), &default_storage(nowhere()), &set, &gone, "call Register");
    let resting = tried(&[(DEREGISTER, 100, AttemptState::Confirmed, None)]);
    check(relocation(), &local_storage(nowhere(), Region::CH), &resting, "wait 201 JustDeregistered");
    let expired = with(local_storage(nowhere(), Region::CH), |number| {
        number.code_verification_status = Some(CodeVerificationStatus::Expired);
    });
    check(relocation(), &expired, &gone, "call RequestCode");
    let pending = with(local_storage(nowhere(), Region::CH), |number| number.name_status = Some(NameStatus::Declined));
    check(relocation(), &pending, &gone, "blocked NameDeclined");
}
