//! Answers in the shapes that Meta's pages show.

use std::time::{Duration, SystemTime};

use http::Response;
use serde_json::{Value, json};

/// An answer before it is made into HTTP.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
    /// Sent instead of the JSON body.
    pub(super) html: Option<&'static str>,
}

impl Answer {
    pub(super) fn ok(body: Value) -> Self {
        Self { status: 200, body, html: None }
    }

    pub(super) fn success() -> Self {
        Self::ok(json!({ "success": true }))
    }

    pub(super) fn html(status: u16) -> Self {
        Self { status, body: Value::Null, html: Some("<html><body>Bad Gateway</body></html>") }
    }

    /// The error of the WhatsApp edges: `error_data` with details.
    pub(super) fn error(status: u16, code: u32, details: &str) -> Self {
        let body = json!({ "error": {
            "message": format!("(#{code}) {details}"),
            "type": "OAuthException",
            "code": code,
            "error_data": { "messaging_product": "whatsapp", "details": details },
            "fbtrace_id": "AbCdEfGhIjK",
        } });
        Self { status, body, html: None }
    }

    /// The error of Graph in general: subcode, and title and message for people.
    pub(super) fn people(status: u16, code: u32, subcode: u32, title: &str, message: &str) -> Self {
        let body = json!({ "error": {
            "message": format!("(#{code}) {title}"),
            "type": "OAuthException",
            "code": code,
            "error_subcode": subcode,
            "is_transient": false,
            "error_user_title": title,
            "error_user_msg": message,
            "fbtrace_id": "AbCdEfGhIjK",
        } });
        Self { status, body, html: None }
    }

    pub(super) fn is_success(&self) -> bool {
        self.status < 300 && self.html.is_none() && self.body.get("success") != Some(&json!(false))
    }

    pub(super) fn code(&self) -> Option<u64> {
        self.body.pointer("/error/code")?.as_u64()
    }

    pub(super) fn subcode(&self) -> Option<u64> {
        self.body.pointer("/error/error_subcode")?.as_u64()
    }

    pub(super) fn user_message(&self) -> &str {
        self.body.pointer("/error/error_user_msg").and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn into_response(self, date: SystemTime) -> Response<Vec<u8>> {
        let (kind, bytes) = match self.html {
            Some(html) => ("text/html", html.as_bytes().to_vec()),
            None => ("application/json; charset=UTF-8", self.body.to_string().into_bytes()),
        };
        let response =
            Response::builder().status(self.status).header("content-type", kind).header("date", http_date(date));
        let response = match self.status {
            // Seen on every 400: it is no fault of authentication.
            400 => response.header("www-authenticate", "OAuth \"Facebook Platform\" \"invalid_request\" \"(#100) ..\""),
            _ => response,
        };
        response.body(bytes).unwrap()
    }
}

/// The date in the form of RFC 9110, section 5.6.7.
pub(super) fn http_date(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][usize::try_from(days % 7).unwrap()];
    let (year, month, day) = civil(days);
    let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1];
    format!("{weekday}, {day:02} {month} {year} {:02}:{:02}:{:02} GMT", rest / 3600, rest / 60 % 60, rest % 60)
}

/// Year, month and day of a day counted from 1 January 1970.
fn civil(mut days: u64) -> (u64, usize, u64) {
    let mut year = 1970;
    let leap = |year: u64| (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    (year, month + 1, days + 1)
}
