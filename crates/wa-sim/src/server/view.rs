//! What the page shows.

use serde::Serialize;

use crate::{
    Ban, Counting, Counts, Delivery, Engine, Entry, FaultRule, Number, Operation, Quality, Rules, Storage, Time,
    rules::MOST_ATTEMPTS,
};

/// Everything in one.
#[derive(Serialize)]
pub(super) struct Overview<'a> {
    #[serde(flatten)]
    clock: Clock,
    rules: &'a Rules,
    operations: Vec<&'static str>,
    tokens: Vec<TokenView<'a>>,
    apps: Vec<AppView<'a>>,
    accounts: Vec<AccountView<'a>>,
    numbers: Vec<NumberView<'a>>,
    faults: &'a [FaultRule],
    webhooks: Vec<&'a Delivery>,
    journal: Vec<&'a Entry>,
    counts: &'a Counts,
}

impl<'a> Overview<'a> {
    pub(super) fn new(engine: &'a Engine, has_real_clock: bool) -> Self {
        let state = engine.state();
        let deliveries = &state.webhooks.deliveries;
        let entries = engine.journal().entries();
        let app = |(id, app): (&'a String, &'a crate::App)| AppView {
            id,
            name: &app.name,
            secret: &app.secret,
            callback: app.callback.as_ref().map(|callback| &*callback.url),
        };
        let account = |(id, account): (&'a String, &'a crate::Account)| AccountView {
            id,
            is_locked: account.is_locked,
            subscribed_apps: account.subscriptions.keys().map(String::as_str).collect(),
        };
        Self {
            clock: Clock::new(engine, has_real_clock),
            rules: &state.rules,
            operations: Operation::all().map(Operation::name).collect(),
            tokens: state.tokens.iter().map(|(token, known)| TokenView { token, app: &known.app }).collect(),
            apps: state.apps.iter().map(app).collect(),
            accounts: state.accounts.iter().map(account).collect(),
            numbers: NumberView::all(engine),
            faults: &state.faults,
            webhooks: deliveries.values().skip(deliveries.len().saturating_sub(NEWEST)).collect(),
            journal: entries.rev().take(NEWEST).collect::<Vec<_>>().into_iter().rev().collect(),
            counts: engine.journal().counts(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Clock {
    now: Time,
    now_text: String,
    clock: &'static str,
}

impl Clock {
    pub(super) fn new(engine: &Engine, is_real: bool) -> Self {
        let now = engine.now();
        Self { now, now_text: now.to_text(), clock: if is_real { "real" } else { "virtual" } }
    }
}

#[derive(Serialize)]
struct AppView<'a> {
    id: &'a str,
    name: &'a str,
    /// What its webhooks are signed with: made up, as everything here.
    secret: &'a str,
    callback: Option<&'a str>,
}

#[derive(Serialize)]
struct TokenView<'a> {
    token: &'a str,
    app: &'a str,
}

#[derive(Serialize)]
struct AccountView<'a> {
    id: &'a str,
    is_locked: bool,
    subscribed_apps: Vec<&'a str>,
}

/// A number as a person looks at it.
#[derive(Serialize)]
pub(super) struct NumberView<'a> {
    id: &'a str,
    phase: &'static str,
    display: String,
    account: &'a str,
    status: &'static str,
    platform: &'static str,
    verification: &'static str,
    sent_code: Option<&'a str>,
    sent_code_until: Option<Time>,
    pin_set: bool,
    verified_name: &'a str,
    name_in_effect: Option<&'a str>,
    name_effect_until: Option<Time>,
    name_status: &'a str,
    new_name: Option<&'a str>,
    new_name_status: Option<&'a str>,
    registered: bool,
    on_business_app: bool,
    on_premises: Option<&'static str>,
    storage: &'a str,
    quality: Quality,
    limit: &'a str,
    attempts: AttemptsView,
}

#[derive(Serialize)]
struct AttemptsView {
    used: usize,
    most: usize,
    next_free_in_s: u64,
    oldest_ends_in_s: Option<u64>,
    locked_until: Option<Time>,
}

impl<'a> NumberView<'a> {
    pub(super) fn all(engine: &'a Engine) -> Vec<Self> {
        engine.state().numbers.iter().map(|(id, number)| Self::new(engine, id, number)).collect()
    }

    pub(super) fn new(engine: &'a Engine, id: &'a str, number: &'a Number) -> Self {
        let (rules, now) = (&engine.state().rules, engine.now());
        let new_name = number.new_name.as_ref();
        Self {
            id,
            phase: phase(engine, id, number),
            display: number.display(),
            account: &number.account,
            status: number.status(),
            platform: number.platform(),
            verification: number.verification(rules, now),
            sent_code: engine.sent_code(id),
            sent_code_until: number.code.sent.as_ref().map(|sent| sent.until).filter(|until| now < *until),
            pin_set: number.pin.value.is_some(),
            verified_name: &number.verified_name,
            name_in_effect: number.name_in_effect(),
            name_effect_until: number.name_effect_until,
            name_status: &number.name_status,
            new_name: new_name.map(|new| &*new.name),
            new_name_status: new_name.map(|new| &*new.status),
            registered: number.is_registered(),
            on_business_app: number.on_business_app,
            on_premises: number.on_premises.as_ref().map(|side| if side.is_running { "running" } else { "down" }),
            storage: match &number.storage {
                Storage::Default => "default",
                Storage::Local(region) => region,
                Storage::OneHour => "one_hour",
            },
            quality: number.quality,
            limit: &number.limit,
            attempts: AttemptsView::new(number, rules.counting, now),
        }
    }
}

impl AttemptsView {
    /// Where each call has a count of its own, the fuller one is shown.
    fn new(number: &Number, counting: Counting, now: Time) -> Self {
        let attempts = &number.attempts;
        let used = [false, true].map(|deregister| attempts.used(counting, deregister, now));
        let next_free = [false, true].map(|deregister| attempts.next_free(counting, deregister, now));
        let seconds = |until: Time| u64::try_from(until.since(now).as_millis().div_ceil(1_000)).unwrap_or(u64::MAX);
        Self {
            used: used[0].max(used[1]),
            most: MOST_ATTEMPTS,
            next_free_in_s: next_free.into_iter().flatten().max().map_or(0, seconds),
            oldest_ends_in_s: attempts.oldest_ends(counting, used[1] > used[0], now).map(seconds),
            locked_until: attempts.locked_until.filter(|until| now < *until),
        }
    }
}

/// Where in its life a number is, in one word.
fn phase(engine: &Engine, id: &str, number: &Number) -> &'static str {
    let (state, now) = (engine.state(), engine.now());
    let is_in_review = |status: &str| status == "PENDING_REVIEW";
    let account_is_locked = state.accounts.get(&number.account).is_some_and(|account| account.is_locked);
    if account_is_locked || number.ban == Some(Ban::Banned) {
        "banned"
    } else if number.attempts.locked_until.is_some_and(|until| now < until) {
        "locked"
    } else if number.is_registered() {
        "registered"
    } else if engine.sent_code(id).is_some() {
        "code_sent"
    } else {
        match number.verification(&state.rules, now) {
            "NOT_VERIFIED" => "unverified",
            "EXPIRED" => "expired",
            _ if is_in_review(&number.name_status)
                || number.new_name.as_ref().is_some_and(|new| is_in_review(&new.status)) =>
            {
                "name_in_review"
            }
            _ if number.deregistered_at.is_some() => "deregistered",
            _ => "verified",
        }
    }
}

const NEWEST: usize = 200;
