use serde::{Deserialize, Serialize};

use super::{
    KIND,
    frame::{Action, Frame, Header, HeaderRule, Rules},
};
use crate::{
    BuildError,
    api::message::{Content, Document, Image, OrderDetails, OrderStatus},
};

/// A text with an order and a button to pay it.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/payments/payments-in/pg)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderRequest(Frame<ReviewAndPay>);

impl OrderRequest {
    /// A body of at most 1,024 characters, and the order.
    #[must_use]
    pub fn new(body: impl Into<String>, order: OrderDetails) -> Self {
        Self(Frame::new(ReviewAndPay { parameters: order }).body(body))
    }

    /// An image above the body.
    #[must_use]
    pub fn image(self, image: Image) -> Self {
        Self(self.0.header(image))
    }

    /// A document above the body.
    #[must_use]
    pub fn document(self, document: Document) -> Self {
        Self(self.0.header(Header::from(document)))
    }

    /// A text of at most 60 characters below the body.
    #[must_use]
    pub fn footer(self, footer: impl Into<String>) -> Self {
        Self(self.0.footer(footer))
    }
}

impl Content for OrderRequest {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules::ALL)?;
        self.0.action.parameters.check_order()
    }
}

/// A text that says what has become of an order.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/payments/payments-in/pg)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderUpdate(Frame<ReviewOrder>);

impl OrderUpdate {
    /// A body of at most 1,024 characters, and the order's status.
    #[must_use]
    pub fn new(body: impl Into<String>, status: OrderStatus) -> Self {
        Self(Frame::new(ReviewOrder { parameters: status }).body(body))
    }

    /// A text of at most 60 characters below the body.
    #[must_use]
    pub fn footer(self, footer: impl Into<String>) -> Self {
        Self(self.0.footer(footer))
    }
}

impl Content for OrderUpdate {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn check(&self) -> Result<(), BuildError> {
        self.0.check(&Rules { header: HeaderRule::None, ..Rules::ALL })?;
        self.0.action.parameters.check_order()
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "review_and_pay")]
struct ReviewAndPay {
    parameters: OrderDetails,
}

impl Action for ReviewAndPay {
    const TYPE: &'static str = "order_details";
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename = "review_order")]
struct ReviewOrder {
    parameters: OrderStatus,
}

impl Action for ReviewOrder {
    const TYPE: &'static str = "order_status";
}
