//! How many attempts a second a file takes: reserved, marked as sent and settled, each on the disk before the next.
//!
//! `cargo run --release -p wa-ledger --example grants -- FOLDER`; the folder decides which disk is measured.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example measures and tells")]

use std::{
    env,
    error::Error,
    future::Future,
    pin::Pin,
    task::{Context, Waker},
    time::{Instant, SystemTime},
};

use wa_core::{AttemptKind, Timestamp, types::PhoneNumberId};
use wa_ledger::{Background, Sqlite};
use wa_life::ledger::{AsyncLedger, Attempt, AttemptState, Ledger, Moment, Settlement};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir_in(env::args_os().nth(1).unwrap_or_else(|| ".".into()))?;
    let ledger = Sqlite::open(folder.path().join("ledger.db"))?;
    let now = Moment::from(Timestamp::from(SystemTime::now()));
    let register = Attempt::new(AttemptKind::Register);
    let confirmed = Settlement::new(AttemptState::Confirmed);

    let first = numbers(1..=NUMBERS / 10)?;
    let start = Instant::now();
    for number in &first {
        let reservation = ledger.reserve(number, &register, now)?;
        ledger.mark_sent(&reservation, now)?;
        ledger.settle(&reservation, &confirmed, now)?;
    }
    tell("one thread", first.len(), start);

    let others = numbers(NUMBERS..=2 * NUMBERS)?;
    let ledger = Background::new(ledger)?;
    let life = async |number| {
        let reservation = ledger.reserve(number, &register, now).await?;
        ledger.mark_sent(&reservation, now).await?;
        Ok::<_, Box<dyn Error>>(ledger.settle(&reservation, &confirmed, now).await?)
    };
    let start = Instant::now();
    let mut lives: Vec<Pin<Box<dyn Future<Output = _>>>> = Vec::new();
    for number in &others {
        let mut life = Box::pin(life(number));
        // Its reservation is in the queue from now on.
        let _ = life.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        lives.push(life);
    }
    for life in lives {
        pollster::block_on(life)?;
    }
    tell("Background", others.len(), start);
    Ok(())
}

fn numbers(range: impl Iterator<Item = u64>) -> Result<Vec<PhoneNumberId>, Box<dyn Error>> {
    Ok(range.map(|number| PhoneNumberId::new(number.to_string())).collect::<Result<_, _>>()?)
}

fn tell(what: &str, count: usize, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    println!("{what}: {count} numbers in {seconds:.2} s, {:.0} grants/s", count as f64 / seconds);
}

const NUMBERS: u64 = 10_000;
