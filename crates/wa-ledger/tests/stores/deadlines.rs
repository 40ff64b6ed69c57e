//! Servers that do not answer, that talk a client out of TLS, or that make it wait.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    process::Command,
    sync::{Arc, Barrier},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use postgres::Client;
use rustls::{ClientConfig, RootCertStore};
use serde::de::value::{Error, StrDeserializer};
use wa_core::{AttemptKind, types::PhoneNumberId};
use wa_ledger::{Audit, Postgres, Rustls};
use wa_life::ledger::{Ledger, LedgerError, Limit, ReserveError};

use crate::support::{Database, Place, Server, attempt, chain, grab, hours, number, other_number};

/// A server of one connection that answers the first message with this, and nothing else ever. It ends when the client has
/// hung up, and then tells what the client sent.
struct Mute {
    port: u16,
    heard: JoinHandle<Vec<u8>>,
}

impl Mute {
    fn answering(answer: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
            let mut heard = vec![0; 8];
            stream.read_exact(&mut heard).unwrap();
            stream.write_all(answer).unwrap();
            // A connection that is abandoned and not closed fails here.
            let mut rest = Vec::new();
            match stream.read_to_end(&mut rest) {
                Ok(_) => {}
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "nobody hung up"),
            }
            heard.extend(rest);
            heard
        });
        Self { port, heard }
    }

    /// What the client sent, once it has hung up.
    fn heard(self) -> Vec<u8> {
        self.heard.join().unwrap()
    }
}

fn tls() -> Rustls {
    let crypto = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(crypto).with_safe_default_protocol_versions().unwrap();
    Rustls::new(config.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn in_time(work: impl FnOnce() -> Result<Postgres, LedgerError>) -> String {
    let start = Instant::now();
    let error = chain(&work().unwrap_err());
    assert!(start.elapsed() < Duration::from_secs(9), "{error}");
    error
}

#[test]
fn a_server_that_accepts_and_says_nothing_is_given_up() {
    let mute = Mute::answering(b"");
    let parameters = format!("host=127.0.0.1 port={} user=wa connect_timeout=1", mute.port);
    let error = in_time(|| Postgres::connect(&parameters));
    assert!(error.contains("it did not answer in time: check that it runs"), "{error}");
    mute.heard();
}

#[test]
fn a_tls_handshake_that_stalls_is_given_up() {
    let mute = Mute::answering(b"S");
    let parameters = format!("host=127.0.0.1 port={} user=wa sslmode=require connect_timeout=1", mute.port);
    let error = in_time(|| Postgres::connect_with(&parameters, tls()));
    assert!(error.contains("it did not answer in time: check that it runs"), "{error}");
    mute.heard();
}

/// 0.0.0.0 reaches this host, but does not count as it.
#[test]
fn nobody_talks_a_client_out_of_tls() {
    type Connect = fn(&str) -> Result<Postgres, LedgerError>;
    let connects: [Connect; 2] = [Postgres::connect, |parameters| Postgres::connect_with(parameters, tls())];
    for mode in ["", "sslmode=prefer", "sslmode=require"] {
        for connect in connects {
            let mute = Mute::answering(b"N");
            let parameters =
                format!("host=0.0.0.0 port={} user=wa password=hunter2 connect_timeout=5 {mode}", mute.port);
            let error = in_time(|| connect(&parameters));
            assert!(error.contains("server does not support TLS"), "{error}");
            // PostgreSQL, "Message Formats", SSLRequest.
            assert_eq!(mute.heard(), [0, 0, 0, 8, 4, 210, 22, 47], "nothing but the question for TLS was sent");
        }
    }
}

#[test]
fn another_host_without_tls_must_be_asked_for_by_name() {
    let parameters = "host=0.0.0.0 port=1 user=wa sslmode=disable connect_timeout=1";
    for refused in [Postgres::connect(parameters), Postgres::connect_with(parameters, tls())] {
        let error = chain(&refused.unwrap_err());
        assert!(error.contains("a connection without TLS is refused: take out sslmode=disable, or use"), "{error}");
    }
    // No TLS at all is no way around it.
    for answer in [b"S", b"N"] {
        let mute = Mute::answering(answer);
        let parameters = format!("host=0.0.0.0 port={} user=wa connect_timeout=5", mute.port);
        in_time(|| Postgres::connect_with(&parameters, postgres::NoTls));
        assert_eq!(mute.heard().len(), 8, "nothing but the question for TLS was sent");
    }

    let mute = Mute::answering(b"");
    let parameters = format!("host=0.0.0.0 port={} user=wa connect_timeout=1", mute.port);
    in_time(|| Postgres::connect_without_tls(&parameters));
    let heard = mute.heard();
    assert!(heard.windows(8).any(|window| window == b"user\0wa\0"), "it logged in at once: {heard:?}");
    let error = chain(&Postgres::connect_without_tls(&format!("{parameters} sslmode=require")).unwrap_err());
    assert!(error.contains("sslmode=require contradicts"), "{error}");
}

#[test]
fn a_server_process_that_stops_is_given_up_and_grants_nothing() {
    let Some(server) = Server::start() else { return };
    let ledger = server.ledger().timeout(Duration::from_secs(6));
    ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    let processes = processes(&mut server.client());
    assert_eq!(processes.len(), 1, "one connection is enough for one thread");
    signal("-STOP", &processes);
    // A connection that does not answer is given up for a new one.
    ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();

    // One that stops in the middle of a transaction is given up with it.
    let mut other = server.client();
    other.batch_execute("BEGIN; SELECT number FROM wa_ledger_number FOR UPDATE").unwrap();
    let start = Instant::now();
    let error = thread::scope(|scope| {
        let reservation = scope.spawn(|| ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)));
        let waiting = waiting(&mut server.client());
        signal("-STOP", &waiting);
        let error = reservation.join().unwrap().unwrap_err();
        signal("-CONT", &waiting);
        error
    });
    assert!(start.elapsed() < Duration::from_secs(20));
    assert!(
        matches!(error, ReserveError::Unavailable(_)) && chain(&error).contains("it did not answer in time"),
        "{error:?}"
    );
    signal("-CONT", &processes);
    other.batch_execute("ROLLBACK").unwrap();
    assert_eq!(grab(&ledger, &number(), hours(0)), 8);
}

#[test]
fn held_numbers_cost_one_connection_each() {
    let Some(database) = Database::new() else { return };
    let ledger = database.open(Limit::default());
    let held = [number(), other_number()];
    for number in &held {
        ledger.reserve(number, &attempt(AttemptKind::Register), hours(0)).unwrap();
    }
    let mut other = database.client();
    other.batch_execute("BEGIN; SELECT number FROM wa_ledger_number FOR UPDATE").unwrap();
    let start = Barrier::new(9);
    thread::scope(|scope| {
        let wait = |index: usize| {
            start.wait();
            ledger.reserve(&held[index % 2], &attempt(AttemptKind::Register), hours(0)).unwrap();
        };
        let waiting: Vec<_> = (0..8).map(|index| scope.spawn(move || wait(index))).collect();
        start.wait();
        let free = PhoneNumberId::new("1").unwrap();
        assert_eq!(grab(&ledger, &free, hours(0)), 10);
        assert_eq!(ledger.load(&number(), hours(0)).unwrap().left(AttemptKind::Register), 9);
        assert!(ledger.in_doubt().unwrap().records.is_empty());
        assert!(waiting.iter().all(|waiting| !waiting.is_finished()), "they wait for the numbers");
        other.batch_execute("ROLLBACK").unwrap();
    });
    let mut client = database.client();
    assert!(processes(&mut client).len() <= 4);
    assert_eq!(ledger.load(&number(), hours(0)).unwrap().left(AttemptKind::Register), 5);
}

#[test]
fn what_is_in_doubt_is_found_by_an_index() {
    let Some(database) = Database::new() else { return };
    drop(database.open(Limit::default()));
    let explain = "SET enable_seqscan = off; EXPLAIN SELECT id FROM wa_ledger_attempt \
                   WHERE state NOT IN ('reserved', 'confirmed', 'rejected', 'not_sent') ORDER BY id DESC";
    let plan = format!("{:?}", database.client().simple_query(explain).unwrap());
    assert!(plan.contains("Index Scan on wa_ledger_attempt_in_doubt"), "{plan}");
}

#[test]
fn an_id_that_cannot_be_stored_is_named() {
    let Some(database) = Database::new() else { return };
    let ledger = database.open(Limit::default());
    for id in ["1\0".to_owned(), random_digits(5_000)] {
        let number: PhoneNumberId = serde::Deserialize::deserialize(StrDeserializer::<Error>::new(&id)).unwrap();
        let error = chain(&ledger.reserve(&number, &attempt(AttemptKind::Register), hours(0)).unwrap_err());
        assert!(error.contains("it cannot store this id or name: check that it is one"), "{error}");
    }
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
}

/// Digits that no compression makes short.
fn random_digits(count: usize) -> String {
    let mut state = 1_u64;
    let digit = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + u8::try_from(state >> 58).unwrap())
    };
    (0..count).map(digit).collect()
}

/// The processes of the server that serve the ledger of this database.
fn processes(client: &mut Client) -> Vec<i32> {
    let own = "SELECT pid FROM pg_stat_activity WHERE application_name = 'wa-ledger' AND datname = current_database()";
    client.query(own, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}

/// The same, once they wait for a lock.
fn waiting(client: &mut Client) -> Vec<i32> {
    let waiting = "SELECT pid FROM pg_stat_activity WHERE application_name = 'wa-ledger' AND wait_event_type = 'Lock'";
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let processes: Vec<i32> = client.query(waiting, &[]).unwrap().iter().map(|row| row.get(0)).collect();
        if !processes.is_empty() {
            return processes;
        }
        assert!(Instant::now() < end, "nobody waits for the number");
    }
}

fn signal(signal: &str, processes: &[i32]) {
    let processes = processes.iter().map(ToString::to_string);
    assert!(Command::new("kill").arg(signal).args(processes).status().unwrap().success());
}
