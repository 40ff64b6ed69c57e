//! What every inbox does, and what becomes of its leases when processes die.

use std::{
    sync::{Barrier, Mutex},
    thread,
    time::Duration,
};

use wa_core::{
    Timestamp,
    webhook::{AsyncInbox as _, Claim, EventKey, Inbox, InboxError, Lease, MemoryInbox},
};
use wa_ledger::{Background, Sqlite};
use wa_life::ledger::Limit;

use crate::{
    processes::Process,
    support::{File, Place},
};

macro_rules! contract {
    ($store:ident, $place:ty) => {
        mod $store {
            use super::*;

            contract!(
                $place: an_event_is_worked_on_once,
                a_released_event_can_be_taken_at_once,
                an_expired_lease_passes_to_the_next,
                a_late_confirmation_counts_if_nobody_was_faster,
                a_confirmation_is_final,
                what_is_done_is_remembered_for_eight_days,
                an_unknown_lease_changes_nothing,
                a_forgotten_lease_confirms_nothing,
                of_many_threads_one_gets_it,
                any_key_will_do
            );
        }
    };
    ($place:ty: $($test:ident),+) => {$(
        #[test]
        fn $test() {
            if let Some(inbox) = <$place>::new().as_ref().map(Shelf::inbox) {
                super::$test(&inbox);
            }
        }
    )+};
}

contract!(memory, InMemory);
contract!(sqlite, File);
contract!(background, Behind);
#[cfg(feature = "postgres")]
contract!(postgres, crate::support::Database);

fn an_event_is_worked_on_once(inbox: &impl Inbox) {
    let first = taken(inbox, 1, at(0));
    assert_eq!((first.event(), first.until()), (&key(1), at(60)));
    assert_eq!(claim(inbox, 1, at(59)), Claim::InProgress { until: at(60) });
    let _ = taken(inbox, 2, at(59));
    assert!(inbox.confirm(&first, at(59)).unwrap());
    for seconds in [59, 60, 7 * DAY] {
        assert_eq!(claim(inbox, 1, at(seconds)), Claim::AlreadyDone);
    }
}

fn a_released_event_can_be_taken_at_once(inbox: &impl Inbox) {
    let first = taken(inbox, 1, at(0));
    inbox.release(&first, at(0)).unwrap();
    let second = taken(inbox, 1, at(0));
    assert!(!inbox.confirm(&first, at(0)).unwrap(), "it has passed on");
    assert!(inbox.confirm(&second, at(0)).unwrap());
}

fn an_expired_lease_passes_to_the_next(inbox: &impl Inbox) {
    let first = taken(inbox, 1, at(0));
    let second = taken(inbox, 1, at(60));
    // The first holder was slow.
    assert!(!inbox.confirm(&first, at(61)).unwrap());
    inbox.release(&first, at(61)).unwrap();
    assert_eq!(claim(inbox, 1, at(61)), Claim::InProgress { until: at(120) });
    assert!(inbox.confirm(&second, at(62)).unwrap());
    assert!(!inbox.confirm(&first, at(63)).unwrap());
    assert_eq!(claim(inbox, 1, at(63)), Claim::AlreadyDone);
}

fn a_late_confirmation_counts_if_nobody_was_faster(inbox: &impl Inbox) {
    let slow = taken(inbox, 1, at(0));
    assert!(inbox.confirm(&slow, at(1_000)).unwrap());
    assert_eq!(claim(inbox, 1, at(1_000)), Claim::AlreadyDone);
}

fn a_confirmation_is_final(inbox: &impl Inbox) {
    let lease = taken(inbox, 1, at(0));
    for _ in 0..2 {
        assert!(inbox.confirm(&lease, at(1)).unwrap());
        inbox.release(&lease, at(1)).unwrap();
    }
    assert_eq!(claim(inbox, 1, at(2)), Claim::AlreadyDone);
}

fn what_is_done_is_remembered_for_eight_days(inbox: &impl Inbox) {
    for (event, seconds) in [(1, 0), (2, 2 * 3_600)] {
        let lease = taken(inbox, event, at(seconds));
        assert!(inbox.confirm(&lease, at(seconds)).unwrap());
    }
    let _ = taken(inbox, 3, at(8 * DAY));
    assert_eq!(inbox.prune(at(7 * DAY)).unwrap(), 0);
    assert_eq!(claim(inbox, 1, at(8 * DAY - 1)), Claim::AlreadyDone);
    assert_eq!(inbox.prune(at(8 * DAY + 3_700)).unwrap(), 2, "the first, and the lease of the third");
    assert_eq!(claim(inbox, 2, at(8 * DAY + 3_700)), Claim::AlreadyDone);
    let _ = taken(inbox, 1, at(8 * DAY + 3_700));
}

fn an_unknown_lease_changes_nothing(inbox: &impl Inbox) {
    let lease = taken(inbox, 1, at(0));
    for stranger in [
        Lease::new(key(1), lease.token() + 1, lease.until()),
        Lease::new(key(1), 0, lease.until()),
        Lease::new(key(1), u64::MAX, lease.until()),
        Lease::new(key(2), lease.token(), lease.until()),
    ] {
        assert!(!inbox.confirm(&stranger, at(1)).unwrap());
        inbox.release(&stranger, at(1)).unwrap();
    }
    assert_eq!(claim(inbox, 1, at(1)), Claim::InProgress { until: at(60) });
    let _ = taken(inbox, 2, at(1));
}

fn a_forgotten_lease_confirms_nothing(inbox: &impl Inbox) {
    let dead = taken(inbox, 1, at(0));
    assert_eq!(inbox.prune(at(3_661)).unwrap(), 1);
    let next = taken(inbox, 1, at(3_661));
    assert!(!inbox.confirm(&dead, at(3_662)).unwrap());
    assert!(inbox.confirm(&next, at(3_662)).unwrap());
}

fn of_many_threads_one_gets_it(inbox: &(impl Inbox + Sync)) {
    let start = Barrier::new(8);
    let taken: usize = thread::scope(|scope| {
        let grab = || {
            start.wait();
            grab(inbox, 25)
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(grab)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(taken, 25);
}

fn any_key_will_do(inbox: &impl Inbox) {
    let long = "k".repeat(200);
    for text in ["", " ", "a\0b", "'); DROP TABLE wa_ledger_event; --", "Ünïcödé \u{10FFFF}", &long] {
        let key = EventKey::from_stored(text);
        let Claim::New(lease) = inbox.claim(&key, LEASE, at(0)).unwrap() else { panic!("{text}") };
        assert!(inbox.confirm(&lease, at(1)).unwrap(), "{text}");
        assert_eq!(inbox.claim(&key, LEASE, at(2)).unwrap(), Claim::AlreadyDone, "{text}");
    }
}

#[test]
fn a_killed_process_leaves_a_lease_that_expires() {
    let file = File::new().unwrap();
    killed(&format!("file {}", file.path()), &file.inbox());
}

#[cfg(feature = "postgres")]
#[test]
fn a_killed_host_leaves_a_lease_that_expires() {
    let Some(database) = crate::support::Database::new() else { return };
    killed(&database.parameters, &database.inbox());
}

fn killed(store: &str, inbox: &impl Inbox) {
    let mut process = Process::start(store, "take one event");
    process.go();
    process.hears("taken");
    drop(process);
    assert_eq!(claim(inbox, 0, at(59)), Claim::InProgress { until: at(60) });
    let lease = taken(inbox, 0, at(60));
    assert!(inbox.confirm(&lease, at(61)).unwrap());
}

#[test]
fn of_six_processes_one_gets_each_event() {
    let file = File::new().unwrap();
    assert_eq!(together(&format!("file {}", file.path())), EVENTS);
}

#[cfg(feature = "postgres")]
#[test]
fn of_six_hosts_one_gets_each_event() {
    let Some(database) = crate::support::Database::new() else { return };
    assert_eq!(together(&database.parameters), EVENTS);
}

fn together(store: &str) -> usize {
    let mut processes: Vec<_> = (0..6).map(|_| Process::start(store, "take events")).collect();
    processes.iter_mut().for_each(Process::go);
    processes.iter_mut().map(|process| process.hears("taken ").trim().parse::<usize>().unwrap()).sum()
}

/// What another process does with the store.
pub(crate) fn play(store: &str, part: &str) -> String {
    match store.strip_prefix("file ") {
        Some(path) => take(&Sqlite::open(path).unwrap(), part),
        #[cfg(feature = "postgres")]
        None => take(&wa_ledger::Postgres::connect(store).unwrap().clock_of_caller(), part),
        #[cfg(not(feature = "postgres"))]
        None => panic!("no such store: {store}"),
    }
}

fn take(inbox: &impl Inbox, part: &str) -> String {
    format!("taken {}", grab(inbox, if part == "take one event" { 1 } else { EVENTS }))
}

#[cfg(feature = "postgres")]
mod server {
    use std::time::{Instant, SystemTime};

    use super::*;
    use crate::support::Database;

    #[test]
    fn the_server_s_clock_counts() {
        let Some(database) = Database::new() else { return };
        let inbox = wa_ledger::Postgres::connect(&database.parameters).unwrap();
        let hour = Duration::from_secs(3_600);
        let before = Timestamp::from(SystemTime::now());
        let Claim::New(lease) = inbox.claim(&key(1), hour, at(0)).unwrap() else { panic!("it is new") };
        let after = Timestamp::from(SystemTime::now());
        assert!(before + hour <= lease.until() && lease.until() <= after + hour, "{lease:?}");
        assert_eq!(claim(&inbox, 1, at(1_000_000_000)), Claim::InProgress { until: lease.until() });
        assert!(inbox.confirm(&lease, at(0)).unwrap());
        assert_eq!(inbox.prune(at(1_000_000_000)).unwrap(), 0);
        assert_eq!(claim(&inbox, 1, at(1_000_000_000)), Claim::AlreadyDone);
    }

    /// Whoever comes second waits for the first, and sees what it did.
    #[test]
    fn a_claim_waits_for_one_that_is_not_committed() {
        for (end, expected) in [("COMMIT", Claim::InProgress { until: at(60) }), ("ROLLBACK", Claim::AlreadyDone)] {
            let Some(database) = Database::new() else { return };
            let inbox = database.inbox();
            let (mut other, mut watcher) = (database.client(), database.client());
            let begin =
                format!("BEGIN; INSERT INTO wa_ledger_event VALUES ('{}', 7, {}, 0)", key(1), at(60).as_millis());
            other.batch_execute(&begin).unwrap();
            let claimed = thread::scope(|scope| {
                let waiting = scope.spawn(|| claim(&inbox, 1, at(0)));
                let is_waiting = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'wa-ledger' \
                                  AND datname = current_database() AND wait_event = 'transactionid'";
                let limit = Instant::now() + Duration::from_secs(15);
                while watcher.query(is_waiting, &[]).unwrap().is_empty() {
                    assert!(Instant::now() < limit, "the claim does not wait");
                }
                other.batch_execute(end).unwrap();
                waiting.join().unwrap()
            });
            match claimed {
                Claim::New(lease) => assert!(end == "ROLLBACK" && inbox.confirm(&lease, at(1)).unwrap()),
                claimed => assert_eq!(claimed, expected),
            }
        }
    }

    #[test]
    fn hosts_may_prune_at_once() {
        let Some(database) = Database::new() else { return };
        let inbox = database.inbox();
        let rows = "INSERT INTO wa_ledger_event SELECT 'event ' || n, 1, n, 1 FROM generate_series(1, 5000) n";
        database.client().batch_execute(rows).unwrap();
        let forgotten: usize = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| inbox.prune(at(0)).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(forgotten, 5_000);
    }
}

/// Where an inbox is.
trait Shelf: Sized {
    type Inbox: Inbox + Sync;

    fn inbox(&self) -> Self::Inbox;
}

struct InMemory;

impl InMemory {
    fn new() -> Option<Self> {
        Some(Self)
    }
}

impl Shelf for InMemory {
    type Inbox = Mutex<MemoryInbox>;

    fn inbox(&self) -> Self::Inbox {
        Mutex::new(MemoryInbox::new(100))
    }
}

impl Shelf for File {
    type Inbox = Sqlite;

    fn inbox(&self) -> Sqlite {
        self.open(Limit::default())
    }
}

#[cfg(feature = "postgres")]
impl Shelf for crate::support::Database {
    type Inbox = wa_ledger::Postgres;

    fn inbox(&self) -> Self::Inbox {
        self.open(Limit::default())
    }
}

/// A file, with threads in front of it.
struct Behind(File);

impl Behind {
    fn new() -> Option<Self> {
        File::new().map(Self)
    }
}

impl Shelf for Behind {
    type Inbox = Waiting;

    fn inbox(&self) -> Waiting {
        Waiting(Background::new(self.0.inbox()).unwrap())
    }
}

/// An asynchronous inbox that is waited for.
struct Waiting(Background<Sqlite>);

impl Inbox for Waiting {
    fn claim(&self, event: &EventKey, lease: Duration, now: Timestamp) -> Result<Claim, InboxError> {
        pollster::block_on(self.0.claim(event, lease, now))
    }

    fn confirm(&self, lease: &Lease, now: Timestamp) -> Result<bool, InboxError> {
        pollster::block_on(self.0.confirm(lease, now))
    }

    fn release(&self, lease: &Lease, now: Timestamp) -> Result<(), InboxError> {
        pollster::block_on(self.0.release(lease, now))
    }

    fn prune(&self, now: Timestamp) -> Result<usize, InboxError> {
        pollster::block_on(self.0.prune(now))
    }
}

/// Claims so many events, and says how many it got.
fn grab(inbox: &impl Inbox, events: usize) -> usize {
    (0..events).filter(|event| matches!(claim(inbox, *event, at(0)), Claim::New(_))).count()
}

fn claim(inbox: &impl Inbox, event: usize, now: Timestamp) -> Claim {
    inbox.claim(&key(event), LEASE, now).unwrap()
}

fn taken(inbox: &impl Inbox, event: usize, now: Timestamp) -> Lease {
    match claim(inbox, event, now) {
        Claim::New(lease) => lease,
        claim => panic!("{event} cannot be taken: {claim:?}"),
    }
}

fn key(event: usize) -> EventKey {
    EventKey::from_stored(&format!("message wamid.{event}"))
}

/// So many seconds after some moment.
fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(1_700_000_000 + seconds)
}

const LEASE: Duration = Duration::from_secs(60);
const DAY: u64 = 24 * 3_600;
const EVENTS: usize = 40;
