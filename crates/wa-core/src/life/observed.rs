use std::collections::{BTreeMap, BTreeSet};

use wa_types::{
    ApiVersion, CodeVerificationStatus, NumberStatus, PhoneNumber, Platform, StorageConfiguration, StorageStatus,
};

use crate::{
    life::{Ending, Task},
    settings::Storage,
};

/// What is known of a number: what was read, and what answers have said since.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Observed {
    /// The API version in use, which decides how storage is set.
    pub version: ApiVersion,
    /// The number as it was read last; nothing if it must be read.
    pub number: Option<PhoneNumber>,
    /// Where its messages are stored; nothing if it must be read.
    pub storage: Option<StorageConfiguration>,
    /// Whether the app gets the account's webhooks; nothing if it must be read.
    pub is_subscribed: Option<bool>,
    /// What the service has confirmed since; it counts more than what is read, which may lag behind.
    pub confirmed: BTreeSet<Task>,
    /// The call that had no answer, if the last one had none.
    pub doubt: Option<Task>,
    /// How often each call was refused or had no answer.
    pub failed: BTreeMap<Task, u32>,
    /// Whether the person has given a code that was not sent yet.
    pub has_code: bool,
    /// Whether the last code was wrong.
    pub code_was_wrong: bool,
    /// Whether the person wants another code.
    pub wants_another_code: bool,
    /// Whether the service asked for a new verification in spite of what it shows.
    pub must_verify: bool,
    /// Whether the service says that a deregistration stopped halfway.
    pub is_half_deregistered: bool,
    /// Whether two-step verification was off before the PIN was set.
    pub pin_was_off: bool,
    /// Whether the service sets a PIN only by registering.
    pub pin_needs_registration: bool,
    /// How it ended, if an answer has ended it.
    pub ending: Option<Ending>,
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
        if self.confirmed.contains(&Task::Register) || self.confirmed.contains(&Task::Migrate) {
            return Presence::Cloud;
        }
        if self.confirmed.contains(&Task::Deregister) {
            return Presence::Nowhere;
        }
        let Some(number) = &self.number else {
            return Presence::Unclear;
        };
        match number.platform_type.as_ref().or(number.host_platform.as_ref()) {
            Some(Platform::CloudApi) => Presence::Cloud,
            Some(Platform::OnPremise) => Presence::OnPremises,
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

    /// Whether the one-time code has proved ownership; nothing if it is not known.
    #[must_use]
    pub fn is_verified(&self) -> Option<bool> {
        if self.confirmed.contains(&Task::VerifyCode) {
            return Some(true);
        }
        if self.must_verify {
            return Some(false);
        }
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
        if self.confirmed.contains(&Task::SetStorage) {
            return Some(true);
        }
        let storage = self.storage.as_ref()?;
        let stores_nothing = storage.status == Some(StorageStatus::NoStorageEnabled);
        match target {
            _ if storage.is_local().is_none() => None,
            Storage::Local(region) if storage.is_local() == Some(true) => {
                storage.data_localization_region.as_ref().map(|set| set == region)
            }
            Storage::Local(_) => Some(false),
            Storage::Default => Some(storage.is_local() == Some(false) && !stores_nothing),
            Storage::OneHour => Some(stores_nothing),
        }
    }

    /// Notes that the service did it.
    pub(crate) fn confirm(&mut self, task: Task) {
        match task {
            Task::Register | Task::Migrate => {
                self.confirmed.remove(&Task::Deregister);
            }
            Task::Deregister => {
                self.is_half_deregistered = false;
                for undone in [Task::Register, Task::Migrate, Task::SetStorage] {
                    self.confirmed.remove(&undone);
                }
            }
            Task::Subscribe => self.is_subscribed = Some(true),
            Task::VerifyCode => self.must_verify = false,
            _ => {}
        }
        self.confirmed.insert(task);
        self.failed.remove(&task);
        if self.doubt == Some(task) {
            self.doubt = None;
        }
    }

    /// Forgets what was read, so that it is read again.
    pub(crate) fn forget_reads(&mut self) {
        self.number = None;
        self.storage = None;
        self.is_subscribed = None;
    }

    pub(crate) fn times_failed(&self, task: Task) -> u32 {
        self.failed.get(&task).copied().unwrap_or(0)
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
