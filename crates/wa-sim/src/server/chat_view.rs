//! Conversations as a phone shows them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    ChatMessage, Engine, Number, Template, Time,
    person::user_id,
    rules::DAY,
    template::{is_of, variables},
};

/// The conversations of a number, the latest first, and the messages of one of them, the latest last.
#[derive(Serialize)]
pub(super) struct ChatsView<'a> {
    number: Option<&'a str>,
    person: Option<&'a str>,
    chats: Vec<ChatView<'a>>,
    messages: Vec<MessageView<'a>>,
}

#[derive(Serialize)]
struct ChatView<'a> {
    person: &'a str,
    name: &'a str,
    user: String,
    last: &'a str,
    last_kind: &'a str,
    at: Time,
    unread: usize,
    /// Until when messages that are no templates get through.
    open_until: Option<Time>,
    is_typing: bool,
}

#[derive(Serialize)]
struct MessageView<'a> {
    #[serde(flatten)]
    message: &'a ChatMessage,
    /// The start of the message that it replies to.
    quote: Option<String>,
    /// The template with its parameters filled in.
    template: Option<Value>,
}

impl<'a> ChatsView<'a> {
    /// Without a number it is the first with messages, and without a person the one who wrote last.
    pub(super) fn new(engine: &'a Engine, number: Option<&str>, person: Option<&str>) -> Self {
        let numbers = &engine.state().numbers;
        let chosen = match number {
            Some(id) => numbers.get_key_value(id),
            None => numbers.iter().find(|(_, number)| !number.messages.is_empty()),
        };
        let Some((id, number)) = chosen else {
            return Self { number: None, person: None, chats: Vec::new(), messages: Vec::new() };
        };
        let chats = chats(engine, number);
        let person = match person {
            Some(person) => number.messages.iter().map(|one| &*one.person).find(|one| *one == person),
            None => chats.first().map(|chat| chat.person),
        };
        let of_person = number.messages.iter().filter(|one| Some(&*one.person) == person);
        let skipped = of_person.clone().count().saturating_sub(MOST_MESSAGES);
        let messages = of_person.skip(skipped).map(|one| MessageView::new(engine, number, one)).collect();
        Self { number: Some(id), person, chats, messages }
    }
}

fn chats<'a>(engine: &'a Engine, number: &'a Number) -> Vec<ChatView<'a>> {
    let (state, now) = (engine.state(), engine.now());
    let mut latest: BTreeMap<&str, (usize, &ChatMessage, usize)> = BTreeMap::new();
    for (place, message) in number.messages.iter().enumerate() {
        let is_unread = message.is_inbound && message.status == "received";
        let before = latest.get(&*message.person).map_or(0, |(.., unread)| *unread);
        latest.insert(&message.person, (place, message, before + usize::from(is_unread)));
    }
    let mut latest: Vec<_> = latest.into_values().collect();
    latest.sort_unstable_by_key(|(place, ..)| std::cmp::Reverse(*place));
    let shown = latest.into_iter().take(MOST_CHATS).map(|(_, message, unread)| {
        let person = &*message.person;
        let written = number.inbound.get(person).copied();
        ChatView {
            person,
            name: state.people.get(person).map_or("A Person", |person| &person.name),
            user: user_id(&number.account, person),
            last: text_of(message).unwrap_or_default(),
            last_kind: &message.kind,
            at: message.at,
            unread,
            open_until: written.map(|at| at + DAY).filter(|until| now < *until),
            is_typing: number.typing.get(person).is_some_and(|until| now < *until),
        }
    });
    shown.collect()
}

impl<'a> MessageView<'a> {
    fn new(engine: &Engine, number: &Number, message: &'a ChatMessage) -> Self {
        let quoted = message.reply_to.as_ref().map(|id| match number.message(id) {
            Some(known) => text_of(known).unwrap_or(&known.kind).chars().take(80).collect(),
            None => "a message that is not remembered".to_owned(),
        });
        let templates = engine.state().accounts.get(&number.account).map(|account| &account.templates);
        let template = templates.into_iter().flatten().find(|template| {
            message.kind == "template"
                && message.content["name"] == *template.name
                && message.content["language"]["code"] == *template.language
        });
        Self { message, quote: quoted, template: template.map(|template| filled(template, &message.content)) }
    }
}

/// What stands for a message in one line.
fn text_of(message: &ChatMessage) -> Option<&str> {
    let content = &message.content;
    let places =
        ["/body", "/caption", "/body/text", "/emoji", "/text", "/button_reply/title", "/list_reply/title", "/name"];
    places.iter().find_map(|place| content.pointer(place)?.as_str())
}

/// The texts of a template with the parameters of a message in them.
fn filled(template: &Template, content: &Value) -> Value {
    let parameters = |kind: &str| {
        let components = content["components"].as_array().into_iter().flatten();
        let found = components.filter(|one| is_of(one, kind)).flat_map(|one| one["parameters"].as_array());
        found.flatten().collect::<Vec<_>>()
    };
    let fill = |kind: &str| {
        let text = template.component(kind)?["text"].as_str()?;
        let mut shown = text.to_owned();
        let given = parameters(kind);
        for (place, name) in variables(text).into_iter().enumerate() {
            let named = given.iter().find(|one| one["parameter_name"] == *name);
            let value = named.or_else(|| given.get(place));
            let value = value.and_then(|one| {
                let fallback =
                    || one.pointer("/currency/fallback_value").or_else(|| one.pointer("/date_time/fallback_value"));
                one["text"].as_str().or_else(|| fallback()?.as_str())
            });
            shown = shown.replace(&format!("{{{{{name}}}}}"), value.unwrap_or("…"));
        }
        Some(shown)
    };
    let media = parameters("header").first().and_then(|one| {
        let kind = one["type"].as_str()?;
        Some(json!({"kind": kind, "content": one.get(kind)?}))
    });
    let buttons: Vec<_> = (0_u64..)
        .zip(template.buttons())
        .map(|(place, button)| {
            let components = content["components"].as_array().into_iter().flatten();
            let mut own = components
                .filter(|one| is_of(one, "button") && (one["index"] == place || one["index"] == *place.to_string()));
            let payload = own.find_map(|one| one["parameters"][0]["payload"].as_str());
            json!({"type": button["type"], "text": button["text"], "payload": payload.or_else(|| button["text"].as_str())})
        })
        .collect();
    json!({"header": fill("HEADER"), "media": media, "body": fill("BODY"), "footer": fill("FOOTER"), "buttons": buttons})
}

const MOST_CHATS: usize = 50;
const MOST_MESSAGES: usize = 100;
