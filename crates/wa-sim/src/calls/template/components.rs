//! What a template may be made of. Meta's page on components, unless a line says otherwise; which subcode stands for
//! which flaw is documented or seen, the texts are ours.

use serde_json::{Value, json};

use crate::{
    error_style::{Flaw, Reason, Refusal},
    template::{is_of, variables},
};

pub(super) fn check(category: &str, format: &str, components: &[Value]) -> Result<(), Refusal> {
    let is_named = format == "NAMED";
    let mut seen = Vec::new();
    for component in components {
        let kind = word(component, "type").ok_or_else(|| Refusal::invalid("components: each needs a type"))?;
        if !KINDS.contains(&&*kind) {
            return Err(Refusal::invalid(format!("components: the type {kind} is none of a component")));
        }
        if seen.contains(&kind) {
            return Err(Refusal::invalid(format!("components: there can be one {kind} only")));
        }
        match &*kind {
            _ if category == "AUTHENTICATION" => one_time_password(&kind, component)?,
            "HEADER" => header(component, is_named)?,
            "BODY" => body(component, is_named, if is_in(components, "LIMITED_TIME_OFFER") { 600 } else { 1_024 })?,
            "FOOTER" => footer(component)?,
            "BUTTONS" => buttons(component)?,
            "CAROUSEL" => cards(component, is_named)?,
            "LIMITED_TIME_OFFER" => offer(category, components, component)?,
            "CALL_PERMISSION_REQUEST" if category == "AUTHENTICATION" => {
                return Err(Refusal::invalid("components: CALL_PERMISSION_REQUEST is for marketing and utility"));
            }
            _ => {}
        }
        seen.push(kind);
    }
    match seen.iter().any(|kind| kind == "BODY") {
        true => Ok(()),
        false => Err(Refusal::new(Reason::Template(&INCOMPLETE), "")),
    }
}

/// Components as reads show them: types in capitals, and one-time passwords as links with the service's own texts.
pub(super) fn as_read(components: &[Value]) -> Vec<Value> {
    let mut shown = components.to_vec();
    for component in &mut shown {
        for name in ["type", "format"] {
            if let Some(word) = word(component, name) {
                component[name] = word.into();
            }
        }
        if is_of(component, "BODY") && component.get("text").is_none() {
            let mut text = "*{{1}}* is your verification code.".to_owned();
            if component["add_security_recommendation"] == true {
                text += " For your security, do not share this code.";
            }
            component["text"] = text.into();
            component["example"] = json!({"body_text": [["123456"]]});
        }
        if is_of(component, "FOOTER")
            && let Some(minutes) = component["code_expiration_minutes"].as_u64()
        {
            component["text"] = format!("This code expires in {minutes} minutes.").into();
        }
        let buttons = component.get_mut("buttons").and_then(Value::as_array_mut);
        for button in buttons.into_iter().flatten() {
            if let Some(kind) = word(button, "type") {
                button["type"] = kind.into();
            }
            if is_of(button, "OTP") {
                let kind = word(button, "otp_type").unwrap_or_default();
                let url = format!("https://www.whatsapp.com/otp/code/?otp_type={kind}&code=otp{{{{1}}}}");
                let text = button["text"].as_str().unwrap_or("Copy code").to_owned();
                *button = json!({"type": "URL", "text": text, "url": url, "example": [url.replace("{{1}}", "123456")]});
            }
        }
    }
    shown
}

fn header(header: &Value, is_named: bool) -> Result<(), Refusal> {
    let format = word(header, "format").unwrap_or_default();
    match &*format {
        "TEXT" => {
            let text = header["text"].as_str().ok_or_else(|| Refusal::new(Reason::Template(&HEADER), ""))?;
            let length = text.chars().count();
            let names = variables(text);
            // Seen: no line breaks, no asterisks.
            if length == 0 || names.len() > 1 || text.contains(['\n', '*']) {
                return Err(Refusal::new(Reason::Template(&HEADER), ""));
            }
            if length > 60 {
                return Err(Refusal::new(Reason::Template(&LONG), ""));
            }
            named_well(&names, is_named)?;
            let example = &header["example"];
            let has_example = match is_named {
                true => filled(&example["header_text_named_params"], 1),
                false => filled(&example["header_text"], 1),
            };
            match names.is_empty() || has_example {
                true => Ok(()),
                false => Err(Refusal::new(Reason::Template(&NO_EXAMPLE), "")),
            }
        }
        "IMAGE" | "VIDEO" | "DOCUMENT" | "GIF" => match filled(&header["example"]["header_handle"], 1) {
            true => Ok(()),
            false => Err(Refusal::new(Reason::Template(&NO_SAMPLE), "")),
        },
        "LOCATION" | "PRODUCT" => Ok(()),
        _ => Err(Refusal::new(Reason::Template(&HEADER), "")),
    }
}

fn body(body: &Value, is_named: bool, most: usize) -> Result<(), Refusal> {
    let text = body["text"].as_str().filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| Refusal::new(Reason::Template(&INCOMPLETE), ""))?;
    if text.chars().count() > most {
        return Err(Refusal::new(Reason::Template(&LONG), ""));
    }
    if text.contains("\n\n\n") {
        return Err(Refusal::new(Reason::Template(&BODY), ""));
    }
    let names = variables(text);
    named_well(&names, is_named)?;
    // Seen: punctuation after the last one does not help.
    let end =
        text.trim_end_matches(|letter: char| letter.is_ascii_punctuation() && letter != '}' || letter.is_whitespace());
    if text.trim_start().starts_with("{{") || end.ends_with("}}") {
        return Err(Refusal::new(Reason::Template(&AT_THE_EDGE), ""));
    }
    let squeezed: String = text.split_whitespace().collect();
    if squeezed.contains("}}{{") {
        return Err(Refusal::new(Reason::Template(&BODY), ""));
    }
    // How many are too many is on no page: twice as many words and one are reported.
    let words = text.split_whitespace().filter(|word| !word.contains("{{")).count();
    if names.len() > 1 && words < names.len() * 2 + 1 {
        return Err(Refusal::new(Reason::Template(&TOO_MANY), ""));
    }
    let example = &body["example"];
    let has_example = match is_named {
        true => filled(&example["body_text_named_params"], names.len()),
        // Nested on the page and flat in some examples.
        false => filled(&example["body_text"][0], names.len()) || filled(&example["body_text"], names.len()),
    };
    match names.is_empty() || has_example {
        true => Ok(()),
        false => Err(Refusal::new(Reason::Template(&NO_EXAMPLE), "")),
    }
}

fn footer(footer: &Value) -> Result<(), Refusal> {
    match footer["text"].as_str() {
        Some(text) if text.chars().count() > 60 => Err(Refusal::new(Reason::Template(&LONG), "")),
        Some(text) if text.is_empty() || text.contains("{{") || text.contains('\n') => {
            Err(Refusal::new(Reason::Template(&FOOTER), ""))
        }
        Some(_) => Ok(()),
        None => Err(Refusal::new(Reason::Template(&FOOTER), "")),
    }
}

fn buttons(component: &Value) -> Result<(), Refusal> {
    let buttons = component["buttons"].as_array().filter(|buttons| (1..=10).contains(&buttons.len()));
    let buttons = buttons.ok_or_else(|| Refusal::invalid("components: BUTTONS must have 1 to 10 buttons"))?;
    let mut kinds = Vec::new();
    for button in buttons {
        let kind = word(button, "type").unwrap_or_default();
        let Some((_, most)) = BUTTONS.iter().find(|(known, _)| *known == kind) else {
            return Err(Refusal::invalid(format!("components: there are no buttons of type {kind:?}")));
        };
        kinds.push(kind.clone());
        if kinds.iter().filter(|known| **known == kind).count() > *most {
            return Err(Refusal::invalid(format!("components: there can be at most {most} buttons of type {kind}")));
        }
        let text = button["text"].as_str();
        if text.is_some_and(|text| text.contains("{{")) {
            return Err(Refusal::new(Reason::Template(&BUTTON_VARIABLE), ""));
        }
        if text.is_some_and(|text| text.is_empty() || text.chars().count() > 25) {
            return Err(Refusal::new(Reason::Template(&LONG), ""));
        }
        if text.is_none() && matches!(&*kind, "QUICK_REPLY" | "URL" | "PHONE_NUMBER" | "FLOW") {
            return Err(Refusal::invalid(format!("components: a button of type {kind} needs a text")));
        }
        match &*kind {
            "URL" => {
                let url = button["url"].as_str().filter(|url| url.starts_with("http") && url.chars().count() <= 2_000);
                let url = url.ok_or_else(|| Refusal::invalid("components: a button of type URL needs an address"))?;
                let names = variables(url);
                if names.len() > 1 || (!names.is_empty() && !url.ends_with("}}")) {
                    return Err(Refusal::invalid("components: an address can have one variable, at its end"));
                }
                if !names.is_empty() && !filled(&button["example"], 1) {
                    return Err(Refusal::new(Reason::Template(&NO_EXAMPLE), ""));
                }
            }
            "PHONE_NUMBER" => {
                let number = button["phone_number"].as_str().unwrap_or_default();
                let digits = number.trim_start_matches('+');
                if !(5..=20).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(Refusal::new(Reason::ButtonPhone, ""));
                }
            }
            "COPY_CODE" => {
                let example = button["example"].as_str().or_else(|| button["example"][0].as_str()).unwrap_or_default();
                // 15 on older pages.
                if !(1..=20).contains(&example.chars().count()) {
                    return Err(Refusal::new(Reason::Template(&NO_EXAMPLE), ""));
                }
            }
            "FLOW" => {
                let names = ["flow_id", "flow_name", "flow_json"];
                if names.iter().filter(|name| button.get(**name).is_some()).count() != 1 {
                    return Err(Refusal::invalid(
                        "components: a FLOW button has one of flow_id, flow_name and flow_json",
                    ));
                }
            }
            "OTP" => {
                return Err(Refusal::invalid("components: OTP buttons are for templates of category AUTHENTICATION"));
            }
            _ => {}
        }
    }
    // Quick replies stand together, before all others or after them.
    let changes = kinds.windows(2).filter(|pair| (pair[0] == "QUICK_REPLY") != (pair[1] == "QUICK_REPLY")).count();
    match changes {
        0 | 1 => Ok(()),
        _ => Err(Refusal::invalid("components: quick replies and other buttons must stand in two groups")),
    }
}

fn cards(component: &Value, is_named: bool) -> Result<(), Refusal> {
    let cards = component["cards"].as_array().filter(|cards| (2..=10).contains(&cards.len()));
    let cards = cards.ok_or_else(|| Refusal::invalid("components: CAROUSEL must have 2 to 10 cards"))?;
    let mut shapes = Vec::new();
    for card in cards {
        let parts = card["components"].as_array().map_or(&[][..], |parts| parts);
        let find = |kind: &str| parts.iter().find(|part| is_of(part, kind));
        let top = find("HEADER").ok_or_else(|| Refusal::invalid("components: each card needs a header"))?;
        header(top, is_named)?;
        if let Some(text) = find("BODY") {
            body(text, is_named, 160)?;
        }
        let mut kinds = Vec::new();
        if let Some(part) = find("BUTTONS") {
            buttons(part)?;
            kinds.extend(part["buttons"].as_array().into_iter().flatten().filter_map(|button| word(button, "type")));
        }
        if kinds.len() > 2 {
            return Err(Refusal::invalid("components: a card has at most two buttons"));
        }
        shapes.push((word(top, "format"), find("BODY").is_some(), kinds));
    }
    match shapes.windows(2).all(|pair| pair[0] == pair[1]) {
        true => Ok(()),
        false => Err(Refusal::invalid("components: all cards must have the same components")),
    }
}

fn offer(category: &str, components: &[Value], component: &Value) -> Result<(), Refusal> {
    if category != "MARKETING" || is_in(components, "FOOTER") {
        return Err(Refusal::invalid("components: a limited-time offer is for MARKETING and has no footer"));
    }
    let text = component["limited_time_offer"]["text"].as_str().unwrap_or_default();
    match (1..=16).contains(&text.chars().count()) {
        true => Ok(()),
        false => Err(Refusal::new(Reason::Template(&LONG), "")),
    }
}

fn one_time_password(kind: &str, component: &Value) -> Result<(), Refusal> {
    match kind {
        "BODY" if component.get("text").is_none() => Ok(()),
        "FOOTER" if component.get("text").is_none() => {
            let minutes = component["code_expiration_minutes"].as_u64();
            match minutes.is_some_and(|minutes| (1..=90).contains(&minutes)) {
                true => Ok(()),
                false => Err(Refusal::invalid("components: code_expiration_minutes must be 1 to 90")),
            }
        }
        "BUTTONS" => {
            let [button] = component["buttons"].as_array().map_or(&[][..], |buttons| buttons) else {
                return Err(Refusal::invalid("components: one OTP button is required"));
            };
            let kind = word(button, "otp_type").unwrap_or_default();
            if !is_of(button, "OTP") || !matches!(&*kind, "COPY_CODE" | "ONE_TAP" | "ZERO_TAP") {
                return Err(Refusal::invalid(
                    "components: the button must be OTP with otp_type COPY_CODE, ONE_TAP or ZERO_TAP",
                ));
            }
            let apps = button["supported_apps"].as_array().map_or(0, Vec::len);
            if kind != "COPY_CODE" && !(1..=5).contains(&apps) {
                return Err(Refusal::invalid("components: supported_apps must have 1 to 5 apps"));
            }
            if kind == "ZERO_TAP" && button["zero_tap_terms_accepted"] != true {
                return Err(Refusal::invalid("components: zero_tap_terms_accepted must be true"));
            }
            Ok(())
        }
        _ => Err(Refusal::invalid(format!("components: {kind} with a text of its own is not for AUTHENTICATION"))),
    }
}

/// Positional variables count from 1 without a gap; named ones are lower case.
fn named_well(names: &[&str], is_named: bool) -> Result<(), Refusal> {
    let is_well = match is_named {
        true => names.iter().all(|name| {
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
                && !name.starts_with(|letter: char| letter.is_ascii_digit())
        }),
        false => (1..=names.len()).all(|place| names.contains(&&*place.to_string())),
    };
    match is_well {
        true => Ok(()),
        false => Err(Refusal::new(Reason::Template(&BODY), "")),
    }
}

/// Whether a list has so many items.
fn filled(value: &Value, count: usize) -> bool {
    value.as_array().is_some_and(|items| items.len() == count && !items.iter().any(Value::is_array))
}

fn is_in(components: &[Value], kind: &str) -> bool {
    components.iter().any(|component| is_of(component, kind))
}

fn word(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().map(str::to_ascii_uppercase)
}

const KINDS: &[&str] =
    &["HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER", "CALL_PERMISSION_REQUEST"];
/// The types of buttons, and how many of each there can be.
const BUTTONS: &[(&str, usize)] = &[
    ("QUICK_REPLY", 10),
    ("URL", 2),
    ("PHONE_NUMBER", 1),
    ("COPY_CODE", 1),
    ("VOICE_CALL", 1),
    ("FLOW", 1),
    ("CATALOG", 1),
    ("MPM", 1),
    ("SPM", 1),
    ("OTP", 1),
    ("ORDER_DETAILS", 1),
    ("REQUEST_CONTACT_INFO", 1),
    ("APP", 1),
];
const INCOMPLETE: Flaw = Flaw {
    subcode: 2_388_043,
    title: "Message template \"components\" param is missing expected field(s)",
    text: "The component BODY with its text is missing.",
};
const NO_EXAMPLE: Flaw = Flaw {
    subcode: 2_388_043,
    title: "Message template \"components\" param is missing expected field(s)",
    text: "A component with a variable is missing its example.",
};
const NO_SAMPLE: Flaw = Flaw {
    subcode: 2_388_273,
    title: "Message template is missing its sample",
    text: "A header with a file needs example.header_handle, from a resumable upload.",
};
const LONG: Flaw = Flaw {
    subcode: 2_388_040,
    title: "The character limit is exceeded",
    text: "A text is empty or longer than its field allows.",
};
const HEADER: Flaw = Flaw {
    subcode: 2_388_047,
    title: "Message header format is incorrect",
    text: "A header has one variable at most, and no line breaks, asterisks or other formatting.",
};
const BODY: Flaw = Flaw {
    subcode: 2_388_072,
    title: "Message body format is incorrect",
    text: "Variables count from {{1}} without a gap or have names in lower case, and do not stand side by side.",
};
const FOOTER: Flaw = Flaw {
    subcode: 2_388_073,
    title: "Message footer format is incorrect",
    text: "A footer has no variables and no line breaks.",
};
const BUTTON_VARIABLE: Flaw = Flaw {
    subcode: 2_388_060,
    title: "Button text cannot have variables",
    text: "A variable stands in the text of a button.",
};
const TOO_MANY: Flaw = Flaw {
    subcode: 2_388_293,
    title: "This template has too many variables for its length",
    text: "There are too many variables for so few words.",
};
const AT_THE_EDGE: Flaw = Flaw {
    subcode: 2_388_299,
    title: "Variables can't be at the start or end of the template",
    text: "The body begins or ends with a variable.",
};
