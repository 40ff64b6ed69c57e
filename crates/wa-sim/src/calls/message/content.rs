//! Messages of every kind but templates and interactive ones. Limits are from Meta's pages on the kinds, unless a line
//! says otherwise.

use serde_json::Value;

use crate::{
    Media, Time,
    calls::message::members::{Members, wrong},
    error_style::Refusal,
};

pub(super) fn check(kind: &str, content: &Value) -> Result<(), Refusal> {
    match kind {
        "image" | "audio" | "video" | "document" | "sticker" => media(kind, &Members::new(kind, content)?),
        "location" => location(&Members::new(kind, content)?),
        "contacts" => contacts(content),
        "reaction" => reaction(&Members::new(kind, content)?),
        _ => Ok(()),
    }
}

/// A file by its id or by its address.
pub(super) fn media(kind: &str, media: &Members<'_>) -> Result<(), Refusal> {
    match (media.at_most("id", 256)?, media.at_most("link", 2_048)?) {
        (None, None) => return Err(media.lacks("id")),
        // Assumed.
        (Some(_), Some(_)) => return Err(wrong(format!("Only one of id and link can be given for '{kind}'"))),
        (_, Some(link)) if !link.starts_with("http://") && !link.starts_with("https://") => {
            return Err(wrong(format!("Parameter '{}' is not a valid URI.", media.place("link"))));
        }
        _ => {}
    }
    match kind {
        "image" | "video" | "document" => _ = media.at_most("caption", 1_024)?,
        _ => media.refuse("caption", "is not supported for this type")?,
    }
    if kind != "document" {
        media.refuse("filename", "is for documents only")?;
    }
    if media.get("voice").is_some_and(|voice| kind != "audio" || !voice.is_boolean()) {
        return Err(wrong("Parameter 'voice' must be true or false, for audio only"));
    }
    Ok(())
}

fn location(location: &Members<'_>) -> Result<(), Refusal> {
    for (name, most) in [("latitude", 90.0), ("longitude", 180.0)] {
        // Text on the page, numbers in the API description.
        let degrees = match location.get(name) {
            None => return Err(location.lacks(name)),
            Some(Value::String(text)) => text.trim().parse::<f64>().ok(),
            Some(value) => value.as_f64(),
        };
        if !degrees.is_some_and(|degrees| degrees.abs() <= most) {
            return Err(wrong(format!("Parameter '{}' must be decimal degrees", location.place(name))));
        }
    }
    location.text("name")?;
    location.text("address").map(drop)
}

fn contacts(content: &Value) -> Result<(), Refusal> {
    let whole = serde_json::json!({"contacts": content});
    // The API description allows five.
    for contact in Members::new("message", &whole)?.objects("contacts", 1, 257)? {
        let name = contact.required_object("name")?;
        name.required("formatted_name", 1_024)?;
        // Reported: the formatted name alone is refused.
        let parts = ["first_name", "last_name", "middle_name", "prefix", "suffix"];
        let mut has_part = false;
        for part in parts {
            has_part |= name.text(part)?.is_some();
        }
        if !has_part {
            return Err(wrong(format!("'{}' needs one more part, such as first_name", contact.place("name"))));
        }
        for phone in contact.objects("phones", 0, 100)? {
            phone.text("phone")?;
            phone.text("wa_id")?;
        }
        for (list, member) in [("emails", "email"), ("urls", "url"), ("addresses", "street")] {
            for item in contact.objects(list, 0, 100)? {
                item.text(member)?;
            }
        }
        contact.object("org")?;
        let is_day = |text: &str| {
            let bytes = text.as_bytes();
            let is_digit = |at: usize| bytes[at].is_ascii_digit();
            bytes.len() == 10
                && [0, 1, 2, 3, 5, 6, 8, 9].into_iter().all(is_digit)
                && bytes[4] == b'-'
                && bytes[7] == b'-'
        };
        if contact.text("birthday")?.is_some_and(|text| !is_day(text)) {
            return Err(wrong(format!("Parameter '{}' must be YYYY-MM-DD", contact.place("birthday"))));
        }
    }
    Ok(())
}

fn reaction(reaction: &Members<'_>) -> Result<(), Refusal> {
    reaction.required("message_id", 1_024)?;
    // Empty takes a reaction back, which is reported.
    reaction.text("emoji")?.ok_or_else(|| reaction.lacks("emoji")).map(drop)
}

/// The code by which a message with this file fails later; nothing if the file can be sent as this kind.
///
/// Meta's page on supported media; that all of these are told by webhook and with this code is assumed.
pub(super) fn misfit(kind: &str, content: &Value, media: &Media, checks_content: bool) -> Option<i64> {
    let mime_type = &*media.mime_type;
    let types: &[&str] = match kind {
        "image" => &["image/jpeg", "image/png"],
        "audio" => &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"],
        "video" => &["video/mp4", "video/3gpp"],
        "sticker" => &["image/webp"],
        _ => &[],
    };
    let bytes = media.bytes.as_ref();
    let is_right = (types.is_empty() || types.contains(&mime_type))
        && (kind != "sticker" || bytes.len() <= LARGEST_STICKER)
        && (content["voice"] != true || mime_type == "audio/ogg")
        && (!checks_content || begins_as(mime_type, bytes));
    (!is_right).then_some(131_053)
}

/// Whether a file begins as files of its type do.
fn begins_as(mime_type: &str, bytes: &[u8]) -> bool {
    let at = |place: usize, wanted: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(wanted));
    match mime_type {
        "image/jpeg" => at(0, b"\xff\xd8\xff"),
        "image/png" => at(0, b"\x89PNG"),
        "image/webp" => at(0, b"RIFF") && at(8, b"WEBP"),
        "application/pdf" => at(0, b"%PDF"),
        "audio/ogg" => at(0, b"OggS"),
        "audio/amr" => at(0, b"#!AMR"),
        "video/mp4" | "video/3gpp" | "audio/mp4" => at(4, b"ftyp"),
        _ => true,
    }
}

/// Whether a reaction may point to a message. Meta's page on reactions: not over 30 days, not to a reaction.
pub(super) fn takes_reaction(kind: &str, at: Time, now: Time) -> bool {
    kind != "reaction" && now.since(at).as_secs() <= 30 * 24 * 3_600
}

const LARGEST_STICKER: usize = 500 << 10;
