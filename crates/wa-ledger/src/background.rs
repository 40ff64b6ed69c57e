use std::{fmt, sync::mpsc, thread};

use async_trait::async_trait;
use futures_channel::oneshot;
use wa_core::{
    Attempt, Timestamp,
    ledger::{AsyncLedger, AttemptState, Attempts, Ledger, LedgerError, Reservation, ReserveError, Settlement},
    types::PhoneNumberId,
};

/// A ledger for asynchronous programs, over any other: it works in a thread of its own, which ends with this value.
///
/// It needs no runtime and blocks none.
pub struct Background<L> {
    jobs: mpsc::Sender<Job<L>>,
}

type Job<L> = Box<dyn FnOnce(&L) + Send>;
type Opened = oneshot::Receiver<Result<(), LedgerError>>;

impl<L: Ledger + Send + 'static> Background<L> {
    /// Hands the ledger over to a thread.
    ///
    /// # Errors
    ///
    /// The system has no thread to give.
    pub fn new(ledger: L) -> Result<Self, LedgerError> {
        Self::start(|| Ok(ledger)).map(|(background, _)| background)
    }

    /// Opens a ledger in the thread that it is to work in: for one that may not even be opened, or dropped, where a
    /// future runs.
    ///
    /// # Errors
    ///
    /// It cannot be opened, or the system has no thread to give.
    pub async fn open(open: impl FnOnce() -> Result<L, LedgerError> + Send + 'static) -> Result<Self, LedgerError> {
        let (background, opened) = Self::start(open)?;
        opened.await.map_err(ended)?.map(|()| background)
    }

    /// Lets the thread do this with the ledger, such as reading an [`Audit`](crate::Audit). It is done even if nobody
    /// waits for it any more.
    ///
    /// # Errors
    ///
    /// The thread has ended, since something panicked in it.
    pub async fn with<R: Send + 'static>(&self, work: impl FnOnce(&L) -> R + Send + 'static) -> Result<R, LedgerError> {
        let (sender, receiver) = oneshot::channel();
        self.push(Box::new(move |ledger| drop(sender.send(work(ledger)))))?;
        receiver.await.map_err(ended)
    }

    fn start(open: impl FnOnce() -> Result<L, LedgerError> + Send + 'static) -> Result<(Self, Opened), LedgerError> {
        let (jobs, queue) = mpsc::channel::<Job<L>>();
        let (tell, opened) = oneshot::channel();
        let work = move || match open() {
            Ok(ledger) => {
                drop(tell.send(Ok(())));
                queue.into_iter().for_each(|job| job(&ledger));
            }
            Err(error) => drop(tell.send(Err(error))),
        };
        let thread = thread::Builder::new().name("wa-ledger".to_owned()).spawn(work);
        thread.map_err(|error| LedgerError::new("starting its thread", error))?;
        Ok((Self { jobs }, opened))
    }

    fn push(&self, job: Job<L>) -> Result<(), LedgerError> {
        self.jobs.send(job).map_err(|_| ended(oneshot::Canceled))
    }
}

#[async_trait]
impl<L: Ledger + Send + 'static> AsyncLedger for Background<L> {
    async fn attempts(&self, number: &PhoneNumberId) -> Result<Attempts, LedgerError> {
        let number = number.clone();
        self.with(move |ledger| ledger.attempts(&number)).await?
    }

    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<Reservation, ReserveError> {
        let number = number.clone();
        let (sender, receiver) = oneshot::channel();
        self.push(Box::new(move |ledger| {
            if sender.is_canceled() {
                return;
            }
            // Whoever has gone meanwhile sends nothing: the attempt is given back, or stays spent should even that fail.
            if let Err(Ok(reservation)) = sender.send(ledger.reserve(&number, attempt, now)) {
                drop(ledger.settle(&reservation, &Settlement::new(AttemptState::NotSent), now));
            }
        }))?;
        receiver.await.map_err(ended)?
    }

    async fn settle(
        &self,
        reservation: &Reservation,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let (reservation, settlement) = (reservation.clone(), settlement.clone());
        self.with(move |ledger| ledger.settle(&reservation, &settlement, now)).await?
    }
}

impl<L> fmt::Debug for Background<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Background").finish_non_exhaustive()
    }
}

fn ended(_: oneshot::Canceled) -> LedgerError {
    LedgerError::new("asking its thread", "the thread has ended after a panic: make a new ledger")
}
