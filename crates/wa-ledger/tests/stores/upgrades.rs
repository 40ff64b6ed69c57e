//! Ledgers as the first version wrote them.

use rusqlite::Connection;
use wa_core::AttemptKind;
use wa_ledger::Audit;
use wa_life::ledger::{AttemptState, Limit};

use crate::support::{File, Place, attempt, chain, hours, number, other_number, send};

#[test]
fn a_file_of_the_first_version_is_brought_up_to_date() {
    let file = File::new().unwrap();
    let connection = Connection::open(file.path()).unwrap();
    let tables = format!(
        "CREATE TABLE wa_ledger_number (number TEXT PRIMARY KEY, locked_until INTEGER) STRICT;
         CREATE TABLE wa_ledger_attempt (
             id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL, kind TEXT NOT NULL, reserved INTEGER NOT NULL,
             settled INTEGER, fate TEXT NOT NULL, code INTEGER, trace_id TEXT, who TEXT
         ) STRICT;
         CREATE INDEX wa_ledger_attempt_number ON wa_ledger_attempt (number, id);
         CREATE INDEX wa_ledger_attempt_reserved ON wa_ledger_attempt (reserved);
         PRAGMA application_id = {}; PRAGMA user_version = 1; {}",
        0x7761_4c47,
        rows()
    );
    connection.execute_batch(&tables).unwrap();
    drop(connection);
    shows_what_was_there(&file.open(Limit::default()));
    // A program of the first version would say that a newer one was here.
    assert!(Connection::open(file.path()).unwrap().execute("UPDATE wa_ledger_attempt SET fate = 'x'", ()).is_err());
}

#[cfg(feature = "postgres")]
#[test]
fn a_database_of_the_first_version_is_brought_up_to_date() {
    let Some(database) = crate::support::Database::new() else { return };
    let tables = format!(
        "CREATE TABLE wa_ledger (version bigint NOT NULL); INSERT INTO wa_ledger VALUES (1);
         CREATE TABLE wa_ledger_number (number text PRIMARY KEY, locked_until bigint);
         CREATE TABLE wa_ledger_attempt (
             id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text NOT NULL, kind text NOT NULL,
             reserved bigint NOT NULL, settled bigint, fate text NOT NULL, code bigint, trace_id text, who text
         );
         CREATE INDEX wa_ledger_attempt_number ON wa_ledger_attempt (number, id);
         CREATE INDEX wa_ledger_attempt_reserved ON wa_ledger_attempt (reserved); {}",
        rows()
    );
    database.client().batch_execute(&tables).unwrap();
    shows_what_was_there(&database.open(Limit::default()));
}

/// One number with an open and a confirmed attempt, and one that the service had locked: with code 4, which is more often
/// the hourly budget of the app.
fn rows() -> String {
    let at = |hour| hours(hour).store.as_millis();
    format!(
        "INSERT INTO wa_ledger_number VALUES ('{}', NULL), ('{}', {});
         INSERT INTO wa_ledger_attempt (number, kind, reserved, settled, fate, code, trace_id, who) VALUES
             ('{0}', 'register', {}, {3}, 'confirmed', NULL, NULL, 'anna'),
             ('{0}', 'register', {}, NULL, 'open', NULL, NULL, 'anna'),
             ('{0}', 'message', {4}, {4}, 'rejected', 4, 'AbC', NULL),
             ('{1}', 'register', {4}, {5}, 'rejected', 4, NULL, NULL);",
        number(),
        other_number(),
        at(2 + 72) + 300_000,
        at(0),
        at(1),
        at(2),
    )
}

fn shows_what_was_there(ledger: &impl Audit) {
    let attempts = ledger.load(&number(), hours(3)).unwrap();
    let [confirmed, open, message] = attempts.entries() else { panic!("three attempts: {attempts:?}") };
    assert_eq!((confirmed.state, confirmed.settled), (AttemptState::Confirmed, Some(hours(0))));
    assert_eq!((open.state, open.reserved, open.settled), (AttemptState::Sent, hours(1), None));
    assert_eq!((message.state, message.code), (AttemptState::Rejected, Some(4.into())));
    assert_eq!((attempts.left(AttemptKind::Register), attempts.is_locked()), (8, false));
    let records = ledger.audit(&number()).unwrap().records;
    assert_eq!((records[0].trace_id.as_deref(), records[2].who.as_deref()), (Some("AbC"), Some("anna")));
    assert_eq!(ledger.in_doubt().unwrap().records.len(), 1);

    let refused = ledger.reserve(&other_number(), &attempt(AttemptKind::Register), hours(3)).unwrap_err();
    assert!(chain(&refused).contains("the service has locked the number"), "{}", chain(&refused));
    send(ledger, &number(), AttemptKind::Register, hours(3));
}
