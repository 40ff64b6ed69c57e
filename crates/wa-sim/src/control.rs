//! What people do by other means than the API: in WhatsApp Manager, on the phone, at Meta.

use serde_json::json;

use crate::{
    Account, Ban, Callback, Delivery, Engine, Event, Handshake, Number, Quality, Review, Time, UserIds, calls,
    person::user_id,
    rules::MINUTE,
    webhook::{Waiting, queue, queue_for_account},
};

/// Why a control does nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ControlError {
    /// Nothing has this id.
    #[error("there is no {kind} with the id {id}")]
    Unknown {
        /// What it should be.
        kind: &'static str,
        /// The id.
        id: String,
    },
    /// It cannot be done as things are.
    #[error("{0}")]
    Impossible(&'static str),
}

impl ControlError {
    fn number(id: &str) -> Self {
        Self::Unknown { kind: "number", id: id.to_owned() }
    }
}

impl Engine {
    /// The one-time code that is on its way to a person, who would read it on the phone.
    #[must_use]
    pub fn sent_code(&self, number: &str) -> Option<&str> {
        let sent = self.state.numbers.get(number)?.code.sent.as_ref()?;
        (self.state.now < sent.until).then_some(&*sent.code)
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

    /// Connects a number that stays in the WhatsApp Business app, as Embedded Signup does.
    ///
    /// # Errors
    ///
    /// There is no such number.
    pub fn onboard_business_app(&mut self, number: &str) -> Result<(), ControlError> {
        let now = self.state.now;
        let known = self.state.numbers.get_mut(number).ok_or_else(|| ControlError::number(number))?;
        known.on_business_app = true;
        known.business_app.contacts_are_synced = false;
        known.business_app.history_is_synced = false;
        known.connected_at = Some(now);
        known.last_onboarded = Some(now);
        known.reads_connected = false;
        Ok(())
    }

    /// Ends the use of a number here by its WhatsApp Business app, of which the apps are told.
    ///
    /// # Errors
    ///
    /// There is no such number, or that app does not use it.
    pub fn offboard_business_app(&mut self, number: &str) -> Result<(), ControlError> {
        let known = self.business_app_number(number)?;
        known.on_business_app = false;
        known.connected_at = None;
        let info = json!({"reason": "ACCOUNT_DISCONNECTED", "initiated_by": "USER"});
        let value = json!({"phone_number": known.digits, "event": "PARTNER_REMOVED", "disconnection_info": info});
        queue(&mut self.state, number, "account_update", value);
        Ok(())
    }

    /// Lets the business write to a person from its WhatsApp Business app.
    ///
    /// # Errors
    ///
    /// There is no such number, or that app does not use it.
    pub fn echo_text(&mut self, number: &str, to: &str, text: &str) -> Result<(), ControlError> {
        let timestamp = self.state.now.as_secs().to_string();
        let id = format!("wamid.HBgL{}", self.state.seed.letters(24));
        let known = self.business_app_number(number)?;
        let to = to.trim_start_matches('+');
        let echo = json!({
            "from": known.digits,
            "to": to,
            "to_user_id": user_id(&known.account, to),
            "id": id,
            "timestamp": timestamp,
            "type": "text",
            "text": {"body": text},
        });
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": known.digits, "phone_number_id": number},
            "message_echoes": [echo],
        });
        queue(&mut self.state, number, "smb_message_echoes", value);
        Ok(())
    }

    fn business_app_number(&mut self, id: &str) -> Result<&mut Number, ControlError> {
        let known = self.state.numbers.get_mut(id).ok_or_else(|| ControlError::number(id))?;
        match known.on_business_app && known.is_registered() {
            true => Ok(known),
            false => Err(ControlError::Impossible("the number is not in use with the WhatsApp Business app")),
        }
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

    /// Keeps an account from something, such as `RESTRICTED_ADD_PHONE_NUMBER_ACTION`, until a moment.
    ///
    /// # Errors
    ///
    /// There is no such account.
    pub fn restrict_account(&mut self, account: &str, action: &str, until: Time) -> Result<(), ControlError> {
        self.account(account)?.restrictions.insert(action.to_owned(), until);
        let restriction = json!({"restriction_type": action, "expiration": until.as_secs()});
        let value = json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction]});
        queue_for_account(&mut self.state, account, None, "account_update", value);
        Ok(())
    }

    /// Decides an account's review against Meta's policies.
    ///
    /// # Errors
    ///
    /// There is no such account.
    pub fn decide_account(&mut self, account: &str, review: Review) -> Result<(), ControlError> {
        self.account(account)?.review = review;
        let value = json!({"decision": review});
        queue_for_account(&mut self.state, account, None, "account_review_update", value);
        Ok(())
    }

    /// Verifies the business behind an account, which may then have more numbers.
    ///
    /// # Errors
    ///
    /// There is no such account.
    pub fn verify_business(&mut self, account: &str) -> Result<(), ControlError> {
        let known = self.account(account)?;
        known.is_verified = true;
        let numbers = known.most_numbers();
        let limits = self.state.numbers.values().filter(|number| number.account == account);
        let limits = limits.filter_map(|number| LIMITS.iter().rposition(|(word, _)| *word == number.limit));
        let daily = limits.max().map_or(250, |place| LIMITS[place].1);
        let value = json!({
            "max_daily_conversation_per_phone": daily,
            "max_daily_conversations_per_business": daily,
            "max_phone_numbers_per_business": numbers,
            "max_phone_numbers_per_waba": numbers,
        });
        queue_for_account(&mut self.state, account, None, "business_capability_update", value);
        Ok(())
    }

    /// Bans an account or lets it in again.
    ///
    /// # Errors
    ///
    /// There is no such account.
    pub fn ban_account(&mut self, account: &str, is_banned: bool) -> Result<(), ControlError> {
        self.account(account)?.is_locked = is_banned;
        let word = if is_banned { "DISABLE" } else { "REINSTATE" };
        let date = self.state.now.to_prose();
        let value = json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": word, "waba_ban_date": date}});
        queue_for_account(&mut self.state, account, None, "account_update", value);
        Ok(())
    }

    /// Lets a person write to a number, which opens the 24 hours in which text reaches that person.
    ///
    /// # Errors
    ///
    /// There is no such number, or it is not registered.
    pub fn receive_text(&mut self, number: &str, from: &str, text: &str) -> Result<(), ControlError> {
        let now = self.state.now;
        let known = self.state.numbers.get_mut(number).ok_or_else(|| ControlError::number(number))?;
        if !known.is_registered() {
            return Err(ControlError::Impossible("the number is not registered: nothing reaches it"));
        }
        let digits = from.trim_start_matches('+');
        known.inbound.insert(digits.to_owned(), now);
        let display = known.digits.clone();
        let user = user_id(&known.account, digits);
        let id = format!("wamid.HBgL{}", self.state.seed.letters(24));
        let mut contact = json!({"profile": {"name": "A Person"}});
        let mut message =
            json!({"id": id, "timestamp": now.as_secs().to_string(), "type": "text", "text": {"body": text}});
        let user_ids = self.state.rules.user_ids;
        // Meta's page on business-scoped user ids: what is hidden is left out.
        if user_ids != UserIds::Only {
            contact["wa_id"] = digits.into();
            message["from"] = digits.into();
        }
        if user_ids != UserIds::Absent {
            contact["user_id"] = user.clone().into();
            message["from_user_id"] = user.into();
        }
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": display, "phone_number_id": number},
            "contacts": [contact],
            "messages": [message],
        });
        queue(&mut self.state, number, "messages", value);
        Ok(())
    }

    /// Takes the deliveries that are due; say with [`settle`](Self::settle) how each went.
    pub fn take_due(&mut self) -> Vec<Delivery> {
        self.waiting.take_due(&mut self.state.webhooks, self.state.now)
    }

    /// Notes whether a callback accepted a delivery. A refused one comes again later.
    pub fn settle(&mut self, delivery: u64, is_accepted: bool) {
        if let Some(due) = self.state.webhooks.settle(delivery, is_accepted, self.state.now) {
            self.waiting.add(due, delivery);
        }
    }

    /// Notes that a delivery was not sent, because its callback is on another machine.
    pub fn withhold(&mut self, delivery: u64) {
        self.state.webhooks.withhold(delivery);
    }

    /// Delivers something once more, as the service does now and then.
    ///
    /// # Errors
    ///
    /// There is no such delivery.
    pub fn duplicate(&mut self, delivery: u64) -> Result<u64, ControlError> {
        let unknown = || ControlError::Unknown { kind: "delivery", id: delivery.to_string() };
        self.state.webhooks.duplicate(delivery, self.state.now).ok_or_else(unknown)
    }

    /// Lets the deliveries that wait come in another order.
    pub fn reorder(&mut self) {
        self.state.webhooks.reorder(&mut self.state.seed);
        self.waiting = Waiting::default();
    }

    /// Changes what is delivered without signing it again, as an attacker would.
    ///
    /// # Errors
    ///
    /// There is no such delivery.
    pub fn tamper(&mut self, delivery: u64) -> Result<(), ControlError> {
        let unknown = || ControlError::Unknown { kind: "delivery", id: delivery.to_string() };
        if self.state.webhooks.tamper(delivery) { Ok(()) } else { Err(unknown()) }
    }

    /// The question that the service asks an app's callback before it sends anything there.
    ///
    /// # Errors
    ///
    /// There is no such app, or it has no callback.
    pub fn handshake(&mut self, app: &str) -> Result<Handshake, ControlError> {
        let unknown = || ControlError::Unknown { kind: "app", id: app.to_owned() };
        let callback = self.state.apps.get(app).ok_or_else(unknown)?.callback.clone();
        self.handshake_with(app, &callback.ok_or(ControlError::Impossible("the app has no callback"))?)
    }

    /// The same question to a callback that an app is to have.
    ///
    /// # Errors
    ///
    /// There is no such app.
    pub fn handshake_with(&mut self, app: &str, callback: &Callback) -> Result<Handshake, ControlError> {
        if !self.state.apps.contains_key(app) {
            return Err(ControlError::Unknown { kind: "app", id: app.to_owned() });
        }
        Ok(Handshake::new(callback, &mut self.state.seed))
    }

    /// Forgets what was asked and answered, and tells how many entries that were.
    pub fn clear_journal(&mut self) -> usize {
        self.journal.clear()
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

    fn account(&mut self, id: &str) -> Result<&mut Account, ControlError> {
        let unknown = || ControlError::Unknown { kind: "account", id: id.to_owned() };
        self.state.accounts.get_mut(id).ok_or_else(unknown)
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
}

/// Meta's page on messaging limits, from the least to the most, as numbers too.
const LIMITS: &[(&str, i64)] = &[
    ("TIER_50", 50),
    ("TIER_250", 250),
    ("TIER_1K", 1_000),
    ("TIER_2K", 2_000),
    ("TIER_10K", 10_000),
    ("TIER_100K", 100_000),
    ("TIER_UNLIMITED", -1),
];
