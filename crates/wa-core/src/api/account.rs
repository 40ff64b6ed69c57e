//! WhatsApp Business Accounts: their numbers, and who receives their webhooks.

mod numbers;
mod subscription;

pub use numbers::*;
pub use subscription::*;

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    numbers::samples(to)?;
    subscription::samples(to)?;
    Ok(())
}
