//! What the service tells by itself about numbers, accounts and messages.
//!
//! The values of a webhook's changes, by their `field`, or the items of the lists in them. Which members come depends on
//! the event, so all but the event or the id are optional.

mod account;
mod business;
mod call;
mod coexistence;
mod failure;
mod flow;
mod group;
mod handover;
mod message;
mod number;
mod payment;
mod person;
mod status;
mod template;
mod user;

pub use account::{
    AccountEvent, AccountRestriction, AccountUpdate, BanInfo, BanState, CertificationInfo, CertificationNeeded,
    CertificationStatus, DisconnectionInfo, DisconnectionReason, LockInfo, OneOrMany, RateCountry, RateEligibility,
    RestrictionType, SessionInfo, ViolationInfo, VolumeTier, WabaInfo,
};
pub use business::{
    AccountAlert, AccountReview, AlertEntity, AlertInfo, AlertSeverity, AlertStatus, AlertType, BusinessCapability,
    ChangedNumberSettings, PaymentConfigurationStatus, PaymentConfigurationUpdate, SettingsUpdate, SolutionEvent,
    SolutionStatus, SolutionUpdate,
};
pub use call::{
    Call, CallDirection, CallEnd, CallEvent, CallRecording, CallSession, CallState, CallStatus, CallTranscript, SdpType,
};
pub use coexistence::{
    BookContact, HistoryChunk, HistoryContext, HistoryMessage, HistoryMetadata, HistoryStatus, HistoryThread,
    HistoryUser, MessageEcho, StateAction, StateMetadata, StateSync,
};
pub use failure::WebhookFailure;
pub use flow::{FlowAlertState, FlowEvent, FlowFailure, FlowStatus, FlowUpdate};
pub use group::{GroupEvent, GroupParticipant, GroupSetting, GroupUpdate};
pub use handover::{
    ControlChange, ConversationContext, ConversationContextKind, ConversationSummary, Handover, HandoverContent,
    HandoverKind, HandoverUser, StandbyEcho, ThreadRole,
};
pub use message::{
    ButtonReply, CallPermission, CallPermissionReply, CardAddress, CardEmail, CardName, CardOrganization, CardPhone,
    CardUrl, ContactCard, EditedMessage, FlowReply, InboundContent, InboundLocation, InboundMedia, InboundMessage,
    InboundOrder, InboundReaction, InboundText, InteractiveKind, InteractiveReply, ListReply, MessageContext,
    MessageEdit, MessageIdentity, MessageKind, MessageRevocation, NoContent, OrderedProduct, QuickReply, Referral,
    ReferralWelcome, ReferredProduct, SystemKind, SystemNotice, Unsupported,
};
pub use number::{
    Decision, NameRejection, NameUpdate, QualityEvent, QualityUpdate, SecurityEvent, SecurityUpdate, UsernameStatus,
    UsernameUpdate,
};
pub use payment::{
    Payment, PaymentAmount, PaymentError, PaymentMethod, PaymentRefund, PaymentTransaction, TransactionStatus,
};
pub use person::{Contact, Metadata, Profile, User};
pub use status::{
    Conversation, ConversationOrigin, DeliveryStatus, Pricing, PricingCategory, PricingType, StatusUpdate,
};
pub use template::{
    TemplateButton, TemplateCategoryDetection, TemplateCategoryUpdate, TemplateComponentsUpdate, TemplateDisabling,
    TemplateEvent, TemplatePause, TemplatePauseTitle, TemplateQuality, TemplateQualityUpdate, TemplateRejectionInfo,
    TemplateStatusUpdate,
};
pub use user::{
    AutomaticEvent, AutomaticEventName, ChangedUserId, LinkClick, PreferenceCategory, PreferenceValue, PurchaseValue,
    TrackingData, TrackingEvent, UserAction, UserActionType, UserIdUpdate, UserPreference,
};
