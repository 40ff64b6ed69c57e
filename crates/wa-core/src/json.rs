//! Reading JSON that a strict reader gives up on: half a character must not cost a code or a neighbour.

use std::{ops::Range, str};

use serde::de::DeserializeOwned;

/// Reads text as JSON. Escaped halves of characters read as U+FFFD.
///
/// # Errors
///
/// The text is not JSON, or not of the expected shape.
pub(crate) fn from_str<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    // Nearly all texts have no such halves, so they are looked for only when reading has failed.
    serde_json::from_str(text).or_else(|error| match repaired(text) {
        Some(repaired) => serde_json::from_str(&repaired),
        None => Err(error),
    })
}

/// The text with every escaped half of a character (a lone surrogate) replaced by U+FFFD, or nothing if it has none.
///
/// RFC 8259, 8.2: the grammar allows them, but no Unicode text can hold them, so `serde_json` refuses the whole.
pub(crate) fn repaired(text: &str) -> Option<String> {
    let mut repaired = String::new();
    let mut copied = 0;
    for half in lone_surrogates(text.as_bytes()) {
        repaired.push_str(text.get(copied..half.start)?);
        repaired.push_str("\\ufffd");
        copied = half.end;
    }
    if copied == 0 {
        return None;
    }
    repaired.push_str(text.get(copied..)?);
    Some(repaired)
}

fn lone_surrogates(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut place = 0;
    while let Some(step) = bytes.get(place..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        place += step;
        let rest = bytes.get(place..).unwrap_or_default();
        place += match (escaped_unit(rest), rest.get(ESCAPE..).and_then(escaped_unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 2 * ESCAPE,
            (Some(0xD800..=0xDFFF), _) => {
                found.push(place..place + ESCAPE);
                ESCAPE
            }
            // Any other escape: its second character may be a backslash, which begins nothing.
            _ => 2,
        };
    }
    found
}

/// The UTF-16 unit of an escape such as `\u00e9` that the bytes begin with.
fn escaped_unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    // `from_str_radix` takes a sign, too.
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

/// The length of an escape such as `\u00e9`.
const ESCAPE: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_are_replaced() {
        for (text, expected) in [
            (r#""\ud800""#, Some(r#""\ufffd""#)),
            (r#""a\uDC00b\uD83Dc""#, Some(r#""a\ufffdb\ufffdc""#)),
            (r#""\ud83d\ud83d\ude00""#, Some(r#""\ufffd\ud83d\ude00""#)),
            (r#""\\\udfff""#, Some(r#""\\\ufffd""#)),
            (r#""\ud800\u0041é""#, Some(r#""\ufffd\u0041é""#)),
            (r#""\ud83d\ude00""#, None),
            (r#""\\ud800""#, None),
            (r#""\u00e9 \" \ud80""#, None),
            (r#""\u+123""#, None),
            ("\\", None),
            ("", None),
        ] {
            assert_eq!(repaired(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn halves_of_characters_are_read_as_replaced() {
        assert_eq!(from_str::<String>(r#""a\ud800b""#).unwrap(), "a\u{fffd}b");
        assert_eq!(from_str::<String>(r#""\ud83d\ude00""#).unwrap(), "\u{1f600}");
        assert!(from_str::<String>(r#"{"a":"\ud800"}"#).is_err());
    }
}
