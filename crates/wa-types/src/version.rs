use std::{fmt, str::FromStr};

use crate::Timestamp;

/// A version of the Graph API, such as `v23.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiVersion {
    major: u16,
    minor: u16,
}

impl ApiVersion {
    /// The version that calls use unless told otherwise: the one that Meta's API description is for.
    pub const DEFAULT: Self = Self::new(23, 0);

    /// Names a version.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// The first version that takes a number's storage as a setting. Up to v20 it was part of registering.
    ///
    /// v20 and older have ended, so no version that lives takes it when registering: see [`has_ended`](Self::has_ended).
    pub const STORAGE_BY_SETTINGS: Self = Self::new(21, 0);

    /// The moment by which the service has stopped serving this version, where Meta has announced one.
    ///
    /// Where only the month is announced, it is the end of that month. For v20 and older it is the end of v20.
    #[must_use]
    pub fn end(self) -> Option<Timestamp> {
        let (_, end) = ENDS.iter().find(|(last, _)| self.major <= *last)?;
        Some(Timestamp::from_secs(*end))
    }

    /// Whether the service has stopped serving this version by then.
    ///
    /// Calls to such a version are served as if they named the oldest one that lives, so what only it could do fails.
    #[must_use]
    pub fn has_ended(self, now: Timestamp) -> bool {
        self.end().is_some_and(|end| end <= now)
    }

    /// The part before the dot.
    #[must_use]
    pub const fn major(self) -> u16 {
        self.major
    }
}

impl Default for ApiVersion {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{}", self.major, self.minor)
    }
}

/// A text that is not a version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an API version: write it like v23.0")]
pub struct InvalidVersion(());

impl FromStr for ApiVersion {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let invalid = || InvalidVersion(());
        let (major, minor) = text.strip_prefix('v').unwrap_or(text).split_once('.').ok_or_else(invalid)?;
        let part = |digits: &str| {
            if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
        };
        match (part(major), part(minor)) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(invalid()),
        }
    }
}

/// Meta, "Graph API changelog", available versions (July 2026): until when each is served, in seconds since 1970.
const ENDS: &[(u16, u64)] = &[
    // 24 September 2026.
    (20, 1_790_208_000),
    // 21 January 2027.
    (21, 1_800_489_600),
    // May 2027.
    (22, 1_811_808_000),
    // 8 October 2027.
    (23, 1_822_953_600),
    // February 2028.
    (24, 1_835_481_600),
    // July 2028.
    (25, 1_848_700_800),
];

#[cfg(test)]
mod tests {
    use super::*;

    // Meta, "Graph API changelog", available versions, July 2026.
    #[test]
    fn versions_end_when_meta_says() {
        let end = |major| ApiVersion::new(major, 0).end().map(|end| end.to_string());
        assert_eq!(end(9).as_deref(), Some("Thu, 24 Sep 2026 00:00:00 GMT"));
        assert_eq!(end(20).as_deref(), Some("Thu, 24 Sep 2026 00:00:00 GMT"));
        assert_eq!(end(21).as_deref(), Some("Thu, 21 Jan 2027 00:00:00 GMT"));
        assert_eq!(end(22).as_deref(), Some("Tue, 01 Jun 2027 00:00:00 GMT"));
        assert_eq!(end(23).as_deref(), Some("Fri, 08 Oct 2027 00:00:00 GMT"));
        assert_eq!(end(24).as_deref(), Some("Wed, 01 Mar 2028 00:00:00 GMT"));
        assert_eq!(end(25).as_deref(), Some("Tue, 01 Aug 2028 00:00:00 GMT"));
        assert_eq!(end(26), None);
    }

    #[test]
    fn a_version_has_ended_from_its_end_on() {
        let end = ApiVersion::new(20, 0).end().unwrap();
        assert!(ApiVersion::new(20, 0).has_ended(end));
        assert!(!ApiVersion::new(20, 0).has_ended(Timestamp::from_millis(end.as_millis() - 1)));
        assert!(!ApiVersion::new(21, 0).has_ended(end));
        assert!(!ApiVersion::new(26, 0).has_ended(Timestamp::from_millis(u64::MAX)));
    }

    #[test]
    fn versions_are_ordered_by_number() {
        let version = |text: &str| text.parse::<ApiVersion>().unwrap();
        assert!(version("v9.0") < version("v20.0"));
        assert!(version("21.0") < version("v21.1"));
        assert_eq!(version("v23.0").to_string(), "v23.0");
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in ["", "v23", "23.", ".0", "v+2.0", "latest", "v99999.0", "v23.0.1"] {
            assert!(wrong.parse::<ApiVersion>().is_err(), "{wrong}");
        }
    }
}
