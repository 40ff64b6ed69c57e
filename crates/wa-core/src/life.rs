//! The life of a number: what is to be done next, and doing it in a way that no crash can ruin.
//!
//! [`plan`] looks at what a number *is*, not at what was done last, and names the one next [`Step`]. A [`Run`] asks it
//! again and again, without IO: [`Run::next`] says what to send, whom to ask, how long to wait; [`Run::receive`] takes what
//! came. So a run can be killed anywhere and started again. What has no answer is settled by reading, not by sending
//! again. [`Fleet`] does it for many numbers.
//!
//! Both clients drive runs by `step`:
//!
//! ```
//! use wa_core::{Body, Config, Timestamp, Transport, blocking::Client};
//! use wa_core::ledger::{Ledger, LedgerError};
//! use wa_core::life::{Goal, Progress, Report, Run};
//!
//! fn reach<T: Transport>(client: &Client<T>, goal: Goal, ledger: &impl Ledger) -> Result<Report, LedgerError> {
//!     let clock = || Timestamp::from(std::time::SystemTime::now());
//!     let mut run = Run::new(client.config(), goal);
//!     loop {
//!         let progress = client.step(&mut run, ledger, clock)?;
//!         for event in run.events() {
//!             eprintln!("{event}");
//!         }
//!         match progress {
//!             Progress::Moved => {}
//!             Progress::Wait(wait) => std::thread::sleep(wait.length),
//!             Progress::Ask(question) => println!("{question}"), // then run.code(..) or run.code_not_received(),
//!             Progress::Done(report) => return Ok(report),
//!         }
//!     }
//! }
//! ```

mod action;
mod blocker;
mod calls;
mod event;
mod fleet;
mod goal;
mod observed;
mod plan;
mod run;
mod step;
mod verdict;

pub use action::{Action, Call, Progress, Report, Unreserved, Wait};
pub use blocker::{Blocker, Reason, Unconfirmed};
pub use event::{Event, EventKind};
pub use fleet::{Fleet, Next};
pub use goal::{Goal, Migration, Onboarding, PinRotation, Relocation, Renaming, Retirement};
pub use observed::{Observed, Presence};
pub use plan::plan;
pub use run::Run;
pub use step::{Ending, Question, Step, Task};
