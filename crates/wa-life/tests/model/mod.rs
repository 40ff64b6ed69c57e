//! The service as a stranger would build it from its documents, for tests of what drives a number's life.
//!
//! Nothing here knows the code under test: requests are read as HTTP and JSON, answers are built as JSON. The model
//! also judges: it records as [`Harm`] what a caller must never do, and says what the goal is truly worth
//! ([`Service::is_done`]).

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(unreachable_pub, reason = "what the tests outside of the model use is marked so")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod account;
mod answer;
mod call;
mod change;
mod done;
mod fault;
mod generate;
mod number;
mod oracle;
mod ownership;
mod register;
mod rules;
pub mod scene;
mod service;
mod settings;
mod watch;

mod edge_tests;
mod oracle_tests;
mod reference;
mod service_tests;

pub use call::Op;
pub use change::Change;
pub use fault::{Fault, Lost, Upset, When};
pub use generate::scenes;
pub use number::{Number, Ownership, Review, Storage};
pub use oracle::{Harmful, Intent};
pub use rules::{BizAppRegister, DateSkew, Rules};
pub use scene::{Aim, Scene, Start};
pub use service::Service;
