use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use sha2::{Digest as _, Sha256};
use wa_types::{
    PhoneNumberId, ScopedUserId, Timestamp, WhatsAppId,
    webhook::{Call, CallDirection, CallEvent, InboundMessage, MessageKind, User},
};

use crate::webhook::{Change, Event};

/// Until when a text without a template reaches each user: 24 hours from the user's last message or call on.
///
/// A user may be known by a business-scoped id, by a phone number, or by both: once an event names both, they are one user. What
/// has closed is forgotten by itself.
///
/// It knows only what it is told. Not to be found here does not mean closed: the user may have written before the program
/// started, to another process, in a delivery that is still to come, or so long ago that a full value has forgotten it. And
/// the service says that in rare cases it refuses a text although the window is open. So whoever sends must be ready for the
/// error 131047, which may also come as a status.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages)
#[derive(Clone, Debug)]
pub struct ServiceWindows {
    capacity: usize,
    last: u64,
    // By the digest of a number and an id of a user.
    ids: BTreeMap<[u8; 32], u64>,
    users: BTreeMap<u64, Window>,
    // The same users, the one whose window closes first at the beginning.
    by_time: BTreeSet<(Timestamp, u64)>,
}

#[derive(Clone, Debug)]
struct Window {
    opened: Timestamp,
    ids: Vec<[u8; 32]>,
}

impl ServiceWindows {
    /// No window is open. So many ids are kept, of about 160 bytes each; a user may have two for each number. When there are
    /// more, the windows that close first are forgotten.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            // Fewer would not hold one user.
            capacity: capacity.max(2),
            last: 0,
            ids: BTreeMap::new(),
            users: BTreeMap::new(),
            by_time: BTreeSet::new(),
        }
    }

    /// Opens the window that an event opens, if it does.
    pub fn observe(&mut self, event: &Event<'_>, now: Timestamp) {
        let Some(number) = &event.number else { return };
        let (user_id, wa_id, at) = match &event.change {
            Change::Message(message) | Change::StandbyMessage(message) if opens(message) => {
                (&message.from_user_id, &message.from, message.timestamp)
            }
            Change::Call(call) if is_from_user(call) => (&call.from_user_id, &call.from, call.timestamp),
            _ => return,
        };
        // What does not tell its time may be a week old.
        if let Some(at) = at {
            self.open(number, user_id.as_ref(), wa_id.as_ref(), at, now);
        }
    }

    /// Opens a window, or keeps it open: the user wrote or called at this time. So a program can begin with what it has
    /// stored.
    pub fn open(
        &mut self,
        number: &PhoneNumberId,
        user_id: Option<&ScopedUserId>,
        wa_id: Option<&WhatsAppId>,
        at: Timestamp,
        now: Timestamp,
    ) {
        while self.by_time.first().is_some_and(|(opened, _)| *opened + LENGTH <= now) {
            self.forget_first();
        }
        let users = user_id.map(User::Scoped).into_iter().chain(wa_id.map(User::Phone));
        let mut window = Window { opened: at.min(now), ids: users.map(|user| digest(number, user)).collect() };
        if window.ids.is_empty() || window.opened + LENGTH <= now {
            return;
        }
        for id in window.ids.clone() {
            if let Some(known) = self.ids.get(&id).copied().and_then(|user| self.forget(user)) {
                window.opened = window.opened.max(known.opened);
                window.ids.extend(known.ids);
            }
        }
        window.ids.sort_unstable();
        window.ids.dedup();
        self.last += 1;
        self.ids.extend(window.ids.iter().map(|id| (*id, self.last)));
        self.by_time.insert((window.opened, self.last));
        self.users.insert(self.last, window);
        while self.ids.len() > self.capacity {
            self.forget_first();
        }
    }

    /// When the window of a user closes. Nothing if it is closed, or not known to be open.
    #[must_use]
    pub fn open_until(&self, number: &PhoneNumberId, user: User<'_>, now: Timestamp) -> Option<Timestamp> {
        let user = self.ids.get(&digest(number, user))?;
        let end = self.users.get(user)?.opened + LENGTH;
        (end > now).then_some(end)
    }

    fn forget_first(&mut self) {
        if let Some((_, user)) = self.by_time.first().copied() {
            self.forget(user);
        }
    }

    fn forget(&mut self, user: u64) -> Option<Window> {
        let window = self.users.remove(&user)?;
        self.by_time.remove(&(window.opened, user));
        for id in &window.ids {
            self.ids.remove(id);
        }
        Some(window)
    }
}

/// Whether a message is one by which a user writes to the business, rather than a notice or a change of an earlier one.
fn opens(message: &InboundMessage) -> bool {
    use MessageKind::{Edit, MediaPlaceholder, RequestWelcome, Revoke, System};
    let is_none = matches!(message.kind(), System | RequestWelcome | MediaPlaceholder | Edit | Revoke);
    message.group_id.is_none() && !is_none
}

fn is_from_user(call: &Call) -> bool {
    call.direction == Some(CallDirection::UserInitiated) && call.event == CallEvent::Connect
}

fn digest(number: &PhoneNumberId, user: User<'_>) -> [u8; 32] {
    Sha256::new().chain_update(number.as_str()).chain_update([0]).chain_update(user.as_str()).finalize().into()
}

/// Meta, "Service messages": a message or a call starts the timer anew.
const LENGTH: Duration = Duration::from_secs(24 * 3_600);

#[cfg(test)]
mod tests;
