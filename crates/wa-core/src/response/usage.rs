use std::time::Duration;

use http::{
    HeaderMap,
    header::{DATE, RETRY_AFTER},
};
use wa_types::{AccountBudget, AccountBudgets, Budget};

/// How much of the call budgets is used up, as headers of every answer tell. What cannot be read is left out.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Usage {
    /// The app's budget, from `X-App-Usage`.
    pub app: Option<Budget>,
    /// The budgets of single accounts, from `X-Business-Use-Case-Usage`.
    pub accounts: Vec<AccountBudget>,
}

impl Usage {
    /// Reads the headers of an answer.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let app = text(APP_USAGE).and_then(|json| serde_json::from_str(json).ok());
        let accounts: Option<AccountBudgets> = text(ACCOUNT_USAGE).and_then(|json| serde_json::from_str(json).ok());
        Self { app, accounts: accounts.unwrap_or_default().0 }
    }

    /// The highest share of a budget that is used up, in percent; at 100 the service refuses.
    #[must_use]
    pub fn highest(&self) -> Option<f64> {
        self.budgets().filter_map(Budget::highest).max_by(f64::total_cmp)
    }

    /// How long until the service takes calls again, where it says so.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        self.budgets().filter_map(|budget| budget.regain).max()
    }

    fn budgets(&self) -> impl Iterator<Item = &Budget> {
        self.app.iter().chain(self.accounts.iter().map(|account| &account.budget))
    }
}

/// How long the headers ask to wait: `Retry-After = HTTP-date / delay-seconds` (RFC 9110, 10.2.3).
///
/// A date counts from the answer's own `Date`, so that no clock is needed.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    Some(until.duration_since(now).unwrap_or_default())
}

const APP_USAGE: &str = "x-app-usage";
const ACCOUNT_USAGE: &str = "x-business-use-case-usage";

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| ((*name).parse().unwrap(), HeaderValue::from_str(value).unwrap())).collect()
    }

    fn wait(pairs: &[(&'static str, &str)]) -> Option<u64> {
        retry_after(&headers(pairs)).map(|wait| wait.as_secs())
    }

    #[test]
    fn both_headers_are_read() {
        // The header examples of Meta's API description, operation updatePhoneNumberSettings, and of the rate limit guide.
        let usage = Usage::from_headers(&headers(&[
            (
                "x-business-use-case-usage",
                r#"{"102290129340398":[{"type":"whatsapp_business_management","call_count":1,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0},{"type":"whatsapp","call_count":97,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":19}]}"#,
            ),
            ("x-app-usage", r#"{"call_count":28,"total_time":25,"total_cputime":24}"#),
        ]));
        assert_eq!(usage.app.as_ref().and_then(|app| app.call_count), Some(28.0));
        assert_eq!(usage.accounts.len(), 2);
        assert_eq!(usage.accounts[0].account.as_str(), "102290129340398");
        assert_eq!(usage.accounts[0].budget.kind.as_deref(), Some("whatsapp_business_management"));
        assert_eq!(usage.highest(), Some(97.0));
        assert_eq!(usage.wait(), Some(Duration::from_secs(19 * 60)));
    }

    #[test]
    fn what_cannot_be_read_does_not_hide_the_rest() {
        let usage = Usage::from_headers(&headers(&[(
            "x-business-use-case-usage",
            r#"{"1":[7,{"call_count":"12","total_time":[{}],"type":9,"estimated_time_to_regain_access":-1}],"2":null,"3":{}}"#,
        )]));
        assert_eq!(usage.accounts.len(), 1);
        assert_eq!(usage.highest(), Some(12.0));
        assert_eq!(usage.wait(), None);
        for junk in ["", "{", "[]", "null", "1e999", r#"{"1":[{"call_count":1e400}]}"#] {
            let usage = Usage::from_headers(&headers(&[("x-business-use-case-usage", junk), ("x-app-usage", junk)]));
            assert_eq!(usage.highest(), None, "{junk}");
        }
    }

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        assert_eq!(wait(&[("retry-after", "120")]), Some(120));
        assert_eq!(wait(&[("retry-after", " 0 ")]), Some(0));
        let date = ("date", "Fri, 31 Dec 1999 23:59:00 GMT");
        assert_eq!(wait(&[("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT"), date]), Some(59));
        assert_eq!(wait(&[("retry-after", "Fri, 31 Dec 1999 23:00:00 GMT"), date]), Some(0));
        for other in ["-1", "soon", "", "99999999999", "Fri, 31 Dec 1999 23:59:59 GMT"] {
            assert_eq!(wait(&[("retry-after", other)]), None, "{other}");
        }
    }
}
