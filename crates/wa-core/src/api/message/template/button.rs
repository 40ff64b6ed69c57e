use serde::{Deserialize, Serialize};

use crate::{
    BuildError,
    api::message::{
        OrderDetails, ProductSection,
        data::Data,
        interactive::{check_minutes, check_sections},
        limit::{length, optional_length, present},
        words::Words,
    },
};

/// What a button of a template needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateButton {
    sub_type: SubType,
    parameters: Vec<Value>,
}

impl TemplateButton {
    /// The end of the address that a button opens, in place of its variable.
    #[must_use]
    pub fn url(suffix: impl Into<String>) -> Self {
        Self::new(SubType::Url, Value::Text { text: suffix.into().into() })
    }

    /// What comes back by webhook when somebody answers with the button.
    #[must_use]
    pub fn quick_reply(payload: impl Into<String>) -> Self {
        Self::new(SubType::QuickReply, Value::Payload { payload: payload.into().into() })
    }

    /// The code that a button copies: at most 20 letters and digits.
    #[must_use]
    pub fn coupon_code(code: impl Into<String>) -> Self {
        Self::new(SubType::CopyCode, Value::CouponCode { coupon_code: code.into().into() })
    }

    /// A button that opens the template's flow.
    #[must_use]
    pub fn flow() -> Self {
        Self::new(SubType::Flow, Value::Action { action: Action::default() })
    }

    /// Tells this use of a [flow](Self::flow) from others. It comes back with what the person filled in.
    #[must_use]
    pub fn flow_token(self, token: impl Into<String>) -> Self {
        self.with(|action| action.flow_token = Some(token.into().into()))
    }

    /// Gives the first screen of a [flow](Self::flow) this data: a struct or a map with at least one member.
    #[must_use]
    pub fn flow_data(self, data: &impl Serialize) -> Self {
        self.with(|action| action.flow_action_data = Some(Data::new(data)))
    }

    /// A button that opens the catalog.
    #[must_use]
    pub fn catalog() -> Self {
        Self::new(SubType::Catalog, Value::Action { action: Action::default() })
    }

    /// A button that opens 1 to 10 sections with 30 products of the catalog in all.
    #[must_use]
    pub fn products(sections: impl IntoIterator<Item = ProductSection>) -> Self {
        let action = Action { sections: Some(sections.into_iter().collect()), ..Action::default() };
        Self::new(SubType::Mpm, Value::Action { action })
    }

    /// Shows the picture of this product with a [catalog](Self::catalog) or [products](Self::products), by the id that the
    /// seller gave it.
    #[must_use]
    pub fn thumbnail(self, product: impl Into<String>) -> Self {
        self.with(|action| action.thumbnail_product_retailer_id = Some(product.into().into()))
    }

    /// A button that shows an order and asks for its payment.
    #[must_use]
    pub fn order_details(order: OrderDetails) -> Self {
        let action = Action { order_details: Some(Box::new(order)), ..Action::default() };
        Self::new(SubType::OrderDetails, Value::Action { action })
    }

    /// A button that calls this number on WhatsApp, for 1 to 43,200 minutes.
    #[must_use]
    pub fn voice_call(ttl_minutes: u32) -> Self {
        Self::new(SubType::VoiceCall, Value::TtlMinutes { ttl_minutes })
    }

    /// Has the service repeat this text, of at most 512 characters, in the webhooks of a [call](Self::voice_call).
    #[must_use]
    pub fn call_payload(mut self, payload: impl Into<String>) -> Self {
        self.parameters.push(Value::Payload { payload: payload.into().into() });
        self
    }

    /// Meta's page sends the button to call without an index.
    pub(super) fn has_index(&self) -> bool {
        self.sub_type != SubType::VoiceCall
    }

    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.sub_type == other.sub_type
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        if self.parameters.is_empty() {
            return Err(BuildError::new("a button of a template is given something, or left out"));
        }
        self.parameters.iter().try_for_each(|parameter| match (self.sub_type, parameter) {
            (SubType::Url, Value::Text { text }) => present("the end of an address", text),
            (SubType::QuickReply, Value::Payload { payload }) => present("the payload of a button", payload),
            (SubType::CopyCode, Value::CouponCode { coupon_code }) => check_coupon(coupon_code),
            (SubType::VoiceCall, Value::TtlMinutes { ttl_minutes }) => check_minutes(*ttl_minutes),
            (SubType::VoiceCall, Value::Payload { payload }) => {
                optional_length("the payload of a call", 512, Some(payload))
            }
            (SubType::Mpm, Value::Action { action }) if action.sections.is_none() => {
                Err(BuildError::new("a button that opens products is given sections of them"))
            }
            (SubType::OrderDetails, Value::Action { action }) if action.order_details.is_none() => {
                Err(BuildError::new("a button that shows an order is given the order"))
            }
            (SubType::Flow | SubType::Catalog | SubType::Mpm | SubType::OrderDetails, Value::Action { action }) => {
                action.check()
            }
            _ => Err(BuildError::new("a button of a template is given what is not for such a button")),
        })
    }

    fn new(sub_type: SubType, parameter: Value) -> Self {
        Self { sub_type, parameters: vec![parameter] }
    }

    /// Changes the action. A button without one is given one, which `check` refuses.
    fn with(mut self, change: impl FnOnce(&mut Action)) -> Self {
        if !matches!(self.parameters.last(), Some(Value::Action { .. })) {
            self.parameters.push(Value::Action { action: Action::default() });
        }
        if let Some(Value::Action { action }) = self.parameters.last_mut() {
            change(action);
        }
        self
    }
}

fn check_coupon(code: &str) -> Result<(), BuildError> {
    // 15 characters on older pages, 20 on newer ones.
    length("the code of a coupon", 1..=20, code)?;
    if !code.chars().all(char::is_alphanumeric) {
        return Err(BuildError::new("the code of a coupon has letters and digits only"));
    }
    Ok(())
}

// The words that Meta's samples write in capitals are read in both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SubType {
    #[serde(alias = "QUICK_REPLY")]
    QuickReply,
    #[serde(alias = "URL")]
    Url,
    #[serde(alias = "COPY_CODE")]
    CopyCode,
    #[serde(alias = "FLOW")]
    Flow,
    #[serde(alias = "CATALOG")]
    Catalog,
    #[serde(alias = "MPM")]
    Mpm,
    #[serde(alias = "ORDER_DETAILS")]
    OrderDetails,
    #[serde(alias = "VOICE_CALL")]
    VoiceCall,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Value {
    Text { text: Words },
    Payload { payload: Words },
    CouponCode { coupon_code: Words },
    TtlMinutes { ttl_minutes: u32 },
    Action { action: Action },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Action {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flow_token: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    flow_action_data: Option<Data>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thumbnail_product_retailer_id: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sections: Option<Vec<ProductSection>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order_details: Option<Box<OrderDetails>>,
}

impl Action {
    fn check(&self) -> Result<(), BuildError> {
        self.flow_action_data.as_ref().map_or(Ok(()), |data| data.check("the data of a flow's screen"))?;
        self.sections.as_deref().map_or(Ok(()), check_sections)?;
        self.order_details.as_ref().map_or(Ok(()), |order| order.check_order())
    }
}
