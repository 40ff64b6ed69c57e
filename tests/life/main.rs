//! Runs against the simulator: what becomes of a number, whatever goes wrong on the way.

mod faults;
mod goals;
mod schedules;
mod total;
mod world;
