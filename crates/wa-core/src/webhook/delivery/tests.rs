use wa_types::{
    AppSecret, ErrorCode,
    webhook::{AccountEvent, Contact, Decision, DeliveryStatus, QualityEvent, SecurityEvent},
};

use super::*;
use crate::webhook::{Unverified, Verifier};

fn events(body: &[u8]) -> Result<Vec<Event<'_>>, MalformedDelivery> {
    let verifier = Verifier::new(&AppSecret::new("secret").unwrap());
    let signature = verifier.sign(body);
    Unverified::new(Some(signature.as_bytes()), body).verify(&verifier).unwrap().events()
}

fn changes(field: &str, value: &str) -> Vec<Change> {
    let body = format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"102290129340398","time":1739321024,"changes":[{{"value":{value},"field":"{field}"}}]}}]}}"#
    );
    events(body.as_bytes())
        .unwrap()
        .into_iter()
        .map(|event| {
            assert_eq!(event.account.unwrap().as_str(), "102290129340398");
            assert_eq!((event.time, &*event.field), (Some(Timestamp::from_secs(1_739_321_024)), field));
            event.change
        })
        .collect()
}

fn change(field: &str, value: &str) -> Change {
    let [change] = changes(field, value).try_into().unwrap();
    change
}

// Meta's webhook reference, the page of each field, its example.
#[test]
fn every_lifecycle_field_is_typed() {
    let Change::NameUpdate(name) = change(
        "phone_number_name_update",
        r#"{"display_phone_number":"15550783881","decision":"REJECTED","requested_verified_name":"Lucky Shrub","rejection_reason":"NAME_NOT_CONSISTENT"}"#,
    ) else {
        panic!()
    };
    assert_eq!((name.decision, name.requested_verified_name.as_deref()), (Decision::Rejected, Some("Lucky Shrub")));

    let Change::QualityUpdate(quality) = change(
        "phone_number_quality_update",
        r#"{"display_phone_number":"15550783881","event":"THROUGHPUT_UPGRADE","current_limit":"TIER_UNLIMITED"}"#,
    ) else {
        panic!()
    };
    assert_eq!(quality.event, QualityEvent::ThroughputUpgrade);

    let Change::Security(security) = change(
        "security",
        r#"{"display_phone_number":"15550783881","event":"PIN_RESET_REQUEST","requester":"61555822107539"}"#,
    ) else {
        panic!()
    };
    assert_eq!(security.event, SecurityEvent::PinResetRequest);

    let Change::AccountUpdate(account) = change(
        "account_update",
        r#"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"REINSTATE","waba_ban_date":"April 17, 2025"}}"#,
    ) else {
        panic!()
    };
    assert_eq!(account.event, AccountEvent::DisabledUpdate);
    assert_eq!(account.ban_info.unwrap().waba_ban_date.as_deref(), Some("April 17, 2025"));

    let Change::AccountReview(review) = change("account_review_update", r#"{"decision":"APPROVED"}"#) else { panic!() };
    assert_eq!(review.decision, Decision::Approved);

    let Change::BusinessCapability(capability) = change(
        "business_capability_update",
        r#"{"max_daily_conversation_per_phone":250,"max_phone_numbers_per_business":2}"#,
    ) else {
        panic!()
    };
    assert_eq!(capability.max_phone_numbers_per_business, Some(2));
}

const MESSAGES_VALUE: &str = r#"{"messaging_product":"whatsapp",
    "metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},
    "contacts":[{"profile":{"name":"Sheena Nelson"},"wa_id":"16505551234"}],
    "messages":[
        {"from":"16505551234","id":"wamid.1","timestamp":"1749416383","type":"text","text":{"body":"Does it come in another color?"}},
        {"from":7,"id":null,"type":"text"},
        {"from_user_id":"US.1","id":"wamid.2","timestamp":"1749416384","type":"image","image":{"id":"1003383421387256"}}],
    "statuses":[
        {"id":"wamid.3","status":"sent","timestamp":"1750030073","recipient_id":"16505551234",
         "conversation":{"id":"72b1","expiration_timestamp":"1750116480","origin":{"type":"marketing"}},
         "pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"marketing"}},
        {"id":"wamid.4","status":"teleported"},
        {"id":"wamid.5","status":"failed","timestamp":"1751142888","recipient_id":"16505551234",
         "errors":[{"code":131049,"title":"Not delivered","error_data":{"details":"Held back"},"href":"/error-codes"}]},
        "junk"],
    "errors":[{"code":130429,"title":"Rate limit hit"}]}"#;

// Meta's webhook reference: "messages", text, status and errors; the odd ones between them are ours.
#[test]
fn a_bad_item_hides_none_of_its_neighbours() {
    let mut changes = changes("messages", MESSAGES_VALUE).into_iter();

    let Some(Change::Message(text)) = changes.next() else { panic!() };
    assert_eq!((text.id.as_str(), text.timestamp), ("wamid.1", Some(Timestamp::from_secs(1_749_416_383))));
    assert_eq!(text.text(), Some("Does it come in another color?"));

    assert_eq!(changes.next(), Some(Change::Unreadable));

    let Some(Change::Message(image)) = changes.next() else { panic!() };
    assert_eq!(image.media().unwrap().id.as_ref().unwrap().as_str(), "1003383421387256");
    assert_eq!(image.from_user_id.unwrap().as_str(), "US.1");

    let Some(Change::Status(sent)) = changes.next() else { panic!() };
    assert_eq!((sent.id.as_str(), &sent.status), ("wamid.3", &DeliveryStatus::Sent));
    assert_eq!(sent.conversation.unwrap().expiration_timestamp, Some(Timestamp::from_secs(1_750_116_480)));

    let Some(Change::Status(odd)) = changes.next() else { panic!() };
    assert_eq!(odd.status.as_str(), "teleported");

    let Some(Change::Status(failed)) = changes.next() else { panic!() };
    assert_eq!(failed.errors[0].code, ErrorCode::HeldBack);

    assert_eq!(changes.next(), Some(Change::Unreadable));

    let Some(Change::Failure(failure)) = changes.next() else { panic!() };
    assert_eq!(failure.code, ErrorCode::ThroughputLimit);
    assert_eq!(changes.next(), None);
}

#[test]
fn message_events_name_the_number_and_keep_their_json() {
    let body = format!(r#"{{"entry":[{{"id":"1","changes":[{{"field":"messages","value":{MESSAGES_VALUE}}}]}}]}}"#);
    let events = events(body.as_bytes()).unwrap();
    assert_eq!(events.len(), 8);
    assert!(events.iter().all(|event| event.number.as_ref().unwrap().as_str() == "106540352242922"));
    let name = events[0].contact.as_ref().unwrap().profile.as_ref().unwrap().name.as_deref();
    assert_eq!((name, events[2].contact.is_some()), (Some("Sheena Nelson"), false));
    assert_eq!(events[1].raw, r#"{"from":7,"id":null,"type":"text"}"#);
    assert!(events[2].raw.contains("1003383421387256"));
    assert_eq!(events[6].raw, "\"junk\"");
}

#[test]
fn what_is_not_known_or_not_readable_is_handed_on_raw() {
    assert_eq!(change("business_status_update", r#"{"new":[1]}"#), Change::Other);
    assert_eq!(change("messages", r#"{"messaging_product":"whatsapp"}"#), Change::Other);
    for (field, value) in [
        ("security", "null"),
        ("security", r#"{"display_phone_number":"1"}"#),
        ("messages", "[]"),
        ("account_update", "{}"),
        ("account_review_update", "7"),
    ] {
        assert_eq!(change(field, value), Change::Unreadable, "{field} {value}");
    }
    let update = change("account_update", r#"{"event":"NEW_EVENT","ban_info":null,"more":1e400}"#);
    assert!(matches!(update, Change::AccountUpdate(update) if update.event.as_str() == "NEW_EVENT"));
}

#[test]
fn a_bad_entry_or_change_hides_none_of_its_neighbours() {
    let body = br#"{"object":"x","new":{},"entry":[7,{"id":5,"changes":[{"value":1},{"field":"f","value":1}]},{"id":"1"},{"changes":[]}]}"#;
    let events = events(body).unwrap();
    let told: Vec<_> = events.iter().map(|event| (event.change.clone(), &*event.raw)).collect();
    assert_eq!(
        told,
        [
            (Change::Unreadable, "7"),
            (Change::Unreadable, r#"{"value":1}"#),
            (Change::Other, "1"),
            (Change::Unreadable, r#"{"id":"1"}"#),
        ]
    );
    assert_eq!(events[2].account.as_ref().unwrap().as_str(), "5");
}

#[test]
fn odd_members_hide_neither_changes_nor_items() {
    for (id, time, told) in
        [("\"1\"", "\"5\"", Some(5)), ("{}", "1.5", None), ("true", "18446744073709551616", None), ("null", "[]", None)]
    {
        let change = r#"{"field":"account_review_update","value":{"decision":"APPROVED"}}"#;
        let body = format!(r#"{{"entry":[{{"id":{id},"time":{time},"changes":[{change},{change}]}}]}}"#);
        let events = events(body.as_bytes()).unwrap();
        assert_eq!(events.len(), 2, "{body}");
        assert!(
            events.iter().all(|event| event.time == told.map(Timestamp::from_secs)
                && matches!(event.change, Change::AccountReview(_)))
        );
    }
    let told = changes(
        "messages",
        r#"{"messages":{},"contacts":[7,{"wa_id":"1"}],"metadata":{"display_phone_number":true,"phone_number_id":"1"},
            "statuses":[{"id":"w","status":"failed","timestamp":7,"errors":[{"code":"131049","error_data":"why"}]}],"errors":"x"}"#,
    );
    let [Change::Unreadable, Change::Status(status), Change::Unreadable] = &told[..] else { panic!("{told:?}") };
    assert_eq!((status.timestamp, status.errors[0].code), (Some(Timestamp::from_secs(7)), ErrorCode::HeldBack));
}

#[test]
fn a_bad_byte_or_half_a_character_hides_none_of_its_neighbours() {
    let review = |decision: &str| format!(r#"{{"field":"account_review_update","value":{{"decision":"{decision}"}}}}"#);
    let approved = review("APPROVED");
    let bad: [&[u8]; 6] = [
        b"{\"field\":\"account_review_update\",\"value\":{\"decision\":\"\xff\"}}",
        b"{\"field\":\"\xff\",\"value\":1}",
        b"{\"\xff\":1,\"field\":\"f\",\"value\":1}",
        b"{\"field\":\"account_review_update\",\"value\":{\"decision\":\"\\ud800\"}}",
        b"{\"field\":\"\\ud800\",\"value\":1}",
        b"{\"\\ud800\":1,\"field\":\"f\",\"value\":1}",
    ];
    for bad in bad {
        let body = [
            format!(r#"{{"entry":[{{"id":"1","changes":[{approved}]}},{{"id":"2","changes":[{approved},"#).as_bytes(),
            bad,
            format!(r#",{approved}]}},{{"id":"3","changes":[{approved}]}}]}}"#).as_bytes(),
        ]
        .concat();
        let shown = String::from_utf8_lossy(bad);
        let events = events(&body).unwrap();
        let accounts: Vec<_> = events.iter().map(|event| event.account.as_ref().unwrap().as_str()).collect();
        assert_eq!(accounts, ["1", "2", "2", "2", "3"], "{shown}");
        for place in [0, 1, 3, 4] {
            let Change::AccountReview(review) = &events[place].change else { panic!("{shown}") };
            assert_eq!(review.decision, Decision::Approved);
        }
        assert_ne!(events[2].change, Change::Unreadable, "{shown}");
    }
    // Outside of all entries, too.
    let body = format!(r#"{{"\ud800":1,"entry":[{{"id":"1","changes":[{approved}]}}]}}"#);
    assert!(matches!(events(body.as_bytes()).unwrap()[0].change, Change::AccountReview(_)));
}

// A name cut in the middle of an emoji is what apps send.
#[test]
fn half_a_character_costs_neither_a_message_nor_its_author() {
    let told = r#"{"contacts":[{"profile":{"name":"Sheena \ud83d"},"wa_id":"16505551234"}],
        "messages":[{"from":"16505551234","id":"wamid.1","type":"text","text":{"body":"\udc00!"}}]}"#;
    let body = format!(r#"{{"entry":[{{"id":"1","changes":[{{"field":"messages","value":{told}}}]}}]}}"#);
    let events = events(body.as_bytes()).unwrap();
    let Change::Message(message) = &events[0].change else { panic!("{events:?}") };
    assert_eq!(message.text(), Some("\u{fffd}!"));
    let name = events[0].contact.as_ref().unwrap().profile.as_ref().unwrap().name.as_deref();
    assert_eq!(name, Some("Sheena \u{fffd}"));
}

fn event(id: &str, field: &str, value: &str) -> Event<'static> {
    let body = format!(r#"{{"entry":[{{"id":"{id}","changes":[{{"field":"{field}","value":{value}}}]}}]}}"#);
    let [event] = owned(events(body.as_bytes()).unwrap()).try_into().unwrap();
    event
}

// Meta, "account_update": events of partners come under the id of a portfolio, and name the account within.
#[test]
fn an_event_of_partners_is_about_the_account_that_it_names() {
    let ids = |event: Event<'_>| (event.account.map(|id| id.to_string()), event.portfolio.map(|id| id.to_string()));
    let some = |id: &str| Some(id.to_owned());
    let added = r#"{"event":"PARTNER_ADDED","waba_info":{"waba_id":"495709166956424"}}"#;
    assert_eq!(
        ids(event("2729063490586005", "account_update", added)),
        (some("495709166956424"), some("2729063490586005"))
    );
    let deleted = r#"{"event":"ACCOUNT_DELETED"}"#;
    assert_eq!(ids(event("102290129340398", "account_update", deleted)), (some("102290129340398"), None));
    let solution = r#"{"event":"SOLUTION_CREATED","solution_id":"1"}"#;
    assert_eq!(ids(event("2729063490586005", "partner_solutions", solution)), (None, some("2729063490586005")));
}

#[test]
fn some_fields_name_their_number_in_their_own_way() {
    let number = |event: Event<'_>| event.number.map(|id| id.to_string());
    let settings = r#"{"type":"phone_number_settings","phone_number_settings":{"phone_number_id":"7"}}"#;
    assert_eq!(number(event("1", "account_settings_update", settings)).as_deref(), Some("7"));
    let handover = r#"{"recipient":{"phone_number_id":"7"},"type":"control_taken"}"#;
    assert_eq!(number(event("1", "messaging_handovers", handover)).as_deref(), Some("7"));
}

#[test]
fn every_event_finds_its_own_contact() {
    let value = r#"{"contacts":[{"wa_id":"1","profile":{"name":"A"}},{"user_id":"US.2","profile":{"name":"B"}}],
        "statuses":[{"id":"w","status":"sent","recipient_user_id":"US.2"},{"id":"w","status":"sent","recipient_id":"1"},
            {"id":"w","status":"read","recipient_id":"G","recipient_type":"group","recipient_participant_id":"1"},
            {"id":"w","status":"read","recipient_id":"3"}],
        "messages":[{"id":"m","from_user_id":"US.2","from":"1"},{"id":"m"}]}"#;
    let body = format!(r#"{{"entry":[{{"id":"1","changes":[{{"field":"messages","value":{value}}}]}}]}}"#);
    let events = events(body.as_bytes()).unwrap();
    let names: Vec<_> = events.iter().map(|event| event.contact.as_ref().and_then(Contact::name)).collect();
    assert_eq!(names, [Some("B"), Some("A"), Some("A"), None, Some("B"), None]);
}

// Meta may put more beside the lists than is known today.
#[test]
fn more_than_is_known_beside_the_lists_is_handed_on_raw() {
    let told = changes("messages", r#"{"new":"text","empty":{},"errors":[{"code":1}]}"#);
    assert!(matches!(told[..], [Change::Failure(_)]), "{told:?}");
    for more in [r#""polls":[{"id":1}]"#, r#""poll":{"id":1}"#] {
        let told = changes("messages", &format!(r#"{{{more},"errors":[{{"code":1}}]}}"#));
        assert!(matches!(told[..], [Change::Failure(_), Change::Other]), "{told:?}");
    }
}

#[test]
fn a_thread_that_another_app_has_is_never_told_as_our_own() {
    let message = r#"{"id":"m","type":"text","text":{"body":"b"}}"#;
    for value in [
        format!(r#"{{"standby":{{"messages":[{message}],"statuses":{{}},"message_echoes":[]}}}}"#),
        format!(r#"{{"messages":[{message}],"statuses":"x"}}"#),
    ] {
        let told = changes("standby", &value);
        assert!(matches!(&told[..], [Change::StandbyMessage(_), Change::Unreadable]), "{told:?}");
    }
    for empty in ["{}", "[]", "null"] {
        assert_eq!(changes("standby", &format!(r#"{{"standby":{empty}}}"#)), [Change::Other]);
    }
    assert_eq!(changes("standby", r#"{"standby":[{"id":1}]}"#), [Change::Other]);
    let deep = format!("{}{}", r#"{"standby":"#.repeat(100_000), "}".repeat(100_000));
    assert!(matches!(&changes("standby", &deep.replace(":}", ":1}"))[..], [Change::Other | Change::Unreadable]));
}

// Media of the history come as messages, but nobody waits for an answer to them.
#[test]
fn the_history_is_never_told_as_new() {
    let told =
        changes("history", r#"{"messages":[{"id":"m","type":"image","image":{"id":"1"}}],"history":[{"threads":[]}]}"#);
    assert!(matches!(&told[..], [Change::HistoryMessage(_), Change::History(_)]), "{told:?}");
}

#[test]
fn what_is_no_webhook_is_an_error() {
    let deep = format!("{{\"entry\":{}", "[".repeat(100_000));
    for body in
        ["", "{", "null", "[]", "{}", r#"{"entry":{}}"#, r#"{"entry":[],"entry":[]}"#, "\u{feff}{\"entry\":[]}", &deep]
    {
        assert_eq!(events(body.as_bytes()).unwrap_err(), MalformedDelivery, "{}", &body[..body.len().min(40)]);
    }
    assert_eq!(events(b"\xff").unwrap_err(), MalformedDelivery);
    let deep = format!(
        r#"{{"entry":[{{"changes":[{{"field":"security","value":{}{}}}]}}]}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert_eq!(events(deep.as_bytes()).unwrap()[0].change, Change::Unreadable);
}
