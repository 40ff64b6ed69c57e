//! Runs over sockets, processes and durable stores. Those that need nothing but the simulator are tests of `wa-life`.

#![allow(clippy::disallowed_methods, reason = "tests start threads")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod durable;
mod durable_schedules;
mod killed;
#[path = "../../crates/wa-life/tests/life/schedules.rs"]
mod schedules;
mod spans;
#[allow(dead_code, unused_imports, reason = "its own tests need more of it")]
#[path = "../../crates/wa-ledger/tests/stores/support/mod.rs"]
mod stores;
#[allow(dead_code, reason = "the tests of runs need more of it")]
#[path = "../../crates/wa-life/tests/life/world.rs"]
mod world;
