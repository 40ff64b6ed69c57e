//! The two-way channel of `channel.rs` without futures and without a web framework: any blocking HTTP server will do.
//! `WA_TOKEN=.. WA_APP_SECRET=.. WA_VERIFY_TOKEN=.. cargo run --features sqlite,ureq --example channel_blocking -- 0.0.0.0:8080`
//! Without arguments somebody writes to it through a simulated service.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program may")]

#[path = "support/demo.rs"]
mod demo;
#[path = "support/http_server.rs"]
mod http_server;

use std::{
    collections::BTreeMap,
    env,
    io::Read,
    net::TcpListener,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, SystemTime},
};

use http::{Request, StatusCode};
use wa_cloud::{
    Config, Outcome,
    api::{
        media::ReadMedia,
        message::{AnyContent, Button, Buttons, MarkRead, Reaction, SendMessage, Text},
    },
    store::Sqlite,
    types::{
        AccessToken, AppSecret, MessageId, PhoneNumberId, RetryClass, VerifyToken,
        webhook::{DeliveryStatus, InboundContent, InboundMedia, InboundMessage, StatusUpdate},
    },
    ureq::Client,
    webhook::{Accepted, Change, Claim, Event, Inbox, Receiver, Refusal},
};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// How far each answer has come. A program that runs for long keeps this in its database.
pub(crate) type Statuses = Arc<Mutex<BTreeMap<MessageId, DeliveryStatus>>>;

fn main() -> Result<(), Error> {
    let Some(address) = env::args().nth(1) else { return demo() };
    let secret = AppSecret::new(env::var("WA_APP_SECRET")?)?;
    let receiver = Receiver::new(&secret, VerifyToken::new(env::var("WA_VERIFY_TOKEN")?)?);
    let config = Config::new(AccessToken::new(env::var("WA_TOKEN")?)?).timeout(Duration::from_secs(10));
    serve(&TcpListener::bind(address)?, config, receiver, "channel.db".as_ref(), Statuses::default())
}

pub(crate) fn serve(
    listener: &TcpListener,
    config: Config,
    receiver: Receiver,
    inbox: &Path,
    statuses: Statuses,
) -> Result<(), Error> {
    let channel = Channel { graph: Client::new(config)?, receiver, inbox: Sqlite::open(inbox)?, statuses };
    http_server::serve(listener, |request, body| channel.respond(request, body));
    Ok(())
}

struct Channel {
    graph: Client,
    receiver: Receiver,
    inbox: Sqlite,
    statuses: Statuses,
}

impl Channel {
    /// 200 says that all is done. After anything else the delivery is repeated, but what is done is not done again.
    fn respond(&self, request: &Request<()>, body: &mut dyn Read) -> Result<String, StatusCode> {
        let delivery = match self.receiver.accept(request).map_err(Refusal::status)? {
            Accepted::Handshake(challenge) => return Ok(challenge),
            Accepted::Delivery(delivery) => delivery,
        };
        let mut bytes = Vec::new();
        body.read_to_end(&mut bytes).map_err(|_| StatusCode::REQUEST_TIMEOUT)?;
        let mut answer = Ok(String::new());
        for event in delivery.receive(&bytes).map_err(Refusal::status)? {
            let (key, now) = (event.key(), || SystemTime::now().into());
            match self.inbox.process(&key, LEASE, now, || self.handle(&event)) {
                Ok(Claim::New(()) | Claim::AlreadyDone) => {}
                Ok(Claim::InProgress { .. }) => answer = Err(StatusCode::SERVICE_UNAVAILABLE),
                Err(error) => {
                    println!("{key}: {error}");
                    answer = Err(StatusCode::INTERNAL_SERVER_ERROR);
                }
            }
        }
        answer
    }

    fn handle(&self, event: &Event<'_>) -> Result<(), Error> {
        match (&event.change, &event.number) {
            (Change::Message(message), Some(number)) => match self.answer(number, message) {
                // What may have been sent, or would be refused again, is over; else the service repeats the delivery.
                Err(error) if !is_passing(&error) => println!("{}: {error}. {}", event.key(), error.advice().step),
                done => done?,
            },
            (Change::Status(status), _) if status.payment.is_none() => self.note(status),
            _ => {}
        }
        Ok(())
    }

    fn answer(&self, number: &PhoneNumberId, message: &InboundMessage) -> Result<(), wa_cloud::Error> {
        let Some(to) = message.reply_target() else { return Ok(()) };
        let content: AnyContent = match &message.content {
            InboundContent::Text(_) => Buttons::new("Do you like it here?", [Button::new("yes", "I do")]).into(),
            InboundContent::Image(InboundMedia { id: Some(id), .. }) => {
                let info = self.graph.send(&ReadMedia::new(id))?;
                let picture = self.graph.send(&info.download())?;
                Text::new(format!("Your picture has {} bytes.", picture.bytes.len())).into()
            }
            InboundContent::Interactive(_) => Reaction::new(message.id.clone(), "👍").into(),
            _ => return Ok(()),
        };
        let _ = self.graph.send(&MarkRead::new(number, &message.id).typing());
        self.graph.send(&SendMessage::new(number, to, content)).map(drop)
    }

    /// Statuses come in any order, even before the answer to the call: the furthest counts.
    fn note(&self, update: &StatusUpdate) {
        let mut statuses = self.statuses.lock().unwrap_or_else(PoisonError::into_inner);
        let status = statuses.entry(update.id.clone()).or_insert_with(|| update.status.clone());
        if update.status.supersedes(status) {
            *status = update.status.clone();
        }
        println!("{} is {status}", update.id);
    }
}

fn is_passing(error: &wa_cloud::Error) -> bool {
    (error.operation().is_read || error.outcome() != Outcome::Unknown)
        && matches!(error.advice().retry, RetryClass::Wait | RetryClass::Backoff)
}

fn demo() -> Result<(), Error> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let (demo, statuses) = (demo::Demo::start(listener.local_addr()?)?, Statuses::default());
    let (config, receiver, inbox) = (demo.config.clone(), demo.receiver.clone(), demo.folder.path().join("channel.db"));
    let told = statuses.clone();
    thread::spawn(move || serve(&listener, config, receiver, &inbox, told).unwrap_or_else(|error| println!("{error}")));
    demo.converse(&statuses)
}

/// Longer than work ever takes. If the process dies at it, the repeated delivery is worked on after that.
const LEASE: Duration = Duration::from_secs(300);
