use std::{fmt, str::FromStr};

/// A phone number in international form: country code first, no blanks, at most fifteen digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct E164(Box<str>);

/// A text that is not a phone number in international form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a phone number in international form: write it like +16315555555, country code first")]
pub struct InvalidE164(());

impl E164 {
    /// Takes a number as people write it: blanks, dots, dashes, brackets and the plus sign are dropped.
    ///
    /// # Errors
    ///
    /// What is left is not 7 to 15 digits, or starts with 0.
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidE164> {
        let text = text.as_ref();
        let bare = text.trim_start().strip_prefix('+').unwrap_or(text);
        let written: String = bare.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
        if (7..=15).contains(&written.len())
            && written.bytes().all(|byte| byte.is_ascii_digit())
            && !written.starts_with('0')
        {
            Ok(Self(format!("+{written}").into()))
        } else {
            Err(InvalidE164(()))
        }
    }

    /// The number with its plus sign.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number without its plus sign.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }
}

impl FromStr for E164 {
    type Err = InvalidE164;

    fn from_str(text: &str) -> Result<Self, InvalidE164> {
        Self::new(text)
    }
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_taken_as_people_write_it() {
        for text in ["+1 (631) 555-5555", "16315555555", "1.631.555.5555", " +16315555555"] {
            let number = E164::new(text).unwrap();
            assert_eq!((number.as_str(), number.digits()), ("+16315555555", "16315555555"), "{text}");
        }
    }

    #[test]
    fn a_number_without_its_country_is_refused() {
        for wrong in ["", "+", "0631555555", "555-55", "1234567890123456", "+1 631 CALL ME", "++16315555555"] {
            assert!(E164::new(wrong).is_err(), "{wrong}");
        }
    }
}
