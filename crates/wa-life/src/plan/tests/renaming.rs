//! A display name: requested, reviewed, and in effect once the number is registered again.

use super::*;

/// A name that is asked for, and its review.
fn asked_for(name: &str, review: Option<&str>) -> Observed {
    with(up(), |number| {
        number.verified_name = Some("Old Name".into());
        number.new_display_name = Some(name.into());
        number.new_name_status = review.map(Into::into);
    })
}

fn shown(review: &str) -> Observed {
    with(up(), |number| {
        (number.verified_name, number.name_status) = (Some("Lucky Shrub".into()), Some(review.into()));
    })
}

/// A registration under this display name.
fn registered(name: Option<&str>, state: AttemptState) -> Attempts {
    let mut entry = Entry::new(1, REGISTER, ago(9_000));
    (entry.state, entry.display_name) = (state, name.map(str::to_owned));
    Attempts::load(Limit::default(), vec![entry], NOW.into())
}

#[test]
fn another_name_is_requested_first() {
    let old = with(up(), |number| number.verified_name = Some("Old Name".into()));
    check(renaming(), &old, &nothing(), "call Rename");
    check(renaming(), &up(), &nothing(), "call Rename");
    // Somebody has asked for another name meanwhile.
    check(renaming(), &asked_for("Third Name", Some("PENDING_REVIEW")), &nothing(), "call Rename");
    let third = with(shown("APPROVED"), |number| number.new_display_name = Some("Third Name".into()));
    check(renaming(), &third, &nothing(), "call Rename");
    for (status, expected) in [(NumberStatus::Banned, "blocked Banned"), (NumberStatus::Flagged, "call Rename")] {
        check(renaming(), &with(old.clone(), |number| number.status = Some(status)), &nothing(), expected);
    }
    // The name of an Official Business Account is Meta's to change.
    let official = |is_one| with(old.clone(), |number| number.is_official_business_account = Some(is_one));
    check(renaming(), &official(true), &nothing(), "blocked NameIsOfficial");
    check(renaming(), &official(false), &nothing(), "call Rename");
    check_with(renaming(), &old, &unanswered(Step::Rename, 2), &nothing(), "unanswered Rename");
}

#[test]
fn what_was_requested_must_show() {
    let third = asked_for("Third Name", Some("PENDING_REVIEW"));
    let asked = |seconds| confirmed(&[(Step::Rename, seconds)]);
    check_with(renaming(), &third, &asked(60), &nothing(), "wait 20 Settling(Rename)");
    check_with(renaming(), &third, &asked(900), &nothing(), "accepted Rename");
}

#[test]
fn the_review_decides() {
    for (review, expected) in [
        (Some("APPROVED"), "call Register"),
        (Some("AVAILABLE_WITHOUT_REVIEW"), "call Register"),
        (Some("PENDING_REVIEW"), "wait 900 NameInReview"),
        (Some("DECLINED"), "blocked NameDeclined"),
        (Some("EXPIRED"), "call Rename"),
        (Some("NONE"), r#"blocked Unclear("new_name_status")"#),
        (Some("UNHEARD_OF"), r#"blocked Unclear("new_name_status")"#),
        (None, r#"blocked Unclear("new_name_status")"#),
    ] {
        check(renaming(), &asked_for("Lucky Shrub", review), &nothing(), expected);
    }
    // In a run that has asked for it, the review may not show yet, and what has expired has done so since.
    let asked = confirmed(&[(Step::Rename, 60)]);
    for (review, expected) in [
        (Some("APPROVED"), "call Register"),
        (Some("EXPIRED"), "blocked NameDeclined"),
        (Some("NONE"), "wait 900 NameInReview"),
        (Some("UNHEARD_OF"), r#"blocked Unclear("new_name_status")"#),
        (None, "wait 900 NameInReview"),
    ] {
        check_with(renaming(), &asked_for("Lucky Shrub", review), &asked, &nothing(), expected);
        // Some versions do not show the name that was requested, only its review.
        let nameless = with(asked_for("Lucky Shrub", review), |number| number.new_display_name = None);
        check_with(renaming(), &nameless, &asked, &nothing(), expected);
    }
}

#[test]
fn a_name_that_shows_is_under_review_or_approved() {
    // Meta's page on display names, March 2026: `verified_name` shows the name under review too.
    for (review, expected) in [
        ("APPROVED", "call Register"),
        ("AVAILABLE_WITHOUT_REVIEW", "call Register"),
        ("PENDING_REVIEW", "wait 900 NameInReview"),
        ("DECLINED", "blocked NameDeclined"),
        ("NON_EXISTS", "blocked NameMissing"),
    ] {
        check(renaming(), &shown(review), &nothing(), expected);
    }
    let both = with(shown("APPROVED"), |number| number.new_display_name = Some("Lucky Shrub".into()));
    check(renaming(), &both, &nothing(), "call Register");
}

#[test]
fn an_approved_name_takes_effect_by_one_registration() {
    let approved = shown("APPROVED");
    check(renaming().already_in_effect(), &approved, &nothing(), "done");
    check(renaming(), &approved, &registered(Some("Lucky Shrub"), AttemptState::Confirmed), "done");
    check(renaming(), &approved, &registered(Some("Old Name"), AttemptState::Confirmed), "call Register");
    check(renaming(), &approved, &registered(None, AttemptState::Confirmed), "call Register");
    check(renaming(), &approved, &registered(Some("Lucky Shrub"), AttemptState::Rejected), "call Register");
    check_with(renaming(), &approved, &confirmed(&[(Step::Register, 5)]), &nothing(), "done");
    // Nothing shows whether one without an answer has put it into effect: it is made once more.
    let lost = registered(Some("Lucky Shrub"), AttemptState::Unknown);
    check(renaming(), &approved, &lost, "call Register");
    check_with(renaming(), &approved, &unanswered(Step::Register, 2), &lost, "unanswered Register");
    let banned = with(approved.clone(), |number| number.status = Some(NumberStatus::Banned));
    check(renaming(), &banned, &nothing(), "blocked Banned");
    let wrong = tried(&[(REGISTER, 9_000, AttemptState::Rejected, Some(ErrorCode::PinMismatch))]);
    check(renaming(), &approved, &wrong, "blocked WrongPin");
    check(renaming().vouch_for_pin(), &approved, &wrong, "call Register");
}

#[test]
fn where_a_number_is_decides_whether_its_name_can_take_effect() {
    let named = |platform: Platform, status| {
        with(shown("APPROVED"), |number| (number.platform_type, number.status) = (Some(platform), status))
    };
    // It takes effect when the number is registered for the first time.
    check(renaming(), &named(Platform::NotApplicable, None), &nothing(), "done");
    check(renaming(), &named(Platform::OnPremise, None), &nothing(), "blocked OnPremises");
    check(renaming(), &named("UNHEARD_OF".into(), None), &nothing(), r#"blocked Unclear("platform_type")"#);
    // What this run has registered must show.
    let pending = named(Platform::CloudApi, Some(NumberStatus::Pending));
    let history = |seconds| confirmed(&[(Step::Register, seconds)]);
    let noted = |seconds| tried(&[(REGISTER, seconds, AttemptState::Confirmed, None)]);
    check_with(renaming(), &pending, &history(60), &noted(60), "wait 20 Settling(Register)");
    check_with(renaming(), &pending, &history(900), &noted(900), "accepted Register");
    // So must what another run has registered, maybe before the name was approved.
    check(renaming(), &pending, &noted(60), "wait 20 Settling(Register)");
    check(renaming(), &pending, &noted(900), "done");
}
