//! Word sets that the service may extend: known words are variants, any other word is kept.

use std::fmt;

/// A word that this version of the library does not list, exactly as the service wrote it.
///
/// Only parsing makes one, so a listed word is never hidden in here.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unlisted(Box<str>);

impl Unlisted {
    pub(crate) fn new(word: &str) -> Self {
        Self(word.into())
    }

    /// The word as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Makes an enum of words that stays open: reading ignores ASCII case, since Meta's pages disagree about it.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $word, "`")] $(#[$about])* $variant,)+
            /// A word that is not listed here; it is kept.
            Other($crate::Unlisted),
        }

        impl $name {
            /// The listed values, in the order of declaration.
            pub const LISTED: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    $(_ if word.eq_ignore_ascii_case($word) => Self::$variant,)+
                    _ => Self::Other($crate::Unlisted::new(word)),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::lenient::FromWire for $name {
            fn from_wire<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                $crate::lenient::word(deserializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::lenient::value(deserializer, concat!("a word of ", stringify!($name)))
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use crate::QualityRating;

    #[test]
    fn a_listed_word_is_its_variant_in_any_case() {
        assert_eq!(QualityRating::from("RED"), QualityRating::Red);
        assert_eq!(QualityRating::from("green"), QualityRating::Green);
        assert_eq!(serde_json::from_str::<QualityRating>(r#""Red""#).unwrap(), QualityRating::Red);
    }

    #[test]
    fn an_unlisted_word_is_kept_as_it_came() {
        let rating: QualityRating = serde_json::from_str(r#""Ultra-Violet""#).unwrap();
        assert!(matches!(&rating, QualityRating::Other(word) if word.as_str() == "Ultra-Violet"));
        assert_eq!(serde_json::to_string(&rating).unwrap(), r#""Ultra-Violet""#);
        assert_eq!(format!("{rating:>14}"), "  Ultra-Violet");
    }

    #[test]
    fn every_listed_word_reads_back_as_itself() {
        for rating in QualityRating::LISTED {
            assert_eq!(QualityRating::from(rating.as_str()), *rating);
        }
    }
}
