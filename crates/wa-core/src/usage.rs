use std::{collections::BTreeMap, fmt, time::Duration};

use http::{
    HeaderMap,
    header::{DATE, RETRY_AFTER},
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

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
        let accounts: BTreeMap<String, Budgets> =
            text(ACCOUNT_USAGE).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        let accounts = accounts
            .into_iter()
            .flat_map(|(account, budgets)| {
                budgets.0.into_iter().map(move |budget| AccountBudget { account: account.clone(), budget })
            })
            .collect();
        Self { app, accounts }
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

/// The budget of one account.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AccountBudget {
    /// Whose it is: the id of the business.
    pub account: String,
    /// The budget.
    pub budget: Budget,
}

/// One call budget: the shares that are used up, in percent.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Budget {
    /// The use that it is for, such as `whatsapp_business_management`.
    #[serde(default, rename = "type", deserialize_with = "lenient_text")]
    pub kind: Option<String>,
    /// The share of calls.
    #[serde(default, deserialize_with = "lenient_number")]
    pub call_count: Option<f64>,
    /// The share of CPU time.
    #[serde(default, deserialize_with = "lenient_number")]
    pub total_cputime: Option<f64>,
    /// The share of total time.
    #[serde(default, deserialize_with = "lenient_number")]
    pub total_time: Option<f64>,
    /// How long until the service takes calls again; none if it does.
    #[serde(default, rename = "estimated_time_to_regain_access", deserialize_with = "lenient_minutes")]
    pub regain: Option<Duration>,
}

impl Budget {
    fn highest(&self) -> Option<f64> {
        [self.call_count, self.total_cputime, self.total_time].into_iter().flatten().max_by(f64::total_cmp)
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

#[derive(Default)]
struct Budgets(Vec<Budget>);

impl<'de> Deserialize<'de> for Budgets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Entry {
            Budget(Budget),
            Other(IgnoredAny),
        }

        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Entries {
            List(Vec<Entry>),
            Other(IgnoredAny),
        }

        Ok(match Entries::deserialize(deserializer)? {
            Entries::List(entries) => Self(
                entries
                    .into_iter()
                    .filter_map(|entry| match entry {
                        Entry::Budget(budget) => Some(budget),
                        Entry::Other(IgnoredAny) => None,
                    })
                    .collect(),
            ),
            Entries::Other(IgnoredAny) => Self::default(),
        })
    }
}

fn lenient_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Scalar::deserialize(deserializer)? {
        Scalar::Text(text) => Some(text),
        Scalar::Number(_) | Scalar::Other => None,
    })
}

fn lenient_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let number = match Scalar::deserialize(deserializer)? {
        Scalar::Number(number) => Some(number),
        Scalar::Text(text) => text.trim().parse().ok(),
        Scalar::Other => None,
    };
    Ok(number.filter(|number| number.is_finite() && *number >= 0.0))
}

fn lenient_minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let minutes = lenient_number(deserializer)?;
    Ok(minutes.and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok()).filter(|wait| !wait.is_zero()))
}

enum Scalar {
    Number(f64),
    Text(String),
    Other,
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;

        impl<'de> Visitor<'de> for ScalarVisitor {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
                Ok(Scalar::Number(number as f64))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
                Ok(Scalar::Number(number as f64))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar, E> {
                Ok(Scalar::Number(number))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar::Text(text.to_owned()))
            }

            fn visit_bool<E: Error>(self, _: bool) -> Result<Scalar, E> {
                Ok(Scalar::Other)
            }

            fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
                Ok(Scalar::Other)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar::Other)
            }
        }

        deserializer.deserialize_any(ScalarVisitor)
    }
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
        assert_eq!(usage.accounts[0].account, "102290129340398");
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
