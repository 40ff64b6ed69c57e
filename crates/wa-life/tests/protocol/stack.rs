//! What is tested: a driver with its client and its store.

use std::time::Duration;

use wa_core::Config;
use wa_life::{
    Event, EventKind, Goal, Progress, Report, Run, Step,
    ledger::{Entry, LedgerError},
};
use wa_sim::State;

use crate::{
    script::{Place, Script, Side, Vanished},
    service::Service,
};

/// A driver with its client and its store, over one simulated service.
pub(crate) trait Stack {
    const NAME: &'static str;

    fn start(state: State, script: Script) -> Self;

    fn config(&self) -> Config;

    /// Drives a run until it waits, asks or is done, or its driver is gone.
    fn drive(&self, run: &mut Run) -> Result<Result<Progress, LedgerError>, Vanished>;

    /// What the ledger knows of the number.
    fn entries(&self) -> Vec<Entry>;

    fn service(&self) -> &Service;
}

/// How a run goes on that was interrupted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sequel {
    /// The same run is driven again, not another one to the same goal.
    pub(crate) keeps_run: bool,
    /// After this time.
    pub(crate) after: Duration,
}

pub(crate) const AT_ONCE: Sequel = Sequel { keeps_run: true, after: Duration::ZERO };

/// What it came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) report: Report,
    pub(crate) steps: Vec<Step>,
    pub(crate) waits: usize,
    pub(crate) questions: usize,
    /// Whether a run ended for good between noting that a request is about to leave and handing it out.
    pub(crate) died_about_to_send: bool,
}

/// Goes on to the end, as a patient person would.
pub(crate) fn finish<S: Stack>(stack: &S, goal: &Goal, script: &Script, sequel: Sequel) -> Outcome {
    let begin = || {
        let (said, steps) = std::sync::mpsc::channel();
        let watch = move |event: &Event| {
            if let EventKind::Calling(step) = event.kind {
                let _ = said.send(step);
            }
        };
        (Run::new(&stack.config(), goal.clone()).watch(watch), steps)
    };
    let (mut run, mut said) = begin();
    let (mut steps, mut waits, mut questions, mut died_about_to_send) = (Vec::new(), 0, 0, false);
    for _ in 0..MOST_TURNS {
        let driven = stack.drive(&mut run);
        steps.extend(said.try_iter());
        match driven {
            Ok(Ok(Progress::Wait(wait))) => {
                waits += 1;
                stack.service().advance(wait.length);
            }
            Ok(Ok(Progress::Ask(question))) => {
                questions += 1;
                assert!(run.replied(stack.service().reply(&question)).is_none());
            }
            Ok(Ok(Progress::Done(report))) => {
                return Outcome { report: *report, steps, waits, questions, died_about_to_send };
            }
            Ok(Err(_)) | Err(Vanished) => {
                stack.service().advance(sequel.after);
                if !sequel.keeps_run {
                    let noted = Place { operation: "mark_sent", side: Side::After };
                    died_about_to_send |= script.passed().last() == Some(&noted);
                    (run, said) = begin();
                }
            }
        }
    }
    panic!("{} goes on for ever: {run:?} {steps:?}", S::NAME)
}

/// A review of a name is looked at every 15 minutes and takes days.
const MOST_TURNS: usize = 2_000;
