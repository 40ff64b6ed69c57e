use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::runtime::{self, Handle};
use wa_net::Origin;

use crate::connection::Connection;

/// The connections that wait for their next call. The one that was used last is used first.
///
/// hyper-util's pool is not used: it sends again by itself unless told otherwise, and does not tell how far a connection
/// had come when the time ran out.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    idle: Mutex<Vec<Idle>>,
}

#[derive(Debug)]
struct Idle {
    /// A connection lives in the runtime that it was made in, and only there.
    runtime: runtime::Id,
    origin: Origin,
    connection: Connection,
    since: Instant,
}

impl Pool {
    pub(crate) fn take(&self, origin: &Origin, longest: Duration) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, runtime) = (Instant::now(), Handle::current().id());
        idle.retain(|kept| now.duration_since(kept.since) < longest);
        loop {
            let index = idle.iter().rposition(|kept| kept.runtime == runtime && kept.origin == *origin)?;
            let Idle { connection, .. } = idle.remove(index);
            if connection.is_open() {
                return Some(connection);
            }
        }
    }

    pub(crate) fn put(&self, origin: Origin, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(Idle { runtime: Handle::current().id(), origin, connection, since: Instant::now() });
    }
}
