//! Random sequences of calls and clock steps against a model that is written on its own, and against the invariants
//! that no model is needed for.
//!
//! `WA_SIM_SEQUENCES=100000 cargo test --release -p wa-sim --test model` runs that many.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test, whose length is set from outside")]

mod service;

use std::time::Duration;

use http::Request;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use wa_sim::{Carriage, Counting, Engine, Fault, FaultRule, Moment, RegisterOutcome, State, Time};

use service::{Edge, Model};

const HOUR: u64 = 3_600_000;
const PINS: [&str; 3] = ["000000", "123456", "999999"];
/// The first is that of the demo.
const NAMES: [&str; 3] = ["Lucky Shrub", "Luckier Shrub", "Luckiest Shrub"];
const REGIONS: [&str; 2] = ["CH", "AU"];

#[derive(Clone, Debug)]
enum Step {
    Register {
        pin: usize,
        region: Option<usize>,
        has_backup: bool,
    },
    Deregister,
    RequestCode,
    Verify(Guess),
    SetStorage(Option<usize>),
    SetPin(usize),
    SwitchPinOff,
    Send,
    Rename(usize),
    DecideName(bool),
    StartOnPremises,
    Wait(u64),
    /// To the moment at which something ends, or a millisecond beside it.
    WaitFor(Edge, i64),
    /// The next call is answered by a closed connection.
    Fail(Moment),
}

/// How the service is set up.
#[derive(Clone, Debug)]
struct Setting {
    seed: u64,
    fresh_for: u64,
    starts_verified: bool,
    counting: Counting,
    failed_count: bool,
    prolongs_lock: bool,
    pin_needs_registration: bool,
    takes_region: bool,
    is_hollow: bool,
}

fn setting() -> impl Strategy<Value = Setting> {
    // Five minutes are not what the service gives, but only with them a used code outlives its effect.
    let fresh_for = prop_oneof![3 => Just(14 * 24 * HOUR), 1 => Just(300_000)];
    let counting = prop_oneof![Just(Counting::Shared), Just(Counting::Separate)];
    let often = || prop::bool::weighted(0.75);
    let seldom = |share| prop::bool::weighted(share);
    let about_names = (any::<bool>(), seldom(0.1));
    (any::<u64>(), fresh_for, any::<bool>(), counting, often(), seldom(0.25), any::<bool>(), about_names).prop_map(
        |(seed, fresh_for, starts_verified, counting, failed_count, prolongs_lock, pin_needs_registration, others)| {
            Setting {
                seed,
                fresh_for,
                starts_verified,
                counting,
                failed_count,
                prolongs_lock,
                pin_needs_registration,
                takes_region: others.0,
                is_hollow: others.1,
            }
        },
    )
}

#[derive(Clone, Copy, Debug)]
enum Guess {
    Right,
    Wrong,
    Used,
}

fn step() -> impl Strategy<Value = Step> {
    let backup = prop::bool::weighted(0.2);
    let region = || prop::option::weighted(0.3, 0..REGIONS.len());
    prop_oneof![
        8 => (prop_oneof![4 => Just(0), 1 => 0..PINS.len()], region(), backup)
            .prop_map(|(pin, region, has_backup)| Step::Register { pin, region, has_backup }),
        4 => Just(Step::Deregister),
        2 => Just(Step::RequestCode),
        3 => prop_oneof![3 => Just(Guess::Right), 1 => Just(Guess::Wrong), 1 => Just(Guess::Used)].prop_map(Step::Verify),
        1 => region().prop_map(Step::SetStorage),
        1 => (0..PINS.len()).prop_map(Step::SetPin),
        1 => Just(Step::SwitchPinOff),
        2 => Just(Step::Send),
        2 => (0..NAMES.len()).prop_map(Step::Rename),
        2 => any::<bool>().prop_map(Step::DecideName),
        1 => Just(Step::StartOnPremises),
        5 => prop_oneof![
            Just(0), Just(1), 1..60_000_u64, Just(300_000), Just(600_000), Just(HOUR), Just(7 * HOUR), Just(24 * HOUR),
            Just(72 * HOUR - 1), Just(72 * HOUR), Just(14 * 24 * HOUR), 1..80 * HOUR,
        ].prop_map(Step::Wait),
        4 => (edge(), -1..2_i64).prop_map(|(edge, beside)| Step::WaitFor(edge, beside)),
        1 => prop_oneof![Just(Moment::Before), Just(Moment::After)].prop_map(Step::Fail),
    ]
}

fn edge() -> impl Strategy<Value = Edge> {
    prop_oneof![
        3 => Just(Edge::OldestAttempt),
        2 => Just(Edge::Lock),
        1 => Just(Edge::Code),
        1 => Just(Edge::Settling),
        1 => Just(Edge::GuessMinute),
        1 => Just(Edge::GuessDay),
        1 => Just(Edge::Verification),
    ]
}

/// Steps of all kinds, or of those alone that have to do with codes, which are rare among all.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let edge = prop_oneof![Just(Edge::Code), Just(Edge::CodeHour), Just(Edge::Verification)];
    let of_codes = prop_oneof![
        3 => Just(Step::RequestCode),
        3 => prop_oneof![2 => Just(Guess::Right), 1 => Just(Guess::Wrong), 1 => Just(Guess::Used)].prop_map(Step::Verify),
        2 => (edge, -1..2_i64).prop_map(|(edge, beside)| Step::WaitFor(edge, beside)),
        1 => (0..60_000_u64).prop_map(Step::Wait),
    ];
    prop_oneof![
        3 => prop::collection::vec(step(), 1..60),
        1 => prop::collection::vec(of_codes, 1..60),
    ]
}

struct Run {
    engine: Engine,
    model: Model,
    /// When calls were counted, and whether they were for deregistering.
    counted: Vec<(u64, bool)>,
    /// What becomes of the next call.
    fails: Option<Moment>,
    codes_that_worked: Vec<(u64, String)>,
}

impl Run {
    fn new(setting: &Setting) -> Self {
        let mut state = State::demo(setting.seed);
        state.rules.call_budget = false;
        state.rules.name_review = wa_sim::NameReview::Control;
        state.rules.verified_for = setting.fresh_for;
        state.rules.counting = setting.counting;
        state.rules.failed_requests_count = setting.failed_count;
        state.rules.lock_is_prolonged = setting.prolongs_lock;
        state.rules.pin_needs_registration = setting.pin_needs_registration;
        state.rules.strict_region = !setting.takes_region;
        if setting.is_hollow {
            state.rules.register_outcome = RegisterOutcome::StaysPending;
        }
        let now = state.now.as_millis();
        let fresh_since = setting.starts_verified.then_some(now);
        state.numbers.get_mut(State::NUMBER).unwrap().code.verified_at = fresh_since.map(Time::from_millis);
        Self {
            engine: Engine::new(state),
            model: Model {
                now,
                fresh_for: setting.fresh_for,
                is_separate: setting.counting == Counting::Separate,
                failed_count: setting.failed_count,
                prolongs_lock: setting.prolongs_lock,
                pin_needs_registration: setting.pin_needs_registration,
                takes_region: setting.takes_region,
                is_hollow: setting.is_hollow,
                fresh_since,
                code_was_right: fresh_since,
                ..Model::default()
            },
            counted: Vec::new(),
            fails: None,
            codes_that_worked: Vec::new(),
        }
    }

    /// The answer's error code, or zero; nothing if the call did not happen.
    fn call(&mut self, method: &str, edge: &str, body: &Value) -> Option<i64> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/v23.0/{}{edge}", State::NUMBER))
            .header("authorization", format!("Bearer {}", State::TOKEN))
            .header("content-type", "application/json")
            .body(if body.is_null() { Vec::new() } else { body.to_string().into_bytes() })
            .unwrap();
        let fails = self.fails.take();
        if let Some(moment) = fails {
            let mut rule = FaultRule::new(Fault::Close).times(1);
            rule.moment = moment;
            self.engine.state_mut().faults = vec![rule];
        }
        let was = self.engine.state().numbers.clone();
        let reply = self.engine.handle(&request, Time::from_millis(self.model.now));
        assert_eq!(reply.carriage == Carriage::Close, fails.is_some());
        if fails == Some(Moment::Before) {
            assert_eq!(self.engine.state().numbers, was, "what did not happen has no effect");
            return None;
        }
        let answer: Value = serde_json::from_slice(reply.response.body()).unwrap();
        assert_eq!(answer.get("error").is_some(), reply.response.status() != 200);
        Some(answer["error"]["code"].as_i64().unwrap_or(0))
    }

    /// The answer's error code, or nothing if the call did not happen.
    fn counted_call(&mut self, edge: &str, body: &Value) -> Option<i64> {
        let leaves = edge == "/deregister";
        let number = &self.engine.state().numbers[State::NUMBER];
        let counting = self.engine.state().rules.counting;
        let free = number.attempts.next_free(counting, leaves, Time::from_millis(self.model.now));
        let code = self.call("POST", edge, body)?;
        assert_eq!(code != 133_016, free.is_none(), "what is told of the next attempt is true");
        if code != 133_016 && (code == 0 || self.model.failed_count) {
            self.counted.push((self.model.now, leaves));
            let window = Duration::from_secs(72 * 3_600).as_millis() as u64;
            let counts = |of: bool| !self.model.is_separate || of == leaves;
            let recent = self.counted.iter().filter(|(at, of)| self.model.now - at < window && counts(*of)).count();
            assert!(recent <= 10, "an eleventh attempt in 72 hours");
        }
        Some(code)
    }

    fn step(&mut self, step: &Step) {
        let was = self.number();
        self.take(step, &was);
        self.check(&was);
    }

    /// Returns early where the call did not happen.
    fn take(&mut self, step: &Step, was: &Value) -> Option<()> {
        match step {
            Step::Register { pin, region, has_backup } => {
                let mut body = json!({"messaging_product": "whatsapp", "pin": PINS[*pin]});
                if let Some(region) = region {
                    body["data_localization_region"] = REGIONS[*region].into();
                }
                if *has_backup {
                    body["backup"] = json!({"data": "blob", "password": "secret"});
                }
                let code = self.counted_call("/register", &body)?;
                let wanted = self.model.attempt(false, |model| model.register(*pin, *region, *has_backup));
                assert_eq!(code, wanted);
                if !was["connected_at"].is_null() {
                    assert_eq!(self.number()["connected_at"], was["connected_at"], "registering again changes nothing");
                }
                let is_wrong = was["pin"]["value"].as_str().is_some_and(|set| set != PINS[*pin]);
                if is_wrong {
                    assert_ne!(code, 0, "a wrong PIN never connects");
                    assert_eq!(self.number()["connected_at"], was["connected_at"]);
                }
            }
            Step::Deregister => {
                let code = self.counted_call("/deregister", &Value::Null)?;
                assert_eq!(code, self.model.attempt(true, Model::deregister));
            }
            Step::RequestCode => {
                let code = self.call("POST", "/request_code", &json!({"code_method": "SMS", "language": "en_US"}))?;
                assert_eq!(code, self.model.request_code());
                if code == 0 {
                    let sent = self.engine.sent_code(State::NUMBER).unwrap().to_owned();
                    self.model.code = Some((sent, self.model.now + 600_000, 0));
                }
            }
            Step::Verify(guess) => {
                let sent = self.model.code.as_ref().map(|(code, ..)| code.clone());
                let guess = match guess {
                    Guess::Right => sent.unwrap_or_else(|| "000000".to_owned()),
                    Guess::Wrong => if sent.as_deref() == Some("111111") { "222222" } else { "111111" }.to_owned(),
                    Guess::Used => self.model.used_code.clone().unwrap_or_else(|| "333333".to_owned()),
                };
                let sent_at = self.model.code_times.last().copied().unwrap_or(0);
                let code = self.call("POST", "/verify_code", &json!({"code": guess}))?;
                if code == 0 {
                    let use_of_it = (sent_at, guess.clone());
                    assert!(!self.codes_that_worked.contains(&use_of_it), "a code never works twice");
                    self.codes_that_worked.push(use_of_it);
                }
                assert_eq!(code, self.model.verify(&guess));
            }
            Step::SetStorage(region) => {
                let setting = match region {
                    Some(region) => {
                        json!({"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": REGIONS[*region]})
                    }
                    None => json!({"status": "IN_COUNTRY_STORAGE_DISABLED"}),
                };
                let code = self.call("POST", "/settings", &json!({"storage_configuration": setting}))?;
                assert_eq!(code, if self.model.is_registered { 100 } else { 0 });
                if code == 0 {
                    self.model.region = *region;
                }
            }
            Step::SetPin(pin) => {
                let code = self.call("POST", "", &json!({"pin": PINS[*pin]}))?;
                let may = self.model.is_registered || !self.model.pin_needs_registration;
                assert_eq!(code, if may { 0 } else { 133_010 });
                if code == 0 {
                    self.model.pin = Some(*pin);
                    self.model.wrong_pins.clear();
                }
            }
            Step::SwitchPinOff => {
                self.engine.switch_pin_off(State::NUMBER).unwrap();
                self.model.pin = None;
                self.model.wrong_pins.clear();
            }
            Step::Send => {
                let text = json!({"body": "x"});
                let body = json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "text", "text": text});
                let code = self.call("POST", "/messages", &body)?;
                assert_eq!(
                    code,
                    if self.model.is_registered { 0 } else { 133_010 },
                    "a deregistered number sends nothing"
                );
            }
            Step::Rename(name) => {
                let code = self.call("POST", "", &json!({"new_display_name": NAMES[*name]}))?;
                assert_eq!(code, self.model.rename(*name));
            }
            Step::DecideName(is_approved) => {
                let was_decided = self.engine.decide_name(State::NUMBER, *is_approved).is_ok();
                assert_eq!(was_decided, self.model.decide(*is_approved));
            }
            Step::StartOnPremises => {
                // A number is served by one side at a time.
                if !self.model.is_registered {
                    let number = self.engine.state_mut().numbers.get_mut(State::NUMBER).unwrap();
                    number.on_premises.get_or_insert_default().is_running = true;
                    self.model.old_side_runs = true;
                }
            }
            Step::Wait(millis) => {
                self.model.now += millis;
                self.engine.advance(Time::from_millis(self.model.now));
            }
            Step::WaitFor(edge, beside) => {
                let to = self.model.edge(*edge)?.saturating_add_signed(*beside);
                // The clock never goes back, even if it is told to.
                self.engine.advance(Time::from_millis(to));
                self.model.now = self.model.now.max(to);
            }
            Step::Fail(moment) => self.fails = Some(*moment),
        }
        Some(())
    }

    fn check(&self, was: &Value) {
        let is = self.number();
        assert_eq!(!is["connected_at"].is_null(), self.model.is_registered);
        let region = self.model.region.map_or_else(|| json!("default"), |region| json!({"local": REGIONS[region]}));
        assert_eq!(is["storage"], region);
        if !is["connected_at"].is_null() && is["connected_at"] == was["connected_at"] {
            assert_eq!(is["storage"], was["storage"], "the region never changes while registered");
        }
        let side = is["on_premises"]["is_running"].as_bool().unwrap_or(false);
        assert_eq!(side, self.model.old_side_runs);
        let number = &self.engine.state().numbers[State::NUMBER];
        let word = number.verification(&self.engine.state().rules, Time::from_millis(self.model.now));
        assert_eq!(word, self.model.code_word());
        assert_eq!(number.verified_name, NAMES[self.model.shown_name]);
        assert_eq!(number.name_in_effect(), self.model.seen_name.map(|name| NAMES[name]));
    }

    fn number(&self) -> Value {
        let number = &self.engine.state().numbers[State::NUMBER];
        json!({
            "connected_at": number.connected_at,
            "storage": number.storage,
            "pin": {"value": number.pin.value},
            "on_premises": number.on_premises,
        })
    }
}

#[test]
fn any_sequence_agrees_with_the_model_and_keeps_the_invariants() {
    let sequences = std::env::var("WA_SIM_SEQUENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(3_000);
    let config = ProptestConfig { cases: sequences, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new(config)
        .run(&(setting(), steps()), |(setting, steps)| {
            let mut run = Run::new(&setting);
            for step in &steps {
                run.step(step);
            }
            Ok(())
        })
        .unwrap();
}
