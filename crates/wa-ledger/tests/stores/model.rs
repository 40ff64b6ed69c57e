//! Any schedule, on a store that is opened again and again, against the arithmetic itself.

use std::{cell::Cell, time::Duration};

use proptest::{
    prelude::*,
    sample::{Index, select},
    test_runner::{TestCaseResult, TestRunner},
};
use wa_core::{
    Attempt,
    ledger::{AttemptState, Attempts, Counting, Entry, Ledger, Limit, ReserveError},
    types::PhoneNumberId,
};

use crate::support::{File, Place, hours, state};

#[derive(Clone, Debug)]
enum Act {
    Reserve(Attempt),
    Settle {
        which: Index,
        end: AttemptState,
        is_limit: bool,
    },
    /// To an hour that may also be an earlier one.
    Go(u64),
    Reopen,
}

#[test]
fn a_file_agrees_with_the_arithmetic() {
    agrees(&File::new().unwrap(), 100);
}

#[cfg(feature = "postgres")]
#[test]
fn a_database_agrees_with_the_arithmetic() {
    if let Some(place) = crate::support::Database::new() {
        agrees(&place, 50);
    }
}

fn agrees(place: &impl Place, cases: u32) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let played = Cell::new(1);
    let schedules = (prop::collection::vec(act(), 1..80), any::<bool>());
    let result = TestRunner::new(config).run(&schedules, |(acts, is_shared)| {
        // Each schedule has a number of its own, among those of the schedules before.
        let number = PhoneNumberId::new(played.replace(played.get() + 1).to_string()).unwrap();
        play(place, &number, &acts, if is_shared { Counting::Shared } else { Counting::Separate })
    });
    result.unwrap();
}

fn play(place: &impl Place, number: &PhoneNumberId, acts: &[Act], counting: Counting) -> TestCaseResult {
    let limit = Limit::default().counting(counting).margin(Duration::from_secs(60));
    let (mut store, mut model) = (place.open(limit), Attempts::new(limit));
    let (mut now, mut reservations) = (hours(0), Vec::new());
    for act in acts {
        match act {
            Act::Reserve(kind) => match store.reserve(number, *kind, now) {
                Ok(reservation) => {
                    prop_assert!(model.reserve(reservation.id, *kind, now).is_ok(), "granted too much");
                    reservations.push(reservation);
                }
                Err(ReserveError::Refused(refusal)) => prop_assert_eq!(model.reserve(0, *kind, now), Err(refusal)),
                Err(error) => panic!("{error:?}"),
            },
            Act::Settle { .. } if reservations.is_empty() => {}
            Act::Settle { which, end, is_limit } => {
                let mut settlement = state(*end);
                settlement.is_limit = *is_limit;
                let reservation = which.get(&reservations);
                store.settle(reservation, &settlement, now).unwrap();
                model.settle(reservation.id, &settlement, now);
            }
            Act::Go(hour) => now = hours(*hour),
            Act::Reopen => store = place.open(limit),
        }
        let attempts = store.attempts(number).unwrap();
        prop_assert_eq!(attempts.locked_until(), model.locked_until());
        prop_assert_eq!(spent(&attempts), spent(&model));
        for kind in Attempt::ALL {
            prop_assert_eq!(attempts.left(*kind, now), model.left(*kind, now));
            prop_assert_eq!(attempts.next_free(*kind, now), model.next_free(*kind, now));
            prop_assert_eq!(attempts.last(*kind), model.last(*kind));
        }
    }
    Ok(())
}

fn spent(attempts: &Attempts) -> Vec<&Entry> {
    attempts.entries().iter().filter(|entry| entry.state != AttemptState::NotSent).collect()
}

fn act() -> impl Strategy<Value = Act> {
    let fates = vec![
        AttemptState::Open,
        AttemptState::Confirmed,
        AttemptState::Rejected,
        AttemptState::NotSent,
        AttemptState::Unknown,
    ];
    prop_oneof![
        8 => select(vec![Attempt::Register, Attempt::Deregister]).prop_map(Act::Reserve),
        1 => select(Attempt::ALL).prop_map(Act::Reserve),
        5 => (any::<Index>(), select(fates), prop::bool::weighted(0.1))
            .prop_map(|(which, end, is_limit)| Act::Settle { which, end, is_limit }),
        2 => (0..200_u64).prop_map(Act::Go),
        1 => Just(Act::Reopen),
    ]
}
