//! The locks and threads of a `Background`. `tests/background_model.rs` compiles it with those of a model checker instead.

pub(crate) use std::{
    sync::{Condvar, Mutex, MutexGuard},
    thread,
};

/// As many as a `Postgres` has connections.
pub(crate) const THREADS: usize = 4;
