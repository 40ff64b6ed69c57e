use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Deserializer};

use crate::flexible;

/// One call budget: the shares that are used up, in percent.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Budget {
    /// The use that it is for, such as `whatsapp_business_management`.
    #[serde(default, rename = "type", deserialize_with = "flexible::text")]
    pub kind: Option<String>,
    /// The share of calls.
    #[serde(default, deserialize_with = "share")]
    pub call_count: Option<f64>,
    /// The share of CPU time.
    #[serde(default, deserialize_with = "share")]
    pub total_cputime: Option<f64>,
    /// The share of total time.
    #[serde(default, deserialize_with = "share")]
    pub total_time: Option<f64>,
    /// How long until the service takes calls again; none if it does.
    #[serde(default, rename = "estimated_time_to_regain_access", deserialize_with = "minutes")]
    pub regain: Option<Duration>,
}

impl Budget {
    /// The highest of the shares; at 100 the service refuses.
    #[must_use]
    pub fn highest(&self) -> Option<f64> {
        [self.call_count, self.total_cputime, self.total_time].into_iter().flatten().max_by(f64::total_cmp)
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

/// The budgets of all accounts that an answer tells of.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct AccountBudgets(pub Vec<AccountBudget>);

impl<'de> Deserialize<'de> for AccountBudgets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Budgets(#[serde(deserialize_with = "flexible::objects")] Vec<Budget>);

        let accounts: BTreeMap<String, Budgets> = Deserialize::deserialize(deserializer)?;
        let budgets_of = |(account, Budgets(budgets)): (String, Budgets)| {
            budgets.into_iter().map(move |budget| AccountBudget { account: account.clone(), budget })
        };
        Ok(Self(accounts.into_iter().flat_map(budgets_of).collect()))
    }
}

fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(flexible::number(deserializer)?.filter(|share| *share >= 0.0))
}

fn minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let minutes = flexible::number(deserializer)?;
    Ok(minutes.and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok()).filter(|wait| !wait.is_zero()))
}
