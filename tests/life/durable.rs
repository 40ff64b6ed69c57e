//! Many numbers over real sockets, with a ledger in a file: `WA_NUMBERS=10000 cargo test --release --all-features --test
//! life durable -- --nocapture` tells what that costs.

use std::{
    env,
    sync::Arc,
    time::{Duration, Instant},
};

use wa_cloud::{
    Config, Timestamp,
    life::{self, Ending, Fleet, Goal, Onboarding, Report},
    store::{Background, Sqlite},
    types::{AccessToken, PhoneNumberId},
};
use wa_sim::{Number, State, TestServer, Time};

use crate::world::pin;

fn count() -> usize {
    env::var("WA_NUMBERS").ok().and_then(|count| count.parse().ok()).unwrap_or(200)
}

fn id(index: usize) -> String {
    (200_000_000_000_000 + index).to_string()
}

fn goals(count: usize) -> impl Iterator<Item = Goal> {
    (0..count).map(|index| Onboarding::new(PhoneNumberId::new(id(index)).unwrap(), pin()).into())
}

fn server(count: usize) -> TestServer {
    let mut state = State::demo(1);
    state.rules.call_budget = false;
    for index in 0..count {
        let mut number = Number::new(State::ACCOUNT, "1", (15_550_000_000 + index).to_string());
        number.code.verified_at = Some(Time::START);
        state.numbers.insert(id(index), number);
    }
    TestServer::start(state).unwrap()
}

fn config(server: &TestServer) -> Config {
    Config::new(AccessToken::new(State::TOKEN).unwrap()).base(&server.url()).unwrap()
}

fn clock() -> Timestamp {
    Timestamp::from(std::time::SystemTime::now())
}

fn check(client: &str, reports: &[Report], since: Instant) {
    let each = since.elapsed() / u32::try_from(reports.len().max(1)).unwrap();
    let requests: u32 = reports.iter().map(|report| report.requests).sum();
    eprintln!("{client}: {} numbers, {requests} requests, {each:.1?} a number", reports.len());
    assert_eq!(reports.len(), count());
    assert!(reports.iter().all(|report| report.ending == Ending::Done && report.requests == 3));
}

#[test]
fn threads_share_a_file() {
    use life::blocking::Drive;

    let (folder, server) = (tempfile::tempdir().unwrap(), server(count()));
    let ledger = Sqlite::open(folder.path().join("ledger.db")).unwrap();
    let client = wa_cloud::ureq::Client::new(config(&server)).unwrap();
    let fleet = Fleet::new(client.config(), goals(count()));
    let since = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.work(&fleet, &ledger, clock, |_: Duration| panic!("nothing is to be waited for")));
        }
    });
    check("blocking", &fleet.reports(), since);
}

#[test]
fn tasks_share_a_file() {
    use life::Drive;

    let (folder, server) = (tempfile::tempdir().unwrap(), server(count()));
    let ledger = Sqlite::open(folder.path().join("ledger.db")).unwrap();
    let ledger = Arc::new(Background::new(ledger).unwrap());
    let client = wa_cloud::hyper::Client::new(config(&server)).unwrap();
    let fleet = Arc::new(Fleet::new(client.config(), goals(count())));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let since = Instant::now();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let (client, fleet, ledger) = (client.clone(), fleet.clone(), ledger.clone());
                tokio::spawn(async move { client.work(&fleet, &ledger, clock, tokio::time::sleep).await.unwrap() })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    check("asynchronous", &fleet.reports(), since);
}
