//! Writing JSON, in the order of its members or in none.

use serde_json::Value;

use crate::Rng;

/// Writes a value; with chance given, the members of every object come in any order.
pub(crate) fn render(value: &Value, chance: Option<&mut Rng>) -> String {
    let mut text = String::with_capacity(256);
    match chance {
        None => write(&mut text, value, &mut None),
        Some(rng) => write(&mut text, value, &mut Some(rng)),
    }
    text
}

/// The same JSON in ASCII, as webhooks are sent.
///
/// Meta's guide to webhooks: the signature is one of the payload with Unicode escapes in small digits.
pub(crate) fn escape(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            text.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            text += &format!("\\u{unit:04x}");
        }
    }
    text
}

/// Adds a member that no document names, as the service does over the years.
pub(crate) fn add_unknown(value: &mut Value, rng: &mut Rng) {
    let name = format!("x_{}", rng.letters(5).to_lowercase());
    let added = match rng.below(4) {
        0 => Value::Null,
        1 => rng.below(1_000).into(),
        2 => serde_json::json!({"kind": "unheard_of", "list": [1, null]}),
        _ => rng.letters(8).into(),
    };
    if let Value::Object(members) = value {
        members.entry(name).or_insert(added);
    }
}

fn write(text: &mut String, value: &Value, chance: &mut Option<&mut Rng>) {
    match value {
        Value::Object(members) => {
            let mut order: Vec<_> = members.iter().collect();
            if let Some(rng) = chance {
                rng.shuffle(&mut order);
            }
            text.push('{');
            for (position, (name, member)) in order.into_iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(text, member, chance);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                write(text, item, chance);
            }
            text.push(']');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    // RFC 8259, section 7: what lies beyond the first plane takes two escapes; its example is the G clef.
    #[test]
    fn webhooks_are_ascii() {
        assert_eq!(escape("{\"a\":\"\u{fc} \u{1d11e}\"}"), r#"{"a":"\u00fc \ud834\udd1e"}"#);
    }

    #[test]
    fn order_changes_nothing_else() {
        let value = json!({"a": [1, {"b": "x\"y", "c": null}], "d": {"e": true, "f": 1.5}, "g": "ü"});
        let mut rng = Rng::new(7);
        let texts: Vec<_> = (0..20).map(|_| render(&value, Some(&mut rng))).collect();
        assert!(texts.iter().all(|text| serde_json::from_str::<Value>(text).unwrap() == value));
        assert!(texts.iter().any(|text| *text != texts[0]));
        assert_eq!(render(&value, None), value.to_string());
    }
}
