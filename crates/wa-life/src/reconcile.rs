//! What the ledger can be told without asking anybody: by what was read, or since time has passed.

use wa_core::{AttemptKind, types::PhoneNumberId};

use crate::{
    Goal, Observed, Presence,
    ledger::{AttemptState, Attempts, Entry, Reservation, Settlement},
    plan::{ON_ITS_WAY, SETTLING},
};

/// The next attempt whose outcome is known by now, and is not noted.
pub(crate) fn reconcile(
    goal: &Goal,
    seen: &Observed,
    attempts: &Attempts,
    number: &PhoneNumberId,
) -> Option<(Reservation, Settlement)> {
    attempts.entries().iter().find_map(|entry| {
        let settlement = abandoned(entry, attempts).or_else(|| shown(goal, seen, entry, attempts))?;
        Some((Reservation::new(entry.id, number.clone(), entry.kind), settlement))
    })
}

/// A reservation that its holder should have used or given back long ago: it died. Should it live after all, it finds
/// the reservation gone, and sends nothing.
fn abandoned(entry: &Entry, attempts: &Attempts) -> Option<Settlement> {
    let is_held = entry.state == AttemptState::Reserved;
    (is_held && entry.remaining(ON_ITS_WAY, attempts.now()).is_none()).then(Settlement::abandoned)
}

/// What reading shows of an attempt without an answer, once it had the time to show.
fn shown(goal: &Goal, seen: &Observed, entry: &Entry, attempts: &Attempts) -> Option<Settlement> {
    let length = if entry.state == AttemptState::Sent { ON_ITS_WAY + SETTLING } else { SETTLING };
    if !entry.is_in_doubt() || seen.number.is_none() || entry.remaining(length, seen.read_at).is_some() {
        return None;
    }
    // A later attempt of either kind may be what shows.
    let changes = |kind| matches!(kind, AttemptKind::Register | AttemptKind::Deregister);
    let is_last = attempts
        .entries()
        .iter()
        .rfind(|other| changes(other.kind) && other.may_have_left())
        .is_some_and(|last| last.id == entry.id);
    let happened = match (entry.kind, seen.presence()) {
        // Registering again changes nothing that shows; and whether a migration has failed over its PIN, nothing tells.
        (AttemptKind::Register, _) if !is_last || matches!(goal, Goal::Rename(_)) => return None,
        (AttemptKind::Register, Presence::Cloud) => true,
        (AttemptKind::Register, Presence::Nowhere) if !matches!(goal, Goal::Migrate(_)) => false,
        (AttemptKind::Deregister, _) if !is_last => return None,
        (AttemptKind::Deregister, Presence::Nowhere) => true,
        (AttemptKind::Deregister, Presence::Cloud) => false,
        (AttemptKind::RequestCode | AttemptKind::VerifyCode, _) if seen.is_verified() == Some(true) => true,
        (AttemptKind::VerifyCode, Presence::Nowhere) if seen.is_verified() == Some(false) => false,
        _ => return None,
    };
    let state = if happened { AttemptState::Confirmed } else { AttemptState::Rejected };
    Some(Settlement::from_reading(state))
}
