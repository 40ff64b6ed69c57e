//! What the description of a little service objects to, and what not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use http::Request;
use proptest::prelude::*;
use serde_json::{Value, json};
use wa_description::{Complaint, Description};

const SHELF: &str = "GET /{Version}/{Shelf-ID}";
const BOX: &str = "GET /{Version}/{Box-ID}";
const ADD: &str = "POST /{Version}/{Shelf-ID}/boxes";
const LABEL: &str = "POST /{Version}/{Shelf-ID}/labels";

fn description() -> &'static Description {
    static LITTLE: LazyLock<Description> =
        LazyLock::new(|| Description::from_yaml(include_str!("little.yaml")).unwrap());
    &LITTLE
}

fn printed(complaints: Vec<Complaint>) -> Vec<String> {
    complaints.iter().map(Complaint::to_string).collect()
}

fn read(operation: &str, uri: &str) -> Vec<String> {
    printed(description().check_request(operation, &Request::get(uri).body("").unwrap()))
}

fn post(operation: &str, uri: &str, content_type: &str, body: &str) -> Vec<String> {
    let request = Request::post(uri).header("content-type", content_type).body(body).unwrap();
    printed(description().check_request(operation, &request))
}

fn add(body: &Value) -> Vec<String> {
    post(ADD, "/v1/7/boxes", "application/json; charset=utf-8", &body.to_string())
        .into_iter()
        // Its parameter got lost, which each request is told.
        .filter(|complaint| complaint != "path {Shelf-ID}: is not described")
        .collect()
}

#[test]
fn operations_are_named_and_not_guessed() {
    let description = description();
    let names: Vec<_> = description.operations().collect();
    assert_eq!(names, ["DELETE /{Version}/{Shelf-ID}", BOX, SHELF, ADD, LABEL]);
    assert_eq!(read("GET /{Version}/{Shelf}", "/v1/7"), ["operation: is not described"]);
    assert_eq!(read("DELETE /{Version}/{Shelf-ID}", "/v1/7"), ["operation: is not GET"]);
    // One address, two operations.
    assert!(read(SHELF, "/v1/abc").is_empty());
    assert_eq!(
        read(BOX, "/v1/abc?shelf=1"),
        ["path {Version}: \"v1\" is not one of \"v2\"", "path {Box-ID}: \"abc\" does not match \"^[A-Z2-7]{4}$\""]
    );
}

#[test]
fn a_path_is_of_the_form_of_its_operation() {
    for path in ["/v1", "/v1/", "/v1/7/boxes", "/v1/7/"] {
        let complaints = read(SHELF, path);
        assert!(complaints.is_empty() == (path == "/v1/"), "{complaints:?}");
    }
    let other = post(LABEL, "/v1/7/label", "", "");
    assert_eq!(other, ["path: /v1/7/label is not of the form /{Version}/{Shelf-ID}/labels"]);
    assert_eq!(read(SHELF, "/1/7"), ["path {Version}: \"1\" does not match \"^v[0-9]+$\""]);
    assert!(read(BOX, "/v2/AB%5A2?shelf=1").is_empty());
    assert_eq!(
        post(ADD, "/v1/7/boxes", "application/json", r#"{"kind":"crate","slats":4}"#),
        ["path {Shelf-ID}: is not described"]
    );
}

#[test]
fn queries_have_types() {
    for query in [
        "limit=100&fields=a,b&is_open=true&order=up",
        "colours=red",
        "colours=red,blue",
        "colours=red&colours=blue",
        "colours=%5B%22red%22,%22blue%22%5D",
        "fields=7",
        "fields=",
    ] {
        assert_eq!(read(SHELF, &format!("/v1/7?{query}")), [""; 0], "{query}");
    }
    for (query, complaint) in [
        ("limit=101", "query limit: 101 is greater than the maximum of 100"),
        ("limit=1.5", "query limit: \"1.5\" is not of type \"integer\""),
        ("limit=", "query limit: \"\" is not of type \"integer\""),
        ("limit=1&limit=2", "query limit: value is not of type \"integer\""),
        ("is_open=yes", "query is_open: \"yes\" is not of type \"boolean\""),
        ("order=sideways", "query order: \"sideways\" is not one of \"up\" or \"down\""),
        ("colours=red,green", "query colours /1: \"green\" is not one of \"red\" or \"blue\""),
        ("colour=red", "query colour: is not described"),
    ] {
        assert_eq!(read(SHELF, &format!("/v1/7?{query}")), [complaint], "{query}");
    }
    assert_eq!(read(BOX, "/v2/ABCD"), ["query shelf: is missing"]);
}

#[test]
fn json_is_checked_member_by_member() {
    assert_eq!(add(&json!({"kind": "crate", "slats": 4, "label": {"text": "x"}, "extra": {"any": 1}})), [""; 0]);
    assert_eq!(add(&json!({"kind": "carton", "size": {"x": 1, "y": 2}, "flaps": [{"open": true}]})), [""; 0]);
    for (body, complaints) in [
        (json!({"kind": "crate"}), &["body /slats: is missing"][..]),
        (json!({"kind": "crate", "slats": "4"}), &["body /slats: \"4\" is not of type \"integer\""]),
        (json!({"kind": "crate", "slats": 4, "size": "x"}), &["body /size: is not described"]),
        (
            json!({"kind": "crate", "slats": 4, "label": {"text": "x", "a/b": 1}}),
            &["body /label/a~1b: is not described"],
        ),
        (json!({"kind": "crate", "slats": 4, "label": {}}), &["body /label/text: is missing"]),
        (
            json!({"kind": "carton", "size": {"x": "1"}}),
            &["body /size/x: \"1\" is not of type \"integer\"", "body /size/y: is missing"],
        ),
        (
            json!({"kind": "carton", "size": "x", "flaps": [{}, {"opened": 1}]}),
            &["body /flaps/1/opened: is not described"],
        ),
        (
            json!({"kind": "crate", "slats": "4", "size": "x"}),
            &["body /size: is not described", "body /slats: \"4\" is not of type \"integer\""],
        ),
        (json!({"box": {"name": 1}}), &["body /box/name: 1 is not of type \"string\""]),
        (json!([1]), &["body: value is not of type \"object\""]),
    ] {
        let mut found = add(&body);
        found.sort();
        assert_eq!(found, complaints, "{body}");
    }
}

#[test]
fn a_body_is_of_a_described_kind() {
    let broken = post(ADD, "/v1/7/boxes", "application/json", "{");
    assert!(broken[1].starts_with("body: is no JSON: EOF"), "{broken:?}");
    assert_eq!(post(ADD, "/v1/7/boxes", "application/json", "")[1..], ["body: is missing"]);
    assert_eq!(
        post(ADD, "/v1/7/boxes", "text/plain", "x")[1..],
        ["body: is of the type \"text/plain\", described is application/json"]
    );
    let request = Request::get("/v1/7").body("x").unwrap();
    assert_eq!(printed(description().check_request(SHELF, &request)), ["body: is sent, and none is described"]);
    // One that need not be there.
    assert_eq!(post(LABEL, "/v1/7/labels", "", ""), [""; 0]);
}

#[test]
fn forms_are_read_by_the_types_of_their_members() {
    let form = |body: &str| post(LABEL, "/v1/7/labels", "application/x-www-form-urlencoded", body);
    assert_eq!(form("text=two+words%21&copies=2&colours=%5B%22red%22%5D&corner=%7B%22x%22%3A1%7D"), [""; 0]);
    assert_eq!(form("text=7&colours=red&colours=blue"), [""; 0]);
    assert_eq!(
        form("text=&copies=x"),
        ["body /copies: \"x\" is not of type \"integer\"", "body /text: \"\" is shorter than 1 character"]
    );
    assert_eq!(form("copies=1&tone=x"), ["body /text: is missing", "body /tone: is not described"]);
    assert_eq!(form("text=x&corner=%7B%22x%22%3A%22y%22%7D"), ["body /corner/x: \"y\" is not of type \"integer\""]);
}

#[test]
fn so_are_forms_of_several_parts() {
    let part = |name: &str, content: &str| {
        format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n")
    };
    let form = |parts: &[String]| {
        post(LABEL, "/v1/7/labels", "multipart/form-data; boundary=b", &format!("{}--b--\r\n", parts.concat()))
    };
    assert_eq!(form(&[part("text", "x"), part("file", "\0\u{fffd}"), part("copies", "2")]), [""; 0]);
    assert_eq!(form(&[part("text", "x"), part("type", "image/png")]), ["body /type: is not described"]);
    assert_eq!(
        form(&[part("copies", "two")]),
        ["body /text: is missing", "body /copies: \"two\" is not of type \"integer\""]
    );
    assert_eq!(
        post(LABEL, "/v1/7/labels", "multipart/form-data", "--b--"),
        ["body: is no form: the content type names no boundary"]
    );
}

#[test]
fn other_bytes_are_text() {
    assert_eq!(post(LABEL, "/v1/7/labels", "image/png", "\0"), [""; 0]);
    assert_eq!(post(LABEL, "/v1/7/labels", "text/plain", "1234"), ["body: \"1234\" is longer than 3 characters"]);
}

#[test]
fn answers_are_judged_by_status() {
    let description = description();
    let check = |status, answer| printed(description.check_answer(SHELF, status, &answer));
    assert_eq!(check(200, json!({"id": "7", "note": null, "boxes": [1, {}], "more": 1})), [""; 0]);
    assert_eq!(check(200, json!({"id": 7})), ["answer /id: 7 is not of type \"string\""]);
    assert_eq!(check(404, json!({})), ["answer /error: is missing"]);
    assert_eq!(check(500, json!({})), ["status 500: has no schema"]);
    assert_eq!(check(418, json!({})), ["status 418: is not described"]);
    assert_eq!(printed(description.check_answer("GET /", 200, &json!({}))), ["operation: is not described"]);
}

#[test]
fn examples_are_found_wherever_they_are() {
    let description = description();
    let answers = description.example_answers(SHELF);
    let answers: Vec<_> = answers.iter().map(|one| (one.status, one.name.as_str(), one.value.to_string())).collect();
    assert_eq!(
        answers,
        [
            (Some(200), "example", r#"{"id":"7"}"#.to_owned()),
            (Some(200), "empty", r#"{"boxes":[],"id":"8"}"#.to_owned()),
            (Some(200), "shared", r#"{"id":"9"}"#.to_owned()),
            (Some(404), "example", r#"{"error":"none"}"#.to_owned()),
        ]
    );
    let [request] = description.example_requests(ADD).try_into().unwrap();
    assert_eq!((request.status, request.value), (None, json!({"kind": "crate", "slats": 4})));
    let [request] = description.example_requests(LABEL).try_into().unwrap();
    assert_eq!((request.name.as_str(), request.content_type.as_str()), ("usual", "multipart/form-data"));
    assert!(description.example_requests(SHELF).is_empty());
}

#[test]
fn what_is_no_description_is_refused() {
    for text in ["", "a: [", "paths: 7", "paths: {/x: {get: {responses: {many: {}}}}}"] {
        assert!(Description::from_yaml(text).is_err(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_judged(body in prop::collection::vec(any::<u8>(), 0..60), query in "[a-z=&%+,2\\[]{0,20}") {
        for kind in ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"] {
            let body = [b"--b\r\n", &body[..]].concat();
            let request = Request::post(format!("/v1/7/labels?{query}")).header("content-type", kind).body(body).unwrap();
            description().check_request(LABEL, &request);
        }
    }
}
