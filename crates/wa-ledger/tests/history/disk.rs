//! Disks that are full, cannot be written, or fail.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;
use wa_core::{AttemptKind, types::PhoneNumberId};
use wa_ledger::{Audit, Sqlite};
use wa_life::ledger::{Ledger as _, ReserveError};

use crate::{
    shim,
    support::{attempt, chain, hours, number, skipped},
};

/// A file system of one mebibyte, in memory. It is gone with this value.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// None, and loudly so, where this process may not mount one.
    fn mount() -> Option<Self> {
        let disk = Self(tempfile::tempdir().unwrap());
        if disk.run("mount", &["-t", "tmpfs", "-o", "size=1m", "tmpfs"]) {
            return Some(disk);
        }
        skipped("no file system can be mounted here: a full disk and one that cannot be written were not tested");
        None
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let mut command = Command::new(program);
        command.args(arguments).arg(self.0.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        self.run("umount", &["-l"]);
    }
}

#[test]
fn a_full_disk_grants_nothing_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else { return };
    let path = disk.path().join("ledger.db");
    let ledger = Sqlite::open(&path).unwrap();
    let mut granted = 0_usize;
    let mut fill = |ledger: &Sqlite| loop {
        let number = PhoneNumberId::new(granted.to_string()).unwrap();
        match ledger.reserve(&number, &attempt(AttemptKind::Register), hours(0)) {
            Ok(_) => granted += 1,
            Err(ReserveError::Unavailable(error)) => break (granted, chain(&error)),
            Err(error) => panic!("{error:?}"),
        }
    };
    let (before, error) = fill(&ledger);
    assert!(error.contains("ledger.db: the disk is full: make room"), "{error}");
    assert!(before > 50, "{before}");
    // Whatever still fits on the disk by another way, nothing is granted that is not kept.
    fs::write(disk.path().join("filler"), vec![0; 1 << 20]).unwrap_err();
    let (before, _) = fill(&ledger);
    assert_eq!(ledger.audit_all(hours(0).store..hours(9).store).unwrap().records.len(), before);
    drop(ledger);

    // It can be read, or says why not; and once there is room, all is there.
    let refused =
        Sqlite::open(&path).map(|ledger| ledger.audit_all(hours(0).store..hours(9).store).unwrap().records.len());
    match refused {
        Ok(count) => assert_eq!(count, before),
        Err(error) => assert!(chain(&error).contains("make room"), "{}", chain(&error)),
    }
    fs::remove_file(disk.path().join("filler")).unwrap();
    assert!(disk.run("mount", &["-o", "remount,size=2m"]));
    let ledger = Sqlite::open(&path).unwrap();
    assert_eq!(ledger.audit_all(hours(0).store..hours(9).store).unwrap().records.len(), before);
    ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
}

#[test]
fn a_disk_that_cannot_be_written_grants_nothing() {
    let Some(disk) = SmallDisk::mount() else { return };
    let path = disk.path().join("ledger.db");
    drop(Sqlite::open(&path).unwrap());
    assert!(disk.run("mount", &["-o", "remount,ro"]));
    for path in [path, disk.path().join("other.db")] {
        let error = chain(&Sqlite::open(&path).unwrap_err());
        let is_clear = [
            "it cannot be opened: check its folder",
            "it cannot be written: allow",
            "it cannot be found or made: check that its folder",
        ];
        assert!(is_clear.iter().any(|text| error.contains(text)), "{error}");
    }
}

/// SQLite's locks belong to the process that took them.
#[test]
fn a_forked_process_is_granted_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let Some(output) = shim::run("forked", &path, &[]) else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    let refused =
        said.lines().filter(|line| line.contains("this process was forked after the file was opened")).count();
    assert_eq!(refused, 2, "{output:?}");
    assert_eq!(Sqlite::open(&path).unwrap().audit(&PhoneNumberId::new("1").unwrap()).unwrap().records.len(), 1);
}

/// Each sync and some of the writes fail once, with each error, and also for good; all of the writes in a long run.
#[test]
fn a_disk_that_fails_grants_nothing_and_loses_nothing() {
    // EIO and ENOSPC.
    for (failure, step) in
        [("write {} 5", 4), ("write {} 28", 8), ("tear {} 5", 4), ("sync {} 5", 1), ("sync {} 5 all", 3)]
    {
        let step = if env::var_os("WA_LEDGER_ROUNDS").is_some() { 1 } else { step };
        let mut failed = 0;
        for count in (1_usize..).step_by(step) {
            // In memory where possible: it is not this disk that is tested.
            let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
            let path = folder.path().join("ledger.db");
            let plan = failure.replace("{}", &count.to_string());
            let Some(output) = shim::run("ten", &path, &[("WA_SHIM_FAIL", &plan)]) else { return };
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(said.contains("\ndone\n"), "{plan}: {output:?}");
            let reserved: Vec<u64> =
                said.lines().filter_map(|line| line.strip_prefix("reserved ")).map(|id| id.parse().unwrap()).collect();

            // What a disk does not take back it may keep: an attempt that was refused may count, one that was granted does.
            let ledger = Sqlite::open(&path).unwrap_or_else(|error| panic!("{plan}: {}", chain(&error)));
            let number = PhoneNumberId::new("1").unwrap();
            let kept: Vec<u64> = ledger.audit(&number).unwrap().records.iter().map(|record| record.entry.id).collect();
            assert!(
                reserved.iter().all(|id| kept.contains(id)),
                "{plan}: {reserved:?} were granted, {kept:?} are there"
            );
            assert!(kept.len() <= 10, "{plan}");
            if !said.contains("\nfailed\n") && reserved.len() == 10 {
                // There was no such operation, or it did not matter. A few more, since not all of them matter.
                if count > failed + 20 {
                    break;
                }
            } else {
                failed = count;
            }
        }
        println!("{failure}: the last that failed was number {failed}");
        assert!(failed > 5, "{failure}: the library does not see what SQLite does");
    }
}
