//! The words of message templates.

use crate::open::open_enum;

open_enum! {
    /// What a template is for, which decides its price and what it may hold. The service changes it by itself.
    TemplateCategory {
        Authentication = "AUTHENTICATION",
        Marketing = "MARKETING",
        Utility = "UTILITY",
    }
}

open_enum! {
    /// Whether a template can be sent.
    TemplateStatus {
        /// Only such a template can be sent.
        Approved = "APPROVED",
        Pending = "PENDING",
        Rejected = "REJECTED",
        InAppeal = "IN_APPEAL",
        /// Too many people have blocked it or reported it: for 3 hours, then for 6.
        Paused = "PAUSED",
        /// It was paused for the third time.
        Disabled = "DISABLED",
        /// It is deleted as soon as what was sent with it has arrived.
        PendingDeletion = "PENDING_DELETION",
        Deleted = "DELETED",
        /// The account has too many templates.
        LimitExceeded = "LIMIT_EXCEEDED",
        /// It was not used for a year, and is deleted 28 days later.
        Archived = "ARCHIVED",
    }
}

open_enum! {
    /// Why a template was turned down.
    TemplateRejection {
        None = "NONE",
        AbusiveContent = "ABUSIVE_CONTENT",
        CategoryNotAvailable = "CATEGORY_NOT_AVAILABLE",
        IncorrectCategory = "INCORRECT_CATEGORY",
        InvalidFormat = "INVALID_FORMAT",
        Promotional = "PROMOTIONAL",
        Scam = "SCAM",
        TagContentMismatch = "TAG_CONTENT_MISMATCH",
    }
}

open_enum! {
    /// How the variables of a template are written.
    ParameterFormat {
        /// With names: `{{first_name}}`.
        Named = "NAMED",
        /// With numbers: `{{1}}`.
        Positional = "POSITIONAL",
    }
}

open_enum! {
    /// What can be read of a template.
    TemplateField {
        Id = "id",
        Name = "name",
        Language = "language",
        Status = "status",
        Category = "category",
        PreviousCategory = "previous_category",
        CorrectCategory = "correct_category",
        SubCategory = "sub_category",
        ParameterFormat = "parameter_format",
        Components = "components",
        QualityScore = "quality_score",
        RejectedReason = "rejected_reason",
        LibraryTemplateName = "library_template_name",
        MessageSendTtlSeconds = "message_send_ttl_seconds",
        CtaUrlLinkTrackingOptedOut = "cta_url_link_tracking_opted_out",
    }
}

open_enum! {
    /// What is counted of a template's messages. The service has more, for the marketing API: any other word is kept.
    TemplateMetric {
        Sent = "SENT",
        Delivered = "DELIVERED",
        Read = "READ",
        Clicked = "CLICKED",
        Cost = "COST",
    }
}
