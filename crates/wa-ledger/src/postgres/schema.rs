use super::link::Session;
use crate::failure::Cause;

/// Makes the tables, or brings them to the present version. Any number of hosts may do so at once.
pub(super) fn prepare(session: &mut Session<'_>) -> Result<(), Cause> {
    migrate(session, MIGRATIONS)
}

fn migrate(session: &mut Session<'_>, migrations: &[&str]) -> Result<(), Cause> {
    // Once the tables are there, no right to make any is needed.
    if version(session, migrations)? == migrations.len() {
        return Ok(());
    }
    session.begin_write()?;
    session.batch(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?;
    let present = version(session, migrations)?;
    if present == 0 {
        session.batch("CREATE TABLE wa_ledger (version bigint NOT NULL); INSERT INTO wa_ledger VALUES (0)")?;
    }
    for migration in migrations.iter().skip(present) {
        session.batch(migration)?;
    }
    session.batch(&format!("UPDATE wa_ledger SET version = {}", migrations.len()))?;
    session.commit()
}

/// How many of the migrations the database has seen.
fn version(session: &mut Session<'_>, migrations: &[&str]) -> Result<usize, Cause> {
    if session.integer(TABLE, &[])?.is_none() {
        return Ok(0);
    }
    let version = session.integer("SELECT version FROM wa_ledger", &[])?;
    let version = version.and_then(|version| usize::try_from(version).ok()).filter(|version| *version > 0);
    version.ok_or(FOREIGN).and_then(|version| if version > migrations.len() { Err(NEWER) } else { Ok(version) })
}

/// Not by `to_regclass`: within a transaction that still remembers that there was none, it does not see another's table.
const TABLE: &str = "SELECT 1::bigint FROM pg_class WHERE relname = 'wa_ledger' AND pg_table_is_visible(oid)";

/// "waLG": whoever makes the tables holds this lock.
const LOCK: i64 = 0x7761_4c47;

const NEWER: Cause = Cause::Content("a newer version of this program made its tables: update this one");
const FOREIGN: Cause = Cause::Content("it has a table wa_ledger that is none of a ledger: name another database");

/// Never changed, only added to.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE wa_ledger_number (number text PRIMARY KEY, locked_until bigint);
    CREATE TABLE wa_ledger_attempt (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        number text NOT NULL,
        kind text NOT NULL,
        reserved bigint NOT NULL,
        settled bigint,
        state text NOT NULL,
        code bigint,
        trace_id text,
        who text
    );
    CREATE INDEX wa_ledger_attempt_number ON wa_ledger_attempt (number, id);
    CREATE INDEX wa_ledger_attempt_reserved ON wa_ledger_attempt (reserved);
"];
