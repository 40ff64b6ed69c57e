//! Processes that die and clocks that jump, with ledgers that last: never an eleventh attempt in any 72 hours.

use wa_cloud::life::ledger::Limit;

use crate::{
    schedules,
    stores::{Database, File, Place},
};

/// Each schedule has a store of its own; none where the store is not installed.
fn no_eleventh<P: Place>(cases: u32) {
    if P::new().is_none() {
        return;
    }
    let (most, refused) = schedules::no_eleventh(cases, || {
        let place = P::new().unwrap();
        let ledger = place.open(Limit::default());
        (place, ledger)
    });
    assert!(most > 15 && refused > cases / 20, "at most {most} attempts, refused in {refused} of {cases} cases");
}

#[test]
fn no_schedule_lets_an_eleventh_attempt_out_by_a_file() {
    no_eleventh::<File>(60);
}

#[test]
fn no_schedule_lets_an_eleventh_attempt_out_by_a_database() {
    no_eleventh::<Database>(40);
}
