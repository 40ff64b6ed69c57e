use std::fmt;

use wa_core::{
    api::number::Storage,
    types::{
        AppId, BackupData, BackupPassword, CodeMethod, E164, Language, PhoneNumberId, Pin, Recipient, VerifyToken,
        WabaId,
    },
};

use crate::Greeting;

/// What a number, or an account, is to become.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Goal {
    /// Verified, registered, ready to send.
    Onboard(Onboarding),
    /// Moved from an On-Premises deployment to the Cloud API.
    Migrate(Migration),
    /// Under another display name.
    Rename(Renaming),
    /// With its messages stored elsewhere.
    Relocate(Relocation),
    /// With another PIN.
    RotatePin(PinRotation),
    /// Off the Cloud API.
    Retire(Retirement),
    /// In an account.
    Add(Addition),
    /// With its account's webhooks going to an app.
    Subscribe(Subscription),
}

impl Goal {
    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Onboard(goal) => Subject::Number(goal.number.clone()),
            Self::Migrate(goal) => Subject::Number(goal.number.clone()),
            Self::Rename(goal) => Subject::Number(goal.number.clone()),
            Self::Relocate(goal) => Subject::Number(goal.number.clone()),
            Self::RotatePin(goal) => Subject::Number(goal.number.clone()),
            Self::Retire(goal) => Subject::Number(goal.number.clone()),
            Self::Add(goal) => Subject::New { account: goal.account.clone(), phone: goal.phone.clone() },
            Self::Subscribe(goal) => Subject::Account(goal.account.clone()),
        }
    }

    /// Its name, such as `onboard`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Onboard(_) => "onboard",
            Self::Migrate(_) => "migrate",
            Self::Rename(_) => "rename",
            Self::Relocate(_) => "relocate",
            Self::RotatePin(_) => "rotate_pin",
            Self::Retire(_) => "retire",
            Self::Add(_) => "add",
            Self::Subscribe(_) => "subscribe",
        }
    }

    /// Whether somebody vouches for the PIN although one was wrong before.
    pub(crate) fn vouches_for_pin(&self) -> bool {
        match self {
            Self::Onboard(goal) => goal.vouch_for_pin,
            Self::Migrate(goal) => goal.vouch_for_pin,
            Self::Rename(goal) => goal.vouch_for_pin,
            Self::Relocate(goal) => goal.vouch_for_pin,
            Self::RotatePin(_) | Self::Retire(_) | Self::Add(_) | Self::Subscribe(_) => true,
        }
    }

    /// The PIN that it goes with.
    pub(crate) fn pin(&self) -> Option<&Pin> {
        match self {
            Self::Onboard(goal) => Some(&goal.pin),
            Self::Migrate(goal) => Some(&goal.pin),
            Self::Rename(goal) => Some(&goal.pin),
            Self::Relocate(goal) => Some(&goal.pin),
            Self::RotatePin(goal) => Some(&goal.pin),
            Self::Retire(_) | Self::Add(_) | Self::Subscribe(_) => None,
        }
    }

    /// How a one-time code is sent, if one is needed.
    pub(crate) fn code_by(&self) -> Option<&(CodeMethod, Language)> {
        match self {
            Self::Onboard(goal) => Some(&goal.code_by),
            Self::Migrate(goal) => Some(&goal.code_by),
            Self::Rename(goal) => Some(&goal.code_by),
            Self::Relocate(goal) => Some(&goal.code_by),
            Self::RotatePin(_) | Self::Retire(_) | Self::Add(_) | Self::Subscribe(_) => None,
        }
    }

    /// Which app is to get the webhooks.
    pub(crate) fn subscription(&self) -> Option<&Subscription> {
        match self {
            Self::Onboard(goal) => goal.subscription.as_ref(),
            Self::Subscribe(goal) => Some(goal),
            _ => None,
        }
    }

    /// The first message.
    pub(crate) fn greeting(&self) -> Option<&(Recipient, Greeting)> {
        match self {
            Self::Onboard(goal) => goal.greeting.as_ref(),
            _ => None,
        }
    }

    /// Where messages are to be stored, if the goal says so.
    pub(crate) fn storage(&self) -> Option<&Storage> {
        match self {
            Self::Onboard(goal) => goal.storage.as_ref(),
            Self::Migrate(goal) => goal.storage.as_ref(),
            Self::Relocate(goal) => Some(&goal.storage),
            _ => None,
        }
    }

    /// Whether one registration may be tried while the display name is in review.
    pub(crate) fn registers_in_review(&self) -> bool {
        matches!(self, Self::Onboard(goal) if goal.registers_in_review)
    }
}

/// What a goal is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// A number.
    Number(PhoneNumberId),
    /// An account.
    Account(WabaId),
    /// A number that has no id yet.
    #[non_exhaustive]
    New {
        /// The account that it is added to.
        account: WabaId,
        /// The number.
        phone: E164,
    },
}

impl Subject {
    /// The number, if it has an id.
    #[must_use]
    pub fn number(&self) -> Option<&PhoneNumberId> {
        match self {
            Self::Number(number) => Some(number),
            Self::Account(_) | Self::New { .. } => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Account(account) => write!(f, "account {account}"),
            Self::New { account, phone } => write!(f, "{} in account {account}", phone.as_str()),
        }
    }
}

/// Verified, registered, ready to send.
#[derive(Clone, Debug)]
pub struct Onboarding {
    pub(crate) number: PhoneNumberId,
    pub(crate) pin: Pin,
    pub(crate) vouch_for_pin: bool,
    pub(crate) code_by: (CodeMethod, Language),
    pub(crate) storage: Option<Storage>,
    pub(crate) subscription: Option<Subscription>,
    pub(crate) greeting: Option<(Recipient, Greeting)>,
    pub(crate) registers_in_review: bool,
}

impl Onboarding {
    /// Brings this number to the Cloud API. If it has a PIN, it must be this one; if not, this becomes it.
    ///
    /// A number that lives in the WhatsApp Business app as well is never registered: onboarding it means subscribing the
    /// app, which [`subscribe`](Self::subscribe) asks for, and having its contacts and its history sent.
    #[must_use]
    pub fn new(number: PhoneNumberId, pin: Pin) -> Self {
        Self {
            number,
            pin,
            vouch_for_pin: false,
            code_by: by_sms(),
            storage: None,
            subscription: None,
            greeting: None,
            registers_in_review: false,
        }
    }

    /// Sets where messages are stored.
    #[must_use]
    pub fn storage(mut self, storage: Storage) -> Self {
        self.storage = Some(storage);
        self
    }

    /// Has the webhooks of the number's account sent to an app.
    #[must_use]
    pub fn subscribe(mut self, subscription: Subscription) -> Self {
        self.subscription = Some(subscription);
        self
    }

    /// Sends a first message, once: the ledger remembers it.
    #[must_use]
    pub fn greet(mut self, to: impl Into<Recipient>, greeting: Greeting) -> Self {
        self.greeting = Some((to.into(), greeting));
        self
    }

    /// Tries one registration while the display name is still in review, instead of waiting for the review to end.
    ///
    /// Some numbers are registered in that state, others are refused with 100/2388001, which costs an attempt.
    #[must_use]
    pub fn register_in_review(mut self) -> Self {
        self.registers_in_review = true;
        self
    }
}

/// Moved from an On-Premises deployment to the Cloud API.
#[derive(Clone, Debug)]
pub struct Migration {
    pub(crate) number: PhoneNumberId,
    pub(crate) pin: Pin,
    pub(crate) vouch_for_pin: bool,
    pub(crate) code_by: (CodeMethod, Language),
    pub(crate) password: BackupPassword,
    pub(crate) data: BackupData,
    pub(crate) storage: Option<Storage>,
}

impl Migration {
    /// Moves this number with the deployment's PIN and its backup. **A wrong PIN leaves the deployment down.**
    #[must_use]
    pub fn new(number: PhoneNumberId, pin: Pin, password: BackupPassword, data: BackupData) -> Self {
        Self { number, pin, vouch_for_pin: false, code_by: by_sms(), password, data, storage: None }
    }

    /// Sets where messages are stored. A deployment with local storage must be moved into the same region.
    #[must_use]
    pub fn storage(mut self, storage: Storage) -> Self {
        self.storage = Some(storage);
        self
    }
}

/// Under another display name.
#[derive(Clone, Debug)]
pub struct Renaming {
    pub(crate) number: PhoneNumberId,
    pub(crate) name: String,
    pub(crate) pin: Pin,
    pub(crate) vouch_for_pin: bool,
    pub(crate) code_by: (CodeMethod, Language),
    pub(crate) is_in_effect: bool,
}

impl Renaming {
    /// Asks for this name, waits for its review, and registers the number again: only then does the name take effect.
    ///
    /// An approved name shows before it takes effect, so reading does not tell whether the number was registered since. The
    /// ledger does, if it has noted that registration; otherwise the number is registered once.
    #[must_use]
    pub fn new(number: PhoneNumberId, name: impl Into<String>, pin: Pin) -> Self {
        Self { number, name: name.into(), pin, vouch_for_pin: false, code_by: by_sms(), is_in_effect: false }
    }

    /// Vouches that the number was registered after this name was approved, so that no attempt is spent on it.
    #[must_use]
    pub fn already_in_effect(mut self) -> Self {
        self.is_in_effect = true;
        self
    }
}

/// With its messages stored elsewhere.
#[derive(Clone, Debug)]
pub struct Relocation {
    pub(crate) number: PhoneNumberId,
    pub(crate) storage: Storage,
    pub(crate) pin: Pin,
    pub(crate) vouch_for_pin: bool,
    pub(crate) code_by: (CodeMethod, Language),
}

impl Relocation {
    /// Deregisters the number, changes its storage, and registers it again: it cannot send for five minutes at least, and
    /// two attempts are spent.
    ///
    /// **This PIN becomes the number's** while it is still registered, so that a wrong one cannot keep it from coming back.
    /// Vouch for the PIN to have it left as it is.
    #[must_use]
    pub fn new(number: PhoneNumberId, storage: Storage, pin: Pin) -> Self {
        Self { number, storage, pin, vouch_for_pin: false, code_by: by_sms() }
    }
}

/// With another PIN.
#[derive(Clone, Debug)]
pub struct PinRotation {
    pub(crate) number: PhoneNumberId,
    pub(crate) pin: Pin,
}

impl PinRotation {
    /// Sets this PIN, whatever it was before.
    #[must_use]
    pub fn new(number: PhoneNumberId, pin: Pin) -> Self {
        Self { number, pin }
    }
}

/// Off the Cloud API.
#[derive(Clone, Debug)]
pub struct Retirement {
    pub(crate) number: PhoneNumberId,
}

impl Retirement {
    /// Deregisters the number. It stays in its account: no call deletes one.
    #[must_use]
    pub fn new(number: PhoneNumberId) -> Self {
        Self { number }
    }
}

/// In an account.
#[derive(Clone, Debug)]
pub struct Addition {
    pub(crate) account: WabaId,
    pub(crate) phone: E164,
    pub(crate) name: String,
    pub(crate) country_code: Option<String>,
}

impl Addition {
    /// Adds this number to this account under this display name, unless it is there already. The report has its id.
    #[must_use]
    pub fn new(account: WabaId, phone: E164, name: impl Into<String>) -> Self {
        Self { account, phone, name: name.into(), country_code: None }
    }

    /// Sets the digits of the country code apart, where they cannot be told from the number.
    #[must_use]
    pub fn country_code(mut self, digits: impl Into<String>) -> Self {
        self.country_code = Some(digits.into());
        self
    }
}

/// With the webhooks of an account going to an app.
#[derive(Clone, Debug)]
pub struct Subscription {
    pub(crate) account: WabaId,
    pub(crate) app: AppId,
    pub(crate) callback: Option<(String, VerifyToken)>,
    pub(crate) replaces_override: bool,
}

impl Subscription {
    /// Sends the webhooks of this account to this app, which must be the one that the token belongs to. An address that
    /// overrides the app's own is left as it is.
    #[must_use]
    pub fn new(account: WabaId, app: AppId) -> Self {
        Self { account, app, callback: None, replaces_override: false }
    }

    /// Sends this account's messages to this address instead of the app's own. The service calls it with the token first.
    ///
    /// The fields about the account itself still go to the app's own address.
    #[must_use]
    pub fn override_callback(mut self, address: impl Into<String>, verify_token: VerifyToken) -> Self {
        self.callback = Some((address.into(), verify_token));
        self
    }

    /// Replaces the override that somebody else has set. Without it a run that finds one is blocked.
    #[must_use]
    pub fn replace_override(mut self) -> Self {
        self.replaces_override = true;
        self
    }
}

macro_rules! goals {
    ($($goal:ident => $variant:ident $($pin:ident)?),+ $(,)?) => {$(
        impl From<$goal> for Goal {
            fn from(goal: $goal) -> Self {
                Self::$variant(goal)
            }
        }

        $(impl $goal {
            /// Vouches for the PIN: somebody has looked it up, or has had it reset since one was refused. Without it no PIN is
            /// sent after a refusal that the ledger has noted.
            #[must_use]
            pub fn $pin(mut self) -> Self {
                self.$pin = true;
                self
            }

            /// Sets how a one-time code is sent if one is needed: by SMS in American English unless set.
            #[must_use]
            pub fn code_by(mut self, method: CodeMethod, language: Language) -> Self {
                self.code_by = (method, language);
                self
            }
        })?
    )+};
}

goals! {
    Onboarding => Onboard vouch_for_pin,
    Migration => Migrate vouch_for_pin,
    Renaming => Rename vouch_for_pin,
    Relocation => Relocate vouch_for_pin,
    PinRotation => RotatePin,
    Retirement => Retire,
    Addition => Add,
    Subscription => Subscribe,
}

fn by_sms() -> (CodeMethod, Language) {
    (CodeMethod::Sms, Language::default())
}
