//! Any template is read or refused, and what was read is written and read again without a difference.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wa_core::{
    api::template::{ListTemplates, Template},
    parse,
};

fuzz_target!(|body: &[u8]| {
    let Ok(page) = parse::<ListTemplates<'_>>(http::Response::new(body)) else { return };
    for template in page.data {
        let json = serde_json::to_string(&template).expect("JSON");
        let again: Template = serde_json::from_str(&json).expect("what was written");
        assert_eq!(template.needs(), again.needs());
        assert_eq!(template, again);
    }
});
