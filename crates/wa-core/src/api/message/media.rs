use serde::{Deserialize, Serialize};
use wa_types::MediaId;

use super::{
    Content,
    limit::{link, optional_length, present},
    words::{Words, optional_texts},
};
use crate::BuildError;

/// An image: JPEG or PNG of at most 5 MB.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/image-messages)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    #[serde(flatten)]
    pub(super) source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) caption: Option<Words>,
}

impl Image {
    /// An uploaded image.
    #[must_use]
    pub fn id(id: MediaId) -> Self {
        Self { source: Source::Id(id), caption: None }
    }

    /// An image that the service fetches from this public address, and keeps for ten minutes.
    #[must_use]
    pub fn link(link: impl Into<String>) -> Self {
        Self { source: Source::Link(link.into().into()), caption: None }
    }

    optional_texts! {
        /// A text of at most 1,024 characters below it.
        caption,
    }
}

impl Content for Image {
    fn kind(&self) -> &'static str {
        "image"
    }

    fn check(&self) -> Result<(), BuildError> {
        self.source.check()?;
        check_caption(self.caption.as_ref())
    }
}

/// A sound or a voice message: AAC, AMR, MP3, MP4 or OGG (OPUS, one channel) of at most 16 MB.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/audio-messages)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audio {
    #[serde(flatten)]
    source: Source,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    voice: bool,
}

impl Audio {
    /// An uploaded sound.
    #[must_use]
    pub fn id(id: MediaId) -> Self {
        Self { source: Source::Id(id), voice: false }
    }

    /// A sound that the service fetches from this public address, and keeps for ten minutes.
    #[must_use]
    pub fn link(link: impl Into<String>) -> Self {
        Self { source: Source::Link(link.into().into()), voice: false }
    }

    /// Shows it as a voice message, which may be transcribed: OGG with the OPUS codec only.
    #[must_use]
    pub fn voice(mut self) -> Self {
        self.voice = true;
        self
    }
}

impl Content for Audio {
    fn kind(&self) -> &'static str {
        "audio"
    }

    fn check(&self) -> Result<(), BuildError> {
        self.source.check()
    }
}

/// A video: MP4 or 3GPP with H.264 and AAC, of at most 16 MB.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/video-messages)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    #[serde(flatten)]
    pub(super) source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) caption: Option<Words>,
}

impl Video {
    /// An uploaded video.
    #[must_use]
    pub fn id(id: MediaId) -> Self {
        Self { source: Source::Id(id), caption: None }
    }

    /// A video that the service fetches from this public address, and keeps for ten minutes.
    #[must_use]
    pub fn link(link: impl Into<String>) -> Self {
        Self { source: Source::Link(link.into().into()), caption: None }
    }

    optional_texts! {
        /// A text of at most 1,024 characters below it.
        caption,
    }
}

impl Content for Video {
    fn kind(&self) -> &'static str {
        "video"
    }

    fn check(&self) -> Result<(), BuildError> {
        self.source.check()?;
        check_caption(self.caption.as_ref())
    }
}

/// A document: a text, PDF, Word, Excel or PowerPoint file of at most 100 MB.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/document-messages)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    #[serde(flatten)]
    pub(super) source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) caption: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filename: Option<Words>,
}

impl Document {
    /// An uploaded document.
    #[must_use]
    pub fn id(id: MediaId) -> Self {
        Self { source: Source::Id(id), caption: None, filename: None }
    }

    /// A document that the service fetches from this public address, and keeps for ten minutes.
    #[must_use]
    pub fn link(link: impl Into<String>) -> Self {
        Self { source: Source::Link(link.into().into()), caption: None, filename: None }
    }

    optional_texts! {
        /// A text of at most 1,024 characters below it.
        caption,
        /// The name that is shown; what stands after its last dot decides which icon is.
        filename,
    }
}

impl Content for Document {
    fn kind(&self) -> &'static str {
        "document"
    }

    fn check(&self) -> Result<(), BuildError> {
        self.source.check()?;
        self.filename.as_deref().map_or(Ok(()), |name| present("the name of a document", name))?;
        check_caption(self.caption.as_ref())
    }
}

/// A sticker: WebP of at most 100 KB, or 500 KB if it is animated.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/sticker-messages)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sticker {
    #[serde(flatten)]
    source: Source,
}

impl Sticker {
    /// An uploaded sticker.
    #[must_use]
    pub fn id(id: MediaId) -> Self {
        Self { source: Source::Id(id) }
    }

    /// A sticker that the service fetches from this public address, and keeps for ten minutes.
    #[must_use]
    pub fn link(link: impl Into<String>) -> Self {
        Self { source: Source::Link(link.into().into()) }
    }
}

impl Content for Sticker {
    fn kind(&self) -> &'static str {
        "sticker"
    }

    fn check(&self) -> Result<(), BuildError> {
        self.source.check()
    }
}

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Source {
    Id(MediaId),
    Link(Words),
}

impl Source {
    pub(super) fn check(&self) -> Result<(), BuildError> {
        match self {
            Self::Id(_) => Ok(()),
            Self::Link(address) => link("the address of a file", address),
        }
    }
}

fn check_caption(caption: Option<&Words>) -> Result<(), BuildError> {
    optional_length("a caption", LONGEST_CAPTION, caption.map(|caption| &**caption))
}

const LONGEST_CAPTION: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::testing::{refusal, sends, sends_although};

    const HALF: &str = "the description has it in its examples, but not in its schema";

    fn id() -> MediaId {
        MediaId::new("1479537139650973").unwrap()
    }

    // Meta's API description v23.0, sendMessage, "Send Image Message by URL".
    #[test]
    fn an_image_is_written_as_documented() {
        sends(&Image::link("https://image-url"), r#"{"link": "https://image-url"}"#);
    }

    // Meta, "Image messages", example request.
    #[test]
    fn an_uploaded_image_has_a_caption() {
        sends_although(
            &[(HALF, "body /image/caption: is not described")],
            &Image::id(id()).caption("The best succulent ever?"),
            r#"{"id": "1479537139650973", "caption": "The best succulent ever?"}"#,
        );
    }

    // Meta's API description v23.0, sendMessage, "Send Audio Message by ID"; Meta, "Audio messages", `voice`.
    #[test]
    fn a_sound_is_written_as_documented() {
        sends(&Audio::id(id()), r#"{"id": "1479537139650973"}"#);
        sends_although(
            &[("Meta's page has it", "body /audio/voice: is not described")],
            &Audio::link("https://a.example/1.ogg").voice(),
            r#"{"link": "https://a.example/1.ogg", "voice": true}"#,
        );
    }

    // Meta's API description v23.0, sendMessage, "Send Video Message by ID".
    #[test]
    fn a_video_is_written_as_documented() {
        sends_although(
            &[(HALF, "body /video/caption: is not described")],
            &Video::id(id()).caption("A succulent eclipse!"),
            r#"{"caption": "A succulent eclipse!", "id": "1479537139650973"}"#,
        );
    }

    // Meta's API description v23.0, sendMessage, "Send Document Message by ID"; Meta, "Document messages".
    #[test]
    fn a_document_is_written_as_documented() {
        sends_although(
            &[(HALF, "body /document/caption: is not described"), (HALF, "body /document/filename: is not described")],
            &Document::id(id()).caption("Lucky Shrub Invoice").filename("lucky-shrub-invoice.pdf"),
            r#"{"caption": "Lucky Shrub Invoice", "filename": "lucky-shrub-invoice.pdf", "id": "1479537139650973"}"#,
        );
    }

    // Meta's API description v23.0, sendMessage, "Send Sticker Message by ID".
    #[test]
    fn a_sticker_is_written_as_documented() {
        sends(&Sticker::id(id()), r#"{"id": "1479537139650973"}"#);
        sends(&Sticker::link("http://s.example/1.webp"), r#"{"link": "http://s.example/1.webp"}"#);
    }

    #[test]
    fn limits_are_checked() {
        let long = Image::id(id()).caption("x".repeat(1_025));
        assert_eq!(refusal(&long), "a caption has 1 to 1,024 characters: this one has 1,025");
        assert_eq!(refusal(&Video::link("ftp://x")), "the address of a file begins with https:// or http://");
        assert_eq!(refusal(&Document::id(id()).filename("")), "the name of a document is empty");
    }
}
