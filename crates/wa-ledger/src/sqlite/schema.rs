use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use crate::{deadline::Deadline, failure::Cause};

/// Makes a file a ledger of the present version, and sure to last.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), Cause> {
    // Before anything is written: it may be another program's.
    version(&connection.transaction()?, MIGRATIONS)?;
    check(connection, CHECK_TIME)?;
    configure(connection)?;
    keep_log(connection)?;
    migrate(connection, MIGRATIONS)
}

/// Makes a commit wait until it is on the disk.
pub(super) fn configure(connection: &Connection) -> Result<(), Cause> {
    Ok(connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;")?)
}

/// Looks for damage, in the tables and in their indexes, for so long at most.
fn check(connection: &Connection, time: Duration) -> Result<(), Cause> {
    let deadline = Deadline::after(time);
    connection.progress_handler(STEPS, Some(move || deadline.left().is_zero()))?;
    let finding = connection.query_row("PRAGMA integrity_check(1)", (), |row| row.get::<_, String>(0));
    connection.progress_handler(0, None::<fn() -> bool>)?;
    match finding {
        Ok(finding) if finding == "ok" => Ok(()),
        Ok(_) => Err(Cause::Content(DAMAGED)),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Turns on the write-ahead log, in which a reader stops no writer.
fn keep_log(connection: &mut Connection) -> Result<(), Cause> {
    for _ in 0..TRIES {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0)) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => return Err(NO_LOG),
            // Another process is about to do the same: SQLite does not wait for it here, but it does for a transaction.
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?.rollback()?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(NO_LOG)
}

/// Brings the tables to the version that the migrations lead to, one after the other.
fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), Cause> {
    if version(&connection.transaction()?, migrations)? == migrations.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Again, now that nobody else can do it meanwhile.
    for migration in migrations.iter().skip(version(&transaction, migrations)?) {
        transaction.execute_batch(migration)?;
    }
    let identity = format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {};", migrations.len());
    transaction.execute_batch(&identity)?;
    Ok(transaction.commit()?)
}

/// How many of the migrations the file has seen: none if it is empty. Others may be at it, so this takes a transaction.
fn version(connection: &Transaction<'_>, migrations: &[&str]) -> Result<usize, Cause> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    match usize::try_from(version) {
        Ok(0) if application == 0 && tables == 0 => Ok(0),
        Ok(version) if application == APPLICATION && version <= migrations.len() => Ok(version),
        _ if application == APPLICATION => Err(NEWER),
        _ => Err(FOREIGN),
    }
}

/// "waLG": by this a file says whose it is.
const APPLICATION: i32 = 0x7761_4c47;

/// How often another process may get in the way of turning on the log.
const TRIES: usize = 100;

/// How long opening may look for damage. A file of 100 MB takes about as long.
const CHECK_TIME: Duration = Duration::from_secs(2);

/// How many instructions of its virtual machine SQLite runs between two looks at the clock.
const STEPS: i32 = 10_000;

pub(super) const DAMAGED: &str = "it is damaged: put a sound copy in its place, or a new one and wait 72 hours";
const NEWER: Cause = Cause::Content("a newer version of this program wrote it: update this one");
const FOREIGN: Cause = Cause::Content("it belongs to another program: name another file");
const NO_LOG: Cause = Cause::Content("a write-ahead log is not possible there: choose a folder on a disk of this host");

/// Never changed, only added to.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE wa_ledger_number (number TEXT PRIMARY KEY, locked_until INTEGER) STRICT;
    -- AUTOINCREMENT: an id that was forgotten never comes back, so that no old reservation settles another's attempt.
    CREATE TABLE wa_ledger_attempt (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        number TEXT NOT NULL,
        kind TEXT NOT NULL,
        reserved INTEGER NOT NULL,
        settled INTEGER,
        fate TEXT NOT NULL,
        code INTEGER,
        trace_id TEXT,
        who TEXT
    ) STRICT;
    CREATE INDEX wa_ledger_attempt_number ON wa_ledger_attempt (number, id);
    CREATE INDEX wa_ledger_attempt_reserved ON wa_ledger_attempt (reserved);
"];

#[cfg(test)]
mod tests {
    use super::*;

    fn version_of(connection: &Connection) -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_empty_file_becomes_a_ledger_and_a_ledger_stays_one() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!(version_of(&connection), 0);
        for _ in 0..2 {
            migrate(&mut connection, MIGRATIONS).unwrap();
            assert_eq!(version_of(&connection), 1);
        }
    }

    #[test]
    fn only_the_missing_migrations_run_and_rows_survive_them() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        connection.execute("INSERT INTO wa_ledger_number VALUES ('106540352242922', 5)", ()).unwrap();
        let next = [MIGRATIONS[0], "ALTER TABLE wa_ledger_number ADD COLUMN note TEXT NOT NULL DEFAULT 'none'"];
        migrate(&mut connection, &next).unwrap();
        let row = connection.query_row("SELECT number || locked_until || note FROM wa_ledger_number", (), |row| {
            row.get::<_, String>(0)
        });
        assert_eq!((version_of(&connection), row.unwrap().as_str()), (2, "1065403522429225none"));
        assert!(matches!(migrate(&mut connection, MIGRATIONS), Err(Cause::Content(text)) if text.contains("newer")));
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(migrate(&mut connection, &[MIGRATIONS[0], "CREATE TABLE wa_ledger_number (number TEXT)"]).is_err());
        assert_eq!(version(&connection.transaction().unwrap(), MIGRATIONS).unwrap(), 0);
    }
}
