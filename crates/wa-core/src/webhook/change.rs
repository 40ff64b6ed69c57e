use wa_types::webhook::{
    AccountAlert, AccountReview, AccountUpdate, AutomaticEvent, BusinessCapability, Call, CallStatus,
    ConversationContext, FlowUpdate, GroupUpdate, Handover, HistoryChunk, HistoryMessage, InboundMessage, MessageEcho,
    NameUpdate, PaymentConfigurationUpdate, QualityUpdate, SecurityUpdate, SettingsUpdate, SolutionUpdate, StandbyEcho,
    StateSync, StatusUpdate, TemplateCategoryDetection, TemplateCategoryUpdate, TemplateComponentsUpdate,
    TemplateQualityUpdate, TemplateStatusUpdate, TrackingEvent, UserAction, UserIdUpdate, UserPreference,
    UsernameUpdate, WebhookFailure,
};

/// What an event says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// `messages`: a person wrote.
    Message(Box<InboundMessage>),
    /// `messages`: a message that was sent has come further.
    Status(Box<StatusUpdate>),
    /// `messages`: a user did something with a marketing message.
    UserAction(Box<UserAction>),
    /// `messages`: what was talked about before this app got the thread.
    ConversationContext(Box<ConversationContext>),
    /// A failure that concerns no single message or call.
    Failure(Box<WebhookFailure>),
    /// `smb_message_echoes`, `message_echoes`: the business sent a message otherwise than by this API.
    Echo(Box<MessageEcho>),
    /// `history`: a piece of the chats before a number was onboarded.
    History(Box<HistoryChunk>),
    /// `history`: a message whose file an earlier piece left out.
    HistoryMessage(Box<HistoryMessage>),
    /// `smb_app_state_sync`: the address book in the WhatsApp Business app has changed.
    StateSync(Box<StateSync>),
    /// `calls`: a call begins, ends, or has been recorded.
    Call(Box<Call>),
    /// `calls`: a call of the business has come further.
    CallStatus(Box<CallStatus>),
    /// `group_lifecycle_update`, `group_participants_update`, `group_settings_update`, `group_status_update`: something
    /// has happened to a group.
    Group(Box<GroupUpdate>),
    /// `user_preferences`: a user wants marketing messages no more, or again.
    UserPreference(Box<UserPreference>),
    /// `user_id_update`: a user's ids have changed.
    UserIdUpdate(Box<UserIdUpdate>),
    /// `automatic_events`: the service found a lead or a purchase.
    AutomaticEvent(Box<AutomaticEvent>),
    /// `tracking_events`: a marketing message with tracking has come further.
    TrackingEvent(Box<TrackingEvent>),
    /// `messaging_handovers`: a thread goes to another app, or comes to this one.
    Handover(Box<Handover>),
    /// `standby`: a person wrote in a thread that another app has. Do not answer.
    StandbyMessage(Box<InboundMessage>),
    /// `standby`: a message that another app sent has come further.
    StandbyStatus(Box<StatusUpdate>),
    /// `standby`: another app wrote in its thread.
    StandbyEcho(Box<StandbyEcho>),
    /// `message_template_status_update`: a template was reviewed, paused or changed otherwise.
    TemplateStatus(Box<TemplateStatusUpdate>),
    /// `message_template_quality_update`: a template's quality has changed.
    TemplateQuality(Box<TemplateQualityUpdate>),
    /// `message_template_components_update`: a template was edited.
    TemplateComponents(Box<TemplateComponentsUpdate>),
    /// `template_category_update`: a template's category has changed, or will.
    TemplateCategory(Box<TemplateCategoryUpdate>),
    /// `template_correct_category_detection`: the service takes a template for one of another category.
    TemplateCategoryDetection(Box<TemplateCategoryDetection>),
    /// `phone_number_name_update`: the review of a display name is decided.
    NameUpdate(NameUpdate),
    /// `phone_number_quality_update`: a number's quality, limit or throughput has changed.
    QualityUpdate(QualityUpdate),
    /// `business_username_updates`: a number's username was granted, reserved or deleted.
    Username(UsernameUpdate),
    /// `security`: somebody has touched a number's two-step verification.
    Security(SecurityUpdate),
    /// `account_update`: something has happened to an account.
    AccountUpdate(Box<AccountUpdate>),
    /// `account_review_update`: the review of an account is decided.
    AccountReview(AccountReview),
    /// `account_alerts`: something needs attention.
    AccountAlert(Box<AccountAlert>),
    /// `account_settings_update`: settings of a number were changed.
    Settings(Box<SettingsUpdate>),
    /// `business_capability_update`: what a business may do has changed.
    BusinessCapability(BusinessCapability),
    /// `partner_solutions`: a solution of several partners has changed.
    Solution(SolutionUpdate),
    /// `payment_configuration_update`: the link to a provider of payments has changed.
    PaymentConfiguration(Box<PaymentConfigurationUpdate>),
    /// `flows`: a flow's status has changed, or its endpoint does badly.
    Flow(Box<FlowUpdate>),
    /// A field that is not typed here, or a typed one with more in it than is typed: see [`Event::raw`](super::Event::raw).
    Other,
    /// A typed field whose content is not what it should be: see [`Event::raw`](super::Event::raw).
    Unreadable,
}
