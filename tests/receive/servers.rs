#[path = "../../examples/support/http_server.rs"]
mod http_server;

use std::{
    io::Read,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
    thread,
};

use axum::{Router, extract::FromRef, routing::get};
use http::Request;
use tokio::sync::oneshot;
use wa_cloud::{
    receive::{Events, handshake},
    types::{AppSecret, VerifyToken},
    webhook::{Accepted, Change, Event, Receiver, Refusal},
};

pub(crate) const NEW_SECRET: &str = "new-app-secret";
pub(crate) const OLD_SECRET: &str = "old-app-secret";
pub(crate) const TOKEN: &str = "my-token";

/// A callback on a socket.
pub(crate) trait Server {
    fn address(&self) -> SocketAddr;

    /// The ids of the messages that were handed on.
    fn received(&self) -> Vec<String>;
}

#[derive(Clone)]
struct State {
    receiver: Arc<Receiver>,
    received: Arc<Mutex<Vec<String>>>,
}

impl State {
    fn new() -> Self {
        let [new, old] = [NEW_SECRET, OLD_SECRET].map(|secret| AppSecret::new(secret).unwrap());
        let receiver = Receiver::new(&new, VerifyToken::new(TOKEN).unwrap()).also(&old);
        Self { receiver: Arc::new(receiver), received: Arc::default() }
    }

    fn note(&self, events: &[Event<'_>]) {
        let ids = events.iter().map(|event| match &event.change {
            Change::Message(message) => message.id.to_string(),
            change => panic!("{change:?}"),
        });
        self.received.lock().unwrap().extend(ids);
    }
}

impl FromRef<State> for Arc<Receiver> {
    fn from_ref(state: &State) -> Self {
        state.receiver.clone()
    }
}

/// The extractor and the handler of the library, in a thread. It ends with this value.
pub(crate) struct Axum {
    address: SocketAddr,
    state: State,
    _stop: oneshot::Sender<()>,
}

impl Axum {
    pub(crate) fn start(is_paused: bool) -> Self {
        let state = State::new();
        let receive = |axum::extract::State(state): axum::extract::State<State>, Events(events): Events| async move {
            state.note(&events);
        };
        let app = Router::new().route("/webhook", get(handshake).post(receive)).with_state(state.clone());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            runtime.enable_all().start_paused(is_paused).build().unwrap().block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                tokio::select! {
                    result = async { axum::serve(listener, app).await } => result.unwrap(),
                    _ = stopped => {}
                }
            });
        });
        Self { address, state, _stop: stop }
    }
}

impl Server for Axum {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn received(&self) -> Vec<String> {
        self.state.received.lock().unwrap().clone()
    }
}

/// What a program with a stack of its own writes around a [`Receiver`].
pub(crate) struct Blocking {
    address: SocketAddr,
    state: State,
}

impl Blocking {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, state) = (listener.local_addr().unwrap(), State::new());
        let server = Self { address, state: state.clone() };
        thread::spawn(move || {
            http_server::serve(&listener, |request, body| answer(request, body, &state).map_err(Refusal::status));
        });
        server
    }
}

impl Server for Blocking {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn received(&self) -> Vec<String> {
        self.state.received.lock().unwrap().clone()
    }
}

fn answer(request: &Request<()>, body: &mut dyn Read, state: &State) -> Result<String, Refusal> {
    match state.receiver.accept(request)? {
        Accepted::Handshake(challenge) => Ok(challenge),
        Accepted::Delivery(delivery) => {
            let mut bytes = Vec::new();
            body.read_to_end(&mut bytes).map_err(|_| Refusal::BrokenOff)?;
            state.note(&delivery.receive(&bytes)?);
            Ok(String::new())
        }
    }
}
