use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{Callback, Delivery, DeliveryState, Rng, State, render};

/// The `GET` by which the service asks a callback whether it belongs to the app.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handshake {
    /// The address with its query.
    pub url: String,
    challenge: String,
}

impl Handshake {
    pub(crate) fn new(Callback { url, verify_token }: &Callback, rng: &mut Rng) -> Self {
        let challenge = rng.digits(10);
        let token = utf8_percent_encode(verify_token, NON_ALPHANUMERIC);
        let separator = if url.contains('?') { '&' } else { '?' };
        let query = format!("hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={token}");
        Self { url: format!("{url}{separator}{query}"), challenge }
    }

    /// Whether this answer passes.
    #[must_use]
    pub fn passes(&self, status: u16, body: &[u8]) -> bool {
        status == 200 && body == self.challenge.as_bytes()
    }
}

/// What a call that names a callback hears of the handshake with it.
#[derive(Clone, Debug, Default)]
pub(crate) enum CallbackCheck {
    #[default]
    Passed,
    Refused,
    /// Nobody has asked yet: the address and the token to ask with are noted here, and the call goes no further.
    Open(Option<Callback>),
}

/// Signs what is delivered: the value of `X-Hub-Signature-256`.
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hmac(secret, body))
}

/// The HMAC-SHA256 of some bytes, in small hexadecimal digits.
pub(crate) fn hmac(secret: &str, bytes: &[u8]) -> String {
    let mut digits = String::new();
    // HMAC takes keys of any length.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        mac.update(bytes);
        for byte in mac.finalize().into_bytes() {
            let _ = write!(digits, "{byte:02x}");
        }
    }
    digits
}

/// Queues a change of a number for all apps that subscribe to its account.
pub(crate) fn queue(state: &mut State, number: &str, field: &str, value: Value) {
    let Some(number) = state.numbers.get(number) else {
        return;
    };
    let own = number.webhook.as_ref().map(|own| own.url.clone());
    let account = number.account.clone();
    queue_for_account(state, &account, own, field, value);
}

/// Queues a change of an account; `url` goes before the addresses of the apps, if the field takes another address.
pub(crate) fn queue_for_account(state: &mut State, id: &str, url: Option<String>, field: &str, value: Value) {
    let Some(account) = state.accounts.get(id).filter(|account| !account.subscriptions.is_empty()) else {
        return;
    };
    let subscriptions = account.subscriptions.clone();
    let takes_override = OVERRIDABLE.contains(&field);
    let mut entry = json!({"id": id, "changes": [{"field": field, "value": value}]});
    // Meta's examples of messages and their like have no time, those of account fields do.
    if !takes_override || field == "account_settings_update" {
        entry["time"] = state.now.as_secs().into();
    }
    let mut payload = json!({"object": "whatsapp_business_account", "entry": [entry]});
    if !state.rules.plain {
        render::add_unknown(&mut payload["entry"][0]["changes"][0]["value"], &mut state.seed);
    }
    for (app, address) in subscriptions {
        let Some(settings) = state.apps.get(&app) else {
            continue;
        };
        let callback = settings.callback.as_ref().map(|callback| callback.url.clone());
        let own = url.clone().or_else(|| address.map(|address| address.url)).filter(|_| takes_override);
        let Some(url) = own.or(callback) else {
            continue;
        };
        let body = render::render(&payload, if state.rules.plain { None } else { Some(&mut state.seed) });
        let body = render::escape(&body);
        let delivery = Delivery {
            id: state.webhooks.next,
            url,
            field: field.to_owned(),
            created: state.now,
            due: state.now,
            tries: 0,
            state: DeliveryState::Waiting,
            signature: sign(&settings.secret, body.as_bytes()),
            body,
            app,
        };
        state.webhooks.push(delivery);
    }
}

/// The fields that go to an address that an account or a number sets; all others go to the app's own callback. Meta's
/// page on overrides, June 2026.
const OVERRIDABLE: &[&str] = &[
    "messages",
    "message_echoes",
    "calls",
    "consumer_profile",
    "messaging_handovers",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "smb_message_echoes",
    "smb_app_state_sync",
    "history",
    "account_settings_update",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_published_one() {
        // RFC 4231, test case 2.
        assert_eq!(
            sign("Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
