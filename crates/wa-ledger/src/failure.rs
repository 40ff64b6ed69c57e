use std::{error, fmt};

/// A store that failed: which, and what to do. It never shows how one gets into it.
#[derive(Debug)]
pub(crate) struct Failure {
    store: String,
    cause: Cause,
}

impl Failure {
    pub(crate) fn new(store: &str, cause: impl Into<Cause>) -> Self {
        Self { store: store.to_owned(), cause: cause.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.store, self.cause.advice())
    }
}

impl error::Error for Failure {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.cause {
            Cause::Content(_) => None,
            #[cfg(feature = "postgres")]
            Cause::Slow => None,
            #[cfg(feature = "sqlite")]
            Cause::Io(error) => Some(error),
            #[cfg(feature = "postgres")]
            Cause::Thread(error) => Some(error),
            #[cfg(feature = "postgres")]
            Cause::Postgres(error) => Some(error),
            #[cfg(feature = "postgres")]
            Cause::Tls(error) => Some(error),
            #[cfg(feature = "sqlite")]
            Cause::Sqlite(error) => Some(error),
        }
    }
}

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Cause {
    /// What the store holds, or how it is asked for, cannot be: the text says so.
    Content(&'static str),
    #[cfg(feature = "sqlite")]
    Io(std::io::Error),
    #[cfg(feature = "postgres")]
    Postgres(tokio_postgres::Error),
    /// The deadline has passed.
    #[cfg(feature = "postgres")]
    Slow,
    /// The system has no thread for a connection.
    #[cfg(feature = "postgres")]
    Thread(std::io::Error),
    #[cfg(feature = "postgres")]
    Tls(rustls::Error),
    #[cfg(feature = "sqlite")]
    Sqlite(rusqlite::Error),
}

impl Cause {
    fn advice(&self) -> &'static str {
        match self {
            Self::Content(text) => text,
            #[cfg(feature = "sqlite")]
            Self::Io(_) => "it cannot be found or made: check that its folder exists and may be written",
            #[cfg(feature = "postgres")]
            Self::Thread(_) => {
                "the system has no thread for its connection: end what is not needed, or raise the limit"
            }
            #[cfg(feature = "postgres")]
            Self::Slow => crate::postgres::SLOW,
            #[cfg(feature = "postgres")]
            Self::Postgres(error) => crate::postgres::advice(error),
            #[cfg(feature = "postgres")]
            Self::Tls(_) => "TLS cannot be set up: check the certificates of this machine",
            #[cfg(feature = "sqlite")]
            Self::Sqlite(error) => crate::sqlite::advice(error),
        }
    }
}

#[cfg(feature = "sqlite")]
impl From<std::io::Error> for Cause {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

#[cfg(feature = "postgres")]
impl From<tokio_postgres::Error> for Cause {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

#[cfg(feature = "postgres")]
impl From<rustls::Error> for Cause {
    fn from(error: rustls::Error) -> Self {
        Self::Tls(error)
    }
}

#[cfg(feature = "sqlite")]
impl From<rusqlite::Error> for Cause {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}
