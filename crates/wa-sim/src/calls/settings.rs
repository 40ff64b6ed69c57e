use serde_json::{Map, Value, json};

use crate::{
    ErrorStyle, Number, Storage,
    calls::{Answer, Call, registration::REGIONS},
    error_style::{Reason, Refusal},
    params::Params,
};

pub(crate) fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    call.params.only(&["include_sip_credentials"])?;
    let with_passwords = call.params.flag("include_sip_credentials")?.unwrap_or(false);
    let error_style = call.state.rules.error_style;
    let number = call.number()?;
    Ok(Answer::new(match error_style {
        ErrorStyle::Code => json!({
            "calling": calling(number, with_passwords, error_style),
            "payload_encryption": encryption(number, "ENABLED", "DISABLED"),
            "user_identity_change": {"enable_identity_key_check": number.settings.identity_check},
            "storage_configuration": storage(&number.storage),
        }),
        ErrorStyle::Description => json!({
            "calling": calling(number, with_passwords, error_style),
            "payload_encryption": encryption(number, "enabled", "disabled"),
            "storage_configuration": reference_storage(&number.storage),
        }),
    }))
}

pub(crate) fn set(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(FEATURES)?;
    let wanted: Vec<_> = FEATURES.iter().filter(|name| params.has(name)).collect();
    let [feature] = wanted[..] else {
        return Err(Refusal::invalid("One feature setting must be specified"));
    };
    let setting = params.object(feature)?.ok_or_else(|| Refusal::invalid("One feature setting must be specified"))?;
    match *feature {
        "storage_configuration" => set_storage(call, &setting)?,
        "user_identity_change" => {
            setting.only(&["enable_identity_key_check", "enabled"])?;
            let enabled = setting.flag("enable_identity_key_check")?.or(setting.flag("enabled")?);
            call.number()?.settings.identity_check =
                enabled.ok_or_else(|| Refusal::invalid("The parameter enable_identity_key_check is required"))?;
        }
        "payload_encryption" => {
            setting.only(&["status", "client_encryption_key"])?;
            let is_on =
                switch(&setting, "status")?.ok_or_else(|| Refusal::invalid("The parameter status is required"))?;
            let key = if is_on { Some(setting.required("client_encryption_key")?.to_owned()) } else { None };
            call.number()?.settings.encryption_key = key;
        }
        _ => set_calling(call, &setting)?,
    }
    Ok(Answer::success())
}

/// Takes the shape of Meta's guides and that of its reference.
fn set_storage(call: &mut Call<'_>, setting: &Params) -> Result<(), Refusal> {
    setting.only(&["status", "data_localization_region", "retention_minutes", "enabled", "region"])?;
    let region = match setting.text("data_localization_region")? {
        Some(region) => Some(region.to_owned()),
        None => setting.text("region")?.map(str::to_uppercase),
    };
    let retention = setting.integer("retention_minutes")?;
    let status = setting.text("status")?.map(str::to_uppercase);
    let storage = match (status.as_deref(), setting.flag("enabled")?) {
        (Some("IN_COUNTRY_STORAGE_ENABLED"), None) | (None, Some(true)) => {
            // The reference's example has "us", which is none of the regions.
            match region.as_deref() {
                Some("US") if status.is_none() => Storage::Default,
                Some(known) if REGIONS.contains(&known) => Storage::Local(known.to_owned()),
                _ => {
                    let details = format!("data_localization_region must be one of {}", REGIONS.join(", "));
                    return Err(Refusal::invalid(details));
                }
            }
        }
        (Some("IN_COUNTRY_STORAGE_DISABLED" | "DEFAULT"), None) | (None, Some(false)) => Storage::Default,
        (Some("NO_STORAGE_ENABLED"), None) if retention == Some(60) => Storage::OneHour,
        (Some("NO_STORAGE_ENABLED"), None) => return Err(Refusal::invalid("retention_minutes must be 60")),
        _ => return Err(Refusal::invalid("Parameter 'status' is not valid")),
    };
    if storage == Storage::OneHour && !call.account()?.may_store_nothing {
        return Err(Refusal::new(Reason::FeatureNotSupported, "No Storage is not enabled for this account"));
    }
    let number = call.number()?;
    if number.on_business_app && storage != Storage::Default {
        return Err(Refusal::invalid("A number that the WhatsApp Business app uses has no local storage"));
    }
    if number.is_registered() {
        return Err(Refusal::invalid("Storage can be set only while the number is not registered: deregister first"));
    }
    number.storage = storage;
    Ok(())
}

fn set_calling(call: &mut Call<'_>, setting: &Params) -> Result<(), Refusal> {
    setting.only(&[
        "status",
        "call_icon_visibility",
        "callback_permission_status",
        "call_icons",
        "call_hours",
        "sip",
        "srtp_key_exchange_protocol",
        "audio",
        "video",
    ])?;
    if setting.is_empty() {
        return Err(Refusal::invalid("The parameter calling is empty"));
    }
    switch(setting, "status")?;
    switch(setting, "callback_permission_status")?;
    setting.word("call_icon_visibility", &["DEFAULT", "DISABLE_ALL", "visible", "hidden"])?;
    if let Some(sip) = setting.object("sip")? {
        sip.only(&["status", "servers"])?;
        switch(&sip, "status")?;
        for server in sip.list("servers")?.unwrap_or_default() {
            if server.get("hostname").and_then(Value::as_str).is_none() {
                return Err(Refusal::invalid("The parameter calling.sip.servers[].hostname is required"));
            }
        }
    }
    if let Some(hours) = setting.object("call_hours")? {
        let is_on =
            switch(&hours, "status")?.ok_or_else(|| Refusal::invalid("The parameter call_hours.status is required"))?;
        if is_on && hours.text("timezone_id")?.or(hours.text("timezone")?).is_none() {
            return Err(Refusal::invalid("The parameter call_hours.timezone_id is required"));
        }
    }
    let members = setting.values.clone();
    call.number()?.settings.calling.extend(members);
    Ok(())
}

/// `ENABLED` or `DISABLED`, in capitals as in the guides or small as in the reference.
fn switch(setting: &Params, name: &str) -> Result<Option<bool>, Refusal> {
    match setting.text(name)?.map(str::to_ascii_uppercase).as_deref() {
        None => Ok(None),
        Some("ENABLED") => Ok(Some(true)),
        Some("DISABLED") => Ok(Some(false)),
        Some(_) => Err(Refusal::invalid(format!("Parameter '{name}' must be one of ENABLED, DISABLED"))),
    }
}

fn calling(number: &Number, with_passwords: bool, error_style: ErrorStyle) -> Value {
    let mut calling = json!({
        "status": "DISABLED",
        "call_icon_visibility": "DEFAULT",
        "callback_permission_status": "DISABLED",
        "ip_addresses": {"default": ["157.240.0.1", "157.240.0.2"]},
    });
    for (name, value) in &number.settings.calling {
        calling[name] = value.clone();
    }
    if let Some(Value::Array(servers)) = calling.get_mut("sip").and_then(|sip| sip.get_mut("servers")) {
        for server in servers {
            server["app_id"] = "634974688087057".into();
            if with_passwords {
                server["sip_user_password"] = "simulated".into();
            }
        }
    }
    put_in_words(&mut calling, error_style);
    calling
}

/// Capitals as in the guides or small letters as in the reference, however it was set.
fn put_in_words(setting: &mut Value, error_style: ErrorStyle) {
    for (name, value) in setting.as_object_mut().into_iter().flatten() {
        match (&**name, value) {
            ("status" | "callback_permission_status", Value::String(word)) => {
                *word = if error_style == ErrorStyle::Code { word.to_uppercase() } else { word.to_lowercase() };
            }
            ("call_icon_visibility", Value::String(word)) => {
                let is_hidden = matches!(&**word, "hidden" | "DISABLE_ALL");
                *word = match (error_style, is_hidden) {
                    (ErrorStyle::Code, true) => "DISABLE_ALL",
                    (ErrorStyle::Code, false) => "DEFAULT",
                    (ErrorStyle::Description, true) => "hidden",
                    (ErrorStyle::Description, false) => "visible",
                }
                .to_owned();
            }
            (_, inner) => put_in_words(inner, error_style),
        }
    }
}

fn encryption(number: &Number, enabled: &str, disabled: &str) -> Value {
    let mut encryption = Map::new();
    let is_on = number.settings.encryption_key.is_some();
    encryption.insert("status".into(), if is_on { enabled } else { disabled }.into());
    if is_on {
        encryption.insert("client_encryption_key_fingerprint".into(), "SHA256:abcd1234...".into());
    }
    encryption.into()
}

fn storage(storage: &Storage) -> Value {
    match storage {
        Storage::Default => json!({"status": "IN_COUNTRY_STORAGE_DISABLED"}),
        Storage::Local(region) => json!({"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": region}),
        Storage::OneHour => json!({"status": "NO_STORAGE_ENABLED", "retention_minutes": 60}),
    }
}

/// The reference knows two words only.
fn reference_storage(storage: &Storage) -> Value {
    match storage {
        Storage::Local(region) => json!({"status": "in_country_storage_enabled", "data_localization_region": region}),
        _ => json!({"status": "default"}),
    }
}

const FEATURES: &[&str] = &["calling", "user_identity_change", "payload_encryption", "storage_configuration"];
