use std::{
    collections::{BTreeSet, VecDeque},
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use futures_channel::oneshot;
use wa_core::{
    Timestamp,
    types::PhoneNumberId,
    webhook::{AsyncInbox, Claim, EventKey, Inbox, InboxError, Lease},
};
use wa_life::ledger::{
    AsyncLedger, Attempt, AttemptState, Attempts, Ledger, LedgerError, Moment, Reservation, ReserveError, Settlement,
};

use crate::sync::{Condvar, Mutex, MutexGuard, THREADS, thread};

/// A ledger and an inbox for asynchronous programs, over any other: it works in four threads of its own, which end with
/// this value.
///
/// It needs no runtime and blocks none. What changes a number is done in the order in which it was asked for, by one
/// thread at a time, so that a number that has to wait holds up no other.
pub struct Background<L> {
    queue: Arc<Queue<L>>,
}

type Job<L> = Box<dyn FnOnce(&L) + Send>;
type Opened = oneshot::Receiver<Result<(), LedgerError>>;

impl<L: Send + Sync + 'static> Background<L> {
    /// Hands the ledger over to the threads.
    ///
    /// # Errors
    ///
    /// The system has no thread to give.
    pub fn new(ledger: L) -> Result<Self, LedgerError> {
        Self::start(|| Ok(ledger)).map(|(background, _)| background)
    }

    /// Opens a ledger in one of the threads: opening may wait for a disk or a server.
    ///
    /// # Errors
    ///
    /// It cannot be opened, or the system has no thread to give.
    pub async fn open(open: impl FnOnce() -> Result<L, LedgerError> + Send + 'static) -> Result<Self, LedgerError> {
        let (background, opened) = Self::start(open)?;
        opened.await.map_err(panicked)?.map(|()| background)
    }

    /// Lets a thread do this with the ledger, such as reading an [`Audit`](crate::Audit). It is done even if nobody
    /// waits for it any more.
    ///
    /// # Errors
    ///
    /// It panicked.
    pub async fn with<R: Send + 'static>(&self, work: impl FnOnce(&L) -> R + Send + 'static) -> Result<R, LedgerError> {
        self.ask(None, work).await.map_err(panicked)
    }

    async fn ask<R: Send + 'static>(
        &self,
        number: Option<PhoneNumberId>,
        work: impl FnOnce(&L) -> R + Send + 'static,
    ) -> Result<R, oneshot::Canceled> {
        let (sender, receiver) = oneshot::channel();
        self.queue.push(number, Box::new(move |ledger| drop(sender.send(work(ledger)))));
        receiver.await
    }

    fn start(open: impl FnOnce() -> Result<L, LedgerError> + Send + 'static) -> Result<(Self, Opened), LedgerError> {
        let queue = Arc::new(Queue::default());
        let background = Self { queue: Arc::clone(&queue) };
        let (tell, opened) = oneshot::channel();
        let work = move || match open() {
            Ok(ledger) => {
                let ledger = Arc::new(ledger);
                for _ in 1..THREADS {
                    let (queue, ledger) = (Arc::clone(&queue), Arc::clone(&ledger));
                    // Where the system has no more threads to give, those that are there do all the work.
                    drop(spawn(move || queue.serve(&*ledger)));
                }
                drop(tell.send(Ok(())));
                queue.serve(&*ledger);
            }
            Err(error) => drop(tell.send(Err(error))),
        };
        spawn(work).map_err(|error| LedgerError::new("starting its thread", error))?;
        Ok((background, opened))
    }
}

impl<L> Drop for Background<L> {
    fn drop(&mut self) {
        self.queue.lock().is_closed = true;
        self.queue.changed.notify_all();
    }
}

/// The work that is to be done, and the numbers that somebody works on.
struct Queue<L> {
    state: Mutex<State<L>>,
    changed: Condvar,
}

struct State<L> {
    jobs: VecDeque<(Option<PhoneNumberId>, Job<L>)>,
    busy: BTreeSet<PhoneNumberId>,
    is_closed: bool,
}

impl<L> Queue<L> {
    fn push(&self, number: Option<PhoneNumberId>, job: Job<L>) {
        self.lock().jobs.push_back((number, job));
        self.changed.notify_one();
    }

    /// Works until the queue is closed and empty.
    fn serve(&self, ledger: &L) {
        while let Some((number, job)) = self.next() {
            // Whoever waits for it learns of a panic from the channel. The ledger is the judge of its own soundness: a
            // transaction that panicked was undone.
            let _ = catch_unwind(AssertUnwindSafe(|| job(ledger)));
            if let Some(number) = number {
                self.lock().busy.remove(&number);
                self.changed.notify_all();
            }
        }
    }

    /// The first job whose number nobody works on.
    fn next(&self) -> Option<(Option<PhoneNumberId>, Job<L>)> {
        let mut guard = self.lock();
        loop {
            let state = &mut *guard;
            let is_free =
                |number: &Option<PhoneNumberId>| number.as_ref().is_none_or(|number| !state.busy.contains(number));
            if let Some(index) = state.jobs.iter().position(|(number, _)| is_free(number)) {
                let (number, job) = state.jobs.remove(index)?;
                state.busy.extend(number.clone());
                return Some((number, job));
            }
            if state.is_closed && state.jobs.is_empty() {
                return None;
            }
            guard = self.changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<L>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<L> Default for Queue<L> {
    fn default() -> Self {
        let state = State { jobs: VecDeque::new(), busy: BTreeSet::new(), is_closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }
}

#[async_trait]
impl<L: Ledger + Send + Sync + 'static> AsyncLedger for Background<L> {
    async fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        let number = number.clone();
        self.with(move |ledger| ledger.load(&number, now)).await?
    }

    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: &Attempt,
        now: Moment,
    ) -> Result<Reservation, ReserveError> {
        let (key, number, attempt) = (number.clone(), number.clone(), attempt.clone());
        let (sender, receiver) = oneshot::channel();
        let job = move |ledger: &L| {
            if sender.is_canceled() {
                return;
            }
            // Whoever has gone meanwhile sends nothing: the attempt is given back, or stays spent should even that fail.
            if let Err(Ok(reservation)) = sender.send(ledger.reserve(&number, &attempt, now)) {
                drop(ledger.settle(&reservation, &Settlement::abandoned(), now));
            }
        };
        self.queue.push(Some(key), Box::new(job));
        receiver.await.map_err(panicked)?
    }

    async fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        let (number, reservation) = (reservation.number.clone(), reservation.clone());
        let (sender, receiver) = oneshot::channel();
        let job = move |ledger: &L| {
            if sender.is_canceled() {
                return;
            }
            // Whoever has gone meanwhile has not learnt that the request may leave.
            if let Err(Ok(true)) = sender.send(ledger.mark_sent(&reservation, now)) {
                drop(ledger.settle(&reservation, &Settlement::new(AttemptState::NotSent), now));
            }
        };
        self.queue.push(Some(number), Box::new(job));
        receiver.await.map_err(panicked)?
    }

    async fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        let (number, reservation, settlement) = (reservation.number.clone(), reservation.clone(), settlement.clone());
        self.ask(Some(number), move |ledger| ledger.settle(&reservation, &settlement, now)).await.map_err(panicked)?
    }
}

#[async_trait]
impl<L: Inbox + Send + Sync + 'static> AsyncInbox for Background<L> {
    async fn claim(&self, event: &EventKey, lease: Duration, now: Timestamp) -> Result<Claim, InboxError> {
        let event = event.clone();
        let (sender, receiver) = oneshot::channel();
        let job = move |inbox: &L| {
            if sender.is_canceled() {
                return;
            }
            // Whoever has gone meanwhile works on nothing: the event is given back, or its lease expires should that fail.
            if let Err(Ok(Claim::New(lease))) = sender.send(inbox.claim(&event, lease, now)) {
                drop(inbox.release(&lease, now));
            }
        };
        self.queue.push(None, Box::new(job));
        receiver.await.map_err(inbox_panicked)?
    }

    async fn confirm(&self, lease: &Lease, now: Timestamp) -> Result<bool, InboxError> {
        let lease = lease.clone();
        self.ask(None, move |inbox| inbox.confirm(&lease, now)).await.map_err(inbox_panicked)?
    }

    async fn release(&self, lease: &Lease, now: Timestamp) -> Result<(), InboxError> {
        let lease = lease.clone();
        self.ask(None, move |inbox| inbox.release(&lease, now)).await.map_err(inbox_panicked)?
    }

    async fn prune(&self, now: Timestamp) -> Result<usize, InboxError> {
        self.ask(None, move |inbox| inbox.prune(now)).await.map_err(inbox_panicked)?
    }
}

impl<L> fmt::Debug for Background<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Background").finish_non_exhaustive()
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    thread::Builder::new().name("wa-ledger".to_owned()).spawn(work).map(drop)
}

fn panicked(_: oneshot::Canceled) -> LedgerError {
    LedgerError::new(ASKING, PANICKED)
}

fn inbox_panicked(_: oneshot::Canceled) -> InboxError {
    InboxError::new(ASKING, PANICKED)
}

const ASKING: &str = "asking its threads";
const PANICKED: &str = "it panicked, which is a defect of it: what it was doing was undone";
