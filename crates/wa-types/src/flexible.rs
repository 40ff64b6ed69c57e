//! Readers for a service that does not keep to its own types: a member of the wrong type is unknown, and costs no other.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
        value::{MapAccessDeserializer, SeqAccessDeserializer},
    },
};

/// A word of an open set, without an allocation where it is a listed one. What is no text is an empty, unlisted word.
pub(crate) fn word<'de, D: Deserializer<'de>, T: for<'a> From<&'a str>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(WordVisitor(PhantomData))
}

/// Text; numbers count as text, since ids and times come as either.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Any::<IgnoredAny, IgnoredAny>::deserialize(deserializer)? {
        Any::Text(text) => Some(text),
        Any::Whole(number) => Some(number.to_string()),
        Any::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Text that is empty where there is none.
pub(crate) fn plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer).map(Option::unwrap_or_default)
}

/// An id: text or a number, taken as it comes.
pub(crate) fn id<'de, D: Deserializer<'de>, T: FromWire>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(text(deserializer)?.map(|text| T::taken(text.into())))
}

/// What is made of the service's own text without a check.
pub(crate) trait FromWire {
    fn taken(text: Box<str>) -> Self;
}

/// A number, which may come as text.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let number = match Any::<IgnoredAny, IgnoredAny>::deserialize(deserializer)? {
        Any::Number(number) => Some(number),
        Any::Whole(number) => Some(number as f64),
        Any::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(number.filter(|number| number.is_finite()))
}

/// A whole number, which may come as text.
pub(crate) fn integer<'de, D: Deserializer<'de>, T: TryFrom<i64>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let whole = match Any::<IgnoredAny, IgnoredAny>::deserialize(deserializer)? {
        Any::Whole(number) => i64::try_from(number).ok(),
        Any::Number(number) if number.fract() == 0.0 && number.abs() < LARGEST_EXACT => Some(number as i64),
        Any::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(whole.and_then(|whole| T::try_from(whole).ok()))
}

/// True or false, which older pages write as text. Anything else is unknown, never false.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(match Any::<IgnoredAny, IgnoredAny>::deserialize(deserializer)? {
        Any::Flag(flag) => Some(flag),
        Any::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Any::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    })
}

/// An object with members of its own.
pub(crate) fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Any::<T, IgnoredAny>::deserialize(deserializer).map(Any::into_object)
}

/// A list of objects. Items of another type are left out.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(match Any::<IgnoredAny, Any<T, IgnoredAny>>::deserialize(deserializer)? {
        Any::List(items) => items.into_iter().filter_map(Any::into_object).collect(),
        _ => Vec::new(),
    })
}

/// A list of texts. Items of another type are left out.
pub(crate) fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    struct Text(#[serde(deserialize_with = "text")] Option<String>);

    Ok(match Any::<IgnoredAny, Text>::deserialize(deserializer)? {
        Any::List(items) => items.into_iter().filter_map(|Text(text)| text).collect(),
        _ => Vec::new(),
    })
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

impl<M, I> Any<M, I> {
    pub(crate) fn into_object(self) -> Option<M> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

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

struct WordVisitor<T>(PhantomData<T>);

impl<'de, T: for<'a> From<&'a str>> Visitor<'de> for WordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
        Ok(T::from(word))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        Ok(T::from(&number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        Ok(T::from(&number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        Ok(T::from(&number.to_string()))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<T, E> {
        Ok(T::from(if flag { "true" } else { "false" }))
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::from(""))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<T, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(T::from(""))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<T, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(T::from(""))
    }
}

/// Above this, not every whole number has a floating-point form of its own.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        a: i64,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Members {
        #[serde(default, deserialize_with = "text")]
        text: Option<String>,
        #[serde(default, deserialize_with = "number")]
        number: Option<f64>,
        #[serde(default, deserialize_with = "integer")]
        integer: Option<i64>,
        #[serde(default, deserialize_with = "flag")]
        flag: Option<bool>,
        #[serde(default, deserialize_with = "object")]
        object: Option<Inner>,
        #[serde(default, deserialize_with = "objects")]
        objects: Vec<Inner>,
        #[serde(default, deserialize_with = "texts")]
        texts: Vec<String>,
    }

    fn read(value: &Value) -> Members {
        let names = ["text", "number", "integer", "flag", "object", "objects", "texts"];
        let members: serde_json::Map<_, _> = names.map(|name| (name.to_owned(), value.clone())).into_iter().collect();
        serde_json::from_str(&Value::from(members).to_string()).unwrap()
    }

    #[test]
    fn a_member_of_the_wrong_type_is_unknown_and_costs_no_other() {
        let nothing = || serde_json::from_str::<Members>("{}").unwrap();
        let text = |text: &str| Members { text: Some(text.to_owned()), ..nothing() };
        assert_eq!(read(&json!(null)), nothing());
        assert_eq!(read(&json!("words")), text("words"));
        assert_eq!(read(&json!("True")), Members { flag: Some(true), ..text("True") });
        assert_eq!(read(&json!(true)), Members { flag: Some(true), ..nothing() });
        assert_eq!(read(&json!(7)), Members { number: Some(7.0), integer: Some(7), ..text("7") });
        assert_eq!(read(&json!("7")), Members { number: Some(7.0), integer: Some(7), ..text("7") });
        assert_eq!(read(&json!(1.5)), Members { number: Some(1.5), ..text("1.5") });
        assert_eq!(read(&json!({"a": 1})), Members { object: Some(Inner { a: 1 }), ..nothing() });
        assert_eq!(read(&json!([])), nothing());
        let mixed = json!([{"a": 1}, "x", null, 2, {"a": 3}]);
        assert_eq!(
            serde_json::from_str::<Members>(&json!({"objects": mixed, "texts": mixed}).to_string()).unwrap(),
            Members { objects: vec![Inner { a: 1 }, Inner { a: 3 }], texts: vec!["x".into(), "2".into()], ..nothing() }
        );
    }

    #[test]
    fn numbers_beyond_64_bits_are_unknown_as_whole_ones() {
        let read = |json: &str| serde_json::from_str::<Members>(&format!("{{\"integer\":{json}}}")).unwrap().integer;
        assert_eq!(read("9223372036854775807"), Some(i64::MAX));
        assert_eq!(read("18446744073709551615"), None);
        assert_eq!(read("18446744073709551616"), None);
        assert_eq!(read("133016.0"), Some(133_016));
    }
}
