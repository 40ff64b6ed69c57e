//! Files of a number. Meta's page on media, unless a line says otherwise.

use std::time::Duration;

use http::header::{AUTHORIZATION, USER_AGENT};
use serde_json::json;

use crate::{
    ErrorStyle, Media, Storage, Time,
    calls::{Answer, Call},
    error_style::{Reason, Refusal},
    multipart,
    webhook::hmac,
};

pub(crate) fn upload(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.messaging_product()?;
    params.only(&["messaging_product", "file", "type", "ttl_minutes"])?;
    let content_type = call.sent.content_type();
    let parts = multipart::boundary(content_type).and_then(|boundary| multipart::parts(boundary, call.sent.body));
    let file = parts.into_iter().flatten().find(|part| part.name == "file" && part.filename.is_some());
    // The wording is seen.
    let file = file.ok_or_else(|| Refusal::new(Reason::OwnWords, "The parameter file is required."))?;
    let stated = params.text("type")?.map(str::to_owned);
    // That the part's own type goes before the other is assumed: an octet stream is seen to be refused whatever `type` says.
    let mime_type = file.content_type.clone().or(stated).unwrap_or_default();
    let mime_type = mime_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let Some((_, most)) = TYPES.iter().find(|(known, _)| *known == mime_type) else {
        let types: Vec<_> = TYPES.iter().map(|(known, _)| *known).collect();
        let text = format!(
            "Param file must be a file with one of the following types: {}. Received file of type '{mime_type}'.",
            types.join(", ")
        );
        return Err(Refusal::new(Reason::OwnWords, text));
    };
    // The limits are documented, the code is assumed.
    if file.bytes.len() > most * MEGABYTE {
        let text = format!("Param file must be at most {most} MB for files of type {mime_type}");
        return Err(Refusal::new(Reason::OwnWords, text));
    }
    if file.bytes.is_empty() {
        return Err(Refusal::new(Reason::OwnWords, "Param file must not be empty"));
    }
    let number = call.number()?;
    let stores_nothing = number.storage == Storage::OneHour;
    let life = match params.integer("ttl_minutes")? {
        None if stores_nothing => HOUR,
        None => LIFE,
        // That other numbers are refused it is assumed.
        Some(_) if !stores_nothing => {
            return Err(Refusal::invalid("Parameter 'ttl_minutes' needs a number without local storage"));
        }
        Some(minutes) if !(60..=43_200).contains(&minutes) => {
            return Err(Refusal::invalid("Parameter 'ttl_minutes' must be between 60 and 43200"));
        }
        Some(minutes) => Duration::from_secs(minutes.unsigned_abs() * 60),
    };
    let now = call.state.now;
    let media = Media {
        number: call.node.to_owned(),
        mime_type,
        filename: file.filename.clone(),
        bytes: file.bytes.to_vec().into(),
        created: now,
        until: now + life,
        is_inbound: false,
    };
    let id = call.state.keep_media(media);
    Ok(Answer::new(json!({"id": id})))
}

pub(crate) fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let base = call.sent.base();
    let style = call.state.rules.error_style;
    let until = call.state.now + URL_LIFE;
    let media = own(call)?;
    let size = media.bytes.as_ref().len();
    // Text in the description, a number in Meta's page on media.
    let size = if style == ErrorStyle::Description { size.to_string().into() } else { json!(size) };
    Ok(Answer::new(json!({
        "messaging_product": "whatsapp",
        "url": address(&base, call.node, media, until),
        "mime_type": media.mime_type,
        "sha256": media.bytes.sha256(),
        "file_size": size,
        "id": call.node,
    })))
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    own(call)?;
    call.state.media.remove(call.node);
    Ok(Answer::success())
}

/// What the address in the answer of `read` leads to.
pub(crate) fn download(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let headers = call.sent.headers;
    // The page sends the token as a header; that an address with it is refused is assumed.
    if !headers.contains_key(AUTHORIZATION) {
        return Err(Refusal::new(Reason::NoToken, "An access token is required"));
    }
    // Reported: without a name of the program there is an error instead of the file.
    if call.state.rules.downloads_need_user_agent && !headers.contains_key(USER_AGENT) {
        return Err(Refusal::new(Reason::FileGone, "The header User-Agent is missing"));
    }
    let now = call.state.now;
    let gone = || Refusal::new(Reason::FileGone, "URL signature expired");
    let media = call.state.media.get(call.node).ok_or_else(gone)?;
    let until = call.params.text("ext")?.and_then(|text| text.parse::<u64>().ok()).ok_or_else(gone)?;
    if call.params.text("hash")? != Some(&*signature(call.node, media, until)) || now.as_secs() >= until {
        return Err(gone());
    }
    Ok(Answer::file(media.mime_type.clone(), media.bytes.clone()))
}

/// The file, if it belongs to the number that the caller names, where one is named.
fn own<'a>(call: &'a Call<'_>) -> Result<&'a Media, Refusal> {
    call.params.only(&["phone_number_id"])?;
    let media = call.state.media.get(call.node).ok_or_else(|| Refusal::new(Reason::NotFound, ""))?;
    match call.params.text("phone_number_id")? {
        // The code is assumed.
        Some(number) if number != media.number => {
            Err(Refusal::invalid("The media was not uploaded to the number in 'phone_number_id'"))
        }
        _ => Ok(media),
    }
}

/// The form of Meta's own, which is another host's there.
fn address(base: &str, id: &str, media: &Media, until: Time) -> String {
    let until = until.as_secs();
    format!("{base}/{HOST_PATH}/?mid={id}&ext={until}&hash={}", signature(id, media, until))
}

fn signature(id: &str, media: &Media, until: u64) -> String {
    hmac(&media.bytes.sha256(), format!("{id}|{until}").as_bytes())
}

/// The path that files are downloaded from, as of the addresses that are seen.
pub(crate) const HOST_PATH: &str = "whatsapp_business/attachments";
const LIFE: Duration = Duration::from_secs(30 * 24 * 3_600);
const HOUR: Duration = Duration::from_secs(3_600);
const URL_LIFE: Duration = Duration::from_secs(300);
const MEGABYTE: usize = 1 << 20;
/// The types that are taken, with the most megabytes of each.
pub(crate) const TYPES: &[(&str, usize)] = &[
    ("audio/aac", 16),
    ("audio/mp4", 16),
    ("audio/mpeg", 16),
    ("audio/amr", 16),
    ("audio/ogg", 16),
    ("audio/opus", 16),
    ("application/vnd.ms-powerpoint", 100),
    ("application/msword", 100),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", 100),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", 100),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 100),
    ("application/pdf", 100),
    ("text/plain", 100),
    ("application/vnd.ms-excel", 100),
    ("image/jpeg", 5),
    ("image/png", 5),
    ("image/webp", 1),
    ("video/mp4", 16),
    ("video/3gpp", 16),
];
