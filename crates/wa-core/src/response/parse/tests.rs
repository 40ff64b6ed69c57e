use wa_types::{ErrorCode, PhoneNumber};

use super::*;
use crate::{
    Outcome,
    api::{
        account::ListNumbers,
        number::{ReadNumber, ReadSettings, Register},
    },
};

fn parsed<E: Endpoint>(status: u16, body: impl Into<Vec<u8>>) -> Result<E::Response, Error> {
    parse::<E>(Response::builder().status(status).header("x-fb-trace-id", "T").body(body).unwrap())
}

fn register(status: u16, body: impl Into<Vec<u8>>) -> Error {
    parsed::<Register<'_>>(status, body).unwrap_err()
}

#[test]
fn a_confirmation_is_read_in_both_spellings() {
    for body in [r#"{"success":true}"#, r#" {"new": [1], "success" : "true"} "#] {
        assert!(parsed::<Register<'_>>(200, body).unwrap().success.is_true(), "{body}");
    }
}

#[test]
fn success_false_is_a_refusal() {
    for body in
        [r#"{"success":false}"#, r#"{"success":"false"}"#, r#"{"success":"FALSE"}"#, r#"{"more":{},"success":false}"#]
    {
        // Also where the answer has no such member.
        assert_eq!(parsed::<ReadSettings<'_>>(200, body).unwrap_err().outcome(), Outcome::Rejected);
        let error = register(200, body);
        let Error::Api { answer, .. } = &error else { panic!("{error}") };
        assert_eq!((answer.body(), answer.status().as_u16()), (&ErrorBody::Refused, 200), "{body}");
        assert_eq!((answer.bytes(), error.outcome()), (body.as_bytes(), Outcome::Rejected));
        // A gateway's word is no verdict.
        let error = register(504, body);
        let Error::Api { answer, .. } = &error else { panic!("{error}") };
        assert_eq!((answer.body(), error.outcome()), (&ErrorBody::Json, Outcome::Unknown));
    }
}

#[test]
fn an_error_with_status_200_is_an_error_wherever_it_stands() {
    for body in [
        r#"{"error":{"message":"m","type":"t","code":133016}}"#,
        r#"{"more":1,"error":{"message":"m","type":"t","code":133016}}"#,
        r#"{"success":true,"error":{"code":133016}}"#,
        r#"{"data":[],"id":"1","error":{"code":133016}}"#,
    ] {
        let limit = Some(ErrorCode::RegistrationLimit);
        assert_eq!(register(200, body).code(), limit);
        assert_eq!(parsed::<ReadSettings<'_>>(200, body).unwrap_err().code(), limit);
        assert_eq!(parsed::<ListNumbers<'_>>(200, body).unwrap_err().code(), limit);
    }
}

#[test]
fn an_error_or_a_refusal_is_noticed_however_it_is_written() {
    let error = |body: &str| {
        let error = register(200, body);
        // Also where the answer has no such member, so that nothing in it would contradict.
        let other = parsed::<ReadSettings<'_>>(200, body).map(drop).unwrap_err();
        assert_eq!((error.outcome(), error.code()), (other.outcome(), other.code()), "{body}");
        let Error::Api { answer, .. } = &error else { panic!("{error}: {body}") };
        (answer.body().clone(), error.outcome())
    };
    for body in [
        r#"{"success":true,"error":{}}"#,
        r#"{"success":true,"error":{},"error":{}}"#,
        r#"{"success":true,"error":{},"error":null}"#,
        r#"{"success":true,"error":{"code":1},"error":{"code":133016}}"#,
        r#"{"success":true,"\u0065rror":{}}"#,
        r#"{"success":true,"error":"no"}"#,
        r#"{"success":false,"error":{}}"#,
        r#"{"success":true,"success":false}"#,
        r#"{"success":false,"success":true}"#,
        r#"{"success":true,"s\u0075ccess":false}"#,
    ] {
        assert_eq!(error(body), (ErrorBody::Json, Outcome::Unknown), "{body}");
    }
    for body in
        [r#"{"s\u0075ccess":false}"#, r#"{"success":false,"success":"False"}"#, r#"{"\ud800":1,"success":false}"#]
    {
        assert_eq!(error(body), (ErrorBody::Refused, Outcome::Rejected), "{body}");
    }
    let escaped = register(200, r#"{"success":true,"err\u006fr":{"c\u006fde":133016}}"#);
    assert_eq!((escaped.code(), escaped.outcome()), (Some(ErrorCode::RegistrationLimit), Outcome::Rejected));
}

#[test]
fn what_stands_deeper_or_is_null_is_no_error() {
    for body in [
        r#"{"success":true,"data":{"error":{"code":1},"success":false}}"#,
        r#"{"success":true,"data":[{"error":{"code":1}},{"success":false}]}"#,
        r#"{"success":true,"error":null}"#,
        r#"{"success":true,"text":"\"error\":{},\"success\":false"}"#,
        r#"{"s\u0075ccess":true}"#,
    ] {
        assert!(parsed::<Register<'_>>(200, body).is_ok(), "{body}");
    }
}

#[test]
fn a_bad_byte_or_half_a_character_costs_neither_a_code_nor_an_answer() {
    let bodies: [&[u8]; 4] = [
        b"{\"error\":{\"code\":133016,\"message\":\"\xff\"}}",
        b"{\"\xff\":1,\"error\":{\"message\":\"\\ud800\",\"code\":133016}}",
        b"{\"error\":{\"message\":\"\xc3\\udfff\",\"error_data\":{\"details\":\"\xff\"},\"code\":133016}}",
        b"{\"error\":{\"code\":133016,\"new\":1e400,\"fbtrace_id\":1e400}}",
    ];
    for body in bodies {
        for status in [200, 400, 500] {
            let error = register(status, body);
            let shown = String::from_utf8_lossy(body);
            assert_eq!(
                (error.code(), error.outcome()),
                (Some(ErrorCode::RegistrationLimit), Outcome::Rejected),
                "{shown}"
            );
            let Error::Api { answer, .. } = &error else { panic!("{error}") };
            assert_eq!(answer.bytes(), body, "the bytes as they came");
        }
    }
    let detailed = register(400, bodies[2]);
    assert_eq!(detailed.graph().unwrap().details(), "\u{fffd}");
    let number = parsed::<ReadNumber<'_>>(200, b"{\"id\":\"1\",\"verified_name\":\"a\xff\\ud83d\"}").unwrap();
    assert_eq!(number.verified_name.as_deref(), Some("a\u{fffd}\u{fffd}"));
}

#[test]
fn an_answer_that_cannot_be_read_has_an_unknown_outcome_and_keeps_everything() {
    let deep = "[".repeat(100_000);
    let bodies: [&[u8]; 13] = [
        b"",
        b"<html>login</html>",
        b"{\"success\":tr",
        b"{}",
        b"null",
        b"{\"success\":1}",
        b"{\"success\":true,\"success\":true}",
        b"\xef\xbb\xbf{\"success\":true}",
        b"{\"success\":\"\xff\"}",
        b"{\"success\":\"\\ud800\"}",
        b"{\"success\":1e400}",
        b"[true]",
        deep.as_bytes(),
    ];
    for body in bodies {
        let error = register(200, body);
        let Error::Decode { answer, .. } = &error else { panic!("{error}") };
        assert_eq!((answer.bytes(), answer.status().as_u16()), (body, 200));
        assert_eq!(answer.headers()["x-fb-trace-id"], "T");
        assert_eq!((error.outcome(), error.code()), (Outcome::Unknown, None));
    }
    assert!(matches!(register(204, ""), Error::Decode { .. }));
}

#[test]
fn an_error_without_a_code_is_nobodys_verdict() {
    let deep = format!("{{\"error\":{}", "{\"error\":".repeat(100_000));
    let cases: [(&[u8], ErrorBody); 16] = [
        (b"", ErrorBody::Other),
        (b"<html>502 Bad Gateway</html>", ErrorBody::Other),
        (b"{\"error\":{\"code\":1330", ErrorBody::Other),
        (b"\xef\xbb\xbf{\"error\":{\"code\":133016}}", ErrorBody::Other),
        (deep.as_bytes(), ErrorBody::Other),
        (b"{\"error\":{\"code\":1e400}}", ErrorBody::Json),
        (b"{}", ErrorBody::Json),
        (b"[1]", ErrorBody::Json),
        (b"{\"error\":\"no\"}", ErrorBody::Json),
        (b"{\"error\":{\"message\":\"no code\"}}", ErrorBody::Json),
        (b"{\"error\":{\"code\":18446744073709551616}}", ErrorBody::Json),
        (b"{\"error\":{\"code\":1,\"code\":2}}", ErrorBody::Json),
        (b"{\"error\":{\"code\":1},\"error\":{\"code\":2}}", ErrorBody::Json),
        (b"{\"error\":null,\"code\":133016}", ErrorBody::Json),
        (b"\xff", ErrorBody::Other),
        (b"{\"message\":\"\xff\"}", ErrorBody::Json),
    ];
    for status in [302, 400, 404, 413, 429, 500, 502] {
        for (body, grade) in &cases {
            let error = register(status, *body);
            let Error::Api { answer, .. } = &error else { panic!("{error}") };
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            assert_eq!((answer.body(), answer.bytes(), answer.status().as_u16()), (grade, *body, status), "{shown}");
            assert_eq!((error.outcome(), error.code()), (Outcome::Unknown, None), "{shown}");
        }
    }
}

#[test]
fn the_code_decides_and_not_the_status() {
    for status in [200, 400, 429, 500] {
        let error = register(status, r#"{"error":{"code":133000}}"#);
        assert_eq!((error.code(), error.outcome()), (Some(ErrorCode::DeregistrationIncomplete), Outcome::Rejected));
    }
    let lone_surrogate = register(400, r#"{"error":{"message":"\ud800","error_subcode":7,"code":133000}}"#);
    assert_eq!(lone_surrogate.code(), Some(ErrorCode::DeregistrationIncomplete));
    assert_eq!(lone_surrogate.graph().unwrap().subcode, Some(7));
    assert_eq!(register(400, r#"{"error":{"code":2}}"#).outcome(), Outcome::Unknown);
    assert_eq!(register(400, r#"{"error":{"code":987654}}"#).outcome(), Outcome::Rejected);
    assert_eq!(register(500, r#"{"error":{"code":987654}}"#).outcome(), Outcome::Unknown);
}

#[test]
fn unknown_words_and_members_are_kept_or_passed_over() {
    let body = r#"{"data":[{"id":"1","status":"ASLEEP","quality_rating":"PURPLE","new":{"x":[1e300]}},{"id":2}],
        "paging":{"cursors":{"before":"a","after":"b"},"new":null},"summary":{}}"#;
    let page = parsed::<ListNumbers<'_>>(200, body).unwrap();
    let words: Vec<_> = page.data.iter().map(|number| number.status.as_ref().map(|status| status.as_str())).collect();
    assert_eq!(words, [Some("ASLEEP"), None]);
    assert_eq!(page.data[1].id.as_str(), "2");
}

#[test]
fn an_answer_keeps_its_headers() {
    let usage = r#"{"call_count":28,"total_time":25,"total_cputime":25}"#;
    let body = br#"{"id":"1","brand_new":7}"#.to_vec();
    let response = Response::builder().header("X-App-Usage", usage).body(body).unwrap();
    let answer: Answer<PhoneNumber> = parse_full::<ReadNumber<'_>>(response).unwrap();
    assert_eq!((answer.value.id.as_str(), answer.usage().highest()), ("1", Some(28.0)));
    assert_eq!(answer.bytes, br#"{"id":"1","brand_new":7}"#);
    // What is not typed may hold anything.
    let shown = format!("{answer:?}");
    assert!(shown.contains("PhoneNumberId(1)") && shown.contains("status: 200"), "{shown}");
    assert!(!shown.contains("brand_new") && !shown.contains("usage"), "{shown}");
}

#[cfg(feature = "tracing")]
#[test]
fn what_is_traced_of_an_answer_is_what_its_reader_is_told() {
    for (status, body, expected) in [
        (200, r#"{"success":true}"#, None),
        (200, r#"{"id":"1"}"#, None),
        (200, r#"{"success":false}"#, Some(Outcome::Rejected)),
        (400, r#"{"error":{"code":190}}"#, Some(Outcome::Rejected)),
        (502, "<html>", Some(Outcome::Unknown)),
        (200, "", Some(Outcome::Unknown)),
    ] {
        let response = Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap();
        let error = error_in(Operation::new::<Register<'_>>(), &response);
        assert_eq!(error.map(|error| error.outcome()), expected, "{status} {body}");
    }
}
