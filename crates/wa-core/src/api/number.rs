//! Business phone numbers: registering and verifying, what can be read, and their settings.

mod automation;
mod coexistence;
mod official;
mod profile;
mod read;
mod register;
mod settings;
mod update;
mod verify;

pub use automation::SetAutomation;
pub use coexistence::{SyncContacts, SyncHistory, SyncRequested};
pub use official::{Application, ApplicationAnswer, ApplyOfficial, ReadOfficial};
pub use profile::{Profile, ReadProfile, UpdateProfile};
pub use read::ReadNumber;
pub use register::{Deregister, Migrate, Register, Registered, Tier};
pub use settings::{ReadSettings, SetCalling, SetIdentityCheck, SetPayloadEncryption, SetStorage, Storage};
pub use update::{SetDisplayName, UpdateNumber};
pub use verify::{CodeAccepted, RequestCode, SetPin, VerifyCode};

pub(crate) use read::check_fields;
pub(crate) use update::check_name;
