//! What a request asks for, read from its method, address and body.

use http::{Method, Request};
use serde_json::Value;

/// The operations that a number's life needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    ReadNumber,
    ListNumbers,
    AddNumber,
    RequestCode,
    VerifyCode,
    SetPin,
    Rename,
    ReadSettings,
    SetStorage,
    Register,
    Migrate,
    Deregister,
    ReadSubscriptions,
    Subscribe,
    Override,
    Unsubscribe,
    Synchronise,
    Message,
    /// Anything else, which the model refuses.
    Unknown,
}

impl Op {
    /// Whether it counts towards the ten requests in 72 hours.
    pub fn is_counted(self) -> bool {
        matches!(self, Self::Register | Self::Migrate | Self::Deregister)
    }

    pub fn is_read(self) -> bool {
        matches!(self, Self::ReadNumber | Self::ListNumbers | Self::ReadSettings | Self::ReadSubscriptions)
    }
}

/// A request, understood.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) op: Op,
    /// `(major, minor)`; none if the path has no version.
    pub(super) version: Option<(u32, u32)>,
    /// The number or the account.
    pub(super) target: String,
    pub(super) query: Vec<(String, String)>,
    /// Null if there is none; a string if it is no JSON.
    pub(super) body: Value,
}

impl Call {
    pub(super) fn from_request(request: &Request<Vec<u8>>) -> Self {
        let mut segments: Vec<&str> = request.uri().path().split('/').filter(|segment| !segment.is_empty()).collect();
        let version = segments.first().and_then(|segment| read_version(segment));
        if version.is_some() {
            segments.remove(0);
        }
        let query = request.uri().query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let query = query.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescape(name), unescape(value))
        });
        let body = match request.body().as_slice() {
            [] => Value::Null,
            bytes => serde_json::from_slice(bytes).unwrap_or_else(|_| Value::String("not JSON".to_owned())),
        };
        let mut call = Self {
            op: Op::Unknown,
            version,
            target: segments.first().copied().unwrap_or_default().to_owned(),
            query: query.collect(),
            body,
        };
        call.op = call.op_of(request.method(), segments.get(1..).unwrap_or_default());
        call
    }

    /// A member of the body, or a parameter of the address if the body has none.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.body.get(name).and_then(Value::as_str).map(str::to_owned).or_else(|| self.parameter(name))
    }

    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    fn op_of(&self, method: &Method, edge: &[&str]) -> Op {
        let has = |name: &str| self.text(name).is_some();
        match (method.as_str(), edge) {
            ("GET", []) => Op::ReadNumber,
            ("POST", []) if has("pin") => Op::SetPin,
            ("POST", []) if has("new_display_name") => Op::Rename,
            ("GET", ["phone_numbers"]) => Op::ListNumbers,
            ("POST", ["phone_numbers"]) => Op::AddNumber,
            ("POST", ["request_code"]) => Op::RequestCode,
            ("POST", ["verify_code"]) => Op::VerifyCode,
            ("GET", ["settings"]) => Op::ReadSettings,
            ("POST", ["settings"]) if self.body.get("storage_configuration").is_some() => Op::SetStorage,
            ("POST", ["register"]) if self.body.get("backup").is_some() => Op::Migrate,
            ("POST", ["register"]) => Op::Register,
            ("POST", ["deregister"]) => Op::Deregister,
            ("GET", ["subscribed_apps"]) => Op::ReadSubscriptions,
            ("POST", ["subscribed_apps"]) if has("override_callback_uri") => Op::Override,
            ("POST", ["subscribed_apps"]) => Op::Subscribe,
            ("DELETE", ["subscribed_apps"]) => Op::Unsubscribe,
            ("POST", ["smb_app_data"]) => Op::Synchronise,
            ("POST", ["messages"]) => Op::Message,
            _ => Op::Unknown,
        }
    }
}

fn read_version(segment: &str) -> Option<(u32, u32)> {
    let (major, minor) = segment.strip_prefix('v')?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}
