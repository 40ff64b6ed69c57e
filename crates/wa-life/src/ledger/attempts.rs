use std::{fmt, time::Duration};

use wa_core::{AttemptKind, Timestamp, types::ErrorCode};

use crate::{
    ledger::{Attempt, AttemptState, Entry, Moment, ReserveError, Settlement, Source},
    words::in_words,
};

/// The attempts of one number as of a moment, as an exact sliding log. All decisions about attempts are made here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    limit: Limit,
    entries: Vec<Entry>,
    now: Moment,
}

impl Attempts {
    /// A number that has tried nothing yet.
    #[must_use]
    pub fn new(limit: Limit, now: Moment) -> Self {
        Self::load(limit, Vec::new(), now)
    }

    /// What a store remembers of a number, in the order of the ids, and the present moment by the store's clock.
    #[must_use]
    pub fn load(limit: Limit, entries: Vec<Entry>, now: Moment) -> Self {
        Self { limit, entries, now }
    }

    /// The attempts that are remembered, in the order of their reservation.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The moment for which the answers hold.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.now
    }

    /// The same log at another moment.
    #[must_use]
    pub fn at(mut self, now: Moment) -> Self {
        self.now = now;
        self
    }

    /// The latest attempt of this kind that may have left.
    #[must_use]
    pub fn last(&self, kind: AttemptKind) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.kind == kind && entry.may_have_left())
    }

    /// How many attempts of this kind are left.
    #[must_use]
    pub fn left(&self, kind: AttemptKind) -> usize {
        if kind.is_counted() && self.lock().is_some() { 0 } else { MOST.saturating_sub(self.counted(kind).count()) }
    }

    /// Whether the service has refused an attempt over the limit within the window, so that only time helps.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.lock().is_some()
    }

    /// How long it takes until so many attempts of this kind are possible; nothing if they are now.
    #[must_use]
    pub fn wait(&self, kind: AttemptKind, needed: usize) -> Option<Duration> {
        if !kind.is_counted() {
            return None;
        }
        let mut waits: Vec<Duration> = self.counted(kind).collect();
        waits.sort_unstable();
        // The window holds ten: with `n` in it and `needed` to come, the oldest `n + needed - 10` must leave first, and the
        // last of these is the one to wait for. More than ten can never be had, so the newest is waited for at most.
        let excess = waits.len().saturating_add(needed).saturating_sub(MOST).min(waits.len());
        let window = excess.checked_sub(1).and_then(|index| waits.get(index)).copied();
        self.lock().max(window)
    }

    /// How many attempts are left, and when there will be more.
    #[must_use]
    pub fn allowance(&self, kind: AttemptKind) -> Allowance {
        Allowance { left: self.left(kind), wait: self.wait(kind, 1), now: self.now.store }
    }

    /// Reserves an attempt, before its request leaves. `id` is the one that the store gives it.
    ///
    /// # Errors
    ///
    /// None is left, or somebody else was faster: the request must not be sent.
    pub fn reserve(&mut self, id: u64, attempt: &Attempt) -> Result<(), ReserveError> {
        if self.is_overtaken(attempt) {
            return Err(ReserveError::Overtaken);
        }
        if let Some(wait) = self.wait(attempt.kind, 1) {
            return Err(ReserveError::Refused(Refusal { wait, is_locked: self.is_locked() }));
        }
        let mut entry = Entry::new(id, attempt.kind, self.now);
        entry.display_name.clone_from(&attempt.display_name);
        self.entries.push(entry);
        Ok(())
    }

    /// Notes that the request of a reserved attempt is about to be handed to a transport. False if it must not be: the
    /// reservation was given back in the meantime.
    #[must_use]
    pub fn mark_sent(&mut self, id: u64) -> bool {
        let reserved = self.entries.iter_mut().find(|entry| entry.id == id && entry.state == AttemptState::Reserved);
        reserved.is_some_and(|entry| {
            entry.state = AttemptState::Sent;
            true
        })
    }

    /// Notes what became of an attempt, and says whether there was anything to note. One that certainly never left is
    /// given back.
    pub fn settle(&mut self, id: u64, settlement: &Settlement) -> bool {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) else {
            return false;
        };
        let applies = match settlement.source {
            Source::Answer => true,
            Source::Reading => entry.is_in_doubt(),
            Source::Abandoned => entry.state == AttemptState::Reserved,
        };
        if applies {
            (entry.state, entry.code) = (settlement.state, settlement.code);
            match settlement.source {
                // Reading tells what became of it, not when: the moment at which it may have arrived stays what it was. Nor does
                // it tell under which name a number was registered.
                Source::Reading => entry.display_name = None,
                Source::Answer | Source::Abandoned => entry.settled = Some(self.now),
            }
        }
        applies
    }

    /// Forgets what can matter no more: what has left the window, but for the latest of each kind and the latest
    /// registration that was confirmed.
    pub fn prune(&mut self) {
        let latest = AttemptKind::ALL.iter().filter_map(|kind| self.last(*kind));
        let mut kept: Vec<u64> = latest.chain(self.last_registration()).map(|entry| entry.id).collect();
        // Where only the store's clock can be asked it may be wrong, and an attempt that is forgotten is given back. More
        // than the latest ten of each kind can hold nothing back.
        if self.now.service.is_none() {
            for kind in AttemptKind::ALL.iter().filter(|kind| kind.is_counted()) {
                let is_dated = |entry: &&Entry| entry.kind == *kind && entry.latest().service.is_some();
                let dated = self.entries.iter().rev().filter(is_dated);
                kept.extend(
                    dated.filter(|entry| entry.state != AttemptState::NotSent).take(MOST).map(|entry| entry.id),
                );
            }
        }
        let (span, now) = (self.limit.span(), self.now);
        self.entries.retain(|entry| entry.remaining(span, now).is_some() || kept.contains(&entry.id));
    }

    /// The latest registration that was confirmed.
    pub(crate) fn last_registration(&self) -> Option<&Entry> {
        let is_one = |entry: &&Entry| entry.kind == AttemptKind::Register && entry.state == AttemptState::Confirmed;
        self.entries.iter().rfind(is_one)
    }

    /// Whether an attempt lies within the window.
    pub(crate) fn is_recent(&self, entry: &Entry) -> bool {
        entry.remaining(self.limit.span(), self.now).is_some()
    }

    /// Whether the ledger holds a newer attempt than the caller has seen, of the same kind or of the same ten.
    fn is_overtaken(&self, attempt: &Attempt) -> bool {
        attempt.newest_seen.is_some_and(|seen| {
            let rivals = self.entries.iter().filter(|entry| entry.id > seen && entry.state != AttemptState::NotSent);
            rivals
                .into_iter()
                .any(|entry| entry.kind == attempt.kind || (entry.is_counted && attempt.kind.is_counted()))
        })
    }

    /// How long each attempt that counts against this kind stays in the window.
    fn counted(&self, kind: AttemptKind) -> impl Iterator<Item = Duration> {
        let shared = self.limit.counting == Counting::Shared;
        let counts = move |entry: &&Entry| {
            // What a newer version has noted is counted with both: nobody here knows to which it belongs.
            let is_same = entry.kind == kind || shared || entry.kind == AttemptKind::Other;
            kind.is_counted() && entry.is_counted && is_same && entry.state != AttemptState::NotSent
        };
        self.entries.iter().filter(counts).filter_map(|entry| entry.remaining(self.limit.span(), self.now))
    }

    /// How long the service goes on refusing, as far as it has said so. Others spend attempts that nobody here sees: the
    /// service's word wins over the count.
    fn lock(&self) -> Option<Duration> {
        let told = |entry: &&Entry| entry.is_counted && entry.code == Some(ErrorCode::RegistrationLimit);
        self.entries.iter().filter(told).filter_map(|entry| entry.remaining(self.limit.span(), self.now)).max()
    }
}

/// How attempts are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    counting: Counting,
    margin: Duration,
}

impl Limit {
    /// Sets whether registering and deregistering share their ten attempts. Unless set they do, which is the safe reading.
    #[must_use]
    pub const fn counting(mut self, counting: Counting) -> Self {
        self.counting = counting;
        self
    }

    /// Sets how much longer than 72 hours an attempt counts, for requests that take long to arrive and for clocks that
    /// differ. Five minutes unless set.
    #[must_use]
    pub const fn margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    fn span(&self) -> Duration {
        WINDOW.saturating_add(self.margin)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self { counting: Counting::Shared, margin: Duration::from_secs(300) }
    }
}

/// Whether registering and deregistering share their ten attempts: the documents leave it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Counting {
    /// Ten for both together.
    Shared,
    /// Ten for each.
    Separate,
}

/// How many attempts are left, and when there will be more. `Display` says it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allowance {
    /// How many are left.
    pub left: usize,
    /// How long it takes until the next is possible; nothing if it is now.
    pub wait: Option<Duration>,
    now: Timestamp,
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wait {
            None => write!(f, "{} of {MOST} attempts left", self.left),
            Some(wait) => write!(f, "no attempts left, next free in {} ({})", in_words(wait), self.now + wait),
        }
    }
}

/// Why an attempt is not granted: nothing may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// How long it takes until the next attempt is possible.
    pub wait: Duration,
    /// Whether the service itself has locked the number.
    pub is_locked: bool,
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wait = in_words(self.wait);
        match self.is_locked {
            true => write!(f, "the service has locked the number: nothing was sent, wait {wait}"),
            false => write!(f, "all {MOST} attempts in 72 hours are spent: nothing was sent, wait {wait}"),
        }
    }
}

/// Meta, "Registration": ten requests per number in a moving window of 72 hours.
const MOST: usize = 10;
const WINDOW: Duration = Duration::from_secs(72 * 3_600);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ledger::Reservation;

    fn hours(hours: u64) -> Moment {
        Timestamp::from_millis(1_000_000_000_000 + hours * 3_600_000).into()
    }

    fn both(store: u64, service: u64) -> Moment {
        Moment::new(hours(store).store, Some(hours(service).store))
    }

    fn exact() -> Limit {
        Limit::default().margin(Duration::ZERO)
    }

    fn limit_reached() -> Settlement {
        let mut settlement = Settlement::new(AttemptState::Rejected);
        settlement.code = Some(ErrorCode::RegistrationLimit);
        settlement
    }

    fn reserve(attempts: &mut Attempts, id: u64, kind: AttemptKind) -> Result<(), ReserveError> {
        attempts.reserve(id, &Attempt::new(kind))
    }

    fn refused(attempts: &mut Attempts, kind: AttemptKind) -> Refusal {
        match reserve(attempts, 99, kind) {
            Err(ReserveError::Refused(refusal)) => refusal,
            other => panic!("it is not refused: {other:?}"),
        }
    }

    fn spent(limit: Limit, count: u64, kind: AttemptKind) -> Attempts {
        (1..=count).fold(Attempts::new(limit, hours(0)), |attempts, id| {
            let mut attempts = attempts.at(hours(id));
            reserve(&mut attempts, id, kind).unwrap();
            attempts
        })
    }

    const REGISTER: AttemptKind = AttemptKind::Register;
    const DEREGISTER: AttemptKind = AttemptKind::Deregister;
    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn the_eleventh_is_refused_until_the_first_has_left_the_window() {
        let mut attempts = spent(exact(), 10, REGISTER).at(hours(20));
        let refusal = refused(&mut attempts, DEREGISTER);
        assert_eq!((refusal.wait, refusal.is_locked), (53 * HOUR, false));
        assert_eq!(refusal.to_string(), "all 10 attempts in 72 hours are spent: nothing was sent, wait 53 h");
        let just_before = Timestamp::from_millis(hours(73).store.as_millis() - 1);
        let mut attempts = attempts.at(just_before.into());
        refused(&mut attempts, REGISTER);
        let mut attempts = attempts.at(hours(73));
        reserve(&mut attempts, 11, REGISTER).unwrap();
        refused(&mut attempts, REGISTER);
        reserve(&mut attempts.at(hours(74)), 12, REGISTER).unwrap();
    }

    #[test]
    fn several_attempts_are_free_when_as_many_have_left_the_window() {
        let attempts = spent(exact(), 9, REGISTER).at(hours(20));
        let waits =
            [1, 2, 3, 10, 11, 50].map(|needed| attempts.wait(REGISTER, needed).map(|wait| wait.as_secs() / 3_600));
        assert_eq!(waits, [None, Some(53), Some(54), Some(61), Some(61), Some(61)]);
        assert_eq!(Attempts::new(exact(), hours(0)).wait(REGISTER, 11), None);
    }

    #[test]
    fn the_margin_lengthens_the_window() {
        let attempts = spent(Limit::default(), 10, REGISTER).at(hours(20));
        assert_eq!(attempts.wait(REGISTER, 1), Some(53 * HOUR + Duration::from_secs(300)));
    }

    #[test]
    fn separate_counts_are_ten_each() {
        let mut attempts = spent(exact().counting(Counting::Separate), 10, REGISTER);
        assert_eq!((attempts.left(REGISTER), attempts.left(DEREGISTER)), (0, 10));
        reserve(&mut attempts, 11, DEREGISTER).unwrap();
        attempts.settle(11, &limit_reached());
        assert_eq!(attempts.left(DEREGISTER), 0, "a lock holds for both");
    }

    #[test]
    fn a_kind_that_is_not_known_counts_with_both_unless_its_entry_says_otherwise() {
        for counting in [Counting::Shared, Counting::Separate] {
            let mut attempts = Attempts::new(exact().counting(counting), hours(1));
            reserve(&mut attempts, 1, AttemptKind::Other).unwrap();
            assert_eq!((attempts.left(REGISTER), attempts.left(DEREGISTER)), (9, 9), "{counting:?}");
            let mut free = attempts.entries()[0].clone();
            free.is_counted = false;
            let attempts = Attempts::load(exact().counting(counting), vec![free], hours(1));
            assert_eq!((attempts.left(REGISTER), attempts.left(DEREGISTER)), (10, 10), "{counting:?}");
        }
    }

    #[test]
    fn codes_and_messages_are_noted_but_not_counted() {
        let mut attempts = spent(exact(), 10, REGISTER);
        for (id, kind) in [(11, AttemptKind::RequestCode), (12, AttemptKind::VerifyCode), (13, AttemptKind::Message)] {
            reserve(&mut attempts, id, kind).unwrap();
            assert!(attempts.last(kind).is_none(), "it has not left");
            assert!(attempts.mark_sent(id));
            assert_eq!(attempts.last(kind).unwrap().id, id);
            assert_eq!(attempts.wait(kind, 1), None);
        }
        assert_eq!(spent(exact(), 9, AttemptKind::Message).left(REGISTER), 10);
    }

    #[test]
    fn only_what_never_left_comes_back() {
        for (state, left) in [
            (AttemptState::Reserved, 9),
            (AttemptState::Sent, 9),
            (AttemptState::Confirmed, 9),
            (AttemptState::Rejected, 9),
            (AttemptState::Unknown, 9),
            (AttemptState::NotSent, 10),
        ] {
            let mut attempts = spent(exact(), 1, REGISTER);
            attempts.settle(1, &Settlement::new(state));
            assert_eq!(attempts.left(REGISTER), left, "{state:?}");
            let may_have_left = !matches!(state, AttemptState::Reserved | AttemptState::NotSent);
            assert_eq!(attempts.last(REGISTER).is_some(), may_have_left, "{state:?}");
        }
    }

    #[test]
    fn a_reservation_is_used_or_given_back_but_never_both() {
        let mut attempts = spent(exact(), 1, REGISTER);
        assert!(!attempts.mark_sent(2), "there is none");
        assert!(attempts.settle(1, &Settlement::abandoned()));
        assert!(!attempts.mark_sent(1), "its holder comes too late");
        let mut attempts = spent(exact(), 1, REGISTER);
        assert!(attempts.mark_sent(1) && !attempts.mark_sent(1));
        assert!(!attempts.settle(1, &Settlement::abandoned()), "it may have left");
        assert_eq!(attempts.entries()[0].state, AttemptState::Sent);
    }

    #[test]
    fn reading_settles_only_what_is_in_doubt_and_dates_nothing() {
        let reading = Settlement::from_reading(AttemptState::Confirmed);
        for (state, applies) in [
            (AttemptState::Reserved, false),
            (AttemptState::Sent, true),
            (AttemptState::Unknown, true),
            (AttemptState::Confirmed, false),
            (AttemptState::Rejected, false),
            (AttemptState::NotSent, false),
        ] {
            let mut attempts = Attempts::new(exact(), hours(1));
            attempts.reserve(1, &Attempt::new(REGISTER).display_name(Some("Lucky Shrub"))).unwrap();
            let mut attempts = attempts.at(hours(2));
            attempts.settle(1, &Settlement::new(state));
            let mut attempts = attempts.at(hours(50));
            assert_eq!(attempts.settle(1, &reading), applies, "{state:?}");
            let entry = &attempts.entries()[0];
            assert_eq!(entry.display_name.is_none(), applies, "reading does not show the name: {state:?}");
            assert_eq!(entry.state, if applies { AttemptState::Confirmed } else { state });
            assert_eq!(entry.settled, Some(hours(2)));
        }
        assert!(!spent(exact(), 1, REGISTER).settle(7, &reading));
    }

    #[test]
    fn whoever_was_faster_is_noticed() {
        let mut attempts = spent(exact(), 2, REGISTER);
        let overtaken = |attempts: &mut Attempts, kind, seen| {
            matches!(attempts.reserve(9, &Attempt::new(kind).unless_newer_than(seen)), Err(ReserveError::Overtaken))
        };
        assert!(overtaken(&mut attempts, REGISTER, 0) && overtaken(&mut attempts, DEREGISTER, 1));
        assert!(!overtaken(&mut attempts, AttemptKind::Message, 0), "a registration does not bear on a message");
        assert!(overtaken(&mut attempts, AttemptKind::Message, 8) && !overtaken(&mut attempts, REGISTER, 9));
        let mut attempts = spent(exact(), 1, REGISTER);
        attempts.settle(1, &Settlement::new(AttemptState::NotSent));
        assert!(!overtaken(&mut attempts, REGISTER, 0), "what never left bears on nothing");
    }

    #[test]
    fn an_attempt_counts_from_its_answer_on() {
        let mut attempts = spent(exact(), 1, REGISTER).at(hours(5));
        attempts.settle(1, &Settlement::new(AttemptState::Unknown));
        let attempts = attempts.at(hours(74));
        assert_eq!(attempts.left(REGISTER), 9, "it may have been on its way for long");
        assert_eq!(attempts.at(hours(77)).left(REGISTER), 10);
    }

    #[test]
    fn the_service_s_word_wins_over_the_count() {
        let mut attempts = spent(exact(), 1, REGISTER);
        attempts.settle(1, &limit_reached());
        let mut attempts = attempts.at(hours(40));
        assert!(refused(&mut attempts, DEREGISTER).is_locked && attempts.is_locked());
        assert_eq!(
            refused(&mut attempts, REGISTER).to_string(),
            "the service has locked the number: nothing was sent, wait 33 h"
        );
        assert_eq!(
            attempts.allowance(REGISTER).to_string(),
            "no attempts left, next free in 33 h (Wed, 12 Sep 2001 02:46:40 GMT)"
        );
        assert_eq!((attempts.left(REGISTER), attempts.left(AttemptKind::Message)), (0, MOST));
        let attempts = attempts.at(hours(73));
        assert!(!attempts.is_locked());
        assert_eq!(attempts.allowance(REGISTER).to_string(), "10 of 10 attempts left");
    }

    #[test]
    fn one_clock_that_is_wrong_frees_nothing() {
        let attempts = spent(exact(), 10, REGISTER);
        let entries = attempts.entries().iter().cloned().map(|mut entry| {
            entry.reserved.service = Some(entry.reserved.store);
            entry
        });
        let attempts = Attempts::load(exact(), entries.collect(), hours(0));
        // An answer dated 80 hours ahead; a store whose clock has jumped; both at their right time.
        for (now, left) in [(both(11, 91), 0), (both(91, 11), 0), (both(91, 91), 10)] {
            assert_eq!(attempts.clone().at(now).left(REGISTER), left, "{now:?}");
        }
        // An answer dated four days back does not lose its attempt.
        let mut attempts = spent(exact(), 1, REGISTER).at(Moment::new(hours(1).store, Some(Timestamp::default())));
        attempts.settle(1, &Settlement::new(AttemptState::Confirmed));
        assert_eq!(attempts.at(both(10, 10)).left(REGISTER), 9);
    }

    #[test]
    fn a_store_s_clock_that_goes_back_gives_nothing_back() {
        let mut attempts = spent(exact(), 10, REGISTER).at(Timestamp::default().into());
        assert!(refused(&mut attempts, REGISTER).wait > 72 * HOUR);
        attempts.prune();
        assert_eq!(attempts.entries().len(), 10);
    }

    #[test]
    fn the_store_s_clock_alone_forgets_nothing_that_the_service_has_dated() {
        let dated = |count: u64, state| {
            let entries = (1..=count).map(|id| {
                let mut entry = Entry::new(id, REGISTER, both(id, id));
                entry.state = state;
                entry
            });
            Attempts::load(exact(), entries.collect(), both(10, 10))
        };
        let left = |mut attempts: Attempts| {
            attempts.prune();
            attempts.entries().iter().map(|entry| entry.id).collect::<Vec<_>>()
        };
        // What is not counted is reserved without asking the service for the time.
        assert_eq!(left(dated(10, AttemptState::Rejected).at(hours(9_000))), (1..=10).collect::<Vec<_>>());
        assert_eq!(left(dated(12, AttemptState::Rejected).at(hours(9_000))), (3..=12).collect::<Vec<_>>());
        assert_eq!(left(dated(10, AttemptState::NotSent).at(hours(9_000))), [] as [u64; 0]);
        assert_eq!(left(dated(10, AttemptState::Rejected).at(both(9_000, 20))), (1..=10).collect::<Vec<_>>());
        assert_eq!(left(dated(10, AttemptState::Rejected).at(both(9_000, 9_000))), [10]);
    }

    #[test]
    fn the_latest_of_each_kind_and_the_latest_registration_are_never_forgotten() {
        let mut attempts = spent(exact(), 6, REGISTER);
        for (id, state) in [(3, AttemptState::Confirmed), (4, AttemptState::Confirmed), (6, AttemptState::Rejected)] {
            attempts.settle(id, &Settlement::new(state));
        }
        reserve(&mut attempts, 7, AttemptKind::Message).unwrap();
        assert!(attempts.mark_sent(7));
        let mut attempts = attempts.at(hours(1_000));
        attempts.prune();
        assert_eq!(attempts.entries().iter().map(|entry| entry.id).collect::<Vec<_>>(), [4, 6, 7]);
        assert_eq!(attempts.last_registration().unwrap().id, 4);
    }

    #[test]
    fn the_name_of_a_registration_is_kept() {
        let mut attempts = Attempts::new(exact(), hours(1));
        attempts.reserve(1, &Attempt::new(REGISTER).display_name(Some("Lucky Shrub"))).unwrap();
        assert_eq!(attempts.entries()[0].display_name.as_deref(), Some("Lucky Shrub"));
        let number = wa_core::types::PhoneNumberId::new("106540352242922").unwrap();
        assert_eq!(Reservation::new(1, number.clone(), REGISTER).number, number);
    }

    proptest! {
        // Grants, counted by hand: whatever is asked when, and whatever is forgotten in between, no window of 72 hours
        // holds an eleventh.
        #[test]
        fn no_window_ever_holds_eleven(
            steps in prop::collection::vec((0..30_000_u64, any::<bool>(), 0..5_usize), 1..200),
            forgets in any::<bool>(),
        ) {
            let mut attempts = Attempts::new(exact(), hours(0));
            let (mut now, mut granted) = (hours(0).store, Vec::new());
            for (id, (seconds, registers, state)) in (1..).zip(steps) {
                now = now + Duration::from_secs(seconds);
                attempts = attempts.at(now.into());
                let kind = if registers { REGISTER } else { DEREGISTER };
                if reserve(&mut attempts, id, kind).is_ok() {
                    granted.push(now);
                    let states =
                        [AttemptState::Reserved, AttemptState::Sent, AttemptState::Confirmed, AttemptState::Rejected, AttemptState::Unknown];
                    attempts.settle(id, &Settlement::new(states[state]));
                }
                if forgets {
                    attempts.prune();
                }
                let within = granted.iter().filter(|at| now.since(**at) < WINDOW).count();
                prop_assert!(within <= MOST);
                prop_assert_eq!(attempts.left(kind), MOST - within, "exact, not merely safe");
            }
        }
    }
}
