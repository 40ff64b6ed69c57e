use std::collections::BTreeMap;

use wa_types::MediaId;

use super::*;
use crate::api::message::{
    Document, Goods, Image, Location, OrderDetails, OrderItem, ProductSection, Video,
    testing::{refusal, sends_although},
};

const POLICY: (&str, &str) = (
    "the description wants a policy, of which there is one, as no page does",
    "body /template/language/policy: is missing",
);
const SUB_TYPE: (&str, &str) =
    ("its list is shorter than that of Meta's pages", "body /template/components/*/sub_type: ");
const COMPONENT: (&str, &str) = ("its list is shorter than that of Meta's pages", "body /template/components/*/type: ");
const INDEX: (&str, &str) = ("its pattern does not take the first button", "body /template/components/*/index: ");

/// Compares a template of one component, other than its name and its language.
#[track_caller]
fn fills(excuses: &[(&'static str, &'static str)], template: Template, component: &str) {
    let excuses = [&[POLICY], excuses].concat();
    let sample = format!(r#"{{"name": "t", "language": {{"code": "en_US"}}, "components": [{component}]}}"#);
    sends_although(&excuses, &template, &sample);
}

fn template() -> Template {
    Template::new("t", "en_US")
}

fn id() -> MediaId {
    MediaId::new("2871834006348767").unwrap()
}

// Meta's API description v23.0, sendMessage, "Send Message Template Text"; its date without the parts that are not used.
#[test]
fn a_body_is_filled() {
    let parameters = [
        Parameter::text("text-string"),
        Parameter::currency(100_990, "USD", "$100.99"),
        Parameter::date_time("February 25, 1977"),
    ];
    fills(
        &[],
        template().body(parameters),
        r#"{"type": "body", "parameters": [
            {"type": "text", "text": "text-string"},
            {"type": "currency", "currency": {"fallback_value": "$100.99", "code": "USD", "amount_1000": 100990}},
            {"type": "date_time", "date_time": {"fallback_value": "February 25, 1977"}}]}"#,
    );
}

// Meta, "Template messages", named parameters.
#[test]
fn variables_may_have_names() {
    let name = |name, text| Parameter::text(text).named(name);
    fills(
        &[],
        template().body([name("first_name", "Jessica"), name("order_number", "SKBUP2-4CPIG9")]),
        r#"{"type": "body", "parameters": [
            {"type": "text", "parameter_name": "first_name", "text": "Jessica"},
            {"type": "text", "parameter_name": "order_number", "text": "SKBUP2-4CPIG9"}]}"#,
    );
    let mixed = template().body([name("first_name", "Jessica"), Parameter::text("SKBUP2-4CPIG9")]);
    assert!(refusal(&mixed).contains("name the others too"));
}

// Meta, "Template components", headers.
#[test]
fn a_header_is_filled() {
    let header = |parameter: &str| format!(r#"{{"type": "header", "parameters": [{parameter}]}}"#);
    fills(&[], template().header("Pablo"), &header(r#"{"type": "text", "text": "Pablo"}"#));
    fills(
        &[],
        template().header(Image::link("http://the-image-url")),
        &header(r#"{"type": "image", "image": {"link": "http://the-image-url"}}"#),
    );
    fills(
        &[],
        template().header(Video::id(id())),
        &header(r#"{"type": "video", "video": {"id": "2871834006348767"}}"#),
    );
    fills(
        &[],
        template().header(Document::id(id()).filename("invoice.pdf")),
        &header(r#"{"type": "document", "document": {"id": "2871834006348767", "filename": "invoice.pdf"}}"#),
    );
    fills(
        &[],
        template().header(Parameter::gif(Video::id(id()))),
        &header(r#"{"type": "gif", "gif": {"id": "2871834006348767"}}"#),
    );
    let place =
        Location::new(37.483_307, -122.148_391).name("Pablo Morales").address("1 Hacker Way, Menlo Park, CA 94025");
    fills(
        &[],
        template().header(place),
        &header(
            r#"{"type": "location", "location": {"latitude": "37.483307", "longitude": "-122.148391",
                "name": "Pablo Morales", "address": "1 Hacker Way, Menlo Park, CA 94025"}}"#,
        ),
    );
    fills(
        &[],
        template().header(Parameter::product("194836987003835", "nqryix03ez")),
        &header(
            r#"{"type": "product", "product": {"product_retailer_id": "nqryix03ez", "catalog_id": "194836987003835"}}"#,
        ),
    );
}

/// A button of the template, with the word of its type, and its parameters.
#[track_caller]
fn fills_button(excuses: &[(&'static str, &'static str)], button: TemplateButton, sub_type: &str, parameters: &str) {
    let component =
        format!(r#"{{"type": "button", "sub_type": "{sub_type}", "index": "1", "parameters": [{parameters}]}}"#);
    fills(excuses, template().button(1, button), &component);
}

// Meta's API description v23.0, sendMessage, "Send Message Template Interactive"; Meta, "Template components", buttons.
#[test]
fn buttons_of_links_and_answers_are_filled() {
    fills_button(&[], TemplateButton::url("summer"), "url", r#"{"type": "text", "text": "summer"}"#);
    fills_button(
        &[],
        TemplateButton::quick_reply("9rwnB8RbYmPF5t2Mn09x4h"),
        "quick_reply",
        r#"{"type": "payload", "payload": "9rwnB8RbYmPF5t2Mn09x4h"}"#,
    );
    fills_button(
        &[SUB_TYPE],
        TemplateButton::coupon_code("25OFF"),
        "copy_code",
        r#"{"type": "coupon_code", "coupon_code": "25OFF"}"#,
    );
}

// Meta's API description v23.0, sendMessage, "Send Flow Template Message".
#[test]
fn a_button_of_a_flow_is_filled() {
    let data = BTreeMap::from([("CUSTOM_KEY", "CUSTOM_VALUE")]);
    fills_button(
        &[SUB_TYPE],
        TemplateButton::flow().flow_token("FLOW_TOKEN").flow_data(&data),
        "flow",
        r#"{"type": "action", "action": {"flow_token": "FLOW_TOKEN", "flow_action_data": {"CUSTOM_KEY": "CUSTOM_VALUE"}}}"#,
    );
    let empty = TemplateButton::flow().flow_data(&BTreeMap::<String, u8>::new());
    assert!(refusal(&template().button(0, empty)).contains("at least one member"));
}

// Meta's API description v23.0, sendMessage, "Send Catalog Template Message"; Meta, "Multi-product message templates".
#[test]
fn buttons_of_products_are_filled() {
    fills_button(
        &[],
        TemplateButton::catalog().thumbnail("2lc20305pt"),
        "catalog",
        r#"{"type": "action", "action": {"thumbnail_product_retailer_id": "2lc20305pt"}}"#,
    );
    let sections = [ProductSection::new("Popular Bundles", ["2lc20305pt", "nseiw1x3ch"])];
    fills_button(
        &[SUB_TYPE],
        TemplateButton::products(sections).thumbnail("2lc20305pt"),
        "mpm",
        r#"{"type": "action", "action": {"thumbnail_product_retailer_id": "2lc20305pt", "sections": [
            {"title": "Popular Bundles", "product_items": [
                {"product_retailer_id": "2lc20305pt"}, {"product_retailer_id": "nseiw1x3ch"}]}]}}"#,
    );
    assert!(refusal(&template().button(0, TemplateButton::products([]))).contains("1 to 10 sections"));
}

// Meta, "Send order details template message" (Brazil), request body.
#[test]
fn a_button_of_an_order_is_filled() {
    let pix = BTreeMap::from([("type", "pix_dynamic_code")]);
    let order = OrderDetails::new("abc.123_xyz-1", Goods::DigitalGoods, "BRL", [OrderItem::new("Cake", 25_000, 2)])
        .payment_type("br")
        .payment_setting(&pix);
    fills_button(
        &[SUB_TYPE],
        TemplateButton::order_details(order),
        "order_details",
        r#"{"type": "action", "action": {"order_details": {
            "reference_id": "abc.123_xyz-1", "type": "digital-goods", "payment_type": "br",
            "payment_settings": [{"type": "pix_dynamic_code"}], "currency": "BRL",
            "total_amount": {"value": 50000, "offset": 100},
            "order": {"status": "pending", "subtotal": {"value": 50000, "offset": 100},
                "items": [{"name": "Cake", "amount": {"value": 25000, "offset": 100}, "quantity": 2}]}}}}"#,
    );
}

// Meta, "Send WhatsApp call button messages and deep links", sending the template: the button has no index.
#[test]
fn a_button_to_call_is_filled() {
    fills(
        &[SUB_TYPE],
        template().button(0, TemplateButton::voice_call(100).call_payload("payload data")),
        r#"{"type": "button", "sub_type": "voice_call", "parameters": [
            {"type": "ttl_minutes", "ttl_minutes": 100}, {"type": "payload", "payload": "payload data"}]}"#,
    );
}

// Meta, "Limited-time offer templates", sending; "Tap target title URL override", example request.
#[test]
fn an_offer_and_a_tap_are_filled() {
    fills(
        &[COMPONENT],
        template().offer_ends(Timestamp::from_millis(1_698_562_800_000)),
        r#"{"type": "limited_time_offer", "parameters": [
            {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1698562800000}}]}"#,
    );
    fills(
        &[COMPONENT],
        template().tap_target("https://www.luckyshrubs.com/", "Offer Details"),
        r#"{"type": "tap_target_configuration", "parameters": [{"type": "tap_target_configuration",
            "tap_target_configuration": [{"url": "https://www.luckyshrubs.com/", "title": "Offer Details"}]}]}"#,
    );
}

// Meta, "Order status templates", sending.
#[test]
fn the_status_of_an_order_is_filled() {
    fills(
        &[COMPONENT],
        template().order_status(OrderStatus::new("abc.123_xyz-1", "processing").description("We pack it.")),
        r#"{"type": "order_status", "parameters": [{"type": "order_status", "order_status": {
            "reference_id": "abc.123_xyz-1", "order": {"status": "processing", "description": "We pack it."}}}]}"#,
    );
}

// Meta, "Media card carousel templates", sending, and "Product card carousel templates".
#[test]
fn carousels_are_filled() {
    let media = |id: &str, code: &str| {
        TemplateCard::new(Image::id(MediaId::new(id).unwrap()))
            .body(["10OFF"])
            .button(0, TemplateButton::quick_reply(format!("more-{code}")))
            .button(1, TemplateButton::url(code))
    };
    let sample = |index: u8, id: &str, code: &str| {
        format!(
            r#"{{"card_index": {index}, "components": [
                {{"type": "header", "parameters": [{{"type": "image", "image": {{"id": "{id}"}}}}]}},
                {{"type": "body", "parameters": [{{"type": "text", "text": "10OFF"}}]}},
                {{"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{{"type": "payload", "payload": "more-{code}"}}]}},
                {{"type": "button", "sub_type": "url", "index": "1", "parameters": [{{"type": "text", "text": "{code}"}}]}}]}}"#
        )
    };
    fills(
        &[COMPONENT, ("Meta's pages have them", "body /template/components/*/cards: is not described")],
        template().carousel([media("24230790383178626", "blue"), media("24230790383178627", "red")]),
        &format!(
            r#"{{"type": "carousel", "cards": [{}, {}]}}"#,
            sample(0, "24230790383178626", "blue"),
            sample(1, "24230790383178627", "red"),
        ),
    );
    let product = |product: &str| TemplateCard::new(Parameter::product("194836987003835", product));
    assert!(template().carousel([product("nqryix03ez"), product("7nh9gyu2ah")]).check().is_ok());
    let refused = refusal(&template().carousel([media("1", "a"), product("nqryix03ez")]));
    assert!(refused.contains("the same components"), "{refused}");
    assert!(refusal(&template().carousel(vec![product("a"); 11])).contains("1 to 10 cards"));
}

// Meta, "Authentication templates", sending: the code stands twice.
#[test]
fn a_one_time_code_is_filled() {
    fills(
        &[INDEX],
        template().one_time_code("J$FpnYnP"),
        r#"{"type": "body", "parameters": [{"type": "text", "text": "J$FpnYnP"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "J$FpnYnP"}]}"#,
    );
    assert_eq!(refusal(&template().one_time_code("1234567890123456")), "a one-time code has 1 to 15 characters");
    assert!(!format!("{:?}", template().one_time_code("J$FpnYnP")).contains("FpnYnP"));
}

#[test]
fn samples_in_other_forms_are_read() {
    let upper = r#"{"name": "t", "language": {"policy": "deterministic", "code": "en_US"}, "components": [
        {"type": "button", "sub_type": "CATALOG", "index": 1, "parameters": [{"type": "action", "action": {}}]}]}"#;
    let read: Template = serde_json::from_str(upper).unwrap();
    assert_eq!(read, template().button(1, TemplateButton::catalog()));
    for index in ["-1", "256", "\"x\"", "1.5"] {
        let other = upper.replace(r#""index": 1"#, &format!(r#""index": {index}"#));
        assert!(serde_json::from_str::<Template>(&other).is_err(), "{index}");
    }
}

#[test]
fn what_does_not_belong_there_is_refused() {
    assert!(refusal(&Template::new("", "en_US")).contains("a name and a language"));
    assert!(refusal(&Template::new("t", "")).contains("a name and a language"));
    assert!(refusal(&template().body([""])).contains("1 to 32,768"));
    assert!(refusal(&template().header("a").header("b")).contains("filled once"));
    assert!(refusal(&template().header(Parameter::date_time("today"))).contains("in the body"));
    assert!(refusal(&template().header(Image::id(id()).caption("x"))).contains("no caption"));
    assert!(refusal(&template().body([Parameter::product("1", "2")])).contains("texts, currencies and dates only"));
    assert!(refusal(&template().body([Parameter::currency(1, "US", "$1")])).contains("the code of a currency"));
    let url = || TemplateButton::url("x");
    assert!(refusal(&template().button(0, url()).button(0, url())).contains("the index of a button stands once"));
    assert!(refusal(&template().button(0, TemplateButton::coupon_code("10 OFF"))).contains("letters and digits"));
    assert!(refusal(&template().button(0, TemplateButton::coupon_code("x".repeat(21)))).contains("1 to 20"));
    assert!(refusal(&template().button(0, url().thumbnail("x"))).contains("not for such a button"));
    assert!(refusal(&template().button(0, TemplateButton::voice_call(0))).contains("between 1 and 43200"));
    assert!(refusal(&template().tap_target("x", "x")).contains("https://"));
}
