//! From a call to an HTTP request.

mod body;
mod config;
mod endpoint;
mod error;
mod operation;
mod route;

pub use body::Body;
pub use config::{Config, is_loopback};
pub use endpoint::{Endpoint, Replay};
pub use error::BuildError;
pub use operation::{AttemptKind, Operation};
pub use route::{Query, Route};
