use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    KIND,
    frame::{Action, Frame, Header, Rules},
};
use crate::{
    BuildError,
    api::message::{
        Content,
        limit::{length, present, unique},
        words::Words,
    },
};

/// A form for a postal address. It works in India only.
///
/// Its fields have names, such as `name`, `phone_number`, `in_pin_code`, `house_number`, `building_name`, `city`.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/address-messages)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AddressRequest(Frame<AskAddress>);

impl AddressRequest {
    /// A body of at most 1,024 characters, and the code of the country, such as `IN`.
    #[must_use]
    pub fn new(body: impl Into<String>, country: impl Into<String>) -> Self {
        let parameters = Parameters {
            country: country.into().into(),
            values: BTreeMap::new(),
            saved_addresses: Vec::new(),
            validation_errors: BTreeMap::new(),
        };
        Self(Frame::new(AskAddress { parameters }).body(body))
    }

    /// What stands above the body: a text, an image, a video or a document.
    #[must_use]
    pub fn header(self, header: impl Into<Header>) -> Self {
        Self(self.0.header(header))
    }

    /// A text of at most 60 characters below the body.
    #[must_use]
    pub fn footer(self, footer: impl Into<String>) -> Self {
        Self(self.0.footer(footer))
    }

    /// Fills a field in.
    #[must_use]
    pub fn value(mut self, field: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.action.parameters.values.insert(field.into(), value.into().into());
        self
    }

    /// Offers an address that is known already.
    #[must_use]
    pub fn saved(mut self, address: SavedAddress) -> Self {
        self.0.action.parameters.saved_addresses.push(address);
        self
    }

    /// Says what is wrong with a field that the person has filled in before.
    #[must_use]
    pub fn error(mut self, field: impl Into<String>, reason: impl Into<String>) -> Self {
        self.0.action.parameters.validation_errors.insert(field.into(), reason.into().into());
        self
    }
}

impl Content for AddressRequest {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules::ALL)?;
        let parameters = &self.0.action.parameters;
        length("the code of a country", 2..=2, &parameters.country)?;
        parameters.saved_addresses.iter().try_for_each(|saved| present("the id of a saved address", &saved.id))?;
        unique("the id of a saved address", parameters.saved_addresses.iter().map(|saved| &*saved.id))
    }
}

/// An address that a person may choose instead of filling the form in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedAddress {
    id: Words,
    value: BTreeMap<String, Words>,
}

impl SavedAddress {
    /// An address of this id, with the values of some fields.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        fields: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let value = fields.into_iter().map(|(field, value)| (field.into(), value.into().into())).collect();
        Self { id: id.into().into(), value }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "address_message")]
struct AskAddress {
    parameters: Parameters,
}

impl Action for AskAddress {
    const TYPE: &'static str = "address_message";
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Parameters {
    country: Words,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<String, Words>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    saved_addresses: Vec<SavedAddress>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    validation_errors: BTreeMap<String, Words>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::testing::{WITH_PARAMETERS, refusal, sends_although};

    // Meta, "Address messages": the message with values, saved addresses and errors.
    #[test]
    fn a_form_for_an_address_is_written_as_documented() {
        let content = AddressRequest::new(
            "Thanks for your order! Tell us what address you’d like this order delivered to.",
            "IN",
        )
        .value("name", "CUSTOMER_NAME")
        .value("phone_number", "+919876543210")
        .saved(SavedAddress::new("address1", [("name", "CUSTOMER_NAME"), ("in_pin_code", "400063")]))
        .error("in_pin_code", "We could not locate this pin code.");
        sends_although(
            WITH_PARAMETERS,
            &content,
            r#"{"type": "address_message",
                "body": {"text": "Thanks for your order! Tell us what address you’d like this order delivered to."},
                "action": {"name": "address_message", "parameters": {"country": "IN",
                    "values": {"name": "CUSTOMER_NAME", "phone_number": "+919876543210"},
                    "saved_addresses": [{"id": "address1", "value": {"name": "CUSTOMER_NAME", "in_pin_code": "400063"}}],
                    "validation_errors": {"in_pin_code": "We could not locate this pin code."}}}}"#,
        );
        assert!(refusal(&AddressRequest::new("x", "IND")).contains("the code of a country"));
        let saved = || SavedAddress::new("a", [("city", "Mumbai")]);
        assert!(refusal(&AddressRequest::new("x", "IN").saved(saved()).saved(saved())).contains("stands once"));
    }
}
