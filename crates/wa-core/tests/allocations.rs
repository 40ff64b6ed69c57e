//! What calls cost in allocations.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use allocation_counter::measure;
use http::Response;
use wa_core::{
    Config, Endpoint,
    number::{ListNumbers, NumberFilter, ReadNumber},
    parse,
    registration::{Deregister, Migrate, Register},
    types::{
        AccessToken, AccountMode, ApiVersion, BackupData, BackupPassword, NumberField, PhoneNumberId, Pin, Region,
        WabaId,
    },
};

fn building<E: Endpoint>(config: &Config, endpoint: &E) -> u64 {
    // The first request makes the shared parts shared.
    drop(config.request(endpoint).unwrap());
    measure(|| drop(std::hint::black_box(config.request(endpoint).unwrap()))).count_total
}

#[test]
fn a_request_costs_at_most_six_allocations() {
    let config = Config::new(AccessToken::new("EAAJB-token").unwrap());
    let number = PhoneNumberId::new("106540352242922").unwrap();
    let account = WabaId::new("102290129340398").unwrap();
    let pin = || Pin::new("012345").unwrap();
    let migrate =
        Migrate::new(&number, pin(), BackupPassword::new("P").unwrap(), BackupData::new("D".repeat(100_000)).unwrap());
    let fields = NumberField::LISTED.iter().take(12).cloned();
    let list = ListNumbers::new(&account).fields([NumberField::Id]).limit(100).after("MTAxNTExOTQ1MjAwNzI5NDE=");

    let costs = [
        ("register", building(&config, &Register::new(&number, pin()))),
        (
            "register with a region",
            building(
                &config.clone().version(ApiVersion::new(20, 0)),
                &Register::new(&number, pin()).region(Region::CH),
            ),
        ),
        ("migrate", building(&config, &migrate)),
        ("deregister", building(&config, &Deregister::new(&number))),
        ("read a number", building(&config, &ReadNumber::new(&number).fields(fields))),
        ("list numbers", building(&config, &list)),
    ];
    for (call, allocations) in costs {
        println!("{call}: {allocations} allocations");
        assert!(allocations <= 6, "{call} costs {allocations} allocations");
    }
    let filtered = building(&config, &list.filter(NumberFilter::AccountMode(AccountMode::Live)));
    println!("list numbers with a filter: {filtered} allocations");
}

#[test]
fn a_confirmation_is_read_without_an_allocation() {
    let response = Response::new(br#"{"success":true}"#);
    let cost = measure(|| {
        parse::<Register<'_>>(response).unwrap();
    });
    assert_eq!(cost.count_total, 0);
}
