//! Reading and listing, adding a number, subscriptions, the data of the Business app, and messages.

use serde_json::{Value, json};

use super::{
    answer::Answer,
    call::{Call, Op},
    number::Number,
    service::{Service, not_there},
};

impl Service {
    pub(super) fn read_number(&self, call: &Call, major: u32) -> Answer {
        let Some(number) = self.shown(&call.target) else { return not_there(&call.target) };
        match number.read(call.parameter("fields").as_deref(), major, &self.rules, self.now) {
            Ok(value) => Answer::ok(value),
            Err(field) => unknown_field(&field),
        }
    }

    pub(super) fn list_numbers(&self, call: &Call, major: u32) -> Answer {
        let limit = call.parameter("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25_usize).clamp(1, 100);
        let after: usize = match call.parameter("after").map(|cursor| cursor.parse()) {
            None => 0,
            Some(Ok(after)) => after,
            Some(Err(_)) => return Answer::error(400, 100, "Invalid cursors values"),
        };
        let fields = call.parameter("fields");
        let shown = self.numbers.keys().skip(after).take(limit).filter_map(|id| self.shown(id));
        let data: Result<Vec<Value>, String> =
            shown.map(|number| number.read(fields.as_deref(), major, &self.rules, self.now)).collect();
        let end = after + limit;
        match data {
            Err(field) => unknown_field(&field),
            // Without a next page there is no "next", while the cursors stay.
            Ok(data) if end < self.numbers.len() => Answer::ok(json!({ "data": data, "paging": {
                "cursors": { "before": after.to_string(), "after": end.to_string() },
                "next": format!("https://graph.facebook.com/v25.0/{}/phone_numbers?after={end}", self.account),
            } })),
            Ok(data) => Answer::ok(json!({ "data": data, "paging": {
                "cursors": { "before": after.to_string(), "after": end.to_string() },
            } })),
        }
    }

    pub(super) fn add_number(&mut self, call: &Call) -> Answer {
        let (Some(phone), Some(name)) = (call.text("phone_number"), call.text("verified_name")) else {
            return Answer::error(400, 100, "phone_number and verified_name are required");
        };
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        // Meta's page: with or without the country code, which `cc` names apart.
        let country = digits(&call.text("cc").unwrap_or_default());
        let phone = digits(&phone);
        let wanted = if phone.starts_with(&country) { phone } else { country + &phone };
        if self.numbers.values().any(|number| digits(&number.display) == wanted) {
            return Answer::people(400, 100, 2_388_012, "Phone number exists", "The account has this number already.");
        }
        let id = format!("10654035224{:04}", 3000 + self.numbers.len());
        let number = Number::new(&id, &format!("+{wanted}"), &name);
        self.numbers.insert(id.clone(), number);
        Answer::ok(json!({ "id": id }))
    }

    pub(super) fn read_subscriptions(&self) -> Answer {
        let mut app = json!({ "whatsapp_business_api_data": {
            "id": "670843887433847", "link": "https://www.facebook.com/games/?app_id=670843887433847", "name": "Jaspers",
        } });
        if let Some(uri) = &self.override_uri {
            app["override_callback_uri"] = json!(uri);
        }
        Answer::ok(json!({ "data": if self.subscribed { vec![app] } else { Vec::new() } }))
    }

    /// `POST /{account}/subscribed_apps`: bare, or with an override.
    pub(super) fn subscribe(&mut self, call: &Call) -> Answer {
        match (call.op, call.text("override_callback_uri"), call.text("verify_token")) {
            (Op::Override, Some(uri), Some(_)) if self.subscribed => {
                self.override_uri = Some(uri);
                Answer::success()
            }
            (Op::Override, _, Some(_)) => Answer::error(
                400,
                100,
                "Before override the current callback uri, your app must be subscribed to receive messages for \
                 WhatsApp Business Account",
            ),
            (Op::Override, ..) => Answer::error(400, 100, "verify_token is required"),
            _ => {
                self.subscribed = true;
                // Told: a bare subscription removes the override.
                self.override_uri = None;
                Answer::success()
            }
        }
    }

    pub(super) fn unsubscribe(&mut self) -> Answer {
        self.subscribed = false;
        self.override_uri = None;
        Answer::success()
    }

    /// `POST /{number}/smb_app_data`, within 24 hours after the number came from the Business app.
    pub(super) fn synchronise(&mut self, call: &Call) -> Answer {
        let (now, subscribed) = (self.now, self.subscribed);
        let Some(number) = self.numbers.get_mut(&call.target) else { return not_there(&call.target) };
        let kind = call.text("sync_type").unwrap_or_default();
        if !["smb_app_state_sync", "history"].contains(&kind.as_str()) {
            return Answer::error(400, 100, "sync_type is not valid");
        }
        let in_time = number.biz_app_since.is_some_and(|since| now <= since + std::time::Duration::from_secs(86_400));
        if !in_time {
            return Answer::error(400, 100, "The number was not onboarded from the WhatsApp Business app in 24 hours");
        }
        if subscribed {
            number.synchronised.insert(kind);
        }
        Answer::ok(json!({ "messaging_product": "whatsapp", "request_id": "1234567890" }))
    }

    /// `POST /{number}/messages`: accepted is not delivered.
    pub(super) fn message(&mut self, call: &Call) -> Answer {
        let Some(number) = self.numbers.get_mut(&call.target) else { return not_there(&call.target) };
        let Some(to) = call.text("to").or_else(|| call.text("recipient")) else {
            return Answer::error(400, 100, "to is required");
        };
        if !number.registered {
            return Answer::error(400, 133_010, "Account not registered");
        }
        let text = call.body.pointer("/text/body").and_then(Value::as_str);
        let arrives = match (call.text("type").as_deref(), text) {
            (Some("template"), _) => true,
            // Outside the window the refusal (131047) comes by webhook, later.
            (_, Some(text)) if text.chars().count() <= 4096 => number.open_windows.contains(&to),
            _ => return Answer::error(400, 100, "text.body is required and has at most 4096 characters"),
        };
        number.messages.push((to.clone(), arrives));
        let id = format!("wamid.{}", number.messages.len());
        Answer::ok(json!({
            "messaging_product": "whatsapp",
            "contacts": [{ "input": to, "wa_id": to.trim_start_matches('+') }],
            "messages": [{ "id": id }],
        }))
    }
}

/// Seen: one field that the version does not know fails the whole read.
fn unknown_field(field: &str) -> Answer {
    let text = format!("Tried accessing nonexisting field ({field}) on node type (WhatsAppBusinessPhoneNumber)");
    let mut answer = Answer::error(400, 100, &text);
    if let Some(error) = answer.body["error"].as_object_mut() {
        error.remove("error_data");
    }
    answer
}
