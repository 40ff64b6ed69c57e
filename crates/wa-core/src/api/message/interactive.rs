//! Messages with something to tap: a type for each, and [`Interactive`] where it is decided at run time which.

mod address;
mod buttons;
mod call;
mod carousel;
mod commerce;
mod cta_url;
mod flow;
mod frame;
mod list;
mod order;
mod request;

use serde::{Deserialize, Serialize, Serializer};

use super::Content;
use crate::BuildError;

pub(super) use call::check_minutes;
pub(super) use commerce::{ShowProduct, check_sections};

pub use address::{AddressRequest, SavedAddress};
pub use buttons::{Button, Buttons};
pub use call::{CallButton, CallPermissionRequest};
pub use carousel::{Card, Carousel};
pub use commerce::{Catalog, Product, ProductList, ProductSection};
pub use cta_url::CtaUrl;
pub use flow::Flow;
pub use frame::Header;
pub use list::{List, Row, Section};
pub use order::{OrderRequest, OrderUpdate};
pub use request::{ContactInfoRequest, LocationRequest};

/// Makes the enum of all interactive messages.
macro_rules! interactive {
    ($($kind:ident = $word:literal),+ $(,)?) => {
        /// An interactive message of a kind that is decided at run time.
        #[derive(Clone, Debug, PartialEq, Deserialize)]
        #[serde(tag = "type")]
        #[non_exhaustive]
        pub enum Interactive {$(
            #[doc = concat!("`", $word, "`")]
            #[serde(rename = $word)]
            $kind($kind),
        )+}

        impl Serialize for Interactive {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    // Each writes its own type.
                    $(Self::$kind(content) => content.serialize(serializer),)+
                }
            }
        }

        impl Content for Interactive {
            fn kind(&self) -> &'static str {
                KIND
            }

            fn check(&self) -> Result<(), BuildError> {
                match self {
                    $(Self::$kind(content) => content.check(),)+
                }
            }
        }

        $(impl From<$kind> for Interactive {
            fn from(content: $kind) -> Self {
                Self::$kind(content)
            }
        }

        impl From<$kind> for super::AnyContent {
            fn from(content: $kind) -> Self {
                Self::Interactive(content.into())
            }
        })+
    };
}

interactive! {
    AddressRequest = "address_message",
    Buttons = "button",
    CallButton = "voice_call",
    CallPermissionRequest = "call_permission_request",
    Carousel = "carousel",
    Catalog = "catalog_message",
    ContactInfoRequest = "request_contact_info",
    CtaUrl = "cta_url",
    Flow = "flow",
    List = "list",
    LocationRequest = "location_request_message",
    OrderRequest = "order_details",
    OrderUpdate = "order_status",
    Product = "product",
    ProductList = "product_list",
}

pub(super) const KIND: &str = "interactive";
