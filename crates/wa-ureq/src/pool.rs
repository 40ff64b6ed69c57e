use std::{
    sync::{Arc, Weak},
    thread,
    time::Instant,
};

use wa_net::{Limits, Origin};

use crate::connection::Stream;

/// Idle connections, and the thread that closes them after the idle timeout.
///
/// ureq's own pool is not used: it closes idle connections only when another call is made.
#[derive(Clone, Debug)]
pub(crate) struct Pool(Arc<Inner>);

/// A reference that does not keep the pool alive.
#[derive(Clone, Debug)]
pub(crate) struct WeakPool(Weak<Inner>);

type Inner = wa_net::Pool<(), Origin, Stream>;

impl Pool {
    pub(crate) fn new(limits: Limits) -> Self {
        Self(Arc::new(Inner::new(limits)))
    }

    pub(crate) fn take(&self, origin: &Origin) -> Option<Stream> {
        self.0.take((), origin, Instant::now())
    }

    pub(crate) fn downgrade(&self) -> WeakPool {
        WeakPool(Arc::downgrade(&self.0))
    }
}

impl WeakPool {
    pub(crate) fn put(&self, origin: Origin, stream: Stream) {
        let Some(pool) = self.0.upgrade() else { return };
        if pool.put((), origin, stream, Instant::now()) {
            let (reaped, reaper) = (self.0.clone(), thread::Builder::new().name("wa-ureq".to_owned()));
            if reaper.spawn(move || reap(&reaped)).is_err() {
                // The next call asks for a thread again.
                pool.reaper_died(());
            }
        }
    }
}

/// Closes idle connections until there are none, or until the last client is dropped.
fn reap(pool: &Weak<Inner>) {
    while let Some(strong) = pool.upgrade() {
        let now = Instant::now();
        let Some(next) = strong.reap((), now) else { return };
        drop(strong);
        thread::sleep(next.saturating_duration_since(now));
    }
}
