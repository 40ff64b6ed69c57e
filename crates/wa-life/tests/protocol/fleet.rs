//! Many numbers with workers of their own threads, of which some die in the middle.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::Mutex,
    thread,
    time::Duration,
};

use wa_core::{Timestamp, Transport, blocking::Client, from_fn, types::PhoneNumberId};
use wa_life::{
    Ending, Fleet, Reason, Retirement,
    blocking::Drive as _,
    ledger::{Limit, Memory},
};
use wa_sim::{InProcess, Number, State, Time};

use crate::{judge::check_limit, ours::config, script::Vanished};

#[test]
fn workers_that_panic_cost_their_own_number_only() {
    let id = |place: usize| (200_000_000_000_000 + place).to_string();
    let mut state = State::demo(1);
    state.rules.call_budget = false;
    state.rules.journal_length = usize::MAX;
    for place in 0..NUMBERS {
        let mut number = Number::new(State::ACCOUNT, "1", (15_550_000_000_u64 + place as u64).to_string());
        number.connected_at = Some(Time::START);
        state.numbers.insert(id(place), number);
    }
    let sim = InProcess::new(state);
    let (ledger, has_panicked) = (Memory::new(Limit::default()), Mutex::new(BTreeSet::new()));
    let is_fatal = |place: usize| place % 5 == 3;
    let fatal: Vec<String> = (0..NUMBERS).filter(|place| is_fatal(*place)).map(id).collect();
    let client = Client::with_transport(
        config(),
        from_fn(|request: http::Request<_>, limits| {
            let number = request.uri().path().split('/').nth(2).unwrap_or_default().to_owned();
            if fatal.contains(&number) && has_panicked.lock().unwrap().insert(number) {
                resume_unwind(Box::new(Vanished));
            }
            Transport::send(&sim, request, limits)
        }),
    );
    let goals = (0..NUMBERS).map(|place| Retirement::new(PhoneNumberId::new(id(place)).unwrap()).into());
    let fleet = Fleet::new(client.config(), goals);
    let now = || Timestamp::from_millis(sim.engine().now().as_millis());
    let work = || client.work(&fleet, &ledger, now, |length: Duration| sim.advance(length));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                // Another worker takes the place of one that has died.
                while catch_unwind(AssertUnwindSafe(work)).is_err() {}
            });
        }
    });
    let reports = fleet.reports();
    assert_eq!(reports.len(), NUMBERS);
    for (place, report) in reports.iter().enumerate() {
        assert_eq!(report.subject.to_string(), id(place), "the order of the list");
        match &report.ending {
            Ending::Blocked(blocker) => assert!(is_fatal(place) && blocker.reason == Reason::Interrupted, "{report}"),
            ending => assert!(!is_fatal(place) && *ending == Ending::Done, "{report}"),
        }
    }
    let engine = sim.engine();
    for place in 0..NUMBERS {
        let of_number = |entry: &&wa_sim::Entry| entry.node == id(place);
        let journal: Vec<_> = engine.journal().entries().filter(of_number).cloned().collect();
        check_limit(&journal);
        let deregistered = journal.iter().filter(|entry| entry.operation == "number.deregister").count();
        assert_eq!(deregistered, usize::from(!is_fatal(place)));
    }
}

const NUMBERS: usize = 40;
