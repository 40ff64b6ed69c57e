//! What can be wrong with a file.

use std::{fs, path::Path};

use rusqlite::Connection;
use wa_core::{
    Attempt,
    ledger::{Ledger, Limit},
};
use wa_ledger::{Audit, Sqlite};

use crate::support::{File, Place, chain, grab, hours, number};

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
    ledger.reserve(&number(), Attempt::Register, hours(0)).unwrap();
    // The write-ahead log is there, and a copy of both files as they lie holds the attempt.
    let copy = tempfile::tempdir().unwrap();
    for end in ["", "-wal"] {
        fs::copy(file.path() + end, copy.path().join("ledger.db".to_owned() + end)).unwrap();
    }
    assert_eq!(File(copy).open(Limit::default()).audit(&number()).unwrap().records.len(), 1);
}

#[cfg(unix)]
#[test]
fn its_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let file = File::new().unwrap();
    let ledger = file.open(Limit::default());
    ledger.reserve(&number(), Attempt::Register, hours(0)).unwrap();
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
    for name in ["file:ledger?mode=memory", "ledger #1?.db"] {
        let path = folder.path().join(name);
        Sqlite::open(&path).unwrap().reserve(&number(), Attempt::Register, hours(0)).unwrap();
        assert_eq!(Sqlite::open(&path).unwrap().audit(&number()).unwrap().records.len(), 1, "{name}");
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
    Connection::open(file.path()).unwrap().pragma_update(None, "user_version", 2).unwrap();
    assert!(refusal(file.path()).contains("a newer version of this program wrote it: update this one"));
}

#[test]
fn a_damaged_ledger_grants_nothing() {
    let file = File::new().unwrap();
    assert_eq!(grab(&file.open(Limit::default()), &number(), hours(0)), 10);
    // All but the first page, which says that it is a ledger.
    let mut bytes = fs::read(file.path()).unwrap();
    bytes[4_096..].fill(0xA5);
    fs::write(file.path(), bytes).unwrap();
    let ledger = file.open(Limit::default());
    let error = ledger.reserve(&number(), Attempt::Register, hours(0)).unwrap_err();
    assert!(chain(&error).contains("it is damaged: put a sound copy in its place"), "{}", chain(&error));
    assert!(chain(&error).ends_with("database disk image is malformed"), "{}", chain(&error));
}

#[test]
fn rows_that_nobody_can_have_written_grant_nothing() {
    for (change, text) in [
        ("UPDATE wa_ledger_attempt SET reserved = -1", "it holds what this program cannot have written"),
        (
            "UPDATE wa_ledger_attempt SET kind = 'teleport'",
            "a kind of attempt that is not known here: update this program",
        ),
    ] {
        let file = File::new().unwrap();
        let ledger = file.open(Limit::default());
        ledger.reserve(&number(), Attempt::Register, hours(0)).unwrap();
        Connection::open(file.path()).unwrap().execute_batch(change).unwrap();
        let error = ledger.reserve(&number(), Attempt::Register, hours(0)).unwrap_err();
        assert!(chain(&error).contains(text), "{}", chain(&error));
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none/ledger.db");
    let refused = refusal(&path);
    assert!(refused.starts_with("the ledger of attempts failed at opening its file"), "{refused}");
    assert!(refused.contains(&format!("the file {}: the file cannot be opened or made", path.display())), "{refused}");
}
