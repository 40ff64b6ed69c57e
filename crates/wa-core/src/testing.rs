//! What the tests of this crate share: one configuration, and vectors that Meta's API description has a say in.

mod description;

use std::collections::BTreeSet;

use http::{Method, Response};
use serde::Serialize;
use serde_json::Value;
use wa_types::{AccessToken, ApiVersion, PhoneNumberId, WabaId, lenient::lost};

use crate::{AttemptKind, Config, Endpoint, Error, Replay, Route, Success, parse};

pub(crate) use description::Description;

pub(crate) const TOKEN: &str = "EAAJB-canary-token";

pub(crate) fn config() -> Config {
    Config::new(AccessToken::new(TOKEN).unwrap())
}

pub(crate) fn number() -> PhoneNumberId {
    PhoneNumberId::new("106540352242922").unwrap()
}

pub(crate) fn account() -> WabaId {
    WabaId::new("102290129340398").unwrap()
}

/// An endpoint that is nobody's, for tests of what all endpoints share.
pub(crate) struct Probe<'a> {
    id: &'a str,
}

impl<'a> Probe<'a> {
    pub(crate) fn at(id: &'a str) -> Self {
        Self { id }
    }
}

impl Endpoint for Probe<'_> {
    const NAME: &'static str = "test.probe";
    const METHOD: Method = Method::GET;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.id).edge("probe")
    }
}

struct Defect {
    reason: &'static str,
    complaint: &'static str,
}

/// What an endpoint must build, to the letter.
pub(crate) struct Vector<'a, E> {
    endpoint: &'a E,
    version: ApiVersion,
    defect: Option<Defect>,
}

impl<'a, E: Endpoint> Vector<'a, E> {
    pub(crate) fn new(endpoint: &'a E) -> Self {
        Self { endpoint, version: ApiVersion::DEFAULT, defect: None }
    }

    pub(crate) fn version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Says why Meta's description does not allow what Meta's pages ask for, and what every complaint of the description
    /// must contain: it excuses nothing else, and it must be true.
    pub(crate) fn differs_from_description(mut self, reason: &'static str, complaint: &'static str) -> Self {
        self.defect = Some(Defect { reason, complaint });
        self
    }

    /// Compares method, address, headers and body.
    #[track_caller]
    pub(crate) fn builds(self, line: &str, body: &str) {
        let request = config().version(self.version).request(self.endpoint).unwrap();
        let path = request.uri().to_string();
        let path = path.strip_prefix("https://graph.facebook.com").unwrap();
        assert_eq!(format!("{} {path}", request.method()), line);
        assert_eq!(str::from_utf8(request.body().as_ref()).unwrap(), body);

        let is_read = request.method() == Method::GET;
        assert_eq!(self.endpoint.replay(), if is_read { Replay::Always } else { Replay::IfUnsent });
        let is_counted = path.ends_with("/register") || path.ends_with("/deregister");
        assert_eq!(E::ATTEMPT.is_some_and(AttemptKind::is_counted), is_counted);

        let bearer = format!("Bearer {TOKEN}");
        let agent = concat!("wa/", env!("CARGO_PKG_VERSION"));
        let length = body.len().to_string();
        let mut expected = BTreeSet::from([
            ("authorization", bearer.as_str()),
            ("accept", "application/json"),
            ("accept-encoding", "identity"),
            ("user-agent", agent),
        ]);
        if !body.is_empty() {
            expected.extend([("content-type", "application/json"), ("content-length", length.as_str())]);
        } else if request.method() == Method::POST {
            expected.insert(("content-length", "0"));
        }
        let headers: BTreeSet<_> =
            request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        assert_eq!(headers, expected);

        if let Some(description) = Description::of_meta() {
            let faults = description.faults_of(&request);
            match self.defect {
                None => assert!(faults.is_empty(), "Meta's description refuses {line}: {faults:#?}"),
                Some(Defect { reason, complaint }) => {
                    assert!(!faults.is_empty(), "Meta's description takes {line} after all ({reason})");
                    let is_excused = faults.iter().all(|fault| fault.contains(complaint));
                    assert!(is_excused, "{reason}: {complaint} does not excuse {faults:#?}");
                }
            }
        }
    }

    #[track_caller]
    pub(crate) fn refuses(self, reason: &str) {
        let error = config()
            .version(self.version)
            .request(self.endpoint)
            .map(|request| request.into_parts().0.uri)
            .unwrap_err();
        assert!(matches!(error, Error::Build { .. }), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

/// Reads an answer of status 200.
#[track_caller]
pub(crate) fn read<E: Endpoint>(json: &str) -> E::Response {
    parse::<E>(Response::new(json)).map_err(|error| format!("{error}: {json}")).unwrap()
}

/// Reads every example answer that Meta's description has for an operation, and checks that nothing of it is lost.
#[track_caller]
pub(crate) fn reads_examples<E: Endpoint<Response: Serialize>>(operation: &str) {
    reads_examples_as::<E>(operation, |example| example);
}

/// As [`reads_examples`], but some examples belong to other calls; each is named with the reason.
#[track_caller]
pub(crate) fn reads_examples_except<E: Endpoint<Response: Serialize>>(operation: &str, others: &[(&str, &str)]) {
    check_examples::<E>(operation, others, |example| example);
}

/// As [`reads_examples`], where the typed answer has another shape than the wire.
#[track_caller]
pub(crate) fn reads_examples_as<E: Endpoint<Response: Serialize>>(operation: &str, reshape: fn(Value) -> Value) {
    check_examples::<E>(operation, &[], reshape);
}

#[track_caller]
fn check_examples<E: Endpoint<Response: Serialize>>(
    operation: &str,
    others: &[(&str, &str)],
    reshape: fn(Value) -> Value,
) {
    let Some(description) = Description::of_meta() else {
        return;
    };
    let examples = description.answers_of(operation);
    assert!(examples.iter().any(|example| example.status == 200), "{operation} has no example of an answer");
    for example in examples {
        let text = example.value.to_string();
        let answer = parse::<E>(Response::builder().status(example.status).body(text.as_str()).unwrap());
        let is_of_another_call = others.iter().any(|(name, _)| *name == example.name);
        match answer {
            Ok(_) if is_of_another_call => panic!("{} is read after all", example.name),
            Ok(answer) => {
                assert_eq!(example.status, 200, "{text}");
                assert_covers(&serde_json::to_value(&answer).unwrap(), &reshape(example.value), &text);
            }
            Err(_) if is_of_another_call => {}
            Err(error) => {
                let graph = error.graph().unwrap_or_else(|| panic!("{error}: {text}"));
                assert!(example.status >= 400, "{text}");
                assert_covers(&serde_json::to_value(graph).unwrap(), &example.value["error"], &text);
            }
        }
    }
}

/// Whether everything in `wanted` stands in `kept`.
#[track_caller]
pub(crate) fn assert_covers(kept: &Value, wanted: &Value, text: &str) {
    let lost = lost(kept, wanted);
    assert!(lost.is_empty(), "{lost:?} of {text}");
}
