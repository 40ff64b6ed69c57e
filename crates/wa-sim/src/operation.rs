use std::fmt;

use http::Method;
use serde::{Deserialize, Serialize};

/// A call that is modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the name says it; `name` gives the one that faults and the journal use")]
pub enum Operation {
    #[serde(rename = "number.register")]
    Register,
    #[serde(rename = "number.deregister")]
    Deregister,
    #[serde(rename = "number.request_code")]
    RequestCode,
    #[serde(rename = "number.verify_code")]
    VerifyCode,
    #[serde(rename = "number.read")]
    ReadNumber,
    #[serde(rename = "number.update")]
    UpdateNumber,
    #[serde(rename = "number.read_settings")]
    ReadSettings,
    #[serde(rename = "number.set_settings")]
    SetSettings,
    #[serde(rename = "number.set_automation")]
    SetAutomation,
    #[serde(rename = "number.read_official")]
    ReadOfficial,
    #[serde(rename = "number.apply_official")]
    ApplyOfficial,
    #[serde(rename = "number.read_profile")]
    ReadProfile,
    #[serde(rename = "number.update_profile")]
    UpdateProfile,
    #[serde(rename = "number.sync_business_app")]
    SyncBusinessApp,
    #[serde(rename = "message.send")]
    SendMessage,
    #[serde(rename = "account.list_numbers")]
    ListNumbers,
    #[serde(rename = "account.add_number")]
    AddNumber,
    #[serde(rename = "account.subscribe")]
    Subscribe,
    #[serde(rename = "account.subscriptions")]
    ReadSubscriptions,
    #[serde(rename = "account.unsubscribe")]
    Unsubscribe,
}

impl Operation {
    /// The name that fault rules and the journal use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "number.register",
            Self::Deregister => "number.deregister",
            Self::RequestCode => "number.request_code",
            Self::VerifyCode => "number.verify_code",
            Self::ReadNumber => "number.read",
            Self::UpdateNumber => "number.update",
            Self::ReadSettings => "number.read_settings",
            Self::SetSettings => "number.set_settings",
            Self::SetAutomation => "number.set_automation",
            Self::ReadOfficial => "number.read_official",
            Self::ApplyOfficial => "number.apply_official",
            Self::ReadProfile => "number.read_profile",
            Self::UpdateProfile => "number.update_profile",
            Self::SyncBusinessApp => "number.sync_business_app",
            Self::SendMessage => "message.send",
            Self::ListNumbers => "account.list_numbers",
            Self::AddNumber => "account.add_number",
            Self::Subscribe => "account.subscribe",
            Self::ReadSubscriptions => "account.subscriptions",
            Self::Unsubscribe => "account.unsubscribe",
        }
    }

    /// Whether the call goes to an account rather than to a number.
    #[must_use]
    pub fn is_of_account(self) -> bool {
        matches!(
            self,
            Self::ListNumbers | Self::AddNumber | Self::Subscribe | Self::ReadSubscriptions | Self::Unsubscribe
        )
    }

    /// The call that a method does on an edge; the empty edge is the node itself, which only a number has here.
    pub(crate) fn from_request(method: &Method, edge: &str) -> Option<Self> {
        Some(match (method.as_str(), edge) {
            ("POST", "register") => Self::Register,
            ("POST", "deregister") => Self::Deregister,
            ("POST", "request_code") => Self::RequestCode,
            ("POST", "verify_code") => Self::VerifyCode,
            ("GET", "") => Self::ReadNumber,
            ("POST", "") => Self::UpdateNumber,
            ("GET", "settings") => Self::ReadSettings,
            ("POST", "settings") => Self::SetSettings,
            ("POST", "conversational_automation") => Self::SetAutomation,
            ("GET", "official_business_account") => Self::ReadOfficial,
            ("POST", "official_business_account") => Self::ApplyOfficial,
            ("GET", "whatsapp_business_profile") => Self::ReadProfile,
            ("POST", "whatsapp_business_profile") => Self::UpdateProfile,
            ("POST", "smb_app_data") => Self::SyncBusinessApp,
            ("POST", "messages") => Self::SendMessage,
            ("GET", "phone_numbers") => Self::ListNumbers,
            ("POST", "phone_numbers") => Self::AddNumber,
            ("POST", "subscribed_apps") => Self::Subscribe,
            ("GET", "subscribed_apps") => Self::ReadSubscriptions,
            ("DELETE", "subscribed_apps") => Self::Unsubscribe,
            _ => return None,
        })
    }

    /// The permissions of which the token needs one: registering takes either, as the seed documents have it.
    pub(crate) fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Register | Self::Deregister => &[MANAGEMENT, MESSAGING],
            Self::SendMessage => &[MESSAGING],
            _ => &[MANAGEMENT],
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

pub(crate) const MANAGEMENT: &str = "whatsapp_business_management";
pub(crate) const MESSAGING: &str = "whatsapp_business_messaging";
