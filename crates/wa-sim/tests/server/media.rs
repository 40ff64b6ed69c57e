//! Files on a socket: large ones, addresses that lead back, and uploads that break off.

use std::io::{Read, Write};

use serde_json::{Value, json};
use wa_sim::{State, TestServer};

use crate::raw::{Events, connect, exchange, graph, json_of, parts, request, servers};

pub(crate) fn state() -> State {
    let mut state = State::demo(1);
    let now = state.now;
    let number = state.numbers.get_mut(State::NUMBER).unwrap();
    number.code.verified_at = Some(now);
    number.connected_at = Some(now);
    state
}

/// A request with a body of bytes.
fn send(server: &TestServer, path: &str, headers: &str, body: &[u8]) -> (u16, Value) {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nauthorization: OAuth {}\r\ncontent-length: {}\r\n{headers}\r\n",
        server.address(),
        State::TOKEN,
        body.len()
    );
    json_of(&exchange(server, &[head.as_bytes(), body].concat()).unwrap())
}

#[test]
fn a_large_document_comes_back_from_the_address_that_is_given() {
    for server in servers(state) {
        let file = vec![b'x'; 20 << 20];
        let head = "--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n--b\r\n\
                    Content-Disposition: form-data; name=\"file\"; filename=\"f.txt\"\r\nContent-Type: text/plain\r\n\r\n";
        let form = [head.as_bytes(), &file, b"\r\n--b--\r\n"].concat();
        let path = format!("/v23.0/{}/media", State::NUMBER);
        let (status, answer) = send(&server, &path, "content-type: multipart/form-data; boundary=b\r\n", &form);
        assert_eq!(status, 200, "{answer}");
        let text = String::from_utf8(graph("GET", answer["id"].as_str().unwrap(), "")).unwrap();
        let text = text.replace("host: 127.0.0.1", &format!("host: {}", server.address()));
        let (_, answer) = json_of(&exchange(&server, text.as_bytes()).unwrap());
        let url = answer["url"].as_str().unwrap();
        let path = url.strip_prefix(&server.url()).unwrap_or_else(|| panic!("{url}"));
        let headers = format!("authorization: Bearer {}\r\nuser-agent: a test\r\n", State::TOKEN);
        let (status, bytes) = parts(&exchange(&server, &request("GET", path, &headers, "")).unwrap());
        assert!(status == 200 && bytes == file, "{status}, {} bytes", bytes.len());
    }
}

#[test]
fn what_came_of_an_upload_before_it_broke_off_is_kept() {
    for server in servers(state) {
        let path = format!("/v23.0/{}/uploads?file_length=10&file_type=image/png", State::APP);
        let (_, answer) = send(&server, &path, "", b"");
        let id = answer["id"].as_str().unwrap().to_owned();
        let mut events = Events::new(&server);
        let mut wire = connect(&server);
        let head = format!(
            "POST /v23.0/{id} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: OAuth {}\r\nfile_offset: 0\r\ncontent-length: 10\r\n\r\n0123",
            State::TOKEN
        );
        wire.write_all(head.as_bytes()).unwrap();
        drop(wire);
        events.until(|engine| engine.state().uploads.values().any(|upload| upload.bytes.as_ref() == b"0123"));
        let (_, answer) = json_of(&exchange(&server, &graph("GET", &id, "")).unwrap());
        assert_eq!(answer["file_offset"], json!(4));
        let (status, answer) = send(&server, &format!("/v23.0/{id}"), "file_offset: 4\r\n", b"456789");
        assert!(status == 200 && answer["h"].is_string(), "{answer}");
    }
}

#[test]
fn a_browser_shows_pictures_and_saves_all_else() {
    let server = TestServer::start(state()).unwrap();
    for (kind, shown) in [("image", "image/png"), ("document", "application/octet-stream")] {
        let message = json!({"type": kind});
        server.engine().receive_message(State::NUMBER, "16505551234", message.as_object().unwrap()).unwrap();
        let id = server.engine().state().numbers[State::NUMBER].messages.last().unwrap().content["id"].clone();
        let path = format!("/_sim/media/{}", id.as_str().unwrap());
        let mut wire = connect(&server);
        wire.write_all(&request("GET", &path, "", "")).unwrap();
        let mut answer = Vec::new();
        wire.read_to_end(&mut answer).unwrap();
        let head = String::from_utf8_lossy(&answer).to_lowercase();
        assert!(head.contains(&format!("content-type: {shown}\r\n")) && head.contains("sandbox"), "{head}");
    }
    let (status, answer) = json_of(&exchange(&server, &request("GET", "/_sim/media/77", "", "")).unwrap());
    assert_eq!((status, &answer["error"]), (404, &json!("there is no file with the id 77")));
}
