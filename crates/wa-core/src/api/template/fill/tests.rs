use serde_json::json;
use wa_types::{MediaId, Timestamp};

use super::*;
use crate::api::message::{Document, Image, Parameter, TemplateButton, TemplateCard, Video};

fn template(components: &Value) -> Template {
    serde_json::from_value(json!({"id": "1", "name": "n", "language": "en_US", "components": components})).unwrap()
}

fn image() -> Image {
    Image::id(MediaId::new("1602186516975000").unwrap())
}

#[track_caller]
fn refused(template: &Template, fill: impl FnOnce(message::Template) -> message::Template, reason: &str) {
    let told = template.fill(fill).unwrap_err().to_string();
    assert!(told.contains(reason), "{told}");
}

fn offer() -> Template {
    template(&json!([
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://scontent.whatsapp.net/1"]}},
        {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Expiring offer!", "has_expiration": true}},
        {"type": "BODY", "text": "Good news, {{1}}! Use code {{2}} to get 25% off!"},
        {"type": "BUTTONS", "buttons": [
            {"type": "COPY_CODE", "text": "Copy offer code", "example": ["CARIBE25"]},
            {"type": "URL", "text": "Book now!", "url": "https://awesomedestinations.com/offers?code={{1}}"},
        ]},
    ]))
}

// Meta, "Limited-time offer templates", the example that creates it and the one that sends it.
#[test]
fn a_whole_message_is_what_metas_page_sends() {
    let message = offer()
        .fill(|message| {
            message
                .header(image())
                .body(["Pablo", "CARIBE25"])
                .offer_ends(Timestamp::from_millis(1_209_600_000))
                .button(0, TemplateButton::coupon_code("CARIBE25"))
                .button(1, TemplateButton::url("n3mtql"))
        })
        .unwrap();
    assert_eq!(
        serde_json::to_value(&message).unwrap(),
        json!({"name": "n", "language": {"code": "en_US"}, "components": [
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "1602186516975000"}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Pablo"}, {"type": "text", "text": "CARIBE25"}]},
            {"type": "limited_time_offer", "parameters": [
                {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1_209_600_000}},
            ]},
            {"type": "button", "sub_type": "copy_code", "index": "0",
                "parameters": [{"type": "coupon_code", "coupon_code": "CARIBE25"}]},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "n3mtql"}]},
        ]})
    );
}

#[test]
fn a_refusal_names_the_part() {
    let offer = offer();
    let ends = Timestamp::from_millis(1);
    let code = || TemplateButton::coupon_code("CARIBE25");
    let page = || TemplateButton::url("n3mtql");
    refused(&offer, |m| m, "the header of the template needs image: it is given nothing");
    refused(&offer, |m| m.header("text"), "it is given text");
    let document = Document::id(MediaId::new("1").unwrap());
    refused(&offer, |m| m.header(document), "it is given document");
    refused(&offer, |m| m.header(image()), "has 2 variables: it is given 0 values");
    refused(&offer, |m| m.header(image()).body(["a", "b", "c"]), "it is given 3 values");
    let named = || [Parameter::text("a").named("x"), Parameter::text("b").named("y")];
    refused(&offer, |m| m.header(image()).body(named()), "have numbers");
    let whole = |m: message::Template| m.header(image()).body(["secret", "b"]);
    refused(&offer, |m| whole(m).button(1, page()), "button 0 of the template needs a value: give it copy_code");
    refused(&offer, |m| whole(m).button(0, page()), "no button at 0 that takes url");
    refused(&offer, |m| whole(m).button(2, page()), "no button at 2");
    refused(&offer, |m| whole(m).button(0, code()).button(1, page()), "say when with offer_ends");
    refused(
        &offer,
        |m| whole(m).button(0, code()).button(1, page()).offer_ends(ends).carousel([TemplateCard::new(image())]),
        "no carousel",
    );
    let told = offer.fill(|m| whole(m).button(1, page())).unwrap_err();
    assert!(!format!("{told:?}").contains("secret"));

    let plain = template(&json!([{"type": "BODY", "text": "Hi"}]));
    refused(&plain, |m| m.header("x"), "needs nothing: it is given text");
    refused(&plain, |m| m.body(["x"]), "has 0 variables");
    refused(&plain, |m| m.offer_ends(ends), "makes no offer");
    refused(&plain, |m| m.button(0, TemplateButton::voice_call(5)), "no button that takes voice_call");
    plain.fill(|m| m).unwrap();
    // What the content itself refuses is refused here too.
    refused(&offer, |m| m.header(Image::link("ftp://x")), "http");
}

// Meta, "Template components", "URL encoding" and the overview's named parameters.
#[test]
fn names_are_asked_for() {
    let named = template(&json!([
        {"type": "HEADER", "format": "TEXT", "text": "Our new sale starts {{sale_start_date}}!"},
        {"type": "BODY", "text": "Thank you, {{first_name}}! Your order number is {{order_number}}."},
    ]));
    let header = || Parameter::text("December 1st").named("sale_start_date");
    let body = |names: [&str; 2]| names.map(|name| Parameter::text("x").named(name));
    named.fill(|m| m.header(header()).body(body(["order_number", "first_name"]))).unwrap();
    refused(
        &named,
        |m| m.header("December 1st").body(["a", "b"]),
        "the variables of the header of the template have names",
    );
    refused(
        &named,
        |m| m.header(header()).body(["a", "b"]),
        "for each of first_name, order_number, with Parameter::named",
    );
    refused(&named, |m| m.header(header()).body(body(["first_name", "first_name"])), "have names");
}

// Meta, "Copy code authentication templates": the code stands in the body and in the button.
#[test]
fn a_one_time_code_is_given_twice() {
    let code = template(&json!([
        {"type": "BODY", "text": "*{{1}}* is your verification code."},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code",
            "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"}]},
    ]));
    let message = code.fill(|m| m.one_time_code("J$FpnYnP")).unwrap();
    let wire = serde_json::to_value(&message).unwrap();
    assert_eq!(wire["components"][0]["parameters"][0]["text"], "J$FpnYnP");
    assert_eq!(wire["components"][1]["parameters"][0]["text"], "J$FpnYnP");
    refused(&code, |m| m.body(["1234"]), "use one_time_code");
    refused(&code, |m| m.body(["1234"]).button(0, TemplateButton::url("4321")), "use one_time_code");
    refused(&code, |m| m.one_time_code("1234").header("x"), "use one_time_code");
    refused(&code, |m| m.one_time_code("1234567890123456"), "1 to 15 characters");
}

// Meta, "Media card carousel templates" and "Product card carousel templates": how many cards are sent.
#[test]
fn cards_are_as_many_as_the_kind_wants() {
    let card = json!({"components": [
        {"type": "HEADER", "format": "VIDEO"},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "More"},
            {"type": "URL", "text": "Shop", "url": "https://www.luckyshrub.com/{{1}}"},
        ]},
    ]});
    let media = template(&json!([{"type": "BODY", "text": "Hi"}, {"type": "CAROUSEL", "cards": [card, card]}]));
    let video = || Video::id(MediaId::new("1").unwrap());
    let card = || TemplateCard::new(video()).button(1, TemplateButton::url("BLUE_ELF"));
    media.fill(|m| m.carousel([card(), card()])).unwrap();
    refused(&media, |m| m, "has 2 to 2 cards: these are 0");
    refused(&media, |m| m.carousel([card(), card(), card()]), "these are 3");
    let other = || TemplateCard::new(image()).button(1, TemplateButton::url("x"));
    refused(&media, |m| m.carousel([other(), other()]), "card 1 of the template needs video: it is given image");
    let bare = || TemplateCard::new(video());
    refused(&media, |m| m.carousel([bare(), bare()]), "button 1 of card 1 of the template needs a value");

    let card = json!({"components": [{"type": "HEADER", "format": "PRODUCT"},
        {"type": "BUTTONS", "buttons": [{"type": "SPM", "text": "View"}]}]});
    let products = template(&json!([{"type": "BODY", "text": "Hi"}, {"type": "CAROUSEL", "cards": [card, card]}]));
    let card = || TemplateCard::new(Parameter::product("194836987003835", "nqryix03ez"));
    products.fill(|m| m.carousel([card(), card(), card()])).unwrap();
    refused(&products, |m| m.carousel([card(), TemplateCard::new(image())]), "same components");
}

#[test]
fn a_template_that_was_read_in_part_cannot_be_filled() {
    let read = |json: Value| serde_json::from_value::<Template>(json).unwrap();
    refused(&read(json!({"id": "1", "name": "n", "language": "en"})), |m| m, "without its components");
    let nameless = json!({"id": "1", "components": [{"type": "BODY", "text": "Hi"}]});
    refused(&read(nameless), |m| m, "without its name or its language");
}
