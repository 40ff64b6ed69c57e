//! Onboards a number against a service that lives in this process: no account, no network.
//!
//! It stands for the conversation with the real one: a code by SMS, its proof, the registration, a first message, and
//! what the library says when something goes wrong on the way.

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use std::{cell::RefCell, error::Error, time::Duration};

use wa::{
    Body, Config, Endpoint, Transport, TransportError, TransportErrorKind,
    blocking::Client,
    from_fn,
    message::SendText,
    number::ReadNumber,
    registration::Register,
    subscription::Subscribe,
    types::{AccessToken, CodeMethod, E164, Language, NumberField, PhoneNumberId, Pin, VerificationCode, WabaId},
    verification::{RequestCode, VerifyCode},
};

fn main() -> Result<(), Box<dyn Error>> {
    let service = Service::default();
    let transport = from_fn(|request, patience| service.answer(&request, patience));
    let client = Client::with_transport(Config::new(AccessToken::new("EAAJB-example")?), transport);

    let (account, number) = (WabaId::new("102290129340398")?, PhoneNumberId::new("106540352242922")?);
    let register = Register::new(&number, Pin::new("012345")?);

    say("Registering a number that nobody has verified");
    attempt(&client, &register);

    say("Proving that the number is ours");
    attempt(&client, &RequestCode::new(&number, CodeMethod::Sms, Language::new("en_US")?));
    attempt(&client, &VerifyCode::new(&number, VerificationCode::new("123-830")?));

    say("Registering again; this time the connection breaks off before the answer");
    attempt(&client, &register);

    say("So: reading the number instead of sending again");
    let fields = [NumberField::Status, NumberField::CodeVerificationStatus, NumberField::IsPinEnabled];
    let read = client.send(&ReadNumber::new(&number).fields(fields))?;
    println!("  status {}, code {}", word(&read.status), word(&read.code_verification_status));

    say("It happened. Subscribing the app and sending a first message");
    attempt(&client, &Subscribe::new(&account));
    attempt(&client, &SendText::new(&number, E164::new("+1 650-555-1234")?, "Phone number setup complete!"));
    Ok(())
}

fn attempt<E: Endpoint>(client: &Client<impl Transport>, call: &E) {
    match client.send(call) {
        Ok(_) => println!("  {}: done", E::NAME),
        Err(error) => {
            let advice = error.advice();
            println!("  {error}\n    outcome: {:?}, attempt spent: {}", error.outcome(), advice.spent_attempt);
            println!("    {}\n    what to do: {}", advice.meaning, advice.step);
        }
    }
}

fn word(word: &Option<impl ToString>) -> String {
    word.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string)
}

fn say(step: &str) {
    println!("\n{step}");
}

/// The least of a service: it knows one number.
#[derive(Default)]
struct Service {
    number: RefCell<Number>,
}

#[derive(Default)]
struct Number {
    is_verified: bool,
    is_registered: bool,
}

impl Service {
    fn answer(&self, request: &http::Request<Body>, _: Duration) -> Result<http::Response<Vec<u8>>, TransportError> {
        let mut number = self.number.borrow_mut();
        let (status, json) = match request.uri().path().rsplit('/').next() {
            Some("register") if !number.is_verified => (
                400,
                r#"{"error":{"message":"(#133006) Phone number re-verification needed","type":"OAuthException",
                    "code":133006,"fbtrace_id":"AXsgnV2Cm3ZMGF3dF_cfYIn"}}"#,
            ),
            Some("register") => {
                number.is_registered = true;
                return Err(TransportError::new(TransportErrorKind::Closed));
            }
            Some("verify_code") => {
                number.is_verified = true;
                (200, r#"{"success":true}"#)
            }
            Some("messages") if number.is_registered => (
                200,
                r#"{"messaging_product":"whatsapp","contacts":[{"input":"+16505551234","wa_id":"16505551234"}],
                    "messages":[{"id":"wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBJCOTY"}]}"#,
            ),
            Some("106540352242922") if number.is_registered => (
                200,
                r#"{"status":"CONNECTED","code_verification_status":"VERIFIED","is_pin_enabled":true,"id":"106540352242922"}"#,
            ),
            _ => (200, r#"{"success":true}"#),
        };
        http::Response::builder()
            .status(status)
            .body(json.into())
            .map_err(|error| TransportError::with_source(TransportErrorKind::Other, error))
    }
}
