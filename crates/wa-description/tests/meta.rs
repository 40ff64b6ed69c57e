//! Meta's description can be judged by as a whole.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use http::Request;
use serde_json::Value;
use wa_description::{Complaint, Description};

#[test]
fn every_operation_can_be_judged() {
    let Some(description) = Description::of_meta() else {
        return;
    };
    assert_eq!(description.operations().count(), 113);
    for operation in description.operations() {
        let (method, path) = operation.split_once(' ').unwrap();
        let (uri, query) = (path.replace(['{', '}'], ""), "limit=x&fields=x&business_type=x&role=x");
        for content_type in ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]
        {
            let body = if content_type.ends_with("=b") { "--b--" } else { "7" };
            let request = Request::builder().method(method).uri(format!("{uri}?{query}"));
            let request = request.header("content-type", content_type).body(body).unwrap();
            description.check_request(operation, &request);
        }
        let answers = (100..600).map(|status| description.check_answer(operation, status, &Value::Null));
        assert!(answers.flatten().any(|complaint| complaint.what != "is not described"), "{operation}");
        assert!(description.example_answers(operation).iter().all(|example| !example.value.is_null()), "{operation}");
        assert!(description.example_requests(operation).iter().all(|example| !example.value.is_null()), "{operation}");
    }
}

/// Most of what it wants is wanted by its own examples too, so the complaints are not our misreading.
#[test]
fn its_own_examples_fit_but_for_its_own_mistakes() {
    let Some(description) = Description::of_meta() else {
        return;
    };
    let (mut judged, mut fitting) = (0, 0);
    for operation in description.operations().filter(|operation| !operation.contains("webhooks")) {
        let (method, path) = operation.split_once(' ').unwrap();
        let is_of_content = |complaint: &Complaint| complaint.place.starts_with("body");
        for example in description.example_requests(operation) {
            let request = Request::builder().method(method).uri(path.replace(['{', '}'], ""));
            let request =
                request.header("content-type", &example.content_type).body(example.value.to_string()).unwrap();
            if example.content_type == "application/json" {
                judged += 1;
                fitting += usize::from(!description.check_request(operation, &request).iter().any(is_of_content));
            }
        }
        for example in description.example_answers(operation) {
            judged += 1;
            fitting +=
                usize::from(description.check_answer(operation, example.status.unwrap(), &example.value).is_empty());
        }
    }
    println!("{fitting} of {judged} examples fit");
    assert!(fitting * 100 >= judged * 85, "only {fitting} of {judged}");
}
