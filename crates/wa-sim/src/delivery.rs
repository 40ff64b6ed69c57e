use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{Rng, Time};

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

    pub(crate) fn push(&mut self, delivery: Delivery) -> u64 {
        let id = delivery.id;
        self.next += 1;
        self.deliveries.insert(id, delivery);
        let is_settled = |delivery: &Delivery| !matches!(delivery.state, DeliveryState::Waiting | DeliveryState::Taken);
        if self.deliveries.len() > REMEMBERED {
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

const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3_600);
/// Meta's page on webhooks: it tries for up to seven days.
const GIVE_UP: Duration = Duration::from_secs(7 * 24 * 3_600);
const REMEMBERED: usize = 10_000;
const LOOKED_AT: usize = 100;
