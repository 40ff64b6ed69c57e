//! What the simulator's journal says of a run.

use std::{collections::BTreeMap, time::Duration};

use wa_core::AttemptKind;
use wa_life::{Ending, ledger::AttemptState};
use wa_sim::Entry;

use crate::{
    cases::Case,
    script::Script,
    stack::{Outcome, Sequel, Stack},
};

/// How the endings of many runs were distributed.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) cases: usize,
    pub(crate) struck: usize,
    pub(crate) endings: BTreeMap<String, usize>,
}

impl Tally {
    pub(crate) fn note(&mut self, script: &Script, outcome: &Outcome) {
        self.cases += 1;
        self.struck += usize::from(script.struck() > 0);
        let ending = match &outcome.report.ending {
            Ending::Done => "done".to_owned(),
            Ending::Blocked(blocker) => format!("blocked: {}", blocker.reason),
            Ending::Unconfirmed(unconfirmed) => format!("unconfirmed: {}", unconfirmed.step),
            other => panic!("an ending that is not known here: {other:?}"),
        };
        *self.endings.entry(ending).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.struck += other.struck;
        for (ending, count) in &other.endings {
            *self.endings.entry(ending.clone()).or_default() += count;
        }
    }
}

/// What holds whatever went wrong, and however often.
pub(crate) fn check_safety<S: Stack>(stack: &S, case: &Case, script: &Script, outcome: &Outcome) {
    let journal = stack.service().journal();
    check_limit(&journal);
    check_ledger(stack, &journal);
    let effects = effects(&journal);
    for (call, count) in &effects {
        assert!(case.effects.iter().any(|(allowed, _)| allowed == call), "{call} took effect {count} times");
        if UNREPEATABLE.contains(&&**call) {
            assert!(*count <= 1, "{call} took effect {count} times");
            let of_call = |entry: &&Entry| effect_of(entry) == *call;
            let last = journal.iter().rfind(of_call);
            assert!(last.is_some_and(|entry| entry.took_effect), "{call} was requested again after it took effect");
        }
    }
    match &outcome.report.ending {
        Ending::Done => assert!(stack.service().with(|engine| (case.is_reached)(engine.state())), "done is not true"),
        Ending::Unconfirmed(unconfirmed) if !unconfirmed.is_accepted => {
            let call = case.unreadable.iter().find(|(step, _)| *step == unconfirmed.step);
            if let Some((_, call)) = call {
                // Of a run that died after it had noted that a request is about to leave, nobody knows whether it did.
                let is_possible = script.handed_out(call) > 0 || outcome.died_about_to_send;
                assert!(is_possible, "{call} was never handed out");
            }
        }
        _ => {}
    }
}

/// What holds besides if one operation was interrupted.
pub(crate) fn check_single<S: Stack>(stack: &S, case: &Case, script: &Script, sequel: Sequel, outcome: &Outcome) {
    check_safety(stack, case, script, outcome);
    let journal = stack.service().journal();
    let effects = effects(&journal);
    for (call, most) in case.effects {
        let count = effects.get(*call).copied().unwrap_or(0);
        // A code that was sent before a long interruption is void after it.
        let most = most + usize::from(*call == "request_code" && sequel.after > CODE_LIFE);
        assert!(count <= most, "{call} took effect {count} times");
    }
    let refused = journal.iter().filter(|entry| is_counted(entry) && entry.reached && !entry.took_effect);
    assert!(refused.count() <= case.refused, "an attempt was wasted: {journal:?}");
    match &outcome.report.ending {
        Ending::Done => {}
        Ending::Unconfirmed(unconfirmed) => {
            let is_listed = case.unreadable.iter().any(|(step, _)| *step == unconfirmed.step);
            assert!(is_listed && !unconfirmed.is_accepted, "{unconfirmed:?}");
        }
        Ending::Blocked(blocker) => assert!(case.blocked.contains(&&*blocker.reason.to_string()), "{blocker}"),
        other => panic!("{other}"),
    }
}

/// Meta, "Registration": ten requests per number in a moving window of 72 hours, refused ones included.
pub(crate) fn check_limit(journal: &[Entry]) {
    let times: Vec<_> = journal.iter().filter(|entry| is_counted(entry)).map(|entry| entry.at).collect();
    for (place, first) in times.iter().enumerate() {
        let within = times[place..].iter().filter(|at| at.since(*first) < WINDOW).count();
        assert!(within <= 10, "{within} counted requests in 72 hours");
    }
}

/// The ledger knows of every attempt that the service has seen. Runs are shorter than what it remembers.
fn check_ledger<S: Stack>(stack: &S, journal: &[Entry]) {
    let entries = stack.entries();
    for (kind, operation) in
        [(AttemptKind::Register, "number.register"), (AttemptKind::Deregister, "number.deregister")]
    {
        let latest = stack.service().with(|engine| engine.now());
        let recent = |entry: &&Entry| entry.operation == operation && latest.since(entry.at) < WINDOW;
        let seen = journal.iter().filter(recent).count();
        let known = entries.iter().filter(|entry| entry.kind == kind && entry.may_have_left()).count();
        assert!(known >= seen, "{operation}: the service has seen {seen}, the ledger knows {known}: {entries:?}");
        let took_effect = journal.iter().filter(recent).filter(|entry| entry.took_effect).count();
        let is_possible = |state| matches!(state, AttemptState::Confirmed | AttemptState::Sent | AttemptState::Unknown);
        let possible = entries.iter().filter(|entry| entry.kind == kind && is_possible(entry.state)).count();
        assert!(possible >= took_effect, "{operation} took effect {took_effect} times: {entries:?}");
    }
}

fn is_counted(entry: &Entry) -> bool {
    matches!(entry.operation, "number.register" | "number.deregister")
}

/// How often each call that changes something took effect.
pub(crate) fn effects(journal: &[Entry]) -> BTreeMap<String, usize> {
    let mut effects = BTreeMap::new();
    for entry in journal.iter().filter(|entry| entry.took_effect && entry.method != "GET") {
        *effects.entry(effect_of(entry)).or_default() += 1;
    }
    effects
}

fn effect_of(entry: &Entry) -> String {
    call_of(&entry.method, &entry.path, entry.request.to_string().as_bytes())
}

/// A short name of what a request does.
pub(crate) fn call_of(method: &str, path: &str, body: &[u8]) -> String {
    let body = String::from_utf8_lossy(body);
    let edge = path.rsplit('/').next().unwrap_or_default();
    let call = match (method, edge) {
        ("GET", _) => "read",
        (_, "register") if body.contains("backup") => "migrate",
        (_, "register" | "deregister" | "request_code" | "verify_code") => edge,
        (_, "settings") => "set_storage",
        (_, "messages") => "message",
        (_, "smb_app_data") if body.contains("smb_app_state_sync") => "sync_contacts",
        (_, "smb_app_data") => "sync_history",
        (_, "phone_numbers") => "add",
        (_, "subscribed_apps") if body.contains("override_callback_uri") => "override",
        (_, "subscribed_apps") => "subscribe",
        _ if body.contains("new_display_name") => "rename",
        _ if body.contains("pin") => "set_pin",
        _ => edge,
    };
    call.to_owned()
}

/// Nothing shows that these took effect, so they are never requested again after that.
const UNREPEATABLE: &[&str] = &["migrate", "message", "sync_contacts", "sync_history"];
/// Meta, "Verify phone numbers": a code lives about ten minutes.
const CODE_LIFE: Duration = Duration::from_secs(600);
const WINDOW: Duration = Duration::from_secs(72 * 3_600);
