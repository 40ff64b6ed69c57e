//! The blocking transport of `wa`, over ureq.
//!
//! ```no_run
//! use wa_core::{Config, registration::Register, types::{AccessToken, PhoneNumberId, Pin}};
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let graph = wa_ureq::Client::new(Config::new(AccessToken::new("EAAJB..")?))?;
//! let number = PhoneNumberId::new("106540352242922")?;
//! graph.send(&Register::new(&number, Pin::new("012345")?))?;
//! # Ok(())
//! # }
//! ```
//!
//! A client may be used from many threads at once. It is cheap to clone, and the clones share their connections.
//!
//! [`Settings`] other than the standard ones are given to [`UreqTransport::new`]. What all faults lead to is listed in `docs/transports.md`.
//!
//! **ureq's own log is not safe at the level TRACE:** there it prints what goes over the wire, the access token and
//! the PIN included. Leave the targets `ureq` and `ureq_proto` at DEBUG or above.

#![allow(clippy::disallowed_methods, reason = "a transport looks at the clock and starts threads")]

mod connection;
mod dial;
mod pool;
mod proxy;
mod socket;
mod transport;

pub use transport::UreqTransport;
pub use wa_net::{Crypto, Roots, Settings};

/// Makes calls over ureq.
pub type Client = wa_core::blocking::Client<UreqTransport>;
