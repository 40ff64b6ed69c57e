use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{
    Rules, Template, Time,
    operation::{MANAGEMENT, MESSAGING},
    rules::HOUR,
};

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
    /// Until when the names of deleted templates cannot be used again, by name and language.
    pub blocked_templates: BTreeMap<String, Time>,
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
            templates: vec![Template::hello_world()],
            blocked_templates: BTreeMap::new(),
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
