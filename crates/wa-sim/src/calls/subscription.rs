use serde_json::{Value, json};

use crate::{
    Callback, ErrorStyle, Override,
    calls::{Answer, Call},
    error_style::{Reason, Refusal},
    params::unknown_field,
};

pub(crate) fn subscribe(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.params.only(&["override_callback_uri", "verify_token"])?;
    let url = call.params.text("override_callback_uri")?.filter(|url| !url.is_empty());
    if url.is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
        return Err(Refusal::invalid("Invalid callback URI format"));
    }
    if url.is_some() {
        call.params.required("verify_token")?;
    }
    let verify_token = call.params.text("verify_token")?.unwrap_or("");
    if let Some(url) = url {
        check_subscribed(call)?;
        call.check_callback(&Callback::new(url, verify_token))?;
    }
    let address = url.map(|url| Override { url: url.to_owned() });
    let is_plain = address.is_none();
    let app = call.app.to_owned();
    let (rules, now) = (call.state.rules.clone(), call.state.now);
    let account = call.account()?;
    account.lag(&rules, now);
    let known = account.subscriptions.entry(app).or_default();
    if !is_plain || rules.bare_subscribe_removes_override {
        *known = address;
    }
    if is_plain || call.state.rules.error_style == ErrorStyle::Code {
        return Ok(Answer::success());
    }
    let data = entries(call)?;
    Ok(Answer::new(json!({"success": true, "data": data})))
}

pub(crate) fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    if let Some(unknown) = call.params.fields()?.iter().flatten().find(|name| !FIELDS.contains(&&***name)) {
        return Err(unknown_field(unknown, "WhatsAppBusinessAccount"));
    }
    let data = entries(call)?;
    Ok(Answer::new(json!({"data": data})))
}

pub(crate) fn unsubscribe(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let app = call.app.to_owned();
    let (rules, now) = (call.state.rules.clone(), call.state.now);
    let account = call.account()?;
    account.lag(&rules, now);
    account.subscriptions.remove(&app);
    Ok(Answer::success())
}

/// Refuses an address for webhooks to an app that gets none.
pub(super) fn check_subscribed(call: &mut Call<'_>) -> Result<(), Refusal> {
    let app = call.app.to_owned();
    if !call.state.rules.override_needs_subscription || call.account()?.subscriptions.contains_key(&app) {
        return Ok(());
    }
    // Seen in production in these words, for the account and for the number.
    let text = "Before override the current callback uri, your app must be subscribed to receive messages for \
                WhatsApp Business Account";
    Err(Refusal::new(Reason::NotSubscribed, text))
}

fn entries(call: &mut Call<'_>) -> Result<Vec<Value>, Refusal> {
    let now = call.state.now;
    let subscriptions = call.account()?.subscriptions_as_read(now).clone();
    Ok(subscriptions
        .into_iter()
        .map(|(app, address)| {
            let name = call.state.apps.get(&app).map_or("", |app| &*app.name);
            let link = format!("https://www.facebook.com/games/?app_id={app}");
            let mut entry = json!({"whatsapp_business_api_data": {"id": app, "name": name, "link": link}});
            if let Some(address) = address {
                entry["override_callback_uri"] = address.url.into();
            }
            entry
        })
        .collect())
}

const FIELDS: &[&str] = &["id", "name", "link", "whatsapp_business_api_data", "override_callback_uri"];
