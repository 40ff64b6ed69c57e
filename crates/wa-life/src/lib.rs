//! The life of a number.

pub mod ledger;
mod words;
