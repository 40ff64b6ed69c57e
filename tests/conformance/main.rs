//! The requirements of both transports: the same tests run over each of them, against a server that plays scripts on raw TCP
//! and TLS.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "tests look at the clock and start threads")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod adapters;
mod canary;
mod certificates;
mod dial;
mod faults;
mod files;
mod idle;
mod proxies;
mod reuse;
mod server;
mod settings;
mod table;
mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tests that measure time or load the machine run one after another.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}
