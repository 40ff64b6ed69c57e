use std::borrow::Cow;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use wa_types::{
    PhoneNumberId, Timestamp, WabaId,
    lenient::Read,
    webhook::{
        AccountReview, AccountUpdate, BusinessCapability, Contact, InboundMessage, Metadata, NameUpdate, QualityUpdate,
        SecurityUpdate, StatusUpdate, WebhookFailure,
    },
};

use crate::{json, webhook::Verified};

/// One thing that the service tells. A delivery holds any number of them, from any number of accounts.
///
/// Deliveries repeat and arrive out of order: decide by ids and states, not by their sequence.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The account that the delivery names. With partner events it is another than the one that the event is about.
    pub account: Option<WabaId>,
    /// When it happened; message events tell it in themselves.
    pub time: Option<Timestamp>,
    /// The number that it concerns, of message events.
    pub number: Option<PhoneNumberId>,
    /// The webhook field.
    pub field: Cow<'a, str>,
    /// The person who wrote, of messages.
    pub contact: Option<Contact>,
    /// What it says.
    pub change: Change,
    /// The same as JSON, with all that is not typed. Where the delivery is not sound text, U+FFFD stands
    /// for what is wrong.
    pub raw: Cow<'a, str>,
}

impl Event<'_> {
    /// The event without the delivery that it came in.
    #[must_use]
    pub fn into_owned(self) -> Event<'static> {
        let Self { account, time, number, field, contact, change, raw } = self;
        let (field, raw) = (field.into_owned().into(), raw.into_owned().into());
        Event { account, time, number, field, contact, change, raw }
    }
}

/// What an event says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// The review of a display name is decided.
    NameUpdate(NameUpdate),
    /// A number's quality, limit or throughput has changed.
    QualityUpdate(QualityUpdate),
    /// Somebody has touched a number's two-step verification.
    Security(SecurityUpdate),
    /// Something has happened to an account.
    AccountUpdate(Box<AccountUpdate>),
    /// The review of an account is decided.
    AccountReview(AccountReview),
    /// What a business may do has changed.
    BusinessCapability(BusinessCapability),
    /// A person wrote.
    Message(Box<InboundMessage>),
    /// A message that was sent has come further.
    Status(Box<StatusUpdate>),
    /// A failure that concerns no single message.
    Failure(WebhookFailure),
    /// A field that is not typed here: see [`Event::raw`].
    Other,
    /// A typed field whose content is not what it should be: see [`Event::raw`].
    Unreadable,
}

/// A delivery that is no webhook at all. Its bytes are with the [`Verified`] it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the delivery is not JSON with a list of entries")]
pub struct MalformedDelivery;

impl<'a> Verified<'a> {
    /// Everything that the delivery tells. What cannot be read becomes an event of its own and hides nothing else.
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

fn read_delivery(text: &str) -> Result<Vec<Event<'_>>, MalformedDelivery> {
    let mut events = Vec::new();
    // Nearly all deliveries are well-formed down to their changes: one look at the text is enough for them.
    if let Ok(Envelope { entry }) = serde_json::from_str::<Envelope<Entry<'_, Named<'_>>>>(text) {
        for entry in entry {
            let source = entry.source();
            for change in &entry.changes {
                read_change(&source, change, &mut events);
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

impl<C> Entry<'_, C> {
    /// An odd id or time must not cost the changes.
    fn source(&self) -> Source {
        Source {
            account: self.id.and_then(|id| json::from_str(id.get()).ok()),
            time: self.time.and_then(|time| json::from_str::<Read<_>>(time.get()).ok()).and_then(|Read(time)| time),
        }
    }
}

fn read_entry<'a>(raw: &'a str, events: &mut Vec<Event<'a>>) {
    let Ok(entry) = serde_json::from_str::<Entry<'_, &RawValue>>(raw) else {
        events.push(Source { account: None, time: None }.event("".into(), raw, Change::Unreadable));
        return;
    };
    let source = entry.source();
    for change in &entry.changes {
        match serde_json::from_str(change.get()) {
            Ok(named) => read_change(&source, &named, events),
            Err(_) => events.push(source.event("".into(), change.get(), Change::Unreadable)),
        }
    }
}

struct Source {
    account: Option<WabaId>,
    time: Option<Timestamp>,
}

impl Source {
    fn event<'a>(&self, field: Cow<'a, str>, raw: &'a str, change: Change) -> Event<'a> {
        let account = self.account.clone();
        Event { account, time: self.time, number: None, field, contact: None, change, raw: raw.into() }
    }
}

fn read_change<'a>(source: &Source, change: &Named<'a>, events: &mut Vec<Event<'a>>) {
    let Named { field, value } = change;
    let raw = value.get();
    let change = match &**field {
        "phone_number_name_update" => read(raw, Change::NameUpdate),
        "phone_number_quality_update" => read(raw, Change::QualityUpdate),
        "security" => read(raw, Change::Security),
        "account_update" => read(raw, |update| Change::AccountUpdate(Box::new(update))),
        "account_review_update" => read(raw, Change::AccountReview),
        "business_capability_update" => read(raw, Change::BusinessCapability),
        MESSAGES => {
            let told = events.len();
            let change = read_messages(source, raw, events);
            if events.len() > told {
                return;
            }
            change
        }
        _ => Change::Other,
    };
    events.push(source.event(field.clone(), raw, change));
}

fn read<T: DeserializeOwned>(raw: &str, change: impl Fn(T) -> Change) -> Change {
    json::from_str(raw).map_or(Change::Unreadable, change)
}

/// Tells every item of the lists as an event of its own. If there is none, the whole is one: what it returns.
fn read_messages<'a>(source: &Source, raw: &'a str, events: &mut Vec<Event<'a>>) -> Change {
    #[derive(Deserialize)]
    struct Value<'a> {
        #[serde(borrow)]
        metadata: Option<&'a RawValue>,
        #[serde(borrow)]
        contacts: Option<&'a RawValue>,
        #[serde(borrow)]
        messages: Option<&'a RawValue>,
        #[serde(borrow)]
        statuses: Option<&'a RawValue>,
        #[serde(borrow)]
        errors: Option<&'a RawValue>,
    }

    let Ok(value) = serde_json::from_str::<Value<'_>>(raw) else {
        return Change::Unreadable;
    };
    let metadata: Option<Metadata> = value.metadata.and_then(|metadata| json::from_str(metadata.get()).ok());
    let number = metadata.map(|metadata| metadata.phone_number_id);
    let contacts: Vec<Contact> =
        items(value.contacts).into_iter().flatten().filter_map(|contact| json::from_str(contact).ok()).collect();

    let mut tell = |list: Option<&'a RawValue>, read_item: fn(&'a str) -> Change| match items(list) {
        Ok(items) => {
            for item in items {
                let change = read_item(item);
                let contact = author(&change, &contacts).cloned();
                events.push(Event { number: number.clone(), contact, ..source.event(MESSAGES.into(), item, change) });
            }
        }
        Err(odd) => events.push(source.event(MESSAGES.into(), odd, Change::Unreadable)),
    };
    tell(value.messages, |item| read(item, |message| Change::Message(Box::new(message))));
    tell(value.statuses, |item| read(item, |status| Change::Status(Box::new(status))));
    tell(value.errors, |item| read(item, Change::Failure));
    Change::Other
}

/// The items of a list that may be missing, or what stands in its place.
fn items(list: Option<&RawValue>) -> Result<Vec<&str>, &str> {
    let Some(list) = list else {
        return Ok(Vec::new());
    };
    let items: Vec<&RawValue> = serde_json::from_str(list.get()).map_err(|_| list.get())?;
    Ok(items.into_iter().map(RawValue::get).collect())
}

fn author<'c>(change: &Change, contacts: &'c [Contact]) -> Option<&'c Contact> {
    let Change::Message(message) = change else {
        return None;
    };
    contacts.iter().find(|contact| {
        (message.from.is_some() && contact.wa_id == message.from)
            || (message.from_user_id.is_some() && contact.user_id == message.from_user_id)
    })
}

const MESSAGES: &str = "messages";

#[cfg(test)]
mod tests;
