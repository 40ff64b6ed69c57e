use serde::Serialize;

use crate::model;

model! {
    /// Products that were ordered.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct InboundOrder {
        /// The catalog.
        pub catalog_id: Option<String>,
        /// What the person wrote to it.
        pub text: Option<String>,
        /// The products.
        pub product_items: Vec<OrderedProduct>,
    }
}

model! {
    /// A product that was ordered.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    #[non_exhaustive]
    pub struct OrderedProduct {
        /// The product, by the business's own id.
        pub product_retailer_id: Option<String>,
        /// How many.
        pub quantity: Option<i64>,
        /// The price of one.
        pub item_price: Option<f64>,
        /// The currency, by three letters.
        pub currency: Option<String>,
    }
}
