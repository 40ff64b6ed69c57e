//! Onboards many numbers at once, against a service that is simulated in this process: `cargo run --release --example
//! many_numbers -- 10000 16` for ten thousand numbers with sixteen workers, blocking and asynchronous.
//!
//! One of them is locked; it stops none of the others.

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example talks to its reader")]

use std::{
    collections::BTreeMap,
    error::Error,
    time::{Duration, Instant},
};

use wa_cloud::{
    Config, Timestamp,
    life::{self, Ending, Fleet, Goal, Onboarding, Report, ledger::Memory},
    types::{AccessToken, PhoneNumberId, Pin},
};
use wa_sim::{InProcess, Number, State, Time};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |default| arguments.next().map_or(Ok(default), |text| text.parse());
    let (count, workers) = (argument(200)?, argument(8)?);

    let service = InProcess::new(state(count));
    let before = peak();
    let started = Instant::now();
    tell("blocking", &blocking(&service, count, workers)?, started.elapsed());
    if let (Some(before), Some(after)) = (before, peak()) {
        println!("  {} MB at most, {} MB of them the simulated service before it began", after / 1_024, before / 1_024);
    }

    let service = InProcess::new(state(count));
    let started = Instant::now();
    tell("asynchronous", &asynchronous(&service, count, workers)?, started.elapsed());
    Ok(())
}

fn blocking(service: &InProcess, count: usize, workers: usize) -> Result<Vec<Report>, Box<dyn Error>> {
    use life::blocking::Drive;

    let client = wa_cloud::blocking::Client::with_transport(config()?, service.clone());
    let (fleet, ledger) = (Fleet::new(client.config(), goals(count)), Memory::default());
    let work = || client.work(&fleet, &ledger, clock(service), |length| service.advance(length));
    std::thread::scope(|scope| -> Result<(), Box<dyn Error>> {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            worker.join().map_err(|_| "a worker panicked")??;
        }
        Ok(())
    })?;
    Ok(fleet.reports())
}

#[tokio::main]
async fn asynchronous(service: &InProcess, count: usize, workers: usize) -> Result<Vec<Report>, Box<dyn Error>> {
    use life::Drive;

    let client = wa_cloud::Client::with_transport(config()?, service.clone());
    let fleet = std::sync::Arc::new(Fleet::new(client.config(), goals(count)));
    let ledger = std::sync::Arc::new(Memory::default());
    let workers: Vec<_> = (0..workers)
        .map(|_| {
            let (client, fleet, ledger, service) = (client.clone(), fleet.clone(), ledger.clone(), service.clone());
            tokio::spawn(async move {
                let sleep = |length| {
                    service.advance(length);
                    std::future::ready(())
                };
                client.work(&fleet, &ledger, clock(&service), sleep).await
            })
        })
        .collect();
    for worker in workers {
        worker.await??;
    }
    Ok(fleet.reports())
}

fn clock(service: &InProcess) -> impl Fn() -> Timestamp + Send + Sync {
    let service = service.clone();
    move || Timestamp::from_millis(service.engine().now().as_millis())
}

fn config() -> Result<Config, Box<dyn Error>> {
    Ok(Config::new(AccessToken::new(State::TOKEN)?))
}

fn id(index: usize) -> String {
    (200_000_000_000_000 + index).to_string()
}

fn goals(count: usize) -> impl Iterator<Item = Goal> {
    (0..count)
        .filter_map(|index| Some(Onboarding::new(PhoneNumberId::new(id(index)).ok()?, Pin::new("012345").ok()?).into()))
}

/// So many verified numbers, the first of them locked.
fn state(count: usize) -> State {
    let mut state = State::demo(1);
    state.rules.call_budget = false;
    for index in 0..count {
        let mut number = Number::new(State::ACCOUNT, "1", (15_550_000_000 + index).to_string());
        number.code.verified_at = Some(Time::START);
        if index == 0 {
            number.attempts.locked_until = Some(Time::START + Duration::from_secs(72 * 3_600));
        }
        state.numbers.insert(id(index), number);
    }
    state
}

/// The most memory that the process has had, in KiB, where the system tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

fn tell(client: &str, reports: &[Report], time: Duration) {
    let mut endings: BTreeMap<&str, usize> = BTreeMap::new();
    for report in reports {
        let ending = match &report.ending {
            Ending::Done => "done",
            Ending::Blocked(_) => "blocked",
            _ => "unconfirmed",
        };
        *endings.entry(ending).or_default() += 1;
    }
    let requests: u32 = reports.iter().map(|report| report.requests).sum();
    let each = time / u32::try_from(reports.len().max(1)).unwrap_or(u32::MAX);
    println!("{client}: {endings:?}, {requests} requests, {time:.2?}, {each:.1?} a number");
    for report in reports.iter().filter(|report| report.ending != Ending::Done).take(3) {
        println!("  {report}");
    }
}
