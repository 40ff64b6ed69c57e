use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{SipPassword, flexible, open::open_enum};

/// Voice and video calls with a number. What is `None` is unknown when read, and left as it is when sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CallingSettings {
    /// Whether the number takes calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Switch>,
    /// Whether people see the call button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_icon_visibility: Option<CallIconVisibility>,
    /// Where people see the call button.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_icons: Option<CallIcons>,
    /// When the number takes calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_hours: Option<CallHours>,
    /// Whether a person who calls is asked for leave to be called back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_permission_status: Option<Switch>,
    /// How keys for the media are agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub srtp_key_exchange_protocol: Option<SrtpKeyExchange>,
    /// Signalling by SIP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip: Option<SipSettings>,
    /// Video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<CallVideo>,
    /// Sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<CallAudio>,
    /// The service's media addresses; only read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_addresses: Option<IpAddresses>,
    /// What the service has forbidden; only read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restrictions: Option<CallRestrictions>,
}

impl CallingSettings {
    /// Settings that turn calls on or off and leave the rest as it is.
    #[must_use]
    pub fn new(status: Switch) -> Self {
        Self { status: Some(status), ..Self::default() }
    }
}

/// Where people see the call button.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallIcons {
    /// The countries whose people see it; empty means all.
    #[serde(default, deserialize_with = "flexible::list")]
    pub restrict_to_user_countries: Vec<String>,
}

/// When a number takes calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallHours {
    /// Whether the hours apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Switch>,
    /// The time zone of the hours, such as `Europe/Zurich`; Meta's API description calls it `timezone`.
    #[serde(alias = "timezone", skip_serializing_if = "Option::is_none")]
    pub timezone_id: Option<String>,
    /// The first day of the week, as Meta's API description has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_week_start: Option<String>,
    /// The hours of an ordinary week.
    #[serde(default, deserialize_with = "flexible::list", skip_serializing_if = "Vec::is_empty")]
    pub weekly_operating_hours: Vec<OpeningHours>,
    /// The hours of special days.
    #[serde(default, deserialize_with = "flexible::list", skip_serializing_if = "Vec::is_empty")]
    pub holiday_schedule: Vec<HolidayHours>,
}

/// One stretch of hours in an ordinary week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningHours {
    /// The day, such as `MONDAY`.
    pub day_of_week: String,
    /// When it begins, such as `0900`.
    pub open_time: String,
    /// When it ends, such as `1700`.
    pub close_time: String,
}

/// The hours of a special day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayHours {
    /// The day, such as `2026-12-25`.
    pub date: String,
    /// When the number begins to take calls.
    pub start_time: String,
    /// When it stops.
    pub end_time: String,
}

/// Signalling by SIP.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SipSettings {
    /// Whether it is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Switch>,
    /// The business's servers.
    #[serde(default, deserialize_with = "flexible::list", skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<SipServer>,
}

/// A SIP server of the business.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SipServer {
    /// The app it belongs to; only read.
    #[serde(default, deserialize_with = "flexible::optional_text", skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// Its host name.
    pub hostname: String,
    /// Its port; 5061 unless set.
    #[serde(default, deserialize_with = "flexible::optional_text", skip_serializing_if = "Option::is_none")]
    pub port: Option<String>,
    /// Parameters that are added to the user part of the address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub request_uri_user_params: BTreeMap<String, String>,
    /// Its password: only read, only on request, and never written out again.
    #[serde(default, skip_serializing)]
    pub sip_user_password: Option<SipPassword>,
    /// The same under the name that Meta's API description gives it.
    #[serde(default, skip_serializing)]
    pub password: Option<SipPassword>,
}

impl SipServer {
    /// Names a server.
    #[must_use]
    pub fn new(hostname: impl Into<String>) -> Self {
        Self {
            app_id: None,
            hostname: hostname.into(),
            port: None,
            request_uri_user_params: BTreeMap::new(),
            sip_user_password: None,
            password: None,
        }
    }
}

impl PartialEq for SipServer {
    /// Compares everything but the passwords.
    fn eq(&self, other: &Self) -> bool {
        (&self.app_id, &self.hostname, &self.port, &self.request_uri_user_params)
            == (&other.app_id, &other.hostname, &other.port, &other.request_uri_user_params)
    }
}

/// Video in calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallVideo {
    /// Whether it is on.
    pub status: Switch,
}

/// Sound in calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallAudio {
    /// Whether it is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Switch>,
    /// Codecs besides the standard one.
    #[serde(default, deserialize_with = "flexible::list", skip_serializing_if = "Vec::is_empty")]
    pub additional_codecs: Vec<String>,
}

/// The service's media addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpAddresses {
    /// The addresses in use.
    #[serde(default, deserialize_with = "flexible::list")]
    pub default: Vec<String>,
}

/// What the service has forbidden a number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRestrictions {
    /// Each prohibition. Meta's pages have three names for the list.
    #[serde(default, alias = "restrictions_list", alias = "restriction_list", deserialize_with = "flexible::list")]
    pub restrictions: Vec<CallRestriction>,
}

/// One thing that the service has forbidden a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRestriction {
    /// What.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Until when, in seconds since 1970.
    pub expiration: Option<i64>,
}

open_enum! {
    /// On or off.
    Switch {
        Enabled = "ENABLED",
        Disabled = "DISABLED",
    }
}

open_enum! {
    /// Whether people see the call button.
    CallIconVisibility {
        Default = "DEFAULT",
        DisableAll = "DISABLE_ALL",
        /// In Meta's API description.
        Visible = "VISIBLE",
        /// In Meta's API description.
        Hidden = "HIDDEN",
    }
}

open_enum! {
    /// How keys for the media are agreed on.
    SrtpKeyExchange {
        Dtls = "DTLS",
        Sdes = "SDES",
        /// In Meta's API description.
        DtlsSrtp = "DTLS-SRTP",
        /// In Meta's API description.
        SdesSrtp = "SDES-SRTP",
    }
}
