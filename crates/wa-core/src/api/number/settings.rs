//! A number's settings: where its messages are stored, calling, identity checks, payload encryption.
//!
//! The service takes one of them a call.

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, CallingSettings, NumberSettings, PhoneNumberId, Region};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, Query, Route, Success, api::number::register::RETENTION_MINUTES};

/// `GET /{number}/settings`
///
/// Reads all settings of a number.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/settings-api)
#[derive(Clone, Debug)]
pub struct ReadSettings<'a> {
    number: &'a PhoneNumberId,
    with_sip_passwords: bool,
}

impl<'a> ReadSettings<'a> {
    /// Reads the settings of this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self { number, with_sip_passwords: false }
    }

    /// Asks for the passwords of the SIP servers too.
    #[must_use]
    pub fn with_sip_passwords(mut self) -> Self {
        self.with_sip_passwords = true;
        self
    }
}

impl Endpoint for ReadSettings<'_> {
    const NAME: &'static str = "number.read_settings";
    const METHOD: Method = Method::GET;
    type Response = NumberSettings;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("settings")
    }

    fn query(&self, query: &mut Query) {
        if self.with_sip_passwords {
            query.push("include_sip_credentials", true);
        }
    }
}

/// `POST /{number}/settings` with `storage_configuration`
///
/// Sets where a number's messages are stored, with versions from v21 on.
///
/// It works only while the number is *not* registered. Up to v20, which has ended, storage was part of
/// [`Register`](crate::api::number::Register).
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/local-storage)
#[derive(Clone, Debug, Serialize)]
pub struct SetStorage<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    storage_configuration: StorageConfiguration,
}

impl<'a> SetStorage<'a> {
    /// Stores the messages of this number so.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, storage: Storage) -> Self {
        let (status, data_localization_region, retention_minutes) = match storage {
            Storage::Local(region) => ("IN_COUNTRY_STORAGE_ENABLED", Some(region), None),
            Storage::Default => ("IN_COUNTRY_STORAGE_DISABLED", None, None),
            Storage::OneHour => ("NO_STORAGE_ENABLED", None, Some(RETENTION_MINUTES)),
        };
        Self {
            number,
            storage_configuration: StorageConfiguration { status, data_localization_region, retention_minutes },
        }
    }
}

/// Where messages are stored at rest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Storage {
    /// In this region.
    Local(Region),
    /// In Meta's own data centres.
    Default,
    /// Nowhere beyond an hour, for accounts that may.
    OneHour,
}

impl Endpoint for SetStorage<'_> {
    const NAME: &'static str = "number.set_storage";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("settings")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, version: ApiVersion) -> Result<(), BuildError> {
        if version < ApiVersion::STORAGE_BY_SETTINGS {
            return Err(BuildError::new(format!(
                "{version} has no storage setting, and has ended: use {} or later, or give the region to Register",
                ApiVersion::STORAGE_BY_SETTINGS
            )));
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Serialize)]
struct StorageConfiguration {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_localization_region: Option<Region>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retention_minutes: Option<u8>,
}

/// `POST /{number}/settings` with `calling`
///
/// Sets how a number takes calls; what is `None` stays as it is.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings)
#[derive(Clone, Debug, Serialize)]
pub struct SetCalling<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    calling: CallingSettings,
}

impl<'a> SetCalling<'a> {
    /// Sets this.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, calling: CallingSettings) -> Self {
        Self { number, calling }
    }
}

impl Endpoint for SetCalling<'_> {
    const NAME: &'static str = "number.set_calling";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("settings")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        if self.calling.ip_addresses.is_some() || self.calling.restrictions.is_some() {
            return Err(BuildError::new(
                "ip_addresses and restrictions are the service's own: set both to None before you send what you read",
            ));
        }
        Ok(())
    }
}

/// `POST /{number}/settings` with `user_identity_change`
///
/// Holds messages back, or no longer, when the recipient's identity key has changed.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/settings-api)
#[derive(Clone, Debug, Serialize)]
pub struct SetIdentityCheck<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    user_identity_change: IdentityChange,
}

impl<'a> SetIdentityCheck<'a> {
    /// Turns the check on or off.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, enabled: bool) -> Self {
        Self { number, user_identity_change: IdentityChange { enable_identity_key_check: enabled } }
    }
}

impl Endpoint for SetIdentityCheck<'_> {
    const NAME: &'static str = "number.set_identity_check";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("settings")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }
}

#[derive(Clone, Debug, Serialize)]
struct IdentityChange {
    enable_identity_key_check: bool,
}

/// `POST /{number}/settings` with `payload_encryption`
///
/// Turns encryption of the payload, on top of TLS, on or off.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/reference/whatsapp-business-phone-number/settings-api)
#[derive(Clone, Debug, Serialize)]
pub struct SetPayloadEncryption<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    payload_encryption: PayloadEncryption,
}

impl<'a> SetPayloadEncryption<'a> {
    /// Turns it on, with the business's public key in base64.
    #[must_use]
    pub fn on(number: &'a PhoneNumberId, public_key: impl Into<String>) -> Self {
        let client_encryption_key = Some(public_key.into());
        Self { number, payload_encryption: PayloadEncryption { status: "enabled", client_encryption_key } }
    }

    /// Turns it off.
    #[must_use]
    pub fn off(number: &'a PhoneNumberId) -> Self {
        Self { number, payload_encryption: PayloadEncryption { status: "disabled", client_encryption_key: None } }
    }
}

impl Endpoint for SetPayloadEncryption<'_> {
    const NAME: &'static str = "number.set_payload_encryption";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("settings")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        if self.payload_encryption.client_encryption_key.as_deref() == Some("") {
            return Err(BuildError::new("payload encryption needs the business's public key"));
        }
        Ok(())
    }
}

// Only the reference describes this setting, and it writes the words small.
#[derive(Clone, Debug, Serialize)]
struct PayloadEncryption {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_encryption_key: Option<String>,
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    to.call(ReadSettings::new(number).with_sip_passwords());
    to.call(SetStorage::new(number, Storage::Default));
    to.call(SetCalling::new(number, CallingSettings::default()));
    to.call(SetIdentityCheck::new(number, true));
    to.call(SetPayloadEncryption::on(number, "LS0tLS1CRUdJTg=="));
    to.call(SetPayloadEncryption::off(number));
    Ok(())
}

#[cfg(test)]
mod tests {
    use wa_types::{CallHours, CallIconVisibility, OpeningHours, Switch};

    use super::*;
    use crate::testing::{self, Vector};

    const READ: &str = "GET /{Version}/{Phone-Number-ID}/settings";
    const SET: &str = "POST /{Version}/{Phone-Number-ID}/settings";

    #[test]
    fn reads_settings() {
        let number = testing::number();
        Vector::at(READ, &ReadSettings::new(&number)).builds("GET /v23.0/106540352242922/settings", "");
        Vector::at(READ, &ReadSettings::new(&number).with_sip_passwords())
            .builds("GET /v23.0/106540352242922/settings?include_sip_credentials=true", "");
    }

    const STORAGE_DEFECT: &str = "the description has enabled and region, as no guide has; the guides' shape is sent";
    const MISSING: &str = "body /storage_configuration/enabled: is missing";

    // Meta, "Local storage" and "No storage", the sample requests.
    #[test]
    fn sets_storage_from_v21_on() {
        let number = testing::number();
        for (storage, member, body) in [
            (
                Storage::Local(Region::BR),
                "body /storage_configuration/data_localization_region: is not described",
                r#"{"storage_configuration":{"status":"IN_COUNTRY_STORAGE_ENABLED","data_localization_region":"BR"}}"#,
            ),
            (Storage::Default, MISSING, r#"{"storage_configuration":{"status":"IN_COUNTRY_STORAGE_DISABLED"}}"#),
            (
                Storage::OneHour,
                "body /storage_configuration/retention_minutes: is not described",
                r#"{"storage_configuration":{"status":"NO_STORAGE_ENABLED","retention_minutes":60}}"#,
            ),
        ] {
            Vector::at(SET, &SetStorage::new(&number, storage))
                .differs_from_description(STORAGE_DEFECT, MISSING)
                .differs_from_description(STORAGE_DEFECT, "body /storage_configuration/status: is not described")
                .differs_from_description(STORAGE_DEFECT, member)
                .builds("POST /v23.0/106540352242922/settings", body);
        }
    }

    #[test]
    fn up_to_v20_storage_is_part_of_registering() {
        let number = testing::number();
        Vector::at(SET, &SetStorage::new(&number, Storage::Default))
            .version(ApiVersion::new(20, 0))
            .refuses("give the region to Register");
    }

    // Meta, "Configure call settings", sample request.
    #[test]
    fn sets_calling() {
        let number = testing::number();
        let mut calling = CallingSettings::new(Switch::Enabled);
        calling.call_icon_visibility = Some(CallIconVisibility::Default);
        let monday = OpeningHours::new("MONDAY", "0400", "1020");
        calling.call_hours = Some(CallHours::new("America/Manaus", vec![monday]));
        calling.callback_permission_status = Some(Switch::Enabled);
        let (case, gap) = ("the description writes the words small, the guides in capitals", "only the guides have it");
        Vector::at(SET, &SetCalling::new(&number, calling))
            .differs_from_description(case, "body /calling/status: \"ENABLED\" is not one of")
            .differs_from_description(case, "body /calling/call_icon_visibility: \"DEFAULT\" is not one of")
            .differs_from_description(gap, "body /calling/call_hours: is not described")
            .differs_from_description(gap, "body /calling/callback_permission_status: is not described")
            .builds(
                "POST /v23.0/106540352242922/settings",
                concat!(
                    r#"{"calling":{"status":"ENABLED","call_icon_visibility":"DEFAULT","call_hours":{"status":"ENABLED","#,
                    r#""timezone_id":"America/Manaus","weekly_operating_hours":[{"day_of_week":"MONDAY","#,
                    r#""open_time":"0400","close_time":"1020"}]},"callback_permission_status":"ENABLED"}}"#,
                ),
            );
        let mut read = CallingSettings::new(Switch::Enabled);
        read.ip_addresses = Some(wa_types::IpAddresses::default());
        Vector::at(SET, &SetCalling::new(&number, read)).refuses("set both to None");
    }

    // Meta, "Configure SIP", sample request.
    #[test]
    fn a_sip_port_is_a_number() {
        let number = testing::number();
        let settings = testing::read::<ReadSettings<'_>>(
            r#"{"calling":{"sip":{"status":"ENABLED","servers":[{"hostname":"sip.example.com","port":"5061"}]}}}"#,
        );
        Vector::at(SET, &SetCalling::new(&number, settings.calling.unwrap()))
            .differs_from_description("no guide requires a status beside it", "body /calling/status: is missing")
            .differs_from_description(
                "only an example of the description has it",
                "body /calling/sip: is not described",
            )
            .builds(
                "POST /v23.0/106540352242922/settings",
                r#"{"calling":{"sip":{"status":"ENABLED","servers":[{"hostname":"sip.example.com","port":5061}]}}}"#,
            );
    }

    // Meta, "Business phone numbers", identity change check.
    #[test]
    fn sets_the_identity_check() {
        let number = testing::number();
        let name = "the description calls the member enabled, as no guide does";
        Vector::at(SET, &SetIdentityCheck::new(&number, true))
            .differs_from_description(name, "body /user_identity_change/enabled: is missing")
            .differs_from_description(name, "body /user_identity_change/enable_identity_key_check: is not described")
            .builds(
                "POST /v23.0/106540352242922/settings",
                r#"{"user_identity_change":{"enable_identity_key_check":true}}"#,
            );
    }

    // Meta's API description v23.0, updatePhoneNumberSettings, the two examples of payload encryption.
    #[test]
    fn sets_payload_encryption() {
        let number = testing::number();
        Vector::at(SET, &SetPayloadEncryption::on(&number, "LS0tLS1CRUdJTg==")).builds(
            "POST /v23.0/106540352242922/settings",
            r#"{"payload_encryption":{"status":"enabled","client_encryption_key":"LS0tLS1CRUdJTg=="}}"#,
        );
        Vector::at(SET, &SetPayloadEncryption::off(&number))
            .builds("POST /v23.0/106540352242922/settings", r#"{"payload_encryption":{"status":"disabled"}}"#);
        Vector::at(SET, &SetPayloadEncryption::on(&number, "")).refuses("needs the business's public key");
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples::<ReadSettings<'_>>(READ);
        testing::reads_examples::<SetCalling<'_>>(SET);
    }

    // Meta, "Configure call settings", the answer with SIP credentials.
    #[test]
    fn a_sip_password_is_read_and_not_shown() {
        let json = r#"{"calling":{"sip":{"status":"ENABLED","servers":[{"hostname":"sip.example.com","app_id":12345,
            "sip_user_password":"canary-sip"}]}}}"#;
        let settings = testing::read::<ReadSettings<'_>>(json);
        let server = &settings.calling.as_ref().unwrap().sip.as_ref().unwrap().servers[0];
        assert_eq!(server.sip_user_password.as_ref().unwrap().expose(), "canary-sip");
        assert!(!format!("{settings:?}").contains("canary"));
        assert!(!serde_json::to_string(&settings).unwrap().contains("canary"));
    }
}
