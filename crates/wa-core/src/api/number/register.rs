//! Registering a number with the Cloud API, migrating it from On-Premises, deregistering it.
//!
//! All three are counted: a number gets ten such requests in any 72 hours, failed ones included, and is then locked for
//! the next 72. None of them is ever repeated by this library.

mod registered;

use std::time::Duration;

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, BackupData, BackupPassword, PhoneNumberId, Pin, Region};

pub use registered::Registered;

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{AttemptKind, Body, BuildError, Endpoint, Route, Success};

/// `POST /{number}/register`
///
/// Registers a number, so that it can send.
///
/// If two-step verification is on, the PIN must be the existing one; otherwise this PIN turns it on. Success does not
/// show that the number is connected: read its `status`.
///
/// Look at `code_verification_status`, `name_status`, `platform_type` and `is_on_biz_app` first: registering too early
/// fails with 100/2388001 and costs an attempt, and a number that lives in the WhatsApp Business app as well is
/// registered already.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/registration)
#[derive(Clone, Debug)]
pub struct Register<'a> {
    number: &'a PhoneNumberId,
    pin: Pin,
    region: Option<Region>,
    retain_one_hour: bool,
    tier: Option<Tier>,
}

impl<'a> Register<'a> {
    /// Registers this number with this PIN.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, pin: Pin) -> Self {
        Self { number, pin, region: None, retain_one_hour: false, tier: None }
    }

    /// Stores messages in this region, with versions up to v20, which have ended. From v21 on, which is every version that
    /// lives, use [`SetStorage`](crate::api::number::SetStorage) before registering.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Stores no messages beyond an hour, with versions up to v20, which have ended. From v21 on, which is every version
    /// that lives, use [`SetStorage`](crate::api::number::SetStorage) before registering.
    #[must_use]
    pub fn retain_one_hour(mut self) -> Self {
        self.retain_one_hour = true;
        self
    }

    /// Registers for production or for tests.
    #[must_use]
    pub fn tier(mut self, tier: Tier) -> Self {
        self.tier = Some(tier);
        self
    }
}

impl Endpoint for Register<'_> {
    const NAME: &'static str = "number.register";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::Register);
    type Response = Registered;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("register")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(&RegisterBody {
            messaging_product: "whatsapp",
            pin: self.pin.expose(),
            backup: None,
            tier: self.tier.map(Tier::as_str),
            data_localization_region: self.region.as_ref(),
            meta_store_retention_minutes: self.retain_one_hour.then_some(RETENTION_MINUTES),
        })
    }

    fn check(&self, version: ApiVersion) -> Result<(), BuildError> {
        check_storage(version, self.region.as_ref(), self.retain_one_hour)?;
        if self.region.is_some() && self.retain_one_hour {
            return Err(BuildError::new("local storage and no storage exclude each other: choose one"));
        }
        Ok(())
    }
}

/// `POST /{number}/register` with `backup`
///
/// Migrates a number from an On-Premises deployment to the Cloud API.
///
/// The deployment is disconnected and shut down first, which may take 15 seconds: **a wrong PIN leaves it down**.
///
/// [Meta's page](https://developers.facebook.com/docs/whatsapp/cloud-api/guides/migrating-from-onprem-to-cloud)
#[derive(Clone, Debug)]
pub struct Migrate<'a> {
    number: &'a PhoneNumberId,
    pin: Pin,
    password: BackupPassword,
    data: BackupData,
    region: Option<Region>,
    retain_one_hour: bool,
    timeout: Duration,
}

impl<'a> Migrate<'a> {
    /// Migrates this number with the deployment's PIN and its backup. If the deployment has no PIN, this one becomes it.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, pin: Pin, password: BackupPassword, data: BackupData) -> Self {
        Self { number, pin, password, data, region: None, retain_one_hour: false, timeout: MIGRATION_TIMEOUT }
    }

    /// Stores messages in this region, with versions up to v20, which have ended. From v21 on, which is every version that
    /// lives, use [`SetStorage`](crate::api::number::SetStorage) before migrating.
    #[must_use]
    pub fn region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// Stores no messages beyond an hour. No version takes this with a migration, so building the request fails.
    #[must_use]
    pub fn retain_one_hour(mut self) -> Self {
        self.retain_one_hour = true;
        self
    }

    /// Sets the timeout: 60 seconds unless set, and not under 20.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl Endpoint for Migrate<'_> {
    const NAME: &'static str = "number.migrate";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::Register);
    type Response = Registered;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("register")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(&RegisterBody {
            messaging_product: "whatsapp",
            pin: self.pin.expose(),
            backup: Some(Backup { password: self.password.expose(), data: self.data.expose() }),
            tier: None,
            data_localization_region: self.region.as_ref(),
            meta_store_retention_minutes: None,
        })
    }

    fn check(&self, version: ApiVersion) -> Result<(), BuildError> {
        if self.timeout < SHORTEST_MIGRATION {
            return Err(BuildError::new(
                "a migration takes up to 15 seconds: give it a timeout of 20 at least, or its outcome stays unknown",
            ));
        }
        if self.retain_one_hour {
            return Err(BuildError::new(
                "a migration cannot leave messages unstored: migrate, deregister, send SetStorage, then register",
            ));
        }
        check_storage(version, self.region.as_ref(), false)
    }

    fn timeout(&self, _: Duration) -> Duration {
        self.timeout
    }
}

/// `POST /{number}/deregister`
///
/// Takes a number off the Cloud API and turns its local storage off.
///
/// It deletes neither the number nor its history, and does not work while the number is in use with the WhatsApp
/// Business app too.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/registration)
#[derive(Clone, Debug)]
pub struct Deregister<'a> {
    number: &'a PhoneNumberId,
}

impl<'a> Deregister<'a> {
    /// Deregisters this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId) -> Self {
        Self { number }
    }
}

impl Endpoint for Deregister<'_> {
    const NAME: &'static str = "number.deregister";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::Deregister);
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("deregister")
    }
}

/// What a number is registered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tier {
    /// For production.
    Production,
    /// For tests.
    Sandbox,
}

impl Tier {
    fn as_str(self) -> &'static str {
        match self {
            Self::Production => "PROD",
            Self::Sandbox => "SANDBOX",
        }
    }
}

#[derive(Serialize)]
struct RegisterBody<'a> {
    messaging_product: &'static str,
    pin: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    backup: Option<Backup<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_localization_region: Option<&'a Region>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta_store_retention_minutes: Option<u8>,
}

#[derive(Serialize)]
struct Backup<'a> {
    password: &'a str,
    data: &'a str,
}

fn check_storage(version: ApiVersion, region: Option<&Region>, retains: bool) -> Result<(), BuildError> {
    if region.is_some_and(|region| region.as_str().is_empty()) {
        return Err(BuildError::new("the storage region is empty: name one such as CH"));
    }
    if (region.is_some() || retains) && version >= ApiVersion::STORAGE_BY_SETTINGS {
        return Err(BuildError::new(format!(
            "{version} does not take storage when registering, as only versions up to v20 did, which have ended: \
             send SetStorage while the number is not registered, then register without storage"
        )));
    }
    Ok(())
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    to.call(Register::new(number, samples::pin()?));
    let (password, data) = (BackupPassword::new(samples::WORD)?, BackupData::new(samples::WORD)?);
    to.call(Migrate::new(number, samples::pin()?, password, data));
    to.call(Deregister::new(number));
    Ok(())
}

/// The only value that the documents allow.
pub(crate) const RETENTION_MINUTES: u8 = 60;
const MIGRATION_TIMEOUT: Duration = Duration::from_secs(60);
const SHORTEST_MIGRATION: Duration = Duration::from_secs(20);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const REGISTER: &str = "POST /{Version}/{Phone-Number-ID}/register";
    const DEREGISTER: &str = "POST /{Version}/{Phone-Number-ID}/deregister";

    fn pin() -> Pin {
        Pin::new("012345").unwrap()
    }

    fn migrate(number: &PhoneNumberId) -> Migrate<'_> {
        Migrate::new(number, pin(), BackupPassword::new("PASSWORD").unwrap(), BackupData::new("BACKUP_DATA").unwrap())
    }

    const V20: ApiVersion = ApiVersion::new(20, 0);

    // Meta, "Register a Business Phone Number", example without local storage; the PIN's leading zero is ours.
    #[test]
    fn registers_with_a_pin() {
        let number = testing::number();
        Vector::at(REGISTER, &Register::new(&number, pin()))
            .builds("POST /v23.0/106540352242922/register", r#"{"messaging_product":"whatsapp","pin":"012345"}"#);
    }

    // Meta, "Register a Business Phone Number", example with local storage.
    #[test]
    fn registers_with_a_region_up_to_v20() {
        let number = testing::number();
        Vector::at(REGISTER, &Register::new(&number, pin()).region(Region::CH)).version(V20).builds(
            "POST /v20.0/106540352242922/register",
            r#"{"messaging_product":"whatsapp","pin":"012345","data_localization_region":"CH"}"#,
        );
    }

    // Meta's API description v23.0, WhatsAppBusinessPhoneNumberRegistrationRequest.
    #[test]
    fn registers_with_retention_and_tier() {
        let number = testing::number();
        Vector::at(REGISTER, &Register::new(&number, pin()).retain_one_hour().tier(Tier::Sandbox)).version(V20).builds(
            "POST /v20.0/106540352242922/register",
            r#"{"messaging_product":"whatsapp","pin":"012345","tier":"SANDBOX","meta_store_retention_minutes":60}"#,
        );
    }

    #[test]
    fn from_v21_on_storage_is_a_setting() {
        let number = testing::number();
        for version in [ApiVersion::new(21, 0), ApiVersion::DEFAULT] {
            for register in
                [Register::new(&number, pin()).region(Region::CH), Register::new(&number, pin()).retain_one_hour()]
            {
                Vector::at(REGISTER, &register)
                    .version(version)
                    .refuses("send SetStorage while the number is not registered");
            }
            Vector::at(REGISTER, &migrate(&number).region(Region::CH)).version(version).refuses("send SetStorage");
        }
        Vector::at(REGISTER, &Register::new(&number, pin()).region(Region::CH).retain_one_hour())
            .version(V20)
            .refuses("exclude each other");
        Vector::at(REGISTER, &Register::new(&number, pin()).region("".into())).version(V20).refuses("region is empty");
    }

    #[test]
    fn a_migration_takes_a_region_up_to_v20_and_never_a_retention() {
        let number = testing::number();
        Vector::at(REGISTER, &migrate(&number).region(Region::CH)).version(V20).builds(
            "POST /v20.0/106540352242922/register",
            concat!(
                r#"{"messaging_product":"whatsapp","pin":"012345","backup":{"password":"PASSWORD","data":"BACKUP_DATA"},"#,
                r#""data_localization_region":"CH"}"#,
            ),
        );
        for version in [V20, ApiVersion::DEFAULT] {
            Vector::at(REGISTER, &migrate(&number).retain_one_hour())
                .version(version)
                .refuses("cannot leave messages unstored");
        }
    }

    // Meta, "Account Migration", sample request.
    #[test]
    fn migrates_with_both_members_of_the_backup() {
        let number = testing::number();
        Vector::at(REGISTER, &migrate(&number)).builds(
            "POST /v23.0/106540352242922/register",
            r#"{"messaging_product":"whatsapp","pin":"012345","backup":{"password":"PASSWORD","data":"BACKUP_DATA"}}"#,
        );
    }

    #[test]
    fn a_migration_is_given_time() {
        let number = testing::number();
        assert_eq!(testing::config().limits_for(&migrate(&number)).timeout, Duration::from_secs(60));
        Vector::at(REGISTER, &migrate(&number).timeout(Duration::from_secs(19))).refuses("a timeout of 20 at least");
        assert!(testing::config().request(&migrate(&number).timeout(Duration::from_secs(20))).is_ok());
    }

    // Meta, "Deregister a Business Phone Number", sample request: no body.
    #[test]
    fn deregisters_without_a_body() {
        let number = testing::number();
        Vector::at(DEREGISTER, &Deregister::new(&number)).builds("POST /v23.0/106540352242922/deregister", "");
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples::<Register<'_>>(REGISTER);
        testing::reads_examples::<Migrate<'_>>(REGISTER);
        testing::reads_examples::<Deregister<'_>>(DEREGISTER);
    }
}
