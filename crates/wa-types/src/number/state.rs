use crate::open::open_enum;

open_enum! {
    /// Whether a number can send.
    NumberStatus {
        Connected = "CONNECTED",
        Pending = "PENDING",
        Disconnected = "DISCONNECTED",
        Flagged = "FLAGGED",
        RateLimited = "RATE_LIMITED",
        Restricted = "RESTRICTED",
        Migrated = "MIGRATED",
        Banned = "BANNED",
        Deleted = "DELETED",
        Unverified = "UNVERIFIED",
        Linked = "LINKED",
        Unlinked = "UNLINKED",
        Offline = "OFFLINE",
        Unknown = "UNKNOWN",
        MessagingLimitTier0 = "MESSAGING_LIMIT_TIER_0",
        MessagingLimitTier1 = "MESSAGING_LIMIT_TIER_1",
        MessagingLimitTier2 = "MESSAGING_LIMIT_TIER_2",
        MessagingLimitTier3 = "MESSAGING_LIMIT_TIER_3",
        MessagingLimitTier4 = "MESSAGING_LIMIT_TIER_4",
    }
}

open_enum! {
    /// The state of the one-time code that proves ownership. It says nothing about two-step verification.
    CodeVerificationStatus {
        Verified = "VERIFIED",
        Unverified = "UNVERIFIED",
        /// The listing call's word for unverified.
        NotVerified = "NOT_VERIFIED",
        Expired = "EXPIRED",
    }
}

open_enum! {
    /// The review of a display name.
    NameStatus {
        Approved = "APPROVED",
        AvailableWithoutReview = "AVAILABLE_WITHOUT_REVIEW",
        Declined = "DECLINED",
        Expired = "EXPIRED",
        PendingReview = "PENDING_REVIEW",
        None = "NONE",
        /// Seen in production; no page lists it.
        NonExists = "NON_EXISTS",
    }
}

open_enum! {
    /// The review of the name and the account together.
    CertificateStatus {
        Approved = "APPROVED",
        NamePendingReview = "NAME_PENDING_REVIEW",
        NameNotApproved = "NAME_NOT_APPROVED",
        AccountReviewNotStarted = "ACCOUNT_REVIEW_NOT_STARTED",
        LimitedAccess = "LIMITED_ACCESS",
    }
}

open_enum! {
    /// How recipients take the number's messages.
    QualityRating {
        Green = "GREEN",
        Yellow = "YELLOW",
        Red = "RED",
        NotAvailable = "NA",
        Unknown = "UNKNOWN",
    }
}

open_enum! {
    /// Where a number is registered.
    Platform {
        CloudApi = "CLOUD_API",
        OnPremise = "ON_PREMISE",
        /// Registered nowhere.
        NotApplicable = "NOT_APPLICABLE",
    }
}

open_enum! {
    /// How many people a business may write to first, in 24 hours.
    MessagingLimitTier {
        Tier50 = "TIER_50",
        Tier250 = "TIER_250",
        Tier1K = "TIER_1K",
        Tier2K = "TIER_2K",
        Tier10K = "TIER_10K",
        Tier100K = "TIER_100K",
        Unlimited = "TIER_UNLIMITED",
        NotSet = "TIER_NOT_SET",
    }
}

open_enum! {
    /// Whether a number is real or a test number.
    AccountMode {
        Live = "LIVE",
        Sandbox = "SANDBOX",
    }
}

open_enum! {
    /// How fast a number may send.
    ThroughputLevel {
        Standard = "STANDARD",
        High = "HIGH",
        NotApplicable = "NOT_APPLICABLE",
    }
}

open_enum! {
    /// Whether people can find the number by searching.
    SearchVisibility {
        Visible = "VISIBLE",
        Hidden = "HIDDEN",
        /// What answers say for hidden.
        NonVisible = "NON_VISIBLE",
    }
}
