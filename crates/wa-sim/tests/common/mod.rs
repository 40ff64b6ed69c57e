//! What the tests of the engine share: states of a number, and a request.

#![allow(dead_code, clippy::unwrap_used, reason = "not every test needs all of it, and a test fails by panicking")]

use http::{Request, Response};
use serde_json::{Value, json};
use wa_sim::{Account, Engine, Number, OnPremises, SentCode, State, Time, Token};

pub(crate) const N: &str = State::NUMBER;
pub(crate) const MINUTE: u64 = 60_000;
pub(crate) const HOUR: u64 = 60 * MINUTE;

pub(crate) fn number(state: &mut State) -> &mut Number {
    state.numbers.get_mut(N).unwrap()
}

pub(crate) fn account(state: &mut State) -> &mut Account {
    state.accounts.get_mut(State::ACCOUNT).unwrap()
}

pub(crate) fn token(state: &mut State) -> &mut Token {
    state.tokens.get_mut(State::TOKEN).unwrap()
}

pub(crate) fn at(millis_ago: u64) -> Time {
    Time::from_millis(Time::START.as_millis() - millis_ago)
}

pub(crate) fn fresh(_: &mut State) {}

pub(crate) fn verified(state: &mut State) {
    number(state).code.verified_at = Some(at(HOUR));
}

pub(crate) fn connected(state: &mut State) {
    verified(state);
    let number = number(state);
    number.connected_at = Some(at(HOUR));
    number.last_onboarded = Some(at(HOUR));
    number.pin.value = Some("123456".to_owned());
}

pub(crate) fn on_premises(state: &mut State) -> &mut OnPremises {
    connected(state);
    number(state).connected_at = None;
    number(state).on_premises.insert(serde_json::from_str(r#"{"is_running": true}"#).unwrap())
}

pub(crate) fn tried(state: &mut State, times: usize) {
    number(state).attempts.register = vec![at(HOUR); times];
}

pub(crate) fn register() -> Value {
    json!({"messaging_product": "whatsapp", "pin": "123456"})
}

pub(crate) fn migrate() -> Value {
    json!({"messaging_product": "whatsapp", "pin": "123456", "backup": {"data": "blob", "password": "secret"}})
}

pub(crate) fn text() -> Value {
    json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "text", "text": {"body": "x"}})
}

pub(crate) fn template(name: &str, language: &str) -> Value {
    let template = json!({"name": name, "language": {"code": language}});
    json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "template", "template": template})
}

pub(crate) fn code() -> Value {
    json!({"code_method": "SMS", "language": "en_US"})
}

pub(crate) fn sent(state: &mut State, until: Time) {
    let sent: SentCode = serde_json::from_value(json!({"code": "123456", "until": until, "guesses": 0})).unwrap();
    number(state).code.sent = Some(sent);
}

pub(crate) fn ask(engine: &mut Engine, method: &str, path: &str, body: &Value) -> Response<Vec<u8>> {
    let request = request(method, path, body);
    let now = engine.now();
    engine.handle(&request, now).response
}

pub(crate) fn request(method: &str, path: &str, body: &Value) -> Request<Vec<u8>> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", format!("Bearer {}", State::TOKEN))
        .header("content-type", "application/json")
        .body(if body.is_null() { Vec::new() } else { body.to_string().into_bytes() })
        .unwrap()
}
