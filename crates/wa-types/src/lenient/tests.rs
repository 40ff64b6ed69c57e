use serde_json::{Value, json};

use super::*;

crate::model! {
    #[derive(Clone, Debug, PartialEq, serde::Serialize)]
    struct Inner {
        a: i64 = required,
    }
}

crate::model! {
    #[derive(Clone, Debug, PartialEq, serde::Serialize)]
    struct Members {
        text: Option<String>,
        plain: String,
        number: Option<f64>,
        integer: Option<i64>,
        port: Option<u16>,
        flag: Option<bool>,
        object: Option<Inner>,
        objects: Vec<Inner>,
        texts: Vec<String>,
        map: BTreeMap<String, String>,
        kind: Option<String> = "type",
        named: Option<String> = "named" | "older" | "oldest",
    }
}

fn from(value: &Value) -> Members {
    serde_json::from_str(&value.to_string()).unwrap()
}

fn read(value: &Value) -> Members {
    let names =
        ["text", "plain", "number", "integer", "port", "flag", "object", "objects", "texts", "map", "type", "named"];
    let members: serde_json::Map<_, _> = names.map(|name| (name.to_owned(), value.clone())).into_iter().collect();
    from(&Value::from(members))
}

fn text(text: &str) -> Members {
    let value = Some(text.to_owned());
    let nothing = from(&json!({}));
    Members { text: value.clone(), plain: text.into(), kind: value.clone(), named: value, ..nothing }
}

#[test]
fn a_member_of_the_wrong_type_is_unknown_and_costs_no_other() {
    let nothing = || from(&json!({}));
    let seven = Members { number: Some(7.0), integer: Some(7), port: Some(7), ..text("7") };
    assert_eq!(read(&json!(null)), nothing());
    assert_eq!(read(&json!("words")), text("words"));
    assert_eq!(read(&json!("True")), Members { flag: Some(true), ..text("True") });
    assert_eq!(read(&json!("False")), Members { flag: Some(false), ..text("False") });
    assert_eq!(read(&json!(true)), Members { flag: Some(true), ..nothing() });
    assert_eq!(read(&json!(false)), Members { flag: Some(false), ..nothing() });
    assert_eq!(read(&json!(7)), seven);
    assert_eq!(read(&json!(" 7 ")), Members { number: Some(7.0), integer: Some(7), port: Some(7), ..text(" 7 ") });
    assert_eq!(read(&json!(-7)), Members { number: Some(-7.0), integer: Some(-7), ..text("-7") });
    assert_eq!(read(&json!(1.5)), Members { number: Some(1.5), ..text("1.5") });
    assert_eq!(read(&json!("inf")), text("inf"));
    assert_eq!(read(&json!({"b": "c"})), Members { map: [("b".into(), "c".into())].into(), ..nothing() });
    assert_eq!(read(&json!([])), nothing());
}

#[test]
fn an_object_without_its_required_member_is_unknown() {
    assert_eq!(from(&json!({"object": {"a": 1}})).object, Some(Inner { a: 1 }));
    for other in [json!({}), json!({"a": null}), json!({"a": "x"}), json!([1]), json!(1)] {
        assert_eq!(from(&json!({"object": other, "text": "t"})).text.as_deref(), Some("t"));
        assert_eq!(from(&json!({"object": other})).object, None, "{other}");
        assert!(serde_json::from_value::<Inner>(other).is_err());
    }
    assert_eq!(serde_json::from_str::<Inner>(r#"{"b":[1],"a":1}"#).unwrap(), Inner { a: 1 });
}

#[test]
fn items_of_the_wrong_type_are_left_out() {
    let mixed = json!([{"a": 1}, "x", null, 2, {"b": 7}, {"a": 3}]);
    let read = from(&json!({"objects": mixed, "texts": mixed, "map": {"a": 1, "b": [], "c": "d"}}));
    assert_eq!(read.objects, [Inner { a: 1 }, Inner { a: 3 }]);
    assert_eq!(read.texts, ["x", "2"]);
    assert_eq!(read.map, [("a".into(), "1".into()), ("c".into(), "d".into())].into());
}

#[test]
fn an_alias_counts_where_the_name_itself_is_missing_or_unknown() {
    let read = |json: &str| serde_json::from_str::<Members>(json).unwrap().named;
    for (json, named) in [
        (r#"{"named":"a"}"#, "a"),
        (r#"{"older":"b"}"#, "b"),
        (r#"{"oldest":"c"}"#, "c"),
        (r#"{"named":"a","older":"b"}"#, "a"),
        (r#"{"oldest":"c","older":"b","named":"a"}"#, "a"),
        (r#"{"named":null,"older":"b"}"#, "b"),
        (r#"{"older":"b","named":{}}"#, "b"),
        (r#"{"older":"b","oldest":"c"}"#, "b"),
    ] {
        assert_eq!(read(json).as_deref(), Some(named), "{json}");
    }
}

#[test]
fn what_is_repeated_reads_as_it_came_first_unless_it_is_required() {
    let read: Members = serde_json::from_str(r#"{"text":null,"text":"a","text":"b"}"#).unwrap();
    assert_eq!(read.text.as_deref(), Some("a"));
    let refused = |json: &str| serde_json::from_str::<Inner>(json).unwrap_err().to_string();
    assert!(refused(r#"{"a":1,"a":1}"#).starts_with("duplicate field `a`"));
    assert!(refused(r#"{"a":1,"a":null}"#).starts_with("duplicate field `a`"));
    assert!(refused(r#"{"b":1}"#).starts_with("missing field `a`"));
}

#[test]
fn a_renamed_member_is_written_as_it_is_read() {
    let members = from(&json!({"type": "k", "older": "b"}));
    let written = serde_json::to_value(&members).unwrap();
    assert_eq!((&written["type"], &written["named"]), (&json!("k"), &json!("b")));
}

#[test]
fn numbers_beyond_64_bits_are_unknown_as_whole_ones() {
    let read = |json: &str| serde_json::from_str::<Members>(&format!("{{\"integer\":{json}}}")).unwrap().integer;
    assert_eq!(read("9223372036854775807"), Some(i64::MAX));
    assert_eq!(read("18446744073709551615"), None);
    assert_eq!(read("18446744073709551616"), None);
    assert_eq!(read("133016.0"), Some(133_016));
    assert_eq!(read("9007199254740992.0"), None);
}
