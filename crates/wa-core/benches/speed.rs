//! What the core costs, as multiples of the least that the same work can cost: medians of interleaved rounds in one run.
//!
//! `cargo bench -p wa-core`

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark reads the clock")]

use std::{hint::black_box, time::Instant};

use http::{
    HeaderMap, HeaderValue, Request, Response, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
    uri::{Authority, PathAndQuery, Scheme},
};
use wa_core::{
    Body, BuildError, Config, Endpoint, Route, Success,
    api::{
        account::ListNumbers,
        message::{AnyContent, SendMessage, Text},
        number::Register,
    },
    parse,
    types::{
        AccessToken, ApiVersion, AppSecret, E164, GraphError, MessageReceipt, Page, PhoneNumber, PhoneNumberId, Pin,
    },
    webhook::{Unverified, Verifier},
};

fn main() {
    building();
    building_a_text();
    reading_a_confirmation();
    reading_an_error();
    reading_a_page();
    receiving_a_webhook();
}

fn building() {
    let config = Config::new(AccessToken::new("EAAJB-token").unwrap());
    let number = PhoneNumberId::new("106540352242922").unwrap();
    let register = Register::new(&number, Pin::new("012345").unwrap());
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer EAAJB-token"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, HeaderValue::from_static("wa/0"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let by_hand = || {
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(Scheme::HTTPS);
        parts.authority = Some(Authority::from_static("graph.facebook.com"));
        let path = ["/v23.0/", number.as_str(), "/register"].concat();
        parts.path_and_query = Some(PathAndQuery::try_from(path).unwrap());
        let body = [r#"{"messaging_product":"whatsapp","pin":""#, "012345", r#""}"#].concat().into_bytes();
        let mut request = Request::new(body);
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = Uri::from_parts(parts).unwrap();
        *request.headers_mut() = headers.clone();
        request
    };
    compare(
        "build a registration",
        20_000,
        &mut [
            ("by hand", &mut || drop(black_box(by_hand()))),
            ("Config::request", &mut || drop(black_box(config.request(&register).unwrap()))),
        ],
    );
}

/// A text as a call with a body of its own, which is what a message of any kind is compared with.
struct Dedicated<'a> {
    number: &'a PhoneNumberId,
    to: E164,
    text: String,
}

impl Endpoint for Dedicated<'_> {
    const NAME: &'static str = "bench.send_text";
    const METHOD: http::Method = http::Method::POST;
    type Response = MessageReceipt;

    fn route(&self) -> Route<'_> {
        Route::node(self.number).edge("messages")
    }

    fn body(&self) -> Result<Body, BuildError> {
        #[derive(serde::Serialize)]
        struct Request<'a> {
            messaging_product: &'static str,
            recipient_type: &'static str,
            to: &'a str,
            r#type: &'static str,
            text: Text<'a>,
        }

        #[derive(serde::Serialize)]
        struct Text<'a> {
            body: &'a str,
        }

        Body::json(&Request {
            messaging_product: "whatsapp",
            recipient_type: "individual",
            to: self.to.as_str(),
            r#type: "text",
            text: Text { body: &self.text },
        })
    }

    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        match (1..=4_096).contains(&self.text.chars().count()) {
            true => Ok(()),
            false => Err(BuildError::new("a text has 1 to 4,096 characters")),
        }
    }
}

fn building_a_text() {
    let config = Config::new(AccessToken::new("EAAJB-token").unwrap());
    let number = PhoneNumberId::new("106540352242922").unwrap();
    let to = E164::new("+16505551234").unwrap();
    let words = "Hi Pablo! Your gardening workshop is scheduled for 9am tomorrow.";
    let dedicated = Dedicated { number: &number, to: to.clone(), text: words.to_owned() };
    let text = SendMessage::new(&number, to.clone(), Text::new(words));
    let any = SendMessage::new(&number, to, AnyContent::from(Text::new(words)));
    compare(
        "build a text",
        20_000,
        &mut [
            ("a call of its own", &mut || drop(black_box(config.request(&dedicated).unwrap()))),
            ("SendMessage<Text>", &mut || drop(black_box(config.request(&text).unwrap()))),
            ("SendMessage<AnyContent>", &mut || drop(black_box(config.request(&any).unwrap()))),
        ],
    );
}

fn reading_a_confirmation() {
    let body: &[u8] = br#"{"success":true}"#;
    compare(
        "read a confirmation",
        100_000,
        &mut [
            ("from_str, bare", &mut || {
                black_box(serde_json::from_str::<Success>(str::from_utf8(black_box(body)).unwrap()).unwrap());
            }),
            ("from_slice, bare", &mut || {
                black_box(serde_json::from_slice::<Success>(black_box(body)).unwrap());
            }),
            ("parse", &mut || {
                black_box(parse::<Register<'_>>(Response::new(black_box(body))).unwrap());
            }),
        ],
    );
}

fn reading_an_error() {
    let inner = r#"{"message":"(#133016) Account register deregister rate limit exceeded","type":"OAuthException","code":133016,"error_data":{"messaging_product":"whatsapp","details":"Too many attempts for this phone number"},"fbtrace_id":"AXsgnV2Cm3ZMGF3dF_cfYIn"}"#;
    let body = format!(r#"{{"error":{inner}}}"#);
    compare(
        "read an error",
        20_000,
        &mut [
            ("from_str, bare", &mut || drop(black_box(serde_json::from_str::<GraphError>(black_box(inner)).unwrap()))),
            ("from_slice, bare", &mut || {
                drop(black_box(serde_json::from_slice::<GraphError>(black_box(inner.as_bytes())).unwrap()));
            }),
            ("parse", &mut || {
                let response = Response::builder().status(400).body(black_box(body.as_bytes())).unwrap();
                drop(black_box(parse::<Register<'_>>(response).map(drop).unwrap_err()));
            }),
        ],
    );
}

fn reading_a_page() {
    let number = r#"{"id":"1906385232743451","display_phone_number":"+1 631-555-5555","verified_name":"Jasper's Market","status":"CONNECTED","quality_rating":"GREEN","country_code":"US","country_dial_code":"1","code_verification_status":"VERIFIED","account_mode":"LIVE","host_platform":"CLOUD_API","messaging_limit_tier":"TIER_1K","is_official_business_account":true,"username":"jaspers_market"}"#;
    let body = format!(r#"{{"data":[{}],"paging":{{"cursors":{{"after":"MTAx"}}}}}}"#, vec![number; 1_000].join(","));
    let body = body.as_bytes();
    compare(
        "read a page of 1,000 numbers",
        20,
        &mut [
            ("from_str, bare", &mut || {
                let text = str::from_utf8(black_box(body)).unwrap();
                drop(black_box(serde_json::from_str::<Page<PhoneNumber>>(text).unwrap()));
            }),
            ("from_slice, bare", &mut || {
                drop(black_box(serde_json::from_slice::<Page<PhoneNumber>>(black_box(body)).unwrap()));
            }),
            ("Value", &mut || drop(black_box(serde_json::from_slice::<serde_json::Value>(black_box(body)).unwrap()))),
            ("parse", &mut || drop(black_box(parse::<ListNumbers<'_>>(Response::new(black_box(body))).unwrap()))),
        ],
    );
}

fn receiving_a_webhook() {
    let body = br#"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},"contacts":[{"profile":{"name":"Sheena Nelson"},"wa_id":"16505551234"}],"messages":[{"from":"16505551234","id":"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=","timestamp":"1749416383","type":"text","text":{"body":"Does it come in another color?"}}]},"field":"messages"}]}]}"#;
    let verifier = Verifier::new(&AppSecret::new("0123456789abcdef0123456789abcdef").unwrap());
    let signature = verifier.sign(body);
    let verify = || Unverified::new(Some(signature.as_bytes()), black_box(body)).verify(&verifier).unwrap();
    compare(
        "receive a webhook",
        20_000,
        &mut [
            ("verify only", &mut || {
                black_box(verify());
            }),
            ("verify and read", &mut || drop(black_box(verify().events().unwrap()))),
            ("verify and strict structs by hand", &mut || {
                drop(black_box(serde_json::from_slice::<by_hand::Delivery>(verify().body()).unwrap()));
            }),
            ("verify and Value", &mut || {
                drop(black_box(serde_json::from_slice::<serde_json::Value>(verify().body()).unwrap()));
            }),
        ],
    );
}

/// What a program would write that knows no other message than this one.
mod by_hand {
    #![allow(dead_code, reason = "they are only read")]

    use serde::Deserialize;

    #[derive(Deserialize)]
    pub(crate) struct Delivery {
        entry: Vec<Entry>,
    }

    #[derive(Deserialize)]
    struct Entry {
        id: String,
        changes: Vec<Change>,
    }

    #[derive(Deserialize)]
    struct Change {
        field: String,
        value: Value,
    }

    #[derive(Deserialize)]
    struct Value {
        metadata: Metadata,
        contacts: Vec<Contact>,
        messages: Vec<Message>,
    }

    #[derive(Deserialize)]
    struct Metadata {
        display_phone_number: String,
        phone_number_id: String,
    }

    #[derive(Deserialize)]
    struct Contact {
        profile: Profile,
        wa_id: String,
    }

    #[derive(Deserialize)]
    struct Profile {
        name: String,
    }

    #[derive(Deserialize)]
    struct Message {
        from: String,
        id: String,
        timestamp: String,
        r#type: String,
        text: Option<Text>,
    }

    #[derive(Deserialize)]
    struct Text {
        body: String,
    }
}

/// Times the ways of doing the same work in turn, and prints the medians as multiples of the first.
fn compare(work: &str, repeats: u32, ways: &mut [(&str, &mut dyn FnMut())]) {
    let mut times = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for ((_, way), times) in ways.iter_mut().zip(&mut times) {
            let start = Instant::now();
            for _ in 0..repeats {
                way();
            }
            times.push(start.elapsed() / repeats);
        }
    }
    println!("{work}");
    let medians: Vec<_> = times
        .iter_mut()
        .map(|times| {
            times.sort_unstable();
            times[ROUNDS / 2]
        })
        .collect();
    for ((way, _), median) in ways.iter().zip(&medians) {
        println!("  {:5.2}x  {median:>12.1?}  {way}", median.as_secs_f64() / medians[0].as_secs_f64());
    }
}

const ROUNDS: usize = 21;
