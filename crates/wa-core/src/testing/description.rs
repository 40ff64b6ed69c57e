//! Meta's own description of the API, read where it lies beside the project. It is a witness, not the law: see the
//! defects named with the vectors.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    sync::OnceLock,
};

use http::Request;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::Body;

pub(crate) struct Description {
    document: Value,
}

pub(crate) struct Example {
    pub(crate) name: String,
    pub(crate) status: u16,
    pub(crate) value: Value,
}

impl Description {
    /// The description, or nothing if it is not there, which is said aloud once.
    pub(crate) fn of_meta() -> Option<&'static Self> {
        static DESCRIPTION: OnceLock<Option<Description>> = OnceLock::new();
        let load = || {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PLACE);
            let Ok(text) = fs::read_to_string(&file) else {
                // Straight to the stream: the test harness would swallow the macros' output.
                writeln!(
                    io::stderr(),
                    "SKIPPED: no API description at {}: vectors are not checked against it",
                    file.display()
                )
                .unwrap();
                return None;
            };
            let mut document: Value = serde_norway::from_str(&text).unwrap();
            mend(&mut document);
            Some(Self { document })
        };
        DESCRIPTION.get_or_init(load).as_ref()
    }

    /// What the description finds wrong with a request: path, parameters, body.
    pub(crate) fn faults_of(&self, request: &Request<Body>) -> Vec<String> {
        let segments: Vec<&str> = request.uri().path().trim_start_matches('/').split('/').collect();
        let method = request.method().as_str().to_ascii_lowercase();
        let Some((path, operation)) = self.operation(&segments, &method) else {
            return vec![format!("no operation {method} for {}", request.uri())];
        };

        let mut faults = Vec::new();
        let known: Vec<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        for pair in request.uri().query().into_iter().flat_map(|query| query.split('&')) {
            let name = pair.split('=').next().unwrap_or_default();
            if !known.contains(&name) {
                faults.push(format!("no parameter {name}"));
            }
        }

        let content = &operation["requestBody"]["content"]["application/json"];
        let bytes = &request.body().to_bytes()[..];
        match (bytes.is_empty(), content.is_null()) {
            (true, true) => {}
            (true, false) if operation["requestBody"]["required"] == json!(true) => faults.push("no body".to_owned()),
            (true, false) => {}
            (false, true) => faults.push("a body where none is described".to_owned()),
            (false, false) => {
                let pointer = path.replace('~', "~0").replace('/', "~1").replace('{', "%7B").replace('}', "%7D");
                let place = format!("#/paths/{pointer}/{method}/requestBody/content/application~1json/schema");
                let body: Value = serde_json::from_slice(bytes).unwrap();
                faults.extend(self.validator(&place).iter_errors(&body).map(|error| error.to_string()));
            }
        }
        faults
    }

    /// All examples of answers of an operation such as `GET /{Version}/{WABA-ID}/phone_numbers`.
    #[track_caller]
    pub(crate) fn answers_of(&self, operation: &str) -> Vec<Example> {
        let (method, path) = operation.split_once(' ').unwrap();
        let responses = &self.document["paths"][path][method.to_ascii_lowercase()]["responses"];
        let mut examples = Vec::new();
        for (status, response) in responses.as_object().unwrap_or_else(|| panic!("no operation {operation}")) {
            let status = status.parse().unwrap();
            let content = &self.resolve(response)["content"]["application/json"];
            if let Some(value) = content.get("example") {
                examples.push(Example { name: "example".to_owned(), status, value: value.clone() });
            }
            for (name, example) in content["examples"].as_object().into_iter().flatten() {
                let value = self.resolve(example)["value"].clone();
                examples.push(Example { name: name.clone(), status, value });
            }
        }
        examples
    }

    fn operation(&self, segments: &[&str], method: &str) -> Option<(&str, &Value)> {
        let fits = |path: &str| {
            let template: Vec<&str> = path.trim_start_matches('/').split('/').collect();
            // Templates for other kinds of objects look alike: only numbers and accounts are ours.
            let is_ours = |part: &str| matches!(part, "{Version}" | "{Phone-Number-ID}" | "{WABA-ID}");
            template.len() == segments.len()
                && template.iter().zip(segments).all(|(part, segment)| part == segment || is_ours(part))
        };
        let paths = self.document["paths"].as_object()?;
        paths
            .iter()
            .find(|(path, item)| fits(path) && item.get(method).is_some())
            .map(|(path, item)| (path.as_str(), &item[method]))
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(place) => self.document.pointer(place.trim_start_matches('#')).unwrap_or(&Value::Null),
            None => value,
        }
    }

    fn validator(&self, place: &str) -> Validator {
        let mut schema = self.document.clone();
        schema["$ref"] = json!(place);
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        jsonschema::validator_for(&schema).unwrap()
    }
}

/// Repairs what keeps the document from being read at all: references whose target got lost when Meta merged its files.
fn mend(value: &mut Value) {
    let lost = lost_references(value, value);
    remove(value, &lost);
}

fn lost_references(document: &Value, value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let mut lost: Vec<String> = members.values().flat_map(|member| lost_references(document, member)).collect();
            if let Some(Value::String(place)) = members.get("$ref") {
                let target = place.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
                if target.is_none() {
                    lost.push(place.clone());
                }
            }
            lost
        }
        Value::Array(items) => items.iter().flat_map(|item| lost_references(document, item)).collect(),
        _ => Vec::new(),
    }
}

fn remove(value: &mut Value, lost: &[String]) {
    match value {
        Value::Object(members) => {
            if members.get("$ref").and_then(Value::as_str).is_some_and(|place| lost.iter().any(|lost| lost == place)) {
                members.remove("$ref");
            }
            members.values_mut().for_each(|member| remove(member, lost));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| remove(item, lost)),
        _ => {}
    }
}

const PLACE: &str = "../../../shared/openapi/business-messaging-api_v23.0.yaml";
