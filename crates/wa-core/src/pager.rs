use std::collections::BTreeSet;

use wa_types::{Page, Paging};

use crate::{BuildError, Endpoint, Error, Operation};

/// A call that answers a page of a list.
pub trait Paged: Endpoint<Response = Page<Self::Item>> {
    /// What the list holds.
    type Item;

    /// Makes it the call for the page behind this position.
    fn go_to(&mut self, after: String);
}

/// Walks through a list: which page to ask for next, and when to stop.
///
/// Only cursors are used. The service's `next` links are never followed, since they could lead the token elsewhere.
#[derive(Clone, Debug)]
pub struct Pager<E> {
    endpoint: E,
    seen: BTreeSet<String>,
    next: Next,
}

#[derive(Clone, Copy, Debug)]
enum Next {
    Page,
    Complaint(&'static str),
    Nothing,
}

impl<E: Paged> Pager<E> {
    /// Begins at the page that the call asks for.
    pub fn new(endpoint: E) -> Self {
        Self { endpoint, seen: BTreeSet::new(), next: Next::Page }
    }

    /// The call for the next page, until the list has ended.
    ///
    /// # Errors
    ///
    /// The page before says that there is more, but not where, or leads in a circle. Then the walk is over.
    pub fn call(&mut self) -> Option<Result<&E, Error>> {
        match self.next {
            Next::Page => Some(Ok(&self.endpoint)),
            Next::Complaint(reason) => {
                self.next = Next::Nothing;
                let reason = BuildError::new(reason);
                Some(Err(Error::Build { operation: Operation::of::<E>(), reason }))
            }
            Next::Nothing => None,
        }
    }

    /// Goes on behind what the call came to. An error ends the walk.
    pub fn take(&mut self, fetched: &Result<Page<E::Item>, Error>) {
        self.next = match fetched.as_ref().map(|page| next_cursor(page.paging.as_ref())) {
            Ok(Ok(Some(cursor))) if self.seen.insert(cursor.clone()) => {
                self.endpoint.go_to(cursor);
                Next::Page
            }
            Ok(Ok(Some(_))) => Next::Complaint("the service's pages lead in a circle"),
            Ok(Err(reason)) => Next::Complaint(reason),
            Ok(Ok(None)) | Err(_) => Next::Nothing,
        };
    }
}

fn next_cursor(paging: Option<&Paging>) -> Result<Option<String>, &'static str> {
    // The last page has cursors too: only the link tells that there is more.
    let Some((paging, next)) = paging.and_then(|paging| Some((paging, paging.next.as_deref()?))) else {
        return Ok(None);
    };
    let cursor = paging.cursors.as_ref().and_then(|cursors| cursors.after.clone()).or_else(|| after(next));
    match cursor.filter(|cursor| !cursor.is_empty()) {
        Some(cursor) => Ok(Some(cursor)),
        None => Err("the service announces a next page but gives no cursor to it"),
    }
}

fn after(link: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix("after="))?;
    percent_encoding::percent_decode_str(value).decode_utf8().ok().map(Into::into)
}
