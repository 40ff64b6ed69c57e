use std::fmt::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Where a call goes, after host and version, such as `/{node}/{edge}/{item}`; or an address that the service gave.
///
/// Each part stays one segment, whatever is in it.
#[derive(Clone, Debug)]
pub struct Route<'a>(To<'a>);

#[derive(Clone)]
enum To<'a> {
    Path { host: Host, first: [&'a str; FEW], count: usize, more: Vec<&'a str> },
    Address(&'a str),
}

impl<'a> Route<'a> {
    /// The object itself.
    #[must_use]
    pub fn node(id: &'a (impl AsRef<str> + ?Sized)) -> Self {
        Self(To::Path { host: Host::Graph, first: [id.as_ref(), "", "", ""], count: 1, more: Vec::new() })
    }

    /// Something of the object, or of what came before.
    #[must_use]
    pub fn edge(mut self, name: &'a str) -> Self {
        if let To::Path { first, count, more, .. } = &mut self.0 {
            match first.get_mut(*count) {
                Some(place) => *place = name,
                None => more.push(name),
            }
            *count += 1;
        }
        self
    }

    /// One item at an edge.
    #[must_use]
    pub fn item(self, id: &'a (impl AsRef<str> + ?Sized)) -> Self {
        self.edge(id.as_ref())
    }

    /// Sends the call to another host of the service.
    #[must_use]
    pub fn on(mut self, other: Host) -> Self {
        if let To::Path { host, .. } = &mut self.0 {
            *host = other;
        }
        self
    }

    /// An address from an answer of the service, such as a media file's. The request is built only if it leads to the
    /// configured host or to one that [`Config::allow_host`](crate::Config::allow_host) names.
    #[must_use]
    pub fn address(address: &'a str) -> Self {
        Self(To::Address(address))
    }

    /// The id of the object; empty for an address.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.segments().next().unwrap_or_default()
    }

    pub(crate) fn host(&self) -> Host {
        match &self.0 {
            To::Path { host, .. } => *host,
            To::Address(_) => Host::Graph,
        }
    }

    pub(crate) fn as_address(&self) -> Option<&'a str> {
        match &self.0 {
            To::Path { .. } => None,
            To::Address(address) => Some(address),
        }
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = &'a str> {
        let (first, more) = match &self.0 {
            To::Path { first, count, more, .. } => (first.iter().take(*count), more.iter()),
            To::Address(_) => ([].iter().take(0), [].iter()),
        };
        first.chain(more).copied()
    }
}

impl fmt::Debug for To<'_> {
    /// An address may hold a signature.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path { host, first, count, more } => {
                let few = first.iter().take(*count);
                f.debug_tuple("Path").field(host).field(&few.chain(more).collect::<Vec<_>>()).finish()
            }
            Self::Address(_) => f.write_str("Address(..)"),
        }
    }
}

/// The hosts of the service that calls go to. With a base of your own, such as a simulator's, all of them are that base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Host {
    /// `graph.facebook.com`, with the version in front of the path.
    #[default]
    Graph,
    /// `api.facebook.com`, without a version.
    Api,
}

/// The parameters of a call, percent-encoded as they are added.
#[derive(Debug, Default)]
pub struct Query {
    text: String,
}

impl Query {
    /// Adds a parameter.
    pub fn push(&mut self, name: &str, value: impl fmt::Display) {
        self.begin(name);
        // Writing into a text fails only if the value's own `Display` does.
        let _ = write!(Encoder(&mut self.text), "{value}");
    }

    /// Adds a parameter of several words, joined by commas, if there are any.
    pub fn push_list<'a>(&mut self, name: &str, words: impl IntoIterator<Item = &'a str>) {
        for (index, word) in words.into_iter().enumerate() {
            match index {
                0 => self.begin(name),
                _ => self.text.push(','),
            }
            self.text.extend(utf8_percent_encode(word, PARAMETER));
        }
    }

    fn begin(&mut self, name: &str) {
        if self.text.is_empty() {
            self.text.reserve(USUAL_LENGTH);
        } else {
            self.text.push('&');
        }
        self.text.extend(utf8_percent_encode(name, PARAMETER));
        self.text.push('=');
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

struct Encoder<'a>(&'a mut String);

impl Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(utf8_percent_encode(text, PARAMETER));
        Ok(())
    }
}

/// Paths as long as nearly all of them are need no allocation.
const FEW: usize = 4;

pub(crate) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

// What Meta's own addresses of uploads hold as it is. Neither ends a segment.
pub(crate) const PATH: &AsciiSet = &SEGMENT.remove(b':').remove(b'=');
// A comma between field names stays readable, as in Meta's own examples.
const PARAMETER: &AsciiSet = &SEGMENT.remove(b',');
/// Enough for a dozen fields of a number: the text then never moves.
const USUAL_LENGTH: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_and_joined() {
        let mut query = Query::default();
        query.push("fields", "id,name_status");
        query.push("filtering", r#"[{"field":"account_mode"}]"#);
        query.push("limit", 25);
        assert_eq!(
            query.as_str(),
            "fields=id,name_status&filtering=%5B%7B%22field%22%3A%22account_mode%22%7D%5D&limit=25"
        );
    }
}
