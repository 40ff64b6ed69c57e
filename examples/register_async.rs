//! Registers a number without blocking, and counts the attempt.
//!
//! `WA_TOKEN=.. WA_PIN=.. cargo run --features hyper --example register_async -- <number id> [<base address>]`
//! Without arguments it talks to a service made of a closure.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program may")]

use std::{
    env,
    error::Error,
    time::{Duration, SystemTime},
};

use wa_cloud::{
    AsyncTransport, Client, Config,
    api::number::Register,
    from_fn,
    life::{Drive, ledger::Memory},
    types::{AccessToken, PhoneNumberId, Pin},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [number, base @ ..] = &*arguments else {
        let service = from_fn(|_, _| async { Ok(http::Response::new(br#"{"success":true}"#.to_vec())) });
        let client = Client::with_transport(Config::new(AccessToken::new("EAAJB")?), service);
        return register(client, "106540352242922", "012345").await;
    };
    let mut config = Config::new(AccessToken::new(env::var("WA_TOKEN")?)?).timeout(Duration::from_secs(20));
    if let [base] = base {
        config = config.base(base)?;
    }
    register(wa_cloud::hyper::Client::new(config)?, number, &env::var("WA_PIN")?).await
}

async fn register(graph: Client<impl AsyncTransport>, number: &str, pin: &str) -> Result<(), Box<dyn Error>> {
    // A program that is started again keeps them in a file or a database, by `wa_cloud::store`.
    let ledger = Memory::default();
    let number = PhoneNumberId::new(number)?;
    let guarded = graph.guarded(&ledger, || SystemTime::now().into());
    guarded.send(&Register::new(&number, Pin::new(pin)?)).await?;
    println!("{number} is registered");
    Ok(())
}
