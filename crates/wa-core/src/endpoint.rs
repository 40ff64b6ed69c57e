use std::time::Duration;

use http::Method;
use serde::{Serialize, de::DeserializeOwned};
use wa_types::{ApiVersion, Confirmed, model};

use crate::{Body, BuildError, Query, Route};

/// A call, described. Shared code builds the request and reads the answer, so that no call can forget the token, the
/// encoding, the status or the error.
///
/// Implement it for a call that this crate does not have:
///
/// ```
/// use http::Method;
/// use wa_core::{Endpoint, Query, Route, types::{Page, WabaId}};
///
/// /// `GET /{account}/message_templates`
/// struct ListTemplates<'a> {
///     account: &'a WabaId,
/// }
///
/// #[derive(serde::Deserialize)]
/// struct Template {
///     name: String,
///     status: Option<String>,
/// }
///
/// impl Endpoint for ListTemplates<'_> {
///     const NAME: &'static str = "account.list_templates";
///     const METHOD: Method = Method::GET;
///     type Response = Page<Template>;
///
///     fn route(&self) -> Route<'_> {
///         Route::node(self.account).edge("message_templates")
///     }
///
///     fn query(&self, query: &mut Query) {
///         query.push("fields", "name,status");
///     }
/// }
/// ```
pub trait Endpoint {
    /// The call's name, such as `number.register`: errors and logs carry it.
    const NAME: &'static str;
    /// The HTTP verb.
    const METHOD: Method;
    /// What a ledger notes before the call is made, if it must not be made twice by mistake.
    const ATTEMPT: Option<AttemptKind> = None;
    /// What the service answers.
    type Response: Decode;

    /// Where the call goes.
    fn route(&self) -> Route<'_>;

    /// Adds the parameters of the address. A secret must never be one.
    fn query(&self, _: &mut Query) {}

    /// What the call carries.
    ///
    /// # Errors
    ///
    /// The content cannot be written.
    fn body(&self) -> Result<Body, BuildError> {
        Ok(Body::empty())
    }

    /// Refuses what cannot work with this version, or at all, before anything is sent.
    ///
    /// # Errors
    ///
    /// Says what is wrong and what to do instead.
    fn check(&self, _: ApiVersion) -> Result<(), BuildError> {
        Ok(())
    }

    /// When the library may send the call again by itself.
    fn replay(&self) -> Replay {
        if Self::METHOD.is_safe() { Replay::Always } else { Replay::IfUnsent }
    }

    /// How long to wait for the answer, if not as long as the configuration says.
    fn timeout(&self) -> Option<Duration> {
        None
    }
}

/// An answer that can be read: anything that `serde` reads from a JSON object.
///
/// A refusal or an error in place of the answer is noticed before, whatever the type.
pub trait Decode: DeserializeOwned {}

impl<T: DeserializeOwned> Decode for T {}

model! {
    /// The answer of a call that has nothing else to say.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Success {
        /// Always true: a `false` from the service becomes an error.
        pub success: Confirmed = required,
    }
}

/// A call that must not be made twice by mistake: a ledger notes it before it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum AttemptKind {
    /// Registering, migrating included.
    Register,
    /// Deregistering.
    Deregister,
    /// Asking for a one-time code.
    RequestCode,
    /// Sending a one-time code.
    VerifyCode,
    /// Setting the PIN of two-step verification.
    SetPin,
    /// Requesting the contacts of the WhatsApp Business app.
    SyncContacts,
    /// Requesting the message history of the WhatsApp Business app.
    SyncHistory,
    /// Sending a message.
    Message,
    /// Sending the first message of a number, which is sent once.
    Greeting,
    /// A kind that this version does not know: a newer program has noted it in a shared ledger.
    Other,
}

impl AttemptKind {
    /// All kinds that are known here.
    pub const ALL: &'static [Self] = &[
        Self::Register,
        Self::Deregister,
        Self::RequestCode,
        Self::VerifyCode,
        Self::SetPin,
        Self::SyncContacts,
        Self::SyncHistory,
        Self::Message,
        Self::Greeting,
    ];

    /// Whether it is one of the ten that a number gets in any 72 hours. A kind that is not known here is taken for one.
    #[must_use]
    pub fn is_counted(self) -> bool {
        matches!(self, Self::Register | Self::Deregister | Self::Other)
    }

    /// Its name, for stores and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Deregister => "deregister",
            Self::RequestCode => "request_code",
            Self::VerifyCode => "verify_code",
            Self::SetPin => "set_pin",
            Self::SyncContacts => "sync_contacts",
            Self::SyncHistory => "sync_history",
            Self::Message => "message",
            Self::Greeting => "greeting",
            Self::Other => "other",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name).unwrap_or(Self::Other)
    }
}

/// When the library may send a call again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Replay {
    /// It only reads.
    Always,
    /// Only if it is certain that the first one never left.
    IfUnsent,
}

/// Which call an error belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// [`Endpoint::NAME`].
    pub name: &'static str,
    /// [`Endpoint::ATTEMPT`].
    pub attempt: Option<AttemptKind>,
    /// Whether it changes nothing.
    pub is_read: bool,
}

impl Operation {
    /// The operation that an endpoint describes.
    #[must_use]
    pub fn new<E: Endpoint + ?Sized>() -> Self {
        Self { name: E::NAME, attempt: E::ATTEMPT, is_read: E::METHOD.is_safe() }
    }
}
