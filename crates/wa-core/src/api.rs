//! The calls: a module per family, with each call's address, content, answer and limits.

pub mod account;
mod endpoint;
pub mod media;
pub mod message;
pub mod number;
pub mod template;
pub mod upload;

pub(crate) use endpoint::endpoint;

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};

#[cfg(feature = "__samples")]
pub(crate) fn samples(to: &mut impl Samples) -> samples::Result {
    account::samples(to)?;
    media::samples(to)?;
    message::samples(to)?;
    number::samples(to)?;
    template::samples(to)?;
    upload::samples(to)
}
