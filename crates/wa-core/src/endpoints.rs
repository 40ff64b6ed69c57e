//! The calls, one file per family with everything in it.

pub mod account;
pub mod automation;
pub mod coexistence;
pub mod message;
pub mod number;
pub mod official;
pub mod profile;
pub mod registration;
pub mod settings;
pub mod subscription;
pub mod verification;
