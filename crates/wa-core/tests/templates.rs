//! Whatever a template is made of is read or left out, and what is written is read back.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use http::Response;
use proptest::prelude::*;
use serde_json::{Value, json};
use wa_core::{
    Config, Endpoint,
    api::template::{
        Authentication, Button, Card, Component, Components, CreateTemplate, Definition, FlowButton, Header,
        LimitedTimeOffer, ReadTemplate, SupportedApp, Template, Text,
    },
    parse,
    types::{AccessToken, WabaId},
};

/// JSON with the names and words of components at all places, right and wrong.
fn json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "HEADER",
        "body",
        "FOOTER",
        "BUTTONS",
        "CAROUSEL",
        "LIMITED_TIME_OFFER",
        "CALL_PERMISSION_REQUEST",
        "TEXT",
        "IMAGE",
        "LOCATION",
        "PRODUCT",
        "URL",
        "QUICK_REPLY",
        "COPY_CODE",
        "OTP",
        "ONE_TAP",
        "FLOW",
        "{{1}}",
        "a {{2}} b {{1}} c",
        "{{name}}",
        "{{",
        "{{99999}} }}",
        "https://x/{{1}}",
        "",
        "é\u{0}",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word.prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        let name = prop::sample::select(vec![
            "type",
            "type",
            "type",
            "format",
            "text",
            "example",
            "buttons",
            "cards",
            "components",
            "header_text",
            "header_handle",
            "body_text",
            "body_text_named_params",
            "param_name",
            "url",
            "phone_number",
            "otp_type",
            "supported_apps",
            "package_name",
            "limited_time_offer",
            "has_expiration",
            "flow_id",
            "other",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..6)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

fn text() -> impl Strategy<Value = Text> {
    // An empty text is refused, so it need not be read back.
    let plain = "\\PC{1,20}".prop_map(Text::new);
    let numbered = ("[a-z ]{1,8}", prop::collection::vec("\\PC{1,8}", 1..4)).prop_map(|(words, examples)| {
        let text: String = (1..=examples.len()).map(|number| format!("{words} {{{{{number}}}}} x")).collect();
        Text::new(text).examples(examples)
    });
    let named = ("[a-z_]{1,8}", "\\PC{1,8}")
        .prop_map(|(name, example)| Text::new(format!("Hi {{{{{name}}}}}!")).example(name, example));
    prop_oneof![plain, numbered, named]
}

fn button() -> impl Strategy<Value = Button> {
    ("\\PC{1,25}", "\\PC{1,20}", 0..11).prop_map(|(text, other, kind)| match kind {
        0 => Button::url(text, other),
        1 => Button::url_with_variable(text, format!("https://x/{other}{{{{1}}}}"), other),
        2 => Button::phone_number(text, other),
        3 => Button::copy_code(other),
        4 => Button::voice_call(text),
        5 => FlowButton::id(text, other).navigate("screen").into(),
        6 => FlowButton::json(text, other).data_exchange().into(),
        7 => Button::catalog(),
        8 => Button::order_details(text),
        9 => Button::request_contact_info(),
        _ => Button::quick_reply(text),
    })
}

fn header() -> impl Strategy<Value = Header> {
    (text(), "\\PC{1,20}", 0..7).prop_map(|(text, handle, kind)| match kind {
        0 => Header::text(text),
        1 => Header::image(handle),
        2 => Header::video(handle),
        3 => Header::document(handle),
        4 => Header::gif(handle),
        5 => Header::location(),
        _ => Header::product(),
    })
}

fn definition() -> impl Strategy<Value = Definition> {
    let cards = prop::collection::vec((header(), text(), prop::collection::vec(button(), 0..3)), 0..4);
    let components =
        (text(), prop::option::of(header()), prop::collection::vec(button(), 0..5), cards, any::<[bool; 4]>());
    let components =
        components.prop_map(|(body, header, buttons, cards, [is_marketing, offers, calls, has_footer])| {
            let mut components = if is_marketing { Components::marketing(body) } else { Components::utility(body) };
            if let Some(header) = header {
                components = components.header(header);
            }
            if has_footer {
                components = components.footer("Bye");
            }
            if offers {
                components = components.limited_time_offer(LimitedTimeOffer::new("Soon").expires());
            }
            if calls {
                components = components.ask_to_call();
            }
            let cards = cards
                .into_iter()
                .map(|(header, body, buttons)| buttons.into_iter().fold(Card::new(header).body(body), Card::button));
            Definition::from(buttons.into_iter().fold(components.cards(cards), Components::button))
        });
    let authentication =
        (any::<[bool; 2]>(), 0..100_u16, "\\PC{0,8}").prop_map(|([one_tap, warns], minutes, label)| {
            let whole = match one_tap {
                true => Authentication::one_tap([SupportedApp::new("com.example.app", "K8a/AINcGX7")]),
                false => Authentication::copy_code().label(label),
            };
            let whole = if warns { whole.security_recommendation() } else { whole };
            Definition::from(if minutes > 0 { whole.code_expires_after(minutes) } else { whole })
        });
    prop_oneof![4 => components, 1 => authentication]
}

fn components(template: &Template) -> &[Component] {
    &template.components
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_json_is_a_template_or_none(parts in prop::collection::vec(json(), 0..5)) {
        let whole = json!({"id": "1", "name": parts.first(), "status": parts.last(), "components": parts});
        let template = parse::<ReadTemplate<'_>>(Response::new(whole.to_string())).unwrap();
        // Every object is kept, typed or not.
        prop_assert_eq!(components(&template).len(), parts.iter().filter(|part| part.is_object()).count());
        let _ = format!("{:?} {:?}", template, template.needs());
        let again: Template = serde_json::from_str(&serde_json::to_string(&template).unwrap()).unwrap();
        prop_assert_eq!(&template, &again);
        prop_assert_eq!(template.needs(), again.needs());
        // What has no type here is kept to the letter.
        let written = serde_json::to_value(&template).unwrap();
        let objects = parts.iter().filter(|part| part.is_object());
        for ((component, part), written) in components(&template).iter().zip(objects).zip(written["components"].as_array().unwrap()) {
            if matches!(component, Component::Other { .. }) {
                prop_assert_eq!(part, written);
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back(definition in definition()) {
        let account = WabaId::new("1").unwrap();
        let create = CreateTemplate::new(&account, "name", "en", definition);
        let body = create.body().unwrap().to_bytes().into_owned();
        let mut whole: Value = serde_json::from_slice(&body).unwrap();
        whole["id"] = "1".into();
        let template = parse::<ReadTemplate<'_>>(Response::new(whole.to_string())).unwrap();
        let is_typed = |component: &Component| match component {
            Component::Other { .. } => false,
            Component::Buttons(buttons) => !buttons.iter().any(|button| matches!(button, Button::Other { .. })),
            _ => true,
        };
        prop_assert!(components(&template).iter().all(is_typed), "{:?}", template);
        prop_assert_eq!(&serde_json::to_value(&template).unwrap()["components"], &whole["components"]);
        // It is sent, or refused with words.
        let config = Config::new(AccessToken::new("token").unwrap());
        if let Err(error) = config.request(&create) {
            prop_assert!(error.to_string().starts_with("template.create: "), "{}", error);
        }
    }

    #[test]
    fn any_text_is_taken_or_refused(text in "(\\{\\{|\\}\\}|[a-z1-3_ ]|\\PC){0,20}", examples in prop::collection::vec("\\PC{0,3}", 0..4)) {
        let account = WabaId::new("1").unwrap();
        let body = Text::new(text.clone()).examples(examples);
        let count = body.variables().len();
        let create = CreateTemplate::new(&account, "name", "en", Components::utility(body));
        if Config::new(AccessToken::new("token").unwrap()).request(&create).is_ok() {
            prop_assert_eq!(text.matches("{{").count() > 0, count > 0, "{}", text);
        }
    }
}
