//! The locks of a fleet. `tests/fleet_model.rs` compiles the fleet with the locks of a model checker instead.

pub(crate) use std::sync::{Mutex, MutexGuard};
