use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor},
};

use super::{Any, FromWire, Read};

/// Makes the struct of a response.
///
/// A member is optional by its type: an `Option`, a list, a map or a text. It is read by its own name, or by those after
/// `=`: the first is its name on the wire, the others are aliases, which count only where the name itself is missing.
/// `= required` marks a member without which there is no value. What is of the wrong type reads as missing, and what is
/// repeated reads as it came first, but for a required member, which must be there once.
///
/// Behind `..` may stand an enum by `tagged!`: it is read from the member `type` and the one of that name.
///
/// ```
/// wa_types::model! {
///     #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
///     #[non_exhaustive]
///     pub struct Uploaded {
///         pub id: wa_types::MessageId = required,
///         pub kind: Option<String> = "type",
///         pub region: Option<wa_types::Region> = "data_localization_region" | "region",
///         pub tags: Vec<String>,
///     }
/// }
///
/// let read: Uploaded = serde_json::from_str(r#"{"id":7,"type":{},"region":"ch","tags":["a",[]],"new":1}"#)?;
/// assert_eq!((read.id.as_str(), read.kind, read.tags), ("7", None, vec!["a".to_owned()]));
/// assert_eq!(read.region, Some(wa_types::Region::CH));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! model {
    (@name $member:ident) => { stringify!($member) };
    (@name $member:ident $wire:literal) => { $wire };
    (@slot $type:ty) => { $crate::lenient::Optional::<$type>::new() };
    (@slot $type:ty, required) => { $crate::lenient::Required::<$type>::new() };
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {$(
            $(#[$about:meta])*
            $access:vis $member:ident: $type:ty $(= $($required:ident)? $($wire:literal $(| $alias:literal)*)?)?,
        )*
        $(.. $(#[$about_content:meta])* $access_content:vis $content:ident: $tagged:ty,)?
        }
    ) => {
        $(#[$meta])*
        $vis struct $name {$(
            $(#[$about])*
            $($(#[serde(rename = $wire)])?)?
            $access $member: $type,
        )*
        $(
            $(#[$about_content])*
            #[serde(flatten)]
            $access_content $content: $tagged,
        )?
        }

        impl $crate::lenient::Model for $name {
            fn read<'de, A: ::serde::de::MapAccess<'de>>(
                object: &mut A,
            ) -> ::core::result::Result<::core::result::Result<Self, $crate::lenient::Fault>, A::Error> {
                #[allow(non_camel_case_types, reason = "the members' own names")]
                enum Member {
                    $($member,)*
                    $($content($crate::lenient::Tag<<$tagged as $crate::lenient::Tagged>::Kind>),)?
                }

                $(let mut $member = $crate::model!(@slot $type $($(, $required)?)?);)*
                $(let mut $content = $crate::lenient::Place::<$tagged>::new();)?
                #[allow(unreachable_patterns, reason = "content stands under any name")]
                let names = |name: &str| -> Option<(Member, bool)> {
                    match name {
                        $(
                            $crate::model!(@name $member $($($wire)?)?) => Some((Member::$member, true)),
                            $($($($alias => Some((Member::$member, false)),)*)?)?
                        )*
                        $(other => Some((Member::$content($crate::lenient::Tag::from(other)), true)),)?
                        _ => None,
                    }
                };
                while let Some(found) = object.next_key_seed($crate::lenient::Names(&names))? {
                    match found {
                        $(Some((Member::$member, is_own)) => $member.read(is_own, object)?,)*
                        $(Some((Member::$content(tag), _)) => $content.read(tag, object)?,)?
                        None => {
                            object.next_value::<::serde::de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(Ok(Self {$(
                    $member: match $member.take($crate::model!(@name $member $($($wire)?)?)) {
                        Ok(value) => value,
                        Err(fault) => return Ok(Err(fault)),
                    },
                )*
                $($content: $content.take(),)?
                }))
            }
        }

        impl $crate::lenient::FromWire for $name {
            fn from_wire<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Option<Self>, D::Error> {
                $crate::lenient::object(deserializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::lenient::whole(deserializer)
            }
        }
    };
}

/// A member that may be missing.
pub trait MayBeMissing: Sized {
    /// What is read where there is something.
    type Value: FromWire;

    /// The member, by what was read.
    fn from_value(value: Option<Self::Value>) -> Self;
}

impl<T: FromWire> MayBeMissing for Option<T> {
    type Value = T;

    fn from_value(value: Self) -> Self {
        value
    }
}

impl<T: FromWire> MayBeMissing for Vec<T> {
    type Value = Self;

    fn from_value(value: Option<Self>) -> Self {
        value.unwrap_or_default()
    }
}

impl<T: FromWire> MayBeMissing for BTreeMap<String, T> {
    type Value = Self;

    fn from_value(value: Option<Self>) -> Self {
        value.unwrap_or_default()
    }
}

impl MayBeMissing for String {
    type Value = Self;

    fn from_value(value: Option<Self>) -> Self {
        value.unwrap_or_default()
    }
}

/// The place of a member that may be missing.
#[derive(Debug)]
pub struct Optional<T: MayBeMissing> {
    value: Option<T::Value>,
    is_own: bool,
}

impl<T: MayBeMissing> Optional<T> {
    /// An empty place.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "only the macro makes one")]
    pub fn new() -> Self {
        Self { value: None, is_own: false }
    }

    /// Reads a value that stands under the member's own name or an alias.
    ///
    /// # Errors
    ///
    /// What is read is not well-formed at all.
    pub fn read<'de, A: MapAccess<'de>>(&mut self, is_own: bool, object: &mut A) -> Result<(), A::Error> {
        let Read(value) = object.next_value::<Read<T::Value>>()?;
        if value.is_some() && (self.value.is_none() || is_own && !self.is_own) {
            self.value = value;
            self.is_own = is_own;
        }
        Ok(())
    }

    /// The member.
    ///
    /// # Errors
    ///
    /// Never: the signature is that of a required one.
    pub fn take(self, _: &'static str) -> Result<T, Fault> {
        Ok(T::from_value(self.value))
    }
}

/// The place of a member without which there is no value.
#[derive(Debug)]
pub struct Required<T> {
    value: Option<T>,
    is_repeated: bool,
}

impl<T: FromWire> Required<T> {
    /// An empty place.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "only the macro makes one")]
    pub fn new() -> Self {
        Self { value: None, is_repeated: false }
    }

    /// Reads a value.
    ///
    /// # Errors
    ///
    /// What is read is not well-formed at all.
    pub fn read<'de, A: MapAccess<'de>>(&mut self, _: bool, object: &mut A) -> Result<(), A::Error> {
        let Read(value) = object.next_value::<Read<T>>()?;
        self.is_repeated |= self.value.is_some();
        self.value = value;
        Ok(())
    }

    /// The member.
    ///
    /// # Errors
    ///
    /// It is missing, of another type, or there more than once: nobody can tell which one holds.
    pub fn take(self, name: &'static str) -> Result<T, Fault> {
        match self.value {
            Some(value) if !self.is_repeated => Ok(value),
            _ => Err(Fault { name, is_repeated: self.is_repeated }),
        }
    }
}

/// Why an object is not the value it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    name: &'static str,
    is_repeated: bool,
}

impl Fault {
    fn into_error<E: Error>(self) -> E {
        if self.is_repeated { E::duplicate_field(self.name) } else { E::missing_field(self.name) }
    }
}

/// What [`model!`](crate::model) makes.
pub trait Model: Sized {
    /// Reads all members of an object.
    ///
    /// # Errors
    ///
    /// What is read is not well-formed at all.
    fn read<'de, A: MapAccess<'de>>(object: &mut A) -> Result<Result<Self, Fault>, A::Error>;
}

/// Reads a model, or nothing if it is something else or lacks a required member.
///
/// # Errors
///
/// What is read is not well-formed at all.
pub fn object<'de, D: Deserializer<'de>, T: Model>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(match Any::<Members<T>, IgnoredAny>::deserialize(deserializer)? {
        Any::Object(Members(Ok(model))) => Some(model),
        _ => None,
    })
}

/// Reads a model and nothing else.
///
/// # Errors
///
/// It is something else, or lacks a required member.
pub fn whole<'de, D: Deserializer<'de>, T: Model>(deserializer: D) -> Result<T, D::Error> {
    let Members(model) = Members::deserialize(deserializer)?;
    model.map_err(Fault::into_error)
}

/// Looks a member's name up.
pub struct Names<F>(pub F);

impl<'de, F: FnOnce(&str) -> T, T> DeserializeSeed<'de> for Names<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<F: FnOnce(&str) -> T, T> Visitor<'_> for Names<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        Ok((self.0)(name))
    }
}

impl<F> fmt::Debug for Names<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names")
    }
}

struct Members<T>(Result<T, Fault>);

impl<'de, T: Model> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor(PhantomData))
    }
}

struct MembersVisitor<T>(PhantomData<T>);

impl<'de, T: Model> Visitor<'de> for MembersVisitor<T> {
    type Value = Members<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Members<T>, A::Error> {
        T::read(&mut object).map(Members)
    }
}
