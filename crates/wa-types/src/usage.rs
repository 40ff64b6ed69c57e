use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    WabaId,
    lenient::{self, FromWire},
    model,
};

/// One call budget: the shares that are used up, in percent.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Budget {
    /// The use that it is for, such as `whatsapp_business_management`.
    pub kind: Option<String>,
    /// The share of calls.
    pub call_count: Option<f64>,
    /// The share of CPU time.
    pub total_cputime: Option<f64>,
    /// The share of total time.
    pub total_time: Option<f64>,
    /// How long until the service takes calls again; none if it does.
    pub regain: Option<Duration>,
}

impl Budget {
    /// The highest of the shares; at 100 the service refuses.
    #[must_use]
    pub fn highest(&self) -> Option<f64> {
        [self.call_count, self.total_cputime, self.total_time].into_iter().flatten().max_by(f64::total_cmp)
    }
}

impl From<Wire> for Budget {
    fn from(wire: Wire) -> Self {
        let share = |share: Option<f64>| share.filter(|share| *share >= 0.0);
        let wait = wire.estimated_time_to_regain_access;
        Self {
            kind: wire.kind,
            call_count: share(wire.call_count),
            total_cputime: share(wire.total_cputime),
            total_time: share(wire.total_time),
            regain: wait
                .and_then(|minutes| Duration::try_from_secs_f64(minutes * 60.0).ok())
                .filter(|wait| !wait.is_zero()),
        }
    }
}

impl FromWire for Budget {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(Wire::from_wire(deserializer)?.map(Self::from))
    }
}

impl<'de> Deserialize<'de> for Budget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::value(deserializer, "a budget")
    }
}

/// The budget of one account.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AccountBudget {
    /// Whose it is.
    pub account: WabaId,
    /// The budget.
    pub budget: Budget,
}

/// The budgets of all accounts that an answer tells of.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct AccountBudgets(pub Vec<AccountBudget>);

impl<'de> Deserialize<'de> for AccountBudgets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let accounts: BTreeMap<String, Vec<Budget>> = lenient::value(deserializer, "budgets by account")?;
        let budgets_of = |(account, budgets): (String, Vec<Budget>)| {
            let account = WabaId::from_wire_text(account);
            budgets.into_iter().map(move |budget| AccountBudget { account: account.clone(), budget })
        };
        Ok(Self(accounts.into_iter().flat_map(budgets_of).collect()))
    }
}

model! {
    #[derive(Serialize)]
    struct Wire {
        kind: Option<String> = "type",
        call_count: Option<f64>,
        total_cputime: Option<f64>,
        total_time: Option<f64>,
        estimated_time_to_regain_access: Option<f64>,
    }
}
