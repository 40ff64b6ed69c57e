//! What strikes at which point of the way between a run, its ledger and its transport.

use std::{
    collections::BTreeMap,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll, Waker},
};

/// A point of the way: before or after the effect of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) operation: &'static str,
    pub(crate) side: Side,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Before,
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strike {
    /// Whoever drives the run is gone: its future is dropped, or its thread unwinds.
    Vanish,
    /// The operation fails. A request has certainly not left, or its answer is lost after the effect.
    Fail,
    /// The operation fails; a request may have left.
    Silence,
}

/// The points in their order, and what strikes at which. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    strikes: BTreeMap<usize, Strike>,
    passed: Vec<Place>,
    struck: usize,
    has_vanished: bool,
    handed_out: BTreeMap<String, usize>,
}

/// Whoever drove the run is gone.
#[derive(Debug, PartialEq)]
pub(crate) struct Vanished;

impl Script {
    pub(crate) fn new(strikes: impl IntoIterator<Item = (usize, Strike)>) -> Self {
        let inner = Inner { strikes: strikes.into_iter().collect(), ..Inner::default() };
        Self(Arc::new(Mutex::new(inner)))
    }

    /// Every operation at this interval fails, on this side of its effect.
    pub(crate) fn periodic(interval: usize, side: Side) -> Self {
        let offset = usize::from(side == Side::After);
        Self::new((1..400).map(|nth| ((nth * interval - 1) * 2 + offset, Strike::Fail)))
    }

    /// The points that were passed.
    pub(crate) fn passed(&self) -> Vec<Place> {
        self.inner().passed.clone()
    }

    /// How often something struck.
    pub(crate) fn struck(&self) -> usize {
        self.inner().struck
    }

    /// Notes that a request was handed to the transport.
    pub(crate) fn hand_out(&self, call: String) {
        *self.inner().handed_out.entry(call).or_default() += 1;
    }

    /// How often such a request was handed to the transport.
    pub(crate) fn handed_out(&self, call: &str) -> usize {
        self.inner().handed_out.get(call).copied().unwrap_or(0)
    }

    /// Passes a point in a program that waits.
    pub(crate) fn pass(&self, operation: &'static str, side: Side) -> Result<(), Strike> {
        match self.reach(operation, side) {
            Some(Strike::Vanish) => resume_unwind(Box::new(Vanished)),
            Some(strike) => Err(strike),
            None => Ok(()),
        }
    }

    /// Passes a point in an asynchronous program: here its future may be dropped.
    pub(crate) async fn pass_async(&self, operation: &'static str, side: Side) -> Result<(), Strike> {
        let strike = self.reach(operation, side);
        if strike == Some(Strike::Vanish) {
            self.inner().has_vanished = true;
            return std::future::pending().await;
        }
        let mut has_waited = false;
        poll_fn(|context| {
            if std::mem::replace(&mut has_waited, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        strike.map_or(Ok(()), Err)
    }

    /// Polls a future to its end, or to where it is to be dropped.
    pub(crate) fn poll<T>(&self, future: impl Future<Output = T>) -> Result<T, Vanished> {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return Ok(value);
            }
            if std::mem::take(&mut self.inner().has_vanished) {
                return Err(Vanished);
            }
        }
    }

    /// Works to the end, or to where it unwinds.
    pub(crate) fn catch<T>(&self, work: impl FnOnce() -> T) -> Result<T, Vanished> {
        catch_unwind(AssertUnwindSafe(work)).map_err(|cause| match cause.downcast::<Vanished>() {
            Ok(vanished) => *vanished,
            Err(panic) => resume_unwind(panic),
        })
    }

    fn reach(&self, operation: &'static str, side: Side) -> Option<Strike> {
        let mut inner = self.inner();
        let point = inner.passed.len();
        assert!(point < MOST_POINTS, "it goes on for ever: {:?}", inner.handed_out);
        inner.passed.push(Place { operation, side });
        let strike = inner.strikes.get(&point).copied();
        inner.struck += usize::from(strike.is_some());
        strike
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }
}

/// More than any of the ways has.
const MOST_POINTS: usize = 20_000;
