use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{
    Callback, ErrorStyle, Event, NameReview, NewName, Number, Override, State, Time,
    calls::{Answer, Call, official, subscription::check_subscribed},
    error_style::{Reason, Refusal},
    params::{NODE_TYPE, Params, unknown_field},
    rules::NAME_CHANGES,
    webhook,
};

pub(crate) fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    // Only the description has an error for it, and a client must see what it waits for.
    let is_under_maintenance = call.number()?.maintenance_until.is_some_and(|until| call.state.now < until);
    if is_under_maintenance && call.state.rules.error_style == ErrorStyle::Description {
        return Err(Refusal::new(Reason::Maintenance, "The number is under maintenance"));
    }
    let fields = call.params.fields()?;
    let fields =
        fields.as_ref().map_or_else(|| DEFAULT_FIELDS.to_vec(), |fields| fields.iter().map(|name| &**name).collect());
    let shown = show(call.state, call.node, &fields, call.version)?;
    Ok(Answer::new(shown))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let change = Change::read(call.params)?;
    let node = call.node;
    let needs_registration = call.state.rules.pin_needs_registration;
    if change.pin.is_some() && needs_registration && !call.number()?.is_registered() {
        return Err(Refusal::new(Reason::SendUnregistered, "A PIN can be set only while the number is registered"));
    }
    if change.name.is_some() {
        check_rename(call)?;
    }
    if let Some(callback) = change.callback.as_ref().filter(|callback| !callback.url.is_empty()) {
        check_subscribed(call)?;
        call.check_callback(callback)?;
    }
    let State { rules, numbers, now, .. } = &mut *call.state;
    let number = numbers.get_mut(node).ok_or_else(|| Refusal::new(Reason::NotFound, ""))?;
    // The app has a PIN of its own, so this one guards nothing.
    if let Some(pin) = change.pin.filter(|_| !number.on_business_app) {
        number.pin.value = Some(pin.to_owned());
        number.pin.guesses.clear();
    }
    if let Some(username) = change.username {
        number.username = (!username.is_empty()).then(|| username.to_owned());
    }
    if let Some(visibility) = change.visibility {
        number.search_visibility = Some(visibility.to_owned());
    }
    if let Some(callback) = change.callback {
        number.webhook = (!callback.url.is_empty()).then_some(Override { url: callback.url });
    }
    if let Some(name) = change.name {
        number.lag(rules, *now);
        number.name_changes.push(*now);
        number.new_name = Some(NewName { name: name.to_owned(), status: "PENDING_REVIEW".to_owned() });
        schedule_review(call.state, node);
    }
    Ok(Answer::success())
}

/// Refuses a new name that the number may not ask for.
fn check_rename(call: &mut Call<'_>) -> Result<(), Refusal> {
    let (now, most) = (call.state.now, call.state.rules.names_in_30_days as usize);
    let number = call.number()?;
    if number.official.status == "APPROVED" {
        return Err(Refusal::invalid("The display name of an Official Business Account cannot be changed by API"));
    }
    number.name_changes.retain(|at| now.since(*at) < NAME_CHANGES);
    if number.name_changes.len() >= most {
        return Err(Refusal::invalid(format!("The display name was changed {most} times within 30 days")));
    }
    Ok(())
}

/// Ends the review of the name that waits for it, the new one or else the first one. False if none waits.
pub(crate) fn name_decided(state: &mut State, id: &str, is_approved: bool) -> bool {
    let State { rules, numbers, now, .. } = &mut *state;
    let Some(number) = numbers.get_mut(id).filter(|number| name_in_review(number).is_some()) else {
        return false;
    };
    number.lag(rules, *now);
    // What was in effect stays so until the number is registered with the other name.
    number.name_in_effect = number.name_in_effect().map(str::to_owned);
    let new = number.new_name.take_if(|new| new.status == "PENDING_REVIEW");
    let is_new = new.is_some();
    let name = new.map_or_else(|| number.verified_name.clone(), |new| new.name);
    let is_approved = is_approved && !rules.declined_names.iter().any(|word| name.contains(&**word));
    if is_approved {
        // Meta's page on display names: the new name shows at once, and takes effect with the next registration.
        number.verified_name.clone_from(&name);
        number.name_status = "APPROVED".to_owned();
        let until = *now + Duration::from_millis(rules.name_effect_window);
        number.name_effect_until = (is_new || number.is_registered()).then_some(until);
    } else if is_new {
        number.new_name = Some(NewName { name: name.clone(), status: "DECLINED".to_owned() });
    } else {
        number.name_status = "DECLINED".to_owned();
    }
    // The webhook says REJECTED where the number says DECLINED.
    name_webhook(state, id, &name, if is_approved { "APPROVED" } else { "REJECTED" });
    true
}

/// The name whose review has not ended.
pub(crate) fn name_in_review(number: &Number) -> Option<&str> {
    match &number.new_name {
        Some(new) if new.status == "PENDING_REVIEW" => Some(&new.name),
        _ => (number.name_status == "PENDING_REVIEW").then_some(&*number.verified_name),
    }
}

pub(crate) fn name_webhook(state: &mut State, id: &str, name: &str, decision: &str) {
    let Some(number) = state.numbers.get(id) else {
        return;
    };
    let reason = if decision == "REJECTED" { Value::from("NAME_FORMAT_UNACCEPTABLE") } else { Value::Null };
    let value = json!({
        "display_phone_number": number.digits,
        "decision": decision,
        "requested_verified_name": name,
        "rejection_reason": reason,
    });
    webhook::queue(state, id, "phone_number_name_update", value);
}

/// Ends the upgrade of a number to higher throughput.
pub(crate) fn throughput_upgraded(state: &mut State, id: &str) {
    if let Some(number) = state.numbers.get_mut(id) {
        number.high_throughput = true;
        quality_webhook(state, id, "THROUGHPUT_UPGRADE", None);
    }
}

/// Tells of a number's quality, its limit or its throughput; with the limit before if that is what changed.
pub(crate) fn quality_webhook(state: &mut State, id: &str, event: &str, old_limit: Option<&str>) {
    let Some(number) = state.numbers.get(id) else {
        return;
    };
    // Meta's page on this webhook: higher throughput is TIER_UNLIMITED.
    let limit = if event == "THROUGHPUT_UPGRADE" { "TIER_UNLIMITED" } else { &*number.limit };
    let mut value = json!({
        "display_phone_number": number.digits,
        "event": event,
        "current_limit": limit,
        "max_daily_conversations_per_business": limit,
    });
    if let Some(old_limit) = old_limit {
        value["old_limit"] = old_limit.into();
    }
    webhook::queue(state, id, "phone_number_quality_update", value);
}

struct Change<'a> {
    pin: Option<&'a str>,
    name: Option<&'a str>,
    username: Option<&'a str>,
    visibility: Option<&'a str>,
    /// An empty address takes the number's own away.
    callback: Option<Callback>,
}

impl<'a> Change<'a> {
    fn read(params: &'a Params) -> Result<Self, Refusal> {
        params.only(&[
            "pin",
            "new_display_name",
            "username",
            "search_visibility",
            "webhook_configuration",
            "webhook_url",
            "connection_status",
            "whatsapp_business_api_data",
            "messaging_product",
        ])?;
        let name = params.sized("new_display_name", 2, 75)?;
        let username = params.text("username")?;
        let visibility = params.word("search_visibility", &["VISIBLE", "HIDDEN"])?;
        let status = params.word("connection_status", STATUSES)?;
        let url = params.text("webhook_url")?;
        let configuration = params.object("webhook_configuration")?;
        let data = params.object("whatsapp_business_api_data")?;
        let mut pin = if params.has("pin") { Some(params.pin("pin")?) } else { None };
        if let Some(data) = &data {
            data.only(&["pin", "show_security_notifications", "notify_user_change_number"])?;
            data.flag("show_security_notifications")?;
            data.flag("notify_user_change_number")?;
            if data.has("pin") {
                data.pin("pin")?;
                pin = params.values.get("whatsapp_business_api_data").and_then(|data| data["pin"].as_str()).or(pin);
            }
        }
        let mut callback = None;
        if let Some(configuration) = &configuration {
            configuration.only(&["override_callback_uri", "verify_token"])?;
            let url = configuration.sized("override_callback_uri", 0, 200)?;
            let missing = || Refusal::invalid("The parameter webhook_configuration.override_callback_uri is required");
            let url = url.ok_or_else(missing)?;
            if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
                return Err(Refusal::invalid("Invalid callback URI format"));
            }
            let verify_token = configuration.text("verify_token")?.unwrap_or("");
            callback = Some(Callback::new(url, verify_token));
        }
        let is_empty = pin.is_none()
            && name.is_none()
            && username.is_none()
            && visibility.is_none()
            && status.is_none()
            && configuration.is_none()
            && data.is_none()
            && url.is_none();
        if is_empty {
            return Err(Refusal::invalid("One setting must be specified"));
        }
        Ok(Self { pin, name, username, visibility, callback })
    }
}

pub(super) fn schedule_review(state: &mut State, id: &str) {
    // A name that is asked for while another is in review is reviewed instead of it.
    state.events.retain(|(_, event)| !matches!(event, Event::NameReview { number } if number == id));
    if let NameReview::After { millis } = state.rules.name_review {
        let at = state.now + Duration::from_millis(millis);
        state.schedule(at, Event::NameReview { number: id.to_owned() });
    }
}

pub(super) fn show(state: &State, id: &str, fields: &[&str], version: u16) -> Result<Value, Refusal> {
    let number = state.numbers.get(id).ok_or_else(|| Refusal::new(Reason::NotFound, ""))?;
    let mut shown = Map::new();
    for field in fields {
        if !knows(field, version) {
            return Err(unknown_field(field, NODE_TYPE));
        }
        if let Some(value) = field_of(state, id, number, field, version) {
            shown.insert((*field).to_owned(), value);
        }
    }
    shown.insert("id".to_owned(), id.into());
    Ok(shown.into())
}

/// Whether a version has a field. One that it has not fails the whole read.
pub(super) fn knows(field: &str, version: u16) -> bool {
    let since = FIELDS_SINCE.iter().find(|(name, _)| *name == field).map_or(0, |(_, since)| *since);
    FIELDS.contains(&field) && version >= since
}

/// A field's value; nothing where the service leaves the field out.
pub(super) fn field_of(state: &State, id: &str, number: &Number, field: &str, version: u16) -> Option<Value> {
    let (rules, now) = (&state.rules, state.now);
    let number = number.as_read(now);
    Some(match field {
        "id" => id.into(),
        "display_phone_number" => number.display().into(),
        "verified_name" => number.verified_name.clone().into(),
        "status" => shown_status(state, number).into(),
        "code_verification_status" => match (number.verification(rules, now), rules.error_style) {
            ("NOT_VERIFIED" | "EXPIRED", ErrorStyle::Description) => "UNVERIFIED".into(),
            (word, _) => word.into(),
        },
        "name_status" => number.name_status.clone().into(),
        "new_display_name" => number.new_name.as_ref()?.name.clone().into(),
        "new_name_status" => number.new_name.as_ref().map_or("NONE", |new| &new.status).into(),
        "unified_cert_status" => match &*number.name_status {
            "PENDING_REVIEW" => "NAME_PENDING_REVIEW".into(),
            "DECLINED" => "NAME_NOT_APPROVED".into(),
            _ => "APPROVED".into(),
        },
        "certificate" => format!("CmwKKAj{id}").into(),
        "quality_rating" => number.quality.word().into(),
        "quality_score" => json!({"score": number.quality.word()}),
        "platform_type" | "host_platform" => number.platform().into(),
        // Seen in production: from v24 on the deprecated field is taken and left out of the answer.
        "messaging_limit_tier" if version >= PORTFOLIO_LIMIT => return None,
        "messaging_limit_tier" | "whatsapp_business_manager_messaging_limit" => number.limit.clone().into(),
        "throughput" => {
            let level = match (number.is_registered(), number.high_throughput) {
                (false, _) => "NOT_APPLICABLE",
                (true, false) => "STANDARD",
                (true, true) => "HIGH",
            };
            json!({"level": level})
        }
        "account_mode" => if number.allowed_recipients.is_some() { "SANDBOX" } else { "LIVE" }.into(),
        "is_pin_enabled" => number.pin.value.is_some().into(),
        "is_official_business_account" => (number.official.status == "APPROVED").into(),
        "is_preverified_number" => false.into(),
        "is_on_biz_app" => number.on_business_app.into(),
        "official_business_account" => official::status(id, &number.official.status),
        "health_status" => health(state, id, number),
        "last_onboarded_time" => number.last_onboarded.map(Time::to_text)?.into(),
        "country_dial_code" => number.country_code.clone().into(),
        "country_code" => if number.country_code == "1" { "US" } else { "ZZ" }.into(),
        "username" => number.username.clone().into(),
        "search_visibility" => number.search_visibility.clone()?.into(),
        "eligibility_for_api_business_global_search" => "NON_ELIGIBLE_UNDEFINED_COUNTRY".into(),
        "webhook_configuration" => callbacks(state, number),
        "conversational_automation" => {
            let mut automation = number.automation.clone()?;
            automation["id"] = id.into();
            automation
        }
        _ => return None,
    })
}

/// Reported: a number that comes from the WhatsApp Business app reads as pending for a while.
fn shown_status(state: &State, number: &Number) -> &'static str {
    let settles = number.last_onboarded.filter(|_| number.on_business_app);
    let wait = Duration::from_millis(state.rules.business_app_pending_for);
    match number.status() {
        "CONNECTED" if settles.is_some_and(|since| state.now < since + wait) => "PENDING",
        status => status,
    }
}

fn health(state: &State, id: &str, number: &Number) -> Value {
    let is_locked = state.accounts.get(&number.account).is_some_and(crate::Account::is_barred);
    let entity = |kind: &str, id: &str, is_blocked: bool, code: i64, why: &str| {
        let mut entity = json!({"entity_type": kind, "id": id, "can_send_message": if is_blocked { "BLOCKED" } else { "AVAILABLE" }});
        if is_blocked {
            entity["errors"] = json!([{"error_code": code, "error_description": why, "possible_solution": why}]);
        }
        entity
    };
    let number_is_blocked = number.ban == Some(crate::Ban::Banned) || !number.is_registered();
    json!({
        "can_send_message": if is_locked || number_is_blocked { "BLOCKED" } else { "AVAILABLE" },
        "entities": [
            entity("PHONE_NUMBER", id, number_is_blocked, 133_010, "The number is not registered or banned"),
            entity("WABA", &number.account, is_locked, 141_014, "The account is banned"),
        ],
    })
}

fn callbacks(state: &State, number: &Number) -> Value {
    let mut callbacks = Map::new();
    if let Some(own) = &number.webhook {
        callbacks.insert("phone_number".into(), own.url.clone().into());
    }
    let account = state.accounts.get(&number.account);
    for (app, address) in account.iter().flat_map(|account| &account.subscriptions) {
        if let Some(address) = address {
            callbacks.insert("whatsapp_business_account".into(), address.url.clone().into());
        }
        if let Some(callback) = state.apps.get(app).and_then(|app| app.callback.as_ref()) {
            callbacks.insert("application".into(), callback.url.clone().into());
        }
    }
    callbacks.into()
}

const DEFAULT_FIELDS: &[&str] = &["id", "display_phone_number", "verified_name", "quality_rating"];
pub(super) const FIELDS: &[&str] = &[
    "id",
    "display_phone_number",
    "verified_name",
    "status",
    "code_verification_status",
    "name_status",
    "new_display_name",
    "new_name_status",
    "unified_cert_status",
    "certificate",
    "new_certificate",
    "quality_rating",
    "quality_score",
    "platform_type",
    "host_platform",
    "messaging_limit_tier",
    "whatsapp_business_manager_messaging_limit",
    "throughput",
    "account_mode",
    "is_pin_enabled",
    "is_official_business_account",
    "is_preverified_number",
    "is_on_biz_app",
    "official_business_account",
    "health_status",
    "last_onboarded_time",
    "country_code",
    "country_dial_code",
    "username",
    "search_visibility",
    "eligibility_for_api_business_global_search",
    "webhook_configuration",
    "conversational_automation",
];
/// Since which version there are fields that older ones do not know.
const FIELDS_SINCE: &[(&str, u16)] = &[("whatsapp_business_manager_messaging_limit", PORTFOLIO_LIMIT)];
/// Meta's changelog: from v24 on limits belong to the business portfolio.
const PORTFOLIO_LIMIT: u16 = 24;
const STATUSES: &[&str] = &[
    "CONNECTED",
    "DISCONNECTED",
    "PENDING",
    "FLAGGED",
    "RESTRICTED",
    "RATE_LIMITED",
    "MESSAGING_LIMIT_TIER_0",
    "MESSAGING_LIMIT_TIER_1",
    "MESSAGING_LIMIT_TIER_2",
    "MESSAGING_LIMIT_TIER_3",
    "MESSAGING_LIMIT_TIER_4",
];
