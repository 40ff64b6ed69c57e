use std::sync::{Arc, Weak};

use tokio::{
    runtime::{self, Handle},
    time::{Instant, sleep_until},
};
use wa_net::{Limits, Origin};

use crate::connection::Connection;

/// Idle connections, and the tasks that close them after the idle timeout.
///
/// A connection can be used only in the runtime that it was opened in. hyper-util's pool is not used: it repeats requests
/// unless told otherwise, and does not tell how far a connection had come when the time ran out.
#[derive(Clone, Debug)]
pub(crate) struct Pool(Arc<Inner>);

type Inner = wa_net::Pool<runtime::Id, Origin, Connection>;

impl Pool {
    pub(crate) fn new(limits: Limits) -> Self {
        Self(Arc::new(Inner::new(limits)))
    }

    pub(crate) fn take(&self, origin: &Origin) -> Option<Connection> {
        self.0.take(Handle::current().id(), origin, Instant::now().into_std())
    }

    pub(crate) fn put(&self, origin: Origin, connection: Connection) {
        let home = Handle::current().id();
        if self.0.put(home, origin, connection, Instant::now().into_std()) {
            tokio::spawn(Reaper { pool: Arc::downgrade(&self.0), home, is_running: true }.run());
        }
    }
}

/// Closes the idle connections of one runtime.
struct Reaper {
    pool: Weak<Inner>,
    home: runtime::Id,
    is_running: bool,
}

impl Reaper {
    async fn run(mut self) {
        while let Some(pool) = self.pool.upgrade() {
            let Some(next) = pool.reap(self.home, Instant::now().into_std()) else {
                self.is_running = false;
                return;
            };
            // The last client may be dropped in the meantime.
            drop(pool);
            sleep_until(next.into()).await;
        }
    }
}

impl Drop for Reaper {
    /// Runs also if the runtime shuts down first.
    fn drop(&mut self) {
        if self.is_running
            && let Some(pool) = self.pool.upgrade()
        {
            pool.reaper_died(self.home);
        }
    }
}
