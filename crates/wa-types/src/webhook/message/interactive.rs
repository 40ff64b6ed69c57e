use serde::{Serialize, de::DeserializeOwned};

use crate::{Timestamp, UnexpectedJson, json, lenient::tagged, model, open::open_enum, time::as_seconds};

tagged! {
    /// The answer to an interactive message.
    InteractiveReply by
    /// The kind of an answer to an interactive message.
    InteractiveKind {
        /// A button was pressed.
        Button(ButtonReply) = "button_reply",
        /// A row of a list was chosen.
        List(ListReply) = "list_reply",
        /// A flow or an address form was submitted.
        Flow(FlowReply) = "nfm_reply",
        /// The business may call, or may not.
        CallPermission(CallPermissionReply) = "call_permission_reply",
    }
}

model! {
    /// A button that was pressed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ButtonReply {
        /// The id that the button was sent with.
        pub id: String,
        /// Its title.
        pub title: Option<String>,
    }
}

model! {
    /// A row of a list that was chosen.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct ListReply {
        /// The id that the row was sent with.
        pub id: String,
        /// Its title.
        pub title: Option<String>,
        /// Its description.
        pub description: Option<String>,
    }
}

model! {
    /// A form that was submitted.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct FlowReply {
        /// What was submitted: `flow` or `address_message`. The flow's id is not told: put what you need into the flow token.
        pub name: Option<String>,
        /// What the chat shows for it.
        pub body: Option<String>,
        /// The answers, as JSON in a text. [`response`](Self::response) reads them.
        pub response_json: String,
    }
}

impl FlowReply {
    /// The answers as a type of your own. A flow's have the member `flow_token`.
    ///
    /// ```
    /// # use wa_types::webhook::{InteractiveReply, InboundContent, InboundMessage};
    /// #[derive(serde::Deserialize)]
    /// struct Booking {
    ///     flow_token: String,
    ///     seats: u32,
    /// }
    ///
    /// # let json = r#"{"id":"wamid.1","type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":
    /// #     {"name":"flow","body":"Sent","response_json":"{\"flow_token\":\"t\",\"seats\":2}"}}}"#;
    /// # let message: InboundMessage = serde_json::from_str(json)?;
    /// if let InboundContent::Interactive(InteractiveReply::Flow(reply)) = &message.content {
    ///     let booking: Booking = reply.response()?;
    ///     assert_eq!((booking.flow_token.as_str(), booking.seats), ("t", 2));
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// They are of another shape.
    pub fn response<T: DeserializeOwned>(&self) -> Result<T, UnexpectedJson> {
        json::read(&self.response_json)
    }
}

model! {
    /// Whether the business may call.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallPermissionReply {
        /// What was answered.
        pub response: Option<CallPermission>,
        /// Whether it holds until it is taken back.
        pub is_permanent: Option<bool>,
        /// When it ends.
        #[serde(serialize_with = "as_seconds")]
        pub expiration_timestamp: Option<Timestamp>,
        /// Where it comes from: `user_action`, or `automatic` after a call of the user.
        pub response_source: Option<String>,
    }
}

open_enum! {
    /// Whether a business may call.
    CallPermission {
        Accept = "accept",
        Reject = "reject",
    }
}
