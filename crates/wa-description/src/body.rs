use std::collections::BTreeMap;

use http::{HeaderMap, header::CONTENT_TYPE};
use serde_json::Value;

use crate::{
    Description,
    document::{Check, JSON},
    multipart, parameter, schema,
};

impl Check<'_> {
    pub(crate) fn body(&mut self, headers: &HeaderMap, bytes: &[u8]) {
        let Some(body) = &self.operation.body else {
            if !bytes.is_empty() {
                self.complain("body", "is sent, and none is described");
            }
            return;
        };
        if bytes.is_empty() {
            if body["required"] == true {
                self.complain("body", "is missing");
            }
            return;
        }
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let contents = body["content"].as_object().into_iter().flatten();
        let Some((range, content)) = contents.clone().find(|(range, _)| is_in(&kind, range)) else {
            let known: Vec<_> = contents.map(|(range, _)| range.as_str()).collect();
            self.complain("body", format!("is of the type {kind:?}, described is {}", known.join(", ")));
            return;
        };
        let Some(schema) = content.get("schema") else {
            return;
        };
        match decoded(self.description, schema, &kind, content_type, bytes) {
            Err(what) => self.complain("body", what),
            Ok(value) => {
                let validator = self.description.validator(&format!("{}, {range}", self.name), schema);
                schema::check(&validator, "body", &value, &mut self.complaints);
                schema::check_names(self.description, &[schema], "body", &value, &mut self.complaints);
            }
        }
    }
}

fn is_in(kind: &str, range: &str) -> bool {
    range == "*/*" || range == kind || range.strip_suffix('*').is_some_and(|group| kind.starts_with(group))
}

/// The content as a value that a schema can judge. Bytes that are none of the known kinds are a text.
fn decoded(
    description: &Description,
    schema: &Value,
    kind: &str,
    content_type: &str,
    bytes: &[u8],
) -> Result<Value, String> {
    match kind {
        JSON => serde_json::from_slice(bytes).map_err(|error| format!("is no JSON: {error}")),
        "application/x-www-form-urlencoded" => {
            let text = str::from_utf8(bytes).map_err(|_| "is no form: not UTF-8")?;
            Ok(parameter::object(description, schema, parameter::fields(text)))
        }
        "multipart/form-data" => {
            let mut fields = BTreeMap::<_, Vec<_>>::new();
            for (name, content) in
                multipart::parts(content_type, bytes).map_err(|what| format!("is no form: {what}"))?
            {
                fields.entry(name).or_default().push(String::from_utf8_lossy(content).into_owned());
            }
            Ok(parameter::object(description, schema, fields))
        }
        _ => Ok(String::from_utf8_lossy(bytes).into()),
    }
}
