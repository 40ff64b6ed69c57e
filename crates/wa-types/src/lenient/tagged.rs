use serde::de::{IgnoredAny, MapAccess};

use super::{FromWire, Names, Read};

/// Makes an enum of an object whose member `type` names the member that holds its content, and the open set of those names.
///
/// A kind after `or` needs no content: the value that follows stands for it. What is not listed, or cannot be read, is
/// `Other`.
macro_rules! tagged {
    (
        $(#[$meta:meta])* $name:ident by
        $(#[$about_kind:meta])* $kind:ident {
            $($(#[$about:meta])* $variant:ident($content:ty) = $word:literal $(or $bare:expr)?,)+
        }
    ) => {
        $crate::open::open_enum! {
            $(#[$about_kind])* $kind { $($variant = $word,)+ }
        }

        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$about])* $variant($content),)+
            /// A kind that is not listed, with what came under its name; or a listed one whose content cannot be read.
            #[non_exhaustive]
            Other {
                /// The kind.
                kind: $kind,
                /// The content of a kind that is not listed.
                json: Option<$crate::Json>,
            },
        }

        impl $name {
            /// The word that `type` holds.
            #[must_use]
            pub fn kind(&self) -> $kind {
                match self {
                    $(Self::$variant(_) => $kind::$variant,)+
                    Self::Other { kind, .. } => kind.clone(),
                }
            }
        }

        impl $crate::lenient::Tagged for $name {
            type Kind = $kind;

            fn read<'de, A: serde::de::MapAccess<'de>>(kind: &$kind, object: &mut A) -> Result<Option<Self>, A::Error> {
                use $crate::lenient::Read;
                Ok(match kind {
                    $($kind::$variant => object.next_value::<Read<$content>>()?.0.map(Self::$variant),)+
                    $kind::Other(_) => {
                        let Read(json) = object.next_value()?;
                        Some(Self::Other { kind: kind.clone(), json })
                    }
                })
            }

            fn bare(kind: $kind) -> Self {
                match kind {
                    $($($kind::$variant => Self::$variant($bare),)?)+
                    kind => Self::Other { kind, json: None },
                }
            }

            fn is_listed(&self) -> bool {
                !matches!(self, Self::Other { .. })
            }
        }

        impl $crate::lenient::Model for $name {
            fn read<'de, A: serde::de::MapAccess<'de>>(
                object: &mut A,
            ) -> Result<Result<Self, $crate::lenient::Fault>, A::Error> {
                $crate::lenient::Place::read_whole(object).map(Ok)
            }
        }

        impl $crate::lenient::FromWire for $name {
            fn from_wire<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                $crate::lenient::object(deserializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::lenient::whole(deserializer)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut object = serializer.serialize_map(None)?;
                match self {
                    $(Self::$variant(content) => {
                        object.serialize_entry("type", $word)?;
                        object.serialize_entry($word, content)?;
                    })+
                    Self::Other { kind, json } => {
                        object.serialize_entry("type", kind)?;
                        if let Some(json) = json {
                            object.serialize_entry(kind.as_str(), json)?;
                        }
                    }
                }
                object.end()
            }
        }
    };
}

pub(crate) use tagged;

/// What `tagged!` makes.
pub trait Tagged: Sized {
    /// What `type` holds, which is also the name of the content.
    type Kind: for<'a> From<&'a str> + FromWire + PartialEq;

    /// Reads the content of a kind.
    ///
    /// # Errors
    ///
    /// What is read is not well-formed at all.
    fn read<'de, A: MapAccess<'de>>(kind: &Self::Kind, object: &mut A) -> Result<Option<Self>, A::Error>;

    /// The value where no content can be read.
    fn bare(kind: Self::Kind) -> Self;

    /// Whether it is of a listed kind.
    fn is_listed(&self) -> bool;
}

/// The name of a member of a tagged object.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "only the macros see it")]
pub enum Tag<K> {
    /// `type`.
    Type,
    /// The name of some content.
    Content(K),
}

impl<'a, K: From<&'a str>> From<&'a str> for Tag<K> {
    fn from(name: &'a str) -> Self {
        match name {
            "type" => Self::Type,
            name => Self::Content(K::from(name)),
        }
    }
}

/// The place of a tagged enum. The content may come before the `type`, so all of it is kept until that has come.
#[derive(Debug)]
pub struct Place<T: Tagged> {
    kind: Option<T::Kind>,
    first: Option<(T::Kind, T)>,
    others: Vec<(T::Kind, T)>,
}

impl<T: Tagged> Place<T> {
    /// An empty place.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "only the macros make one")]
    pub fn new() -> Self {
        Self { kind: None, first: None, others: Vec::new() }
    }

    /// Reads a value.
    ///
    /// # Errors
    ///
    /// What is read is not well-formed at all.
    pub fn read<'de, A: MapAccess<'de>>(&mut self, tag: Tag<T::Kind>, object: &mut A) -> Result<(), A::Error> {
        match tag {
            Tag::Type => {
                let Read(kind) = object.next_value()?;
                self.kind = self.kind.take().or(kind);
            }
            Tag::Content(kind) if self.kind.as_ref().is_some_and(|wanted| *wanted != kind) => {
                object.next_value::<IgnoredAny>()?;
            }
            Tag::Content(kind) => {
                let Some(content) = T::read(&kind, object)? else {
                    return Ok(());
                };
                if self.first.is_none() {
                    self.first = Some((kind, content));
                } else {
                    self.others.push((kind, content));
                }
            }
        }
        Ok(())
    }

    /// The content that `type` names; without a `type`, the first that is of a listed kind.
    pub fn take(self) -> T {
        let mut contents = self.first.into_iter().chain(self.others);
        match self.kind {
            Some(wanted) => match contents.find(|(kind, _)| *kind == wanted) {
                Some((_, content)) => content,
                None => T::bare(wanted),
            },
            None => match contents.find(|(_, content)| content.is_listed()) {
                Some((_, content)) => content,
                None => T::bare(T::Kind::from("")),
            },
        }
    }

    /// Reads an object that holds nothing else.
    ///
    /// # Errors
    ///
    /// What is read is not well-formed at all.
    pub fn read_whole<'de, A: MapAccess<'de>>(object: &mut A) -> Result<T, A::Error> {
        let mut place = Self::new();
        while let Some(tag) = object.next_key_seed(Names(|name: &str| Tag::from(name)))? {
            place.read(tag, object)?;
        }
        Ok(place.take())
    }
}

#[cfg(test)]
mod tests {
    #![allow(unreachable_pub, dead_code, reason = "the macro makes public types")]

    use serde_json::json;

    use crate::model;

    tagged! {
        /// What is held.
        Content by
        /// Its kind.
        Kind {
            /// A number.
            Number(i64) = "number",
            /// Text.
            Text(String) = "text",
            /// Nothing.
            Gone(Option<i64>) = "gone" or None,
        }
    }

    impl crate::lenient::FromWire for Option<i64> {
        fn from_wire<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
            i64::from_wire(deserializer).map(|number| number.map(Some))
        }
    }

    model! {
        #[derive(Debug, PartialEq, serde::Serialize)]
        struct Holder {
            id: Option<i64>,
            ..
            content: Content,
        }
    }

    fn read(json: &str) -> Content {
        let holder: Holder = serde_json::from_str(&format!(r#"{{"id":7,{json}}}"#)).unwrap();
        assert_eq!(holder.id, Some(7), "{json}");
        assert_eq!(
            serde_json::from_str::<crate::lenient::Read<Content>>(&format!("{{{json}}}")).unwrap().0,
            Some(holder.content.clone())
        );
        holder.content
    }

    fn other(kind: &str) -> Content {
        Content::Other { kind: Kind::from(kind), json: None }
    }

    #[test]
    fn the_content_may_come_before_or_after_its_kind_and_beside_others() {
        for json in [
            r#""type":"number","number":5"#,
            r#""number":5,"type":"number""#,
            r#""text":"a","number":5,"type":"number""#,
            r#""number":5,"new":{},"text":"a","type":"number""#,
            r#""type":"Number","text":"a","number":5,"number":6"#,
            r#""type":"number","number":{},"number":5"#,
            r#""type":[],"new":{},"number":5"#,
            r#""number":5"#,
        ] {
            assert_eq!(read(json), Content::Number(5), "{json}");
        }
    }

    #[test]
    fn what_is_missing_or_unreadable_is_other() {
        assert_eq!(read(r#""type":"number""#), other("number"));
        assert_eq!(read(r#""type":"number","number":{},"text":"a""#), other("number"));
        assert_eq!(read(r#""new":{}"#), other(""));
        assert_eq!(read(r#""type":"gone""#), Content::Gone(None));
        assert_eq!(read(r#""type":"gone","gone":[]"#), Content::Gone(None));
        assert_eq!(read(r#""type":"gone","gone":1"#), Content::Gone(Some(1)));
    }

    #[test]
    fn a_kind_that_is_not_listed_keeps_its_content() {
        for json in [r#""type":"poll","poll":{"a":[1e0]},"new":1"#, r#""new":1,"poll":{"a":[1e0]},"type":"poll""#] {
            let content = read(json);
            let Content::Other { kind, json: Some(kept) } = &content else { panic!("{json}") };
            assert_eq!((kind.as_str(), kept.as_str()), ("poll", r#"{"a":[1e0]}"#));
            assert_eq!(serde_json::to_string(&content).unwrap(), r#"{"type":"poll","poll":{"a":[1e0]}}"#);
        }
        assert_eq!(read(r#""type":"poll","poll":null"#), other("poll"));
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        let holder = Holder { id: Some(1), content: Content::Text("a".into()) };
        assert_eq!(serde_json::to_value(holder).unwrap(), json!({"id": 1, "type": "text", "text": "a"}));
    }
}
