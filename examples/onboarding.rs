//! Brings a number to the Cloud API, against a service that is simulated in this process: no account, no network.
//!
//! Everything that hurts happens on the way: the display name is in review, the person mistypes the code, and the
//! connection breaks off just when the number is registered. Nothing is ever sent twice.

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use std::error::Error;

use wa_cloud::{
    Config, Timestamp,
    blocking::Client,
    ledger::{Ledger, Memory},
    life::{Ending, EventKind, Onboarding, Progress, Run},
    types::{AccessToken, AppId, E164, PhoneNumberId, Pin, VerificationCode, WabaId},
};
use wa_sim::{Fault, FaultRule, InProcess, Operation, State};

fn main() -> Result<(), Box<dyn Error>> {
    // The service, and what shall go wrong with it.
    let mut state = State::demo(1);
    if let Some(number) = state.numbers.get_mut(State::NUMBER) {
        "PENDING_REVIEW".clone_into(&mut number.name_status);
    }
    state.faults.push(FaultRule::new(Fault::Close).on(Operation::Register).after().times(1));
    let service = InProcess::new(state);

    let config = Config::new(AccessToken::new(State::TOKEN)?);
    let client = Client::with_transport(config, service.clone());
    let ledger = Memory::default();

    let number = PhoneNumberId::new(State::NUMBER)?;
    let goal = Onboarding::new(number.clone(), Pin::new("012345")?)
        .subscribe(WabaId::new(State::ACCOUNT)?, AppId::new(State::APP)?)
        .greet(E164::new("+1 650-555-1234")?, "Phone number setup complete!");

    let clock = || Timestamp::from_millis(service.engine().now().as_millis());
    let mut run = Run::new(client.config(), goal);
    let mut typed = 0;
    let report = loop {
        let progress = client.step(&mut run, &ledger, clock)?;
        for event in run.events().filter(|event| !matches!(event.what, EventKind::Calling(_))) {
            println!("{}  {}", event.at, event.what);
        }
        match progress {
            // The virtual clock moves on; a real program sleeps.
            Progress::Wait(wait) => {
                service.advance(wait.length);
                let _ = service.engine().decide_name(State::NUMBER, true);
            }
            Progress::Ask(_) => {
                typed += 1;
                let code = service.engine().sent_code(State::NUMBER).unwrap_or("000000").to_owned();
                let code = if typed == 1 { code.chars().rev().collect() } else { code };
                println!("{:31}the person types {code}", "");
                run.code(VerificationCode::new(code)?);
            }
            Progress::Done(report) => break report,
            _ => {}
        }
    };
    let left = Ledger::attempts(&ledger, &number)?.allowance(wa_cloud::Attempt::Register, clock());
    println!("\nThe number is ready after {} requests; {left} in 72 hours.", report.requests);
    if report.ending == Ending::Done { Ok(()) } else { Err(report.to_string().into()) }
}
