//! One simulated service, a client to it, and a person who reads codes from the phone.

use std::{cell::Cell, time::Duration};

use wa_core::{
    Config, Timestamp, Transport,
    blocking::Client,
    types::{AccessToken, AppId, BackupData, BackupPassword, PhoneNumberId, Pin, VerificationCode, WabaId},
};
use wa_life::{
    Ending, Goal, Migration, Op, Progress, Question, Reason, Report, Run, Subscription, Wait,
    blocking::Drive,
    ledger::{Ledger, LedgerError, Limit, Memory},
};
use wa_sim::{Entry, InProcess, Number, OnPremises, Operation, State, Time};

pub(crate) struct World {
    pub(crate) sim: InProcess,
    pub(crate) client: Client<InProcess>,
    pub(crate) ledger: Memory,
    /// How far the clock of this machine is ahead of the service's, in milliseconds.
    pub(crate) skew: Cell<i64>,
}

impl World {
    pub(crate) fn new(change: impl FnOnce(&mut Number)) -> Self {
        let mut state = State::demo(1);
        state.rules.plain = true;
        change(state.numbers.get_mut(State::NUMBER).unwrap());
        Self::from_state(state)
    }

    pub(crate) fn from_state(state: State) -> Self {
        let sim = InProcess::new(state);
        let client = Client::with_transport(config(), sim.clone());
        Self { sim, client, ledger: Memory::new(Limit::default()), skew: Cell::new(0) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let now = self.sim.engine().now().as_millis();
        Timestamp::from_millis(now.saturating_add_signed(self.skew.get()))
    }

    /// Goes on until the end, as a patient person would.
    pub(crate) fn finish(&self, goal: impl Into<Goal>) -> Report {
        self.finish_run(&mut Run::new(&config(), goal), &self.ledger)
    }

    pub(crate) fn finish_run(&self, run: &mut Run, ledger: &impl Ledger) -> Report {
        self.finish_by(&self.client, run, ledger)
    }

    /// The same by another client to the service.
    pub(crate) fn finish_by(&self, client: &Client<impl Transport>, run: &mut Run, ledger: &impl Ledger) -> Report {
        for _ in 0..500 {
            match client.drive(run, ledger, || self.now()).unwrap() {
                Progress::Wait(wait) => self.sim.advance(wait.length),
                Progress::Ask(_) => self.answer(run),
                Progress::Done(report) => return *report,
            }
        }
        panic!("it goes on for ever: {:?}", run.observed());
    }

    /// Makes one call at most.
    pub(crate) fn step(&self, run: &mut Run) -> Turn {
        step(&self.client, run, &self.ledger, || self.now()).unwrap()
    }

    /// Goes on until the run waits, asks or is done.
    pub(crate) fn drive(&self, run: &mut Run) -> Progress {
        self.client.drive(run, &self.ledger, || self.now()).unwrap()
    }

    /// Goes on until the run waits.
    #[track_caller]
    pub(crate) fn wait(&self, run: &mut Run) -> Wait {
        match self.drive(run) {
            Progress::Wait(wait) => wait,
            other => panic!("it does not wait: {other:?}"),
        }
    }

    /// The person looks at the phone.
    pub(crate) fn answer(&self, run: &mut Run) {
        let number = run.subject().number().unwrap().as_str().to_owned();
        let sent = self.sim.engine().sent_code(&number).map(str::to_owned);
        match sent {
            Some(code) => run.code_received(VerificationCode::new(code).unwrap()),
            None => run.code_not_received(),
        }
    }

    /// How often a call had its effect, whatever the caller was told.
    pub(crate) fn took_effect(&self, operation: &str) -> usize {
        let engine = self.sim.engine();
        engine.journal().entries().filter(|entry| is_made(entry, operation) && entry.took_effect).count()
    }

    /// How often a call was made.
    pub(crate) fn asked(&self, operation: &str) -> usize {
        count(&self.sim, operation)
    }

    pub(crate) fn number<T>(&self, read: impl FnOnce(&Number) -> T) -> T {
        read(&self.sim.engine().state().numbers[State::NUMBER])
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Number)) {
        change(self.sim.engine().state_mut().numbers.get_mut(State::NUMBER).unwrap());
    }
}

/// What one call at most comes to.
#[derive(Debug)]
pub(crate) enum Turn {
    /// A call was made, and what came of it was noted.
    Called,
    Wait(Wait),
    #[allow(dead_code, reason = "some of the tests only need to know that somebody is asked")]
    Ask(Question),
    Done(Box<Report>),
}

/// Does by hand what a driver does, and stops after one call.
pub(crate) fn step(
    client: &Client<impl Transport>,
    run: &mut Run,
    ledger: &(impl Ledger + ?Sized),
    clock: impl Fn() -> Timestamp,
) -> Result<Turn, LedgerError> {
    let (mut is_reserved, mut was_sent) = (false, false);
    loop {
        match run.poll(clock()) {
            Op::Load { number, now } => run.loaded(ledger.load(&number, now)?, clock()),
            Op::Reserve { number, attempt, now } => run.reserved(ledger.reserve(&number, &attempt, now), clock())?,
            Op::MarkSent { reservation, now } => {
                is_reserved = true;
                run.marked_sent(ledger.mark_sent(&reservation, now)?, clock());
            }
            Op::Send(call) => {
                was_sent = true;
                let sent = client.execute(call.operation, call.request, call.limits);
                run.answered(sent, clock());
                if !is_reserved {
                    return Ok(Turn::Called);
                }
            }
            Op::Settle { reservation, settlement, now } => {
                ledger.settle(&reservation, &settlement, now)?;
                run.settled();
                if was_sent {
                    return Ok(Turn::Called);
                }
            }
            Op::Wait(wait) => return Ok(Turn::Wait(wait)),
            Op::Ask(question) => return Ok(Turn::Ask(question)),
            Op::Done(report) => return Ok(Turn::Done(report)),
        }
    }
}

/// How often a service was asked for this.
pub(crate) fn count(sim: &InProcess, operation: &str) -> usize {
    sim.engine().journal().entries().filter(|entry| is_made(entry, operation)).count()
}

/// Whether an entry is of this call, or of a special case of it, such as a migration of a registration.
fn is_made(entry: &Entry, operation: &str) -> bool {
    let by_name = |name: &str| Operation::all().find(|operation| operation.name() == name);
    by_name(operation).unwrap().includes(by_name(entry.operation).unwrap())
}

pub(crate) fn config() -> Config {
    Config::new(AccessToken::new(State::TOKEN).unwrap())
}

pub(crate) fn number() -> PhoneNumberId {
    PhoneNumberId::new(State::NUMBER).unwrap()
}

pub(crate) fn subscription() -> Subscription {
    Subscription::new(WabaId::new(State::ACCOUNT).unwrap(), AppId::new(State::APP).unwrap())
}

pub(crate) fn pin() -> Pin {
    Pin::new("012345").unwrap()
}

/// A number whose owner has proved it.
pub(crate) fn verified(number: &mut Number) {
    number.code.verified_at = Some(Time::START);
}

/// A number on the Cloud API.
pub(crate) fn registered(number: &mut Number) {
    verified(number);
    number.pin.value = Some("012345".to_owned());
    number.connected_at = Some(Time::START);
    number.last_onboarded = Some(Time::START);
}

/// A number that an On-Premises deployment serves.
pub(crate) fn on_premises(number: &mut Number) {
    verified(number);
    number.pin.value = Some("012345".to_owned());
    let mut side = OnPremises::default();
    side.is_running = true;
    number.on_premises = Some(side);
}

pub(crate) fn migration(pin: &str) -> Migration {
    let (password, data) = (BackupPassword::new("password").unwrap(), BackupData::new("data").unwrap());
    Migration::new(number(), Pin::new(pin).unwrap(), password, data)
}

/// What blocks a number.
#[track_caller]
pub(crate) fn reason(ending: &Ending) -> &Reason {
    match ending {
        Ending::Blocked(blocker) => &blocker.reason,
        other => panic!("it is not blocked: {other:?}"),
    }
}

/// The step that nobody can tell about, and whether the service has accepted it.
#[track_caller]
pub(crate) fn unconfirmed(ending: &Ending) -> (wa_life::Step, bool) {
    match ending {
        Ending::Unconfirmed(unconfirmed) => (unconfirmed.step, unconfirmed.is_accepted),
        other => panic!("it is not unconfirmed: {other:?}"),
    }
}

pub(crate) const HOUR: Duration = Duration::from_secs(3_600);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 3_600);
