//! The parameters of path and query, and members of forms, which are written alike.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::{Description, complaint::NOT_DESCRIBED, document::Check, schema};

impl Check<'_> {
    pub(crate) fn path(&mut self, path: &str) {
        let template = &self.operation.path;
        let (wanted, segments): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
        let is_parameter = |part: &str| part.starts_with('{') && part.ends_with('}');
        let fits = |(part, segment): (&&str, &&str)| is_parameter(part) || part == segment;
        if wanted.len() != segments.len() || !wanted.iter().zip(&segments).all(fits) {
            self.complain("path", format!("{path} is not of the form {template}"));
            return;
        }
        for (part, segment) in wanted.into_iter().zip(segments).filter(|(part, _)| is_parameter(part)) {
            let is_it = |one: &&Value| one["in"] == "path" && part[1..part.len() - 1] == one["name"];
            let place = format!("path {part}");
            match self.operation.parameters.iter().find(is_it) {
                None => self.complain(place, NOT_DESCRIBED),
                Some(parameter) => self.parameter(&place, &parameter["schema"], &[decode(segment)]),
            }
        }
    }

    pub(crate) fn query(&mut self, query: &str) {
        let mut given = fields(query);
        for parameter in self.operation.parameters.iter().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap_or_default();
            let place = format!("query {name}");
            match given.remove(name) {
                Some(texts) => self.parameter(&place, &parameter["schema"], &texts),
                None if parameter["required"] == true => self.complain(place, "is missing"),
                None => {}
            }
        }
        given.into_keys().for_each(|name| self.complain(format!("query {name}"), NOT_DESCRIBED));
    }

    fn parameter(&mut self, place: &str, schema: &Value, texts: &[String]) {
        if schema.is_object() {
            let validator = self.description.validator(&format!("{}, {place}", self.name), schema);
            schema::check(&validator, place, &typed(self.description, schema, texts), &mut self.complaints);
        }
    }
}

/// The fields of a query or of a form, each with all its values.
pub(crate) fn fields(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut fields = BTreeMap::<_, Vec<_>>::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let [name, value] = [name, value].map(|part| decode(&part.replace('+', " ")));
        fields.entry(name).or_default().push(value);
    }
    fields
}

/// Reads fields as the object that the schema describes, so that they can be judged as one.
pub(crate) fn object(description: &Description, schema: &Value, fields: BTreeMap<String, Vec<String>>) -> Value {
    let schemas = schema::parts(description, schema, &Value::Null);
    let mut members = Map::new();
    for (name, texts) in fields {
        let of = schemas.iter().find_map(|schema| schema["properties"].get(&name)).unwrap_or(&Value::Null);
        members.insert(name, typed(description, of, &texts));
    }
    members.into()
}

/// The value that texts are, by the schema's type; one that is not of the type stays a text.
fn typed(description: &Description, schema: &Value, texts: &[String]) -> Value {
    let resolved = description.resolve(schema);
    let is = |wanted: &str| match &resolved["type"] {
        Value::Array(types) => types.iter().any(|one| one == wanted),
        one => one == wanted,
    };
    let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
    if is("array") {
        if let [text] = texts
            && let Some(list @ Value::Array(_)) = parsed(text)
        {
            return list;
        }
        let items = texts.iter().flat_map(|text| text.split(',')).map(str::to_owned);
        return items.map(|item| typed(description, &resolved["items"], &[item])).collect();
    }
    let [text] = texts else {
        // Nothing but a list can be given twice.
        return texts.iter().map(String::as_str).collect();
    };
    let is_of_type = |value: &Value| match value {
        Value::Number(number) => is("number") || (is("integer") && !number.is_f64()),
        Value::Bool(_) => is("boolean"),
        Value::Object(_) => is("object"),
        _ => false,
    };
    parsed(text).filter(is_of_type).unwrap_or_else(|| text.as_str().into())
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
