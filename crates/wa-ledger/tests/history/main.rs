//! What survives when processes are killed and paused, when disks are full or fail, and when the power is cut.
//!
//! `WA_LEDGER_ROUNDS=1000 cargo test -p wa-ledger --all-features --test history` plays longer histories, and
//! `WA_LEDGER_SEED` repeats the choices of one.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]
#![allow(clippy::expect_used, reason = "tests look at the clock, start threads and processes, and tell what is wrong")]
#![cfg(target_os = "linux")]

mod disk;
mod power;
mod processes;
mod random;
mod shim;
#[allow(dead_code, unused_imports, reason = "another test uses the rest")]
#[path = "../stores/support/mod.rs"]
mod support;
mod worker;
