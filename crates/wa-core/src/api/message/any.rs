use serde::{Deserialize, Serialize, Serializer};

use super::{
    Audio, Contacts, Content, Document, Image, Interactive, Location, Pin, Reaction, Sticker, Template, Text, Video,
    content::Typed,
};
use crate::BuildError;

/// Makes the enum of all contents.
macro_rules! any_content {
    ($($kind:ident $member:ident),+ $(,)?) => {
        /// A content of a kind that is decided at run time, for a queue or a program that reads it.
        ///
        /// By itself it is written and read as it stands in a message:
        ///
        /// ```
        /// use wa_core::api::message::{AnyContent, Text};
        ///
        /// let content = AnyContent::from(Text::new("hello"));
        /// let json = serde_json::to_string(&content)?;
        /// assert_eq!(json, r#"{"type":"text","text":{"body":"hello"}}"#);
        /// assert_eq!(serde_json::from_str::<AnyContent>(&json)?, content);
        /// # Ok::<(), serde_json::Error>(())
        /// ```
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(from = "Tagged")]
        #[non_exhaustive]
        pub enum AnyContent {$(
            #[doc = concat!("`", stringify!($member), "`")]
            $kind($kind),
        )+}

        impl Content for AnyContent {
            fn kind(&self) -> &'static str {
                match self {
                    $(Self::$kind(content) => content.kind(),)+
                }
            }

            fn check(&self) -> Result<(), BuildError> {
                match self {
                    $(Self::$kind(content) => content.check(),)+
                }
            }

            fn payload(&self) -> impl Serialize + '_ {
                Payload(self)
            }
        }

        impl Serialize for Payload<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self.0 {
                    $(AnyContent::$kind(content) => content.serialize(serializer),)+
                }
            }
        }

        #[derive(Deserialize)]
        #[serde(tag = "type", rename_all = "snake_case")]
        enum Tagged {
            $($kind { $member: $kind },)+
        }

        impl From<Tagged> for AnyContent {
            fn from(tagged: Tagged) -> Self {
                match tagged {
                    $(Tagged::$kind { $member } => Self::$kind($member),)+
                }
            }
        }

        $(impl From<$kind> for AnyContent {
            fn from(content: $kind) -> Self {
                Self::$kind(content)
            }
        })+
    };
}

any_content! {
    Audio audio,
    Contacts contacts,
    Document document,
    Image image,
    Interactive interactive,
    Location location,
    Pin pin,
    Reaction reaction,
    Sticker sticker,
    Template template,
    Text text,
    Video video,
}

impl Serialize for AnyContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Typed(self).serialize(serializer)
    }
}

struct Payload<'a>(&'a AnyContent);
