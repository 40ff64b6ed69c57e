use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    Event, State, Time,
    calls::{Answer, Call},
    error_style::{Reason, Refusal},
    rules::DAY,
    webhook,
};

pub(crate) fn send(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.messaging_product()?;
    if params.text("status")? == Some("read") {
        params.only(&["messaging_product", "status", "message_id", "typing_indicator"])?;
        params.required("message_id")?;
        if !call.number()?.is_registered() {
            return Err(Refusal::new(Reason::SendUnregistered, "The number is not registered"));
        }
        return Ok(Answer::success());
    }
    let kind = params.text("type")?.unwrap_or("text");
    if !KINDS.contains(&kind) {
        return Err(Refusal::new(Reason::UnsupportedType, "The type is not one of a message"));
    }
    params.only(&[
        "messaging_product",
        "recipient_type",
        "to",
        "type",
        "context",
        "biz_opaque_callback_data",
        "recipient_identity_key_hash",
        kind,
    ])?;
    params.word("recipient_type", &["individual", "group"])?;
    let to = params.required("to")?;
    params.sized("biz_opaque_callback_data", 0, 512)?;
    if let Some(context) = params.object("context")? {
        context.required("message_id")?;
    }
    let content = match kind {
        "contacts" => params.list(kind)?.map(|_| None),
        _ => params.object(kind)?.map(Some),
    };
    let content = content.ok_or_else(|| Refusal::invalid(format!("The parameter {kind} is required")))?;
    if let Some(text) = content.filter(|_| kind == "text") {
        text.only(&["body", "preview_url"])?;
        text.required("body")?;
        text.sized("body", 1, 4_096)?;
        text.flag("preview_url")?;
    }

    let (now, node) = (call.state.now, call.node);
    let account = call.account()?;
    let is_barred = account.is_barred();
    // Meta's guide to enforcement: one restriction is for templates, the other for answers.
    let action = match kind {
        "template" => "RESTRICTED_BIZ_INITIATED_MESSAGING",
        _ => "RESTRICTED_CUSTOMER_INITIATED_MESSAGING",
    };
    let is_restricted = account.is_restricted(action, now);
    let number = call.number()?;
    let recipient = recipient(to, &number.country_code)?;
    if !number.is_registered() {
        return Err(Refusal::new(Reason::SendUnregistered, "The sending number is not registered"));
    }
    if is_restricted {
        return Err(Refusal::new(Reason::MessageForbidden, "The account is restricted"));
    }
    if number.is_under_maintenance(now) {
        return Err(Refusal::new(Reason::Maintenance, "The number is under maintenance"));
    }
    if is_barred || number.status() == "BANNED" {
        return Err(Refusal::new(Reason::AccountLocked, "The account is banned or locked"));
    }
    if number.allowed_recipients.as_ref().is_some_and(|allowed| !allowed.contains(&recipient)) {
        return Err(Refusal::new(Reason::NotAllowedRecipient, "Add the recipient to the allowed list first"));
    }
    let is_open = number.inbound.get(&recipient).is_some_and(|at| now.since(*at) < DAY);
    let id = format!("wamid.HBgL{}", call.state.seed.letters(24));
    let is_late = kind != "template" && call.state.rules.window_is_enforced && !is_open;
    let statuses: &[(&str, u64, Option<i64>)] = if is_late {
        &[("failed", 2, Some(131_047))]
    } else {
        &[("sent", 1, None), ("delivered", 3, None), ("read", 60, None)]
    };
    let tag = params.text("biz_opaque_callback_data")?;
    for (status, seconds, error) in statuses {
        let event = Event::MessageStatus {
            number: node.to_owned(),
            message: id.clone(),
            recipient: recipient.clone(),
            status: (*status).to_owned(),
            error: *error,
            tag: tag.map(str::to_owned),
        };
        call.state.schedule(now + Duration::from_secs(*seconds), event);
    }
    let mut message = json!({"id": id});
    if kind == "template" {
        message["message_status"] = "accepted".into();
    }
    Ok(Answer::of(json!({
        "messaging_product": "whatsapp",
        "contacts": [{"input": to, "wa_id": recipient}],
        "messages": [message],
    })))
}

/// Tells the subscribed apps what became of a message.
pub(crate) fn status_webhook(state: &mut State, at: Time, event: &Event) {
    let Event::MessageStatus { number: id, message, recipient, status, error, tag } = event else {
        return;
    };
    let Some(number) = state.numbers.get(id) else {
        return;
    };
    let mut update = json!({
        "id": message,
        "status": status,
        "timestamp": at.as_secs().to_string(),
        "recipient_id": recipient,
    });
    if let Some(tag) = tag {
        update["biz_opaque_callback_data"] = tag.clone().into();
    }
    if let Some(code) = error {
        update["errors"] = json!([{
            "code": code,
            "title": "Re-engagement message",
            "message": "Re-engagement message",
            "error_data": {"details": "More than 24 hours have passed since the customer last replied to this number."},
            "href": "/documentation/business-messaging/whatsapp/support/error-codes",
        }]);
    }
    if status == "sent" || status == "delivered" {
        update["pricing"] = json!({
            "billable": false, "pricing_model": "PMP", "type": "free_customer_service", "category": "service",
        });
    }
    let value: Value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number.digits, "phone_number_id": id},
        "statuses": [update],
    });
    webhook::queue(state, &id.clone(), "messages", value);
}

/// Without a plus sign the business's country code is put in front, unless it stands there.
fn recipient(to: &str, country_code: &str) -> Result<String, Refusal> {
    let wrong = || Refusal::invalid("Invalid parameter: recipient phone number format is incorrect");
    let text: String = to.chars().filter(|letter| !matches!(letter, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = text.strip_prefix('+').unwrap_or(&text);
    if !(5..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let has_code = text.starts_with('+') || digits.starts_with(country_code) || digits.len() > 10;
    Ok(if has_code { digits.to_owned() } else { format!("{country_code}{digits}") })
}

const KINDS: &[&str] = &[
    "text",
    "audio",
    "contacts",
    "document",
    "image",
    "interactive",
    "location",
    "reaction",
    "sticker",
    "template",
    "video",
];
