//! What every ledger does.

use std::{sync::Barrier, thread, time::Duration};

use wa_core::{
    Attempt,
    ledger::{AttemptState, Counting, Ledger, Limit, Reservation, ReserveError},
};

use crate::support::{Behind, File, Nowhere, Place, grab, hours, number, other_number, state};

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
                an_unknown_ticket_changes_nothing,
                many_threads_get_ten
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
        let kind = if hour % 2 == 0 { Attempt::Register } else { Attempt::Deregister };
        let reservation = ledger.reserve(&number(), kind, hours(hour)).unwrap();
        assert_eq!((reservation.number, reservation.attempt), (number(), kind));
    }
    for kind in [Attempt::Register, Attempt::Deregister] {
        let Err(ReserveError::Refused(refusal)) = ledger.reserve(&number(), kind, hours(20)) else {
            panic!("an eleventh attempt");
        };
        assert_eq!((refusal.next_free, refusal.is_locked), (hours(72), false));
    }
    ledger.reserve(&number(), Attempt::RequestCode, hours(20)).unwrap();
    ledger.reserve(&number(), Attempt::Register, hours(72)).unwrap();
    assert!(ledger.reserve(&number(), Attempt::Register, hours(72)).is_err());
}

fn numbers_do_not_share(place: &impl Place) {
    let ledger = place.open(exact());
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
    assert_eq!(grab(&ledger, &other_number(), hours(0)), 10);
}

fn a_settled_attempt_counts_from_its_answer_on(place: &impl Place) {
    let ledger = place.open(exact());
    let reservation = ledger.reserve(&number(), Attempt::Register, hours(0)).unwrap();
    let mut settlement = state(AttemptState::Rejected);
    settlement.code = Some(100.into());
    ledger.settle(&reservation, &settlement, hours(5)).unwrap();

    let attempts = ledger.attempts(&number()).unwrap();
    let entry = attempts.last(Attempt::Register).unwrap();
    assert_eq!((entry.id, entry.attempt, entry.at), (reservation.id, Attempt::Register, hours(0)));
    assert_eq!((entry.settled, entry.state, entry.code), (Some(hours(5)), AttemptState::Rejected, Some(100.into())));
    assert_eq!(attempts.left(Attempt::Register, hours(76)), 9);
    assert_eq!(attempts.left(Attempt::Register, hours(77)), 10);
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
        let reservation = ledger.reserve(&number(), Attempt::Register, hours(spent)).unwrap();
        ledger.settle(&reservation, &state(end), hours(spent)).unwrap();
        spent += u64::from(end != AttemptState::NotSent);
        assert_eq!(ledger.attempts(&number()).unwrap().left(Attempt::Register, hours(spent)), 10 - spent as usize);
    }
    assert_eq!(grab(&ledger, &number(), hours(5)), 7);
}

fn the_service_s_word_locks_the_number(place: &impl Place) {
    let ledger = place.open(exact());
    let reservation = ledger.reserve(&number(), Attempt::Register, hours(0)).unwrap();
    let mut settlement = state(AttemptState::Rejected);
    settlement.is_limit = true;
    ledger.settle(&reservation, &settlement, hours(1)).unwrap();

    assert_eq!(ledger.attempts(&number()).unwrap().locked_until(), Some(hours(73)));
    let Err(ReserveError::Refused(refusal)) = ledger.reserve(&number(), Attempt::Deregister, hours(72)) else {
        panic!("the number is locked");
    };
    assert_eq!((refusal.next_free, refusal.is_locked), (hours(73), true));
    ledger.reserve(&other_number(), Attempt::Deregister, hours(72)).unwrap();
    ledger.reserve(&number(), Attempt::Deregister, hours(73)).unwrap();
}

fn separate_counts_are_ten_each(place: &impl Place) {
    let ledger = place.open(exact().counting(Counting::Separate));
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
    for _ in 0..10 {
        ledger.reserve(&number(), Attempt::Deregister, hours(0)).unwrap();
    }
    assert!(ledger.reserve(&number(), Attempt::Deregister, hours(0)).is_err());
}

fn the_margin_lengthens_the_window(place: &impl Place) {
    let ledger = place.open(Limit::default().margin(Duration::from_secs(7_200)));
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
    assert_eq!(grab(&ledger, &number(), hours(73)), 0);
    assert_eq!(grab(&ledger, &number(), hours(74)), 10);
}

fn the_last_of_each_kind_is_kept(place: &impl Place) {
    let ledger = place.open(exact());
    for (hour, kind) in (0..).zip(Attempt::ALL) {
        ledger.reserve(&number(), *kind, hours(hour)).unwrap();
        let lost = ledger.reserve(&number(), *kind, hours(hour)).unwrap();
        ledger.settle(&lost, &state(AttemptState::NotSent), hours(hour)).unwrap();
    }
    ledger.reserve(&number(), Attempt::Register, hours(10_000)).unwrap();
    let attempts = ledger.attempts(&number()).unwrap();
    assert_eq!(attempts.last(Attempt::Register).unwrap().at, hours(10_000));
    for (hour, kind) in (0..).zip(Attempt::ALL).skip(1) {
        assert_eq!(attempts.last(*kind).unwrap().at, hours(hour), "{kind:?}");
    }
}

fn an_outcome_can_be_corrected(place: &impl Place) {
    let ledger = place.open(exact());
    let reservation = ledger.reserve(&number(), Attempt::Register, hours(0)).unwrap();
    for end in [AttemptState::Unknown, AttemptState::NotSent, AttemptState::Confirmed] {
        ledger.settle(&reservation, &state(end), hours(1)).unwrap();
        let left = if end == AttemptState::NotSent { 10 } else { 9 };
        assert_eq!(ledger.attempts(&number()).unwrap().left(Attempt::Register, hours(1)), left, "{end:?}");
    }
}

fn an_unknown_ticket_changes_nothing(place: &impl Place) {
    let ledger = place.open(exact());
    let reservation = ledger.reserve(&number(), Attempt::Register, hours(0)).unwrap();
    let before = ledger.attempts(&number()).unwrap();
    let mut settlement = state(AttemptState::NotSent);
    settlement.is_limit = true;
    for stranger in [
        Reservation::new(reservation.id + 1, number(), Attempt::Register),
        Reservation::new(reservation.id, other_number(), Attempt::Register),
        Reservation::new(0, number(), Attempt::Register),
        Reservation::new(u64::MAX, number(), Attempt::Register),
    ] {
        ledger.settle(&stranger, &settlement, hours(1)).unwrap();
    }
    assert_eq!(ledger.attempts(&number()).unwrap(), before);
    assert_eq!(ledger.attempts(&other_number()).unwrap().left(Attempt::Register, hours(1)), 10);
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
    assert_eq!(ledger.attempts(&number()).unwrap().entries().len(), 10);
}
