//! What each call checks and does, one file a family.

pub(crate) mod account;
pub(crate) mod automation;
pub(crate) mod business_app;
pub(crate) mod media;
pub(crate) mod message;
pub(crate) mod number;
pub(crate) mod official;
mod paging;
pub(crate) mod profile;
pub(crate) mod registration;
pub(crate) mod settings;
pub(crate) mod subscription;
pub(crate) mod template;
pub(crate) mod upload;
pub(crate) mod verification;

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    Account, Callback, Event, FileBytes, Number, State, Time,
    error_style::{Reason, Refusal},
    params::Params,
    sent::Sent,
    webhook::CallbackCheck,
};

pub(crate) use message::{FAILURES, status_webhook};
pub(crate) use number::{name_decided, name_in_review, name_webhook, quality_webhook};

/// A call that has passed the checks common to all.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) node: &'a str,
    pub(crate) app: &'a str,
    /// The major version that answers.
    pub(crate) version: u16,
    pub(crate) params: &'a Params,
    pub(crate) sent: Sent<'a>,
    pub(crate) check: &'a mut CallbackCheck,
}

impl Call<'_> {
    fn number(&mut self) -> Result<&mut Number, Refusal> {
        let missing = || Refusal::new(Reason::NotFound, "");
        self.state.numbers.get_mut(self.node).ok_or_else(missing)
    }

    fn account(&mut self) -> Result<&mut Account, Refusal> {
        let missing = || Refusal::new(Reason::NotFound, "");
        let id = match self.state.numbers.get(self.node) {
            Some(number) => &*number.account,
            None => self.node,
        };
        self.state.accounts.get_mut(id).ok_or_else(missing)
    }

    /// Goes on only if the callback has passed its handshake. It comes after all checks and before all effects.
    fn check_callback(&mut self, callback: &Callback) -> Result<(), Refusal> {
        match self.check {
            CallbackCheck::Passed => return Ok(()),
            CallbackCheck::Refused => {}
            CallbackCheck::Open(asked) => *asked = Some(callback.clone()),
        }
        Err(Refusal::new(Reason::CallbackRefused, "The callback did not answer with the challenge"))
    }
}

/// A good answer.
pub(crate) struct Answer {
    pub(crate) body: Value,
    /// A file with its type, which goes out instead of the body.
    pub(crate) file: Option<(String, FileBytes)>,
    pub(crate) delay: Duration,
}

impl Answer {
    fn new(body: Value) -> Self {
        Self { body, file: None, delay: Duration::ZERO }
    }

    fn file(mime_type: String, bytes: FileBytes) -> Self {
        let body = json!({"bytes": bytes.as_ref().len()});
        Self { body, file: Some((mime_type, bytes)), delay: Duration::ZERO }
    }

    fn success() -> Self {
        Self::new(json!({"success": true}))
    }
}

/// Lets something happen whose time has come.
pub(crate) fn happen(state: &mut State, at: Time, event: &Event) {
    match event {
        Event::NameReview { number } => _ = name_decided(state, number, true),
        Event::ThroughputUpgrade { number } => number::throughput_upgraded(state, number),
        Event::Connected { number } => registration::connected_at_last(state, number),
        Event::BusinessAppSync { number, part } => business_app::tell(state, number, *part),
        Event::TemplateReview { template: id } => template::review::reviewed(state, id),
        Event::MessageStatus { .. } => status_webhook(state, at, event),
    }
}
