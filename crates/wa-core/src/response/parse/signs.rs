use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, MapAccess, Visitor},
};
use wa_types::lenient::Read;

/// What the members of an answer's outermost object say about it, whatever the call answers.
///
/// The names are compared as they read, not as they are spelled, and a repeated one is seen each time. An answer without
/// nested values costs no allocation.
#[derive(Default)]
pub(super) struct Signs {
    pub(super) has_error: bool,
    says_true: bool,
    says_false: bool,
}

impl Signs {
    /// Whether the text is worth looking through, which costs another pass over it.
    ///
    /// A name is written as it reads or with `\u` escapes, since no shorter escape stands for a letter. What is no object is
    /// looked through, too: serde would read a list into a struct by position.
    pub(super) fn may_be_in(text: &str) -> bool {
        let names = ["\"error\"", "\"success\"", "\\u"];
        !text.trim_ascii_start().starts_with('{') || names.iter().any(|name| text.contains(name))
    }

    pub(super) fn is_failure(&self) -> bool {
        self.has_error || self.says_false
    }

    /// An answer that says both is no refusal: nobody can tell which of them holds.
    pub(super) fn is_refusal(&self) -> bool {
        self.says_false && !self.says_true
    }
}

impl<'de> Deserialize<'de> for Signs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SignsVisitor)
    }
}

struct SignsVisitor;

impl<'de> Visitor<'de> for SignsVisitor {
    type Value = Signs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Signs, A::Error> {
        let mut signs = Signs::default();
        while let Some(name) = members.next_key::<Name>()? {
            match name {
                Name::Error => signs.has_error |= members.next_value::<Option<IgnoredAny>>()?.is_some(),
                Name::Success => match members.next_value::<Read<bool>>()? {
                    Read(Some(true)) => signs.says_true = true,
                    Read(Some(false)) => signs.says_false = true,
                    Read(None) => {}
                },
                Name::Other => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(signs)
    }
}

enum Name {
    Error,
    Success,
    Other,
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
        Ok(match name {
            "error" => Name::Error,
            "success" => Name::Success,
            _ => Name::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_text_that_cannot_hold_the_names_is_passed_over() {
        for text in [
            r#"{"a":1,"error":{}}"#,
            r#"{"success" :true}"#,
            r#"{"err\u006fr":{}}"#,
            r#"{"s\u0075ccess":true}"#,
            "[1]",
            " 7",
            "",
        ] {
            assert!(Signs::may_be_in(text), "{text}");
        }
        for text in [r#" {"id":"1","errors":[],"is_success":"a\/b\n"}"#, "{}"] {
            assert!(!Signs::may_be_in(text), "{text}");
        }
    }

    #[test]
    fn what_an_answer_says_is_told_by_all_of_its_members() {
        let signs = |json: &str| {
            let Signs { has_error, says_true, says_false } = serde_json::from_str(json).unwrap();
            (has_error, says_true, says_false)
        };
        for (json, expected) in [
            ("{}", (false, false, false)),
            (r#"{"errors":{},"successful":false,"Error":{},"Success":false}"#, (false, false, false)),
            (r#"{"error":{}}"#, (true, false, false)),
            (r#"{"error":null}"#, (false, false, false)),
            (r#"{"error":{},"error":null}"#, (true, false, false)),
            (r#"{"error":false}"#, (true, false, false)),
            (r#"{"success":true}"#, (false, true, false)),
            (r#"{"success":"TRUE"}"#, (false, true, false)),
            (r#"{"success":false}"#, (false, false, true)),
            (r#"{"success":"false","success":true}"#, (false, true, true)),
            (r#"{"success":null,"success":1,"success":{}}"#, (false, false, false)),
            (r#"{"a":{"error":1,"success":false},"b":[{"error":1}]}"#, (false, false, false)),
        ] {
            assert_eq!(signs(json), expected, "{json}");
        }
        for json in ["[]", "7", "null", "\"error\"", "{\"error\":", "{} {}"] {
            assert!(serde_json::from_str::<Signs>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_refusal_is_a_failure_and_a_contradiction_is_no_refusal() {
        let signs = |has_error, says_true, says_false| Signs { has_error, says_true, says_false };
        for (signs, is_failure, is_refusal) in [
            (signs(false, false, false), false, false),
            (signs(false, true, false), false, false),
            (signs(false, false, true), true, true),
            (signs(false, true, true), true, false),
            (signs(true, false, false), true, false),
            (signs(true, true, false), true, false),
        ] {
            assert_eq!((signs.is_failure(), signs.is_refusal()), (is_failure, is_refusal));
        }
    }
}
