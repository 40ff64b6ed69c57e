use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Event, FaultRule, Number, Rng, Rules, Time, Webhooks,
    operation::{MANAGEMENT, MESSAGING},
    plain,
    rules::HOUR,
};

/// Everything the service knows: the scenario that a run begins with, and the snapshot of one that has gone on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct State {
    /// The source of chance: a seed at the beginning.
    pub seed: Rng,
    /// The moment of the virtual clock.
    #[serde(default = "start")]
    pub now: Time,
    /// The switches.
    pub rules: Rules,
    /// The apps by id.
    pub apps: BTreeMap<String, App>,
    /// The tokens by their text.
    pub tokens: BTreeMap<String, Token>,
    /// The accounts by id.
    pub accounts: BTreeMap<String, Account>,
    /// The numbers by id.
    pub numbers: BTreeMap<String, Number>,
    /// Until when the whole service is down.
    pub outage_until: Option<Time>,
    /// What goes wrong on purpose; the first rule that fits strikes.
    pub faults: Vec<FaultRule>,
    /// What happens later, in the order of time.
    pub events: Vec<(Time, Event)>,
    /// The deliveries to the apps.
    pub webhooks: Webhooks,
}

impl State {
    /// An empty service.
    #[must_use]
    pub fn empty(seed: u64) -> Self {
        Self { seed: Rng::new(seed), now: Time::START, ..Self::default() }
    }

    /// A service with one app, its token [`State::TOKEN`], one account and one number that nobody has verified.
    #[must_use]
    pub fn demo(seed: u64) -> Self {
        let mut state = Self::empty(seed);
        let mut app = App::new("Lucky Shrub", "app-secret");
        app.callback = Some(Callback::new("https://lucky-shrub.example/webhook", "verify-me"));
        state.apps.insert(Self::APP.to_owned(), app);
        state.tokens.insert(Self::TOKEN.to_owned(), Token::new(Self::APP));
        let mut account = Account::default();
        account.apps.insert(Self::APP.to_owned());
        state.accounts.insert(Self::ACCOUNT.to_owned(), account);
        state.numbers.insert(Self::NUMBER.to_owned(), Number::new(Self::ACCOUNT, "1", "15550783881"));
        state
    }

    /// Reads a scenario or a snapshot.
    ///
    /// # Errors
    ///
    /// It is no JSON of this shape, or something in it belongs to nothing: the error names the place.
    pub fn from_json(json: &str) -> Result<Self, InvalidScenario> {
        let state: Self = plain::read(json.as_bytes()).map_err(InvalidScenario)?;
        state.check()?;
        Ok(state)
    }

    /// Refuses what belongs to nothing, and numbers that are none.
    pub(crate) fn check(&self) -> Result<(), InvalidScenario> {
        let refuse = |text: String| Err(InvalidScenario(text));
        if let Some(token) = self.tokens.values().find(|token| !self.apps.contains_key(&token.app)) {
            return refuse(format!("a token belongs to the app {:?}, which is not among the apps", token.app));
        }
        for (id, account) in &self.accounts {
            if let Some(app) = account.apps.iter().find(|app| !self.apps.contains_key(*app)) {
                return refuse(format!("the account {id} is linked to the app {app:?}, which is not among the apps"));
            }
        }
        for (id, number) in &self.numbers {
            if !self.accounts.contains_key(&number.account) {
                let account = &number.account;
                return refuse(format!("the number {id} belongs to the account {account:?}, which is not among them"));
            }
            number.check().map_err(|text| InvalidScenario(format!("the number {id}: {text}")))?;
        }
        for (index, rule) in self.faults.iter().enumerate() {
            rule.check().map_err(|error| InvalidScenario(format!("the fault {index}: {error}")))?;
        }
        Ok(())
    }

    /// The snapshot.
    #[must_use]
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// An id that no number has.
    pub(crate) fn new_number_id(&mut self) -> String {
        loop {
            let id = format!("1{}", self.seed.digits(14));
            if !self.numbers.contains_key(&id) {
                return id;
            }
        }
    }

    /// Lets something happen later.
    pub(crate) fn schedule(&mut self, at: Time, event: Event) {
        let place = self.events.partition_point(|(other, _)| *other <= at);
        self.events.insert(place, (at, event));
    }

    /// The app of [`State::demo`].
    pub const APP: &'static str = "634974688087057";
    /// The token of [`State::demo`].
    pub const TOKEN: &'static str = "EAAJB-simulated";
    /// The account of [`State::demo`].
    pub const ACCOUNT: &'static str = "102290129340398";
    /// The number of [`State::demo`].
    pub const NUMBER: &'static str = "106540352242922";
}

/// JSON that is no scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no scenario: {0}")]
pub struct InvalidScenario(String);

/// An app that calls and is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct App {
    /// Its name.
    pub name: String,
    /// What its webhooks are signed with.
    pub secret: String,
    /// Where its webhooks go.
    pub callback: Option<Callback>,
    /// The calls of this hour.
    pub budget: Budget,
}

impl App {
    /// An app without a callback.
    #[must_use]
    pub fn new(name: impl Into<String>, secret: impl Into<String>) -> Self {
        Self { name: name.into(), secret: secret.into(), ..Self::default() }
    }
}

/// Where an app's webhooks go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Callback {
    /// The address.
    pub url: String,
    /// What the handshake proves itself with.
    pub verify_token: String,
}

impl Callback {
    /// A callback at this address.
    #[must_use]
    pub fn new(url: impl Into<String>, verify_token: impl Into<String>) -> Self {
        Self { url: url.into(), verify_token: verify_token.into() }
    }
}

/// A token of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Token {
    /// The app it belongs to.
    pub app: String,
    /// What it may do.
    #[serde(default = "both_permissions")]
    pub permissions: BTreeSet<String>,
    /// The accounts it may see; nothing sees all.
    #[serde(default)]
    pub accounts: Option<BTreeSet<String>>,
    /// When it expires.
    #[serde(default)]
    pub expires: Option<Time>,
}

impl Token {
    /// A token with both permissions that sees all accounts and does not expire.
    #[must_use]
    pub fn new(app: impl Into<String>) -> Self {
        Self { app: app.into(), permissions: both_permissions(), accounts: None, expires: None }
    }

    pub(crate) fn sees(&self, account: &str) -> bool {
        self.accounts.as_ref().is_none_or(|accounts| accounts.contains(account))
    }
}

fn start() -> Time {
    Time::START
}

fn both_permissions() -> BTreeSet<String> {
    [MANAGEMENT, MESSAGING].map(str::to_owned).into()
}

/// A WhatsApp Business Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Account {
    /// The apps that are linked to it.
    pub apps: BTreeSet<String>,
    /// The apps that get its webhooks, each with an address of its own if it set one.
    pub subscriptions: BTreeMap<String, Option<Override>>,
    /// Whether it is banned or locked.
    pub is_locked: bool,
    /// Its review against Meta's policies.
    pub review: Review,
    /// What it may not do, such as `RESTRICTED_ADD_PHONE_NUMBER_ACTION`, and until when.
    pub restrictions: BTreeMap<String, Time>,
    /// Whether the business is verified: 20 numbers instead of two.
    pub is_verified: bool,
    /// When numbers were added in the last hour.
    pub numbers_added: Vec<Time>,
    /// Whether it may store nothing beyond an hour.
    pub may_store_nothing: bool,
    /// Its message templates.
    pub templates: Vec<Template>,
    /// The calls of this hour.
    pub budget: Budget,
    /// What reads still show of the subscriptions, and until when.
    pub lagging: Option<(Time, BTreeMap<String, Option<Override>>)>,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            apps: BTreeSet::new(),
            subscriptions: BTreeMap::new(),
            is_locked: false,
            review: Review::default(),
            restrictions: BTreeMap::new(),
            is_verified: false,
            numbers_added: Vec::new(),
            may_store_nothing: false,
            // Every new account has this one.
            templates: vec![Template::new("hello_world", "en_US")],
            budget: Budget::default(),
            lagging: None,
        }
    }
}

impl Account {
    /// The subscriptions as reads show them.
    pub(crate) fn subscriptions_as_read(&self, now: Time) -> &BTreeMap<String, Option<Override>> {
        match &self.lagging {
            Some((until, shown)) if now < *until => shown,
            _ => &self.subscriptions,
        }
    }

    /// Lets reads show for a while what is true now. To be called before a change.
    pub(crate) fn lag(&mut self, rules: &Rules, now: Time) {
        if rules.read_lag > 0 {
            let shown = self.subscriptions_as_read(now).clone();
            self.lagging = Some((now + Duration::from_millis(rules.read_lag), shown));
        }
    }

    /// Whether it keeps its numbers from working: banned, or not accepted by its review.
    #[must_use]
    pub fn is_barred(&self) -> bool {
        self.is_locked || self.review != Review::Approved
    }

    /// Meta's page on phone numbers: two before the business is verified, then twenty.
    pub(crate) fn most_numbers(&self) -> usize {
        if self.is_verified { 20 } else { 2 }
    }

    pub(crate) fn is_restricted(&self, action: &str, now: Time) -> bool {
        self.restrictions.get(action).is_some_and(|until| now < *until)
    }
}

/// A message template of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Template {
    /// Its name.
    pub name: String,
    /// Its language, such as `en_US`.
    pub language: String,
    /// How far it is, such as `APPROVED` or `PAUSED`.
    #[serde(default = "approved")]
    pub status: String,
}

impl Template {
    /// An approved template.
    #[must_use]
    pub fn new(name: impl Into<String>, language: impl Into<String>) -> Self {
        Self { name: name.into(), language: language.into(), status: approved() }
    }
}

fn approved() -> String {
    "APPROVED".to_owned()
}

/// What became of an account's review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Review {
    /// It can be used.
    #[default]
    Approved,
    /// It cannot be used.
    Rejected,
    /// It waits, and cannot be used yet.
    Pending,
    /// The decision is put off, and it cannot be used yet.
    Deferred,
}

/// An address for webhooks instead of the app's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Override {
    /// The address.
    pub url: String,
}

/// The calls of an hour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Budget {
    /// When the hour began.
    pub since: Time,
    /// The calls since then.
    pub calls: u64,
}

impl Budget {
    pub(crate) fn count(&mut self, now: Time) {
        if now.since(self.since) >= HOUR {
            *self = Self { since: now, calls: 0 };
        }
        self.calls += 1;
    }

    /// What is left of the hour.
    pub(crate) fn left(&self, now: Time) -> Duration {
        (self.since + HOUR).since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_scenario_leaves_out_is_as_the_constructors_have_it() {
        let text = r#"{
            "apps": {"1": {"name": "Shop", "secret": "s"}},
            "tokens": {"EAAtest": {"app": "1"}},
            "accounts": {"2": {"apps": ["1"]}},
            "numbers": {"3": {"account": "2", "country_code": "1", "digits": "15550783881"}}
        }"#;
        let state = State::from_json(text).unwrap();
        assert_eq!(state.numbers["3"], Number { created_at: Time::default(), ..Number::new("2", "1", "15550783881") });
        assert_eq!(state.tokens["EAAtest"], Token::new("1"));
        assert_eq!(state.now, Time::START);
    }

    #[test]
    fn what_belongs_to_nothing_is_refused_by_name() {
        let number = |number: &str| format!(r#"{{"accounts": {{"2": {{}}}}, "numbers": {{"3": {number}}}}}"#);
        for (text, problem) in [
            ("[]".to_owned(), "an object is expected"),
            (r#"{"tokens": {"t": {"app": "1"}}}"#.to_owned(), "the app \"1\", which is not among the apps"),
            (r#"{"accounts": {"2": {"apps": ["1"]}}}"#.to_owned(), "the account 2 is linked to the app \"1\""),
            (number(r#"{"account": "9", "digits": "1"}"#), "the number 3 belongs to the account \"9\""),
            (number(r#"{"account": "2", "digits": "+1 (555)"}"#), "write digits only, country_code first"),
            (number(r#"{"account": "2", "country_code": "44", "digits": "1555"}"#), "country_code first"),
        ] {
            let error = State::from_json(&text).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }
}
