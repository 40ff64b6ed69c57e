//! From an HTTP response to a typed answer, or to an error that says what became of the call and what to do.

mod advice;
mod answer;
mod cause;
mod decode;
mod error;
mod parse;
mod usage;

pub use advice::Advice;
pub use answer::{ApiError, DecodeError, ErrorBody, RawAnswer};
pub use cause::CertificateCause;
pub use decode::{Decode, DecodeFailure, Success};
pub use error::{Error, Outcome};
pub use parse::{Answer, parse, parse_for, parse_full};
pub use usage::Usage;

#[cfg(feature = "tracing")]
pub(crate) use parse::error_in;
