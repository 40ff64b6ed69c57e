use serde::Serialize;
use serde_json::Value;

/// For tests: where the first thing stands that was in `wanted` and is not in `kept`, which was read from it.
///
/// Words may come back in capitals or small letters, numbers as text and the other way round, and a single item as a list.
pub fn lost(kept: &impl Serialize, wanted: &impl Serialize) -> Option<String> {
    match (serde_json::to_value(kept), serde_json::to_value(wanted)) {
        (Ok(kept), Ok(wanted)) => first_lost(&kept, &wanted),
        _ => Some("not JSON".to_owned()),
    }
}

fn first_lost(kept: &Value, wanted: &Value) -> Option<String> {
    let below = |name: &str, inner: Option<String>| inner.map(|inner| format!("/{name}{inner}"));
    match (kept, wanted) {
        (_, Value::Null) => (!is_nothing(kept)).then(|| format!(": {kept} for null")),
        (Value::Object(members), Value::Object(wanted)) => wanted.iter().find_map(|(name, wanted)| {
            let kept = members.get(name).unwrap_or(&Value::Null);
            below(name, first_lost(kept, wanted))
        }),
        (Value::Array(items), Value::Array(wanted)) if items.len() == wanted.len() => {
            let mut pairs = items.iter().zip(wanted).enumerate();
            pairs.find_map(|(place, (kept, wanted))| below(&place.to_string(), first_lost(kept, wanted)))
        }
        (Value::Array(items), _) if items.len() == 1 && !wanted.is_array() => first_lost(&items[0], wanted),
        (Value::Number(kept), Value::Number(wanted)) if kept.as_f64() == wanted.as_f64() => None,
        (Value::Array(_) | Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => {
            Some(format!(": {kept} for {wanted}"))
        }
        _ => (!text(kept).eq_ignore_ascii_case(&text(wanted))).then(|| format!(": {kept} for {wanted}")),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_is_named_by_its_place() {
        let wanted = json!({"a": {"b": [1, {"c": "x"}]}});
        for (kept, place) in [
            (json!({}), "/a"),
            (json!({"a": {"b": [1]}}), "/a/b"),
            (json!({"a": {"b": [2, {"c": "x"}]}}), "/a/b/0"),
            (json!({"a": {"b": [1, {"c": null}]}}), "/a/b/1/c"),
            (json!({"a": {"b": [1, {"c": "y"}]}}), "/a/b/1/c"),
        ] {
            let lost = lost(&kept, &wanted).unwrap();
            assert_eq!(lost.split(':').next(), Some(place), "{lost}");
        }
        assert_eq!(lost(&json!({"a": {"b": [1, {"c": "X", "d": 2}], "e": 0}}), &wanted), None);
    }

    #[test]
    fn other_spellings_of_the_same_are_not_lost() {
        for (kept, wanted) in [
            (json!(7), json!("7")),
            (json!("7"), json!(7)),
            (json!(7.0), json!(7)),
            (json!(true), json!("true")),
            (json!(["a"]), json!("a")),
            (json!([]), json!(null)),
            (json!(""), json!(null)),
        ] {
            assert_eq!(lost(&kept, &wanted), None, "{kept} {wanted}");
        }
        for (kept, wanted) in
            [(json!(7), json!(null)), (json!(null), json!("")), (json!(7), json!("8")), (json!([]), json!(["a"]))]
        {
            assert!(lost(&kept, &wanted).is_some(), "{kept} {wanted}");
        }
    }
}
