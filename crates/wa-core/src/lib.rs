//! The WhatsApp Cloud API without IO.
//!
//! [`Config::request`] turns a call into an [`http::Request`], [`parse`] turns the [`http::Response`] back into a typed
//! answer. [`Client`] and [`blocking::Client`] do both over a transport of your choice.
//!
//! Calls stand in a module per family: [`registration`], [`verification`], [`number`], [`settings`], [`automation`],
//! [`official`], [`profile`], [`subscription`], [`message`]. What the service sends by itself is in [`webhook`].

mod advice;
pub mod blocking;
mod body;
mod client;
mod config;
mod endpoint;
mod endpoints;
mod error;
mod pager;
mod parse;
mod retry;
mod route;
mod transport;
mod usage;
pub mod webhook;

#[cfg(test)]
mod testing;

pub use advice::Advice;
pub use body::Body;
pub use client::{Client, Pages};
pub use config::Config;
pub use endpoint::{Attempt, Decode, Endpoint, Operation, Replay, Success};
pub use endpoints::{
    automation, message, number, official, profile, registration, settings, subscription, verification,
};
pub use error::{ApiError, BuildError, DecodeError, Error, ErrorBody, Outcome};
pub use pager::{Paged, Pager};
pub use parse::{Answer, parse, parse_full};
pub use retry::Retry;
pub use route::{Query, Route};
pub use transport::{AsyncTransport, FromFn, Standard, Transport, TransportError, TransportErrorKind, from_fn};
pub use usage::{AccountBudget, Budget, Usage};
pub use wa_types as types;
