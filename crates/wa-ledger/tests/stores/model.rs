//! Any schedule, on a store that is opened again and again, against the arithmetic itself.

use std::{cell::Cell, time::Duration};

use proptest::{
    prelude::*,
    sample::{Index, select},
    test_runner::{TestCaseResult, TestRunner},
};
use wa_core::{
    AttemptKind,
    types::{ErrorCode, PhoneNumberId},
};
use wa_life::ledger::{AttemptState, Attempts, Counting, Entry, Ledger, Limit, ReserveError, Source};

use crate::support::{File, Place, attempt, hours, state};

#[derive(Clone, Debug)]
enum Act {
    Reserve {
        kind: AttemptKind,
        has_seen_all: bool,
    },
    MarkSent(Index),
    Settle {
        which: Index,
        end: AttemptState,
        source: Source,
        is_limit: bool,
    },
    /// To an hour that may also be an earlier one.
    Go(u64),
    Reopen,
}

#[test]
fn a_file_agrees_with_the_arithmetic() {
    // In memory where possible: it is the arithmetic that is tested, not the disk.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    agrees(&File(folder), 100);
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
    let (mut store, mut model) = (place.open(limit), Attempts::new(limit, hours(0)));
    let (mut now, mut reservations) = (hours(0), Vec::new());
    for act in acts {
        model = model.at(now);
        match act {
            Act::Reserve { kind, has_seen_all } => {
                let mut request = attempt(*kind);
                // Whoever has seen nothing is overtaken by the first attempt of its kind.
                request.newest_seen = (!has_seen_all).then_some(0);
                match store.reserve(number, &request, now) {
                    Ok(reservation) => {
                        prop_assert!(model.reserve(reservation.id, &request).is_ok(), "granted too much");
                        reservations.push(reservation);
                    }
                    Err(ReserveError::Unavailable(error)) => panic!("{error:?}"),
                    Err(error) => {
                        prop_assert_eq!(
                            model.reserve(0, &request).map_err(|error| error.to_string()),
                            Err(error.to_string())
                        );
                    }
                }
            }
            Act::MarkSent(_) | Act::Settle { .. } if reservations.is_empty() => {}
            Act::MarkSent(which) => {
                let reservation = which.get(&reservations);
                prop_assert_eq!(store.mark_sent(reservation, now).unwrap(), model.mark_sent(reservation.id));
            }
            Act::Settle { which, end, source, is_limit } => {
                let mut settlement = state(*end);
                settlement.source = *source;
                settlement.code = (*is_limit && *end == AttemptState::Rejected).then_some(ErrorCode::RegistrationLimit);
                let reservation = which.get(&reservations);
                store.settle(reservation, &settlement, now).unwrap();
                model.settle(reservation.id, &settlement);
            }
            Act::Go(hour) => (now, model) = (hours(*hour), model.at(hours(*hour))),
            Act::Reopen => store = place.open(limit),
        }
        let attempts = store.load(number, now).unwrap();
        prop_assert_eq!(attempts.is_locked(), model.is_locked());
        prop_assert_eq!(spent(&attempts), spent(&model));
        for kind in AttemptKind::ALL {
            prop_assert_eq!(attempts.left(*kind), model.left(*kind));
            prop_assert_eq!(attempts.wait(*kind, 1), model.wait(*kind, 1));
            prop_assert_eq!(attempts.last(*kind), model.last(*kind));
        }
    }
    Ok(())
}

fn spent(attempts: &Attempts) -> Vec<&Entry> {
    attempts.entries().iter().filter(|entry| entry.state != AttemptState::NotSent).collect()
}

fn act() -> impl Strategy<Value = Act> {
    let ends = vec![
        AttemptState::Sent,
        AttemptState::Confirmed,
        AttemptState::Rejected,
        AttemptState::NotSent,
        AttemptState::Unknown,
    ];
    let sources = vec![Source::Answer, Source::Answer, Source::Reading, Source::Abandoned];
    let reserve = |kind, has_seen_all| Act::Reserve { kind, has_seen_all };
    prop_oneof![
        8 => select(vec![AttemptKind::Register, AttemptKind::Deregister]).prop_map(move |kind| reserve(kind, true)),
        1 => select(AttemptKind::ALL).prop_map(move |kind| reserve(kind, false)),
        3 => any::<Index>().prop_map(Act::MarkSent),
        5 => (any::<Index>(), select(ends), select(sources), prop::bool::weighted(0.3))
            .prop_map(|(which, end, source, is_limit)| Act::Settle { which, end, source, is_limit }),
        2 => (0..200_u64).prop_map(Act::Go),
        1 => Just(Act::Reopen),
    ]
}
