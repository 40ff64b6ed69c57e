use std::str::FromStr;

use serde::Serialize;

use crate::open::open_enum;

open_enum! {
    /// How the one-time code reaches the person.
    CodeMethod {
        Sms = "SMS",
        Voice = "VOICE",
    }
}

/// The language of a one-time code's message, such as `en_US` or `en`. Meta's pages show both forms; it goes out as given.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Language(Box<str>);

/// A text that is not a language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a language: write it like en_US or en")]
pub struct InvalidLanguage(());

impl Language {
    /// Takes a language of two or three small letters, with or without `_` and a country of two capitals.
    ///
    /// # Errors
    ///
    /// The text is not of that form.
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidLanguage> {
        let text = text.as_ref();
        let (language, country) = match text.split_once('_') {
            Some((language, country)) => (language, Some(country)),
            None => (text, None),
        };
        let well_formed = matches!(language.len(), 2 | 3)
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && country
                .is_none_or(|country| country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()));
        if well_formed { Ok(Self(text.into())) } else { Err(InvalidLanguage(())) }
    }

    /// The language as it stands on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// American English.
impl Default for Language {
    fn default() -> Self {
        Self("en_US".into())
    }
}

impl FromStr for Language {
    type Err = InvalidLanguage;

    fn from_str(text: &str) -> Result<Self, InvalidLanguage> {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_taken_and_kept() {
        for text in ["en_US", "en", "fil"] {
            assert_eq!(Language::new(text).unwrap().as_str(), text);
        }
        for wrong in ["", "EN", "en-US", "en_", "english", "en_us", "en_USA"] {
            assert!(Language::new(wrong).is_err(), "{wrong}");
        }
    }
}
