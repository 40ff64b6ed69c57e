use serde::Serialize;
use serde_json::Value;

/// For tests: where everything stands that was in `wanted` and is not in `kept`, which was read from it.
///
/// Words may come back in capitals or small letters, numbers as text and the other way round, and a single item as a list.
pub fn lost(kept: &impl Serialize, wanted: &impl Serialize) -> Vec<String> {
    let mut places = Vec::new();
    match (serde_json::to_value(kept), serde_json::to_value(wanted)) {
        (Ok(kept), Ok(wanted)) => compare(&kept, &wanted, "", &mut places),
        _ => places.push(": not JSON".to_owned()),
    }
    places
}

fn compare(kept: &Value, wanted: &Value, place: &str, lost: &mut Vec<String>) {
    let is_kept = match (kept, wanted) {
        (Value::Object(members), Value::Object(wanted)) => {
            for (name, wanted) in wanted {
                compare(members.get(name).unwrap_or(&Value::Null), wanted, &format!("{place}/{name}"), lost);
            }
            true
        }
        (Value::Array(items), Value::Array(wanted)) if items.len() == wanted.len() => {
            for (index, (kept, wanted)) in items.iter().zip(wanted).enumerate() {
                compare(kept, wanted, &format!("{place}/{index}"), lost);
            }
            true
        }
        (Value::Array(items), _) if items.len() == 1 && !wanted.is_array() => {
            compare(&items[0], wanted, place, lost);
            true
        }
        (_, Value::Null) => is_nothing(kept),
        (Value::Number(kept), Value::Number(wanted)) => kept.as_f64() == wanted.as_f64(),
        (Value::Array(_) | Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => false,
        _ => text(kept).eq_ignore_ascii_case(&text(wanted)),
    };
    if !is_kept {
        lost.push(format!("{place}: {kept} for {wanted}"));
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
        let wanted = json!({"a": {"b": [1, {"c": "x"}]}, "d": 1});
        for (kept, places) in [
            (json!({"d": 1}), &["/a"][..]),
            (json!({"a": {"b": [1]}}), &["/a/b", "/d"]),
            (json!({"a": {"b": [2, {"c": "x"}]}, "d": 1}), &["/a/b/0"]),
            (json!({"a": {"b": [1, {"c": null}]}, "d": 1}), &["/a/b/1/c"]),
            (json!({"a": {"b": [1, {"c": "y"}]}, "d": 2}), &["/a/b/1/c", "/d"]),
            (json!({"a": {"b": [1, {"c": "X", "d": 2}], "e": 0}, "d": 1}), &[]),
        ] {
            let lost = lost(&kept, &wanted);
            let found: Vec<_> = lost.iter().filter_map(|lost| lost.split(':').next()).collect();
            assert_eq!(found, places, "{kept}");
        }
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
            assert!(lost(&kept, &wanted).is_empty(), "{kept} {wanted}");
        }
        for (kept, wanted) in
            [(json!(7), json!(null)), (json!(null), json!("")), (json!(7), json!("8")), (json!([]), json!(["a"]))]
        {
            assert!(!lost(&kept, &wanted).is_empty(), "{kept} {wanted}");
        }
    }
}
