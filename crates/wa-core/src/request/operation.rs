use crate::Endpoint;

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
