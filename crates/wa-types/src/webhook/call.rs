use serde::Serialize;

use crate::{
    CallId, ScopedUserId, Timestamp, WhatsAppId, model,
    open::open_enum,
    time::as_seconds,
    webhook::{InboundMedia, User, WebhookFailure},
};

model! {
    /// `calls`: a call begins, ends, or has been recorded.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Call {
        /// The call.
        pub id: CallId = required,
        /// What has happened.
        pub event: CallEvent = required,
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// Who began it.
        pub direction: Option<CallDirection>,
        /// Who calls.
        pub from: Option<WhatsAppId>,
        /// Who calls, by the id for this business.
        pub from_user_id: Option<ScopedUserId>,
        /// Who calls, by the id for the parent of this business.
        pub from_parent_user_id: Option<ScopedUserId>,
        /// Who is called.
        pub to: Option<WhatsAppId>,
        /// Who is called, by the id for this business.
        pub to_user_id: Option<ScopedUserId>,
        /// Who is called, by the id for the parent of this business.
        pub to_parent_user_id: Option<ScopedUserId>,
        /// What the other side offers or answers.
        pub session: Option<CallSession>,
        /// How it ended. Even a call that nobody took may be completed: then it has no `duration`.
        pub status: Option<CallEnd>,
        /// When it was taken.
        #[serde(serialize_with = "as_seconds")]
        pub start_time: Option<Timestamp>,
        /// When it ended.
        #[serde(serialize_with = "as_seconds")]
        pub end_time: Option<Timestamp>,
        /// How long it was, in seconds.
        pub duration: Option<i64>,
        /// The text that was given with the call for this purpose.
        pub biz_opaque_callback_data: Option<String>,
        /// What the link held that the user called by.
        pub deeplink_payload: Option<String>,
        /// What the button held that the user called by.
        pub cta_payload: Option<String>,
        /// The recording.
        pub call_recording: Option<CallRecording>,
        /// What was said.
        pub call_transcript: Option<CallTranscript>,
        /// Why it failed.
        pub errors: Vec<WebhookFailure>,
    }
}

impl Call {
    /// The user who calls or is called: by the direction, else by where a business-scoped id is.
    #[must_use]
    pub fn user(&self) -> Option<User<'_>> {
        let (user_id, wa_id) = match self.direction {
            Some(CallDirection::BusinessInitiated) => (&self.to_user_id, &self.to),
            Some(CallDirection::UserInitiated) => (&self.from_user_id, &self.from),
            _ => return [&self.from_user_id, &self.to_user_id].into_iter().flatten().next().map(User::Scoped),
        };
        User::new(user_id.as_ref(), wa_id.as_ref())
    }
}

open_enum! {
    /// What has happened to a call.
    CallEvent {
        Connect = "connect",
        Terminate = "terminate",
        Created = "call_created",
        RecordingAvailable = "call_recording_available",
        TranscriptionAvailable = "call_transcription_available",
    }
}

open_enum! {
    /// Who began a call.
    CallDirection {
        BusinessInitiated = "BUSINESS_INITIATED",
        UserInitiated = "USER_INITIATED",
    }
}

open_enum! {
    /// How a call ended.
    CallEnd {
        Completed = "COMPLETED",
        Failed = "FAILED",
    }
}

model! {
    /// One side's description of a call's session.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallSession {
        /// Whether it offers or answers.
        pub sdp_type: Option<SdpType>,
        /// The description, by RFC 8866.
        pub sdp: Option<String>,
    }
}

open_enum! {
    /// Whether a session's description offers or answers.
    SdpType {
        Offer = "offer",
        Answer = "answer",
    }
}

model! {
    /// The recording of a call.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallRecording {
        /// What it is: `audio`.
        pub kind: Option<String> = "type",
        /// The sound.
        pub audio: Option<InboundMedia>,
    }
}

model! {
    /// What was said in a call.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallTranscript {
        /// What it is: `document`.
        pub kind: Option<String> = "type",
        /// The file.
        pub document: Option<InboundMedia>,
    }
}

model! {
    /// `calls`: how far a call of the business has come.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallStatus {
        /// The call.
        pub id: CallId = required,
        /// How far it has come.
        pub status: CallState = required,
        /// What the status is of: `call`.
        pub kind: Option<String> = "type",
        /// When.
        #[serde(serialize_with = "as_seconds")]
        pub timestamp: Option<Timestamp>,
        /// Who is called.
        pub recipient_id: Option<WhatsAppId>,
        /// Who is called, by the id for this business.
        pub recipient_user_id: Option<ScopedUserId>,
        /// Who is called, by the id for the parent of this business.
        pub recipient_parent_user_id: Option<ScopedUserId>,
        /// The text that was given with the call for this purpose.
        pub biz_opaque_callback_data: Option<String>,
        /// Why it failed.
        pub errors: Vec<WebhookFailure>,
    }
}

open_enum! {
    /// How far a call of the business has come.
    CallState {
        Ringing = "RINGING",
        Accepted = "ACCEPTED",
        Rejected = "REJECTED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_the_side_that_is_not_the_business() {
        for (members, user) in [
            (r#""direction":"USER_INITIATED","from":"1","to":"2""#, Some("1")),
            (r#""direction":"BUSINESS_INITIATED","from":"1","to":"2""#, Some("2")),
            (r#""direction":"BUSINESS_INITIATED","from":"1","to":"2","to_user_id":"US.2""#, Some("US.2")),
            (r#""from":"1","to":"2""#, None),
            (r#""from":"1","to":"2","from_user_id":"US.1""#, Some("US.1")),
        ] {
            let call: Call =
                serde_json::from_str(&format!(r#"{{"id":"wacid.1","event":"connect",{members}}}"#)).unwrap();
            assert_eq!(call.user().map(User::as_str), user, "{members}");
        }
    }
}
