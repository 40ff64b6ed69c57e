//! What each call checks and does, one file a family.

mod account;
mod automation;
mod business_app;
mod message;
mod number;
mod official;
mod profile;
mod registration;
mod settings;
mod subscription;
mod verification;

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    Account, Callback, Event, Number, Operation, State, Time,
    error_style::{Reason, Refusal},
    params::Params,
    webhook::CallbackCheck,
};

pub(crate) use number::{name_decided, name_in_review, name_webhook, quality_webhook};

/// A call that has passed the checks common to all.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) operation: Operation,
    pub(crate) node: &'a str,
    pub(crate) app: &'a str,
    /// The major version that answers.
    pub(crate) version: u16,
    pub(crate) params: &'a Params,
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
    pub(crate) delay: Duration,
}

impl Answer {
    fn new(body: Value) -> Self {
        Self { body, delay: Duration::ZERO }
    }

    fn success() -> Self {
        Self::new(json!({"success": true}))
    }
}

/// Carries a call out.
pub(crate) fn carry_out(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    match call.operation {
        Operation::Register | Operation::Migrate => registration::register(call),
        Operation::Deregister => registration::deregister(call),
        Operation::RequestCode => verification::request_code(call),
        Operation::VerifyCode => verification::verify_code(call),
        Operation::ReadNumber => number::read(call),
        Operation::SetPin | Operation::SetDisplayName | Operation::UpdateNumber => number::update(call),
        Operation::ReadSettings => settings::read(call),
        Operation::SetStorage
        | Operation::SetCalling
        | Operation::SetIdentityCheck
        | Operation::SetPayloadEncryption
        | Operation::SetSettings => settings::set(call),
        Operation::SetAutomation => automation::set(call),
        Operation::ReadOfficial => official::read(call),
        Operation::ApplyOfficial => official::apply(call),
        Operation::ReadProfile => profile::read(call),
        Operation::UpdateProfile => profile::update(call),
        Operation::SyncBusinessApp => business_app::sync(call),
        Operation::SendTemplate | Operation::SendText | Operation::MarkRead | Operation::SendMessage => {
            message::send(call)
        }
        Operation::ListNumbers => account::list(call),
        Operation::AddNumber => account::add(call),
        Operation::Subscribe => subscription::subscribe(call),
        Operation::ListSubscriptions => subscription::read(call),
        Operation::Unsubscribe => subscription::unsubscribe(call),
    }
}

/// Lets something happen whose time has come.
pub(crate) fn happen(state: &mut State, at: Time, event: &Event) {
    match event {
        Event::NameReview { number } => _ = name_decided(state, number, true),
        Event::ThroughputUpgrade { number } => number::throughput_upgraded(state, number),
        Event::Connected { number } => registration::connected_at_last(state, number),
        Event::BusinessAppSync { number, part } => business_app::tell(state, number, *part),
        Event::MessageStatus { .. } => message::status_webhook(state, at, event),
    }
}
