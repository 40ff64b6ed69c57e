use std::{fmt, time::Duration};

use tokio_postgres::{
    Socket,
    error::{Error, SqlState},
    tls::{MakeTlsConnect, TlsConnect},
};
use wa_life::ledger::{LedgerError, Limit};

use crate::{
    deadline::Deadline,
    failure::{Cause, Failure},
    pool::Pool,
    rows::{Rows, Settings},
    store::{Access, Store},
};

mod connection;
mod gate;
mod link;
mod schema;
mod server;
mod tls;

use gate::Gate;
use link::{Link, Open};
use server::Server;
pub use tls::Rustls;

/// A ledger in a PostgreSQL database, for many hosts. The server's clock counts.
///
/// It has four connections at most, so that a number which another host holds keeps no other waiting. It blocks: where
/// futures run, use it through [`Background`](crate::Background).
pub struct Postgres {
    server: Server,
    links: Pool<Link>,
    gate: Gate,
    settings: Settings,
    timeout: Duration,
    trusts_caller: bool,
}

impl Postgres {
    /// Connects to a server, and makes the tables if they are not there: `host=db.example.org dbname=wa user=wa`, or the
    /// same as an address, `postgresql://wa@db.example.org/wa`.
    ///
    /// A server on this host is talked to without TLS unless `sslmode=require` is given. Any other must offer TLS, with a
    /// certificate that the platform trusts. `connect_timeout=5` bounds all of connecting, to five seconds here; the
    /// default is ten.
    ///
    /// # Errors
    ///
    /// It cannot be reached in time, offers no TLS, or holds a ledger of a newer version that this one does not
    /// understand.
    pub fn connect(parameters: &str) -> Result<Self, LedgerError> {
        let server = Server::from_parameters(parameters).and_then(Server::with_platform_tls);
        Self::open(server.map_err(|failure| LedgerError::new(CONNECTING, failure))?)
    }

    /// Connects to a server with this TLS, such as [`Rustls`] with authorities of your own.
    ///
    /// Another host must offer TLS, whatever `sslmode` says. With a server on this host, `sslmode` decides.
    ///
    /// # Errors
    ///
    /// As with [`connect`](Self::connect).
    pub fn connect_with<T>(parameters: &str, tls: T) -> Result<Self, LedgerError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let server = Server::from_parameters(parameters).and_then(|server| server.with_tls(tls));
        Self::open(server.map_err(|failure| LedgerError::new(CONNECTING, failure))?)
    }

    /// Connects to a server without TLS, even on another host: whoever is on the way can read and change everything, the
    /// password included. For networks that encrypt by other means.
    ///
    /// # Errors
    ///
    /// It cannot be reached in time, `sslmode=require` contradicts, or it holds a ledger of a newer version that this one
    /// does not understand.
    pub fn connect_without_tls(parameters: &str) -> Result<Self, LedgerError> {
        let server = Server::from_parameters(parameters).and_then(Server::without_tls);
        Self::open(server.map_err(|failure| LedgerError::new(CONNECTING, failure))?)
    }

    /// Sets the counting rule.
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

    /// Sets how long a call may take, whatever the server does. The default is twenty seconds, half of which may be spent
    /// on waiting for a number that another host holds.
    ///
    /// Where it elapses during a commit, the attempt may have been noted. It counts then, and nothing is sent.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        // Connections tell the server of the timeout when they are made.
        self.links = Pool::new(CONNECTIONS);
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
        let deadline = Deadline::after(TIMEOUT);
        let prepare = |mut link: Link| schema::prepare(&mut link.until(deadline)).map(|()| link);
        match server.connect(TIMEOUT, deadline).and_then(prepare) {
            Ok(link) => {
                let links = Pool::new(CONNECTIONS);
                if let Some(mut slot) = links.borrow(deadline) {
                    slot.put(link);
                }
                let (gate, settings) = (Gate::default(), Settings::default());
                Ok(Self { server, links, gate, settings, timeout: TIMEOUT, trusts_caller: false })
            }
            Err(cause) => Err(LedgerError::new(CONNECTING, server.failure(cause))),
        }
    }

    fn run<R>(&self, access: Access<'_>, work: impl FnOnce(&mut dyn Rows) -> Result<R, Cause>) -> Result<R, Cause> {
        let deadline = Deadline::after(self.timeout);
        let _turn = match access {
            Access::Read | Access::WriteEvents => None,
            Access::Write(number) => Some(self.gate.enter(number, deadline).ok_or(Cause::Content(HELD))?),
        };
        let mut slot = self.links.borrow(deadline).ok_or(Cause::Content(BUSY))?;
        let mut link = self.begin(slot.take(), access, deadline)?;
        let result = self.fill(&mut link, access, deadline, work);
        // What has failed to answer once is not asked again.
        let is_sound = match &result {
            Ok(_) => true,
            Err(Cause::Slow) => false,
            Err(_) => link.until(deadline).roll_back().is_ok(),
        };
        if is_sound {
            slot.put(link);
        }
        result
    }

    /// What happens within a transaction, and its commit.
    fn fill<R>(
        &self,
        link: &mut Link,
        access: Access<'_>,
        deadline: Deadline,
        work: impl FnOnce(&mut dyn Rows) -> Result<R, Cause>,
    ) -> Result<R, Cause> {
        if let Access::Write(number) = access {
            link.until(deadline).hold(number.as_str())?;
        }
        let result = work(&mut Open { session: link.until(deadline), trusts_caller: self.trusts_caller })?;
        link.until(deadline).commit()?;
        Ok(result)
    }

    /// Begins a transaction, over a new connection if the old one is lost: nothing can have happened by then.
    fn begin(&self, link: Option<Link>, access: Access<'_>, deadline: Deadline) -> Result<Link, Cause> {
        let begin = |link: &mut Link, deadline| match access {
            Access::Read => link.until(deadline).begin_read(),
            Access::Write(_) | Access::WriteEvents => link.until(deadline).begin_write(),
        };
        // A connection whose other end is gone without a word takes half of the time at most.
        if let Some(mut link) = link
            && begin(&mut link, Deadline::after(deadline.left() / 2)).is_ok()
        {
            return Ok(link);
        }
        let mut link = self.server.connect(self.timeout, deadline)?;
        begin(&mut link, deadline)?;
        Ok(link)
    }
}

impl Store for Postgres {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn transact<R>(
        &self,
        access: Access<'_>,
        work: impl FnOnce(&mut dyn Rows) -> Result<R, Cause>,
    ) -> Result<R, Failure> {
        self.run(access, work).map_err(|cause| self.server.failure(cause))
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, settings, timeout, trusts_caller, .. } = self;
        f.debug_struct("Postgres")
            .field("server", &server.name())
            .field("settings", settings)
            .field("timeout", timeout)
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
        &SqlState::LOCK_NOT_AVAILABLE | &SqlState::QUERY_CANCELED => HELD,
        &SqlState::DISK_FULL => "its disk is full: make room",
        &SqlState::ADMIN_SHUTDOWN | &SqlState::CRASH_SHUTDOWN | &SqlState::CANNOT_CONNECT_NOW => {
            "it is stopping or starting: try again"
        }
        &SqlState::CHARACTER_NOT_IN_REPERTOIRE
        | &SqlState::UNTRANSLATABLE_CHARACTER
        | &SqlState::PROGRAM_LIMIT_EXCEEDED => {
            "it cannot store this id or name: check that it is one, and let the database use UTF-8"
        }
        _ => "it refused",
    }
}

const CONNECTING: &str = "connecting to its database";
const HELD: &str = "others hold this number or this event for too long: try again";
const BUSY: &str = "all connections to it are in use for too long: check that it answers, then try again";

pub(crate) const SLOW: &str = "it did not answer in time: check that it runs and can be reached, then try again";

/// How long a call may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How many connections one ledger has at most.
const CONNECTIONS: usize = 4;
