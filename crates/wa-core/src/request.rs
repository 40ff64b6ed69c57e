//! From a call to an HTTP request.

mod body;
mod build;
mod config;
mod endpoint;
mod error;
mod multipart;
mod operation;
mod route;

pub use body::{Body, Chunk, File, FileBytes};
pub use config::{Config, is_loopback};
pub use endpoint::{Authorization, Endpoint, Replay};
pub use error::BuildError;
pub use operation::{AttemptKind, Operation};
pub use route::{Host, Query, Route};
