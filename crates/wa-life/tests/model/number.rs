//! One number as it truly is, and what reading shows of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, SystemTime},
};

use serde_json::{Map, Value, json};

use super::rules::Rules;

/// The truth about a number. What is shown follows from it, except where a member says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    pub id: String,
    pub display: String,
    /// On the Cloud API, sending and receiving.
    pub registered: bool,
    /// On the On-Premises API, and up there.
    pub on_premise: bool,
    /// Came from the On-Premises API and may be registered with a backup.
    pub migrates: bool,
    /// In the WhatsApp Business app as well, since then.
    pub biz_app_since: Option<SystemTime>,
    /// How long a number of the Business app is shown as pending after it came.
    pub biz_app_lag: Duration,
    /// Registered to another WhatsApp account, which a person has to delete.
    pub attached: bool,
    /// Shown as CONNECTED, platform NOT_APPLICABLE, though it is registered nowhere (seen).
    pub seems_connected: bool,
    pub ownership: Ownership,
    /// `register` wants a new one-time code whatever is shown.
    pub needs_code: bool,
    /// Two-step verification.
    pub pin: Option<String>,
    pub name: Name,
    pub storage: Storage,
    /// The region that a migrated number must have before it is registered.
    pub expects_region: Option<String>,
    pub banned: bool,
    /// So many registrations answer success and do nothing.
    pub empty_successes: u32,
    /// A deregistration stopped half-way: `register` answers 133000 until it is repeated.
    pub half_deregistered: bool,
    pub deregistered_at: Option<SystemTime>,
    pub verified_at: Option<SystemTime>,
    /// The valid one-time code.
    pub code: Option<(String, SystemTime)>,
    pub codes_requested: Vec<SystemTime>,
    /// Requests that count towards the ten, with whether they were registrations; those of others among them.
    pub attempts: Vec<(SystemTime, bool)>,
    /// Until when (de)registering is refused: under `true` registrations (or both), under `false` deregistrations.
    pub locks: BTreeMap<bool, SystemTime>,
    pub wrong_pins: Vec<SystemTime>,
    /// Contacts and history asked for, while the app was subscribed.
    pub synchronised: BTreeSet<String>,
    /// Recipients whose 24-hour window is open.
    pub open_windows: BTreeSet<String>,
    /// Recipients of messages that were accepted, with whether they arrive.
    pub messages: Vec<(String, bool)>,
}

/// The state of the one-time code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    NotVerified,
    Verified,
    Expired,
}

/// The display name.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// What people see in WhatsApp.
    pub in_effect: Option<String>,
    /// `verified_name` and `name_status`.
    pub shown: String,
    pub status: &'static str,
    /// Approved then, and waiting for a registration.
    pub approved_at: Option<SystemTime>,
    /// In review: the wanted name if it is a change, and when and how the review ends.
    pub wanted: Option<String>,
    pub wanted_status: &'static str,
    pub review: Review,
    pub submitted: Vec<SystemTime>,
    /// How the review of the next change will end, counted from its submission.
    pub next_review: (Option<Duration>, bool),
}

/// When a review ends, and whether with an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    None,
    Ends(SystemTime, bool),
    Never,
}

/// Where messages are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    Default,
    Region(String),
    Nowhere,
}

impl Number {
    /// A number as it is after it was added: pending, not verified, its name usable.
    pub fn new(id: &str, display: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            display: display.to_owned(),
            registered: false,
            on_premise: false,
            migrates: false,
            biz_app_since: None,
            biz_app_lag: Duration::ZERO,
            attached: false,
            seems_connected: false,
            ownership: Ownership::NotVerified,
            needs_code: false,
            pin: None,
            name: Name {
                in_effect: None,
                shown: name.to_owned(),
                status: "AVAILABLE_WITHOUT_REVIEW",
                approved_at: None,
                wanted: None,
                wanted_status: "NONE",
                review: Review::None,
                submitted: Vec::new(),
                next_review: (Some(Duration::from_secs(24 * 3600)), true),
            },
            storage: Storage::Default,
            expects_region: None,
            banned: false,
            empty_successes: 0,
            half_deregistered: false,
            deregistered_at: None,
            verified_at: None,
            code: None,
            codes_requested: Vec::new(),
            attempts: Vec::new(),
            locks: BTreeMap::new(),
            wrong_pins: Vec::new(),
            synchronised: BTreeSet::new(),
            open_windows: BTreeSet::new(),
            messages: Vec::new(),
        }
    }

    /// A number that is registered, verified and sending under its name.
    pub fn connected(id: &str, display: &str, name: &str, pin: Option<&str>) -> Self {
        let mut number = Self::new(id, display, name);
        number.registered = true;
        number.ownership = Ownership::Verified;
        number.pin = pin.map(str::to_owned);
        number.name.in_effect = Some(name.to_owned());
        number.name.status = "APPROVED";
        number
    }

    /// `status` as it would be shown without lag.
    pub fn status(&self, now: SystemTime) -> &'static str {
        let fresh_in_app = self.biz_app_since.is_some_and(|since| now < since + self.biz_app_lag);
        match () {
            () if self.banned => "BANNED",
            () if self.registered && fresh_in_app => "PENDING",
            () if self.registered || self.on_premise || self.seems_connected => "CONNECTED",
            () if self.deregistered_at.is_some() => "DISCONNECTED",
            () => "PENDING",
        }
    }

    pub fn platform(&self) -> &'static str {
        match () {
            () if self.registered => "CLOUD_API",
            () if self.on_premise => "ON_PREMISE",
            () => "NOT_APPLICABLE",
        }
    }

    /// The asked fields, or the one that the version does not know.
    pub(super) fn read(
        &self,
        fields: Option<&str>,
        major: u32,
        rules: &Rules,
        now: SystemTime,
    ) -> Result<Value, String> {
        let all = self.members(major, rules, now);
        // Meta's reference: what is returned if no fields are named.
        let fields = fields.unwrap_or("id,display_phone_number,verified_name,quality_rating");
        let mut out = Map::new();
        for field in top_level(fields) {
            let Some(value) = all.get(field).filter(|_| !rules.unknown_fields.contains(field)) else {
                return Err(field.to_owned());
            };
            if !value.is_null() && !rules.absent_fields.contains(field) {
                out.insert(field.to_owned(), value.clone());
            }
        }
        out.insert("id".to_owned(), json!(self.id));
        Ok(Value::Object(out))
    }

    /// Every field that the version knows; null where the number has none.
    fn members(&self, major: u32, rules: &Rules, now: SystemTime) -> Map<String, Value> {
        let ownership = match self.ownership {
            Ownership::NotVerified => "NOT_VERIFIED",
            Ownership::Verified => "VERIFIED",
            Ownership::Expired => "EXPIRED",
        };
        let wanted =
            self.name.wanted.as_ref().filter(|_| self.name.wanted_status != "APPROVED" || rules.new_status_stays);
        let in_review = self.name.wanted.is_some() && self.name.wanted_status == "PENDING_REVIEW";
        let (name, name_status) = match &self.name.wanted {
            Some(wanted) if in_review && rules.new_name_shown_in_review => (wanted.as_str(), "PENDING_REVIEW"),
            _ => (self.name.shown.as_str(), self.name.status),
        };
        let value = json!({
            "id": self.id,
            "display_phone_number": self.display,
            "verified_name": name,
            "name_status": name_status,
            "new_display_name": wanted,
            "new_name_status": wanted.map_or("NONE", |_| self.name.wanted_status),
            "quality_rating": if self.registered { "GREEN" } else { "UNKNOWN" },
            "status": self.status(now),
            "code_verification_status": ownership,
            "platform_type": self.platform(),
            "host_platform": self.platform(),
            "is_pin_enabled": self.pin.is_some(),
            "is_on_biz_app": self.biz_app_since.is_some(),
            "account_mode": "LIVE",
            "is_official_business_account": false,
            "throughput": { "level": if self.registered { "STANDARD" } else { "NOT_APPLICABLE" } },
            "last_onboarded_time": "2025-07-23T10:21:25+0000",
            "health_status": { "can_send_message": if self.registered { "AVAILABLE" } else { "BLOCKED" }, "entities": [] },
            "certificate": null,
            "new_certificate": null,
            "conversational_automation": null,
            "eligibility_for_api_business_global_search": "APP_NOT_APPROVED",
            "is_preverified_number": false,
            "last_onboarded": null,
            "messaging_limit_tier": "TIER_250",
            "official_business_account": null,
            "search_visibility": null,
            "unified_cert_status": null,
            "username": null,
            "webhook_configuration": null,
        });
        let Value::Object(mut members) = value else { return Map::new() };
        // Meta's changelog: limits are of the portfolio from v24 on.
        if major >= 24 {
            members.insert("whatsapp_business_manager_messaging_limit".to_owned(), json!("TIER_250"));
        }
        members
    }
}

/// The names of a list of fields, without what stands in braces.
fn top_level(fields: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let parts = fields.split(|letter| {
        match letter {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    });
    let names = parts.map(|part| part.split(['{', '.', '(']).next().unwrap_or(part).trim());
    names.filter(|name| !name.is_empty()).collect()
}
