//! Orders that are paid on WhatsApp, in a message of their own or by a button of a template.

use serde::{Deserialize, Serialize};

use super::{
    data::Data,
    limit::{length, optional_length, present},
    words::{Words, optional_texts},
};
use crate::BuildError;

/// An order and how it can be paid.
///
/// All amounts are in hundredths of the currency, such as paise.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/payments/payments-in/orderdetailstemplate)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderDetails {
    reference_id: Words,
    r#type: Goods,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment_type: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payment_configuration: Option<Words>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    payment_settings: Vec<Data>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shipping_info: Option<Data>,
    currency: Words,
    total_amount: Amount,
    order: Order,
}

impl OrderDetails {
    /// An order under an id of your own, which no other order has had, of at most 35 letters, digits, `_`, `-` and `.`.
    #[must_use]
    pub fn new(
        reference_id: impl Into<String>,
        goods: Goods,
        currency: impl Into<String>,
        items: impl IntoIterator<Item = OrderItem>,
    ) -> Self {
        let items: Vec<OrderItem> = items.into_iter().collect();
        let subtotal = Amount::new(items.iter().map(OrderItem::total).fold(0, u64::saturating_add));
        Self {
            reference_id: reference_id.into().into(),
            r#type: goods,
            payment_type: None,
            payment_configuration: None,
            payment_settings: Vec::new(),
            shipping_info: None,
            currency: currency.into().into(),
            total_amount: subtotal,
            order: Order { status: Pending::Pending, items, subtotal, tax: None, shipping: None, discount: None },
        }
    }

    /// Adds tax to the total.
    #[must_use]
    pub fn tax(mut self, hundredths: u64) -> Self {
        self.order.tax = Some(Charge::new(hundredths));
        self.with_total()
    }

    /// Adds the price of the shipping to the total.
    #[must_use]
    pub fn shipping(mut self, hundredths: u64) -> Self {
        self.order.shipping = Some(Charge::new(hundredths));
        self.with_total()
    }

    /// Takes a discount off the total.
    #[must_use]
    pub fn discount(mut self, hundredths: u64) -> Self {
        self.order.discount = Some(Charge::new(hundredths));
        self.with_total()
    }

    /// Adds a way to pay, as Meta's page for the country has it: a struct or a map with `type` and the member it names.
    #[must_use]
    pub fn payment_setting(mut self, setting: &impl Serialize) -> Self {
        self.payment_settings.push(Data::new(setting));
        self
    }

    /// Sets where the goods go, as Meta's page for the country has it: a struct or a map with `country` and `addresses`.
    #[must_use]
    pub fn shipping_info(mut self, info: &impl Serialize) -> Self {
        self.shipping_info = Some(Data::new(info));
        self
    }

    optional_texts! {
        /// How the order is paid, such as `upi` or `br`.
        payment_type,
        /// The name of the account's configuration for payments.
        payment_configuration,
    }

    pub(super) fn check_order(&self) -> Result<(), BuildError> {
        length("the reference of an order", 1..=35, &self.reference_id)?;
        let is_fit = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
        if !self.reference_id.chars().all(is_fit) {
            return Err(BuildError::new("the reference of an order has letters, digits, _, - and . only"));
        }
        length("the code of a currency", 3..=3, &self.currency)?;
        self.payment_settings.iter().try_for_each(|setting| setting.check("a way to pay"))?;
        self.shipping_info.as_ref().map_or(Ok(()), |info| info.check("where the goods go"))?;
        self.order.items.iter().try_for_each(|item| present("the name of an item", &item.name))?;
        if self.order.discounted().is_none() {
            return Err(BuildError::new("a discount is not larger than the total it is taken off"));
        }
        Ok(())
    }

    fn with_total(mut self) -> Self {
        self.total_amount = Amount::new(self.order.discounted().unwrap_or_default());
        self
    }
}

/// What is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Goods {
    /// Something to use or to download.
    DigitalGoods,
    /// Something that is shipped.
    PhysicalGoods,
}

/// An item of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderItem {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retailer_id: Option<Words>,
    name: Words,
    amount: Amount,
    quantity: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sale_amount: Option<Amount>,
}

impl OrderItem {
    /// So many of something at this price each.
    #[must_use]
    pub fn new(name: impl Into<String>, hundredths: u64, quantity: u64) -> Self {
        let amount = Amount::new(hundredths);
        Self { retailer_id: None, name: name.into().into(), amount, quantity, sale_amount: None }
    }

    /// What each costs now.
    #[must_use]
    pub fn sale(mut self, hundredths: u64) -> Self {
        self.sale_amount = Some(Amount::new(hundredths));
        self
    }

    optional_texts! {
        /// The id that the seller gave the product.
        retailer_id,
    }

    fn total(&self) -> u64 {
        self.sale_amount.unwrap_or(self.amount).value.saturating_mul(self.quantity)
    }
}

/// What has become of an order.
///
/// [Meta's page](https://developers.facebook.com/documentation/business-messaging/whatsapp/payments/payments-in/orderstatustemplate)
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderStatus {
    reference_id: Words,
    order: Progress,
}

impl OrderStatus {
    /// The status of the order with this reference: `pending`, `processing`, `partially_shipped`, `shipped`, `completed` or
    /// `canceled`.
    #[must_use]
    pub fn new(reference_id: impl Into<String>, status: impl Into<String>) -> Self {
        let order = Progress { status: status.into(), description: None };
        Self { reference_id: reference_id.into().into(), order }
    }

    /// Says more about it, in at most 120 characters.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.order.description = Some(text.into().into());
        self
    }

    pub(super) fn check_order(&self) -> Result<(), BuildError> {
        present("the reference of an order", &self.reference_id)?;
        // Meta's pages write one of the words in two ways, so the service decides which exist.
        present("the status of an order", &self.order.status)?;
        optional_length("the description of an order's status", 120, self.order.description.as_deref())
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Progress {
    status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Words>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    status: Pending,
    items: Vec<OrderItem>,
    subtotal: Amount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tax: Option<Charge>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shipping: Option<Charge>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discount: Option<Charge>,
}

impl Order {
    /// The total, or nothing if the discount is larger.
    fn discounted(&self) -> Option<u64> {
        let value = |charge: &Option<Charge>| charge.as_ref().map_or(0, |charge| charge.value);
        let sum = self.subtotal.value.saturating_add(value(&self.tax)).saturating_add(value(&self.shipping));
        sum.checked_sub(value(&self.discount))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Pending {
    Pending,
}

/// An amount in parts of the currency, and how many of them make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Amount {
    value: u64,
    offset: u64,
}

impl Amount {
    fn new(value: u64) -> Self {
        Self { value, offset: HUNDREDTHS }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Charge {
    value: u64,
    offset: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discount_program_name: Option<Words>,
}

impl Charge {
    fn new(value: u64) -> Self {
        Self { value, offset: HUNDREDTHS, description: None, discount_program_name: None }
    }
}

/// Meta allows no other offset.
const HUNDREDTHS: u64 = 100;
