//! The driver over an asynchronous client. `blocking.rs` is the same without `await`.

use std::{future::Future, time::Duration};

use wa_core::{AsyncTransport, Client, Endpoint, Timestamp};

use crate::{
    AsyncHost, Fleet, Goal, GuardedCall, GuardedError, Next, Op, Progress, Report, Run,
    ledger::{AsyncLedger, LedgerError},
    machine::Machine,
};

/// Drives runs over an asynchronous client.
pub trait Drive {
    /// Carries out the operations of a run until it has to wait, has a question, or is done.
    ///
    /// # Errors
    ///
    /// The ledger failed. Drive the run again: it repeats the operation that failed.
    fn drive<L: AsyncLedger + ?Sized>(
        &self,
        run: &mut Run,
        ledger: &L,
        clock: impl Fn() -> Timestamp + Send + Sync,
    ) -> impl Future<Output = Result<Progress, LedgerError>> + Send;

    /// Runs a goal to its end. The host waits, asks the person and shows the events.
    ///
    /// A report is no success yet: [`Report::ending`] tells whether the goal was reached, or what keeps it from that.
    ///
    /// # Errors
    ///
    /// The ledger failed. Start again: a new run continues from the state of the number and the ledger.
    fn complete<L: AsyncLedger + ?Sized>(
        &self,
        goal: impl Into<Goal> + Send,
        ledger: &L,
        host: &mut (impl AsyncHost + ?Sized),
    ) -> impl Future<Output = Result<Report, LedgerError>> + Send;

    /// Drives the runs of a fleet until nothing is left but open questions and what other workers do. Call it once for each
    /// worker that is to run at the same time. `sleep` waits.
    ///
    /// # Errors
    ///
    /// The ledger failed for several numbers in a row. The fleet has lost nothing: call this again.
    fn work<L: AsyncLedger + ?Sized, A: Future<Output = ()> + Send>(
        &self,
        fleet: &Fleet,
        ledger: &L,
        clock: impl Fn() -> Timestamp + Send + Sync,
        sleep: impl Fn(Duration) -> A + Send + Sync,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send;

    /// Makes single calls under this ledger.
    fn guarded<'a, L: AsyncLedger + ?Sized, C>(&'a self, ledger: &'a L, clock: C) -> Guard<'a, Self, L, C> {
        Guard { client: self, ledger, clock }
    }
}

impl<T: AsyncTransport> Drive for Client<T> {
    async fn drive<L: AsyncLedger + ?Sized>(
        &self,
        run: &mut Run,
        ledger: &L,
        clock: impl Fn() -> Timestamp + Send + Sync,
    ) -> Result<Progress, LedgerError> {
        loop {
            let op = run.poll(clock());
            if let Some(progress) = perform(self, run, op, ledger, &mut || clock()).await? {
                return Ok(progress);
            }
        }
    }

    async fn complete<L: AsyncLedger + ?Sized>(
        &self,
        goal: impl Into<Goal> + Send,
        ledger: &L,
        host: &mut (impl AsyncHost + ?Sized),
    ) -> Result<Report, LedgerError> {
        let mut run = Run::new(self.config(), goal);
        loop {
            let op = run.poll(host.now());
            run.events().for_each(|event| host.tell(&event));
            let progress = perform(self, &mut run, op, ledger, &mut || host.now()).await?;
            run.events().for_each(|event| host.tell(&event));
            let ended = match progress {
                None => None,
                Some(Progress::Done(report)) => Some(*report),
                Some(Progress::Wait(wait)) => run.waited(&wait, host.sleep(&wait).await),
                Some(Progress::Ask(question)) => run.replied(host.ask(&question).await),
            };
            if let Some(report) = ended {
                return Ok(report);
            }
        }
    }

    async fn work<L: AsyncLedger + ?Sized, A: Future<Output = ()> + Send>(
        &self,
        fleet: &Fleet,
        ledger: &L,
        clock: impl Fn() -> Timestamp + Send + Sync,
        sleep: impl Fn(Duration) -> A + Send + Sync,
    ) -> Result<(), LedgerError> {
        loop {
            match fleet.take(clock()) {
                Next::Run(mut held) => {
                    if let Some(run) = held.run_mut() {
                        let progress = self.drive(run, ledger, &clock).await;
                        fleet.give_back(held, progress, clock())?;
                    }
                }
                Next::Wait(length) => sleep(length).await,
                Next::Done => return Ok(()),
            }
        }
    }
}

/// Makes single calls under a ledger: see [`Drive::guarded`].
#[derive(Debug)]
pub struct Guard<'a, G: ?Sized, L: ?Sized, C> {
    client: &'a G,
    ledger: &'a L,
    clock: C,
}

impl<T, L, C> Guard<'_, Client<T>, L, C>
where
    T: AsyncTransport,
    L: AsyncLedger + ?Sized,
    C: Fn() -> Timestamp + Send + Sync,
{
    /// Makes a call. An attempt is reserved before its request leaves, and settled by its answer.
    ///
    /// # Errors
    ///
    /// The call was not made, it failed, or it could not be settled.
    pub async fn send<E>(&self, endpoint: &E) -> Result<E::Response, GuardedError<E::Response>>
    where
        E: Endpoint<Response: Send> + Sync,
    {
        let mut call = GuardedCall::new(self.client.config(), endpoint, (self.clock)()).map_err(GuardedError::Call)?;
        while let Some(op) = call.poll((self.clock)()) {
            if let Err(error) = perform(self.client, &mut call, op, self.ledger, &mut || (self.clock)()).await {
                return call.finish(Err(error));
            }
        }
        call.finish(Ok(()))
    }
}

/// Carries out an operation and passes its result to the run.
async fn perform<T: AsyncTransport, L: AsyncLedger + ?Sized>(
    client: &Client<T>,
    run: &mut (impl Machine + Send),
    op: Op,
    ledger: &L,
    clock: &mut (impl FnMut() -> Timestamp + Send),
) -> Result<Option<Progress>, LedgerError> {
    match op {
        Op::Load { number, now } => run.loaded(ledger.load(&number, now).await?, clock()),
        Op::Reserve { number, attempt, now } => {
            let reserved = ledger.reserve(&number, &attempt, now).await;
            run.reserved(reserved, clock())?;
        }
        Op::MarkSent { reservation, now } => {
            let is_marked = ledger.mark_sent(&reservation, now).await?;
            run.marked_sent(is_marked, clock());
        }
        Op::Send(call) => {
            let sent = client.execute(call.operation, call.request, call.limits).await;
            run.answered(sent, clock());
        }
        Op::Settle { reservation, settlement, now } => {
            ledger.settle(&reservation, &settlement, now).await?;
            run.settled();
        }
        Op::Wait(wait) => return Ok(Some(Progress::Wait(wait))),
        Op::Ask(question) => return Ok(Some(Progress::Ask(question))),
        Op::Done(report) => return Ok(Some(Progress::Done(report))),
    }
    Ok(None)
}
