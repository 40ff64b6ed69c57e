//! The protocol between a run, a ledger and a transport, as somebody outside sees it: public items only.
//!
//! Whatever is cancelled, killed or lost between two operations, the service sees no request too many, and every run ends.
//! The simulator's journal is the judge.

#![allow(clippy::disallowed_methods, reason = "tests start threads")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail, and says how many cases it tried")]

mod cases;
mod fleet;
mod foreign;

mod generated;
mod guarded;
mod judge;
mod ours;
mod script;
mod service;
mod several;
mod stack;
mod suite;
