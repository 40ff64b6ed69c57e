//! Nothing from outside panics, and whatever comes is a typed result that keeps status and bytes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use http::{HeaderMap, HeaderValue, Method, Response};
use proptest::prelude::*;
use wa_core::{
    Config, Endpoint, Error, Route, Success, Usage,
    api::{
        account::ListNumbers,
        number::{ReadNumber, ReadSettings, Register},
    },
    parse,
    types::{AccessToken, AppSecret, E164, Language, Page, PhoneNumber, VerificationCode},
    webhook::{Handshake, Unverified, Verifier},
};

/// Bytes, and JSON that is nearly right.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"error\"",
        "\"code\"",
        "\"data\"",
        "\"id\"",
        "\"paging\"",
        "\"next\"",
        "\"cursors\"",
        "\"success\"",
        "\"entry\"",
        "\"changes\"",
        "\"field\"",
        "\"value\"",
        "\"messages\"",
        "\"statuses\"",
        "\"error_data\"",
        "\"details\"",
        "133016",
        "1e400",
        "18446744073709551616",
        "-1",
        "true",
        "false",
        "null",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "\u{feff}",
        " ",
        "\"106540352242922\"",
        "\"text\"",
        "\"\"",
    ]);
    let nearly = prop::collection::vec(words, 0..40).prop_map(|words| words.concat().into_bytes());
    let cut = (r#"[ -~]{0,3}"#, 0..400_usize).prop_map(|(noise, cut)| {
        let whole = format!(
            r#"{{"data":[{{"id":"1","status":"{noise}","health_status":{{"entities":[{{"entity_type":"APP","errors":null}}]}}}}],"error":{{"code":133016,"error_subcode":null,"error_data":{{"details":"{noise}"}},"message":"m"}},"success":true,"id":"1","entry":[{{"id":"1","time":1,"changes":[{{"field":"messages","value":{{"messages":[{{"id":"w","type":"text","text":{{"body":"{noise}"}}}}]}}}}]}}]}}"#
        );
        whole.into_bytes().into_iter().take(cut).collect::<Vec<u8>>()
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 0..200), nearly, cut]
}

fn keeps_everything<E: Endpoint>(status: u16, bytes: &[u8]) -> Result<(), TestCaseError> {
    let Err(error) = parse::<E>(Response::builder().status(status).body(bytes).unwrap()) else {
        prop_assert!((200..300).contains(&status));
        return Ok(());
    };
    let shown = format!("{error} {error:?} {:?} {:?}", error.outcome(), error.advice());
    prop_assert!(!shown.is_empty());
    match &error {
        Error::Api { answer, .. } => prop_assert_eq!((answer.status().as_u16(), answer.bytes()), (status, bytes)),
        Error::Decode { answer, .. } => prop_assert_eq!((answer.status().as_u16(), answer.bytes()), (status, bytes)),
        other => return Err(TestCaseError::fail(format!("{other}"))),
    }
    Ok(())
}

struct At<'a>([&'a str; 3]);

impl Endpoint for At<'_> {
    const NAME: &'static str = "test.at";
    const METHOD: Method = Method::GET;
    type Response = Success;

    fn route(&self) -> Route<'_> {
        Route::node(self.0[0]).edge(self.0[1]).item(self.0[2])
    }

    fn query(&self, query: &mut wa_core::Query) {
        query.push(self.0[1], self.0[2]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_answer_is_a_typed_result(status in 200..600_u16, body in body()) {
        keeps_everything::<Register<'_>>(status, &body)?;
        keeps_everything::<ReadNumber<'_>>(status, &body)?;
        keeps_everything::<ListNumbers<'_>>(status, &body)?;
        keeps_everything::<ReadSettings<'_>>(status, &body)?;
    }

    #[test]
    fn a_page_survives_writing_and_reading(ids in prop::collection::vec("[0-9]{1,17}", 0..5), word in "\\PC{0,12}") {
        let data: Vec<_> = ids.iter().map(|id| serde_json::json!({"id": id, "status": word, "verified_name": word})).collect();
        let page = parse::<ListNumbers<'_>>(Response::new(serde_json::json!({"data": data}).to_string())).unwrap();
        let again: Page<PhoneNumber> = serde_json::from_str(&serde_json::to_string(&page).unwrap()).unwrap();
        prop_assert_eq!(&page, &again);
        for number in &page.data {
            prop_assert_eq!(number.verified_name.as_deref(), Some(word.as_str()));
            prop_assert!(number.status.as_ref().unwrap().as_str().eq_ignore_ascii_case(&word));
        }
    }

    #[test]
    fn any_delivery_is_refused_or_read(body in body(), signature in prop::option::of(prop::collection::vec(any::<u8>(), 0..80))) {
        let verifier = Verifier::new(&AppSecret::new("secret").unwrap());
        prop_assert!(Unverified::new(signature.as_deref(), &body).verify(&verifier).is_err());
        let signature = verifier.sign(&body);
        let delivery = Unverified::new(Some(signature.as_bytes()), &body).verify(&verifier).unwrap();
        prop_assert_eq!(delivery.body(), &body);
        for event in delivery.events().into_iter().flatten() {
            prop_assert!(str::from_utf8(&body).unwrap().contains(&*event.raw));
        }
    }

    #[test]
    fn any_usage_header_is_passed_over_or_read(app in "\\PC{0,60}", account in body()) {
        let mut headers = HeaderMap::new();
        for (name, value) in [("x-app-usage", app.as_bytes()), ("x-business-use-case-usage", &account)] {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                headers.insert(name, value);
            }
        }
        let usage = Usage::from_headers(&headers);
        prop_assert!(usage.highest().is_none_or(|share| share >= 0.0));
        let _ = usage.wait();
    }

    #[test]
    fn any_text_stays_one_segment_and_one_parameter(parts in prop::array::uniform3("\\PC{0,20}")) {
        let config = Config::new(AccessToken::new("token").unwrap());
        let parts = parts.each_ref().map(String::as_str);
        match config.request(&At(parts)) {
            Err(error) => {
                let is_refused = parts.iter().any(|part| matches!(*part, "" | "." | ".."));
                prop_assert!(is_refused, "{}", error);
            }
            Ok(request) => {
                let uri = request.uri();
                prop_assert_eq!(uri.host(), Some("graph.facebook.com"));
                let segments: Vec<_> = uri.path().split('/').skip(1).map(decoded).collect();
                prop_assert_eq!(segments, [&["v23.0"], parts.as_slice()].concat());
                let query = uri.query().unwrap();
                let (name, value) = query.split_once('=').unwrap();
                prop_assert_eq!((decoded(name), decoded(value)), (parts[1].to_owned(), parts[2].to_owned()));
                prop_assert!(!query.contains('&') && !query.contains('#'));
            }
        }
    }

    #[test]
    fn any_text_of_a_person_is_taken_or_refused(text in "\\PC{0,30}") {
        let _ = (Language::new(&text), VerificationCode::new(text.clone()), Handshake::from_query(&text));
        if let Ok(number) = E164::new(&text) {
            prop_assert!((7..=15).contains(&number.digits().len()));
            prop_assert_eq!(E164::new(number.as_str()).unwrap(), number);
        }
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned()
}
