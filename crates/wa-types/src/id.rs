use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::lenient::{self, FromWire};

/// A text that cannot be the id it was given for. It never holds the text, which may be a secret in the wrong place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not {expected}")]
pub struct InvalidId {
    expected: &'static str,
}

/// Makes an id: a person's text is checked, the service's own is taken as it comes, and no two kinds mix.
macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $accepts:ident, $expected:literal) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        pub struct $name(Box<str>);

        impl $name {
            #[doc = concat!("Takes ", $expected, ".")]
            ///
            /// # Errors
            ///
            /// The text cannot be such an id.
            pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidId> {
                let text = text.as_ref();
                if $accepts(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(InvalidId { expected: $expected })
                }
            }

            /// The id as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), &self.0)
            }
        }

        impl FromWire for $name {
            fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                let text = String::from_wire(deserializer)?;
                Ok(text.filter(|text| !text.is_empty()).map(|text| Self(text.into())))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                lenient::value(deserializer, "an id")
            }
        }
    };
}

id!(
    /// A business phone number's id. It is not the phone number itself: WhatsApp Manager and `ListNumbers` show it.
    PhoneNumberId,
    is_node,
    "a phone number id: digits only, not the phone number itself"
);
id!(
    /// A WhatsApp Business Account's id.
    WabaId,
    is_node,
    "a WhatsApp Business Account id: digits only"
);
id!(
    /// A business portfolio's id.
    BusinessId,
    is_node,
    "a business portfolio id: digits only"
);
id!(
    /// An app's id.
    AppId,
    is_node,
    "an app id: digits only"
);
id!(
    /// The id of a number from a partner's pool of verified numbers.
    PreverifiedNumberId,
    is_word,
    "a pre-verified number id: letters, digits, - and _ only"
);
id!(
    /// A message's id, such as `wamid.HBgL..`.
    MessageId,
    is_visible,
    "a message id: visible ASCII characters only"
);
id!(
    /// The id of a file that the service keeps.
    MediaId,
    is_visible,
    "a media id: visible ASCII characters only"
);
id!(
    /// A group's id.
    GroupId,
    is_visible,
    "a group id: visible ASCII characters only"
);
id!(
    /// A call's id, such as `wacid.HBgL..`.
    CallId,
    is_visible,
    "a call id: visible ASCII characters only"
);
id!(
    /// A message template's id.
    TemplateId,
    is_node,
    "a template id: digits only"
);
id!(
    /// A flow's id.
    FlowId,
    is_node,
    "a flow id: digits only"
);
id!(
    /// The id of an upload in pieces, such as `upload:MTph..?sig=AR..`.
    UploadId,
    is_upload,
    "the id of an upload: visible ASCII characters that begin with upload:"
);
id!(
    /// A WhatsApp user's id for one business portfolio, such as `US.13491208655302741918`.
    ScopedUserId,
    is_visible,
    "a user id of a business: visible ASCII characters only"
);
id!(
    /// A WhatsApp user's id, as the service gives it: mostly the phone number's digits.
    WhatsAppId,
    is_visible,
    "a WhatsApp id: visible ASCII characters only"
);
id!(
    /// The id of a group of message templates.
    TemplateGroupId,
    is_node,
    "a template group id: digits only"
);

impl WabaId {
    pub(crate) fn from_wire_text(text: String) -> Self {
        Self(text.into())
    }
}

// The longest id in use has 17 digits; a 64-bit number has 20.
fn is_node(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_upload(text: &str) -> bool {
    is_visible(text) && text.strip_prefix("upload:").is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_not_a_phone_number_id() {
        let error = PhoneNumberId::new("+1 631-555-5555").unwrap_err();
        assert_eq!(error.to_string(), "this is not a phone number id: digits only, not the phone number itself");
        assert!(PhoneNumberId::new("").is_err());
        assert!(WabaId::new("1/2").is_err());
    }

    #[test]
    fn the_service_may_write_an_id_as_a_number_or_as_anything_else() {
        for (json, id) in [
            ("\"106540352242922\"", "106540352242922"),
            ("106540352242922", "106540352242922"),
            ("\"PHONE_NUMBER_ID\"", "PHONE_NUMBER_ID"),
        ] {
            assert_eq!(serde_json::from_str::<PhoneNumberId>(json).unwrap().as_str(), id);
        }
    }

    // Meta, "Business-scoped user IDs", copies of 2025: a phone number that is not known is an empty text.
    #[test]
    fn an_empty_text_is_no_id() {
        assert!(serde_json::from_str::<WhatsAppId>("\"\"").is_err());
        assert_eq!(serde_json::from_str::<lenient::Read<WhatsAppId>>("\"\"").unwrap().0, None);
    }

    #[test]
    fn ids_are_written_as_text() {
        let id = PhoneNumberId::new("106540352242922").unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"106540352242922\"");
        assert_eq!(format!("{id} {id:?}"), "106540352242922 PhoneNumberId(106540352242922)");
    }
}
