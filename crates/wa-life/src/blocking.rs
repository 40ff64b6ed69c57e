//! The drivers for programs that wait: the same names as the asynchronous ones.

use std::time::Duration;

use wa_core::{Endpoint, Timestamp, Transport, blocking::Client};

use crate::{
    Fleet, Goal, GuardedCall, GuardedError, Host, Next, Op, Progress, Report, Run,
    ledger::{Ledger, LedgerError},
    machine::Machine,
};

/// Drives runs over a blocking client.
pub trait Drive {
    /// Carries out the operations of a run until it has to wait, has a question, or is done.
    ///
    /// # Errors
    ///
    /// The ledger failed. Drive the run again: it repeats the operation that failed.
    fn drive<L: Ledger + ?Sized>(
        &self,
        run: &mut Run,
        ledger: &L,
        clock: impl Fn() -> Timestamp,
    ) -> Result<Progress, LedgerError>;

    /// Runs a goal to its end. The host waits, asks the person and shows the events.
    ///
    /// A report is no success yet: [`Report::ending`] tells whether the goal was reached, or what keeps it from that.
    ///
    /// # Errors
    ///
    /// The ledger failed. Start again: a new run continues from the state of the number and the ledger.
    fn complete<L: Ledger + ?Sized>(
        &self,
        goal: impl Into<Goal>,
        ledger: &L,
        host: &mut (impl Host + ?Sized),
    ) -> Result<Report, LedgerError>;

    /// Drives the runs of a fleet until nothing is left but open questions and what other workers do. Call it once for each
    /// worker that is to run at the same time. `sleep` waits.
    ///
    /// # Errors
    ///
    /// The ledger failed for several numbers in a row. The fleet has lost nothing: call this again.
    fn work<L: Ledger + ?Sized>(
        &self,
        fleet: &Fleet,
        ledger: &L,
        clock: impl Fn() -> Timestamp,
        sleep: impl Fn(Duration),
    ) -> Result<(), LedgerError>;

    /// Makes single calls under this ledger.
    fn guarded<'a, L: Ledger + ?Sized, C>(&'a self, ledger: &'a L, clock: C) -> Guard<'a, Self, L, C> {
        Guard { client: self, ledger, clock }
    }
}

impl<T: Transport> Drive for Client<T> {
    fn drive<L: Ledger + ?Sized>(
        &self,
        run: &mut Run,
        ledger: &L,
        clock: impl Fn() -> Timestamp,
    ) -> Result<Progress, LedgerError> {
        loop {
            let op = run.poll(clock());
            if let Some(progress) = perform(self, run, op, ledger, &mut || clock())? {
                return Ok(progress);
            }
        }
    }

    fn complete<L: Ledger + ?Sized>(
        &self,
        goal: impl Into<Goal>,
        ledger: &L,
        host: &mut (impl Host + ?Sized),
    ) -> Result<Report, LedgerError> {
        let mut run = Run::new(self.config(), goal);
        loop {
            let op = run.poll(host.now());
            run.events().for_each(|event| host.tell(&event));
            let progress = perform(self, &mut run, op, ledger, &mut || host.now())?;
            run.events().for_each(|event| host.tell(&event));
            let ended = match progress {
                None => None,
                Some(Progress::Done(report)) => Some(*report),
                Some(Progress::Wait(wait)) => run.waited(&wait, host.sleep(&wait)),
                Some(Progress::Ask(question)) => run.replied(host.ask(&question)),
            };
            if let Some(report) = ended {
                return Ok(report);
            }
        }
    }

    fn work<L: Ledger + ?Sized>(
        &self,
        fleet: &Fleet,
        ledger: &L,
        clock: impl Fn() -> Timestamp,
        sleep: impl Fn(Duration),
    ) -> Result<(), LedgerError> {
        loop {
            match fleet.take(clock()) {
                Next::Run(mut held) => {
                    if let Some(run) = held.run_mut() {
                        let progress = self.drive(run, ledger, &clock);
                        fleet.give_back(held, progress, clock())?;
                    }
                }
                Next::Wait(length) => sleep(length),
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
    T: Transport,
    L: Ledger + ?Sized,
    C: Fn() -> Timestamp,
{
    /// Makes a call. An attempt is reserved before its request leaves, and settled by its answer.
    ///
    /// # Errors
    ///
    /// The call was not made, it failed, or it could not be settled.
    pub fn send<E>(&self, endpoint: &E) -> Result<E::Response, GuardedError<E::Response>>
    where
        E: Endpoint,
    {
        let mut call = GuardedCall::new(self.client.config(), endpoint, (self.clock)()).map_err(GuardedError::Call)?;
        while let Some(op) = call.poll((self.clock)()) {
            if let Err(error) = perform(self.client, &mut call, op, self.ledger, &mut || (self.clock)()) {
                return call.finish(Err(error));
            }
        }
        call.finish(Ok(()))
    }
}

/// Carries out an operation and passes its result to the run.
fn perform<T: Transport, L: Ledger + ?Sized>(
    client: &Client<T>,
    run: &mut impl Machine,
    op: Op,
    ledger: &L,
    clock: &mut impl FnMut() -> Timestamp,
) -> Result<Option<Progress>, LedgerError> {
    match op {
        Op::Load { number, now } => run.loaded(ledger.load(&number, now)?, clock()),
        Op::Reserve { number, attempt, now } => {
            let reserved = ledger.reserve(&number, &attempt, now);
            run.reserved(reserved, clock())?;
        }
        Op::MarkSent { reservation, now } => {
            let is_marked = ledger.mark_sent(&reservation, now)?;
            run.marked_sent(is_marked, clock());
        }
        Op::Send(call) => {
            let sent = client.execute(call.operation, call.request, call.limits);
            run.answered(sent, clock());
        }
        Op::Settle { reservation, settlement, now } => {
            ledger.settle(&reservation, &settlement, now)?;
            run.settled();
        }
        Op::Wait(wait) => return Ok(Some(Progress::Wait(wait))),
        Op::Ask(question) => return Ok(Some(Progress::Ask(question))),
        Op::Done(report) => return Ok(Some(Progress::Done(report))),
    }
    Ok(None)
}
