use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rusqlite::ErrorCode;
use wa_life::ledger::{LedgerError, Limit};

use crate::{
    deadline::Deadline,
    failure::{Cause, Failure},
    rows::{Rows, Settings},
    store::{Access, Store},
};

mod link;
mod location;
mod owner;
mod schema;

use owner::Owner;

/// A ledger in a file, for all threads and processes of one host. The caller's clock counts.
///
/// The file must be on a disk of this host: file systems over a network do not lock well enough. All values of one
/// process that open the same file share its connections. While one of them lives, nothing in this process but SQLite
/// may open and close the file: on POSIX systems, closing any descriptor of a file gives up all locks that the process
/// has on it.
#[derive(Debug)]
pub struct Sqlite {
    owner: Arc<Owner>,
    path: PathBuf,
    settings: Settings,
    timeout: Duration,
}

impl Sqlite {
    /// Opens this file, or makes it, readable by its owner only.
    ///
    /// # Errors
    ///
    /// It cannot be opened, is damaged, is no ledger, or was changed by a version that this one does not understand.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        match Owner::open(path, TIMEOUT) {
            Ok((owner, path)) => Ok(Self { owner, path, settings: Settings::default(), timeout: TIMEOUT }),
            Err(cause) => Err(LedgerError::new("opening its file", failure(path, cause))),
        }
    }

    /// Sets the counting rule.
    #[must_use]
    pub fn limit(mut self, limit: Limit) -> Self {
        self.settings.limit = limit;
        self
    }

    /// Notes with each attempt who made it: a program, a person, a host.
    #[must_use]
    pub fn who(mut self, who: impl Into<String>) -> Self {
        self.settings.who = Some(who.into());
        self
    }

    /// Sets how long a call waits for threads and programs that hold the file. The default is ten seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

impl Store for Sqlite {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn transact<R>(
        &self,
        access: Access<'_>,
        work: impl FnOnce(&mut dyn Rows) -> Result<R, Cause>,
    ) -> Result<R, Failure> {
        let result = self.owner.transact(&self.path, access, Deadline::after(self.timeout), work);
        result.map_err(|cause| failure(&self.path, cause))
    }
}

fn failure(path: &Path, cause: Cause) -> Failure {
    Failure::new(&format!("the file {}", path.display()), cause)
}

/// What to do about an error of SQLite.
pub(crate) fn advice(error: &rusqlite::Error) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HELD,
        Some(ErrorCode::DiskFull) => "the disk is full: make room",
        Some(ErrorCode::ReadOnly) => "it cannot be written: allow writing to it and to its folder",
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "it cannot be opened: check its folder and its permissions"
        }
        Some(ErrorCode::NotADatabase) => "it is no ledger: name another file",
        Some(ErrorCode::DatabaseCorrupt) => schema::DAMAGED,
        Some(ErrorCode::SystemIoFailure) => "the disk failed: check it",
        _ => "SQLite refused",
    }
}

const HELD: &str = "another program or thread holds it: try again, and end what holds it for seconds";

/// How long others may hold the file.
const TIMEOUT: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests;
