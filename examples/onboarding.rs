//! Brings a number to the Cloud API, against a service that is simulated in this process: no account, no network.
//!
//! Everything that hurts happens on the way: the service cannot be reached at first, the display name is in review, the
//! person mistypes the code, and the connection breaks off just when the number is registered. Nothing is ever sent twice.

#![allow(clippy::print_stdout, reason = "an example talks to its reader")]

use std::error::Error;

use wa_cloud::{
    Config, Timestamp,
    blocking::Client,
    life::{
        Ending, Event, EventKind, Greeting, Host, Onboarding, Question, Reply, Subscription, Wait, blocking::Drive,
        ledger::Memory,
    },
    types::{AccessToken, AppId, E164, PhoneNumberId, Pin, VerificationCode, WabaId},
};
use wa_sim::{Fault, FaultRule, InProcess, NameReview, Operation, State};

fn main() -> Result<(), Box<dyn Error>> {
    let service = InProcess::new(troubled());
    let graph = Client::with_transport(Config::new(AccessToken::new(State::TOKEN)?), service.clone());

    let account = Subscription::new(WabaId::new(State::ACCOUNT)?, AppId::new(State::APP)?);
    let goal = Onboarding::new(PhoneNumberId::new(State::NUMBER)?, Pin::new("012345")?)
        .subscribe(account)
        .greet(E164::new("+1 650-555-1234")?, Greeting::template("hello_world", "en_US"));
    let report = graph.complete(goal, &Memory::default(), &mut Person { service, has_mistyped: false })?;

    println!("\n{report}");
    println!("{} requests, {} of ten attempts left", report.requests, report.attempts_left.unwrap_or_default());
    if report.ending == Ending::Done { Ok(()) } else { Err("the number is not ready".into()) }
}

/// Somebody at the phone who mistypes the first code, and a virtual clock. `wa_cloud::Terminal` is the one for real life.
struct Person {
    service: InProcess,
    has_mistyped: bool,
}

impl Host for Person {
    fn now(&mut self) -> Timestamp {
        Timestamp::from_millis(self.service.engine().now().as_millis())
    }

    fn sleep(&mut self, wait: &Wait) -> bool {
        self.service.advance(wait.length);
        true
    }

    fn ask(&mut self, question: &Question) -> Reply {
        let Some(sent) = self.service.engine().sent_code(question.number.as_str()).map(str::to_owned) else {
            return Reply::NotReceived;
        };
        let mistyped = !std::mem::replace(&mut self.has_mistyped, true);
        let typed = if mistyped { sent.chars().rev().collect() } else { sent };
        println!("{:31}the person types {typed}", "");
        VerificationCode::new(typed).map_or(Reply::NotReceived, Reply::Code)
    }

    fn tell(&mut self, event: &Event) {
        if !matches!(event.kind, EventKind::Calling(_)) {
            println!("{}  {}", event.at, event.kind);
        }
    }
}

/// The service, and what shall go wrong with it.
fn troubled() -> State {
    let mut state = State::demo(1);
    state.rules.name_review = NameReview::After { millis: 45 * 60_000 };
    if let Some(number) = state.numbers.get_mut(State::NUMBER) {
        "PENDING_REVIEW".clone_into(&mut number.name_status);
    }
    state.faults = vec![
        FaultRule::new(Fault::Html502).on(Operation::ReadNumber).times(2),
        FaultRule::new(Fault::Close).on(Operation::Register).after().times(1),
    ];
    state
}
