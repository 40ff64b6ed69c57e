//! Proxies named by the environment. A process cannot set its own variables safely, so each case runs in a child process.

use std::{env, net::TcpListener, process::Command, sync::Arc, time::Duration};

use http::Request;
use wa_core::{AsyncTransport, Body, CallLimits, Transport, TransportError};
use wa_hyper::{HyperTransport, Roots, Settings};
use wa_ureq::UreqTransport;

use crate::{certificates::TRUSTED, server::Server};

#[test]
fn each_variable_names_the_proxy_of_both_transports() {
    let (_target, proxy) = proxy();
    let address = format!("http://user:p%40ss%20w%C3%B6rd@{}", proxy.address);
    let names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    for name in names {
        assert_eq!(ends(&[(name, &address)], REMOTE), ["answer", "answer"], "{name}");
    }
    let requests = proxy.counts().requests;
    assert_eq!(requests.len(), 2 * names.len());
    for request in requests {
        // The credentials are user:p@ss wörd, as `printf 'user:p@ss wörd' | base64` has them.
        assert_eq!(
            String::from_utf8(request).unwrap(),
            "CONNECT graph.wa-test.invalid:443 HTTP/1.1\r\nhost: graph.wa-test.invalid:443\r\n\
                proxy-authorization: Basic dXNlcjpwQHNzIHfDtnJk\r\n\r\n"
        );
    }
}

#[test]
fn the_first_variable_that_is_not_empty_is_used() {
    let (_target, proxy) = proxy();
    let good = proxy.address.to_string();
    let dead = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let order = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    for first in 0..order.len() {
        let variables: Vec<_> = (0..order.len())
            .map(|index| match index {
                _ if index < first => (order[index], ""),
                _ if index == first => (order[index], good.as_str()),
                _ => (order[index], dead.as_str()),
            })
            .collect();
        assert_eq!(ends(&variables, REMOTE), ["answer", "answer"], "{}", order[first]);
    }
    assert_eq!(ends(&[("HTTPS_PROXY", &dead), ("ALL_PROXY", &good)], REMOTE), ["Connect", "Connect"]);
}

#[test]
fn exceptions_are_called_directly() {
    let (_target, proxy) = proxy();
    let address = proxy.address.to_string();
    for list in ["*", "wa-test.invalid", ".wa-test.invalid", "localhost, Graph.WA-Test.invalid:443 10.0.0.0/8"] {
        for name in ["NO_PROXY", "no_proxy"] {
            // The name does not exist, so a direct call cannot resolve it.
            assert_eq!(ends(&[("HTTPS_PROXY", &address), (name, list)], REMOTE), ["Resolve", "Resolve"], "{list}");
        }
    }
    assert_eq!(proxy.counts().accepted, 0);
    for list in ["test.invalid", "graph.wa-test.invalid:8443", "10.0.0.0/8"] {
        assert_eq!(ends(&[("HTTPS_PROXY", &address), ("NO_PROXY", list)], REMOTE), ["answer", "answer"], "{list}");
    }
    // The settings have precedence over the environment.
    let sent = ends(&[("HTTPS_PROXY", &address), ("WA_TEST_WITHOUT_PROXY", "1")], REMOTE);
    assert_eq!(sent, ["Resolve", "Resolve"]);
    // The proxy for plain http is not used.
    assert_eq!(ends(&[("HTTP_PROXY", &address), ("http_proxy", &address)], REMOTE), ["Resolve", "Resolve"]);
}

#[test]
fn calls_to_this_machine_are_direct() {
    let (target, proxy) = proxy();
    let address = proxy.address.to_string();
    // The certificate is for another name, but the target was reached.
    assert_eq!(ends(&[("HTTPS_PROXY", &address)], target.base()), ["Tls", "Tls"]);
    assert_eq!((proxy.counts().accepted, target.counts().accepted), (0, 2));
}

#[test]
fn an_unusable_address_is_an_error_that_names_the_variable() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        for address in ["http://user:canary@proxy:port", "socks5://user:canary@127.0.0.1:1080"] {
            let output = run(&[(name, address)], REMOTE);
            let errors = output.lines().filter(|line| line.starts_with("no transport: "));
            assert_eq!(errors.filter(|line| line.contains(name)).count(), 2, "{output}");
            assert!(!output.contains("canary"), "{output}");
        }
    }
}

/// How a call ends over each transport in a process with these variables.
fn ends(variables: &[(&str, &str)], address: &str) -> [String; 2] {
    let output = run(variables, address);
    let ends: Vec<_> = output.lines().filter_map(|line| line.strip_prefix("end: ")).map(str::to_owned).collect();
    ends.try_into().unwrap_or_else(|_| panic!("{output}"))
}

fn run(variables: &[(&str, &str)], address: &str) -> String {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "proxies::child", "--ignored", "--nocapture"]);
    for name in
        ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "all_proxy", "no_proxy"]
    {
        command.env_remove(name);
    }
    command.env("WA_TEST_AUTHORITY", TRUSTED.pem()).env("WA_TEST_ADDRESS", address).envs(variables.iter().copied());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "the other tests run it in a child process"]
fn child() {
    let (Ok(authority), Ok(address)) = (env::var("WA_TEST_AUTHORITY"), env::var("WA_TEST_ADDRESS")) else {
        return;
    };
    let mut settings = Settings::new().roots(Roots::Own).authority(authority);
    if env::var_os("WA_TEST_WITHOUT_PROXY").is_some() {
        settings = settings.no_proxy();
    }
    let request = || Request::get(&address).body(Body::empty()).unwrap();
    let tell = |made: Result<Result<(), TransportError>, TransportError>| match made {
        Ok(Ok(())) => println!("\nend: answer"),
        Ok(Err(error)) => println!("\nend: {:?}", error.kind()),
        Err(error) => println!("\nno transport: {error} {error:?} {:?}", std::error::Error::source(&error)),
    };
    let hyper = HyperTransport::new(&settings);
    tell(hyper.map(|hyper| pollster::block_on(hyper.send(request(), CallLimits::new(TIMEOUT))).map(drop)));
    tell(UreqTransport::new(&settings).map(|ureq| ureq.send(request(), CallLimits::new(TIMEOUT)).map(drop)));
}

/// A server for the remote name, and a proxy that connects to it whatever it is asked for.
fn proxy() -> (Server, Server) {
    let target = Server::tls(
        TRUSTED.server("graph.wa-test.invalid"),
        Arc::new(|wire| {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}")?;
            wire.park()
        }),
    );
    let address = target.address;
    let proxy = Server::plain(Arc::new(move |wire| {
        wire.read_head()?;
        wire.write("HTTP/1.1 200 Connection established\r\n\r\n")?;
        wire.tunnel(address)
    }));
    (target, proxy)
}

const REMOTE: &str = "https://graph.wa-test.invalid/";
const TIMEOUT: Duration = Duration::from_secs(20);
