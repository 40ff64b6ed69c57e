use serde::Serialize;

use crate::{FlowId, model, open::open_enum};

model! {
    /// `flows`: a flow's status has changed, or its endpoint does badly.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct FlowUpdate {
        /// What has happened.
        pub event: FlowEvent = required,
        /// The flow.
        pub flow_id: Option<FlowId>,
        /// The same in words.
        pub message: Option<String>,
        /// The status until now.
        pub old_status: Option<FlowStatus>,
        /// The status now.
        pub new_status: Option<FlowStatus>,
        /// Whether an alert begins or ends.
        pub alert_state: Option<FlowAlertState>,
        /// What was exceeded or fallen short of.
        pub threshold: Option<f64>,
        /// The share of requests that failed, in percent.
        pub error_rate: Option<f64>,
        /// How many requests there were.
        pub requests_count: Option<i64>,
        /// What half of the requests took at most, in milliseconds.
        pub p50_latency: Option<f64>,
        /// What nine of ten requests took at most, in milliseconds.
        pub p90_latency: Option<f64>,
        /// The share of checks that were answered, in percent.
        pub availability: Option<f64>,
        /// What failed.
        pub errors: Vec<FlowFailure>,
        /// What must be done, in words.
        pub warning: Option<String>,
    }
}

open_enum! {
    /// What has happened to a flow.
    FlowEvent {
        StatusChange = "FLOW_STATUS_CHANGE",
        ClientErrorRate = "CLIENT_ERROR_RATE",
        EndpointErrorRate = "ENDPOINT_ERROR_RATE",
        EndpointLatency = "ENDPOINT_LATENCY",
        EndpointAvailability = "ENDPOINT_AVAILABILITY",
        VersionExpiryWarning = "FLOW_VERSION_EXPIRY_WARNING",
    }
}

open_enum! {
    /// The status of a flow.
    FlowStatus {
        Draft = "DRAFT",
        Published = "PUBLISHED",
        Throttled = "THROTTLED",
        Blocked = "BLOCKED",
        Deprecated = "DEPRECATED",
    }
}

open_enum! {
    /// Whether an alert about a flow begins or ends.
    FlowAlertState {
        Activated = "ACTIVATED",
        Deactivated = "DEACTIVATED",
    }
}

model! {
    /// What failed in a flow.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct FlowFailure {
        /// What kind of failure it is.
        pub error_type: Option<String>,
        /// Its share of the requests, in percent.
        pub error_rate: Option<f64>,
        /// How often it happened.
        pub error_count: Option<i64>,
    }
}
