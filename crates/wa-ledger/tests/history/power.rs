//! The power is cut: what was synced is on the disk, what was written since may be there in any part.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use wa_core::Timestamp;
use wa_ledger::{Audit, Sqlite};
use wa_life::ledger::AttemptState;

use crate::{random::Random, shim};

#[test]
fn no_promise_is_lost_when_the_power_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, trace) = (folder.path().join("ledger.db"), folder.path().join("trace"));
    let Some(output) = shim::run("cycles", &ledger, &[("WA_SHIM_TRACE", trace.to_str().unwrap())]) else { return };
    assert!(output.status.success(), "{output:?}");
    let changes = changes(&fs::read(trace).unwrap());
    let mut random = Random::from_environment();
    let (mut disk, mut promised, mut syncs) = (Disk::default(), BTreeMap::new(), 0);
    for change in &changes {
        match change {
            Change::Promise(number, state) => drop(promised.insert(number.clone(), *state)),
            Change::Write { .. } | Change::Truncate { .. } | Change::Unlink { .. } | Change::Sync { .. } => {
                // Just before a sync, most is in the air.
                if matches!(change, Change::Sync { .. }) {
                    syncs += 1;
                    verify(&disk.after_a_cut(|_| false), &promised, "nothing that was not synced");
                    verify(&disk.after_a_cut(|_| true), &promised, "all that was written");
                    for _ in 0..3 {
                        let survivors = disk.after_a_cut(|_| random.below(2) == 0);
                        verify(&survivors, &promised, "some sectors of what was written");
                    }
                }
                disk.apply(change);
                if matches!(change, Change::Sync { .. }) {
                    verify(&disk.after_a_cut(|_| false), &promised, "nothing since the sync");
                }
            }
        }
    }
    println!("cut at {syncs} syncs, {} promises", promised.len());
    assert!(syncs > 72 && promised.len() == 24, "too little happened to say anything: {syncs} syncs");
}

/// Opens what a cut has left, and looks for what was promised before it.
fn verify(files: &BTreeMap<&'static str, Vec<u8>>, promised: &BTreeMap<String, AttemptState>, what: &str) {
    // In memory where possible: it is not this disk that is tested.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let path = folder.path().join("ledger.db");
    for (end, bytes) in files {
        fs::write(format!("{}{end}", path.display()), bytes).unwrap();
    }
    let ledger = Sqlite::open(&path).unwrap_or_else(|error| panic!("{what}: {error:?}"));
    let listing = ledger.audit_all(Timestamp::default()..Timestamp::from_millis(u64::MAX / 2)).unwrap();
    let found: BTreeMap<&str, AttemptState> =
        listing.records.iter().map(|record| (record.number.as_str(), record.entry.state)).collect();
    for (number, state) in promised {
        let found = found.get(number.as_str()).unwrap_or_else(|| panic!("{what}: {number} is lost"));
        assert!(rank(*found) >= rank(*state), "{what}: {number} was {state:?} and is {found:?}");
    }
    assert!(found.len() <= promised.len() + 1, "{what}: more than was asked for");
}

/// How far an attempt has come.
fn rank(state: AttemptState) -> usize {
    [AttemptState::Reserved, AttemptState::Sent, AttemptState::Confirmed]
        .iter()
        .position(|rank| *rank == state)
        .unwrap()
}

enum Change {
    Write { file: &'static str, offset: usize, bytes: Vec<u8> },
    Truncate { file: &'static str, length: usize },
    Unlink { file: &'static str },
    Sync { file: &'static str },
    Promise(String, AttemptState),
}

/// The content of the files, and the sectors of them that were written since their last sync.
#[derive(Default)]
struct Disk {
    files: BTreeMap<&'static str, File>,
}

#[derive(Default)]
struct File {
    synced: Vec<u8>,
    written: Vec<u8>,
    dirty: BTreeSet<usize>,
}

impl Disk {
    fn apply(&mut self, change: &Change) {
        match change {
            Change::Write { file, offset, bytes } => {
                let file = self.files.entry(file).or_default();
                let end = offset + bytes.len();
                file.written.resize(file.written.len().max(end), 0);
                file.written[*offset..end].copy_from_slice(bytes);
                file.dirty.extend(offset / SECTOR..=(end - 1) / SECTOR);
            }
            // File systems keep the order of what they note about files, and a sync brings it to the disk.
            Change::Truncate { file, length } => {
                let file = self.files.entry(file).or_default();
                file.written.resize(*length, 0);
                file.synced.resize(*length, 0);
            }
            Change::Unlink { file } => drop(self.files.remove(file)),
            Change::Sync { file } => {
                let file = self.files.entry(file).or_default();
                file.synced.clone_from(&file.written);
                file.dirty.clear();
            }
            Change::Promise(..) => {}
        }
    }

    /// The files when the power is back. This decides which sectors that were not synced have made it.
    fn after_a_cut(&self, mut survives: impl FnMut(usize) -> bool) -> BTreeMap<&'static str, Vec<u8>> {
        let left = self.files.iter().map(|(name, file)| {
            let mut bytes = file.synced.clone();
            for sector in file.dirty.iter().filter(|sector| survives(**sector)) {
                let range = sector * SECTOR..((sector + 1) * SECTOR).min(file.written.len());
                bytes.resize(bytes.len().max(range.end), 0);
                bytes[range.clone()].copy_from_slice(&file.written[range]);
            }
            (*name, bytes)
        });
        left.collect()
    }
}

/// Reads the records of the library, as `shim.c` writes them.
fn changes(mut trace: &[u8]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut promises = String::new();
    while !trace.is_empty() {
        let (record, rest) = trace.split_at(24);
        let short = |at: usize| u32::from_ne_bytes(record[at..at + 4].try_into().unwrap());
        let long = |at: usize| usize::try_from(u64::from_ne_bytes(record[at..at + 8].try_into().unwrap())).unwrap();
        let (offset, length) = (long(8), long(16));
        let (data, rest) = rest.split_at(length);
        let file = match short(4) {
            1 => "",
            2 => "-wal",
            4 => "-journal",
            _ => ".promises",
        };
        match short(0) {
            1 if file == ".promises" => {
                promises.push_str(std::str::from_utf8(data).unwrap());
                while let Some((line, rest)) = promises.split_once('\n') {
                    let (number, state) = line.split_once(' ').unwrap();
                    changes.push(Change::Promise(number.to_owned(), AttemptState::from_name(state)));
                    promises = rest.to_owned();
                }
            }
            1 => changes.push(Change::Write { file, offset, bytes: data.to_vec() }),
            2 => changes.push(Change::Sync { file }),
            3 => changes.push(Change::Truncate { file, length: offset }),
            _ => changes.push(Change::Unlink { file }),
        }
        trace = rest;
    }
    changes
}

const SECTOR: usize = 512;

/// The library sees what it is to see: this test fails if SQLite writes by a way that the library does not know.
#[test]
fn the_trace_makes_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, trace) = (folder.path().join("ledger.db"), folder.path().join("trace"));
    let Some(_) = shim::run("cycles", &ledger, &[("WA_SHIM_TRACE", trace.to_str().unwrap())]) else { return };
    let mut disk = Disk::default();
    changes(&fs::read(trace).unwrap()).iter().for_each(|change| disk.apply(change));
    let names: Vec<_> = disk.files.keys().copied().collect();
    assert_eq!(names, [""], "the log ends with the last connection");
    assert!(!Path::new(&format!("{}-wal", ledger.display())).exists());
    assert!(disk.files[""].written == fs::read(&ledger).unwrap(), "the trace lacks something");
}
