//! What people do by other means than the API: in WhatsApp Manager, on the phone, at Meta.

use serde_json::json;

use crate::{
    Ban, Callback, Delivery, Engine, Handshake, Quality, Time, calls,
    webhook::{queue, queue_for_account},
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
    /// There is no such number.
    pub fn decide_name(&mut self, number: &str, is_approved: bool) -> Result<(), ControlError> {
        self.known_number(number)?;
        calls::name_decided(&mut self.state, number, if is_approved { "APPROVED" } else { "REJECTED" });
        Ok(())
    }

    /// Puts the decision about a name off, which the apps are told but the number does not show.
    ///
    /// # Errors
    ///
    /// There is no such number.
    pub fn defer_name(&mut self, number: &str) -> Result<(), ControlError> {
        self.known_number(number)?;
        let known = &self.state.numbers[number];
        let name = known.new_name.as_ref().map_or_else(|| known.verified_name.clone(), |new| new.name.clone());
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
        let digits = known.digits.clone();
        // Meta's page on this webhook: the event tells that the e-mail was followed and the PIN is off.
        let value = json!({"display_phone_number": digits, "event": "PIN_REQUEST_SUCCESS"});
        queue(&mut self.state, number, "security", value);
        Ok(())
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
            let value = json!({"display_phone_number": known.digits, "event": event, "current_limit": known.limit});
            queue(&mut self.state, number, "phone_number_quality_update", value);
        }
        Ok(())
    }

    /// Bans an account or lets it in again.
    ///
    /// # Errors
    ///
    /// There is no such account.
    pub fn ban_account(&mut self, account: &str, is_banned: bool) -> Result<(), ControlError> {
        let unknown = || ControlError::Unknown { kind: "account", id: account.to_owned() };
        self.state.accounts.get_mut(account).ok_or_else(unknown)?.is_locked = is_banned;
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
        let id = format!("wamid.HBgL{}", self.state.seed.letters(24));
        let value = json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": display, "phone_number_id": number},
            "contacts": [{"profile": {"name": "A Person"}, "wa_id": digits}],
            "messages": [{
                "from": digits,
                "id": id,
                "timestamp": now.as_secs().to_string(),
                "type": "text",
                "text": {"body": text},
            }],
        });
        queue(&mut self.state, number, "messages", value);
        Ok(())
    }

    /// Takes the deliveries that are due; say with [`settle`](Self::settle) how each went.
    pub fn take_due(&mut self) -> Vec<Delivery> {
        self.state.webhooks.take_due(self.state.now)
    }

    /// Notes whether a callback accepted a delivery. A refused one comes again later.
    pub fn settle(&mut self, delivery: u64, is_accepted: bool) {
        self.state.webhooks.settle(delivery, is_accepted, self.state.now);
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
        Ok(Handshake::new(&callback.url, &callback.verify_token, &mut self.state.seed))
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

    fn known_number(&self, id: &str) -> Result<(), ControlError> {
        if self.state.numbers.contains_key(id) { Ok(()) } else { Err(ControlError::number(id)) }
    }
}
