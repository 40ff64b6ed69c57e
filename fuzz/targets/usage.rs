//! Any usage header is read or passed over.
#![no_main]

use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use wa_core::Usage;

fuzz_target!(|value: &[u8]| {
    let Ok(value) = HeaderValue::from_bytes(value) else { return };
    let mut headers = HeaderMap::new();
    headers.insert("x-app-usage", value.clone());
    headers.insert("x-business-use-case-usage", value);
    let usage = Usage::from_headers(&headers);
    let _ = (usage.highest(), usage.wait());
});
