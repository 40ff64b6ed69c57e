use serde::{Deserialize, Serialize};

use super::{
    KIND,
    frame::{Action, Frame, HeaderRule, Rules},
    list::check_titles,
};
use crate::{
    BuildError,
    api::message::{
        Content,
        limit::{count, present},
        words::Words,
    },
};

/// One product of a catalog.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/catalogs/sell-products-and-services/share-products)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Product(Frame<ShowProduct>);

impl Product {
    /// The product that the seller gave this id, in the catalog of this id.
    #[must_use]
    pub fn new(catalog: impl Into<String>, product: impl Into<String>) -> Self {
        Self(Frame::new(ShowProduct { catalog_id: catalog.into().into(), product_retailer_id: product.into().into() }))
    }

    /// A text of at most 1,024 characters.
    #[must_use]
    pub fn body(self, body: impl Into<String>) -> Self {
        Self(self.0.body(body))
    }

    /// A text of at most 60 characters below the body.
    #[must_use]
    pub fn footer(self, footer: impl Into<String>) -> Self {
        Self(self.0.footer(footer))
    }
}

impl Content for Product {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules { header: HeaderRule::None, needs_body: false, ..Rules::ALL })?;
        self.0.action.check()
    }
}

/// Some products of a catalog, in sections.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/catalogs/sell-products-and-services/share-products)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProductList(Frame<ShowProducts>);

impl ProductList {
    /// A header of at most 60 characters, a body of at most 1,024, and 1 to 10 sections with 30 products in all.
    ///
    /// It is sent if one of the products is in the catalog.
    #[must_use]
    pub fn new(
        header: impl Into<String>,
        body: impl Into<String>,
        catalog: impl Into<String>,
        sections: impl IntoIterator<Item = ProductSection>,
    ) -> Self {
        let action = ShowProducts { catalog_id: catalog.into().into(), sections: sections.into_iter().collect() };
        Self(Frame::new(action).header(header.into()).body(body))
    }

    /// A text of at most 60 characters below the body.
    #[must_use]
    pub fn footer(self, footer: impl Into<String>) -> Self {
        Self(self.0.footer(footer))
    }
}

impl Content for ProductList {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules { header: HeaderRule::TextRequired, ..Rules::ALL })?;
        let ShowProducts { catalog_id, sections } = &self.0.action;
        present("the id of a catalog", catalog_id)?;
        check_sections(sections)
    }
}

/// Products of a list under one title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSection {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<Words>,
    product_items: Vec<Item>,
}

impl ProductSection {
    /// A title of at most 24 characters, and the ids that the seller gave the products.
    #[must_use]
    pub fn new(title: impl Into<String>, products: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let product_items = products.into_iter().map(|product| Item { product_retailer_id: product.into().into() });
        Self { title: Some(title.into().into()), product_items: product_items.collect() }
    }
}

/// The whole catalog of the business.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/catalogs/sell-products-and-services/share-products)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Catalog(Frame<ShowCatalog>);

impl Catalog {
    /// A body of at most 1,024 characters, and a button that opens the catalog.
    #[must_use]
    pub fn new(body: impl Into<String>) -> Self {
        Self(Frame::new(ShowCatalog { parameters: None }).body(body))
    }

    /// Shows the picture of this product, by the id that the seller gave it, instead of the first one's.
    #[must_use]
    pub fn thumbnail(mut self, product: impl Into<String>) -> Self {
        self.0.action.parameters = Some(Thumbnail { thumbnail_product_retailer_id: product.into().into() });
        self
    }

    /// A text of at most 60 characters below the body.
    #[must_use]
    pub fn footer(self, footer: impl Into<String>) -> Self {
        Self(self.0.footer(footer))
    }
}

impl Content for Catalog {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules { header: HeaderRule::None, ..Rules::ALL })?;
        let thumbnail = self.0.action.parameters.as_ref().map(|parameters| &parameters.thumbnail_product_retailer_id);
        thumbnail.map_or(Ok(()), |product| present("the id of a product", product))
    }
}

/// Checks sections of products, of a message or of a template's button.
pub(in crate::api::message) fn check_sections(sections: &[ProductSection]) -> Result<(), BuildError> {
    count("a list of products", 1..=10, "section", sections.len())?;
    check_titles(sections.iter().map(|section| section.title.as_ref()))?;
    if sections.iter().any(|section| section.product_items.is_empty()) {
        return Err(BuildError::new("each section has a product: leave an empty one out"));
    }
    let products = || sections.iter().flat_map(|section| &section.product_items);
    count("a list of products", 1..=30, "product", products().count())?;
    products().try_for_each(|item| present("the id of a product", &item.product_retailer_id))
}

/// A product in its catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::api::message) struct ShowProduct {
    pub(in crate::api::message) product_retailer_id: Words,
    pub(in crate::api::message) catalog_id: Words,
}

impl ShowProduct {
    pub(in crate::api::message) fn check(&self) -> Result<(), BuildError> {
        present("the id of a catalog", &self.catalog_id)?;
        present("the id of a product", &self.product_retailer_id)
    }
}

impl Action for ShowProduct {
    const TYPE: &'static str = "product";
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Item {
    product_retailer_id: Words,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ShowProducts {
    catalog_id: Words,
    sections: Vec<ProductSection>,
}

impl Action for ShowProducts {
    const TYPE: &'static str = "product_list";
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "catalog_message")]
struct ShowCatalog {
    // Optional on Meta's page, required in its description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parameters: Option<Thumbnail>,
}

impl Action for ShowCatalog {
    const TYPE: &'static str = "catalog_message";
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Thumbnail {
    thumbnail_product_retailer_id: Words,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::testing::{refusal, sends, sends_although};

    // Meta's API description v23.0, sendMessage, "Send Single Product Message".
    #[test]
    fn a_product_is_written_as_documented() {
        sends(
            &Product::new("367025965434465", "ID_TEST_ITEM_1")
                .body("OPTIONAL_BODY_TEXT")
                .footer("OPTIONAL_FOOTER_TEXT"),
            r#"{"type": "product", "body": {"text": "OPTIONAL_BODY_TEXT"}, "footer": {"text": "OPTIONAL_FOOTER_TEXT"},
                "action": {"catalog_id": "367025965434465", "product_retailer_id": "ID_TEST_ITEM_1"}}"#,
        );
        assert!(Product::new("1", "2").check().is_ok());
        assert!(refusal(&Product::new("1", "")).contains("the id of a product is empty"));
    }

    // Meta's API description v23.0, sendMessage, "Send Multi-Product Message".
    #[test]
    fn products_are_written_as_documented() {
        let sections =
            [ProductSection::new("SECTION1_TITLE", ["A1", "A2"]), ProductSection::new("SECTION2_TITLE", ["B1", "B2"])];
        let content = ProductList::new("HEADER", "BODY", "146265584024623", sections).footer("FOOTER");
        sends(
            &content,
            r#"{"type": "product_list", "header": {"type": "text", "text": "HEADER"}, "body": {"text": "BODY"},
                "footer": {"text": "FOOTER"}, "action": {"catalog_id": "146265584024623", "sections": [
                {"title": "SECTION1_TITLE", "product_items": [{"product_retailer_id": "A1"}, {"product_retailer_id": "A2"}]},
                {"title": "SECTION2_TITLE", "product_items": [{"product_retailer_id": "B1"}, {"product_retailer_id": "B2"}]}]}}"#,
        );
    }

    #[test]
    fn products_are_counted_over_all_sections() {
        let list = |sections: Vec<ProductSection>| ProductList::new("H", "B", "1", sections);
        let many = || ProductSection::new("T", vec!["sku"; 16]);
        assert_eq!(refusal(&list(vec![many(), many()])), "a list of products has 1 to 30 products: this one has 32");
        assert!(refusal(&list(vec![ProductSection::new("", ["a"]), many()])).contains("the title of a section"));
        assert!(refusal(&list(vec![ProductSection::new("T", [""; 0])])).contains("leave an empty one out"));
        assert!(refusal(&ProductList::new("", "B", "1", [many()])).contains("the header of a message"));
    }

    // Meta's API description v23.0, sendMessage, "Send Catalog Message".
    #[test]
    fn a_catalog_is_written_as_documented() {
        let text =
            "Hello! Thanks for your interest. Ordering is easy. Just visit our catalog and add items to purchase.";
        let footer = "Best grocery deals on WhatsApp!";
        let content = Catalog::new(text).footer(footer);
        let sample = |parameters: &str| {
            format!(
                r#"{{"type": "catalog_message", "body": {{"text": "{text}"}}, "footer": {{"text": "{footer}"}},
                    "action": {{"name": "catalog_message"{parameters}}}}}"#
            )
        };
        sends(
            &content.clone().thumbnail("2lc20305pt"),
            &sample(r#", "parameters": {"thumbnail_product_retailer_id": "2lc20305pt"}"#),
        );
        // Meta, "Share products": without a thumbnail.
        sends_although(
            &[("Meta's page has the parameters as optional", "body /interactive/action/buttons: is missing")],
            &content,
            &sample(""),
        );
    }
}
