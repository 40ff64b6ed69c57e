//! What holds for all contents: the documents' examples are read and let through.

use wa_description::Description;

use super::{AnyContent, Content, testing::SEND};

/// What stands in the examples of Meta's description in place of a value that has a form.
const PLACEHOLDERS: [(&str, &str); 4] = [
    ("<http(s)://", "https://"),
    ("http(s)://", "https://"),
    ("<HEADER_TYPE>", "text"),
    ("language-and-locale-code", "en"),
];

/// Examples that are no messages: three have no `type`, and one has truth values where texts belong.
const UNFIT: [&str; 4] = [
    "Send Reply to List Message",
    "Send Sample Issue Resolution Template",
    "Send Text Message with Preview URL",
    "Send typing indicator and read receipt",
];

#[test]
fn no_example_of_meta_is_refused() {
    let Some(description) = Description::of_meta() else {
        return;
    };
    let examples = description.example_requests(SEND);
    assert!(examples.len() > 40, "{}", examples.len());
    let mut refused = Vec::new();
    for example in examples {
        let place = |text: String, (placeholder, value): &(&str, &str)| text.replace(placeholder, value);
        let text = PLACEHOLDERS.iter().fold(example.value.to_string(), place);
        let read = serde_json::from_str::<AnyContent>(&text);
        if !read.as_ref().is_ok_and(|content| content.check().is_ok()) {
            println!("{}: {:?}", example.name, read.map(|content| content.check()));
            refused.push(example.name);
        }
    }
    assert_eq!(refused, UNFIT);
}
