//! What all vectors have to show: nothing is lost, and no member costs another.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};
use wa_types::lenient::lost;

use super::{
    Change,
    delivery::read_delivery,
    vectors::{self, Vector},
};

fn delivery(field: &str, value: &str) -> String {
    format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"102290129340398","time":1739321024,"changes":[{{"value":{value},"field":"{field}"}}]}}]}}"#
    )
}

fn name(change: &Change) -> String {
    let shown = format!("{change:?}");
    shown.split('(').next().unwrap().to_owned()
}

fn is_raw(change: &Change) -> bool {
    matches!(change, Change::Other | Change::Unreadable)
}

fn written(change: &Change) -> Value {
    fn write(value: &impl Serialize) -> Value {
        serde_json::to_value(value).unwrap()
    }
    match change {
        Change::Message(value) | Change::StandbyMessage(value) => write(value),
        Change::Status(value) | Change::StandbyStatus(value) => write(value),
        Change::UserAction(value) => write(value),
        Change::ConversationContext(value) => write(value),
        Change::Failure(value) => write(value),
        Change::Echo(value) => write(value),
        Change::History(value) => write(value),
        Change::HistoryMessage(value) => write(value),
        Change::StateSync(value) => write(value),
        Change::Call(value) => write(value),
        Change::CallStatus(value) => write(value),
        Change::Group(value) => write(value),
        Change::UserPreference(value) => write(value),
        Change::UserIdUpdate(value) => write(value),
        Change::AutomaticEvent(value) => write(value),
        Change::TrackingEvent(value) => write(value),
        Change::Handover(value) => write(value),
        Change::StandbyEcho(value) => write(value),
        Change::TemplateStatus(value) => write(value),
        Change::TemplateQuality(value) => write(value),
        Change::TemplateComponents(value) => write(value),
        Change::TemplateCategory(value) => write(value),
        Change::TemplateCategoryDetection(value) => write(value),
        Change::NameUpdate(value) => write(value),
        Change::QualityUpdate(value) => write(value),
        Change::Username(value) => write(value),
        Change::Security(value) => write(value),
        Change::AccountUpdate(value) => write(value),
        Change::AccountReview(value) => write(value),
        Change::AccountAlert(value) => write(value),
        Change::Settings(value) => write(value),
        Change::BusinessCapability(value) => write(value),
        Change::Solution(value) => write(value),
        Change::PaymentConfiguration(value) => write(value),
        Change::Flow(value) => write(value),
        Change::Other | Change::Unreadable => Value::Null,
    }
}

#[test]
fn every_vector_is_read_without_losing_a_member() {
    for Vector { field, events: wanted, value } in vectors::all() {
        let body = delivery(field, &value);
        let events = read_delivery(&body).unwrap();
        assert_eq!(events.iter().map(|event| name(&event.change)).collect::<Vec<_>>(), wanted, "{body}");
        for event in &events {
            let raw: Value = serde_json::from_str(&event.raw).unwrap();
            if !is_raw(&event.change) {
                assert_eq!(lost(&written(&event.change), &raw), [""; 0], "{field} {raw}");
            }
        }
    }
}

#[test]
fn messages_know_their_number_and_contact() {
    for Vector { field, value, .. } in vectors::all() {
        let read: Value = serde_json::from_str(&value).unwrap();
        let number = [&read["metadata"], &read["recipient"], &read["phone_number_settings"]]
            .iter()
            .find_map(|holder| holder["phone_number_id"].as_str());
        let body = delivery(field, &value);
        for event in read_delivery(&body).unwrap() {
            assert_eq!(event.number.as_ref().map(|number| number.as_str()), number, "{value}");
            let is_of_somebody = matches!(event.change, Change::Message(_) | Change::Status(_) | Change::Call(_));
            if let Some(contact) = read["contacts"].get(0).filter(|_| is_of_somebody) {
                assert_eq!(lost(&event.contact, contact), [""; 0], "{value}");
            }
        }
    }
}

/// The places of all members and items of a value.
fn places(value: &Value) -> Vec<String> {
    let below = |name: String, inner: &Value| {
        let inner = places(inner).into_iter().map(|place| format!("/{name}{place}")).collect::<Vec<_>>();
        [vec![format!("/{name}")], inner].concat()
    };
    match value {
        Value::Object(members) => members.iter().flat_map(|(name, inner)| below(name.clone(), inner)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(place, inner)| below(place.to_string(), inner)).collect()
        }
        _ => Vec::new(),
    }
}

fn remove(value: &mut Value, place: &str) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.remove(name)),
        Value::Array(items) => drop(items.remove(name.parse().unwrap())),
        _ => unreachable!(),
    }
}

/// Whether what a member stands in is lost with it: the code of an error, the id of a number or of a message within a chat,
/// and the `type` by which the content is found. Where it is the event itself that is lost, it is told raw.
fn is_required(whole: &Value, place: &str) -> bool {
    let (holder, name) = place.rsplit_once('/').unwrap();
    let holder_name = |steps: usize| holder.rsplit('/').nth(steps);
    match name {
        "code" => holder_name(1) == Some("errors"),
        "phone_number_id" => holder_name(0) == Some("recipient"),
        "id" => holder_name(1) == Some("messages") && holder.starts_with("/history/0/threads"),
        "type" => {
            let holder = whole.pointer(holder).unwrap();
            holder["type"].as_str().is_some_and(|kind| holder.get(kind).is_some())
        }
        _ => false,
    }
}

#[test]
fn no_member_costs_another() {
    let odd = [
        None,
        Some(json!(null)),
        Some(json!({"odd": {"a": [1]}})),
        Some(json!([[], {"odd": 1}])),
        Some(json!(-1.5)),
        Some(json!(true)),
        Some(json!("words")),
    ];
    let mut tried = 0;
    for Vector { field, events: wanted, value } in vectors::all() {
        let whole: Value = serde_json::from_str(&value).unwrap();
        for place in places(&whole) {
            for odd in &odd {
                let mut changed = whole.clone();
                match odd {
                    None => remove(&mut changed, &place),
                    Some(odd) => *changed.pointer_mut(&place).unwrap() = odd.clone(),
                }
                let body = delivery(field, &changed.to_string());
                let events = read_delivery(&body).unwrap();
                tried += 1;
                for event in &events {
                    if is_raw(&event.change) {
                        continue;
                    }
                    let raw: Value = serde_json::from_str(&event.raw).unwrap();
                    for lost in lost(&written(&event.change), &raw) {
                        let lost = lost.split(':').next().unwrap();
                        assert!(
                            lost.contains("/odd") || explains(&whole, &place, lost),
                            "{place} of {field}: {lost} was lost of {raw}"
                        );
                    }
                }
                let raw_events = events.iter().filter(|event| is_raw(&event.change)).count();
                let raw_wanted = wanted.iter().filter(|name| **name == "Other").count();
                assert!(raw_events <= raw_wanted + 2, "{place} of {field}: {body}");
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
}

/// Whether a change at this place of a value may cost what stood at that place of an item: it is the same place, or one in it,
/// or the list that the changed item stands in, or what is lost with a required member.
fn explains(whole: &Value, place: &str, lost: &str) -> bool {
    let begins =
        |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let list = |item: &str| {
        let (list, place) = item.rsplit_once('/')?;
        place.parse::<usize>().ok().map(|_| list.to_owned())
    };
    // The item's own place is somewhere on the way to the change.
    let mut changes = place.match_indices('/').map(|(start, _)| &place[start..]);
    changes.any(|changed| {
        let holder = changed.rsplit_once('/').map_or("", |(holder, _)| holder);
        let is_lost_with_it =
            is_required(whole, place) && (begins(lost, holder) || list(holder).as_deref() == Some(lost));
        begins(lost, changed) || list(changed).as_deref() == Some(lost) || is_lost_with_it
    })
}

#[test]
fn keys_are_short_plain_and_the_same_at_every_delivery() {
    let mut keys = BTreeSet::new();
    let mut told = 0;
    for Vector { field, value, .. } in vectors::all() {
        let body = delivery(field, &value);
        let (first, second) = (read_delivery(&body).unwrap(), read_delivery(&body).unwrap());
        for (event, again) in first.iter().zip(&second) {
            let key = event.key();
            assert_eq!(key, again.key());
            assert_eq!(key, event.clone().into_owned().key());
            assert!(key.as_str().len() <= 200 && key.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{key}");
            keys.insert(key);
            told += 1;
        }
    }
    assert_eq!(keys.len(), told);
}
