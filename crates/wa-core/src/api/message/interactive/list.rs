use serde::{Deserialize, Serialize};

use super::{
    KIND,
    frame::{Action, Frame, HeaderRule, Rules},
};
use crate::{
    BuildError,
    api::message::{
        Content,
        limit::{count, length, lengths, unique},
        words::{Words, optional_texts},
    },
};

/// A list that a button opens, of which one row is chosen.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-list-messages)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct List(Frame<Choose>);

impl List {
    /// A body of at most 4,096 characters, the text of at most 20 characters on the button, and 1 to 10 sections with 10
    /// rows in all.
    #[must_use]
    pub fn new(
        body: impl Into<String>,
        button: impl Into<String>,
        sections: impl IntoIterator<Item = Section>,
    ) -> Self {
        let action = Choose { button: button.into().into(), sections: sections.into_iter().collect() };
        Self(Frame::new(action).body(body))
    }

    /// A text of at most 60 characters above the body.
    #[must_use]
    pub fn header(self, header: impl Into<String>) -> Self {
        Self(self.0.header(header.into()))
    }

    /// A text of at most 60 characters below the body.
    #[must_use]
    pub fn footer(self, footer: impl Into<String>) -> Self {
        Self(self.0.footer(footer))
    }
}

impl Content for List {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        // Meta's description allows 1,024 characters for every body, its page 4,096 for that of a list.
        self.0.check(&Rules { header: HeaderRule::Text, longest_body: 4_096, ..Rules::ALL })?;
        let Choose { button, sections } = &self.0.action;
        length("the text of a button", 1..=20, button)?;
        count("a list", 1..=10, "section", sections.len())?;
        check_titles(sections.iter().map(|section| section.title.as_ref()))?;
        if sections.iter().any(|section| section.rows.is_empty()) {
            return Err(BuildError::new("each section of a list has a row: leave an empty one out"));
        }
        let rows = || sections.iter().flat_map(|section| &section.rows);
        count("a list", 1..=10, "row", rows().count())?;
        lengths("the title of a row", 1..=24, rows().map(|row| &*row.title))?;
        lengths("the id of a row", 1..=200, rows().map(|row| &*row.id))?;
        lengths("the description of a row", 0..=72, rows().map(|row| row.description.as_deref().unwrap_or_default()))?;
        unique("the id of a row", rows().map(|row| &*row.id))
    }
}

/// Rows of a list under one title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<Words>,
    rows: Vec<Row>,
}

impl Section {
    /// Rows without a title, which the only section of a list may do without.
    #[must_use]
    pub fn new(rows: impl IntoIterator<Item = Row>) -> Self {
        Self { title: None, rows: rows.into_iter().collect() }
    }

    optional_texts! {
        /// A title of at most 24 characters.
        title,
    }
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    id: Words,
    title: Words,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Words>,
}

impl Row {
    /// A row with an id of at most 200 characters and a title of at most 24.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self { id: id.into().into(), title: title.into().into(), description: None }
    }

    optional_texts! {
        /// A text of at most 72 characters below the title.
        description,
    }
}

/// Checks the titles of sections.
pub(super) fn check_titles<'a>(titles: impl ExactSizeIterator<Item = Option<&'a Words>>) -> Result<(), BuildError> {
    // Meta's page requires a title always, its description from two sections on.
    let is_alone = titles.len() == 1;
    let titles: Vec<&str> =
        titles.filter(|title| title.is_some() || !is_alone).map(|title| title.map_or("", |title| title)).collect();
    lengths("the title of a section", 1..=24, titles)
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Choose {
    button: Words,
    sections: Vec<Section>,
}

impl Action for Choose {
    const TYPE: &'static str = "list";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::testing::{refusal, sends};

    // Meta, "Interactive list messages", example request.
    #[test]
    fn a_list_is_written_as_documented() {
        let soon = [
            Row::new("priority_express", "Priority Mail Express").description("Next Day to 2 Days"),
            Row::new("priority_mail", "Priority Mail").description("1–3 Days"),
        ];
        let later = [
            Row::new("usps_ground_advantage", "USPS Ground Advantage").description("2–5 Days"),
            Row::new("media_mail", "Media Mail").description("2–8 Days"),
        ];
        let content = List::new(
            "Which shipping option do you prefer?",
            "Shipping Options",
            [Section::new(soon).title("I want it ASAP!"), Section::new(later).title("I can wait a bit")],
        )
        .header("Choose Shipping Option")
        .footer("Lucky Shrub: Your gateway to succulents™");
        sends(
            &content,
            r#"{"type": "list", "header": {"type": "text", "text": "Choose Shipping Option"},
                "body": {"text": "Which shipping option do you prefer?"},
                "footer": {"text": "Lucky Shrub: Your gateway to succulents™"},
                "action": {"button": "Shipping Options", "sections": [
                    {"title": "I want it ASAP!", "rows": [
                        {"id": "priority_express", "title": "Priority Mail Express", "description": "Next Day to 2 Days"},
                        {"id": "priority_mail", "title": "Priority Mail", "description": "1–3 Days"}]},
                    {"title": "I can wait a bit", "rows": [
                        {"id": "usps_ground_advantage", "title": "USPS Ground Advantage", "description": "2–5 Days"},
                        {"id": "media_mail", "title": "Media Mail", "description": "2–8 Days"}]}]}}"#,
        );
    }

    fn rows(count: usize) -> Vec<Row> {
        (0..count).map(|id| Row::new(id.to_string(), "Title")).collect()
    }

    #[test]
    fn rows_are_counted_over_all_sections() {
        let list = |sections: Vec<Section>| List::new("x".repeat(4_096), "Choose", sections);
        assert!(list(vec![Section::new(rows(10))]).check().is_ok());
        let sections = vec![Section::new(rows(5)).title("A"), Section::new(rows(6)).title("B")];
        assert_eq!(refusal(&list(sections)), "a list has 1 to 10 rows: this one has 11");
        let untitled = vec![Section::new(rows(1)).title("A"), Section::new(rows(1))];
        assert_eq!(refusal(&list(untitled)), "the title of a section has 1 to 24 characters: the second has 0");
        assert!(refusal(&list(vec![])).contains("1 to 10 sections"));
        assert!(refusal(&list(vec![Section::new([])])).contains("leave an empty one out"));
        let twins = vec![Section::new(rows(1)).title("A"), Section::new(rows(1)).title("B")];
        assert!(refusal(&list(twins)).contains("the id of a row stands once"));
    }

    #[test]
    fn lengths_are_checked() {
        let list = |row: Row| List::new("x", "Choose", [Section::new([row])]);
        assert!(refusal(&list(Row::new("i".repeat(201), "t"))).contains("the id of a row has 1 to 200"));
        assert!(refusal(&list(Row::new("i", "t".repeat(25)))).contains("the title of a row has 1 to 24"));
        assert!(refusal(&list(Row::new("i", "t").description("d".repeat(73)))).contains("at most 72"));
        assert!(refusal(&List::new("x", "b".repeat(21), [Section::new(rows(1))])).contains("1 to 20"));
    }
}
