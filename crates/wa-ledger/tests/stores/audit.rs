//! What an operator asks.

use std::time::Duration;

use wa_core::AttemptKind;
use wa_ledger::{Audit, Record, Sqlite};
use wa_life::ledger::{AttemptState, Limit, Settlement};

use crate::support::{File, Place, attempt, grab, hours, number, other_number, send, state};

macro_rules! audits {
    ($store:ident, $place:ty, $who:expr) => {
        mod $store {
            use super::*;

            audits!(
                $place; $who; a_record_tells_who_did_what_when,
                all_numbers_are_looked_through_by_time,
                only_what_is_in_doubt_shows_as_such,
                only_what_is_over_is_forgotten,
                an_id_never_comes_back
            );
        }
    };
    ($place:ty; $who:expr; $($test:ident),+) => {$(
        #[test]
        fn $test() {
            if let Some(place) = <$place>::new() {
                let ledger = place.open(Limit::default().margin(Duration::ZERO));
                let who: fn(_, _) -> _ = $who;
                super::$test(&who(ledger, "anna on host 3"));
            }
        }
    )+};
}

audits!(sqlite, File, Sqlite::who);
#[cfg(feature = "postgres")]
audits!(postgres, crate::support::Database, wa_ledger::Postgres::who);

fn a_record_tells_who_did_what_when(ledger: &impl Audit) {
    let first = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(1)).unwrap();
    ledger.reserve(&number(), &attempt(AttemptKind::RequestCode), hours(2)).unwrap();
    ledger.reserve(&other_number(), &attempt(AttemptKind::Register), hours(3)).unwrap();
    ledger.settle(&first, &refusal(), hours(4)).unwrap();

    let records = ledger.audit(&number()).unwrap().records;
    assert_eq!(kinds(&records), [AttemptKind::RequestCode, AttemptKind::Register], "the newest first");
    let [code, register] = &records[..] else { panic!("two attempts") };
    assert_eq!((&register.number, register.who.as_deref()), (&number(), Some("anna on host 3")));
    assert_eq!(
        (register.entry.id, register.entry.reserved, register.entry.settled),
        (first.id, hours(1), Some(hours(4)))
    );
    assert_eq!((register.entry.state, register.entry.code), (AttemptState::Rejected, Some(133_005.into())));
    assert_eq!(register.trace_id.as_deref(), Some("AbCdEf"));
    assert_eq!(
        (code.entry.state, code.entry.settled, code.entry.code, &code.trace_id),
        (AttemptState::Reserved, None, None, &None)
    );
}

fn all_numbers_are_looked_through_by_time(ledger: &impl Audit) {
    for (hour, number) in [(3, number()), (1, other_number()), (2, number()), (4, number())] {
        ledger.reserve(&number, &attempt(AttemptKind::Register), hours(hour)).unwrap();
    }
    let times = |from, to| -> Vec<_> {
        ledger
            .audit_all(hours(from).store..hours(to).store)
            .unwrap()
            .records
            .iter()
            .map(|record| record.entry.reserved)
            .collect()
    };
    assert_eq!(times(1, 4), [hours(3), hours(2), hours(1)], "the end is not part of it");
    assert_eq!(times(4, 9), [hours(4)]);
    assert_eq!(times(5, 9), []);
}

fn only_what_is_in_doubt_shows_as_such(ledger: &impl Audit) {
    for (hour, end) in
        (0..).zip([AttemptState::Confirmed, AttemptState::Unknown, AttemptState::Rejected, AttemptState::NotSent])
    {
        let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(hour)).unwrap();
        ledger.settle(&reservation, &state(end), hours(hour)).unwrap();
    }
    send(ledger, &other_number(), AttemptKind::Message, hours(9));
    ledger.reserve(&other_number(), &attempt(AttemptKind::Message), hours(10)).unwrap();
    let records = ledger.in_doubt().unwrap().records;
    assert_eq!(
        records.iter().map(|record| record.entry.state).collect::<Vec<_>>(),
        [AttemptState::Sent, AttemptState::Unknown]
    );
    assert!(records.iter().all(|record| record.entry.is_in_doubt()));
}

fn only_what_is_over_is_forgotten(ledger: &impl Audit) {
    // What was reserved at 0 h and answered at 30 h counts until 102 h.
    let late = send(ledger, &number(), AttemptKind::Register, hours(0));
    send(ledger, &number(), AttemptKind::Register, hours(1));
    send(ledger, &number(), AttemptKind::VerifyCode, hours(2));
    send(ledger, &number(), AttemptKind::Register, hours(3));
    ledger.settle(&late, &refusal(), hours(30)).unwrap();
    for hour in [2, 4] {
        send(ledger, &other_number(), AttemptKind::Register, hours(hour));
    }
    let left = |hour| ledger.load(&number(), hours(hour)).unwrap().left(AttemptKind::Register);

    assert_eq!(ledger.forget_before(hours(1_000).store, hours(5).store).unwrap(), 0, "all of it still counts");
    assert_eq!(ledger.forget_before(hours(1).store, hours(1_000).store).unwrap(), 0, "nothing was over before");
    assert_eq!(left(5), 7);
    assert_eq!(
        ledger.forget_before(hours(1_000).store, hours(80).store).unwrap(),
        2,
        "the one of 1 h, and of the other number that of 2 h"
    );
    assert_eq!(left(80), 9);
    assert_eq!(
        ledger.forget_before(hours(1_000).store, hours(1_000).store).unwrap(),
        1,
        "the one that was answered late"
    );
    let kept = ledger.audit(&number()).unwrap().records;
    assert_eq!(kinds(&kept), [AttemptKind::Register, AttemptKind::VerifyCode], "the latest of each kind");
    assert_eq!(ledger.audit(&other_number()).unwrap().records.len(), 1);
}

fn an_id_never_comes_back(ledger: &impl Audit) {
    let lost = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    ledger.settle(&lost, &state(AttemptState::NotSent), hours(0)).unwrap();
    assert_eq!(ledger.forget_before(hours(1_000).store, hours(1_000).store).unwrap(), 1);
    assert_eq!(grab(ledger, &number(), hours(1_000)), 10);
    ledger.settle(&lost, &state(AttemptState::NotSent), hours(1_000)).unwrap();
    assert_eq!(grab(ledger, &number(), hours(1_000)), 0, "an old reservation gave back another's attempt");
}

fn refusal() -> Settlement {
    let mut settlement = state(AttemptState::Rejected);
    settlement.code = Some(133_005.into());
    settlement.trace_id = Some("AbCdEf".to_owned());
    settlement
}

fn kinds(records: &[Record]) -> Vec<AttemptKind> {
    records.iter().map(|record| record.entry.kind).collect()
}
