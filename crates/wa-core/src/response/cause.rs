use wa_types::{ErrorCode, GraphError};

use crate::Error;

/// Why the service created no certificate for a number, which is how it refuses a registration with 100/2388001.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertificateCause {
    /// The display name is not usable yet. It may be once its review has ended.
    NameNotUsable,
    /// The number is registered to another WhatsApp account. Waiting cannot help: a person must disconnect it there.
    OtherAccount,
    /// The texts for people name neither, or are not in English.
    Unclear,
}

impl Error {
    /// Why no certificate was created, if that is what the error says (100/2388001).
    ///
    /// Only the texts for people tell the causes apart, and texts change: take it as a hint, and show people
    /// [`user_message`](GraphError::user_message) itself.
    #[must_use]
    pub fn certificate_cause(&self) -> Option<CertificateCause> {
        let graph = self.graph()?;
        let is_certificate = match graph.code {
            ErrorCode::CertificateNotCreated => true,
            ErrorCode::InvalidParameter => graph.subcode == Some(ErrorCode::CertificateNotCreated.number()),
            _ => false,
        };
        is_certificate.then(|| certificate_cause(graph))
    }

    /// The field that the service does not have, if that is why it refused a read. The other fields are then answered
    /// without it.
    ///
    /// It is the name that the read asked for: what the service writes in its place is not told if it cannot be one.
    #[must_use]
    pub fn unknown_field(&self) -> Option<&str> {
        let graph = self.graph().filter(|graph| graph.code == ErrorCode::InvalidParameter)?;
        let (_, rest) = graph.message.split_once(UNKNOWN_FIELD)?;
        let (field, _) = rest.split_once(')')?;
        let is_name = !field.is_empty()
            && field.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        is_name.then_some(field)
    }
}

fn certificate_cause(graph: &GraphError) -> CertificateCause {
    let texts = [graph.user_message.as_deref(), graph.user_title.as_deref(), Some(&*graph.message)];
    let says = |words: &str| texts.iter().flatten().any(|text| text.to_ascii_lowercase().contains(words));
    if says(OTHER_ACCOUNT) {
        CertificateCause::OtherAccount
    } else if says(NAME) {
        CertificateCause::NameNotUsable
    } else {
        CertificateCause::Unclear
    }
}

// Seen in production: "(#100) Tried accessing nonexisting field (x) on node type (WhatsAppBusinessPhoneNumber)".
const UNKNOWN_FIELD: &str = "nonexisting field (";
// Seen in production: "This number is registered to an existing WhatsApp account. To use this number, disconnect it from
// the existing account."
const OTHER_ACCOUNT: &str = "existing whatsapp account";
const NAME: &str = "display name";

#[cfg(test)]
mod tests {
    use http::Response;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        api::number::{ReadNumber, Register},
        parse,
    };

    fn refused(error: Value) -> Error {
        let body = json!({"error": error}).to_string();
        parse::<Register<'_>>(Response::builder().status(400).body(body).unwrap()).map(drop).unwrap_err()
    }

    // The first is the answer seen in production; the others are ours.
    #[test]
    fn the_texts_for_people_tell_why_there_is_no_certificate() {
        use CertificateCause::{NameNotUsable, OtherAccount, Unclear};
        let seen = "This number is registered to an existing WhatsApp account. To use this number, disconnect it from the \
                    existing account.";
        for (code, subcode, title, message, cause) in [
            (100, Some(2_388_001), "Cannot Create Certificate", seen, Some(OtherAccount)),
            (2_388_001, None, "Cannot Create Certificate", seen, Some(OtherAccount)),
            (
                100,
                Some(2_388_001),
                "Cannot Create Certificate",
                "The display name is not approved.",
                Some(NameNotUsable),
            ),
            (100, Some(2_388_001), "Display Name Not Approved", "", Some(NameNotUsable)),
            (100, Some(2_388_001), "Cannot Create Certificate", "", Some(Unclear)),
            (100, Some(2_388_001), "Display name", seen, Some(OtherAccount)),
            (100, Some(33), "Cannot Create Certificate", seen, None),
            (100, None, "Cannot Create Certificate", seen, None),
            (133_005, Some(2_388_001), "Cannot Create Certificate", seen, None),
        ] {
            let error = refused(json!({"message": "Invalid parameter", "code": code, "error_subcode": subcode,
                "error_user_title": title, "error_user_msg": message}));
            assert_eq!(error.certificate_cause(), cause, "{code} {title} {message}");
        }
        let in_message = refused(json!({"code": 100, "error_subcode": 2_388_001, "message": seen}));
        assert_eq!(in_message.certificate_cause(), Some(OtherAccount));
        let bare = refused(json!({"code": 100, "error_subcode": 2_388_001}));
        assert_eq!(bare.certificate_cause(), Some(Unclear));
    }

    // Seen in production, but for the last ones.
    #[test]
    fn a_field_that_the_service_does_not_have_is_named() {
        let node = "on node type (WhatsAppBusinessPhoneNumber)";
        for (code, message, field) in [
            (100, format!("(#100) Tried accessing nonexisting field (is_pin_enabled) {node}"), Some("is_pin_enabled")),
            (100, format!("Tried accessing nonexisting field (field2) {node}"), Some("field2")),
            (10, format!("(#10) Tried accessing nonexisting field (is_pin_enabled) {node}"), None),
            (100, format!("(#100) Tried accessing nonexisting field () {node}"), None),
            (100, format!("(#100) Tried accessing nonexisting field (EAAJB canary) {node}"), None),
            (100, "(#100) Tried accessing nonexisting field (x".to_owned(), None),
            (100, format!("(#100) Param x must be one of (y) {node}"), None),
        ] {
            let body = json!({"error": {"message": message, "type": "OAuthException", "code": code}}).to_string();
            let error = parse::<ReadNumber<'_>>(Response::builder().status(400).body(body).unwrap()).unwrap_err();
            assert_eq!(error.unknown_field(), field, "{message}");
        }
    }
}
