//! The stores, each under the same contract, and each under what can go wrong with it.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests look at the clock and start threads")]

mod audit;
mod background;
mod contract;
mod files;
mod model;
mod processes;
#[cfg(feature = "postgres")]
mod servers;
mod support;
