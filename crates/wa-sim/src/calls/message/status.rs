//! What becomes of messages, and how the apps are told.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Event, State, StatusOrder, Time, UserIds, webhook};

/// When a message reaches which status, in seconds after it was sent.
pub(super) fn course(order: StatusOrder, kind: &str, error: Option<i64>) -> Vec<(&'static str, u64)> {
    match order {
        StatusOrder::Control => Vec::new(),
        _ if error.is_some() => vec![("failed", 2)],
        // Meta's page on reactions: `sent` only.
        _ if kind == "reaction" => vec![("sent", 1)],
        StatusOrder::InOrder => vec![("sent", 1), ("delivered", 3), ("read", 60)],
        StatusOrder::OutOfOrder => vec![("delivered", 1), ("read", 2), ("sent", 60)],
    }
}

/// Lets a message reach a status later.
pub(crate) fn schedule(state: &mut State, event: Event, seconds: u64) {
    let at = state.now + Duration::from_secs(seconds);
    state.schedule(at, event);
}

/// Tells the subscribed apps what became of a message.
pub(crate) fn tell(state: &mut State, at: Time, event: &Event) {
    let Event::MessageStatus { number: id, message, recipient, user, status, error, tag } = event else {
        return;
    };
    let user_ids = state.rules.user_ids;
    let Some(number) = state.numbers.get_mut(id) else {
        return;
    };
    let (category, is_billable) = number.message_mut(message).map_or((None, false), |known| {
        known.reach(status, *error);
        (known.category.clone(), known.is_billable)
    });
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
        let (_, title, details) = FAILURES.iter().find(|(known, ..)| known == code).unwrap_or(&FAILURES[0]);
        update["errors"] = json!([{
            "code": code,
            "title": title,
            "message": title,
            "error_data": {"details": details},
            "href": "/documentation/business-messaging/whatsapp/support/error-codes",
        }]);
    }
    if status == "sent" || status == "delivered" {
        let category = category.map_or_else(|| "service".to_owned(), |category| category.to_ascii_lowercase());
        let kind = if is_billable { "regular" } else { "free_customer_service" };
        update["pricing"] =
            json!({"billable": is_billable, "pricing_model": "PMP", "type": kind, "category": category});
    }
    let mut value: Value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number.digits, "phone_number_id": id},
        "statuses": [update],
    });
    // Meta's page on business-scoped user ids: beside sent, delivered and read; seen beside failed, too.
    if let Some(user) = user.as_ref().filter(|_| user_ids != UserIds::Absent) {
        let mut contact = json!({"user_id": user});
        if let Some(recipient) = recipient {
            contact["wa_id"] = recipient.clone().into();
        }
        value["contacts"] = json!([contact]);
    }
    webhook::queue(state, &id.clone(), "messages", value);
}

/// The codes by which messages fail later, with their titles from Meta's error page. The first is for all others.
pub(crate) const FAILURES: &[(i64, &str, &str)] = &[
    (131_000, "Something went wrong", "Message failed to send due to an unknown error."),
    (
        130_472,
        "User's number is part of an experiment",
        "Failed to send message because this user's phone number is part of an experiment",
    ),
    (131_009, "Parameter value is not valid", "The message that the reaction points to cannot take one."),
    (131_026, "Message undeliverable", "Message Undeliverable."),
    (
        131_047,
        "Re-engagement message",
        "More than 24 hours have passed since the customer last replied to this number.",
    ),
    (
        131_049,
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    (131_050, "User has stopped marketing messages", "The recipient has chosen to stop receiving marketing messages."),
    (131_052, "Media download error", "The media could not be downloaded."),
    (131_053, "Media upload error", "The media does not fit the type of the message, or is none of its own type."),
    (132_015, "Template is Paused", "The template is paused for its quality."),
];
