//! No secret is ever shown: every public type that holds one, and every way in which a call can fail.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::error::Error as _;

use http::{Request, Response};
use wa_core::{
    Body, Client, Config, Endpoint, Error, TransportError, TransportErrorKind,
    api::{
        account::Subscribe,
        number::{Migrate, ReadNumber, ReadSettings, Register, SetPin, UpdateNumber, VerifyCode},
    },
    blocking, from_fn, parse, parse_full,
    types::{
        AccessToken, ApiVersion, AppSecret, BackupData, BackupPassword, E164, Language, PhoneNumberId, Pin,
        SipPassword, VerificationCode, VerifyToken, WabaId,
    },
    webhook::{Handshake, Unverified, Verifier},
};

const TOKEN: &str = "EAAJBcanarytoken0123456789";
const PIN: &str = "012345";
const CODE: &str = "830123";
const WORD: &str = "canary-secret-word";
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
fn configuration_calls_and_requests_are_clean() {
    let (number, account) = (number(), WabaId::new("1").unwrap());
    let (pin, word) = (|| Pin::new(PIN).unwrap(), || VerifyToken::new(WORD).unwrap());
    let register = Register::new(&number, pin());
    let migrate = Migrate::new(&number, pin(), BackupPassword::new(WORD).unwrap(), BackupData::new(WORD).unwrap());
    let verify = VerifyCode::new(&number, VerificationCode::new(CODE).unwrap());
    let update = UpdateNumber::new(&number).api_pin(pin()).callback("https://example.com", word());
    let subscribe = Subscribe::new(&account).callback("https://example.com", word());
    is_clean(&format!(
        "{register:?} {migrate:#?} {verify:?} {update:?} {subscribe:?} {:?}",
        SetPin::new(&number, pin())
    ));

    let transport = from_fn(|_: Request<Body>, _| Err(TransportError::new(TransportErrorKind::Connect)));
    is_clean(&format!("{:?} {:?}", config(), blocking::Client::with_transport(config(), transport)));
    is_clean(&format!(
        "{:?}",
        Client::with_transport(
            config(),
            from_fn(|_, _| async { Err(TransportError::new(TransportErrorKind::Connect)) })
        )
    ));

    fn shown<E: Endpoint>(endpoint: &E) -> String {
        let request = config().request(endpoint).unwrap();
        format!("{request:?} {:#?} {}", request.headers(), request.uri())
    }
    for request in [shown(&register), shown(&migrate), shown(&verify), shown(&update), shown(&subscribe)] {
        is_clean(&request);
    }
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
    for body in &bodies {
        for status in [200, 302, 400, 401, 500] {
            let response = || {
                Response::builder()
                    .status(status)
                    .header("www-authenticate", format!("OAuth \"{TOKEN}\""))
                    .header("location", format!("https://example.com/?{TOKEN}"))
                    .body(body.as_bytes())
                    .unwrap()
            };
            error_is_clean(&parse::<Register<'_>>(response()).unwrap_err());
            error_is_clean(&parse::<ReadNumber<'_>>(response()).unwrap_err());
            error_is_clean(&parse::<VerifyCode<'_>>(response()).unwrap_err());
            error_is_clean(&parse::<Migrate<'_>>(response()).unwrap_err());
            error_is_clean(&parse::<Subscribe<'_>>(response()).unwrap_err());
            error_is_clean(&parse::<UpdateNumber<'_>>(response()).unwrap_err());
            error_is_clean(&parse_full::<SetPin<'_>>(response().map(<[u8]>::to_vec)).unwrap_err());
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
