use wa_types::{AppId, BackupData, BackupPassword, CodeMethod, Language, PhoneNumberId, Pin, Recipient, WabaId};

use crate::settings::Storage;

/// What a number shall become.
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
}

impl Goal {
    /// The number it is about.
    #[must_use]
    pub fn number(&self) -> &PhoneNumberId {
        match self {
            Self::Onboard(goal) => &goal.number,
            Self::Migrate(goal) => &goal.number,
            Self::Rename(goal) => &goal.number,
            Self::Relocate(goal) => &goal.number,
            Self::RotatePin(goal) => &goal.number,
            Self::Retire(goal) => &goal.number,
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
        }
    }

    /// Whether somebody vouches for the PIN although one was wrong before.
    pub(crate) fn vouches_for_pin(&self) -> bool {
        match self {
            Self::Onboard(goal) => goal.vouch_for_pin,
            Self::Migrate(goal) => goal.vouch_for_pin,
            Self::Rename(goal) => goal.vouch_for_pin,
            Self::Relocate(goal) => goal.vouch_for_pin,
            Self::RotatePin(_) | Self::Retire(_) => true,
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
            Self::Retire(_) => None,
        }
    }

    /// How a one-time code is sent.
    pub(crate) fn code_by(&self) -> Option<(&CodeMethod, &Language)> {
        match self {
            Self::Onboard(goal) => Some((&goal.method, &goal.language)),
            _ => None,
        }
    }

    /// Whose webhooks go to which app.
    pub(crate) fn subscription(&self) -> Option<&(WabaId, AppId)> {
        match self {
            Self::Onboard(goal) => goal.subscription.as_ref(),
            _ => None,
        }
    }

    /// The first message.
    pub(crate) fn greeting(&self) -> Option<&(Recipient, String)> {
        match self {
            Self::Onboard(goal) => goal.greeting.as_ref(),
            _ => None,
        }
    }

    /// Where messages shall be stored, if the goal says so.
    pub(crate) fn storage(&self) -> Option<&Storage> {
        match self {
            Self::Onboard(goal) => goal.storage.as_ref(),
            Self::Migrate(goal) => goal.storage.as_ref(),
            Self::Relocate(goal) => Some(&goal.storage),
            _ => None,
        }
    }
}

/// Verified, registered, ready to send.
#[derive(Clone, Debug)]
pub struct Onboarding {
    pub(crate) number: PhoneNumberId,
    pub(crate) pin: Pin,
    pub(crate) vouch_for_pin: bool,
    pub(crate) method: CodeMethod,
    pub(crate) language: Language,
    pub(crate) storage: Option<Storage>,
    pub(crate) subscription: Option<(WabaId, AppId)>,
    pub(crate) greeting: Option<(Recipient, String)>,
}

impl Onboarding {
    /// Brings this number to the Cloud API. If it has a PIN, it must be this one; if not, this becomes it.
    #[must_use]
    pub fn new(number: PhoneNumberId, pin: Pin) -> Self {
        Self {
            number,
            pin,
            vouch_for_pin: false,
            method: CodeMethod::Sms,
            language: Language::default(),
            storage: None,
            subscription: None,
            greeting: None,
        }
    }

    /// Has the one-time code sent in this way and language; by SMS in American English unless set.
    #[must_use]
    pub fn code_by(mut self, method: CodeMethod, language: Language) -> Self {
        (self.method, self.language) = (method, language);
        self
    }

    /// Stores the messages so.
    #[must_use]
    pub fn storage(mut self, storage: Storage) -> Self {
        self.storage = Some(storage);
        self
    }

    /// Subscribes the token's app to the webhooks of the number's account.
    #[must_use]
    pub fn subscribe(mut self, account: WabaId, app: AppId) -> Self {
        self.subscription = Some((account, app));
        self
    }

    /// Sends a first text, once: the ledger remembers it.
    #[must_use]
    pub fn greet(mut self, to: impl Into<Recipient>, text: impl Into<String>) -> Self {
        self.greeting = Some((to.into(), text.into()));
        self
    }
}

/// Moved from an On-Premises deployment to the Cloud API.
#[derive(Clone, Debug)]
pub struct Migration {
    pub(crate) number: PhoneNumberId,
    pub(crate) pin: Pin,
    pub(crate) vouch_for_pin: bool,
    pub(crate) password: BackupPassword,
    pub(crate) data: BackupData,
    pub(crate) storage: Option<Storage>,
}

impl Migration {
    /// Moves this number with the deployment's PIN and its backup. **A wrong PIN leaves the deployment down.**
    #[must_use]
    pub fn new(number: PhoneNumberId, pin: Pin, password: BackupPassword, data: BackupData) -> Self {
        Self { number, pin, vouch_for_pin: false, password, data, storage: None }
    }

    /// Stores the messages so. A deployment with local storage must be moved into the same region.
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
}

impl Renaming {
    /// Asks for this name, and registers again once it is approved: only then does it take effect.
    #[must_use]
    pub fn new(number: PhoneNumberId, name: impl Into<String>, pin: Pin) -> Self {
        Self { number, name: name.into(), pin, vouch_for_pin: false }
    }
}

/// With its messages stored elsewhere.
#[derive(Clone, Debug)]
pub struct Relocation {
    pub(crate) number: PhoneNumberId,
    pub(crate) storage: Storage,
    pub(crate) pin: Pin,
    pub(crate) vouch_for_pin: bool,
}

impl Relocation {
    /// Deregisters the number, changes its storage, and registers it again: it cannot send for five minutes at least, and
    /// two attempts are spent.
    #[must_use]
    pub fn new(number: PhoneNumberId, storage: Storage, pin: Pin) -> Self {
        Self { number, storage, pin, vouch_for_pin: false }
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

macro_rules! goals {
    ($($goal:ident => $variant:ident $($pin:ident)?),+ $(,)?) => {$(
        impl From<$goal> for Goal {
            fn from(goal: $goal) -> Self {
                Self::$variant(goal)
            }
        }

        $(impl $goal {
            /// Vouches for the PIN although the ledger remembers that one was wrong: somebody has looked it up or had it
            /// reset since. Without it no PIN is sent after a wrong one.
            #[must_use]
            pub fn vouch_for_pin(mut self) -> Self {
                self.$pin = true;
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
}
