//! What the page shows.

use serde_json::{Value, json};

use crate::{Ban, Counting, Delivery, Engine, Entry, Number, Storage, rules::MOST_ATTEMPTS};

/// Everything in one.
pub(super) fn overview(engine: &Engine, has_real_clock: bool) -> Value {
    let state = engine.state();
    let journal = engine.journal();
    let mut overview = clock(engine, has_real_clock);
    overview["rules"] = to_value(&state.rules);
    overview["apps"] = state
        .apps
        .iter()
        .map(|(id, app)| {
            let url = app.callback.as_ref().map(|callback| &callback.url);
            json!({"id": id, "name": app.name, "callback": url})
        })
        .collect();
    overview["accounts"] = state
        .accounts
        .iter()
        .map(|(id, account)| {
            let subscribed: Vec<_> = account.subscriptions.keys().collect();
            json!({"id": id, "is_locked": account.is_locked, "subscribed_apps": subscribed})
        })
        .collect();
    overview["numbers"] = numbers(engine);
    overview["faults"] = to_value(&state.faults);
    let skipped = state.webhooks.deliveries.len().saturating_sub(NEWEST);
    overview["webhooks"] = state.webhooks.deliveries.values().skip(skipped).map(delivery).collect();
    let skipped = journal.entries().count().saturating_sub(NEWEST);
    overview["journal"] = journal.entries().skip(skipped).map(entry).collect();
    overview["counts"] = to_value(journal.counts());
    overview
}

pub(super) fn clock(engine: &Engine, has_real_clock: bool) -> Value {
    let now = engine.now();
    json!({"now": now, "now_text": now.to_text(), "clock": if has_real_clock { "real" } else { "virtual" }})
}

pub(super) fn numbers(engine: &Engine) -> Value {
    engine.state().numbers.keys().filter_map(|id| number(engine, id)).collect()
}

/// A number as a person looks at it.
pub(super) fn number(engine: &Engine, id: &str) -> Option<Value> {
    let (state, now) = (engine.state(), engine.now());
    let number = state.numbers.get(id)?;
    let counting = state.rules.counting;
    let free = number.attempts.next_free(counting, false, now);
    let used = match counting {
        Counting::Shared => number.attempts.used(counting, false, now),
        // Each call has its own count: the fuller one matters.
        Counting::Separate => {
            [false, true].map(|is_other| number.attempts.used(counting, is_other, now)).into_iter().max()?
        }
    };
    let on_premises = number.on_premises.as_ref().map(|side| if side.is_running { "running" } else { "down" });
    let storage = match &number.storage {
        Storage::Default => "default",
        Storage::Local(region) => region,
        Storage::OneHour => "one_hour",
    };
    Some(json!({
        "id": id,
        "display": number.display(),
        "account": number.account,
        "status": number.status(),
        "platform": number.platform(),
        "verification": number.verification(&state.rules, now),
        "sent_code": engine.sent_code(id),
        "pin_set": number.pin.value.is_some(),
        "verified_name": number.verified_name,
        "name_status": number.name_status,
        "new_name": number.new_name.as_ref().map(|new| &new.name),
        "new_name_status": number.new_name.as_ref().map(|new| &new.status),
        "registered": number.is_registered(),
        "on_premises": on_premises,
        "storage": storage,
        "quality": number.quality,
        "limit": number.limit,
        "attempts": {
            "used": used,
            "most": MOST_ATTEMPTS,
            "next_free_in_s": free.map_or(0, |free| free.since(now).as_millis().div_ceil(1_000)),
            "locked_until": number.attempts.locked_until.filter(|until| now < *until),
        },
        "phase": phase(engine, id, number),
    }))
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

pub(super) fn delivery(delivery: &Delivery) -> Value {
    to_value(delivery)
}

pub(super) fn entry(entry: &Entry) -> Value {
    to_value(entry)
}

pub(super) fn to_value(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

const NEWEST: usize = 200;
