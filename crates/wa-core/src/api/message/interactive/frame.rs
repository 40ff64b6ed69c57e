use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error},
};

use crate::{
    BuildError,
    api::message::{
        Content, Document, Image, Video,
        limit::{length, optional_length},
        words::Words,
    },
};

/// What can be done with an interactive message.
pub(super) trait Action {
    /// The `type` of a message with this action.
    const TYPE: &'static str;
}

/// What all interactive messages have: parts around an action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "A: Action + Serialize", deserialize = "A: Action + DeserializeOwned"))]
pub(super) struct Frame<A: Action> {
    #[serde(default)]
    r#type: Type<A>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    header: Option<Header>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Paragraph>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    footer: Option<Paragraph>,
    pub(super) action: A,
}

impl<A: Action> Frame<A> {
    pub(super) fn new(action: A) -> Self {
        Self { r#type: Type::default(), header: None, body: None, footer: None, action }
    }

    pub(super) fn header(mut self, header: impl Into<Header>) -> Self {
        self.header = Some(header.into());
        self
    }

    pub(super) fn body(mut self, text: impl Into<String>) -> Self {
        self.body = Some(Paragraph::new(text));
        self
    }

    pub(super) fn footer(mut self, text: impl Into<String>) -> Self {
        self.footer = Some(Paragraph::new(text));
        self
    }

    /// Checks the parts that every message of this kind may have, and that no other has.
    pub(super) fn check(&self, rules: &Rules) -> Result<(), BuildError> {
        match (&self.header, &rules.header) {
            (Some(_), HeaderRule::None) => return Err(BuildError::new("this kind of message has no header")),
            (Some(header), HeaderRule::Text | HeaderRule::TextRequired) if !matches!(header.0, Part::Text { .. }) => {
                return Err(BuildError::new("the header of this kind of message is a text"));
            }
            (None, HeaderRule::TextRequired) => {
                return Err(BuildError::new("this kind of message needs a header with a text"));
            }
            (Some(header), _) => header.check()?,
            (None, _) => {}
        }
        match &self.body {
            Some(body) => length("the body of a message", 1..=rules.longest_body, &body.text)?,
            None if rules.needs_body => return Err(BuildError::new("this kind of message needs a body")),
            None => {}
        }
        match &self.footer {
            Some(_) if !rules.has_footer => Err(BuildError::new("this kind of message has no footer")),
            footer => {
                let text = footer.as_ref().map(|footer| &*footer.text);
                optional_length("the footer of a message", LONGEST_LINE, text)
            }
        }
    }
}

/// Which parts a kind of message has.
pub(super) struct Rules {
    pub(super) header: HeaderRule,
    pub(super) longest_body: usize,
    pub(super) needs_body: bool,
    pub(super) has_footer: bool,
}

impl Rules {
    /// Any header, a body, and a footer.
    pub(super) const ALL: Self =
        Self { header: HeaderRule::Any, longest_body: 1_024, needs_body: true, has_footer: true };
    /// A body and nothing else.
    pub(super) const BODY: Self = Self { header: HeaderRule::None, has_footer: false, ..Self::ALL };
}

pub(super) enum HeaderRule {
    None,
    Text,
    TextRequired,
    Any,
}

/// What stands above the body of an interactive message: a text of at most 60 characters, an image, a video or a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Header(Part);

impl Header {
    pub(super) fn is_picture(&self) -> bool {
        matches!(self.0, Part::Image { .. } | Part::Video { .. })
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        let has_caption = match &self.0 {
            Part::Text { text } => return length("the header of a message", 1..=LONGEST_LINE, text),
            Part::Image { image } => image.check().map(|()| image.caption.is_some())?,
            Part::Video { video } => video.check().map(|()| video.caption.is_some())?,
            Part::Document { document } => document.check().map(|()| document.caption.is_some())?,
        };
        if has_caption {
            return Err(BuildError::new("a file in a header has no caption: write it into the body"));
        }
        Ok(())
    }
}

impl From<&str> for Header {
    fn from(text: &str) -> Self {
        Self(Part::Text { text: text.into() })
    }
}

impl From<String> for Header {
    fn from(text: String) -> Self {
        Self(Part::Text { text: text.into() })
    }
}

impl From<Image> for Header {
    fn from(image: Image) -> Self {
        Self(Part::Image { image })
    }
}

impl From<Video> for Header {
    fn from(video: Video) -> Self {
        Self(Part::Video { video })
    }
}

impl From<Document> for Header {
    fn from(document: Document) -> Self {
        Self(Part::Document { document })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part {
    Text { text: Words },
    Image { image: Image },
    Video { video: Video },
    Document { document: Document },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Paragraph {
    pub(super) text: Words,
}

impl Paragraph {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into().into() }
    }
}

/// The type of a message with this action. Where it has been read already, as the enum of all kinds does, it is missing.
#[derive(Clone, PartialEq)]
struct Type<A>(PhantomData<A>);

impl<A> Default for Type<A> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<A: Action> fmt::Debug for Type<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(A::TYPE)
    }
}

impl<A: Action> Serialize for Type<A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(A::TYPE)
    }
}

impl<'de, A: Action> Deserialize<'de> for Type<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)? == A::TYPE {
            true => Ok(Self::default()),
            false => Err(D::Error::custom(format_args!("this is another interactive message than a {}", A::TYPE))),
        }
    }
}

const LONGEST_LINE: usize = 60;
