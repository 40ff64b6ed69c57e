//! Reading what a service writes that does not keep to its own types: a member of the wrong type is unknown, and costs no
//! other.
//!
//! [`model!`](crate::model) makes a response of it, and [`FromWire`] reads one value.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

/// Makes the struct of a response.
///
/// A member is optional by its type: an `Option`, a list, a map or a text. It is read by its own name, or by those after
/// `=`: the first is its name on the wire, the others are aliases, which count only where the name itself is missing.
/// `= required` marks a member without which there is no value. What is of the wrong type reads as missing, and what is
/// repeated reads as it came first, but for a required member, which must be there once.
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
        )*}
    ) => {
        $(#[$meta])*
        $vis struct $name {$(
            $(#[$about])*
            $($(#[serde(rename = $wire)])?)?
            $access $member: $type,
        )*}

        impl $crate::lenient::Model for $name {
            fn read<'de, A: ::serde::de::MapAccess<'de>>(
                object: &mut A,
            ) -> ::core::result::Result<::core::result::Result<Self, $crate::lenient::Fault>, A::Error> {
                #[allow(non_camel_case_types, reason = "the members' own names")]
                enum Member {
                    $($member),*
                }

                $(let mut $member = $crate::model!(@slot $type $($(, $required)?)?);)*
                let names = |name: &str| match name {
                    $(
                        $crate::model!(@name $member $($($wire)?)?) => Some((Member::$member, true)),
                        $($($($alias => Some((Member::$member, false)),)*)?)?
                    )*
                    _ => None,
                };
                while let Some(found) = object.next_key_seed($crate::lenient::Names(&names))? {
                    match found {
                        $(Some((Member::$member, is_own)) => $member.read(is_own, object)?,)*
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
                )*}))
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

/// Reads a value and nothing else.
///
/// # Errors
///
/// It is of another type.
pub fn value<'de, D: Deserializer<'de>, T: FromWire>(deserializer: D, expected: &'static str) -> Result<T, D::Error> {
    T::from_wire(deserializer)?.ok_or_else(|| D::Error::custom(format_args!("this is not {expected}")))
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

/// A word of an open set, without an allocation where it is a listed one.
pub(crate) fn word<'de, D: Deserializer<'de>, T: for<'a> From<&'a str>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    deserializer.deserialize_any(WordVisitor(PhantomData))
}

/// Whatever JSON holds, with the types that objects and items of lists are read as.
pub(crate) enum Any<M, I> {
    Text(String),
    Whole(i128),
    Number(f64),
    Flag(bool),
    Null,
    List(Vec<I>),
    Object(M),
}

/// What is neither an object nor a list, or any of these unread.
type Scalar = Any<IgnoredAny, IgnoredAny>;

impl<'de, M: Deserialize<'de>, I: Deserialize<'de>> Deserialize<'de> for Any<M, I> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor(PhantomData))
    }
}

struct AnyVisitor<M, I>(PhantomData<(M, I)>);

impl<'de, M: Deserialize<'de>, I: Deserialize<'de>> Visitor<'de> for AnyVisitor<M, I> {
    type Value = Any<M, I>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Any::Text(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Any::Whole(number.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Any::Whole(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Any::Number(number))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Any::Flag(flag))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Any::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(list)).map(Any::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        M::deserialize(MapAccessDeserializer::new(object)).map(Any::Object)
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

struct WordVisitor<T>(PhantomData<T>);

impl<'de, T: for<'a> From<&'a str>> Visitor<'de> for WordVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Option<T>, E> {
        Ok(Some(T::from(word)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Option<T>, E> {
        Ok(Some(T::from(&number.to_string())))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Option<T>, E> {
        Ok(Some(T::from(&number.to_string())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Option<T>, E> {
        Ok(Some(T::from(&number.to_string())))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Option<T>, E> {
        Ok(Some(T::from(if flag { "true" } else { "false" })))
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Option<T>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// Above this, not every whole number has a floating-point form of its own.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    crate::model! {
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        struct Inner {
            a: i64 = required,
        }
    }

    crate::model! {
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        struct Members {
            text: Option<String>,
            plain: String,
            number: Option<f64>,
            integer: Option<i64>,
            port: Option<u16>,
            flag: Option<bool>,
            object: Option<Inner>,
            objects: Vec<Inner>,
            texts: Vec<String>,
            map: BTreeMap<String, String>,
            kind: Option<String> = "type",
            named: Option<String> = "named" | "older" | "oldest",
        }
    }

    fn from(value: &Value) -> Members {
        serde_json::from_str(&value.to_string()).unwrap()
    }

    fn read(value: &Value) -> Members {
        let names = [
            "text", "plain", "number", "integer", "port", "flag", "object", "objects", "texts", "map", "type", "named",
        ];
        let members: serde_json::Map<_, _> = names.map(|name| (name.to_owned(), value.clone())).into_iter().collect();
        from(&Value::from(members))
    }

    fn text(text: &str) -> Members {
        let value = Some(text.to_owned());
        let nothing = from(&json!({}));
        Members { text: value.clone(), plain: text.into(), kind: value.clone(), named: value, ..nothing }
    }

    #[test]
    fn a_member_of_the_wrong_type_is_unknown_and_costs_no_other() {
        let nothing = || from(&json!({}));
        let seven = Members { number: Some(7.0), integer: Some(7), port: Some(7), ..text("7") };
        assert_eq!(read(&json!(null)), nothing());
        assert_eq!(read(&json!("words")), text("words"));
        assert_eq!(read(&json!("True")), Members { flag: Some(true), ..text("True") });
        assert_eq!(read(&json!("False")), Members { flag: Some(false), ..text("False") });
        assert_eq!(read(&json!(true)), Members { flag: Some(true), ..nothing() });
        assert_eq!(read(&json!(false)), Members { flag: Some(false), ..nothing() });
        assert_eq!(read(&json!(7)), seven);
        assert_eq!(read(&json!(" 7 ")), Members { number: Some(7.0), integer: Some(7), port: Some(7), ..text(" 7 ") });
        assert_eq!(read(&json!(-7)), Members { number: Some(-7.0), integer: Some(-7), ..text("-7") });
        assert_eq!(read(&json!(1.5)), Members { number: Some(1.5), ..text("1.5") });
        assert_eq!(read(&json!("inf")), text("inf"));
        assert_eq!(read(&json!({"b": "c"})), Members { map: [("b".into(), "c".into())].into(), ..nothing() });
        assert_eq!(read(&json!([])), nothing());
    }

    #[test]
    fn an_object_without_its_required_member_is_unknown() {
        assert_eq!(from(&json!({"object": {"a": 1}})).object, Some(Inner { a: 1 }));
        for other in [json!({}), json!({"a": null}), json!({"a": "x"}), json!([1]), json!(1)] {
            assert_eq!(from(&json!({"object": other, "text": "t"})).text.as_deref(), Some("t"));
            assert_eq!(from(&json!({"object": other})).object, None, "{other}");
            assert!(serde_json::from_value::<Inner>(other).is_err());
        }
        assert_eq!(serde_json::from_str::<Inner>(r#"{"b":[1],"a":1}"#).unwrap(), Inner { a: 1 });
    }

    #[test]
    fn items_of_the_wrong_type_are_left_out() {
        let mixed = json!([{"a": 1}, "x", null, 2, {"b": 7}, {"a": 3}]);
        let read = from(&json!({"objects": mixed, "texts": mixed, "map": {"a": 1, "b": [], "c": "d"}}));
        assert_eq!(read.objects, [Inner { a: 1 }, Inner { a: 3 }]);
        assert_eq!(read.texts, ["x", "2"]);
        assert_eq!(read.map, [("a".into(), "1".into()), ("c".into(), "d".into())].into());
    }

    #[test]
    fn an_alias_counts_where_the_name_itself_is_missing_or_unknown() {
        let read = |json: &str| serde_json::from_str::<Members>(json).unwrap().named;
        for (json, named) in [
            (r#"{"named":"a"}"#, "a"),
            (r#"{"older":"b"}"#, "b"),
            (r#"{"oldest":"c"}"#, "c"),
            (r#"{"named":"a","older":"b"}"#, "a"),
            (r#"{"oldest":"c","older":"b","named":"a"}"#, "a"),
            (r#"{"named":null,"older":"b"}"#, "b"),
            (r#"{"older":"b","named":{}}"#, "b"),
            (r#"{"older":"b","oldest":"c"}"#, "b"),
        ] {
            assert_eq!(read(json).as_deref(), Some(named), "{json}");
        }
    }

    #[test]
    fn what_is_repeated_reads_as_it_came_first_unless_it_is_required() {
        let read: Members = serde_json::from_str(r#"{"text":null,"text":"a","text":"b"}"#).unwrap();
        assert_eq!(read.text.as_deref(), Some("a"));
        let refused = |json: &str| serde_json::from_str::<Inner>(json).unwrap_err().to_string();
        assert!(refused(r#"{"a":1,"a":1}"#).starts_with("duplicate field `a`"));
        assert!(refused(r#"{"a":1,"a":null}"#).starts_with("duplicate field `a`"));
        assert!(refused(r#"{"b":1}"#).starts_with("missing field `a`"));
    }

    #[test]
    fn a_renamed_member_is_written_as_it_is_read() {
        let members = from(&json!({"type": "k", "older": "b"}));
        let written = serde_json::to_value(&members).unwrap();
        assert_eq!((&written["type"], &written["named"]), (&json!("k"), &json!("b")));
    }

    #[test]
    fn numbers_beyond_64_bits_are_unknown_as_whole_ones() {
        let read = |json: &str| serde_json::from_str::<Members>(&format!("{{\"integer\":{json}}}")).unwrap().integer;
        assert_eq!(read("9223372036854775807"), Some(i64::MAX));
        assert_eq!(read("18446744073709551615"), None);
        assert_eq!(read("18446744073709551616"), None);
        assert_eq!(read("133016.0"), Some(133_016));
        assert_eq!(read("9007199254740992.0"), None);
    }
}
