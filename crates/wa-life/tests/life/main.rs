//! Runs against the simulator: what becomes of a number, whatever goes wrong on the way.

#![allow(clippy::disallowed_methods, reason = "tests start threads")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod clocks;
mod faults;
mod fleet;
mod goals;
mod together;
mod total;
mod unanswered;
mod workers;
mod world;
