//! What users prefer, what they did with advertisements, and how their ids change.

use serde::Serialize;

use crate::{ScopedUserId, Timestamp, WhatsAppId, model, open::open_enum, time::as_seconds};

model! {
    /// `user_preferences`: a user wants marketing messages no more, or again.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct UserPreference {
        /// The user.
        pub wa_id: Option<WhatsAppId>,
        /// The user, by the id for this business.
        pub user_id: Option<ScopedUserId>,
        /// The user, by the id for the parent of this business.
        pub parent_user_id: Option<ScopedUserId>,
        /// The preference in words.
        pub detail: Option<String>,
        /// What it is about.
        pub category: Option<PreferenceCategory>,
        /// What the user wants.
        pub value: Option<PreferenceValue>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// Where the user signed up.
        pub signup_id: Option<String>,
    }
}

open_enum! {
    /// What a user's preference is about.
    PreferenceCategory {
        MarketingMessages = "marketing_messages",
    }
}

open_enum! {
    /// What a user wants.
    PreferenceValue {
        Stop = "stop",
        Resume = "resume",
    }
}

model! {
    /// `user_id_update`: a user's ids have changed. Meta has withdrawn the field in August 2026; the same is told by a
    /// message of the kind `system`.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct UserIdUpdate {
        /// The user.
        pub wa_id: Option<WhatsAppId>,
        /// The change in words.
        pub detail: Option<String>,
        /// The id for this business.
        pub user_id: Option<ChangedUserId>,
        /// The id for the parent of this business.
        pub parent_user_id: Option<ChangedUserId>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
    }
}

model! {
    /// An id that has changed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ChangedUserId {
        /// The id until now.
        pub previous: Option<ScopedUserId>,
        /// The id now.
        pub current: Option<ScopedUserId>,
    }
}

model! {
    /// `user_actions` of `messages`: what a user did with a marketing message.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct UserAction {
        /// What the user did.
        pub action_type: Option<UserActionType>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// What was clicked.
        pub marketing_messages_link_click_data: Option<LinkClick>,
    }
}

open_enum! {
    /// What a user did with a marketing message.
    UserActionType {
        LinkClick = "marketing_messages_link_click",
        LandingPageView = "landing_page_view",
    }
}

model! {
    /// A click on a link of a marketing message.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct LinkClick {
        /// Where the link stands: `cta` or `body`.
        pub click_component: Option<String>,
        /// The product.
        pub product_id: Option<String>,
        /// The click.
        pub click_id: Option<String>,
        /// What the message was sent with for this purpose.
        pub tracking_token: Option<String>,
    }
}

model! {
    /// `automatic_events`: the service found a lead or a purchase in a chat that an advertisement opened.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct AutomaticEvent {
        /// Its id.
        pub id: Option<String>,
        /// What was found.
        pub event_name: Option<AutomaticEventName>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// The click on the advertisement.
        pub ctwa_clid: Option<String>,
        /// What was bought.
        pub custom_data: Option<PurchaseValue>,
    }
}

open_enum! {
    /// What the service found in a chat.
    AutomaticEventName {
        LeadSubmitted = "LeadSubmitted",
        Purchase = "Purchase",
    }
}

model! {
    /// The value of a purchase.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct PurchaseValue {
        /// The currency, by three letters.
        pub currency: Option<String>,
        /// How much.
        pub value: Option<f64>,
    }
}

model! {
    /// `tracking_events`: a marketing message with tracking has come further.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TrackingEvent {
        /// What has happened, such as `sent`.
        pub event_name: Option<String>,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// What it is told apart by.
        pub tracking_data: Option<TrackingData>,
    }
}

model! {
    /// What a marketing message is told apart by.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct TrackingData {
        /// The click.
        pub click_id: Option<String>,
        /// What the message was sent with for this purpose.
        pub tracking_token: Option<String>,
    }
}
