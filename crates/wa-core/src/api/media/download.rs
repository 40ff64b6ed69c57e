use std::{fmt, time::Duration};

use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE},
};
use wa_types::ApiVersion;

use super::{digest, time_for};
#[cfg(feature = "__samples")]
use crate::samples::Samples;
use crate::{BuildError, Decode, DecodeFailure, Endpoint, Error, Route};

/// `GET /{address}`, at the host that the address names
///
/// Downloads a file from the address that [`ReadMedia`](super::ReadMedia) or a webhook tells.
///
/// The address works for five minutes; [`Error::is_media_gone`] tells that it does no more. The token is sent to the
/// documented host, the configured one and those that [`Config::allow_host`](crate::Config::allow_host) names, and to no
/// other: a redirect is an error whose answer has the header `location`.
///
/// Without a digest an HTML page is taken for somebody else's error page and refused. The call may take a second longer
/// than others for each 128 KiB that the file may have. With an HTTP stack of your own, read the answer with
/// [`parse_for`](crate::parse_for): [`parse`](crate::parse) does not know the digest.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media#download-media)
#[derive(Clone)]
pub struct DownloadMedia<'a> {
    address: &'a str,
    sha256: Option<&'a str>,
    largest: usize,
}

impl<'a> DownloadMedia<'a> {
    /// Downloads the file at this address.
    #[must_use]
    pub fn new(address: &'a str) -> Self {
        Self { address, sha256: None, largest: super::LARGEST }
    }

    /// Refuses a file without this SHA-256: hexadecimal digits or base64, as the service tells it.
    #[must_use]
    pub fn sha256(mut self, digest: &'a str) -> Self {
        self.sha256 = Some(digest);
        self
    }

    /// Refuses a file of more bytes: 100 MiB unless set.
    #[must_use]
    pub fn at_most(mut self, bytes: usize) -> Self {
        self.largest = bytes;
        self
    }
}

impl Endpoint for DownloadMedia<'_> {
    const NAME: &'static str = "media.download";
    const METHOD: Method = Method::GET;
    type Response = Media;

    fn route(&self) -> Route<'_> {
        Route::address(self.address)
    }

    fn headers(&self, headers: &mut HeaderMap) -> Result<(), BuildError> {
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        Ok(())
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        match self.sha256.map(digest::read) {
            Some(None) => Err(BuildError::new(
                "this is no SHA-256 in hexadecimal digits or base64: without one the download is not checked",
            )),
            _ => Ok(()),
        }
    }

    fn timeout(&self, usual: Duration) -> Duration {
        usual.saturating_add(time_for(self.largest))
    }

    fn largest_answer(&self) -> Option<usize> {
        // What comes in place of a small file may be longer than it, and says why.
        Some(self.largest.max(LONGEST_ERROR))
    }

    fn verify(&self, headers: &HeaderMap, bytes: &[u8]) -> Result<(), DecodeFailure> {
        if bytes.len() > self.largest {
            return Err(DecodeFailure::new("is larger than the file may be"));
        }
        match self.sha256.map(|digest| digest::matches(bytes, digest)) {
            Some(Some(true)) => Ok(()),
            Some(_) => Err(DecodeFailure::new("does not have the digest of the file")),
            None if is_page(headers) => Err(DecodeFailure::new("is an HTML page: give the digest if the file is one")),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for DownloadMedia<'_> {
    /// The address holds a signature, so only its host is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.address.split('/').nth(2).unwrap_or_default();
        f.debug_struct("DownloadMedia").field("host", &host).field("largest", &self.largest).finish_non_exhaustive()
    }
}

/// A file that was downloaded.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Media {
    /// What the host says that it is, such as `image/jpeg` or `audio/ogg; codecs=opus`.
    pub media_type: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Media {
    /// Whether it has this SHA-256: hexadecimal digits or base64, as the service tells it.
    #[must_use]
    pub fn matches(&self, sha256: &str) -> bool {
        digest::matches(&self.bytes, sha256) == Some(true)
    }
}

impl Decode for Media {
    fn decode(headers: &HeaderMap, bytes: &mut Vec<u8>) -> Result<Self, DecodeFailure> {
        let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.trim().parse().ok());
        if announced.is_some_and(|length: usize| length != bytes.len()) {
            return Err(DecodeFailure::new("is not as long as it says"));
        }
        let media_type = headers.get(CONTENT_TYPE).and_then(|media_type| media_type.to_str().ok());
        Ok(Self { media_type: media_type.map(str::to_owned), bytes: std::mem::take(bytes) })
    }
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Media").field("media_type", &self.media_type).field("bytes", &self.bytes.len()).finish()
    }
}

impl Error {
    /// Whether the service has no such file any more: for [`DownloadMedia`] since the address has expired or the file is
    /// gone, for [`ReadMedia`](super::ReadMedia) and [`DeleteMedia`](super::DeleteMedia) since the file is gone.
    ///
    /// After a download, read the file by its id: that gives a new address, or tells that the file is gone.
    #[must_use]
    pub fn is_media_gone(&self) -> bool {
        let Self::Api { operation, answer, .. } = self else {
            return false;
        };
        match operation.name {
            // Meta, "Media", download media: 404 where a download fails, and then a new address is to be asked for.
            "media.download" => matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::GONE),
            // The code of an object that does not exist, or that the token may not see.
            "media.read" | "media.delete" => {
                answer.graph().is_some_and(|graph| graph.code.number() == 100 && graph.subcode == Some(33))
            }
            _ => false,
        }
    }
}

fn is_page(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    media_type.get(..PAGE.len()).is_some_and(|start| start.eq_ignore_ascii_case(PAGE))
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) {
    to.call(DownloadMedia::new("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1&ext=2&hash=3"));
}

const PAGE: &[u8] = b"text/html";
/// Larger than any error of the service.
const LONGEST_ERROR: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use http::{Response, header::AUTHORIZATION};

    use super::*;
    use crate::{Outcome, Replay, api::media::ReadMedia, parse, parse_for, testing};

    // The form of the addresses was seen in answers kept by other projects.
    const ADDRESS: &str =
        "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1761991787669262&ext=1728904986&hash=ATta-Q";
    /// FIPS 180-2, appendix B.1: the digest of "abc".
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn response(status: u16, media_type: &str, bytes: &[u8]) -> Response<Vec<u8>> {
        Response::builder().status(status).header(CONTENT_TYPE, media_type).body(bytes.to_vec()).unwrap()
    }

    fn refusal(download: &DownloadMedia<'_>, response: Response<Vec<u8>>) -> Error {
        parse_for(download, response).map(|answer| answer.value).unwrap_err()
    }

    // Meta, "Media", download media: the address itself, with the token.
    #[test]
    fn downloads_from_the_address_as_it_is() {
        let request = testing::config().request(&DownloadMedia::new(ADDRESS)).unwrap();
        assert_eq!((request.method(), request.uri().to_string()), (&Method::GET, ADDRESS.to_owned()));
        assert_eq!(request.headers()[AUTHORIZATION], format!("Bearer {}", testing::TOKEN));
        assert_eq!(request.headers()[ACCEPT], "*/*");
        assert!(request.body().is_empty());
        assert_eq!(DownloadMedia::new(ADDRESS).replay(), Replay::Always);
    }

    #[test]
    fn the_bytes_are_taken_and_not_copied() {
        let answer = response(200, "audio/ogg; codecs=opus", b"OggS");
        let place = answer.body().as_ptr();
        let answer = parse_for(&DownloadMedia::new(ADDRESS), answer).unwrap();
        assert_eq!(answer.value.media_type.as_deref(), Some("audio/ogg; codecs=opus"));
        assert_eq!((answer.value.bytes.as_ptr(), answer.bytes.len()), (place, 0));
        assert_eq!(format!("{:?}", answer.value), r#"Media { media_type: Some("audio/ogg; codecs=opus"), bytes: 4 }"#);
    }

    #[test]
    fn what_is_said_of_the_file_may_be_missing_or_odd() {
        let bare = parse::<DownloadMedia<'_>>(Response::new(b"abc".to_vec())).unwrap();
        assert_eq!((bare.media_type.as_deref(), &*bare.bytes), (None, b"abc".as_slice()));
        let odd = Response::builder().header(CONTENT_TYPE, HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!(parse::<DownloadMedia<'_>>(odd.body(b"abc".to_vec()).unwrap()).unwrap().media_type, None);
        let empty = parse::<DownloadMedia<'_>>(Response::new(Vec::new())).unwrap();
        assert!(empty.bytes.is_empty());
    }

    #[test]
    fn only_the_file_with_the_digest_is_taken() {
        let download = DownloadMedia::new(ADDRESS).sha256(ABC);
        let media = parse_for(&download, response(200, "text/html", b"abc")).unwrap().value;
        assert!(media.matches(ABC) && media.matches("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="));
        assert!(!media.matches("abc"));
        for bytes in [b"abd".as_slice(), b"ab", b""] {
            let error = refusal(&download, response(200, "image/png", bytes));
            assert!(error.to_string().contains("does not have the digest of the file"), "{error}");
            assert_eq!(error.answer().unwrap().bytes(), bytes);
            assert_eq!((error.outcome(), error.is_media_gone()), (Outcome::Unknown, false));
        }
        let unreadable = testing::config().request(&DownloadMedia::new(ADDRESS).sha256("<HASH>")).map(drop);
        assert!(unreadable.unwrap_err().to_string().contains("no SHA-256"));
    }

    #[test]
    fn a_page_is_no_file() {
        for media_type in ["text/html", "Text/HTML; charset=utf-8"] {
            let error = refusal(&DownloadMedia::new(ADDRESS), response(200, media_type, b"<html>canary"));
            assert!(error.to_string().contains("is an HTML page"), "{error}");
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }

    #[test]
    fn a_file_that_is_cut_is_refused() {
        let cut = Response::builder().header(CONTENT_LENGTH, "4").body(b"abc".to_vec()).unwrap();
        let error = refusal(&DownloadMedia::new(ADDRESS), cut);
        assert!(error.to_string().ends_with("is not as long as it says"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_there_any_more_is_recognised() {
        let download = DownloadMedia::new(ADDRESS);
        for (status, body, is_gone) in [
            (404, "", true),
            (404, "<html>", true),
            (404, r#"{"error":{"code":100}}"#, true),
            (410, "", true),
            (401, r#"{"error":{"code":190}}"#, false),
            (302, "", false),
            (500, "", false),
        ] {
            let error = refusal(&download, response(status, "text/html", body.as_bytes()));
            assert_eq!(error.is_media_gone(), is_gone, "{status} {body}");
            assert_eq!(error.advice().step.starts_with("Read the file by its id"), is_gone, "{status} {body}");
        }
        let read = |body: &'static str| parse::<ReadMedia<'_>>(Response::builder().status(400).body(body).unwrap());
        let gone = read(r#"{"error":{"message":"Unsupported get request.","code":100,"error_subcode":33}}"#);
        assert!(gone.unwrap_err().is_media_gone());
        assert!(!read(r#"{"error":{"code":100}}"#).unwrap_err().is_media_gone());
    }

    #[test]
    fn the_address_is_not_shown() {
        let download = DownloadMedia::new(ADDRESS).sha256(ABC);
        assert_eq!(format!("{download:?}"), r#"DownloadMedia { host: "lookaside.fbsbx.com", largest: 104857600, .. }"#);
        let elsewhere = testing::config().request(&DownloadMedia::new("https://evil.example/?hash=canary")).map(drop);
        assert!(!elsewhere.unwrap_err().to_string().contains("canary"));
    }

    #[test]
    fn an_error_in_place_of_a_small_file_is_read() {
        let download = DownloadMedia::new(ADDRESS_OF_A_SMALL_FILE).at_most(3);
        let limit = download.largest_answer().unwrap();
        assert!(limit > br#"{"error":{"message":"..","type":"..","code":100,"fbtrace_id":".."}}"#.len(), "{limit}");
        assert!(download.verify(&HeaderMap::new(), b"abc").is_ok());
        assert!(download.verify(&HeaderMap::new(), b"abcd").is_err());
    }

    const ADDRESS_OF_A_SMALL_FILE: &str = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1";
}
