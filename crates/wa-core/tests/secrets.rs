//! No secret is ever shown: every public type that holds one, and every way in which a call can fail.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{error::Error as _, fmt::Debug};

use http::{Request, Response};
use wa_core::{
    Body, Client, Config, Endpoint, Error, TransportError, TransportErrorKind,
    api::number::{ReadSettings, Register},
    blocking, from_fn, parse, parse_full,
    samples::{self, CODE, PIN, Samples, WORD},
    types::{
        AccessToken, ApiVersion, AppSecret, BackupData, BackupPassword, E164, Language, PhoneNumberId, Pin,
        SipPassword, VerificationCode, VerifyToken,
    },
    webhook::{Handshake, Unverified, Verifier},
};

const TOKEN: &str = "EAAJBcanarytoken0123456789";
const CANARIES: [&str; 4] = [TOKEN, PIN, CODE, WORD];

#[track_caller]
fn is_clean(shown: &str) {
    for canary in CANARIES {
        assert!(!shown.contains(canary), "{canary} is in {shown}");
    }
}

#[track_caller]
fn error_is_clean(error: &Error) {
    is_clean(&format!("{error} {error:?} {error:#?} {:?}", error.advice()));
    let mut source = error.source();
    while let Some(error) = source {
        is_clean(&format!("{error} {error:?}"));
        source = error.source();
    }
}

fn config() -> Config {
    Config::new(AccessToken::new(TOKEN).unwrap())
}

fn number() -> PhoneNumberId {
    PhoneNumberId::new("106540352242922").unwrap()
}

#[test]
fn secrets_show_their_kind_only() {
    is_clean(&format!("{:?}", AccessToken::new(TOKEN).unwrap()));
    is_clean(&format!("{:#?}", Pin::new(PIN).unwrap()));
    is_clean(&format!("{:?}", VerificationCode::new(CODE).unwrap()));
    is_clean(&format!("{:?}", BackupPassword::new(WORD).unwrap()));
    is_clean(&format!("{:?}", BackupData::new(WORD).unwrap()));
    is_clean(&format!("{:?}", AppSecret::new(WORD).unwrap()));
    is_clean(&format!("{:?}", VerifyToken::new(WORD).unwrap()));
    is_clean(&format!("{:?}", SipPassword::new(WORD).unwrap()));
}

#[test]
fn a_refused_secret_is_not_repeated() {
    let line_end = |secret: &str| format!("{secret}\n");
    for shown in [
        format!("{0} {0:?}", AccessToken::new(line_end(TOKEN)).unwrap_err()),
        format!("{0} {0:?}", Pin::new(line_end(PIN)).unwrap_err()),
        format!("{0} {0:?}", VerificationCode::new(line_end(CODE)).unwrap_err()),
        format!("{0} {0:?}", AppSecret::new(line_end(WORD)).unwrap_err()),
        // In the wrong place altogether.
        format!("{0} {0:?}", PhoneNumberId::new(TOKEN).unwrap_err()),
        format!("{0} {0:?}", E164::new(CODE).unwrap_err()),
        format!("{0} {0:?}", Language::new(WORD).unwrap_err()),
        format!("{0} {0:?}", WORD.parse::<ApiVersion>().unwrap_err()),
        format!("{0} {0:?}", config().base(&format!("user:{WORD}@host")).unwrap_err()),
        format!("{0} {0:?}", config().base(WORD).unwrap_err()),
    ] {
        is_clean(&shown);
    }
}

#[test]
fn calls_and_their_requests_are_clean() {
    struct Shown(usize);

    impl Samples for Shown {
        fn call<E: Endpoint + Clone + Debug + Send + Sync>(&mut self, endpoint: E) {
            let request = config().request(&endpoint).unwrap();
            is_clean(&format!("{endpoint:?} {endpoint:#?} {request:?} {:#?} {}", request.headers(), request.uri()));
            let body = request.body().to_bytes();
            self.0 +=
                CANARIES.iter().filter(|canary| str::from_utf8(&body).is_ok_and(|body| body.contains(*canary))).count();
        }
    }

    let mut shown = Shown(0);
    samples::all(&mut shown).unwrap();
    assert!(shown.0 >= 8, "only {} secrets are in the samples", shown.0);
}

#[test]
fn configurations_and_clients_are_clean() {
    let transport = from_fn(|_: Request<Body>, _| Err(TransportError::new(TransportErrorKind::Connect)));
    is_clean(&format!("{:?} {:?}", config(), blocking::Client::with_transport(config(), transport)));
    is_clean(&format!(
        "{:?}",
        Client::with_transport(
            config(),
            from_fn(|_, _| async { Err(TransportError::new(TransportErrorKind::Connect)) })
        )
    ));
}

#[test]
fn webhook_types_are_clean() {
    let secret = AppSecret::new(WORD).unwrap();
    let query = format!("hub.mode=subscribe&hub.challenge=1&hub.verify_token={WORD}");
    let handshake = Handshake::from_query(&query).unwrap();
    is_clean(&format!("{:?} {handshake:?}", Verifier::new(&secret).also(&secret)));
    is_clean(&format!("{:?}", Unverified::new(Some(WORD.as_bytes()), PIN.as_bytes())));
    is_clean(&format!("{:?}", handshake.answer(&VerifyToken::new("other").unwrap()).unwrap_err()));
}

/// The worst service repeats every secret in every place that it can.
#[test]
fn no_way_of_failing_shows_what_the_service_repeats() {
    let all = format!("{TOKEN} pin={PIN}, code '{CODE}' {WORD} access_token={TOKEN}&pin {PIN}");
    let graph = |data: &str| {
        format!(
            r#"{{"error":{{"message":"Malformed access token {all}","type":"{TOKEN}","code":190,"error_data":{data},
                "fbtrace_id":"{TOKEN}","error_user_title":"{all}","error_user_msg":"{all}"}}}}"#
        )
    };
    let bodies = [
        graph(&format!("\"{all}\"")),
        graph(&format!(r#"{{"messaging_product":"{TOKEN}","details":"{all}"}}"#)),
        format!(r#"{{"success":"{all}"}}"#),
        format!(r#"{{"success":false,"why":"{all}"}}"#),
        format!(r#"{{"error":"{all}"}}"#),
        format!(r#"{{"id":{PIN}}}"#),
        format!("<html>{all}</html>"),
        format!("{all}\u{0}"),
    ];
    let mut failing = Failing { bodies: &bodies, errors: 0 };
    samples::all(&mut failing).unwrap();
    // Some answers have no member that must be there, so that two of the bodies are read as one with status 200.
    assert!(failing.errors >= 24 * 36, "{}", failing.errors);
}

struct Failing<'a> {
    bodies: &'a [String],
    errors: usize,
}

impl Samples for Failing<'_> {
    fn call<E: Endpoint + Clone + Debug + Send + Sync>(&mut self, _: E) {
        for body in self.bodies {
            for status in [200, 302, 400, 401, 500] {
                let response = || {
                    Response::builder()
                        .status(status)
                        .header("www-authenticate", format!("OAuth \"{TOKEN}\""))
                        .header("location", format!("https://example.com/?{TOKEN}"))
                        .body(body.as_bytes())
                        .unwrap()
                };
                let answers =
                    [parse::<E>(response()).map(drop), parse_full::<E>(response().map(<[u8]>::to_vec)).map(drop)];
                for answer in answers {
                    assert!(answer.is_err() || status == 200, "{status} {body}");
                    self.errors += usize::from(answer.is_err());
                    answer.err().iter().for_each(error_is_clean);
                }
            }
        }
    }
}

#[test]
fn a_call_that_fails_on_the_way_is_clean() {
    let number = number();
    for kind in [TransportErrorKind::Tls, TransportErrorKind::Timeout, TransportErrorKind::Other] {
        let transport =
            from_fn(move |request: Request<Body>, _| Err(TransportError::with_source(kind, format!("{request:?}"))));
        let client = blocking::Client::with_transport(config(), transport);
        error_is_clean(&client.send(&Register::new(&number, Pin::new(PIN).unwrap())).unwrap_err());
    }
    let unbuilt = config().request(&Register::new(&number, Pin::new(PIN).unwrap()).region("CH".into())).unwrap_err();
    error_is_clean(&unbuilt);
}

#[test]
fn an_answer_with_a_password_is_clean() {
    let body = format!(r#"{{"calling":{{"sip":{{"servers":[{{"hostname":"h","password":"{WORD}"}}]}}}}}}"#);
    let settings = parse::<ReadSettings<'_>>(Response::new(body)).unwrap();
    is_clean(&format!("{settings:?} {}", serde_json::to_string(&settings).unwrap()));
}

#[test]
fn a_pin_keeps_its_leading_zero_on_the_wire() {
    let number = number();
    let request = config().request(&Register::new(&number, Pin::new(PIN).unwrap())).unwrap();
    assert_eq!(request.body().to_bytes().as_ref(), br#"{"messaging_product":"whatsapp","pin":"012345"}"#);
}
