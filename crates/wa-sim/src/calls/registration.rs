use std::time::Duration;

use crate::{
    Event, Number, RegisterOnBusinessApp, RegisterOutcome, Rules, State, Storage, Time,
    calls::{Answer, Call, quality_webhook},
    error_style::{Reason, Refusal},
    params::Params,
    rules::{DAY, MINUTE, SETTLING},
    webhook,
};

pub(crate) fn register(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    // What is not well-formed never reaches the number, so it spends no attempt; all that follows does.
    let form = Form::read(call.params)?;
    admit(call, false)?;
    let was_fast = call.number()?.high_throughput;
    let connected = connect(call, &form);
    if connected.is_err() && !call.state.rules.failed_requests_count {
        call.number()?.attempts.forget_last(false);
    }
    // Meta's migration page: up to 15 seconds, whatever the outcome.
    let delay = match form.backup {
        Some(_) => Duration::from_millis(call.state.rules.migration_takes),
        None => Duration::ZERO,
    };
    let outcome = connected.map_err(|refusal| Refusal { delay, ..refusal })?;
    if outcome == Connected::New {
        quality_webhook(call.state, call.node, "ONBOARDING", None);
        if call.number()?.high_throughput && !was_fast {
            quality_webhook(call.state, call.node, "THROUGHPUT_UPGRADE", None);
        }
    }
    let mut answer = Answer { delay, ..Answer::success() };
    if outcome == Connected::BeforeWithItsPin {
        // The page on the new account model says that the answer tells, not how.
        answer.body["is_already_registered"] = true.into();
    }
    Ok(answer)
}

/// Ends a registration that was answered with success before the number was connected.
pub(crate) fn connected_at_last(state: &mut State, id: &str) {
    let State { rules, numbers, now, .. } = &mut *state;
    let Some(number) = numbers.get_mut(id).filter(|number| number.connects_at.is_some()) else {
        return;
    };
    take_effect(number, rules, *now);
    quality_webhook(state, id, "ONBOARDING", None);
}

pub(crate) fn deregister(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    admit(call, true)?;
    let disconnected = disconnect(call);
    if disconnected.is_err() && !call.state.rules.failed_requests_count {
        call.number()?.attempts.forget_last(true);
    }
    disconnected?;
    // Meta's changelog: `ACCOUNT_DELETED` when a number is deregistered.
    let value = serde_json::json!({"phone_number": call.number()?.digits, "event": "ACCOUNT_DELETED"});
    webhook::queue(call.state, call.node, "account_update", value);
    Ok(Answer::success())
}

/// The region codes that Meta's pages on local storage list.
pub(super) const REGIONS: &[&str] =
    &["AE", "AU", "BH", "BR", "CA", "CH", "DE", "GB", "ID", "IN", "JP", "KR", "SG", "ZA"];

struct Form<'a> {
    pin: &'a str,
    region: Option<&'a str>,
    stores_one_hour: bool,
    backup: Option<Params>,
}

impl<'a> Form<'a> {
    fn read(params: &'a Params) -> Result<Self, Refusal> {
        params.only(&[
            "messaging_product",
            "pin",
            "backup",
            "tier",
            "data_localization_region",
            "meta_store_retention_minutes",
        ])?;
        params.messaging_product()?;
        let pin = params.pin("pin")?;
        params.word("tier", &["PROD", "SANDBOX"])?;
        let region = params.word("data_localization_region", REGIONS)?;
        let retention = params.integer("meta_store_retention_minutes")?;
        if retention.is_some_and(|minutes| minutes != 60) {
            return Err(Refusal::invalid("Parameter 'meta_store_retention_minutes' must be 60"));
        }
        // Meta's page on No Storage: not together with a region.
        if retention.is_some() && region.is_some() {
            return Err(Refusal::invalid("meta_store_retention_minutes excludes data_localization_region"));
        }
        let backup = params.object("backup")?;
        if let Some(backup) = &backup {
            backup.only(&["password", "data"])?;
            backup.required("password")?;
            backup.required("data")?;
        }
        Ok(Self { pin, region, stores_one_hour: retention.is_some(), backup })
    }
}

fn admit(call: &mut Call<'_>, deregister: bool) -> Result<(), Refusal> {
    let now = call.state.now;
    let (counting, prolong) = (call.state.rules.counting, call.state.rules.lock_is_prolonged);
    let attempts = &mut call.number()?.attempts;
    attempts.prune(now);
    attempts.admit(counting, deregister, prolong, now).map_err(|wait| {
        let hours = wait.as_secs().div_ceil(3_600);
        Refusal::new(Reason::AttemptLimit, format!("Too many attempts: the number is locked for {hours} more hours"))
    })
}

/// What a registration that succeeds finds and does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Connected {
    /// The number is connected now.
    New,
    /// It was connected before.
    Before,
    /// It was connected before, and nobody looked at the PIN.
    BeforeWithItsPin,
    /// It is not connected, whatever the answer says.
    NotYet,
}

/// The conditions in the order of the documents.
fn connect(call: &mut Call<'_>, form: &Form<'_>) -> Result<Connected, Refusal> {
    let now = call.state.now;
    let account = call.account()?;
    let (is_barred, may_store_nothing) = (account.is_barred(), account.may_store_nothing);
    let State { rules, numbers, .. } = &mut *call.state;
    let number = numbers.get_mut(call.node).ok_or_else(|| Refusal::new(Reason::NotFound, ""))?;

    let is_owned = number.is_owned(rules, now);
    if let Some(side) = number.on_premises.as_mut().filter(|side| form.backup.is_some() && side.is_running) {
        // Meta's migration page: the deployment is disconnected and shut down first, and stays so.
        side.is_running = false;
        side.down_since = Some(now);
    }
    if is_barred || number.status() == "BANNED" {
        return Err(Refusal::new(Reason::AccountLocked, "The account is banned or locked"));
    }
    let is_on_app = number.on_business_app && number.is_registered();
    if is_on_app && rules.register_on_business_app == RegisterOnBusinessApp::Refused {
        return Err(Refusal::new(
            Reason::OnBusinessApp,
            "Register endpoint is not available for API solution for SMB businesses.",
        ));
    }
    if !is_owned {
        return Err(Refusal::new(Reason::NotVerified, "Request a code and verify it before registering"));
    }
    if number.is_registered() && rules.register_again_keeps_pin {
        put_name_into_effect(number, now);
        return Ok(Connected::BeforeWithItsPin);
    }
    if rules.name_must_be_usable && !number.name_is_approved() {
        return Err(Refusal::new(
            Reason::NameNotUsable,
            format!("The display name cannot be used: {}", number.name_status),
        ));
    }
    if number.attached_elsewhere {
        return Err(Refusal::new(Reason::AttachedElsewhere, "The number is still in use with another account"));
    }
    check_pin(number, rules, form.pin, now)?;
    check_blockers(number, now)?;
    if rules.strict_region && form.region.is_some() && call.version >= NO_REGION_FROM {
        return Err(Refusal::invalid("data_localization_region is deprecated: set it with /settings"));
    }
    if let Some(backup) = &form.backup {
        check_backup(number, backup, form.region)?;
    }
    if number.is_registered() {
        let in_force = match &number.storage {
            Storage::Local(region) => Some(&**region),
            _ => None,
        };
        if form.region.is_some() && form.region != in_force {
            return Err(Refusal::invalid("The data localization region cannot be changed while registered"));
        }
        if rules.register_again_is_refused {
            return Err(Refusal::new(Reason::AlreadyRegistered, "The number is already registered"));
        }
    }
    if form.stores_one_hour && !may_store_nothing {
        return Err(Refusal::new(Reason::FeatureNotSupported, "No Storage is not enabled for this account"));
    }

    number.lag(rules, now);
    number.pin.value = Some(form.pin.to_owned());
    if is_on_app {
        number.on_business_app = false;
    }
    if number.is_registered() {
        put_name_into_effect(number, now);
        return Ok(Connected::Before);
    }
    match form.region {
        Some(region) => number.storage = Storage::Local(region.to_owned()),
        None if form.stores_one_hour => number.storage = Storage::OneHour,
        None => {}
    }
    // Meta's migration page: a deployment of two or more shards keeps its throughput.
    number.high_throughput |= form.backup.is_some() && number.on_premises.as_ref().is_some_and(|side| side.shards > 1);
    match rules.register_outcome {
        RegisterOutcome::Connects => {
            take_effect(number, rules, now);
            Ok(Connected::New)
        }
        RegisterOutcome::StaysPending => Ok(Connected::NotYet),
        RegisterOutcome::ConnectsAfter { millis } => {
            let at = now + Duration::from_millis(millis);
            number.connects_at = Some(at);
            call.state.events.retain(|(_, event)| !matches!(event, Event::Connected { number } if number == call.node));
            call.state.schedule(at, Event::Connected { number: call.node.to_owned() });
            Ok(Connected::NotYet)
        }
    }
}

fn take_effect(number: &mut Number, rules: &Rules, now: Time) {
    number.lag(rules, now);
    number.connects_at = None;
    number.reads_connected = false;
    number.connected_at = Some(now);
    number.last_onboarded = Some(now);
    put_name_into_effect(number, now);
}

/// Meta's page on display names: only a registration after the approval does it, and only for 14 days.
fn put_name_into_effect(number: &mut Number, now: Time) {
    if number.name_is_approved() && number.name_effect_until.is_none_or(|until| now < until) {
        number.name_in_effect = Some(number.verified_name.clone());
        number.name_effect_until = None;
    }
}

fn check_pin(number: &mut Number, rules: &Rules, pin: &str, now: Time) -> Result<(), Refusal> {
    let guesses = &mut number.pin.guesses;
    guesses.retain(|at| now.since(*at) < DAY);
    let within = |span: Duration| guesses.iter().filter(|at| now.since(**at) < span).count();
    let wait = |span: Duration| {
        let first = guesses.iter().find(|at| now.since(**at) < span).copied().unwrap_or(now);
        seconds((first + span).since(now))
    };
    if within(DAY) >= rules.pin_guesses_a_day as usize {
        let details = format!("Too many wrong PINs: wait {} seconds", wait(DAY));
        return Err(Refusal::new(Reason::PinGuessedTooOften, details));
    }
    if within(MINUTE) >= rules.pin_guesses_a_minute as usize {
        let details = format!("Wrong PINs came too fast: wait {} seconds", wait(MINUTE));
        return Err(Refusal::new(Reason::PinGuessedTooFast, details));
    }
    if number.pin.value.as_deref().is_some_and(|set| set != pin) {
        guesses.push(now);
        return Err(Refusal::new(Reason::WrongPin, "The PIN is not the one of this number"));
    }
    Ok(())
}

fn check_blockers(number: &Number, now: Time) -> Result<(), Refusal> {
    if number.is_under_maintenance(now) {
        return Err(Refusal::new(Reason::Maintenance, "The number is under maintenance"));
    }
    if number.half_deregistered {
        return Err(Refusal::new(Reason::HalfDeregistered, "The last deregistration failed: deregister again"));
    }
    let settled = number.deregistered_at.map(|at| at + SETTLING);
    if let Some(settled) = settled.filter(|settled| now < *settled) {
        let details = format!("Wait {} seconds", seconds(settled.since(now)));
        return Err(Refusal::new(Reason::JustDeregistered, details));
    }
    Ok(())
}

fn check_backup(number: &Number, backup: &Params, region: Option<&str>) -> Result<(), Refusal> {
    let Some(side) = &number.on_premises else {
        return Ok(());
    };
    if let Some(readable) = &side.backup {
        if backup.required("data")? != readable.data {
            return Err(Refusal::new(Reason::BackupUnreadable, "The backup cannot be read"));
        }
        if backup.required("password")? != readable.password {
            return Err(Refusal::new(Reason::BackupPassword, "The password does not open the backup"));
        }
    }
    let set = match &number.storage {
        Storage::Local(set) => Some(&**set),
        _ => None,
    };
    if side.region.is_some() && side.region.as_deref() != region.or(set) {
        return Err(Refusal::invalid("Expected data localization region"));
    }
    Ok(())
}

fn disconnect(call: &mut Call<'_>) -> Result<(), Refusal> {
    let now = call.state.now;
    let State { rules, numbers, events, .. } = &mut *call.state;
    let number = numbers.get_mut(call.node).ok_or_else(|| Refusal::new(Reason::NotFound, ""))?;
    if number.on_premises_runs() && !number.is_registered() {
        return Err(Refusal::new(Reason::NotHosted, "The number is not registered here: On-Premises serves it"));
    }
    if !number.is_registered() && !number.half_deregistered {
        return Err(Refusal::new(Reason::DeregisterUnregistered, "The number is not registered"));
    }
    if number.on_business_app {
        // Seen in production in these words.
        let text = "Deregister endpoint is not available for API solution for SMB businesses.";
        return Err(Refusal::new(Reason::OnBusinessApp, text));
    }
    // Meta's page on throughput: a number that is being upgraded cannot be used.
    if number.is_under_maintenance(now) {
        return Err(Refusal::new(Reason::Maintenance, "The number is under maintenance"));
    }
    number.lag(rules, now);
    number.name_in_effect = number.name_in_effect().map(str::to_owned);
    events.retain(|(_, event)| !matches!(event, Event::Connected { number } if number == call.node));
    number.connects_at = None;
    number.half_deregistered = false;
    number.connected_at = None;
    number.deregistered_at = Some(now);
    number.storage = Storage::Default;
    if rules.deregister_forgets_pin {
        number.pin.value = None;
        number.pin.guesses.clear();
    }
    Ok(())
}

/// Whole seconds, never too few.
fn seconds(span: Duration) -> u128 {
    span.as_millis().div_ceil(1_000)
}

/// Meta's pages on local storage: the parameter is deprecated from v21 on.
const NO_REGION_FROM: u16 = 21;
