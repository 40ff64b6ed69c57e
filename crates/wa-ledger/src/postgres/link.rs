use std::{collections::BTreeMap, time::Duration};

use tokio_postgres::{Row, Statement, types::ToSql};
use wa_core::Timestamp;

use super::connection::{Connection, wait};
use crate::{
    Record, Unreadable,
    deadline::Deadline,
    failure::Cause,
    rows::{Columns, Rows, Value, moment},
};

/// A connection, set up for the ledger.
pub(super) struct Link {
    connection: Connection,
    statements: BTreeMap<&'static str, Statement>,
}

impl Link {
    /// `timeout` is how long a transaction may take: the server is told to give up as well.
    pub(super) fn new(connection: Connection, timeout: Duration, deadline: Deadline) -> Result<Self, Cause> {
        let mut link = Self { connection, statements: BTreeMap::new() };
        // Zero would turn the limits off.
        let whole = timeout.as_millis().clamp(2, i32::MAX.unsigned_abs().into());
        let half = whole / 2;
        let session = format!(
            "{DURABLE}; SET lock_timeout = {half}; SET statement_timeout = {whole}; \
             SET idle_in_transaction_session_timeout = {whole}"
        );
        link.until(deadline).batch(&session)?;
        Ok(link)
    }

    /// The connection, for use until this deadline.
    pub(super) fn until(&mut self, deadline: Deadline) -> Session<'_> {
        Session { link: self, deadline }
    }
}

/// The use of a connection until a deadline.
pub(super) struct Session<'a> {
    link: &'a mut Link,
    deadline: Deadline,
}

impl Session<'_> {
    pub(super) fn begin_read(&mut self) -> Result<(), Cause> {
        self.batch("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    }

    pub(super) fn begin_write(&mut self) -> Result<(), Cause> {
        // Whoever gets hold of a number must see what the one before did: this needs "read committed".
        self.batch("BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE")
    }

    /// Lets nobody else change this number until the transaction ends.
    pub(super) fn hold(&mut self, number: &str) -> Result<(), Cause> {
        if self.query(HOLD, &[number.into()])?.is_empty() {
            self.query(ADD, &[number.into()])?;
            self.query(HOLD, &[number.into()])?;
        }
        Ok(())
    }

    pub(super) fn commit(&mut self) -> Result<(), Cause> {
        self.batch("COMMIT")
    }

    pub(super) fn roll_back(&mut self) -> Result<(), Cause> {
        self.batch("ROLLBACK")
    }

    pub(super) fn batch(&mut self, statements: &str) -> Result<(), Cause> {
        Ok(wait(self.link.connection.client().batch_execute(statements), self.deadline)??)
    }

    pub(super) fn integer(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Option<i64>, Cause> {
        let rows = self.query(statement, values)?;
        Ok(rows.first().map(|row| row.try_get(0)).transpose()?.flatten())
    }

    fn query(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, Cause> {
        let client = self.link.connection.client();
        if !self.link.statements.contains_key(statement) {
            self.link.statements.insert(statement, wait(client.prepare(statement), self.deadline)??);
        }
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(Value::as_sql).collect();
        Ok(wait(client.query(&self.link.statements[statement], &values), self.deadline)??)
    }
}

/// An open transaction.
pub(super) struct Open<'a> {
    pub(super) session: Session<'a>,
    pub(super) trusts_caller: bool,
}

impl Rows for Open<'_> {
    fn now(&mut self, of_caller: Timestamp) -> Result<Timestamp, Cause> {
        if self.trusts_caller {
            return Ok(of_caller);
        }
        self.session.integer(NOW, &[])?.map_or(Ok(of_caller), moment)
    }

    fn records(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Result<Record, Unreadable>>, Cause> {
        let record = |row: &Row| {
            let unreadable = |_| Unreadable { id: row.try_get(0).ok(), number: row.try_get(1).ok() };
            columns(row).map_err(unreadable).and_then(Columns::into_record)
        };
        Ok(self.session.query(statement, values)?.iter().map(record).collect())
    }

    fn texts(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<String>, Cause> {
        Ok(self.session.query(statement, values)?.iter().filter_map(|row| row.try_get(0).ok()).collect())
    }

    fn integer(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Option<i64>, Cause> {
        self.session.integer(statement, values)
    }

    fn change(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<(), Cause> {
        self.session.query(statement, values)?;
        Ok(())
    }
}

impl Value<'_> {
    fn as_sql(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Integer(integer) => integer,
            Self::Text(text) => text,
        }
    }
}

fn columns(row: &Row) -> Result<Columns, tokio_postgres::Error> {
    Ok(Columns {
        id: row.try_get(0)?,
        number: row.try_get(1)?,
        kind: row.try_get(2)?,
        counted: row.try_get(3)?,
        state: row.try_get(4)?,
        reserved: row.try_get(5)?,
        reserved_by_service: row.try_get(6)?,
        settled: row.try_get(7)?,
        settled_by_service: row.try_get(8)?,
        code: row.try_get(9)?,
        trace_id: row.try_get(10)?,
        display_name: row.try_get(11)?,
        who: row.try_get(12)?,
    })
}

/// A reservation is on the disk before its request leaves, whatever the database is set to.
const DURABLE: &str =
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

const HOLD: &str = "SELECT 1::bigint FROM wa_ledger_number WHERE number = $1 FOR UPDATE";
const ADD: &str = "INSERT INTO wa_ledger_number (number) VALUES ($1) ON CONFLICT DO NOTHING";
const NOW: &str = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
