//! What creating templates sends, kind by kind.

use std::time::Duration;

use serde_json::{Value, json};
use wa_types::TemplateCategory;

use super::*;
use crate::{
    Endpoint,
    testing::{self, Vector},
};

const CREATE: &str = "POST /{Version}/{WABA-ID}/message_templates";
const EDIT: &str = "POST /{Version}/{TEMPLATE_ID}";
const LINE: &str = "POST /v23.0/102290129340398/message_templates";

/// Of what Meta's pages show, the description has one sample.
const REDUCED: &str = "the description knows only the members of one of its examples";

/// Compares what a template is made of with JSON from a page, and reads it back.
#[track_caller]
fn is_made_of(definition: impl Into<Definition>, components: &Value) {
    let definition = definition.into();
    definition.check().unwrap();
    let written = serde_json::to_value(&definition).unwrap();
    assert_eq!(written, *components);
    let read: Vec<Component> = serde_json::from_value(components.clone()).unwrap();
    assert_eq!(read, definition.components());
}

// Meta, "Template components", "Seasonal promotion".
fn seasonal_promotion() -> Components {
    let body = Text::new("Shop now through {{1}} and use code {{2}} to get {{3}} off of all merchandise.").examples([
        "the end of August",
        "25OFF",
        "25%",
    ]);
    Components::marketing(body)
        .header(Header::text(Text::new("Our {{1}} is on!").examples(["Summer Sale"])))
        .footer("Use the buttons below to manage your marketing subscriptions")
        .button(Button::quick_reply("Unsubscribe from Promos"))
        .button(Button::quick_reply("Unsubscribe from All"))
}

#[test]
fn creates_a_template() {
    let account = testing::account();
    let create = CreateTemplate::new(&account, "seasonal_promotion", "en_US", seasonal_promotion());
    Vector::at(CREATE, &create)
        .differs_from_description(REDUCED, "body /components/0/format: is not described")
        .differs_from_description(REDUCED, "body /components/*/example: is not described")
        .builds(
            LINE,
            concat!(
                r#"{"name":"seasonal_promotion","language":"en_US","category":"MARKETING","components":["#,
                r#"{"type":"HEADER","format":"TEXT","text":"Our {{1}} is on!","example":{"header_text":["Summer Sale"]}},"#,
                r#"{"type":"BODY","text":"Shop now through {{1}} and use code {{2}} to get {{3}} off of all merchandise.","#,
                r#""example":{"body_text":[["the end of August","25OFF","25%"]]}},"#,
                r#"{"type":"FOOTER","text":"Use the buttons below to manage your marketing subscriptions"},"#,
                r#"{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"Unsubscribe from Promos"},"#,
                r#"{"type":"QUICK_REPLY","text":"Unsubscribe from All"}]}]}"#,
            ),
        );
    testing::reads_examples::<CreateTemplate<'_>>(CREATE);
}

// Meta, "Call permission request templates", request syntax with the values of its table.
#[test]
fn creates_a_template_with_names() {
    let account = testing::account();
    let text = "Hi {{first_name}}, we would like to call you to assist with your recent order. Our support team is ready to help.";
    let components = Components::utility(Text::new(text).example("first_name", "Pablo")).ask_to_call();
    let create = CreateTemplate::new(&account, "calling_permission_request", "en_US", components)
        .ttl(Duration::from_secs(3_600))
        .sub_category("ORDER_STATUS")
        .display_format("ORDER_DETAILS")
        .opt_out_of_link_tracking();
    Vector::at(CREATE, &create)
        .differs_from_description(REDUCED, "body /parameter_format: is not described")
        .differs_from_description(REDUCED, "body /message_send_ttl_seconds: is not described")
        .differs_from_description(REDUCED, "body /sub_category: is not described")
        .differs_from_description(REDUCED, "body /display_format: is not described")
        .differs_from_description(REDUCED, "body /cta_url_link_tracking_opted_out: is not described")
        .differs_from_description(REDUCED, "body /components/*/example: is not described")
        .builds(
            LINE,
            &[
                r#"{"name":"calling_permission_request","language":"en_US","category":"UTILITY","parameter_format":"named","#,
                r#""message_send_ttl_seconds":3600,"sub_category":"ORDER_STATUS","display_format":"ORDER_DETAILS","#,
                r#""cta_url_link_tracking_opted_out":true,"components":[{"type":"BODY","text":""#,
                text,
                r#"","example":{"body_text_named_params":[{"param_name":"first_name","example":"Pablo"}]}},"#,
                r#"{"type":"CALL_PERMISSION_REQUEST"}]}"#,
            ]
            .concat(),
        );
}

// Meta's API description v23.0, createAuthenticationTemplateWOtpCopyCodeButton: every example of a request is read as what
// it is made of, and most can be written.
#[test]
fn documented_definitions_are_read() {
    let Some(description) = wa_description::Description::of_meta() else { return };
    let examples = description.example_requests(CREATE).into_iter().chain(description.example_requests(EDIT));
    let mut seen = 0;
    for example in examples {
        seen += 1;
        let components = &example.value["components"];
        let read: Vec<Component> = serde_json::from_value(components.clone()).unwrap();
        let is_typed = |component: &Component| match component {
            Component::Other { .. } => false,
            Component::Buttons(buttons) => !buttons.iter().any(|button| matches!(button, Button::Other { .. })),
            _ => true,
        };
        assert!(read.iter().all(is_typed), "{}: {read:?}", example.name);
        // The one app of a button now stands in a list: the description's form is that of v20 and before.
        if !components.to_string().contains("signature_hash") {
            testing::assert_covers(&serde_json::to_value(&read).unwrap(), components, &example.name);
        }
    }
    assert!(seen >= 11, "{seen}");
}

// Meta, "Template components": the examples of each header, of the body, of the footer and of each button.
#[test]
fn every_header_and_the_common_buttons() {
    is_made_of(
        Components::utility("Hi").header(Header::text(
            Text::new("Our new sale starts {{sale_start_date}}!").example("sale_start_date", "December 1st"),
        )),
        &json!([
            {"type": "HEADER", "format": "TEXT", "text": "Our new sale starts {{sale_start_date}}!",
                "example": {"header_text_named_params": [{"param_name": "sale_start_date", "example": "December 1st"}]}},
            {"type": "BODY", "text": "Hi"},
        ]),
    );
    for (header, format) in [
        (Header::image("4::aW..."), "IMAGE"),
        (Header::video("4::aW..."), "VIDEO"),
        (Header::document("4::aW..."), "DOCUMENT"),
        (Header::gif("4::aW..."), "GIF"),
    ] {
        is_made_of(
            Components::marketing("Hi").header(header),
            &json!([
                {"type": "HEADER", "format": format, "example": {"header_handle": ["4::aW..."]}},
                {"type": "BODY", "text": "Hi"},
            ]),
        );
    }
    is_made_of(
        Components::utility("Hi")
            .header(Header::location())
            .button(Button::url_with_variable("Shop Now", "https://www.luckyshrub.com/shop?promo={{1}}", "summer2023"))
            .button(Button::phone_number("Call", "15550051310"))
            .button(Button::copy_code("250FF"))
            .button(Button::voice_call("Call"))
            .button(Button::quick_reply("Unsubscribe")),
        &json!([
            {"type": "HEADER", "format": "LOCATION"},
            {"type": "BODY", "text": "Hi"},
            {"type": "BUTTONS", "buttons": [
                {"type": "URL", "text": "Shop Now", "url": "https://www.luckyshrub.com/shop?promo={{1}}", "example": ["summer2023"]},
                {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "15550051310"},
                {"type": "COPY_CODE", "example": "250FF"},
                {"type": "VOICE_CALL", "text": "Call"},
                {"type": "QUICK_REPLY", "text": "Unsubscribe"},
            ]},
        ]),
    );
}

// Meta's API description v23.0, its three examples of templates with flows; "Catalog templates", "Single-product message
// templates", "Multi-product message templates" and "Order details templates", their request syntax.
#[test]
fn buttons_that_open_flows_and_products() {
    let flow = |button: FlowButton, name: &str, value: &str| {
        let mut wire =
            json!({"type": "FLOW", "text": "Check out this offer!", "flow_action": "navigate", "navigate_screen": "S"});
        wire[name] = value.into();
        is_made_of(
            Components::marketing("Check out this new offer").button(button.navigate("S")),
            &json!([{"type": "BODY", "text": "Check out this new offer"}, {"type": "BUTTONS", "buttons": [wire]}]),
        );
    };
    flow(FlowButton::id("Check out this offer!", "1"), "flow_id", "1");
    flow(FlowButton::name("Check out this offer!", "shop"), "flow_name", "shop");
    flow(FlowButton::json("Check out this offer!", "{}"), "flow_json", "{}");

    let with = |components: Components, button: Value| {
        is_made_of(components, &json!([{"type": "BODY", "text": "Hi"}, {"type": "BUTTONS", "buttons": [button]}]));
    };
    let components = || Components::marketing("Hi");
    with(components().button(Button::catalog()), json!({"type": "CATALOG", "text": "View catalog"}));
    with(components().button(Button::multi_product()), json!({"type": "MPM", "text": "View items"}));
    let order = Button::order_details("Review and Pay");
    with(components().button(order), json!({"type": "ORDER_DETAILS", "text": "Review and Pay"}));
    with(components().button(Button::request_contact_info()), json!({"type": "REQUEST_CONTACT_INFO"}));
    is_made_of(
        components().header(Header::product()).button(Button::single_product()),
        &json!([
            {"type": "HEADER", "format": "PRODUCT"},
            {"type": "BODY", "text": "Hi"},
            {"type": "BUTTONS", "buttons": [{"type": "SPM", "text": "View"}]},
        ]),
    );
    // What is not typed is sent as it stands there.
    let app: Button = serde_json::from_value(json!({"type": "APP", "text": "Open", "x": [1]})).unwrap();
    assert_eq!(app.kind(), "APP");
    with(components().button(app), json!({"type": "APP", "text": "Open", "x": [1]}));
}

// Meta, "Limited-time offer templates", example request. It writes small letters, which both ways are taken.
#[test]
fn an_offer_that_ends_soon() {
    let body = Text::new("Good news, {{1}}! Use code {{2}} to get 25% off all Caribbean Destination packages!")
        .examples(["Pablo", "CARIBE25"]);
    let page = "https://awesomedestinations.com/offers?code={{1}}";
    let components = Components::marketing(body)
        .header(Header::image("4::aW..."))
        .limited_time_offer(LimitedTimeOffer::new("Expiring offer!").expires())
        .button(Button::copy_code("CARIBE25"))
        .button(Button::url_with_variable("Book now!", page, "https://awesomedestinations.com/offers?ref=n3mtql"));
    is_made_of(
        components,
        &json!([
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW..."]}},
            {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Expiring offer!", "has_expiration": true}},
            {"type": "BODY", "text": "Good news, {{1}}! Use code {{2}} to get 25% off all Caribbean Destination packages!",
                "example": {"body_text": [["Pablo", "CARIBE25"]]}},
            {"type": "BUTTONS", "buttons": [
                {"type": "COPY_CODE", "example": "CARIBE25"},
                {"type": "URL", "text": "Book now!", "url": page, "example": ["https://awesomedestinations.com/offers?ref=n3mtql"]},
            ]},
        ]),
    );
    let small = json!({"type": "header", "format": "image", "example": {"header_handle": ["4::aW..."]}});
    let read: Component = serde_json::from_value(small).unwrap();
    assert_eq!(read, Component::Header(Header::image("4::aW...")));
}

// Meta, "Media card carousel templates" and "Product card carousel templates", example requests, shortened.
#[test]
fn cards_side_by_side() {
    let url = "https://www.luckyshrub.com/rare-succulents/{{1}}";
    let card = |example: &str| {
        Card::new(Header::image("4::an..."))
            .button(Button::quick_reply("Send me more like this!"))
            .button(Button::url_with_variable("Shop", url, example))
    };
    let wire = |example: &str| {
        json!({"components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::an..."]}},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Send me more like this!"},
                {"type": "URL", "text": "Shop", "url": url, "example": [example]},
            ]},
        ]})
    };
    let body = Text::new("Rare succulents for sale! {{1}}, add these unique plants.").examples(["Pablo"]);
    is_made_of(
        Components::marketing(body.clone()).cards([card("BLUE_ELF"), card("BUDDHA")]),
        &json!([
            {"type": "BODY", "text": body.as_str(), "example": {"body_text": [["Pablo"]]}},
            {"type": "CAROUSEL", "cards": [wire("BLUE_ELF"), wire("BUDDHA")]},
        ]),
    );

    let card = || Card::new(Header::product()).button(Button::single_product());
    let wire = json!({"components": [
        {"type": "HEADER", "format": "PRODUCT"}, {"type": "BUTTONS", "buttons": [{"type": "SPM", "text": "View"}]},
    ]});
    is_made_of(
        Components::marketing("Rare succulents for sale!").cards([card(), card()]),
        &json!([{"type": "BODY", "text": "Rare succulents for sale!"}, {"type": "CAROUSEL", "cards": [wire, wire]}]),
    );
}

// Meta, "Copy code authentication templates", "One-tap autofill authentication templates" and "Zero-tap authentication
// templates", request syntax with the values of their tables.
#[test]
fn one_time_codes() {
    let app = || SupportedApp::new("com.example.luckyshrub", "K8a/AINcGX7");
    let wire = |button: Value| {
        json!([
            {"type": "BODY", "add_security_recommendation": true},
            {"type": "FOOTER", "code_expiration_minutes": 10},
            {"type": "BUTTONS", "buttons": [button]},
        ])
    };
    let whole = |authentication: Authentication| authentication.security_recommendation().code_expires_after(10);
    is_made_of(
        whole(Authentication::copy_code().label("Copy Code")),
        &wire(json!({"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy Code"})),
    );
    let apps = json!([{"package_name": "com.example.luckyshrub", "signature_hash": "K8a/AINcGX7"}]);
    is_made_of(
        whole(Authentication::one_tap([app()]).label("Copy Code").autofill_label("Autofill")),
        &wire(
            json!({"type": "OTP", "otp_type": "ONE_TAP", "text": "Copy Code", "autofill_text": "Autofill", "supported_apps": apps}),
        ),
    );
    is_made_of(
        whole(Authentication::zero_tap([app()]).accept_zero_tap_terms()),
        &wire(json!({"type": "OTP", "otp_type": "ZERO_TAP", "zero_tap_terms_accepted": true, "supported_apps": apps})),
    );
    is_made_of(
        Authentication::copy_code(),
        &json!([{"type": "BODY"}, {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}]),
    );
}

// Meta, "Time-to-live": the ranges of the three categories.
#[test]
fn a_time_to_deliver_has_a_range_for_each_category() {
    let account = testing::account();
    let seconds = |definition: Definition, seconds: u64| {
        let create = CreateTemplate::new(&account, "a", "en", definition).ttl(Duration::from_secs(seconds));
        let body = create.body().unwrap().to_bytes().into_owned();
        create.check(wa_types::ApiVersion::DEFAULT).ok()?;
        serde_json::from_slice::<Value>(&body).unwrap()["message_send_ttl_seconds"].as_i64()
    };
    let month = 2_592_000;
    for (definition, taken, refused) in [
        (Definition::from(Authentication::copy_code()), [30, 900, month], [29, 901, 43_200]),
        (Components::utility("x").into(), [30, 43_200, month], [29, 43_201, month + 1]),
        (Components::marketing("x").into(), [43_200, 86_400, month], [43_199, month + 1, u64::MAX]),
    ] {
        let is_marketing = definition.category() == TemplateCategory::Marketing;
        for ttl in taken {
            let wire = if ttl == month && !is_marketing { -1 } else { i64::try_from(ttl).unwrap() };
            assert_eq!(seconds(definition.clone(), ttl), Some(wire));
        }
        for ttl in refused {
            assert_eq!(seconds(definition.clone(), ttl), None, "{ttl}");
        }
    }
}
