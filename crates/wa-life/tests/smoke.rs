#![allow(clippy::unwrap_used, missing_docs)]
use wa_core::{
    Config, Timestamp,
    blocking::Client,
    types::{AccessToken, PhoneNumberId, Pin, VerificationCode},
};
use wa_life::{
    Onboarding, PinRotation, Relocation, Renaming, Reply, Retirement, TestHost,
    blocking::Drive,
    ledger::{Limit, Memory},
};
use wa_sim::{InProcess, State};

#[test]
fn smoke() {
    let sim = InProcess::new(State::demo(1));
    let config = Config::new(AccessToken::new(State::TOKEN).unwrap());
    let client = Client::with_transport(config, sim.clone());
    let ledger = Memory::new(Limit::default());
    let number = PhoneNumberId::new(State::NUMBER).unwrap();
    let pin = Pin::new("012345").unwrap();
    let goals: Vec<wa_life::Goal> = vec![
        Onboarding::new(number.clone(), pin.clone()).into(),
        Onboarding::new(number.clone(), pin.clone()).into(),
        Renaming::new(number.clone(), "Lucky Shrub 2", pin.clone()).into(),
        Renaming::new(number.clone(), "Lucky Shrub 2", pin.clone()).into(),
        PinRotation::new(number.clone(), Pin::new("111111").unwrap()).into(),
        Relocation::new(number.clone(), wa_core::settings::Storage::Local(wa_core::types::Region::CH), pin.clone())
            .into(),
        Retirement::new(number.clone()).into(),
    ];
    for goal in goals {
        let mut host = TestHost::new(|| Timestamp::from_millis(sim.engine().now().as_millis()))
            .on_sleep(|wait| {
                sim.advance(wait.length);
                true
            })
            .on_ask(|question| match sim.engine().sent_code(question.number.as_str()) {
                Some(code) => Reply::Code(VerificationCode::new(code).unwrap()),
                None => Reply::NotReceived,
            });
        let report = client.complete(goal, &ledger, &mut host).unwrap();
        for event in host.events() {
            println!("{event}");
        }
        println!("== {report}\n");
    }
}
