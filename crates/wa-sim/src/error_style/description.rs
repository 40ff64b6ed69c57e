use crate::{
    Operation,
    error_style::{Reason, Shape},
};

impl Reason {
    /// As in the examples of Meta's API description v23.0.
    pub(super) fn description_style(self, operation: Operation) -> Shape {
        let operation = operation.general();
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
            Self::Deleted => Shape::new(404, 803, "This phone number has been deleted and is no longer accessible"),
            Self::AccountGone => Shape::new(
                404,
                803,
                "The WhatsApp Business Account associated with this phone number could not be found",
            ),
            Self::Outage => Shape::new(500, 2, unavailable(operation)).transient(),
            Self::NotNumeric if operation.is_of_account() => {
                Shape::new(400, 100, "Invalid parameter: WABA-ID must be a valid numeric string")
            }
            Self::NotNumeric => Shape::new(400, 100, "Invalid phone number ID format. Must be numeric."),
            Self::NoPermission => no_permission(operation),
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
            Self::AppBudget => Shape::new(429, 4, "Application request limit reached").sub(2_446_079).transient(),
            Self::Budget => Shape::new(429, 80_007, "Business request limit reached for WhatsApp Business Account")
                .sub(2_446_079)
                .transient(),
            Self::BadProof => Shape::new(400, 100, "Invalid appsecret_proof provided in the API argument"),
            Self::NotSubscribed => Shape::new(
                400,
                100,
                "Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp \
                 Business Account",
            ),
            Self::TemplateMissing => Shape::new(404, 132_001, "Template name does not exist in the translation"),
            Self::TemplatePaused => Shape::new(400, 132_015, "Template is Paused"),
            Self::TemplateDisabled => Shape::new(400, 132_016, "Template is Disabled"),
            Self::Malformed => Shape::new(400, 100, "Invalid JSON in request body"),
            Self::Invalid | Self::PinFormat | Self::WrongPin | Self::PinGuessedTooFast | Self::PinGuessedTooOften => {
                Shape::new(400, 100, invalid(operation))
            }
            // The example names two fields only; a client must not take it for the list.
            Self::InvalidField if operation == Operation::ReadNumber => {
                Shape::new(400, 100, "Invalid field requested. Available fields: name_status, code_verification_status")
            }
            Self::InvalidField => Shape::new(422, 100, unavailable_fields(operation)),
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
            | Self::AttachedElsewhere
            | Self::SendUnregistered => Shape::new(422, 100, not_eligible),
            Self::WrongCode | Self::NothingToVerify => Shape::new(422, 100, not_eligible)
                .titled("Verification Failed", "The verification code you entered is invalid or has expired"),
            Self::Maintenance if operation == Operation::ReadNumber => {
                Shape::new(422, 100, "Phone number information is temporarily unavailable. Please try again later.")
            }
            Self::Maintenance if operation == Operation::Deregister => Shape::new(422, 100, not_eligible),
            Self::Maintenance => Shape::new(500, 2, unavailable(operation)).transient(),
            Self::NotHosted => Shape::new(400, 100, "Phone number is not currently linked in Facebook Hosted System"),
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
            Self::OwnWords
            | Self::FileGone
            | Self::MissingMember
            | Self::BadValue
            | Self::ButtonPhone
            | Self::RecipientIsSender
            | Self::ParameterCount
            | Self::ParameterFormat
            | Self::TemplateTooLong
            | Self::UserIdUnsupported
            | Self::Template(_) => self.code_style(),
            Self::NotAllowedRecipient | Self::UnsupportedType | Self::NumberForbidden | Self::MessageForbidden => {
                self.code_style()
            }
            Self::NumberExists | Self::NumberInUse => {
                Shape::new(409, 100, "Phone number is already registered with WhatsApp Business")
            }
            Self::NumberLimit => Shape::new(403, 200, "Phone number limit exceeded for this WhatsApp Business Account")
                .sub(1_349_175)
                .titled("Limit Exceeded", "You have reached the maximum number of phone numbers for this account"),
            Self::NumberImpossible => Shape::new(422, 100, "Phone number validation failed: invalid format"),
            Self::NumberRate => {
                Shape::new(429, 4, "Phone number creation rate limit exceeded").sub(2_446_080).transient()
            }
            Self::NumberFormat => Shape::new(400, 100, "Invalid parameter: phone_number must be in E.164 format"),
            Self::CallbackRefused => Shape::new(422, 100, "Webhook callback URL is not reachable or invalid"),
            Self::Conflict => Shape::new(409, 100, "Cannot withdraw application: No pending application found"),
            Self::InvalidData => Shape::new(422, 100, "Invalid application data"),
            Self::TooManyApplications => {
                Shape::new(429, 4, "Too many application attempts. Please wait before submitting again")
                    .sub(2_446_080)
                    .transient()
            }
            Self::InvalidPicture => Shape::new(422, 100, "The profile picture handle is invalid or expired"),
            Self::CommandTwice => Shape::new(422, 100, "Command names must be unique"),
            Self::AutomationUnverified => {
                Shape::new(422, 100, "Phone number must be verified before configuring conversational automation")
            }
        }
    }
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

fn no_permission(operation: Operation) -> Shape {
    let text = match operation {
        // The description gives these two no subcode and no title.
        Operation::ReadSettings | Operation::SetSettings => {
            return Shape::new(403, 200, "This operation requires additional permissions");
        }
        Operation::Register => "Your app doesn't have permission to register this phone number",
        Operation::VerifyCode => "Your app doesn't have permission to verify this phone number",
        Operation::SetAutomation => {
            "Your app doesn't have permission to manage conversational automation for this phone number"
        }
        Operation::UpdateProfile | Operation::ApplyOfficial => {
            "Your app doesn't have permission to modify this resource"
        }
        Operation::Subscribe => "Your app doesn't have permission to subscribe to this WhatsApp Business Account",
        Operation::Unsubscribe => "Your app doesn't have permission to unsubscribe from this WhatsApp Business Account",
        _ if operation.is_of_account() => "Your app doesn't have permission to access this WhatsApp Business Account",
        _ => "Your app doesn't have permission to access this phone number",
    };
    let shape = Shape::new(403, 200, text).sub(1_349_174);
    match operation {
        Operation::ReadNumber | Operation::UpdateNumber => shape,
        _ => shape.titled("Permission Denied", "Your app doesn't have permission to access this resource"),
    }
}

fn unavailable(operation: Operation) -> &'static str {
    match operation {
        Operation::Register => "An unexpected error occurred during registration. Please retry your request",
        _ => "WhatsApp Business API service is temporarily unavailable",
    }
}

fn unavailable_fields(operation: Operation) -> &'static str {
    match operation {
        Operation::ReadProfile => "The requested fields are not available for this profile",
        Operation::ListSubscriptions => "The requested fields are not available for this subscription",
        _ if operation.is_of_account() => "The requested fields are not available for this account",
        _ => "The requested fields are not available for this phone number",
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
