use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Account, App, Callback, Event, FaultRule, Media, Number, Person, Rng, Rules, Time, Token, Upload, Webhooks,
    operation::Node, path::UPLOAD, plain,
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
    /// What is known of people, by their digits; of all others nothing is special.
    pub people: BTreeMap<String, Person>,
    /// The files by id.
    pub media: BTreeMap<String, Media>,
    /// The resumable uploads by id.
    pub uploads: BTreeMap<String, Upload>,
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

    /// The same with the number connected and the app subscribed, so that what people write is delivered to this callback
    /// at once: for tests of what receives webhooks. The app's secret is `app-secret`.
    #[must_use]
    pub fn demo_with_callback(seed: u64, url: impl Into<String>, verify_token: impl Into<String>) -> Self {
        let mut state = Self::demo(seed);
        if let Some(app) = state.apps.get_mut(Self::APP) {
            app.callback = Some(Callback::new(url, verify_token));
        }
        if let Some(account) = state.accounts.get_mut(Self::ACCOUNT) {
            account.subscriptions.insert(Self::APP.to_owned(), None);
        }
        if let Some(number) = state.numbers.get_mut(Self::NUMBER) {
            number.connected_at = Some(state.now);
        }
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

    /// What an id stands for.
    pub(crate) fn kind_of(&self, id: &str) -> Option<Node> {
        if self.numbers.contains_key(id) {
            Some(Node::Number)
        } else if self.accounts.contains_key(id) {
            Some(Node::Account)
        } else if self.media.contains_key(id) {
            Some(Node::Media)
        } else if self.apps.contains_key(id) {
            Some(Node::App)
        } else if self.template_place(id).is_some() {
            Some(Node::Template)
        } else if id == LIBRARY {
            Some(Node::Library)
        } else {
            id.starts_with(UPLOAD).then_some(Node::Upload)
        }
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

    /// A template's id that no other has.
    pub(crate) fn new_template_id(&mut self) -> String {
        loop {
            let id = format!("3{}", self.seed.digits(15));
            if self.kind_of(&id).is_none() {
                return id;
            }
        }
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

fn start() -> Time {
    Time::START
}

/// The node of the ready-made templates.
const LIBRARY: &str = "message_template_library";

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
