use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use sha2::{Digest as _, Sha256};
use wa_types::Timestamp;

use crate::webhook::{AsyncInbox, Claim, EventKey, Inbox, InboxError, Lease, RETENTION};

/// An inbox that lasts as long as its process and takes bounded memory. In a `Mutex` it is an [`Inbox`].
///
/// It holds so many events, of about 150 bytes each. When it is full, it forgets what is over, then what was done
/// longest ago: if the service repeats that later, it is worked on again. What is being worked on is never forgotten. If
/// that alone fills the inbox, claims are answered with [`Claim::InProgress`] until the first lease ends.
#[derive(Clone, Debug)]
pub struct MemoryInbox {
    capacity: usize,
    last_token: u64,
    events: BTreeMap<[u8; 32], State>,
    // The same events by their end.
    leased: BTreeSet<(Timestamp, [u8; 32])>,
    done: BTreeSet<(Timestamp, [u8; 32])>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    token: u64,
    until: Timestamp,
    is_done: bool,
}

impl MemoryInbox {
    /// An empty inbox for so many events, at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            last_token: 0,
            events: BTreeMap::new(),
            leased: BTreeSet::new(),
            done: BTreeSet::new(),
        }
    }

    /// Takes an event for so long, unless it is done or somebody else has taken it.
    pub fn claim(&mut self, event: &EventKey, lease: Duration, now: Timestamp) -> Claim {
        let id = digest(event);
        match self.events.get(&id).copied() {
            Some(state) if state.until > now && state.is_done => return Claim::AlreadyDone,
            Some(state) if state.until > now => return Claim::InProgress { until: state.until },
            Some(_) => {}
            None if self.make_room(now) => {}
            None => {
                let until = self.leased.first().map_or(now, |(until, _)| *until);
                return Claim::InProgress { until };
            }
        }
        self.last_token += 1;
        let (token, until) = (self.last_token, now + lease);
        self.set(id, State { token, until, is_done: false });
        Claim::New(Lease::new(event.clone(), token, until))
    }

    /// Notes that an event is done. Returns false if the lease had expired and somebody else has taken the event since,
    /// or if it was forgotten since.
    pub fn confirm(&mut self, lease: &Lease, now: Timestamp) -> bool {
        let (id, token) = (digest(lease.event()), lease.token());
        let is_held = self.events.get(&id).is_some_and(|state| state.token == token);
        if is_held {
            self.set(id, State { token, until: now + RETENTION, is_done: true });
        }
        is_held
    }

    /// Gives an event back that could not be worked on, so that it can be taken again at once.
    pub fn release(&mut self, lease: &Lease, now: Timestamp) {
        let (id, token) = (digest(lease.event()), lease.token());
        if self.events.get(&id).is_some_and(|state| state.token == token && !state.is_done) {
            self.set(id, State { token, until: now, is_done: false });
        }
    }

    /// Forgets what is over, and returns how much that was.
    pub fn prune(&mut self, now: Timestamp) -> usize {
        let before = self.events.len();
        while self.forget_over(now) {}
        before - self.events.len()
    }

    fn set(&mut self, id: [u8; 32], state: State) {
        if let Some(old) = self.events.insert(id, state) {
            self.by_end(old).remove(&(old.until, id));
        }
        self.by_end(state).insert((state.until, id));
    }

    fn by_end(&mut self, state: State) -> &mut BTreeSet<(Timestamp, [u8; 32])> {
        if state.is_done { &mut self.done } else { &mut self.leased }
    }

    /// Makes room for one event more, if there is any to be made.
    fn make_room(&mut self, now: Timestamp) -> bool {
        self.events.len() < self.capacity || self.forget_over(now) || {
            let oldest = self.done.pop_first();
            oldest.is_some_and(|(_, id)| self.events.remove(&id).is_some())
        }
    }

    /// Forgets one event that is over, if there is one.
    fn forget_over(&mut self, now: Timestamp) -> bool {
        for ends in [&mut self.done, &mut self.leased] {
            if let Some((_, id)) = ends.first().copied().filter(|(until, _)| *until <= now) {
                ends.pop_first();
                return self.events.remove(&id).is_some();
            }
        }
        false
    }
}

impl Inbox for Mutex<MemoryInbox> {
    fn claim(&self, event: &EventKey, lease: Duration, now: Timestamp) -> Result<Claim, InboxError> {
        Ok(self.lock().unwrap_or_else(PoisonError::into_inner).claim(event, lease, now))
    }

    fn confirm(&self, lease: &Lease, now: Timestamp) -> Result<bool, InboxError> {
        Ok(self.lock().unwrap_or_else(PoisonError::into_inner).confirm(lease, now))
    }

    fn release(&self, lease: &Lease, now: Timestamp) -> Result<(), InboxError> {
        self.lock().unwrap_or_else(PoisonError::into_inner).release(lease, now);
        Ok(())
    }

    fn prune(&self, now: Timestamp) -> Result<usize, InboxError> {
        Ok(self.lock().unwrap_or_else(PoisonError::into_inner).prune(now))
    }
}

#[async_trait]
impl AsyncInbox for Mutex<MemoryInbox> {
    async fn claim(&self, event: &EventKey, lease: Duration, now: Timestamp) -> Result<Claim, InboxError> {
        Inbox::claim(self, event, lease, now)
    }

    async fn confirm(&self, lease: &Lease, now: Timestamp) -> Result<bool, InboxError> {
        Inbox::confirm(self, lease, now)
    }

    async fn release(&self, lease: &Lease, now: Timestamp) -> Result<(), InboxError> {
        Inbox::release(self, lease, now)
    }

    async fn prune(&self, now: Timestamp) -> Result<usize, InboxError> {
        Inbox::prune(self, now)
    }
}

/// Keys may be long, and the memory is bounded.
fn digest(event: &EventKey) -> [u8; 32] {
    Sha256::digest(event.as_str()).into()
}

#[cfg(test)]
mod tests;
