//! The leases of webhook events, in statements that both stores understand.

use std::time::Duration;

use wa_core::{
    Timestamp,
    webhook::{Claim, EventKey, Lease, RETENTION},
};

use crate::{
    failure::Cause,
    rows::{Rows, moment, storable, unsigned},
};

/// Takes an event that is new, or whose row is over.
pub(crate) fn claim(rows: &mut dyn Rows, event: &EventKey, lease: Duration, now: Timestamp) -> Result<Claim, Cause> {
    let now = rows.now(now)?;
    let (key, until) = (storable(event.as_str()), now + lease);
    if let Some(token) = rows.integer(CLAIM, &[(&*key).into(), now.into(), until.into()])? {
        return Ok(Claim::New(Lease::new(event.clone(), unsigned(token)?, until)));
    }
    match rows.integer(LEASED, &[(&*key).into()])? {
        Some(until) => Ok(Claim::InProgress { until: moment(until)? }),
        None => Ok(Claim::AlreadyDone),
    }
}

pub(crate) fn confirm(rows: &mut dyn Rows, lease: &Lease, now: Timestamp) -> Result<bool, Cause> {
    let until = rows.now(now)? + RETENTION;
    let key = storable(lease.event().as_str());
    Ok(rows.integer(CONFIRM, &[until.into(), (&*key).into(), lease.token().into()])?.is_some())
}

pub(crate) fn release(rows: &mut dyn Rows, lease: &Lease, now: Timestamp) -> Result<(), Cause> {
    let now = rows.now(now)?;
    let key = storable(lease.event().as_str());
    rows.change(RELEASE, &[now.into(), (&*key).into(), lease.token().into()])
}

/// Forgets some of the rows that are over, and says how many. The file is not held for long.
pub(crate) fn forget_some(rows: &mut dyn Rows, now: Timestamp) -> Result<usize, Cause> {
    let now = rows.now(now)?;
    let before = now.as_millis().saturating_sub(LINGER.as_millis().try_into().unwrap_or(u64::MAX));
    Ok(rows.texts(FORGET, &[before.into()])?.len())
}

/// How long a row outlasts its end. A token begins as the time at which its event was first claimed, and grows by one with
/// each claim, so that no lease has the token of another, even if its row was forgotten in between.
const LINGER: Duration = Duration::from_secs(3_600);

// The parameters first appear in the order of their numbers: that is how SQLite numbers them.
const CLAIM: &str = "INSERT INTO wa_ledger_event (event, token, until, done) VALUES ($1, $2, $3, 0) \
                     ON CONFLICT (event) DO UPDATE SET until = excluded.until, done = 0, token = \
                     CASE WHEN wa_ledger_event.token < excluded.token THEN excluded.token \
                     ELSE wa_ledger_event.token + 1 END \
                     WHERE wa_ledger_event.until <= $2 RETURNING token";
// The row that kept an event from being claimed cannot change until the transaction ends.
const LEASED: &str = "SELECT until FROM wa_ledger_event WHERE event = $1 AND done = 0";
const CONFIRM: &str = "UPDATE wa_ledger_event SET until = $1, done = 1 WHERE event = $2 AND token = $3 RETURNING token";
const RELEASE: &str = "UPDATE wa_ledger_event SET until = $1 WHERE event = $2 AND token = $3 AND done = 0";
// The time is compared twice: a row that was waited for may have been leased again meanwhile.
const FORGET: &str = "DELETE FROM wa_ledger_event WHERE until < $1 AND event IN \
                      (SELECT event FROM wa_ledger_event WHERE until < $1 ORDER BY until LIMIT 1000) RETURNING event";
