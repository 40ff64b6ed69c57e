use std::time::Duration;

use http::Method;
use serde::Serialize;
use wa_types::{ApiVersion, MediaId, PhoneNumberId, model};

use super::{kinds, time_for};
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Body, BuildError, Endpoint, File, Route};

/// `POST /{number}/media`
///
/// Uploads a file, to be sent in messages of this number by its id.
///
/// The service keeps it for 30 days. It takes the documented media types only, each up to a size of its own: 5 MB for an
/// image, 16 MB for audio and video, 100 MB for a document, 500 KB for a sticker. Anything else is refused before it is
/// sent. The bytes are neither copied nor held twice.
///
/// The call may take a second longer than others for each 128 KiB of the file.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media#upload-media)
#[derive(Clone, Debug)]
pub struct UploadMedia<'a> {
    number: &'a PhoneNumberId,
    file: File,
    ttl_minutes: Option<u16>,
}

impl<'a> UploadMedia<'a> {
    /// Uploads this file for this number.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, file: File) -> Self {
        Self { number, file, ttl_minutes: None }
    }

    /// How long the service keeps it: 60 to 43,200 minutes. Only for numbers that store no messages.
    #[must_use]
    pub fn ttl_minutes(mut self, minutes: u16) -> Self {
        self.ttl_minutes = Some(minutes);
        self
    }
}

impl Endpoint for UploadMedia<'_> {
    const NAME: &'static str = "media.upload";
    const METHOD: Method = Method::POST;
    type Response = UploadedMedia;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("media")
    }

    fn body(&self) -> Result<Body, BuildError> {
        let mut fields = vec![("messaging_product", "whatsapp"), ("type", &self.file.media_type)];
        let ttl_minutes = self.ttl_minutes.map(|minutes| minutes.to_string());
        fields.extend(ttl_minutes.as_deref().map(|minutes| ("ttl_minutes", minutes)));
        Body::multipart(&fields, "file", &self.file)
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        if self.ttl_minutes.is_some_and(|minutes| !(60..=43_200).contains(&minutes)) {
            return Err(BuildError::new("a file is kept for 60 to 43,200 minutes"));
        }
        kinds::check(&self.file)
    }

    fn timeout(&self, usual: Duration) -> Duration {
        usual.saturating_add(time_for(self.file.bytes.as_ref().len()))
    }
}

model! {
    /// A file that was uploaded.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct UploadedMedia {
        /// What messages name it by.
        pub id: MediaId = required,
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    to.call(UploadMedia::new(number, File::from_name("a.txt", samples::WORD.as_bytes())?));
    to.call(UploadMedia::new(number, File::from_name("a.png", vec![0xFF; 3])?).ttl_minutes(60));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        FileBytes,
        testing::{self, Vector},
    };

    const OPERATION: &str = "POST /{Version}/{Phone-Number-ID}/media";

    // Meta, "Media", upload media: the parts `messaging_product`, `type` and `file`. Of `ttl_minutes` the reference of
    // the endpoint tells.
    #[test]
    fn uploads_a_file_as_a_form() {
        let number = testing::number();
        let upload = UploadMedia::new(&number, File::new("notes.txt", "text/plain", b"words".as_slice()));
        Vector::at(OPERATION, &upload.ttl_minutes(90))
            .header("content-type", "multipart/form-data; boundary=wa-cloud-boundary")
            .differs_from_description("the page requires it", "body /type: is not described")
            .differs_from_description("the reference has it", "body /ttl_minutes: is not described")
            .builds(
                "POST /v23.0/106540352242922/media",
                concat!(
                    "--wa-cloud-boundary\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n",
                    "--wa-cloud-boundary\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\ntext/plain\r\n",
                    "--wa-cloud-boundary\r\nContent-Disposition: form-data; name=\"ttl_minutes\"\r\n\r\n90\r\n",
                    "--wa-cloud-boundary\r\n",
                    "Content-Disposition: form-data; name=\"file\"; filename=\"notes.txt\"\r\n",
                    "Content-Type: text/plain\r\n\r\nwords\r\n--wa-cloud-boundary--\r\n",
                ),
            );
    }

    #[test]
    fn the_bytes_are_not_copied() {
        let bytes = FileBytes::from(vec![7; 100_000]);
        let place = bytes.as_ref().as_ptr();
        let number = testing::number();
        let upload = UploadMedia::new(&number, File::new("a.pdf", "application/pdf", bytes));
        let request = testing::config().request(&upload).unwrap();
        assert!(request.body().chunks().any(|chunk| chunk.as_ptr() == place));
    }

    #[test]
    fn limits_are_checked() {
        let number = testing::number();
        let upload = |media_type, length| UploadMedia::new(&number, File::new("f", media_type, vec![0; length]));
        Vector::at(OPERATION, &upload("text/csv", 1)).refuses("text/plain");
        Vector::at(OPERATION, &upload("image/png", (5 << 20) + 1)).refuses("at most 5242880 bytes");
        Vector::at(OPERATION, &upload("image/png", 1).ttl_minutes(59)).refuses("60 to 43,200");
        Vector::at(OPERATION, &upload("image/png", 1).ttl_minutes(43_201)).refuses("60 to 43,200");
        Vector::at(OPERATION, &upload("image/png\r\nx: y", 1)).refuses("takes no files");
        Vector::at(OPERATION, &upload("image/png; \r\nx: y", 1)).refuses("media type");
    }

    #[test]
    fn a_large_file_is_given_more_time() {
        let number = testing::number();
        let timeout = |length| {
            let upload = UploadMedia::new(&number, File::new("f", "application/pdf", vec![0; length]));
            testing::config().timeout(Duration::from_secs(7)).limits_for(&upload).timeout.as_secs()
        };
        assert_eq!([timeout(1), timeout(1 << 20), timeout(100 << 20)], [7, 15, 807]);
        let upload = UploadMedia::new(&number, File::new("f", "application/pdf", vec![0; 1 << 20]));
        let endless = testing::config().timeout(Duration::MAX).limits_for(&upload);
        assert_eq!(endless.timeout, Duration::MAX);
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples::<UploadMedia<'_>>(OPERATION);
    }
}
