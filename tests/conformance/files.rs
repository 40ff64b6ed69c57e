//! Files over both transports: downloads that fail in every way, hosts that must not get the token, uploads that are cut.

use std::{
    fs, io,
    sync::{Arc, Mutex},
    time::Duration,
};

use wa_core::{
    Error, File, FileBytes, Upload,
    api::media::{DownloadMedia, Media, UploadMedia},
    types::{AppId, PhoneNumberId},
};

use crate::{
    adapters::{TOKEN, adapters, client, config},
    certificates::TRUSTED,
    server::{Script, Server, Wire},
    turn,
};

/// FIPS 180-2, appendix B.3: the digest of a million times "a".
const MILLION: &str = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
/// The same by coreutils' `base64`.
const MILLION_BASE64: &str = "zcduXJkU+5KBocfihNc+Z/GAmkiklyAOBG05zMcRLNA=";
/// FIPS 180-2, appendix B.1: the digest of "abc".
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// A million times "a", announced as this many bytes.
fn announced(head: &str, length: usize) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{head}content-length: {length}\r\n\r\n").as_bytes(), &million()].concat()
}

/// The same in chunks, of which so many are sent.
fn chunked(chunks: usize) -> Vec<u8> {
    let mut answer = b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for chunk in million().chunks(1 << 16).take(chunks) {
        answer.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
        answer.extend([chunk, b"\r\n"].concat());
    }
    if chunks == usize::MAX {
        answer.extend(b"0\r\n\r\n");
    }
    answer
}

fn answer(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into()
}

fn million() -> Vec<u8> {
    vec![b'a'; 1_000_000]
}

/// What a download ends with.
fn told(result: Result<Media, Error>) -> String {
    match result {
        Ok(media) => {
            assert_eq!(media.bytes, million());
            media.media_type.unwrap_or_else(|| "no type".to_owned())
        }
        Err(error) => {
            assert!(!format!("{error} {error:?}").contains(TOKEN), "{error:?}");
            match &error {
                Error::Transport { reason, .. } => format!("{:?}", reason.kind()),
                _ if error.is_media_gone() => "gone".to_owned(),
                Error::Api { answer, .. } => format!("{} {:?}", answer.status(), error.code()),
                _ => error.to_string().rsplit(") ").next().unwrap().to_owned(),
            }
        }
    }
}

type Setting = for<'a> fn(DownloadMedia<'a>) -> DownloadMedia<'a>;

#[test]
fn a_file_is_downloaded_whole_or_not_at_all() {
    let any: Setting = |download| download;
    let checked: Setting = |download| download.sha256(MILLION);
    let small: Setting = |download| download.at_most(999_999);
    let exact: Setting = |download| download.at_most(1_000_000).sha256(MILLION_BASE64);
    let other: Setting = |download| download.sha256(ABC);
    let graph = r#"{"error":{"message":"m","type":"OAuthException","code":190}}"#;
    for (answer, setting, end) in [
        (announced("content-type: image/png\r\n", 1_000_000), checked, "image/png"),
        (announced("content-type: audio/ogg; codecs=opus\r\n", 1_000_000), exact, "audio/ogg; codecs=opus"),
        (announced("", 1_000_000), any, "no type"),
        (chunked(usize::MAX), checked, "image/png"),
        (announced("content-type: text/html\r\n", 1_000_000), checked, "text/html"),
        (announced("", 1_000_000), other, "does not have the digest of the file"),
        (announced("", 999_999), checked, "does not have the digest of the file"),
        (announced("", 1_000_001), any, "Closed"),
        (chunked(5), any, "Closed"),
        (announced("", 1_000_000), small, "TooLarge"),
        (chunked(usize::MAX), small, "TooLarge"),
        (announced("", 101 << 20), any, "TooLarge"),
        (answer("200 OK", "<html>"), any, "is an HTML page: give the digest if the file is one"),
        (answer("200 OK", "<html>"), checked, "does not have the digest of the file"),
        (answer("404 Not Found", "<html>"), checked, "gone"),
        (answer("404 Not Found", graph), any, "gone"),
        (answer("401 Unauthorized", graph), any, "401 Unauthorized Some(TokenInvalid)"),
        (answer("502 Bad Gateway", "<html>"), any, "502 Bad Gateway None"),
    ] {
        let script: Script = Arc::new(move |wire: &mut Wire| {
            wire.read_request()?;
            wire.write(&answer)
        });
        for server in [Server::plain(script.clone()), Server::tls(TRUSTED.server("127.0.0.1"), script)] {
            for adapter in adapters() {
                let address = format!("{}/whatsapp_business/attachments/?mid=1&ext=2&hash=3", server.base());
                let client = client(&adapter, config(server.base()).timeout(Duration::from_secs(20)));
                let result = client.send(&setting(DownloadMedia::new(&address)));
                assert_eq!(told(result), end, "{}", adapter.name());
                let request = String::from_utf8(server.counts().requests.pop().unwrap()).unwrap();
                assert!(request.starts_with("GET /whatsapp_business/attachments/?mid=1&ext=2&hash=3 HTTP/1.1\r\n"));
                for header in [&format!("authorization: Bearer {TOKEN}"), "accept: */*", "user-agent: wa/"] {
                    assert!(request.contains(&format!("\r\n{header}")), "{request}");
                }
            }
        }
    }
}

#[test]
fn the_token_goes_to_no_other_host() {
    let other = Server::plain(Arc::new(|wire| wire.read_request().map(drop)));
    let location = format!("{}/whatsapp_business/attachments/?mid=1", other.base());
    for status in ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect"] {
        let redirect = format!("HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        let server = Server::plain(Arc::new(move |wire| {
            wire.read_request()?;
            wire.write(&redirect)
        }));
        for adapter in adapters() {
            let client = client(&adapter, config(server.base()).timeout(Duration::from_secs(20)));
            let address = format!("{}/file", server.base());
            let error = client.send(&DownloadMedia::new(&address)).unwrap_err();
            let Error::Api { answer, .. } = &error else { panic!("{error}") };
            assert_eq!(answer.headers()["location"], location.as_str());
            // Nor does whoever follows it by hand send it there.
            let error = client.send(&DownloadMedia::new(&location)).unwrap_err();
            assert!(matches!(error, Error::Build { .. }), "{error}");
        }
    }
    assert_eq!(other.counts().accepted, 0);
}

/// Plays Meta's guide to uploads in pieces, and cuts each attempt to send the bytes after so many of them.
struct Service {
    bytes: Vec<u8>,
    cuts: Vec<usize>,
}

impl Service {
    fn play(this: &Mutex<Self>, wire: &mut Wire) -> io::Result<()> {
        loop {
            let head = String::from_utf8(wire.read_head()?).unwrap();
            let number = |name: &str| -> Option<usize> {
                head.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.parse().unwrap())
            };
            let length = number("content-length: ").unwrap_or(0);
            let mut service = this.lock().unwrap();
            let json = if head.starts_with("POST /v23.0/584544743160774/uploads?file_name=a.png&file_length=2000000&") {
                r#"{"id":"upload:MTph==?sig=AR-_"}"#.to_owned()
            } else if head.starts_with("GET /v23.0/upload:MTph==?sig=AR-_ HTTP/1.1\r\n") {
                format!(r#"{{"id":"upload:MTph==?sig=AR-_","file_offset":{}}}"#, service.bytes.len())
            } else {
                assert!(head.starts_with("POST /v23.0/upload:MTph==?sig=AR-_ HTTP/1.1\r\n"), "{head}");
                assert!(head.contains(&format!("\r\nauthorization: OAuth {TOKEN}\r\n")), "{head}");
                assert_eq!(number("file_offset: "), Some(service.bytes.len()));
                if let Some(cut) = service.cuts.pop() {
                    wire.read_body(cut, &mut service.bytes)?;
                    // Closes the connection with the rest unread.
                    return Ok(());
                }
                wire.read_body(length, &mut service.bytes)?;
                r#"{"h":"4::aW1hZ2UvcG5n:AR"}"#.to_owned()
            };
            drop(service);
            wire.write(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{json}", json.len()))?;
        }
    }
}

#[test]
fn an_upload_goes_on_after_every_cut() {
    let bytes: Vec<u8> = (0..2_000_000_u32).map(|place| (place % 251) as u8).collect();
    let app = AppId::new("584544743160774").unwrap();
    for adapter in adapters() {
        for cuts in [vec![], vec![0], vec![1_999_999], vec![700_000, 0, 1, 0, 600_000]] {
            for is_secure in [false, true] {
                let service = Arc::new(Mutex::new(Service { bytes: Vec::new(), cuts: cuts.clone() }));
                let played = service.clone();
                let script: Script = Arc::new(move |wire| Service::play(&played, wire));
                let server = match is_secure {
                    true => Server::tls(TRUSTED.server("127.0.0.1"), script),
                    false => Server::plain(script),
                };
                let file = File::new("a.png", "image/png", bytes.clone());
                let client = client(&adapter, config(server.base()).timeout(Duration::from_secs(20)));
                assert_eq!(client.upload(&mut Upload::new(&app, file)).unwrap(), "4::aW1hZ2UvcG5n:AR");
                let service = service.lock().unwrap();
                assert!(service.bytes == bytes && service.cuts.is_empty(), "{} {cuts:?}", adapter.name());
            }
        }
    }
}

/// Measures the peak of this process's memory, so it must run alone:
/// `cargo test --release --all-features --test conformance -- --ignored held_once --nocapture`.
#[test]
#[ignore = "it measures the whole process"]
fn the_largest_file_is_held_once() {
    let _turn = turn();
    const LENGTH: usize = 100 << 20;
    let server = Server::plain(Arc::new(|wire| {
        loop {
            let head = String::from_utf8(wire.read_head()?).unwrap();
            if head.starts_with("POST") {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                wire.read_body(length.parse().unwrap(), &mut io::sink())?;
                wire.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{\"id\":\"1\"}")?;
            } else {
                wire.write(format!("HTTP/1.1 200 OK\r\ncontent-length: {LENGTH}\r\n\r\n"))?;
                let piece = [7; 1 << 16];
                for _ in 0..LENGTH / piece.len() {
                    wire.write(piece)?;
                }
            }
        }
    }));
    let file = File::new("a.pdf", "application/pdf", FileBytes::from(vec![7_u8; LENGTH]));
    let number = PhoneNumberId::new("106540352242922").unwrap();
    let address = format!("{}/file", server.base());
    for adapter in adapters() {
        let client = client(&adapter, config(server.base()));
        let upload = peak(|| client.send(&UploadMedia::new(&number, file.clone())).map(drop));
        let download =
            peak(|| client.send(&DownloadMedia::new(&address)).map(|media| assert_eq!(media.bytes.len(), LENGTH)));
        println!("{}: {upload} MiB to upload, {download} MiB to download, of a file of 100", adapter.name());
        assert!(upload < 10 && download < 140);
    }
}

/// How many MiB more than before this process holds at its peak, while it does this.
fn peak(work: impl FnOnce() -> Result<(), Error>) -> u64 {
    let status = |name: &str| -> u64 {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    };
    // Sets the peak to what is held now.
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = status("VmRSS:");
    work().unwrap();
    status("VmHWM:").saturating_sub(before) >> 10
}
