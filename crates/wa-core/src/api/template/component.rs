mod wire;

use wa_types::Json;

use super::{Button, Text};
use crate::BuildError;

/// A part of a template as the service writes it.
///
/// Whoever creates a template writes [`Components`](super::Components) or an [`Authentication`](super::Authentication).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Component {
    /// What stands on top.
    Header(Header),
    /// The words.
    Body {
        /// They. An authentication template is created without, and read with them.
        text: Text,
        /// Whether they end by saying that nobody must be told the code.
        add_security_recommendation: Option<bool>,
    },
    /// The line below the words.
    Footer {
        /// It. An authentication template is created without, and read with it.
        text: String,
        /// After how many minutes it says that the code expires.
        code_expiration_minutes: Option<u16>,
    },
    /// The buttons.
    Buttons(Vec<Button>),
    /// An offer that ends soon.
    LimitedTimeOffer(LimitedTimeOffer),
    /// Cards side by side.
    Carousel(Vec<Card>),
    /// Asks whether the business may call.
    CallPermissionRequest,
    /// One that is not listed here.
    Other {
        /// Its type.
        kind: String,
        /// All of it.
        json: Json,
    },
}

impl Component {
    /// The type as the service names it, such as `HEADER`.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Header(_) => "HEADER",
            Self::Body { .. } => "BODY",
            Self::Footer { .. } => "FOOTER",
            Self::Buttons(_) => "BUTTONS",
            Self::LimitedTimeOffer(_) => "LIMITED_TIME_OFFER",
            Self::Carousel(_) => "CAROUSEL",
            Self::CallPermissionRequest => "CALL_PERMISSION_REQUEST",
            Self::Other { kind, .. } => kind,
        }
    }
}

/// What stands on top of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Header {
    /// A line of at most 60 characters with at most one variable.
    Text(Text),
    /// An image, a video, a document or an animation, chosen when the template is sent.
    Media {
        /// Which of them.
        kind: MediaKind,
        /// An example: a handle when the template is created, an address when it is read.
        example: String,
    },
    /// A place, chosen when the template is sent.
    Location,
    /// A product, chosen when the template is sent.
    Product,
}

/// The kinds of media that a template's header can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// An image.
    Image,
    /// A video.
    Video,
    /// A document.
    Document,
    /// An animation, which is an MP4 of at most 3.5 MB.
    Gif,
}

impl MediaKind {
    /// As the service writes it, such as `IMAGE`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "IMAGE",
            Self::Video => "VIDEO",
            Self::Document => "DOCUMENT",
            Self::Gif => "GIF",
        }
    }
}

impl Header {
    /// A line of at most 60 characters with at most one variable.
    #[must_use]
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Text(text.into())
    }

    /// An image, with the handle of an example that was uploaded in pieces.
    #[must_use]
    pub fn image(handle: impl Into<String>) -> Self {
        Self::Media { kind: MediaKind::Image, example: handle.into() }
    }

    /// A video, with the handle of an example that was uploaded in pieces.
    #[must_use]
    pub fn video(handle: impl Into<String>) -> Self {
        Self::Media { kind: MediaKind::Video, example: handle.into() }
    }

    /// A document, with the handle of an example that was uploaded in pieces.
    #[must_use]
    pub fn document(handle: impl Into<String>) -> Self {
        Self::Media { kind: MediaKind::Document, example: handle.into() }
    }

    /// An animation, with the handle of an example that was uploaded in pieces. Only the marketing API sends it.
    #[must_use]
    pub fn gif(handle: impl Into<String>) -> Self {
        Self::Media { kind: MediaKind::Gif, example: handle.into() }
    }

    /// A place.
    #[must_use]
    pub fn location() -> Self {
        Self::Location
    }

    /// A product.
    #[must_use]
    pub fn product() -> Self {
        Self::Product
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        match self {
            Self::Text(text) => check_line(text),
            Self::Media { kind, example } if example.is_empty() => Err(BuildError::new(format!(
                "a header with {} needs an example: upload a file in pieces and give its handle",
                kind.as_str()
            ))),
            Self::Media { .. } | Self::Location | Self::Product => Ok(()),
        }
    }
}

fn check_line(text: &Text) -> Result<(), BuildError> {
    text.check("a header", LONGEST_HEADER)?;
    if text.variables().len() > 1 {
        return Err(BuildError::new("a header has one variable at most"));
    }
    if text.as_str().contains(['\n', '\r', '*']) {
        return Err(BuildError::new("a header is one line without asterisks"));
    }
    Ok(())
}

/// An offer that ends soon.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitedTimeOffer {
    /// What is offered, in at most 16 characters.
    pub text: String,
    /// Whether the message counts the time down to the offer's end.
    pub has_expiration: Option<bool>,
}

impl LimitedTimeOffer {
    /// An offer of at most 16 characters.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), has_expiration: None }
    }

    /// Counts the time down to the offer's end, which is given when the template is sent. It needs a button that copies a
    /// code.
    #[must_use]
    pub fn expires(mut self) -> Self {
        self.has_expiration = Some(true);
        self
    }
}

/// One card of a carousel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    pub(super) components: Vec<Component>,
}

impl Card {
    /// A card with an image or a video on top, or a product.
    #[must_use]
    pub fn new(header: Header) -> Self {
        Self { components: vec![Component::Header(header)] }
    }

    /// Puts words of at most 160 characters below it.
    #[must_use]
    pub fn body(mut self, text: impl Into<Text>) -> Self {
        self.components.retain(|component| !matches!(component, Component::Body { .. }));
        let place = self.components.len().min(1);
        self.components.insert(place, Component::Body { text: text.into(), add_security_recommendation: None });
        self
    }

    /// Adds a button.
    #[must_use]
    pub fn button(mut self, button: impl Into<Button>) -> Self {
        match self.components.last_mut() {
            Some(Component::Buttons(buttons)) => buttons.push(button.into()),
            _ => self.components.push(Component::Buttons(vec![button.into()])),
        }
        self
    }

    /// What it is made of.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.components
    }
}

const LONGEST_HEADER: usize = 60;
