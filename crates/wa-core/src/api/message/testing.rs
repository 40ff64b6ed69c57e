//! What the tests of the contents share: a sample of a document is what a content is written as, and what it is read from.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wa_types::E164;

use super::{AnyContent, Content, SendMessage};
use crate::testing::{self, Description};

/// Compares a content with what a document has as an example of it.
#[track_caller]
pub(crate) fn sends<C>(content: &C, sample: &str)
where
    C: Content + Clone + Debug + PartialEq + DeserializeOwned + Into<AnyContent>,
{
    let faults = faults(content, sample);
    assert!(faults.is_empty(), "Meta's description refuses it: {faults:#?}");
}

/// As [`sends`], but Meta's description does not allow what Meta's pages have, and every complaint of it must contain
/// this.
#[track_caller]
pub(crate) fn sends_although<C>(complaint: &str, content: &C, sample: &str)
where
    C: Content + Clone + Debug + PartialEq + DeserializeOwned + Into<AnyContent>,
{
    let faults = faults(content, sample);
    if Description::of_meta().is_some() {
        assert!(!faults.is_empty(), "Meta's description takes it after all");
        assert!(faults.iter().all(|fault| fault.contains(complaint)), "{complaint} does not excuse {faults:#?}");
    }
}

#[track_caller]
fn faults<C>(content: &C, sample: &str) -> Vec<String>
where
    C: Content + Clone + Debug + PartialEq + DeserializeOwned + Into<AnyContent>,
{
    let sample: Value = serde_json::from_str(sample).unwrap();
    let kind = content.kind();
    let number = testing::number();
    let to = E164::new("+16505551234").unwrap();
    let message = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap();

    let wanted = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+16505551234",
        "type": kind, kind: sample,
    });
    let any: AnyContent = content.clone().into();
    let request = testing::config().request(&SendMessage::new(&number, to.clone(), content.clone())).unwrap();
    assert_eq!(message(&request.body().to_bytes()), wanted);
    let same = testing::config().request(&SendMessage::new(&number, to, any.clone())).unwrap();
    assert_eq!(message(&same.body().to_bytes()), wanted);

    assert_eq!(&serde_json::from_value::<C>(sample.clone()).unwrap(), content, "read back");
    let tagged = json!({"type": kind, kind: sample});
    assert_eq!(serde_json::from_value::<AnyContent>(tagged).unwrap(), any, "read back as any content");

    Description::of_meta().map(|description| description.faults_of(&request)).unwrap_or_default()
}

/// What a content is refused for.
#[track_caller]
pub(crate) fn refusal(content: &impl Content) -> String {
    content.check().unwrap_err().to_string()
}
