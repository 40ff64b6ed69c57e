use super::link::Session;
use crate::{
    failure::Cause,
    migration::{Found, Migration, newest},
};

/// Makes the tables, or brings them to the present version. Any number of hosts may do so at once.
pub(super) fn prepare(session: &mut Session<'_>) -> Result<(), Cause> {
    // Once the tables are there, no right to make any is needed.
    if find(session)? == Found::Usable {
        return Ok(());
    }
    session.begin_write()?;
    session.batch(&format!("SELECT pg_advisory_xact_lock({LOCK})"))?;
    if let Found::Older(seen) = find(session)? {
        if seen == 0 {
            session.batch("CREATE TABLE wa_ledger (version bigint NOT NULL); INSERT INTO wa_ledger VALUES (0)")?;
        }
        for migration in MIGRATIONS.iter().skip(seen) {
            session.batch(migration.statements)?;
        }
        let (version, oldest_user) = newest(MIGRATIONS);
        session.batch(&format!("UPDATE wa_ledger SET version = {version}, oldest_user = {oldest_user}"))?;
    }
    session.commit()
}

/// Looks at what the database holds.
fn find(session: &mut Session<'_>) -> Result<Found, Cause> {
    if session.integer(TABLE, &[])?.is_none() {
        return Ok(Found::Older(0));
    }
    let version = session.integer("SELECT version FROM wa_ledger", &[])?;
    let version = version.and_then(|version| usize::try_from(version).ok()).filter(|version| *version > 0);
    let version = version.ok_or(FOREIGN)?;
    let oldest_user = match version > MIGRATIONS.len() {
        true => session.integer("SELECT oldest_user FROM wa_ledger", &[])?,
        false => None,
    };
    Found::new(version, oldest_user.and_then(|oldest| usize::try_from(oldest).ok()), MIGRATIONS)
}

/// Not by `to_regclass`: within a transaction that still remembers that there was none, it does not see another's table.
const TABLE: &str = "SELECT 1::bigint FROM pg_class WHERE relname = 'wa_ledger' AND pg_table_is_visible(oid)";

/// "waLG": whoever makes the tables holds this lock.
const LOCK: i64 = 0x7761_4c47;

const FOREIGN: Cause = Cause::Content("it has a table wa_ledger that is none of a ledger: name another database");

const MIGRATIONS: &[Migration] = &[
    Migration {
        statements: "
            CREATE TABLE wa_ledger_number (number text PRIMARY KEY, locked_until bigint);
            CREATE TABLE wa_ledger_attempt (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                number text NOT NULL,
                kind text NOT NULL,
                reserved bigint NOT NULL,
                settled bigint,
                fate text NOT NULL,
                code bigint,
                trace_id text,
                who text
            );
            CREATE INDEX wa_ledger_attempt_number ON wa_ledger_attempt (number, id);
            CREATE INDEX wa_ledger_attempt_reserved ON wa_ledger_attempt (reserved);
        ",
        oldest_user: 1,
    },
    Migration {
        statements: "
            ALTER TABLE wa_ledger ADD COLUMN oldest_user bigint NOT NULL DEFAULT 2;
            ALTER TABLE wa_ledger_attempt RENAME COLUMN fate TO state;
            ALTER TABLE wa_ledger_attempt
                ADD COLUMN counted bigint,
                ADD COLUMN reserved_by_service bigint,
                ADD COLUMN settled_by_service bigint,
                ADD COLUMN display_name text;
            UPDATE wa_ledger_attempt SET state = 'sent' WHERE state = 'open';
            -- A lock is now what an attempt was told, and has one code: 72 hours are 259,200,000 milliseconds.
            UPDATE wa_ledger_attempt SET code = 133016 WHERE code = 4 AND state = 'rejected' AND EXISTS (
                SELECT 1 FROM wa_ledger_number
                WHERE number = wa_ledger_attempt.number AND locked_until >= settled + 259200000
            );
            -- The table remains: whoever changes a number locks its row.
            ALTER TABLE wa_ledger_number DROP COLUMN locked_until;
            CREATE INDEX wa_ledger_attempt_in_doubt ON wa_ledger_attempt (id)
                WHERE state NOT IN ('reserved', 'confirmed', 'rejected', 'not_sent');
        ",
        oldest_user: 2,
    },
    Migration {
        statements: "
            CREATE TABLE wa_ledger_event (
                event text PRIMARY KEY,
                token bigint NOT NULL,
                until bigint NOT NULL,
                done bigint NOT NULL
            );
            CREATE INDEX wa_ledger_event_until ON wa_ledger_event (until);
        ",
        oldest_user: 2,
    },
];
