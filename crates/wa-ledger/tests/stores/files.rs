//! What can be wrong with a file.

use std::{fs, path::Path, process::Command};

use rusqlite::Connection;
use wa_core::AttemptKind;
use wa_ledger::{Audit, Sqlite};
use wa_life::ledger::{Ledger, Limit};

use crate::support::{File, Place, attempt, chain, grab, hours, number, other_number};

fn refusal(path: impl AsRef<Path>) -> String {
    chain(&Sqlite::open(path).expect_err("it should not be opened"))
}

#[test]
fn a_ledger_remembers() {
    let file = File::new().unwrap();
    let limit = Limit::default();
    assert_eq!(grab(&file.open(limit), &number(), hours(0)), 10);
    assert_eq!(grab(&file.open(limit), &number(), hours(1)), 0);
    assert_eq!(file.open(limit).audit(&number()).unwrap().records.len(), 10);
}

#[test]
fn a_commit_is_on_the_disk() {
    let file = File::new().unwrap();
    let ledger = file.open(Limit::default());
    ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    // The write-ahead log is there, and a copy of both files as they lie holds the attempt. It is made by another process:
    // this one would give up its locks.
    let copy = tempfile::tempdir().unwrap();
    for end in ["", "-wal"] {
        let status = Command::new("cp").arg(file.path() + end).arg(copy.path()).status().unwrap();
        assert!(status.success());
    }
    assert_eq!(File(copy).open(Limit::default()).audit(&number()).unwrap().records.len(), 1);
}

#[cfg(unix)]
#[test]
fn its_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let file = File::new().unwrap();
    let ledger = file.open(Limit::default());
    ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    for end in ["", "-wal", "-shm"] {
        let mode = fs::metadata(file.path() + end).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{end}");
    }
}

#[test]
fn an_empty_file_becomes_a_ledger() {
    let file = File::new().unwrap();
    fs::write(file.path(), "").unwrap();
    assert_eq!(grab(&file.open(Limit::default()), &number(), hours(0)), 10);
}

#[test]
fn a_name_with_a_meaning_to_sqlite_is_a_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["file:ledger?mode=memory", ":memory:", "ledger #1?.db"] {
        let path = folder.path().join(name);
        Sqlite::open(&path).unwrap().reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
        assert_eq!(Sqlite::open(&path).unwrap().audit(&number()).unwrap().records.len(), 1, "{name}");
    }
}

#[test]
fn a_name_that_is_no_path_is_refused() {
    for name in ["", ":memory:", "file:ledger.db?mode=memory", "file::memory:?cache=shared"] {
        let refused = refusal(name);
        assert!(refused.contains("this is not the path of a file: give a plain path, or use"), "{name}: {refused}");
    }
}

#[test]
fn what_is_no_ledger_is_refused_and_left_alone() {
    let file = File::new().unwrap();
    let text = "pin,number\n".repeat(100);
    fs::write(file.path(), &text).unwrap();
    let refused = refusal(file.path());
    assert!(refused.contains(&format!("the file {}: it is no ledger: name another file", file.path())), "{refused}");
    assert!(refused.ends_with("file is not a database"), "{refused}");
    assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    let file = File::new().unwrap();
    Connection::open(file.path()).unwrap().execute_batch("CREATE TABLE songs (title TEXT)").unwrap();
    let before = fs::read(file.path()).unwrap();
    assert!(refusal(file.path()).contains("it belongs to another program: name another file"));
    assert_eq!(fs::read(file.path()).unwrap(), before);
}

#[test]
fn a_ledger_of_a_newer_version_is_refused() {
    let file = File::new().unwrap();
    drop(file.open(Limit::default()));
    let change = "PRAGMA user_version = 99; UPDATE wa_ledger SET oldest_user = 99";
    Connection::open(file.path()).unwrap().execute_batch(change).unwrap();
    let refused = refusal(file.path());
    assert!(refused.contains("a newer version, which this one does not understand, changed it"), "{refused}");
}

/// As in a deployment in which the new version comes to one host after the other.
#[test]
fn a_ledger_of_a_newer_version_that_only_added_to_it_is_used() {
    let file = File::new().unwrap();
    drop(file.open(Limit::default()));
    let change = "ALTER TABLE wa_ledger_attempt ADD COLUMN note TEXT; PRAGMA user_version = 99";
    Connection::open(file.path()).unwrap().execute_batch(change).unwrap();
    assert_eq!(grab(&file.open(Limit::default()), &number(), hours(0)), 10);
}

#[test]
fn a_damaged_ledger_is_not_opened() {
    let file = File::new().unwrap();
    assert_eq!(grab(&file.open(Limit::default()), &number(), hours(0)), 10);
    // All but the first page, which says that it is a ledger. No handle is open by now.
    let mut bytes = fs::read(file.path()).unwrap();
    bytes[4_096..].fill(0xA5);
    fs::write(file.path(), bytes).unwrap();
    let refused = refusal(file.path());
    assert!(refused.contains("it is damaged: put a sound copy in its place"), "{refused}");
}

/// By such an index, four of ten attempts would be found, and six more granted.
#[test]
fn an_index_that_lacks_rows_is_not_trusted() {
    let file = File::new().unwrap();
    assert_eq!(grab(&file.open(Limit::default()), &number(), hours(0)), 10);
    let damage = "
        CREATE TEMP TABLE kept AS SELECT * FROM wa_ledger_attempt;
        PRAGMA writable_schema = ON;
        CREATE TABLE sound AS SELECT sql FROM sqlite_schema WHERE name = 'wa_ledger_attempt_number';
        UPDATE sqlite_schema SET sql = sql || ' WHERE id < 5' WHERE name = 'wa_ledger_attempt_number';
    ";
    let connection = Connection::open(file.path()).unwrap();
    connection.execute_batch(damage).unwrap();
    drop(connection);
    let connection = Connection::open(file.path()).unwrap();
    let repair = "
        REINDEX wa_ledger_attempt_number;
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = (SELECT sql FROM sound) WHERE name = 'wa_ledger_attempt_number';
        DROP TABLE sound;
    ";
    connection.execute_batch(repair).unwrap();
    drop(connection);
    assert!(refusal(file.path()).contains("it is damaged"));
}

#[test]
fn a_row_that_nobody_can_have_written_costs_its_own_number_only() {
    for damage in [
        "reserved = -1",
        "settled = -1, state = 'confirmed'",
        "who = CAST(x'ff' AS TEXT)",
        "number = CAST(x'31ff' AS TEXT)",
    ] {
        let file = File::new().unwrap();
        let ledger = file.open(Limit::default());
        for (number, hour) in [(number(), 0), (other_number(), 1)] {
            let reservation = ledger.reserve(&number, &attempt(AttemptKind::Register), hours(hour)).unwrap();
            ledger.mark_sent(&reservation, hours(hour)).unwrap();
        }
        let change = format!("UPDATE wa_ledger_attempt SET {damage} WHERE id = 1");
        Connection::open(file.path()).unwrap().execute_batch(&change).unwrap();

        if !damage.starts_with("number") {
            let error = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(2)).unwrap_err();
            assert!(
                chain(&error).contains("a row of this number holds what no program can have written"),
                "{}",
                chain(&error)
            );
        }
        ledger.reserve(&other_number(), &attempt(AttemptKind::Register), hours(2)).unwrap();
        let listing = ledger.audit_all(hours(0).store..hours(9).store).unwrap();
        let is_found_by_time = damage != "reserved = -1";
        assert_eq!((listing.records.len(), listing.unreadable.len()), (2, usize::from(is_found_by_time)), "{damage}");
        let doubt = ledger.in_doubt().unwrap();
        assert_eq!(doubt.records.len(), 1, "{damage}: the other number shows");
        assert!(doubt.unreadable.iter().all(|row| row.id == Some(1)));
        assert_eq!(
            ledger.forget_before(hours(0).store, hours(9).store).is_err(),
            damage.starts_with("reserved"),
            "{damage}"
        );
    }
}

#[test]
fn dates_at_the_end_of_time_are_no_panic() {
    for damage in [
        "reserved = 9223372036854775807",
        "settled = 9223372036854775807",
        "reserved_by_service = 9223372036854775807",
        "settled = 0, settled_by_service = 9223372036854775807",
        "id = 9223372036854775806",
    ] {
        let file = File::new().unwrap();
        let ledger = file.open(Limit::default());
        ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
        let change = format!("UPDATE wa_ledger_attempt SET {damage}");
        Connection::open(file.path()).unwrap().execute_batch(&change).unwrap();
        let attempts = ledger.load(&number(), hours(1)).unwrap();
        assert_eq!(attempts.left(AttemptKind::Register), 9, "{damage}");
        assert!(attempts.wait(AttemptKind::Register, 10).is_some(), "{damage}");
        assert_eq!(ledger.audit(&number()).unwrap().records.len(), 1, "{damage}");
        ledger.forget_before(hours(2).store, hours(2).store).unwrap();
        ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(1)).unwrap();
    }
}

/// In a rolling deployment, the other hosts have the old version for a while.
#[test]
fn a_kind_that_a_newer_version_wrote_costs_nobody_the_number() {
    for (counted, left) in [("1", 8), ("0", 9), ("NULL", 8)] {
        let file = File::new().unwrap();
        let ledger = file.open(Limit::default());
        ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
        let insert = format!(
            "INSERT INTO wa_ledger_attempt (number, kind, counted, state, reserved)
             SELECT number, 'teleport', {counted}, 'beamed', reserved FROM wa_ledger_attempt"
        );
        Connection::open(file.path()).unwrap().execute_batch(&insert).unwrap();
        let attempts = ledger.load(&number(), hours(1)).unwrap();
        assert_eq!(attempts.left(AttemptKind::Register), left, "counted: {counted}");
        assert_eq!(attempts.entries()[1].kind, AttemptKind::Other);
        assert_eq!(ledger.audit(&number()).unwrap().records.len(), 2);
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none/ledger.db");
    let refused = refusal(&path);
    assert!(refused.starts_with("the ledger of attempts failed at opening its file"), "{refused}");
    assert!(
        refused.contains(&format!(
            "the file {}: it cannot be found or made: check that its folder exists",
            path.display()
        )),
        "{refused}"
    );
}
