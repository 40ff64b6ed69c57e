use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    process,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{
    HELD,
    link::Open,
    location::{FileId, Location, beside},
    schema,
};
use crate::{deadline::Deadline, failure::Cause, pool::Pool, rows::Rows, store::Access};

/// All connections of this process to one file.
pub(super) struct Owner {
    path: PathBuf,
    /// The database, its log and the index of its log, as they were opened.
    files: [(PathBuf, FileId); 3],
    process: u32,
    pub(super) writers: Pool<Connection>,
    readers: Pool<Connection>,
    /// Never used, so that it outlives any panic: SQLite removes the log with the last connection.
    _anchor: Mutex<Connection>,
}

impl Owner {
    /// Opens a file, or shares what this process has opened already. Returns the absolute path that was asked for, too.
    pub(super) fn open(path: &Path, timeout: Duration) -> Result<(Arc<Self>, PathBuf), Cause> {
        // Held to the end, so that no other thread opens a file while this one makes it.
        let mut owners = OWNERS.lock().unwrap_or_else(PoisonError::into_inner);
        owners.retain(|_, owner| owner.strong_count() > 0);
        let location = Location::find_or_create(path)?;
        if let Some(owner) = owners.get(&location.id).and_then(Weak::upgrade) {
            // A renamed file keeps its identity, and its log keeps the old name.
            owner.check(&location.asked)?;
            return Ok((owner, location.asked));
        }
        let owner = Arc::new(Self::new(&location, timeout)?);
        owners.insert(location.id, Arc::downgrade(&owner));
        Ok((owner, location.asked))
    }

    fn new(location: &Location, timeout: Duration) -> Result<Self, Cause> {
        let mut anchor = connect(&location.real)?;
        anchor.busy_timeout(timeout)?;
        schema::prepare(&mut anchor)?;
        let ends = ["", "-wal", "-shm"].map(|end| beside(&location.real, end));
        let [database, log, index] = ends.map(|path| FileId::at(&path).map(|id| (path, id)));
        let (Some(database), Some(log), Some(index)) = (database, log, index) else {
            return Err(REPLACED);
        };
        if database.1 != location.id {
            return Err(REPLACED);
        }
        Ok(Self {
            path: location.real.clone(),
            files: [database, log, index],
            process: process::id(),
            writers: Pool::new(1),
            readers: Pool::new(READERS),
            _anchor: Mutex::new(anchor),
        })
    }

    /// Runs this in one transaction.
    pub(super) fn transact<R>(
        &self,
        asked: &Path,
        access: Access<'_>,
        deadline: Deadline,
        work: impl FnOnce(&mut dyn Rows) -> Result<R, Cause>,
    ) -> Result<R, Cause> {
        self.check(asked)?;
        let (pool, behavior) = match access {
            Access::Read => (&self.readers, TransactionBehavior::Deferred),
            Access::Write(_) | Access::WriteEvents => (&self.writers, TransactionBehavior::Immediate),
        };
        let mut slot = pool.borrow(deadline).ok_or(Cause::Content(HELD))?;
        let mut connection = slot.take().map_or_else(|| self.connect(access), Ok)?;
        connection.busy_timeout(deadline.left().min(LONGEST_WAIT))?;
        let run = || {
            let transaction = connection.transaction_with_behavior(behavior)?;
            let result = work(&mut Open(&transaction))?;
            self.check(asked)?;
            transaction.commit()?;
            // What was committed to a file that nobody will ever read again was not noted.
            self.check(asked)?;
            Ok(result)
        };
        let result = run();
        if connection.is_autocommit() {
            slot.put(connection);
        }
        result
    }

    /// Makes sure that the path still leads to the files that are open here.
    fn check(&self, asked: &Path) -> Result<(), Cause> {
        if self.process != process::id() {
            return Err(FORKED);
        }
        let is_there = |path: &Path, id: &FileId| FileId::at(path).is_some_and(|now| now == *id);
        let [(_, database), ..] = &self.files;
        match is_there(asked, database) && self.files.iter().all(|(path, id)| is_there(path, id)) {
            true => Ok(()),
            false => Err(REPLACED),
        }
    }

    fn connect(&self, access: Access<'_>) -> Result<Connection, Cause> {
        let connection = connect(&self.path)?;
        schema::configure(&connection)?;
        if matches!(access, Access::Read) {
            connection.pragma_update(None, "query_only", true)?;
        }
        Ok(connection)
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Owner").field("path", &self.path).finish_non_exhaustive()
    }
}

fn connect(path: &Path) -> Result<Connection, Cause> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

/// What this process has open.
static OWNERS: Mutex<BTreeMap<FileId, Weak<Owner>>> = Mutex::new(BTreeMap::new());

/// How many threads may read at once.
const READERS: usize = 4;

/// SQLite counts milliseconds in 31 bits.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3_600);

const REPLACED: Cause = Cause::Content(
    "it, or its -wal or -shm file, was removed, renamed or replaced while it was open, so nothing is granted: stop all \
     programs that use it, put the right files there, and start them again",
);
const FORKED: Cause = Cause::Content(
    "this process was forked after the file was opened, and SQLite's locks do not pass to a child: open it in the child \
     only, or let the child execute a program",
);
