use http::Method;
use serde::Serialize;
use wa_types::{MediaId, PhoneNumberId, model};

use super::{DownloadMedia, LARGEST};
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Endpoint, Query, Route, Success};

/// `GET /{media}`
///
/// Reads where a file can be downloaded for the next five minutes, and what it is.
///
/// A file that was uploaded is kept for 30 days, one that a person sent for seven.
/// [`Error::is_media_gone`](crate::Error::is_media_gone) tells that there is none under this id any more.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media#get-media-url)
#[derive(Clone, Debug)]
pub struct ReadMedia<'a> {
    media: &'a MediaId,
    number: Option<&'a PhoneNumberId>,
}

impl<'a> ReadMedia<'a> {
    /// Reads about this file.
    #[must_use]
    pub fn new(media: &'a MediaId) -> Self {
        Self { media, number: None }
    }

    /// Only if it was uploaded for this number, or sent to it.
    #[must_use]
    pub fn of_number(mut self, number: &'a PhoneNumberId) -> Self {
        self.number = Some(number);
        self
    }
}

impl Endpoint for ReadMedia<'_> {
    const NAME: &'static str = "media.read";
    const METHOD: Method = Method::GET;
    type Response = MediaInfo;

    fn route(&self) -> Route<'_> {
        Route::node(self.media)
    }

    fn query(&self, query: &mut Query) {
        add_number(query, self.number);
    }
}

model! {
    /// What the service knows of a file.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct MediaInfo {
        /// The product, always `whatsapp`.
        pub messaging_product: Option<String>,
        /// The file.
        pub id: Option<MediaId>,
        /// Where it is, for five minutes. Downloading it takes the token.
        pub url: String = required,
        /// What it is, such as `image/jpeg`.
        pub mime_type: Option<String>,
        /// Its SHA-256.
        pub sha256: Option<String>,
        /// How many bytes it has.
        pub file_size: Option<u64>,
    }
}

impl MediaInfo {
    /// Downloads the file, and checks that it has the digest and no more bytes than told here.
    #[must_use]
    pub fn download(&self) -> DownloadMedia<'_> {
        let mut download = DownloadMedia::new(&self.url);
        if let Some(sha256) = &self.sha256 {
            download = download.sha256(sha256);
        }
        match self.file_size.and_then(|size| usize::try_from(size).ok()) {
            Some(size) => download.at_most(size.min(LARGEST)),
            None => download,
        }
    }
}

/// `DELETE /{media}`
///
/// Deletes a file.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media#delete-media)
#[derive(Clone, Debug)]
pub struct DeleteMedia<'a> {
    media: &'a MediaId,
    number: Option<&'a PhoneNumberId>,
}

impl<'a> DeleteMedia<'a> {
    /// Deletes this file.
    #[must_use]
    pub fn new(media: &'a MediaId) -> Self {
        Self { media, number: None }
    }

    /// Only if it was uploaded for this number, or sent to it.
    #[must_use]
    pub fn of_number(mut self, number: &'a PhoneNumberId) -> Self {
        self.number = Some(number);
        self
    }
}

impl Endpoint for DeleteMedia<'_> {
    const NAME: &'static str = "media.delete";
    const METHOD: Method = Method::DELETE;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.media)
    }

    fn query(&self, query: &mut Query) {
        add_number(query, self.number);
    }
}

fn add_number(query: &mut Query, number: Option<&PhoneNumberId>) {
    if let Some(number) = number {
        query.push("phone_number_id", number);
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let (media, number) = (&MediaId::new("2621233374848975")?, &samples::number()?);
    to.call(ReadMedia::new(media));
    to.call(ReadMedia::new(media).of_number(number));
    to.call(DeleteMedia::new(media));
    to.call(DeleteMedia::new(media).of_number(number));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const READ: &str = "GET /{Version}/{Media-ID}";
    const DELETE: &str = "DELETE /{Version}/{Media-ID}";

    fn media() -> MediaId {
        MediaId::new("2621233374848975").unwrap()
    }

    // Meta's API description v23.0, retrieveMediaUrl.
    #[test]
    fn reads_about_a_file() {
        let (media, number) = (media(), testing::number());
        Vector::at(READ, &ReadMedia::new(&media)).builds("GET /v23.0/2621233374848975", "");
        Vector::at(READ, &ReadMedia::new(&media).of_number(&number))
            .builds("GET /v23.0/2621233374848975?phone_number_id=106540352242922", "");
    }

    // Meta's API description v23.0, deleteMedia.
    #[test]
    fn deletes_a_file() {
        let (media, number) = (media(), testing::number());
        Vector::at(DELETE, &DeleteMedia::new(&media)).builds("DELETE /v23.0/2621233374848975", "");
        Vector::at(DELETE, &DeleteMedia::new(&media).of_number(&number))
            .builds("DELETE /v23.0/2621233374848975?phone_number_id=106540352242922", "");
    }

    // Seen in an answer kept by another project; in Meta's description the size is a text.
    #[test]
    fn what_is_told_of_a_file_is_read() {
        let info = testing::read::<ReadMedia<'_>>(
            r#"{"url":"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=3","mime_type":"image/png",
                "sha256":"c86c28d437534f7367e73b283155c083dddfdaf7f9b4dfae27e140f880035141","file_size":182859,
                "id":"1761991787669262","messaging_product":"whatsapp"}"#,
        );
        assert_eq!((info.file_size, info.mime_type.as_deref()), (Some(182_859), Some("image/png")));
        let limits = testing::config().limits_for(&info.download());
        assert_eq!(limits.answer, Some(182_859));
        let huge = testing::read::<ReadMedia<'_>>(r#"{"url":"https://a.example/","file_size":1000000000000}"#);
        assert_eq!(testing::config().limits_for(&huge.download()).answer, Some(100 << 20));
        let odd = testing::read::<ReadMedia<'_>>(r#"{"url":"https://a.example/","file_size":-1,"sha256":{}}"#);
        assert_eq!((odd.file_size, odd.sha256), (None, None));
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples_as::<ReadMedia<'_>>(READ, |mut example| {
            let size: u64 = example["file_size"].as_str().unwrap().parse().unwrap();
            example["file_size"] = size.into();
            example
        });
        testing::reads_examples::<DeleteMedia<'_>>(DELETE);
    }
}
