use std::{fmt, str::FromStr};

use serde::Deserializer;
use zeroize::Zeroizing;

use crate::lenient::FromWire;

/// A text that cannot be the secret it was given for. It never holds the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {problem}")]
pub struct InvalidSecret {
    name: &'static str,
    problem: &'static str,
}

/// Makes a secret: checked when made, wiped when dropped, never shown, readable only through `expose`.
macro_rules! secret {
    ($(#[$meta:meta])* $name:ident, $label:literal, $check:expr) => {
        $(#[$meta])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            #[doc = concat!("Takes ", $label, ".")]
            ///
            /// # Errors
            ///
            /// The text cannot be one; the error does not repeat it.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidSecret> {
                let text = Zeroizing::new(text.into());
                let check: fn(Zeroizing<String>) -> Result<Zeroizing<String>, &'static str> = $check;
                check(text).map(Self).map_err(|problem| InvalidSecret { name: $label, problem })
            }

            /// The secret itself, for writing it where it has to go.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidSecret;

            fn from_str(text: &str) -> Result<Self, InvalidSecret> {
                Self::new(text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

secret!(
    /// The bearer token that every call carries.
    AccessToken,
    "an access token",
    header_text
);
secret!(
    /// The six-digit PIN of two-step verification. It is not the one-time code: see [`VerificationCode`].
    Pin,
    "a PIN",
    six_digits
);
secret!(
    /// The one-time code that proves ownership of a number. It is not the PIN: see [`Pin`].
    ///
    /// Codes arrive as `123-830`; the dash and spaces are dropped.
    VerificationCode,
    "a one-time code",
    |mut text| {
        text.retain(|c| !matches!(c, '-' | ' '));
        six_digits(text)
    }
);
secret!(
    /// The password that an On-Premises backup was made with.
    BackupPassword,
    "a backup password",
    present
);
secret!(
    /// The `data` value of an On-Premises backup, unchanged.
    BackupData,
    "backup data",
    present
);
secret!(
    /// The app secret, with which the service signs its webhooks.
    AppSecret,
    "an app secret",
    header_text
);
secret!(
    /// The token that the service repeats when it subscribes a webhook.
    VerifyToken,
    "a verify token",
    present
);
secret!(
    /// The password of a SIP server, which the service gives out on request.
    SipPassword,
    "a SIP password",
    present
);

impl FromWire for SipPassword {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(String::from_wire(deserializer)?.map(|text| Self(Zeroizing::new(text))))
    }
}

fn present(text: Zeroizing<String>) -> Result<Zeroizing<String>, &'static str> {
    if text.is_empty() { Err("must not be empty") } else { Ok(text) }
}

fn header_text(text: Zeroizing<String>) -> Result<Zeroizing<String>, &'static str> {
    let text = present(text)?;
    if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        return Err("has white space in it: copy it again without line ends or blanks");
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("has characters that are not plain ASCII");
    }
    Ok(text)
}

fn six_digits(text: Zeroizing<String>) -> Result<Zeroizing<String>, &'static str> {
    if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text)
    } else {
        Err("must be exactly six digits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_six_digits_and_keeps_its_leading_zero() {
        assert_eq!(Pin::new("012345").unwrap().expose(), "012345");
        for wrong in ["", "12345", "1234567", "12 345", "12345a", "１２３４５６"] {
            assert_eq!(Pin::new(wrong).unwrap_err().to_string(), "a PIN must be exactly six digits", "{wrong}");
        }
    }

    #[test]
    fn a_one_time_code_may_come_with_its_dash() {
        assert_eq!(VerificationCode::new("123-830").unwrap().expose(), "123830");
        assert_eq!(VerificationCode::new(" 123 830").unwrap().expose(), "123830");
        assert!(VerificationCode::new("123-83").is_err());
    }

    #[test]
    fn a_token_with_a_line_end_is_refused_without_being_shown() {
        let error = AccessToken::new("EAAJB-canary\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "an access token has white space in it: copy it again without line ends or blanks"
        );
        assert!(!format!("{error:?}").contains("canary"));
        assert!(AccessToken::new("").is_err());
        assert!(AccessToken::new("EAAé").is_err());
    }

    #[test]
    fn debug_shows_the_kind_only() {
        assert_eq!(format!("{:?}", Pin::new("012345").unwrap()), "Pin(..)");
    }
}
