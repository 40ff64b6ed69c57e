//! Which types the fields are read as.

use serde::de::DeserializeOwned;
use wa_types::{
    ScopedUserId, WhatsAppId,
    webhook::{CallDirection, Contact},
};

use super::Change;
use crate::json;

/// Reads one item.
pub(super) type Reader = fn(&str) -> Change;

/// What a member of a value is, by its name.
pub(super) type Members = fn(&str) -> Option<Member>;

/// What stands in a value beside the number and the contacts.
#[derive(Clone, Copy)]
pub(super) enum Member {
    /// A list, each item of which is an event.
    List(Reader),
    /// An object that is an event.
    One(Reader),
    /// An object that holds lists itself.
    Nested,
}

/// How a field is read.
pub(super) enum Shape {
    /// Its value is one event.
    Whole(Reader),
    /// Its value holds members that are events.
    Members(Members),
}

/// How a field is read, if it is typed.
pub(super) fn shape(field: &str) -> Option<Shape> {
    use Shape::{Members, Whole};
    Some(match field {
        "messages" => Members(messages),
        "smb_message_echoes" | "message_echoes" => Members(echoes),
        "history" => Members(history),
        "smb_app_state_sync" => Members(state_sync),
        "calls" => Members(calls),
        "group_lifecycle_update"
        | "group_participants_update"
        | "group_participant_update"
        | "group_settings_update"
        | "group_status_update" => Members(groups),
        "user_preferences" => Members(user_preferences),
        "user_id_update" => Members(user_id_updates),
        "automatic_events" => Members(automatic_events),
        "tracking_events" => Members(tracking_events),
        "standby" => Members(standby),
        "messaging_handovers" => Whole(|json| boxed(json, Change::Handover)),
        "message_template_status_update" => Whole(|json| boxed(json, Change::TemplateStatus)),
        "message_template_quality_update" => Whole(|json| boxed(json, Change::TemplateQuality)),
        "message_template_components_update" => Whole(|json| boxed(json, Change::TemplateComponents)),
        "template_category_update" => Whole(|json| boxed(json, Change::TemplateCategory)),
        "template_correct_category_detection" => Whole(|json| boxed(json, Change::TemplateCategoryDetection)),
        "phone_number_name_update" => Whole(|json| read(json, Change::NameUpdate)),
        "phone_number_quality_update" => Whole(|json| read(json, Change::QualityUpdate)),
        "business_username_updates" | "business_username_update" => Whole(|json| read(json, Change::Username)),
        "security" => Whole(|json| read(json, Change::Security)),
        "account_update" => Whole(|json| boxed(json, Change::AccountUpdate)),
        "account_review_update" => Whole(|json| read(json, Change::AccountReview)),
        "account_alerts" => Whole(|json| boxed(json, Change::AccountAlert)),
        "account_settings_update" => Whole(|json| boxed(json, Change::Settings)),
        "business_capability_update" => Whole(|json| read(json, Change::BusinessCapability)),
        "partner_solutions" => Whole(|json| read(json, Change::Solution)),
        "payment_configuration_update" => Whole(|json| boxed(json, Change::PaymentConfiguration)),
        "flows" => Whole(|json| boxed(json, Change::Flow)),
        _ => return None,
    })
}

/// The person whom an event concerns, among the contacts of its delivery.
pub(super) fn contact<'c>(change: &Change, contacts: &'c [Contact]) -> Option<&'c Contact> {
    let (user_id, wa_id): (&Option<ScopedUserId>, &Option<WhatsAppId>) = match change {
        Change::Message(message) | Change::StandbyMessage(message) => (&message.from_user_id, &message.from),
        Change::Status(status) | Change::StandbyStatus(status) => {
            let participant = (&status.recipient_participant_user_id, &status.recipient_participant_id);
            let recipient = (&status.recipient_user_id, &status.recipient_id);
            match (participant, recipient) {
                ((None, None), (None, None)) => (&None, &status.from),
                ((None, None), recipient) => recipient,
                (participant, _) => participant,
            }
        }
        Change::Echo(echo) => (&echo.to_user_id, &echo.to),
        Change::HistoryMessage(message) => {
            let writer = Contact::find(contacts, message.from_user_id.as_ref(), message.from.as_ref());
            if writer.is_some() {
                return writer;
            }
            (&message.to_user_id, &message.to)
        }
        Change::Call(call) => match call.direction {
            Some(CallDirection::BusinessInitiated) => (&call.to_user_id, &call.to),
            _ => (&call.from_user_id, &call.from),
        },
        Change::CallStatus(status) => (&status.recipient_user_id, &status.recipient_id),
        Change::Group(group) => (&group.user_id, &group.wa_id),
        Change::UserPreference(preference) => (&preference.user_id, &preference.wa_id),
        Change::UserIdUpdate(update) => (&None, &update.wa_id),
        _ => return None,
    };
    Contact::find(contacts, user_id.as_ref(), wa_id.as_ref())
}

fn messages(member: &str) -> Option<Member> {
    Some(match member {
        "messages" => Member::List(|json| boxed(json, Change::Message)),
        "statuses" => Member::List(|json| boxed(json, Change::Status)),
        "user_actions" => Member::List(|json| boxed(json, Change::UserAction)),
        "errors" => FAILURES,
        "conversation_context" => Member::One(|json| boxed(json, Change::ConversationContext)),
        _ => return None,
    })
}

fn echoes(member: &str) -> Option<Member> {
    Some(match member {
        "message_echoes" => Member::List(|json| boxed(json, Change::Echo)),
        "errors" => FAILURES,
        _ => return None,
    })
}

fn history(member: &str) -> Option<Member> {
    Some(match member {
        "history" => Member::List(|json| boxed(json, Change::History)),
        "messages" | "message_echoes" => Member::List(|json| boxed(json, Change::HistoryMessage)),
        "errors" => FAILURES,
        _ => return None,
    })
}

fn state_sync(member: &str) -> Option<Member> {
    Some(match member {
        "state_sync" => Member::List(|json| boxed(json, Change::StateSync)),
        "errors" => FAILURES,
        _ => return None,
    })
}

fn calls(member: &str) -> Option<Member> {
    Some(match member {
        "calls" => Member::List(|json| boxed(json, Change::Call)),
        "statuses" => Member::List(|json| boxed(json, Change::CallStatus)),
        "errors" => FAILURES,
        _ => return None,
    })
}

fn groups(member: &str) -> Option<Member> {
    Some(match member {
        "groups" => Member::List(|json| boxed(json, Change::Group)),
        "errors" => FAILURES,
        _ => return None,
    })
}

fn user_preferences(member: &str) -> Option<Member> {
    (member == "user_preferences").then_some(Member::List(|json| boxed(json, Change::UserPreference)))
}

fn user_id_updates(member: &str) -> Option<Member> {
    (member == "user_id_update").then_some(Member::List(|json| boxed(json, Change::UserIdUpdate)))
}

fn automatic_events(member: &str) -> Option<Member> {
    (member == "automatic_events").then_some(Member::List(|json| boxed(json, Change::AutomaticEvent)))
}

fn tracking_events(member: &str) -> Option<Member> {
    (member == "events").then_some(Member::List(|json| boxed(json, Change::TrackingEvent)))
}

fn standby(member: &str) -> Option<Member> {
    Some(match member {
        "standby" => Member::Nested,
        "messages" => Member::List(|json| boxed(json, Change::StandbyMessage)),
        "statuses" => Member::List(|json| boxed(json, Change::StandbyStatus)),
        "message_echoes" => Member::List(|json| boxed(json, Change::StandbyEcho)),
        "errors" => FAILURES,
        _ => return None,
    })
}

fn read<T: DeserializeOwned>(raw: &str, change: fn(T) -> Change) -> Change {
    json::from_str(raw).map_or(Change::Unreadable, change)
}

fn boxed<T: DeserializeOwned>(raw: &str, change: fn(Box<T>) -> Change) -> Change {
    json::from_str(raw).map_or(Change::Unreadable, |value| change(Box::new(value)))
}

const FAILURES: Member = Member::List(|json| boxed(json, Change::Failure));
