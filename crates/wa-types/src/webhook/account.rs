use std::ops::Deref;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{IntoDeserializer, value::StringDeserializer},
};

use crate::{
    AppId, BusinessId, Timestamp, WabaId,
    lenient::{Any, FromWire, MayBeMissing, Read},
    model,
    open::open_enum,
    time::as_seconds,
};

model! {
    /// `account_update`: something has happened to an account.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct AccountUpdate {
        /// What has happened.
        pub event: AccountEvent = required,
        /// The number that it concerns, if only one.
        pub phone_number: Option<String>,
        /// The business's country.
        pub country: Option<String>,
        /// A ban.
        pub ban_info: Option<BanInfo>,
        /// A violation of Meta's policies.
        pub violation_info: Option<ViolationInfo>,
        /// A lock.
        pub lock_info: Option<LockInfo>,
        /// What is forbidden.
        pub restriction_info: OneOrMany<AccountRestriction>,
        /// The account that it is about: with partner events not the one that the delivery names.
        pub waba_info: Option<WabaInfo>,
        /// The end of use with the WhatsApp Business app.
        pub disconnection_info: Option<DisconnectionInfo>,
        /// The verification of a partner's client.
        pub partner_client_certification_info: Option<CertificationInfo>,
        /// A client that must be verified.
        pub partner_client_certification_needed_info: Option<CertificationNeeded>,
        /// When international rates for authentication begin.
        pub auth_international_rate_eligibility: Option<RateEligibility>,
        /// A new price tier.
        pub volume_tier_info: Option<VolumeTier>,
        /// How the account was onboarded.
        pub session_info: Option<SessionInfo> = "sessionInfo",
    }
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

model! {
    /// A ban.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct BanInfo {
        /// What became of the ban.
        pub waba_ban_state: OneOrMany<BanState>,
        /// From when, in words such as `April 17, 2025`.
        pub waba_ban_date: Option<String>,
    }
}

open_enum! {
    /// What became of a ban.
    BanState {
        Disable = "DISABLE",
        Reinstate = "REINSTATE",
        ScheduleForDisable = "SCHEDULE_FOR_DISABLE",
    }
}

model! {
    /// A violation of Meta's policies.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ViolationInfo {
        /// Which policy, such as `SCAM`.
        pub violation_type: Option<String>,
        /// What may help.
        pub remediation: Option<String>,
    }
}

model! {
    /// A lock.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct LockInfo {
        /// Until when.
        #[serde(serialize_with = "as_seconds")]
        pub expiration: Option<Timestamp>,
    }
}

model! {
    /// Something that an account may not do.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct AccountRestriction {
        /// What.
        pub restriction_type: Option<RestrictionType>,
        /// Until when.
        #[serde(serialize_with = "as_seconds")]
        pub expiration: Option<Timestamp>,
        /// What may help.
        pub remediation: Option<String>,
    }
}

open_enum! {
    /// What an account may not do.
    RestrictionType {
        AddPhoneNumber = "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
        /// What an older page calls the same.
        RestrictionAddPhoneNumber = "RESTRICTION_ADD_PHONE_NUMBER_ACTION",
        BusinessInitiatedMessaging = "RESTRICTED_BIZ_INITIATED_MESSAGING",
        CustomerInitiatedMessaging = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING",
        Calling = "RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING",
        BusinessInitiatedCalling = "RESTRICTED_BUSINESS_INITIATED_CALLING",
        UserInitiatedCalling = "RESTRICTED_USER_INITIATED_CALLING",
        UserInitiatedCallingCallButtonHidden = "RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN",
        UtilityTemplates = "RESTRICTED_UTILITY_TEMPLATES",
        DirectSendUtilityTemplates = "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES",
    }
}

model! {
    /// How an account was onboarded.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct SessionInfo {
        /// What the partner gave with the invitation.
        pub tracking_code: Option<String> = "trackingCode",
    }
}

model! {
    /// The account that an event is about.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct WabaInfo {
        /// The account.
        pub waba_id: Option<WabaId>,
        /// The portfolio that owns it.
        pub owner_business_id: Option<BusinessId>,
        /// The partner's app.
        pub partner_app_id: Option<AppId>,
        /// The partners' solution.
        pub solution_id: Option<String>,
        /// The portfolios of the solution's partners.
        pub solution_partner_business_ids: Vec<BusinessId>,
        /// The ad account that was linked.
        pub ad_account_linked: Option<String> = "ad_account_linked" | "ad_account_id",
    }
}

model! {
    /// The end of use with the WhatsApp Business app.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct DisconnectionInfo {
        /// Why.
        pub reason: Option<DisconnectionReason>,
        /// By whom: `SYSTEM` or `USER`.
        pub initiated_by: Option<String>,
    }
}

open_enum! {
    /// Why a number is no longer used with the WhatsApp Business app.
    DisconnectionReason {
        AccountDisconnected = "ACCOUNT_DISCONNECTED",
        BusinessDowngrade = "BUSINESS_DOWNGRADE",
        ChangeNumber = "CHANGE_NUMBER",
        CompanionInactivity = "COMPANION_INACTIVITY",
        PrimaryInactivity = "PRIMARY_INACTIVITY",
        UserReRegistered = "USER_RE_REGISTERED",
    }
}

model! {
    /// The verification of a partner's client.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CertificationInfo {
        /// The client's portfolio.
        pub client_business_id: Option<BusinessId>,
        /// How it stands.
        pub status: Option<CertificationStatus>,
        /// Why it was turned down, in words such as `LEGAL NAME NOT MATCHING`.
        pub rejection_reasons: Vec<String>,
    }
}

open_enum! {
    /// How the verification of a partner's client stands.
    CertificationStatus {
        Approved = "APPROVED",
        Discarded = "DISCARDED",
        Failed = "FAILED",
        Pending = "PENDING",
        Revoked = "REVOKED",
    }
}

model! {
    /// A client that must be verified.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CertificationNeeded {
        /// The client's portfolio.
        pub client_business_id: Option<BusinessId>,
    }
}

model! {
    /// When international rates for authentication begin.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct RateEligibility {
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub start_time: Option<Timestamp>,
        /// Countries with a time of their own.
        pub exception_countries: Vec<RateCountry>,
    }
}

model! {
    /// A country with its own beginning of international rates.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct RateCountry {
        /// The country, by two letters.
        pub country_code: Option<String>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub start_time: Option<Timestamp>,
    }
}

model! {
    /// A new price tier.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct VolumeTier {
        /// Since when.
        #[serde(serialize_with = "as_seconds")]
        pub tier_update_time: Option<Timestamp>,
        /// For which messages, such as `UTILITY`.
        pub pricing_category: Option<String>,
        /// The tier, such as `25000001:50000000`.
        pub tier: Option<String>,
        /// The month, such as `2025-11`.
        pub effective_month: Option<String>,
        /// The region.
        pub region: Option<String>,
    }
}

/// A list, of which some of Meta's pages show the only item by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Deref for OneOrMany<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: FromWire> FromWire for OneOrMany<T> {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(match Any::<Read<T>, Read<T>>::deserialize(deserializer)? {
            Any::List(items) => Some(Self(items.into_iter().filter_map(|Read(item)| item).collect())),
            Any::Object(Read(Some(item))) => Some(Self(vec![item])),
            Any::Text(word) => {
                T::from_wire::<StringDeserializer<D::Error>>(word.into_deserializer())?.map(|item| Self(vec![item]))
            }
            _ => None,
        })
    }
}

impl<T: FromWire> MayBeMissing for OneOrMany<T> {
    type Value = Self;

    fn from_value(value: Option<Self>) -> Self {
        value.unwrap_or(Self(Vec::new()))
    }
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
        assert_eq!(read(list)[0].expiration, Some(Timestamp::from_secs(1_641_330_498)));
        let one = r#"{"event":"ACCOUNT_RESTRICTION","restriction_info":{"restriction_type":"X","expiration":"soon"}}"#;
        assert_eq!(read(one).len(), 1);
        assert!(read(r#"{"event":"ACCOUNT_RESTRICTION","restriction_info":null}"#).is_empty());
        assert!(read(r#"{"event":"ACCOUNT_DELETED"}"#).is_empty());
    }

    // Meta, "account_update": a word in the example, a list of words in the table.
    #[test]
    fn the_state_of_a_ban_is_a_word_or_a_list() {
        let read = |json: &str| serde_json::from_str::<BanInfo>(json).unwrap().waba_ban_state.0;
        assert_eq!(read(r#"{"waba_ban_state":"disable"}"#), [BanState::Disable]);
        assert_eq!(read(r#"{"waba_ban_state":["SCHEDULE_FOR_DISABLE"]}"#), [BanState::ScheduleForDisable]);
        assert!(read(r#"{"waba_ban_state":null}"#).is_empty());
        assert!(read(r#"{"waba_ban_state":{}}"#).is_empty());
    }

    // Meta, "account_update": the table calls it ad_account_linked, the example ad_account_id.
    #[test]
    fn both_names_of_an_ad_account_may_come_together() {
        for info in [
            r#"{"ad_account_linked":"1","waba_id":7}"#,
            r#"{"ad_account_id":"1","waba_id":7}"#,
            r#"{"ad_account_linked":"1","ad_account_id":"2","waba_id":7}"#,
            r#"{"ad_account_id":"2","waba_id":7,"ad_account_linked":"1"}"#,
        ] {
            let json = format!(r#"{{"event":"AD_ACCOUNT_LINKED","waba_info":{info}}}"#);
            let info = serde_json::from_str::<AccountUpdate>(&json).unwrap().waba_info.unwrap();
            assert_eq!((info.ad_account_linked.as_deref(), info.waba_id.unwrap().as_str()), (Some("1"), "7"), "{json}");
        }
    }
}
