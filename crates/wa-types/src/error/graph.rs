use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::{ErrorCode, Meaning, error::mask::Masked, flexible};

/// What the service says when it refuses.
///
/// `Display` and `Debug` mask whatever could be a secret that the service repeated; the members hold its own words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GraphError {
    /// The reason in words. They change without notice: decide by `code`.
    #[serde(default)]
    pub message: String,
    /// The family of the error, such as `OAuthException`; it is one even where nothing is wrong with the token.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// What a program decides by.
    pub code: ErrorCode,
    /// Narrows the code down, where it comes at all.
    #[serde(rename = "error_subcode", skip_serializing_if = "Option::is_none")]
    pub subcode: Option<i64>,
    /// More about the reason: WhatsApp's own errors have it.
    #[serde(rename = "error_data", skip_serializing_if = "Option::is_none")]
    pub data: Option<ErrorData>,
    /// What Meta's support asks for.
    #[serde(rename = "fbtrace_id", skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The service's own opinion on a retry. On registration calls it is wrong: see [`Meaning`].
    #[serde(default, deserialize_with = "flexible::flag", skip_serializing_if = "Option::is_none")]
    pub is_transient: Option<bool>,
    /// A title for people: general Graph errors have it.
    #[serde(rename = "error_user_title", skip_serializing_if = "Option::is_none")]
    pub user_title: Option<String>,
    /// A text for people: general Graph errors have it.
    #[serde(rename = "error_user_msg", skip_serializing_if = "Option::is_none")]
    pub user_message: Option<String>,
}

impl GraphError {
    /// What the code means and what to do, if it is a documented one.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static Meaning> {
        self.code.meaning(self.subcode)
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
        write!(f, ": {}", Masked(&self.message))?;
        if self.details() != self.message {
            write!(f, " ({})", Masked(self.details()))?;
        }
        if let Some(trace_id) = &self.trace_id {
            write!(f, " [trace id {}]", Masked(trace_id))?;
        }
        Ok(())
    }
}

impl fmt::Debug for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let masked = |text: &Option<String>| text.as_ref().map(|text| Masked(text).to_string());
        f.debug_struct("GraphError")
            .field("message", &Masked(&self.message).to_string())
            .field("kind", &Masked(&self.kind).to_string())
            .field("code", &self.code)
            .field("subcode", &self.subcode)
            .field("data", &self.data)
            .field("trace_id", &masked(&self.trace_id))
            .field("is_transient", &self.is_transient)
            .field("user_title", &masked(&self.user_title))
            .field("user_message", &masked(&self.user_message))
            .finish()
    }
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
        match self {
            Self::Details { details, .. } => {
                let details = details.as_ref().map(|text| Masked(text).to_string());
                f.debug_struct("Details").field("details", &details).finish_non_exhaustive()
            }
            Self::Text(text) => f.debug_tuple("Text").field(&Masked(text).to_string()).finish(),
        }
    }
}

impl<'de> Deserialize<'de> for ErrorData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DataVisitor)
    }
}

struct DataVisitor;

impl<'de> Visitor<'de> for DataVisitor {
    type Value = ErrorData;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("error data: an object or a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ErrorData, E> {
        Ok(ErrorData::Text(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ErrorData, A::Error> {
        let (mut messaging_product, mut details) = (None, None);
        while let Some(member) = map.next_key::<Member>()? {
            match member {
                Member::MessagingProduct => messaging_product = map.next_value()?,
                Member::Details => details = map.next_value()?,
                Member::Unknown => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(ErrorData::Details { messaging_product, details })
    }

    // A shape that no page shows must not cost the code: what is neither text nor object counts as no details.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<ErrorData, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(NO_DETAILS)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<ErrorData, E> {
        Ok(NO_DETAILS)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<ErrorData, E> {
        Ok(NO_DETAILS)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<ErrorData, E> {
        Ok(NO_DETAILS)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<ErrorData, E> {
        Ok(NO_DETAILS)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Member {
    MessagingProduct,
    Details,
    #[serde(other)]
    Unknown,
}

const NO_DETAILS: ErrorData = ErrorData::Details { messaging_product: None, details: None };

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
    fn what_is_shown_tells_code_reason_and_trace_id_but_no_secret() {
        let error = read(
            r#"{"message":"Malformed access token EAAJBcanary1234","type":"OAuthException","code":190,"error_subcode":467,
                "error_user_msg":"EAAJBcanary1234","error_data":"pin 012345","fbtrace_id":"AXsgnV2Cm3ZMGF3dF_cfYIn"}"#,
        );
        assert_eq!(
            error.to_string(),
            "code 190/467: Malformed access token *** (pin ***) [trace id AXsgnV2Cm3ZMGF3dF_cfYIn]"
        );
        let shown = format!("{error:?}");
        assert!(!shown.contains("canary") && !shown.contains("012345"), "{shown}");
    }
}
