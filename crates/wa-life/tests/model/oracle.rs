//! What a caller must never do.

use std::time::{Duration, SystemTime};

use http::Request;

use super::{
    call::{Call, Op},
    register::WINDOW,
    service::Service,
    watch::{FIVE_MINUTES, Watch},
};

/// What a run is for, as far as it decides what may be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intent {
    /// The number may be deregistered.
    pub deregister: bool,
    /// It is deregistered only to be registered again.
    pub relocate: bool,
    /// The name that is wanted.
    pub rename: Option<String>,
    /// The caller has chosen to try one registration while the name is in review.
    pub in_review: bool,
}

/// Something that was done and must never be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Harm {
    pub kind: Harmful,
    pub at: SystemTime,
    /// The index of the request.
    pub request: usize,
    pub text: String,
}

/// The kinds of harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harmful {
    /// A PIN, a code or a token in an address.
    SecretInAddress,
    /// Registering, deregistering or setting a PIN on a number of the Business app.
    BusinessApp,
    /// More than ten counted requests in 72 hours, or one after the limit was told.
    BeyondTheLimit,
    /// A counted request without having read the number in the last minutes, or since an unclear one.
    Blind,
    /// A registration that nothing could make work, by what the caller was shown and told.
    Hopeless,
    /// A registration that nothing could make work, by what another run on the same ledger was told.
    Forgotten,
    /// A registration of a number that was shown to be registered, for no new name.
    Needless,
    /// A PIN sent again after 133005 that nobody has vouched for.
    RefusedPin,
    /// A migration after one that got no answer or whose PIN was refused, and nobody has vouched for the PIN.
    SecondMigration,
    /// A number taken down to be registered again with a PIN that is not known to be right.
    PinNotKnown,
    /// A number deregistered that should not be.
    NeedlessDeregistration,
    SecondMessage,
    /// An override for an app that is not subscribed.
    EarlyOverride,
    /// A bare subscription that removed an override.
    OverrideRemoved,
    /// Data of the Business app asked for, which can be had once, while nobody was subscribed to it.
    LostSynchronisation,
}

impl Service {
    /// Judges a request before it has its effect.
    pub(super) fn judge(&mut self, request: &Request<Vec<u8>>, call: &Call) {
        if let Some(text) = self.secret_in_address(request, call) {
            self.harm(Harmful::SecretInAddress, text);
        }
        let watch = self.watches.entry(call.target.clone()).or_default().clone();
        let number = self.numbers.get(&call.target);
        // A caller who was shown that the number is not there is excused: it has come, or reads lag.
        let excused = watch.seen.as_ref().is_some_and(|seen| seen["is_on_biz_app"] == false);
        let in_app = number.is_some_and(|number| number.biz_app_since.is_some());
        if in_app && !excused && (call.op.is_counted() || call.op == Op::SetPin) {
            self.harm(Harmful::BusinessApp, format!("{:?} on a number of the WhatsApp Business app", call.op));
        }
        if call.op.is_counted() {
            self.judge_counted(call, &watch);
        }
        match call.op {
            Op::Register => self.judge_register(call, &watch),
            Op::Migrate if watch.migration_open => {
                self.harm(
                    Harmful::SecondMigration,
                    "the PIN of the migration before is not known to be right".to_owned(),
                );
            }
            Op::Deregister => self.judge_deregister(call, &watch),
            Op::Message => {
                let to = call.text("to").unwrap_or_default();
                if watch.sent.get(&to).is_some_and(|sent| *sent > 0) {
                    self.harm(Harmful::SecondMessage, "the message before may have been sent".to_owned());
                }
            }
            // No ledger keeps two processes apart that work on the same account.
            Op::Override | Op::Subscribe | Op::AddNumber if self.crowded || self.has_just_changed() => {}
            Op::Override if !self.subscribed => {
                self.harm(Harmful::EarlyOverride, "the app is not subscribed".to_owned());
            }
            Op::Subscribe if self.override_uri.is_some() => {
                self.harm(Harmful::OverrideRemoved, "an override was set".to_owned());
            }
            Op::AddNumber if watch.in_the_dark => {
                self.harm(Harmful::Blind, "AddNumber after one without an answer, without listing".to_owned());
            }
            Op::Synchronise if !self.subscribed => {
                self.harm(Harmful::LostSynchronisation, "the app is not subscribed".to_owned());
            }
            _ => {}
        }
        if matches!(call.op, Op::Register | Op::Migrate)
            && watch.refused_pin.is_some()
            && watch.refused_pin == call.text("pin")
        {
            self.harm(
                self.unless_vouched_twice(&watch, Harmful::RefusedPin),
                "133005 was told for this PIN".to_owned(),
            );
        }
    }

    /// Of two processes that were vouched for, each sends the PIN, though the refusal of the one came after both vouchings.
    fn unless_vouched_twice(&self, watch: &Watch, kind: Harmful) -> Harmful {
        if self.crowded && watch.vouched_run { Harmful::Forgotten } else { kind }
    }

    fn judge_counted(&mut self, call: &Call, watch: &Watch) {
        let registers = call.op != Op::Deregister;
        let class = self.rules.separate_counts.then_some(registers);
        let attempts = watch.recent_attempts(self.now, class);
        if attempts >= 10 {
            self.harm(Harmful::BeyondTheLimit, format!("{attempts} requests in the last 72 hours"));
        }
        let told = |kind: bool| watch.told_limit.get(&kind).is_some_and(|at| self.now < *at + WINDOW);
        if told(registers) || (!self.rules.separate_counts && told(!registers)) {
            self.harm(Harmful::BeyondTheLimit, "the limit was told less than 72 hours ago".to_owned());
        }
        if watch.seen.is_none() {
            self.harm(Harmful::Blind, format!("{:?} without having read the number in this run", call.op));
        } else if watch.seen_at.is_some_and(|at| self.now > at + RECENT) {
            self.harm(Harmful::Blind, format!("{:?} by what was read long ago", call.op));
        } else if watch.in_the_dark {
            self.harm(Harmful::Blind, format!("{:?} after an unclear one, without reading", call.op));
        }
    }

    fn judge_register(&mut self, call: &Call, watch: &Watch) {
        if watch.seen.is_none() {
            return;
        }
        for text in hopeless(watch) {
            self.harm(Harmful::Hopeless, text);
        }
        let kind = if watch.told_before || self.crowded { Harmful::Forgotten } else { Harmful::Hopeless };
        for text in refused(watch, self.now) {
            self.harm(kind, text);
        }
        let truly_up = self.numbers.get(&call.target).is_some_and(|number| number.registered && !number.needs_code);
        if watch.seen_up() && truly_up && (watch.intent.rename.is_none() || watch.name_confirmed) {
            self.harm(Harmful::Needless, "the number was shown to be registered".to_owned());
        }
    }

    fn judge_deregister(&mut self, call: &Call, watch: &Watch) {
        let registered = self.numbers.get(&call.target).is_some_and(|number| number.registered);
        if !watch.intent.deregister && !watch.intent.relocate && !watch.told_half {
            self.harm(Harmful::NeedlessDeregistration, "the goal needs no deregistration".to_owned());
        }
        if watch.intent.relocate && registered && !watch.vouched && !watch.made_right {
            self.harm(
                Harmful::PinNotKnown,
                "the PIN was neither set while the number was up nor vouched for".to_owned(),
            );
        }
    }

    fn secret_in_address(&self, request: &Request<Vec<u8>>, call: &Call) -> Option<String> {
        let address = request.uri().to_string();
        if address.contains(&self.token) {
            return Some("the access token is in the address".to_owned());
        }
        let names = ["access_token", "pin", "code", "password", "verify_token", "backup"];
        let named = call.query.iter().find(|(name, _)| names.contains(&name.as_str()));
        named.map(|(name, _)| format!("`{name}` is in the address"))
    }

    fn harm(&mut self, kind: Harmful, text: String) {
        self.harms.push(Harm { kind, at: self.now, request: self.log.len(), text });
    }
}

/// Why a registration could not work, by what the caller was shown.
fn hopeless(watch: &Watch) -> Vec<String> {
    let mut reasons = Vec::new();
    let mut reason = |text: &str| reasons.push(text.to_owned());
    let name_status = watch.seen_text("name_status");
    if watch.seen_up() {
        // Registering before the approval has no effect (Meta's page).
        if let Some(wanted) = &watch.intent.rename
            && (watch.seen_text("verified_name").is_some_and(|name| name != wanted)
                || name_status.is_some_and(|status| !["APPROVED", "AVAILABLE_WITHOUT_REVIEW"].contains(&status)))
        {
            reason("the new name was not shown as approved");
        }
    } else {
        let connected = watch.seen_text("status") == Some("CONNECTED");
        if watch.seen_text("platform_type") == Some("ON_PREMISE") {
            reason("the number was shown on the On-Premises API");
        }
        if !connected
            && !watch.told_verified
            && watch.seen_text("code_verification_status").is_some_and(|status| status != "VERIFIED")
        {
            reason("the number was shown neither verified nor registered");
        }
        if name_status == Some("DECLINED") || (name_status == Some("PENDING_REVIEW") && !watch.intent.in_review) {
            reason("the name was shown as in review or declined");
        }
    }
    reasons
}

/// Why a registration could not work, by what the caller was told.
fn refused(watch: &Watch, now: SystemTime) -> Vec<String> {
    let mut reasons = Vec::new();
    let mut reason = |text: &str| reasons.push(text.to_owned());
    let name_status = watch.seen_text("name_status");
    if watch.told_code {
        reason("133006 was told, and no code was verified since");
    }
    if watch.told_attached {
        reason("2388001 was told: the number belongs to another WhatsApp account");
    } else if watch.told_certificate.as_ref().is_some_and(|then| then.as_deref() == name_status) {
        reason("2388001 was told, and nothing has changed since");
    }
    if watch.deregistered.is_some_and(|at| now < at + FIVE_MINUTES) {
        reason("the number was deregistered less than five minutes ago");
    }
    reasons
}

/// How old the reading may be on which a counted request rests: others act meanwhile.
const RECENT: Duration = Duration::from_secs(600);
