//! Names, quality, limits and PINs of numbers.

use serde::Serialize;

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
    /// `business_username_updates`: a number's username was granted, reserved or deleted.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct UsernameUpdate {
        /// The number's digits.
        pub display_phone_number: Option<String>,
        /// What became of the username.
        pub status: UsernameStatus = required,
        /// The username; none if it was deleted.
        pub username: Option<String>,
        /// What led to it, such as `revoked`.
        pub context: Option<String>,
    }
}

open_enum! {
    /// What became of a number's username.
    UsernameStatus {
        Approved = "approved",
        Reserved = "reserved",
        Deleted = "deleted",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Meta, "phone_number_name_update", the example.
    #[test]
    fn a_reason_may_be_null() {
        let json = r#"{"display_phone_number":"15550783881","decision":"APPROVED",
            "requested_verified_name":"Lucky Shrub","rejection_reason":null}"#;
        let update: NameUpdate = serde_json::from_str(json).unwrap();
        assert_eq!((update.decision, update.rejection_reason), (Decision::Approved, None));
    }
}
