//! What concerns a whole account or portfolio, beside `account_update`.

use serde::Serialize;

use crate::{CallingSettings, PhoneNumberId, Timestamp, model, open::open_enum, time::as_seconds, webhook::Decision};

model! {
    /// `account_review_update`: the review of an account is decided.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct AccountReview {
        /// The decision.
        pub decision: Decision = required,
    }
}

model! {
    /// `business_capability_update`: what a business may do has changed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct BusinessCapability {
        /// How many people a number may write to first in a day; -1 is no limit. Meta has sent it no more since February 2026.
        pub max_daily_conversation_per_phone: Option<i64>,
        /// How many people the portfolio may write to first in a day: a tier, or a number as text.
        pub max_daily_conversations_per_business: Option<String>,
        /// How many numbers the portfolio may have.
        pub max_phone_numbers_per_business: Option<i64>,
        /// How many numbers an account may have.
        pub max_phone_numbers_per_waba: Option<i64>,
    }
}

model! {
    /// `account_alerts`: something about an account, a number or a portfolio needs attention, or does no more.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct AccountAlert {
        /// What it is about.
        pub entity_type: Option<AlertEntity>,
        /// The id of what it is about.
        pub entity_id: Option<String>,
        /// The alert.
        pub alert_info: Option<AlertInfo>,
        /// How bad it is, in older deliveries, which have no `alert_info`.
        pub alert_severity: Option<AlertSeverity>,
        /// Whether it still holds, in older deliveries.
        pub alert_status: Option<AlertStatus>,
        /// What it is, in older deliveries.
        pub alert_type: Option<AlertType>,
        /// The alert in words, in older deliveries.
        pub alert_description: Option<String>,
    }
}

model! {
    /// What an alert says.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct AlertInfo {
        /// How bad it is.
        pub alert_severity: Option<AlertSeverity>,
        /// Whether it still holds.
        pub alert_status: Option<AlertStatus>,
        /// What it is.
        pub alert_type: Option<AlertType>,
        /// The alert in words.
        pub alert_description: Option<String>,
    }
}

open_enum! {
    /// What an alert is about.
    AlertEntity {
        Business = "BUSINESS",
        PhoneNumber = "PHONE_NUMBER",
        CurrentStatusId = "CURRENT_STATUS_ID",
    }
}

open_enum! {
    /// How bad an alert is.
    AlertSeverity {
        Critical = "CRITICAL",
        Warning = "WARNING",
        Informational = "INFORMATIONAL",
    }
}

open_enum! {
    /// Whether an alert still holds.
    AlertStatus {
        Active = "ACTIVE",
        None = "NONE",
    }
}

open_enum! {
    /// What an alert is.
    AlertType {
        CapabilitiesDeferred = "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
        CapabilitiesFailed = "INCREASED_CAPABILITIES_ELIGIBILITY_FAILED",
        CapabilitiesNeedMoreInfo = "INCREASED_CAPABILITIES_ELIGIBILITY_NEED_MORE_INFO",
        OfficialApproved = "OBA_APPROVED",
        OfficialRejected = "OBA_REJECTED",
        ProfilePictureLost = "PROFILE_PICTURE_LOST",
    }
}

model! {
    /// `account_settings_update`: settings of a number were changed, by anybody.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct SettingsUpdate {
        /// Always `whatsapp`.
        pub messaging_product: Option<String>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// What was changed: `phone_number_settings`.
        pub kind: Option<String> = "type",
        /// The settings of a number.
        pub phone_number_settings: Option<ChangedNumberSettings>,
    }
}

model! {
    /// Settings of a number that were changed.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct ChangedNumberSettings {
        /// The number.
        pub phone_number_id: Option<PhoneNumberId>,
        /// How it takes calls.
        pub calling: Option<CallingSettings>,
    }
}

model! {
    /// `partner_solutions`: a solution of several partners was made or has changed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct SolutionUpdate {
        /// What has happened.
        pub event: SolutionEvent = required,
        /// The solution.
        pub solution_id: Option<String>,
        /// How it stands.
        pub solution_status: Option<SolutionStatus>,
    }
}

open_enum! {
    /// What has happened to a solution.
    SolutionEvent {
        Created = "SOLUTION_CREATED",
        Updated = "SOLUTION_UPDATED",
    }
}

open_enum! {
    /// How a solution stands.
    SolutionStatus {
        Draft = "DRAFT",
        Initiated = "INITIATED",
        Active = "ACTIVE",
        Rejected = "REJECTED",
        PendingDeactivation = "PENDING_DEACTIVATION",
        Deactivated = "DEACTIVATED",
    }
}

model! {
    /// `payment_configuration_update`: the link to a provider of payments has changed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct PaymentConfigurationUpdate {
        /// Its name.
        pub configuration_name: Option<String>,
        /// The provider, such as `razorpay`.
        pub provider_name: Option<String>,
        /// The business's id with the provider.
        pub provider_mid: Option<String>,
        /// How it stands.
        pub status: Option<PaymentConfigurationStatus>,
        /// When it was made.
        #[serde(serialize_with = "as_seconds")]
        pub created_timestamp: Option<Timestamp>,
        /// When it changed last.
        #[serde(serialize_with = "as_seconds")]
        pub updated_timestamp: Option<Timestamp>,
    }
}

open_enum! {
    /// How the link to a provider of payments stands.
    PaymentConfigurationStatus {
        Active = "Active",
        NeedsConnecting = "Needs Connecting",
        NeedsTesting = "Needs Testing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Meta, "business_capability_update": the table says text, the example has a number.
    #[test]
    fn a_limit_is_a_tier_or_a_number() {
        let read = |json: &str| serde_json::from_str::<BusinessCapability>(json).unwrap();
        for (json, limit) in [
            (r#"{"max_daily_conversations_per_business":2000,"max_phone_numbers_per_waba":25}"#, "2000"),
            (r#"{"max_daily_conversations_per_business":"TIER_2K"}"#, "TIER_2K"),
        ] {
            assert_eq!(read(json).max_daily_conversations_per_business.as_deref(), Some(limit));
        }
    }
}
