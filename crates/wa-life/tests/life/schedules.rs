//! Processes that share a ledger, die at any point, and have clocks that jump: the service's own journal never shows an
//! eleventh attempt in any 72 hours.

use std::{cell::Cell, time::Duration};

use proptest::{prelude::*, test_runner::TestRunner};
use wa_core::{Timestamp, Transport, api::number::Storage, types::Region};
use wa_life::{
    Goal, Onboarding, Op, Reason, Relocation, Retirement, Run,
    ledger::{Ledger, ReserveError},
};
use wa_sim::{Fault, FaultRule, InProcess, Operation, State};

use crate::world::{World, config, number, pin};

/// One thing that happens.
#[derive(Clone, Debug)]
enum Turn {
    /// A process moves on, and may die on the way.
    Move { process: usize, dies: Option<Death> },
    /// Time passes.
    Pass { minutes: u64 },
    /// The clock of a process jumps to so many minutes beside the true time.
    Jump { process: usize, minutes: i64 },
}

#[derive(Clone, Copy, Debug)]
enum Death {
    Reserved,
    Marked,
    Sent,
    Answered,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let death = prop_oneof![
        40 => Just(None),
        1 => Just(Some(Death::Reserved)),
        1 => Just(Some(Death::Marked)),
        1 => Just(Some(Death::Sent)),
        1 => Just(Some(Death::Answered)),
    ];
    let turn = prop_oneof![
        120 => (0..PROCESSES, death).prop_map(|(process, dies)| Turn::Move { process, dies }),
        4 => (1..30_u64).prop_map(|minutes| Turn::Pass { minutes }),
        1 => (60..2_400_u64).prop_map(|minutes| Turn::Pass { minutes }),
        4 => (0..PROCESSES, -10_000..10_000_i64).prop_map(|(process, minutes)| Turn::Jump { process, minutes }),
    ];
    prop::collection::vec(turn, 200..1_500)
}

struct Process {
    run: Option<Run>,
    goals: usize,
    skew: i64,
    sleeps_until: Timestamp,
}

/// Lives through a schedule; returns how many attempts were made, and whether the ledger ever had to say no.
fn live(turns: &[Turn], seed: u64, ledger: &impl Ledger) -> (usize, bool) {
    let mut state = State::demo(seed);
    state.rules.call_budget = false;
    state.rules.journal_length = usize::MAX;
    let known = state.numbers.get_mut(State::NUMBER).unwrap();
    known.code.verified_at = Some(state.now);
    known.pin.value = Some("012345".to_owned());
    for call in [Operation::Register, Operation::Deregister] {
        state.faults.push(FaultRule::new(Fault::Close).after().on(call).per_million(80_000));
        state.faults.push(FaultRule::new(Fault::Timeout).on(call).per_million(80_000));
    }
    let world = World::from_state(state);
    let mut processes: Vec<Process> = (0..PROCESSES)
        .map(|first| Process { run: None, goals: first, skew: 0, sleeps_until: Timestamp::default() })
        .collect();
    let mut was_refused = false;
    for turn in turns {
        match *turn {
            Turn::Pass { minutes } => world.sim.advance(Duration::from_secs(minutes * 60)),
            Turn::Jump { process, minutes } => processes[process].skew = minutes * 60_000,
            Turn::Move { process, dies } => was_refused |= go_on(&world.sim, &mut processes[process], dies, ledger),
        }
    }
    let engine = world.sim.engine();
    let times: Vec<_> = engine
        .journal()
        .entries()
        .filter(|entry| matches!(entry.operation, "number.register" | "number.deregister"))
        .inspect(|entry| assert_ne!(entry.answer["error"]["code"], 133_016, "the service had to refuse: {entry:?}"))
        .map(|entry| entry.at)
        .collect();
    for (first, eleventh) in times.iter().zip(times.iter().skip(10)) {
        assert!(eleventh.since(*first) >= Duration::from_secs(72 * 3_600), "eleven attempts within 72 hours");
    }
    (times.len(), was_refused)
}

/// What a driver does, by hand, so that it can die anywhere. True if there was no attempt left.
fn go_on(sim: &InProcess, process: &mut Process, dies: Option<Death>, ledger: &impl Ledger) -> bool {
    let true_time = || Timestamp::from_millis(sim.engine().now().as_millis());
    if true_time() < process.sleeps_until {
        return false;
    }
    let skew = process.skew;
    let now = || Timestamp::from_millis(true_time().as_millis().saturating_add_signed(skew));
    let goals = process.goals;
    let run = process.run.get_or_insert_with(|| Run::new(&config(), goal(goals)));
    // One operation each time, so that the others come in between.
    let (mut was_refused, mut is_dead) = (false, false);
    match run.poll(now()) {
        Op::Load { number, now: at } => run.loaded(ledger.load(&number, at).unwrap(), now()),
        Op::Reserve { number, attempt, now: at } => {
            let reserved = ledger.reserve(&number, &attempt, at);
            was_refused = matches!(reserved, Err(ReserveError::Refused(_)));
            is_dead = matches!(dies, Some(Death::Reserved));
            run.reserved(reserved, now()).unwrap();
        }
        Op::MarkSent { reservation, now: at } => {
            let is_marked = ledger.mark_sent(&reservation, at).unwrap();
            is_dead = matches!(dies, Some(Death::Marked));
            run.marked_sent(is_marked, now());
        }
        Op::Send(call) => {
            let sent = Transport::send(sim, call.request, call.limits);
            is_dead = matches!(dies, Some(Death::Sent));
            run.answered(sent, now());
        }
        Op::Settle { reservation, settlement, now: at } => {
            is_dead = matches!(dies, Some(Death::Answered));
            if !is_dead {
                ledger.settle(&reservation, &settlement, at).unwrap();
                run.settled();
            }
        }
        Op::Wait(wait) => {
            was_refused = wait.blocker.reason == Reason::NoAttempts;
            process.sleeps_until = true_time() + wait.length;
        }
        Op::Ask(question) => unreachable!("the number is verified: {question}"),
        Op::Done(_) => {
            is_dead = true;
            process.goals += 1;
        }
    }
    if is_dead {
        process.run = None;
    }
    was_refused
}

/// Goals that spend attempts, one after the other.
fn goal(turn: usize) -> Goal {
    match turn % 4 {
        0 => Onboarding::new(number(), pin()).into(),
        1 => Retirement::new(number()).into(),
        2 => Relocation::new(number(), Storage::Local(Region::CH), pin()).into(),
        _ => Relocation::new(number(), Storage::Default, pin()).into(),
    }
}

const PROCESSES: usize = 3;

/// Lives through many schedules, each with an empty ledger of its own: how many attempts one of them made at most, and in how
/// many of them none was left at some time. It would prove nothing if the ten were never reached.
/// What is opened beside the ledger lives as long.
pub(crate) fn no_eleventh<P, L: Ledger>(cases: u32, open: impl Fn() -> (P, L)) -> (usize, u32) {
    let (most, refused) = (Cell::new(0), Cell::new(0));
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config)
        .run(&(turns(), any::<u64>()), |(turns, seed)| {
            let (_place, ledger) = open();
            let (attempts, was_refused) = live(&turns, seed, &ledger);
            most.set(most.get().max(attempts));
            refused.set(refused.get() + u32::from(was_refused));
            Ok(())
        })
        .unwrap();
    (most.get(), refused.get())
}
