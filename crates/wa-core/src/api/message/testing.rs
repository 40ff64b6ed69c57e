//! What the tests of the contents share: a sample of a document is what a content is written as, and what it is read from.

use std::fmt::Debug;

use http::Request;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wa_description::{Description, Excuse, unexcused};
use wa_types::E164;

use super::{AnyContent, Content, SendMessage};
use crate::testing;

/// Compares a content with what a document has as an example of it.
#[track_caller]
pub(crate) fn sends<C>(content: &C, sample: &str)
where
    C: Content + Clone + Debug + PartialEq + DeserializeOwned + Into<AnyContent>,
{
    sends_although(&[], content, sample);
}

/// As [`sends`], where Meta's description is wrong: each complaint and why, as
/// [`Vector::differs_from_description`](crate::testing::Vector::differs_from_description) takes them.
#[track_caller]
pub(crate) fn sends_although<C>(excuses: &[(&'static str, &'static str)], content: &C, sample: &str)
where
    C: Content + Clone + Debug + PartialEq + DeserializeOwned + Into<AnyContent>,
{
    let sample: Value = serde_json::from_str(sample).unwrap();
    let kind = content.kind();
    let number = testing::number();
    let to = E164::new("+16505551234").unwrap();

    let wanted = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+16505551234",
        "type": kind, kind: sample,
    });
    let any: AnyContent = content.clone().into();
    let request = testing::config().request(&SendMessage::new(&number, to.clone(), content.clone())).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&request.body().to_bytes()).unwrap(), wanted);
    let same = testing::config().request(&SendMessage::new(&number, to, any.clone())).unwrap();
    assert_eq!(same.body().to_bytes(), request.body().to_bytes());

    assert_eq!(&serde_json::from_value::<C>(sample.clone()).unwrap(), content, "read back");
    let tagged = json!({"type": kind, kind: sample});
    assert_eq!(serde_json::from_value::<AnyContent>(tagged).unwrap(), any, "read back as any content");

    let Some(description) = Description::of_meta() else {
        return;
    };
    let (parts, body) = request.into_parts();
    let complaints = description.check_request(SEND, &Request::from_parts(parts, body.to_bytes()));
    let excuses: Vec<_> = excuses.iter().map(|(reason, complaint)| Excuse::new(complaint, reason)).collect();
    let left = unexcused(&complaints, &excuses);
    assert!(left.is_empty(), "Meta's description: {left:#?}");
}

/// What a content is refused for.
#[track_caller]
pub(crate) fn refusal(content: &impl Content) -> String {
    content.check().unwrap_err().to_string()
}

/// The operation that sends messages.
pub(crate) const SEND: &str = "POST /{Version}/{Phone-Number-ID}/messages";

/// The complaints of kinds of interactive messages that have a name.
pub(crate) const NAMED: &[(&str, &str)] = &[
    (NEWER, "body /interactive/type: "),
    (NEWER, "body /interactive/action/buttons: is missing"),
    (NEWER, "body /interactive/action/name: is not described"),
];

/// The complaints of kinds of interactive messages that have a name and parameters.
pub(crate) const WITH_PARAMETERS: &[(&str, &str)] = &[
    (NEWER, "body /interactive/type: "),
    (NEWER, "body /interactive/action/buttons: is missing"),
    (NEWER, "body /interactive/action/name: is not described"),
    (NEWER, "body /interactive/action/parameters: is not described"),
];

/// The complaints of kinds of interactive messages that have cards.
pub(crate) const WITH_CARDS: &[(&str, &str)] = &[
    (NEWER, "body /interactive/type: "),
    (NEWER, "body /interactive/action/buttons: is missing"),
    (NEWER, "body /interactive/action/cards: is not described"),
];

const NEWER: &str = "the description's list of interactive messages is shorter than that of Meta's pages";
