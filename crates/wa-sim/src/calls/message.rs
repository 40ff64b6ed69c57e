//! Messages to people.

mod content;
mod interactive;
mod members;
mod status;
mod template;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    ChatMessage, ErrorStyle, Event, Number, UserIds,
    calls::{Answer, Call},
    error_style::{Reason, Refusal},
    person::user_id,
    rules::{DAY, TYPING},
};

use template::Wanted;

pub(crate) use status::{FAILURES, tell as status_webhook};

/// Marks a message as read, and those before it.
pub(crate) fn mark_read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.messaging_product()?;
    if params.text("status")? != Some("read") {
        return send(call);
    }
    params.only(&["messaging_product", "status", "message_id", "typing_indicator"])?;
    let id = params.required("message_id")?;
    let typing = params.object("typing_indicator")?;
    if let Some(typing) = &typing {
        typing.required("type")?;
        typing.word("type", &["text"])?;
    }
    let now = call.state.now;
    let number = call.number()?;
    if !number.is_registered() {
        return Err(Refusal::new(Reason::SendUnregistered, "The number is not registered"));
    }
    // That an id which nobody knows is no error is assumed.
    let Some((person, at)) = number.message(id).map(|message| (message.person.clone(), message.at)) else {
        return Ok(Answer::success());
    };
    for message in number.messages.iter_mut().filter(|one| one.is_inbound && one.person == person && one.at <= at) {
        message.reach("read", None);
    }
    if typing.is_some() {
        number.typing.insert(person, now + TYPING);
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
    let context = params.object("context")?;
    let reply_to = context.as_ref().map(|context| context.required("message_id").map(str::to_owned)).transpose()?;
    let inner = match kind {
        "contacts" => params.list(kind)?.map(|_| None),
        _ => params.object(kind)?.map(Some),
    };
    let inner = inner.ok_or_else(|| Refusal::invalid(format!("The parameter {kind} is required")))?;
    // In a form an object stands as text.
    let content = match (&inner, params.list(kind)) {
        (Some(members), _) => Value::Object(members.values.clone()),
        (None, items) => items?.into(),
    };
    let wanted = match &inner {
        Some(template) if kind == "template" => Some(Wanted::read(template, &content)?),
        _ => None,
    };
    match kind {
        "text" => {
            let text = inner.as_ref().unwrap_or(params);
            text.only(&["body", "preview_url"])?;
            text.required("body")?;
            text.sized("body", 1, 4_096)?;
            text.flag("preview_url")?;
        }
        "interactive" => interactive::check(&content)?,
        _ => content::check(kind, &content)?,
    }
    // Meta's page on replies: reactions have no context.
    if kind == "reaction" && reply_to.is_some() {
        return Err(Refusal::invalid("A reaction names its message itself and has no context"));
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
    let template = wanted.map(|wanted| wanted.find(&account.templates).map(|template| template.category.clone()));
    let user_ids = call.state.rules.user_ids;
    let number = call.number()?;
    let account = number.account.clone();
    let recipient = match is_user {
        true => known_person(number, &account, to),
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
    if recipient.as_ref() == Some(&number.digits) {
        return Err(Refusal::new(Reason::RecipientIsSender, "Recipient phone number cannot be the sender's"));
    }
    let category = template.transpose()?;
    // Meta's page on business-scoped user ids: one-time passwords need a phone number.
    if is_user && category.as_deref() == Some("AUTHENTICATION") {
        return Err(Refusal::new(Reason::UserIdUnsupported, "Authentication templates need a phone number"));
    }
    let last = recipient.as_ref().and_then(|digits| number.inbound.get(digits));
    let is_open = last.is_some_and(|at| now.since(*at) < DAY);
    let lacks_target = kind == "reaction"
        && number
            .message(content["message_id"].as_str().unwrap_or_default())
            .is_none_or(|message| !content::takes_reaction(&message.kind, message.at, now));
    number.typing.remove(recipient.as_deref().unwrap_or(to));
    let unusable = unusable_file(call, kind, &content)?;
    let person = recipient.as_ref().and_then(|digits| call.state.people.get(digits));
    let is_late = kind != "template" && call.state.rules.window_is_enforced && !is_open;
    let has_stopped = person.is_some_and(|person| person.has_stopped_marketing);
    let error = if person.is_some_and(|person| !person.is_on_whatsapp) {
        Some(131_026)
    } else if let Some(code) = person.and_then(|person| person.fails_with) {
        Some(code)
    } else if is_late {
        Some(131_047)
    } else if lacks_target {
        Some(131_009)
    } else if has_stopped && category.as_deref() == Some("MARKETING") {
        Some(131_050)
    } else {
        unusable
    };

    let user = match (&recipient, is_user) {
        (_, true) => Some(to.to_owned()),
        (Some(digits), false) => Some(user_id(&account, digits)),
        (None, false) => None,
    }
    .filter(|_| user_ids != UserIds::Absent);
    let partner = recipient.clone().unwrap_or_else(|| to.to_owned());
    // A phone number that the business does not know is told to nobody.
    let shown = recipient.filter(|_| !is_user || user_ids != UserIds::Only);
    let id = format!("wamid.HBgL{}", call.state.seed.letters(24));
    let tag = params.text("biz_opaque_callback_data")?;
    for (status, seconds) in status::course(call.state.rules.statuses, kind, error) {
        let event = Event::MessageStatus {
            number: node.to_owned(),
            message: id.clone(),
            recipient: shown.clone(),
            user: user.clone(),
            status: status.to_owned(),
            error,
            tag: tag.map(str::to_owned),
        };
        status::schedule(call.state, event, seconds);
    }
    let message = ChatMessage {
        id: id.clone(),
        person: partner,
        at: now,
        kind: kind.to_owned(),
        content,
        reply_to,
        status: "accepted".to_owned(),
        // Meta's page on pricing: templates are paid for, but utility ones are free in an open window.
        is_billable: category.as_ref().is_some_and(|category| category != "UTILITY" || !is_open),
        category,
        tag: tag.map(str::to_owned),
        ..ChatMessage::default()
    };
    call.number()?.keep_message(message);
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

/// The digits of the person whom this account knows by this user id.
fn known_person(number: &Number, account: &str, user: &str) -> Option<String> {
    let written = number.messages.iter().map(|message| &message.person);
    number.inbound.keys().chain(written).find(|digits| user_id(account, digits) == user).cloned()
}

/// Looks at the files that a message names by their ids: an unknown one is refused at once, and one that does not fit
/// lets the message fail later.
fn unusable_file(call: &Call<'_>, kind: &str, content: &Value) -> Result<Option<i64>, Refusal> {
    let (media, now) = (&call.state.media, call.state.now);
    let checks_content = call.state.rules.media_content_is_checked;
    let mut error = None;
    let mut open = vec![(kind, content)];
    while let Some((kind, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(id) = members.get("id").and_then(Value::as_str).filter(|_| FILES.contains(&kind)) {
                    let known = media.get(id).filter(|media| now < media.until);
                    // The code for an id that is none is assumed.
                    let gone = || Refusal::invalid(format!("The media {id} in '{kind}' does not exist or has expired"));
                    error = error.or(content::misfit(kind, value, known.ok_or_else(gone)?, checks_content));
                }
                open.extend(members.iter().map(|(name, member)| (&**name, member)));
            }
            Value::Array(items) => open.extend(items.iter().map(|item| ("", item))),
            _ => {}
        }
    }
    Ok(error)
}

const FILES: &[&str] = &["image", "audio", "video", "document", "sticker"];

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
