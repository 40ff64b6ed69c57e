//! The errors of the service, each in its two documented styles.

mod description;

use std::{borrow::Cow, time::Duration};

use serde_json::{Map, Value, json};

use crate::{ErrorStyle, Operation, Rng};

/// A condition under which the service refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    NoToken,
    BadToken,
    ExpiredToken,
    BadVersion,
    NotFound,
    NotNumeric,
    NoPermission,
    NoScope,
    NotLinked,
    Outage,
    Deleted,
    AccountGone,
    AppBudget,
    Budget,
    Malformed,
    Invalid,
    InvalidField,
    BadProof,
    NotSubscribed,
    PinFormat,
    TemplateMissing,
    TemplatePaused,
    TemplateDisabled,
    AttemptLimit,
    AccountLocked,
    NotVerified,
    NameNotUsable,
    AttachedElsewhere,
    WrongPin,
    PinGuessedTooFast,
    PinGuessedTooOften,
    Maintenance,
    HalfDeregistered,
    JustDeregistered,
    AlreadyRegistered,
    BackupUnreadable,
    BackupPassword,
    DeregisterUnregistered,
    NotHosted,
    OnBusinessApp,
    AlreadyVerified,
    TooManyCodes,
    WrongCode,
    TooManyGuesses,
    NothingToVerify,
    FeatureNotSupported,
    SendUnregistered,
    NotAllowedRecipient,
    UnsupportedType,
    NumberExists,
    NumberLimit,
    NumberFormat,
    NumberImpossible,
    NumberInUse,
    NumberRate,
    NumberForbidden,
    MessageForbidden,
    Conflict,
    InvalidData,
    TooManyApplications,
    InvalidPicture,
    CommandTwice,
    AutomationUnverified,
    CallbackRefused,
    OwnWords,
    FileGone,
    MissingMember,
    BadValue,
    RecipientIsSender,
    ParameterCount,
    ParameterFormat,
    TemplateTooLong,
    UserIdUnsupported,
    ButtonPhone,
    Template(&'static Flaw),
}

/// A flaw of a template that is to be made: its subcode, its title and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Flaw {
    pub(crate) subcode: i64,
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
}

/// A refusal: why, and what `error_data.details` says about it.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) reason: Reason,
    pub(crate) details: Cow<'static, str>,
    /// How long the caller waits for it.
    pub(crate) delay: Duration,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, details: impl Into<Cow<'static, str>>) -> Self {
        Self { reason, details: details.into(), delay: Duration::ZERO }
    }

    pub(crate) fn invalid(details: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Reason::Invalid, details)
    }

    /// The status and the body of this refusal.
    pub(crate) fn show(&self, error_style: ErrorStyle, operation: Operation, trace: String) -> (u16, Value) {
        let (mut shape, mut details) = match error_style {
            ErrorStyle::Code => (self.reason.code_style(), &*self.details),
            ErrorStyle::Description => (self.reason.description_style(operation), &*self.details),
        };
        if error_style == ErrorStyle::Code && self.reason.has_own_words() {
            shape.text = self.details.clone();
            details = "";
        }
        (shape.status, shape.body(error_style, details, trace))
    }
}

/// One error as it stands on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) status: u16,
    pub(crate) code: i64,
    pub(crate) subcode: Option<i64>,
    pub(crate) text: Cow<'static, str>,
    pub(crate) is_transient: bool,
    /// A title and a text for people.
    pub(crate) for_people: Option<(&'static str, &'static str)>,
    /// Whether it is an error of the Graph API itself, whose message does not begin with its code.
    pub(crate) is_of_graph: bool,
}

impl Shape {
    fn new(status: u16, code: i64, text: &'static str) -> Self {
        Self {
            status,
            code,
            subcode: None,
            text: text.into(),
            is_transient: false,
            for_people: None,
            is_of_graph: false,
        }
    }

    fn sub(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    fn transient(mut self) -> Self {
        self.is_transient = true;
        self
    }

    fn titled(mut self, title: &'static str, text: &'static str) -> Self {
        self.for_people = Some((title, text));
        self
    }

    fn of_graph(mut self) -> Self {
        self.is_of_graph = true;
        self
    }

    /// WhatsApp's own errors carry `error_data`, general Graph errors a title and a text for people.
    pub(crate) fn body(&self, error_style: ErrorStyle, details: &str, trace: String) -> Value {
        let mut error = Map::new();
        let message = match error_style {
            ErrorStyle::Code if !self.is_of_graph => format!("(#{}) {}", self.code, self.text),
            _ => self.text.to_string(),
        };
        error.insert("message".into(), message.into());
        let is_of_graph = match self.code {
            190 | 2500 => false,
            _ => self.is_of_graph || matches!(self.code, 2 | 803) || matches!(self.status, 409 | 422),
        };
        error.insert("type".into(), if is_of_graph { "GraphMethodException" } else { "OAuthException" }.into());
        error.insert("code".into(), self.code.into());
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".into(), subcode.into());
        }
        if self.is_transient {
            error.insert("is_transient".into(), true.into());
        }
        if error_style == ErrorStyle::Code && !details.is_empty() && self.for_people.is_none() {
            if matches!(self.code, 190 | 2500 | 136_024 | 136_025) {
                error.insert("error_user_title".into(), self.text.to_string().into());
                error.insert("error_user_msg".into(), details.into());
            } else {
                error.insert("error_data".into(), json!({"messaging_product": "whatsapp", "details": details}));
            }
        }
        if let Some((title, text)) = self.for_people {
            error.insert("error_user_title".into(), title.into());
            error.insert("error_user_msg".into(), text.into());
        }
        error.insert("fbtrace_id".into(), trace.into());
        json!({ "error": error })
    }
}

impl Reason {
    /// Whether the message is what the refusal says about itself, as seen in production.
    fn has_own_words(self) -> bool {
        matches!(
            self,
            Self::InvalidField
                | Self::OwnWords
                | Self::FileGone
                | Self::NotFound
                | Self::NotNumeric
                | Self::Deleted
                | Self::AccountGone
                | Self::OnBusinessApp
                | Self::NotSubscribed
        )
    }

    /// As on Meta's error pages, and as seen in production.
    fn code_style(self) -> Shape {
        match self {
            Self::NoToken | Self::BadToken => Shape::new(401, 190, "Invalid OAuth access token"),
            Self::ExpiredToken => {
                Shape::new(401, 190, "Error validating access token: Session has expired").sub(463).of_graph()
            }
            Self::BadProof => Shape::new(400, 100, "Invalid appsecret_proof provided in the API argument").of_graph(),
            Self::BadVersion => Shape::new(400, 2500, "Unknown path components"),
            Self::Outage => Shape::new(500, 2, "API Service").transient(),
            Self::NotFound | Self::NotNumeric | Self::Deleted | Self::AccountGone => {
                Shape::new(400, 100, "Unsupported request").sub(33).of_graph()
            }
            Self::NoPermission | Self::NoScope | Self::NotLinked => Shape::new(403, 200, "API Permission"),
            Self::AppBudget => Shape::new(400, 4, "Application request limit reached"),
            Self::Budget => Shape::new(400, 80_007, "Rate limit issues"),
            Self::Malformed
            | Self::Invalid
            | Self::InvalidField
            | Self::Conflict
            | Self::InvalidData
            | Self::InvalidPicture
            | Self::CommandTwice
            | Self::AutomationUnverified
            | Self::AlreadyRegistered
            | Self::NotSubscribed
            | Self::OnBusinessApp => Shape::new(400, 100, "Invalid parameter"),
            Self::PinFormat => Shape::new(400, 100, "Invalid parameter").sub(2_388_092),
            Self::TemplateMissing => Shape::new(404, 132_001, "Template name does not exist in the translation"),
            Self::TemplatePaused => Shape::new(400, 132_015, "Template is Paused"),
            Self::TemplateDisabled => Shape::new(400, 132_016, "Template is Disabled"),
            Self::AttemptLimit => Shape::new(400, 133_016, "Account register deregister rate limit exceeded"),
            Self::AccountLocked => Shape::new(403, 131_031, "Account has been locked"),
            Self::NotVerified => Shape::new(400, 133_006, "Phone number re-verification needed"),
            // The title and the second text are seen in production; the first text is assumed.
            Self::NameNotUsable => Shape::new(400, 100, "Invalid parameter").sub(2_388_001).titled(
                "Cannot Create Certificate",
                "The display name of this number has not been approved. Wait for its review before you register it.",
            ),
            Self::AttachedElsewhere => Shape::new(400, 100, "Invalid parameter").sub(2_388_001).titled(
                "Cannot Create Certificate",
                "This number is registered to an existing WhatsApp account. To use this number, disconnect it from the \
                 existing account. Then, return to this page and re-enter the number.",
            ),
            Self::WrongPin => Shape::new(400, 133_005, "Two step verification PIN Mismatch"),
            Self::PinGuessedTooFast => Shape::new(400, 133_009, "Two step verification PIN Guessed Too Fast"),
            Self::PinGuessedTooOften => Shape::new(400, 133_008, "Too Many two step verification PIN Guesses"),
            Self::Maintenance => Shape::new(500, 131_057, "Account in maintenance mode"),
            Self::HalfDeregistered => Shape::new(500, 133_000, "Incomplete Deregistration"),
            Self::JustDeregistered => {
                Shape::new(400, 133_015, "Please wait a few minutes before attempting to register this phone number")
            }
            Self::BackupUnreadable => Shape::new(400, 133_002, "Backup Blob Decryption Error"),
            Self::BackupPassword => Shape::new(400, 133_001, "Decryption Error"),
            Self::DeregisterUnregistered | Self::NotHosted | Self::SendUnregistered => {
                Shape::new(400, 133_010, "Phone number Not Registered")
            }
            Self::AlreadyVerified => Shape::new(400, 136_024, "Request code error").sub(2_388_366),
            Self::TooManyCodes => Shape::new(400, 136_024, "Request code error").sub(2_388_367),
            Self::WrongCode | Self::TooManyGuesses => Shape::new(400, 136_025, "Verify code error"),
            Self::NothingToVerify => Shape::new(400, 136_025, "Verify code error").sub(2_388_093),
            Self::FeatureNotSupported => Shape::new(403, 10, "Permission Denied"),
            Self::NotAllowedRecipient => Shape::new(400, 131_030, "Recipient phone number not in allowed list"),
            Self::UnsupportedType => Shape::new(400, 131_051, "Unsupported message type"),
            Self::NumberExists => Shape::new(400, 2_388_012, "Phone number already exists in this account"),
            Self::NumberLimit => Shape::new(403, 200, "Phone number limit exceeded").sub(1_349_175),
            Self::NumberFormat | Self::NumberImpossible => Shape::new(400, 136_021, "Phone number format"),
            Self::NumberInUse => Shape::new(400, 200_000, "Cannot add phone number").sub(2_388_002),
            Self::NumberForbidden => Shape::new(400, 200_000, "Cannot add phone number").sub(2_388_107),
            Self::NumberRate | Self::TooManyApplications => {
                Shape::new(400, 4, "Application request limit reached").sub(2_446_080)
            }
            Self::MessageForbidden => Shape::new(403, 368, "Temporarily blocked for policies violations"),
            Self::CallbackRefused => Shape::new(400, 2200, "Callback verification failed"),
            Self::OwnWords => Shape::new(400, 100, "Invalid parameter"),
            // Meta, "Media": 404 where a download fails. The body is assumed.
            Self::FileGone => Shape::new(404, 100, "URL signature expired").of_graph(),
            Self::MissingMember => Shape::new(400, 131_008, "Required parameter is missing"),
            Self::BadValue => Shape::new(400, 131_009, "Parameter value is not valid"),
            Self::RecipientIsSender => Shape::new(400, 131_021, "Recipient cannot be sender"),
            Self::ParameterCount => {
                Shape::new(400, 132_000, "Number of parameters does not match the expected number of params")
            }
            Self::ParameterFormat => {
                Shape::new(400, 132_012, "Parameter format does not match format in the created template")
            }
            Self::TemplateTooLong => Shape::new(400, 132_005, "Translated text too long"),
            Self::UserIdUnsupported => {
                Shape::new(400, 131_062, "Business-scoped user ids are not supported for this message")
            }
            // Seen, without its words.
            Self::ButtonPhone => Shape::new(400, 192, "Invalid phone number"),
            Self::Template(flaw) => {
                Shape::new(400, 100, "Invalid parameter").sub(flaw.subcode).titled(flaw.title, flaw.text)
            }
        }
    }
}

/// An identifier as `fbtrace_id` has it.
pub(crate) fn trace(rng: &mut Rng) -> String {
    let mut id = rng.letters(22);
    id.insert(0, 'A');
    id
}
