//! The WhatsApp Cloud API on your machine, for tests and for trying things out.
//!
//! [`Engine`] plays the life of business phone numbers: codes, PINs, registration with its ten attempts in 72 hours,
//! migration, name reviews, storage regions; and what they send and receive: messages of every kind, files, templates,
//! webhooks. It does no IO and has no clock: a request and a moment
//! go in, an answer and what is to be done with the connection come out. The same [`State`] and the same requests give
//! the same [`Journal`], byte for byte.
//!
//! [`InProcess`] puts an engine under the clients of `wa-core`, without a socket. `TestServer`, of the feature `server`,
//! puts it on one, and the program `wa-sim` is that server by itself.
//!
//! It shares no encoder and no decoder with the client: it reads plain JSON and judges by rules written from Meta's
//! documents, so that one misunderstanding cannot pass on both sides.

mod account;
mod attempts;
mod calls;
mod chat;
mod control;
mod delivery;
mod draft;
mod engine;
mod error_style;
mod event;
mod fault;
mod headers;
mod in_process;
mod journal;
mod magic;
mod media;
mod multipart;
mod number;
mod operation;
mod params;
mod parts;
mod path;
mod person;
mod plain;
mod received;
mod render;
mod reply;
mod rng;
mod rules;
mod sent;
#[cfg(feature = "server")]
mod server;
mod state;
mod template;
mod time;
mod version;
mod webhook;

pub use account::{Account, App, Budget, Callback, Override, Review, Token};
pub use attempts::Attempts;
pub use chat::ChatMessage;
pub use control::{Control, ControlError, NameDecision, Outcome};
pub use delivery::{Delivery, DeliveryState, Webhooks};
pub use engine::Engine;
pub use event::{Event, SyncPart};
pub use fault::{Fault, FaultRule, InvalidFault, Moment};
pub use in_process::InProcess;
pub use journal::{Counts, Entry, Journal};
pub use magic::{MAGIC, Magic};
pub use media::{FileBytes, Media, Upload};
pub use number::{Lagging, Number};
pub use operation::Operation;
pub use parts::{
    Backup, Ban, BusinessApp, Code, NewName, Official, OnPremises, PastMessage, Pin, Quality, SentCode, Settings,
    Storage,
};
pub use person::Person;
pub use received::Received;
pub use reply::{Carriage, Reply};
pub use rng::Rng;
pub use rules::{
    Counting, ErrorStyle, NameReview, RegisterOnBusinessApp, RegisterOutcome, RemovedMember, Rules, StatusOrder,
    UserIds,
};
#[cfg(feature = "server")]
pub use server::{EngineGuard, ServerOptions, TestServer};
pub use state::{InvalidScenario, State};
pub use template::Template;
pub use time::Time;
pub use webhook::{Handshake, sign};
