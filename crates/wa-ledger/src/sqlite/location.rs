//! Where a ledger's files are, found out by `stat` alone.
//!
//! Nothing here opens a file that may be a ledger: on POSIX systems, closing any descriptor of a file gives up all locks
//! that the process has on it, those of SQLite included.

use std::{
    ffi::OsString,
    fs::{self, Metadata, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use crate::failure::Cause;

/// A file that exists, under its one true name.
pub(super) struct Location {
    /// The absolute path that was asked for, which may lead over symbolic links.
    pub(super) asked: PathBuf,
    /// The same without symbolic links.
    pub(super) real: PathBuf,
    pub(super) id: FileId,
}

impl Location {
    /// Finds the file, or makes an empty one that only its owner may read.
    ///
    /// The caller sees to it that no other thread does the same, or opens the file, meanwhile.
    pub(super) fn find_or_create(path: &Path) -> Result<Self, Cause> {
        let name = path.as_os_str().as_encoded_bytes();
        if name.is_empty() || name == b":memory:" || name.starts_with(b"file:") {
            return Err(NO_PATH);
        }
        let asked = std::path::absolute(path)?;
        let metadata = match fs::metadata(&asked) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(&asked)?;
                fs::metadata(&asked)?
            }
            metadata => metadata?,
        };
        if !metadata.is_file() {
            return Err(NO_FILE);
        }
        if links(&metadata) > 1 {
            return Err(SECOND_NAME);
        }
        let real = fs::canonicalize(&asked)?;
        Ok(Self { id: FileId::new(&real, &metadata), real, asked })
    }
}

/// What tells a file from all others as long as it exists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileId {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
    /// Other systems do not let an open file be removed or replaced.
    #[cfg(not(unix))]
    path: PathBuf,
}

impl FileId {
    /// The file that is at this path now. Nothing if there is none, or if it cannot be looked at.
    pub(super) fn at(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        // Only where the path is what tells a file from others.
        let real = if cfg!(unix) { path.to_owned() } else { fs::canonicalize(path).ok()? };
        Some(Self::new(&real, &metadata))
    }

    #[cfg(unix)]
    fn new(_: &Path, metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;

        Self { device_and_inode: (metadata.dev(), metadata.ino()) }
    }

    #[cfg(not(unix))]
    fn new(real: &Path, _: &Metadata) -> Self {
        Self { path: real.to_owned() }
    }
}

/// The path of one of the files that SQLite keeps beside its database.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

/// No handle of SQLite can be open on a file that does not exist yet, so closing this descriptor gives up no lock.
fn create(path: &Path) -> Result<(), Cause> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // Another process was faster, unless the name is a link that leads nowhere.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(DANGLING),
            found => Ok(found.map(drop)?),
        },
        created => Ok(created.map(drop)?),
    }
}

#[cfg(unix)]
fn links(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn links(_: &Metadata) -> u64 {
    1
}

const NO_PATH: Cause = Cause::Content(
    "this is not the path of a file: give a plain path, or use `wa_cloud::life::ledger::Memory` for a ledger in memory",
);
const NO_FILE: Cause = Cause::Content("it is a folder or a device: name a file");
const SECOND_NAME: Cause = Cause::Content(
    "it has a second name (a hard link), and SQLite would keep a second log for it: remove one of the two names",
);
const DANGLING: Cause =
    Cause::Content("it is a symbolic link to a file that does not exist: make its target, or remove the link");
