//! What the service tells by itself about numbers, accounts and messages.
//!
//! The values of a webhook's changes, by their `field`. Which members come depends on the event, so all but the event
//! are optional.

mod account;
mod messages;

use serde::Serialize;

pub use account::{
    AccountEvent, AccountRestriction, AccountUpdate, BanInfo, BanState, CertificationInfo, CertificationNeeded,
    DisconnectionInfo, LockInfo, OneOrMany, RateCountry, RateEligibility, ViolationInfo, VolumeTier, WabaInfo,
};
pub use messages::{
    Contact, Conversation, ConversationOrigin, DeliveryStatus, InboundMessage, MessageContext, Metadata, Pricing,
    ProfileName, StatusUpdate, TextContent, WebhookFailure,
};

use crate::{MessagingLimitTier, model, open::open_enum};

model! {
    /// `phone_number_name_update`: the review of a display name is decided.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct NameUpdate {
        /// The number's digits.
        pub display_phone_number: Option<String>,
        /// The decision.
        pub decision: Decision = required,
        /// The name that was asked for.
        pub requested_verified_name: Option<String>,
        /// Why it was turned down.
        pub rejection_reason: Option<NameRejection>,
    }
}

model! {
    /// `account_review_update`: the review of an account is decided.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct AccountReview {
        /// The decision.
        pub decision: Decision = required,
    }
}

open_enum! {
    /// How a review was decided. On the number a rejected name shows as `DECLINED`.
    Decision {
        Approved = "APPROVED",
        Deferred = "DEFERRED",
        Rejected = "REJECTED",
        Pending = "PENDING",
    }
}

open_enum! {
    /// Why a display name was turned down.
    NameRejection {
        None = "NONE",
        EmployeeIssue = "NAME_EMPLOYEE_ISSUE",
        EndClientNotRelated = "NAME_ENDCLIENT_NOTRELATED",
        FormatUnacceptable = "NAME_FORMAT_UNACCEPTABLE",
        IndividualIssue = "NAME_INDIVIDUAL_ISSUE",
        NotConsistent = "NAME_NOT_CONSISTENT",
        Unknown = "UNKNOWN",
    }
}

model! {
    /// `phone_number_quality_update`: a number's quality, limit or throughput has changed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct QualityUpdate {
        /// The number's digits.
        pub display_phone_number: Option<String>,
        /// What has changed.
        pub event: QualityEvent = required,
        /// The limit now.
        pub current_limit: Option<MessagingLimitTier>,
        /// The limit before.
        pub old_limit: Option<MessagingLimitTier>,
        /// The portfolio's limit: a tier, or a number as text.
        pub max_daily_conversations_per_business: Option<String>,
    }
}

open_enum! {
    /// What has changed about a number's quality.
    QualityEvent {
        Flagged = "FLAGGED",
        Unflagged = "UNFLAGGED",
        Upgrade = "UPGRADE",
        Downgrade = "DOWNGRADE",
        Onboarding = "ONBOARDING",
        ThroughputUpgrade = "THROUGHPUT_UPGRADE",
    }
}

model! {
    /// `security`: somebody has touched a number's two-step verification in WhatsApp Manager.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct SecurityUpdate {
        /// The number's digits.
        pub display_phone_number: Option<String>,
        /// What was done.
        pub event: SecurityEvent = required,
        /// Who asked for a reset.
        pub requester: Option<String>,
    }
}

open_enum! {
    /// What was done to two-step verification.
    SecurityEvent {
        PinChanged = "PIN_CHANGED",
        PinResetRequest = "PIN_RESET_REQUEST",
        /// The reset was carried out: two-step verification is off.
        PinResetSuccess = "PIN_RESET_SUCCESS",
        /// What Meta's page calls a reset that was carried out.
        PinRequestSuccess = "PIN_REQUEST_SUCCESS",
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

    // Meta, "phone_number_name_update", the example.
    #[test]
    fn a_reason_may_be_null() {
        let json = r#"{"display_phone_number":"15550783881","decision":"APPROVED",
            "requested_verified_name":"Lucky Shrub","rejection_reason":null}"#;
        let update: NameUpdate = serde_json::from_str(json).unwrap();
        assert_eq!((update.decision, update.rejection_reason), (Decision::Approved, None));
    }
}
