//! What is wrong with JSON, in words for people who have not written this program.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// Reads JSON, or says what is wrong with it.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    let value: Value = serde_json::from_slice(text).map_err(|error| match text.trim_ascii() {
        [] => "nothing was sent where JSON is expected".to_owned(),
        _ => format!("this is not JSON: it cannot be read from line {}, column {} on", error.line(), error.column()),
    })?;
    from_value(value)
}

/// Reads a value, or says what is wrong with it.
pub(crate) fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    // A list would pass for an object without the names of its members.
    if value.is_array() {
        return Err("an object is expected, not a list".to_owned());
    }
    serde_json::from_value(value).map_err(|error| explain(&error.to_string()))
}

/// A value some of whose members are replaced.
pub(crate) fn merged<T: Serialize + DeserializeOwned>(value: &T, members: &Map<String, Value>) -> Result<T, String> {
    let mut whole = serde_json::to_value(value).unwrap_or_default();
    for (name, member) in members {
        whole[name] = member.clone();
    }
    from_value(whole)
}

/// Translates what the reader of JSON says.
fn explain(error: &str) -> String {
    // Places are those of a value that has no lines.
    let error = error.split(" at line ").next().unwrap_or(error);
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    let words = |text: &str| {
        let list = text.split_once(", expected ").map_or("", |(_, list)| list);
        let words: Vec<_> = list.split('`').skip(1).step_by(2).collect();
        if words.is_empty() { String::new() } else { format!(": use one of {}", words.join(", ")) }
    };
    if error.starts_with("unknown field ") {
        return format!("there is no member {:?} here{}", quoted(error), words(error));
    }
    if error.starts_with("unknown variant ") {
        return format!("{:?} is not a word that is known here{}", quoted(error), words(error));
    }
    if error.starts_with("missing field ") {
        return format!("the member {:?} is missing", quoted(error));
    }
    if let Some((found, expected)) = error.split_once(", expected ") {
        for start in ["invalid type: ", "invalid value: ", "invalid length "] {
            if let Some(found) = found.strip_prefix(start) {
                return format!("{} is expected, not {}", kind(expected), kind(found));
            }
        }
    }
    format!("this cannot be used: {error}")
}

/// A kind of JSON value as people name it.
fn kind(text: &str) -> String {
    let word = match text {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        "i64" | "i32" => "a whole number",
        "a boolean" => "true or false",
        "a string" | "a borrowed string" | "string" => "text",
        "map" | "a map" => "an object",
        "sequence" | "a sequence" => "a list",
        "null" => "null",
        "string or map" => "a word, or an object with one member",
        "map with a single key" | "value: map with a single key" => "an object with one member",
        _ if text.starts_with("struct ") || text.starts_with("internally tagged") => "an object",
        _ if text.starts_with("enum ") || text.starts_with("variant ") => "a word, or an object with one member",
        _ if text.starts_with("unit variant") => "a word without members",
        _ => {
            return text
                .replace("integer `", "the number ")
                .replace("boolean `", "")
                .replace('`', "")
                .replace("string ", "the text ");
        }
    };
    word.to_owned()
}

#[cfg(test)]
mod tests {
    use crate::{Control, FaultRule, Rules};

    use super::*;

    #[test]
    fn what_is_wrong_is_said_in_plain_words() {
        let fault = |text: &str| read::<FaultRule>(text.as_bytes()).unwrap_err();
        assert_eq!(fault(""), "nothing was sent where JSON is expected");
        assert_eq!(fault("{"), "this is not JSON: it cannot be read from line 1, column 1 on");
        assert_eq!(fault("[]"), "an object is expected, not a list");
        assert_eq!(fault("{}"), "the member \"fault\" is missing");
        assert!(
            fault(r#"{"fault": "explode"}"#)
                .starts_with("\"explode\" is not a word that is known here: use one of error, delay")
        );
        assert_eq!(
            fault(r#"{"fault": "close", "nth": "2"}"#),
            "a whole number that is not negative is expected, not the text \"2\""
        );
        let rules = read::<Rules>(br#"{"plain": 1}"#).unwrap_err();
        assert_eq!(rules, "true or false is expected, not the number 1");
        let control = read::<Control>(br#"{"ban_account": {"account": "1", "banned": true}}"#).unwrap_err();
        assert_eq!(control, "there is no member \"banned\" here: use one of account, is_banned");
        assert_eq!(read::<Rules>(b"1").unwrap_err(), "an object is expected, not the number 1");
    }
}
