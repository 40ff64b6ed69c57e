use serde::{Deserialize, Serialize};

use crate::flexible;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// Where the page lies in the list.
    #[serde(default, deserialize_with = "flexible::object")]
    pub paging: Option<Paging>,
}

/// Where a page lies in its list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Paging {
    /// Positions to go on from. They are present on the last page too: only `next` tells whether there is more.
    #[serde(default, deserialize_with = "flexible::object")]
    pub cursors: Option<Cursors>,
    /// The address of the page before, if there is one.
    #[serde(default, deserialize_with = "flexible::text")]
    pub previous: Option<String>,
    /// The address of the next page, if there is one. It is a sign, not a link to follow.
    #[serde(default, deserialize_with = "flexible::text")]
    pub next: Option<String>,
}

/// Positions in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cursors {
    /// The page's start.
    #[serde(default, deserialize_with = "flexible::text")]
    pub before: Option<String>,
    /// The page's end.
    #[serde(default, deserialize_with = "flexible::text")]
    pub after: Option<String>,
}
