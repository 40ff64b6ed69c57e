//! The locks that the pool uses: `tests/pool_model.rs` compiles the pool with those of a model checker instead.

pub(crate) use std::sync::{Mutex, MutexGuard};
