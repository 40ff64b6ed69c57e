//! Judging values by schemas.

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as Kind};
use serde_json::Value;

use crate::{Complaint, Description, complaint::NOT_DESCRIBED};

pub(crate) fn check(validator: &Validator, place: &str, value: &Value, complaints: &mut Vec<Complaint>) {
    for error in validator.iter_errors(value) {
        complain(&error, place, complaints);
    }
}

/// Complains about members that no schema of the object names. A schema without names allows any.
pub(crate) fn check_names(
    description: &Description,
    schemas: &[&Value],
    place: &str,
    value: &Value,
    complaints: &mut Vec<Complaint>,
) {
    let parts: Vec<&Value> = schemas.iter().flat_map(|schema| parts(description, schema, value)).collect();
    match value {
        Value::Object(members) => {
            let takes_any = |part: &&Value| match part.get("additionalProperties") {
                Some(additional) => additional != &Value::Bool(false),
                None => part.get("patternProperties").is_some(),
            };
            let is_open = parts.iter().any(takes_any) || parts.iter().all(|part| part.get("properties").is_none());
            for (name, member) in members {
                let named: Vec<&Value> = parts.iter().filter_map(|part| part["properties"].get(name)).collect();
                let place = join(place, name);
                match named.is_empty() {
                    true if is_open => {}
                    true => push(Complaint::new(place, NOT_DESCRIBED), complaints),
                    false => check_names(description, &named, &place, member, complaints),
                }
            }
        }
        Value::Array(items) => {
            let described: Vec<&Value> = parts.iter().filter_map(|part| part.get("items")).collect();
            for (index, item) in items.iter().enumerate() {
                check_names(description, &described, &join(place, &index.to_string()), item, complaints);
            }
        }
        _ => {}
    }
}

/// A schema and all those that it is made of: of its alternatives, those whose fixed words the value has.
pub(crate) fn parts<'a>(description: &'a Description, schema: &'a Value, value: &Value) -> Vec<&'a Value> {
    let schema = description.resolve(schema);
    let members = |key| schema[key].as_array().into_iter().flatten().map(|part| parts(description, part, value));
    let alternatives: Vec<_> = ["anyOf", "oneOf"].into_iter().flat_map(members).collect();
    let is_meant = |parts: &&Vec<&Value>| !parts.iter().any(|part| says_otherwise(part, value));
    let is_clear = alternatives.iter().any(|parts| is_meant(&parts));
    let alternatives = alternatives.iter().filter(|parts| !is_clear || is_meant(parts)).flatten().copied();
    [schema].into_iter().chain(members("allOf").flatten()).chain(alternatives).collect()
}

/// Whether a member of the value has a word that the schema does not allow there.
fn says_otherwise(schema: &Value, value: &Value) -> bool {
    let mut named = schema["properties"].as_object().into_iter().flatten();
    named.any(|(name, schema)| match (value.get(name), schema.get("const"), schema["enum"].as_array()) {
        (Some(word), Some(only), _) => word != only,
        (Some(word), None, Some(words)) => !words.contains(word),
        _ => false,
    })
}

/// A value that fits none of several schemas is judged by the one that it comes closest to.
fn complain(error: &ValidationError<'_>, place: &str, complaints: &mut Vec<Complaint>) {
    let at = format!("{place} {}", error.instance_path()).trim_end().to_owned();
    match error.kind() {
        Kind::OneOfNotValid { context } | Kind::AnyOf { context }
            if context.iter().any(|errors| !errors.is_empty()) =>
        {
            let depth = error.instance_path().as_str().matches('/').count();
            let nearest = context.iter().min_by_key(|errors| distance(errors, depth));
            nearest.into_iter().flatten().for_each(|error| complain(error, place, complaints));
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().for_each(|name| push(Complaint::new(join(&at, name), NOT_DESCRIBED), complaints));
        }
        Kind::Required { property } => {
            let at = join(&at, property.as_str().unwrap_or_default());
            push(Complaint::new(at, "is missing"), complaints);
        }
        _ if error.instance().is_object() || error.instance().is_array() => {
            push(Complaint::new(at, error.masked().to_string()), complaints);
        }
        _ => push(Complaint::new(at, error.to_string()), complaints),
    }
}

/// How far a value is from a schema: another type, or another word in a member that tells the kind of object, says that
/// it is not meant at all; next comes that a member is missing.
fn distance(errors: &[ValidationError<'_>], depth: usize) -> (usize, usize, usize) {
    let is_near = |error: &ValidationError<'_>, most: usize| {
        error.instance_path().as_str().matches('/').count().saturating_sub(depth) <= most
    };
    let is_of_another_kind = |error: &&ValidationError<'_>| match error.kind() {
        Kind::Type { .. } => is_near(error, 0),
        Kind::Constant { .. } | Kind::Enum { .. } => is_near(error, 1),
        _ => false,
    };
    let lacks = |error: &&ValidationError<'_>| matches!(error.kind(), Kind::Required { .. }) && is_near(error, 0);
    (errors.iter().filter(is_of_another_kind).count(), errors.iter().filter(lacks).count(), errors.len())
}

/// Several schemas of a value may object to the same.
fn push(complaint: Complaint, complaints: &mut Vec<Complaint>) {
    if !complaints.contains(&complaint) {
        complaints.push(complaint);
    }
}

/// The place of a member.
fn join(place: &str, name: &str) -> String {
    let separator = if place.contains(" /") { "" } else { " " };
    format!("{place}{separator}/{}", name.replace('~', "~0").replace('/', "~1"))
}
