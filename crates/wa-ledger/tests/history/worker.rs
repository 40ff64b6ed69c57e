//! A process that works on a store and tells its parent what the store has promised.

use std::{
    env,
    fs::OpenOptions,
    io::{self, Read as _, Write as _},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, SystemTime},
};

use wa_core::{AttemptKind, Timestamp, types::PhoneNumberId};
use wa_ledger::Sqlite;
use wa_life::ledger::{Attempt, AttemptState, Ledger, Limit, Moment, Reservation, ReserveError, Settlement};

use crate::{random::Random, support::chain};

/// The program of the other processes. It does nothing unless one of them is told to run it.
#[test]
fn a_worker() {
    match env::var(PART).as_deref() {
        Ok("history") => history(),
        Ok("cycles") => cycles(),
        Ok("ten") => ten(),
        Ok("forked") => forked(),
        _ => {}
    }
}

/// Works at random until its input ends.
fn history() {
    let store = env::var(STORE).unwrap();
    let mut random = Random::new(env::var(SEED).unwrap().parse().unwrap());
    let is_over = Arc::new(AtomicBool::new(false));
    let input_ended = Arc::clone(&is_over);
    thread::spawn(move || {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        input_ended.store(true, Ordering::Relaxed);
    });
    // Opened twice, since a careless second time gives up the locks of the first.
    let (Some(_first), Some(mut ledger)) = (open(&store), open(&store)) else { return };
    // What an earlier process reserved and did not send is given back, as a fleet does after a crash.
    for left in env::var(LEFT).unwrap_or_default().split(';').filter(|left| !left.is_empty()) {
        let (id, number) = left.split_once(' ').unwrap();
        let reservation =
            Reservation::new(id.parse().unwrap(), PhoneNumberId::new(number).unwrap(), AttemptKind::Register);
        if ledger.settle(&reservation, &Settlement::abandoned(), now()).is_err() {
            say("failed");
        }
    }
    let (mut reserved, mut sent) = (Vec::new(), Vec::new());
    while !is_over.load(Ordering::Relaxed) {
        match random.below(20) {
            0 => {
                // Two at once, for a moment.
                let Some(other) = open(&store) else { return };
                ledger = other;
            }
            1..=7 if !reserved.is_empty() => {
                let reservation: Reservation = reserved.remove(random.below(reserved.len()));
                match ledger.mark_sent(&reservation, now()) {
                    Ok(true) => {
                        say(&format!("sent {}", reservation.id));
                        sent.push(reservation);
                    }
                    Ok(false) => say(&format!("lost {}", reservation.id)),
                    Err(_) => say("failed"),
                }
            }
            8..=10 if !reserved.is_empty() => {
                let reservation: Reservation = reserved.remove(random.below(reserved.len()));
                settle(&*ledger, &reservation, AttemptState::NotSent);
            }
            11..=13 if !sent.is_empty() => {
                let reservation = sent.remove(random.below(sent.len()));
                let ends = [AttemptState::Confirmed, AttemptState::Rejected, AttemptState::Unknown];
                settle(&*ledger, &reservation, ends[random.below(3)]);
            }
            _ => {
                let kind = [AttemptKind::Register, AttemptKind::Deregister, AttemptKind::Message][random.below(3)];
                let now = now();
                // Three numbers at a time, and others after a month: a decision reads all that is kept of its number.
                let months = usize::try_from(now.store.as_millis() / (30 * 24 * 3_600_000)).unwrap();
                let number = PhoneNumberId::new((3 * months + random.below(3)).to_string()).unwrap();
                match ledger.reserve(&number, &Attempt::new(kind), now) {
                    Ok(reservation) => {
                        let at = now.store.as_millis();
                        say(&format!("reserved {} {number} {} {at}", reservation.id, kind.as_str()));
                        reserved.push(reservation);
                    }
                    Err(ReserveError::Unavailable(_)) => say("failed"),
                    Err(_) => say("refused"),
                }
            }
        }
    }
}

/// Opens a file, works on it and closes it, again and again, and notes each promise in a file beside it.
fn cycles() {
    let path = env::var(STORE).unwrap();
    let mut promises = OpenOptions::new().create(true).append(true).open(path.clone() + ".promises").unwrap();
    for cycle in 0..6_u64 {
        let ledger = Sqlite::open(&path).unwrap();
        for step in 0..4 {
            let number = PhoneNumberId::new((cycle * 4 + step).to_string()).unwrap();
            let now = Moment::from(Timestamp::from_millis(1_700_000_000_000));
            let reservation = ledger.reserve(&number, &Attempt::new(AttemptKind::Register), now).unwrap();
            promises.write_all(format!("{number} reserved\n").as_bytes()).unwrap();
            assert!(ledger.mark_sent(&reservation, now).unwrap());
            promises.write_all(format!("{number} sent\n").as_bytes()).unwrap();
            ledger.settle(&reservation, &Settlement::new(AttemptState::Confirmed), now).unwrap();
            promises.write_all(format!("{number} confirmed\n").as_bytes()).unwrap();
        }
    }
}

/// Takes what it gets of one number, whatever fails, and opens the file anew after each failure.
fn ten() {
    let path = env::var(STORE).unwrap();
    let number = PhoneNumberId::new("1").unwrap();
    let now = Moment::from(Timestamp::from_millis(1_700_000_000_000));
    let mut ledger = None;
    for _ in 0..14 {
        let Ok(open) = ledger.take().map_or_else(|| Sqlite::open(&path), Ok) else {
            say("failed");
            continue;
        };
        match open.reserve(&number, &Attempt::new(AttemptKind::Register), now) {
            Ok(reservation) => {
                say(&format!("reserved {}", reservation.id));
                ledger = Some(open);
            }
            Err(ReserveError::Unavailable(_)) => say("failed"),
            Err(_) => ledger = Some(open),
        }
    }
    say("done");
}

/// Goes on, in the eyes of the library, as the child of a process that has the file open.
fn forked() {
    let path = env::var(STORE).unwrap();
    let now = Moment::from(Timestamp::from_millis(1_700_000_000_000));
    let (number, register) = (PhoneNumberId::new("1").unwrap(), Attempt::new(AttemptKind::Register));
    let ledger = Sqlite::open(&path).unwrap();
    ledger.reserve(&number, &register, now).unwrap();
    OpenOptions::new().create_new(true).write(true).open(path.clone() + ".forked").unwrap();
    for error in [ledger.reserve(&number, &register, now).unwrap_err(), Sqlite::open(&path).unwrap_err().into()] {
        say(&chain(&error));
    }
}

fn settle(ledger: &dyn Ledger, reservation: &Reservation, state: AttemptState) {
    match ledger.settle(reservation, &Settlement::new(state), now()) {
        Ok(()) => say(&format!("settled {} {}", reservation.id, state.as_str())),
        Err(_) => say("failed"),
    }
}

/// Where another program holds the store for too long, the parent is told, and starts another worker.
fn open(store: &str) -> Option<Box<dyn Ledger>> {
    let opened: Result<Box<dyn Ledger>, _> = match store.strip_prefix("file ") {
        Some(path) => Sqlite::open(path).map(|ledger| Box::new(ledger.limit(exact())) as _),
        None => server(store),
    };
    match opened {
        Ok(ledger) => Some(ledger),
        Err(_) => {
            say("failed");
            None
        }
    }
}

#[cfg(feature = "postgres")]
fn server(parameters: &str) -> Result<Box<dyn Ledger>, wa_life::ledger::LedgerError> {
    let ledger = wa_ledger::Postgres::connect(parameters)?;
    Ok(Box::new(ledger.clock_of_caller().limit(exact()).timeout(Duration::from_secs(4))))
}

#[cfg(not(feature = "postgres"))]
fn server(parameters: &str) -> Result<Box<dyn Ledger>, wa_life::ledger::LedgerError> {
    panic!("no such store: {parameters}")
}

pub(crate) fn exact() -> Limit {
    Limit::default().margin(Duration::ZERO)
}

/// A clock that all processes share: an hour passes in eight milliseconds.
fn now() -> Moment {
    let start: u128 = env::var(START).unwrap().parse().unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_micros();
    let passed = u64::try_from(now.saturating_sub(start)).unwrap() * 450;
    Timestamp::from_millis(1_700_000_000_000 + passed).into()
}

fn say(line: &str) {
    // The test harness may be in the middle of a line.
    let mut output = io::stdout().lock();
    let _ = output.write_all(format!("\n{line}\n").as_bytes()).and_then(|()| output.flush());
}

pub(crate) const PART: &str = "WA_LEDGER_TEST_PART";
pub(crate) const STORE: &str = "WA_LEDGER_TEST_STORE";
pub(crate) const SEED: &str = "WA_LEDGER_TEST_SEED";
pub(crate) const START: &str = "WA_LEDGER_TEST_START";
pub(crate) const LEFT: &str = "WA_LEDGER_TEST_LEFT";
