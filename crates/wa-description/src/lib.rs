//! Meta's description of its API as a witness in tests.
//!
//! An operation is named by verb and path template, as the document has it, and never guessed from an address: many
//! templates look alike. What the document objects to comes back as [`Complaint`]s, each with its place, and an
//! [`Excuse`] answers one of them:
//!
//! ```
//! use wa_description::{Description, Excuse, unexcused};
//!
//! let Some(description) = Description::of_meta() else {
//!     return;
//! };
//! let request = http::Request::post("/v23.0/106540352242922/request_code")
//!     .header("content-type", "application/json")
//!     .body(r#"{"code_method":"SMS","language":"zh_hk"}"#)
//!     .unwrap();
//! let complaints = description.check_request("POST /{Version}/{Phone-Number-ID}/request_code", &request);
//! let excuses = [Excuse::new("body /language: \"zh_hk\" does not match", "the guide writes it small")];
//! assert!(unexcused(&complaints, &excuses).is_empty(), "{complaints:?}");
//! ```
//!
//! Without the document, [`Description::of_meta`] returns nothing and says so on stderr.

mod body;
mod complaint;
mod document;
mod multipart;
mod parameter;
mod repair;
mod schema;

pub use complaint::{Complaint, Excuse, unexcused};
pub use document::{Description, Example};
