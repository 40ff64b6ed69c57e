mod wire;

use wa_types::Json;

use super::{
    Otp, Variable,
    text::{length, variables},
};
use crate::BuildError;

/// A button of a template.
///
/// One that has no constructor here can be read from its JSON, and is sent as it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Button {
    /// Sends an answer.
    QuickReply {
        /// The label, which is the answer.
        text: String,
    },
    /// Opens a page.
    Url {
        /// The label.
        text: String,
        /// The page. Its address may end with a variable.
        url: String,
        /// What may stand for the variable, or a whole address with it.
        example: Option<String>,
    },
    /// Calls a number.
    PhoneNumber {
        /// The label.
        text: String,
        /// The number.
        phone_number: String,
    },
    /// Copies a coupon's code, which is given when the template is sent.
    CopyCode {
        /// The label, which the service gives it.
        text: Option<String>,
        /// A code as it may be sent.
        example: String,
    },
    /// Calls the business on WhatsApp.
    VoiceCall {
        /// The label.
        text: String,
    },
    /// Opens a flow.
    Flow(FlowButton),
    /// Shows the catalog.
    Catalog {
        /// The label: `View catalog`.
        text: String,
    },
    /// Shows several products, which are chosen when the template is sent.
    MultiProduct {
        /// The label: `View items`.
        text: String,
    },
    /// Shows the product of the header.
    SingleProduct {
        /// The label: `View`.
        text: String,
    },
    /// Shows an order and asks to pay it.
    OrderDetails {
        /// The label, such as `Review and Pay`.
        text: String,
    },
    /// Asks for the person's phone number.
    RequestContactInfo {
        /// The label, which the service gives it.
        text: Option<String>,
    },
    /// Hands over a one-time code. Once created, it is read as a button of a page.
    Otp(Otp),
    /// One that is not listed here.
    Other {
        /// Its type.
        kind: String,
        /// All of it.
        json: Json,
    },
}

impl Button {
    /// A button that sends its label of at most 25 characters as an answer.
    #[must_use]
    pub fn quick_reply(text: impl Into<String>) -> Self {
        Self::QuickReply { text: text.into() }
    }

    /// A button with this label of at most 25 characters that opens this page.
    #[must_use]
    pub fn url(text: impl Into<String>, url: impl Into<String>) -> Self {
        Self::Url { text: text.into(), url: url.into(), example: None }
    }

    /// A button that opens a page whose address ends with a variable, such as `https://example.com/?code={{1}}`, with an
    /// example of what may stand for it.
    #[must_use]
    pub fn url_with_variable(text: impl Into<String>, url: impl Into<String>, example: impl Into<String>) -> Self {
        Self::Url { text: text.into(), url: url.into(), example: Some(example.into()) }
    }

    /// A button with this label of at most 25 characters that calls this number of at most 20.
    #[must_use]
    pub fn phone_number(text: impl Into<String>, phone_number: impl Into<String>) -> Self {
        Self::PhoneNumber { text: text.into(), phone_number: phone_number.into() }
    }

    /// A button that copies a coupon's code, with an example of at most 20 characters. (One of Meta's pages says 15.)
    #[must_use]
    pub fn copy_code(example: impl Into<String>) -> Self {
        Self::CopyCode { text: None, example: example.into() }
    }

    /// A button with this label of at most 25 characters that calls the business on WhatsApp.
    #[must_use]
    pub fn voice_call(text: impl Into<String>) -> Self {
        Self::VoiceCall { text: text.into() }
    }

    /// A button that shows the catalog.
    #[must_use]
    pub fn catalog() -> Self {
        Self::Catalog { text: "View catalog".to_owned() }
    }

    /// A button that shows several products, which are chosen when the template is sent.
    #[must_use]
    pub fn multi_product() -> Self {
        Self::MultiProduct { text: "View items".to_owned() }
    }

    /// A button that shows the product of the header.
    #[must_use]
    pub fn single_product() -> Self {
        Self::SingleProduct { text: "View".to_owned() }
    }

    /// A button that shows an order: labelled `Review and Pay` in India, `Copy Pix code` in Brazil.
    #[must_use]
    pub fn order_details(text: impl Into<String>) -> Self {
        Self::OrderDetails { text: text.into() }
    }

    /// A button that asks for the person's phone number.
    #[must_use]
    pub fn request_contact_info() -> Self {
        Self::RequestContactInfo { text: None }
    }

    /// The type as the service names it, such as `QUICK_REPLY`.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::QuickReply { .. } => "QUICK_REPLY",
            Self::Url { .. } => "URL",
            Self::PhoneNumber { .. } => "PHONE_NUMBER",
            Self::CopyCode { .. } => "COPY_CODE",
            Self::VoiceCall { .. } => "VOICE_CALL",
            Self::Flow(_) => "FLOW",
            Self::Catalog { .. } => "CATALOG",
            Self::MultiProduct { .. } => "MPM",
            Self::SingleProduct { .. } => "SPM",
            Self::OrderDetails { .. } => "ORDER_DETAILS",
            Self::RequestContactInfo { .. } => "REQUEST_CONTACT_INFO",
            Self::Otp(_) => "OTP",
            Self::Other { kind, .. } => kind,
        }
    }

    /// The variable that the address of its page ends with.
    pub(super) fn variable(&self) -> Option<Variable> {
        match self {
            Self::Url { url, .. } => variables(url).pop(),
            _ => None,
        }
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        let what = format!("the label of a {} button", self.kind());
        match self {
            Self::Other { .. } | Self::CopyCode { text: None, .. } | Self::RequestContactInfo { text: None } => {}
            Self::Otp(_) => {
                return Err(BuildError::new("only an authentication template has an OTP button: use Authentication"));
            }
            Self::Flow(FlowButton { text, .. })
            | Self::QuickReply { text }
            | Self::Url { text, .. }
            | Self::PhoneNumber { text, .. }
            | Self::VoiceCall { text }
            | Self::Catalog { text }
            | Self::MultiProduct { text }
            | Self::SingleProduct { text }
            | Self::OrderDetails { text }
            | Self::CopyCode { text: Some(text), .. }
            | Self::RequestContactInfo { text: Some(text) } => {
                length(&what, text, LONGEST_LABEL)?;
                // Meta's error 2388060.
                if text.contains("{{") {
                    return Err(BuildError::new(format!("{what} has no variables")));
                }
            }
        }
        match self {
            Self::Url { url, example, .. } => check_url(url, example.as_deref()),
            Self::PhoneNumber { phone_number, .. } => {
                length("the number of a PHONE_NUMBER button", phone_number, LONGEST_NUMBER)
            }
            Self::CopyCode { example, .. } => length("the example of a COPY_CODE button", example, LONGEST_CODE),
            Self::Flow(flow) => flow.check(),
            _ => Ok(()),
        }
    }
}

/// A variable at the end only, and an example for it.
fn check_url(url: &str, example: Option<&str>) -> Result<(), BuildError> {
    length("the address of a URL button", url, LONGEST_URL)?;
    let variables = variables(url);
    let ends_with_it = url.ends_with("}}") && url.matches("{{").count() == 1;
    let reason = match (variables.as_slice(), example) {
        ([], None) if !url.contains("{{") => return Ok(()),
        ([_], Some(example)) if ends_with_it => {
            return length("the example of a URL button", example, LONGEST_URL);
        }
        ([], None) => "the address of a URL button has something else than a variable between {{ and }}",
        ([], Some(_)) => "the address of a URL button has no variable for its example: end it with {{1}}",
        ([_], None) if ends_with_it => "the address of a URL button has a variable: give an example for it",
        _ => {
            "the address of a URL button has one variable at most, at its end: such as https://example.com/?code={{1}}"
        }
    };
    Err(BuildError::new(reason))
}

impl From<FlowButton> for Button {
    fn from(button: FlowButton) -> Self {
        Self::Flow(button)
    }
}

/// A button that opens a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowButton {
    text: String,
    flow: Option<Flow>,
    action: Option<String>,
    screen: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Flow {
    Id(String),
    Name(String),
    Json(String),
}

impl FlowButton {
    /// Opens the flow with this id.
    #[must_use]
    pub fn id(text: impl Into<String>, id: impl Into<String>) -> Self {
        Self::new(text, Flow::Id(id.into()))
    }

    /// Opens the flow with this name.
    #[must_use]
    pub fn name(text: impl Into<String>, name: impl Into<String>) -> Self {
        Self::new(text, Flow::Name(name.into()))
    }

    /// Opens a flow that is created with the template, from this JSON.
    #[must_use]
    pub fn json(text: impl Into<String>, json: impl Into<String>) -> Self {
        Self::new(text, Flow::Json(json.into()))
    }

    /// Begins with this screen.
    #[must_use]
    pub fn navigate(mut self, screen: impl Into<String>) -> Self {
        self.action = Some("navigate".to_owned());
        self.screen = Some(screen.into());
        self
    }

    /// Asks the flow's endpoint for the first screen.
    #[must_use]
    pub fn data_exchange(mut self) -> Self {
        self.action = Some("data_exchange".to_owned());
        self.screen = None;
        self
    }

    fn new(text: impl Into<String>, flow: Flow) -> Self {
        Self { text: text.into(), flow: Some(flow), action: None, screen: None }
    }

    fn check(&self) -> Result<(), BuildError> {
        match &self.flow {
            Some(Flow::Id(flow) | Flow::Name(flow) | Flow::Json(flow)) if !flow.is_empty() => Ok(()),
            _ => Err(BuildError::new("a FLOW button needs the flow's id, its name or its JSON")),
        }
    }
}

const LONGEST_LABEL: usize = 25;
const LONGEST_NUMBER: usize = 20;
const LONGEST_CODE: usize = 20;
const LONGEST_URL: usize = 2_000;
