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

mod event;
mod handshake;
mod signature;

pub use event::{Change, Event, MalformedDelivery};
pub use handshake::{Handshake, HandshakeError};
pub use signature::{SignatureError, Unverified, Verified, Verifier};
