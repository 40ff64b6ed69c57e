//! Resumable uploads of an app. Meta's guide to the Resumable Upload API, unless a line says otherwise.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{
    Upload,
    calls::{Answer, Call},
    error_style::Refusal,
};

pub(crate) fn start(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let params = call.params;
    params.only(&["file_name", "file_length", "file_type", "session_type"])?;
    params.word("session_type", &["attachment"])?;
    let length = params.integer("file_length")?;
    let length = length.ok_or_else(|| Refusal::invalid("The parameter file_length is required"))?;
    let length = u64::try_from(length).ok().filter(|length| (1..=LONGEST).contains(length));
    let length = length.ok_or_else(|| Refusal::invalid("Parameter 'file_length' must be from 1 to 104857600"))?;
    params.required("file_type")?;
    let mime_type = params.word("file_type", TYPES)?.unwrap_or_default().to_owned();
    let id = format!("upload:MTphdHRhY2htZW50{}==", call.state.seed.letters(24));
    // Seen: a signature follows the id, as a query does, and is refused as a part of the path.
    let signature = format!("AR{}", call.state.seed.letters(20));
    let created = call.state.now;
    let signed = signature.clone();
    let upload = Upload {
        app: call.node.to_owned(),
        signature: signed,
        length,
        mime_type,
        bytes: Vec::new().into(),
        handle: None,
        created,
    };
    call.state.uploads.insert(id.clone(), upload);
    call.state.shrink_files(&id);
    Ok(Answer::new(json!({"id": format!("{id}?sig={signature}")})))
}

pub(crate) fn append(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let offset = call.sent.headers.get("file_offset").and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok());
    let offset = offset.ok_or_else(|| Refusal::invalid("The header file_offset is required, such as 0"))?;
    let sent = call.sent.body;
    let random = call.state.seed.letters(48);
    let upload = session(call)?;
    let known = upload.bytes.as_ref().len() as u64;
    // The texts are assumed.
    if let Some(handle) = &upload.handle {
        return Ok(Answer::new(json!({"h": handle})));
    }
    if offset != known {
        return Err(Refusal::invalid(format!("The header file_offset must be {known}, where the upload stands")));
    }
    if known + sent.len() as u64 > upload.length {
        return Err(Refusal::invalid("There are more bytes than file_length says"));
    }
    upload.bytes = [upload.bytes.as_ref(), sent].concat().into();
    if known + (sent.len() as u64) < upload.length {
        // An upload that was cut off; the connection of its caller is gone in most cases.
        return Err(Refusal::invalid("The upload is not complete: ask for its offset and go on there"));
    }
    let handle =
        format!("4::{}:ARZ{random}:e:{}:{}", mime_in_handle(&upload.mime_type), upload.created.as_secs(), upload.app);
    upload.handle = Some(handle.clone());
    upload.bytes = Vec::new().into();
    Ok(Answer::new(json!({"h": handle})))
}

pub(crate) fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let node = call.node;
    let upload = session(call)?;
    let offset = if upload.handle.is_some() { upload.length } else { upload.bytes.as_ref().len() as u64 };
    Ok(Answer::new(json!({"id": node, "file_offset": offset})))
}

fn session<'a>(call: &'a mut Call<'_>) -> Result<&'a mut Upload, Refusal> {
    let signature = call.params.text("sig")?;
    let upload = call.state.uploads.get_mut(call.node);
    // The text is assumed.
    upload
        .filter(|upload| Some(&*upload.signature) == signature)
        .ok_or_else(|| Refusal::invalid("The upload session is not known: its id goes on behind the question mark"))
}

/// A handle names the type of its file in base64, as of those that are seen.
fn mime_in_handle(mime_type: &str) -> String {
    STANDARD.encode(mime_type)
}

const LONGEST: u64 = 100 << 20;
const TYPES: &[&str] = &["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"];
