use proptest::prelude::*;
use wa_types::AppSecret;

use super::*;
use crate::webhook::{Unverified, Verifier};

const DAY: u64 = 24 * 3_600;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(1_750_000_000 + seconds)
}

fn number(id: &str) -> PhoneNumberId {
    PhoneNumberId::new(id).unwrap()
}

fn user_id(id: &str) -> ScopedUserId {
    ScopedUserId::new(id).unwrap()
}

fn phone(digits: &str) -> WhatsAppId {
    WhatsAppId::new(digits).unwrap()
}

/// A delivery with this message or call of a number, as it is observed at a time.
fn observe(windows: &mut ServiceWindows, field: &str, item: &str, now: Timestamp) {
    let value = format!(r#"{{"metadata":{{"phone_number_id":"1"}},"{field}":[{item}]}}"#);
    let body = format!(r#"{{"entry":[{{"id":"2","changes":[{{"field":"{field}","value":{value}}}]}}]}}"#);
    let verifier = Verifier::new(&AppSecret::new("secret").unwrap());
    let signature = verifier.sign(body.as_bytes());
    let delivery = Unverified::new(Some(signature.as_bytes()), body.as_bytes()).verify(&verifier).unwrap();
    for event in delivery.events().unwrap() {
        windows.observe(&event, now);
    }
}

// Meta's webhook reference, "text messages", with the ids of 2026.
#[test]
fn a_message_opens_the_window_of_its_user_from_its_own_time_on() {
    let mut windows = ServiceWindows::new(100);
    let message = r#"{"from":"16505551234","from_user_id":"US.1","id":"w1","timestamp":"1750000000","type":"text"}"#;
    observe(&mut windows, "messages", message, at(3_600));
    let (scoped, digits) = (user_id("US.1"), phone("16505551234"));
    for user in [User::Scoped(&scoped), User::Phone(&digits)] {
        assert_eq!(windows.open_until(&number("1"), user, at(DAY - 1)), Some(at(DAY)));
        assert_eq!(windows.open_until(&number("1"), user, at(DAY)), None);
        assert_eq!(windows.open_until(&number("2"), user, at(1)), None, "another number");
    }
    assert_eq!(windows.open_until(&number("1"), User::Phone(&phone("16505551235")), at(1)), None);
}

// Meta's webhook reference, "calls", a call that a user makes.
#[test]
fn a_call_opens_it_too() {
    let mut windows = ServiceWindows::new(100);
    let call = r#"{"id":"wacid.1","event":"connect","direction":"USER_INITIATED","timestamp":"1750000000","from":"16505551234"}"#;
    observe(&mut windows, "calls", call, at(1));
    assert_eq!(windows.open_until(&number("1"), User::Phone(&phone("16505551234")), at(1)), Some(at(DAY)));
}

#[test]
fn what_no_user_wrote_or_wrote_long_ago_opens_nothing() {
    let mut windows = ServiceWindows::new(100);
    for (field, item) in [
        ("messages", r#"{"from":"16505551234","id":"w","timestamp":"1750000000","type":"system"}"#),
        ("messages", r#"{"from":"16505551234","id":"w","timestamp":"1750000000","type":"text","group_id":"g"}"#),
        ("messages", r#"{"from":"16505551234","id":"w","timestamp":"1750000000","type":"revoke","revoke":{}}"#),
        ("messages", r#"{"from":"16505551234","id":"w","type":"text"}"#),
        ("messages", r#"{"id":"w","timestamp":"1750000000","type":"text"}"#),
        ("messages", r#"{"from":"16505551234","id":"w","timestamp":"1749913600","type":"text"}"#),
        ("statuses", r#"{"id":"w","status":"read","timestamp":"1750000000","recipient_id":"16505551234"}"#),
        (
            "calls",
            r#"{"id":"c","event":"connect","direction":"BUSINESS_INITIATED","timestamp":"1750000000","to":"16505551234"}"#,
        ),
        (
            "calls",
            r#"{"id":"c","event":"terminate","direction":"USER_INITIATED","timestamp":"1750000000","from":"16505551234"}"#,
        ),
    ] {
        observe(&mut windows, field, item, at(0));
        assert!(windows.ids.is_empty(), "{item}");
    }
}

#[test]
fn both_ids_are_one_user_once_an_event_names_both() {
    let mut windows = ServiceWindows::new(100);
    let (scoped, digits, to) = (user_id("US.1"), phone("16505551234"), number("1"));
    windows.open(&to, None, Some(&digits), at(100), at(100));
    windows.open(&to, Some(&scoped), None, at(200), at(200));
    assert_eq!(windows.open_until(&to, User::Phone(&digits), at(200)), Some(at(100 + DAY)));
    // Deliveries come out of order: this one is the oldest.
    windows.open(&to, Some(&scoped), Some(&digits), at(50), at(300));
    assert_eq!(windows.open_until(&to, User::Phone(&digits), at(300)), Some(at(200 + DAY)));
    windows.open(&to, Some(&scoped), None, at(400), at(400));
    assert_eq!(windows.open_until(&to, User::Phone(&digits), at(400)), Some(at(400 + DAY)));
}

#[test]
fn a_time_that_is_yet_to_come_is_taken_for_now() {
    let mut windows = ServiceWindows::new(100);
    windows.open(&number("1"), Some(&user_id("US.1")), None, at(1_000_000), at(0));
    assert_eq!(windows.open_until(&number("1"), User::Scoped(&user_id("US.1")), at(0)), Some(at(DAY)));
}

#[test]
fn when_it_is_full_the_window_that_closes_first_is_forgotten() {
    let mut windows = ServiceWindows::new(2);
    for (id, seconds) in [("US.1", 5), ("US.2", 1), ("US.3", 3)] {
        windows.open(&number("1"), Some(&user_id(id)), None, at(seconds), at(9));
    }
    let is_open = |id| windows.open_until(&number("1"), User::Scoped(&user_id(id)), at(9)).is_some();
    assert_eq!(["US.1", "US.2", "US.3"].map(is_open), [true, false, true]);
}

/// A user as a list knows one: by number, kind of id, and place.
struct Known {
    ids: BTreeSet<(usize, bool, usize)>,
    last: u64,
}

/// A user writes: ids by their place, how long ago it was, and how much time passes before.
fn writes() -> impl Strategy<Value = (usize, Option<usize>, Option<usize>, u64, u64)> {
    let id = || prop::option::of(0..4_usize);
    (0..2_usize, id(), id(), prop_oneof![Just(0), 0..2 * DAY], prop_oneof![0..100_u64, 0..DAY])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn it_knows_what_a_list_of_users_knows(steps in prop::collection::vec(writes(), 1..60), capacity in 2..20_usize) {
        let (mut windows, mut small) = (ServiceWindows::new(100), ServiceWindows::new(capacity));
        let numbers = ["1", "2"].map(number);
        let scoped = [0, 1, 2, 3].map(|place| user_id(&format!("US.{place}")));
        let phones = [0, 1, 2, 3].map(|place| phone(&format!("1650555123{place}")));
        let mut now = 0;
        let mut users: Vec<Known> = Vec::new();
        for (place, user, digits, age, passes) in steps {
            now += passes;
            let written = now.saturating_sub(age);
            for windows in [&mut windows, &mut small] {
                let (user, digits) = (user.map(|user| &scoped[user]), digits.map(|digits| &phones[digits]));
                windows.open(&numbers[place], user, digits, at(written), at(now));
            }
            users.retain(|user| user.last + DAY > now);
            let ids = [user.map(|user| (place, true, user)), digits.map(|digits| (place, false, digits))];
            let mut named = Known { ids: ids.into_iter().flatten().collect(), last: written };
            if !named.ids.is_empty() && written + DAY > now {
                let (same, others): (Vec<_>, _) =
                    users.into_iter().partition(|user| !user.ids.is_disjoint(&named.ids));
                users = others;
                for user in same {
                    named.last = named.last.max(user.last);
                    named.ids.extend(user.ids);
                }
                users.push(named);
            }
            for (place, is_scoped, id) in (0..16).map(|index| (index / 8, index % 8 < 4, index % 4)) {
                let user = if is_scoped { User::Scoped(&scoped[id]) } else { User::Phone(&phones[id]) };
                let told = users.iter().find(|user| user.ids.contains(&(place, is_scoped, id)));
                let told = told.map(|user| at(user.last + DAY));
                prop_assert_eq!(windows.open_until(&numbers[place], user, at(now)), told);
                let known = small.open_until(&numbers[place], user, at(now));
                prop_assert!(known <= told, "a full one knows less, and nothing wrong: {known:?}, {told:?}");
            }
            prop_assert!(small.ids.len() <= capacity);
            prop_assert_eq!(small.users.len(), small.by_time.len());
        }
    }
}
