use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    io::{self, Write},
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use http::Request;
use jsonschema::{Registry, Validator};
use serde_json::Value;

use crate::{
    Complaint,
    complaint::NOT_DESCRIBED,
    repair::{DOCUMENT, repair},
    schema,
};

/// A description of an API.
///
/// An operation is named by its verb and its path, such as `GET /{Version}/{WABA-ID}/phone_numbers`.
pub struct Description {
    document: Value,
    operations: BTreeMap<String, Operation>,
    registry: Registry<'static>,
    /// By operation and place: a schema takes long to compile.
    validators: Mutex<BTreeMap<String, Arc<Validator>>>,
}

/// An operation with its references resolved, but for those within schemas.
pub(crate) struct Operation {
    pub(crate) path: String,
    pub(crate) parameters: Vec<Value>,
    pub(crate) body: Option<Value>,
    responses: BTreeMap<u16, Value>,
}

/// An example of a request's content or of an answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Example {
    /// Its name; `example` if there is but one.
    pub name: String,
    /// The status of an answer.
    pub status: Option<u16>,
    /// The media type, such as `application/json`.
    pub content_type: String,
    /// The example itself.
    pub value: Value,
}

impl Description {
    /// Meta's description, read once; nothing if it is not beside the checkout, which is said once on stderr.
    ///
    /// # Panics
    ///
    /// The document is there and cannot be read.
    pub fn of_meta() -> Option<&'static Self> {
        static DESCRIPTION: OnceLock<Option<Description>> = OnceLock::new();
        let load = || {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PLACE);
            let Ok(text) = fs::read_to_string(&file) else {
                // Straight to the stream: the test harness would swallow the macros' output. A line of its own: the gate
                // looks for it.
                let file = file.display();
                let notice = format!("\nSKIPPED: no API description at {file}: nothing is checked against it\n");
                let _ = io::stderr().write_all(notice.as_bytes());
                return None;
            };
            match Self::from_yaml(&text) {
                Ok(description) => Some(description),
                Err(error) => panic!("{}: {error}", file.display()),
            }
        };
        DESCRIPTION.get_or_init(load).as_ref()
    }

    /// Reads a description.
    ///
    /// # Errors
    ///
    /// The text is no YAML, or no description.
    pub fn from_yaml(text: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut document: Value = serde_norway::from_str(text)?;
        repair(&mut document);
        let operations = operations(&document)?;
        let registry = Registry::new().add(DOCUMENT, document.clone())?.prepare()?;
        Ok(Self { document, operations, registry, validators: Mutex::default() })
    }

    /// The names of all operations.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.operations.keys().map(String::as_str)
    }

    /// What the description objects to in a request: verb and path, the parameters of path and query, the content.
    ///
    /// It does not ask for more than it says: lists in an address may be repeated, joined by commas or written as JSON. But
    /// a member that it does not name is a complaint, unless it allows any.
    pub fn check_request(&self, operation: &str, request: &Request<impl AsRef<[u8]>>) -> Vec<Complaint> {
        let Some(known) = self.operations.get(operation) else {
            return vec![Complaint::new("operation", NOT_DESCRIBED)];
        };
        let mut check = Check { description: self, name: operation, operation: known, complaints: Vec::new() };
        if !operation.starts_with(&format!("{} ", request.method())) {
            check.complain("operation", format!("is not {}", request.method()));
        }
        check.path(request.uri().path());
        check.query(request.uri().query().unwrap_or_default());
        check.body(request.headers(), request.body().as_ref());
        check.complaints
    }

    /// What the description objects to in an answer of an operation. Members that it does not name are allowed.
    pub fn check_answer(&self, operation: &str, status: u16, answer: &Value) -> Vec<Complaint> {
        let Some(known) = self.operations.get(operation) else {
            return vec![Complaint::new("operation", NOT_DESCRIBED)];
        };
        let Some(schema) = known.responses.get(&status).map(|response| &response["content"][JSON]["schema"]) else {
            return vec![Complaint::new(format!("status {status}"), NOT_DESCRIBED)];
        };
        if schema.is_null() {
            return vec![Complaint::new(format!("status {status}"), "has no schema")];
        }
        let mut complaints = Vec::new();
        let validator = self.validator(&format!("{operation}, status {status}"), schema);
        schema::check(&validator, "answer", answer, &mut complaints);
        complaints
    }

    /// The examples of an operation's content.
    ///
    /// # Panics
    ///
    /// There is no such operation.
    #[track_caller]
    pub fn example_requests(&self, operation: &str) -> Vec<Example> {
        let body = self.operation(operation).body.as_ref();
        body.into_iter().flat_map(|body| self.examples(body, None)).collect()
    }

    /// The examples of an operation's answers.
    ///
    /// # Panics
    ///
    /// There is no such operation.
    #[track_caller]
    pub fn example_answers(&self, operation: &str) -> Vec<Example> {
        let responses = self.operation(operation).responses.iter();
        responses.flat_map(|(status, response)| self.examples(response, Some(*status))).collect()
    }

    /// The compiled schema, which this name stands for.
    pub(crate) fn validator(&self, name: &str, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = validators.get(name) {
            return Arc::clone(known);
        }
        let compiled = match jsonschema::options().with_registry(&self.registry).build(schema) {
            Ok(compiled) => Arc::new(compiled),
            Err(error) => panic!("the schema of {name} cannot be compiled: {error}"),
        };
        validators.insert(name.to_owned(), Arc::clone(&compiled));
        compiled
    }

    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        resolve(&self.document, value)
    }

    #[track_caller]
    fn operation(&self, name: &str) -> &Operation {
        self.operations.get(name).unwrap_or_else(|| panic!("{name} is not described"))
    }

    fn examples(&self, described: &Value, status: Option<u16>) -> Vec<Example> {
        let mut found = Vec::new();
        for (content_type, content) in described["content"].as_object().into_iter().flatten() {
            let single = content.get("example").map(|value| ("example", value));
            let named = content["examples"].as_object().into_iter().flatten();
            let named = named.map(|(name, example)| (name.as_str(), &self.resolve(example)["value"]));
            for (name, value) in single.into_iter().chain(named) {
                let (name, content_type) = (name.to_owned(), content_type.clone());
                found.push(Example { name, status, content_type, value: value.clone() });
            }
        }
        found
    }
}

/// A request as it is being checked. The parts of it have files of their own.
pub(crate) struct Check<'a> {
    pub(crate) description: &'a Description,
    pub(crate) name: &'a str,
    pub(crate) operation: &'a Operation,
    pub(crate) complaints: Vec<Complaint>,
}

impl Check<'_> {
    pub(crate) fn complain(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.complaints.push(Complaint::new(place, what));
    }
}

fn operations(document: &Value) -> Result<BTreeMap<String, Operation>, String> {
    let mut operations = BTreeMap::new();
    let paths = document["paths"].as_object().ok_or("it has no paths")?;
    for (path, item) in paths {
        for (method, described) in item.as_object().into_iter().flatten() {
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let name = format!("{} {path}", method.to_ascii_uppercase());
            let mut parameters: Vec<Value> = Vec::new();
            // What the operation says goes before what its path says.
            for of in [described, item] {
                for parameter in of["parameters"].as_array().into_iter().flatten() {
                    let parameter = resolve(document, parameter);
                    let is_same = |known: &Value| ["name", "in"].iter().all(|key| known[key] == parameter[key]);
                    if !parameters.iter().any(is_same) {
                        parameters.push(parameter.clone());
                    }
                }
            }
            let body = described.get("requestBody").map(|body| resolve(document, body).clone());
            let mut responses = BTreeMap::new();
            for (status, response) in described["responses"].as_object().into_iter().flatten() {
                let status = status.parse().map_err(|_| format!("{name} has the status {status}"))?;
                responses.insert(status, resolve(document, response).clone());
            }
            operations.insert(name, Operation { path: path.clone(), parameters, body, responses });
        }
    }
    Ok(operations)
}

fn resolve<'a>(document: &'a Value, mut value: &'a Value) -> &'a Value {
    while let Some(Value::String(place)) = value.get("$ref") {
        let target = place.strip_prefix(DOCUMENT).and_then(|place| document.pointer(place.trim_start_matches('#')));
        match target {
            Some(target) => value = target,
            None => break,
        }
    }
    value
}

pub(crate) const JSON: &str = "application/json";
const METHODS: &[&str] = &["delete", "get", "patch", "post", "put"];
const PLACE: &str = "../../../shared/openapi/business-messaging-api_v23.0.yaml";
