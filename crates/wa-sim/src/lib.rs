//! The WhatsApp Cloud API on your machine, for tests and for trying things out.
//!
//! [`Engine`] plays the life of business phone numbers: codes, PINs, registration with its ten attempts in 72 hours,
//! migration, name reviews, storage regions, messages, webhooks. It does no IO and has no clock: a request and a moment
//! go in, an answer and what is to be done with the connection come out. The same [`State`] and the same requests give
//! the same [`Journal`], byte for byte.
//!
//! [`InProcess`] puts an engine under the clients of `wa-core`, without a socket. `TestServer`, of the feature `server`,
//! puts it on one, and the program `wa-sim` is that server by itself.
//!
//! It shares no encoder and no decoder with the client: it reads plain JSON and judges by rules written from Meta's
//! documents, so that one misunderstanding cannot pass on both sides.

mod attempts;
mod calls;
mod control;
mod draft;
mod engine;
mod error_style;
mod event;
mod fault;
mod in_process;
mod journal;
mod magic;
mod number;
mod operation;
mod params;
mod path;
mod person;
mod plain;
mod received;
mod render;
mod reply;
mod rng;
mod rules;
#[cfg(feature = "server")]
mod server;
mod state;
mod time;
mod version;
mod webhook;

pub use attempts::Attempts;
pub use control::{Control, ControlError, NameDecision, Outcome};
pub use engine::Engine;
pub use event::{Event, SyncPart};
pub use fault::{Fault, FaultRule, InvalidFault, Moment};
pub use in_process::InProcess;
pub use journal::{Counts, Entry, Journal};
pub use magic::{MAGIC, Magic};
pub use number::{
    Backup, Ban, BusinessApp, Code, Lagging, NewName, Number, Official, OnPremises, PastMessage, Pin, Quality,
    SentCode, Settings, Storage,
};
pub use operation::Operation;
pub use received::Received;
pub use reply::{Carriage, Reply};
pub use rng::Rng;
pub use rules::{
    Counting, ErrorStyle, NameReview, RegisterOnBusinessApp, RegisterOutcome, RemovedMember, Rules, UserIds,
};
#[cfg(feature = "server")]
pub use server::{EngineGuard, ServerOptions, TestServer};
pub use state::{Account, App, Budget, Callback, InvalidScenario, Override, Review, State, Template, Token};
pub use time::Time;
pub use webhook::{Delivery, DeliveryState, Handshake, Webhooks, sign};
