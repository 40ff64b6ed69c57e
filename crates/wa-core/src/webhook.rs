//! What the service sends by itself: checked first, then read. What the changes hold is in [`types::webhook`](crate::types::webhook).
//!
//! ```
//! use wa_core::types::AppSecret;
//! use wa_core::webhook::{Change, Unverified, Verifier};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let verifier = Verifier::new(&AppSecret::new("app-secret")?);
//!
//! # let body = br#"{"object":"whatsapp_business_account","entry":[]}"#;
//! # let signature = verifier.sign(body);
//! let delivery = Unverified::new(Some(signature.as_bytes()), body).verify(&verifier)?;
//! for event in delivery.events()? {
//!     match event.change {
//!         Change::NameUpdate(update) => println!("the name review: {}", update.decision),
//!         Change::Status(status) => println!("{} is {}", status.id, status.status),
//!         _ => println!("{} says {}", event.field, event.raw),
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod change;
#[cfg(test)]
mod coverage;
mod delivery;
mod event;
mod fields;
mod handshake;
mod key;
mod signature;
#[cfg(test)]
mod vectors;

pub use change::Change;
pub use delivery::MalformedDelivery;
pub use event::Event;
pub use handshake::{Handshake, HandshakeError};
pub use key::EventKey;
pub use signature::{SignatureError, Unverified, Verified, Verifier};
