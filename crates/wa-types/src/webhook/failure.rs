use serde::Serialize;

use crate::{ErrorCode, ErrorData, model};

model! {
    /// A failure that the service tells by webhook.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct WebhookFailure {
        /// What a program decides by; `code.meaning(None)` explains it.
        pub code: ErrorCode = required,
        /// A title.
        pub title: Option<String>,
        /// The reason in words.
        pub message: Option<String>,
        /// More about the reason.
        pub error_data: Option<ErrorData>,
        /// What older deliveries have in place of `error_data`.
        pub details: Option<String>,
        /// Where it is explained.
        pub href: Option<String>,
    }
}

impl WebhookFailure {
    /// The part that says most: the details, else the message, else the title.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        let data = match &self.error_data {
            Some(ErrorData::Details { details: Some(text), .. } | ErrorData::Text(text)) => Some(text),
            _ => None,
        };
        let texts = [data, self.details.as_ref(), self.message.as_ref(), self.title.as_ref()];
        texts.into_iter().flatten().next().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen in deliveries kept by other projects: details within error_data, beside it, or not at all.
    #[test]
    fn the_reason_is_the_part_that_says_most() {
        for (json, reason) in [
            (r#"{"code":1,"title":"t","message":"m","error_data":{"details":"d"},"details":"e"}"#, Some("d")),
            (r#"{"code":1,"title":"t","message":"m","error_data":{},"details":"e"}"#, Some("e")),
            (r#"{"code":1,"title":"t","message":"m"}"#, Some("m")),
            (r#"{"code":1,"title":"t"}"#, Some("t")),
            (r#"{"code":1}"#, None),
        ] {
            let failure: WebhookFailure = serde_json::from_str(json).unwrap();
            assert_eq!(failure.reason(), reason, "{json}");
        }
    }
}
