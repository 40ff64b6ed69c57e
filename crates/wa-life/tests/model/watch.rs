//! What the caller knows of a number: only what it was told counts for a judgement.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use serde_json::Value;

use super::{
    answer::Answer,
    call::{Call, Op},
    oracle::Intent,
    register::{ATTACHED, WINDOW},
    service::Service,
};

/// The caller's knowledge of one number.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    pub(super) intent: Intent,
    /// A person has said that the PIN is right.
    pub(super) vouched: bool,
    /// A person has said so for the runs that are under way.
    pub(super) vouched_run: bool,
    /// The service has taken the PIN while the number was registered, and said so.
    pub(super) made_right: bool,
    /// The PIN that was refused with 133005.
    pub(super) refused_pin: Option<String>,
    /// Counted requests of the caller, those without an answer among them; true for registrations.
    pub(super) attempts: Vec<(SystemTime, bool)>,
    pub(super) told_limit: BTreeMap<bool, SystemTime>,
    pub(super) deregistered: Option<SystemTime>,
    /// What the last read of this run showed.
    pub(super) seen: Option<Value>,
    pub(super) seen_at: Option<SystemTime>,
    /// The last counted request ended without a clear answer, and nothing was read since.
    pub(super) in_the_dark: bool,
    /// A migration got no answer, or its PIN was refused.
    pub(super) migration_open: bool,
    /// A code was verified, and no 133006 told since: reads may lag behind that.
    pub(super) told_verified: bool,
    /// 133006 was told, and no code verified since.
    pub(super) told_code: bool,
    /// 133000 was told: the deregistration must be repeated.
    pub(super) told_half: bool,
    /// 2388001 was told, with the `name_status` seen before.
    pub(super) told_certificate: Option<Option<String>>,
    /// 2388001 was told with the text of the second kind.
    pub(super) told_attached: bool,
    /// The last refusal was told to an earlier run.
    pub(super) told_before: bool,
    /// The registration that puts the wanted name into effect was confirmed.
    pub(super) name_confirmed: bool,
    /// Messages that may have been sent, by recipient.
    pub(super) sent: BTreeMap<String, usize>,
}

impl Watch {
    pub(super) fn seen_text(&self, field: &str) -> Option<&str> {
        self.seen.as_ref()?.get(field)?.as_str()
    }

    /// Whether the last read showed a number that is registered on the Cloud API.
    pub(super) fn seen_up(&self) -> bool {
        self.seen_text("status") == Some("CONNECTED")
            && self.seen_text("platform_type").is_none_or(|platform| platform == "CLOUD_API")
    }

    pub(super) fn recent_attempts(&self, now: SystemTime, class: Option<bool>) -> usize {
        let counts = |at: &SystemTime, kind: bool| now < *at + WINDOW && class.is_none_or(|class| class == kind);
        self.attempts.iter().filter(|(at, kind)| counts(at, *kind)).count()
    }
}

impl Service {
    /// A run begins: what it is for. What it read belongs to it alone; the rest may be in its ledger.
    pub fn intend(&mut self, id: &str, intent: Intent) {
        let watch = self.watches.entry(id.to_owned()).or_default();
        let crowded = self.crowded;
        watch.intent = intent;
        watch.told_before = true;
        watch.vouched_run = false;
        if !crowded {
            watch.seen = None;
        }
    }

    /// A person says that the PIN which the caller holds is the number's.
    pub fn vouch(&mut self, id: &str) {
        let watch = self.watches.entry(id.to_owned()).or_default();
        watch.vouched = true;
        watch.vouched_run = true;
        watch.refused_pin = None;
        watch.migration_open = false;
    }

    /// A person says that what stood in the way is cleared.
    pub fn person_acted(&mut self, id: &str) {
        let watch = self.watches.entry(id.to_owned()).or_default();
        watch.told_attached = false;
        watch.told_certificate = None;
    }

    /// The caller dies before it has noted the last answer.
    pub fn unlearn(&mut self) {
        if let Some((call, watch)) = self.before.take() {
            self.watches.insert(call.target.clone(), watch);
            self.learn(&call, None);
        }
    }

    /// Takes in what the caller was told, if anything.
    pub(super) fn learn(&mut self, call: &Call, told: Option<&Answer>) {
        if call.op == Op::ListNumbers
            && let Some(answer) = told.filter(|told| told.is_success())
        {
            for number in answer.body["data"].as_array().into_iter().flatten() {
                let id = number["id"].as_str().unwrap_or_default().to_owned();
                self.watches.entry(id).or_default().see(number, self.now);
            }
        }
        let now = self.now;
        if call.op == Op::ListNumbers && told.is_some_and(Answer::is_success) {
            self.watches.entry(call.target.clone()).or_default().in_the_dark = false;
        }
        let number = self.numbers.get(&call.target);
        let (registered, in_effect) =
            (number.is_some_and(|n| n.registered), number.and_then(|n| n.name.in_effect.clone()));
        let watch = self.watches.entry(call.target.clone()).or_default();
        if call.op.is_counted() {
            self.before = Some((call.clone(), watch.clone()));
        }
        let clear = told.filter(|told| told.html.is_none() && !told.code().is_some_and(|code| UNCLEAR.contains(&code)));
        let success = told.is_some_and(Answer::is_success);
        match call.op {
            Op::ReadNumber if success => watch.see(&told.map(|told| told.body.clone()).unwrap_or_default(), now),
            Op::VerifyCode if success => {
                watch.told_code = false;
                watch.told_verified = true;
            }
            // It may have been the right one.
            Op::VerifyCode if clear.is_none() => watch.told_code = false,
            // "Already verified" says it as well.
            Op::RequestCode
                if told.is_some_and(|told| told.code() == Some(136_024) && told.subcode() == Some(2_388_366)) =>
            {
                watch.told_verified = true;
            }
            Op::SetPin if success && registered => {
                watch.made_right = true;
                watch.refused_pin = None;
            }
            Op::Rename => watch.name_confirmed = false,
            Op::Register | Op::Migrate | Op::Deregister => {
                watch.attempts.push((now, call.op != Op::Deregister));
                watch.in_the_dark = clear.is_none();
                watch.migration_open |= call.op == Op::Migrate && clear.is_none();
                if success {
                    watch.told_half = false;
                    watch.told_attached = false;
                    watch.told_certificate = None;
                    watch.deregistered = (call.op == Op::Deregister).then_some(now);
                    watch.name_confirmed = watch.intent.rename.is_some() && watch.intent.rename == in_effect;
                }
                if let Some(told) = clear {
                    watch.learn_refusal(call, told, now);
                }
            }
            Op::AddNumber => watch.in_the_dark = clear.is_none(),
            Op::Message => {
                let to = call.text("to").unwrap_or_default();
                if success || clear.is_none() {
                    *watch.sent.entry(to).or_default() += 1;
                }
            }
            _ => {}
        }
    }
}

impl Watch {
    fn see(&mut self, body: &Value, now: SystemTime) {
        self.seen_at = Some(now);
        self.in_the_dark = false;
        // A read of a few fields adds to what is known.
        match (&mut self.seen, body) {
            (Some(Value::Object(seen)), Value::Object(body)) => {
                seen.extend(body.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            (seen, body) => *seen = Some(body.clone()),
        }
    }

    fn learn_refusal(&mut self, call: &Call, told: &Answer, now: SystemTime) {
        self.told_before = false;
        match (told.code(), told.subcode()) {
            (Some(133_005), _) => {
                self.refused_pin = call.text("pin");
                self.vouched = false;
                self.made_right = false;
                self.migration_open |= call.op == Op::Migrate;
            }
            (Some(133_006), _) => (self.told_code, self.told_verified) = (true, false),
            (Some(133_000), _) => self.told_half = true,
            (Some(133_015), _) => self.deregistered = Some(self.deregistered.unwrap_or(now)),
            (Some(133_016), _) | (Some(4), Some(2_446_079)) => {
                self.told_limit.insert(call.op != Op::Deregister, now);
            }
            (Some(100), Some(2_388_001)) => {
                self.told_attached |= told.user_message() == ATTACHED;
                self.told_certificate = Some(self.seen_text("name_status").map(str::to_owned));
            }
            _ => {}
        }
    }
}

/// Codes after which it is not clear whether something happened: read first.
const UNCLEAR: [u64; 5] = [1, 2, 131_000, 131_016, 133_004];
pub(super) const FIVE_MINUTES: Duration = Duration::from_secs(300);
