//! Migrations, greetings, subscriptions, additions, PINs, retirements, and numbers of the WhatsApp Business app.

use super::*;

fn greeted(greeting: Greeting) -> Onboarding {
    onboarding().greet(E164::new("+16505551234").unwrap(), greeting)
}

fn subscribed(subscribed: Subscribed) -> Observed {
    let mut seen = up();
    seen.subscription = Some(subscribed);
    seen
}

fn overridden(address: &str) -> Observed {
    subscribed(Subscribed::Overridden(address.to_owned()))
}

const OURS: &str = "https://lucky-shrub.example/messages";

#[test]
fn a_migration_is_made_from_where_the_deployment_was() {
    check(migration(), &seen(Platform::OnPremise), &nothing(), "call Migrate");
    // The deployment that a migration shut down serves the number no more.
    check(migration(), &nowhere(), &nothing(), "call Migrate");
    check(migration(), &up(), &nothing(), "done");
    check(migration(), &seen("UNHEARD_OF".into()), &nothing(), r#"blocked Unclear("platform_type")"#);
    let at = |seconds| tried(&[(REGISTER, seconds, AttemptState::Confirmed, None)]);
    check(migration(), &nowhere(), &at(60), "wait 20 Settling(Migrate)");
    check_with(migration(), &nowhere(), &confirmed(&[(Step::Migrate, 900)]), &at(900), "accepted Migrate");
}

#[test]
fn a_migration_without_an_answer_is_not_made_again() {
    let at = |seconds, state| tried(&[(REGISTER, seconds, state, None)]);
    for platform in [Platform::OnPremise, Platform::NotApplicable] {
        for state in [AttemptState::Unknown, AttemptState::Sent] {
            check(migration(), &seen(platform.clone()), &at(900, state), "unanswered Migrate");
            check(migration().vouch_for_pin(), &seen(platform.clone()), &at(900, state), "call Migrate");
        }
        check(migration(), &seen(platform.clone()), &at(10, AttemptState::Unknown), "wait 20 Settling(Register)");
        check(migration(), &seen(platform.clone()), &at(10, AttemptState::Sent), "wait 80 Settling(Register)");
        // What never left is no migration.
        check(migration(), &seen(platform.clone()), &at(900, AttemptState::Reserved), "call Migrate");
        check(migration(), &seen(platform.clone()), &at(900, AttemptState::NotSent), "call Migrate");
        // In the run itself nobody can vouch for what became of it.
        let lost = unanswered(Step::Migrate, 1);
        check_with(migration().vouch_for_pin(), &seen(platform.clone()), &lost, &nothing(), "unanswered Migrate");
        let other = unanswered(Step::SetStorage, 1);
        check_with(migration(), &seen(platform), &other, &nothing(), "call Migrate");
    }
}

#[test]
fn a_greeting_is_sent_once_in_the_life_of_the_ledger() {
    let template = || greeted(Greeting::template("hello_world", "en_US"));
    let reply = || greeted(Greeting::reply("Hello"));
    let text = || greeted(Greeting::text("Hello"));
    let sent = |state, code| tried(&[(AttemptKind::Greeting, 9_000_000, state, code)]);
    for goal in [template(), reply(), text()] {
        check(goal.clone(), &up(), &nothing(), "call Greet");
        check(goal.clone(), &up(), &sent(AttemptState::Sent, None), "unanswered Greet");
        check(goal.clone(), &up(), &sent(AttemptState::Unknown, None), "unanswered Greet");
        // A code beside it does not make an unknown outcome a refusal.
        check(goal.clone(), &up(), &sent(AttemptState::Unknown, Some(ErrorCode::NotRegistered)), "unanswered Greet");
        // A refusal without a code is none of the service's own words.
        check(goal.clone(), &up(), &sent(AttemptState::Rejected, None), "unanswered Greet");
        check(goal.clone(), &up(), &sent(AttemptState::Rejected, Some(ErrorCode::NotRegistered)), "call Greet");
        check(goal.clone(), &up(), &sent(AttemptState::NotSent, None), "call Greet");
        let reserved = |seconds| tried(&[(AttemptKind::Greeting, seconds, AttemptState::Reserved, None)]);
        check(goal.clone(), &up(), &reserved(20), "wait 40 Settling(Greet)");
        check(goal.clone(), &up(), &reserved(60), "call Greet");
        // Other messages of the number are no greeting.
        check(goal, &up(), &tried(&[(AttemptKind::Message, 60, AttemptState::Confirmed, None)]), "call Greet");
    }
    let accepted = sent(AttemptState::Confirmed, None);
    check(template(), &up(), &accepted, "done");
    check(reply(), &up(), &accepted, "done");
    // The service accepts a text to anybody, and delivers it within the 24 hours only.
    check(text(), &up(), &accepted, "accepted Greet");
}

#[test]
fn what_the_ledger_notes_of_a_greeting_is_what_the_planner_looks_for() {
    assert_eq!(Step::Greet.attempt(), Some(AttemptKind::Greeting));
}

#[test]
fn an_app_is_subscribed_and_its_address_overridden_in_this_order() {
    let with_address = || subscription().override_callback(OURS, VerifyToken::new("verify-me").unwrap());
    let unread = up();
    check(subscription(), &unread, &nothing(), "call ReadSubscriptions");
    check(subscription(), &subscribed(Subscribed::No), &nothing(), "call Subscribe");
    check(subscription(), &subscribed(Subscribed::Yes), &nothing(), "done");
    // A subscription without an address would remove one that somebody else has set.
    check(subscription(), &overridden("https://other.example/"), &nothing(), "done");
    check(with_address(), &unread, &nothing(), "call ReadSubscriptions");
    // The service refuses an override for an app that is not subscribed.
    check(with_address(), &subscribed(Subscribed::No), &nothing(), "call Subscribe");
    check(with_address(), &subscribed(Subscribed::Yes), &nothing(), "call OverrideCallback");
    check(with_address(), &overridden(OURS), &nothing(), "done");
    let others = overridden("https://other.example/");
    check(with_address(), &others, &nothing(), r#"blocked Overridden("https://other.example/")"#);
    check(with_address().replace_override(), &others, &nothing(), "call OverrideCallback");
    // What was confirmed must show.
    let done = |step, seconds| confirmed(&[(step, seconds)]);
    for (goal, seen, step) in [
        (subscription(), subscribed(Subscribed::No), Step::Subscribe),
        (with_address(), subscribed(Subscribed::No), Step::Subscribe),
        (with_address(), subscribed(Subscribed::Yes), Step::OverrideCallback),
        (with_address(), others.clone(), Step::OverrideCallback),
        (with_address().replace_override(), others, Step::OverrideCallback),
    ] {
        let waits = format!("wait 20 Settling({step:?})");
        check_with(goal.clone(), &seen, &done(step, 60), &nothing(), &waits);
        check_with(goal, &seen, &done(step, 900), &nothing(), &format!("accepted {step:?}"));
    }
    let twice = unanswered(Step::Subscribe, 2);
    check_with(subscription(), &subscribed(Subscribed::No), &twice, &nothing(), "unanswered Subscribe");
}

#[test]
fn onboarding_subscribes_before_it_greets() {
    let goal = || greeted(Greeting::reply("Hello")).subscribe(subscription());
    check(goal(), &up(), &nothing(), "call ReadSubscriptions");
    check(goal(), &subscribed(Subscribed::No), &nothing(), "call Subscribe");
    check(goal(), &subscribed(Subscribed::Yes), &nothing(), "call Greet");
}

#[test]
fn a_number_is_added_unless_it_is_listed() {
    let listed = |listing: Option<Listing>| {
        let mut seen = Observed::new(wa_core::types::ApiVersion::DEFAULT);
        seen.listing = listing;
        seen
    };
    let more = Listing::More { cursor: "MQ".to_owned(), passed: ["MQ".to_owned()].into() };
    check(addition(), &listed(None), &nothing(), "call ListNumbers");
    check(addition(), &listed(Some(more)), &nothing(), "call ListNumbers");
    check(addition(), &listed(Some(Listing::Found(id()))), &nothing(), "done");
    let absent = listed(Some(Listing::Absent));
    check(addition(), &absent, &nothing(), "call AddNumber");
    check_with(addition(), &absent, &confirmed(&[(Step::AddNumber, 60)]), &nothing(), "wait 20 Settling(AddNumber)");
    check_with(addition(), &absent, &confirmed(&[(Step::AddNumber, 900)]), &nothing(), "accepted AddNumber");
    check_with(addition(), &absent, &unanswered(Step::AddNumber, 2), &nothing(), "unanswered AddNumber");
}

#[test]
fn a_pin_is_set_once_more_if_no_answer_came() {
    check(rotation(), &up(), &nothing(), "call SetPin");
    check_with(rotation(), &up(), &confirmed(&[(Step::SetPin, 5)]), &nothing(), "done");
    check_with(rotation(), &up(), &unanswered(Step::SetPin, 1), &nothing(), "call SetPin");
    check_with(rotation(), &up(), &unanswered(Step::SetPin, 2), &nothing(), "unanswered SetPin");
}

#[test]
fn a_number_is_retired_where_it_is_registered() {
    check(retirement(), &up(), &nothing(), "call Deregister");
    check(retirement(), &nowhere(), &nothing(), "done");
    check(retirement(), &seen(Platform::OnPremise), &nothing(), "done");
    check(retirement(), &seen("UNHEARD_OF".into()), &nothing(), r#"blocked Unclear("platform_type")"#);
    let gone = |seconds| tried(&[(DEREGISTER, seconds, AttemptState::Confirmed, None)]);
    check(retirement(), &up(), &gone(60), "wait 20 Settling(Deregister)");
    check(retirement(), &up(), &gone(900), "call Deregister");
    check_with(retirement(), &up(), &confirmed(&[(Step::Deregister, 900)]), &gone(900), "accepted Deregister");
    // One that may be about to come up is not taken for retired.
    for (state, seconds, expected) in [
        (AttemptState::Reserved, 20, "wait 40 Settling(Register)"),
        (AttemptState::Sent, 20, "wait 70 Settling(Register)"),
        (AttemptState::Unknown, 20, "wait 10 Settling(Register)"),
        (AttemptState::Confirmed, 60, "wait 20 Settling(Register)"),
        (AttemptState::Rejected, 20, "done"),
        (AttemptState::Confirmed, 900, "done"),
    ] {
        check(retirement(), &nowhere(), &tried(&[(REGISTER, seconds, state, None)]), expected);
    }
}

#[test]
fn a_number_of_the_business_app_is_never_registered_deregistered_or_given_a_pin() {
    for platform in [Platform::CloudApi, Platform::NotApplicable, Platform::OnPremise] {
        let seen = with(default_storage(seen(platform.clone())), |number| number.is_on_biz_app = Some(true));
        let named = with(seen.clone(), |number| number.verified_name = Some("Lucky Shrub".into()));
        check(migration(), &seen, &nothing(), "blocked OnBusinessApp");
        check(renaming(), &named, &nothing(), "blocked OnBusinessApp");
        check(relocation(), &seen, &nothing(), "blocked OnBusinessApp");
        check(rotation(), &seen, &nothing(), "blocked OnBusinessApp");
        let retired = if platform == Platform::CloudApi { "blocked OnBusinessApp" } else { "done" };
        check(retirement(), &seen, &nothing(), retired);
        // Fresh ones read "pending" for a while.
        let pending = with(seen, |number| number.status = Some(NumberStatus::Pending));
        check(retirement(), &pending, &nothing(), retired);
    }
    let not = with(default_storage(up()), |number| number.is_on_biz_app = Some(false));
    check(retirement(), &not, &nothing(), "call Deregister");
    check(rotation(), &not, &nothing(), "call SetPin");
}

#[test]
fn onboarding_a_number_of_the_business_app_is_a_subscription_and_two_synchronisations() {
    let on_app = |mut seen: Observed| {
        seen.subscription = Some(Subscribed::Yes);
        with(seen, |number| number.is_on_biz_app = Some(true))
    };
    let goal = || onboarding().subscribe(subscription());
    let contacts = (AttemptKind::SyncContacts, 600, AttemptState::Confirmed, None);
    let history = (AttemptKind::SyncHistory, 600, AttemptState::Confirmed, None);
    check(onboarding(), &on_app(up()), &nothing(), "blocked SubscriptionNeeded");
    let mut unread = on_app(up());
    unread.subscription = None;
    check(goal(), &unread, &nothing(), "call ReadSubscriptions");
    check(goal(), &on_app(up()), &nothing(), "call SyncContacts");
    check(goal(), &on_app(up()), &tried(&[contacts]), "call SyncHistory");
    check(goal(), &on_app(up()), &tried(&[contacts, history]), "done");
    let greeted = goal().greet(E164::new("+16505551234").unwrap(), Greeting::reply("Hello"));
    check(greeted, &on_app(up()), &tried(&[contacts, history]), "call Greet");
    // Its status lags behind, its platform does not.
    let pending = with(on_app(up()), |number| number.status = Some(NumberStatus::Pending));
    check(goal(), &pending, &nothing(), "call SyncContacts");
    for platform in [Platform::NotApplicable, Platform::OnPremise, "UNHEARD_OF".into()] {
        check(goal(), &on_app(seen(platform)), &nothing(), "blocked OnBusinessApp");
    }
    let stored = goal().storage(Storage::Local(Region::CH));
    check(stored, &on_app(up()), &nothing(), "blocked OnBusinessApp");
    // Each may be requested once, and nothing but its webhooks shows it.
    for (state, expected) in [
        (AttemptState::Sent, "unanswered SyncContacts"),
        (AttemptState::Unknown, "unanswered SyncContacts"),
        (AttemptState::Rejected, "call SyncContacts"),
        (AttemptState::NotSent, "call SyncContacts"),
    ] {
        check(goal(), &on_app(up()), &tried(&[(AttemptKind::SyncContacts, 600, state, None)]), expected);
    }
    let reserved = (AttemptKind::SyncHistory, 20, AttemptState::Reserved, None);
    check(goal(), &on_app(up()), &tried(&[contacts, reserved]), "wait 40 Settling(SyncHistory)");
}
