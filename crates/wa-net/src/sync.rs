//! The locks of the pool. `tests/pool_model.rs` compiles the pool with the locks of a model checker instead.

pub(crate) use std::sync::{Mutex, MutexGuard};
