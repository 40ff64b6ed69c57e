//! The stores, each under the same contract, and each under what can go wrong with it.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]
#![allow(clippy::expect_used, reason = "tests look at the clock, start threads and processes, and tell what is wrong")]

mod audit;
mod background;
mod contract;
#[cfg(feature = "postgres")]
mod deadlines;
mod files;
mod inbox;
mod model;
mod processes;
#[cfg(target_os = "linux")]
mod replaced;
#[cfg(feature = "postgres")]
mod servers;
mod support;
mod upgrades;
