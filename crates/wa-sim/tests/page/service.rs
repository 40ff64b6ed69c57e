//! Calls to the simulator as a client makes them.

use std::time::Duration;

use serde_json::{Value, json};
use wa_sim::{State, TestServer};

use crate::browser::agent;

/// A number in the middle of its life, for the picture.
pub(crate) fn scene(server: &TestServer) {
    subscribe(server);
    register_from_scratch(server);
    let name = json!({"cc": "1", "phone_number": "6315550101", "verified_name": "Lucky Shrub Florists"});
    call(server, &format!("{}/phone_numbers", State::ACCOUNT), &name).unwrap();
    server.advance(Duration::from_secs(19 * 3_600));
    register(server).unwrap();
    graph(server, "", &json!({"new_display_name": "Lucky Shrub Garden"})).unwrap();
    for rule in [
        json!({"fault": "close", "moment": "after", "operation": "number.deregister", "times": 1}),
        json!({"fault": {"error": {"status": 500, "code": 131_000}}, "operation": "message.send_text", "nth": 3}),
    ] {
        control(server, "faults", &rule);
    }
    graph(server, "deregister", &json!({})).unwrap_err();
    server.advance(Duration::from_secs(600));
    register(server).unwrap();
    let text = json!({"number": State::NUMBER, "from": "16505551234", "text": "Hello"});
    control(server, "control", &json!({"receive_text": text}));
    let message = json!({
        "messaging_product": "whatsapp", "to": "16505551234", "type": "text", "text": {"body": "Hello to you"}
    });
    graph(server, "messages", &message).unwrap();
    server.advance(Duration::from_secs(60));
    let reply = |title: &str| json!({"type": "reply", "reply": {"id": title, "title": title}});
    let buttons = json!({
        "messaging_product": "whatsapp", "to": "16505551234", "type": "interactive",
        "interactive": {
            "type": "button", "body": {"text": "Which one shall we bring?"}, "action": {"buttons": [reply("Aloe"), reply("Bonsai")]}
        }
    });
    graph(server, "messages", &buttons).unwrap();
    graph(server, "register", &json!({"messaging_product": "whatsapp", "pin": "000000"})).unwrap();
}

pub(crate) fn register_from_scratch(server: &TestServer) {
    graph(server, "request_code", &json!({"code_method": "SMS", "language": "en_US"})).unwrap();
    let code = server.engine().sent_code(State::NUMBER).unwrap().to_owned();
    graph(server, "verify_code", &json!({ "code": code })).unwrap();
    assert_eq!(register(server).unwrap().0, 200);
}

pub(crate) fn register(server: &TestServer) -> Result<(u16, Value), String> {
    graph(server, "register", &json!({"messaging_product": "whatsapp", "pin": "123456"}))
}

pub(crate) fn subscribe(server: &TestServer) {
    let (status, answer) = call(server, &format!("{}/subscribed_apps", State::ACCOUNT), &json!({})).unwrap();
    assert_eq!(status, 200, "{answer}");
}

pub(crate) fn graph(server: &TestServer, edge: &str, body: &Value) -> Result<(u16, Value), String> {
    call(server, &format!("{}/{edge}", State::NUMBER), body)
}

pub(crate) fn call(server: &TestServer, path: &str, body: &Value) -> Result<(u16, Value), String> {
    post(&format!("{}/v25.0/{}", server.url(), path.trim_end_matches('/')), body)
}

fn control(server: &TestServer, path: &str, body: &Value) {
    let (status, answer) = post(&format!("{}/_sim/{path}", server.url()), body).unwrap();
    assert_eq!(status, 200, "{answer}");
}

fn post(url: &str, body: &Value) -> Result<(u16, Value), String> {
    let request = agent().post(url).header("content-type", "application/json");
    let request = request.header("authorization", format!("Bearer {}", State::TOKEN));
    let mut answer = request.send(body.to_string()).map_err(|error| error.to_string())?;
    let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
    Ok((answer.status().as_u16(), serde_json::from_str(&text).unwrap()))
}
