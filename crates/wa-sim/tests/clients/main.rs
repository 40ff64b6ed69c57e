//! Clients of other makers, as their registries have them, against the simulator over TLS.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test starts programs")]

mod client;
mod life;
mod messages;
