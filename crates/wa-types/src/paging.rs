use serde::{Deserialize, Serialize};

use crate::{lenient::FromWire, model};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// Where the page lies in the list.
    #[serde(default, deserialize_with = "FromWire::from_wire")]
    pub paging: Option<Paging>,
}

model! {
    /// Where a page lies in its list.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Paging {
        /// Positions to go on from. They are present on the last page too: only `next` tells whether there is more.
        pub cursors: Option<Cursors>,
        /// The address of the page before, if there is one.
        pub previous: Option<String>,
        /// The address of the next page, if there is one. It is a sign, not a link to follow.
        pub next: Option<String>,
    }
}

model! {
    /// Positions in a list.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    #[non_exhaustive]
    pub struct Cursors {
        /// The page's start.
        pub before: Option<String>,
        /// The page's end.
        pub after: Option<String>,
    }
}
