//! What the tests of this crate share: one configuration, and vectors that Meta's API description has a say in.

use std::collections::BTreeMap;

use http::{Method, Request, Response};
use serde::Serialize;
use serde_json::Value;
use wa_description::{Description, Excuse, unexcused};
use wa_types::{AccessToken, ApiVersion, PhoneNumberId, WabaId, lenient::lost};

use crate::{AttemptKind, Config, Endpoint, Error, Replay, Route, Success, parse};

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

/// What an endpoint must build, to the letter, for an operation of Meta's description.
pub(crate) struct Vector<'a, E> {
    operation: &'static str,
    endpoint: &'a E,
    version: ApiVersion,
    headers: Vec<(&'static str, &'static str)>,
    excuses: Vec<Excuse>,
}

impl<'a, E: Endpoint> Vector<'a, E> {
    /// Names the operation as the description does, such as `GET /{Version}/{WABA-ID}/phone_numbers`.
    pub(crate) fn at(operation: &'static str, endpoint: &'a E) -> Self {
        Self { operation, endpoint, version: ApiVersion::DEFAULT, headers: Vec::new(), excuses: Vec::new() }
    }

    pub(crate) fn version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// A header that is other than those of most calls, such as `content-type` for content that is not JSON.
    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Says why one complaint of Meta's description is wrong: the complaint as it is printed, or its beginning, such as
    /// `body /language: "en" does not match`. It excuses no other, and it must be true.
    pub(crate) fn differs_from_description(mut self, reason: &'static str, complaint: &'static str) -> Self {
        self.excuses.push(Excuse::new(complaint, reason));
        self
    }

    /// Compares method, address, headers and body.
    #[track_caller]
    pub(crate) fn builds(self, line: &str, body: &str) {
        let request = config().version(self.version).request(self.endpoint).unwrap();
        let path = request.uri().to_string();
        let path = path.strip_prefix("https://graph.facebook.com").unwrap_or(&path);
        assert_eq!(format!("{} {path}", request.method()), line);
        assert_eq!(str::from_utf8(&request.body().to_bytes()).unwrap(), body);

        let is_read = request.method() == Method::GET;
        assert_eq!(self.endpoint.replay(), if is_read { Replay::Always } else { Replay::IfUnsent });
        let is_counted = path.ends_with("/register") || path.ends_with("/deregister");
        assert_eq!(E::ATTEMPT.is_some_and(AttemptKind::is_counted), is_counted);

        let bearer = format!("Bearer {TOKEN}");
        let agent = concat!("wa/", env!("CARGO_PKG_VERSION"));
        let length = body.len().to_string();
        let mut expected = BTreeMap::from([
            ("authorization", bearer.as_str()),
            ("accept", "application/json"),
            ("accept-encoding", "identity"),
            ("user-agent", agent),
        ]);
        if !body.is_empty() {
            expected.extend([("content-type", "application/json"), ("content-length", length.as_str())]);
        } else if request.method() == Method::POST {
            expected.insert("content-length", "0");
        }
        expected.extend(self.headers);
        let headers: BTreeMap<_, _> =
            request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        assert_eq!(headers, expected);

        if let Some(description) = Description::of_meta() {
            let (parts, body) = request.into_parts();
            let complaints = description.check_request(self.operation, &Request::from_parts(parts, body.to_bytes()));
            let left = unexcused(&complaints, &self.excuses);
            assert!(left.is_empty(), "Meta's description of {line}: {left:#?}");
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
    let examples = description.example_answers(operation);
    assert!(examples.iter().any(|example| example.status == Some(200)), "{operation} has no example of an answer");
    for example in examples {
        let (text, status) = (example.value.to_string(), example.status.unwrap());
        let answer = parse::<E>(Response::builder().status(status).body(text.as_str()).unwrap());
        let is_of_another_call = others.iter().any(|(name, _)| *name == example.name);
        match answer {
            Ok(_) if is_of_another_call => panic!("{} is read after all", example.name),
            Ok(answer) => {
                assert_eq!(status, 200, "{text}");
                assert_covers(&serde_json::to_value(&answer).unwrap(), &reshape(example.value), &text);
            }
            Err(_) if is_of_another_call => {}
            Err(error) => {
                let graph = error.graph().unwrap_or_else(|| panic!("{error}: {text}"));
                assert!(status >= 400, "{text}");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, BuildError, File};

    struct Post(&'static str, Body);

    impl Endpoint for Post {
        const NAME: &'static str = "test.post";
        const METHOD: Method = Method::POST;
        type Response = Success;

        fn route(&self) -> Route<'_> {
            Route::node("106540352242922").edge(self.0)
        }

        fn body(&self) -> Result<Body, BuildError> {
            Ok(self.1.clone())
        }
    }

    // Meta's API description v23.0, the post at media, and addAssignedUser; the second list of tasks has a word that is none of its own.
    #[test]
    fn the_description_reads_forms_as_we_write_them() {
        let file = File::new("a.txt", "text/plain", b"\r\n--".as_slice());
        let body =
            Body::multipart(&[("messaging_product", "whatsapp"), ("type", "text/plain")], "file", &file).unwrap();
        let text = String::from_utf8(body.to_bytes().into_owned()).unwrap();
        Vector::at("POST /{Version}/{Phone-Number-ID}/media", &Post("media", body))
            .header("content-type", "multipart/form-data; boundary=wa-cloud-boundary")
            .differs_from_description("Meta's page \"Media\" has it", "body /type: is not described")
            .builds("POST /v23.0/106540352242922/media", &text);

        let body = Body::form([("user", "2345678901234567"), ("tasks", r#"["MANAGE","VIEW"]"#)]);
        Vector::at("POST /{Version}/{WhatsApp-Business-Account-ID}/assigned_users", &Post("assigned_users", body))
            .header("content-type", "application/x-www-form-urlencoded")
            .differs_from_description("a word that nobody knows", "body /tasks/1: \"VIEW\" is not one of")
            .builds(
                "POST /v23.0/106540352242922/assigned_users",
                "user=2345678901234567&tasks=%5B%22MANAGE%22%2C%22VIEW%22%5D",
            );
    }
}
