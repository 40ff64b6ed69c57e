use std::{borrow::Cow, time::Duration};

use serde_json::{Value, json};

use crate::{Carriage, ErrorStyle, Fault, FileBytes, error_style::Shape};

/// An answer before it is written.
pub(crate) struct Draft {
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// What goes out instead of the body.
    pub(crate) text: Option<String>,
    /// A file with its type, which goes out instead of the body.
    pub(crate) file: Option<(String, FileBytes)>,
    pub(crate) is_page: bool,
    pub(crate) location: Option<String>,
    pub(crate) delay: Duration,
    pub(crate) carriage: Carriage,
    /// Whether the app's own budget is used up, which the body does not always tell.
    pub(crate) is_app_limited: bool,
}

impl Draft {
    pub(crate) fn new(status: u16, body: Value, delay: Duration) -> Self {
        Self {
            status,
            body,
            text: None,
            file: None,
            is_page: false,
            location: None,
            delay,
            carriage: Carriage::Whole,
            is_app_limited: false,
        }
    }

    fn page(&mut self, status: u16, text: &str) {
        self.status = status;
        self.file = None;
        self.text = Some(text.to_owned());
        self.is_page = true;
    }

    pub(crate) fn spoil(&mut self, fault: &Fault, error_style: ErrorStyle, trace: String) {
        match fault {
            Fault::Error { status, code, subcode, message, is_transient } => {
                let shape = Shape {
                    status: *status,
                    code: *code,
                    subcode: *subcode,
                    text: Cow::Owned(message.clone()),
                    is_transient: *is_transient,
                    for_people: None,
                    is_of_graph: false,
                };
                self.status = *status;
                self.file = None;
                self.body = shape.body(error_style, "A fault was asked for", trace);
            }
            Fault::Delay { millis } => self.delay += Duration::from_millis(*millis),
            Fault::Timeout => self.carriage = Carriage::Silent,
            Fault::CutUpload { .. } | Fault::Close => self.carriage = Carriage::Close,
            Fault::Reset => self.carriage = Carriage::Reset,
            Fault::Truncate { bytes } => self.carriage = Carriage::Truncate(*bytes),
            Fault::SlowBody { millis } => self.carriage = Carriage::Slow(Duration::from_millis(*millis)),
            Fault::Garbage => self.carriage = Carriage::Garbage,
            Fault::Html502 => self.page(502, BAD_GATEWAY),
            Fault::SuccessFalse => {
                self.status = 200;
                self.file = None;
                self.body = json!({"success": false});
            }
            Fault::NoTraceId => {
                if let Some(error) = self.body.get_mut("error").and_then(Value::as_object_mut) {
                    error.remove("fbtrace_id");
                }
            }
            Fault::UnknownWord => replace_words(&mut self.body),
            Fault::Informational { count } => self.carriage = Carriage::Informational(*count),
            Fault::Redirect { to } => {
                self.page(302, "");
                self.location = Some(to.clone());
            }
            Fault::Oversized { bytes } => self.carriage = Carriage::Oversized(*bytes),
        }
    }
}

/// Puts words that no document lists where the service has a word of a set.
fn replace_words(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(word) if WORDS.contains(&&**name) => *word = "UNHEARD_OF".to_owned(),
                    _ => replace_words(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(replace_words),
        _ => {}
    }
}

const WORDS: &[&str] = &[
    "status",
    "code_verification_status",
    "name_status",
    "new_name_status",
    "quality_rating",
    "platform_type",
    "host_platform",
    "messaging_limit_tier",
    "account_mode",
    "level",
    "oba_status",
    "message_status",
    "can_send_message",
];
const BAD_GATEWAY: &str =
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
