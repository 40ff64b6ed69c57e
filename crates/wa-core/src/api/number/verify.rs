//! Proving that a number is yours: the one-time code, and the PIN of two-step verification.

use http::Method;
use serde::Serialize;
use wa_types::{CodeMethod, Confirmed, Language, PhoneNumberId, Pin, VerificationCode, model};

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};
use crate::{AttemptKind, Body, BuildError, Endpoint, Route, Success};

/// `POST /{number}/request_code`
///
/// Has a one-time code sent to the number.
///
/// A code lives about ten minutes and replaces the one before. The answer 136024 may mean that the number is verified
/// already: go on to register.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers#verify-phone-numbers)
#[derive(Clone, Debug, Serialize)]
pub struct RequestCode<'a> {
    #[serde(skip)]
    number: &'a PhoneNumberId,
    code_method: CodeMethod,
    language: Language,
}

impl<'a> RequestCode<'a> {
    /// Asks for a code by this way, in a message of this language.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, method: CodeMethod, language: Language) -> Self {
        Self { number, code_method: method, language }
    }
}

impl Endpoint for RequestCode<'_> {
    const NAME: &'static str = "number.request_code";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::RequestCode);
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("request_code")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Body::json(self)
    }
}

/// `POST /{number}/verify_code`
///
/// Proves ownership with the one-time code that the person received.
///
/// A code works once.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers#verify-phone-numbers)
#[derive(Clone, Debug)]
pub struct VerifyCode<'a> {
    number: &'a PhoneNumberId,
    code: VerificationCode,
}

impl<'a> VerifyCode<'a> {
    /// Sends this code.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, code: VerificationCode) -> Self {
        Self { number, code }
    }
}

impl Endpoint for VerifyCode<'_> {
    const NAME: &'static str = "number.verify_code";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::VerifyCode);
    type Response = CodeAccepted;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("verify_code")
    }

    fn body(&self) -> Result<Body, BuildError> {
        #[derive(Serialize)]
        struct Request<'a> {
            code: &'a str,
        }

        Body::json(&Request { code: self.code.expose() })
    }
}

model! {
    /// The answer to a one-time code that was right.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CodeAccepted {
        /// Always true: a `false` from the service becomes an error.
        pub success: Confirmed = required,
        /// The number, which some versions name.
        pub id: Option<PhoneNumberId>,
    }
}

/// `POST /{number}` with `pin`
///
/// Sets or changes the PIN of two-step verification, without asking for the old one while the number is registered.
///
/// Keep it: every later registration needs it, and no call turns two-step verification off.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/two-step-verification)
#[derive(Clone, Debug)]
pub struct SetPin<'a> {
    number: &'a PhoneNumberId,
    pin: Pin,
}

impl<'a> SetPin<'a> {
    /// Sets this PIN.
    #[must_use]
    pub fn new(number: &'a PhoneNumberId, pin: Pin) -> Self {
        Self { number, pin }
    }
}

impl Endpoint for SetPin<'_> {
    const NAME: &'static str = "number.set_pin";
    const METHOD: Method = Method::POST;
    const ATTEMPT: Option<AttemptKind> = Some(AttemptKind::SetPin);
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.number)
    }

    fn body(&self) -> Result<Body, BuildError> {
        #[derive(Serialize)]
        struct Request<'a> {
            pin: &'a str,
        }

        Body::json(&Request { pin: self.pin.expose() })
    }
}

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    to.call(RequestCode::new(number, CodeMethod::Sms, Language::new("en_US")?));
    to.call(VerifyCode::new(number, VerificationCode::new(samples::CODE)?));
    to.call(SetPin::new(number, samples::pin()?));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Vector};

    const REQUEST: &str = "POST /{Version}/{Phone-Number-ID}/request_code";
    const VERIFY: &str = "POST /{Version}/{Phone-Number-ID}/verify_code";
    const SET_PIN: &str = "POST /{Version}/{Phone-Number-ID}";

    // Meta's API description v23.0, requestVerificationCode, example voice_verification.
    #[test]
    fn asks_for_a_code() {
        let number = testing::number();
        let language = Language::new("es_ES").unwrap();
        Vector::at(REQUEST, &RequestCode::new(&number, CodeMethod::Voice, language))
            .builds("POST /v23.0/106540352242922/request_code", r#"{"code_method":"VOICE","language":"es_ES"}"#);
    }

    // Meta, "Verify phone numbers", whose example has a two-letter language.
    #[test]
    fn a_two_letter_language_goes_out_as_given() {
        let number = testing::number();
        let language = Language::new("en").unwrap();
        Vector::at(REQUEST, &RequestCode::new(&number, CodeMethod::Sms, language))
            .differs_from_description(
                "the description wants a country; Meta's pages show languages without one",
                "body /language: \"en\"",
            )
            .builds("POST /v23.0/106540352242922/request_code", r#"{"code_method":"SMS","language":"en"}"#);
    }

    // Meta's API description v23.0, verifyPhoneNumberCode, example verify_code.
    #[test]
    fn sends_the_six_digits_of_a_code() {
        let number = testing::number();
        let code = VerificationCode::new("012-345").unwrap();
        Vector::at(VERIFY, &VerifyCode::new(&number, code))
            .builds("POST /v23.0/106540352242922/verify_code", r#"{"code":"012345"}"#);
    }

    // Meta, "Two-step verification", sample request.
    #[test]
    fn sets_a_pin() {
        let number = testing::number();
        Vector::at(SET_PIN, &SetPin::new(&number, Pin::new("012345").unwrap()))
            .builds("POST /v23.0/106540352242922", r#"{"pin":"012345"}"#);
    }

    #[test]
    fn an_odd_id_does_not_cost_the_confirmation() {
        for json in [r#"{"success":true,"id":{}}"#, r#"{"success":true,"id":null}"#, r#"{"success":true}"#] {
            assert_eq!(testing::read::<VerifyCode<'_>>(json).id, None, "{json}");
        }
    }

    #[test]
    fn documented_answers_are_read() {
        testing::reads_examples::<RequestCode<'_>>(REQUEST);
        testing::reads_examples::<VerifyCode<'_>>(VERIFY);
    }
}
