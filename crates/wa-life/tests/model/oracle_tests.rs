//! Each kind of harm is found, and a careful caller does none.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    Change, Fault, Harmful, Intent, Number, Op, Service, Upset, When,
    scene::{ACCOUNT, ID, PIN},
    service_tests::{Caller, connected, fresh, verified},
};

impl Caller {
    fn kinds(&self) -> Vec<Harmful> {
        self.service.harms.iter().map(|harm| harm.kind).collect()
    }

    fn for_goal(mut self, intent: Intent) -> Self {
        self.service.intend(ID, intent);
        self
    }

    fn migrate(&mut self) {
        let body = json!({ "messaging_product": "whatsapp", "pin": PIN, "backup": { "password": "p", "data": "d" } });
        let _ = self.send("POST", &format!("{ID}/register"), body);
    }

    fn wait(&mut self, seconds: u64) {
        self.service.advance(Duration::from_secs(seconds));
    }
}

#[test]
fn a_careful_caller_does_no_harm() {
    let mut caller = Caller::new(fresh()).for_goal(Intent::default());
    caller.read();
    caller.post("/request_code", json!({ "code_method": "SMS", "language": "en_US" }));
    let code = caller.service.code_sent(ID).unwrap();
    caller.post("/verify_code", json!({ "code": code }));
    caller.read();
    caller.register();
    caller.read();
    assert_eq!(caller.kinds(), []);
    // He moves it to another region: the PIN is made right first.
    let mut caller = caller.for_goal(Intent { relocate: true, ..Intent::default() });
    caller.read();
    caller.post("", json!({ "pin": PIN }));
    caller.post("/deregister", Value::Null);
    caller.wait(300);
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), []);
    // He renames it, and waits for the approval.
    let mut caller = caller.for_goal(Intent { rename: Some("Luckier Shrub".to_owned()), ..Intent::default() });
    caller.post("", json!({ "new_display_name": "Luckier Shrub" }));
    caller.wait(86_400);
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), []);
    assert_eq!(caller.service.is_done(ID, "live; name=Luckier Shrub"), Ok(()));
}

#[test]
fn secrets_in_an_address() {
    let mut caller = Caller::new(connected());
    caller.send("POST", &format!("{ID}?pin={PIN}"), Value::Null).unwrap();
    caller.send("GET", &format!("{ID}?access_token=EAAJB-token"), Value::Null).unwrap();
    assert_eq!(caller.kinds(), [Harmful::SecretInAddress; 2]);
    assert!(caller.service.harms.iter().all(|harm| !harm.text.contains(PIN)));
    // A name is no secret: Meta's page itself shows it there.
    caller.send("POST", &format!("{ID}?new_display_name=Lucky%20Shrub"), Value::Null).unwrap();
    assert_eq!(caller.service.harms.len(), 2);
}

#[test]
fn a_number_of_the_business_app_is_left_alone() {
    let since = Service::new(ACCOUNT, "t").now();
    let mut caller = Caller::new(Number { biz_app_since: Some(since), ..connected() });
    caller.read();
    caller.post("", json!({ "pin": PIN }));
    caller.post("/deregister", Value::Null);
    assert_eq!(caller.kinds(), [Harmful::BusinessApp; 2]);
    caller.post("/smb_app_data", json!({ "sync_type": "history" }));
    assert_eq!(caller.kinds().last(), Some(&Harmful::LostSynchronisation));
}

#[test]
fn more_than_ten_and_after_the_limit() {
    let mut caller = Caller::new(Number { needs_code: true, ..connected() });
    caller.read();
    for _ in 0..11 {
        caller.register();
    }
    assert_eq!(caller.kinds().iter().filter(|kind| **kind == Harmful::BeyondTheLimit).count(), 1);
    // Others spent the ten: the first request is told the limit, the second is the harm.
    let mut caller = Caller::new(verified());
    let now = caller.service.now();
    caller.service.change(ID, |number| number.attempts = vec![(now, true); 10]);
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), []);
    caller.wait(71 * 3600);
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::BeyondTheLimit]);
}

#[test]
fn requests_in_the_dark() {
    let mut caller = Caller::new(verified());
    caller.service.upsets = vec![Upset::new(When::Nth(Op::Register, 0), Fault::Html502 { effect: true })];
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Blind]);
    caller.read();
    caller.register();
    // It was shown to be registered.
    assert_eq!(caller.kinds(), [Harmful::Blind, Harmful::Needless]);
    let mut caller = Caller::new(verified());
    caller.read();
    caller.service.upsets = vec![Upset::new(When::Nth(Op::Register, 0), Fault::LostBefore)];
    let _ = caller.send("POST", &format!("{ID}/register"), json!({ "messaging_product": "whatsapp", "pin": PIN }));
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Blind]);
}

#[test]
fn what_was_read_long_ago_does_not_count() {
    let mut caller = Caller::new(verified());
    caller.read();
    caller.wait(3600);
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Blind]);
    // A number that came to the app after it was read excuses the caller; one that was there does not.
    let mut caller = Caller::new(connected());
    let fields = format!("{ID}?fields=status,is_on_biz_app");
    caller.get(&fields);
    caller.service.changes = vec![(caller.service.now() + Duration::from_secs(1), Change::JoinsTheApp)];
    caller.wait(1);
    caller.post("", json!({ "pin": PIN }));
    assert_eq!(caller.kinds(), []);
    caller.get(&fields);
    caller.post("", json!({ "pin": PIN }));
    assert_eq!(caller.kinds(), [Harmful::BusinessApp]);
}

#[test]
fn hopeless_registrations() {
    let mut caller = Caller::new(fresh());
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Hopeless]);
    // In review: one attempt if the caller chose it, not two.
    let mut number = verified();
    number.name.status = "PENDING_REVIEW";
    let mut caller = Caller::new(number.clone());
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Hopeless]);
    let mut caller = Caller::new(number).for_goal(Intent { in_review: true, ..Intent::default() });
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), []);
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Hopeless]);
    // The second kind of 2388001 is cured by a person.
    let mut caller = Caller::new(Number { attached: true, ..verified() });
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), []);
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Hopeless]);
    caller.service.person_acted(ID);
    caller.service.change(ID, |number| number.attached = false);
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Hopeless]);
}

#[test]
fn a_rename_before_the_approval_and_one_too_many() {
    let rename = Intent { rename: Some("Luckier Shrub".to_owned()), ..Intent::default() };
    let mut caller = Caller::new(connected()).for_goal(rename);
    caller.post("", json!({ "new_display_name": "Luckier Shrub" }));
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Hopeless]);
    caller.wait(86_400);
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Hopeless]);
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Hopeless, Harmful::Needless]);
    // A rename never deregisters.
    caller.post("/deregister", Value::Null);
    assert_eq!(caller.kinds().last(), Some(&Harmful::NeedlessDeregistration));
}

#[test]
fn a_refused_pin_and_a_second_migration() {
    let other = Some("999999".to_owned());
    let mut caller = Caller::new(Number { pin: other.clone(), ..verified() });
    caller.read();
    caller.register();
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::RefusedPin]);
    caller.service.vouch(ID);
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::RefusedPin]);

    let number = Number { on_premise: true, migrates: true, pin: other, ..verified() };
    let mut caller = Caller::new(number.clone());
    caller.read();
    caller.migrate();
    caller.migrate();
    assert_eq!(caller.kinds(), [Harmful::SecondMigration, Harmful::RefusedPin]);
    let mut caller = Caller::new(number);
    caller.service.upsets = vec![Upset::new(When::Nth(Op::Migrate, 0), Fault::LostBefore)];
    caller.read();
    caller.migrate();
    caller.read();
    caller.migrate();
    assert_eq!(caller.kinds(), [Harmful::SecondMigration]);
}

#[test]
fn a_relocation_with_a_pin_that_is_not_known() {
    let relocate = Intent { relocate: true, ..Intent::default() };
    let mut caller = Caller::new(connected()).for_goal(relocate.clone());
    caller.read();
    caller.post("/deregister", Value::Null);
    assert_eq!(caller.kinds(), [Harmful::PinNotKnown]);
    // An answer that did not come is no knowledge.
    let mut caller = Caller::new(connected()).for_goal(relocate.clone());
    caller.service.upsets = vec![Upset::new(When::Nth(Op::SetPin, 0), Fault::LostAfter)];
    caller.read();
    let _ = caller.send("POST", ID, json!({ "pin": PIN }));
    caller.post("/deregister", Value::Null);
    assert_eq!(caller.kinds(), [Harmful::PinNotKnown]);
    let mut caller = Caller::new(connected()).for_goal(relocate);
    caller.service.vouch(ID);
    caller.read();
    caller.post("/deregister", Value::Null);
    assert_eq!(caller.kinds(), []);
    // Five minutes are known to be needed.
    caller.wait(299);
    caller.read();
    caller.register();
    assert_eq!(caller.kinds(), [Harmful::Hopeless]);
}

#[test]
fn two_messages_and_overrides() {
    let mut caller = Caller::new(connected());
    let text = json!({ "to": "4915", "type": "text", "text": { "body": "Hello" } });
    caller.service.upsets = vec![Upset::new(When::Nth(Op::Message, 0), Fault::LostBefore)];
    let _ = caller.send("POST", &format!("{ID}/messages"), text.clone());
    caller.post("/messages", text);
    assert_eq!(caller.kinds(), [Harmful::SecondMessage]);
    let edge = format!("{ACCOUNT}/subscribed_apps");
    let with = json!({ "override_callback_uri": "https://example.com/hook", "verify_token": "word" });
    caller.send("POST", &edge, with.clone()).unwrap();
    caller.send("POST", &edge, Value::Null).unwrap();
    caller.send("POST", &edge, with).unwrap();
    caller.send("POST", &edge, Value::Null).unwrap();
    assert_eq!(caller.kinds(), [Harmful::SecondMessage, Harmful::EarlyOverride, Harmful::OverrideRemoved]);
}
