//! The durable ledger of attempts: what was tried with a number survives crashes and is shared by processes and hosts.
//!
//! Two stores keep the promise of [`Ledger`](wa_life::ledger::Ledger), that an attempt is noted for good before its
//! request leaves:
#![cfg_attr(feature = "sqlite", doc = "- [`Sqlite`]: a file, for all threads and processes of one host;")]
#![cfg_attr(
    not(feature = "sqlite"),
    doc = "- `Sqlite`, by the feature `sqlite`: a file, for all processes of one host;"
)]
#![cfg_attr(feature = "postgres", doc = "- [`Postgres`]: a PostgreSQL database, for many hosts.")]
#![cfg_attr(
    not(feature = "postgres"),
    doc = "- `Postgres`, by the feature `postgres`: a PostgreSQL database, for many hosts."
)]
//!
//! Neither decides anything: that does [`Attempts`](wa_life::ledger::Attempts), from rows that nobody else can change
//! meanwhile. [`Background`] makes a ledger for asynchronous programs of either, and [`Audit`] tells who tried what when.
//!
//! Both are an [`Inbox`](wa_core::webhook::Inbox) as well, which remembers for many processes which webhook events are done.
//!
#![cfg_attr(feature = "sqlite", doc = "```")]
#![cfg_attr(not(feature = "sqlite"), doc = "```ignore")]
//! use wa_core::{AttemptKind, Timestamp, types::PhoneNumberId};
//! use wa_ledger::{Audit, Sqlite};
//! use wa_life::ledger::{Attempt, AttemptState, Ledger, Moment, Settlement};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("ledger.db");
//! let ledger = Sqlite::open(path)?.who("onboarding on host 3");
//! let number = PhoneNumberId::new("106540352242922")?;
//! let now = Moment::from(Timestamp::from(std::time::SystemTime::now()));
//!
//! let reservation = ledger.reserve(&number, &Attempt::new(AttemptKind::Register), now)?;
//! if ledger.mark_sent(&reservation, now)? {
//!     // .. the request is sent, and confirmed ..
//!     ledger.settle(&reservation, &Settlement::new(AttemptState::Confirmed), now)?;
//! }
//!
//! assert_eq!(ledger.load(&number, now)?.left(AttemptKind::Register), 9);
//! assert_eq!(ledger.audit(&number)?.records[0].who.as_deref(), Some("onboarding on host 3"));
//! # Ok(())
//! # }
//! ```

mod background;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod deadline;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod events;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod failure;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod migration;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod pool;
#[cfg(feature = "postgres")]
mod postgres;
mod record;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod rows;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod store;
mod sync;

pub use background::Background;
pub use record::{Audit, Listing, Record, Unreadable};

#[cfg(feature = "postgres")]
pub use crate::postgres::{Postgres, Rustls};
#[cfg(feature = "sqlite")]
pub use crate::sqlite::Sqlite;
