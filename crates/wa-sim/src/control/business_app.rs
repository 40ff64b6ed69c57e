use serde_json::json;

use crate::{ChatMessage, ControlError, Engine, Number, person::user_id, webhook::queue};

impl Engine {
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
        let now = self.state.now;
        let timestamp = now.as_secs().to_string();
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
        known.keep_message(ChatMessage {
            id,
            person: to.to_owned(),
            at: now,
            kind: "text".to_owned(),
            content: json!({"body": text}),
            status: "sent".to_owned(),
            ..ChatMessage::default()
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
}
