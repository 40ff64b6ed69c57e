use std::time::Duration;

use http::Method;
use serde::Serialize;
use wa_types::{Page, TemplateId, Timestamp, model};

use super::Ids;
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Endpoint, Query, Route};

/// `GET /{template}/compare`
///
/// Compares how often two templates were sent and blocked.
///
/// Both belong to one account and were sent at least 1,000 times in that time.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-comparison)
#[derive(Clone, Debug)]
pub struct CompareTemplates<'a> {
    template: &'a TemplateId,
    other: [&'a TemplateId; 1],
    window: Lookback,
    end: Timestamp,
}

impl<'a> CompareTemplates<'a> {
    /// Compares these two over so many days before this moment, which should be the present one.
    #[must_use]
    pub fn new(template: &'a TemplateId, other: &'a TemplateId, window: Lookback, end: Timestamp) -> Self {
        Self { template, other: [other], window, end }
    }
}

impl Endpoint for CompareTemplates<'_> {
    const NAME: &'static str = "template.compare";
    const METHOD: Method = Method::GET;
    type Response = Page<Comparison>;

    fn route(&self) -> Route<'_> {
        Route::node(self.template).edge("compare")
    }

    fn query(&self, query: &mut Query) {
        let end = self.end.as_millis() / 1_000;
        query.push("template_ids", Ids(&self.other));
        query.push("start", end.saturating_sub(self.window.length().as_secs()));
        query.push("end", end);
    }
}

/// How far a comparison looks back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Lookback {
    /// Seven days.
    Days7,
    /// 30 days.
    Days30,
    /// 60 days.
    Days60,
    /// 90 days.
    Days90,
}

impl Lookback {
    fn length(self) -> Duration {
        let days = match self {
            Self::Days7 => 7,
            Self::Days30 => 30,
            Self::Days60 => 60,
            Self::Days90 => 90,
        };
        Duration::from_secs(days * 86_400)
    }
}

model! {
    /// One thing that templates were compared by.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct Comparison {
        /// What was compared: `BLOCK_RATE`, `MESSAGE_SENDS` or `TOP_BLOCK_REASON`.
        pub metric: String,
        /// Which of the lists below is filled: `RELATIVE`, `NUMBER_VALUES` or `STRING_VALUES`.
        pub kind: Option<String> = "type",
        /// The templates, the least blocked first.
        pub order_by_relative_metric: Vec<TemplateId>,
        /// How often each was sent.
        pub number_values: Vec<NumberOfTemplate>,
        /// Why each was blocked most often.
        pub string_values: Vec<WordOfTemplate>,
    }
}

model! {
    /// A number that belongs to a template.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct NumberOfTemplate {
        /// The template.
        pub key: TemplateId = required,
        /// The number.
        pub value: Option<f64>,
    }
}

model! {
    /// A word that belongs to a template.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct WordOfTemplate {
        /// The template.
        pub key: TemplateId = required,
        /// The word, such as `NO_LONGER_NEEDED` or `UNKNOWN_BLOCK_REASON`.
        pub value: Option<String>,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let (template, other) = (&TemplateId::new("5289179717853347")?, &TemplateId::new("1533406637136032")?);
    to.call(CompareTemplates::new(template, other, Lookback::Days7, Timestamp::from_secs(1_674_845_395)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const COMPARE: &str = "GET /{Version}/{TEMPLATE_ID}/compare";

    // Meta, "Template comparison", example request. Its moments are in milliseconds but 604,800 apart, which is the
    // number of seconds in a week: the page's text wants seconds.
    #[test]
    fn compares_two_templates() {
        let template = TemplateId::new("5289179717853347").unwrap();
        let other = TemplateId::new("1533406637136032").unwrap();
        let end = Timestamp::from_secs(1_674_845_395);
        let compare = CompareTemplates::new(&template, &other, Lookback::Days7, end);
        Vector::at(COMPARE, &compare).differs_from_description("the description has no comparison", "operation: is not described").builds(
            "GET /v23.0/5289179717853347/compare?template_ids=%5B1533406637136032%5D&start=1674240595&end=1674845395",
            "",
        );
    }

    // Meta, "Template comparison", example response.
    #[test]
    fn a_comparison_is_read() {
        let page = testing::read::<CompareTemplates<'_>>(
            r#"{"data":[
                {"metric":"BLOCK_RATE","type":"RELATIVE","order_by_relative_metric":["1533406637136032","5289179717853347"]},
                {"metric":"MESSAGE_SENDS","type":"NUMBER_VALUES","number_values":[{"key":"5289179717853347","value":1273},{"key":"1533406637136032","value":1042}]},
                {"metric":"TOP_BLOCK_REASON","type":"STRING_VALUES","string_values":[{"key":"5289179717853347","value":"UNKNOWN_BLOCK_REASON"},{"key":"1533406637136032","value":"UNKNOWN_BLOCK_REASON"}]}
            ]}"#,
        );
        let [rate, sends, reason] = page.data.as_slice() else { panic!("{page:?}") };
        assert_eq!((rate.metric.as_str(), rate.kind.as_deref()), ("BLOCK_RATE", Some("RELATIVE")));
        assert_eq!(rate.order_by_relative_metric[0].as_str(), "1533406637136032");
        assert_eq!(
            (sends.number_values[1].key.as_str(), sends.number_values[1].value),
            ("1533406637136032", Some(1042.0))
        );
        assert_eq!(reason.string_values[0].value.as_deref(), Some("UNKNOWN_BLOCK_REASON"));
    }
}
