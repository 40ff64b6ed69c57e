//! Registers a number, counts the attempt, and says what to do if it fails.
//!
//! `WA_TOKEN=.. WA_PIN=.. cargo run --features ureq --example register_sync -- <number id> [<base address>]`
//! Without arguments it talks to a service that refuses, made of a closure.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program may")]

use std::{env, error::Error, time::SystemTime};

use wa_cloud::{
    Config, Outcome, Transport,
    api::number::Register,
    blocking::Client,
    from_fn,
    life::{GuardedError, blocking::Drive, ledger::Memory},
    types::{AccessToken, PhoneNumberId, Pin},
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [number, base @ ..] = &*arguments else {
        let service =
            from_fn(|_, _| Ok(http::Response::builder().status(400).body(REFUSAL.into()).unwrap_or_default()));
        let client = Client::with_transport(Config::new(AccessToken::new("EAAJB")?), service);
        return register(&client, "106540352242922", "012345");
    };
    let mut config = Config::new(AccessToken::new(env::var("WA_TOKEN")?)?);
    if let [base] = base {
        config = config.base(base)?;
    }
    register(&wa_cloud::ureq::Client::new(config)?, number, &env::var("WA_PIN")?)
}

fn register(graph: &Client<impl Transport>, number: &str, pin: &str) -> Result<(), Box<dyn Error>> {
    // A program that is started again keeps them in a file, by `wa_cloud::store::Sqlite`.
    let ledger = Memory::default();
    let guarded = graph.guarded(&ledger, || SystemTime::now().into());
    let number = PhoneNumberId::new(number)?;
    match guarded.send(&Register::new(&number, Pin::new(pin)?)) {
        Ok(_) => println!("{number} is registered"),
        Err(GuardedError::Call(error)) if error.outcome() == Outcome::Unknown => {
            println!("{error}: read the number's status before anything else");
        }
        Err(GuardedError::Call(error)) => println!("{error}. {}", error.advice().step),
        Err(error) => println!("{error}"),
    }
    Ok(())
}

const REFUSAL: &str =
    r#"{"error":{"message":"Two step verification PIN Mismatch","type":"OAuthException","code":133005}}"#;
