use std::collections::{BTreeMap, BTreeSet};

use wa_core::{
    api::number::Storage,
    types::{
        ApiVersion, CodeVerificationStatus, NameStatus, NumberStatus, PhoneNumber, PhoneNumberId, Platform,
        StorageConfiguration, StorageStatus,
    },
};

use crate::{Ending, Step, ledger::Moment};

/// What was read last, and nothing else.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Observed {
    /// The API version in use.
    pub version: ApiVersion,
    /// The number; nothing if it must be read.
    pub number: Option<PhoneNumber>,
    /// When the number was read.
    pub read_at: Moment,
    /// Where its messages are stored; nothing if it must be read.
    pub storage: Option<StorageConfiguration>,
    /// Whether and how the app gets the account's webhooks; nothing if it must be read.
    pub subscription: Option<Subscribed>,
    /// What is known of the account's numbers; nothing if they must be listed.
    pub listing: Option<Listing>,
}

/// Whether and how an app gets an account's webhooks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subscribed {
    /// It does not.
    No,
    /// It does, at its own address.
    Yes,
    /// It does, at another address.
    Overridden(String),
}

/// How far an account's numbers have been looked through for one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Listing {
    /// It is on none of the pages so far, and there are more.
    #[non_exhaustive]
    More {
        /// The cursor of the next page.
        cursor: String,
        /// The cursors that were followed so far.
        passed: BTreeSet<String>,
    },
    /// The number is there, with this id.
    Found(PhoneNumberId),
    /// It is not there.
    Absent,
    /// Nobody can tell: the list has more pages than any account has numbers for, or they lead in a circle.
    Endless,
}

impl Observed {
    /// Nothing but the API version is known.
    #[must_use]
    pub fn new(version: ApiVersion) -> Self {
        Self { version, ..Self::default() }
    }

    /// Where the number is registered.
    #[must_use]
    pub fn presence(&self) -> Presence {
        let Some(number) = &self.number else {
            return Presence::Unclear;
        };
        match number.platform_type.as_ref().or(number.host_platform.as_ref()) {
            // "Pending" is the state of a number that was added and not registered, whatever its platform: only CONNECTED, and
            // the states that a connected number can be in, show a registration.
            Some(Platform::CloudApi) => match number.status {
                Some(NumberStatus::Pending | NumberStatus::Unverified | NumberStatus::Disconnected) => {
                    Presence::Nowhere
                }
                _ => Presence::Cloud,
            },
            Some(Platform::OnPremise) => Presence::OnPremises,
            // Seen with CONNECTED too: such a number is to be registered.
            Some(Platform::NotApplicable) => Presence::Nowhere,
            Some(_) => Presence::Unclear,
            None => match number.status {
                Some(NumberStatus::Pending | NumberStatus::Unverified | NumberStatus::Disconnected) => {
                    Presence::Nowhere
                }
                _ => Presence::Unclear,
            },
        }
    }

    /// Where a number of the WhatsApp Business app is registered: its status lags behind, its platform does not.
    pub(crate) fn presence_on_business_app(&self) -> Presence {
        match self.number.as_ref().and_then(|number| number.platform_type.as_ref()) {
            Some(Platform::CloudApi) => Presence::Cloud,
            _ => Presence::Nowhere,
        }
    }

    /// Whether the number lives in the WhatsApp Business app as well.
    #[must_use]
    pub fn is_on_business_app(&self) -> bool {
        self.number.as_ref().is_some_and(|number| number.is_on_biz_app == Some(true))
    }

    /// Whether the one-time code has proved ownership; nothing if it is not known.
    #[must_use]
    pub fn is_verified(&self) -> Option<bool> {
        match self.number.as_ref()?.code_verification_status.as_ref()? {
            CodeVerificationStatus::Verified => Some(true),
            CodeVerificationStatus::Unverified
            | CodeVerificationStatus::NotVerified
            | CodeVerificationStatus::Expired => Some(false),
            _ => None,
        }
    }

    /// Whether messages are stored so; nothing if it is not known.
    #[must_use]
    pub fn is_stored(&self, target: &Storage) -> Option<bool> {
        let storage = self.storage.as_ref()?;
        let is_local = storage.is_local()?;
        let stores_nothing = storage.status == Some(StorageStatus::NoStorageEnabled);
        match target {
            Storage::Local(region) if is_local => storage.data_localization_region.as_ref().map(|set| set == region),
            Storage::Local(_) => Some(false),
            Storage::Default => Some(!is_local && !stores_nothing),
            Storage::OneHour => Some(stores_nothing),
            _ => None,
        }
    }

    /// The display name, if its review has approved it.
    pub(crate) fn approved_name(&self) -> Option<&str> {
        let number = self.number.as_ref()?;
        let is_approved = matches!(number.name_status, Some(NameStatus::Approved | NameStatus::AvailableWithoutReview));
        number.verified_name.as_deref().filter(|_| is_approved)
    }

    /// Forgets what was read, so that it is read again.
    pub(crate) fn forget(&mut self) {
        *self = Self::new(self.version);
    }
}

/// Where a number is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Presence {
    /// On the Cloud API.
    Cloud,
    /// On an On-Premises deployment.
    OnPremises,
    /// Nowhere.
    Nowhere,
    /// The service does not say.
    Unclear,
}

/// What the answers to this run's calls have shown, apart from the state that was read.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct History {
    /// The steps that the service has confirmed, and when. Whether their effect shows must be read.
    pub confirmed: BTreeMap<Step, Moment>,
    /// The call that had no answer, if the last one had none.
    pub unanswered: Option<Step>,
    /// How often in a row each call was refused, was not sent or had no answer.
    pub failed: BTreeMap<Step, u32>,
    /// How often in a row each call was refused, whatever had no answer in between.
    pub refused: BTreeMap<Step, u32>,
    /// How often in a row the request of each call certainly never left, whatever happened in between.
    pub not_sent: BTreeMap<Step, u32>,
    /// Whether the person has given a code that was not sent yet.
    pub has_code: bool,
    /// Whether the last code was wrong.
    pub code_was_wrong: bool,
    /// Whether the person wants another code.
    pub wants_another_code: bool,
    /// The fields that the service does not know.
    pub unknown_fields: BTreeSet<String>,
    /// Whether only the fields that every version has are asked for.
    pub certain_fields_only: bool,
    /// How it ended, if an answer has ended it.
    pub ending: Option<Ending>,
}

impl History {
    /// How often in a row the call of this step was refused, was not sent or had no answer.
    pub(crate) fn times_failed(&self, step: Step) -> u32 {
        self.failed.get(&step).copied().unwrap_or(0)
    }

    /// How often in a row the call of this step had no answer, whatever was refused or did not leave in between.
    pub(crate) fn times_unanswered(&self, step: Step) -> u32 {
        let count = |of: &BTreeMap<Step, u32>| of.get(&step).copied().unwrap_or(0);
        self.times_failed(step).saturating_sub(count(&self.refused) + count(&self.not_sent))
    }

    /// Notes that the service has confirmed it.
    pub(crate) fn confirm(&mut self, step: Step, at: Moment) {
        match step {
            Step::Register | Step::Migrate => drop(self.confirmed.remove(&Step::Deregister)),
            Step::Deregister => {
                let is_undone = |done: &Step| matches!(done, Step::Register | Step::Migrate | Step::SetStorage);
                self.confirmed.retain(|done, _| !is_undone(done));
            }
            Step::VerifyCode => self.has_code = false,
            _ => {}
        }
        self.failed.remove(&step);
        self.refused.remove(&step);
        self.not_sent.remove(&step);
        if self.unanswered == Some(step) {
            self.unanswered = None;
        }
        if !step.is_read() {
            self.confirmed.insert(step, at);
        }
    }
}
