//! Runs against the simulator: what becomes of a number, whatever goes wrong on the way.

#![allow(clippy::disallowed_methods, reason = "tests start threads")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod clocks;
mod doubts;
mod durable;
mod faults;
mod fleet;
mod goals;
mod killed;
mod schedules;
mod spans;
#[allow(dead_code, unused_imports, reason = "its own tests need more of it")]
#[path = "../../crates/wa-ledger/tests/stores/support/mod.rs"]
mod stores;
mod together;
mod total;
mod workers;
mod world;
