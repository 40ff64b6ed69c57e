use std::collections::BTreeMap;

use postgres::{Client, Row, Statement, types::ToSql};
use wa_core::Timestamp;

use crate::{
    Record,
    failure::Cause,
    rows::{Columns, Rows, Value, moment},
};

/// A connection.
pub(super) struct Link {
    client: Client,
    statements: BTreeMap<&'static str, Statement>,
}

/// What a transaction is for.
#[derive(Clone, Copy)]
pub(super) enum Access {
    Read,
    Write,
}

impl Link {
    pub(super) fn new(mut client: Client) -> Result<Self, Cause> {
        client.batch_execute(SESSION)?;
        Ok(Self { client, statements: BTreeMap::new() })
    }

    pub(super) fn begin(&mut self, access: Access) -> Result<(), Cause> {
        // Whoever gets hold of a number must see what the one before did: this needs "read committed".
        self.batch(match access {
            Access::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
            Access::Write => "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE",
        })
    }

    pub(super) fn commit(&mut self) -> Result<(), Cause> {
        self.batch("COMMIT")
    }

    /// Undoes a transaction. The connection is of no more use if even that fails.
    pub(super) fn roll_back(mut self) -> Option<Self> {
        self.batch("ROLLBACK").is_ok().then_some(self)
    }

    pub(super) fn batch(&mut self, statements: &str) -> Result<(), Cause> {
        Ok(self.client.batch_execute(statements)?)
    }

    pub(super) fn integer(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Option<i64>, Cause> {
        let rows = self.query(statement, values)?;
        Ok(rows.first().map(|row| row.try_get(0)).transpose()?.flatten())
    }

    fn query(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<Row>, Cause> {
        if !self.statements.contains_key(statement) {
            self.statements.insert(statement, self.client.prepare(statement)?);
        }
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(Value::as_sql).collect();
        Ok(self.client.query(&self.statements[statement], &values)?)
    }
}

/// An open transaction.
pub(super) struct Open<'a> {
    pub(super) link: &'a mut Link,
    pub(super) trusts_caller: bool,
}

impl Rows for Open<'_> {
    fn hold(&mut self, number: &str) -> Result<(), Cause> {
        if self.link.query(HOLD, &[number.into()])?.is_empty() {
            self.link.query(ADD, &[number.into()])?;
            self.link.query(HOLD, &[number.into()])?;
        }
        Ok(())
    }

    fn now(&mut self, of_caller: Timestamp) -> Result<Timestamp, Cause> {
        if self.trusts_caller {
            return Ok(of_caller);
        }
        self.link.integer(NOW, &[])?.map_or(Ok(of_caller), moment)
    }

    fn records(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<Record>, Cause> {
        self.link.query(statement, values)?.iter().map(|row| columns(row)?.try_into()).collect()
    }

    fn integer(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Option<i64>, Cause> {
        self.link.integer(statement, values)
    }

    fn change(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<(), Cause> {
        self.link.query(statement, values)?;
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

fn columns(row: &Row) -> Result<Columns, Cause> {
    Ok(Columns {
        id: row.try_get(0)?,
        number: row.try_get(1)?,
        kind: row.try_get(2)?,
        reserved: row.try_get(3)?,
        settled: row.try_get(4)?,
        state: row.try_get(5)?,
        code: row.try_get(6)?,
        trace_id: row.try_get(7)?,
        who: row.try_get(8)?,
    })
}

/// A reservation is on the disk before its request leaves, whatever the database is set to. And nobody waits for ever:
/// neither for a lock, nor for a host that stopped while it held one.
const SESSION: &str = "
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
    SET lock_timeout = '10s';
    SET statement_timeout = '20s';
    SET idle_in_transaction_session_timeout = '20s';
";

const HOLD: &str = "SELECT 1::bigint FROM wa_ledger_number WHERE number = $1 FOR UPDATE";
const ADD: &str = "INSERT INTO wa_ledger_number (number) VALUES ($1) ON CONFLICT DO NOTHING";
const NOW: &str = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
