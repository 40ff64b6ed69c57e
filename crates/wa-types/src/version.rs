use std::{fmt, str::FromStr};

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

#[cfg(test)]
mod tests {
    use super::*;

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
