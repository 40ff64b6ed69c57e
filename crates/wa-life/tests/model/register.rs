//! Registering, migrating and deregistering, with the limit on them.

use std::time::{Duration, SystemTime};

use super::{
    answer::Answer,
    call::{Call, Op},
    number::{Number, Ownership, Storage},
    rules::{BizAppRegister, Rules},
    service::{Service, not_there},
    settings::{is_pin, region_of, wrong_format},
};

impl Service {
    /// Counts a request that reached the number, whatever follows.
    pub(super) fn count(&mut self, call: &Call) {
        let now = self.now;
        if call.op.is_counted()
            && let Some(number) = self.numbers.get_mut(&call.target)
        {
            number.attempts.push((now, call.op != Op::Deregister));
        }
    }

    /// `POST /{number}/register`, with or without a backup.
    pub(super) fn register(&mut self, call: &Call, major: u32) -> Answer {
        let (now, rules) = (self.now, self.rules.clone());
        if let Some(limit) = self.limit(call) {
            return limit;
        }
        let Some(number) = self.numbers.get_mut(&call.target) else { return not_there(&call.target) };
        let pin = call.text("pin").unwrap_or_default();
        if call.text("messaging_product").is_none_or(|product| !product.eq_ignore_ascii_case("whatsapp")) {
            return Answer::error(400, 100, "messaging_product is required");
        }
        if !is_pin(&pin) {
            return wrong_format();
        }
        if number.banned {
            return Answer::error(403, 131_031, "Business Account locked");
        }
        if number.biz_app_since.is_some() {
            return match rules.biz_app_register {
                BizAppRegister::Refused => {
                    Answer::error(400, 100, "The number is in use with the WhatsApp Business app")
                }
                BizAppRegister::ThrownOff => {
                    number.biz_app_since = None;
                    number.registered = true;
                    number.pin = Some(pin);
                    Answer::success()
                }
            };
        }
        if number.half_deregistered {
            return Answer::error(500, 133_000, "Incomplete deregistration");
        }
        // The error page: five minutes.
        if number.deregistered_at.is_some_and(|at| now < at + Duration::from_secs(300)) {
            return Answer::error(400, 133_015, "Please wait a few minutes before registering this number");
        }
        if let Some(region) = region_of(&call.body)
            && let Err(refused) = number.take_region(region, major, &rules)
        {
            return refused;
        }
        if number.needs_code {
            return Answer::error(400, 133_006, "The phone number needs to be verified before registering");
        }
        match (call.op, number.registered) {
            (Op::Migrate, true) => Answer::error(400, 100, "The number is not on the On-Premises API"),
            (Op::Migrate, false) => number.migrate(call, &pin, now),
            (_, true) => number.register_again(&pin, now, &rules),
            (_, false) => number.register_first(&pin, now, &rules),
        }
    }

    /// `POST /{number}/deregister`.
    pub(super) fn deregister(&mut self, call: &Call) -> Answer {
        let (now, described) = (self.now, self.rules.limit_as_described);
        if let Some(limit) = self.limit(call) {
            return limit;
        }
        let Some(number) = self.numbers.get_mut(&call.target) else { return not_there(&call.target) };
        if number.biz_app_since.is_some() {
            return Answer::error(400, 100, "Not available to numbers in use with the WhatsApp Business app");
        }
        if !number.registered && !number.half_deregistered {
            return match described {
                true => Answer::people(400, 100, 2_207_051, "Not registered", "The number is not registered."),
                false => Answer::error(400, 133_010, "Account not registered"),
            };
        }
        number.registered = false;
        number.half_deregistered = false;
        number.seems_connected = false;
        number.storage = Storage::Default;
        number.deregistered_at = Some(now);
        Answer::success()
    }

    /// Counts the request, and refuses it beyond the tenth in 72 hours.
    fn limit(&mut self, call: &Call) -> Option<Answer> {
        let now = self.now;
        let registers = call.op != Op::Deregister;
        let (separate, described) = (self.rules.separate_counts, self.rules.limit_as_described);
        let number = self.numbers.get_mut(&call.target)?;
        let recent =
            number.attempts.iter().filter(|(at, kind)| now < *at + WINDOW && (!separate || *kind == registers));
        let recent = recent.count();
        number.attempts.push((now, registers));
        let key = !separate || registers;
        let locked = number.locks.get(&key).is_some_and(|until| now < *until);
        if recent < 10 && !locked {
            return None;
        }
        if !locked {
            number.locks.insert(key, now + WINDOW);
        }
        Some(match described {
            true => {
                let mut answer =
                    Answer::people(429, 4, 2_446_079, "Application request limit reached", "Try again later.");
                answer.body["error"]["is_transient"] = serde_json::json!(true);
                answer
            }
            false => Answer::error(400, 133_016, "Account register deregister rate limit exceeded"),
        })
    }
}

impl Number {
    fn register_first(&mut self, pin: &str, now: SystemTime, rules: &Rules) -> Answer {
        if self.ownership != Ownership::Verified && !self.seems_connected && !self.migrates {
            return Answer::error(400, 133_006, "The phone number needs to be verified before registering");
        }
        if rules.names_block && ["PENDING_REVIEW", "DECLINED"].contains(&self.name.status) {
            return no_certificate("The display name of this number has not been approved yet.");
        }
        if self.attached || self.on_premise {
            return no_certificate(ATTACHED);
        }
        if let Err(wrong) = self.check_pin(pin, now) {
            return wrong;
        }
        if self.empty_successes > 0 {
            self.empty_successes -= 1;
            return Answer::success();
        }
        self.connect(pin);
        Answer::success()
    }

    fn register_again(&mut self, pin: &str, now: SystemTime, rules: &Rules) -> Answer {
        if rules.keeps_pin {
            self.take_name();
            return Answer::ok(serde_json::json!({ "success": true, "two_step_pin": "unchanged" }));
        }
        if let Err(wrong) = self.check_pin(pin, now) {
            return wrong;
        }
        self.pin = Some(pin.to_owned());
        self.take_name();
        Answer::success()
    }

    fn migrate(&mut self, call: &Call, pin: &str, now: SystemTime) -> Answer {
        if !self.migrates {
            return Answer::error(400, 100, "The number is not on the On-Premises API");
        }
        // The deployment is shut down first, whatever follows.
        self.on_premise = false;
        if self.expects_region.is_some() && self.expects_region != self.storage.region() {
            return Answer::error(400, 100, "Expected data localization region");
        }
        match call.body.pointer("/backup/data").and_then(serde_json::Value::as_str) {
            None | Some("") => return Answer::error(400, 100, "backup.data is required"),
            Some("unreadable") => return Answer::error(400, 133_002, "Backup blob decryption error"),
            Some(_) => {}
        }
        if let Err(wrong) = self.check_pin(pin, now) {
            return wrong;
        }
        self.connect(pin);
        Answer::success()
    }

    fn connect(&mut self, pin: &str) {
        self.registered = true;
        self.migrates = false;
        self.seems_connected = false;
        self.deregistered_at = None;
        self.pin = Some(pin.to_owned());
        self.take_name();
    }

    fn check_pin(&mut self, pin: &str, now: SystemTime) -> Result<(), Answer> {
        let within = |seconds| self.wrong_pins.iter().filter(|at| now < **at + Duration::from_secs(seconds)).count();
        if within(86_400) >= 10 {
            return Err(Answer::error(400, 133_008, "Too many two-step PIN guesses. Try again in 43200 seconds"));
        }
        if within(60) >= 3 {
            return Err(Answer::error(400, 133_009, "Two-step PIN guessed too fast. Try again in 60 seconds"));
        }
        if self.pin.as_deref().is_some_and(|set| set != pin) {
            self.wrong_pins.push(now);
            return Err(Answer::error(400, 133_005, "Two-step verification PIN mismatch"));
        }
        Ok(())
    }

    /// A region in the body of `register`: only versions before v21 took it.
    fn take_region(&mut self, region: String, major: u32, rules: &Rules) -> Result<(), Answer> {
        if major < 21 && !self.registered {
            self.storage = Storage::Region(region);
        } else if !rules.region_ignored {
            return Err(Answer::error(400, 100, "data_localization_region is set in the settings of the number"));
        }
        Ok(())
    }
}

impl Storage {
    pub fn region(&self) -> Option<String> {
        match self {
            Self::Region(region) => Some(region.clone()),
            Self::Default | Self::Nowhere => None,
        }
    }
}

fn no_certificate(message: &str) -> Answer {
    Answer::people(400, 100, 2_388_001, "Cannot Create Certificate", message)
}

/// Seen in `error_user_msg`.
pub(super) const ATTACHED: &str = "This number is registered to an existing WhatsApp account. To use this number, \
                                   disconnect it from the existing account.";
pub(super) const WINDOW: Duration = Duration::from_secs(72 * 3600);
