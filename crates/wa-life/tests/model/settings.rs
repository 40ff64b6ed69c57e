//! The display name, the PIN and where messages are stored.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::{
    answer::Answer,
    call::Call,
    number::{Number, Review, Storage},
    service::{Service, not_there},
};

impl Service {
    /// `POST /{number}` with `new_display_name`.
    pub(super) fn rename(&mut self, call: &Call) -> Answer {
        let now = self.now;
        let Some(number) = self.numbers.get_mut(&call.target) else { return not_there(&call.target) };
        let wanted = call.text("new_display_name").unwrap_or_default();
        if !(2..=75).contains(&wanted.chars().count()) {
            return Answer::error(400, 100, "new_display_name must have 2 to 75 characters");
        }
        // Meta's page: ten changes in 30 days. The code is not documented.
        number.name.submitted.retain(|at| now < *at + Duration::from_secs(30 * 86_400));
        if number.name.submitted.len() >= 10 {
            return Answer::error(400, 100, "The display name was changed too often");
        }
        number.name.submitted.push(now);
        number.name.wanted = Some(wanted);
        number.name.wanted_status = "PENDING_REVIEW";
        number.name.review = match number.name.next_review {
            (Some(after), approved) => Review::Ends(now + after, approved),
            (None, _) => Review::Never,
        };
        Answer::success()
    }

    /// `POST /{number}` with `pin`.
    pub(super) fn set_pin(&mut self, call: &Call) -> Answer {
        let pin = call.text("pin").unwrap_or_default();
        if !is_pin(&pin) {
            return wrong_format();
        }
        let down_too = self.rules.pin_while_down;
        let Some(number) = self.numbers.get_mut(&call.target) else { return not_there(&call.target) };
        if !number.registered && !down_too {
            return Answer::error(400, 133_010, "Account not registered");
        }
        // The page: while the number is registered, the old PIN is not asked for.
        number.pin = Some(pin);
        number.wrong_pins.clear();
        Answer::success()
    }

    /// `GET /{number}/settings`.
    pub(super) fn read_settings(&self, call: &Call) -> Answer {
        let Some(number) = self.shown(&call.target) else { return not_there(&call.target) };
        let lower = self.rules.settings_as_described;
        let mut storage = match &number.storage {
            Storage::Default if lower => json!({ "status": "default" }),
            Storage::Default => json!({ "status": "IN_COUNTRY_STORAGE_DISABLED" }),
            Storage::Region(region) => {
                json!({ "status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": region })
            }
            Storage::Nowhere => json!({ "status": "NO_STORAGE_ENABLED", "retention_minutes": 60 }),
        };
        if lower && let Some(status) = storage["status"].as_str() {
            storage["status"] = json!(status.to_lowercase());
        }
        Answer::ok(json!({ "storage_configuration": storage, "calling": { "status": "DISABLED" } }))
    }

    /// `POST /{number}/settings` with `storage_configuration`.
    pub(super) fn set_storage(&mut self, call: &Call) -> Answer {
        let Some(number) = self.numbers.get_mut(&call.target) else { return not_there(&call.target) };
        if number.biz_app_since.is_some() {
            return Answer::error(400, 100, "Local storage is not available to numbers of the WhatsApp Business app");
        }
        if number.registered {
            // Meta's page on local storage: deregister first.
            return Answer::error(400, 100, "Storage can only be configured while the number is not registered");
        }
        let wanted = &call.body["storage_configuration"];
        let status = wanted["status"].as_str().unwrap_or_default().to_uppercase();
        let region = wanted["data_localization_region"].as_str().unwrap_or_default().to_uppercase();
        number.storage = match status.as_str() {
            "IN_COUNTRY_STORAGE_ENABLED" if REGIONS.contains(&region.as_str()) => Storage::Region(region),
            "IN_COUNTRY_STORAGE_ENABLED" => {
                return Answer::error(400, 100, "data_localization_region is not supported");
            }
            "IN_COUNTRY_STORAGE_DISABLED" | "DEFAULT" => Storage::Default,
            _ => return Answer::error(400, 100, "storage_configuration.status is not valid"),
        };
        Answer::success()
    }
}

impl Number {
    /// A review ends.
    pub(super) fn decide_name(&mut self, approved: bool, at: SystemTime) {
        let name = &mut self.name;
        name.review = Review::None;
        match (&name.wanted, approved) {
            // The page: both fields already show the new name, and the number must now be registered again.
            (Some(wanted), true) => {
                name.shown.clone_from(wanted);
                name.status = "APPROVED";
                name.wanted_status = "APPROVED";
                name.approved_at = Some(at);
            }
            (Some(_), false) => name.wanted_status = "DECLINED",
            (None, true) => name.status = "APPROVED",
            (None, false) => name.status = "DECLINED",
        }
    }

    pub(super) fn is_in_review(&self) -> bool {
        let status = if self.name.wanted.is_some() { self.name.wanted_status } else { self.name.status };
        status == "PENDING_REVIEW"
    }

    /// Fourteen days have gone by without a registration. What is shown then is assumed.
    pub(super) fn lapse_name(&mut self) {
        self.name.approved_at = None;
        self.name.wanted = None;
        self.name.wanted_status = "NONE";
        self.name.status = "EXPIRED";
    }

    /// A registration puts the approved name into effect.
    pub(super) fn take_name(&mut self) {
        let name = &mut self.name;
        if name.approved_at.take().is_some() {
            name.wanted = None;
            name.wanted_status = "NONE";
            name.in_effect = Some(name.shown.clone());
        }
        if name.in_effect.is_none() {
            name.in_effect = Some(name.shown.clone());
        }
    }
}

pub(super) fn is_pin(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn wrong_format() -> Answer {
    Answer::people(400, 100, 2_388_092, "PIN has the wrong format", "Use six digits.")
}

pub(super) fn region_of(body: &Value) -> Option<String> {
    body.get("data_localization_region").and_then(Value::as_str).map(str::to_uppercase)
}

/// Meta's page on registration: fourteen countries.
pub(super) const REGIONS: [&str; 14] =
    ["AU", "ID", "IN", "JP", "SG", "KR", "DE", "CH", "GB", "BR", "BH", "ZA", "AE", "CA"];
