use std::{fmt, time::Duration};

use crate::{
    Attempt, Timestamp,
    ledger::{AttemptState, Entry, Settlement},
    time::in_words,
};

/// What one number has tried: an exact sliding log. All decisions about attempts are made here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    limit: Limit,
    entries: Vec<Entry>,
    locked_until: Option<Timestamp>,
}

impl Attempts {
    /// A number that has tried nothing yet.
    #[must_use]
    pub fn new(limit: Limit) -> Self {
        Self { limit, ..Self::default() }
    }

    /// What a store remembers of a number.
    #[must_use]
    pub fn load(limit: Limit, entries: Vec<Entry>, locked_until: Option<Timestamp>) -> Self {
        Self { limit, entries, locked_until }
    }

    /// The attempts that are remembered, in the order of their reservation.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Until when the service refuses, as far as it has said so.
    #[must_use]
    pub fn locked_until(&self) -> Option<Timestamp> {
        self.locked_until
    }

    /// The latest attempt of this kind that may have left.
    #[must_use]
    pub fn last(&self, attempt: Attempt) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.attempt == attempt && entry.state != AttemptState::NotSent)
    }

    /// How many attempts of this kind are left.
    #[must_use]
    pub fn left(&self, attempt: Attempt, now: Timestamp) -> usize {
        if self.lock(now).is_some() && attempt.is_counted() {
            return 0;
        }
        MOST.saturating_sub(self.counted(attempt, now).count())
    }

    /// When one more attempt of this kind is possible; nothing if it is now.
    #[must_use]
    pub fn next_free(&self, attempt: Attempt, now: Timestamp) -> Option<Timestamp> {
        self.free_at(attempt, 1, now)
    }

    /// When so many attempts of this kind are possible; nothing if they are now.
    #[must_use]
    pub fn free_at(&self, attempt: Attempt, needed: usize, now: Timestamp) -> Option<Timestamp> {
        if !attempt.is_counted() {
            return None;
        }
        let mut ends: Vec<_> = self.counted(attempt, now).map(|entry| entry.latest() + self.limit.span()).collect();
        ends.sort_unstable();
        // With one too many, the oldest must leave.
        let over = (ends.len() + needed).checked_sub(MOST + 1);
        let window = over.and_then(|over| ends.get(over.min(ends.len().saturating_sub(1)))).copied();
        self.lock(now).max(window)
    }

    /// How things stand, in a few words.
    #[must_use]
    pub fn allowance(&self, attempt: Attempt, now: Timestamp) -> Allowance {
        Allowance { left: self.left(attempt, now), next_free: self.next_free(attempt, now), now }
    }

    /// Takes an attempt, before its request leaves.
    ///
    /// # Errors
    ///
    /// None is left: the request must not be sent.
    pub fn reserve(&mut self, id: u64, attempt: Attempt, now: Timestamp) -> Result<(), Refusal> {
        if let Some(next_free) = self.next_free(attempt, now) {
            return Err(Refusal { next_free, is_locked: self.lock(now).is_some(), now });
        }
        self.entries.push(Entry { id, attempt, at: now, settled: None, state: AttemptState::Open, code: None });
        Ok(())
    }

    /// Notes what became of an attempt. One that certainly never left is given back.
    pub fn settle(&mut self, id: u64, settlement: &Settlement, now: Timestamp) {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) else {
            return;
        };
        entry.settled = Some(now);
        entry.state = settlement.state;
        entry.code = settlement.code;
        if settlement.is_limit {
            // Others spend attempts that nobody here sees: the service's word wins over the count.
            self.locked_until = self.locked_until.max(Some(now + self.limit.span()));
        }
    }

    /// Forgets what can matter no more: what has left the window, but for the latest of each kind.
    pub fn prune(&mut self, now: Timestamp) {
        let latest: Vec<u64> = Attempt::ALL.iter().filter_map(|kind| self.last(*kind)).map(|entry| entry.id).collect();
        let span = self.limit.span();
        self.entries.retain(|entry| entry.is_within(span, now) || latest.contains(&entry.id));
        self.locked_until = self.lock(now);
    }

    /// Whether an attempt lies within the window.
    pub(crate) fn is_recent(&self, entry: &Entry, now: Timestamp) -> bool {
        entry.is_within(self.limit.span(), now)
    }

    /// The attempts of this kind that count now.
    fn counted(&self, attempt: Attempt, now: Timestamp) -> impl Iterator<Item = &Entry> {
        let shared = self.limit.counting == Counting::Shared;
        self.entries.iter().filter(move |entry| {
            let is_same = entry.attempt == attempt || (shared && entry.attempt.is_counted());
            attempt.is_counted() && is_same && entry.state != AttemptState::NotSent && self.is_recent(entry, now)
        })
    }

    fn lock(&self, now: Timestamp) -> Option<Timestamp> {
        self.locked_until.filter(|until| now < *until)
    }
}

/// How attempts are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    counting: Counting,
    margin: Duration,
}

impl Limit {
    /// Counts registering and deregistering so. Unless set they share the ten, which is the safe reading.
    #[must_use]
    pub const fn counting(mut self, counting: Counting) -> Self {
        self.counting = counting;
        self
    }

    /// Lets so much more than 72 hours pass before an attempt comes back: for clocks that differ and for requests that
    /// were long on their way. Five minutes unless set.
    #[must_use]
    pub const fn margin(mut self, margin: Duration) -> Self {
        self.margin = margin;
        self
    }

    fn span(&self) -> Duration {
        WINDOW + self.margin
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
    /// When the next is possible; nothing if it is now.
    pub next_free: Option<Timestamp>,
    now: Timestamp,
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.next_free {
            None => write!(f, "{} of {MOST} attempts left", self.left),
            Some(at) => write!(f, "no attempts left, next free in {} ({at})", in_words(at.since(self.now))),
        }
    }
}

/// Why an attempt is not granted: nothing may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// When the next attempt is possible.
    pub next_free: Timestamp,
    /// Whether the service itself has locked the number.
    pub is_locked: bool,
    now: Timestamp,
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wait = in_words(self.next_free.since(self.now));
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

    fn hours(hours: u64) -> Timestamp {
        Timestamp::from_millis(1_000_000_000_000 + hours * 3_600_000)
    }

    fn exact() -> Limit {
        Limit::default().margin(Duration::ZERO)
    }

    fn settlement(state: AttemptState) -> Settlement {
        Settlement::new(state)
    }

    fn spent(limit: Limit, count: u64, kind: Attempt) -> Attempts {
        let mut attempts = Attempts::new(limit);
        for id in 1..=count {
            attempts.reserve(id, kind, hours(id)).unwrap();
        }
        attempts
    }

    #[test]
    fn the_eleventh_is_refused_until_the_first_has_left_the_window() {
        let mut attempts = spent(exact(), 10, Attempt::Register);
        let refusal = attempts.reserve(11, Attempt::Deregister, hours(20)).unwrap_err();
        assert_eq!((refusal.next_free, refusal.is_locked), (hours(73), false));
        assert_eq!(refusal.to_string(), "all 10 attempts in 72 hours are spent: nothing was sent, wait 53 h");
        assert!(attempts.reserve(11, Attempt::Register, Timestamp::from_millis(hours(73).as_millis() - 1)).is_err());
        attempts.reserve(11, Attempt::Register, hours(73)).unwrap();
        assert!(attempts.reserve(12, Attempt::Register, hours(73)).is_err(), "a bucket would let it through");
        attempts.reserve(12, Attempt::Register, hours(74)).unwrap();
    }

    #[test]
    fn the_margin_lengthens_the_window() {
        let attempts = spent(Limit::default(), 10, Attempt::Register);
        assert_eq!(attempts.next_free(Attempt::Register, hours(20)), Some(hours(73) + Duration::from_secs(300)));
    }

    #[test]
    fn separate_counts_are_ten_each() {
        let mut attempts = spent(exact().counting(Counting::Separate), 10, Attempt::Register);
        assert_eq!(
            (attempts.left(Attempt::Register, hours(10)), attempts.left(Attempt::Deregister, hours(10))),
            (0, 10)
        );
        attempts.reserve(11, Attempt::Deregister, hours(10)).unwrap();
        let limit = Settlement { is_limit: true, ..settlement(AttemptState::Rejected) };
        attempts.settle(11, &limit, hours(10));
        assert_eq!(attempts.left(Attempt::Deregister, hours(11)), 0, "a lock holds for both");
    }

    #[test]
    fn codes_and_messages_are_noted_but_not_counted() {
        let mut attempts = spent(exact(), 10, Attempt::Register);
        for (id, kind) in [(11, Attempt::RequestCode), (12, Attempt::VerifyCode), (13, Attempt::Message)] {
            attempts.reserve(id, kind, hours(11)).unwrap();
            assert_eq!(attempts.last(kind).unwrap().id, id);
        }
        assert_eq!(spent(exact(), 9, Attempt::Message).left(Attempt::Register, hours(9)), 10);
    }

    #[test]
    fn only_what_never_left_comes_back() {
        for (state, left) in [
            (AttemptState::Open, 9),
            (AttemptState::Confirmed, 9),
            (AttemptState::Rejected, 9),
            (AttemptState::Unknown, 9),
            (AttemptState::NotSent, 10),
        ] {
            let mut attempts = spent(exact(), 1, Attempt::Register);
            attempts.settle(1, &settlement(state), hours(2));
            assert_eq!(attempts.left(Attempt::Register, hours(2)), left, "{state:?}");
            assert_eq!(attempts.last(Attempt::Register).is_some(), state != AttemptState::NotSent);
        }
    }

    #[test]
    fn an_attempt_counts_from_its_answer_on() {
        let mut attempts = spent(exact(), 1, Attempt::Register);
        attempts.settle(1, &settlement(AttemptState::Unknown), hours(5));
        assert_eq!(attempts.left(Attempt::Register, hours(74)), 9, "it may have been on its way for long");
        assert_eq!(attempts.left(Attempt::Register, hours(77)), 10);
    }

    #[test]
    fn the_service_s_word_wins_over_the_count() {
        let mut attempts = spent(exact(), 1, Attempt::Register);
        attempts.settle(1, &Settlement { is_limit: true, ..settlement(AttemptState::Rejected) }, hours(1));
        assert_eq!(attempts.locked_until(), Some(hours(73)));
        let refusal = attempts.reserve(2, Attempt::Deregister, hours(40)).unwrap_err();
        assert!(refusal.is_locked);
        assert_eq!(refusal.to_string(), "the service has locked the number: nothing was sent, wait 33 h");
        assert_eq!(
            attempts.allowance(Attempt::Register, hours(40)).to_string(),
            "no attempts left, next free in 33 h (Wed, 12 Sep 2001 02:46:40 GMT)"
        );
        attempts.reserve(2, Attempt::Register, hours(73)).unwrap();
        assert_eq!(attempts.allowance(Attempt::Register, hours(73)).to_string(), "9 of 10 attempts left");
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_back() {
        let mut attempts = spent(exact(), 10, Attempt::Register);
        assert!(attempts.reserve(11, Attempt::Register, Timestamp::default()).is_err());
        assert_eq!(attempts.next_free(Attempt::Register, Timestamp::default()), Some(hours(73)));
        attempts.prune(Timestamp::default());
        assert_eq!(attempts.entries().len(), 10);
    }

    #[test]
    fn the_latest_of_each_kind_is_never_forgotten() {
        let mut attempts = spent(exact(), 5, Attempt::Register);
        attempts.reserve(6, Attempt::Message, hours(6)).unwrap();
        attempts.prune(hours(1_000));
        assert_eq!(attempts.entries().iter().map(|entry| entry.id).collect::<Vec<_>>(), [5, 6]);
    }

    proptest! {
        // Grants, counted by hand: whatever is asked when, and whatever is forgotten in between, no window of 72 hours
        // holds an eleventh.
        #[test]
        fn no_window_ever_holds_eleven(
            steps in prop::collection::vec((0..30_000_u64, any::<bool>(), 0..5_u8), 1..200),
            forgets in any::<bool>(),
        ) {
            let mut attempts = Attempts::new(exact());
            let (mut now, mut granted) = (hours(0), Vec::new());
            for (id, (seconds, registers, state)) in (1..).zip(steps) {
                now = now + Duration::from_secs(seconds);
                let kind = if registers { Attempt::Register } else { Attempt::Deregister };
                if attempts.reserve(id, kind, now).is_ok() {
                    granted.push(now);
                    let state = [AttemptState::Open, AttemptState::Confirmed, AttemptState::Rejected, AttemptState::Unknown][usize::from(state % 4)];
                    attempts.settle(id, &settlement(state), now);
                }
                if forgets {
                    attempts.prune(now);
                }
                let within = granted.iter().filter(|at| now.since(**at) < WINDOW).count();
                prop_assert!(within <= MOST);
                prop_assert_eq!(attempts.left(kind, now), MOST - within, "exact, not merely safe");
            }
        }
    }
}
