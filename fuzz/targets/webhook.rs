//! Any signed delivery is read or refused, and every event points into it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wa_core::{
    types::AppSecret,
    webhook::{Unverified, Verifier},
};

fuzz_target!(|body: &[u8]| {
    let verifier = Verifier::new(&AppSecret::new("secret").expect("not empty"));
    let signature = verifier.sign(body);
    let delivery = Unverified::new(Some(signature.as_bytes()), body).verify(&verifier).expect("just signed");
    for event in delivery.events().into_iter().flatten() {
        let _ = format!("{event:?}");
    }
});
