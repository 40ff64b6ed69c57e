//! Faults between a call and its answer.

use std::{
    io,
    net::TcpListener,
    sync::{Arc, LazyLock},
    thread,
    time::{Duration, Instant},
};

use http::Method;
use rustls::ServerConfig;
use wa_core::{
    Body, BuildError, Endpoint, Error, Route, Success,
    api::number::Register,
    types::{PhoneNumberId, Pin},
};

use crate::{
    adapters::{Adapter, TOKEN, adapters, client, config},
    certificates::{TRUSTED, UNTRUSTED},
    server::{Counts, Script, Server, Wire},
    table, turn,
};

#[test]
fn both_transports_end_alike_under_every_fault() {
    let _turn = turn();
    let rows: Vec<_> = faults()
        .into_iter()
        .map(|fault| {
            let name = fault.name;
            println!("{name}");
            let [end, outcome] = fault.play();
            [name.to_owned(), end, outcome]
        })
        .collect();
    table::check(&rows);
}

struct Fault {
    name: &'static str,
    place: Place,
    script: Script,
    timeout: Duration,
    /// A successful call is made first, with the same client.
    begins_well: bool,
    /// The first connection must be closed before the call under test.
    is_cut_between: bool,
    large: bool,
}

/// Where the server of a fault listens.
enum Place {
    /// On plain TCP and with TLS: both calls must end alike.
    Both,
    Tls(Arc<ServerConfig>),
    /// On plain TCP, but called by `https`.
    Raw,
    Nowhere(String),
}

impl Fault {
    fn new(name: &'static str, script: impl Fn(&mut Wire) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self {
            name,
            place: Place::Both,
            script: Arc::new(script),
            timeout: Duration::from_secs(1),
            begins_well: false,
            is_cut_between: false,
            large: false,
        }
    }

    fn nowhere(name: &'static str, base: String) -> Self {
        Self::new(name, |_| Ok(())).at(Place::Nowhere(base))
    }

    /// The server reads the request, answers with these bytes and waits for the client to close.
    fn answer(name: &'static str, answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::new(name, move |wire| {
            wire.read_request()?;
            wire.write(&answer)?;
            wire.park()
        })
    }

    fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// For faults with many bytes, which take a while on a slow machine.
    fn timeout(mut self, seconds: u64) -> Self {
        self.timeout = Duration::from_secs(seconds);
        self
    }

    fn large(mut self) -> Self {
        self.large = true;
        self
    }

    fn begins_well(mut self) -> Self {
        self.begins_well = true;
        self
    }

    fn cut_between(mut self) -> Self {
        self.is_cut_between = true;
        self
    }

    /// Plays the fault in all its places over all transports at once.
    fn play(self) -> [String; 2] {
        let plays: Vec<_> = adapters()
            .into_iter()
            .flat_map(|adapter| self.servers().into_iter().map(move |server| (adapter.clone(), server)))
            .collect();
        let mut ends: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = plays
                .iter()
                .map(|(adapter, server)| (adapter.name(), scope.spawn(|| self.play_once(adapter, server))))
                .collect();
            running.into_iter().map(|(name, play)| (name, play.join().unwrap())).collect()
        });
        let (_, end) = ends.pop().unwrap();
        for (name, other) in ends {
            assert_eq!(other, end, "{}: {name}", self.name);
        }
        end
    }

    fn servers(&self) -> Vec<Result<Server, String>> {
        match &self.place {
            Place::Both => vec![
                Ok(Server::plain(self.script.clone())),
                Ok(Server::tls(TRUSTED.server("127.0.0.1"), self.script.clone())),
            ],
            Place::Tls(config) => vec![Ok(Server::tls(config.clone(), self.script.clone()))],
            Place::Raw => vec![Ok(Server::plain(self.script.clone()))],
            Place::Nowhere(base) => vec![Err(base.clone())],
        }
    }

    fn play_once(&self, adapter: &Arc<dyn Adapter>, server: &Result<Server, String>) -> [String; 2] {
        let base = match server {
            Ok(server) if matches!(self.place, Place::Raw) => format!("https://{}", server.address),
            Ok(server) => server.base().to_owned(),
            Err(base) => base.clone(),
        };
        let client = client(adapter, config(&base).timeout(self.timeout));
        if self.begins_well {
            client.send(&Probe { large: false }).unwrap();
        }
        if self.is_cut_between {
            server.as_ref().unwrap().wait(|counts| counts.finished == 1);
        }

        let number = PhoneNumberId::new("106540352242922").unwrap();
        LazyLock::force(&LARGE);
        let begin = Instant::now();
        let answer = match self.large {
            true => client.send(&Probe { large: true }).map(drop),
            false => client.send(&Register::new(&number, Pin::new("012345").unwrap())).map(drop),
        };
        let taken = begin.elapsed();
        // Copying and wiping a large body takes a debug build a while on a machine that is busy.
        let slack = if self.large { Duration::from_secs(5) } else { self.timeout / 10 };
        assert!(taken <= self.timeout + slack, "{}: {} took {taken:?}", self.name, adapter.name());

        if let Ok(server) = server {
            server.release();
            let Counts { accepted, requests, .. } = server.counts();
            let calls = 1 + usize::from(self.begins_well);
            assert!(requests.len() <= calls && accepted <= calls, "{}: {}", self.name, adapter.name());
        }
        assert_eq!(ELSEWHERE.counts().accepted, 0, "{}: {}", self.name, adapter.name());
        describe(answer)
    }
}

fn describe(answer: Result<(), Error>) -> [String; 2] {
    let Err(error) = answer else {
        return ["the answer".to_owned(), "confirmed".to_owned()];
    };
    let end = match &error {
        Error::Transport { reason, .. } => format!("`{:?}`", reason.kind()),
        Error::Api { answer, .. } => format!("the answer: HTTP {}", answer.status().as_u16()),
        Error::Decode { answer, .. } => format!("the answer: HTTP {}, not readable", answer.status().as_u16()),
        other => panic!("{other}"),
    };
    let outcome = format!("`{:?}`", error.outcome());
    for shown in [error.to_string(), format!("{error:?}")] {
        assert!(!shown.contains(TOKEN) && !shown.contains("012345"), "{shown}");
    }
    [end, outcome]
}

/// A call whose body may be larger than the system's buffers.
struct Probe {
    large: bool,
}

impl Endpoint for Probe {
    const NAME: &'static str = "test.probe";
    const METHOD: Method = Method::POST;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node("1")
    }

    fn body(&self) -> Result<Body, BuildError> {
        Ok(if self.large { LARGE.clone() } else { Body::empty() })
    }
}

/// The target of redirects. No transport may connect to it.
static ELSEWHERE: LazyLock<Server> = LazyLock::new(|| Server::plain(Arc::new(|wire| wire.read_request().map(drop))));

static LARGE: LazyLock<Body> = LazyLock::new(|| Body::json(&"x".repeat(8 << 20)).unwrap());

fn faults() -> Vec<Fault> {
    let redirect = |name, status: &str| {
        Fault::answer(
            name,
            format!("HTTP/1.1 {status}\r\nlocation: {}/\r\ncontent-length: 0\r\n\r\n", ELSEWHERE.base()),
        )
    };
    let refused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();

    vec![
        Fault::nowhere("the host's name is not found", "https://wa-no-such-host.invalid".to_owned()),
        Fault::nowhere("the connection is refused", format!("https://{refused}")),
        Fault::new("TLS: the certificate is for another name", |wire| wire.park())
            .at(Place::Tls(TRUSTED.server("graph.facebook.com"))),
        Fault::new("TLS: the certificate is expired", |wire| wire.park())
            .at(Place::Tls(TRUSTED.expired_server("127.0.0.1"))),
        Fault::new("TLS: the certificate's authority is not trusted", |wire| wire.park())
            .at(Place::Tls(UNTRUSTED.server("127.0.0.1"))),
        Fault::new("TLS: the handshake stalls", |wire| wire.park()).at(Place::Raw),
        Fault::new("TLS: the handshake is cut", |wire| wire.read_byte().map(drop)).at(Place::Raw),
        Fault::new("TLS: the server speaks plain HTTP", |wire| {
            wire.write("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")?;
            wire.park()
        })
        .at(Place::Raw),
        Fault::new("accepts and closes", |_| Ok(())),
        Fault::new("accepts and resets", Wire::peek),
        Fault::new("reads, then closes", |wire| wire.read_request().map(drop)),
        Fault::new("reads, then resets", |wire| wire.read_head().map(drop)),
        Fault::new("never reads", Wire::park_unread),
        Fault::new("never reads a large request", Wire::park_unread).large().timeout(5),
        Fault::new("reads, never answers", |wire| {
            wire.read_request()?;
            wire.park()
        }),
        Fault::answer("half a header, then nothing", "HTTP/1.1 200 OK\r\ncontent-le"),
        Fault::new("half a header, then closes", |wire| {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ncontent-le")
        }),
        Fault::new("the body is cut", |wire| {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\"")
        }),
        Fault::new("a chunked body is cut", |wire| {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\n{\"success\"")
        }),
        Fault::answer("the body stalls", "HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\""),
        Fault::new("one byte every 300 ms", |wire| {
            wire.read_request()?;
            for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}" {
                wire.write([*byte])?;
                thread::sleep(Duration::from_millis(300));
            }
            Ok(())
        }),
        Fault::answer("garbage", "\0\x01\x02 this is not HTTP\r\n\r\n"),
        Fault::answer(
            "a chunk's length is no number",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        ),
        Fault::answer(
            "two content lengths",
            "HTTP/1.1 200 OK\r\ncontent-length: 16\r\ncontent-length: 2\r\n\r\n{\"success\":true}",
        ),
        Fault::answer(
            "HTML with status 502",
            "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>",
        ),
        Fault::answer("nothing with status 500", "HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"),
        Fault::answer("nothing with status 200", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
        Fault::answer("status 204", "HTTP/1.1 204 No Content\r\n\r\n"),
        redirect("status 302 to another host", "302 Found"),
        redirect("status 307 to another host", "307 Temporary Redirect"),
        // It fits into all buffers: only the number of headers is too large.
        Fault::answer(
            "129 headers",
            format!("HTTP/1.1 200 OK\r\n{}content-length: 16\r\n\r\n{{\"success\":true}}", "a: b\r\n".repeat(128)),
        ),
        Fault::answer(
            "40,000 headers",
            format!("HTTP/1.1 200 OK\r\n{}content-length: 16\r\n\r\n{{\"success\":true}}", "a: b\r\n".repeat(40_000)),
        )
        .timeout(5),
        Fault::answer(
            "a header of 1 MiB",
            format!("HTTP/1.1 200 OK\r\na: {}\r\n\r\n{{\"success\":true}}", "b".repeat(1 << 20)),
        )
        .timeout(5),
        Fault::answer(
            "a body of 64 MiB",
            [b"HTTP/1.1 200 OK\r\ncontent-length: 67108864\r\n\r\n".as_slice(), &vec![b' '; 64 << 20]].concat(),
        )
        .timeout(5),
        Fault::new("a body of 64 MiB in chunks", |wire| {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
            let chunk = [b"10000\r\n".as_slice(), &[b' '; 1 << 16], b"\r\n"].concat();
            for _ in 0..1024 {
                wire.write(&chunk)?;
            }
            wire.write("0\r\n\r\n")?;
            wire.park()
        })
        .timeout(5),
        Fault::answer(
            "a content length of 2^64 - 1",
            "HTTP/1.1 200 OK\r\ncontent-length: 18446744073709551615\r\n\r\n{}",
        ),
        Fault::answer(
            "200,000 interim answers, then a good one",
            "HTTP/1.1 100 Continue\r\n\r\n".repeat(200_000)
                + "HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}",
        )
        .timeout(20),
        Fault::new("interim answers without end", |wire| {
            wire.read_request()?;
            loop {
                wire.write("HTTP/1.1 100 Continue\r\n\r\n")?;
                // The other connections need time for their handshakes.
                thread::yield_now();
            }
        })
        .timeout(6),
        Fault::new("an early 413", |wire| {
            wire.read_head()?;
            wire.write("HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        })
        .timeout(5)
        .large(),
        Fault::new("a kept connection that was closed meanwhile", |wire| {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}")
        })
        .begins_well()
        .cut_between(),
        Fault::new("a kept connection that dies under the call", |wire| {
            wire.read_request()?;
            wire.write("HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}")?;
            wire.read_request().map(drop)
        })
        .begins_well(),
        Fault::answer(
            "gzip that was not asked for",
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 36\r\n\r\n\
                \x1f\x8b\x08\0\0\0\0\0\0\x03\xabV*.MNN-.V\xb2*)*M\xad\x05\0\x1d\xf4\x84\x1e\x10\0\0\0"
                .to_vec(),
        ),
    ]
}
