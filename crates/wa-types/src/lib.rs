//! Ids, secrets, models and errors of the WhatsApp Cloud API.
//!
//! The crate only describes: no IO, no clock, no randomness. Sets of words that the service may extend stay open, and
//! what it leaves out is `None`.

mod automation;
mod confirmed;
mod e164;
mod error;
mod id;
mod json;
#[doc(hidden)]
pub mod lenient;
mod message;
mod number;
mod official;
mod open;
mod paging;
mod profile;
mod region;
mod secret;
mod settings;
mod template;
mod time;
mod usage;
mod verification;
mod version;
pub mod webhook;

pub use automation::{Command, ConversationalAutomation};
pub use confirmed::Confirmed;
pub use e164::{E164, InvalidE164};
pub use error::{Actor, ErrorCode, ErrorData, Explanation, GraphError, Meaning, RetryClass};
pub use id::{
    AppId, BusinessId, CallId, FlowId, GroupId, InvalidId, MediaId, MessageId, PhoneNumberId, PreverifiedNumberId,
    ScopedUserId, TemplateGroupId, TemplateId, UploadId, WabaId, WhatsAppId,
};
pub use json::{Json, UnexpectedJson};
pub use message::{AcceptedStatus, MessageReceipt, Recipient, SentMessage, SentTo};
pub use number::{
    AccountMode, CallbackAddresses, CanSend, CertificateStatus, CodeVerificationStatus, HealthEntity, HealthEntityType,
    HealthError, HealthStatus, MessagingLimitTier, NameStatus, NumberField, NumberStatus, PhoneNumber, Platform,
    QualityRating, QualityScore, SearchVisibility, Throughput, ThroughputLevel,
};
pub use official::{OfficialBusinessAccount, OfficialStatus};
pub use open::Unlisted;
pub use paging::{Cursors, Page, Paging};
pub use profile::{BusinessProfile, Vertical};
pub use region::Region;
pub use secret::{
    AccessToken, AppSecret, BackupData, BackupPassword, InvalidSecret, Pin, SipPassword, VerificationCode, VerifyToken,
};
pub use settings::{
    CallAudio, CallHours, CallIconVisibility, CallIcons, CallRestriction, CallRestrictions, CallVideo, CallingSettings,
    HolidayHours, IdentityChange, IpAddresses, NumberSettings, OpeningHours, PayloadEncryption, SipServer, SipSettings,
    SrtpKeyExchange, StorageConfiguration, StorageStatus, Switch,
};
pub use template::{
    ParameterFormat, TemplateCategory, TemplateField, TemplateMetric, TemplateRejection, TemplateStatus,
};
pub use time::Timestamp;
pub use usage::{AccountBudget, AccountBudgets, Budget};
pub use verification::{CodeMethod, InvalidLanguage, Language};
pub use version::{ApiVersion, InvalidVersion};
