//! When a number is registered, and what must come first.

use super::*;

#[test]
fn a_number_that_is_ready_is_registered_and_one_that_is_registered_is_done() {
    for (platform, status, expected) in [
        (Some(Platform::NotApplicable), None, "call Register"),
        // Seen in production: connected, and on no platform.
        (Some(Platform::NotApplicable), Some(NumberStatus::Connected), "call Register"),
        (Some(Platform::CloudApi), Some(NumberStatus::Connected), "done"),
        (Some(Platform::CloudApi), Some(NumberStatus::Flagged), "done"),
        (Some(Platform::CloudApi), None, "done"),
        // Only CONNECTED proves that a registration worked.
        (Some(Platform::CloudApi), Some(NumberStatus::Pending), "call Register"),
        (Some(Platform::CloudApi), Some(NumberStatus::Unverified), "call Register"),
        (Some(Platform::CloudApi), Some(NumberStatus::Disconnected), "call Register"),
        (Some(Platform::OnPremise), Some(NumberStatus::Connected), "blocked OnPremises"),
        (Some("UNHEARD_OF".into()), Some(NumberStatus::Connected), r#"blocked Unclear("platform_type")"#),
        (None, Some(NumberStatus::Pending), "call Register"),
        (None, Some(NumberStatus::Disconnected), "call Register"),
        (None, Some(NumberStatus::Connected), r#"blocked Unclear("platform_type")"#),
    ] {
        let seen = with(up(), |number| (number.platform_type, number.status) = (platform.clone(), status.clone()));
        assert_eq!(decide(onboarding(), &seen, &History::default(), &nothing()), expected, "{platform:?} {status:?}");
    }
    let listed = with(up(), |number| {
        (number.platform_type, number.host_platform) = (None, Some(Platform::NotApplicable));
    });
    check(onboarding(), &listed, &nothing(), "call Register");
}

#[test]
fn what_the_service_has_taken_from_a_number_keeps_it_from_being_ready() {
    for (status, expected) in [
        (NumberStatus::Banned, "blocked Banned"),
        (NumberStatus::Restricted, "blocked Restricted"),
        (NumberStatus::Deleted, "blocked Deleted"),
        (NumberStatus::Migrated, "blocked Moved"),
    ] {
        for platform in [Platform::NotApplicable, Platform::CloudApi] {
            let seen = with(seen(platform), |number| number.status = Some(status.clone()));
            check(onboarding(), &seen, &nothing(), expected);
        }
        let seen = with(nowhere(), |number| number.status = Some(status.clone()));
        check(relocation(), &seen, &nothing(), expected);
        check(migration(), &seen, &nothing(), expected);
        // Retiring takes the number out of use, which nothing forbids.
        let seen = with(up(), |number| number.status = Some(status.clone()));
        check(retirement(), &seen, &nothing(), "call Deregister");
    }
}

#[test]
fn a_registered_number_needs_no_proof_of_ownership() {
    for words in ["EXPIRED", "NOT_VERIFIED", "UNHEARD_OF"] {
        let seen = with(up(), |number| number.code_verification_status = Some(words.into()));
        check(onboarding(), &seen, &nothing(), "done");
    }
}

#[test]
fn a_name_must_be_usable_before_an_attempt_is_spent() {
    let named = |status: Option<&str>| with(nowhere(), |number| number.name_status = status.map(Into::into));
    for (status, expected) in [
        (Some("APPROVED"), "call Register"),
        (Some("AVAILABLE_WITHOUT_REVIEW"), "call Register"),
        (Some("PENDING_REVIEW"), "wait 900 NameInReview"),
        (Some("DECLINED"), "blocked NameDeclined"),
        (Some("EXPIRED"), "blocked NameDeclined"),
        (Some("NONE"), "blocked NameMissing"),
        (Some("NON_EXISTS"), "blocked NameMissing"),
        (Some("UNHEARD_OF"), r#"blocked Unclear("name_status")"#),
        (None, r#"blocked Unclear("name_status")"#),
    ] {
        check(onboarding(), &named(status), &nothing(), expected);
    }
}

#[test]
fn one_registration_may_be_tried_while_the_name_is_in_review() {
    let review = with(nowhere(), |number| number.name_status = Some(NameStatus::PendingReview));
    let eager = || onboarding().register_in_review();
    let refused = |code| tried(&[(REGISTER, 9_000, AttemptState::Rejected, code)]);
    check(eager(), &review, &nothing(), "call Register");
    check(eager(), &review, &refused(Some(ErrorCode::CertificateNotCreated)), "blocked NameNotUsable");
    check(eager(), &review, &refused(Some(ErrorCode::NumberInMaintenance)), "call Register");
    // Without it the review is waited for, whatever was refused.
    check(onboarding(), &review, &refused(Some(ErrorCode::CertificateNotCreated)), "wait 900 NameInReview");
    // Only onboarding can choose.
    check(
        migration(),
        &with(seen(Platform::OnPremise), |number| number.name_status = Some(NameStatus::PendingReview)),
        &nothing(),
        "wait 900 NameInReview",
    );
}

#[test]
fn what_another_process_tried_a_moment_ago_must_settle_first() {
    for (state, seconds, expected) in [
        (AttemptState::Reserved, 0, "wait 60 Settling(Register)"),
        (AttemptState::Reserved, 59, "wait 1 Settling(Register)"),
        (AttemptState::Reserved, 60, "call Register"),
        (AttemptState::Sent, 10, "wait 80 Settling(Register)"),
        (AttemptState::Sent, 90, "call Register"),
        (AttemptState::Unknown, 10, "wait 20 Settling(Register)"),
        (AttemptState::Unknown, 30, "call Register"),
        (AttemptState::Rejected, 1, "call Register"),
        (AttemptState::NotSent, 1, "call Register"),
    ] {
        check(onboarding(), &nowhere(), &tried(&[(REGISTER, seconds, state, None)]), expected);
    }
    // Of several reservations the youngest is waited for.
    let two = [(REGISTER, 50, AttemptState::Reserved, None), (REGISTER, 20, AttemptState::Reserved, None)];
    check(onboarding(), &nowhere(), &tried(&two), "wait 40 Settling(Register)");
}

#[test]
fn a_confirmed_registration_must_show_within_fifteen_minutes() {
    let at = |seconds| tried(&[(REGISTER, seconds, AttemptState::Confirmed, None)]);
    for (seconds, expected) in [
        (0, "wait 5 Settling(Register)"),
        (10, "wait 5 Settling(Register)"),
        (300, "wait 100 Settling(Register)"),
        (600, "wait 200 Settling(Register)"),
        (890, "wait 10 Settling(Register)"),
    ] {
        check(onboarding(), &nowhere(), &at(seconds), expected);
        check_with(onboarding(), &nowhere(), &confirmed(&[(Step::Register, seconds)]), &at(seconds), expected);
        check(relocation(), &default_storage(nowhere()), &at(seconds), expected);
    }
    // The run that made it says that nobody knows; another one, which a person has started since, tries again.
    check_with(onboarding(), &nowhere(), &confirmed(&[(Step::Register, 900)]), &at(900), "accepted Register");
    check(onboarding(), &nowhere(), &at(900), "call Register");
    // A deregistration or another registration after it is what shows.
    let later = |kind, state| tried(&[(REGISTER, 600, AttemptState::Confirmed, None), (kind, 400, state, None)]);
    check(onboarding(), &nowhere(), &later(DEREGISTER, AttemptState::Confirmed), "call Register");
    check(onboarding(), &nowhere(), &later(DEREGISTER, AttemptState::Unknown), "call Register");
    check(onboarding(), &nowhere(), &later(REGISTER, AttemptState::Unknown), "call Register");
    for (kind, state) in [
        (DEREGISTER, AttemptState::Rejected),
        (DEREGISTER, AttemptState::NotSent),
        (DEREGISTER, AttemptState::Reserved),
        (AttemptKind::Greeting, AttemptState::Confirmed),
    ] {
        check(onboarding(), &nowhere(), &later(kind, state), "wait 200 Settling(Register)");
    }
}

#[test]
fn a_number_rests_after_deregistering_even_if_no_answer_came() {
    for (state, seconds, expected) in [
        (AttemptState::Confirmed, 100, "wait 201 JustDeregistered"),
        (AttemptState::Unknown, 100, "wait 201 JustDeregistered"),
        (AttemptState::Sent, 100, "wait 201 JustDeregistered"),
        (AttemptState::Confirmed, 300, "wait 1 JustDeregistered"),
        (AttemptState::Confirmed, 301, "call Register"),
        (AttemptState::Rejected, 100, "call Register"),
        (AttemptState::NotSent, 100, "call Register"),
        (AttemptState::Reserved, 10, "call Register"),
    ] {
        check(onboarding(), &nowhere(), &tried(&[(DEREGISTER, seconds, state, None)]), expected);
    }
}

#[test]
fn a_number_whose_deletion_is_unfinished_rests_also_in_the_next_run() {
    let refused = |seconds, code| tried(&[(REGISTER, seconds, AttemptState::Rejected, Some(code))]);
    let unfinished = |seconds| refused(seconds, ErrorCode::DeletionUnfinished);
    check(onboarding(), &nowhere(), &unfinished(100), "wait 201 JustDeregistered");
    check(onboarding(), &nowhere(), &unfinished(301), "call Register");
    check(onboarding(), &nowhere(), &refused(100, ErrorCode::NumberInMaintenance), "call Register");
}

#[test]
fn a_number_that_may_be_about_to_go_is_not_taken_for_done() {
    let going = |state, seconds| tried(&[(DEREGISTER, seconds, state, None)]);
    let named = with(up(), |number| number.verified_name = Some("Lucky Shrub".into()));
    let goals: [(Goal, Observed); 4] = [
        (onboarding().into(), up()),
        (migration().into(), up()),
        (renaming().already_in_effect().into(), named),
        (relocation().into(), local_storage(up(), Region::CH)),
    ];
    for (goal, seen) in goals {
        for (state, seconds, expected) in [
            (AttemptState::Reserved, 20, "wait 40 Settling(Deregister)"),
            (AttemptState::Sent, 20, "wait 70 Settling(Deregister)"),
            (AttemptState::Unknown, 20, "wait 10 Settling(Deregister)"),
            (AttemptState::Confirmed, 60, "wait 20 Settling(Deregister)"),
            (AttemptState::Rejected, 20, "done"),
            (AttemptState::Unknown, 30, "done"),
            (AttemptState::Confirmed, 900, "done"),
        ] {
            check(goal.clone(), &seen, &going(state, seconds), expected);
        }
    }
}

#[test]
fn only_a_registration_or_a_new_pin_proves_a_pin_after_a_wrong_one() {
    let wrong = (REGISTER, 9_000, AttemptState::Rejected, Some(ErrorCode::PinMismatch));
    let busy = (REGISTER, 6_000, AttemptState::Rejected, Some(ErrorCode::NumberInMaintenance));
    let later = |kind, state| tried(&[wrong, (kind, 6_000, state, None)]);
    check(onboarding(), &nowhere(), &tried(&[wrong]), "blocked WrongPin");
    check(onboarding(), &nowhere(), &tried(&[wrong, busy]), "blocked WrongPin");
    check(onboarding(), &nowhere(), &later(REGISTER, AttemptState::Confirmed), "call Register");
    check(onboarding(), &nowhere(), &later(AttemptKind::SetPin, AttemptState::Confirmed), "call Register");
    check(onboarding(), &nowhere(), &later(REGISTER, AttemptState::Unknown), "blocked WrongPin");
    check(onboarding(), &nowhere(), &later(AttemptKind::SetPin, AttemptState::Rejected), "blocked WrongPin");
    check(onboarding(), &nowhere(), &later(AttemptKind::VerifyCode, AttemptState::Confirmed), "blocked WrongPin");
    check(onboarding().vouch_for_pin(), &nowhere(), &tried(&[wrong]), "call Register");
    let off = with(nowhere(), |number| number.is_pin_enabled = Some(false));
    check(onboarding(), &off, &tried(&[wrong]), "call Register");
    let unknown = with(nowhere(), |number| number.is_pin_enabled = None);
    check(onboarding(), &unknown, &tried(&[wrong]), "blocked WrongPin");
    check_with(onboarding(), &nowhere(), &confirmed(&[(Step::SetPin, 9)]), &tried(&[wrong]), "call Register");
    // A wrong PIN takes an On-Premises deployment down.
    check(migration(), &nowhere(), &tried(&[wrong]), "blocked OnPremisesDown");
    check(migration(), &seen(Platform::OnPremise), &tried(&[wrong]), "blocked WrongPin");
    for code in [ErrorCode::PinGuessedTooOften, ErrorCode::PinGuessedTooFast] {
        let refused = tried(&[(REGISTER, 9_000, AttemptState::Rejected, Some(code))]);
        check(onboarding(), &nowhere(), &refused, "blocked WrongPin");
    }
}

#[test]
fn a_refusal_that_may_be_about_the_pin_is_treated_as_one() {
    let refused = |code| tried(&[(REGISTER, 9_000, AttemptState::Rejected, code)]);
    for code in [ErrorCode::InvalidParameter, ErrorCode::AccountLocked] {
        check(onboarding(), &nowhere(), &refused(Some(code)), "blocked PinInDoubt");
    }
    for code in [None, Some(ErrorCode::CertificateNotCreated), Some(ErrorCode::NumberInMaintenance)] {
        check(onboarding(), &nowhere(), &refused(code), "call Register");
    }
    // What takes a deployment down is not repeated over a refusal without a reason.
    check(migration(), &nowhere(), &refused(None), "blocked PinInDoubt");
    check(migration(), &nowhere(), &refused(Some(ErrorCode::NumberInMaintenance)), "call Migrate");
    // Only registering sends a PIN to be compared.
    let deregistering = tried(&[(DEREGISTER, 9_000, AttemptState::Rejected, Some(ErrorCode::InvalidParameter))]);
    check(onboarding(), &nowhere(), &deregistering, "call Register");
}

#[test]
fn three_registrations_without_success_ask_for_a_person() {
    let lost = |seconds| (REGISTER, seconds, AttemptState::Rejected, Some(ErrorCode::NumberInMaintenance));
    check(onboarding(), &nowhere(), &tried(&[lost(9_000), lost(8_000)]), "call Register");
    check(onboarding(), &nowhere(), &tried(&[lost(9_000), lost(8_000), lost(7_000)]), "blocked AttemptsLost");
    // Confirmed, and yet it is nowhere.
    let vain = |seconds| (REGISTER, seconds, AttemptState::Confirmed, None);
    check(onboarding(), &nowhere(), &tried(&[vain(9_000), vain(8_000), vain(7_000)]), "blocked AttemptsLost");
    let retired = (DEREGISTER, 6_000, AttemptState::Confirmed, None);
    check(onboarding(), &nowhere(), &tried(&[vain(9_000), vain(8_000), vain(7_000), retired]), "call Register");
    // What never left, or has left the window, is not lost; what nobody answered is.
    let unsent = (REGISTER, 5_000, AttemptState::NotSent, None);
    check(onboarding(), &nowhere(), &tried(&[lost(9_000), lost(8_000), unsent]), "call Register");
    let reserved = (REGISTER, 5_000, AttemptState::Reserved, None);
    check(onboarding(), &nowhere(), &tried(&[lost(9_000), lost(8_000), reserved]), "call Register");
    let old = lost(73 * 3_600);
    check(onboarding(), &nowhere(), &tried(&[old, lost(8_000), lost(7_000)]), "call Register");
    let unknown = (REGISTER, 5_000, AttemptState::Unknown, None);
    check(onboarding(), &nowhere(), &tried(&[lost(9_000), lost(8_000), unknown]), "blocked AttemptsLost");
    // A number that is up shows that its confirmed registrations worked.
    let shown = [lost(9_000), lost(8_000), vain(7_000), lost(6_000), lost(5_000)];
    check(relocation().vouch_for_pin(), &default_storage(up()), &tried(&shown), "call Deregister");
    check(onboarding(), &nowhere(), &tried(&shown), "blocked AttemptsLost");
    // Refused deregistrations do not say whether registering works.
    let refused = (DEREGISTER, 6_000, AttemptState::Rejected, Some(ErrorCode::NumberInMaintenance));
    check(onboarding(), &nowhere(), &tried(&[lost(9_000), lost(8_000), refused]), "call Register");
}

#[test]
fn attempts_must_be_left() {
    let spent = |count| tried(&vec![(DEREGISTER, 3_600, AttemptState::Confirmed, None); count]);
    check(onboarding(), &nowhere(), &spent(9), "call Register");
    // 72 hours and the margin of five minutes, less the hour that has passed.
    check(onboarding(), &nowhere(), &spent(10), "wait 255900 NoAttempts");
    let locked = tried(&[(DEREGISTER, 3_600, AttemptState::Rejected, Some(ErrorCode::RegistrationLimit))]);
    check(onboarding(), &nowhere(), &locked, "wait 255900 Locked");
    check(retirement(), &up(), &spent(10), "wait 255900 NoAttempts");
}

#[test]
fn a_half_finished_deregistration_is_finished_first() {
    let half = (REGISTER, 9_000, AttemptState::Rejected, Some(ErrorCode::DeregistrationIncomplete));
    let again = |state, code| tried(&[half, (DEREGISTER, 6_000, state, code)]);
    check(onboarding(), &nowhere(), &tried(&[half]), "call Deregister");
    check(onboarding(), &nowhere(), &again(AttemptState::Rejected, Some(ErrorCode::Maintenance)), "call Deregister");
    check(onboarding(), &nowhere(), &again(AttemptState::NotSent, None), "call Deregister");
    check(onboarding(), &nowhere(), &again(AttemptState::Rejected, Some(ErrorCode::NotRegistered)), "call Register");
    check(onboarding(), &nowhere(), &again(AttemptState::Confirmed, None), "call Register");
    check(onboarding(), &nowhere(), &again(AttemptState::Unknown, None), "call Register");
    let other = (REGISTER, 6_000, AttemptState::Rejected, Some(ErrorCode::NumberInMaintenance));
    check(onboarding(), &nowhere(), &tried(&[half, other]), "call Register");
    let unsent = (REGISTER, 6_000, AttemptState::NotSent, None);
    check(onboarding(), &nowhere(), &tried(&[half, unsent]), "call Deregister");
}

#[test]
fn a_deregistration_that_is_under_way_elsewhere_is_waited_for() {
    let half = (REGISTER, 9_000, AttemptState::Rejected, Some(ErrorCode::DeregistrationIncomplete));
    for (kind, state, seconds, expected) in [
        (DEREGISTER, AttemptState::Reserved, 20, "wait 40 Settling(Deregister)"),
        (REGISTER, AttemptState::Reserved, 20, "wait 40 Settling(Register)"),
        (DEREGISTER, AttemptState::Sent, 20, "wait 70 Settling(Deregister)"),
        (REGISTER, AttemptState::Sent, 20, "wait 70 Settling(Register)"),
        (DEREGISTER, AttemptState::Unknown, 20, "wait 10 Settling(Deregister)"),
        (DEREGISTER, AttemptState::Rejected, 20, "call Deregister"),
    ] {
        check(retirement(), &up(), &tried(&[(kind, seconds, state, None)]), expected);
        if kind == DEREGISTER && state == AttemptState::Reserved {
            check(onboarding(), &nowhere(), &tried(&[half, (kind, seconds, state, None)]), expected);
        }
    }
}

#[test]
fn a_call_is_made_twice_at_most_without_an_answer() {
    check_with(onboarding(), &nowhere(), &unanswered(Step::Register, 1), &nothing(), "call Register");
    check_with(onboarding(), &nowhere(), &unanswered(Step::Register, 2), &nothing(), "unanswered Register");
    // Something else had no answer, or it was refused instead.
    let mut refused = unanswered(Step::Register, 2);
    refused.unanswered = None;
    check_with(onboarding(), &nowhere(), &refused, &nothing(), "call Register");
    refused.unanswered = Some(Step::SetStorage);
    check_with(onboarding(), &nowhere(), &refused, &nothing(), "call Register");
}

#[test]
fn storage_is_set_before_the_number_is_registered() {
    let goal = || onboarding().storage(Storage::Local(Region::CH));
    check(goal(), &nowhere(), &nothing(), "call ReadStorage");
    check(goal(), &default_storage(nowhere()), &nothing(), "call SetStorage");
    check(goal(), &local_storage(nowhere(), Region::DE), &nothing(), "call SetStorage");
    check(goal(), &local_storage(nowhere(), Region::CH), &nothing(), "call Register");
    // A number that was never registered may show none at all.
    check(goal(), &stored(nowhere(), "UNHEARD_OF", None), &nothing(), "call SetStorage");
    check_with(goal(), &nowhere(), &confirmed(&[(Step::SetStorage, 5)]), &nothing(), "call Register");
    let twice = unanswered(Step::SetStorage, 2);
    check_with(goal(), &default_storage(nowhere()), &twice, &nothing(), "unanswered SetStorage");
}

#[test]
fn the_storage_of_a_registered_number_stays() {
    let goal = || onboarding().storage(Storage::Local(Region::CH));
    check(goal(), &up(), &nothing(), "call ReadStorage");
    check(goal(), &local_storage(up(), Region::CH), &nothing(), "done");
    check(goal(), &local_storage(up(), Region::DE), &nothing(), "blocked StorageFixed");
    check(goal(), &default_storage(up()), &nothing(), "blocked StorageFixed");
    check(goal(), &stored(up(), "UNHEARD_OF", None), &nothing(), r#"blocked Unclear("storage_configuration")"#);
    // What was set a moment ago may not show yet.
    let set = |seconds| confirmed(&[(Step::SetStorage, seconds)]);
    check_with(goal(), &default_storage(up()), &set(60), &nothing(), "wait 20 Settling(SetStorage)");
    check_with(goal(), &default_storage(up()), &set(900), &nothing(), "accepted SetStorage");
}

#[test]
fn a_version_that_has_ended_sets_no_storage() {
    // v20 ended on 24 September 2026, and v21 takes the storage by /settings only.
    let ended = |mut seen: Observed, minor| {
        seen.version = wa_core::types::ApiVersion::new(minor, 0);
        seen
    };
    let local = || Storage::Local(Region::CH);
    check(onboarding().storage(local()), &ended(default_storage(nowhere()), 20), &nothing(), "blocked VersionEnded");
    check(onboarding().storage(local()), &ended(default_storage(nowhere()), 21), &nothing(), "call SetStorage");
    check(onboarding(), &ended(nowhere(), 20), &nothing(), "call Register");
    check(migration().storage(local()), &ended(seen(Platform::OnPremise), 20), &nothing(), "blocked VersionEnded");
    check(relocation().vouch_for_pin(), &ended(default_storage(up()), 20), &nothing(), "blocked VersionEnded");
    check(relocation().vouch_for_pin(), &ended(default_storage(up()), 21), &nothing(), "call Deregister");
}

#[test]
fn a_demand_for_verification_leads_to_a_code_and_never_to_a_second_registration() {
    let demand = (REGISTER, 9_000, AttemptState::Rejected, Some(ErrorCode::VerificationNeeded));
    let later = |kind, state| tried(&[demand, (kind, 5_000, state, None)]);
    // Reading shows the number as verified, and the service wants it verified again.
    check(onboarding(), &nowhere(), &tried(&[demand]), "call RequestCode");
    check(relocation(), &default_storage(nowhere()), &tried(&[demand]), "call RequestCode");
    check(migration(), &nowhere(), &tried(&[demand]), "call RequestCode");
    check(
        renaming(),
        &with(up(), |number| number.verified_name = Some("Lucky Shrub".into())),
        &tried(&[demand]),
        "call RequestCode",
    );
    check(onboarding(), &nowhere(), &later(AttemptKind::VerifyCode, AttemptState::Confirmed), "call Register");
    check(onboarding(), &nowhere(), &later(AttemptKind::VerifyCode, AttemptState::Rejected), "call RequestCode");
    check(onboarding(), &nowhere(), &later(REGISTER, AttemptState::Confirmed), "call Register");
    check(onboarding(), &nowhere(), &later(REGISTER, AttemptState::Rejected), "call RequestCode");
    // A proof before the demand does not meet it, be it this run's own.
    let before = tried(&[(AttemptKind::VerifyCode, 9_500, AttemptState::Confirmed, None), demand]);
    check(onboarding(), &nowhere(), &before, "call RequestCode");
    check_with(onboarding(), &nowhere(), &confirmed(&[(Step::VerifyCode, 9_500)]), &before, "call RequestCode");
    // Another kind of refusal asks for none.
    let other = tried(&[(DEREGISTER, 9_000, AttemptState::Rejected, Some(ErrorCode::VerificationNeeded))]);
    check(onboarding(), &nowhere(), &other, "call Register");
}
