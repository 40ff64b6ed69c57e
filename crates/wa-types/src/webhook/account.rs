use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};

use crate::{
    flexible::{self, Any},
    open::open_enum,
};

/// `account_update`: something has happened to an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountUpdate {
    /// What has happened.
    pub event: AccountEvent,
    /// The number that it concerns, if only one.
    #[serde(default, deserialize_with = "flexible::text")]
    pub phone_number: Option<String>,
    /// The business's country.
    #[serde(default, deserialize_with = "flexible::text")]
    pub country: Option<String>,
    /// A ban.
    #[serde(default, deserialize_with = "flexible::object")]
    pub ban_info: Option<BanInfo>,
    /// A violation of Meta's policies.
    #[serde(default, deserialize_with = "flexible::object")]
    pub violation_info: Option<ViolationInfo>,
    /// A lock.
    #[serde(default, deserialize_with = "flexible::object")]
    pub lock_info: Option<LockInfo>,
    /// What is forbidden.
    #[serde(default, deserialize_with = "one_or_many")]
    pub restriction_info: Vec<AccountRestriction>,
    /// The account that it is about: with partner events not the one that the delivery names.
    #[serde(default, deserialize_with = "flexible::object")]
    pub waba_info: Option<WabaInfo>,
    /// The end of use with the WhatsApp Business app.
    #[serde(default, deserialize_with = "flexible::object")]
    pub disconnection_info: Option<DisconnectionInfo>,
    /// The verification of a partner's client.
    #[serde(default, deserialize_with = "flexible::object")]
    pub partner_client_certification_info: Option<CertificationInfo>,
    /// A client that must be verified.
    #[serde(default, deserialize_with = "flexible::object")]
    pub partner_client_certification_needed_info: Option<CertificationNeeded>,
    /// When international rates for authentication begin.
    #[serde(default, deserialize_with = "flexible::object")]
    pub auth_international_rate_eligibility: Option<RateEligibility>,
    /// A new price tier.
    #[serde(default, deserialize_with = "flexible::object")]
    pub volume_tier_info: Option<VolumeTier>,
}

open_enum! {
    /// What has happened to an account.
    AccountEvent {
        AccountDeleted = "ACCOUNT_DELETED",
        AccountOffboarded = "ACCOUNT_OFFBOARDED",
        AccountReconnected = "ACCOUNT_RECONNECTED",
        AccountRestriction = "ACCOUNT_RESTRICTION",
        AccountViolation = "ACCOUNT_VIOLATION",
        AdAccountLinked = "AD_ACCOUNT_LINKED",
        AuthIntlPriceEligibilityUpdate = "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
        BusinessPrimaryLocationCountryUpdate = "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
        DisabledUpdate = "DISABLED_UPDATE",
        MmLiteTermsSigned = "MM_LITE_TERMS_SIGNED",
        PartnerAdded = "PARTNER_ADDED",
        PartnerAppInstalled = "PARTNER_APP_INSTALLED",
        PartnerAppUninstalled = "PARTNER_APP_UNINSTALLED",
        PartnerClientCertificationNeeded = "PARTNER_CLIENT_CERTIFICATION_NEEDED",
        PartnerClientCertificationStatusUpdate = "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE",
        PartnerRemoved = "PARTNER_REMOVED",
        VerifiedAccount = "VERIFIED_ACCOUNT",
        VolumeBasedPricingTierUpdate = "VOLUME_BASED_PRICING_TIER_UPDATE",
    }
}

/// A ban.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BanInfo {
    /// What became of the ban.
    pub waba_ban_state: Option<BanState>,
    /// From when, in words such as `April 17, 2025`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub waba_ban_date: Option<String>,
}

open_enum! {
    /// What became of a ban.
    BanState {
        Disable = "DISABLE",
        Reinstate = "REINSTATE",
        ScheduleForDisable = "SCHEDULE_FOR_DISABLE",
    }
}

/// A violation of Meta's policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ViolationInfo {
    /// Which policy, such as `SCAM`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub violation_type: Option<String>,
}

/// A lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LockInfo {
    /// Until when, in seconds since 1970.
    #[serde(default, deserialize_with = "flexible::integer")]
    pub expiration: Option<i64>,
}

/// Something that an account may not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountRestriction {
    /// What, such as `RESTRICTED_ADD_PHONE_NUMBER_ACTION`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub restriction_type: Option<String>,
    /// Until when, in seconds since 1970.
    #[serde(default, deserialize_with = "flexible::integer")]
    pub expiration: Option<i64>,
    /// What may help.
    #[serde(default, deserialize_with = "flexible::text")]
    pub remediation: Option<String>,
}

/// The account that an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WabaInfo {
    /// The account.
    #[serde(default, deserialize_with = "flexible::text")]
    pub waba_id: Option<String>,
    /// The portfolio that owns it.
    #[serde(default, deserialize_with = "flexible::text")]
    pub owner_business_id: Option<String>,
    /// The partner's app.
    #[serde(default, deserialize_with = "flexible::text")]
    pub partner_app_id: Option<String>,
    /// The partners' solution.
    #[serde(default, deserialize_with = "flexible::text")]
    pub solution_id: Option<String>,
    /// The portfolios of the solution's partners.
    #[serde(default, deserialize_with = "flexible::texts")]
    pub solution_partner_business_ids: Vec<String>,
    /// The ad account that was linked.
    #[serde(default, alias = "ad_account_id", deserialize_with = "flexible::text")]
    pub ad_account_linked: Option<String>,
}

/// The end of use with the WhatsApp Business app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DisconnectionInfo {
    /// Why, such as `CHANGE_NUMBER`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub reason: Option<String>,
    /// By whom: `SYSTEM` or `USER`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub initiated_by: Option<String>,
}

/// The verification of a partner's client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CertificationInfo {
    /// The client's portfolio.
    #[serde(default, deserialize_with = "flexible::text")]
    pub client_business_id: Option<String>,
    /// How it stands, such as `APPROVED`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub status: Option<String>,
    /// Why it was turned down, in words such as `LEGAL NAME NOT MATCHING`.
    #[serde(default, deserialize_with = "flexible::texts")]
    pub rejection_reasons: Vec<String>,
}

/// A client that must be verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CertificationNeeded {
    /// The client's portfolio.
    #[serde(default, deserialize_with = "flexible::text")]
    pub client_business_id: Option<String>,
}

/// When international rates for authentication begin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateEligibility {
    /// In seconds since 1970.
    #[serde(default, deserialize_with = "flexible::integer")]
    pub start_time: Option<i64>,
    /// Countries with a time of their own.
    #[serde(default, deserialize_with = "flexible::objects")]
    pub exception_countries: Vec<RateCountry>,
}

/// A country with its own beginning of international rates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RateCountry {
    /// The country, by two letters.
    #[serde(default, deserialize_with = "flexible::text")]
    pub country_code: Option<String>,
    /// In seconds since 1970.
    #[serde(default, deserialize_with = "flexible::integer")]
    pub start_time: Option<i64>,
}

/// A new price tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VolumeTier {
    /// Since when, in seconds since 1970.
    #[serde(default, deserialize_with = "flexible::integer")]
    pub tier_update_time: Option<i64>,
    /// For which messages, such as `UTILITY`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub pricing_category: Option<String>,
    /// The tier, such as `25000001:50000000`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub tier: Option<String>,
    /// The month, such as `2025-11`.
    #[serde(default, deserialize_with = "flexible::text")]
    pub effective_month: Option<String>,
    /// The region.
    #[serde(default, deserialize_with = "flexible::text")]
    pub region: Option<String>,
}

/// Meta's page has a list of restrictions, older ones a single one.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<AccountRestriction>, D::Error> {
    Ok(match Any::<AccountRestriction, Any<AccountRestriction, IgnoredAny>>::deserialize(deserializer)? {
        Any::List(items) => items.into_iter().filter_map(Any::into_object).collect(),
        Any::Object(restriction) => vec![restriction],
        _ => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Meta, "account_update", the example of a restriction; the single one is the older shape.
    #[test]
    fn restrictions_are_a_list_or_one() {
        let read = |json: &str| serde_json::from_str::<AccountUpdate>(json).unwrap().restriction_info;
        let list = r#"{"event":"ACCOUNT_RESTRICTION","restriction_info":[
            {"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":1641330498},
            {"restriction_type":"RESTRICTED_ADD_PHONE_NUMBER_ACTION","expiration":1641330498}]}"#;
        assert_eq!(read(list).len(), 2);
        assert_eq!(read(list)[0].expiration, Some(1_641_330_498));
        let one = r#"{"event":"ACCOUNT_RESTRICTION","restriction_info":{"restriction_type":"X","expiration":"soon"}}"#;
        assert_eq!(read(one).len(), 1);
        assert!(read(r#"{"event":"ACCOUNT_RESTRICTION","restriction_info":null}"#).is_empty());
        assert!(read(r#"{"event":"ACCOUNT_DELETED"}"#).is_empty());
    }
}
