use serde::Serialize;

use crate::{
    MessageId, ScopedUserId, Timestamp, WhatsAppId, model,
    open::open_enum,
    time::as_seconds,
    webhook::{Payment, User, WebhookFailure},
};

model! {
    /// What became of a message that was sent, or of a payment that it asked for.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct StatusUpdate {
        /// The message.
        pub id: MessageId = required,
        /// What became of it. The steps may come out of order, and `delivered` may be left out.
        pub status: DeliveryStatus = required,
        /// What the status is of, where that is not a message: `payment`.
        pub kind: Option<String> = "type",
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// Whom it was for: a person or a group. It is missing where the business does not know the phone number.
        pub recipient_id: Option<WhatsAppId>,
        /// Whom it was for, by the id for this business.
        pub recipient_user_id: Option<ScopedUserId>,
        /// Whom it was for, by the id for the parent of this business.
        pub recipient_parent_user_id: Option<ScopedUserId> = "recipient_parent_user_id" | "parent_recipient_user_id",
        /// What the recipient is, where that is not a person: `group`.
        pub recipient_type: Option<String>,
        /// The participant of the group.
        pub recipient_participant_id: Option<WhatsAppId> = "recipient_participant_id" | "participant_recipient_id",
        /// The participant of the group, by the id for this business.
        pub recipient_participant_user_id: Option<ScopedUserId> = "recipient_participant_user_id" | "participant_recipient_user_id",
        /// The participant of the group, by the id for the parent of this business.
        pub recipient_participant_parent_user_id: Option<ScopedUserId>,
        /// The hash of the recipient's identity key, if the check is on.
        pub recipient_identity_key_hash: Option<String>,
        /// The text that was given with the message for this purpose.
        pub biz_opaque_callback_data: Option<String>,
        /// The template that it was made of.
        pub template_id: Option<String>,
        /// The conversation that it belongs to.
        pub conversation: Option<Conversation>,
        /// What it costs.
        pub pricing: Option<Pricing>,
        /// Who has paid.
        pub from: Option<WhatsAppId>,
        /// The payment.
        pub payment: Option<Payment>,
        /// Why it failed.
        pub errors: Vec<WebhookFailure>,
    }
}

impl StatusUpdate {
    /// The person it is about: the participant of a group, else the recipient, else who has paid; by the business-scoped id,
    /// else by the phone number.
    #[must_use]
    pub fn user(&self) -> Option<User<'_>> {
        let is_group = self.recipient_type.as_deref() == Some("group");
        let recipient = self.recipient_id.as_ref().filter(|_| !is_group);
        User::new(self.recipient_participant_user_id.as_ref(), self.recipient_participant_id.as_ref())
            .or_else(|| User::new(self.recipient_user_id.as_ref(), recipient))
            .or_else(|| User::new(None, self.from.as_ref()))
    }
}

open_enum! {
    /// What became of a message, or of a payment.
    DeliveryStatus {
        Sent = "sent",
        Delivered = "delivered",
        Read = "read",
        /// A voice message was listened to.
        Played = "played",
        Failed = "failed",
        /// It was deleted by the recipient; seen in deliveries of 2023.
        Deleted = "deleted",
        /// Something about it could not be shown, of older versions.
        Warning = "warning",
        /// A payment has come.
        Captured = "captured",
        /// A payment is on its way.
        Pending = "pending",
    }
}

impl DeliveryStatus {
    /// Whether a message that has this status has come further than with the other. Statuses come in any order: keep the one
    /// that no other supersedes. A failure is the end. What is no step on the way of a message supersedes nothing.
    #[must_use]
    pub fn supersedes(&self, other: &Self) -> bool {
        let progress = |status: &Self| match status {
            Self::Sent => 1,
            Self::Delivered => 2,
            Self::Read => 3,
            Self::Played => 4,
            Self::Failed => 5,
            _ => 0,
        };
        progress(self) > progress(other)
    }
}

model! {
    /// The conversation that a message belongs to.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Conversation {
        /// Its id.
        pub id: Option<String>,
        /// When it ends.
        #[serde(serialize_with = "as_seconds")]
        pub expiration_timestamp: Option<Timestamp>,
        /// How it began.
        pub origin: Option<ConversationOrigin>,
    }
}

model! {
    /// How a conversation began.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ConversationOrigin {
        /// The kind of the first message, such as `utility`.
        pub kind: Option<PricingCategory> = "type",
    }
}

model! {
    /// What a message costs.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Pricing {
        /// Whether it costs anything.
        pub billable: Option<bool>,
        /// What is billed: `PMP` is per message, `CBP` per conversation.
        pub pricing_model: Option<String>,
        /// The kind of price.
        pub kind: Option<PricingType> = "type",
        /// The kind of message.
        pub category: Option<PricingCategory>,
        /// What narrows the category down.
        pub subtype: Option<String>,
    }
}

open_enum! {
    /// The kind of a price.
    PricingType {
        Regular = "regular",
        FreeCustomerService = "free_customer_service",
        FreeEntryPoint = "free_entry_point",
        FreeGroupCustomerService = "free_group_customer_service",
    }
}

open_enum! {
    /// The kind of message that a price is for.
    PricingCategory {
        Authentication = "authentication",
        AuthenticationInternational = "authentication-international",
        /// Another spelling of the same.
        AuthenticationInternationalUnderscored = "authentication_international",
        Marketing = "marketing",
        MarketingLite = "marketing_lite",
        ReferralConversion = "referral_conversion",
        Service = "service",
        Utility = "utility",
        GroupMarketing = "group_marketing",
        GroupUtility = "group_utility",
        GroupService = "group_service",
        /// Of conversations that older versions tell of.
        UserInitiated = "user_initiated",
        /// Of conversations that older versions tell of.
        BusinessInitiated = "business_initiated",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_furthest_status_supersedes_all_others_in_any_order() {
        let order = ["warning", "sent", "delivered", "read", "played", "failed"]
            .map(|word| serde_json::from_value::<DeliveryStatus>(word.into()).unwrap());
        for (place, status) in order.iter().enumerate() {
            for (other_place, other) in order.iter().enumerate() {
                assert_eq!(status.supersedes(other), place > other_place, "{status} {other}");
            }
        }
    }

    #[test]
    fn a_status_is_about_the_participant_of_a_group_the_recipient_or_the_payer() {
        for (members, user) in [
            (r#""recipient_id":"16505551234""#, Some("16505551234")),
            (r#""recipient_id":"16505551234","recipient_user_id":"US.1""#, Some("US.1")),
            (
                r#""recipient_id":"G","recipient_type":"group","recipient_participant_id":"16505551234""#,
                Some("16505551234"),
            ),
            (
                r#""recipient_id":"G","recipient_type":"group","participant_recipient_id":"16505551234""#,
                Some("16505551234"),
            ),
            (r#""recipient_id":"G","recipient_type":"group""#, None),
            (r#""from":"16505551234""#, Some("16505551234")),
        ] {
            let json = format!(r#"{{"id":"wamid.1","status":"read",{members}}}"#);
            let status: StatusUpdate = serde_json::from_str(&json).unwrap();
            assert_eq!(status.user().map(User::as_str), user, "{json}");
        }
    }
}
