//! Every call of a run has a span, as every other call has, and no secret is in it.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use tracing_subscriber::{fmt::format::FmtSpan, layer::SubscriberExt};
use wa_cloud::{
    Retry,
    api::number::ReadNumber,
    life::{self, Ending, Onboarding, Progress, Run},
};
use wa_sim::{Fault, FaultRule, Operation, State};

use crate::world::{World, config, number, pin};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The closed spans of this work, a line each.
fn spans(work: impl FnOnce()) -> (Vec<String>, String) {
    let log = Log::default();
    let writer = log.clone();
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    (text.lines().filter(|line| line.contains("wa.call")).map(str::to_owned).collect(), text)
}

#[test]
fn every_call_of_a_run_has_a_span() {
    for is_async in [false, true] {
        let mut state = State::demo(1);
        state.faults.push(FaultRule::new(Fault::Close).on(Operation::Register).nth(1).after());
        let throttled =
            Fault::Error { status: 400, code: 80_007, subcode: None, message: "slow".into(), is_transient: true };
        state.faults.push(FaultRule::new(throttled).on(Operation::ReadNumber).nth(1));
        let world = World::from_state(state);
        let mut run = Run::new(&config(), Onboarding::new(number(), pin()));
        let client = wa_cloud::Client::with_transport(config(), world.sim.clone());
        let (spans, text) = spans(|| {
            loop {
                let progress = match is_async {
                    true => pollster::block_on(life::Drive::drive(&client, &mut run, &world.ledger, || {
                        wa_cloud::Timestamp::from_millis(world.sim.engine().now().as_millis())
                    })),
                    false => life::blocking::Drive::drive(&world.client, &mut run, &world.ledger, || world.now()),
                };
                match progress.unwrap() {
                    Progress::Wait(wait) => world.sim.advance(wait.length),
                    Progress::Ask(_) => world.answer(&mut run),
                    Progress::Done(report) => break assert_eq!(report.ending, Ending::Done),
                }
            }
        });
        assert_eq!(spans.len(), world.sim.engine().journal().entries().count(), "{text}");
        let register = spans.iter().find(|line| line.contains("number.register")).unwrap();
        for part in ["wa.outcome=\"unknown\"", "error.type=Closed", "wa.node=\"106540352242922\""] {
            assert!(register.contains(part), "{register}");
        }
        let refused = spans.iter().find(|line| line.contains("number.read")).unwrap();
        for part in ["wa.outcome=\"rejected\"", "error.type=\"400\"", "http.response.status_code=400"] {
            assert!(refused.contains(part), "{refused}");
        }
        let read = spans.last().unwrap();
        assert!(read.contains("http.response.status_code=200") && read.contains("confirmed"), "{read}");
        assert!(!text.contains("012345") && !text.contains(State::TOKEN), "{text}");
    }
}

#[test]
fn every_try_of_a_call_has_a_span_of_its_own() {
    let mut state = State::demo(1);
    state.faults.push(FaultRule::new(Fault::Close).on(Operation::ReadNumber).nth(1));
    let world = World::from_state(state);
    let client = wa_cloud::blocking::Client::with_transport(config(), world.sim.clone());
    let client = client.retry(Retry::times(1), |_| {});
    let number = number();
    let (spans, _) = spans(|| drop(client.send(&ReadNumber::new(&number)).unwrap()));
    let [first, second] = &spans[..] else { panic!("{spans:?}") };
    assert!(first.contains("wa.attempt=1") && first.contains("wa.outcome=\"unknown\""), "{first}");
    assert!(second.contains("wa.attempt=2") && second.contains("wa.outcome=\"confirmed\""), "{second}");
}
