//! Any signed delivery is read or refused, and every event can be shown, kept and told apart.
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
        let (shown, key) = (format!("{event:?}"), event.key());
        assert!(key.as_str().len() <= 200 && key.as_str().is_ascii());
        let kept = event.into_owned();
        assert_eq!((format!("{kept:?}"), kept.key()), (shown, key));
    }
});
