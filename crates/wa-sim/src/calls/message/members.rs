use serde_json::{Map, Value};

use crate::error_style::{Reason, Refusal};

/// The members of an object inside a message, with the place where it stands.
///
/// Meta's error page: 131008 for what is missing and 131009 for what is wrong, with the member in the details. The
/// wording of the details is ours, unless it is said to be seen.
pub(super) struct Members<'a> {
    place: String,
    values: &'a Map<String, Value>,
}

impl<'a> Members<'a> {
    pub(super) fn new(place: impl Into<String>, value: &'a Value) -> Result<Self, Refusal> {
        let place = place.into();
        match value {
            Value::Object(values) => Ok(Self { place, values }),
            _ => Err(wrong(format!("Parameter '{place}' must be an object"))),
        }
    }

    pub(super) fn place(&self, name: &str) -> String {
        format!("{}['{name}']", self.place)
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong(format!("Parameter '{}' must be a string", self.place(name)))),
        }
    }

    /// A text of 1 to so many characters, if there is one.
    pub(super) fn at_most(&self, name: &str, most: usize) -> Result<Option<&'a str>, Refusal> {
        let text = self.text(name)?;
        match text.map(|text| text.chars().count()) {
            Some(length) if !(1..=most).contains(&length) => {
                let place = self.place(name);
                Err(wrong(format!("'{place}' length invalid. Min length: 1, Max length: {most}")))
            }
            _ => Ok(text),
        }
    }

    pub(super) fn required(&self, name: &str, most: usize) -> Result<&'a str, Refusal> {
        self.at_most(name, most)?.ok_or_else(|| self.lacks(name))
    }

    pub(super) fn lacks(&self, name: &str) -> Refusal {
        Refusal::new(Reason::MissingMember, format!("The parameter {} is required.", self.place(name)))
    }

    pub(super) fn object(&self, name: &str) -> Result<Option<Self>, Refusal> {
        self.get(name).map(|value| Self::new(self.place(name), value)).transpose()
    }

    pub(super) fn required_object(&self, name: &str) -> Result<Self, Refusal> {
        self.object(name)?.ok_or_else(|| self.lacks(name))
    }

    /// The objects of a list that has so many of them.
    pub(super) fn objects(&self, name: &str, least: usize, most: usize) -> Result<Vec<Self>, Refusal> {
        let place = self.place(name);
        let items = match self.get(name) {
            None if least == 0 => return Ok(Vec::new()),
            None => return Err(self.lacks(name)),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(wrong(format!("Parameter '{place}' must be an array"))),
        };
        if !(least..=most).contains(&items.len()) {
            return Err(wrong(format!("'{place}' must have {least} to {most} items, not {}", items.len())));
        }
        items.iter().enumerate().map(|(index, item)| Self::new(format!("{place}[{index}]"), item)).collect()
    }

    pub(super) fn word(&self, name: &str, words: &[&str]) -> Result<&'a str, Refusal> {
        let word = self.text(name)?.ok_or_else(|| self.lacks(name))?;
        match words.contains(&word) {
            true => Ok(word),
            false => Err(wrong(format!("Parameter '{}' must be one of {}", self.place(name), words.join(", ")))),
        }
    }

    pub(super) fn refuse(&self, name: &str, why: &str) -> Result<(), Refusal> {
        match self.get(name) {
            Some(_) => Err(wrong(format!("Parameter '{}' {why}", self.place(name)))),
            None => Ok(()),
        }
    }
}

pub(super) fn wrong(details: impl Into<String>) -> Refusal {
    Refusal::new(Reason::BadValue, details.into())
}
