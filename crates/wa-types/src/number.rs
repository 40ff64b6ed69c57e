//! A business phone number as the service shows it.

mod health;
mod state;

use serde::Serialize;

pub use health::{CanSend, HealthEntity, HealthEntityType, HealthError, HealthStatus};
pub use state::{
    AccountMode, CertificateStatus, CodeVerificationStatus, MessagingLimitTier, NameStatus, NumberStatus, Platform,
    QualityRating, SearchVisibility, ThroughputLevel,
};

use crate::{ApiVersion, ConversationalAutomation, OfficialBusinessAccount, PhoneNumberId, model, open::open_enum};

model! {
    /// A business phone number. Which members are filled depends on the fields that were asked for.
    ///
    /// A missing member is unknown, never `false`: see `is_pin_enabled`.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    #[allow(missing_docs, reason = "the members are documented where they say more than their name")]
    pub struct PhoneNumber {
        pub id: PhoneNumberId = required,
        /// The number as people write it, such as `+1 631-555-5555`.
        pub display_phone_number: Option<String>,
        /// The display name that is approved or under review: `name_status` tells which. After a change is approved it shows
        /// the new name already, though that is in force only once the number has been registered again.
        pub verified_name: Option<String>,
        /// Only `CONNECTED` shows that a registration worked.
        pub status: Option<NumberStatus>,
        /// The state of the one-time code, not of two-step verification. On a registered number it says nothing about whether
        /// it works: connected ones read `EXPIRED` after a while.
        pub code_verification_status: Option<CodeVerificationStatus>,
        pub name_status: Option<NameStatus>,
        /// The display name under review.
        pub new_display_name: Option<String>,
        pub new_name_status: Option<NameStatus>,
        /// The review of the name and the account in one word; the listing call has it.
        pub unified_cert_status: Option<CertificateStatus>,
        pub certificate: Option<String>,
        pub new_certificate: Option<String>,
        pub quality_rating: Option<QualityRating>,
        pub quality_score: Option<QualityScore>,
        /// Connected numbers have been seen with `NOT_APPLICABLE`.
        pub platform_type: Option<Platform>,
        /// The listing call's word for the platform.
        pub host_platform: Option<Platform>,
        pub messaging_limit_tier: Option<MessagingLimitTier>,
        /// From v24 on the limit belongs to the portfolio and stands here.
        pub whatsapp_business_manager_messaging_limit: Option<MessagingLimitTier>,
        pub throughput: Option<Throughput>,
        pub account_mode: Option<AccountMode>,
        /// Whether two-step verification is on; `None` is unknown.
        pub is_pin_enabled: Option<bool>,
        pub is_official_business_account: Option<bool>,
        pub is_preverified_number: Option<bool>,
        /// Whether it is in use with the WhatsApp Business app too. Such a number is registered already: registering or
        /// deregistering it would take it off the app.
        pub is_on_biz_app: Option<bool>,
        pub official_business_account: Option<OfficialBusinessAccount>,
        pub health_status: Option<HealthStatus>,
        /// When it was last connected, such as `2025-07-23T10:21:25+0000`.
        pub last_onboarded_time: Option<String>,
        pub country_code: Option<String>,
        pub country_dial_code: Option<String>,
        pub username: Option<String>,
        pub search_visibility: Option<SearchVisibility>,
        pub eligibility_for_api_business_global_search: Option<String>,
        pub webhook_configuration: Option<CallbackAddresses>,
        pub conversational_automation: Option<ConversationalAutomation>,
    }
}

impl PhoneNumber {
    /// A number of which nothing but its id is known.
    #[must_use]
    pub fn new(id: PhoneNumberId) -> Self {
        Self {
            id,
            display_phone_number: None,
            verified_name: None,
            status: None,
            code_verification_status: None,
            name_status: None,
            new_display_name: None,
            new_name_status: None,
            unified_cert_status: None,
            certificate: None,
            new_certificate: None,
            quality_rating: None,
            quality_score: None,
            platform_type: None,
            host_platform: None,
            messaging_limit_tier: None,
            whatsapp_business_manager_messaging_limit: None,
            throughput: None,
            account_mode: None,
            is_pin_enabled: None,
            is_official_business_account: None,
            is_preverified_number: None,
            is_on_biz_app: None,
            official_business_account: None,
            health_status: None,
            last_onboarded_time: None,
            country_code: None,
            country_dial_code: None,
            username: None,
            search_visibility: None,
            eligibility_for_api_business_global_search: None,
            webhook_configuration: None,
            conversational_automation: None,
        }
    }
}

model! {
    /// How fast a number may send.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Throughput {
        /// The level it is on.
        pub level: Option<ThroughputLevel>,
    }
}

model! {
    /// How the service came to a quality rating.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct QualityScore {
        /// The rating.
        pub score: Option<QualityRating>,
        /// When it was given.
        pub date: Option<String>,
        /// Why.
        pub reasons: Vec<String>,
    }
}

model! {
    /// Where webhooks go: the most specific address that is set is the one in force.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallbackAddresses {
        /// Set for this number alone.
        pub phone_number: Option<String>,
        /// Set for the account.
        pub whatsapp_business_account: Option<String>,
        /// Set for the app.
        pub application: Option<String>,
    }
}

open_enum! {
    /// A field of a phone number, to be asked for by name.
    NumberField {
        Id = "id",
        DisplayPhoneNumber = "display_phone_number",
        VerifiedName = "verified_name",
        Status = "status",
        CodeVerificationStatus = "code_verification_status",
        NameStatus = "name_status",
        NewDisplayName = "new_display_name",
        NewNameStatus = "new_name_status",
        UnifiedCertStatus = "unified_cert_status",
        Certificate = "certificate",
        NewCertificate = "new_certificate",
        QualityRating = "quality_rating",
        QualityScore = "quality_score",
        PlatformType = "platform_type",
        HostPlatform = "host_platform",
        /// Up to v23; from v24 on the limit belongs to the portfolio.
        MessagingLimitTier = "messaging_limit_tier",
        /// From v24 on, in place of `messaging_limit_tier`.
        BusinessManagerMessagingLimit = "whatsapp_business_manager_messaging_limit",
        Throughput = "throughput",
        AccountMode = "account_mode",
        IsPinEnabled = "is_pin_enabled",
        IsOfficialBusinessAccount = "is_official_business_account",
        IsPreverifiedNumber = "is_preverified_number",
        IsOnBizApp = "is_on_biz_app",
        OfficialBusinessAccount = "official_business_account",
        HealthStatus = "health_status",
        LastOnboardedTime = "last_onboarded_time",
        CountryCode = "country_code",
        CountryDialCode = "country_dial_code",
        Username = "username",
        SearchVisibility = "search_visibility",
        GlobalSearchEligibility = "eligibility_for_api_business_global_search",
        WebhookConfiguration = "webhook_configuration",
        ConversationalAutomation = "conversational_automation",
    }
}

impl NumberField {
    /// The field that holds the messaging limit with this version.
    #[must_use]
    pub fn messaging_limit(version: ApiVersion) -> Self {
        if version < PORTFOLIO_LIMITS { Self::MessagingLimitTier } else { Self::BusinessManagerMessagingLimit }
    }

    /// Whether this version has the field. One that it does not have fails the whole read, with code 100.
    ///
    /// A field that is not listed here is taken to exist.
    #[must_use]
    pub fn is_in(&self, version: ApiVersion) -> bool {
        self.replacement(version).is_none()
    }

    /// The listed fields that this version has.
    pub fn listed_in(version: ApiVersion) -> impl Iterator<Item = Self> {
        Self::LISTED.iter().filter(move |field| field.is_in(version)).cloned()
    }

    /// What this version has instead of the field, and the versions that have the field, in words.
    #[must_use]
    pub fn replacement(&self, version: ApiVersion) -> Option<(Self, &'static str)> {
        let versions = match self {
            Self::MessagingLimitTier if version >= PORTFOLIO_LIMITS => "v23.0 and older",
            Self::BusinessManagerMessagingLimit if version < PORTFOLIO_LIMITS => "v24.0 and newer",
            _ => return None,
        };
        Some((Self::messaging_limit(version), versions))
    }
}

/// Meta, "Messaging limits", via API: the portfolio's limit for v24.0 and newer, the number's for v23.0 and older.
const PORTFOLIO_LIMITS: ApiVersion = ApiVersion::new(24, 0);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_can_be_asked_for_has_a_member() {
        let number = serde_json::to_value(PhoneNumber::new(PhoneNumberId::new("1").unwrap())).unwrap();
        let members: Vec<&str> = number.as_object().unwrap().keys().map(String::as_str).collect();
        let mut fields: Vec<&str> = NumberField::LISTED.iter().map(NumberField::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, members);
    }

    // Meta, "Messaging limits", via API.
    #[test]
    fn the_limit_has_another_field_from_v24_on() {
        let (v23, v24) = (ApiVersion::new(23, 0), ApiVersion::new(24, 0));
        let (number, portfolio) = (NumberField::MessagingLimitTier, NumberField::BusinessManagerMessagingLimit);
        assert_eq!((number.is_in(v23), number.is_in(v24)), (true, false));
        assert_eq!((portfolio.is_in(v23), portfolio.is_in(v24)), (false, true));
        assert_eq!((NumberField::messaging_limit(v23), NumberField::messaging_limit(v24)), (number, portfolio));
        assert!(NumberField::Status.is_in(v24) && NumberField::from("new_field").is_in(v23));
        for version in [v23, v24] {
            assert_eq!(NumberField::listed_in(version).count(), NumberField::LISTED.len() - 1);
            assert!(NumberField::listed_in(version).all(|field| field.is_in(version)));
        }
    }

    #[test]
    fn an_absent_or_null_flag_is_unknown() {
        let read = |json: &str| serde_json::from_str::<PhoneNumber>(json).unwrap().is_pin_enabled;
        assert_eq!(read(r#"{"id":"1"}"#), None);
        assert_eq!(read(r#"{"id":"1","is_pin_enabled":null}"#), None);
        assert_eq!(read(r#"{"id":"1","is_pin_enabled":false}"#), Some(false));
        assert_eq!(read(r#"{"id":"1","is_pin_enabled":"true"}"#), Some(true));
    }

    #[test]
    fn an_onboarding_time_is_text_or_a_number() {
        let read = |json: &str| serde_json::from_str::<PhoneNumber>(json).unwrap().last_onboarded_time;
        assert_eq!(
            read(r#"{"id":"1","last_onboarded_time":"2025-07-23T10:21:25+0000"}"#).as_deref(),
            Some("2025-07-23T10:21:25+0000")
        );
        assert_eq!(read(r#"{"id":"1","last_onboarded_time":1753266085}"#).as_deref(), Some("1753266085"));
        assert_eq!(read(r#"{"id":"1","last_onboarded_time":null}"#), None);
    }
}
