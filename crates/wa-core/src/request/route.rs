use std::fmt::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Where a call goes, after host and version: `/{node}`, `/{node}/{edge}` or `/{node}/{edge}/{item}`.
///
/// Each part stays one segment, whatever is in it.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    segments: [Option<&'a str>; 3],
}

impl<'a> Route<'a> {
    /// The object itself.
    #[must_use]
    pub fn node(id: &'a (impl AsRef<str> + ?Sized)) -> Self {
        Self { segments: [Some(id.as_ref()), None, None] }
    }

    /// Something of the object.
    #[must_use]
    pub fn edge(mut self, name: &'a str) -> Self {
        self.segments[1] = Some(name);
        self
    }

    /// One item at an edge.
    #[must_use]
    pub fn item(mut self, id: &'a (impl AsRef<str> + ?Sized)) -> Self {
        self.segments[2] = Some(id.as_ref());
        self
    }

    /// The id of the object.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.segments().next().unwrap_or_default()
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = &'a str> {
        self.segments.into_iter().flatten()
    }
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

pub(crate) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

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
