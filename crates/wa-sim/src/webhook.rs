use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    time::Duration,
};

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{Callback, Rng, State, Time, render};

/// The deliveries to the apps. Whoever owns the engine makes them: takes what is due, sends it, says how it went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Webhooks {
    /// All deliveries that are remembered, by their id.
    pub deliveries: BTreeMap<u64, Delivery>,
    /// The id of the next one.
    pub next: u64,
}

impl Webhooks {
    /// Notes how a delivery went. A refused one comes again after a pause that doubles, for a week at most:
    /// then its time is given back.
    pub(crate) fn settle(&mut self, id: u64, is_accepted: bool, now: Time) -> Option<Time> {
        let delivery = self.deliveries.get_mut(&id)?;
        let pause = Duration::from_secs(60 << delivery.tries.clamp(1, 10).saturating_sub(1)).min(LONGEST_PAUSE);
        delivery.state = match is_accepted {
            true => DeliveryState::Accepted,
            false if (now + pause).since(delivery.created) > GIVE_UP => DeliveryState::GivenUp,
            false => {
                delivery.due = now + pause;
                DeliveryState::Waiting
            }
        };
        (delivery.state == DeliveryState::Waiting).then_some(delivery.due)
    }

    /// Notes that a delivery was not sent and will not be.
    pub(crate) fn withhold(&mut self, id: u64) {
        if let Some(delivery) = self.deliveries.get_mut(&id) {
            delivery.state = DeliveryState::Withheld;
        }
    }

    /// Delivers once more what was delivered, under an id of its own.
    pub(crate) fn duplicate(&mut self, id: u64, now: Time) -> Option<u64> {
        let original = self.deliveries.get(&id)?;
        let copy = Delivery { id: self.next, due: now, state: DeliveryState::Waiting, tries: 0, ..original.clone() };
        Some(self.push(copy))
    }

    /// Lets those that wait come in another order.
    pub(crate) fn reorder(&mut self, rng: &mut Rng) {
        let waiting = |delivery: &&mut Delivery| delivery.state == DeliveryState::Waiting;
        let mut times: Vec<_> = self.deliveries.values_mut().filter(waiting).map(|delivery| delivery.due).collect();
        times.sort_unstable();
        let mut order: Vec<_> = self.deliveries.values_mut().filter(waiting).collect();
        rng.shuffle(&mut order);
        // Equal times would come in the order of their ids again.
        let mut last = None;
        for (delivery, due) in order.into_iter().zip(times) {
            let due = last.map_or(due, |last: Time| due.max(last + Duration::from_millis(1)));
            delivery.due = due;
            last = Some(due);
        }
    }

    /// Changes what is delivered but not its signature.
    pub(crate) fn tamper(&mut self, id: u64) -> bool {
        let Some(delivery) = self.deliveries.get_mut(&id) else {
            return false;
        };
        delivery.body = delivery.body.replacen("whatsapp_business_account", "whatsapp_business_accomplice", 1);
        true
    }

    fn push(&mut self, delivery: Delivery) -> u64 {
        let id = delivery.id;
        self.next += 1;
        self.deliveries.insert(id, delivery);
        let is_settled = |delivery: &Delivery| !matches!(delivery.state, DeliveryState::Waiting | DeliveryState::Taken);
        if self.deliveries.len() > KEPT {
            // Looking through all of them each time would be slow where nobody ever says how one went.
            let oldest = self.deliveries.values().take(LOOKED_AT).find(|delivery| is_settled(delivery));
            let oldest = oldest.or_else(|| self.deliveries.values().next());
            if let Some(oldest) = oldest.map(|delivery| delivery.id) {
                self.deliveries.remove(&oldest);
            }
        }
        id
    }
}

/// What waits, by its time. It is no part of the state: it can be made from the deliveries at any time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting {
    by_time: BTreeSet<(Time, u64)>,
    /// The deliveries before this one are known.
    known: u64,
}

impl Waiting {
    /// Takes the deliveries that are due, in the order of their time.
    pub(crate) fn take_due(&mut self, webhooks: &mut Webhooks, now: Time) -> Vec<Delivery> {
        for (id, delivery) in webhooks.deliveries.range(self.known..) {
            if delivery.state == DeliveryState::Waiting {
                self.by_time.insert((delivery.due, *id));
            }
        }
        self.known = webhooks.next;
        let mut due = Vec::new();
        while let Some((at, id)) = self.by_time.first().copied().filter(|(at, _)| *at <= now) {
            self.by_time.remove(&(at, id));
            // One may have been forgotten, or settled by somebody who never took it.
            let delivery = webhooks.deliveries.get_mut(&id);
            let still_waits = |found: &&mut Delivery| found.state == DeliveryState::Waiting && found.due == at;
            if let Some(delivery) = delivery.filter(still_waits) {
                delivery.state = DeliveryState::Taken;
                delivery.tries += 1;
                due.push(delivery.clone());
            }
        }
        due
    }

    /// When the next one is due, of those that are known.
    #[cfg(feature = "server")]
    pub(crate) fn next(&self) -> Option<Time> {
        self.by_time.first().map(|(at, _)| *at)
    }

    pub(crate) fn add(&mut self, due: Time, id: u64) {
        self.by_time.insert((due, id));
    }
}

/// One `POST` to an app's callback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Delivery {
    /// Its id.
    pub id: u64,
    /// The app.
    pub app: String,
    /// Where it goes.
    pub url: String,
    /// What it tells about, such as `messages`.
    pub field: String,
    /// When it came about.
    pub created: Time,
    /// When it is to be sent.
    pub due: Time,
    /// How often it was sent.
    pub tries: u32,
    /// How far it is.
    pub state: DeliveryState,
    /// The bytes to send.
    pub body: String,
    /// The value of the header `X-Hub-Signature-256`.
    pub signature: String,
}

/// How far a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeliveryState {
    /// Its time has not come, or nobody has taken it.
    Waiting,
    /// Somebody has taken it and not said how it went.
    Taken,
    /// The callback answered 200.
    Accepted,
    /// It was refused for a week.
    GivenUp,
    /// It was not sent, because the callback is on another machine.
    Withheld,
}

/// The `GET` by which the service asks a callback whether it belongs to the app.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handshake {
    /// The address with its query.
    pub url: String,
    challenge: String,
}

impl Handshake {
    pub(crate) fn new(Callback { url, verify_token }: &Callback, rng: &mut Rng) -> Self {
        let challenge = rng.digits(10);
        let token = utf8_percent_encode(verify_token, NON_ALPHANUMERIC);
        let separator = if url.contains('?') { '&' } else { '?' };
        let query = format!("hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={token}");
        Self { url: format!("{url}{separator}{query}"), challenge }
    }

    /// Whether this answer passes.
    #[must_use]
    pub fn passes(&self, status: u16, body: &[u8]) -> bool {
        status == 200 && body == self.challenge.as_bytes()
    }
}

/// What a call that names a callback hears of the handshake with it.
#[derive(Clone, Debug, Default)]
pub(crate) enum CallbackCheck {
    #[default]
    Passed,
    Refused,
    /// Nobody has asked yet: the address and the token to ask with are noted here, and the call goes no further.
    Open(Option<Callback>),
}

/// Signs what is delivered: the value of `X-Hub-Signature-256`.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hmac(secret, body))
}

/// The HMAC-SHA256 of some bytes, in small hexadecimal digits.
pub(crate) fn hmac(secret: &str, bytes: &[u8]) -> String {
    let mut digits = String::new();
    // HMAC takes keys of any length.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        mac.update(bytes);
        for byte in mac.finalize().into_bytes() {
            let _ = write!(digits, "{byte:02x}");
        }
    }
    digits
}

/// Queues a change of a number for all apps that subscribe to its account.
pub(crate) fn queue(state: &mut State, number: &str, field: &str, value: Value) {
    let Some(number) = state.numbers.get(number) else {
        return;
    };
    let own = number.webhook.as_ref().map(|own| own.url.clone());
    let account = number.account.clone();
    queue_for_account(state, &account, own, field, value);
}

/// Queues a change of an account; `url` goes before the addresses of the apps, if the field takes another address.
pub(crate) fn queue_for_account(state: &mut State, id: &str, url: Option<String>, field: &str, value: Value) {
    let Some(account) = state.accounts.get(id).filter(|account| !account.subscriptions.is_empty()) else {
        return;
    };
    let subscriptions = account.subscriptions.clone();
    let takes_override = OVERRIDABLE.contains(&field);
    let mut entry = json!({"id": id, "changes": [{"field": field, "value": value}]});
    // Meta's examples of `messages` have no time.
    if field != "messages" {
        entry["time"] = state.now.as_secs().into();
    }
    let mut payload = json!({"object": "whatsapp_business_account", "entry": [entry]});
    if !state.rules.plain {
        render::add_unknown(&mut payload["entry"][0]["changes"][0]["value"], &mut state.seed);
    }
    for (app, address) in subscriptions {
        let Some(settings) = state.apps.get(&app) else {
            continue;
        };
        let callback = settings.callback.as_ref().map(|callback| callback.url.clone());
        let own = url.clone().or_else(|| address.map(|address| address.url)).filter(|_| takes_override);
        let Some(url) = own.or(callback) else {
            continue;
        };
        let body = render::render(&payload, if state.rules.plain { None } else { Some(&mut state.seed) });
        let delivery = Delivery {
            id: state.webhooks.next,
            url,
            field: field.to_owned(),
            created: state.now,
            due: state.now,
            tries: 0,
            state: DeliveryState::Waiting,
            signature: sign(&settings.secret, body.as_bytes()),
            body,
            app,
        };
        state.webhooks.push(delivery);
    }
}

/// The fields that go to an address that an account or a number sets; all others go to the app's own callback. Meta's
/// page on overrides, June 2026.
const OVERRIDABLE: &[&str] = &[
    "messages",
    "message_echoes",
    "calls",
    "consumer_profile",
    "messaging_handovers",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "smb_message_echoes",
    "smb_app_state_sync",
    "history",
    "account_settings_update",
];
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3_600);
/// Meta's page on webhooks: it tries for up to seven days.
const GIVE_UP: Duration = Duration::from_secs(7 * 24 * 3_600);
const KEPT: usize = 10_000;
const LOOKED_AT: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_published_one() {
        // RFC 4231, test case 2.
        assert_eq!(
            sign("Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
