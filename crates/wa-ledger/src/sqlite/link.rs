use rusqlite::{Connection, Row, ToSql, params_from_iter, types::ToSqlOutput};
use wa_core::Timestamp;

use crate::{
    Record, Unreadable,
    failure::Cause,
    rows::{Columns, Rows, Value},
};

/// An open transaction. One that writes has the whole file to itself.
pub(super) struct Open<'a>(pub(super) &'a Connection);

impl Rows for Open<'_> {
    fn now(&mut self, of_caller: Timestamp) -> Result<Timestamp, Cause> {
        Ok(of_caller)
    }

    fn records(
        &mut self,
        statement: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<Result<Record, Unreadable>>, Cause> {
        let mut statement = self.0.prepare(statement)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            let unreadable = |_| Unreadable { id: row.get(0).ok(), number: row.get(1).ok() };
            records.push(columns(row).map_err(unreadable).and_then(Columns::into_record));
        }
        Ok(records)
    }

    fn texts(&mut self, statement: &'static str, values: &[Value<'_>]) -> Result<Vec<String>, Cause> {
        let mut statement = self.0.prepare(statement)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut texts = Vec::new();
        while let Some(row) = rows.next()? {
            texts.extend(row.get::<_, String>(0));
        }
        Ok(texts)
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
        counted: row.get(3)?,
        state: row.get(4)?,
        reserved: row.get(5)?,
        reserved_by_service: row.get(6)?,
        settled: row.get(7)?,
        settled_by_service: row.get(8)?,
        code: row.get(9)?,
        trace_id: row.get(10)?,
        display_name: row.get(11)?,
        who: row.get(12)?,
    })
}
