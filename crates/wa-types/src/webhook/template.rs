//! What becomes of message templates.

use serde::Serialize;

use crate::{TemplateCategory, TemplateId, TemplateRejection, Timestamp, model, open::open_enum, time::as_seconds};

model! {
    /// `message_template_status_update`: a template was reviewed, paused or changed otherwise.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateStatusUpdate {
        /// What it is now.
        pub event: TemplateEvent = required,
        /// The template.
        pub message_template_id: Option<TemplateId>,
        /// Its name.
        pub message_template_name: Option<String>,
        /// Its language.
        pub message_template_language: Option<String>,
        /// Its category.
        pub message_template_category: Option<TemplateCategory>,
        /// Why it was turned down.
        pub reason: Option<TemplateRejection>,
        /// When it was disabled.
        pub disable_info: Option<TemplateDisabling>,
        /// Why it is paused or locked.
        pub other_info: Option<TemplatePause>,
        /// Why it was turned down, in words.
        pub rejection_info: Option<TemplateRejectionInfo>,
    }
}

open_enum! {
    /// What a template is now, or what has happened to it.
    TemplateEvent {
        Approved = "APPROVED",
        Rejected = "REJECTED",
        Pending = "PENDING",
        Paused = "PAUSED",
        Disabled = "DISABLED",
        Flagged = "FLAGGED",
        Reinstated = "REINSTATED",
        InAppeal = "IN_APPEAL",
        LimitExceeded = "LIMIT_EXCEEDED",
        Locked = "LOCKED",
        Archived = "ARCHIVED",
        Unarchived = "UNARCHIVED",
        Deleted = "DELETED",
        PendingDeletion = "PENDING_DELETION",
    }
}

model! {
    /// When a template was disabled.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateDisabling {
        /// When, in seconds or in words.
        pub disable_date: Option<String>,
    }
}

model! {
    /// Why a template is paused or locked.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplatePause {
        /// Which pause it is.
        pub title: Option<TemplatePauseTitle>,
        /// The reason in words.
        pub description: Option<String>,
    }
}

open_enum! {
    /// Which pause of a template it is.
    TemplatePauseTitle {
        FirstPause = "FIRST_PAUSE",
        SecondPause = "SECOND_PAUSE",
        RateLimitingPause = "RATE_LIMITING_PAUSE",
        Unpause = "UNPAUSE",
        Disabled = "DISABLED",
    }
}

model! {
    /// Why a template was turned down, in words.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateRejectionInfo {
        /// The reason.
        pub reason: Option<String>,
        /// What may help.
        pub recommendation: Option<String>,
    }
}

model! {
    /// `message_template_quality_update`: a template's quality has changed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateQualityUpdate {
        /// The template.
        pub message_template_id: Option<TemplateId>,
        /// Its name.
        pub message_template_name: Option<String>,
        /// Its language.
        pub message_template_language: Option<String>,
        /// The quality until now.
        pub previous_quality_score: Option<TemplateQuality>,
        /// The quality now.
        pub new_quality_score: Option<TemplateQuality>,
    }
}

open_enum! {
    /// The quality of a template, by what its recipients did.
    TemplateQuality {
        Green = "GREEN",
        Yellow = "YELLOW",
        Red = "RED",
        Unknown = "UNKNOWN",
    }
}

model! {
    /// `message_template_components_update`: a template was edited.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateComponentsUpdate {
        /// The template.
        pub message_template_id: Option<TemplateId>,
        /// Its name.
        pub message_template_name: Option<String>,
        /// Its language.
        pub message_template_language: Option<String>,
        /// The text of its header.
        pub message_template_title: Option<String>,
        /// The text of its body.
        pub message_template_element: Option<String>,
        /// The text of its footer.
        pub message_template_footer: Option<String>,
        /// Its buttons.
        pub message_template_buttons: Vec<TemplateButton>,
    }
}

model! {
    /// A button of a template that was edited.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateButton {
        /// What it does, such as `URL` or `QUICK_REPLY`.
        pub message_template_button_type: Option<String>,
        /// Its text.
        pub message_template_button_text: Option<String>,
        /// The URL that it opens.
        pub message_template_button_url: Option<String>,
        /// The number that it calls.
        pub message_template_button_phone_number: Option<String>,
    }
}

model! {
    /// `template_category_update`: a template's category has changed, or will.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateCategoryUpdate {
        /// The template.
        pub message_template_id: Option<TemplateId>,
        /// Its name.
        pub message_template_name: Option<String>,
        /// Its language.
        pub message_template_language: Option<String>,
        /// The category until now, if it has changed.
        pub previous_category: Option<TemplateCategory>,
        /// The category that holds now, even where a change is only announced.
        pub new_category: Option<TemplateCategory>,
        /// The category that will hold, if a change is announced.
        pub correct_category: Option<TemplateCategory>,
        /// When it will hold.
        #[serde(serialize_with = "as_seconds")]
        pub category_update_timestamp: Option<Timestamp>,
    }
}

impl TemplateCategoryUpdate {
    /// Whether the change is only announced.
    #[must_use]
    pub fn is_announcement(&self) -> bool {
        self.correct_category.is_some()
    }
}

model! {
    /// `template_correct_category_detection`: the service takes a template for one of another category.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateCategoryDetection {
        /// The template.
        pub message_template_id: Option<TemplateId>,
        /// Its name.
        pub message_template_name: Option<String>,
        /// Its language.
        pub message_template_language: Option<String>,
        /// Its category.
        pub category: Option<TemplateCategory>,
        /// The category that the service takes for the right one.
        pub correct_category: Option<TemplateCategory>,
    }
}
