use std::collections::BTreeSet;

use crate::BuildError;

/// A text of a template, which may have variables: `{{1}}`, `{{2}}` and so on, or names such as `{{first_name}}`.
///
/// Each variable needs an example, from which the service judges the template:
///
/// ```
/// use wa_core::api::template::Text;
///
/// let numbered = Text::new("Thank you, {{1}}! Your order number is {{2}}.").examples(["Pablo", "860198-230332"]);
/// let named = Text::new("Thank you, {{first_name}}!").example("first_name", "Pablo");
/// # assert_eq!((numbered.variables().len(), named.variables().len()), (2, 1));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub(super) text: String,
    pub(super) examples: Vec<Example>,
}

/// What may stand for a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Example {
    pub(super) name: Option<String>,
    pub(super) value: String,
}

impl Text {
    /// A text, with variables or without.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), examples: Vec::new() }
    }

    /// Gives the examples of `{{1}}`, `{{2}}` and so on, in this order.
    #[must_use]
    pub fn examples(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.examples.extend(values.into_iter().map(|value| Example { name: None, value: value.into() }));
        self
    }

    /// Gives the example of a variable with a name.
    #[must_use]
    pub fn example(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.examples.push(Example { name: Some(name.into()), value: value.into() });
        self
    }

    /// The text as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The variables, each once: by their numbers, or in the order in which the names first stand there.
    #[must_use]
    pub fn variables(&self) -> Vec<Variable> {
        variables(&self.text)
    }

    pub(super) fn has_names(&self) -> bool {
        self.variables().iter().any(|variable| matches!(variable, Variable::Name(_)))
    }

    pub(super) fn has_numbers(&self) -> bool {
        self.variables().iter().any(|variable| matches!(variable, Variable::Number(_)))
    }

    /// Refuses what the service would. `what` is the text's name in the complaint.
    pub(super) fn check(&self, what: &str, most: usize) -> Result<(), BuildError> {
        length(what, &self.text, most)?;
        if let Some(wrong) = pieces(&self.text).find_map(|piece| match piece {
            Piece::Broken(wrong) => Some(wrong),
            _ => None,
        }) {
            return Err(BuildError::new(format!(
                "{what} has {wrong}: a variable is {{{{1}}}}, {{{{2}}}} and so on, or a name of small letters, digits and _, \
                 such as {{{{first_name}}}}"
            )));
        }
        let variables = self.variables();
        let (mut numbers, mut names) = (BTreeSet::new(), BTreeSet::new());
        for variable in &variables {
            match variable {
                Variable::Number(number) => _ = numbers.insert(*number),
                Variable::Name(name) => _ = names.insert(name.as_str()),
            }
        }
        if !numbers.is_empty() && !names.is_empty() {
            return Err(BuildError::new(format!("{what} has variables with numbers and with names: use one kind")));
        }
        if let Some((gap, _)) = (1..).zip(&numbers).find(|(expected, found)| expected != *found) {
            return Err(BuildError::new(format!(
                "{what} has no {{{{{gap}}}}}: variables are numbered from 1 without a gap"
            )));
        }
        self.check_examples(what, numbers.len(), &names)
    }

    /// Refuses a body that begins or ends with a variable, or has two without a word between them.
    ///
    /// Meta's error 2388299. Punctuation behind the last variable is taken: Meta's own sample of a body ends so, although
    /// such a text was seen refused.
    pub(super) fn check_surroundings(&self, what: &str) -> Result<(), BuildError> {
        let pieces: Vec<_> = pieces(&self.text).filter(|piece| !piece.is_blank()).collect();
        let is_variable = |piece: Option<&Piece<'_>>| matches!(piece, Some(Piece::Variable(_)));
        if is_variable(pieces.first()) || is_variable(pieces.last()) {
            return Err(BuildError::new(format!(
                "{what} begins or ends with a variable: put words before and behind it"
            )));
        }
        if pieces.windows(2).any(|pair| is_variable(pair.first()) && is_variable(pair.last())) {
            return Err(BuildError::new(format!("{what} has two variables side by side: put words between them")));
        }
        Ok(())
    }

    fn check_examples(&self, what: &str, numbers: usize, names: &BTreeSet<&str>) -> Result<(), BuildError> {
        if self.examples.iter().any(|example| example.value.is_empty()) {
            return Err(BuildError::new(format!("{what} has an empty example: give a value that could be sent")));
        }
        if names.is_empty() {
            let given = self.examples.iter().filter(|example| example.name.is_none()).count();
            if given != numbers || given != self.examples.len() {
                return Err(BuildError::new(format!(
                    "{what} has {numbers} variables with numbers and {} examples: give one example for each, in their order",
                    self.examples.len()
                )));
            }
            return Ok(());
        }
        let given: BTreeSet<_> = self.examples.iter().filter_map(|example| example.name.as_deref()).collect();
        if let Some(name) = names.symmetric_difference(&given).next() {
            return Err(BuildError::new(format!(
                "{what} needs one example for each name, and for no other: see {name:?}"
            )));
        }
        if given.len() != self.examples.len() {
            return Err(BuildError::new(format!("{what} has more than one example for a name, or one without a name")));
        }
        Ok(())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// A variable of a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Variable {
    /// `{{1}}`, `{{2}}` and so on.
    Number(u16),
    /// A name, such as `first_name` for `{{first_name}}`.
    Name(String),
}

/// The variables of a text, each once: numbers by their size, names as they first stand there.
pub(super) fn variables(text: &str) -> Vec<Variable> {
    let mut numbers = BTreeSet::new();
    let mut names: Vec<&str> = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Variable(name) => match name.parse() {
                Ok(number) => _ = numbers.insert(number),
                Err(_) if names.contains(&name) => {}
                Err(_) => names.push(name),
            },
            Piece::Words(_) | Piece::Broken(_) => {}
        }
    }
    let names = names.into_iter().map(|name| Variable::Name(name.to_owned()));
    numbers.into_iter().map(Variable::Number).chain(names).collect()
}

/// Refuses a text that is empty or too long.
pub(super) fn length(what: &str, text: &str, most: usize) -> Result<(), BuildError> {
    let found = text.chars().count();
    if (1..=most).contains(&found) {
        return Ok(());
    }
    Err(BuildError::new(format!("{what} has 1 to {most} characters: this one has {found}")))
}

#[derive(Debug)]
enum Piece<'a> {
    Words(&'a str),
    Variable(&'a str),
    Broken(&'a str),
}

impl Piece<'_> {
    fn is_blank(&self) -> bool {
        matches!(self, Self::Words(words) if words.trim().is_empty())
    }
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (before, behind) = match rest.find("{{") {
            Some(place) => rest.split_at(place),
            None => (rest, ""),
        };
        if !before.is_empty() {
            rest = behind;
            return Some(Piece::Words(before));
        }
        let inner = behind.strip_prefix("{{")?;
        let Some((name, after)) = inner.split_once("}}") else {
            rest = "";
            return Some(Piece::Broken(OPENING));
        };
        rest = after;
        let name = name.trim();
        Some(if is_variable(name) { Piece::Variable(name) } else { Piece::Broken(ODD) })
    })
}

fn is_variable(name: &str) -> bool {
    let mut bytes = name.bytes();
    match bytes.next() {
        Some(b'1'..=b'9') => bytes.all(|byte| byte.is_ascii_digit()) && name.parse::<u16>().is_ok(),
        Some(b'a'..=b'z' | b'_') => bytes.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')),
        _ => false,
    }
}

const OPENING: &str = "{{ without }}";
const ODD: &str = "something else between {{ and }}";

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &Text) -> String {
        text.check("a body", 1_024).and_then(|()| text.check_surroundings("a body")).unwrap_err().to_string()
    }

    #[test]
    fn variables_are_found_once_each() {
        let numbers = Text::new("{{2}} a {{1}} b {{ 2 }}").variables();
        assert_eq!(numbers, [Variable::Number(1), Variable::Number(2)]);
        let names = Text::new("a {{day}}, {{date}}, {{day}}").variables();
        assert_eq!(names, [Variable::Name("day".into()), Variable::Name("date".into())]);
        for text in ["", "{1}", "{{", "{{}}", "{{First}}", "{{0}}", "{{99999}}", "{{a b}}", "}}{{"] {
            assert_eq!(Text::new(text).variables(), [], "{text}");
        }
    }

    // Meta, "Template components", the example of a body: it ends with a variable and a full stop.
    #[test]
    fn whole_texts_are_taken() {
        for text in [
            Text::new("Thank you, {{first_name}}! Your order number is {{order_number}}.")
                .example("first_name", "Pablo")
                .example("order_number", "860198-230332"),
            Text::new("Hi {{1}}! {{2}} off, {{1}} times").examples(["Mark", "25%"]),
            "no variables {} {1}".into(),
            "x".repeat(1_024).into(),
        ] {
            text.check("a body", 1_024).unwrap();
            text.check_surroundings("a body").unwrap();
        }
    }

    #[test]
    fn a_refusal_names_what_is_wrong() {
        for (text, reason) in [
            (Text::new(""), "1 to 1024 characters: this one has 0"),
            ("é".repeat(1_025).into(), "this one has 1025"),
            (Text::new("Hi {{1}}, and {{3}} x").examples(["a", "b"]), "no {{2}}"),
            (Text::new("Hi {{2}} x").examples(["a"]), "no {{1}}"),
            (Text::new("Hi {{1}} or {{name}} x").examples(["a"]), "use one kind"),
            (Text::new("Hi {{Name}} x"), "something else between {{ and }}"),
            (Text::new("Hi {{1 x"), "{{ without }}"),
            (Text::new("Hi {{1}} x"), "1 variables with numbers and 0 examples"),
            (Text::new("Hi x").examples(["a"]), "0 variables with numbers and 1 examples"),
            (Text::new("Hi {{1}} x").example("1", "a"), "give one example for each"),
            (Text::new("Hi {{1}} x").examples([""]), "an empty example"),
            (Text::new("Hi {{name}} x").examples(["a"]), "for each name, and for no other: see \"name\""),
            (Text::new("Hi {{name}} x").example("nam", "a"), "for each name"),
            (Text::new("Hi {{name}} x").example("name", "a").example("name", "b"), "more than one example"),
            (Text::new("{{1}}, hi").examples(["a"]), "begins or ends"),
            (Text::new("Hi {{1}} ").examples(["a"]), "begins or ends"),
            (Text::new("Hi {{1}} {{2}} x").examples(["a", "b"]), "side by side"),
        ] {
            let told = refused(&text);
            assert!(told.starts_with("a body ") && told.contains(reason), "{told}");
        }
    }
}
