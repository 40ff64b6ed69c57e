//! Uploads in pieces, for what lasts longer than a message: profile pictures and the examples of templates.
//!
//! [`Upload`](crate::Upload) makes these calls in order, and goes on where an upload was cut off.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use wa_types::{ApiVersion, AppId, UploadId, model};

use super::media::time_for;
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{Authorization, Body, BuildError, Endpoint, File, Query, Route};

/// `POST /{app}/uploads`
///
/// Begins an upload: the answer is the id to send the bytes to.
///
/// The service takes PDF, JPEG, PNG and MP4 files.
///
/// [Meta's page](https://developers.facebook.com/docs/graph-api/guides/upload)
#[derive(Clone, Debug)]
pub struct StartUpload<'a> {
    app: &'a AppId,
    file: &'a File,
}

impl<'a> StartUpload<'a> {
    /// Begins the upload of this file for this app.
    #[must_use]
    pub fn new(app: &'a AppId, file: &'a File) -> Self {
        Self { app, file }
    }
}

impl Endpoint for StartUpload<'_> {
    const NAME: &'static str = "upload.start";
    const METHOD: Method = Method::POST;
    type Response = StartedUpload;

    fn route(&self) -> Route<'_> {
        Route::node(self.app).edge("uploads")
    }

    fn query(&self, query: &mut Query) {
        query.push("file_name", &self.file.name);
        query.push("file_length", self.file.bytes.as_ref().len());
        query.push("file_type", &self.file.media_type);
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        let media_type = &*self.file.media_type;
        if !TYPES.contains(&media_type) {
            return Err(BuildError::new(format!(
                "such an upload takes no files of type {media_type:?}: it takes {}",
                TYPES.join(", ")
            )));
        }
        if self.file.name.is_empty() {
            return Err(BuildError::new("the file has no name"));
        }
        if self.file.bytes.as_ref().is_empty() {
            return Err(BuildError::new("the file is empty"));
        }
        Ok(())
    }
}

model! {
    /// An upload that has begun.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct StartedUpload {
        /// Where the bytes go.
        pub id: UploadId = required,
    }
}

/// `POST /{upload}`
///
/// Sends the bytes of a file from an offset on to its end.
///
/// The call may take a second longer than others for each 128 KiB of them.
///
/// [Meta's page](https://developers.facebook.com/docs/graph-api/guides/upload)
#[derive(Clone, Debug)]
pub struct AppendUpload<'a> {
    upload: &'a UploadId,
    file: &'a File,
    offset: u64,
}

impl<'a> AppendUpload<'a> {
    /// Sends what this file has behind the offset that [`ReadUpload`] told; 0 in the beginning.
    #[must_use]
    pub fn new(upload: &'a UploadId, file: &'a File, offset: u64) -> Self {
        Self { upload, file, offset }
    }

    fn skipped(&self) -> usize {
        usize::try_from(self.offset).unwrap_or(usize::MAX)
    }
}

impl Endpoint for AppendUpload<'_> {
    const NAME: &'static str = "upload.append";
    const METHOD: Method = Method::POST;
    const AUTHORIZATION: Authorization = Authorization::OAuth;
    type Response = FinishedUpload;

    fn route(&self) -> Route<'_> {
        route(self.upload)
    }

    fn query(&self, query: &mut Query) {
        add_signature(query, self.upload);
    }

    fn headers(&self, headers: &mut HeaderMap) -> Result<(), BuildError> {
        headers.insert("file_offset", HeaderValue::from(self.offset));
        Ok(())
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::bytes(&self.file.media_type, self.file.bytes.clone().skip(self.skipped()))
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        if self.skipped() > self.file.bytes.as_ref().len() {
            return Err(BuildError::new(
                "the offset lies behind the end of the file: it is not the one that was begun",
            ));
        }
        Ok(())
    }

    fn timeout(&self, usual: Duration) -> Duration {
        usual.saturating_add(time_for(self.file.bytes.as_ref().len().saturating_sub(self.skipped())))
    }
}

model! {
    /// An upload that is complete.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct FinishedUpload {
        /// What other calls name the file by.
        pub handle: String = required "h",
    }
}

/// `GET /{upload}`
///
/// Reads how much of a file has arrived.
///
/// [Meta's page](https://developers.facebook.com/docs/graph-api/guides/upload)
#[derive(Clone, Debug)]
pub struct ReadUpload<'a> {
    upload: &'a UploadId,
}

impl<'a> ReadUpload<'a> {
    /// Reads about this upload.
    #[must_use]
    pub fn new(upload: &'a UploadId) -> Self {
        Self { upload }
    }
}

impl Endpoint for ReadUpload<'_> {
    const NAME: &'static str = "upload.read";
    const METHOD: Method = Method::GET;
    const AUTHORIZATION: Authorization = Authorization::OAuth;
    type Response = UploadProgress;

    fn route(&self) -> Route<'_> {
        route(self.upload)
    }

    fn query(&self, query: &mut Query) {
        add_signature(query, self.upload);
    }
}

model! {
    /// How much of a file has arrived.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct UploadProgress {
        /// Where to go on.
        pub file_offset: u64 = required,
    }
}

/// An id is followed by a signature, as an address is by its query: seen in answers kept by other projects. The service
/// looks for it there, and refuses it as part of the path.
fn route(upload: &UploadId) -> Route<'_> {
    Route::node(upload.as_str().split('?').next().unwrap_or_default())
}

fn add_signature(query: &mut Query, upload: &UploadId) {
    let (_, signature) = upload.as_str().split_once('?').unwrap_or_default();
    for pair in signature.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        query.push(name, percent_decode_str(value).decode_utf8_lossy());
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let (app, upload) = (&AppId::new("584544743160774")?, &UploadId::new("upload:MTph==?sig=AR")?);
    let file = &File::from_name("a.png", samples::WORD.as_bytes())?;
    to.call(StartUpload::new(app, file));
    to.call(AppendUpload::new(upload, file, 0));
    to.call(AppendUpload::new(upload, file, 7));
    to.call(ReadUpload::new(upload));
    Ok(())
}

/// Meta, "Upload a file".
const TYPES: &[&str] = &["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const START: &str = "POST /{Version}/{App-ID}/uploads";
    const APPEND: &str = "POST /{Version}/{Upload-ID}";
    const READ: &str = "GET /{Version}/{Upload-ID}";
    const REASON: &str = "uploads in pieces are left out";
    const COMPLAINT: &str = "operation: is not described";
    const OAUTH: &str = "OAuth EAAJB-canary-token";

    // The form of the id was seen in answers kept by other projects.
    const ID: &str = "upload:MTphdHRhY2htZW50OmU4ZmMxMzQ2P2ZpbGVfbGVuZ3RoPTg3OTI=?sig=ARY94ih-n7MPBkcjmmk";

    fn file() -> File {
        File::new("my photo.png", "image/png", b"0123456789".as_slice())
    }

    // Meta, "Upload a file", step 1.
    #[test]
    fn begins_an_upload() {
        let (app, file) = (AppId::new("584544743160774").unwrap(), file());
        Vector::at(START, &StartUpload::new(&app, &file)).differs_from_description(REASON, COMPLAINT).builds(
            "POST /v23.0/584544743160774/uploads?file_name=my%20photo.png&file_length=10&file_type=image%2Fpng",
            "",
        );
    }

    #[test]
    fn limits_are_checked() {
        let app = AppId::new("584544743160774").unwrap();
        for (file, reason) in [
            (File::new("a.webp", "image/webp", vec![1]), "no files of type \"image/webp\": it takes application/pdf"),
            (File::new("a.png", "image/png", vec![]), "empty"),
            (File::new("", "image/png", vec![1]), "no name"),
        ] {
            Vector::at(START, &StartUpload::new(&app, &file)).refuses(reason);
        }
    }

    // Meta, "Upload a file", steps 2 and 3: the bytes with `Authorization: OAuth` and `file_offset`.
    #[test]
    fn sends_the_bytes_behind_an_offset() {
        let (upload, file) = (UploadId::new(ID).unwrap(), file());
        for (offset, header, bytes) in [(0, "0", "0123456789"), (4, "4", "456789"), (10, "10", "")] {
            let append = AppendUpload::new(&upload, &file, offset);
            Vector::at(APPEND, &append)
                .differs_from_description(REASON, COMPLAINT)
                .header("authorization", OAUTH)
                .header("file_offset", header)
                .header("content-type", "image/png")
                .builds(&format!("POST /v23.0/{ID}"), bytes);
        }
        for offset in [11, u64::MAX] {
            Vector::at(APPEND, &AppendUpload::new(&upload, &file, offset)).refuses("behind the end");
        }
    }

    // Meta, "Upload a file", resume an interrupted upload.
    #[test]
    fn asks_how_much_has_arrived() {
        let upload = UploadId::new(ID).unwrap();
        Vector::at(READ, &ReadUpload::new(&upload))
            .differs_from_description(REASON, COMPLAINT)
            .header("authorization", OAUTH)
            .builds(&format!("GET /v23.0/{ID}"), "");
    }

    #[test]
    fn an_id_stays_in_its_place_whatever_is_in_it() {
        for (id, path) in [
            ("upload:MTph", "/v23.0/upload:MTph"),
            ("upload:a/../b==?sig=x&y=%2F?z#q", "/v23.0/upload:a%2F..%2Fb==?sig=x&y=%2F%3Fz%23q"),
            ("upload:a?sig=b+c/d=", "/v23.0/upload:a?sig=b%2Bc%2Fd%3D"),
            ("upload:a?", "/v23.0/upload:a"),
            ("upload:a?sig", "/v23.0/upload:a?sig="),
        ] {
            let upload = UploadId::new(id).unwrap();
            let request = testing::config().request(&ReadUpload::new(&upload)).unwrap();
            assert_eq!(request.uri().path_and_query().unwrap().as_str(), path);
            assert_eq!(request.uri().authority().unwrap(), "graph.facebook.com");
        }
        for id in ["", "upload:", "2621233374848975", "upload:a b", "me/upload:a"] {
            assert!(UploadId::new(id).is_err(), "{id}");
        }
        // From the service an id is taken as it comes.
        let odd = testing::read::<StartUpload<'_>>(r#"{"id":".."}"#);
        assert!(testing::config().request(&ReadUpload::new(&odd.id)).is_err());
    }

    // Meta, "Upload a file": the answers of its steps; a number may come as a text, as seen elsewhere.
    #[test]
    fn answers_are_read() {
        assert_eq!(testing::read::<StartUpload<'_>>(r#"{"id":"upload:MTphd..."}"#).id.as_str(), "upload:MTphd...");
        assert_eq!(testing::read::<AppendUpload<'_>>(r#"{"h":"2:c2FtcGxl..."}"#).handle, "2:c2FtcGxl...");
        for offset in ["40", "\"40\""] {
            let answer = format!(r#"{{"id":"upload:MTphd...","file_offset":{offset}}}"#);
            assert_eq!(testing::read::<ReadUpload<'_>>(&answer).file_offset, 40);
        }
    }
}
