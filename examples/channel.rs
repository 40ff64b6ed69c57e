//! A two-way channel over axum: people write, it answers, and it follows what becomes of its answers.
//!
//! `WA_TOKEN=.. WA_APP_SECRET=.. WA_VERIFY_TOKEN=.. cargo run --features axum,hyper,sqlite --example channel -- 0.0.0.0:8080`
//! Without arguments somebody writes to it through a simulated service.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program may")]

#[path = "support/demo.rs"]
mod demo;

use std::{
    collections::BTreeMap,
    env,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use axum::{Router, http::StatusCode, routing::get};
use tokio::net::TcpListener;
use wa_cloud::{
    Config, Outcome,
    api::{
        media::ReadMedia,
        message::{AnyContent, Button, Buttons, MarkRead, Reaction, SendMessage, Text},
    },
    hyper::Client,
    receive::{Events, handshake},
    store::{Background, Sqlite},
    types::{
        AccessToken, AppSecret, MessageId, PhoneNumberId, RetryClass, VerifyToken,
        webhook::{DeliveryStatus, InboundContent, InboundMedia, InboundMessage, StatusUpdate},
    },
    webhook::{AsyncInbox, Change, Claim, Event, Receiver},
};

type Error = Box<dyn std::error::Error + Send + Sync>;

/// How far each answer has come. A program that runs for long keeps this in its database.
pub(crate) type Statuses = Arc<Mutex<BTreeMap<MessageId, DeliveryStatus>>>;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let Some(address) = env::args().nth(1) else { return demo().await };
    let secret = AppSecret::new(env::var("WA_APP_SECRET")?)?;
    let receiver = Receiver::new(&secret, VerifyToken::new(env::var("WA_VERIFY_TOKEN")?)?);
    let config = Config::new(AccessToken::new(env::var("WA_TOKEN")?)?).timeout(Duration::from_secs(10));
    serve(TcpListener::bind(address).await?, config, receiver, "channel.db".into(), Statuses::default()).await
}

pub(crate) async fn serve(
    listener: TcpListener,
    config: Config,
    receiver: Receiver,
    inbox: PathBuf,
    statuses: Statuses,
) -> Result<(), Error> {
    let inbox = Background::open(move || Sqlite::open(inbox)).await?;
    let channel = Arc::new(Channel { graph: Client::new(config)?, inbox, statuses });
    let receive = async move |Events(events): Events| {
        // A task of its own goes on when the service hangs up before it has its answer.
        let work = tokio::spawn(async move { channel.receive(&events).await });
        work.await.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    };
    let app = Router::new().route("/webhook", get(handshake).post(receive)).with_state(Arc::new(receiver));
    Ok(axum::serve(listener, app).await?)
}

struct Channel {
    graph: Client,
    inbox: Background<Sqlite>,
    statuses: Statuses,
}

impl Channel {
    /// 200 says that all is done. After anything else the delivery is repeated, but what is done is not done again.
    async fn receive(&self, events: &[Event<'_>]) -> StatusCode {
        let mut answer = StatusCode::OK;
        for event in events {
            let (key, now) = (event.key(), || SystemTime::now().into());
            match self.inbox.process(&key, LEASE, now, self.handle(event)).await {
                Ok(Claim::New(()) | Claim::AlreadyDone) => {}
                Ok(Claim::InProgress { .. }) => answer = StatusCode::SERVICE_UNAVAILABLE,
                Err(error) => {
                    println!("{key}: {error}");
                    answer = StatusCode::INTERNAL_SERVER_ERROR;
                }
            }
        }
        answer
    }

    async fn handle(&self, event: &Event<'_>) -> Result<(), Error> {
        match (&event.change, &event.number) {
            (Change::Message(message), Some(number)) => match self.answer(number, message).await {
                // What may have been sent, or would be refused again, is over; else the service repeats the delivery.
                Err(error) if !is_passing(&error) => println!("{}: {error}. {}", event.key(), error.advice().step),
                done => done?,
            },
            (Change::Status(status), _) if status.payment.is_none() => self.note(status),
            _ => {}
        }
        Ok(())
    }

    async fn answer(&self, number: &PhoneNumberId, message: &InboundMessage) -> Result<(), wa_cloud::Error> {
        let Some(to) = message.reply_target() else { return Ok(()) };
        let content: AnyContent = match &message.content {
            InboundContent::Text(_) => Buttons::new("Do you like it here?", [Button::new("yes", "I do")]).into(),
            InboundContent::Image(InboundMedia { id: Some(id), .. }) => {
                let info = self.graph.send(&ReadMedia::new(id)).await?;
                let picture = self.graph.send(&info.download()).await?;
                Text::new(format!("Your picture has {} bytes.", picture.bytes.len())).into()
            }
            InboundContent::Interactive(_) => Reaction::new(message.id.clone(), "👍").into(),
            _ => return Ok(()),
        };
        let _ = self.graph.send(&MarkRead::new(number, &message.id).typing()).await;
        self.graph.send(&SendMessage::new(number, to, content)).await.map(drop)
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

async fn demo() -> Result<(), Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (demo, statuses) = (demo::Demo::start(listener.local_addr()?)?, Statuses::default());
    let (config, receiver, inbox) = (demo.config.clone(), demo.receiver.clone(), demo.folder.path().join("channel.db"));
    tokio::spawn(serve(listener, config, receiver, inbox, statuses.clone()));
    tokio::task::spawn_blocking(move || demo.converse(&statuses)).await?
}

/// Longer than work ever takes. If the process dies at it, the repeated delivery is worked on after that.
const LEASE: Duration = Duration::from_secs(300);
