//! Conversations that several apps share.

use serde::Serialize;

use crate::{
    AppId, Json, MessageId, ScopedUserId, Timestamp, WhatsAppId, lenient::tagged, model, open::open_enum,
    time::as_seconds, webhook::Metadata,
};

model! {
    /// `messaging_handovers`: a thread goes to another app, or comes to this one.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct Handover {
        /// The business's number.
        pub recipient: Option<Metadata>,
        /// The user.
        pub sender: Option<HandoverUser>,
        /// When, in seconds or milliseconds.
        pub timestamp: Option<i64>,
        ..
        /// What has happened.
        pub content: HandoverContent,
    }
}

model! {
    /// The user of a thread.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct HandoverUser {
        /// The phone number.
        pub phone_number: Option<WhatsAppId>,
        /// The id for this business.
        pub user_id: Option<ScopedUserId>,
    }
}

tagged! {
    /// Which way a thread went.
    HandoverContent by
    /// The kind of a handover.
    HandoverKind {
        /// Its owner passed it on.
        Passed(ControlChange) = "control_passed",
        /// Another app took it.
        Taken(ControlChange) = "control_taken",
    }
}

model! {
    /// From whom a thread went to whom.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct ControlChange {
        /// The app that had it.
        pub previous_owner_app_id: Option<AppId>,
        /// What that app is.
        pub previous_owner_role: Option<ThreadRole>,
        /// The app that has it now.
        pub new_owner_app_id: Option<AppId>,
        /// What that app is.
        pub new_owner_role: Option<ThreadRole>,
        /// What the app said that passed it on.
        pub metadata: Option<String>,
        /// What was talked about.
        pub conversation_context: Option<ConversationContext>,
    }
}

open_enum! {
    /// What an app is to a thread.
    ThreadRole {
        AiAgent = "ai_agent",
        Ctwa = "ctwa",
        CustomerService = "customer_service",
        Escalation = "escalation",
        Marketing = "marketing",
        Utility = "utility",
    }
}

tagged! {
    /// What was talked about before an app got a thread.
    ConversationContext by
    /// The kind of what was talked about.
    ConversationContextKind {
        /// A summary.
        Summary(ConversationSummary) = "summary",
    }
}

model! {
    /// A summary of what was talked about.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ConversationSummary {
        /// The text.
        pub text: Option<String>,
    }
}

model! {
    /// `standby`: what another app wrote in its thread.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct StandbyEcho {
        /// The message.
        pub id: MessageId = required,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// What it says.
        pub message: Option<Json>,
        /// The template that it was made of.
        pub template: Option<Json>,
        /// The flow that it offers.
        pub flow: Option<Json>,
    }
}
