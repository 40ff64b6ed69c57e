use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, Page, TemplateGroupId, TemplateId, TemplateMetric, WabaId, model};

use super::{Ids, Period, TemplateAnalytics, check_count};
use crate::{BuildError, Cursor, Endpoint, Paged, Query, Route};
#[cfg(feature = "__samples")]
use crate::{
    samples::{self, Samples},
    types::Timestamp,
};

/// `POST /{account}` with `is_enabled_for_insights`
///
/// Has the service count what becomes of an account's templates, from now on and for good.
///
/// It cannot be taken back. The links of buttons are tracked then, unless a template opts out of that.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/analytics#confirming-template-analytics)
#[derive(Clone, Debug)]
pub struct EnableTemplateAnalytics<'a> {
    account: &'a WabaId,
}

impl<'a> EnableTemplateAnalytics<'a> {
    /// Counts for the templates of this account.
    #[must_use]
    pub fn new(account: &'a WabaId) -> Self {
        Self { account }
    }
}

impl Endpoint for EnableTemplateAnalytics<'_> {
    const NAME: &'static str = "template.enable_analytics";
    const METHOD: Method = Method::POST;
    type Response = AnalyticsEnabled;

    fn route(&self) -> Route<'_> {
        Route::node(self.account)
    }

    fn query(&self, query: &mut Query) {
        query.push("is_enabled_for_insights", true);
    }
}

model! {
    /// The answer to analytics that were switched on.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct AnalyticsEnabled {
        /// The account.
        pub id: WabaId = required,
    }
}

/// `GET /{account}/template_analytics`
///
/// Reads day by day how often templates were sent, delivered, read and clicked, and what that cost.
///
/// The account must have switched it on: [`EnableTemplateAnalytics`]. The service looks back 90 days. What is read and
/// clicked later than seven days after it was sent does not count.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/analytics#template-analytics)
#[derive(Clone, Debug)]
pub struct ReadTemplateAnalytics<'a> {
    account: &'a WabaId,
    templates: Vec<TemplateId>,
    period: Period,
    metrics: Vec<TemplateMetric>,
    product: Option<String>,
    cursor: Cursor,
}

impl<'a> ReadTemplateAnalytics<'a> {
    /// Reads about these templates, 1 to 10 of them, in this period.
    #[must_use]
    pub fn new(account: &'a WabaId, templates: impl IntoIterator<Item = TemplateId>, period: Period) -> Self {
        let templates = templates.into_iter().collect();
        Self { account, templates, period, metrics: Vec::new(), product: None, cursor: Cursor::default() }
    }

    /// Reads only these figures.
    #[must_use]
    pub fn metrics(mut self, metrics: impl IntoIterator<Item = TemplateMetric>) -> Self {
        self.metrics.extend(metrics);
        self
    }

    /// Reads about what was sent with the marketing API instead of the usual one.
    #[must_use]
    pub fn of_marketing_messages(mut self) -> Self {
        self.product = Some("MARKETING_MESSAGES_API_FOR_WHATSAPP".to_owned());
        self
    }
}

impl Endpoint for ReadTemplateAnalytics<'_> {
    const NAME: &'static str = "template.read_analytics";
    const METHOD: Method = Method::GET;
    type Response = Page<TemplateAnalytics>;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("template_analytics")
    }

    fn query(&self, query: &mut Query) {
        self.period.write(query);
        query.push("granularity", "DAILY");
        query.push_list("metric_types", self.metrics.iter().map(TemplateMetric::as_str));
        query.push("template_ids", Ids(&self.templates));
        if let Some(product) = &self.product {
            query.push("product_type", product);
        }
        self.cursor.write(query);
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check_count("templates to read about", &self.templates, 10)?;
        self.period.check()
    }
}

impl Paged for ReadTemplateAnalytics<'_> {
    type Item = TemplateAnalytics;

    fn cursor(&mut self) -> &mut Cursor {
        &mut self.cursor
    }
}

/// `GET /{account}/template_group_analytics`
///
/// Reads day by day what [`ReadTemplateAnalytics`] does, for groups of templates.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/analytics#template-group-analytics)
#[derive(Clone, Debug)]
pub struct ReadTemplateGroupAnalytics<'a> {
    account: &'a WabaId,
    groups: Vec<TemplateGroupId>,
    period: Period,
    metrics: Vec<TemplateMetric>,
    cursor: Cursor,
}

impl<'a> ReadTemplateGroupAnalytics<'a> {
    /// Reads about these groups, 1 to 10 of them, in this period.
    #[must_use]
    pub fn new(account: &'a WabaId, groups: impl IntoIterator<Item = TemplateGroupId>, period: Period) -> Self {
        let groups = groups.into_iter().collect();
        Self { account, groups, period, metrics: Vec::new(), cursor: Cursor::default() }
    }

    /// Reads only these figures.
    #[must_use]
    pub fn metrics(mut self, metrics: impl IntoIterator<Item = TemplateMetric>) -> Self {
        self.metrics.extend(metrics);
        self
    }
}

impl Endpoint for ReadTemplateGroupAnalytics<'_> {
    const NAME: &'static str = "template.read_group_analytics";
    const METHOD: Method = Method::GET;
    type Response = Page<TemplateAnalytics>;

    fn route(&self) -> Route<'_> {
        Route::node(self.account).edge("template_group_analytics")
    }

    fn query(&self, query: &mut Query) {
        self.period.write(query);
        query.push("granularity", "DAILY");
        query.push_list("metric_types", self.metrics.iter().map(TemplateMetric::as_str));
        query.push("template_group_ids", Ids(&self.groups));
        self.cursor.write(query);
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        check_count("groups to read about", &self.groups, 10)?;
        self.period.check()
    }
}

impl Paged for ReadTemplateGroupAnalytics<'_> {
    type Item = TemplateAnalytics;

    fn cursor(&mut self) -> &mut Cursor {
        &mut self.cursor
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let account = &samples::account()?;
    let period = Period::utc(Timestamp::from_secs(1_718_064_000), Timestamp::from_secs(1_718_122_745));
    to.call(EnableTemplateAnalytics::new(account));
    to.call(ReadTemplateAnalytics::new(account, [TemplateId::new("1421988012088524")?], period.clone()));
    to.call(ReadTemplateGroupAnalytics::new(account, [TemplateGroupId::new("1044106240855852")?], period));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::template::{Cost, period::LONGEST};
    use crate::testing::{self, Vector};

    const ENABLE: &str = "POST /{Version}/{WABA-ID}";
    const READ: &str = "GET /{Version}/{WABA-ID}/template_analytics";
    const READ_GROUPS: &str = "GET /{Version}/{WABA-ID}/template_group_analytics";
    const DEFECT: &str = "the description has no analytics of templates";

    fn utc(start: u64, end: u64) -> Period {
        Period::utc(Timestamp::from_secs(start), Timestamp::from_secs(end))
    }

    // Meta, "Analytics", the example of template analytics.
    #[test]
    fn reads_about_templates() {
        let account = WabaId::new("109259195336416").unwrap();
        let templates = || ["1421988012088524", "2632273056924580"].map(|id| TemplateId::new(id).unwrap());
        let metrics = [TemplateMetric::Cost, TemplateMetric::Clicked, TemplateMetric::Sent];
        let read =
            ReadTemplateAnalytics::new(&account, templates(), utc(1_718_064_000, 1_718_122_745)).metrics(metrics);
        let line = "GET /v23.0/109259195336416/template_analytics?start=1718064000&end=1718122745&granularity=DAILY\
            &metric_types=COST,CLICKED,SENT&template_ids=%5B1421988012088524,2632273056924580%5D";
        Vector::at(READ, &read).differs_from_description(DEFECT, "operation: is not described").builds(line, "");

        let of_days = |start: &str, end: &str| {
            ReadTemplateAnalytics::new(&account, templates(), Period::of_account(start, end)).of_marketing_messages()
        };
        Vector::at(READ, &of_days("2026-11-20", "2026-11-21").limit(30))
            .differs_from_description(DEFECT, "operation: is not described")
            .builds(
                "GET /v23.0/109259195336416/template_analytics?start=2026-11-20&end=2026-11-21&use_waba_timezone=true\
             &granularity=DAILY&template_ids=%5B1421988012088524,2632273056924580%5D\
             &product_type=MARKETING_MESSAGES_API_FOR_WHATSAPP&limit=30",
                "",
            );
        Vector::at(READ, &of_days("2026-11-21", "2026-11-20")).refuses("ends before it starts");
        Vector::at(READ, &of_days("21.11.2026", "2026-11-20")).refuses("2026-11-21");
        let refused = |templates: Vec<TemplateId>, period, reason| {
            Vector::at(READ, &ReadTemplateAnalytics::new(&account, templates, period)).refuses(reason);
        };
        refused(Vec::new(), utc(0, 1), "these are 0");
        refused(vec![templates()[0].clone(); 11], utc(0, 1), "these are 11");
        refused(templates().to_vec(), utc(0, LONGEST + 1), "90 days at most");
    }

    // Meta, "Analytics", the example of template group analytics.
    #[test]
    fn reads_about_groups() {
        let account = testing::account();
        let groups = [TemplateGroupId::new("1044106240855852").unwrap()];
        let metrics = [TemplateMetric::Sent, TemplateMetric::Delivered, TemplateMetric::Read];
        let read =
            ReadTemplateGroupAnalytics::new(&account, groups, utc(1_738_465_116, 1_739_559_516)).metrics(metrics);
        Vector::at(READ_GROUPS, &read).differs_from_description(DEFECT, "operation: is not described").builds(
            "GET /v23.0/102290129340398/template_group_analytics?start=1738465116&end=1739559516&granularity=DAILY\
             &metric_types=SENT,DELIVERED,READ&template_group_ids=%5B1044106240855852%5D",
            "",
        );
    }

    // Meta, "Analytics", the example response of template analytics, shortened, and the group of the other.
    #[test]
    fn figures_are_read() {
        let page = testing::read::<ReadTemplateAnalytics<'_>>(
            r#"{"data":[{"granularity":"DAILY","product_type":"cloud_api","data_points":[
                {"template_id":"2632273056924580","start":1718064000,"end":1718150400,"sent":1,"delivered":1,"read":1,
                "clicked":[{"type":"quick_reply_button","button_content":"Contact Support","count":108}],
                "cost":[{"type":"amount_spent","value":0.03},{"type":"cost_per_delivered"}]},
                {"template_group_id":"1044106240855852","start":1739491200,"end":1739577600,"sent":1460}]}],
                "paging":{"cursors":{"before":"MAZDZD","after":"MjQZD"}}}"#,
        );
        let days = &page.data[0].data_points;
        assert_eq!(days[0].start, Some(Timestamp::from_secs(1_718_064_000)));
        assert_eq!((days[0].sent, days[0].clicked[0].count), (Some(1), Some(108)));
        assert_eq!(days[0].cost[0], Cost { kind: Some("amount_spent".into()), value: Some(0.03) });
        assert_eq!(days[0].cost[1].value, None);
        assert_eq!(days[1].template_group_id.as_ref().unwrap().as_str(), "1044106240855852");
        let written = serde_json::to_value(&days[0]).unwrap();
        assert_eq!((&written["start"], &written["cost"][0]["type"]), (&1_718_064_000.into(), &"amount_spent".into()));
    }

    // Meta, "Analytics": the call, and its answer whose id is a number.
    #[test]
    fn analytics_are_switched_on() {
        let account = testing::account();
        Vector::at(ENABLE, &EnableTemplateAnalytics::new(&account))
            .differs_from_description(
                "the description does not know the parameter",
                "query is_enabled_for_insights: is not described",
            )
            .differs_from_description("the description does not know this use of the call", "body: is missing")
            .builds("POST /v23.0/102290129340398?is_enabled_for_insights=true", "");
        let answer = testing::read::<EnableTemplateAnalytics<'_>>(r#"{"id": 102290129340398}"#);
        assert_eq!(answer.id, account);
    }
}
