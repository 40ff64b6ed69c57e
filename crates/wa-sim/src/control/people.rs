use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

use crate::{
    ChatMessage, ControlError, Engine, Event, Media, Person, Storage, Time, UserIds, calls, person::user_id, plain,
    webhook::queue,
};

impl Engine {
    /// Lets a person write to a number, which opens the 24 hours in which text reaches that person.
    ///
    /// # Errors
    ///
    /// There is no such number, or it is not registered.
    pub fn receive_text(&mut self, number: &str, from: &str, text: &str) -> Result<(), ControlError> {
        let message = [("type".to_owned(), json!("text")), ("text".to_owned(), json!({"body": text}))];
        self.receive_message(number, from, &message.into_iter().collect()).map(drop)
    }

    /// Lets a person send a message of any kind, as webhooks show it without `id`, `from` and `timestamp`, and gives its
    /// id.
    ///
    /// A file is made up, or made of `data` in base64 and `mime_type`; its id can be downloaded. `context` with an `id`
    /// makes it a reply.
    ///
    /// # Errors
    ///
    /// There is no such number, or it is not registered, or the message has no known type or lacks a member.
    pub fn receive_message(
        &mut self,
        number: &str,
        from: &str,
        message: &Map<String, Value>,
    ) -> Result<String, ControlError> {
        let now = self.state.now;
        let kind = message.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let digits = from.trim_start_matches('+').to_owned();
        let known = self.reachable(number, &digits)?;
        let (display, account, storage) = (known.digits.clone(), known.account.clone(), known.storage.clone());
        let mut content = message.get(&kind).cloned().unwrap_or(Value::Null);
        check(&kind, &content)?;
        if FILES.iter().any(|(known, ..)| *known == kind) {
            let life = if storage == Storage::OneHour { 3_600 } else { 7 * 24 * 3_600 };
            self.keep_file(number, &kind, &mut content, now + Duration::from_secs(life))?;
        }
        let id = format!("wamid.HBgL{}", self.state.seed.letters(24));
        let mut shown = message.clone();
        shown.insert("id".to_owned(), id.clone().into());
        shown.insert("timestamp".to_owned(), now.as_secs().to_string().into());
        match kind.as_str() {
            "unsupported" if content.is_null() => _ = shown.remove("unsupported"),
            _ => _ = shown.insert(kind.clone(), content.clone()),
        }
        if kind == "unsupported" && !shown.contains_key("errors") {
            // The code and the words are seen.
            shown.insert(
                "errors".to_owned(),
                json!([{
                    "code": 131_051,
                    "title": "Message type unknown",
                    "message": "Message type unknown",
                    "error_data": {"details": "Message type is currently not supported."},
                }]),
            );
        }
        let reply_to = message.get("context").and_then(|context| context["id"].as_str()).map(str::to_owned);
        if let Some(Value::Object(context)) = shown.get_mut("context")
            && context.contains_key("id")
        {
            context.entry("from").or_insert_with(|| display.clone().into());
        }
        let contact = self.introduce(&account, &digits, &mut shown);
        let mut value = json!({
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": display, "phone_number_id": number},
            "messages": [shown],
        });
        // Meta's page on system messages: they name no contact.
        if kind != "system" {
            value["contacts"] = json!([contact]);
        }
        if let Some(known) = self.state.numbers.get_mut(number) {
            if kind != "system" {
                known.inbound.insert(digits.clone(), now);
            }
            known.keep_message(ChatMessage {
                id: id.clone(),
                person: digits,
                is_inbound: true,
                at: now,
                kind,
                content,
                reply_to,
                status: "received".to_owned(),
                ..ChatMessage::default()
            });
        }
        queue(&mut self.state, number, "messages", value);
        Ok(id)
    }

    /// Lets a person call a number, which opens the 24 hours, too. Nobody answers the call.
    ///
    /// # Errors
    ///
    /// There is no such number, or it is not registered.
    pub fn receive_call(&mut self, number: &str, from: &str) -> Result<(), ControlError> {
        let now = self.state.now;
        let digits = from.trim_start_matches('+').to_owned();
        let known = self.reachable(number, &digits)?;
        let (display, account) = (known.digits.clone(), known.account.clone());
        if let Some(known) = self.state.numbers.get_mut(number) {
            known.inbound.insert(digits.clone(), now);
        }
        let id = format!("wacid.HBgL{}", self.state.seed.letters(24));
        for event in ["connect", "terminate"] {
            let mut call = Map::new();
            let contact = self.introduce(&account, &digits, &mut call);
            for (name, value) in [
                ("id", json!(id)),
                ("event", json!(event)),
                ("timestamp", json!(now.as_secs().to_string())),
                ("direction", json!("USER_INITIATED")),
                ("to", json!(display)),
                match event {
                    "connect" => ("session", json!({"sdp_type": "offer", "sdp": "v=0\r\n"})),
                    _ => ("status", json!("FAILED")),
                },
            ] {
                call.insert(name.to_owned(), value);
            }
            let value = json!({
                "messaging_product": "whatsapp",
                "metadata": {"display_phone_number": display, "phone_number_id": number},
                "contacts": [contact],
                "calls": [call],
            });
            queue(&mut self.state, number, "calls", value);
        }
        Ok(())
    }

    /// Changes what is special about a person.
    ///
    /// # Errors
    ///
    /// These are no digits, or no members of a person.
    pub fn set_person(&mut self, person: &str, members: &Map<String, Value>) -> Result<(), ControlError> {
        let digits = digits_of(person)?;
        let known = self.state.people.get(&digits).cloned().unwrap_or_default();
        let changed: Person = plain::merged(&known, members).map_err(ControlError::Invalid)?;
        self.state.people.insert(digits, changed);
        Ok(())
    }

    /// Tells the apps at once that a message reached a status: `sent`, `delivered`, `read`, `played` or `failed`.
    ///
    /// # Errors
    ///
    /// There is no such number or message, or no such status.
    pub fn set_status(
        &mut self,
        number: &str,
        message: &str,
        status: &str,
        error: Option<i64>,
    ) -> Result<(), ControlError> {
        if !["sent", "delivered", "read", "played", "failed"].contains(&status) {
            return Err(ControlError::Impossible("a message is sent, delivered, read, played or failed"));
        }
        let known = self.state.numbers.get(number).ok_or_else(|| ControlError::number(number))?;
        let unknown = || ControlError::Unknown { kind: "message", id: message.to_owned() };
        let sent = known.message(message).filter(|message| !message.is_inbound).ok_or_else(unknown)?;
        let is_known = sent.person.bytes().all(|byte| byte.is_ascii_digit());
        let user = if is_known { user_id(&known.account, &sent.person) } else { sent.person.clone() };
        let user_ids = self.state.rules.user_ids;
        let event = Event::MessageStatus {
            number: number.to_owned(),
            message: message.to_owned(),
            recipient: Some(sent.person.clone()).filter(|_| is_known),
            user: Some(user).filter(|_| user_ids != UserIds::Absent),
            status: status.to_owned(),
            error: (status == "failed").then(|| error.unwrap_or(calls::FAILURES[0].0)),
            tag: sent.tag.clone(),
        };
        // After a failure nothing more comes for this message.
        self.state.events.retain(|(_, event)| match event {
            Event::MessageStatus { message: other, .. } => status != "failed" || other != message,
            _ => true,
        });
        let now = self.state.now;
        calls::status_webhook(&mut self.state, now, &event);
        Ok(())
    }

    /// Says in a message or a call who it is from, and gives the contact that goes with it.
    ///
    /// Meta's page on business-scoped user ids: what is hidden is left out.
    fn introduce(&self, account: &str, digits: &str, shown: &mut Map<String, Value>) -> Value {
        let (user, user_ids) = (user_id(account, digits), self.state.rules.user_ids);
        let person = self.state.people.get(digits).cloned().unwrap_or_default();
        let mut contact = json!({"profile": {"name": person.name}});
        if let Some(username) = person.username {
            contact["profile"]["username"] = username.into();
        }
        if user_ids != UserIds::Only {
            contact["wa_id"] = digits.into();
            shown.insert("from".to_owned(), digits.into());
        }
        if user_ids != UserIds::Absent {
            contact["user_id"] = user.clone().into();
            shown.insert("from_user_id".to_owned(), user.into());
        }
        contact
    }

    fn reachable(&self, id: &str, digits: &str) -> Result<&crate::Number, ControlError> {
        let known = self.state.numbers.get(id).ok_or_else(|| ControlError::number(id))?;
        digits_of(digits)?;
        match known.is_registered() {
            true => Ok(known),
            false => Err(ControlError::Impossible("the number is not registered: nothing reaches it")),
        }
    }

    /// Keeps the file that a message holds, and puts in what webhooks show of it.
    fn keep_file(&mut self, number: &str, kind: &str, content: &mut Value, until: Time) -> Result<(), ControlError> {
        let (_, mime_type, sample) = FILES.iter().find(|(known, ..)| *known == kind).unwrap_or(&FILES[0]);
        if content.is_null() {
            *content = json!({});
        }
        let Value::Object(members) = content else {
            return Err(ControlError::Invalid(format!("the member {kind:?} must be an object")));
        };
        let bytes = match members.remove("data") {
            None => (*sample).to_vec(),
            Some(data) => {
                let bytes = data.as_str().and_then(|text| STANDARD.decode(text).ok());
                bytes.ok_or_else(|| ControlError::Invalid("data must be the bytes of the file in base64".to_owned()))?
            }
        };
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        let mime_type = text("mime_type").unwrap_or_else(|| (*mime_type).to_owned());
        let media = Media {
            number: number.to_owned(),
            mime_type: mime_type.clone(),
            filename: text("filename"),
            bytes: bytes.into(),
            created: self.state.now,
            until,
            is_inbound: true,
        };
        members.insert("mime_type".to_owned(), mime_type.into());
        members.insert("sha256".to_owned(), media.bytes.sha256_base64().into());
        let id = self.state.keep_media(media);
        members.insert("id".to_owned(), id.into());
        match kind {
            "audio" => _ = members.entry("voice").or_insert(false.into()),
            "sticker" => _ = members.entry("animated").or_insert(false.into()),
            _ => {}
        }
        Ok(())
    }
}

fn digits_of(person: &str) -> Result<String, ControlError> {
    let digits = person.trim_start_matches('+');
    match (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(digits.to_owned()),
        false => {
            Err(ControlError::Invalid(format!("{person:?} is no phone number: write digits, the country code first")))
        }
    }
}

/// Refuses what no person could send. Meta's pages on the webhooks of messages.
fn check(kind: &str, content: &Value) -> Result<(), ControlError> {
    let wanted: &[&str] = match kind {
        "text" => &["body"],
        "image" | "audio" | "video" | "document" | "sticker" | "unsupported" => return Ok(()),
        "location" => &["latitude", "longitude"],
        "contacts" if content.is_array() => return Ok(()),
        "contacts" => return Err(ControlError::Invalid("the member \"contacts\" must be a list".to_owned())),
        "reaction" => &["message_id"],
        "button" => &["text", "payload"],
        "interactive" => match content["type"].as_str() {
            Some("button_reply") => &["button_reply"],
            Some("list_reply") => &["list_reply"],
            Some("nfm_reply") => &["nfm_reply"],
            Some("call_permission_reply") => &["call_permission_reply"],
            _ => {
                let text = "interactive.type must be button_reply, list_reply, nfm_reply or call_permission_reply";
                return Err(ControlError::Invalid(text.to_owned()));
            }
        },
        "order" => &["catalog_id", "product_items"],
        "system" => &["body", "type"],
        _ => {
            let text = format!(
                "{kind:?} is no type of a message: use text, image, audio, video, document, sticker, location, contacts, \
                 reaction, button, interactive, order, system or unsupported"
            );
            return Err(ControlError::Invalid(text));
        }
    };
    match wanted.iter().find(|name| content.get(**name).is_none()) {
        Some(name) => Err(ControlError::Invalid(format!("the member {:?} is missing", format!("{kind}.{name}")))),
        None => Ok(()),
    }
}

/// The kinds with a file, each with a type and the bytes of a made-up one.
const FILES: &[(&str, &str, &[u8])] = &[
    ("image", "image/png", PICTURE),
    ("audio", "audio/ogg", b"OggS\0\x02a made-up voice message"),
    ("video", "video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
    ("document", "application/pdf", b"%PDF-1.4\n% a made-up document\n%%EOF\n"),
    ("sticker", "image/webp", STICKER),
];
/// One green dot.
const PICTURE: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc\xe0(\x88\x02\x00\x01V\x00\xd3\xa8\xe4\x86z\x00\x00\x00\x00IEND\xaeB`\x82";
/// The smallest lossless picture.
const STICKER: &[u8] = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0";
