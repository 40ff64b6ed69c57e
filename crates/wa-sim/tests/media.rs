//! Files: uploading, reading, downloading and deleting them, and resumable uploads.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::time::Duration;

use http::{Request, Response};
use serde_json::{Value, json};
use wa_sim::{Engine, Fault, FaultRule, State, Token};

use common::*;

fn engine() -> Engine {
    let mut state = State::demo(1);
    connected(&mut state);
    state.rules.plain = true;
    Engine::new(state)
}

fn send(engine: &mut Engine, request: http::request::Builder, body: &[u8]) -> Response<Vec<u8>> {
    let request = request.header("user-agent", "a test").body(body.to_vec()).unwrap();
    let now = engine.now();
    engine.handle(&request, now).response
}

fn authorized(method: &str, path: &str) -> http::request::Builder {
    let path = if path.starts_with("http") { path.to_owned() } else { format!("http://127.0.0.1:4010/v25.0/{path}") };
    Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", State::TOKEN))
}

fn read(response: &Response<Vec<u8>>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

fn get(engine: &mut Engine, path: &str) -> Response<Vec<u8>> {
    send(engine, authorized("GET", path), b"")
}

/// A form as curl writes it.
fn form(mime_type: &str, file: &[u8], rest: &str) -> Vec<u8> {
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n{rest}--b\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\nContent-Type: {mime_type}\r\n\r\n"
    );
    [head.as_bytes(), file, b"\r\n--b--\r\n"].concat()
}

fn upload(engine: &mut Engine, mime_type: &str, file: &[u8], rest: &str) -> Response<Vec<u8>> {
    let request = authorized("POST", &format!("{N}/media")).header("content-type", "multipart/form-data; boundary=b");
    send(engine, request, &form(mime_type, file, rest))
}

fn uploaded(engine: &mut Engine, file: &[u8]) -> String {
    let answer = read(&upload(engine, "image/jpeg", file, ""));
    answer["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

// Meta's page on media: an id lives 30 days, an address five minutes, and both need the token.
#[test]
fn a_file_comes_back_as_it_was_uploaded() {
    let mut engine = engine();
    let id = uploaded(&mut engine, b"hello world");
    let answer = read(&get(&mut engine, &id));
    // The digest of these bytes is known from elsewhere.
    let sha256 = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
    assert_eq!(answer["sha256"], sha256);
    assert_eq!(
        (&answer["file_size"], &answer["mime_type"], &answer["id"]),
        (&json!(11), &json!("image/jpeg"), &json!(id))
    );
    let url = answer["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:4010/whatsapp_business/attachments/?mid="), "{url}");

    let file = get(&mut engine, url);
    assert_eq!((file.status().as_u16(), file.headers()["content-type"].to_str().unwrap()), (200, "image/jpeg"));
    assert_eq!(file.body(), b"hello world");
    let bare = send(&mut engine, Request::get(url), b"");
    assert_eq!(bare.status(), 401);
    let forged = url.replace("&hash=", "&hash=0");
    assert_eq!(get(&mut engine, &forged).status(), 404);
    engine.advance(engine.now() + Duration::from_secs(299));
    assert_eq!(get(&mut engine, url).status(), 200);
    engine.advance(engine.now() + Duration::from_secs(1));
    assert_eq!(get(&mut engine, url).status(), 404);

    engine.advance(engine.now() + Duration::from_secs(30 * 24 * 3_600 - 301));
    assert_eq!(get(&mut engine, &id).status(), 200);
    engine.advance(engine.now() + Duration::from_secs(1));
    assert_eq!(read(&get(&mut engine, &id))["error"]["error_subcode"], 33);
}

#[test]
fn a_deleted_file_is_gone() {
    let mut engine = engine();
    let id = uploaded(&mut engine, b"x");
    let url = read(&get(&mut engine, &id))["url"].as_str().unwrap().to_owned();
    let other = send(&mut engine, authorized("DELETE", &format!("{id}?phone_number_id=77")), b"");
    assert_eq!(other.status(), 400);
    let deleted = send(&mut engine, authorized("DELETE", &format!("{id}?phone_number_id={N}")), b"");
    assert_eq!(read(&deleted), json!({"success": true}));
    assert_eq!(get(&mut engine, &id).status(), 400);
    assert_eq!(get(&mut engine, &url).status(), 404);
}

// Meta's page on media: the types that are taken. The words of the refusal are seen.
#[test]
fn other_types_are_refused_by_name() {
    let mut engine = engine();
    for mime_type in ["audio/wav", "video/webm", "text/csv", "application/octet-stream"] {
        let answer = read(&upload(&mut engine, mime_type, b"x", ""));
        let message = answer["error"]["message"].as_str().unwrap();
        let start = "(#100) Param file must be a file with one of the following types: ";
        assert!(message.starts_with(start) && message.contains(mime_type), "{message}");
        assert_eq!(answer["error"]["code"], 100);
    }
    for mime_type in ["audio/ogg; codecs=opus", "text/plain", "image/webp", "video/3gpp", "application/pdf"] {
        assert_eq!(upload(&mut engine, mime_type, b"x", "").status(), 200, "{mime_type}");
    }
    let large = vec![0; (5 << 20) + 1];
    assert_eq!(upload(&mut engine, "image/png", &large, "").status(), 400);
    assert_eq!(upload(&mut engine, "image/png", &large[1..], "").status(), 200);
    let without = authorized("POST", &format!("{N}/media")).header("content-type", "application/json");
    let answer = read(&send(&mut engine, without, br#"{"messaging_product": "whatsapp"}"#));
    assert_eq!(answer["error"]["message"], "(#100) The parameter file is required.");
}

#[test]
fn only_who_sees_the_number_sees_its_files() {
    let mut engine = engine();
    let id = uploaded(&mut engine, b"x");
    let mut blind = Token::new(State::APP);
    blind.accounts = Some([].into());
    engine.state_mut().tokens.insert("blind".to_owned(), blind);
    let request = Request::get(format!("http://h/v25.0/{id}")).header("authorization", "Bearer blind");
    assert_eq!(read(&send(&mut engine, request, b""))["error"]["error_subcode"], 33);
}

#[test]
fn what_is_kept_is_bounded() {
    let mut engine = engine();
    engine.state_mut().rules.media_bytes = 25;
    let ids: Vec<_> = (0..4).map(|_| uploaded(&mut engine, &[7; 10])).collect();
    let kept: Vec<_> = ids.iter().map(|id| engine.state().media.contains_key(id)).collect();
    assert_eq!(kept.iter().filter(|kept| **kept).count(), 2);
    assert!(kept[3], "the newest stays");
    let large = uploaded(&mut engine, &[7; 100]);
    assert_eq!(engine.state().media.keys().collect::<Vec<_>>(), [&large]);
}

#[test]
fn a_snapshot_holds_the_bytes_and_the_journal_does_not() {
    let mut engine = engine();
    let id = uploaded(&mut engine, b"\x00\xffsecret bytes");
    let snapshot = engine.state().to_json().to_string();
    let mut copy = Engine::new(State::from_json(&snapshot).unwrap());
    let url = read(&get(&mut copy, &id))["url"].as_str().unwrap().to_owned();
    assert_eq!(get(&mut copy, &url).body(), b"\x00\xffsecret bytes");
    assert!(
        !copy.journal().to_lines().contains("secret bytes") && !engine.journal().to_lines().contains("secret bytes")
    );
    let entry = engine.journal().entries().next_back().unwrap();
    assert_eq!((entry.operation, &entry.request["file"]["bytes"]), ("media.upload", &json!(14)));
}

fn begin(engine: &mut Engine, length: usize) -> String {
    let path = format!("{}/uploads?file_name=a.png&file_length={length}&file_type=image/png", State::APP);
    let answer = read(&send(engine, authorized("POST", &path), b""));
    answer["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn append(engine: &mut Engine, id: &str, offset: usize, bytes: &[u8]) -> Response<Vec<u8>> {
    let request =
        Request::post(format!("http://h/v25.0/{id}")).header("authorization", format!("OAuth {}", State::TOKEN));
    // What curl says of every body.
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    send(engine, request.header("file_offset", offset), bytes)
}

// Meta's guide to the Resumable Upload API.
#[test]
fn an_upload_goes_on_where_it_was_cut_off() {
    let mut engine = engine();
    let file: Vec<u8> = (0..=255).collect();
    let id = begin(&mut engine, file.len());
    assert!(id.starts_with("upload:") && id.contains("?sig="), "{id}");
    engine.state_mut().faults.push(FaultRule::new(Fault::CutUpload { bytes: 100 }).times(1));
    append(&mut engine, &id, 0, &file);
    assert_eq!(read(&get(&mut engine, &id))["file_offset"], 100);
    assert_eq!(append(&mut engine, &id, 99, &file[99..]).status(), 400);
    // Seen: the signature is refused as a part of the path. The path itself may be encoded.
    let (path, signature) = id.split_once('?').unwrap();
    assert_eq!(append(&mut engine, &id.replace('?', "%3F"), 100, &file[100..]).status(), 400);
    assert_eq!(append(&mut engine, path, 100, &file[100..]).status(), 400);
    let encoded = format!("{}?{signature}", path.replace(':', "%3A").replace('=', "%3D"));
    let done = read(&append(&mut engine, &encoded, 100, &file[100..]));
    let handle = done["h"].as_str().unwrap();
    assert!(handle.starts_with("4::"), "{handle}");
    assert_eq!(read(&append(&mut engine, &id, 256, b""))["h"], handle);
}

#[test]
fn an_upload_says_what_is_wrong() {
    let mut engine = engine();
    let code = |response: &Response<Vec<u8>>| read(response)["error"]["code"].clone();
    for query in
        ["file_name=a&file_type=image/png", "file_length=0&file_type=image/png", "file_length=5&file_type=image/gif"]
    {
        let response = send(&mut engine, authorized("POST", &format!("{}/uploads?{query}", State::APP)), b"");
        assert_eq!(code(&response), 100, "{query}");
    }
    let other = send(&mut engine, authorized("POST", "77/uploads?file_length=5&file_type=image/png"), b"");
    assert_eq!(code(&other), 100);
    let id = begin(&mut engine, 3);
    assert_eq!(code(&append(&mut engine, &id, 0, b"four")), 100);
    let without = send(&mut engine, authorized("POST", &id), b"abc");
    assert_eq!(code(&without), 100);
    assert_eq!(code(&append(&mut engine, "upload:none", 0, b"abc")), 100);
    assert_eq!(append(&mut engine, &id, 0, b"abc").status(), 200);
}
