use serde::{Deserialize, Serialize};

use crate::{
    BuildError,
    api::message::{
        Content, Document, Image, Location, Video,
        interactive::ShowProduct,
        limit::{length, present},
        words::Words,
    },
};

/// What stands in place of a variable of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    #[serde(flatten)]
    value: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parameter_name: Option<String>,
}

impl Parameter {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Value::Text { text: text.into().into() })
    }

    /// An amount of money in thousandths, such as 100990 for $100.99, the currency's code of three letters, and how it is
    /// written where it cannot be written in the person's own way.
    #[must_use]
    pub fn currency(amount_1000: i64, code: impl Into<String>, fallback: impl Into<String>) -> Self {
        let currency = Currency { fallback_value: fallback.into().into(), code: code.into().into(), amount_1000 };
        Self::new(Value::Currency { currency })
    }

    /// A date or a time, as it is to be shown.
    #[must_use]
    pub fn date_time(text: impl Into<String>) -> Self {
        Self::new(Value::DateTime { date_time: DateTime { fallback_value: text.into().into() } })
    }

    /// A video without sound that repeats: MP4 of at most 3.5 MB, for a header of a marketing message.
    #[must_use]
    pub fn gif(gif: Video) -> Self {
        Self::new(Value::Gif { gif })
    }

    /// The product that the seller gave this id, in the catalog of this id, for a header.
    #[must_use]
    pub fn product(catalog: impl Into<String>, product: impl Into<String>) -> Self {
        let product = ShowProduct { product_retailer_id: product.into().into(), catalog_id: catalog.into().into() };
        Self::new(Value::Product { product })
    }

    /// Names the variable, where those of the template have names instead of numbers.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.parameter_name = Some(name.into());
        self
    }

    pub(super) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(&self.value) == std::mem::discriminant(&other.value)
    }

    pub(super) fn check_header(&self) -> Result<(), BuildError> {
        let has_caption = match &self.value {
            Value::Text { text } => return length("the text of a parameter", 1..=LONGEST_TEXT, text),
            Value::Image { image } => image.check().map(|()| image.caption.is_some())?,
            Value::Video { video } | Value::Gif { gif: video } => video.check().map(|()| video.caption.is_some())?,
            Value::Document { document } => document.check().map(|()| document.caption.is_some())?,
            Value::Location { location } => return location.check(),
            Value::Product { product } => return product.check(),
            Value::Currency { .. } | Value::DateTime { .. } => {
                return Err(BuildError::new("a currency and a date stand in the body of a template only"));
            }
        };
        if has_caption {
            return Err(BuildError::new("a file in the header of a template has no caption"));
        }
        Ok(())
    }

    fn check_body(&self) -> Result<(), BuildError> {
        match &self.value {
            Value::Text { text } => length("the text of a parameter", 1..=LONGEST_TEXT, text),
            Value::Currency { currency } => {
                length("the code of a currency", 3..=3, &currency.code)?;
                present("the fallback of a currency", &currency.fallback_value)
            }
            Value::DateTime { date_time } => present("the text of a date", &date_time.fallback_value),
            _ => Err(BuildError::new("the body of a template takes texts, currencies and dates only")),
        }
    }

    fn new(value: Value) -> Self {
        Self { value, parameter_name: None }
    }
}

/// Checks the parameters of a body.
pub(super) fn check_body(parameters: &[Parameter]) -> Result<(), BuildError> {
    let named = parameters.iter().filter(|parameter| parameter.parameter_name.is_some()).count();
    if named != 0 && named != parameters.len() {
        return Err(BuildError::new("either all variables of a template have names or none has: name the others too"));
    }
    parameters.iter().try_for_each(Parameter::check_body)
}

impl From<&str> for Parameter {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Parameter {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Image> for Parameter {
    fn from(image: Image) -> Self {
        Self::new(Value::Image { image })
    }
}

impl From<Video> for Parameter {
    fn from(video: Video) -> Self {
        Self::new(Value::Video { video })
    }
}

impl From<Document> for Parameter {
    fn from(document: Document) -> Self {
        Self::new(Value::Document { document })
    }
}

impl From<Location> for Parameter {
    fn from(location: Location) -> Self {
        Self::new(Value::Location { location })
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Value {
    Text { text: Words },
    Currency { currency: Currency },
    DateTime { date_time: DateTime },
    Image { image: Image },
    Video { video: Video },
    Gif { gif: Video },
    Document { document: Document },
    Location { location: Location },
    Product { product: ShowProduct },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Currency {
    fallback_value: Words,
    code: Words,
    amount_1000: i64,
}

// Meta's API description: the Cloud API shows the fallback always, so the parts of the date are not sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct DateTime {
    fallback_value: Words,
}

/// Meta's API description. How long the whole may be depends on the template: the service refuses with code 132005.
const LONGEST_TEXT: usize = 32_768;
