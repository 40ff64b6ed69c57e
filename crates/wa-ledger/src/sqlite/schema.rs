use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use crate::{
    deadline::Deadline,
    failure::Cause,
    migration::{Found, Migration, newest},
};

/// Makes a file a ledger of the present version, and sure to last.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), Cause> {
    // Before anything is written: it may be another program's.
    find(&connection.transaction()?, MIGRATIONS)?;
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
fn migrate(connection: &mut Connection, migrations: &[Migration]) -> Result<(), Cause> {
    if find(&connection.transaction()?, migrations)? == Found::Usable {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Again, now that nobody else can do it meanwhile.
    let Found::Older(seen) = find(&transaction, migrations)? else {
        return Ok(());
    };
    for migration in migrations.iter().skip(seen) {
        transaction.execute_batch(migration.statements)?;
    }
    let (version, oldest_user) = newest(migrations);
    transaction.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {version};"))?;
    if version >= VERSION_WITH_OLDEST_USER {
        transaction
            .execute("UPDATE wa_ledger SET oldest_user = ?1", [i64::try_from(oldest_user).unwrap_or(i64::MAX)])?;
    }
    Ok(transaction.commit()?)
}

/// Looks at what the file holds. Others may be changing it, so this takes a transaction.
fn find(connection: &Transaction<'_>, migrations: &[Migration]) -> Result<Found, Cause> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    let version = usize::try_from(version).map_err(|_| FOREIGN)?;
    if application != APPLICATION {
        return if application == 0 && version == 0 && tables == 0 { Ok(Found::Older(0)) } else { Err(FOREIGN) };
    }
    let oldest_user = match version > migrations.len() {
        // A table that cannot be read is none that this program may use.
        true => connection.query_row("SELECT oldest_user FROM wa_ledger", (), |row| row.get::<_, i64>(0)).ok(),
        false => None,
    };
    Found::new(version, oldest_user.and_then(|oldest| usize::try_from(oldest).ok()), migrations)
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
const FOREIGN: Cause = Cause::Content("it belongs to another program: name another file");
const NO_LOG: Cause = Cause::Content("a write-ahead log is not possible there: choose a folder on a disk of this host");

/// Since this version the tables say which programs may use them.
const VERSION_WITH_OLDEST_USER: usize = 2;

const MIGRATIONS: &[Migration] = &[
    Migration {
        statements: "
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
        ",
        oldest_user: 1,
    },
    Migration {
        statements: "
            CREATE TABLE wa_ledger (oldest_user INTEGER NOT NULL) STRICT;
            INSERT INTO wa_ledger VALUES (2);
            ALTER TABLE wa_ledger_attempt RENAME COLUMN fate TO state;
            ALTER TABLE wa_ledger_attempt ADD COLUMN counted INTEGER;
            ALTER TABLE wa_ledger_attempt ADD COLUMN reserved_by_service INTEGER;
            ALTER TABLE wa_ledger_attempt ADD COLUMN settled_by_service INTEGER;
            ALTER TABLE wa_ledger_attempt ADD COLUMN display_name TEXT;
            UPDATE wa_ledger_attempt SET state = 'sent' WHERE state = 'open';
            -- A lock is now what an attempt was told, and has one code: 72 hours are 259,200,000 milliseconds.
            UPDATE wa_ledger_attempt SET code = 133016 WHERE code = 4 AND state = 'rejected' AND EXISTS (
                SELECT 1 FROM wa_ledger_number
                WHERE number = wa_ledger_attempt.number AND locked_until >= settled + 259200000
            );
            DROP TABLE wa_ledger_number;
            CREATE INDEX wa_ledger_attempt_in_doubt ON wa_ledger_attempt (id)
                WHERE state NOT IN ('reserved', 'confirmed', 'rejected', 'not_sent');
        ",
        oldest_user: 2,
    },
    Migration {
        statements: "
            CREATE TABLE wa_ledger_event (
                event TEXT PRIMARY KEY,
                token INTEGER NOT NULL,
                until INTEGER NOT NULL,
                done INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX wa_ledger_event_until ON wa_ledger_event (until);
        ",
        oldest_user: 2,
    },
];

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
            assert_eq!(version_of(&connection), 3);
        }
    }

    #[test]
    fn the_rows_of_the_first_version_are_kept() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &MIGRATIONS[..1]).unwrap();
        let rows = "
            INSERT INTO wa_ledger_number VALUES ('1', 259300000), ('2', NULL);
            INSERT INTO wa_ledger_attempt (number, kind, reserved, settled, fate, code) VALUES
                ('1', 'register', 50, NULL, 'open', NULL),
                ('1', 'register', 60, 100000, 'rejected', 4),
                ('2', 'register', 70, 80, 'rejected', 4);
        ";
        connection.execute_batch(rows).unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        let mut statement = connection.prepare("SELECT state, code FROM wa_ledger_attempt ORDER BY id").unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let rows: Vec<(String, Option<i64>)> = statement.query_map((), row).unwrap().map(Result::unwrap).collect();
        let expected = [("sent", None), ("rejected", Some(133_016)), ("rejected", Some(4))]
            .map(|(state, code)| (state.to_owned(), code));
        assert_eq!(rows, expected, "only the number that the service had locked stays locked");
    }

    #[test]
    fn an_older_program_uses_what_a_newer_one_has_added_to() {
        for (oldest_user, is_usable) in [(2, true), (3, true), (4, false)] {
            let mut connection = Connection::open_in_memory().unwrap();
            let [first, second, third] = MIGRATIONS else { panic!("this test knows three migrations") };
            let fourth = Migration { statements: "ALTER TABLE wa_ledger_attempt ADD COLUMN note TEXT", oldest_user };
            let [first, second, third] =
                [first, second, third].map(|known| Migration { statements: known.statements, ..*known });
            migrate(&mut connection, &[first, second, third, fourth]).unwrap();
            assert_eq!(migrate(&mut connection, MIGRATIONS).is_ok(), is_usable);
            assert_eq!(version_of(&connection), 4, "it is left as it is");
        }
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        let broken = Migration { statements: "CREATE TABLE wa_ledger_number (number TEXT)", oldest_user: 1 };
        let first = Migration { statements: MIGRATIONS[0].statements, oldest_user: 1 };
        assert!(migrate(&mut connection, &[first, broken]).is_err());
        assert_eq!(find(&connection.transaction().unwrap(), MIGRATIONS).unwrap(), Found::Older(0));
    }
}
