//! Reading a number.

use http::Method;
use wa_types::{ApiVersion, NumberField, PhoneNumber, PhoneNumberId};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{BuildError, Endpoint, Query, Route};

/// `GET /{number}`
///
/// Reads a number.
///
/// Without fields the service answers its default ones: id, number, name and quality. A field that the configured
/// version does not have is refused before anything is sent. Where the service does not have one all the same, it
/// fails the whole read: [`Error::unknown_field`](crate::Error::unknown_field) names it.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/whatsapp-business-account-phone-number-api)
#[derive(Clone, Debug)]
pub struct ReadNumber<'a> {
    number: &'a PhoneNumberId,
    fields: Vec<NumberField>,
}

impl<'a> ReadNumber<'a> {
    /// Reads this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self { number, fields: Vec::new() }
    }

    /// Asks for these fields.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = NumberField>) -> Self {
        self.fields.extend(fields);
        self
    }
}

impl Endpoint for ReadNumber<'_> {
    const NAME: &'static str = "number.read";
    const METHOD: Method = Method::GET;
    type Response = PhoneNumber;

    fn route(&self) -> Route<'_> {
        Route::node(self.number)
    }

    fn query(&self, query: &mut Query) {
        query.push_list("fields", self.fields.iter().map(NumberField::as_str));
    }

    fn check(&self, version: ApiVersion) -> Result<(), BuildError> {
        check_fields(&self.fields, version)
    }
}

/// One field that a version does not have fails the whole read, so it is better not sent.
pub(crate) fn check_fields(fields: &[NumberField], version: ApiVersion) -> Result<(), BuildError> {
    match fields.iter().find_map(|field| Some((field, field.replacement(version)?))) {
        Some((field, (other, versions))) => Err(BuildError::new(format!(
            "{version} does not answer the field {field}, which {versions} have: ask for {other} instead"
        ))),
        None => Ok(()),
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    to.call(ReadNumber::new(number));
    to.call(ReadNumber::new(number).fields([NumberField::Id, NumberField::Status]));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::account::ListNumbers,
        testing::{self, Vector},
    };

    const READ: &str = "GET /{Version}/{Phone-Number-ID}";
    const LIST: &str = "GET /{Version}/{WABA-ID}/phone_numbers";

    // Meta's API description v23.0, getPhoneNumberById, the example of the parameter `fields`.
    #[test]
    fn reads_a_number_with_chosen_fields() {
        let number = testing::number();
        Vector::at(READ, &ReadNumber::new(&number)).builds("GET /v23.0/106540352242922", "");
        Vector::at(
            READ,
            &ReadNumber::new(&number).fields([NumberField::NameStatus, NumberField::CodeVerificationStatus]),
        )
        .builds("GET /v23.0/106540352242922?fields=name_status,code_verification_status", "");
        Vector::at(READ, &ReadNumber::new(&number).fields([NumberField::from("new&field")]))
            .builds("GET /v23.0/106540352242922?fields=new%26field", "");
    }

    // Meta, "Messaging limits", via API: which field which version has.
    #[test]
    fn a_field_that_the_version_does_not_have_is_not_asked_for() {
        let (number, account) = (testing::number(), testing::account());
        for (version, wrong, right) in [
            (23, NumberField::BusinessManagerMessagingLimit, NumberField::MessagingLimitTier),
            (24, NumberField::MessagingLimitTier, NumberField::BusinessManagerMessagingLimit),
        ] {
            let version = ApiVersion::new(version, 0);
            let read = |field: &NumberField| ReadNumber::new(&number).fields([NumberField::Id, field.clone()]);
            let list = ListNumbers::new(&account).fields([wrong.clone()]);
            let reason = format!("does not answer the field {wrong}");
            Vector::at(READ, &read(&wrong)).version(version).refuses(&reason);
            Vector::at(READ, &read(&wrong)).version(version).refuses(&format!("ask for {right} instead"));
            Vector::at(LIST, &list).version(version).refuses(&reason);
            assert!(testing::config().version(version).request(&read(&right)).is_ok());
        }
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples::<ReadNumber<'_>>(READ);
    }
}
