use std::borrow::Cow;

use wa_types::{BusinessId, PhoneNumberId, Timestamp, WabaId, webhook::Contact};

use super::{Change, EventKey};

/// One thing that the service tells. A delivery holds any number of them, from any number of accounts.
///
/// Deliveries repeat and arrive out of order: decide by [`key`](Self::key) and by states, not by their sequence.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The account that it concerns. The service's own test deliveries have `0`.
    pub account: Option<WabaId>,
    /// The business portfolio that the delivery names in place of an account, of events of partners.
    pub portfolio: Option<BusinessId>,
    /// When it happened; message events tell it in themselves.
    pub time: Option<Timestamp>,
    /// The number that it concerns, where the service gives its id.
    pub number: Option<PhoneNumberId>,
    /// The webhook field.
    pub field: Cow<'a, str>,
    /// The person who wrote, called or was written to.
    pub contact: Option<Contact>,
    /// What it says.
    pub change: Change,
    /// The same as JSON, with all that is not typed. Where the delivery is not sound text, U+FFFD stands
    /// for what is wrong.
    pub raw: Cow<'a, str>,
}

impl Event<'_> {
    /// What it is told apart by, however often it is delivered.
    #[must_use]
    pub fn key(&self) -> EventKey {
        EventKey::of(self)
    }

    /// The event without the delivery that it came in.
    #[must_use]
    pub fn into_owned(self) -> Event<'static> {
        let Self { account, portfolio, time, number, field, contact, change, raw } = self;
        let (field, raw) = (field.into_owned().into(), raw.into_owned().into());
        Event { account, portfolio, time, number, field, contact, change, raw }
    }
}
