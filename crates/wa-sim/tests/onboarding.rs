//! A number's life with the clients of `wa-core`, sync and async.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use wa_core::{
    Client, Config, Error, Outcome,
    api::{
        account::{ListNumbers, ListSubscriptions, Subscribe},
        message::{SendMessage, Text},
        number::{
            Deregister, Migrate, ReadNumber, ReadSettings, Register, RequestCode, SetDisplayName, SetStorage, Storage,
            VerifyCode,
        },
    },
    blocking,
    types::{
        AccessToken, AppSecret, BackupData, BackupPassword, CodeMethod, E164, Language, NumberField, NumberStatus,
        PhoneNumber, PhoneNumberId, Pin, Region, VerificationCode, WabaId,
    },
    webhook::{Change, Unverified, Verifier},
};
use wa_sim::{Fault, FaultRule, InProcess, MAGIC, Moment, Number, OnPremises, Operation, State};

fn number() -> PhoneNumberId {
    PhoneNumberId::new(State::NUMBER).unwrap()
}

fn account() -> WabaId {
    WabaId::new(State::ACCOUNT).unwrap()
}

fn pin(text: &str) -> Pin {
    Pin::new(text).unwrap()
}

fn config() -> Config {
    Config::new(AccessToken::new(State::TOKEN).unwrap())
}

fn client(sim: &InProcess) -> blocking::Client<InProcess> {
    blocking::Client::with_transport(config(), sim.clone())
}

fn verified(seed: u64) -> InProcess {
    let mut state = State::demo(seed);
    state.numbers.get_mut(State::NUMBER).unwrap().code.verified_at = Some(state.now);
    InProcess::new(state)
}

fn read(client: &blocking::Client<InProcess>) -> PhoneNumber {
    let fields = [NumberField::Status, NumberField::CodeVerificationStatus, NumberField::IsPinEnabled];
    client.send(&ReadNumber::new(&number()).fields(fields)).unwrap()
}

#[track_caller]
fn code_of<T: std::fmt::Debug>(result: Result<T, Error>) -> i64 {
    let error = result.unwrap_err();
    error.code().unwrap_or_else(|| panic!("{error}")).number()
}

#[test]
fn a_number_is_onboarded_sync() {
    let sim = InProcess::new(State::demo(1));
    let client = client(&sim);
    let id = number();
    let register = Register::new(&id, pin("012345"));
    assert_eq!(code_of(client.send(&register)), 133_006);

    client.send(&RequestCode::new(&id, CodeMethod::Sms, Language::new("en_US").unwrap())).unwrap();
    let code = sim.engine().sent_code(State::NUMBER).unwrap().to_owned();
    client.send(&VerifyCode::new(&id, VerificationCode::new(code).unwrap())).unwrap();
    client.send(&SetStorage::new(&id, Storage::Local(Region::CH))).unwrap();
    client.send(&Subscribe::new(&account())).unwrap();
    assert_eq!(client.send(&ListSubscriptions::new(&account())).unwrap().data.len(), 1);
    client.send(&register).unwrap();

    let shown = read(&client);
    assert_eq!((shown.status, shown.is_pin_enabled), (Some(NumberStatus::Connected), Some(true)));
    assert!(client.send(&ReadSettings::new(&id)).is_ok());
    assert_eq!(code_of(client.send(&SetStorage::new(&id, Storage::Local(Region::AU)))), 100);

    sim.engine().receive_text(State::NUMBER, "+16505551234", "hello").unwrap();
    client
        .send(&SendMessage::new(&id, E164::new("+1 650-555-1234").unwrap(), Text::new("Hi!")).tag("order-17"))
        .unwrap();
    sim.advance(Duration::from_secs(61));
    let deliveries = sim.engine().take_due();
    let fields: Vec<_> = deliveries.iter().map(|delivery| &*delivery.field).collect();
    assert_eq!(fields, ["phone_number_quality_update", "messages", "messages", "messages", "messages"]);
    let verifier = Verifier::new(&AppSecret::new("app-secret").unwrap());
    let mut words = Vec::new();
    for delivery in &deliveries {
        let delivery = Unverified::new(Some(delivery.signature.as_bytes()), delivery.body.as_bytes());
        for event in delivery.verify(&verifier).unwrap().events().unwrap() {
            words.push(match event.change {
                Change::QualityUpdate(update) => update.event.to_string(),
                Change::Message(_) => "message".to_owned(),
                Change::Status(status) => status.status.to_string(),
                // The simulator adds members that no document names, and the client tells of them.
                Change::Other => continue,
                _ => panic!("{event:?}"),
            });
        }
    }
    assert_eq!(words, ["ONBOARDING", "message", "sent", "delivered", "read"]);

    let mut engine = sim.engine();
    engine.tamper(deliveries[1].id).unwrap();
    let copy = engine.duplicate(deliveries[1].id).unwrap();
    let forged = engine.take_due();
    assert_eq!(forged.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), [copy]);
    let forged = Unverified::new(Some(forged[0].signature.as_bytes()), forged[0].body.as_bytes());
    assert!(forged.verify(&verifier).is_err());
    drop(engine);

    client.send(&Deregister::new(&id)).unwrap();
    assert_eq!(
        code_of(client.send(&SendMessage::new(&id, E164::new("+16505551234").unwrap(), Text::new("Hi!")))),
        133_010
    );
}

#[test]
fn a_number_is_onboarded_async() {
    pollster::block_on(async {
        let sim = InProcess::new(State::demo(2));
        let client = Client::with_transport(config(), sim.clone());
        let id = number();
        client.send(&RequestCode::new(&id, CodeMethod::Voice, Language::new("de").unwrap())).await.unwrap();
        let code = sim.engine().sent_code(State::NUMBER).unwrap().to_owned();
        client.send(&VerifyCode::new(&id, VerificationCode::new(code).unwrap())).await.unwrap();
        client.send(&Register::new(&id, pin("654321"))).await.unwrap();
        let shown = client.send(&ReadNumber::new(&id).fields([NumberField::Status])).await.unwrap();
        assert_eq!(shown.status, Some(NumberStatus::Connected));
    });
}

// Both are unknown to the caller; only reading tells them apart.
#[test]
fn only_reading_tells_whether_it_happened() {
    let faults = [
        Fault::Timeout,
        Fault::Close,
        Fault::Reset,
        Fault::Truncate { bytes: 3 },
        Fault::Garbage,
        Fault::Html502,
        Fault::Redirect { to: "https://example.com/".to_owned() },
        Fault::Oversized { bytes: 64 << 20 },
        Fault::Delay { millis: 40_000 },
    ];
    for fault in faults {
        for (moment, happened) in [(Moment::Before, false), (Moment::After, true)] {
            let sim = verified(3);
            let mut rule = FaultRule::new(fault.clone()).on(Operation::Register).times(1);
            rule.moment = moment;
            sim.engine().state_mut().faults.push(rule);
            let client = client(&sim);
            let error = client.send(&Register::new(&number(), pin("012345"))).unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown, "{fault:?} {moment:?}: {error}");
            let shown = read(&client);
            assert_eq!(shown.status == Some(NumberStatus::Connected), happened, "{fault:?} {moment:?}");
            assert_eq!(shown.is_pin_enabled, Some(happened));
            let used = sim.engine().state().numbers[State::NUMBER].attempts.register.len();
            assert_eq!(used, usize::from(happened));
        }
    }
}

#[test]
fn a_fault_that_leaves_the_answer_does_no_harm() {
    let faults = [
        Fault::SlowBody { millis: 10 },
        Fault::Informational { count: 9 },
        Fault::NoTraceId,
        Fault::Oversized { bytes: 99_999 },
    ];
    for fault in faults {
        let sim = verified(4);
        sim.engine().state_mut().faults.push(FaultRule::new(fault.clone()).after());
        let client = client(&sim);
        client.send(&Register::new(&number(), pin("012345"))).unwrap();
        assert_eq!(read(&client).status, Some(NumberStatus::Connected), "{fault:?}");
    }
    let sim = verified(4);
    let timeout = config().limits_for(&ReadNumber::new(&number())).timeout.as_millis() as u64;
    sim.engine().state_mut().faults.push(FaultRule::new(Fault::Delay { millis: timeout }));
    client(&sim).send(&Register::new(&number(), pin("012345"))).unwrap();

    let sim = verified(4);
    sim.engine().state_mut().faults.push(FaultRule::new(Fault::UnknownWord).on(Operation::ReadNumber));
    assert_eq!(read(&client(&sim)).status.unwrap().to_string(), "UNHEARD_OF");
}

#[test]
fn success_false_is_a_refusal() {
    let sim = verified(5);
    sim.engine().state_mut().faults.push(FaultRule::new(Fault::SuccessFalse));
    let error = client(&sim).send(&Register::new(&number(), pin("012345"))).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Rejected);
}

#[test]
fn a_migration_keeps_its_caller_waiting_and_a_wrong_pin_leaves_the_old_side_down() {
    let id = number();
    let migrate =
        |text| Migrate::new(&id, pin(text), BackupPassword::new("secret").unwrap(), BackupData::new("blob").unwrap());
    for (text, code) in [("111111", None), ("222222", Some(133_005))] {
        let sim = verified(6);
        {
            let mut engine = sim.engine();
            let side: OnPremises = serde_json::from_str(r#"{"is_running": true, "shards": 2}"#).unwrap();
            let known = engine.state_mut().numbers.get_mut(State::NUMBER).unwrap();
            known.on_premises = Some(side);
            known.pin.value = Some("111111".to_owned());
        }
        let before = sim.engine().now();
        let result = client(&sim).send(&migrate(text));
        let engine = sim.engine();
        let known: &Number = &engine.state().numbers[State::NUMBER];
        assert!(!known.on_premises.as_ref().unwrap().is_running);
        assert_eq!(known.is_registered(), code.is_none());
        assert_eq!(known.high_throughput, code.is_none());
        match code {
            None => assert_eq!(engine.now().since(before), Duration::from_secs(12)),
            Some(code) => assert_eq!(code_of(result), code),
        }
    }
}

#[test]
fn a_new_name_takes_effect_with_the_next_registration_after_its_review() {
    let sim = verified(7);
    let client = client(&sim);
    let id = number();
    let register = Register::new(&id, pin("012345"));
    let name = || sim.engine().state().numbers[State::NUMBER].name_in_effect().map(str::to_owned);
    client.send(&Subscribe::new(&account())).unwrap();
    client.send(&register).unwrap();
    client.send(&SetDisplayName::new(&id, "Luckier Shrub")).unwrap();
    client.send(&register).unwrap();
    assert_eq!(name().as_deref(), Some("Lucky Shrub"));
    sim.advance(Duration::from_secs(24 * 3_600));
    assert!(sim.engine().take_due().iter().any(|delivery| delivery.field == "phone_number_name_update"));
    assert_eq!(name().as_deref(), Some("Lucky Shrub"));
    client.send(&register).unwrap();
    assert_eq!(name().as_deref(), Some("Luckier Shrub"));
}

#[test]
fn the_eleventh_attempt_is_refused_until_72_hours_after_it() {
    let sim = verified(8);
    let client = client(&sim);
    let id = number();
    let register = Register::new(&id, pin("012345"));
    for _ in 0..10 {
        client.send(&register).unwrap();
        sim.advance(Duration::from_secs(3_600));
    }
    let error = client.send(&register).unwrap_err();
    assert!(error.is_registration_limit());
    sim.advance(Duration::from_secs(72 * 3_600 - 1));
    assert_eq!(code_of(client.send(&Deregister::new(&id))), 133_016);
    sim.advance(Duration::from_secs(1));
    client.send(&register).unwrap();
}

#[test]
fn every_magic_id_fails_as_its_table_says() {
    let documented = include_str!("../../../docs/simulator.md");
    for magic in MAGIC {
        let sim = InProcess::new(State::demo(9));
        let client = client(&sim);
        let id = PhoneNumberId::new(magic.id).unwrap();
        let failed = match magic.operation {
            Some(Operation::Register) | None => client.send(&Register::new(&id, pin("012345"))).is_err(),
            Some(Operation::Deregister) => client.send(&Deregister::new(&id)).is_err(),
            Some(Operation::RequestCode) => {
                client.send(&RequestCode::new(&id, CodeMethod::Sms, Language::new("en").unwrap())).is_err()
            }
            Some(Operation::VerifyCode) => {
                client.send(&VerifyCode::new(&id, VerificationCode::new("123456").unwrap())).is_err()
            }
            Some(Operation::SendMessage) => {
                client.send(&SendMessage::new(&id, E164::new("+16505551234").unwrap(), Text::new("x"))).is_err()
            }
            _ => {
                let shown = client.send(&ReadNumber::new(&id).fields([NumberField::Status])).unwrap();
                shown.status.unwrap().to_string() == "UNHEARD_OF"
            }
        };
        assert!(failed, "{}", magic.id);
        assert!(documented.contains(&format!("| {} |", magic.id)), "docs/simulator.md lacks {}", magic.id);
    }
}

#[test]
fn pages_are_walked_to_their_end() {
    let mut state = State::demo(10);
    for place in 0..260 {
        let id = format!("2000000000{place:05}");
        state.numbers.insert(id, Number::new(State::ACCOUNT, "1", format!("1555{place:07}")));
    }
    state.rules.call_budget = false;
    let sim = InProcess::new(state);
    let client = client(&sim);
    let mut seen = std::collections::BTreeSet::new();
    for page in client.pages(ListNumbers::new(&account())) {
        seen.extend(page.unwrap().data.into_iter().map(|number| number.id.to_string()));
    }
    assert_eq!(seen.len(), 261);
}
