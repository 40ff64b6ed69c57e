use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};

use crate::{
    ErrorStyle, Event, State, Template, Time, UserIds,
    calls::{Answer, Call},
    error_style::{Reason, Refusal},
    params::Params,
    person::user_id,
    rules::DAY,
    webhook,
};

/// Marks a message as read, and those before it.
pub(crate) fn mark_read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.messaging_product()?;
    if params.text("status")? != Some("read") {
        return send(call);
    }
    params.only(&["messaging_product", "status", "message_id", "typing_indicator"])?;
    params.required("message_id")?;
    if !call.number()?.is_registered() {
        return Err(Refusal::new(Reason::SendUnregistered, "The number is not registered"));
    }
    Ok(Answer::success())
}

pub(crate) fn send(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.messaging_product()?;
    let kind = params.text("type")?.unwrap_or("text");
    if !KINDS.contains(&kind) {
        return Err(Refusal::new(Reason::UnsupportedType, "The type is not one of a message"));
    }
    params.only(&[
        "messaging_product",
        "recipient_type",
        "to",
        "recipient",
        "type",
        "context",
        "biz_opaque_callback_data",
        "recipient_identity_key_hash",
        kind,
    ])?;
    params.word("recipient_type", &["individual", "group"])?;
    // Meta's page on business-scoped user ids: with both, `to` wins.
    let (to, is_user) = match params.text("to")?.filter(|to| !to.is_empty()) {
        Some(to) => (to, false),
        None if params.has("recipient") => (params.required("recipient")?, true),
        None => (params.required("to")?, false),
    };
    params.sized("biz_opaque_callback_data", 0, 512)?;
    if let Some(context) = params.object("context")? {
        context.required("message_id")?;
    }
    let content = match kind {
        "contacts" => params.list(kind)?.map(|_| None),
        _ => params.object(kind)?.map(Some),
    };
    let content = content.ok_or_else(|| Refusal::invalid(format!("The parameter {kind} is required")))?;
    let template = match &content {
        Some(template) if kind == "template" => Some(Wanted::read(template)?),
        _ => None,
    };
    if let Some(text) = content.as_ref().filter(|_| kind == "text") {
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
    let known = template.as_ref().map(|wanted| wanted.check(&account.templates));
    let user_ids = call.state.rules.user_ids;
    let number = call.number()?;
    let account = number.account.clone();
    let recipient = match is_user {
        true => number.inbound.keys().find(|digits| user_id(&account, digits) == to).cloned(),
        false => Some(recipient(to, &number.country_code)?),
    };
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
    let is_among = |allowed: &BTreeSet<String>| recipient.as_ref().is_some_and(|digits| allowed.contains(digits));
    if number.allowed_recipients.as_ref().is_some_and(|allowed| !is_among(allowed)) {
        return Err(Refusal::new(Reason::NotAllowedRecipient, "Add the recipient to the allowed list first"));
    }
    known.unwrap_or(Ok(()))?;
    let last = recipient.as_ref().and_then(|digits| number.inbound.get(digits));
    let is_open = last.is_some_and(|at| now.since(*at) < DAY);
    let user = match (&recipient, is_user) {
        (_, true) => Some(to.to_owned()),
        (Some(digits), false) => Some(user_id(&account, digits)),
        (None, false) => None,
    }
    .filter(|_| user_ids != UserIds::Absent);
    // A phone number that the business does not know is told to nobody.
    let shown = recipient.filter(|_| !is_user || user_ids != UserIds::Only);
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
            recipient: shown.clone(),
            user: user.clone(),
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
    let mut contact = json!({"input": to});
    if let Some(digits) = shown {
        contact["wa_id"] = digits.into();
    }
    // The API description is older than user ids.
    if let Some(user) = user.filter(|_| call.state.rules.error_style == ErrorStyle::Code) {
        contact["user_id"] = user.into();
    }
    Ok(Answer::new(json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]})))
}

/// The template that a message is to be made of.
struct Wanted<'a> {
    name: &'a str,
    language: String,
}

impl<'a> Wanted<'a> {
    fn read(template: &'a Params) -> Result<Self, Refusal> {
        let language = template.object("language")?;
        let missing = || Refusal::invalid("The parameter template.language is required");
        let language = language.ok_or_else(missing)?.required("code")?.to_owned();
        Ok(Self { name: template.required("name")?, language })
    }

    fn check(&self, templates: &[Template]) -> Result<(), Refusal> {
        let Self { name, language } = self;
        let known = templates.iter().find(|known| known.name == *name && known.language == *language);
        let text = || format!("template name ({name}) does not exist in {language}");
        match known.map(|known| &*known.status) {
            Some("APPROVED") => Ok(()),
            Some("PAUSED") => Err(Refusal::new(Reason::TemplatePaused, "The template is paused for its quality")),
            Some("DISABLED") => Err(Refusal::new(Reason::TemplateDisabled, "The template is disabled for its quality")),
            _ => Err(Refusal::new(Reason::TemplateMissing, text())),
        }
    }
}

/// Tells the subscribed apps what became of a message.
pub(crate) fn status_webhook(state: &mut State, at: Time, event: &Event) {
    let Event::MessageStatus { number: id, message, recipient, user, status, error, tag } = event else {
        return;
    };
    let Some(number) = state.numbers.get(id) else {
        return;
    };
    let mut update = json!({
        "id": message,
        "status": status,
        "timestamp": at.as_secs().to_string(),
    });
    if let Some(recipient) = recipient {
        update["recipient_id"] = recipient.clone().into();
    }
    // Absent on a failure to a phone number.
    if let Some(user) = user.as_ref().filter(|_| error.is_none() || recipient.is_none()) {
        update["recipient_user_id"] = user.clone().into();
    }
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
