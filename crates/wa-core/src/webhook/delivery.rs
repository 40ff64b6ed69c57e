//! From a delivery's bytes to its events.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use wa_types::{BusinessId, PhoneNumberId, Timestamp, WabaId, lenient::Read};

use super::{
    Change, Event, Verified,
    fields::{self, Members, Reader, Shape},
    value::{Value, items},
};
use crate::json;

/// A delivery that is no webhook at all. Its bytes are with the [`Verified`] it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the delivery is not JSON with a list of entries")]
pub struct MalformedDelivery;

impl<'a> Verified<'a> {
    /// Everything that the delivery tells: every item of every list of every change. What cannot be read becomes an event
    /// of its own and hides nothing else.
    ///
    /// # Errors
    ///
    /// The delivery is no webhook at all.
    pub fn events(&self) -> Result<Vec<Event<'a>>, MalformedDelivery> {
        match String::from_utf8_lossy(self.body()) {
            Cow::Borrowed(text) => read_delivery(text),
            // A bad byte spoils the text it stands in, and no more than that.
            Cow::Owned(text) => Ok(owned(read_delivery(&text)?)),
        }
    }
}

fn owned(events: Vec<Event<'_>>) -> Vec<Event<'static>> {
    events.into_iter().map(Event::into_owned).collect()
}

pub(super) fn read_delivery(text: &str) -> Result<Vec<Event<'_>>, MalformedDelivery> {
    let mut events = Vec::new();
    // Nearly all deliveries are well-formed down to their changes: one look at the text is enough for them.
    if let Ok(Envelope { entry }) = serde_json::from_str::<Envelope<Entry<'_, Named<'_>>>>(text) {
        for entry in entry {
            let source = entry.source();
            for change in &entry.changes {
                source.read_change(change, &mut events);
            }
        }
        return Ok(events);
    }
    if let Some(repaired) = json::repaired(text) {
        return Ok(owned(read_delivery(&repaired)?));
    }
    let envelope: Envelope<&RawValue> = serde_json::from_str(text).map_err(|_| MalformedDelivery)?;
    for entry in envelope.entry {
        read_entry(entry.get(), &mut events);
    }
    Ok(events)
}

#[derive(Deserialize)]
struct Envelope<E> {
    entry: Vec<E>,
}

#[derive(Deserialize)]
struct Entry<'a, C> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    time: Option<&'a RawValue>,
    changes: Vec<C>,
}

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    field: Cow<'a, str>,
    #[serde(borrow)]
    value: &'a RawValue,
}

impl<'a, C> Entry<'a, C> {
    /// An odd time must not cost the changes.
    fn source(&self) -> Source<'a> {
        let time = self.time.and_then(|time| json::from_str::<Read<_>>(time.get()).ok()).and_then(|Read(time)| time);
        Source { id: self.id, time }
    }
}

fn read_entry<'a>(raw: &'a str, events: &mut Vec<Event<'a>>) {
    let Ok(entry) = serde_json::from_str::<Entry<'_, &RawValue>>(raw) else {
        events.push(Source { id: None, time: None }.event("".into(), raw, Change::Unreadable));
        return;
    };
    let source = entry.source();
    for change in &entry.changes {
        match serde_json::from_str(change.get()) {
            Ok(named) => source.read_change(&named, events),
            Err(_) => events.push(source.event("".into(), change.get(), Change::Unreadable)),
        }
    }
}

/// What an entry says of all its changes.
struct Source<'a> {
    id: Option<&'a RawValue>,
    time: Option<Timestamp>,
}

impl<'a> Source<'a> {
    fn event(&self, field: Cow<'a, str>, raw: &'a str, change: Change) -> Event<'a> {
        let Whose { account, portfolio, number } = self.whose(&field, &change);
        Event { account, portfolio, time: self.time, number, field, contact: None, change, raw: raw.into() }
    }

    /// The entry's id is an account's, but for events of partners.
    fn whose(&self, field: &str, change: &Change) -> Whose {
        let account = || self.id.and_then(|id| json::from_str::<WabaId>(id.get()).ok());
        let portfolio = || self.id.and_then(|id| json::from_str::<BusinessId>(id.get()).ok());
        let of_account = |number| Whose { account: account(), portfolio: None, number };
        match change {
            Change::AccountUpdate(update) => match &update.waba_info {
                Some(info) => Whose { account: info.waba_id.clone(), portfolio: portfolio(), number: None },
                None => of_account(None),
            },
            Change::Settings(update) => {
                of_account(update.phone_number_settings.as_ref().and_then(|settings| settings.phone_number_id.clone()))
            }
            Change::Handover(handover) => {
                of_account(handover.recipient.as_ref().map(|number| number.phone_number_id.clone()))
            }
            _ if field == "partner_solutions" => Whose { account: None, portfolio: portfolio(), number: None },
            _ => of_account(None),
        }
    }

    fn read_change(&self, change: &Named<'a>, events: &mut Vec<Event<'a>>) {
        let whole = |read: Reader| self.event(change.field.clone(), change.value.get(), read(change.value.get()));
        match fields::shape(&change.field) {
            Some(Shape::Whole(read)) => events.push(whole(read)),
            Some(Shape::Members(members)) => self.read_members(change, members, events),
            None => events.push(whole(|_| Change::Other)),
        }
    }

    /// Tells every item of the lists as an event of its own. If there is none, or more than is known, the whole is one, too.
    fn read_members(&self, change: &Named<'a>, members: Members, events: &mut Vec<Event<'a>>) {
        let told = events.len();
        let raw = change.value.get();
        // Nearly all lists are lists: then their items are found at the first look.
        let (number, rest) = if let Some(value) = Value::<Vec<&RawValue>>::read(raw, members) {
            (value.number.clone(), self.tell(change, value, Ok, events))
        } else if let Some(value) = Value::<&RawValue>::read(raw, members) {
            (value.number.clone(), self.tell(change, value, items, events))
        } else {
            (None, Some(Change::Unreadable))
        };
        let nothing = (events.len() == told).then_some(Change::Other);
        if let Some(rest) = rest.or(nothing) {
            events.push(Event { number, ..self.event(change.field.clone(), raw, rest) });
        }
    }

    /// Returns what is left to tell of the whole.
    fn tell<L>(
        &self,
        change: &Named<'a>,
        value: Value<'a, L>,
        items: fn(L) -> Result<Vec<&'a RawValue>, &'a RawValue>,
        events: &mut Vec<Event<'a>>,
    ) -> Option<Change> {
        let Value { number, contacts, lists, objects, has_more } = value;
        let mut tell = |raw: &'a RawValue, said: Change| {
            let contact = fields::contact(&said, &contacts).cloned();
            let event = self.event(change.field.clone(), raw.get(), said);
            events.push(Event { number: number.clone(), contact, ..event });
        };
        for (read, list) in lists {
            match items(list) {
                Ok(items) => items.into_iter().for_each(|item| tell(item, read(item.get()))),
                Err(odd) => tell(odd, Change::Unreadable),
            }
        }
        for (read, object) in objects {
            tell(object, read(object.get()));
        }
        has_more.then_some(Change::Other)
    }
}

struct Whose {
    account: Option<WabaId>,
    portfolio: Option<BusinessId>,
    number: Option<PhoneNumberId>,
}

#[cfg(test)]
mod tests;
