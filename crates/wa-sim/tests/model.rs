//! Random sequences of calls and clock steps against a model that is written on its own, and against the invariants
//! that no model is needed for.
//!
//! `WA_SIM_SEQUENCES=100000 cargo test --release -p wa-sim --test model` runs that many.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test, whose length is set from outside")]

use std::time::Duration;

use http::Request;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use wa_sim::{Engine, State, Time};

const HOUR: u64 = 3_600_000;
const PINS: [&str; 3] = ["000000", "123456", "999999"];
const REGIONS: [&str; 2] = ["CH", "AU"];

#[derive(Clone, Debug)]
enum Step {
    Register { pin: usize, region: Option<usize>, has_backup: bool },
    Deregister,
    RequestCode,
    Verify(Guess),
    SetStorage(Option<usize>),
    SetPin(usize),
    SwitchPinOff,
    Send,
    Rename,
    DecideName(bool),
    StartOnPremises,
    Wait(u64),
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
        1 => Just(Step::Rename),
        1 => any::<bool>().prop_map(Step::DecideName),
        1 => Just(Step::StartOnPremises),
        5 => prop_oneof![
            Just(0), Just(1), 1..60_000_u64, Just(300_000), Just(600_000), Just(HOUR), Just(7 * HOUR), Just(24 * HOUR),
            Just(72 * HOUR - 1), Just(72 * HOUR), Just(14 * 24 * HOUR), 1..80 * HOUR,
        ].prop_map(Step::Wait),
    ]
}

/// What should be true of the number, in the words of the documents.
#[derive(Debug, Default)]
struct Model {
    now: u64,
    /// How long a number stays verified.
    fresh_for: u64,
    attempts: Vec<u64>,
    locked_until: u64,
    code: Option<(String, u64, u32)>,
    used_code: Option<String>,
    code_times: Vec<u64>,
    fresh_since: Option<u64>,
    pin: Option<usize>,
    wrong_pins: Vec<u64>,
    is_registered: bool,
    left_at: Option<u64>,
    region: Option<usize>,
    old_side_runs: bool,
}

impl Model {
    fn is_verified(&self) -> bool {
        let is_served = self.is_registered || self.old_side_runs;
        self.fresh_since.is_some_and(|since| is_served || self.now - since < self.fresh_for)
    }

    /// Ten in 72 hours for both calls together, and the lock.
    fn spend(&mut self) -> bool {
        if self.now < self.locked_until {
            return false;
        }
        let recent = self.attempts.iter().filter(|at| self.now - **at < 72 * HOUR).count();
        if recent >= 10 {
            self.locked_until = self.now + 72 * HOUR;
            return false;
        }
        self.attempts.push(self.now);
        true
    }

    /// The code of the error, or zero.
    fn register(&mut self, pin: usize, region: Option<usize>, has_backup: bool) -> i64 {
        if !self.spend() {
            return 133_016;
        }
        let was_verified = self.is_verified();
        if has_backup && self.old_side_runs {
            self.old_side_runs = false;
            self.fresh_since = self.fresh_since.map(|since| since.max(self.now));
        }
        if !was_verified {
            return 133_006;
        }
        let recent = |span: u64| self.wrong_pins.iter().filter(|at| self.now - **at < span).count();
        if recent(24 * HOUR) >= 10 {
            return 133_008;
        }
        if recent(60_000) >= 3 {
            return 133_009;
        }
        if self.pin.is_some_and(|set| set != pin) {
            self.wrong_pins.push(self.now);
            return 133_005;
        }
        if self.left_at.is_some_and(|at| self.now < at + 300_000) {
            return 133_015;
        }
        if self.is_registered && region.is_some() && region != self.region {
            return 100;
        }
        if !self.is_registered && region.is_some() {
            self.region = region;
        }
        self.pin = Some(pin);
        self.is_registered = true;
        0
    }

    fn deregister(&mut self) -> i64 {
        if !self.spend() {
            return 133_016;
        }
        if !self.is_registered {
            return 133_010;
        }
        self.is_registered = false;
        self.left_at = Some(self.now);
        self.fresh_since = self.fresh_since.max(Some(self.now));
        self.region = None;
        0
    }

    fn request_code(&mut self) -> i64 {
        if self.is_verified() {
            return 136_024;
        }
        self.code_times.retain(|at| self.now - at < HOUR);
        if self.code_times.len() == 5 {
            return 136_024;
        }
        self.code_times.push(self.now);
        0
    }

    fn verify(&mut self, guess: &str) -> i64 {
        let is_verified = self.is_verified();
        match &mut self.code {
            Some((code, until, wrong)) if !is_verified => {
                if *wrong >= 10 || self.now >= *until || code != guess {
                    *wrong += 1;
                    return 136_025;
                }
                self.used_code = self.code.take().map(|(code, ..)| code);
                self.fresh_since = Some(self.now);
                0
            }
            _ => 136_025,
        }
    }
}

struct Run {
    engine: Engine,
    model: Model,
    /// When counted calls were answered with anything but the limit.
    counted: Vec<u64>,
    codes_that_worked: Vec<(u64, String)>,
}

impl Run {
    fn new(seed: u64, fresh_for: u64) -> Self {
        let mut state = State::demo(seed);
        state.rules.call_budget = false;
        state.rules.name_review = wa_sim::NameReview::Control;
        state.rules.verified_for = fresh_for;
        let now = state.now.as_millis();
        Self {
            engine: Engine::new(state),
            model: Model { now, fresh_for, ..Model::default() },
            counted: Vec::new(),
            codes_that_worked: Vec::new(),
        }
    }

    /// The answer's error code, or zero.
    fn call(&mut self, method: &str, edge: &str, body: &Value) -> i64 {
        let request = Request::builder()
            .method(method)
            .uri(format!("/v23.0/{}{edge}", State::NUMBER))
            .header("authorization", format!("Bearer {}", State::TOKEN))
            .header("content-type", "application/json")
            .body(if body.is_null() { Vec::new() } else { body.to_string().into_bytes() })
            .unwrap();
        let reply = self.engine.handle(&request, Time::from_millis(self.model.now));
        let answer: Value = serde_json::from_slice(reply.response.body()).unwrap();
        assert_eq!(answer.get("error").is_some(), reply.response.status() != 200);
        answer["error"]["code"].as_i64().unwrap_or(0)
    }

    fn step(&mut self, step: &Step) {
        let was = self.number();
        match step {
            Step::Register { pin, region, has_backup } => {
                let mut body = json!({"messaging_product": "whatsapp", "pin": PINS[*pin]});
                if let Some(region) = region {
                    body["data_localization_region"] = REGIONS[*region].into();
                }
                if *has_backup {
                    body["backup"] = json!({"data": "blob", "password": "secret"});
                }
                let code = self.call("POST", "/register", &body);
                self.note_attempt(code);
                assert_eq!(code, self.model.register(*pin, *region, *has_backup));
                let is_wrong = was["pin"]["value"].as_str().is_some_and(|set| set != PINS[*pin]);
                if is_wrong {
                    assert_ne!(code, 0, "a wrong PIN never connects");
                    assert_eq!(self.number()["connected_at"], was["connected_at"]);
                }
            }
            Step::Deregister => {
                let code = self.call("POST", "/deregister", &Value::Null);
                self.note_attempt(code);
                assert_eq!(code, self.model.deregister());
            }
            Step::RequestCode => {
                let code = self.call("POST", "/request_code", &json!({"code_method": "SMS", "language": "en_US"}));
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
                let code = self.call("POST", "/verify_code", &json!({"code": guess}));
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
                let code = self.call("POST", "/settings", &json!({"storage_configuration": setting}));
                assert_eq!(code, if self.model.is_registered { 100 } else { 0 });
                if code == 0 {
                    self.model.region = *region;
                }
            }
            Step::SetPin(pin) => {
                let code = self.call("POST", "", &json!({"pin": PINS[*pin]}));
                assert_eq!(code, if self.model.is_registered { 0 } else { 133_010 });
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
                let code = self.call("POST", "/messages", &body);
                assert_eq!(
                    code,
                    if self.model.is_registered { 0 } else { 133_010 },
                    "a deregistered number sends nothing"
                );
            }
            Step::Rename => assert_eq!(self.call("POST", "", &json!({"new_display_name": "Luckier Shrub"})), 0),
            Step::DecideName(is_approved) => self.engine.decide_name(State::NUMBER, *is_approved).unwrap(),
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
        }
        self.check(&was);
    }

    fn note_attempt(&mut self, code: i64) {
        if code != 133_016 {
            self.counted.push(self.model.now);
            let window = Duration::from_secs(72 * 3_600).as_millis() as u64;
            let recent = self.counted.iter().filter(|at| self.model.now - **at < window).count();
            assert!(recent <= 10, "an eleventh attempt in 72 hours");
        }
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
        let word = self.engine.state().numbers[State::NUMBER]
            .verification(&self.engine.state().rules, Time::from_millis(self.model.now));
        assert_eq!(word == "VERIFIED", self.model.is_verified());
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
    // Five minutes are not what the service gives, but only with them a used code outlives its effect.
    let fresh_for = prop_oneof![3 => Just(14 * 24 * HOUR), 1 => Just(300_000)];
    let strategy = (any::<u64>(), fresh_for, prop::bool::ANY, prop::collection::vec(step(), 1..60));
    TestRunner::new(config)
        .run(&strategy, |(seed, fresh_for, starts_verified, steps)| {
            let mut run = Run::new(seed, fresh_for);
            if starts_verified {
                let now = run.engine.now();
                run.engine.state_mut().numbers.get_mut(State::NUMBER).unwrap().code.verified_at = Some(now);
                run.model.fresh_since = Some(now.as_millis());
            }
            for step in &steps {
                run.step(step);
            }
            Ok(())
        })
        .unwrap();
}
