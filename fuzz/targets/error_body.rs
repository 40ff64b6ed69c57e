//! Any body of a refused call becomes an error that keeps it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wa_core::{Error, api::number::Register, parse};

fuzz_target!(|body: &[u8]| {
    let response = http::Response::builder().status(400).body(body).expect("a status and a body");
    let error = parse::<Register<'_>>(response).expect_err("status 400 is no success");
    let _ = (format!("{error} {error:?}"), error.outcome(), error.advice(), error.is_registration_limit());
    let Error::Api { answer, .. } = error else { panic!("status 400 is the service's answer") };
    assert_eq!(answer.bytes(), body);
});
