use std::{error::Error, iter};

use rusqlite::{Connection, types::Value};
use wa_core::{AttemptKind, Timestamp, types::PhoneNumberId};
use wa_life::ledger::{Attempt, Ledger as _, Moment};

use super::*;

fn number() -> PhoneNumberId {
    PhoneNumberId::new("106540352242922").unwrap()
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(" <- ")
}

/// Does something with the connection that writes.
fn with_writer<R>(ledger: &Sqlite, work: impl FnOnce(&Connection) -> R) -> R {
    let mut slot = ledger.owner.writers.borrow(Deadline::after(TIMEOUT)).unwrap();
    let connection = slot.take().unwrap();
    let result = work(&connection);
    slot.put(connection);
    result
}

/// A ledger whose connection refuses to write while this is set, and what it says then.
fn refuses(hinder: &str, help: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Sqlite::open(folder.path().join("ledger.db")).unwrap();
    let now = Moment::from(Timestamp::from_millis(1_700_000_000_000));
    ledger.reserve(&number(), &Attempt::new(AttemptKind::Register), now).unwrap();

    with_writer(&ledger, |connection| connection.execute_batch(hinder).unwrap());
    let mut granted = 1;
    let error = loop {
        // Room may be left in the last page.
        match ledger.reserve(&number(), &Attempt::new(AttemptKind::Message), now) {
            Ok(_) => granted += 1,
            Err(error) => break error,
        }
    };
    with_writer(&ledger, |connection| connection.execute_batch(help).unwrap());
    assert_eq!(ledger.load(&number(), now).unwrap().entries().len(), granted, "what was refused is not there");
    ledger.reserve(&number(), &Attempt::new(AttemptKind::Register), now).unwrap();
    chain(&error)
}

#[test]
fn a_full_disk_grants_nothing() {
    let error = refuses("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000");
    assert!(error.starts_with("the ledger of attempts failed at reserving an attempt: nothing is sent"), "{error}");
    assert!(error.contains("ledger.db: the disk is full: make room <- "), "{error}");
    assert!(error.ends_with("database or disk is full"), "{error}");
}

#[test]
fn a_file_that_cannot_be_written_grants_nothing() {
    let error = refuses("PRAGMA query_only = ON", "PRAGMA query_only = OFF");
    assert!(error.contains("ledger.db: it cannot be written: allow writing to it and to its folder"), "{error}");
    assert!(error.ends_with("attempt to write a readonly database"), "{error}");
}

#[test]
fn a_commit_waits_for_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Sqlite::open(folder.path().join("ledger.db")).unwrap();
    ledger.reserve(&number(), &Attempt::new(AttemptKind::Register), Moment::default()).unwrap();
    with_writer(&ledger, |connection| {
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, Value>(0));
        assert_eq!(pragma("synchronous").unwrap(), Value::Integer(2));
        assert_eq!(pragma("journal_mode").unwrap(), Value::Text("wal".to_owned()));
    });
}

#[test]
fn what_is_in_doubt_is_found_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Sqlite::open(folder.path().join("ledger.db")).unwrap();
    ledger.reserve(&number(), &Attempt::new(AttemptKind::Register), Moment::default()).unwrap();
    let explain = format!("EXPLAIN QUERY PLAN {}", crate::rows::IN_DOUBT);
    let plan: String = with_writer(&ledger, |connection| connection.query_row(&explain, (), |row| row.get(3)).unwrap());
    assert!(plan.contains("USING INDEX wa_ledger_attempt_in_doubt"), "{plan}");
}
