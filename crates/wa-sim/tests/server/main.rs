//! The simulator on real sockets, as programs meet it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test looks at the clock and starts threads")]

mod callback;
mod carriage;
mod clients;
mod control;
mod files;
mod http1;
mod limits;
mod media;
mod program;
mod raw;
mod webhooks;
