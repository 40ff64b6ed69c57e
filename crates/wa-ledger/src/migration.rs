use crate::failure::Cause;

/// One step in the life of the tables. Steps are never changed, only added.
pub(crate) struct Migration {
    pub(crate) statements: &'static str,
    /// The oldest version whose programs may go on using the tables after this step: a step that only adds what they need
    /// not know leaves it as it was.
    pub(crate) oldest_user: usize,
}

/// What is to be done with tables that are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// They are as this program makes them, or newer in a way that it may use.
    Usable,
    /// They have seen this many of the migrations only.
    Older(usize),
}

impl Found {
    /// Judges tables of this version, which programs from `oldest_user` on may use.
    pub(crate) fn new(version: usize, oldest_user: Option<usize>, known: &[Migration]) -> Result<Self, Cause> {
        match version {
            version if version < known.len() => Ok(Self::Older(version)),
            version if version == known.len() => Ok(Self::Usable),
            _ if oldest_user.is_some_and(|oldest| oldest <= known.len()) => Ok(Self::Usable),
            _ => Err(NEWER),
        }
    }
}

/// The version that the last of these leads to, and the oldest version that may use it.
pub(crate) fn newest(migrations: &[Migration]) -> (usize, usize) {
    (migrations.len(), migrations.last().map_or(0, |migration| migration.oldest_user))
}

const NEWER: Cause = Cause::Content("a newer version, which this one does not understand, changed it: update this one");
