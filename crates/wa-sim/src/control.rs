//! What people do by other means than the API: in WhatsApp Manager, on the phone, at Meta.

mod account;
mod business_app;
mod delivery;
mod error;
mod number;
mod people;
mod template;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{Engine, Quality, Review, Time};

pub use error::ControlError;

/// Something that people do by other means than the API, as a value: for a library as for a program that calls
/// `POST /_sim/control`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Control {
    /// A person writes to a number, which opens the 24 hours in which text reaches that person.
    ReceiveText {
        /// The number's id.
        number: String,
        /// The person's phone number.
        from: String,
        /// What the person writes.
        text: String,
    },
    /// A person sends a message of any kind.
    ReceiveMessage {
        /// The number's id.
        number: String,
        /// The person's phone number.
        from: String,
        /// The message as webhooks show it, without `id`, `from` and `timestamp`.
        message: Map<String, Value>,
    },
    /// A person calls a number, which opens the 24 hours, too.
    ReceiveCall {
        /// The number's id.
        number: String,
        /// The person's phone number.
        from: String,
    },
    /// A message reaches a status, of which the apps are told at once.
    SetStatus {
        /// The number's id.
        number: String,
        /// The message's id.
        message: String,
        /// The status, such as `delivered` or `failed`.
        status: String,
        /// The code of the failure, if it is one.
        #[serde(default)]
        error: Option<i64>,
    },
    /// What is special about a person is changed.
    SetPerson {
        /// The person's phone number.
        person: String,
        /// The members, as in a snapshot.
        members: Map<String, Value>,
    },
    /// The review of a template ends, or it gets another status.
    DecideTemplate {
        /// The template's id.
        template: String,
        /// The status, such as `APPROVED`, `REJECTED` or `PAUSED`.
        status: String,
        /// Why, such as `PROMOTIONAL`.
        #[serde(default)]
        reason: Option<String>,
    },
    /// People rate a template otherwise.
    SetTemplateQuality {
        /// The template's id.
        template: String,
        /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
        quality: String,
    },
    /// The service puts a template into another category.
    SetTemplateCategory {
        /// The template's id.
        template: String,
        /// `UTILITY`, `MARKETING` or `AUTHENTICATION`.
        category: String,
    },
    /// The review of a display name ends or is put off.
    DecideName {
        /// The number's id.
        number: String,
        /// How.
        decision: NameDecision,
    },
    /// Two-step verification is switched off, as only WhatsApp Manager can.
    SwitchPinOff {
        /// The number's id.
        number: String,
    },
    /// The PIN is changed in WhatsApp Manager.
    ChangePin {
        /// The number's id.
        number: String,
        /// The new PIN.
        pin: String,
    },
    /// The e-mail by which two-step verification is switched off is asked for.
    RequestPinReset {
        /// The number's id.
        number: String,
    },
    /// People rate a number's messages otherwise.
    SetQuality {
        /// The number's id.
        number: String,
        /// How.
        quality: Quality,
    },
    /// A number may write to more people a day, or to fewer.
    SetLimit {
        /// The number's id.
        number: String,
        /// The limit, such as `TIER_2K`.
        limit: String,
    },
    /// A number's upgrade to higher throughput begins.
    UpgradeThroughput {
        /// The number's id.
        number: String,
    },
    /// A number is deleted in WhatsApp Manager.
    DeleteNumber {
        /// The number's id.
        number: String,
    },
    /// An application for the badge is decided.
    DecideOfficial {
        /// The number's id.
        number: String,
        /// Whether the number gets the badge.
        is_approved: bool,
    },
    /// A number has violated a policy.
    ReportViolation {
        /// The number's id.
        number: String,
        /// Which, such as `SCAM`.
        violation: String,
    },
    /// A number is connected that stays in the WhatsApp Business app, as Embedded Signup does.
    OnboardBusinessApp {
        /// The number's id.
        number: String,
    },
    /// A number is disconnected in the WhatsApp Business app.
    OffboardBusinessApp {
        /// The number's id.
        number: String,
    },
    /// The business writes to a person from the WhatsApp Business app.
    EchoText {
        /// The number's id.
        number: String,
        /// The person's phone number.
        to: String,
        /// What the business writes.
        text: String,
    },
    /// A number is added in WhatsApp Manager.
    AddNumber {
        /// The account's id.
        account: String,
        /// The digits, the country code first.
        digits: String,
        /// The country code among them.
        country_code: String,
        /// The display name.
        verified_name: String,
    },
    /// Members of a number's state are replaced, for states that nothing else leads to.
    ChangeNumber {
        /// The number's id.
        number: String,
        /// The members, as in a snapshot.
        members: Map<String, Value>,
    },
    /// Members of an account's state are replaced, such as its templates.
    ChangeAccount {
        /// The account's id.
        account: String,
        /// The members, as in a snapshot.
        members: Map<String, Value>,
    },
    /// An app is subscribed to an account.
    SubscribeApp {
        /// The account's id.
        account: String,
        /// The app's id.
        app: String,
    },
    /// An account is banned or let in again.
    BanAccount {
        /// The account's id.
        account: String,
        /// Whether it is banned.
        is_banned: bool,
    },
    /// An account is kept from something for a while.
    RestrictAccount {
        /// The account's id.
        account: String,
        /// From what, such as `RESTRICTED_ADD_PHONE_NUMBER_ACTION`.
        action: String,
        /// Until when.
        until: Time,
    },
    /// An account's review against Meta's policies ends.
    DecideAccount {
        /// The account's id.
        account: String,
        /// How.
        review: Review,
    },
    /// The business behind an account is verified.
    VerifyBusiness {
        /// The account's id.
        account: String,
    },
}

/// How the review of a display name goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum NameDecision {
    /// The name can be used.
    Approved,
    /// The name cannot be used.
    Rejected,
    /// The decision is put off.
    Deferred,
}

/// What a control led to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Outcome {
    /// The number that it was about.
    pub number: Option<String>,
    /// The account that it was about.
    pub account: String,
    /// The id of the message that a person sent.
    pub message: Option<String>,
    /// The deliveries that tell the apps.
    pub deliveries: Vec<u64>,
    /// Why nobody is told of anything in this account.
    pub untold: Option<String>,
}

impl Control {
    /// The number that it is about, if it is about one.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        match self {
            Self::ReceiveText { number, .. }
            | Self::ReceiveMessage { number, .. }
            | Self::ReceiveCall { number, .. }
            | Self::SetStatus { number, .. }
            | Self::DecideName { number, .. }
            | Self::SwitchPinOff { number }
            | Self::ChangePin { number, .. }
            | Self::RequestPinReset { number }
            | Self::SetQuality { number, .. }
            | Self::SetLimit { number, .. }
            | Self::UpgradeThroughput { number }
            | Self::DeleteNumber { number }
            | Self::DecideOfficial { number, .. }
            | Self::ReportViolation { number, .. }
            | Self::OnboardBusinessApp { number }
            | Self::OffboardBusinessApp { number }
            | Self::EchoText { number, .. }
            | Self::ChangeNumber { number, .. } => Some(number),
            _ => None,
        }
    }

    fn template(&self) -> Option<&str> {
        match self {
            Self::DecideTemplate { template, .. }
            | Self::SetTemplateQuality { template, .. }
            | Self::SetTemplateCategory { template, .. } => Some(template),
            _ => None,
        }
    }

    fn account(&self) -> &str {
        match self {
            Self::AddNumber { account, .. }
            | Self::ChangeAccount { account, .. }
            | Self::SubscribeApp { account, .. }
            | Self::BanAccount { account, .. }
            | Self::RestrictAccount { account, .. }
            | Self::DecideAccount { account, .. }
            | Self::VerifyBusiness { account } => account,
            _ => "",
        }
    }
}

impl Engine {
    /// Does what people do by other means than the API, and says whom it tells.
    ///
    /// # Errors
    ///
    /// There is nothing with that id, or it cannot be done as things are.
    pub fn control(&mut self, control: &Control) -> Result<Outcome, ControlError> {
        let before = self.state.webhooks.next;
        let mut number = control.number().map(str::to_owned);
        let mut sent = None;
        match control {
            Control::ReceiveText { number, from, text } => {
                let message = [("type".to_owned(), json!("text")), ("text".to_owned(), json!({"body": text}))];
                sent = Some(self.receive_message(number, from, &message.into_iter().collect())?);
            }
            Control::ReceiveMessage { number, from, message } => {
                sent = Some(self.receive_message(number, from, message)?);
            }
            Control::ReceiveCall { number, from } => self.receive_call(number, from)?,
            Control::SetStatus { number, message, status, error } => {
                self.set_status(number, message, status, *error)?;
            }
            Control::SetPerson { person, members } => self.set_person(person, members)?,
            Control::DecideTemplate { template, status, reason } => {
                self.decide_template(template, status, reason.as_deref())?;
            }
            Control::SetTemplateQuality { template, quality } => self.set_template_quality(template, quality)?,
            Control::SetTemplateCategory { template, category } => self.set_template_category(template, category)?,
            Control::DecideName { number, decision: NameDecision::Deferred } => self.defer_name(number)?,
            Control::DecideName { number, decision } => {
                self.decide_name(number, *decision == NameDecision::Approved)?;
            }
            Control::SwitchPinOff { number } => self.switch_pin_off(number)?,
            Control::ChangePin { number, pin } => self.change_pin(number, pin)?,
            Control::RequestPinReset { number } => self.request_pin_reset(number)?,
            Control::SetQuality { number, quality } => self.set_quality(number, *quality)?,
            Control::SetLimit { number, limit } => self.set_limit(number, limit)?,
            Control::UpgradeThroughput { number } => self.upgrade_throughput(number)?,
            Control::DeleteNumber { number } => self.delete_number(number)?,
            Control::DecideOfficial { number, is_approved } => self.decide_official(number, *is_approved)?,
            Control::ReportViolation { number, violation } => self.report_violation(number, violation)?,
            Control::OnboardBusinessApp { number } => self.onboard_business_app(number)?,
            Control::OffboardBusinessApp { number } => self.offboard_business_app(number)?,
            Control::EchoText { number, to, text } => self.echo_text(number, to, text)?,
            Control::ChangeNumber { number, members } => self.change_number(number, members)?,
            Control::AddNumber { account, digits, country_code, verified_name } => {
                number = Some(self.add_number(account, digits, country_code, verified_name)?);
            }
            Control::ChangeAccount { account, members } => self.change_account(account, members)?,
            Control::SubscribeApp { account, app } => self.subscribe_app(account, app)?,
            Control::BanAccount { account, is_banned } => self.ban_account(account, *is_banned)?,
            Control::RestrictAccount { account, action, until } => self.restrict_account(account, action, *until)?,
            Control::DecideAccount { account, review } => self.decide_account(account, *review)?,
            Control::VerifyBusiness { account } => self.verify_business(account)?,
        }
        let of_number = number.as_ref().and_then(|id| self.state.numbers.get(id)).map(|number| number.account.clone());
        let account = of_number.unwrap_or_else(|| match control.template() {
            Some(id) => self.state.template_place(id).map_or_else(String::new, |(account, _)| account.to_owned()),
            None => control.account().to_owned(),
        });
        let deliveries: Vec<_> = (before..self.state.webhooks.next).collect();
        let untold = if deliveries.is_empty() { self.why_untold(&account) } else { None };
        Ok(Outcome { number, account, message: sent, deliveries, untold })
    }
}
