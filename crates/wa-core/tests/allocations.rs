//! What calls cost in allocations.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use allocation_counter::measure;
use http::Response;
use wa_core::{
    Config, Endpoint, Paged,
    api::{
        account::{ListNumbers, NumberFilter},
        message::{AnyContent, SendMessage, Text},
        number::{Deregister, Migrate, ReadNumber, Register},
    },
    parse,
    types::{
        AccessToken, AccountMode, ApiVersion, BackupData, BackupPassword, E164, NumberField, PhoneNumberId, Pin,
        Region, WabaId,
    },
};

fn building<E: Endpoint>(config: &Config, endpoint: &E) -> u64 {
    // The first request makes the shared parts shared.
    drop(config.request(endpoint).unwrap());
    measure(|| drop(std::hint::black_box(config.request(endpoint).unwrap()))).count_total
}

#[test]
fn a_request_costs_at_most_seven_allocations() {
    let config = Config::new(AccessToken::new("EAAJB-token").unwrap());
    let number = PhoneNumberId::new("106540352242922").unwrap();
    let account = WabaId::new("102290129340398").unwrap();
    let pin = || Pin::new("012345").unwrap();
    let migrate =
        Migrate::new(&number, pin(), BackupPassword::new("P").unwrap(), BackupData::new("D".repeat(100_000)).unwrap());
    let fields = NumberField::LISTED.iter().take(12).cloned();
    let list = ListNumbers::new(&account).fields([NumberField::Id]).limit(100).after("MTAxNTExOTQ1MjAwNzI5NDE=");
    let to = E164::new("+16505551234").unwrap();
    let text = SendMessage::new(&number, to.clone(), Text::new("Hello").preview_url());
    let any = SendMessage::new(&number, to, AnyContent::from(Text::new("Hello"))).tag("order-17");

    let costs = [
        ("send a text", building(&config, &text)),
        ("send any content", building(&config, &any)),
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
        ("list some numbers", building(&config, &list.clone().filter(NumberFilter::AccountMode(AccountMode::Live)))),
    ];
    for (call, allocations) in costs {
        println!("{call}: {allocations} allocations");
        assert!(allocations <= 7, "{call} costs {allocations} allocations");
    }
}

/// What reading an answer, as transports return it, costs through the types, and what it would cost to make a tree of values of the same bytes.
fn reading<E: Endpoint>(status: u16, body: &str) -> (u64, u64) {
    let response = Response::builder().status(status).body(Vec::from(body)).unwrap();
    let typed = measure(|| drop(std::hint::black_box(parse::<E>(response))));
    let tree = measure(|| drop(std::hint::black_box(serde_json::from_str::<serde_json::Value>(body).unwrap())));
    (typed.count_total, tree.count_total)
}

#[test]
fn no_answer_takes_the_way_over_a_tree_of_values() {
    let number =
        r#"{"id":"1","status":"CONNECTED","quality_rating":"GREEN","platform_type":"CLOUD_API","is_pin_enabled":true}"#;
    let page = format!(r#"{{"data":[{}]}}"#, vec![number; 64].join(","));
    let (typed, tree) = reading::<ListNumbers<'_>>(200, &page);
    println!("a page of 64 numbers: {typed} allocations, {tree} as a tree");
    // An id each, and the list that grows by doubling.
    assert!(typed <= 64 + 8, "{typed}");
    assert!(typed < tree / 4);

    let (typed, tree) = reading::<ReadNumber<'_>>(200, number);
    assert_eq!(typed, 1, "the id; as a tree {tree}");

    let error = r#"{"error":{"message":"m","type":"t","code":133016,"error_data":{"messaging_product":"whatsapp","details":"d"},"fbtrace_id":"T"}}"#;
    let (typed, tree) = reading::<Register<'_>>(400, error);
    println!("an error: {typed} allocations, {tree} as a tree");
    // Five texts, the bytes, the box, and a note of the nesting while the names are looked for.
    assert!(typed <= 8, "{typed}");
}

#[test]
fn a_confirmation_is_read_without_an_allocation() {
    let response = Response::new(br#"{"success":true}"#.to_vec());
    let cost = measure(|| {
        parse::<Register<'_>>(response).unwrap();
    });
    assert_eq!(cost.count_total, 0);
}
