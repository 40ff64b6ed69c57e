//! Lists the numbers of an account, page by page.
//!
//! `WA_TOKEN=.. cargo run --features ureq --example list_numbers -- <account id> [<base address>]`
//! Without arguments it talks to a service made of a closure.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program may")]

use std::{env, error::Error};

use wa_cloud::{
    Body, Config, Paged, Transport,
    api::account::ListNumbers,
    blocking::Client,
    from_fn,
    types::{AccessToken, NumberField, WabaId},
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [account, base @ ..] = &*arguments else {
        let service = from_fn(|request: http::Request<Body>, _| {
            let is_second = request.uri().query().is_some_and(|query| query.contains("after=MQ"));
            Ok(http::Response::new(if is_second { SECOND } else { FIRST }.into()))
        });
        let client = Client::with_transport(Config::new(AccessToken::new("EAAJB")?), service);
        return list(&client, "102290129340398");
    };
    let mut config = Config::new(AccessToken::new(env::var("WA_TOKEN")?)?);
    if let [base] = base {
        config = config.base(base)?;
    }
    list(&wa_cloud::ureq::Client::new(config)?, account)
}

fn list(graph: &Client<impl Transport>, account: &str) -> Result<(), Box<dyn Error>> {
    let account = WabaId::new(account)?;
    let fields = [NumberField::DisplayPhoneNumber, NumberField::VerifiedName];
    for page in graph.pages(ListNumbers::new(&account).fields(fields).limit(1)) {
        for number in page?.data {
            let (phone, name) = (number.display_phone_number, number.verified_name);
            println!("{} {}", phone.unwrap_or_default(), name.unwrap_or_default());
        }
    }
    Ok(())
}

const FIRST: &str = r#"{"data":[{"id":"1","display_phone_number":"+1 631-555-1001","verified_name":"Lucky Shrub"}],
    "paging":{"cursors":{"after":"MQ"},"next":"https://graph.facebook.com/.."}}"#;
const SECOND: &str = r#"{"data":[{"id":"2","display_phone_number":"+1 631-555-1002","verified_name":"Jaspers"}],
    "paging":{"cursors":{"after":"Mg"}}}"#;
