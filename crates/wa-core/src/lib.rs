//! The WhatsApp Cloud API without IO.
//!
//! [`Config::request`] turns a call into an [`http::Request`], [`parse`] turns the [`http::Response`] back into a typed
//! answer. [`Client`] and [`blocking::Client`] do both over a transport of your choice.
//!
//! The calls are in [`api`], a module per family. What the service sends by itself is in [`webhook`].
//!
//! The examples name this crate. With the crate `wa-cloud`, which re-exports all of it, write `wa_cloud` for `wa_core`.
//!
//! # Features
//!
//! - `tracing`: a span for every try of a call, `wa.call`, with OpenTelemetry's names for what HTTP has. It holds no
//!   secret, no body and no query.
//! - `mock`: `MockTransport` and `MockAsyncTransport`, made by mockall, for tests of what is built on the clients:
#![cfg_attr(feature = "mock", doc = "```")]
#![cfg_attr(not(feature = "mock"), doc = "```ignore")]
//! use wa_core::{Config, MockTransport, blocking::Client, api::number::Deregister};
//! use wa_core::types::{AccessToken, PhoneNumberId};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut transport = MockTransport::new();
//! transport
//!     .expect_send()
//!     .withf(|request, _| request.uri().path().ends_with("/deregister"))
//!     .times(1)
//!     .returning(|_, _| Ok(http::Response::new(br#"{"success":true}"#.to_vec())));
//!
//! let graph = Client::with_transport(Config::new(AccessToken::new("EAAJB..")?), transport);
//! graph.send(&Deregister::new(&PhoneNumberId::new("106540352242922")?))?;
//! # Ok(())
//! # }
//! ```

pub mod api;
pub mod blocking;
mod client;
mod exchange;
mod json;
mod pager;
mod request;
mod response;
mod retry;
#[cfg(feature = "__samples")]
#[doc(hidden)]
pub mod samples;
mod trace;
mod transport;
mod upload;
pub mod webhook;

#[cfg(test)]
mod testing;

pub use client::{Client, Pages};
pub use pager::{Cursor, Paged, Pager};
pub use request::{
    AttemptKind, Authorization, Body, BuildError, Chunk, Config, Endpoint, File, FileBytes, Host, Operation, Query,
    Replay, Route, is_loopback,
};
pub use response::{
    Advice, Answer, ApiError, CertificateCause, Decode, DecodeError, DecodeFailure, Error, ErrorBody, Outcome,
    RawAnswer, Success, Usage, parse, parse_for, parse_full,
};
pub use retry::Retry;
pub use transport::{
    AsyncTransport, CallLimits, FromFn, Transport, TransportError, TransportErrorKind, TryDefault, from_fn,
};
#[cfg(feature = "mock")]
pub use transport::{MockAsyncTransport, MockTransport};
pub use upload::{Upload, UploadStep};
pub use wa_types as types;
pub use wa_types::Timestamp;
