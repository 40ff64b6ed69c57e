//! Reading what a service writes that does not keep to its own types: a member of the wrong type is unknown, and costs no
//! other.
//!
//! [`model!`](crate::model) makes a response of it, and [`FromWire`] reads one value.

mod any;
mod kept;
mod model;
mod tagged;

use std::collections::BTreeMap;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny},
};

use any::Scalar;
pub(crate) use any::{Any, word};
pub use kept::lost;
pub use model::{Fault, MayBeMissing, Model, Names, Optional, Required, object, whole};
pub(crate) use tagged::tagged;
pub use tagged::{Place, Tag, Tagged};

/// A value as the service writes it.
pub trait FromWire: Sized {
    /// Reads a value, or nothing if it is of another type.
    ///
    /// # Errors
    ///
    /// What is read is not well-formed at all.
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;
}

/// Any value, as `T` if it is one.
#[derive(Debug)]
pub struct Read<T>(pub Option<T>);

impl<'de, T: FromWire> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::from_wire(deserializer).map(Self)
    }
}

/// Text; numbers count as text, since ids and times come as either.
impl FromWire for String {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(match Scalar::deserialize(deserializer)? {
            Any::Text(text) => Some(text),
            Any::Whole(number) => Some(number.to_string()),
            Any::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }
}

/// True or false, which older pages write as text. Anything else is unknown, never false.
impl FromWire for bool {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(match Scalar::deserialize(deserializer)? {
            Any::Flag(flag) => Some(flag),
            Any::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Any::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        })
    }
}

/// A number, which may come as text.
impl FromWire for f64 {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let number = match Scalar::deserialize(deserializer)? {
            Any::Number(number) => Some(number),
            Any::Whole(number) => Some(number as Self),
            Any::Text(text) => text.trim().parse().ok(),
            _ => None,
        };
        Ok(number.filter(|number: &Self| number.is_finite()))
    }
}

/// A whole number, which may come as text.
impl FromWire for i64 {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(match Scalar::deserialize(deserializer)? {
            Any::Whole(number) => Self::try_from(number).ok(),
            Any::Number(number) if number.fract() == 0.0 && number.abs() < LARGEST_EXACT => Some(number as Self),
            Any::Text(text) => text.trim().parse().ok(),
            _ => None,
        })
    }
}

impl FromWire for u16 {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(i64::from_wire(deserializer)?.and_then(|number| Self::try_from(number).ok()))
    }
}

impl<T: FromWire> FromWire for Box<T> {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(T::from_wire(deserializer)?.map(Self::new))
    }
}

impl FromWire for u64 {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(i64::from_wire(deserializer)?.and_then(|number| Self::try_from(number).ok()))
    }
}

/// A list. Items of another type are left out.
impl<T: FromWire> FromWire for Vec<T> {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(match Any::<IgnoredAny, Read<T>>::deserialize(deserializer)? {
            Any::List(items) => Some(items.into_iter().filter_map(|Read(item)| item).collect()),
            _ => None,
        })
    }
}

/// An object whose names are data. Members of another type are left out.
impl<T: FromWire> FromWire for BTreeMap<String, T> {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(match Any::<BTreeMap<String, Read<T>>, IgnoredAny>::deserialize(deserializer)? {
            Any::Object(members) => {
                Some(members.into_iter().filter_map(|(name, Read(value))| Some((name, value?))).collect())
            }
            _ => None,
        })
    }
}

/// Reads a value and nothing else.
///
/// # Errors
///
/// It is of another type.
pub fn value<'de, D: Deserializer<'de>, T: FromWire>(deserializer: D, expected: &'static str) -> Result<T, D::Error> {
    T::from_wire(deserializer)?.ok_or_else(|| D::Error::custom(format_args!("this is not {expected}")))
}

/// Above this, not every whole number has a floating-point form of its own.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

#[cfg(test)]
mod tests;
