use serde::{Serialize, Serializer};
use wa_types::{TemplateGroupId, TemplateId, Timestamp, model};

model! {
    /// What became of templates.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateAnalytics {
        /// How long each period is: `DAILY`.
        pub granularity: Option<String>,
        /// The API that was sent with, such as `cloud_api`.
        pub product_type: Option<String>,
        /// The time zone that the days are in, if it is not UTC.
        pub waba_timezone: Option<String>,
        /// The figures, for each template and each day.
        pub data_points: Vec<TemplateDay>,
    }
}

model! {
    /// What became of a template, or of a group of them, on one day.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct TemplateDay {
        /// The template.
        pub template_id: Option<TemplateId>,
        /// The group.
        pub template_group_id: Option<TemplateGroupId>,
        /// When the day begins.
        #[serde(serialize_with = "as_seconds")]
        pub start: Option<Timestamp>,
        /// When it ends.
        #[serde(serialize_with = "as_seconds")]
        pub end: Option<Timestamp>,
        /// How many messages were sent.
        pub sent: Option<i64>,
        /// How many were delivered.
        pub delivered: Option<i64>,
        /// How many were read.
        pub read: Option<i64>,
        /// How often each button was pressed.
        pub clicked: Vec<Clicks>,
        /// What it cost.
        pub cost: Vec<Cost>,
    }
}

model! {
    /// How often a button was pressed.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Clicks {
        /// What is counted: `url_button`, `unique_url_button` (people, not presses) or `quick_reply_button`.
        pub kind: Option<String> = "type",
        /// What stands on the button.
        pub button_content: Option<String>,
        /// How often.
        pub count: Option<i64>,
    }
}

model! {
    /// What messages cost.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct Cost {
        /// Of what: `amount_spent`, `cost_per_delivered` or `cost_per_url_button_click`.
        pub kind: Option<String> = "type",
        /// How much; nothing if nothing was spent.
        pub value: Option<f64>,
    }
}

fn as_seconds<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_millis() / 1_000).serialize(serializer)
}
