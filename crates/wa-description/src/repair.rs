//! Repairs what keeps the document from being judged by.

use serde_json::{Value, json};

/// Where the document stands for its own references, so that a part of it can be compiled alone.
pub(crate) const DOCUMENT: &str = "urn:description";

/// - A reference whose target got lost when files were merged is taken out: a schema with one cannot be read at all.
/// - All others are made absolute.
/// - `nullable` is OpenAPI's own word, which JSON Schema does not know.
/// - Parts of an `allOf` that forbid all other members forbid those of the other parts, so that nothing fits. What is meant
///   is that no part names the member, which is checked without their help.
pub(crate) fn repair(document: &mut Value) {
    let whole = document.clone();
    repair_part(document, &whole);
}

fn repair_part(value: &mut Value, whole: &Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(place)) = members.get("$ref") {
                match place.strip_prefix('#').and_then(|pointer| whole.pointer(pointer)) {
                    Some(_) => members["$ref"] = format!("{DOCUMENT}{place}").into(),
                    None => _ = members.remove("$ref"),
                }
            }
            if members.get("nullable") == Some(&Value::Bool(true)) && members.get("type").is_some_and(Value::is_string)
            {
                members["type"] = json!([members["type"], "null"]);
            }
            if let Some(Value::Array(parts)) = members.get_mut("allOf") {
                for part in parts.iter_mut().filter_map(Value::as_object_mut) {
                    if part.get("additionalProperties") == Some(&Value::Bool(false)) {
                        part.remove("additionalProperties");
                    }
                }
            }
            members.values_mut().for_each(|member| repair_part(member, whole));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| repair_part(item, whole)),
        _ => {}
    }
}
