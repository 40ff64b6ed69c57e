//! A file that others look into, remove or replace while it is open.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, symlink},
    path::Path,
    process::{self, Command},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use wa_core::{AttemptKind, types::PhoneNumberId};
use wa_ledger::{Audit, Sqlite};
use wa_life::ledger::{Counting, Ledger, Limit};

use crate::{
    processes::Process,
    support::{File, Place, attempt, chain, grab, hours, number, other_number, skipped},
};

/// Whether this process holds a lock on the file, by what the kernel says.
fn is_locked_by(process: u32, path: &str) -> bool {
    let inode = fs::metadata(path).unwrap().ino();
    let locks = fs::read_to_string("/proc/locks").unwrap();
    // "1: POSIX  ADVISORY  READ 4711 fe:01:1234 0 EOF"
    locks.lines().any(|line| {
        let mut words = line.split_whitespace().skip(4);
        let (holder, file) = (words.next(), words.next());
        holder == Some(&process.to_string()) && file.is_some_and(|file| file.ends_with(&format!(":{inode}")))
    })
}

/// Looks into a ledger as an operator would. None, and loudly so, where the program is not installed.
fn look_in(path: &str) -> Option<String> {
    let count = "SELECT count(*) FROM wa_ledger_attempt";
    let Ok(output) = Command::new("sqlite3").args([path, count]).output() else {
        skipped("the program sqlite3 is not installed: looking into a living ledger was not tested");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

#[test]
fn looking_in_costs_nothing_after_an_orderly_end() {
    let file = File::new().unwrap();
    let path = file.path();
    let ledger = file.open(Limit::default());
    // The second handle once gave up the locks of the first.
    drop(file.open(Limit::default()));
    let second = file.open(Limit::default());
    for _ in 0..4 {
        ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    }
    assert!(is_locked_by(process::id(), &path), "no lock is left");
    let Some(seen) = look_in(&path) else { return };
    assert_eq!(seen, "4");
    assert!(fs::exists(path.clone() + "-wal").unwrap(), "the other program took itself for the last");
    for _ in 0..6 {
        second.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    }
    assert_eq!(look_in(&path).unwrap(), "10");
    drop((ledger, second));
    assert_eq!(grab(&file.open(Limit::default()), &number(), hours(1)), 0);
    assert_eq!(file.open(Limit::default()).audit(&number()).unwrap().records.len(), 10);
}

#[test]
fn looking_in_costs_nothing_after_a_crash() {
    let file = File::new().unwrap();
    let path = file.path();
    let mut process = Process::start(&format!("file {path}"), "grab twice");
    process.go();
    process.hears("granted 10");
    assert!(is_locked_by(process.id(), &path), "no lock is left");
    let Some(seen) = look_in(&path) else { return };
    assert_eq!(seen, "10");
    drop(process);
    assert_eq!(look_in(&path).unwrap(), "10");
    assert_eq!(grab(&file.open(Limit::default()), &number(), hours(1)), 0);
}

#[test]
fn all_spellings_of_a_path_are_one_file() {
    let file = File::new().unwrap();
    let ledger = file.open(Limit::default());
    let folder = file.0.path();
    let name = folder.file_name().unwrap();
    symlink(file.path(), folder.join("link.db")).unwrap();
    symlink(folder, folder.join("folder")).unwrap();
    let spellings =
        [folder.join("link.db"), folder.join("folder/ledger.db"), folder.join("..").join(name).join("./ledger.db")];
    for (count, path) in (1..).zip(&spellings) {
        let other = Sqlite::open(path).unwrap();
        other.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
        assert_eq!(ledger.load(&number(), hours(0)).unwrap().entries().len(), count, "{}", path.display());
        let end = path.with_extension("db-wal");
        assert!(!path.ends_with("link.db") || !fs::exists(end).unwrap(), "the log goes by the true name");
    }
    assert!(is_locked_by(process::id(), &file.path()));
}

#[test]
fn handles_that_share_a_file_keep_their_own_settings() {
    let file = File::new().unwrap();
    let separate = Limit::default().counting(Counting::Separate);
    let (anna, ben) = (file.open(Limit::default()).who("anna"), file.open(separate).who("ben"));
    anna.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    ben.reserve(&number(), &attempt(AttemptKind::Register), hours(1)).unwrap();
    let who: Vec<_> = anna.audit(&number()).unwrap().records.into_iter().map(|record| record.who).collect();
    assert_eq!(who, [Some("ben".to_owned()), Some("anna".to_owned())]);
    let left = |ledger: &Sqlite| ledger.load(&number(), hours(1)).unwrap().left(AttemptKind::Deregister);
    assert_eq!((left(&anna), left(&ben)), (8, 10));
}

#[test]
fn a_file_with_two_names_is_refused() {
    let file = File::new().unwrap();
    drop(file.open(Limit::default()));
    let second = file.0.path().join("second.db");
    fs::hard_link(file.path(), &second).unwrap();
    for path in [Path::new(&file.path()), &second] {
        let error = chain(&Sqlite::open(path).unwrap_err());
        assert!(error.contains("it has a second name (a hard link)"), "{error}");
    }
    fs::remove_file(second).unwrap();
    file.open(Limit::default());
}

#[test]
fn what_is_no_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = chain(&Sqlite::open(folder.path()).unwrap_err());
    assert!(error.contains("it is a folder or a device: name a file"), "{error}");
    let link = folder.path().join("link.db");
    symlink(folder.path().join("nothing.db"), &link).unwrap();
    let error = chain(&Sqlite::open(&link).unwrap_err());
    assert!(error.contains("it is a symbolic link to a file that does not exist"), "{error}");
}

/// Each of these, done to a file that is open.
#[test]
fn a_file_that_is_not_the_same_any_more_grants_nothing() {
    type Act = (&'static str, fn(&str));
    let acts: [Act; 7] = [
        ("removed", |path| fs::remove_file(path).unwrap()),
        ("renamed", |path| fs::rename(path, path.to_owned() + ".old").unwrap()),
        ("replaced", |path| {
            let other = path.to_owned() + ".new";
            assert!(Command::new("cp").args([path, &other]).status().unwrap().success());
            fs::rename(other, path).unwrap();
        }),
        ("log removed", |path| fs::remove_file(path.to_owned() + "-wal").unwrap()),
        ("index removed", |path| fs::remove_file(path.to_owned() + "-shm").unwrap()),
        ("all removed", |path| {
            ["", "-wal", "-shm"].iter().for_each(|end| fs::remove_file(path.to_owned() + end).unwrap());
        }),
        ("folder renamed", |path| {
            let folder = Path::new(path).parent().unwrap();
            fs::rename(folder, folder.with_extension("old")).unwrap();
        }),
    ];
    for (name, act) in acts {
        let around = tempfile::tempdir().unwrap();
        let folder = around.path().join("folder");
        fs::create_dir(&folder).unwrap();
        let path = folder.join("ledger.db").display().to_string();
        let (ledger, second) = (Sqlite::open(&path).unwrap(), Sqlite::open(&path).unwrap());
        ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
        act(&path);
        for ledger in [&ledger, &second] {
            let error = chain(&ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap_err());
            assert!(
                error.contains("was removed, renamed or replaced while it was open, so nothing is granted"),
                "{name}: {error}"
            );
            assert!(ledger.load(&number(), hours(0)).is_err(), "{name}");
        }
    }
}

#[test]
fn a_link_that_leads_elsewhere_by_now_grants_nothing() {
    let (file, other) = (File::new().unwrap(), File::new().unwrap());
    drop(other.open(Limit::default()));
    let link = file.0.path().join("link.db");
    fs::write(file.path(), "").unwrap();
    symlink(file.path(), &link).unwrap();
    let (by_link, by_name) = (Sqlite::open(&link).unwrap(), file.open(Limit::default()));
    fs::remove_file(&link).unwrap();
    symlink(other.path(), &link).unwrap();
    assert!(by_link.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).is_err());
    by_name.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
}

#[test]
fn a_new_file_in_the_place_of_an_open_one_is_another_ledger() {
    let file = File::new().unwrap();
    let old = file.open(Limit::default());
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(file.path() + end).unwrap();
    }
    let new = file.open(Limit::default());
    assert_eq!(grab(&new, &number(), hours(0)), 10);
    assert!(old.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).is_err());
    drop(old);
    assert_eq!(grab(&file.open(Limit::default()), &number(), hours(0)), 0);
}

#[test]
fn reading_does_not_wait_for_whoever_waits_to_write() {
    let file = File::new().unwrap();
    let ledger = file.open(Limit::default());
    ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    let mut other = Connection::open(file.path()).unwrap();
    let held = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    thread::scope(|scope| {
        let (begin, begun) = mpsc::channel();
        let ledger = &ledger;
        let waiting = scope.spawn(move || {
            begin.send(()).unwrap();
            ledger.reserve(&other_number(), &attempt(AttemptKind::Register), hours(0))
        });
        begun.recv_timeout(Duration::from_secs(10)).unwrap();
        for _ in 0..20 {
            assert_eq!(ledger.load(&number(), hours(0)).unwrap().entries().len(), 1);
            assert!(ledger.in_doubt().unwrap().records.is_empty());
        }
        assert!(!waiting.is_finished());
        held.rollback().unwrap();
        waiting.join().unwrap().unwrap();
    });
}

/// Those who wait stand in no queue in which the timeouts add up.
#[test]
fn each_waits_for_its_own_timeout_only() {
    let file = File::new().unwrap();
    let ledger = file.open(Limit::default()).timeout(Duration::from_millis(500));
    let mut other = Connection::open(file.path()).unwrap();
    let _held = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let start = Instant::now();
    thread::scope(|scope| {
        for number in 1..=20 {
            let ledger = &ledger;
            scope.spawn(move || {
                let number = PhoneNumberId::new(number.to_string()).unwrap();
                let error = ledger.reserve(&number, &attempt(AttemptKind::Register), hours(0)).unwrap_err();
                assert!(chain(&error).contains("another program or thread holds it"), "{}", chain(&error));
            });
        }
    });
    assert!(start.elapsed() < Duration::from_secs(5), "one after the other takes ten seconds");
}

#[test]
fn a_file_that_another_program_holds_is_waited_for_and_then_grants_nothing() {
    let file = File::new().unwrap();
    let ledger = file.open(Limit::default()).timeout(Duration::from_millis(1));
    let mut other = Connection::open(file.path()).unwrap();
    let held = other.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();
    let error = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap_err();
    assert!(chain(&error).contains("another program or thread holds it: try again"), "{}", chain(&error));
    assert!(ledger.load(&number(), hours(0)).unwrap().entries().is_empty(), "reading goes on");
    held.rollback().unwrap();
    ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
}
