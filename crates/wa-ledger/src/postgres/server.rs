use std::{sync::Arc, time::Duration};

use tokio_postgres::{
    Config, NoTls, Socket,
    config::{Host, SslMode},
    tls::{MakeTlsConnect, TlsConnect},
};

use super::{
    connection::{Connecting, Connection, Driver},
    link::Link,
    tls::Rustls,
};
use crate::{
    deadline::Deadline,
    failure::{Cause, Failure},
};

/// A server, and how to connect to it.
pub(super) struct Server {
    name: String,
    config: Config,
    connect: Arc<dyn Fn(Config) -> Connecting + Send + Sync>,
}

impl Server {
    /// Reads the parameters of a connection.
    pub(super) fn from_parameters(parameters: &str) -> Result<Self, Failure> {
        // The error of the parser quotes what it stumbles over, which may be a piece of a password.
        let config = parameters.parse::<Config>();
        let mut config = config.map_err(|_| Failure::new("the PostgreSQL server", UNREADABLE))?;
        if config.get_application_name().is_none() {
            config.application_name("wa-ledger");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(TIMEOUT);
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_idle(TIMEOUT).keepalives_interval(TIMEOUT / 5).keepalives_retries(5);
        }
        Ok(Self { name: name(&config), config, connect: connector(NoTls) })
    }

    /// Takes TLS with the authorities of the platform. On this host it is used only if it is required.
    pub(super) fn with_platform_tls(mut self) -> Result<Self, Failure> {
        if is_this_host(&self.config) && self.config.get_ssl_mode() != SslMode::Require {
            self.config.ssl_mode(SslMode::Disable);
            return Ok(self);
        }
        let tls = Rustls::from_platform().map_err(|error| self.failure(error))?;
        self.with_tls(tls)
    }

    /// Takes this TLS. The default of the driver, `prefer`, would let anybody on the way talk it down to plain text.
    pub(super) fn with_tls<T>(mut self, tls: T) -> Result<Self, Failure>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        if !is_this_host(&self.config) {
            if self.config.get_ssl_mode() == SslMode::Disable {
                return Err(self.failure(PLAIN));
            }
            self.config.ssl_mode(SslMode::Require);
        }
        self.connect = connector(tls);
        Ok(self)
    }

    pub(super) fn without_tls(mut self) -> Result<Self, Failure> {
        if self.config.get_ssl_mode() == SslMode::Require {
            return Err(self.failure(CONTRADICTION));
        }
        self.config.ssl_mode(SslMode::Disable);
        Ok(self)
    }

    /// Connects, for transactions that may take this long.
    pub(super) fn connect(&self, timeout: Duration, deadline: Deadline) -> Result<Link, Cause> {
        // The driver takes this to be the time for TCP alone; here it is the time for everything.
        let allowed = self.config.get_connect_timeout().copied().unwrap_or(TIMEOUT);
        let deadline = Deadline::after(allowed.min(deadline.left()));
        let connection = Connection::open((self.connect)(self.config.clone()), deadline)?;
        Link::new(connection, timeout, deadline)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn failure(&self, cause: impl Into<Cause>) -> Failure {
        Failure::new(&self.name, cause)
    }
}

fn connector<T>(tls: T) -> Arc<dyn Fn(Config) -> Connecting + Send + Sync>
where
    T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    Arc::new(move |config| {
        let tls = tls.clone();
        Box::pin(async move {
            let (client, connection) = config.connect(tls).await?;
            let driver: Driver = Box::pin(connection);
            Ok((client, driver))
        })
    })
}

fn is_this_host(config: &Config) -> bool {
    // An address that is given wins over the name.
    if !config.get_hostaddrs().is_empty() {
        return config.get_hostaddrs().iter().all(|address| address.is_loopback());
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

/// What a person calls it. Users and passwords are not told.
fn name(config: &Config) -> String {
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    });
    let addresses = config.get_hostaddrs().iter().map(ToString::to_string);
    let hosts: Vec<String> = if config.get_hosts().is_empty() { addresses.collect() } else { hosts.collect() };
    let ports: Vec<String> = config.get_ports().iter().map(ToString::to_string).collect();
    let port = if ports.is_empty() { String::new() } else { format!(", port {}", ports.join(" or ")) };
    let database = config.get_dbname().map_or(String::new(), |database| format!(", database {database}"));
    format!("the PostgreSQL server {}{port}{database}", hosts.join(" or "))
}

/// How long to wait for a server that does not answer.
const TIMEOUT: Duration = Duration::from_secs(10);

const UNREADABLE: Cause =
    Cause::Content("the connection string cannot be read: write it as `host=.. dbname=.. user=.. password='..'`");
const PLAIN: Cause = Cause::Content(
    "it is on another host, so a connection without TLS is refused: take out sslmode=disable, or use \
     `Postgres::connect_without_tls`",
);
const CONTRADICTION: Cause =
    Cause::Content("sslmode=require contradicts a connection without TLS: take it out, or use `Postgres::connect`");

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    fn mode(parameters: &str) -> Option<SslMode> {
        Server::from_parameters(parameters).unwrap().with_platform_tls().ok().map(|server| server.config.get_ssl_mode())
    }

    #[test]
    fn only_this_host_is_talked_to_plainly() {
        for this_host in ["host=/run/postgresql", "host=localhost", "host=127.0.0.1", "postgresql://wa:x@[::1]:5433/wa"]
        {
            assert_eq!(mode(this_host), Some(SslMode::Disable), "{this_host}");
            assert_eq!(mode(&format!("{this_host}{}sslmode=require", sep(this_host))), Some(SslMode::Require));
        }
        for other_host in [
            "host=db.example.org",
            "host=localhost hostaddr=192.0.2.1",
            "host=localhost,db.example.org",
            "host=127.0.0.1.example.org",
            "postgresql://wa:x@192.0.2.1/wa",
        ] {
            assert_eq!(mode(other_host), Some(SslMode::Require), "{other_host}");
            assert_eq!(mode(&format!("{other_host}{}sslmode=disable", sep(other_host))), None, "{other_host}");
        }
    }

    #[test]
    fn a_server_is_named_without_user_and_password() {
        let server = Server::from_parameters("postgresql://wa:hunter2@db.example.org:6432,192.0.2.1/numbers").unwrap();
        assert_eq!(
            server.name(),
            "the PostgreSQL server db.example.org or 192.0.2.1, port 6432 or 5432, database numbers"
        );
    }

    #[test]
    fn a_string_that_cannot_be_read_is_not_quoted() {
        for parameters in
            ["host=db password=hunter2 secret=x", "password=correct horse=hunter2", "postgresql://a:b@c:hunter2/"]
        {
            let failure = Server::from_parameters(parameters).err().unwrap();
            assert!(failure.source().is_none());
            assert!(!format!("{failure} {failure:?}").contains("hunter2"), "{failure:?}");
        }
    }

    fn sep(parameters: &str) -> &'static str {
        if parameters.contains("://") { "?" } else { " " }
    }
}
