//! Any page of numbers is read or refused, and a walk over it goes on or ends.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wa_core::{Pager, api::account::ListNumbers, parse, types::WabaId};

fuzz_target!(|body: &[u8]| {
    let account = WabaId::new("1").expect("digits");
    let mut pager = Pager::new(ListNumbers::new(&account));
    let page = parse::<ListNumbers<'_>>(http::Response::new(body));
    let _ = format!("{page:?}");
    pager.take(&page);
    let _ = pager.call();
});
