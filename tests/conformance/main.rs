//! What both transports must do, from one source: the same suite runs over each of them, against a server that plays
//! scripts on raw TCP and TLS.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "tests look at the clock and start threads")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod adapters;
mod canary;
mod certificates;
mod dial;
mod faults;
mod idle;
mod proxies;
mod reuse;
mod server;
mod settings;
mod table;
mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tests that look at the clock or load the machine take turns.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}
