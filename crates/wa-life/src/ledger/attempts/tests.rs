use proptest::prelude::*;

use super::*;
use crate::ledger::Reservation;

fn hours(hours: u64) -> Moment {
    Timestamp::from_millis(1_000_000_000_000 + hours * 3_600_000).into()
}

fn both(store: u64, service: u64) -> Moment {
    Moment::new(hours(store).store, Some(hours(service).store))
}

fn exact() -> Limit {
    Limit::default().margin(Duration::ZERO)
}

fn limit_reached() -> Settlement {
    let mut settlement = Settlement::new(AttemptState::Rejected);
    settlement.code = Some(ErrorCode::RegistrationLimit);
    settlement
}

fn reserve(attempts: &mut Attempts, id: u64, kind: AttemptKind) -> Result<(), ReserveError> {
    attempts.reserve(id, &Attempt::new(kind))
}

fn refused(attempts: &mut Attempts, kind: AttemptKind) -> Refusal {
    match reserve(attempts, 99, kind) {
        Err(ReserveError::Refused(refusal)) => refusal,
        other => panic!("it is not refused: {other:?}"),
    }
}

fn spent(limit: Limit, count: u64, kind: AttemptKind) -> Attempts {
    (1..=count).fold(Attempts::new(limit, hours(0)), |attempts, id| {
        let mut attempts = attempts.at(hours(id));
        reserve(&mut attempts, id, kind).unwrap();
        attempts
    })
}

const REGISTER: AttemptKind = AttemptKind::Register;
const DEREGISTER: AttemptKind = AttemptKind::Deregister;
const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn the_eleventh_is_refused_until_the_first_has_left_the_window() {
    let mut attempts = spent(exact(), 10, REGISTER).at(hours(20));
    let refusal = refused(&mut attempts, DEREGISTER);
    assert_eq!((refusal.wait, refusal.is_locked), (53 * HOUR, false));
    assert_eq!(refusal.to_string(), "all 10 attempts in 72 hours are spent: nothing was sent, wait 53 h");
    let just_before = Timestamp::from_millis(hours(73).store.as_millis() - 1);
    let mut attempts = attempts.at(just_before.into());
    refused(&mut attempts, REGISTER);
    let mut attempts = attempts.at(hours(73));
    reserve(&mut attempts, 11, REGISTER).unwrap();
    refused(&mut attempts, REGISTER);
    reserve(&mut attempts.at(hours(74)), 12, REGISTER).unwrap();
}

#[test]
fn several_attempts_are_free_when_as_many_have_left_the_window() {
    let attempts = spent(exact(), 9, REGISTER).at(hours(20));
    let waits = [1, 2, 3, 10, 11, 50].map(|needed| attempts.wait(REGISTER, needed).map(|wait| wait.as_secs() / 3_600));
    assert_eq!(waits, [None, Some(53), Some(54), Some(61), Some(61), Some(61)]);
    assert_eq!(Attempts::new(exact(), hours(0)).wait(REGISTER, 11), None);
}

#[test]
fn the_margin_lengthens_the_window() {
    let attempts = spent(Limit::default(), 10, REGISTER).at(hours(20));
    assert_eq!(attempts.wait(REGISTER, 1), Some(53 * HOUR + Duration::from_secs(300)));
}

#[test]
fn separate_counts_are_ten_each() {
    let mut attempts = spent(exact().counting(Counting::Separate), 10, REGISTER);
    assert_eq!((attempts.left(REGISTER), attempts.left(DEREGISTER)), (0, 10));
    reserve(&mut attempts, 11, DEREGISTER).unwrap();
    attempts.settle(11, &limit_reached());
    assert_eq!(attempts.left(DEREGISTER), 0, "a lock holds for both");
}

#[test]
fn a_kind_that_is_not_known_counts_with_both_unless_its_entry_says_otherwise() {
    for counting in [Counting::Shared, Counting::Separate] {
        let mut attempts = Attempts::new(exact().counting(counting), hours(1));
        reserve(&mut attempts, 1, AttemptKind::Other).unwrap();
        assert_eq!((attempts.left(REGISTER), attempts.left(DEREGISTER)), (9, 9), "{counting:?}");
        let mut free = attempts.entries()[0].clone();
        free.is_counted = false;
        let attempts = Attempts::load(exact().counting(counting), vec![free], hours(1));
        assert_eq!((attempts.left(REGISTER), attempts.left(DEREGISTER)), (10, 10), "{counting:?}");
    }
}

#[test]
fn codes_and_messages_are_noted_but_not_counted() {
    let mut attempts = spent(exact(), 10, REGISTER);
    for (id, kind) in [(11, AttemptKind::RequestCode), (12, AttemptKind::VerifyCode), (13, AttemptKind::Message)] {
        reserve(&mut attempts, id, kind).unwrap();
        assert!(attempts.last(kind).is_none(), "it has not left");
        assert!(attempts.mark_sent(id));
        assert_eq!(attempts.last(kind).unwrap().id, id);
        assert_eq!(attempts.wait(kind, 1), None);
    }
    assert_eq!(spent(exact(), 9, AttemptKind::Message).left(REGISTER), 10);
}

#[test]
fn only_what_never_left_comes_back() {
    for (state, left) in [
        (AttemptState::Reserved, 9),
        (AttemptState::Sent, 9),
        (AttemptState::Confirmed, 9),
        (AttemptState::Rejected, 9),
        (AttemptState::Unknown, 9),
        (AttemptState::NotSent, 10),
    ] {
        let mut attempts = spent(exact(), 1, REGISTER);
        attempts.settle(1, &Settlement::new(state));
        assert_eq!(attempts.left(REGISTER), left, "{state:?}");
        let may_have_left = !matches!(state, AttemptState::Reserved | AttemptState::NotSent);
        assert_eq!(attempts.last(REGISTER).is_some(), may_have_left, "{state:?}");
    }
}

#[test]
fn a_reservation_is_used_or_given_back_but_never_both() {
    let mut attempts = spent(exact(), 1, REGISTER);
    assert!(!attempts.mark_sent(2), "there is none");
    assert!(attempts.settle(1, &Settlement::abandoned()));
    assert!(!attempts.mark_sent(1), "its holder comes too late");
    let mut attempts = spent(exact(), 1, REGISTER);
    assert!(attempts.mark_sent(1) && !attempts.mark_sent(1));
    assert!(!attempts.settle(1, &Settlement::abandoned()), "it may have left");
    assert_eq!(attempts.entries()[0].state, AttemptState::Sent);
}

#[test]
fn reading_settles_only_what_is_in_doubt_and_dates_nothing() {
    let reading = Settlement::from_reading(AttemptState::Confirmed);
    for (state, applies) in [
        (AttemptState::Reserved, false),
        (AttemptState::Sent, true),
        (AttemptState::Unknown, true),
        (AttemptState::Confirmed, false),
        (AttemptState::Rejected, false),
        (AttemptState::NotSent, false),
    ] {
        let mut attempts = Attempts::new(exact(), hours(1));
        attempts.reserve(1, &Attempt::new(REGISTER).display_name(Some("Lucky Shrub"))).unwrap();
        let mut attempts = attempts.at(hours(2));
        attempts.settle(1, &Settlement::new(state));
        let mut attempts = attempts.at(hours(50));
        assert_eq!(attempts.settle(1, &reading), applies, "{state:?}");
        let entry = &attempts.entries()[0];
        assert_eq!(entry.display_name.is_none(), applies, "reading does not show the name: {state:?}");
        assert_eq!(entry.state, if applies { AttemptState::Confirmed } else { state });
        assert_eq!(entry.settled, Some(hours(2)));
    }
    assert!(!spent(exact(), 1, REGISTER).settle(7, &reading));
}

#[test]
fn whoever_was_faster_is_noticed() {
    let mut attempts = spent(exact(), 2, REGISTER);
    let overtaken = |attempts: &mut Attempts, kind, seen| {
        matches!(attempts.reserve(9, &Attempt::new(kind).unless_newer_than(seen)), Err(ReserveError::Overtaken))
    };
    assert!(overtaken(&mut attempts, REGISTER, 0) && overtaken(&mut attempts, DEREGISTER, 1));
    assert!(!overtaken(&mut attempts, AttemptKind::Message, 0), "a registration does not bear on a message");
    assert!(overtaken(&mut attempts, AttemptKind::Message, 8) && !overtaken(&mut attempts, REGISTER, 9));
    let mut attempts = spent(exact(), 1, REGISTER);
    attempts.settle(1, &Settlement::new(AttemptState::NotSent));
    assert!(!overtaken(&mut attempts, REGISTER, 0), "what never left bears on nothing");
}

#[test]
fn an_attempt_counts_from_its_answer_on() {
    let mut attempts = spent(exact(), 1, REGISTER).at(hours(5));
    attempts.settle(1, &Settlement::new(AttemptState::Unknown));
    let attempts = attempts.at(hours(74));
    assert_eq!(attempts.left(REGISTER), 9, "it may have been on its way for long");
    assert_eq!(attempts.at(hours(77)).left(REGISTER), 10);
}

#[test]
fn the_service_s_word_wins_over_the_count() {
    let mut attempts = spent(exact(), 1, REGISTER);
    attempts.settle(1, &limit_reached());
    let mut attempts = attempts.at(hours(40));
    assert!(refused(&mut attempts, DEREGISTER).is_locked && attempts.is_locked());
    assert_eq!(
        refused(&mut attempts, REGISTER).to_string(),
        "the service has locked the number: nothing was sent, wait 33 h"
    );
    assert_eq!(
        attempts.allowance(REGISTER).to_string(),
        "no attempts left, next free in 33 h (Wed, 12 Sep 2001 02:46:40 GMT)"
    );
    assert_eq!((attempts.left(REGISTER), attempts.left(AttemptKind::Message)), (0, MOST));
    let attempts = attempts.at(hours(73));
    assert!(!attempts.is_locked());
    assert_eq!(attempts.allowance(REGISTER).to_string(), "10 of 10 attempts left");
}

#[test]
fn one_clock_that_is_wrong_frees_nothing() {
    let attempts = spent(exact(), 10, REGISTER);
    let entries = attempts.entries().iter().cloned().map(|mut entry| {
        entry.reserved.service = Some(entry.reserved.store);
        entry
    });
    let attempts = Attempts::load(exact(), entries.collect(), hours(0));
    // An answer dated 80 hours ahead; a store whose clock has jumped; both at their right time.
    for (now, left) in [(both(11, 91), 0), (both(91, 11), 0), (both(91, 91), 10)] {
        assert_eq!(attempts.clone().at(now).left(REGISTER), left, "{now:?}");
    }
    // An answer dated four days back does not lose its attempt.
    let mut attempts = spent(exact(), 1, REGISTER).at(Moment::new(hours(1).store, Some(Timestamp::default())));
    attempts.settle(1, &Settlement::new(AttemptState::Confirmed));
    assert_eq!(attempts.at(both(10, 10)).left(REGISTER), 9);
}

#[test]
fn a_store_s_clock_that_goes_back_gives_nothing_back() {
    let mut attempts = spent(exact(), 10, REGISTER).at(Timestamp::default().into());
    assert!(refused(&mut attempts, REGISTER).wait > 72 * HOUR);
    attempts.prune();
    assert_eq!(attempts.entries().len(), 10);
}

#[test]
fn the_store_s_clock_alone_forgets_nothing_that_the_service_has_dated() {
    let dated = |count: u64, state| {
        let entries = (1..=count).map(|id| {
            let mut entry = Entry::new(id, REGISTER, both(id, id));
            entry.state = state;
            entry
        });
        Attempts::load(exact(), entries.collect(), both(10, 10))
    };
    let left = |mut attempts: Attempts| {
        attempts.prune();
        attempts.entries().iter().map(|entry| entry.id).collect::<Vec<_>>()
    };
    // What is not counted is reserved without asking the service for the time.
    assert_eq!(left(dated(10, AttemptState::Rejected).at(hours(9_000))), (1..=10).collect::<Vec<_>>());
    assert_eq!(left(dated(12, AttemptState::Rejected).at(hours(9_000))), (3..=12).collect::<Vec<_>>());
    assert_eq!(left(dated(10, AttemptState::NotSent).at(hours(9_000))), [] as [u64; 0]);
    assert_eq!(left(dated(10, AttemptState::Rejected).at(both(9_000, 20))), (1..=10).collect::<Vec<_>>());
    assert_eq!(left(dated(10, AttemptState::Rejected).at(both(9_000, 9_000))), [10]);
}

#[test]
fn the_latest_of_each_kind_and_the_latest_registration_are_never_forgotten() {
    let mut attempts = spent(exact(), 6, REGISTER);
    for (id, state) in [(3, AttemptState::Confirmed), (4, AttemptState::Confirmed), (6, AttemptState::Rejected)] {
        attempts.settle(id, &Settlement::new(state));
    }
    reserve(&mut attempts, 7, AttemptKind::Message).unwrap();
    assert!(attempts.mark_sent(7));
    let mut attempts = attempts.at(hours(1_000));
    attempts.prune();
    assert_eq!(attempts.entries().iter().map(|entry| entry.id).collect::<Vec<_>>(), [4, 6, 7]);
    assert_eq!(attempts.last_registration().unwrap().id, 4);
}

#[test]
fn the_name_of_a_registration_is_kept() {
    let mut attempts = Attempts::new(exact(), hours(1));
    attempts.reserve(1, &Attempt::new(REGISTER).display_name(Some("Lucky Shrub"))).unwrap();
    assert_eq!(attempts.entries()[0].display_name.as_deref(), Some("Lucky Shrub"));
    let number = wa_core::types::PhoneNumberId::new("106540352242922").unwrap();
    assert_eq!(Reservation::new(1, number.clone(), REGISTER).number, number);
}

#[test]
fn messages_push_no_attempt_out_that_the_service_has_dated() {
    let mut attempts = Attempts::new(exact(), both(1, 1));
    for id in 1..=20 {
        let kind = if id <= 10 { REGISTER } else { AttemptKind::Message };
        reserve(&mut attempts, id, kind).unwrap();
        assert!(attempts.mark_sent(id));
    }
    // Only the store's clock can be asked, and it may have jumped.
    let mut attempts = attempts.at(hours(1_000));
    attempts.prune();
    assert_eq!(attempts.entries().iter().filter(|entry| entry.kind == REGISTER).count(), 10);
}

proptest! {
    // Grants, counted by hand: whatever is asked when, and whatever is forgotten in between, no window of 72 hours
    // holds an eleventh.
    #[test]
    fn no_window_ever_holds_eleven(
        steps in prop::collection::vec((0..30_000_u64, any::<bool>(), 0..5_usize), 1..200),
        forgets in any::<bool>(),
    ) {
        let mut attempts = Attempts::new(exact(), hours(0));
        let (mut now, mut granted) = (hours(0).store, Vec::new());
        for (id, (seconds, registers, state)) in (1..).zip(steps) {
            now = now + Duration::from_secs(seconds);
            attempts = attempts.at(now.into());
            let kind = if registers { REGISTER } else { DEREGISTER };
            if reserve(&mut attempts, id, kind).is_ok() {
                granted.push(now);
                let states =
                    [AttemptState::Reserved, AttemptState::Sent, AttemptState::Confirmed, AttemptState::Rejected, AttemptState::Unknown];
                attempts.settle(id, &Settlement::new(states[state]));
            }
            if forgets {
                attempts.prune();
            }
            let within = granted.iter().filter(|at| now.since(**at) < WINDOW).count();
            prop_assert!(within <= MOST);
            prop_assert_eq!(attempts.left(kind), MOST - within, "exact, not merely safe");
        }
    }
}
