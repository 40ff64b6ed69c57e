//! Runs against the simulator: what becomes of a number, whatever goes wrong on the way.

#![allow(clippy::disallowed_methods, reason = "tests start threads")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod clocks;
mod faults;
mod fleet;
mod goals;
mod hosts;
mod schedules;
mod together;
mod total;
mod unanswered;
mod workers;
mod world;

#[test]
fn no_schedule_lets_an_eleventh_attempt_out() {
    let (most, refused) = schedules::no_eleventh(200, || ((), wa_life::ledger::Memory::default()));
    assert!(most > 15 && refused > 10, "at most {most} attempts, refused in {refused} of 200 cases");
}
