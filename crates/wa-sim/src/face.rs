//! The errors of the service, each in its two documented faces.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use crate::{Face, Operation, Rng};

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
    Budget,
    Invalid,
    InvalidField,
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
    Conflict,
    InvalidData,
    CallbackRefused,
}

/// A refusal: why, and what `error_data.details` says about it.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) reason: Reason,
    pub(crate) details: Cow<'static, str>,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, details: impl Into<Cow<'static, str>>) -> Self {
        Self { reason, details: details.into() }
    }

    pub(crate) fn invalid(details: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Reason::Invalid, details)
    }

    /// The status and the body of this refusal.
    pub(crate) fn show(&self, face: Face, operation: Operation, trace: String) -> (u16, Value) {
        let shape = match face {
            Face::Code => self.reason.code_face(),
            Face::Description => self.reason.description_face(operation),
        };
        (shape.status, shape.body(face, &self.details, trace))
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
}

impl Shape {
    fn new(status: u16, code: i64, text: &'static str) -> Self {
        Self { status, code, subcode: None, text: text.into(), is_transient: false }
    }

    fn sub(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    fn transient(mut self) -> Self {
        self.is_transient = true;
        self
    }

    /// WhatsApp's own errors carry `error_data`, general Graph errors a title and a text for people.
    pub(crate) fn body(&self, face: Face, details: &str, trace: String) -> Value {
        let mut error = Map::new();
        let message = match face {
            Face::Code => format!("(#{}) {}", self.code, self.text),
            Face::Description => self.text.to_string(),
        };
        error.insert("message".into(), message.into());
        let is_of_graph = matches!(self.code, 2 | 803) || matches!(self.status, 409 | 422);
        error.insert("type".into(), if is_of_graph { "GraphMethodException" } else { "OAuthException" }.into());
        error.insert("code".into(), self.code.into());
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".into(), subcode.into());
        }
        if self.is_transient {
            error.insert("is_transient".into(), true.into());
        }
        if face == Face::Code && !details.is_empty() {
            if matches!(self.code, 190 | 2500 | 136_024 | 136_025) || self.subcode == Some(33) {
                error.insert("error_user_title".into(), self.text.to_string().into());
                error.insert("error_user_msg".into(), details.into());
            } else {
                error.insert("error_data".into(), json!({"messaging_product": "whatsapp", "details": details}));
            }
        }
        if face == Face::Description && self.subcode == Some(1_349_174) {
            error.insert("error_user_title".into(), "Permission Denied".into());
            error.insert("error_user_msg".into(), "Your app doesn't have permission to access this resource".into());
        }
        error.insert("fbtrace_id".into(), trace.into());
        json!({ "error": error })
    }
}

impl Reason {
    /// As on Meta's error pages.
    fn code_face(self) -> Shape {
        match self {
            Self::NoToken | Self::BadToken => Shape::new(401, 190, "Invalid OAuth access token"),
            Self::ExpiredToken => Shape::new(401, 190, "Error validating access token: Session has expired"),
            Self::BadVersion => Shape::new(400, 2500, "Unknown path components"),
            Self::NotFound | Self::NotNumeric => Shape::new(400, 100, "Unsupported request").sub(33),
            Self::NoPermission | Self::NoScope | Self::NotLinked => Shape::new(403, 200, "API Permission"),
            Self::Budget => Shape::new(400, 80_007, "Rate limit issues"),
            Self::Invalid | Self::InvalidField | Self::Conflict | Self::InvalidData => {
                Shape::new(400, 100, "Invalid parameter")
            }
            Self::AttemptLimit => Shape::new(400, 133_016, "Account register deregister rate limit exceeded"),
            Self::AccountLocked => Shape::new(403, 131_031, "Account has been locked"),
            Self::NotVerified => Shape::new(400, 133_006, "Phone number re-verification needed"),
            Self::NameNotUsable | Self::AttachedElsewhere => {
                Shape::new(400, 100, "Cannot create certificate").sub(2_388_001)
            }
            Self::WrongPin => Shape::new(400, 133_005, "Two step verification PIN Mismatch"),
            Self::PinGuessedTooFast => Shape::new(400, 133_009, "Two step verification PIN Guessed Too Fast"),
            Self::PinGuessedTooOften => Shape::new(400, 133_008, "Too Many two step verification PIN Guesses"),
            Self::Maintenance => Shape::new(500, 131_057, "Account in maintenance mode"),
            Self::HalfDeregistered => Shape::new(500, 133_000, "Incomplete Deregistration"),
            Self::JustDeregistered => {
                Shape::new(400, 133_015, "Please wait a few minutes before attempting to register this phone number")
            }
            Self::AlreadyRegistered => Shape::new(400, 100, "Invalid parameter"),
            Self::BackupUnreadable => Shape::new(400, 133_002, "Backup Blob Decryption Error"),
            Self::BackupPassword => Shape::new(400, 133_001, "Decryption Error"),
            Self::DeregisterUnregistered | Self::SendUnregistered => {
                Shape::new(400, 133_010, "Phone number Not Registered")
            }
            Self::OnBusinessApp => Shape::new(400, 100, "Invalid parameter"),
            Self::AlreadyVerified => Shape::new(400, 136_024, "Request code error").sub(2_388_366),
            Self::TooManyCodes => Shape::new(400, 136_024, "Request code error").sub(2_388_367),
            Self::WrongCode | Self::TooManyGuesses => Shape::new(400, 136_025, "Verify code error"),
            Self::NothingToVerify => Shape::new(400, 136_025, "Verify code error").sub(2_388_093),
            Self::FeatureNotSupported => Shape::new(403, 10, "Permission Denied"),
            Self::NotAllowedRecipient => Shape::new(400, 131_030, "Recipient phone number not in allowed list"),
            Self::UnsupportedType => Shape::new(400, 131_051, "Unsupported message type"),
            Self::NumberExists => Shape::new(400, 2_388_012, "Phone number already exists in this account"),
            Self::NumberLimit => Shape::new(403, 200, "Phone number limit exceeded").sub(1_349_175),
            Self::NumberFormat => Shape::new(400, 136_021, "Phone number format"),
            Self::CallbackRefused => Shape::new(400, 2200, "Callback verification failed"),
        }
    }

    /// As in the examples of Meta's API description v23.0.
    fn description_face(self, operation: Operation) -> Shape {
        let not_eligible = match operation {
            Operation::Register => "Phone number is already registered or in invalid state for registration",
            Operation::Deregister => "The phone number cannot be deregistered in its current state",
            Operation::VerifyCode => "The verification code is invalid or has expired",
            Operation::UpdateNumber | Operation::SendMessage => "The phone number is not registered",
            _ => "Phone number is not eligible for verification at this time",
        };
        match self {
            Self::NoToken => Shape::new(401, 104, "An access token is required to request this resource"),
            Self::BadToken => Shape::new(401, 190, "Invalid OAuth access token").sub(463),
            Self::ExpiredToken => Shape::new(401, 190, "Error validating access token: Session has expired").sub(463),
            Self::BadVersion => Shape::new(400, 100, "Invalid version format. Use format like 'v23.0'"),
            Self::NotFound => Shape::new(404, 803, not_found(operation)),
            Self::NotNumeric if operation.is_of_account() => {
                Shape::new(400, 100, "Invalid parameter: WABA-ID must be a valid numeric string")
            }
            Self::NotNumeric => Shape::new(400, 100, "Invalid phone number ID format. Must be numeric."),
            Self::NoPermission => Shape::new(403, 200, no_permission(operation)).sub(1_349_174),
            Self::NoScope => {
                Shape::new(403, 200, "Requires whatsapp_business_messaging or whatsapp_business_management permission")
                    .sub(1_349_176)
            }
            Self::NotLinked => Shape::new(
                403,
                200,
                "Your app is not linked to the WhatsApp Business Account that owns this phone number",
            )
            .sub(1_349_175),
            Self::Budget => Shape::new(429, 80_007, "Business request limit reached for WhatsApp Business Account")
                .sub(2_446_079)
                .transient(),
            Self::Invalid | Self::WrongPin | Self::PinGuessedTooFast | Self::PinGuessedTooOften => {
                Shape::new(400, 100, invalid(operation))
            }
            Self::InvalidField => {
                Shape::new(400, 100, "Invalid field requested. Available fields: name_status, code_verification_status")
            }
            Self::BackupUnreadable | Self::BackupPassword => Shape::new(400, 100, "Invalid backup"),
            Self::AttemptLimit => match operation {
                Operation::Deregister => Shape::new(429, 4, "Rate limit exceeded for deregistration requests"),
                _ => Shape::new(429, 4, "Registration rate limit exceeded"),
            }
            .sub(2_446_079)
            .transient(),
            Self::AccountLocked
            | Self::NotVerified
            | Self::NameNotUsable
            | Self::HalfDeregistered
            | Self::JustDeregistered
            | Self::AlreadyRegistered
            | Self::AlreadyVerified
            | Self::WrongCode
            | Self::NothingToVerify
            | Self::SendUnregistered => Shape::new(422, 100, not_eligible),
            Self::AttachedElsewhere => {
                Shape::new(409, 100, "Phone number is already registered with WhatsApp Business")
            }
            Self::Maintenance => {
                Shape::new(500, 2, "An unexpected error occurred during registration. Please retry your request")
                    .transient()
            }
            Self::DeregisterUnregistered => {
                Shape::new(400, 100, "Phone number not registered on the WhatsApp Business Platform.").sub(2_207_051)
            }
            Self::OnBusinessApp => {
                Shape::new(400, 100, "Deregister endpoint is not available for API solution for SMB businesses.")
            }
            Self::TooManyCodes => Shape::new(429, 4, "Application request limit reached").sub(2_446_079).transient(),
            Self::TooManyGuesses => {
                Shape::new(429, 4, "Too many verification attempts. Please try again later").sub(2_446_079).transient()
            }
            Self::FeatureNotSupported => Shape::new(403, 10, "Not supported"),
            // The description has no examples of its own for these.
            Self::NotAllowedRecipient | Self::UnsupportedType => self.code_face(),
            Self::NumberExists => Shape::new(409, 100, "Phone number is already registered with WhatsApp Business"),
            Self::NumberLimit => {
                Shape::new(403, 200, "Phone number limit exceeded for this WhatsApp Business Account").sub(1_349_175)
            }
            Self::NumberFormat => Shape::new(400, 100, "Invalid parameter: phone_number must be in E.164 format"),
            Self::CallbackRefused => Shape::new(422, 100, "Webhook callback URL is not reachable or invalid"),
            Self::Conflict => Shape::new(409, 100, "Cannot withdraw application: No pending application found"),
            Self::InvalidData => Shape::new(422, 100, "Invalid website URL format: URL must be a valid HTTPS URL"),
        }
    }
}

/// An identifier as `fbtrace_id` has it.
pub(crate) fn trace(rng: &mut Rng) -> String {
    let mut id = rng.letters(22);
    id.insert(0, 'A');
    id
}

fn not_found(operation: Operation) -> &'static str {
    match operation {
        Operation::ReadProfile | Operation::UpdateProfile => "WhatsApp Business Profile not found",
        Operation::ReadOfficial | Operation::ApplyOfficial => "WhatsApp Business Account phone number not found",
        Operation::SetAutomation => "WhatsApp Business phone number not found",
        Operation::Unsubscribe => "WhatsApp Business Account not found or not subscribed",
        _ if operation.is_of_account() => "WhatsApp Business Account not found",
        _ => "Phone number not found",
    }
}

fn no_permission(operation: Operation) -> &'static str {
    match operation {
        Operation::Register => "Your app doesn't have permission to register this phone number",
        Operation::VerifyCode => "Your app doesn't have permission to verify this phone number",
        Operation::SetAutomation => {
            "Your app doesn't have permission to manage conversational automation for this phone number"
        }
        Operation::Subscribe => "Your app doesn't have permission to subscribe to this WhatsApp Business Account",
        Operation::Unsubscribe => "Your app doesn't have permission to unsubscribe from this WhatsApp Business Account",
        _ if operation.is_of_account() => "Your app doesn't have permission to access this WhatsApp Business Account",
        _ => "Your app doesn't have permission to access this phone number",
    }
}

fn invalid(operation: Operation) -> &'static str {
    match operation {
        Operation::Register => "Invalid PIN format. PIN must be exactly 6 digits",
        Operation::RequestCode => "Invalid parameter: code_method must be SMS or VOICE",
        Operation::VerifyCode => "Invalid verification code format",
        Operation::SetSettings => "One feature setting must be specified",
        Operation::ListNumbers => "Invalid parameter: filtering must be valid JSON",
        Operation::Subscribe => "Invalid callback URI format",
        Operation::UpdateProfile => "Invalid parameter: email must be a valid email address",
        _ => "Invalid parameter",
    }
}
