//! The service, simulated on a socket of this machine, and a person who writes to the channel.

use std::{
    collections::BTreeMap,
    error::Error,
    net::SocketAddr,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use tempfile::TempDir;
use wa_cloud::{
    Config,
    types::{AccessToken, AppSecret, MessageId, VerifyToken, webhook::DeliveryStatus},
    webhook::Receiver,
};
use wa_sim::{State, TestServer};

pub(crate) struct Demo {
    service: TestServer,
    pub(crate) folder: TempDir,
    pub(crate) config: Config,
    pub(crate) receiver: Receiver,
}

impl Demo {
    /// Starts the service, which delivers to the channel at this address.
    pub(crate) fn start(channel: SocketAddr) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let url = format!("http://{channel}/webhook");
        let service = TestServer::start(State::demo_with_callback(1, url, "verify-me"))?;
        let config = Config::new(AccessToken::new(State::TOKEN)?).base(&service.url())?;
        let receiver = Receiver::new(&AppSecret::new("app-secret")?, VerifyToken::new("verify-me")?);
        Ok(Self { service, folder: tempfile::tempdir()?, config, receiver })
    }

    /// Writes to the channel, sends it a picture, taps on a button, and waits until two answers were read.
    pub(crate) fn converse(
        &self,
        statuses: &Mutex<BTreeMap<MessageId, DeliveryStatus>>,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let limit = Instant::now() + Duration::from_secs(30);
        for message in [
            json!({"type": "text", "text": {"body": "hello"}}),
            json!({"type": "image", "image": {"mime_type": "image/png", "data": "iVBORw0KGgo="}}),
            json!({"type": "interactive", "interactive": {
                "type": "button_reply", "button_reply": {"id": "like", "title": "I like it"},
            }}),
        ] {
            let message = message.as_object().cloned().unwrap_or_default();
            self.service.engine().receive_message(State::NUMBER, "16505551234", &message)?;
        }
        let read = |all: &BTreeMap<_, _>| all.values().filter(|status| **status == DeliveryStatus::Read).count();
        while statuses.lock().is_ok_and(|all| read(&all) < 2) {
            if Instant::now() > limit {
                return Err("the answers were not read".into());
            }
            self.service.advance(Duration::from_secs(1));
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}
