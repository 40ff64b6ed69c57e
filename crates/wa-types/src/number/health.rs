use serde::Serialize;

use crate::{model, open::open_enum};

model! {
    /// Whether a number can send, and what stands in its way at each level: app, business, account, number.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct HealthStatus {
        /// The worst of the entities' answers.
        pub can_send_message: Option<CanSend>,
        /// The levels.
        pub entities: Vec<HealthEntity>,
    }
}

model! {
    /// One level's part in whether a number can send.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct HealthEntity {
        /// Which level.
        pub entity_type: Option<HealthEntityType>,
        /// The id of the object at this level.
        pub id: Option<String>,
        /// This level's answer.
        pub can_send_message: Option<CanSend>,
        /// Whether calls by SIP reach it.
        pub can_receive_call_sip: Option<CanSend>,
        /// What blocks or limits it.
        pub errors: Vec<HealthError>,
        /// What limits it, in words.
        pub additional_info: Vec<String>,
    }
}

model! {
    /// Something that blocks or limits sending.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct HealthError {
        /// Its code.
        pub error_code: Option<i64>,
        /// What it is.
        pub error_description: Option<String>,
        /// What may help.
        pub possible_solution: Option<String>,
    }
}

open_enum! {
    /// Whether messages can be sent.
    CanSend {
        Available = "AVAILABLE",
        Limited = "LIMITED",
        Blocked = "BLOCKED",
    }
}

open_enum! {
    /// A level of the health report.
    HealthEntityType {
        PhoneNumber = "PHONE_NUMBER",
        Waba = "WABA",
        Business = "BUSINESS",
        App = "APP",
        MessageTemplate = "MESSAGE_TEMPLATE",
        Flow = "FLOW",
    }
}
