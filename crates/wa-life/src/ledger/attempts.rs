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
mod tests;
