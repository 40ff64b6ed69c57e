//! What people send: whatever it holds, it is read back as it was written, and `Debug` shows no text of it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use proptest::prelude::*;
use wa_core::{
    api::message::{
        AddressRequest, AnyContent, Audio, Button, Buttons, CallButton, CallPermissionRequest, Card, Carousel, Catalog,
        Contact, ContactInfoRequest, Contacts, Content, CtaUrl, Document, Email, Flow, Goods, Header, Image, List,
        Location, LocationRequest, Name, OrderDetails, OrderItem, OrderRequest, OrderStatus, OrderUpdate, Organization,
        Parameter, Phone, Pin, PostalAddress, Product, ProductList, ProductSection, Reaction, Row, SavedAddress,
        Section, Sticker, Template, TemplateButton, TemplateCard, Text, Url, Video,
    },
    types::{FlowId, MediaId, MessageId, Timestamp, WhatsAppId},
};

/// Stands in every text.
const CANARY: &str = "canary";

/// Any text, from nothing but the canary to far beyond most limits.
fn text() -> BoxedStrategy<String> {
    prop_oneof![Just(String::new()), "\\PC{0,30}", "[ -~\n]{0,200}"]
        .prop_map(|noise| format!("{CANARY}{noise}"))
        .boxed()
}

fn texts() -> BoxedStrategy<Vec<String>> {
    prop::collection::vec(text(), 0..5).boxed()
}

/// Does something with a content or leaves it as it is.
fn maybe<T: Clone + std::fmt::Debug + 'static>(
    content: BoxedStrategy<T>,
    change: fn(T, String) -> T,
) -> BoxedStrategy<T> {
    (content, prop::option::of(text()))
        .prop_map(move |(content, text)| match text {
            Some(text) => change(content, text),
            None => content,
        })
        .boxed()
}

fn media_id() -> impl Strategy<Value = MediaId> {
    "[0-9]{1,16}".prop_map(|id| MediaId::new(id).unwrap())
}

fn message_id() -> impl Strategy<Value = MessageId> {
    "wamid\\.[A-Za-z0-9=]{1,40}".prop_map(|id| MessageId::new(id).unwrap())
}

fn image() -> BoxedStrategy<Image> {
    maybe(prop_oneof![media_id().prop_map(Image::id), text().prop_map(Image::link)].boxed(), Image::caption)
}

fn video() -> BoxedStrategy<Video> {
    maybe(prop_oneof![media_id().prop_map(Video::id), text().prop_map(Video::link)].boxed(), Video::caption)
}

fn document() -> BoxedStrategy<Document> {
    let document = prop_oneof![media_id().prop_map(Document::id), text().prop_map(Document::link)].boxed();
    maybe(maybe(document, Document::caption), Document::filename)
}

fn location() -> BoxedStrategy<Location> {
    let place = (-200.0..200.0_f64, -200.0..200.0_f64).prop_map(|(north, east)| Location::new(north, east)).boxed();
    maybe(maybe(place, Location::name), Location::address)
}

fn header() -> BoxedStrategy<Header> {
    prop_oneof![
        text().prop_map(Header::from),
        image().prop_map(Header::from),
        video().prop_map(Header::from),
        document().prop_map(Header::from)
    ]
    .boxed()
}

fn plain() -> BoxedStrategy<AnyContent> {
    let sound = prop_oneof![media_id().prop_map(Audio::id), text().prop_map(Audio::link)];
    let sound = (sound, any::<bool>()).prop_map(|(sound, voice)| if voice { sound.voice() } else { sound });
    let written = (text(), any::<bool>())
        .prop_map(|(body, preview)| if preview { Text::new(body).preview_url() } else { Text::new(body) });
    prop_oneof![
        written.prop_map_into(),
        image().prop_map_into(),
        sound.prop_map_into(),
        video().prop_map_into(),
        document().prop_map_into(),
        prop_oneof![media_id().prop_map(Sticker::id), text().prop_map(Sticker::link)].prop_map_into(),
        location().prop_map_into(),
        contacts().prop_map_into(),
        (message_id(), text()).prop_map(|(message, emoji)| Reaction::new(message, emoji).into()),
        message_id().prop_map(|message| Reaction::remove(message).into()),
        (message_id(), any::<u32>()).prop_map(|(message, days)| Pin::new(message, days).into()),
        message_id().prop_map(|message| Pin::remove(message).into()),
    ]
    .boxed()
}

fn contacts() -> BoxedStrategy<Contacts> {
    let name = maybe(maybe(text().prop_map(Name::new).boxed(), Name::first_name), Name::last_name);
    let name = maybe(maybe(maybe(name, Name::middle_name), Name::prefix), Name::suffix);
    let contact = (name, texts(), texts(), "[0-9]{5,12}").prop_map(|(name, some, others, id)| {
        let mut contact = Contact::new(name);
        for text in some {
            let phone = Phone::new(text.clone()).wa_id(WhatsAppId::new(&id).unwrap());
            contact = contact.phone(phone).email(Email::new(text).label("WORK"));
        }
        for text in others {
            let address = PostalAddress::new().street(text.clone()).city(text.clone()).state(text.clone());
            let address = address.zip(text.clone()).country(text.clone()).country_code(text.clone()).label("HOME");
            contact = contact.address(address).url(Url::new(text.clone()).label("WORK"));
            contact = contact.organization(Organization::new(text.clone()).department(text.clone()).title(text));
        }
        contact
    });
    let contact = maybe(contact.boxed(), Contact::birthday);
    prop::collection::vec(contact, 0..4).prop_map(Contacts::new).boxed()
}

fn buttons() -> BoxedStrategy<Vec<Button>> {
    prop::collection::vec((text(), text()).prop_map(|(id, title)| Button::new(id, title)), 0..5).boxed()
}

fn sections() -> BoxedStrategy<Vec<ProductSection>> {
    prop::collection::vec((text(), texts()).prop_map(|(title, products)| ProductSection::new(title, products)), 0..4)
        .boxed()
}

fn choices() -> BoxedStrategy<AnyContent> {
    let with_buttons = (text(), buttons()).prop_map(|(body, buttons)| Buttons::new(body, buttons)).boxed();
    let with_buttons = (with_buttons, prop::option::of(header())).prop_map(|(content, header)| match header {
        Some(header) => content.header(header),
        None => content,
    });
    let row = maybe((text(), text()).prop_map(|(id, title)| Row::new(id, title)).boxed(), Row::description);
    let section = maybe(prop::collection::vec(row, 0..4).prop_map(Section::new).boxed(), Section::title);
    let list = (text(), text(), prop::collection::vec(section, 0..4))
        .prop_map(|(body, button, sections)| List::new(body, button, sections))
        .boxed();
    let cta = (text(), text(), text(), header())
        .prop_map(|(body, button, url, header)| CtaUrl::new(body, button, url).header(header))
        .boxed();
    let card = prop_oneof![
        (header(), text(), text()).prop_map(|(header, button, url)| Card::url(header, button, url)),
        (header(), buttons()).prop_map(|(header, buttons)| Card::replies(header, buttons)),
        (text(), text()).prop_map(|(catalog, product)| Card::product(catalog, product)),
    ];
    let card = maybe(card.boxed(), Card::body);
    let carousel = (text(), prop::collection::vec(card, 0..12)).prop_map(|(body, cards)| Carousel::new(body, cards));
    prop_oneof![
        maybe(with_buttons.boxed(), Buttons::footer).prop_map_into(),
        maybe(maybe(list, List::header), List::footer).prop_map_into(),
        maybe(cta, CtaUrl::footer).prop_map_into(),
        carousel.prop_map_into(),
    ]
    .boxed()
}

fn requests() -> BoxedStrategy<AnyContent> {
    let flow = prop_oneof![
        (text(), text(), "[0-9]{1,16}").prop_map(|(body, cta, id)| Flow::new(body, cta, FlowId::new(id).unwrap())),
        (text(), text(), text()).prop_map(|(body, cta, name)| Flow::named(body, cta, name)),
    ];
    let flow = maybe(maybe(maybe(flow.boxed(), Flow::token), Flow::screen), |flow, text| {
        flow.data(&BTreeMap::from([(text.clone(), text)])).draft()
    });
    let flow = (flow, any::<bool>()).prop_map(|(flow, asks)| if asks { flow.data_exchange() } else { flow });
    let call = maybe(maybe(text().prop_map(CallButton::new).boxed(), CallButton::button), CallButton::payload);
    let call = (call, any::<u32>()).prop_map(|(call, minutes)| call.ttl_minutes(minutes));
    let address = (text(), text(), texts()).prop_map(|(body, country, texts)| {
        texts.into_iter().fold(AddressRequest::new(body, country), |address, text| {
            let saved = SavedAddress::new(text.clone(), [("city", text.clone())]);
            address.value("city", text.clone()).saved(saved).error("in_pin_code", text)
        })
    });
    prop_oneof![
        flow.prop_map_into(),
        text().prop_map(|body| LocationRequest::new(body).into()),
        text().prop_map(|body| ContactInfoRequest::new(body).into()),
        maybe(Just(CallPermissionRequest::new()).boxed(), CallPermissionRequest::body).prop_map_into(),
        call.prop_map_into(),
        address.prop_map_into(),
    ]
    .boxed()
}

fn order() -> BoxedStrategy<OrderDetails> {
    let item =
        (text(), any::<u32>(), 0..100_u64).prop_map(|(name, price, count)| OrderItem::new(name, price.into(), count));
    let order = (text(), text(), prop::collection::vec(item, 0..4), any::<u32>())
        .prop_map(|(reference, currency, items, amount)| {
            let order = OrderDetails::new(reference, Goods::PhysicalGoods, currency, items);
            order.tax(amount.into()).shipping(amount.into()).discount(amount.into())
        })
        .boxed();
    maybe(maybe(order, OrderDetails::payment_type), |order, text| {
        let setting = BTreeMap::from([("type", text)]);
        order.payment_setting(&setting).shipping_info(&setting)
    })
}

fn commerce() -> BoxedStrategy<AnyContent> {
    let product = (text(), text()).prop_map(|(catalog, product)| Product::new(catalog, product)).boxed();
    let list = (text(), text(), text(), sections())
        .prop_map(|(header, body, catalog, sections)| ProductList::new(header, body, catalog, sections))
        .boxed();
    let catalog = text().prop_map(Catalog::new).boxed();
    prop_oneof![
        maybe(maybe(product, Product::body), Product::footer).prop_map_into(),
        maybe(list, ProductList::footer).prop_map_into(),
        maybe(maybe(catalog, Catalog::thumbnail), Catalog::footer).prop_map_into(),
        (text(), order(), image()).prop_map(|(body, order, image)| OrderRequest::new(body, order).image(image).into()),
        (text(), text(), text()).prop_map(|(body, reference, more)| {
            let status = OrderStatus::new(reference, "shipped").description(more);
            OrderUpdate::new(body, status).into()
        }),
    ]
    .boxed()
}

fn parameter() -> BoxedStrategy<Parameter> {
    let value = prop_oneof![
        text().prop_map(Parameter::text),
        (any::<i64>(), text(), text()).prop_map(|(amount, code, fallback)| Parameter::currency(amount, code, fallback)),
        text().prop_map(Parameter::date_time),
        video().prop_map(Parameter::gif),
        (text(), text()).prop_map(|(catalog, product)| Parameter::product(catalog, product)),
        image().prop_map_into(),
        video().prop_map_into(),
        document().prop_map_into(),
        location().prop_map_into(),
    ];
    (value, prop::option::of("[a-z_]{1,9}"))
        .prop_map(|(value, name)| match name {
            Some(name) => value.named(name),
            None => value,
        })
        .boxed()
}

fn template_button() -> BoxedStrategy<TemplateButton> {
    prop_oneof![
        text().prop_map(TemplateButton::url),
        text().prop_map(TemplateButton::quick_reply),
        text().prop_map(TemplateButton::coupon_code),
        maybe(Just(TemplateButton::flow()).boxed(), TemplateButton::flow_token),
        text().prop_map(|text| TemplateButton::flow().flow_data(&BTreeMap::from([(text.clone(), text)]))),
        maybe(Just(TemplateButton::catalog()).boxed(), TemplateButton::thumbnail),
        maybe(sections().prop_map(TemplateButton::products).boxed(), TemplateButton::thumbnail),
        order().prop_map(TemplateButton::order_details),
        maybe(any::<u32>().prop_map(TemplateButton::voice_call).boxed(), TemplateButton::call_payload),
    ]
    .boxed()
}

fn template() -> BoxedStrategy<AnyContent> {
    let card = (parameter(), prop::collection::vec(parameter(), 0..3), template_button())
        .prop_map(|(header, body, button)| TemplateCard::new(header).body(body).button(0, button));
    let parts = (
        prop::option::of(parameter()),
        prop::collection::vec(parameter(), 0..5),
        prop::collection::vec((any::<u8>(), template_button()), 0..4),
        prop::collection::vec(card, 0..4),
        any::<u64>(),
        prop::option::of(text()),
    );
    parts
        .prop_map(|(header, body, buttons, cards, moment, text)| {
            let mut template = Template::new("a_template", "en_US").body(body).carousel(cards);
            if let Some(header) = header {
                template = template.header(header);
            }
            for (index, button) in buttons {
                template = template.button(index, button);
            }
            if let Some(text) = text {
                let status = OrderStatus::new(text.clone(), "shipped");
                template = template.tap_target(text.clone(), text).order_status(status);
            }
            template.offer_ends(Timestamp::from_millis(moment)).into()
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_written_is_read_back(
        content in prop_oneof![plain(), choices(), requests(), commerce(), template()],
    ) {
        let json = serde_json::to_string(&content).unwrap();
        let read: AnyContent = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&read, &content, "{}", json);

        let shown = format!("{content:?} {content:#?} {:?}", content.check());
        prop_assert!(!shown.contains(CANARY), "{}", shown);
        prop_assert!(content.check() == read.check());
    }

    #[test]
    fn whatever_comes_is_read_or_refused(
        content in prop_oneof![plain(), choices(), requests(), commerce(), template()],
        place in any::<prop::sample::Index>(),
        noise in "\\PC{0,3}|\\[|\\{\\}|null|-1|\"\"",
    ) {
        let json = serde_json::to_string(&content).unwrap();
        let ends: Vec<usize> = json.char_indices().map(|(end, _)| end).collect();
        let (start, end) = json.split_at(*place.get(&ends));
        for text in [format!("{start}{noise}{end}"), start.to_owned()] {
            if let Ok(read) = serde_json::from_str::<AnyContent>(&text) {
                let _ = format!("{read:?} {:?}", read.check());
            }
        }
    }
}
