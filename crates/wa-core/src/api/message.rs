//! Sending: [`SendMessage`] with a [`Content`], which is a type for each kind of message.

mod any;
mod contacts;
mod content;
mod data;
mod interactive;
mod limit;
mod location;
mod marketing;
mod media;
mod order;
mod pin;
mod reaction;
mod read;
mod send;
mod template;
mod text;
mod words;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use any::AnyContent;
pub use contacts::{Contact, Contacts, Email, Name, Organization, Phone, PostalAddress, Url};
pub use content::Content;
pub use interactive::{
    AddressRequest, Button, Buttons, CallButton, CallPermissionRequest, Card, Carousel, Catalog, ContactInfoRequest,
    CtaUrl, Flow, Header, Interactive, List, LocationRequest, OrderRequest, OrderUpdate, Product, ProductList,
    ProductSection, Row, SavedAddress, Section,
};
pub use location::Location;
pub use marketing::{ProductPolicy, SendMarketing};
pub use media::{Audio, Document, Image, Sticker, Video};
pub use order::{Goods, OrderDetails, OrderItem, OrderStatus};
pub use pin::Pin;
pub use reaction::Reaction;
pub use read::MarkRead;
pub use send::{DirectCategory, SendMessage};
pub use template::{Parameter, Template, TemplateButton, TemplateCard};
pub use text::Text;

#[cfg(feature = "__samples")]
use crate::samples::{self, Samples};

#[cfg(feature = "__samples")]
pub(super) fn samples(to: &mut impl Samples) -> samples::Result {
    let number = &samples::number()?;
    let phone = || wa_types::E164::new("+16505551234");
    let template = || Template::new("hello_world", "en_US");
    to.call(SendMessage::new(number, phone()?, Text::new(samples::WORD)).tag(samples::WORD));
    to.call(SendMessage::new(
        number,
        phone()?,
        AnyContent::from(Buttons::new("?", [Button::new("id", samples::WORD)])),
    ));
    to.call(SendMessage::new(number, phone()?, template().one_time_code(samples::CODE)));
    to.call(SendMarketing::new(number, phone()?, template().body([samples::WORD])));
    to.call(MarkRead::new(number, &wa_types::MessageId::new("wamid.HBgLMTY0")?).typing());
    Ok(())
}
