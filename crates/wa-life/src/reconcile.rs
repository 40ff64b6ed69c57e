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

#[cfg(test)]
mod tests {
    use wa_core::{
        Timestamp,
        types::{ApiVersion, BackupData, BackupPassword, NumberStatus, PhoneNumber, Pin, Platform},
    };

    use super::*;
    use crate::{
        Migration, Onboarding, Renaming, Retirement,
        ledger::{Limit, Source},
    };

    const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

    fn number() -> PhoneNumberId {
        PhoneNumberId::new("106540352242922").unwrap()
    }

    fn pin() -> Pin {
        Pin::new("012345").unwrap()
    }

    fn seen(platform: Platform, verification: &str) -> Observed {
        let mut read = PhoneNumber::new(number());
        read.platform_type = Some(platform);
        read.status = Some(NumberStatus::Connected);
        read.code_verification_status = Some(verification.into());
        let mut seen = Observed::new(ApiVersion::DEFAULT);
        (seen.number, seen.read_at) = (Some(read), NOW.into());
        seen
    }

    /// What was tried, how many seconds ago, and what is known of it.
    fn tried(list: &[(AttemptKind, u64, AttemptState)]) -> Attempts {
        let entries = (1..).zip(list).map(|(id, (kind, seconds, state))| {
            let mut entry = Entry::new(id, *kind, Timestamp::from_millis(NOW.as_millis() - seconds * 1_000).into());
            entry.state = *state;
            entry
        });
        Attempts::load(Limit::default(), entries.collect(), NOW.into())
    }

    /// The id of what is noted, and what; nothing if nothing is.
    fn noted(goal: impl Into<Goal>, seen: &Observed, attempts: &Attempts) -> Option<(u64, AttemptState, Source)> {
        let (reservation, settlement) = reconcile(&goal.into(), seen, attempts, &number())?;
        assert_eq!((reservation.number, settlement.code), (number(), None));
        Some((reservation.id, settlement.state, settlement.source))
    }

    const REGISTER: AttemptKind = AttemptKind::Register;
    const DEREGISTER: AttemptKind = AttemptKind::Deregister;

    #[test]
    fn a_reservation_that_nobody_uses_is_given_back_after_a_minute() {
        let unread = Observed::new(ApiVersion::DEFAULT);
        for kind in AttemptKind::ALL {
            let at = |seconds| tried(&[(*kind, seconds, AttemptState::Reserved)]);
            assert_eq!(noted(Retirement::new(number()), &unread, &at(59)), None);
            let given_back = Some((1, AttemptState::NotSent, Source::Abandoned));
            assert_eq!(noted(Retirement::new(number()), &unread, &at(60)), given_back);
        }
    }

    #[test]
    fn what_had_no_answer_is_settled_by_what_shows_once_it_had_the_time_to_show() {
        let (up, down) = (seen(Platform::CloudApi, "VERIFIED"), seen(Platform::NotApplicable, "NOT_VERIFIED"));
        let verified = seen(Platform::NotApplicable, "VERIFIED");
        for (kind, seen, expected) in [
            (REGISTER, &up, Some(true)),
            (REGISTER, &down, Some(false)),
            (DEREGISTER, &up, Some(false)),
            (DEREGISTER, &down, Some(true)),
            (AttemptKind::RequestCode, &verified, Some(true)),
            // Whether a code was sent does not show.
            (AttemptKind::RequestCode, &down, None),
            (AttemptKind::VerifyCode, &verified, Some(true)),
            (AttemptKind::VerifyCode, &down, Some(false)),
            // The proof of a registered number expires.
            (AttemptKind::VerifyCode, &seen(Platform::CloudApi, "EXPIRED"), None),
            (AttemptKind::VerifyCode, &seen(Platform::NotApplicable, "UNHEARD_OF"), None),
            (AttemptKind::SetPin, &up, None),
            (AttemptKind::Greeting, &up, None),
            (AttemptKind::SyncContacts, &up, None),
            (REGISTER, &seen(Platform::OnPremise, "VERIFIED"), None),
            (REGISTER, &seen("UNHEARD_OF".into(), "VERIFIED"), None),
        ] {
            let goal = || Onboarding::new(number(), pin());
            let expected = expected.map(|happened| {
                (1, if happened { AttemptState::Confirmed } else { AttemptState::Rejected }, Source::Reading)
            });
            for (state, seconds) in [(AttemptState::Unknown, 30), (AttemptState::Sent, 90)] {
                assert_eq!(noted(goal(), seen, &tried(&[(kind, seconds, state)])), expected, "{kind:?} {state:?}");
                assert_eq!(noted(goal(), seen, &tried(&[(kind, seconds - 1, state)])), None, "{kind:?} {state:?}");
            }
            for state in [AttemptState::Confirmed, AttemptState::Rejected, AttemptState::NotSent] {
                assert_eq!(noted(goal(), seen, &tried(&[(kind, 900, state)])), None, "{kind:?} {state:?}");
            }
        }
    }

    #[test]
    fn only_what_was_read_late_enough_tells() {
        let mut seen = seen(Platform::CloudApi, "VERIFIED");
        let attempts = tried(&[(REGISTER, 900, AttemptState::Unknown)]);
        seen.read_at = Timestamp::from_millis(NOW.as_millis() - 880_000).into();
        assert_eq!(noted(Retirement::new(number()), &seen, &attempts), None, "it was read 20 s after the attempt");
        seen.read_at = NOW.into();
        seen.number = None;
        assert_eq!(noted(Retirement::new(number()), &seen, &attempts), None, "it was not read");
    }

    #[test]
    fn of_several_attempts_the_latest_is_what_shows() {
        let up = seen(Platform::CloudApi, "VERIFIED");
        let goal = || Onboarding::new(number(), pin());
        let two = |first, second, state| tried(&[(first, 900, AttemptState::Unknown), (second, 600, state)]);
        let second = |state| Some((2, state, Source::Reading));
        let unknown = AttemptState::Unknown;
        assert_eq!(noted(goal(), &up, &two(REGISTER, REGISTER, unknown)), second(AttemptState::Confirmed));
        assert_eq!(noted(goal(), &up, &two(DEREGISTER, REGISTER, unknown)), second(AttemptState::Confirmed));
        assert_eq!(noted(goal(), &up, &two(REGISTER, DEREGISTER, unknown)), second(AttemptState::Rejected));
        for state in [AttemptState::Confirmed, AttemptState::Rejected] {
            assert_eq!(noted(goal(), &up, &two(REGISTER, DEREGISTER, state)), None);
            assert_eq!(noted(goal(), &up, &two(DEREGISTER, REGISTER, state)), None);
        }
        // What never left changes nothing, nor does another kind.
        let first = Some((1, AttemptState::Confirmed, Source::Reading));
        assert_eq!(noted(goal(), &up, &two(REGISTER, DEREGISTER, AttemptState::NotSent)), first);
        assert_eq!(noted(goal(), &up, &two(REGISTER, AttemptKind::SetPin, AttemptState::Confirmed)), first);
    }

    #[test]
    fn what_reading_cannot_tell_for_a_goal_stays_open() {
        let (up, down) = (seen(Platform::CloudApi, "VERIFIED"), seen(Platform::NotApplicable, "VERIFIED"));
        let lost = |kind| tried(&[(kind, 900, AttemptState::Unknown)]);
        // Registering again changes nothing that shows.
        let renaming = || Renaming::new(number(), "Lucky Shrub", pin());
        assert_eq!(noted(renaming(), &up, &lost(REGISTER)), None);
        assert!(noted(renaming(), &up, &lost(DEREGISTER)).is_some());
        // A migration may have failed over its PIN, and have taken the deployment down.
        let migration = || {
            let (password, data) = (BackupPassword::new("password").unwrap(), BackupData::new("data").unwrap());
            Migration::new(number(), pin(), password, data)
        };
        assert_eq!(noted(migration(), &down, &lost(REGISTER)), None);
        let confirmed = Some((1, AttemptState::Confirmed, Source::Reading));
        assert_eq!(noted(migration(), &up, &lost(REGISTER)), confirmed);
    }
}
