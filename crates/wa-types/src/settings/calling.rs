use std::collections::BTreeMap;

use serde::Serialize;

use crate::{AppId, SipPassword, Timestamp, model, open::open_enum, time::as_seconds};

model! {
    /// Voice and video calls with a number. What is `None` is unknown when read, and left as it is when sent.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
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
}

impl CallingSettings {
    /// Settings that turn calls on or off and leave the rest as it is.
    #[must_use]
    pub fn new(status: Switch) -> Self {
        Self { status: Some(status), ..Self::default() }
    }
}

model! {
    /// Where people see the call button.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallIcons {
        /// The countries whose people see it; empty means all.
        pub restrict_to_user_countries: Vec<String>,
    }
}

model! {
    /// When a number takes calls.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallHours {
        /// Whether the hours apply.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub status: Option<Switch>,
        /// The time zone of the hours, such as `Europe/Zurich`; Meta's API description calls it `timezone`.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub timezone_id: Option<String> = "timezone_id" | "timezone",
        /// The first day of the week, as Meta's API description has it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub day_of_week_start: Option<String>,
        /// The hours of an ordinary week.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub weekly_operating_hours: Vec<OpeningHours>,
        /// The hours of special days.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub holiday_schedule: Vec<HolidayHours>,
    }
}

impl CallHours {
    /// Hours that apply from now on, in this time zone.
    #[must_use]
    pub fn new(timezone_id: impl Into<String>, weekly: Vec<OpeningHours>) -> Self {
        Self {
            status: Some(Switch::Enabled),
            timezone_id: Some(timezone_id.into()),
            weekly_operating_hours: weekly,
            ..Self::default()
        }
    }
}

model! {
    /// One stretch of hours in an ordinary week.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct OpeningHours {
        /// The day, such as `MONDAY`.
        pub day_of_week: String,
        /// When it begins, such as `0900`.
        pub open_time: String,
        /// When it ends, such as `1700`.
        pub close_time: String,
    }
}

impl OpeningHours {
    /// Hours of a day, such as `MONDAY`, `0900`, `1700`.
    #[must_use]
    pub fn new(day: impl Into<String>, open: impl Into<String>, close: impl Into<String>) -> Self {
        Self { day_of_week: day.into(), open_time: open.into(), close_time: close.into() }
    }
}

model! {
    /// The hours of a special day.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct HolidayHours {
        /// The day, such as `2026-12-25`.
        pub date: String,
        /// When the number begins to take calls.
        pub start_time: String,
        /// When it stops.
        pub end_time: String,
    }
}

impl HolidayHours {
    /// Hours of a special day, such as `2026-12-25`, `0000`, `2359`.
    #[must_use]
    pub fn new(date: impl Into<String>, start: impl Into<String>, end: impl Into<String>) -> Self {
        Self { date: date.into(), start_time: start.into(), end_time: end.into() }
    }
}

model! {
    /// Signalling by SIP.
    #[derive(Clone, Debug, Default, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct SipSettings {
        /// Whether it is on.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub status: Option<Switch>,
        /// The business's servers.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub servers: Vec<SipServer>,
    }
}

model! {
    /// A SIP server of the business.
    #[derive(Clone, Debug, Serialize)]
    #[non_exhaustive]
    pub struct SipServer {
        /// The app it belongs to; only read.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub app_id: Option<AppId>,
        /// Its host name.
        pub hostname: String,
        /// Its port; 5061 unless set.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub port: Option<u16>,
        /// Parameters that are added to the user part of the address.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        pub request_uri_user_params: BTreeMap<String, String>,
        /// Its password: only read, only on request, and never written out again.
        #[serde(skip_serializing)]
        pub sip_user_password: Option<SipPassword>,
        /// The same under the name that Meta's API description gives it.
        #[serde(skip_serializing)]
        pub password: Option<SipPassword>,
    }
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

model! {
    /// Video in calls.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallVideo {
        /// Whether it is on.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub status: Option<Switch>,
    }
}

impl CallVideo {
    /// Video, on or off.
    #[must_use]
    pub fn new(status: Switch) -> Self {
        Self { status: Some(status) }
    }
}

model! {
    /// Sound in calls.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallAudio {
        /// Whether it is on.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub status: Option<Switch>,
        /// Codecs besides the standard one.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        pub additional_codecs: Vec<String>,
    }
}

model! {
    /// The service's media addresses.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct IpAddresses {
        /// The addresses in use.
        pub default: Vec<String>,
    }
}

model! {
    /// What the service has forbidden a number.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallRestrictions {
        /// Each prohibition. Meta's pages have three names for the list.
        pub restrictions: Vec<CallRestriction> = "restrictions" | "restrictions_list" | "restriction_list",
    }
}

model! {
    /// One thing that the service has forbidden a number.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct CallRestriction {
        /// What.
        pub kind: Option<String> = "type",
        /// Why.
        pub reason: Option<String>,
        /// Until when.
        #[serde(serialize_with = "as_seconds")]
        pub expiration: Option<Timestamp>,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_several_names_may_come_under_all_of_them() {
        let hours: CallHours = serde_json::from_str(r#"{"timezone":"UTC","timezone_id":"Europe/Zurich"}"#).unwrap();
        assert_eq!(hours.timezone_id.as_deref(), Some("Europe/Zurich"));
        let all = r#"{"restrictions_list":[],"restriction_list":[],"restrictions":[{"type":"X","expiration":"7"}]}"#;
        let restrictions = serde_json::from_str::<CallRestrictions>(all).unwrap().restrictions;
        assert_eq!(restrictions[0].expiration, Some(Timestamp::from_secs(7)));
        let json = serde_json::to_value(&restrictions[0]).unwrap();
        assert_eq!((&json["type"], &json["expiration"]), (&"X".into(), &7.into()));
    }

    #[test]
    fn a_parameter_of_the_wrong_type_costs_no_server() {
        let json = r#"{"hostname":"sip.example.com","port":"70000","request_uri_user_params":{"a":[],"b":"c"}}"#;
        let server: SipServer = serde_json::from_str(json).unwrap();
        assert_eq!((server.hostname.as_str(), server.port), ("sip.example.com", None));
        assert_eq!(server.request_uri_user_params, [("b".to_owned(), "c".to_owned())].into());
    }
}
