//! What a content is checked against before it is sent. Nothing here repeats a text.
//!
//! Meta does not say what a character is where it limits their number, so Unicode scalar values are counted: whatever
//! it counts, except for UTF-8 bytes and UTF-16 units, there are no more of them.

use std::{fmt, ops::RangeInclusive};

use crate::BuildError;

/// Refuses a text that is too short or too long.
pub(super) fn length(what: &str, range: RangeInclusive<usize>, text: &str) -> Result<(), BuildError> {
    let found = text.chars().count();
    if range.contains(&found) {
        return Ok(());
    }
    Err(BuildError::new(format!("{what} has {}: this one has {}", Span(range, "character"), Grouped(found))))
}

/// Refuses an optional text that is there and empty or too long.
pub(super) fn optional_length(what: &str, most: usize, text: Option<&str>) -> Result<(), BuildError> {
    text.map_or(Ok(()), |text| length(what, 1..=most, text))
}

/// Refuses texts one of which is too short or too long.
pub(super) fn lengths<'a>(
    what: &str,
    range: RangeInclusive<usize>,
    texts: impl IntoIterator<Item = &'a str>,
) -> Result<(), BuildError> {
    for (index, text) in texts.into_iter().enumerate() {
        let found = text.chars().count();
        if !range.contains(&found) {
            let span = Span(range, "character");
            let found = Grouped(found);
            return Err(BuildError::new(format!("{what} has {span}: the {} has {found}", Ordinal(index))));
        }
    }
    Ok(())
}

/// Refuses too few or too many of something.
pub(super) fn count(what: &str, range: RangeInclusive<usize>, thing: &str, found: usize) -> Result<(), BuildError> {
    if range.contains(&found) {
        return Ok(());
    }
    Err(BuildError::new(format!("{what} has {}: this one has {}", Span(range, thing), Grouped(found))))
}

/// Refuses a number out of its range.
pub(super) fn range(what: &str, range: RangeInclusive<u32>, found: u32) -> Result<(), BuildError> {
    if range.contains(&found) {
        return Ok(());
    }
    let (least, most) = range.into_inner();
    Err(BuildError::new(format!("{what} is between {least} and {most}: this one is {found}")))
}

/// Refuses a text that stands twice among those that tell things apart.
pub(super) fn unique<T: PartialEq>(what: &str, texts: impl IntoIterator<Item = T>) -> Result<(), BuildError> {
    let mut seen = Vec::new();
    for text in texts {
        if let Some(first) = seen.iter().position(|other| *other == text) {
            return Err(BuildError::new(format!(
                "{what} stands once in a message: the {} and the {} are the same",
                Ordinal(first),
                Ordinal(seen.len())
            )));
        }
        seen.push(text);
    }
    Ok(())
}

/// Refuses an address that no file and no page can be at.
pub(super) fn link(what: &str, link: &str) -> Result<(), BuildError> {
    if link.starts_with("https://") || link.starts_with("http://") {
        return Ok(());
    }
    Err(BuildError::new(format!("{what} begins with https:// or http://")))
}

/// Refuses emoji.
pub(super) fn no_emoji(what: &str, text: &str) -> Result<(), BuildError> {
    if text.chars().any(is_emoji) {
        return Err(BuildError::new(format!("{what} has no emoji: leave it out")));
    }
    Ok(())
}

/// Refuses what is missing.
pub(super) fn present(what: &str, text: &str) -> Result<(), BuildError> {
    if text.is_empty() {
        return Err(BuildError::new(format!("{what} is empty")));
    }
    Ok(())
}

// The blocks of pictographs, and what makes an emoji of other characters. A few signs of other blocks that some phones
// show in colour pass.
fn is_emoji(character: char) -> bool {
    matches!(character, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{FE0F}' | '\u{20E3}')
}

struct Span<'a>(RangeInclusive<usize>, &'a str);

impl fmt::Display for Span<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(range, thing) = self;
        let plural = if *range.end() == 1 { "" } else { "s" };
        let most = Grouped(*range.end());
        match *range.start() {
            0 => write!(f, "at most {most} {thing}{plural}"),
            least if least == *range.end() => write!(f, "{most} {thing}{plural}"),
            least => write!(f, "{least} to {most} {thing}{plural}"),
        }
    }
}

/// A number as people write it, such as 4,096.
struct Grouped(usize);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 / 1_000 {
            0 => write!(f, "{}", self.0),
            thousands => write!(f, "{},{:03}", Self(thousands), self.0 % 1_000),
        }
    }
}

pub(super) struct Ordinal(pub(super) usize);

impl fmt::Display for Ordinal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match ORDINALS.get(self.0) {
            Some(word) => f.write_str(word),
            None => write!(f, "one at place {}", self.0 + 1),
        }
    }
}

const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_is_allowed_and_what_there_is() {
        let told = |result: Result<(), BuildError>| result.unwrap_err().to_string();
        assert_eq!(told(length("a text", 1..=4_096, "")), "a text has 1 to 4,096 characters: this one has 0");
        assert_eq!(
            told(lengths("a button's title", 0..=3, ["a", "ab", "é🙂éé"])),
            "a button's title has at most 3 characters: the third has 4"
        );
        assert_eq!(told(length("a code", 2..=2, "a")), "a code has 2 characters: this one has 1");
        assert_eq!(told(count("a message", 1..=3, "button", 4)), "a message has 1 to 3 buttons: this one has 4");
        assert_eq!(
            told(unique("a button's id", ["a", "b", "a"])),
            "a button's id stands once in a message: the first and the third are the same"
        );
        assert_eq!(told(range("a time", 1..=43_200, 0)), "a time is between 1 and 43200: this one is 0");
        assert_eq!(Ordinal(11).to_string(), "one at place 12");
        assert_eq!(Grouped(1_234_005).to_string(), "1,234,005");
    }

    #[test]
    fn emoji_are_told_from_letters() {
        for text in ["🙂", "x ❤️", "✅", "🇨🇭", "1️⃣"] {
            assert!(no_emoji("it", text).is_err(), "{text}");
        }
        for text in ["Größe 10 €", "日本語", "नमस्ते", "«x» – 100 %", "#1"] {
            assert!(no_emoji("it", text).is_ok(), "{text}");
        }
    }
}
