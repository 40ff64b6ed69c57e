//! The life of a business phone number: decides the next step towards a goal, and takes it so that a crash does no harm.
//!
//! [`plan`] decides the one next [`Step`] from what a number *is*, not from what was done last. A [`Run`] asks it again and
//! again, without IO: [`Run::poll`] returns the next operation, an [`Op`], and methods of the run take the results. A run can
//! therefore be killed at any point and started again. A call without an answer is settled by reading, not by sending it
//! again. A [`Fleet`] does this for many numbers.
//!
//! [`Drive`] lets the asynchronous client drive runs, [`blocking::Drive`] the blocking one. Under any other HTTP stack a driver is
//! one `match`:
//!
//! ```
//! use wa_core::{Body, CallLimits, Config, Timestamp, TransportError};
//! use wa_life::ledger::{Ledger, LedgerError};
//! use wa_life::{Goal, Op, Report, Run};
//!
//! fn reach(
//!     config: &Config,
//!     goal: Goal,
//!     ledger: &impl Ledger,
//!     send: impl Fn(http::Request<Body>, CallLimits) -> Result<http::Response<Vec<u8>>, TransportError>,
//! ) -> Result<Report, LedgerError> {
//!     let clock = || Timestamp::from(std::time::SystemTime::now());
//!     let mut run = Run::new(config, goal);
//!     loop {
//!         match run.poll(clock()) {
//!             Op::Load { number, now } => run.loaded(ledger.load(&number, now)?, clock()),
//!             Op::Reserve { number, attempt, now } => {
//!                 run.reserved(ledger.reserve(&number, &attempt, now), clock())?;
//!             }
//!             Op::MarkSent { reservation, now } => run.marked_sent(ledger.mark_sent(&reservation, now)?, clock()),
//!             Op::Send(call) => run.answered(send(call.request, call.limits), clock()),
//!             Op::Settle { reservation, settlement, now } => {
//!                 ledger.settle(&reservation, &settlement, now)?;
//!                 run.settled();
//!             }
//!             Op::Wait(wait) => std::thread::sleep(wait.length),
//!             Op::Ask(question) => println!("{question}"), // then run.code_received(..) or run.code_not_received()
//!             Op::Done(report) => return Ok(*report),
//!         }
//!     }
//! }
//! ```

mod blocker;
pub mod blocking;
mod budget;
mod calls;
mod drive;
mod event;
mod fleet;
mod goal;
mod greeting;
mod guarded;
mod host;
mod jitter;
mod learn;
pub mod ledger;
mod machine;
mod observed;
mod op;
mod plan;
mod reconcile;
mod run;
mod step;
mod sync;
mod transmission;
mod words;

pub use blocker::{Blocker, Reason, Unconfirmed};
pub use drive::{Drive, Guard};
pub use event::{Event, EventKind, Fault};
pub use fleet::{Fleet, HeldRun, Next};
pub use goal::{
    Addition, Goal, Migration, Onboarding, PinRotation, Relocation, Renaming, Retirement, Subject, Subscription,
};
pub use greeting::Greeting;
pub use guarded::{GuardedCall, GuardedError};
pub use host::{AsyncHost, Host, Reply, TestHost};
pub use observed::{History, Listing, Observed, Presence, Subscribed};
pub use op::{Call, Op, Progress, Report, Wait};
pub use plan::plan;
pub use run::Run;
pub use step::{Decision, Ending, Question, Step};
