//! How long the program takes until it listens, and what 10,000 numbers cost it.
//!
//! `cargo build --release -p wa-sim && cargo run --release -p wa-sim --example start`

#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example measures and tells")]

use std::{
    env,
    error::Error,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use wa_sim::{Number, State};

fn main() -> Result<(), Box<dyn Error>> {
    let mut state = State::demo(1);
    for place in 0..10_000 {
        let mut number = Number::new(State::ACCOUNT, "1", format!("1555{place:07}"));
        number.code.verified_at = Some(state.now);
        state.numbers.insert(format!("2000000000{place:05}"), number);
    }
    let scenario = env::temp_dir().join(format!("wa-sim-{}.json", std::process::id()));
    fs::write(&scenario, state.to_json().to_string())?;
    let program = env::current_exe()?.with_file_name("../wa-sim");

    for (what, arguments) in
        [("one number", &[][..]), ("10,000 numbers", &["--scenario".as_ref(), scenario.as_os_str()])]
    {
        measure(&program, what, arguments)?;
    }
    fs::remove_file(scenario)?;
    Ok(())
}

fn measure(program: &Path, what: &str, arguments: &[&std::ffi::OsStr]) -> Result<(), Box<dyn Error>> {
    let mut times = Vec::new();
    let mut memory = String::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        let mut child = Command::new(program).args(["--port", "0"]).args(arguments).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(stdout) = &mut child.stdout {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        times.push(started.elapsed());
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        memory = status.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM")).collect();
        child.kill()?;
        child.wait()?;
        if line.is_empty() {
            return Err("the program did not start".into());
        }
    }
    times.sort_unstable();
    println!("{what}: listens after {:?} (median of {RUNS}), {memory}", times[RUNS / 2]);
    Ok(())
}

const RUNS: usize = 11;
