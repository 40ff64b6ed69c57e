//! The blocking transport of `wa`, over ureq.
//!
//! ```no_run
//! use wa_core::{Config, api::number::Register, types::{AccessToken, PhoneNumberId, Pin}};
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
//! Pass [`Settings`] other than the default ones to [`UreqTransport::new`]. `docs/transports.md` in the repository lists how a
//! call ends under each fault.
//!
//! **ureq's own log shows secrets at the level TRACE:** it prints all bytes sent, the access token and the PIN included.
//! Keep the targets `ureq` and `ureq_proto` at DEBUG or above.

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
