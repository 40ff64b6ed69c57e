use serde_json::{Map, Value, json};

use crate::{
    Ban, ControlError, Engine, Event, Number, Quality, Time, calls, plain,
    rules::{LIMITS, MINUTE},
    webhook::queue,
};

impl Engine {
    /// The one-time code that is on its way to a person, who would read it on the phone.
    #[must_use]
    pub fn sent_code(&self, number: &str) -> Option<&str> {
        let sent = self.state.numbers.get(number)?.code.sent.as_ref()?;
        (self.state.now < sent.until).then_some(&*sent.code)
    }

    /// When a number's next attempt at registering will be accepted; nothing if it is now.
    ///
    /// # Errors
    ///
    /// There is no such number.
    pub fn next_attempt(&self, number: &str) -> Result<Option<Time>, ControlError> {
        let known = self.state.numbers.get(number).ok_or_else(|| ControlError::number(number))?;
        Ok(known.attempts.next_free(self.state.rules.counting, false, self.state.now))
    }

    /// Ends the review of a display name.
    ///
    /// # Errors
    ///
    /// There is no such number, or no name of it is in review.
    pub fn decide_name(&mut self, number: &str, is_approved: bool) -> Result<(), ControlError> {
        self.known_number(number)?;
        match calls::name_decided(&mut self.state, number, is_approved) {
            true => Ok(()),
            false => Err(ControlError::Impossible("no name of the number is in review: ask for one first")),
        }
    }

    /// Puts the decision about a name off, which the apps are told but the number does not show.
    ///
    /// # Errors
    ///
    /// There is no such number, or no name of it is in review.
    pub fn defer_name(&mut self, number: &str) -> Result<(), ControlError> {
        self.known_number(number)?;
        let known = &self.state.numbers[number];
        let nothing = ControlError::Impossible("no name of the number is in review: ask for one first");
        let name = calls::name_in_review(known).ok_or(nothing)?.to_owned();
        calls::name_webhook(&mut self.state, number, &name, "DEFERRED");
        Ok(())
    }

    /// Switches two-step verification off, as only WhatsApp Manager can.
    ///
    /// # Errors
    ///
    /// There is no such number.
    pub fn switch_pin_off(&mut self, number: &str) -> Result<(), ControlError> {
        let known = self.state.numbers.get_mut(number).ok_or_else(|| ControlError::number(number))?;
        known.pin.value = None;
        known.pin.guesses.clear();
        // Meta's page on this webhook: the event tells that the e-mail was followed and the PIN is off.
        self.tell_of_pin(number, "PIN_REQUEST_SUCCESS")
    }

    /// Changes a number's PIN in WhatsApp Manager, of which the apps are told.
    ///
    /// # Errors
    ///
    /// There is no such number, or the PIN has not six digits.
    pub fn change_pin(&mut self, number: &str, pin: &str) -> Result<(), ControlError> {
        let known = self.state.numbers.get_mut(number).ok_or_else(|| ControlError::number(number))?;
        if pin.len() != 6 || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ControlError::Impossible("a PIN has six digits"));
        }
        known.pin.value = Some(pin.to_owned());
        known.pin.guesses.clear();
        self.tell_of_pin(number, "PIN_CHANGED")
    }

    /// Asks in WhatsApp Manager for the e-mail by which two-step verification is switched off.
    ///
    /// # Errors
    ///
    /// There is no such number.
    pub fn request_pin_reset(&mut self, number: &str) -> Result<(), ControlError> {
        self.tell_of_pin(number, "PIN_RESET_REQUEST")
    }

    /// Changes a number's quality.
    ///
    /// # Errors
    ///
    /// There is no such number.
    pub fn set_quality(&mut self, number: &str, quality: Quality) -> Result<(), ControlError> {
        let known = self.state.numbers.get_mut(number).ok_or_else(|| ControlError::number(number))?;
        let was_red = std::mem::replace(&mut known.quality, quality) == Quality::Red;
        let is_red = quality == Quality::Red;
        known.ban = match known.ban {
            None | Some(Ban::Flagged) => is_red.then_some(Ban::Flagged),
            other => other,
        };
        if was_red != is_red {
            let event = if is_red { "FLAGGED" } else { "UNFLAGGED" };
            calls::quality_webhook(&mut self.state, number, event, None);
        }
        Ok(())
    }

    /// Changes how many people a number may write to a day, such as `TIER_2K`.
    ///
    /// # Errors
    ///
    /// There is no such number, or no such limit.
    pub fn set_limit(&mut self, number: &str, limit: &str) -> Result<(), ControlError> {
        let known = self.state.numbers.get_mut(number).ok_or_else(|| ControlError::number(number))?;
        let place = |limit: &str| LIMITS.iter().position(|(word, _)| *word == limit);
        let new = place(limit).ok_or(ControlError::Impossible("there is no such limit: try TIER_250 or TIER_2K"))?;
        let old_limit = std::mem::replace(&mut known.limit, limit.to_owned());
        let event = match place(&old_limit) {
            Some(old) if old == new => return Ok(()),
            Some(old) if old > new => "DOWNGRADE",
            _ => "UPGRADE",
        };
        calls::quality_webhook(&mut self.state, number, event, Some(&old_limit));
        Ok(())
    }

    /// Begins a number's upgrade to higher throughput, for which it is under maintenance for a minute.
    ///
    /// # Errors
    ///
    /// There is no such number, or it is not registered.
    pub fn upgrade_throughput(&mut self, number: &str) -> Result<(), ControlError> {
        let known = self.state.numbers.get_mut(number).ok_or_else(|| ControlError::number(number))?;
        if !known.is_registered() {
            return Err(ControlError::Impossible("the number is not registered: it has no throughput"));
        }
        // Meta's page on throughput: up to a minute.
        let end = self.state.now + MINUTE;
        known.maintenance_until = Some(end);
        self.state.schedule(end, Event::ThroughputUpgrade { number: number.to_owned() });
        Ok(())
    }

    /// Deletes a number in WhatsApp Manager. No call does that.
    ///
    /// # Errors
    ///
    /// There is no such number.
    pub fn delete_number(&mut self, number: &str) -> Result<(), ControlError> {
        let known = self.state.numbers.get_mut(number).ok_or_else(|| ControlError::number(number))?;
        known.is_deleted = true;
        known.connected_at = None;
        Ok(())
    }

    /// Decides an application for the badge.
    ///
    /// # Errors
    ///
    /// There is no such number, or it has not applied.
    pub fn decide_official(&mut self, number: &str, is_approved: bool) -> Result<(), ControlError> {
        let known = self.state.numbers.get_mut(number).ok_or_else(|| ControlError::number(number))?;
        if known.official.status != "PENDING" {
            return Err(ControlError::Impossible("the number has no application that waits"));
        }
        known.official.status = if is_approved { "APPROVED" } else { "REJECTED" }.to_owned();
        let value = json!({"phone_number": known.digits, "event": "VERIFIED_ACCOUNT"});
        if is_approved {
            queue(&mut self.state, number, "account_update", value);
        }
        Ok(())
    }

    /// Notes that a number has violated a policy, such as `SCAM`.
    ///
    /// # Errors
    ///
    /// There is no such number.
    pub fn report_violation(&mut self, number: &str, violation: &str) -> Result<(), ControlError> {
        let known = self.state.numbers.get(number).ok_or_else(|| ControlError::number(number))?;
        let value = json!({
            "phone_number": known.digits,
            "event": "ACCOUNT_VIOLATION",
            "violation_info": {"violation_type": violation},
        });
        queue(&mut self.state, number, "account_update", value);
        Ok(())
    }

    fn tell_of_pin(&mut self, id: &str, event: &str) -> Result<(), ControlError> {
        let number = self.state.numbers.get(id).ok_or_else(|| ControlError::number(id))?;
        let mut value = json!({"display_phone_number": number.digits, "event": event});
        // Meta's page on this webhook: only this one names who did it.
        if event == "PIN_RESET_REQUEST" {
            value["requester"] = "61555822107539".into();
        }
        queue(&mut self.state, id, "security", value);
        Ok(())
    }

    fn known_number(&self, id: &str) -> Result<(), ControlError> {
        if self.state.numbers.contains_key(id) { Ok(()) } else { Err(ControlError::number(id)) }
    }

    /// Adds a number to an account, and gives its id.
    ///
    /// # Errors
    ///
    /// There is no such account, or these are no digits, or it is there already.
    pub fn add_number(
        &mut self,
        account: &str,
        digits: &str,
        country_code: &str,
        name: &str,
    ) -> Result<String, ControlError> {
        if !self.state.accounts.contains_key(account) {
            return Err(ControlError::account(account));
        }
        let mut number = Number::new(account, country_code, digits);
        number.verified_name = name.to_owned();
        number.created_at = self.state.now;
        number.check().map_err(ControlError::Invalid)?;
        if self.state.numbers.values().any(|other| other.digits == digits && !other.is_deleted) {
            return Err(ControlError::Impossible("a number with these digits is there already"));
        }
        let id = self.state.new_number_id();
        self.state.numbers.insert(id.clone(), number);
        Ok(id)
    }

    /// Replaces members of a number's state.
    pub(super) fn change_number(&mut self, id: &str, members: &Map<String, Value>) -> Result<(), ControlError> {
        let known = self.state.numbers.get(id).ok_or_else(|| ControlError::number(id))?;
        let changed: Number = plain::merged(known, members).map_err(ControlError::Invalid)?;
        changed.check().map_err(ControlError::Invalid)?;
        if !self.state.accounts.contains_key(&changed.account) {
            return Err(ControlError::account(&changed.account));
        }
        self.state_mut().numbers.insert(id.to_owned(), changed);
        Ok(())
    }
}
