//! The calls: a module per family, with each call's address, content, answer and limits.

pub mod account;
pub mod message;
pub mod number;
