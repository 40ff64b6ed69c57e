//! Connections are reused, and memory does not grow.

use std::{fs, sync::Arc, thread};

use wa_core::{Client, api::number::ReadNumber, blocking, types::PhoneNumberId};
use wa_hyper::HyperTransport;
use wa_ureq::UreqTransport;

use crate::{
    adapters::{adapters, client, config, settings},
    certificates::TRUSTED,
    server::{Script, Server},
    turn,
};

#[test]
fn a_thousand_calls_use_one_connection() {
    let _turn = turn();
    for adapter in adapters() {
        for server in servers() {
            let client = client(&adapter, config(server.base()));
            let number = number();
            for _ in 0..1_000 {
                client.send(&ReadNumber::new(&number)).unwrap();
            }
            assert_eq!(server.counts().accepted, 1, "{}", adapter.name());
        }
    }
}

#[test]
fn sixty_four_asynchronous_calls_at_once_use_as_many_connections() {
    let _turn = turn();
    for server in servers() {
        let client = Client::with_transport(config(server.base()), HyperTransport::new(&settings()).unwrap());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let callers: Vec<_> = (0..64)
                .map(|_| {
                    let client = client.clone();
                    tokio::spawn(async move {
                        let number = number();
                        for _ in 0..16 {
                            client.send(&ReadNumber::new(&number)).await.unwrap();
                        }
                    })
                })
                .collect();
            for caller in callers {
                caller.await.unwrap();
            }
        });
        assert!(server.counts().accepted <= 65, "{}", server.counts().accepted);
    }
}

#[test]
fn sixteen_threads_use_as_many_connections() {
    let _turn = turn();
    for server in servers() {
        let client = blocking::Client::with_transport(config(server.base()), UreqTransport::new(&settings()).unwrap());
        thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    let number = number();
                    for _ in 0..64 {
                        client.send(&ReadNumber::new(&number)).unwrap();
                    }
                });
            }
        });
        assert!(server.counts().accepted <= 17, "{}", server.counts().accepted);
    }
}

/// Prints the memory in use: `cargo test --release --test conformance -- --ignored --nocapture memory`
#[test]
#[ignore = "takes a while"]
fn memory_stays_flat_over_100_000_calls() {
    for adapter in adapters() {
        let server = Server::plain(Arc::new(|wire| {
            loop {
                // The request is not recorded, or the memory of the server would grow.
                wire.skip_request()?;
                wire.write(ANSWER)?;
            }
        }));
        let client = client(&adapter, config(server.base()));
        let number = number();
        let mut begin = 0;
        for round in 0..=10 {
            for _ in 0..10_000 {
                client.send(&ReadNumber::new(&number)).unwrap();
            }
            if round == 0 {
                begin = resident();
            }
            println!("{}: {} kB after {} calls", adapter.name(), resident(), (round + 1) * 10_000);
        }
        assert!(resident() <= begin + 1_024, "{}", adapter.name());
    }
}

fn servers() -> [Server; 2] {
    let script: Script = Arc::new(|wire| {
        loop {
            wire.read_request()?;
            wire.write(ANSWER)?;
        }
    });
    [Server::plain(script.clone()), Server::tls(TRUSTED.server("127.0.0.1"), script)]
}

fn number() -> PhoneNumberId {
    PhoneNumberId::new("106540352242922").unwrap()
}

/// The memory of this process, in kB.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

const ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{\"id\":\"1\"}";
