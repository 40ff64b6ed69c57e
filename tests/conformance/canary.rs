//! No crate of this project logs a secret.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use tracing_subscriber::{
    Layer, filter::FilterFn, fmt::format::FmtSpan, layer::SubscriberExt, util::SubscriberInitExt,
};
use wa_core::{
    CallLimits,
    api::number::{Migrate, Register},
    blocking::Client,
    from_fn,
    types::{BackupData, BackupPassword, PhoneNumberId, Pin},
};

use crate::{
    adapters::{TOKEN, adapters, config},
    server::Server,
};

#[test]
fn no_crate_of_this_project_logs_a_secret() {
    let log = Log::default();
    let written = log.clone();
    tracing_subscriber::registry()
        .with(
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_span_events(FmtSpan::FULL)
                .with_writer(move || written.clone())
                .with_filter(FilterFn::new(|metadata| metadata.target().starts_with("wa"))),
        )
        .init();

    let answers = [
        "HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}".to_owned(),
        format!("HTTP/1.1 400 Bad Request\r\nx-echo: {TOKEN}\r\ncontent-length: {}\r\n\r\n{ERROR}", ERROR.len()),
        format!("HTTP/1.1 502 Bad Gateway\r\ncontent-length: {}\r\n\r\n{TOKEN}", TOKEN.len()),
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{TOKEN}", TOKEN.len()),
        format!("{TOKEN} 012345\r\n\r\n"),
        String::new(),
    ];
    let number = PhoneNumberId::new("106540352242922").unwrap();
    for adapter in adapters() {
        for answer in &answers {
            let answer = answer.clone();
            let server = Server::plain(Arc::new(move |wire| {
                wire.read_request()?;
                wire.write(&answer)
            }));
            let transport = from_fn(|request, limits: CallLimits| adapter.send_within(request, limits));
            let config = config(server.base()).timeout(Duration::from_secs(5));
            let client = Client::with_transport(config.clone(), transport);
            let asynchronous = wa_core::Client::with_transport(
                config,
                from_fn(|request, limits: CallLimits| {
                    let sent = adapter.send_within(request, limits);
                    async { sent }
                }),
            );
            let password = BackupPassword::new("canary-password").unwrap();
            let migrate = Migrate::new(&number, pin(), password, BackupData::new("canary-data").unwrap());
            for error in [
                client.send(&Register::new(&number, pin())).err(),
                client.send(&migrate).err(),
                pollster::block_on(asynchronous.send(&migrate)).err(),
            ] {
                log.clone().write_all(format!("{error:?}").as_bytes()).unwrap();
                let mut cause = error.as_ref().map(|error| error as &dyn std::error::Error);
                while let Some(error) = cause {
                    log.clone().write_all(format!("{error} {error:?}\n").as_bytes()).unwrap();
                    cause = error.source();
                }
            }
            log.clone().write_all(format!("{client:?} {asynchronous:?}").as_bytes()).unwrap();
        }
    }

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for wanted in [
        "http.request.method=\"POST\"",
        "server.address=\"127.0.0.1\"",
        "http.response.status_code=400",
        "error.type=\"400\"",
        "wa.operation=\"number.register\"",
        "wa.operation=\"number.migrate\"",
        "wa.node=\"106540352242922\"",
        "wa.attempt=1",
        "wa.outcome=\"rejected\"",
        "wa.outcome=\"unknown\"",
        "wa.outcome=\"confirmed\"",
        "wa.fbtrace_id=\"AXsgnV2Cm3ZMGF3dF_cfYIn\"",
    ] {
        assert!(log.contains(wanted), "{wanted} is missing: {log}");
    }
    // Every call of both clients ends with an outcome: six answers, two transports, three calls.
    let ends = || log.lines().filter(|line| line.contains("close time.busy"));
    assert_eq!(ends().count(), 36, "{log}");
    assert!(ends().all(|line| line.contains("wa.outcome=")), "{log}");
    for secret in [TOKEN, "012345", "canary-password", "canary-data"] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

fn pin() -> Pin {
    Pin::new("012345").unwrap()
}

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

const ERROR: &str = r#"{"error":{"message":"no EAAJB-canary-token","type":"OAuthException","code":100,"fbtrace_id":"AXsgnV2Cm3ZMGF3dF_cfYIn"}}"#;
