use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A path such as `/v23.0/106540352242922/register`.
pub(crate) struct Path<'a> {
    /// The major version.
    pub(crate) version: Option<u16>,
    /// Empty if there is none.
    pub(crate) node: Cow<'a, str>,
    /// All that follows the node, of any depth.
    pub(crate) edge: String,
}

impl<'a> Path<'a> {
    pub(crate) fn read(path: &'a str) -> Self {
        let mut segments =
            path.trim_matches('/').split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy());
        let first = segments.next().unwrap_or_default();
        // Without a version the id comes first.
        let starts_with_id = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
        let version = first.strip_prefix('v').and_then(|version| version.split_once('.'));
        let version = version.filter(|(_, minor)| *minor == "0");
        let version = version.and_then(|(major, _)| major.parse().ok());
        let node = if starts_with_id { Some(first) } else { segments.next() };
        let edge = segments.collect::<Vec<_>>().join("/");
        Self { version, node: node.unwrap_or_default(), edge }
    }
}
