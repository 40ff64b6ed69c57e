use serde_json::{Map, Value, json};

use crate::{
    ErrorStyle,
    calls::{Answer, Call},
    error_style::{Reason, Refusal},
    params::unknown_field,
};

pub(crate) fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let fields = call.params.fields()?;
    if let Some(unknown) = fields.iter().flatten().find(|name| !FIELDS.contains(&&***name)) {
        return Err(unknown_field(unknown, "WhatsAppBusinessProfile"));
    }
    let error_style = call.state.rules.error_style;
    let mut profile: Map<String, Value> = call
        .number()?
        .profile
        .iter()
        .filter(|(name, _)| fields.as_ref().is_none_or(|fields| fields.contains(name)))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    profile.insert("messaging_product".into(), "whatsapp".into());
    // Meta's pages show the profile itself, its description a member around it.
    let data = match error_style {
        ErrorStyle::Code => Value::Object(profile),
        ErrorStyle::Description => json!({"business_profile": profile}),
    };
    Ok(Answer::new(json!({"data": [data]})))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&[FIELDS, &["profile_picture_handle"]].concat())?;
    params.messaging_product()?;
    params.sized("about", 1, 139)?;
    params.sized("address", 0, 256)?;
    params.sized("description", 0, 512)?;
    if params.sized("email", 0, 128)?.is_some_and(|email| !email.is_empty() && !email.contains('@')) {
        return Err(Refusal::invalid("Invalid parameter: email must be a valid email address"));
    }
    params.word("vertical", VERTICALS)?;
    // What an upload gives begins with the version of its format, as in the example of Meta's description.
    if params.text("profile_picture_handle")?.is_some_and(|handle| !handle.starts_with("4:")) {
        return Err(Refusal::new(Reason::InvalidPicture, "profile_picture_handle is none that an upload gave"));
    }
    // Meta's example sends a string that holds JSON; an array works too.
    let websites = match params.values.get("websites") {
        Some(Value::String(text)) => {
            let wrong = || Refusal::invalid("Parameter 'websites' must be an array");
            Some(Value::Array(serde_json::from_str(text).map_err(|_| wrong())?))
        }
        _ => params.list("websites")?.map(Value::from),
    };
    if let Some(Value::Array(sites)) = &websites {
        let is_wrong = |site: &Value| site.as_str().is_none_or(|url| url.len() > 256 || !url.starts_with("http"));
        if sites.len() > 2 || sites.iter().any(is_wrong) {
            return Err(Refusal::invalid("Parameter 'websites' must have at most 2 addresses of 256 characters"));
        }
    }
    let picture = params.has("profile_picture_handle");
    let number = call.number()?;
    for name in ["about", "address", "description", "email", "vertical"] {
        if let Some(value) = params.values.get(name) {
            number.profile.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(websites) = websites {
        number.profile.insert("websites".to_owned(), websites);
    }
    if picture {
        number.profile.insert("profile_picture_url".to_owned(), "https://pps.whatsapp.net/v/simulated".into());
    }
    Ok(Answer::success())
}

const FIELDS: &[&str] =
    &["messaging_product", "about", "address", "description", "email", "profile_picture_url", "websites", "vertical"];

const VERTICALS: &[&str] = &[
    "",
    "UNDEFINED",
    "OTHER",
    "AUTO",
    "BEAUTY",
    "APPAREL",
    "EDU",
    "ENTERTAIN",
    "EVENT_PLAN",
    "FINANCE",
    "GROCERY",
    "GOVT",
    "HOTEL",
    "HEALTH",
    "NONPROFIT",
    "PROF_SERVICES",
    "RETAIL",
    "TRAVEL",
    "RESTAURANT",
    "ALCOHOL",
    "ONLINE_GAMBLING",
    "PHYSICAL_GAMBLING",
    "OTC_DRUGS",
    "NOT_A_BIZ",
];
