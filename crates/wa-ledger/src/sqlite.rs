use std::{
    fs::OpenOptions,
    ops::Range,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{
    Connection, ErrorCode, OpenFlags, Row, ToSql, TransactionBehavior, params_from_iter, types::ToSqlOutput,
};
use wa_core::{
    Attempt, Timestamp,
    ledger::{Attempts, Ledger, LedgerError, Limit, Reservation, ReserveError, Settlement},
    types::PhoneNumberId,
};

use crate::{
    Audit, Record,
    failure::{Cause, Failure},
    rows::{self, Columns, Rows, Settings, Value},
};

mod schema;

/// A ledger in a file, for all threads and processes of one host. The caller's clock counts.
///
/// The file must be on a disk of this host: file systems over a network do not lock well enough.
#[derive(Debug)]
pub struct Sqlite {
    connection: Mutex<Connection>,
    file: String,
    settings: Settings,
}

impl Sqlite {
    /// Opens this file, or makes it, readable by its owner only.
    ///
    /// # Errors
    ///
    /// It cannot be opened, is no ledger, or was written by a newer version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        let file = format!("the file {}", path.display());
        match open(path) {
            Ok(connection) => Ok(Self { connection: Mutex::new(connection), file, settings: Settings::default() }),
            Err(cause) => Err(LedgerError::new("opening its file", Failure::new(&file, cause))),
        }
    }

    /// Counts so.
    #[must_use]
    pub fn limit(mut self, limit: Limit) -> Self {
        self.settings.limit = limit;
        self
    }

    /// Notes with each attempt who made it: a program, a person, a host.
    #[must_use]
    pub fn who(mut self, who: impl Into<String>) -> Self {
        self.settings.who = Some(who.into());
        self
    }

    fn read<R>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Open<'_>) -> Result<R, Cause>,
    ) -> Result<R, LedgerError> {
        self.transact(doing, TransactionBehavior::Deferred, work)
    }

    fn write<R>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Open<'_>) -> Result<R, Cause>,
    ) -> Result<R, LedgerError> {
        self.transact(doing, TransactionBehavior::Immediate, work)
    }

    fn transact<R>(
        &self,
        doing: &'static str,
        behavior: TransactionBehavior,
        work: impl FnOnce(&mut Open<'_>) -> Result<R, Cause>,
    ) -> Result<R, LedgerError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let run = || {
            let transaction = connection.transaction_with_behavior(behavior)?;
            let result = work(&mut Open(&transaction))?;
            transaction.commit()?;
            Ok(result)
        };
        run().map_err(|cause: Cause| LedgerError::new(doing, Failure::new(&self.file, cause)))
    }
}

impl Ledger for Sqlite {
    fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError> {
        self.read("reading the attempts of a number", |rows| self.settings.attempts(rows, number))
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: Attempt, now: Timestamp) -> Result<Reservation, ReserveError> {
        Ok(self.write("reserving an attempt", |rows| self.settings.reserve(rows, number, attempt, now))??)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Timestamp) -> Result<(), LedgerError> {
        self.write("noting an outcome", |rows| self.settings.settle(rows, reservation, settlement, now))
    }
}

impl Audit for Sqlite {
    fn audit(&self, number: &PhoneNumberId) -> Result<Vec<Record>, LedgerError> {
        self.read("reading the attempts of a number", |rows| rows::audit(rows, number))
    }

    fn audit_all(&self, reserved: Range<Timestamp>) -> Result<Vec<Record>, LedgerError> {
        self.read("reading the attempts of all numbers", |rows| rows::audit_all(rows, &reserved))
    }

    fn in_doubt(&self) -> Result<Vec<Record>, LedgerError> {
        self.read("reading the attempts in doubt", |rows| rows::in_doubt(rows))
    }

    fn forget_before(&self, before: Timestamp, now: Timestamp) -> Result<usize, LedgerError> {
        let numbers = self.read("looking for what is over", |rows| rows::numbers(rows, before))?;
        let forget =
            |number| self.write("forgetting what is over", |rows| self.settings.forget(rows, number, before, now));
        numbers.iter().map(forget).sum()
    }
}

/// An open transaction. One that writes has the whole file to itself.
struct Open<'a>(&'a Connection);

impl Rows for Open<'_> {
    fn hold(&mut self, _: &str) -> Result<(), Cause> {
        Ok(())
    }

    fn now(&mut self, of_caller: Timestamp) -> Result<Timestamp, Cause> {
        Ok(of_caller)
    }

    fn records(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<Record>, Cause> {
        let mut statement = self.0.prepare(statement)?;
        let columns = statement.query_map(params_from_iter(values), columns)?;
        columns.map(|columns| columns?.try_into()).collect()
    }

    fn integer(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Option<i64>, Cause> {
        let mut statement = self.0.prepare(statement)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let integer = rows.next()?.map_or(Ok(None), |row| row.get(0))?;
        // The statement is run to its end, which an insertion needs.
        while rows.next()?.is_some() {}
        Ok(integer)
    }

    fn change(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<(), Cause> {
        self.0.prepare(statement)?.execute(params_from_iter(values))?;
        Ok(())
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Integer(integer) => integer.to_sql(),
            Self::Text(text) => text.to_sql(),
        }
    }
}

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok(Columns {
        id: row.get(0)?,
        number: row.get(1)?,
        kind: row.get(2)?,
        reserved: row.get(3)?,
        settled: row.get(4)?,
        state: row.get(5)?,
        code: row.get(6)?,
        trace_id: row.get(7)?,
        who: row.get(8)?,
    })
}

fn open(path: &Path) -> Result<Connection, Cause> {
    // SQLite takes names such as `:memory:` for something else than a file, but no absolute path.
    let path = std::path::absolute(path)?;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(&path)?);

    let mut connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(TIMEOUT)?;
    schema::prepare(&mut connection)?;
    Ok(connection)
}

/// What to do about an error of SQLite.
pub(crate) fn advice(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds it: try again, and end what holds it for seconds"
        }
        Some(ErrorCode::DiskFull) => "the disk is full: make room",
        Some(ErrorCode::ReadOnly) => "it cannot be written: allow writing to it and to its folder",
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "it cannot be opened: check its folder and its permissions"
        }
        Some(ErrorCode::NotADatabase) => "it is no ledger: name another file",
        Some(ErrorCode::DatabaseCorrupt) => {
            "it is damaged: put a sound copy in its place, or a new one and wait 72 hours"
        }
        Some(ErrorCode::SystemIoFailure) => "the disk failed: check it",
        _ => "SQLite refused",
    }
}

/// For how long others may hold the file.
const TIMEOUT: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use std::{error::Error, iter};

    use super::*;

    fn chain(error: &(dyn Error + 'static)) -> String {
        let causes = iter::successors(Some(error), |error| (*error).source());
        causes.map(ToString::to_string).collect::<Vec<_>>().join(" <- ")
    }

    /// A ledger whose connection refuses to write while this is set, and what it says then.
    fn refuses(hinder: &str, help: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let number = PhoneNumberId::new("106540352242922").unwrap();
        let ledger = Sqlite::open(folder.path().join("ledger.db")).unwrap();
        let now = Timestamp::from_millis(1_700_000_000_000);
        ledger.reserve(&number, Attempt::Register, now).unwrap();

        let pragma = |text| ledger.connection.lock().unwrap().execute_batch(text).unwrap();
        pragma(hinder);
        let mut granted = 1;
        let error = loop {
            // Room may be left in the last page.
            match ledger.reserve(&number, Attempt::Message, now) {
                Ok(_) => granted += 1,
                Err(error) => break error,
            }
        };
        pragma(help);
        assert_eq!(ledger.attempts(&number).unwrap().entries().len(), granted, "what was refused is not there");
        ledger.reserve(&number, Attempt::Register, now).unwrap();
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
    fn a_file_that_another_holds_is_waited_for_and_then_grants_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let number = PhoneNumberId::new("106540352242922").unwrap();
        let (ledger, other) = (Sqlite::open(&path).unwrap(), Sqlite::open(&path).unwrap());
        ledger.connection.lock().unwrap().busy_timeout(Duration::from_millis(1)).unwrap();
        other.connection.lock().unwrap().execute_batch("BEGIN IMMEDIATE").unwrap();
        let error = ledger.reserve(&number, Attempt::Register, Timestamp::default()).unwrap_err();
        assert!(chain(&error).contains("another program holds it: try again"), "{}", chain(&error));
        assert!(ledger.attempts(&number).unwrap().entries().is_empty(), "reading goes on");
        other.connection.lock().unwrap().execute_batch("COMMIT").unwrap();
        ledger.reserve(&number, Attempt::Register, Timestamp::default()).unwrap();
    }

    #[test]
    fn a_commit_waits_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Sqlite::open(folder.path().join("ledger.db")).unwrap();
        let connection = ledger.connection.lock().unwrap();
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
        assert_eq!(pragma("synchronous").unwrap(), rusqlite::types::Value::Integer(2));
        assert_eq!(pragma("journal_mode").unwrap(), rusqlite::types::Value::Text("wal".to_owned()));
    }
}
