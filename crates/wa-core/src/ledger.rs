//! The attempts of a number, counted exactly, so that none is spent that would be refused.
//!
//! A number gets ten requests to register or deregister in any 72 hours; the eleventh locks it for 72 hours more. A
//! [`Ledger`] notes every attempt *before* its request leaves, so that a crash in between counts as spent. [`Attempts`] is
//! the arithmetic, without IO: a sliding log, since a token bucket would let 19 requests into one window. [`Memory`] is a
//! ledger for one process; the crate `wa-ledger` has durable ones.
//!
//! It notes codes and messages too, which are not counted but must not be sent twice either.

mod attempts;
mod entry;
mod memory;
mod store;

pub use attempts::{Allowance, Attempts, Counting, Limit, Refusal};
pub use entry::{AttemptState, Entry, Settlement};
pub use memory::Memory;
pub use store::{AsyncLedger, Ledger, LedgerError, Reservation, ReserveError};
