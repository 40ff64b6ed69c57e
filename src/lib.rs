//! The WhatsApp Cloud API for Rust, built around the life of a business phone number: verify, register, migrate, rename,
//! relocate, deregister.
//!
//! It gathers the crates of the project under one name: [`wa_core`]'s items stand here, [`wa_life`] is [`life`], and the
//! transports and stores come by feature. A call is a value:
//!
//! ```
//! use wa_cloud::api::number::Register;
//! use wa_cloud::types::{AccessToken, PhoneNumberId, Pin};
//! use wa_cloud::{Config, Outcome};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::new(AccessToken::new("EAAJB..")?);
//! let number = PhoneNumberId::new("106540352242922")?;
//! let register = Register::new(&number, Pin::new("012345")?);
//!
//! let request = config.request(&register)?;
//! assert_eq!(request.uri(), "https://graph.facebook.com/v23.0/106540352242922/register");
//!
//! // Send it with your own HTTP stack, then hand the answer back.
//! let body = r#"{"error":{"message":"(#133016) ..","code":133016}}"#;
//! let response = http::Response::builder().status(400).body(body)?;
//! let error = wa_cloud::parse::<Register>(response).unwrap_err();
//! assert_eq!(error.outcome(), Outcome::Rejected);
//! assert_eq!(error.advice().wait.map(|wait| wait.as_secs() / 3600), Some(72));
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "axum")]
pub mod receive;
mod terminal;

pub use terminal::Terminal;
pub use wa_core::{
    Advice, Answer, ApiError, AsyncTransport, AttemptKind, Authorization, Body, BuildError, CallLimits,
    CertificateCause, Chunk, Client, Config, Cursor, Decode, DecodeError, DecodeFailure, Endpoint, Error, ErrorBody,
    File, FileBytes, FromFn, Host, Operation, Outcome, Paged, Pager, Pages, Query, RawAnswer, Replay, Retry, Route,
    Success, Timestamp, Transport, TransportError, TransportErrorKind, TryDefault, Upload, UploadStep, Usage, api,
    blocking, from_fn, parse, parse_for, parse_full, types, webhook,
};

#[cfg(feature = "mock")]
pub use wa_core::{MockAsyncTransport, MockTransport};
/// The asynchronous transport and its client.
#[cfg(feature = "hyper")]
pub use wa_hyper as hyper;
/// Durable ledgers of attempts.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use wa_ledger as store;
/// The life of a number: goals, runs, fleets, and the ledger of attempts.
pub use wa_life as life;
/// The blocking transport and its client.
#[cfg(feature = "ureq")]
pub use wa_ureq as ureq;

#[cfg(all(doctest, feature = "postgres", feature = "sqlite"))]
#[doc = include_str!("../docs/ledger.md")]
struct Ledger;

#[cfg(all(doctest, feature = "axum"))]
#[doc = include_str!("../docs/receiving.md")]
struct Receiving;
#[cfg(all(doctest, feature = "ureq"))]
#[doc = include_str!("../docs/media.md")]
struct Media;
