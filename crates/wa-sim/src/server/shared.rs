use std::{
    fmt,
    ops::{Deref, DerefMut},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use tokio::sync::watch;

use crate::{
    Delivery, DeliveryState, Engine, State, Time,
    server::{ServerOptions, callback::Callbacks},
};

/// What the connections and the deliveries have in common.
pub(super) struct Shared {
    engine: Mutex<Engine>,
    revision: watch::Sender<u64>,
    /// What to begin with anew.
    pub(super) first_state: State,
    pub(super) options: ServerOptions,
    pub(super) callbacks: Callbacks,
}

impl Shared {
    pub(super) fn new(mut engine: Engine, options: ServerOptions) -> Self {
        restore_taken(&mut engine);
        let callbacks = Callbacks::new(options.allows_remote_callbacks, options.callback_authorities.clone());
        let first_state = engine.state().clone();
        Self { engine: Mutex::new(engine), first_state, revision: watch::Sender::new(0), options, callbacks }
    }

    pub(super) fn engine(&self) -> EngineGuard<'_> {
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        let mut is_changed = false;
        if self.options.has_real_clock {
            let before = engine.state.events.len();
            engine.advance(real_now());
            is_changed = engine.state.events.len() != before;
        }
        EngineGuard { engine, revision: &self.revision, is_changed }
    }

    /// Counts the changes.
    pub(super) fn revisions(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Takes what is to be delivered now, and tells how long the real clock needs until there may be more.
    pub(super) fn take_due(&self) -> (Vec<Delivery>, Option<Duration>) {
        let mut engine = self.engine();
        let now = engine.now();
        let due = engine.engine.take_due();
        engine.is_changed |= !due.is_empty();
        let wait = self.options.has_real_clock.then(|| {
            let event = engine.state.events.first().map(|(at, _)| *at);
            event.into_iter().chain(engine.waiting.next()).min().map(|at| at.since(now))
        });
        (due, wait.flatten())
    }
}

/// The service behind a server, locked. Letting it go acts upon what was changed: webhooks go out.
pub struct EngineGuard<'a> {
    engine: MutexGuard<'a, Engine>,
    revision: &'a watch::Sender<u64>,
    is_changed: bool,
}

impl Deref for EngineGuard<'_> {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.engine
    }
}

impl DerefMut for EngineGuard<'_> {
    fn deref_mut(&mut self) -> &mut Engine {
        self.is_changed = true;
        &mut self.engine
    }
}

impl fmt::Debug for EngineGuard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineGuard").finish_non_exhaustive()
    }
}

impl Drop for EngineGuard<'_> {
    fn drop(&mut self) {
        if self.is_changed {
            self.revision.send_modify(|revision| *revision += 1);
        }
    }
}

/// Nobody is left to say how these deliveries of a snapshot went, so they are made again.
pub(super) fn restore_taken(engine: &mut Engine) {
    for delivery in engine.state_mut().webhooks.deliveries.values_mut() {
        if delivery.state == DeliveryState::Taken {
            delivery.state = DeliveryState::Waiting;
        }
    }
}

fn real_now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Time::from_millis(0) + since
}
