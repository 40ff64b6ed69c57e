//! The asynchronous transport of `wa`, over hyper and tokio.
//!
//! ```no_run
//! use wa_core::{Config, api::number::Register, types::{AccessToken, PhoneNumberId, Pin}};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let graph = wa_hyper::Client::new(Config::new(AccessToken::new("EAAJB..")?))?;
//! let number = PhoneNumberId::new("106540352242922")?;
//! graph.send(&Register::new(&number, Pin::new("012345")?)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Any runtime will do. Under tokio, connections belong to the caller's runtime, of either flavour; otherwise they are
//! driven by a thread of this crate. A client is cheap to clone, and the clones share their connections.
//!
//! Pass [`Settings`] other than the default ones to [`HyperTransport::new`]. `docs/transports.md` in the repository lists how
//! a call ends under each fault.

#![allow(clippy::disallowed_methods, reason = "a transport looks at the clock and starts threads")]

mod body;
mod connection;
mod dial;
mod pool;
mod proxy;
mod runtime;
mod socket;
mod transport;

pub use transport::HyperTransport;
pub use wa_net::{Crypto, Roots, Settings};

/// Makes calls over hyper.
pub type Client = wa_core::Client<HyperTransport>;
