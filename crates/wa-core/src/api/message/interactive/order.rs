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
        Self(Frame::new(ReviewAndPay { parameters: Box::new(order) }).body(body))
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
    // Boxed, since it is several times larger than what any other kind holds.
    parameters: Box<OrderDetails>,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::message::{
        Goods, OrderItem,
        testing::{WITH_PARAMETERS, refusal, sends_although},
    };

    // Meta's API description v23.0, sendMessage, "Send Order Details Message", without the optional texts.
    #[test]
    fn an_order_is_written_as_documented() {
        let bread = OrderItem::new("bread", 1_500, 1).retailer_id("1234567").sale(1_000);
        let order = OrderDetails::new("unique-reference-id", Goods::DigitalGoods, "INR", [bread])
            .tax(100)
            .shipping(100)
            .discount(100)
            .payment_type("upi")
            .payment_configuration("my-payment-config-name");
        let image = Image::link("https://upload.wikimedia.org/Home_made_sour_dough_bread.jpg");
        sends_although(
            WITH_PARAMETERS,
            &OrderRequest::new("your-text-body-content", order).image(image).footer("your-text-footer-content"),
            r#"{"type": "order_details",
                "header": {"type": "image", "image": {"link": "https://upload.wikimedia.org/Home_made_sour_dough_bread.jpg"}},
                "body": {"text": "your-text-body-content"}, "footer": {"text": "your-text-footer-content"},
                "action": {"name": "review_and_pay", "parameters": {
                    "currency": "INR", "payment_configuration": "my-payment-config-name", "payment_type": "upi",
                    "reference_id": "unique-reference-id", "total_amount": {"offset": 100, "value": 1100},
                    "type": "digital-goods",
                    "order": {"status": "pending", "subtotal": {"offset": 100, "value": 1000},
                        "tax": {"offset": 100, "value": 100}, "shipping": {"offset": 100, "value": 100},
                        "discount": {"offset": 100, "value": 100},
                        "items": [{"amount": {"offset": 100, "value": 1500}, "name": "bread", "quantity": 1,
                            "retailer_id": "1234567", "sale_amount": {"offset": 100, "value": 1000}}]}}}}"#,
        );
    }

    // Meta's API description v23.0, sendMessage, "Send Order Status Message".
    #[test]
    fn a_status_is_written_as_documented() {
        let status =
            OrderStatus::new("unique-reference-id-from-order-details-msg", "processing").description("optional-text");
        sends_although(
            WITH_PARAMETERS,
            &OrderUpdate::new("your-text-body-content", status),
            r#"{"type": "order_status", "body": {"text": "your-text-body-content"},
                "action": {"name": "review_order", "parameters": {
                    "reference_id": "unique-reference-id-from-order-details-msg",
                    "order": {"status": "processing", "description": "optional-text"}}}}"#,
        );
    }

    #[test]
    fn an_order_is_checked() {
        let order = |reference: &str| {
            OrderDetails::new(reference, Goods::PhysicalGoods, "INR", [OrderItem::new("bread", 5, 2)])
        };
        let refused = |order: OrderDetails| refusal(&OrderRequest::new("Body", order));
        assert!(refused(order("a b")).contains("letters, digits"));
        assert!(refused(order(&"x".repeat(36))).contains("1 to 35"));
        assert!(refused(order("a").discount(11)).contains("not larger than the total"));
        assert!(refused(order("a").payment_setting(&7)).contains("a way to pay is a JSON object"));
        assert!(OrderRequest::new("Body", order("a").discount(10)).check().is_ok());
        assert!(refusal(&OrderUpdate::new("Body", OrderStatus::new("a", ""))).contains("the status of an order"));
    }
}
