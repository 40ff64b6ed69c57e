//! An account's numbers: listing them and adding one.

use std::fmt;

use http::Method;
use serde::Serialize;
use wa_types::{
    AccountMode, ApiVersion, E164, MessagingLimitTier, NumberField, Page, PhoneNumber, PhoneNumberId,
    PreverifiedNumberId, WabaId, model,
};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{
    Body, BuildError, Cursor, Endpoint, Paged, Query, Route,
    api::number::{check_fields, check_name},
};

/// `GET /{account}/phone_numbers`
///
/// Lists an account's numbers, page by page.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers#get-all-phone-numbers)
#[derive(Clone, Debug)]
pub struct ListNumbers<'a> {
    account: &'a WabaId,
    fields: Vec<NumberField>,
    filters: Vec<NumberFilter>,
    sort: Option<NumberOrder>,
    cursor: Cursor,
}

impl<'a> ListNumbers<'a> {
    /// Lists the numbers of this account.
    #[must_use]
    pub fn new(account: &'a WabaId) -> Self {
        Self { account, fields: Vec::new(), filters: Vec::new(), sort: None, cursor: Cursor::default() }
    }

    /// Asks for these fields.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = NumberField>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Lists only numbers that pass this filter, and the ones added before.
    #[must_use]
    pub fn filter(mut self, filter: NumberFilter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Lists in this order.
    #[must_use]
    pub fn sort(mut self, order: NumberOrder) -> Self {
        self.sort = Some(order);
        self
    }
}

impl Endpoint for ListNumbers<'_> {
    const NAME: &'static str = "account.list_numbers";
    const METHOD: Method = Method::GET;
    type Response = Page<PhoneNumber>;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("phone_numbers")
    }

    fn query(&self, query: &mut Query) {
        query.push_list("fields", self.fields.iter().map(NumberField::as_str));
        if !self.filters.is_empty() {
            query.push("filtering", Filters(&self.filters));
        }
        if let Some(order) = self.sort {
            query.push("sort", order.as_str());
        }
        self.cursor.write(query);
    }

    fn check(&self, version: ApiVersion) -> Result<(), BuildError> {
        check_fields(&self.fields, version)?;
        self.cursor.check(1..=100)
    }
}

impl Paged for ListNumbers<'_> {
    type Item = PhoneNumber;

    fn cursor(&mut self) -> &mut Cursor {
        &mut self.cursor
    }
}

/// What listed numbers have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberFilter {
    /// Real numbers or test numbers.
    AccountMode(AccountMode),
    /// Numbers with this limit.
    MessagingLimitTier(MessagingLimitTier),
    /// Official business accounts, or all others.
    IsOfficialBusinessAccount(bool),
}

/// The filters as the JSON that the service wants in the address.
struct Filters<'a>(&'a [NumberFilter]);

impl fmt::Display for Filters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, filter) in self.0.iter().enumerate() {
            let (field, value) = match filter {
                NumberFilter::AccountMode(mode) => ("account_mode", mode.as_str()),
                NumberFilter::MessagingLimitTier(tier) => ("messaging_limit_tier", tier.as_str()),
                NumberFilter::IsOfficialBusinessAccount(true) => ("is_official_business_account", "true"),
                NumberFilter::IsOfficialBusinessAccount(false) => ("is_official_business_account", "false"),
            };
            let value = serde_json::to_string(value).map_err(|_| fmt::Error)?;
            f.write_str(if index == 0 { "[" } else { "," })?;
            write!(f, r#"{{"field":"{field}","operator":"EQUAL","value":{value}}}"#)?;
        }
        f.write_str("]")
    }
}

/// The order of a list of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberOrder {
    /// Those added first come first.
    OldestFirst,
    /// Those added last come first.
    NewestFirst,
    /// Those onboarded first come first.
    OnboardedFirst,
    /// Those onboarded last come first.
    OnboardedLast,
}

impl NumberOrder {
    fn as_str(self) -> &'static str {
        match self {
            Self::OldestFirst => "creation_time.asc",
            Self::NewestFirst => "creation_time.desc",
            Self::OnboardedFirst => "last_onboarded_time.asc",
            Self::OnboardedLast => "last_onboarded_time.desc",
        }
    }
}

/// `POST /{account}/phone_numbers`
///
/// Adds a number to an account.
///
/// It must then be verified and registered. No call deletes a number.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/registering-phone-numbers)
#[derive(Clone, Debug, Serialize)]
pub struct AddNumber<'a> {
    #[serde(skip)]
    account: &'a WabaId,
    phone_number: String,
    verified_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cc: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    migrate_phone_number: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    preverified_id: Option<PreverifiedNumberId>,
}

impl<'a> AddNumber<'a> {
    /// Adds this number with this display name of 2 to 75 characters.
    #[must_use]
    pub fn new(account: &'a WabaId, phone: E164, name: impl Into<String>) -> Self {
        Self {
            account,
            phone_number: phone.digits().to_owned(),
            verified_name: name.into(),
            cc: None,
            migrate_phone_number: false,
            preverified_id: None,
        }
    }

    /// Names the number's country calling code, digits only.
    #[must_use]
    pub fn country_code(mut self, digits: impl Into<String>) -> Self {
        self.cc = Some(digits.into());
        self
    }

    /// Moves the number here from another account.
    #[must_use]
    pub fn migrate(mut self) -> Self {
        self.migrate_phone_number = true;
        self
    }

    /// Takes the number from a partner's pool of verified numbers.
    #[must_use]
    pub fn preverified(mut self, id: PreverifiedNumberId) -> Self {
        self.preverified_id = Some(id);
        self
    }
}

impl Endpoint for AddNumber<'_> {
    const NAME: &'static str = "account.add_number";
    const METHOD: Method = Method::POST;
    type Response = NumberAdded;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("phone_numbers")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        let is_code = |code: &str| matches!(code.len(), 1..=3) && code.bytes().all(|byte| byte.is_ascii_digit());
        if self.cc.as_deref().is_some_and(|code| !is_code(code)) {
            return Err(BuildError::new("a country calling code is one to three digits, without a plus sign"));
        }
        check_name(&self.verified_name)
    }
}

model! {
    /// The answer to a number that was added.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct NumberAdded {
        /// The new number's id.
        pub id: PhoneNumberId = required,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let account = &samples::account()?;
    to.call(ListNumbers::new(account).fields([NumberField::Id]).limit(25).after("MTAx="));
    to.call(AddNumber::new(account, E164::new("+16505551234")?, "My Business").country_code("1"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const LIST: &str = "GET /{Version}/{WABA-ID}/phone_numbers";
    const ADD: &str = "POST /{Version}/{WABA-ID}/phone_numbers";

    // Meta's API description v23.0, getWhatsAppBusinessAccountPhoneNumbers, the examples of its parameters.
    #[test]
    fn lists_with_all_parameters() {
        let account = testing::account();
        let list = ListNumbers::new(&account)
            .fields([NumberField::Id, NumberField::Status])
            .filter(NumberFilter::AccountMode(AccountMode::Live))
            .sort(NumberOrder::OnboardedLast)
            .limit(25);
        let start = "GET /v23.0/102290129340398/phone_numbers?fields=id,status\
            &filtering=%5B%7B%22field%22%3A%22account_mode%22%2C%22operator%22%3A%22EQUAL%22%2C%22value%22%3A%22LIVE%22%7D%5D\
            &sort=last_onboarded_time.desc&limit=25"
            .replace("%2C", ",");
        Vector::at(LIST, &list).builds(&start, "");
        Vector::at(LIST, &list.clone().after("MTAx=")).builds(&format!("{start}&after=MTAx%3D"), "");
        Vector::at(LIST, &list.before("MTAx")).builds(&format!("{start}&before=MTAx"), "");
    }

    #[test]
    fn filters_are_joined_and_quoted() {
        let tier = NumberFilter::MessagingLimitTier("TIER_\"1".into());
        let filters = [tier, NumberFilter::IsOfficialBusinessAccount(true)];
        let json = Filters(&filters).to_string();
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read[0]["value"], "TIER_\"1");
        assert_eq!(read[1]["field"], "is_official_business_account");
    }

    #[test]
    fn a_page_has_1_to_100_numbers() {
        let account = testing::account();
        for limit in [0, 101] {
            Vector::at(LIST, &ListNumbers::new(&account).limit(limit)).refuses("1 to 100");
        }
        // A page lies after one position or before one: the last word counts.
        Vector::at(LIST, &ListNumbers::new(&account).after("a").before("b"))
            .builds("GET /v23.0/102290129340398/phone_numbers?before=b", "");
    }

    // Meta's API description v23.0, createWhatsAppBusinessAccountPhoneNumber, its three examples.
    #[test]
    fn adds_a_number() {
        let account = testing::account();
        let phone = || E164::new("+1 631-555-1001").unwrap();
        Vector::at(ADD, &AddNumber::new(&account, phone(), "My Business Name").country_code("1")).builds(
            "POST /v23.0/102290129340398/phone_numbers",
            r#"{"phone_number":"16315551001","verified_name":"My Business Name","cc":"1"}"#,
        );
        Vector::at(ADD, &AddNumber::new(&account, phone(), "Migrated Business").country_code("1").migrate()).builds(
            "POST /v23.0/102290129340398/phone_numbers",
            r#"{"phone_number":"16315551001","verified_name":"Migrated Business","cc":"1","migrate_phone_number":true}"#,
        );
        let id = PreverifiedNumberId::new("preverified_12345").unwrap();
        Vector::at(ADD, &AddNumber::new(&account, phone(), "BSP Business").preverified(id)).builds(
            "POST /v23.0/102290129340398/phone_numbers",
            r#"{"phone_number":"16315551001","verified_name":"BSP Business","preverified_id":"preverified_12345"}"#,
        );
        Vector::at(ADD, &AddNumber::new(&account, phone(), "X").country_code("1")).refuses("2 to 75 characters");
        Vector::at(ADD, &AddNumber::new(&account, phone(), "XY").country_code("+1")).refuses("without a plus sign");
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples::<ListNumbers<'_>>(LIST);
        testing::reads_examples::<AddNumber<'_>>(ADD);
    }
}
