//! Answers the service's handshake, then checks and reads what it delivers. Any HTTP server will do around it.
//!
//! `cargo run --example receive_webhooks`

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program may")]

use std::error::Error;

use wa_cloud::{
    types::{AppSecret, VerifyToken, webhook::InboundContent},
    webhook::{Change, Handshake, Unverified, Verifier},
};

fn main() -> Result<(), Box<dyn Error>> {
    let verifier = Verifier::new(&AppSecret::new("app-secret")?);

    println!("{}", handshake("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=my-token")?);

    // What the service would send, signed as it does.
    let body = br#"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","time":1739321024,"changes":[
        {"field":"phone_number_name_update","value":{"decision":"APPROVED","requested_verified_name":"Lucky Shrub"}},
        {"field":"messages","value":{"metadata":{"phone_number_id":"106540352242922"},
            "contacts":[{"wa_id":"16505551234","user_id":"US.1","profile":{"name":"Ana"}}],"messages":[
            {"id":"wamid.1","from":"16505551234","from_user_id":"US.1","text":{"body":"Is it open?"},"type":"text"},
            {"id":"wamid.2","from_user_id":"US.1","image":{"id":"1003383421387256"},"type":"image"}]}},
        {"field":"brand_new_field","value":{"more":1}}]}]}"#;
    let signature = verifier.sign(body);
    receive(&verifier, &signature, body)?;

    // Somebody else's delivery is refused before it is read.
    match receive(&verifier, &signature, br#"{"object":"whatsapp_business_account","entry":[{}]}"#) {
        Ok(()) => println!("a forged delivery was taken"),
        Err(error) => println!("refused: {error}"),
    }
    Ok(())
}

/// `GET`: the query in, the text to answer out.
fn handshake(query: &str) -> Result<String, Box<dyn Error>> {
    Ok(Handshake::from_query(query)?.answer(&VerifyToken::new("my-token")?)?)
}

/// `POST`: the header `X-Hub-Signature-256` and the bytes as they came.
fn receive(verifier: &Verifier, signature: &str, body: &[u8]) -> Result<(), Box<dyn Error>> {
    let delivery = Unverified::new(Some(signature.as_bytes()), body).verify(verifier)?;
    let events = delivery.events()?;
    println!("a delivery of {} events", events.len());
    for event in events {
        // Deliveries repeat: note the key of what was handled, and do nothing twice.
        print!("{}: ", event.key());
        let name = event.contact.as_ref().and_then(|contact| contact.name()).unwrap_or("somebody");
        match &event.change {
            Change::Message(message) => match &message.content {
                InboundContent::Text(text) => println!("{name} wrote {:?}", text.body),
                content => println!("{name} sent: {}", content.kind()),
            },
            Change::NameUpdate(update) => println!("the name review: {}", update.decision),
            Change::Status(status) => println!("{} is {}", status.id, status.status),
            _ => println!("{} says {}", event.field, event.raw),
        }
    }
    Ok(())
}
