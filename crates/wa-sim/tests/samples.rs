//! The client's own samples of messages and templates, sent to the simulator: two readings of Meta's pages that know
//! nothing of each other.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, reason = "a test fails by panicking")]

mod common;

use std::fmt::Debug;

use serde_json::{Value, json};
use wa_core::{
    Config, Endpoint,
    samples::{self, Samples},
    types::AccessToken,
};
use wa_sim::{Engine, NameReview, State, Template};

use common::*;

/// What the simulator answers to each sample of some calls.
struct Answers {
    config: Config,
    seen: Vec<(&'static str, Value, u16, Value)>,
}

impl Samples for Answers {
    fn call<E: Endpoint + Clone + Debug + Send + Sync>(&mut self, endpoint: E) {
        if !["message.send", "template.create", "template.create_from_library"].contains(&E::NAME) {
            return;
        }
        let request = self.config.request(&endpoint).unwrap().map(Vec::from);
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let mut engine = engine(&body);
        let now = engine.now();
        let response = engine.handle(&request, now).response;
        let answer = serde_json::from_slice(response.body()).unwrap();
        self.seen.push((E::NAME, body, response.status().as_u16(), answer));
    }
}

/// A service that has the file and the template that a message names.
fn engine(body: &Value) -> Engine {
    let mut state = State::demo(1);
    connected(&mut state);
    state.rules.template_review = NameReview::Control;
    let until = u64::MAX;
    let mut open = vec![body];
    while let Some(value) = open.pop() {
        if let Some(id) = value["id"].as_str() {
            let file = json!({"number": N, "mime_type": "image/png", "bytes": "", "created": 0, "until": until});
            state.media.insert(id.to_owned(), serde_json::from_value(file).unwrap());
        }
        open.extend(value.as_array().into_iter().flatten());
        open.extend(value.as_object().into_iter().flat_map(|members| members.values()));
    }
    let wanted = &body["template"];
    if let (Some(name), Some(language)) = (wanted["name"].as_str(), wanted["language"]["code"].as_str()) {
        account(&mut state).templates = vec![Template::new(name, language)];
    }
    let mut engine = Engine::new(state);
    engine.receive_text(N, "16505551234", "hello").unwrap();
    engine
}

#[test]
fn the_clients_samples_are_taken() {
    let token = AccessToken::new(State::TOKEN).unwrap();
    let mut answers = Answers { config: Config::new(token), seen: Vec::new() };
    samples::all(&mut answers).unwrap();
    let refused = answers.seen.iter().filter(|(.., status, _)| *status != 200);
    let refused: Vec<_> =
        refused.map(|(name, body, _, answer)| format!("{name}: {}\n  {body}", answer["error"])).collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(answers.seen.len() > 4, "{}", answers.seen.len());
}
