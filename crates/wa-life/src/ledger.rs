//! The attempts of a number, counted exactly, so that none is spent that would be refused.
//!
//! A number gets ten requests to register or deregister in any 72 hours; the eleventh locks it for 72 hours more. A
//! [`Ledger`] notes every attempt *before* its request leaves, so that a crash in between counts as spent. [`Attempts`] is
//! the arithmetic, without IO: a sliding log, since a token bucket would let 19 requests into one window. [`Memory`] is a
//! ledger for one process; the crate `wa-ledger` has durable ones.
//!
//! An attempt is *reserved*, then *sent*, then settled. What was never marked as sent has never left, so a process that
//! dies, or a future that is dropped, before that leaves nothing in doubt.
//!
//! Codes and messages are noted too. They are not counted, but must not be sent twice either.

mod attempts;
mod entry;
mod memory;
mod moment;
mod store;

pub use attempts::{Allowance, Attempts, Counting, Limit, Refusal};
pub use entry::{Attempt, AttemptState, Entry, Reservation, Settlement, Source};
pub use memory::Memory;
pub use moment::Moment;
pub use store::{AsyncLedger, Ledger, LedgerError, ReserveError};
