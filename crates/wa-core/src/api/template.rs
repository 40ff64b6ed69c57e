//! Message templates: creating and changing them, reading them, how they do.

mod analytics;
mod archive;
mod authentication;
mod bulk;
mod button;
mod carousel;
mod compare;
mod component;
mod components;
mod create;
mod delete;
mod edit;
mod figures;
mod fill;
mod from_library;
mod library;
mod list;
#[cfg(test)]
mod manage;
mod migrate;
mod needs;
mod period;
mod read;
#[cfg(test)]
mod refusals;
mod text;
#[cfg(test)]
mod vectors;
mod wire;

use std::fmt;

pub use analytics::*;
pub use archive::*;
pub use authentication::*;
pub use bulk::*;
pub use button::*;
pub use compare::*;
pub use component::*;
pub use components::*;
pub use create::*;
pub use delete::*;
pub use edit::*;
pub use figures::*;
pub use from_library::*;
pub use library::*;
pub use list::*;
pub use migrate::*;
pub use needs::*;
pub use period::*;
pub use read::*;
pub use text::*;

use crate::BuildError;
#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    analytics::samples(to)?;
    archive::samples(to)?;
    bulk::samples(to)?;
    compare::samples(to)?;
    create::samples(to)?;
    delete::samples(to)?;
    edit::samples(to)?;
    from_library::samples(to)?;
    library::samples(to)?;
    list::samples(to)?;
    migrate::samples(to)?;
    read::samples(to)?;
    Ok(())
}

/// Ids in the address of a call, such as `[1,2]`.
struct Ids<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Ids<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (index, id) in self.0.iter().enumerate() {
            write!(f, "{}{id}", if index == 0 { "" } else { "," })?;
        }
        f.write_str("]")
    }
}

/// Refuses a list that is empty or too long.
fn check_count<T>(what: &str, items: &[T], most: usize) -> Result<(), BuildError> {
    match (1..=most).contains(&items.len()) {
        true => Ok(()),
        false => Err(BuildError::new(format!("{what} are 1 to {most} in a call: these are {}", items.len()))),
    }
}
