//! How fast the simulator answers in process, on one core, and what 10,000 numbers cost it.
//!
//! `cargo run --release -p wa-sim --example speed`

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example measures and tells")]

use std::{error::Error, fs, time::Instant};

use wa_core::{
    Config,
    api::number::{ReadNumber, Register},
    blocking::Client,
    types::{AccessToken, PhoneNumberId, Pin},
};
use wa_sim::{InProcess, Number, State};

fn main() -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let mut state = State::demo(1);
    state.rules.call_budget = false;
    // Collected, not inserted in order, which would leave the nodes of the map half empty.
    let numbers = (0..10_000).map(|place| {
        let mut number = Number::new(State::ACCOUNT, "1", format!("1555{place:07}"));
        number.code.verified_at = Some(state.now);
        (format!("2000000000{place:05}"), number)
    });
    state.numbers = numbers.chain(state.numbers).collect();
    let sim = InProcess::new(state);
    println!("10,000 numbers after {:?}", started.elapsed());
    tell_memory("with 10,000 numbers");

    let client = Client::with_transport(Config::new(AccessToken::new(State::TOKEN)?), sim.clone());
    let reads = 100_000_u32;
    let id = PhoneNumberId::new(State::NUMBER)?;
    let started = Instant::now();
    for _ in 0..reads {
        client.send(&ReadNumber::new(&id))?;
    }
    println!("{:.0} reads a second", f64::from(reads) / started.elapsed().as_secs_f64());

    let started = Instant::now();
    for place in 0..10_000 {
        let id = PhoneNumberId::new(format!("2000000000{place:05}"))?;
        client.send(&Register::new(&id, Pin::new("012345")?))?;
    }
    println!("{:.0} registrations a second", 10_000.0 / started.elapsed().as_secs_f64());
    tell_memory("with a full journal");
    Ok(())
}

fn tell_memory(when: &str) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(line) = status.lines().find(|line| line.starts_with("VmRSS")) {
        println!("{line} {when}");
    }
}
