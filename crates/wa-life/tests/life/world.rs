//! One simulated service, a client to it, and a person who reads codes from the phone.

use std::{cell::Cell, time::Duration};

use wa_cloud::{
    Config, Timestamp,
    blocking::Client,
    ledger::{Ledger, Limit, Memory},
    life::{Ending, Goal, Migration, Progress, Reason, Report, Run},
    types::{AccessToken, AppId, BackupData, BackupPassword, PhoneNumberId, Pin, VerificationCode, WabaId},
};
use wa_sim::{InProcess, Number, OnPremises, State, Time};

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
        for _ in 0..500 {
            let progress = self.client.step(run, ledger, || self.now()).unwrap();
            match progress {
                Progress::Moved => {}
                Progress::Wait(wait) => self.sim.advance(wait.length),
                Progress::Ask(_) => self.answer(run),
                Progress::Done(report) => return report,
            }
        }
        panic!("it goes on for ever: {:?}", run.observed());
    }

    /// The person looks at the phone.
    pub(crate) fn answer(&self, run: &mut Run) {
        let sent = self.sim.engine().sent_code(run.number().as_str()).map(str::to_owned);
        match sent {
            Some(code) => run.code(VerificationCode::new(code).unwrap()),
            None => run.code_not_received(),
        }
    }

    /// How often a call had its effect, whatever the caller was told.
    pub(crate) fn took_effect(&self, operation: &str) -> usize {
        let engine = self.sim.engine();
        engine.journal().entries().filter(|entry| entry.operation == operation && entry.took_effect).count()
    }

    /// How often a call was made.
    pub(crate) fn asked(&self, operation: &str) -> usize {
        self.sim.engine().journal().entries().filter(|entry| entry.operation == operation).count()
    }

    pub(crate) fn number<T>(&self, read: impl FnOnce(&Number) -> T) -> T {
        read(&self.sim.engine().state().numbers[State::NUMBER])
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Number)) {
        change(self.sim.engine().state_mut().numbers.get_mut(State::NUMBER).unwrap());
    }
}

pub(crate) fn config() -> Config {
    Config::new(AccessToken::new(State::TOKEN).unwrap())
}

pub(crate) fn number() -> PhoneNumberId {
    PhoneNumberId::new(State::NUMBER).unwrap()
}

pub(crate) fn account() -> (WabaId, AppId) {
    (WabaId::new(State::ACCOUNT).unwrap(), AppId::new(State::APP).unwrap())
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
pub(crate) fn reason(ending: &Ending) -> &Reason {
    match ending {
        Ending::Blocked(blocker) => &blocker.reason,
        other => panic!("it is not blocked: {other:?}"),
    }
}

pub(crate) const DAY: Duration = Duration::from_secs(24 * 3_600);
