use std::borrow::Cow;

use http::Uri;
use percent_encoding::percent_decode_str;

use crate::{calls::media::HOST_PATH, params::decode};

/// An address such as `/v23.0/106540352242922/register`.
pub(crate) struct Path<'a> {
    /// The major version.
    pub(crate) version: Option<u16>,
    /// Empty if there is none.
    pub(crate) node: Cow<'a, str>,
    /// All that follows the node, of any depth.
    pub(crate) edge: String,
    /// Whether files are downloaded there, which needs no version.
    pub(crate) is_of_files: bool,
}

impl<'a> Path<'a> {
    pub(crate) fn read(uri: &'a Uri) -> Self {
        let path = uri.path().trim_matches('/');
        if path == HOST_PATH {
            let query = uri.query().unwrap_or_default();
            let id = query.split('&').find_map(|pair| pair.strip_prefix("mid=")).map(decode).unwrap_or_default();
            return Self { version: None, node: id.into(), edge: String::new(), is_of_files: true };
        }
        let mut segments = path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy());
        let first = segments.next().unwrap_or_default();
        // Without a version the id comes first.
        let starts_with_id = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
        let version = first.strip_prefix('v').and_then(|version| version.split_once('.'));
        let version = version.filter(|(_, minor)| *minor == "0");
        let version = version.and_then(|(major, _)| major.parse().ok());
        let node = if starts_with_id { first } else { segments.next().unwrap_or_default() };
        let edge = segments.collect::<Vec<_>>().join("/");
        Self { version, node, edge, is_of_files: false }
    }
}

/// What the ids of resumable uploads begin with.
pub(crate) const UPLOAD: &str = "upload:";
