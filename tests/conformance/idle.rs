//! Idle connections are closed, and their number is limited.

use std::{
    fs,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use http::Request;
use wa_core::{AsyncTransport, Body, CallLimits};
use wa_hyper::{HyperTransport, Settings};

use crate::{
    adapters::{Adapter, adapters_with, settings, without_runtime},
    certificates::TRUSTED,
    server::{Script, Server},
    turn,
};

#[test]
fn idle_connections_are_closed_without_a_further_call() {
    let _turn = turn();
    for adapter in all(&settings().idle_timeout(Duration::from_millis(300))) {
        for server in servers(&answer_together(MANY, true)) {
            send_together(&adapter, &[&server], MANY);
            // The server's side ends when the client has closed the connection.
            server.wait(|counts| counts.finished == MANY);
            assert_eq!(descriptors(&server), 0, "{}", adapter.name());
        }
    }
}

#[test]
fn connections_that_the_server_closed_keep_no_descriptor() {
    let _turn = turn();
    for adapter in all(&settings().idle_timeout(Duration::from_secs(3_600))) {
        for server in servers(&answer_together(MANY, false)) {
            send_together(&adapter, &[&server], MANY);
            server.release();
            server.wait(|counts| counts.finished == MANY);
            let deadline = Instant::now() + Duration::from_secs(20);
            while descriptors(&server) > 0 {
                assert!(Instant::now() < deadline, "{}: {} are left", adapter.name(), descriptors(&server));
                thread::yield_now();
            }
        }
    }
}

#[test]
fn a_dropped_client_keeps_no_connection() {
    let _turn = turn();
    for adapter in all(&settings().idle_timeout(Duration::from_secs(3_600))) {
        let [server, _] = servers(&answer_together(1, true));
        send_together(&adapter, &[&server], 1);
        drop(adapter);
        server.wait(|counts| counts.finished == 1);
    }
}

#[test]
fn a_runtime_that_is_not_polled_does_not_keep_the_connections_of_another_open() {
    let _turn = turn();
    let [server, _] = servers(&answer_together(1, true));
    let transport = HyperTransport::new(&settings().idle_timeout(Duration::from_millis(300))).unwrap();
    let request = || Request::get(format!("{}/", server.base())).body(Body::empty()).unwrap();
    let stopped = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    stopped.block_on(transport.send(request(), CallLimits::new(Duration::from_secs(20)))).unwrap();
    let running = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    running.block_on(transport.send(request(), CallLimits::new(Duration::from_secs(20)))).unwrap();
    assert_eq!(server.counts().accepted, 2);
    server.wait(|counts| counts.finished == 1);
    // The other runtime closes its connections when it is polled again or dropped.
    drop(stopped);
    server.wait(|counts| counts.finished == 2);
}

#[test]
fn no_more_idle_connections_are_kept_than_allowed() {
    let _turn = turn();
    for adapter in all(&settings().max_idle_per_host(2)) {
        for server in servers(&answer_together(8, true)) {
            send_together(&adapter, &[&server], 8);
            server.wait(|counts| counts.finished == 6);
            assert_eq!(descriptors(&server), 2, "{}", adapter.name());
        }
    }
    for adapter in all(&settings().max_idle(3)) {
        let [left, right] = servers(&answer_together(4, true));
        send_together(&adapter, &[&left, &right], 4);
        let deadline = Instant::now() + Duration::from_secs(20);
        while descriptors(&left) + descriptors(&right) != 3 {
            assert!(Instant::now() < deadline, "{}", adapter.name());
            thread::yield_now();
        }
    }
}

fn all(settings: &Settings) -> Vec<Arc<dyn Adapter>> {
    let mut all = Vec::from(adapters_with(settings));
    all.push(without_runtime(settings));
    all
}

/// Answers when this many requests have arrived, so that each has its own connection. Then the server waits for the client
/// to close, or closes when it is released.
fn answer_together(many: usize, reads_on: bool) -> Script {
    Arc::new(move |wire| {
        wire.read_request()?;
        wire.wait(|counts| counts.requests.len() >= many);
        wire.write("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}")?;
        if reads_on { wire.park() } else { wire.park_unread() }
    })
}

fn servers(script: &Script) -> [Server; 2] {
    [Server::plain(script.clone()), Server::tls(TRUSTED.server("127.0.0.1"), script.clone())]
}

fn send_together(adapter: &Arc<dyn Adapter>, servers: &[&Server], many: usize) {
    thread::scope(|scope| {
        for server in servers {
            for _ in 0..many {
                scope.spawn(|| {
                    let request = Request::get(format!("{}/", server.base())).body(Body::empty()).unwrap();
                    adapter.send(request, Duration::from_secs(20)).unwrap();
                });
            }
        }
    });
}

/// How many sockets to a server this process has open. A socket that the process has closed has no inode.
fn descriptors(server: &Server) -> usize {
    let remote = format!("0100007F:{:04X}", server.address.port());
    let table = fs::read_to_string("/proc/self/net/tcp").unwrap();
    let rows = table.lines().map(|row| row.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row.get(2) == Some(&remote.as_str()) && row.get(9).is_some_and(|inode| *inode != "0")).count()
}

const MANY: usize = 64;
