use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Attempts, Ban, BusinessApp, ChatMessage, Code, NewName, Official, OnPremises, Override, Pin, Quality, Rules,
    Settings, Storage, Time,
};

/// A business phone number with everything the service remembers of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Number {
    /// The account it belongs to.
    pub account: String,
    /// Its digits with the country code.
    pub digits: String,
    /// The country code among its digits.
    pub country_code: String,
    /// The display name that reads show as `verified_name`: under review or approved, but not always in effect.
    #[serde(default = "shrub")]
    pub verified_name: String,
    /// The review of that name, such as `APPROVED`.
    #[serde(default = "approved")]
    pub name_status: String,
    /// A display name that is asked for and not approved.
    pub new_name: Option<NewName>,
    /// The display name that people see. No read shows it; only a registration after the approval changes it.
    pub name_in_effect: Option<String>,
    /// Until when a registration puts the approved name into effect; nothing if it has no deadline.
    pub name_effect_until: Option<Time>,
    /// When other names were asked for.
    pub name_changes: Vec<Time>,
    /// The one-time code.
    pub code: Code,
    /// Two-step verification.
    pub pin: Pin,
    /// Since when it is connected to the Cloud API.
    pub connected_at: Option<Time>,
    /// When a registration that was answered with success connects it.
    pub connects_at: Option<Time>,
    /// Whether reads show `CONNECTED` although nothing serves it, until it is registered.
    pub reads_connected: bool,
    /// When it was last connected.
    pub last_onboarded: Option<Time>,
    /// When it was last deregistered.
    pub deregistered_at: Option<Time>,
    /// Whether a deregistration stopped halfway.
    pub half_deregistered: bool,
    /// The counted requests.
    pub attempts: Attempts,
    /// An On-Premises deployment that serves it, or did.
    pub on_premises: Option<OnPremises>,
    /// Where its messages are stored.
    pub storage: Storage,
    /// Whether the WhatsApp Business app uses it too.
    pub on_business_app: bool,
    /// What that app holds.
    pub business_app: BusinessApp,
    /// Whether it was deleted in WhatsApp Manager.
    pub is_deleted: bool,
    /// Whether another WhatsApp account still holds it. No time cures that.
    pub attached_elsewhere: bool,
    /// Until when it is under maintenance.
    pub maintenance_until: Option<Time>,
    /// A ban or another bar, if there is one.
    pub ban: Option<Ban>,
    /// How people rate its messages.
    pub quality: Quality,
    /// How many people it may write to a day, such as `TIER_250`.
    #[serde(default = "lowest")]
    pub limit: String,
    /// Whether it sends faster than others.
    pub high_throughput: bool,
    /// Recipients of a test number; nothing for a number that may write to everyone.
    pub allowed_recipients: Option<BTreeSet<String>>,
    /// When people last wrote to it or called it.
    pub inbound: BTreeMap<String, Time>,
    /// What was written, the newest last; 500 messages at most, each of 64 KiB at most.
    pub messages: Vec<ChatMessage>,
    /// To whom it shows that it is typing, and until when.
    pub typing: BTreeMap<String, Time>,
    /// When it was added.
    pub created_at: Time,
    /// What `/settings` holds besides storage.
    pub settings: Settings,
    /// The conversational components.
    pub automation: Option<Value>,
    /// The business profile.
    pub profile: BTreeMap<String, Value>,
    /// The application for the badge.
    pub official: Official,
    /// Its username.
    pub username: Option<String>,
    /// Whether people find it by searching.
    pub search_visibility: Option<String>,
    /// An address of its own for webhooks.
    pub webhook: Option<Override>,
    /// Whether it stands for a failure and is not listed.
    pub is_magic: bool,
    /// What reads still show although it has changed.
    pub lagging: Option<Box<Lagging>>,
}

impl Number {
    /// A new number of an account: nothing verified, its name approved.
    #[must_use]
    pub fn new(account: impl Into<String>, country_code: impl Into<String>, digits: impl Into<String>) -> Self {
        Self {
            account: account.into(),
            country_code: country_code.into(),
            digits: digits.into(),
            verified_name: shrub(),
            name_status: approved(),
            limit: lowest(),
            created_at: Time::START,
            ..Self::default()
        }
    }

    /// Refuses digits that are none.
    pub(crate) fn check(&self) -> Result<(), String> {
        let digits = &self.digits;
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match is_number && digits.starts_with(&*self.country_code) {
            true => Ok(()),
            false => Err(format!("{digits:?} is no phone number: write digits only, country_code first")),
        }
    }

    /// Whether it can send.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.connected_at.is_some()
    }

    /// The state of the one-time code as reads show it: `NOT_VERIFIED`, `VERIFIED` or `EXPIRED`.
    ///
    /// Of a registered number it says nothing about what the number may do: see [`is_owned`](Self::is_owned).
    #[must_use]
    pub fn verification(&self, rules: &Rules, now: Time) -> &'static str {
        let Some(verified) = self.code.verified_at else {
            return "NOT_VERIFIED";
        };
        let may_expire = match self.is_registered() {
            true => rules.verification_expires_while_registered && self.is_stale_since(verified, rules, now),
            false => !self.is_owned(rules, now),
        };
        if may_expire { "EXPIRED" } else { "VERIFIED" }
    }

    /// Whether its ownership is proved, which registering needs.
    #[must_use]
    pub fn is_owned(&self, rules: &Rules, now: Time) -> bool {
        if self.is_registered() {
            return true;
        }
        let Some(verified) = self.code.verified_at else {
            return false;
        };
        let down_since = self.on_premises.as_ref().and_then(|side| side.down_since);
        let since = self.deregistered_at.max(down_since).max(Some(verified)).unwrap_or(verified);
        self.on_premises_runs() || !self.is_stale_since(since, rules, now)
    }

    /// Whether a code was right and still counts, so that no other is needed.
    pub(crate) fn needs_no_code(&self, rules: &Rules, now: Time) -> bool {
        self.code.verified_at.is_some() && self.is_owned(rules, now)
    }

    fn is_stale_since(&self, since: Time, rules: &Rules, now: Time) -> bool {
        now.since(since).as_millis() >= u128::from(rules.verified_for)
    }

    /// The connection's state in one word.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match self.ban {
            Some(Ban::Banned) => "BANNED",
            Some(Ban::Restricted) => "RESTRICTED",
            Some(Ban::Flagged) => "FLAGGED",
            None if self.is_registered() || self.on_premises_runs() || self.reads_connected => "CONNECTED",
            None if self.last_onboarded.is_some() || self.on_premises.is_some() => "DISCONNECTED",
            None => "PENDING",
        }
    }

    /// What serves the number.
    #[must_use]
    pub fn platform(&self) -> &'static str {
        if self.is_registered() {
            "CLOUD_API"
        } else if self.on_premises_runs() {
            "ON_PREMISE"
        } else {
            "NOT_APPLICABLE"
        }
    }

    pub(crate) fn on_premises_runs(&self) -> bool {
        self.on_premises.as_ref().is_some_and(|side| side.is_running)
    }

    pub(crate) fn display(&self) -> String {
        let rest = self.digits.strip_prefix(&*self.country_code).unwrap_or(&self.digits);
        match (rest.get(..3), rest.get(3..6), rest.get(6..)) {
            (Some(area), Some(office), Some(line)) if !line.is_empty() => {
                format!("+{} {area}-{office}-{line}", self.country_code)
            }
            _ => format!("+{} {rest}", self.country_code),
        }
    }

    /// Whether its name has passed the review.
    #[must_use]
    pub fn name_is_approved(&self) -> bool {
        matches!(&*self.name_status, "APPROVED" | "AVAILABLE_WITHOUT_REVIEW")
    }

    /// The display name that people see; nothing if no registration has put one into effect.
    #[must_use]
    pub fn name_in_effect(&self) -> Option<&str> {
        // A scenario that says nothing else begins with a registered number whose name is in effect.
        let is_settled = self.is_registered() && self.name_is_approved() && self.name_effect_until.is_none();
        self.name_in_effect.as_deref().or_else(|| is_settled.then_some(&*self.verified_name))
    }

    /// The number as reads show it.
    pub(crate) fn as_read(&self, now: Time) -> &Self {
        match &self.lagging {
            Some(lagging) if now < lagging.until => &lagging.number,
            _ => self,
        }
    }

    /// Lets reads show for a while what is true now. To be called before a change.
    pub(crate) fn lag(&mut self, rules: &Rules, now: Time) {
        if rules.read_lag == 0 {
            return;
        }
        let until = now + std::time::Duration::from_millis(rules.read_lag);
        let shown = self.lagging.take().filter(|lagging| now < lagging.until).map(|lagging| lagging.number);
        let number = shown.unwrap_or_else(|| self.clone());
        self.lagging = Some(Box::new(Lagging { until, number }));
    }

    pub(crate) fn is_under_maintenance(&self, now: Time) -> bool {
        self.maintenance_until.is_some_and(|until| now < until)
    }
}

/// What reads still show of a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Lagging {
    /// Until when.
    pub until: Time,
    /// The number as it was.
    pub number: Number,
}

fn shrub() -> String {
    "Lucky Shrub".to_owned()
}

fn approved() -> String {
    "APPROVED".to_owned()
}

fn lowest() -> String {
    "TIER_250".to_owned()
}
