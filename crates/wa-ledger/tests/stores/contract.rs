//! What every ledger does.

use std::{sync::Barrier, thread, time::Duration};

use serde::{
    Deserialize as _,
    de::value::{Error, StrDeserializer},
};
use wa_core::{
    AttemptKind, Timestamp,
    types::{ErrorCode, PhoneNumberId},
};
use wa_life::ledger::{Attempt, AttemptState, Counting, Ledger, Limit, Moment, Reservation, ReserveError, Settlement};

use crate::support::{Behind, File, Nowhere, Place, attempt, grab, hours, number, other_number, send, state};

macro_rules! contract {
    ($store:ident, $place:ty) => {
        mod $store {
            use super::*;

            contract!(
                $place: the_eleventh_is_refused,
                numbers_do_not_share,
                a_settled_attempt_counts_from_its_answer_on,
                only_what_never_left_comes_back,
                the_service_s_word_locks_the_number,
                separate_counts_are_ten_each,
                the_margin_lengthens_the_window,
                the_last_of_each_kind_is_kept,
                an_outcome_can_be_corrected,
                an_unknown_reservation_changes_nothing,
                many_threads_get_ten,
                both_clocks_are_kept,
                whoever_was_overtaken_gets_nothing,
                sent_is_marked_once,
                a_reading_settles_only_what_is_in_doubt,
                only_what_was_not_sent_can_be_abandoned,
                any_id_of_the_service_reads_back,
                any_text_of_the_service_can_be_noted
            );
        }
    };
    ($place:ty: $($test:ident),+) => {$(
        #[test]
        fn $test() {
            if let Some(place) = <$place>::new() {
                super::$test(&place);
            }
        }
    )+};
}

contract!(memory, Nowhere);
contract!(sqlite, File);
contract!(background, Behind);
#[cfg(feature = "postgres")]
contract!(postgres, crate::support::Database);

fn exact() -> Limit {
    Limit::default().margin(Duration::ZERO)
}

fn the_eleventh_is_refused(place: &impl Place) {
    let ledger = place.open(exact());
    for hour in 0..10 {
        let kind = if hour % 2 == 0 { AttemptKind::Register } else { AttemptKind::Deregister };
        let reservation = ledger.reserve(&number(), &attempt(kind), hours(hour)).unwrap();
        assert_eq!((reservation.number, reservation.kind), (number(), kind));
    }
    for kind in [AttemptKind::Register, AttemptKind::Deregister] {
        let Err(ReserveError::Refused(refusal)) = ledger.reserve(&number(), &attempt(kind), hours(20)) else {
            panic!("an eleventh attempt");
        };
        assert_eq!((refusal.wait, refusal.is_locked), (hours(72).store.since(hours(20).store), false));
    }
    ledger.reserve(&number(), &attempt(AttemptKind::RequestCode), hours(20)).unwrap();
    ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(72)).unwrap();
    assert!(ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(72)).is_err());
}

fn numbers_do_not_share(place: &impl Place) {
    let ledger = place.open(exact());
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
    assert_eq!(grab(&ledger, &other_number(), hours(0)), 10);
}

fn a_settled_attempt_counts_from_its_answer_on(place: &impl Place) {
    let ledger = place.open(exact());
    let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    let mut settlement = state(AttemptState::Rejected);
    settlement.code = Some(100.into());
    ledger.settle(&reservation, &settlement, hours(5)).unwrap();

    let attempts = ledger.load(&number(), hours(76)).unwrap();
    let entry = attempts.last(AttemptKind::Register).unwrap();
    assert_eq!((entry.id, entry.kind, entry.reserved), (reservation.id, AttemptKind::Register, hours(0)));
    assert_eq!((entry.settled, entry.state, entry.code), (Some(hours(5)), AttemptState::Rejected, Some(100.into())));
    assert_eq!(attempts.left(AttemptKind::Register), 9);
    assert_eq!(attempts.at(hours(77)).left(AttemptKind::Register), 10);
}

fn only_what_never_left_comes_back(place: &impl Place) {
    let ledger = place.open(exact());
    let mut spent = 0;
    for end in [
        AttemptState::Confirmed,
        AttemptState::NotSent,
        AttemptState::Rejected,
        AttemptState::NotSent,
        AttemptState::Unknown,
    ] {
        let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(spent)).unwrap();
        ledger.settle(&reservation, &state(end), hours(spent)).unwrap();
        spent += u64::from(end != AttemptState::NotSent);
        assert_eq!(ledger.load(&number(), hours(spent)).unwrap().left(AttemptKind::Register), 10 - spent as usize);
    }
    assert_eq!(grab(&ledger, &number(), hours(5)), 7);
}

fn the_service_s_word_locks_the_number(place: &impl Place) {
    let ledger = place.open(exact());
    let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    let mut settlement = state(AttemptState::Rejected);
    settlement.code = Some(ErrorCode::RegistrationLimit);
    ledger.settle(&reservation, &settlement, hours(1)).unwrap();

    assert!(ledger.load(&number(), hours(72)).unwrap().is_locked());
    assert!(!ledger.load(&number(), hours(73)).unwrap().is_locked());
    let Err(ReserveError::Refused(refusal)) = ledger.reserve(&number(), &attempt(AttemptKind::Deregister), hours(72))
    else {
        panic!("the number is locked");
    };
    assert_eq!((refusal.wait, refusal.is_locked), (hours(1).store.since(hours(0).store), true));
    ledger.reserve(&other_number(), &attempt(AttemptKind::Deregister), hours(72)).unwrap();
    ledger.reserve(&number(), &attempt(AttemptKind::Deregister), hours(73)).unwrap();
}

fn separate_counts_are_ten_each(place: &impl Place) {
    let ledger = place.open(exact().counting(Counting::Separate));
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
    for _ in 0..10 {
        ledger.reserve(&number(), &attempt(AttemptKind::Deregister), hours(0)).unwrap();
    }
    assert!(ledger.reserve(&number(), &attempt(AttemptKind::Deregister), hours(0)).is_err());
}

fn the_margin_lengthens_the_window(place: &impl Place) {
    let ledger = place.open(Limit::default().margin(Duration::from_secs(7_200)));
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
    assert_eq!(grab(&ledger, &number(), hours(73)), 0);
    assert_eq!(grab(&ledger, &number(), hours(74)), 10);
}

fn the_last_of_each_kind_is_kept(place: &impl Place) {
    let ledger = place.open(exact());
    for (hour, kind) in (0..).zip(AttemptKind::ALL) {
        send(&ledger, &number(), *kind, hours(hour));
        let lost = ledger.reserve(&number(), &attempt(*kind), hours(hour)).unwrap();
        ledger.settle(&lost, &state(AttemptState::NotSent), hours(hour)).unwrap();
    }
    send(&ledger, &number(), AttemptKind::Register, hours(10_000));
    let attempts = ledger.load(&number(), hours(10_000)).unwrap();
    assert_eq!(attempts.last(AttemptKind::Register).unwrap().reserved, hours(10_000));
    for (hour, kind) in (0..).zip(AttemptKind::ALL).skip(1) {
        assert_eq!(attempts.last(*kind).unwrap().reserved, hours(hour), "{kind:?}");
    }
}

fn an_outcome_can_be_corrected(place: &impl Place) {
    let ledger = place.open(exact());
    let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    for end in [AttemptState::Unknown, AttemptState::NotSent, AttemptState::Confirmed] {
        ledger.settle(&reservation, &state(end), hours(1)).unwrap();
        let left = if end == AttemptState::NotSent { 10 } else { 9 };
        assert_eq!(ledger.load(&number(), hours(1)).unwrap().left(AttemptKind::Register), left, "{end:?}");
    }
}

fn an_unknown_reservation_changes_nothing(place: &impl Place) {
    let ledger = place.open(exact());
    let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    let before = ledger.load(&number(), hours(1)).unwrap();
    let mut settlement = state(AttemptState::NotSent);
    settlement.code = Some(ErrorCode::RegistrationLimit);
    for stranger in [
        Reservation::new(reservation.id + 1, number(), AttemptKind::Register),
        Reservation::new(reservation.id, other_number(), AttemptKind::Register),
        Reservation::new(0, number(), AttemptKind::Register),
        Reservation::new(u64::MAX, number(), AttemptKind::Register),
    ] {
        assert!(!ledger.mark_sent(&stranger, hours(1)).unwrap());
        ledger.settle(&stranger, &settlement, hours(1)).unwrap();
    }
    assert_eq!(ledger.load(&number(), hours(1)).unwrap(), before);
    assert_eq!(ledger.load(&other_number(), hours(1)).unwrap().left(AttemptKind::Register), 10);
}

fn many_threads_get_ten(place: &impl Place) {
    let ledger = place.open(exact());
    let start = Barrier::new(8);
    let granted: usize = thread::scope(|scope| {
        let grab = || {
            start.wait();
            grab(&ledger, &number(), hours(0))
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(grab)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(granted, 10);
    assert_eq!(ledger.load(&number(), hours(0)).unwrap().entries().len(), 10);
}

fn both_clocks_are_kept(place: &impl Place) {
    let ledger = place.open(exact());
    let by_service = |minutes: u64| Timestamp::from_millis(1_600_000_000_000 + minutes * 60_000);
    let (early, late) =
        (Moment::new(hours(0).store, Some(by_service(0))), Moment::new(hours(1).store, Some(by_service(7))));
    let mut request = attempt(AttemptKind::Register);
    request.display_name = Some("Jasper's Market".to_owned());
    let reservation = ledger.reserve(&number(), &request, early).unwrap();
    ledger.settle(&reservation, &state(AttemptState::Confirmed), late).unwrap();
    // An answer that told no time.
    ledger.reserve(&number(), &request, hours(2)).unwrap();

    let attempts = ledger.load(&number(), hours(3)).unwrap();
    let [first, second] = attempts.entries() else { panic!("two attempts: {attempts:?}") };
    assert_eq!((first.reserved, first.settled), (early, Some(late)));
    assert_eq!(first.display_name.as_deref(), Some("Jasper's Market"));
    assert_eq!((second.reserved, second.settled), (hours(2), None));
    assert_eq!(attempts.now(), hours(3));
}

fn whoever_was_overtaken_gets_nothing(place: &impl Place) {
    let ledger = place.open(exact());
    let first = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    let late = Attempt::new(AttemptKind::Register).unless_newer_than(0);
    assert!(matches!(ledger.reserve(&number(), &late, hours(1)), Err(ReserveError::Overtaken)));
    assert_eq!(ledger.load(&number(), hours(1)).unwrap().entries().len(), 1, "nothing was written");

    let other = Attempt::new(AttemptKind::Message).unless_newer_than(0);
    ledger.reserve(&number(), &other, hours(1)).unwrap();
    ledger.reserve(&other_number(), &late, hours(1)).unwrap();
    // What has never left overtakes nobody.
    ledger.settle(&first, &state(AttemptState::NotSent), hours(1)).unwrap();
    ledger.reserve(&number(), &late, hours(1)).unwrap();
}

fn sent_is_marked_once(place: &impl Place) {
    let ledger = place.open(exact());
    let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    assert!(!ledger.load(&number(), hours(0)).unwrap().entries()[0].is_in_doubt(), "it has not left");
    assert!(ledger.mark_sent(&reservation, hours(0)).unwrap());
    assert!(!ledger.mark_sent(&reservation, hours(0)).unwrap(), "it must not be sent twice");
    // Whoever opens the store next sees it.
    assert_eq!(ledger.load(&number(), hours(0)).unwrap().entries()[0].state, AttemptState::Sent);

    let given_back = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    ledger.settle(&given_back, &Settlement::abandoned(), hours(0)).unwrap();
    assert!(!ledger.mark_sent(&given_back, hours(0)).unwrap());
}

fn a_reading_settles_only_what_is_in_doubt(place: &impl Place) {
    let ledger = place.open(exact());
    let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    let now = |state_is| {
        let attempts = ledger.load(&number(), hours(9)).unwrap();
        assert_eq!(attempts.entries()[0].state, state_is);
        attempts.entries()[0].settled
    };
    let reading = Settlement::from_reading(AttemptState::Confirmed);
    ledger.settle(&reservation, &reading, hours(1)).unwrap();
    assert_eq!(now(AttemptState::Reserved), None);
    ledger.settle(&reservation, &state(AttemptState::Unknown), hours(2)).unwrap();
    ledger.settle(&reservation, &reading, hours(3)).unwrap();
    assert_eq!(now(AttemptState::Confirmed), Some(hours(2)), "reading does not tell when it arrived");
    ledger.settle(&reservation, &Settlement::from_reading(AttemptState::NotSent), hours(4)).unwrap();
    now(AttemptState::Confirmed);
    ledger.settle(&reservation, &state(AttemptState::Rejected), hours(5)).unwrap();
    assert_eq!(now(AttemptState::Rejected), Some(hours(5)), "the answer is always noted");
}

fn only_what_was_not_sent_can_be_abandoned(place: &impl Place) {
    let ledger = place.open(exact());
    let sent = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    let reserved = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    assert!(ledger.mark_sent(&sent, hours(0)).unwrap());
    for reservation in [&sent, &reserved] {
        ledger.settle(reservation, &Settlement::abandoned(), hours(1)).unwrap();
    }
    let attempts = ledger.load(&number(), hours(1)).unwrap();
    assert_eq!(attempts.left(AttemptKind::Register), 9);
    assert!(attempts.last(AttemptKind::Register).unwrap().is_in_doubt());
}

/// Meta's own test deliveries hold ids such as `PHONE_NUMBER_ID`, and they are taken as they come.
fn any_id_of_the_service_reads_back(place: &impl Place) {
    let ledger = place.open(exact());
    for id in ["PHONE_NUMBER_ID", "123456789012345678901234", "a b/c?d'e\"f", "Ünïcödé", " "] {
        let number = PhoneNumberId::deserialize(StrDeserializer::<Error>::new(id)).unwrap();
        assert_eq!(grab(&ledger, &number, hours(0)), 10, "{id}");
        assert_eq!(ledger.load(&number, hours(0)).unwrap().entries().len(), 10, "{id}");
    }
}

fn any_text_of_the_service_can_be_noted(place: &impl Place) {
    let ledger = place.open(exact());
    let text = "\0 \u{10FFFF} '); DROP TABLE wa_ledger_attempt; --".repeat(100);
    let mut request = attempt(AttemptKind::Register);
    request.display_name = Some(text.clone());
    let reservation = ledger.reserve(&number(), &request, hours(0)).unwrap();
    let mut settlement = state(AttemptState::Rejected);
    settlement.trace_id = Some(text);
    settlement.code = Some(i64::MIN.into());
    ledger.settle(&reservation, &settlement, hours(1)).unwrap();
    let attempts = ledger.load(&number(), hours(1)).unwrap();
    let [entry] = attempts.entries() else { panic!("one attempt: {attempts:?}") };
    assert_eq!((entry.state, entry.code), (AttemptState::Rejected, Some(i64::MIN.into())));
    assert!(entry.display_name.as_ref().is_some_and(|name| name.contains("'); DROP TABLE")));
}
