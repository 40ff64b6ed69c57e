//! Meta's own description of the API, which lies beside the checkout; without it the tests that need it say so.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use serde_json::Value;

pub(crate) fn document() -> Option<Value> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/openapi/business-messaging-api_v23.0.yaml");
    let Ok(text) = fs::read_to_string(&file) else {
        // Straight to the stream: the test harness would swallow the macros' output.
        let _ = writeln!(io::stderr(), "SKIPPED: no API description at {}", file.display());
        return None;
    };
    let mut document: Value = serde_norway::from_str(&text).unwrap();
    let whole = document.clone();
    repair(&mut document, &whole);
    Some(document)
}

/// Makes schemas of it that can be judged by. References lost their targets when Meta merged its files; a schema with one cannot be read at all.
fn repair(value: &mut Value, whole: &Value) {
    match value {
        Value::Object(members) => {
            let is_lost = |place: &str| place.strip_prefix('#').and_then(|pointer| whole.pointer(pointer)).is_none();
            if members.get("$ref").and_then(Value::as_str).is_some_and(is_lost) {
                members.remove("$ref");
            }
            // OpenAPI's own word, which JSON Schema does not know.
            if members.get("nullable") == Some(&Value::Bool(true)) && members.get("type").is_some_and(Value::is_string)
            {
                members["type"] = serde_json::json!([members["type"], "null"]);
            }
            members.values_mut().for_each(|member| repair(member, whole));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| repair(item, whole)),
        _ => {}
    }
}

pub(crate) fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(place) => document.pointer(place.trim_start_matches('#')).unwrap_or(&Value::Null),
        None => value,
    }
}

/// A judge of the answers of an operation with this status; nothing if the description has no schema for it.
pub(crate) fn validator(document: &Value, path: &str, method: &str, status: &str) -> Option<jsonschema::Validator> {
    let response = resolve(document, &document["paths"][path][method]["responses"][status]);
    if !response["content"]["application/json"]["schema"].is_object() {
        return None;
    }
    let place = match document["paths"][path][method]["responses"][status]["$ref"].as_str() {
        Some(place) => place.to_owned(),
        None => {
            let pointer = path.replace('/', "~1").replace('{', "%7B").replace('}', "%7D");
            format!("#/paths/{pointer}/{method}/responses/{status}")
        }
    };
    let mut schema = document.clone();
    schema["$ref"] = format!("{place}/content/application~1json/schema").into();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    Some(jsonschema::validator_for(&schema).unwrap())
}
