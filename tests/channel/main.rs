//! The two channels of the examples, on sockets, against the simulated service: the same conversations over both.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "tests start threads, and the examples tell")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![allow(clippy::duplicate_mod, reason = "both examples have the same demo")]

#[path = "../../examples/channel.rs"]
#[allow(dead_code, reason = "it is a program")]
mod asynchronous;
#[path = "../../examples/channel_blocking.rs"]
#[allow(dead_code, reason = "it is a program")]
mod blocking;

use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use wa_cloud::{
    Config,
    types::{AccessToken, AppSecret, MessageId, VerifyToken, webhook::DeliveryStatus},
    webhook::Receiver,
};
use wa_sim::{DeliveryState, Engine, Fault, FaultRule, Operation, State, TestServer};

type Statuses = Arc<Mutex<BTreeMap<MessageId, DeliveryStatus>>>;
type Serve = fn(TcpListener, Config, Receiver, PathBuf, Statuses);

fn asynchronously(listener: TcpListener, config: Config, receiver: Receiver, inbox: PathBuf, statuses: Statuses) {
    listener.set_nonblocking(true).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        asynchronous::serve(listener, config, receiver, inbox, statuses).await.unwrap();
    });
}

fn blocking(listener: TcpListener, config: Config, receiver: Receiver, inbox: PathBuf, statuses: Statuses) {
    blocking::serve(&listener, config, receiver, &inbox, statuses).unwrap();
}

macro_rules! conversations {
    ($($test:ident),+ $(,)?) => {
        mod over_axum {
            $(#[test]
            fn $test() {
                super::$test(super::asynchronously);
            })+
        }

        mod over_threads {
            $(#[test]
            fn $test() {
                super::$test(super::blocking);
            })+
        }
    };
}

conversations![
    a_message_that_is_delivered_three_times_is_answered_once,
    another_process_knows_what_was_answered,
    an_answer_that_may_have_left_is_not_sent_again,
    an_answer_that_is_refused_for_a_while_is_sent_again,
    an_answer_that_is_refused_for_good_is_not_sent_again,
    a_picture_is_downloaded_and_a_tap_is_reacted_to,
    a_forged_delivery_is_refused,
    statuses_may_come_in_any_order,
];

fn a_message_that_is_delivered_three_times_is_answered_once(serve: Serve) {
    let conversation = Conversation::start(serve);
    conversation.write("hello");
    for _ in 0..2 {
        conversation.service.engine().duplicate(0).unwrap();
    }
    conversation.until(|engine| accepted(engine) == 3);
    conversation.write("another");
    conversation.until(|engine| accepted(engine) == 4);
    assert_eq!(conversation.answers(), 2);
}

fn another_process_knows_what_was_answered(serve: Serve) {
    let conversation = Conversation::start(serve);
    conversation.write("hello");
    conversation.until(|engine| accepted(engine) == 1);

    let other = conversation.listen(serve);
    let mut engine = conversation.service.engine();
    let copy = engine.duplicate(0).unwrap();
    engine.state_mut().webhooks.deliveries.get_mut(&copy).unwrap().url = other;
    drop(engine);
    conversation.until(|engine| accepted(engine) == 2);
    assert_eq!(conversation.answers(), 1);
}

fn an_answer_that_may_have_left_is_not_sent_again(serve: Serve) {
    let conversation = Conversation::start(serve);
    let lost = FaultRule::new(Fault::Close).after().on(Operation::SendMessage).times(1);
    conversation.service.engine().state_mut().faults.push(lost);
    conversation.write("hello");
    conversation.service.engine().duplicate(0).unwrap();
    conversation.until(|engine| accepted(engine) == 2);
    assert_eq!(conversation.answers(), 1);
}

fn an_answer_that_is_refused_for_a_while_is_sent_again(serve: Serve) {
    let conversation = Conversation::start(serve);
    conversation.refuse_once(429, 130_429);
    conversation.write("hello");
    conversation.until(|engine| tries(engine) == (DeliveryState::Waiting, 1));
    conversation.service.advance(Duration::from_secs(61));
    conversation.until(|engine| tries(engine) == (DeliveryState::Accepted, 2));
    assert_eq!(conversation.answers(), 2);
}

fn an_answer_that_is_refused_for_good_is_not_sent_again(serve: Serve) {
    let conversation = Conversation::start(serve);
    conversation.refuse_once(400, 131_047);
    conversation.write("hello");
    conversation.service.engine().duplicate(0).unwrap();
    conversation.until(|engine| accepted(engine) == 2);
    assert_eq!(conversation.answers(), 1);
}

fn a_picture_is_downloaded_and_a_tap_is_reacted_to(serve: Serve) {
    let conversation = Conversation::start(serve);
    conversation.send(json!({"type": "image", "image": {"mime_type": "image/png", "data": "iVBORw0KGgo="}}));
    conversation.until(|engine| accepted(engine) == 1);
    conversation.send(json!({"type": "interactive", "interactive": {
        "type": "button_reply", "button_reply": {"id": "yes", "title": "I do"},
    }}));
    conversation.until(|engine| accepted(engine) == 2);
    assert_eq!(conversation.calls("message.mark_read"), 2);
    let engine = conversation.service.engine();
    let sent: Vec<_> = engine.journal().entries().filter(|entry| entry.request["type"].is_string()).collect();
    // The file has eight bytes.
    let [text, reaction] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(text.request["text"]["body"], "Your picture has 8 bytes.");
    assert_eq!(reaction.request["reaction"]["emoji"], "👍");
}

fn a_forged_delivery_is_refused(serve: Serve) {
    let conversation = Conversation::start(serve);
    let mut engine = conversation.service.engine();
    engine.receive_text(State::NUMBER, "16505551234", "hello").unwrap();
    engine.tamper(0).unwrap();
    drop(engine);
    conversation.until(|engine| tries(engine) == (DeliveryState::Waiting, 1));
    assert_eq!(conversation.answers(), 0);
}

fn statuses_may_come_in_any_order(serve: Serve) {
    let conversation = Conversation::start(serve);
    for text in ["a", "b", "c", "d"] {
        conversation.write(text);
    }
    conversation.until(|engine| accepted(engine) == 4);
    let mut engine = conversation.service.engine();
    let later = engine.now() + Duration::from_secs(61);
    engine.advance(later);
    engine.reorder();
    drop(engine);
    conversation.service.advance(Duration::from_secs(1));
    conversation.until(|engine| accepted(engine) == 4 + 4 * 3);
    let statuses: Vec<_> = conversation.statuses.lock().unwrap().values().cloned().collect();
    assert_eq!(statuses, [(); 4].map(|()| DeliveryStatus::Read));
}

/// A channel, and the service that it talks to.
struct Conversation {
    service: TestServer,
    folder: TempDir,
    statuses: Statuses,
}

impl Conversation {
    fn start(serve: Serve) -> Self {
        let service = TestServer::start(State::demo(1)).unwrap();
        let conversation = Self { service, folder: tempfile::tempdir().unwrap(), statuses: Statuses::default() };
        let url = conversation.listen(serve);
        *conversation.service.engine().state_mut() = State::demo_with_callback(1, url, TOKEN);
        conversation
    }

    /// Starts a channel, and says where it listens.
    fn listen(&self, serve: Serve) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/webhook", listener.local_addr().unwrap());
        let config = Config::new(AccessToken::new(State::TOKEN).unwrap()).base(&self.service.url()).unwrap();
        let receiver = Receiver::new(&AppSecret::new("app-secret").unwrap(), VerifyToken::new(TOKEN).unwrap());
        let (inbox, statuses) = (self.inbox().to_owned(), self.statuses.clone());
        thread::spawn(move || serve(listener, config, receiver, inbox, statuses));
        url
    }

    fn inbox(&self) -> PathBuf {
        Path::new(self.folder.path()).join("channel.db")
    }

    fn send(&self, message: Value) {
        let message = message.as_object().unwrap();
        self.service.engine().receive_message(State::NUMBER, "16505551234", message).unwrap();
    }

    fn write(&self, text: &str) {
        self.service.engine().receive_text(State::NUMBER, "16505551234", text).unwrap();
    }

    /// Lets the service refuse the next message with this code.
    fn refuse_once(&self, status: u16, code: i64) {
        let error = Fault::Error { status, code, subcode: None, message: "refused".to_owned(), is_transient: false };
        let rule = FaultRule::new(error).on(Operation::SendMessage).times(1);
        self.service.engine().state_mut().faults.push(rule);
    }

    /// How many answers reached the service.
    fn answers(&self) -> u64 {
        self.calls("message.send") + self.calls("message.send_text")
    }

    /// How many calls of this name concerned the number.
    fn calls(&self, name: &str) -> u64 {
        let engine = self.service.engine();
        let counts = engine.journal().counts();
        counts.get(State::NUMBER).and_then(|calls| calls.get(name)).copied().unwrap_or_default()
    }

    fn until(&self, holds: impl Fn(&Engine) -> bool) {
        let limit = Instant::now() + Duration::from_secs(30);
        while !holds(&self.service.engine()) {
            assert!(Instant::now() < limit, "it did not come true");
            thread::yield_now();
        }
    }
}

/// How far the first delivery is, and how often it was sent.
fn tries(engine: &Engine) -> (DeliveryState, u32) {
    let delivery = &engine.state().webhooks.deliveries[&0];
    (delivery.state, delivery.tries)
}

/// How many deliveries were answered with 200.
fn accepted(engine: &Engine) -> usize {
    engine.state().webhooks.deliveries.values().filter(|delivery| delivery.state == DeliveryState::Accepted).count()
}

const TOKEN: &str = "verify-me";
