//! Business phone numbers: registering and verifying, what can be read, and their settings.

mod automation;
mod block_list;
mod coexistence;
mod official;
mod profile;
mod read;
mod register;
mod settings;
mod update;
mod verify;

pub use automation::*;
pub use block_list::*;
pub use coexistence::*;
pub use official::*;
pub use profile::*;
pub use read::*;
pub use register::*;
pub use settings::*;
pub use update::*;
pub use verify::*;

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    automation::samples(to)?;
    block_list::samples(to)?;
    coexistence::samples(to)?;
    official::samples(to)?;
    profile::samples(to)?;
    read::samples(to)?;
    register::samples(to)?;
    settings::samples(to)?;
    update::samples(to)?;
    verify::samples(to)?;
    Ok(())
}
