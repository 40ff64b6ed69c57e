use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::IgnoredAny};

use crate::{
    ErrorCode, Meaning,
    lenient::{Any, FromWire, Read},
    model,
};

model! {
    /// What the service says when it refuses.
    ///
    /// `Display` and `Debug` tell the code, what it means and the trace id, but none of the service's own words: it is known to
    /// repeat tokens in them. The members hold them, and [`details`](Self::details) picks the ones that say most.
    #[derive(Clone, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct GraphError {
        /// The reason in words. They change without notice: decide by `code`.
        pub message: String,
        /// The family of the error, such as `OAuthException`; it is one even where nothing is wrong with the token.
        pub kind: String = "type",
        /// What a program decides by.
        pub code: ErrorCode = required,
        /// Narrows the code down, where it comes at all.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub subcode: Option<i64> = "error_subcode",
        /// More about the reason: WhatsApp's own errors have it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub data: Option<ErrorData> = "error_data",
        /// What Meta's support asks for.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub trace_id: Option<String> = "fbtrace_id",
        /// The service's own opinion on a retry. On registration calls it is wrong: see [`Meaning`].
        #[serde(skip_serializing_if = "Option::is_none")]
        pub is_transient: Option<bool>,
        /// A title for people: general Graph errors have it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub user_title: Option<String> = "error_user_title",
        /// A text for people: general Graph errors have it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub user_message: Option<String> = "error_user_msg",
    }
}

impl GraphError {
    /// An error of which nothing but its code is known.
    #[must_use]
    pub fn from_code(code: ErrorCode, subcode: Option<i64>) -> Self {
        Self {
            message: String::new(),
            kind: String::new(),
            code,
            subcode,
            data: None,
            trace_id: None,
            is_transient: None,
            user_title: None,
            user_message: None,
        }
    }

    /// What the code means and what to do, if it is a documented one.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static Meaning> {
        self.code.meaning(self.subcode)
    }

    /// The trace id, if it looks like one: anything else that stands in its place is not to be shown.
    #[must_use]
    pub fn sound_trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref().filter(|text| is_trace_id(text))
    }

    /// The part of the answer that says most: the details, else the text for people, else the message.
    #[must_use]
    pub fn details(&self) -> &str {
        match &self.data {
            Some(ErrorData::Details { details: Some(text), .. } | ErrorData::Text(text)) => text,
            _ => self.user_message.as_deref().unwrap_or(&self.message),
        }
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "code {}", self.code)?;
        if let Some(subcode) = self.subcode {
            write!(f, "/{subcode}")?;
        }
        write!(f, ", {}", self.meaning().map_or("undocumented", |meaning| meaning.explanation.title))?;
        if let Some(trace_id) = self.sound_trace_id() {
            write!(f, ", trace id {trace_id}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphError")
            .field("code", &self.code)
            .field("subcode", &self.subcode)
            .field("trace_id", &self.sound_trace_id())
            .field("is_transient", &self.is_transient)
            .finish_non_exhaustive()
    }
}

/// Trace ids look like `AXsgnV2Cm3ZMGF3dF_cfYIn`; access tokens begin with `EAA`.
fn is_trace_id(text: &str) -> bool {
    matches!(text.len(), 8..=32)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        && !text.starts_with("EAA")
        && !text.bytes().all(|byte| byte.is_ascii_digit())
}

/// More about an error's reason.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ErrorData {
    /// The shape of WhatsApp's own errors. Other members are not kept here: the answer's bytes have them.
    #[non_exhaustive]
    Details {
        /// Always `whatsapp`.
        #[serde(skip_serializing_if = "Option::is_none")]
        messaging_product: Option<String>,
        /// The reason in words, more exact than the message.
        #[serde(skip_serializing_if = "Option::is_none")]
        details: Option<String>,
    },
    /// Some calls give a plain text.
    Text(String),
}

impl fmt::Debug for ErrorData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Details { .. } => "Details(..)",
            Self::Text(_) => "Text(..)",
        })
    }
}

impl FromWire for ErrorData {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(match Any::<Read<Wire>, IgnoredAny>::deserialize(deserializer)? {
            Any::Text(text) => Some(Self::Text(text)),
            Any::Object(Read(Some(Wire { messaging_product, details }))) => {
                Some(Self::Details { messaging_product, details })
            }
            _ => None,
        })
    }
}

model! {
    struct Wire {
        messaging_product: Option<String>,
        details: Option<String>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> GraphError {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn everything_but_the_code_may_be_missing() {
        let error = read(r#"{"code":133016}"#);
        assert_eq!(error.code, ErrorCode::RegistrationLimit);
        assert_eq!((error.subcode, error.trace_id, error.is_transient), (None, None, None));
    }

    #[test]
    fn error_data_is_an_object_or_a_text_or_anything_else() {
        let details =
            |data: &str| read(&format!(r#"{{"message":"m","code":1,"error_data":{data}}}"#)).details().to_owned();
        assert_eq!(details(r#"{"messaging_product":"whatsapp","details":"why","more":[{}]}"#), "why");
        assert_eq!(details(r#""why""#), "why");
        for other in ["null", "[1,{}]", "7", "-7", "1.5", "true", "{}", r#"{"details":null}"#] {
            assert_eq!(details(other), "m", "{other}");
        }
    }

    #[test]
    fn a_member_of_another_type_does_not_cost_the_code() {
        let values = [
            "null",
            "7",
            "-1",
            "1.5",
            "true",
            "\"\"",
            "\"7\"",
            "[]",
            "[{}]",
            "{}",
            r#"{"details":5}"#,
            "18446744073709551616",
        ];
        let members = [
            "message",
            "type",
            "error_subcode",
            "error_data",
            "fbtrace_id",
            "is_transient",
            "error_user_title",
            "error_user_msg",
            "new",
        ];
        for member in members {
            for value in values {
                let error = read(&format!(r#"{{"{member}":{value},"code":133016}}"#));
                assert_eq!(error.code, ErrorCode::RegistrationLimit, "{member} {value}");
            }
        }
        for code in ["133016", "\"133016\"", "133016.0"] {
            assert_eq!(read(&format!(r#"{{"code":{code}}}"#)).code, ErrorCode::RegistrationLimit, "{code}");
        }
        assert_eq!(read(r#"{"code":4,"error_subcode":"2446079"}"#).subcode, Some(2_446_079));
    }

    #[test]
    fn what_is_shown_tells_code_meaning_and_trace_id_but_no_word_of_the_services() {
        let error = read(
            r#"{"message":"Malformed access token EAAJBcanary1234","type":"canary","code":190,"error_subcode":467,
                "error_user_msg":"canary","error_data":"pin 012345","fbtrace_id":"AXsgnV2Cm3ZMGF3dF_cfYIn"}"#,
        );
        let title = error.meaning().unwrap().explanation.title;
        assert_eq!(error.to_string(), format!("code 190/467, {title}, trace id AXsgnV2Cm3ZMGF3dF_cfYIn"));
        assert_eq!(error.details(), "pin 012345");
        let shown = format!("{error:?} {error:#?}");
        assert!(!shown.contains("canary") && !shown.contains("012345"), "{shown}");
        let echo = read(r#"{"code":190,"fbtrace_id":"EAAJBcanary1234"}"#);
        assert!(!format!("{echo} {echo:?}").contains("canary"));
    }
}
