//! Interactive messages. Limits are from Meta's pages on the kinds, unless a line says otherwise.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    calls::message::{
        content::media,
        members::{Members, wrong},
    },
    error_style::Refusal,
};

pub(super) fn check(content: &Value) -> Result<(), Refusal> {
    let whole = Members::new("interactive", content)?;
    let kind = whole.word("type", KINDS)?;
    let action = whole.required_object("action")?;
    header(&whole, kind)?;
    let body = whole.object("body")?;
    match &body {
        // Not required on these pages.
        None if matches!(kind, "product" | "call_permission_request") => {}
        None => return Err(whole.lacks("body")),
        Some(body) => _ = body.required("text", if kind == "list" { 4_096 } else { 1_024 })?,
    }
    if let Some(footer) = whole.object("footer")? {
        footer.required("text", 60)?;
    }
    match kind {
        "button" => buttons(&action),
        "list" => list(&action),
        "cta_url" => {
            let parameters = named(&action, "cta_url")?;
            parameters.required("display_text", 20)?;
            url(&parameters)
        }
        "flow" => flow(&named(&action, "flow")?),
        "product" => {
            action.required("catalog_id", 256)?;
            action.required("product_retailer_id", 256).map(drop)
        }
        "product_list" => products(&action),
        "catalog_message" => action.word("name", &["catalog_message"]).map(drop),
        "location_request_message" => action.word("name", &["send_location"]).map(drop),
        "call_permission_request" => action.word("name", &["call_permission_request"]).map(drop),
        "address_message" => named(&action, "address_message")?.required("country", 2).map(drop),
        "voice_call" => {
            action.word("name", &["voice_call"])?;
            let Some(parameters) = action.object("parameters")? else {
                return Ok(());
            };
            parameters.at_most("display_text", 20)?;
            parameters.at_most("payload", 512)?;
            let minutes = parameters.get("ttl_minutes");
            match minutes.is_none_or(|value| value.as_u64().is_some_and(|minutes| (1..=43_200).contains(&minutes))) {
                true => Ok(()),
                false => Err(wrong(format!("Parameter '{}' must be 1 to 43200", parameters.place("ttl_minutes")))),
            }
        }
        "carousel" => carousel(&action),
        // Payments have pages of their own, of which only the outline is looked at.
        _ => Ok(()),
    }
}

fn header(whole: &Members<'_>, kind: &str) -> Result<(), Refusal> {
    let Some(header) = whole.object("header")? else {
        return if kind == "product_list" { Err(whole.lacks("header")) } else { Ok(()) };
    };
    let kinds: &[&str] = match kind {
        "list" | "product_list" | "flow" => &["text"],
        "button" | "cta_url" | "order_details" => &["text", "image", "video", "document"],
        "product" | "catalog_message" | "location_request_message" | "carousel" => {
            return Err(wrong(format!("Messages of type {kind} have no header")));
        }
        _ => return Ok(()),
    };
    let format = header.word("type", kinds)?;
    match format {
        "text" => header.required("text", 60).map(drop),
        _ => media(format, &header.required_object(format)?),
    }
}

fn named<'a>(action: &Members<'a>, name: &str) -> Result<Members<'a>, Refusal> {
    action.word("name", &[name])?;
    action.required_object("parameters")
}

fn url(parameters: &Members<'_>) -> Result<(), Refusal> {
    let url = parameters.required("url", 2_000)?;
    match url.starts_with("http://") || url.starts_with("https://") {
        true => Ok(()),
        false => Err(wrong(format!("Parameter '{}' is not a valid URI.", parameters.place("url")))),
    }
}

fn buttons(action: &Members<'_>) -> Result<(), Refusal> {
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for button in action.objects("buttons", 1, 3)? {
        button.word("type", &["reply"])?;
        let reply = button.required_object("reply")?;
        let id = reply.required("id", 256)?;
        if id.trim() != id {
            // The API description has it so.
            return Err(wrong(format!("'{}' must not begin or end with a space", reply.place("id"))));
        }
        if !ids.insert(id) {
            return Err(wrong(format!("Duplicated button id '{id}'")));
        }
        let title = reply.required("title", 20)?;
        if !titles.insert(title) {
            return Err(wrong(format!("Duplicated button title '{title}'")));
        }
    }
    Ok(())
}

fn list(action: &Members<'_>) -> Result<(), Refusal> {
    action.required("button", 20)?;
    let sections = action.objects("sections", 1, 10)?;
    let mut ids = BTreeSet::new();
    for section in &sections {
        // The page requires it always, the API description and older pages from two sections on.
        match section.at_most("title", 24)? {
            None if sections.len() > 1 => return Err(section.lacks("title")),
            _ => {}
        }
        for row in section.objects("rows", 1, 10)? {
            let id = row.required("id", 200)?;
            row.required("title", 24)?;
            row.at_most("description", 72)?;
            // That ids must differ is assumed.
            if !ids.insert(id) {
                return Err(wrong(format!("Duplicated row id '{id}'")));
            }
        }
    }
    match ids.len() {
        0..=10 => Ok(()),
        count => Err(wrong(format!("Total row count exceeds the maximum: {count} of 10"))),
    }
}

fn flow(parameters: &Members<'_>) -> Result<(), Refusal> {
    parameters.word("flow_message_version", &["3"])?;
    // 20 is reported.
    parameters.required("flow_cta", 30)?;
    match (parameters.at_most("flow_id", 256)?, parameters.at_most("flow_name", 256)?) {
        (None, None) => return Err(parameters.lacks("flow_id")),
        (Some(_), Some(_)) => return Err(wrong("Only one of flow_id and flow_name can be given")),
        _ => {}
    }
    if parameters.get("mode").is_some() {
        parameters.word("mode", &["draft", "published"])?;
    }
    if parameters.get("flow_action").is_some() {
        parameters.word("flow_action", &["navigate", "data_exchange"])?;
    }
    let payload = parameters.object("flow_action_payload")?;
    let data = payload.as_ref().and_then(|payload| payload.get("data"));
    match data.is_some_and(|data| data.as_object().is_none_or(|data| data.is_empty())) {
        true => {
            Err(wrong(format!("'{}' must be an object that is not empty", parameters.place("flow_action_payload"))))
        }
        false => Ok(()),
    }
}

fn products(action: &Members<'_>) -> Result<(), Refusal> {
    action.required("catalog_id", 256)?;
    let sections = action.objects("sections", 1, 10)?;
    let mut count = 0;
    for section in &sections {
        if section.at_most("title", 24)?.is_none() && sections.len() > 1 {
            return Err(section.lacks("title"));
        }
        for item in section.objects("product_items", 1, 30)? {
            item.required("product_retailer_id", 256)?;
            count += 1;
        }
    }
    match count {
        0..=30 => Ok(()),
        _ => Err(wrong(format!("Total product count exceeds the maximum: {count} of 30"))),
    }
}

fn carousel(action: &Members<'_>) -> Result<(), Refusal> {
    let mut kinds = BTreeSet::new();
    let mut indexes = BTreeSet::new();
    for card in action.objects("cards", 2, 10)? {
        let index = card.get("card_index").and_then(Value::as_u64).ok_or_else(|| card.lacks("card_index"))?;
        if index > 9 || !indexes.insert(index) {
            return Err(wrong(format!("'{}' must be 0 to 9 and differ from the others", card.place("card_index"))));
        }
        let kind = card.word("type", &["cta_url", "product"])?;
        let action = card.required_object("action")?;
        if kind == "product" {
            action.required("product_retailer_id", 256)?;
            action.required("catalog_id", 256)?;
            kinds.insert(("product", 0));
            continue;
        }
        let header = card.required_object("header")?;
        let format = header.word("type", &["image", "video"])?;
        media(format, &header.required_object(format)?)?;
        if let Some(body) = card.object("body")? {
            let text = body.required("text", 160)?;
            if text.matches('\n').count() > 2 {
                return Err(wrong(format!("'{}' has more than two line breaks", body.place("text"))));
            }
        }
        if action.get("buttons").is_none() {
            let parameters = named(&action, "cta_url")?;
            parameters.required("display_text", 20)?;
            url(&parameters)?;
            kinds.insert((format, 0));
            continue;
        }
        let buttons = action.objects("buttons", 1, 2)?;
        for button in &buttons {
            button.word("type", &["quick_reply"])?;
            let reply = button.required_object("quick_reply")?;
            reply.required("id", 256)?;
            reply.required("title", 20)?;
        }
        kinds.insert((format, buttons.len()));
    }
    match kinds.len() {
        1 => Ok(()),
        _ => Err(wrong("All cards must have the same kind of header and the same buttons")),
    }
}

const KINDS: &[&str] = &[
    "button",
    "list",
    "cta_url",
    "flow",
    "product",
    "product_list",
    "catalog_message",
    "location_request_message",
    "address_message",
    "call_permission_request",
    "voice_call",
    "carousel",
    "request_contact_info",
    "order_details",
    "order_status",
];
