//! What can happen to a server, and on the way to it.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    sync::Arc,
    thread,
    time::{Duration, Instant, SystemTime},
};

use postgres::{Client, NoTls};
use rustls::{ClientConfig, RootCertStore};
use wa_core::{AttemptKind, Timestamp};
use wa_ledger::{Audit, Background, Postgres, Rustls};
use wa_life::ledger::{AsyncLedger, AttemptState, Ledger, Limit, Reservation, ReserveError};

use crate::{
    processes::together,
    support::{Database, Place, Server, attempt, chain, grab, hours, number, other_number, state},
};

#[test]
fn two_hosts_on_one_database_get_ten() {
    for (setting, hosts) in [("read committed", 2), ("serializable", 6)] {
        let Some(database) = Database::new() else { return };
        let name = database.parameters.rsplit('=').next().unwrap().to_owned();
        let set = format!("ALTER DATABASE {name} SET default_transaction_isolation = '{setting}'");
        database.client().batch_execute(&set).unwrap();
        // They make the tables at once, too.
        assert_eq!(together(hosts, &database.parameters), 10, "{setting}");
        assert_eq!(together(hosts, &database.parameters), 0, "{setting}");
        assert_eq!(database.open(Limit::default()).audit(&number()).unwrap().records.len(), 10, "{setting}");
    }
}

#[test]
fn the_server_s_clock_counts() {
    let Some(database) = Database::new() else { return };
    let ledger = Postgres::connect(&database.parameters).unwrap();
    let before = Timestamp::from(SystemTime::now());
    for wrong in [hours(0), hours(1_000_000)] {
        for _ in 0..5 {
            let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), wrong).unwrap();
            ledger.settle(&reservation, &state(AttemptState::Confirmed), wrong).unwrap();
        }
    }
    let after = Timestamp::from(SystemTime::now()) + Duration::from_millis(1);
    assert!(ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(1_000_000)).is_err());
    assert_eq!(
        ledger.forget_before(hours(1_000_000).store, hours(1_000_000).store).unwrap(),
        0,
        "all of it still counts"
    );
    for record in ledger.audit(&number()).unwrap().records {
        for moment in [record.entry.reserved.store, record.entry.settled.unwrap().store] {
            assert!(before <= moment && moment <= after, "{moment:?} on this host's own clock");
        }
    }
}

/// The driver panics when it is used, or dropped, by a thread that runs futures.
#[test]
fn futures_use_it_through_a_thread() {
    let Some(database) = Database::new() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let parameters = database.parameters.clone();
        let ledger = Background::open(move || Postgres::connect(&parameters)).await.unwrap();
        let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).await.unwrap();
        ledger.settle(&reservation, &state(AttemptState::Confirmed), hours(0)).await.unwrap();
        let records = ledger.with(|ledger| ledger.audit(&number())).await.unwrap().unwrap().records;
        assert_eq!(records[0].entry.state, AttemptState::Confirmed);
    });
}

#[test]
fn a_lost_connection_is_made_anew() {
    let Some(database) = Database::new() else { return };
    let ledger = database.open(Limit::default());
    let mut client = database.client();
    for _ in 0..3 {
        ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
        let end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
                   WHERE application_name = 'wa-ledger' AND datname = current_database()";
        assert_eq!(client.query(end, &[]).unwrap().len(), 1);
    }
    assert_eq!(ledger.load(&number(), hours(0)).unwrap().left(AttemptKind::Register), 7);
}

#[test]
fn a_server_that_is_down_grants_nothing() {
    let Some(server) = Server::start() else { return };
    let ledger = server.ledger();
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
    server.crash();
    for _ in 0..2 {
        let error = refused(ledger.reserve(&other_number(), &attempt(AttemptKind::Register), hours(0)));
        assert!(error.contains("it cannot be reached, or the connection was lost: check that it runs"), "{error}");
    }
    assert!(Postgres::connect(&server.parameters("postgres")).is_err());
    server.resume();
    assert_eq!(grab(&ledger, &number(), hours(0)), 0, "what was granted is remembered");
    assert_eq!(grab(&ledger, &other_number(), hours(0)), 10, "what was refused did not count");
}

/// The transaction waits for the number, which somebody else holds.
#[test]
fn a_server_that_stops_in_mid_transaction_grants_nothing() {
    let Some(server) = Server::start() else { return };
    let ledger = server.ledger();
    ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    let mut other = server.client();
    other.batch_execute("BEGIN; SELECT number FROM wa_ledger_number FOR UPDATE").unwrap();

    let error = refused(interrupted(&ledger, &server, "transactionid", || server.crash()));
    assert!(error.contains("reserving an attempt") && error.contains("the connection was lost"), "{error}");
    server.resume();
    assert_eq!(ledger.audit(&number()).unwrap().records.len(), 1);
    assert_eq!(grab(&ledger, &number(), hours(0)), 9);
}

/// The row is written, and the transaction waits within its commit.
#[test]
fn a_server_that_stops_during_a_commit_grants_nothing() {
    let Some(server) = Server::start() else { return };
    let ledger = server.ledger();
    let mut other = server.client();
    other.batch_execute(&at_commit("PERFORM pg_advisory_lock(1)")).unwrap();
    other.batch_execute("SELECT pg_advisory_lock(1)").unwrap();

    refused(interrupted(&ledger, &server, "advisory", || server.crash()));
    server.resume();
    server.client().batch_execute("DROP TRIGGER late ON wa_ledger_attempt").unwrap();
    assert_eq!(ledger.audit(&number()).unwrap().records, []);
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
}

/// The transaction is committed, and the connection is lost before the server says so.
#[test]
fn a_commit_whose_answer_is_lost_counts_as_spent() {
    let Some(server) = Server::start() else { return };
    let mut client = server.client();
    // Only a commit that is on the disk waits for a standby, so this also shows that the first setting does not hold.
    for set in ["ALTER DATABASE postgres SET synchronous_commit = off", "SELECT pg_reload_conf()"] {
        client.batch_execute(set).unwrap();
    }
    let ledger = server.ledger();
    await_standby(&mut client, "'nobody'");
    let end = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    let error = refused(interrupted(&ledger, &server, "SyncRep", || client.batch_execute(end).unwrap()));
    assert!(error.contains("reserving an attempt"), "{error}");

    await_standby(&mut client, "''");
    assert_eq!(ledger.audit(&number()).unwrap().records.len(), 1);
    assert_eq!(grab(&ledger, &number(), hours(0)), 9);
}

#[test]
fn a_commit_that_fails_grants_nothing() {
    let Some(database) = Database::new() else { return };
    let ledger = database.open(Limit::default());
    database.client().batch_execute(&at_commit("RAISE disk_full")).unwrap();
    let error = refused(ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)));
    assert!(error.contains("its disk is full: make room"), "{error}");
    database.client().batch_execute("DROP TRIGGER late ON wa_ledger_attempt").unwrap();
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
}

#[test]
fn a_held_number_holds_up_no_other() {
    let Some(database) = Database::new() else { return };
    let ledger = database.open(Limit::default());
    ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
    let mut other = database.client();
    other.batch_execute("BEGIN; SELECT number FROM wa_ledger_number FOR UPDATE").unwrap();
    assert_eq!(grab(&ledger, &other_number(), hours(0)), 10);
    assert_eq!(ledger.load(&number(), hours(0)).unwrap().left(AttemptKind::Register), 9, "reading waits for nobody");
}

#[test]
fn a_user_without_the_right_to_make_tables_is_enough() {
    let Some(database) = Database::new() else { return };
    database.client().batch_execute("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN").unwrap();
    let parameters = database.parameters.replace("user=wa", "user=clerk");
    let error = chain(&Postgres::connect(&parameters).unwrap_err());
    assert!(error.contains("this user may not do that: grant the rights on the tables wa_ledger*"), "{error}");

    drop(database.open(Limit::default()));
    let grant = "GRANT SELECT ON wa_ledger TO clerk;
                 GRANT SELECT, INSERT, UPDATE, DELETE
                     ON wa_ledger_number, wa_ledger_attempt, wa_ledger_event TO clerk";
    database.client().batch_execute(grant).unwrap();
    assert_eq!(grab(&Postgres::connect(&parameters).unwrap(), &number(), hours(0)), 10);
}

#[test]
fn tables_of_a_newer_version_or_of_others_are_refused() {
    let Some(database) = Database::new() else { return };
    drop(database.open(Limit::default()));
    // As in a deployment in which the new version comes to one host after the other.
    let added = "ALTER TABLE wa_ledger_attempt ADD COLUMN note text; UPDATE wa_ledger SET version = 4";
    database.client().batch_execute(added).unwrap();
    assert_eq!(grab(&database.open(Limit::default()), &number(), hours(0)), 10);
    for (change, text) in [
        ("UPDATE wa_ledger SET version = 4, oldest_user = 4", "a newer version, which this one does not understand"),
        ("DELETE FROM wa_ledger", "it has a table wa_ledger that is none of a ledger"),
    ] {
        database.client().batch_execute(change).unwrap();
        let error = chain(&Postgres::connect(&database.parameters).unwrap_err());
        assert!(error.contains(text), "{error}");
    }
}

#[test]
fn tls_is_made_with_a_trusted_server_only() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = Server::start_with(|folder| {
        let (certificate, key) = (folder.join("server.crt"), folder.join("server.key"));
        fs::write(&certificate, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        let files = format!("-c ssl_cert_file={} -c ssl_key_file={}", certificate.display(), key.display());
        format!("-c listen_addresses=127.0.0.1 -p {port} -c ssl=on {files}")
    });
    let Some(_server) = server else { return };
    let parameters = format!("host=localhost port={port} user=wa dbname=postgres password=hunter2");
    let required = format!("{parameters} sslmode=require");

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let tls = |roots| {
        let crypto = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(crypto).with_safe_default_protocol_versions().unwrap();
        Rustls::new(config.with_root_certificates(roots).with_no_client_auth())
    };
    let ledger = Postgres::connect_with(&required, tls(roots)).unwrap();
    assert_eq!(grab(&ledger, &number(), hours(0)), 10);
    let mut client = Client::connect(&parameters, NoTls).unwrap();
    let secured = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                   WHERE ssl AND application_name = 'wa-ledger'";
    assert_eq!(client.query_one(secured, &[]).unwrap().get::<_, i64>(0), 1);

    let strangers = [Postgres::connect(&required), Postgres::connect_with(&required, tls(RootCertStore::empty()))];
    for stranger in strangers {
        let error = stranger.unwrap_err();
        assert!(chain(&error).contains("invalid peer certificate"), "{}", chain(&error));
        assert!(!format!("{}{error:?}", chain(&error)).contains("hunter2"));
    }
    // On this host it is not needed.
    Postgres::connect(&parameters).unwrap();
}

#[test]
fn a_password_is_never_shown() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = Postgres::connect(&format!("postgresql://wa:hunter2@127.0.0.1:{port}/wa")).unwrap_err();
    let shown = format!("{} {error:?}", chain(&error));
    assert!(
        shown.contains(&format!("the PostgreSQL server 127.0.0.1, port {port}, database wa: it cannot be reached"))
    );
    assert!(!shown.contains("hunter2"), "{shown}");

    let Some(database) = Database::new() else { return };
    let parameters = format!("{} password=hunter2", database.parameters);
    assert!(!format!("{:?}", Postgres::connect(&parameters).unwrap()).contains("hunter2"));
    let error = Postgres::connect(&parameters.replace("dbname=", "dbname=no_")).unwrap_err();
    let shown = format!("{} {error:?}", chain(&error));
    assert!(shown.contains("it has no such database: create it") && !shown.contains("hunter2"), "{shown}");
}

/// Reserves an attempt, and does something once the transaction waits for this.
fn interrupted(
    ledger: &Postgres,
    server: &Server,
    waits_for: &str,
    act: impl FnOnce(),
) -> Result<Reservation, ReserveError> {
    let mut client = server.client();
    thread::scope(|scope| {
        let reservation = scope.spawn(|| ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)));
        let waiting = "SELECT pid FROM pg_stat_activity WHERE application_name = 'wa-ledger' AND wait_event = $1";
        let end = Instant::now() + Duration::from_secs(15);
        while client.query(waiting, &[&waits_for]).unwrap().is_empty() {
            assert!(Instant::now() < end, "the transaction does not wait for {waits_for}");
        }
        act();
        reservation.join().unwrap()
    })
}

fn refused(reservation: Result<Reservation, ReserveError>) -> String {
    match reservation.unwrap_err() {
        ReserveError::Unavailable(error) => chain(&error),
        other => panic!("the server was asked: {other}"),
    }
}

/// Lets commits wait for this standby, once the server has heard of it.
fn await_standby(client: &mut Client, name: &str) {
    client.batch_execute(&format!("ALTER SYSTEM SET synchronous_standby_names = {name}")).unwrap();
    client.batch_execute("SELECT pg_reload_conf()").unwrap();
    let end = Instant::now() + Duration::from_secs(15);
    let set = "SELECT quote_literal(current_setting('synchronous_standby_names'))";
    while client.query_one(set, &[]).unwrap().get::<_, String>(0) != name {
        assert!(Instant::now() < end, "the server does not take the setting");
    }
}

/// A trigger that does this while an attempt is committed.
fn at_commit(statement: &str) -> String {
    format!(
        "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER late AFTER INSERT ON wa_ledger_attempt DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION late()"
    )
}
