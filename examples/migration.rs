//! Moves a number from an On-Premises deployment to the Cloud API, against a service that is simulated in this process.
//!
//! The PIN is wrong at first, which takes the deployment down. The run says so, names the next step, and does not guess.

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use std::error::Error;

use wa_cloud::{
    Config, Timestamp,
    blocking::Client,
    life::{Ending, Migration, TestHost, blocking::Drive, ledger::Memory},
    types::{AccessToken, BackupData, BackupPassword, PhoneNumberId, Pin},
};
use wa_sim::{InProcess, OnPremises, State, Time};

fn main() -> Result<(), Box<dyn Error>> {
    let service = InProcess::new(state());
    let graph = Client::with_transport(Config::new(AccessToken::new(State::TOKEN)?), service.clone());
    let ledger = Memory::default();

    let migration = |pin: &str| -> Result<Migration, Box<dyn Error>> {
        let (password, data) = (BackupPassword::new("backup password")?, BackupData::new("the deployment's backup")?);
        Ok(Migration::new(PhoneNumberId::new(State::NUMBER)?, Pin::new(pin)?, password, data))
    };
    let migrate = |goal: Migration| {
        let now = || Timestamp::from_millis(service.engine().now().as_millis());
        let mut host = TestHost::new(now).on_sleep(|wait| {
            service.advance(wait.length);
            true
        });
        let report = graph.complete(goal, &ledger, &mut host);
        host.events().for_each(|event| println!("  {}", event.kind));
        report
    };

    println!("With a PIN that somebody remembered:");
    migrate(migration("111111")?)?;
    println!("\nAgain, since a colleague is impatient:");
    migrate(migration("222222")?)?;
    println!("\nWith the PIN from the password store, vouched for:");
    let report = migrate(migration("012345")?.vouch_for_pin())?;

    if report.ending == Ending::Done { Ok(()) } else { Err(report.to_string().into()) }
}

/// A number that a deployment of two shards serves, with two-step verification.
fn state() -> State {
    let mut state = State::demo(1);
    if let Some(number) = state.numbers.get_mut(State::NUMBER) {
        number.code.verified_at = Some(Time::START);
        number.pin.value = Some("012345".to_owned());
        let mut deployment = OnPremises::default();
        (deployment.is_running, deployment.shards) = (true, 2);
        number.on_premises = Some(deployment);
    }
    state
}
