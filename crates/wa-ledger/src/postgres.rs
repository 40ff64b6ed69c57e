use std::{
    fmt,
    ops::Range,
    sync::{Mutex, PoisonError},
};

use postgres::{
    Socket,
    error::{Error, SqlState},
    tls::{MakeTlsConnect, TlsConnect},
};
use wa_core::{
    Attempt, Timestamp,
    ledger::{Attempts, Ledger, LedgerError, Limit, Reservation, ReserveError, Settlement},
    types::PhoneNumberId,
};

use crate::{
    Audit, Record,
    failure::Cause,
    rows::{self, Settings},
};

mod link;
mod schema;
mod server;
mod tls;

use link::{Access, Link, Open};
use server::Server;
pub use tls::Rustls;

/// A ledger in a PostgreSQL database, for many hosts. The server's clock counts.
///
/// It blocks, and must be neither called nor dropped where a future runs: there, have it opened by
/// [`Background::open`](crate::Background::open).
pub struct Postgres {
    server: Server,
    link: Mutex<Option<Link>>,
    settings: Settings,
    trusts_caller: bool,
}

impl Postgres {
    /// Connects to a server, and makes the tables if they are not there: `host=db.example.org dbname=wa user=wa`, or the
    /// same as an address, `postgresql://wa@db.example.org/wa`.
    ///
    /// A server on this host is talked to plainly unless `sslmode=require` is given. Any other must offer TLS, with a
    /// certificate that the platform trusts.
    ///
    /// # Errors
    ///
    /// It cannot be reached, would be talked to plainly, or holds a ledger of a newer version.
    pub fn connect(parameters: &str) -> Result<Self, LedgerError> {
        let server = Server::from_parameters(parameters).and_then(Server::with_safe_tls);
        Self::open(server.map_err(|failure| LedgerError::new(CONNECTING, failure))?)
    }

    /// Connects to a server with this TLS, such as [`Rustls`] with authorities of your own, as `sslmode` says.
    ///
    /// With [`NoTls`](postgres::NoTls) whoever is on the way can read and change everything.
    ///
    /// # Errors
    ///
    /// It cannot be reached, or holds a ledger of a newer version.
    pub fn connect_with<T>(parameters: &str, tls: T) -> Result<Self, LedgerError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let server = Server::from_parameters(parameters).map(|server| server.with_tls(tls));
        Self::open(server.map_err(|failure| LedgerError::new(CONNECTING, failure))?)
    }

    /// Counts so.
    #[must_use]
    pub fn limit(mut self, limit: Limit) -> Self {
        self.settings.limit = limit;
        self
    }

    /// Notes with each attempt who made it: a program, a person, a host.
    #[must_use]
    pub fn who(mut self, who: impl Into<String>) -> Self {
        self.settings.who = Some(who.into());
        self
    }

    /// Lets the `now` of each call count rather than the server's clock: for a virtual clock, which all programs that
    /// use the database then have to share.
    #[must_use]
    pub fn clock_of_caller(mut self) -> Self {
        self.trusts_caller = true;
        self
    }

    fn open(server: Server) -> Result<Self, LedgerError> {
        let link = server.connect().and_then(|mut link| schema::prepare(&mut link).map(|()| link));
        match link {
            Ok(link) => {
                Ok(Self { server, link: Mutex::new(Some(link)), settings: Settings::default(), trusts_caller: false })
            }
            Err(cause) => Err(LedgerError::new(CONNECTING, server.failure(cause))),
        }
    }

    fn read<R>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Open<'_>) -> Result<R, Cause>,
    ) -> Result<R, LedgerError> {
        self.transact(doing, Access::Read, work)
    }

    fn write<R>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&mut Open<'_>) -> Result<R, Cause>,
    ) -> Result<R, LedgerError> {
        self.transact(doing, Access::Write, work)
    }

    fn transact<R>(
        &self,
        doing: &'static str,
        access: Access,
        work: impl FnOnce(&mut Open<'_>) -> Result<R, Cause>,
    ) -> Result<R, LedgerError> {
        let mut slot = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        // Taken out, so that a panic on the way closes the connection and with it the transaction.
        let link = slot.take();
        let result = self.begin(link, access).and_then(|mut link| {
            let result = work(&mut Open { link: &mut link, trusts_caller: self.trusts_caller });
            let result = result.and_then(|value| link.commit().map(|()| value));
            *slot = if result.is_ok() { Some(link) } else { link.roll_back() };
            result
        });
        result.map_err(|cause| LedgerError::new(doing, self.server.failure(cause)))
    }

    /// Begins a transaction, over a new connection if the old one is lost: nothing can have happened by then.
    fn begin(&self, link: Option<Link>, access: Access) -> Result<Link, Cause> {
        if let Some(mut link) = link
            && link.begin(access).is_ok()
        {
            return Ok(link);
        }
        let mut link = self.server.connect()?;
        link.begin(access)?;
        Ok(link)
    }
}

impl Ledger for Postgres {
    fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError> {
        self.read("reading the attempts of a number", |rows| self.settings.attempts(rows, number))
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: Attempt, now: Timestamp) -> Result<Reservation, ReserveError> {
        Ok(self.write("reserving an attempt", |rows| self.settings.reserve(rows, number, attempt, now))??)
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Timestamp) -> Result<(), LedgerError> {
        self.write("noting an outcome", |rows| self.settings.settle(rows, reservation, settlement, now))
    }
}

impl Audit for Postgres {
    fn audit(&self, number: &PhoneNumberId) -> Result<Vec<Record>, LedgerError> {
        self.read("reading the attempts of a number", |rows| rows::audit(rows, number))
    }

    fn audit_all(&self, reserved: Range<Timestamp>) -> Result<Vec<Record>, LedgerError> {
        self.read("reading the attempts of all numbers", |rows| rows::audit_all(rows, &reserved))
    }

    fn in_doubt(&self) -> Result<Vec<Record>, LedgerError> {
        self.read("reading the attempts in doubt", |rows| rows::in_doubt(rows))
    }

    fn forget_before(&self, before: Timestamp, now: Timestamp) -> Result<usize, LedgerError> {
        let numbers = self.read("looking for what is over", |rows| rows::numbers(rows, before))?;
        let forget =
            |number| self.write("forgetting what is over", |rows| self.settings.forget(rows, number, before, now));
        numbers.iter().map(forget).sum()
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, settings, trusts_caller, .. } = self;
        f.debug_struct("Postgres")
            .field("server", &server.name())
            .field("settings", settings)
            .field("trusts_caller", trusts_caller)
            .finish_non_exhaustive()
    }
}

/// What to do about an error of the server, or on the way to it.
pub(crate) fn advice(error: &Error) -> &'static str {
    let Some(code) = error.code() else {
        return "it cannot be reached, or the connection was lost: check that it runs, then try again";
    };
    match code {
        &SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            "it does not let this user in: check user and password"
        }
        &SqlState::UNDEFINED_DATABASE => "it has no such database: create it",
        &SqlState::INSUFFICIENT_PRIVILEGE => "this user may not do that: grant the rights on the tables wa_ledger*",
        &SqlState::READ_ONLY_SQL_TRANSACTION => "it is a standby: connect to the primary",
        &SqlState::LOCK_NOT_AVAILABLE | &SqlState::QUERY_CANCELED => "others hold this number for too long: try again",
        &SqlState::DISK_FULL => "its disk is full: make room",
        &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW => {
            "it is stopping or starting: try again"
        }
        _ => "it refused",
    }
}

const CONNECTING: &str = "connecting to its database";
