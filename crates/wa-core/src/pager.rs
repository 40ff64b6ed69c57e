use std::{collections::BTreeSet, ops::RangeInclusive};

use wa_types::{Page, Paging};

use crate::{BuildError, Endpoint, Error, Operation, Query};

/// A call that answers a page of a list.
pub trait Paged: Endpoint<Response = Page<Self::Item>> {
    /// What the list holds.
    type Item;

    /// Which page it asks for.
    fn cursor(&mut self) -> &mut Cursor;

    /// Asks for so many items a page.
    #[must_use]
    fn limit(mut self, items: u16) -> Self
    where
        Self: Sized,
    {
        self.cursor().limit = Some(items);
        self
    }

    /// Begins behind this position.
    #[must_use]
    fn after(mut self, position: impl Into<String>) -> Self
    where
        Self: Sized,
    {
        *self.cursor() = Cursor { limit: self.cursor().limit, position: Some(Position::After(position.into())) };
        self
    }

    /// Ends before this position.
    #[must_use]
    fn before(mut self, position: impl Into<String>) -> Self
    where
        Self: Sized,
    {
        *self.cursor() = Cursor { limit: self.cursor().limit, position: Some(Position::Before(position.into())) };
        self
    }
}

/// Which page of a list a call asks for: the first one, unless [`Paged`]'s methods say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    limit: Option<u16>,
    position: Option<Position>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Position {
    After(String),
    Before(String),
}

impl Cursor {
    /// Adds the parameters `limit`, `after` and `before`, as far as they are set.
    pub fn write(&self, query: &mut Query) {
        if let Some(limit) = self.limit {
            query.push("limit", limit);
        }
        match &self.position {
            Some(Position::After(position)) => query.push("after", position),
            Some(Position::Before(position)) => query.push("before", position),
            None => {}
        }
    }

    /// Refuses pages that are larger than the service allows.
    ///
    /// # Errors
    ///
    /// The limit is not in this range.
    pub fn check(&self, allowed: RangeInclusive<u16>) -> Result<(), BuildError> {
        match self.limit {
            Some(limit) if !allowed.contains(&limit) => {
                let (least, most) = allowed.into_inner();
                Err(BuildError::new(format!("a page of this list has {least} to {most} items: the limit is {limit}")))
            }
            _ => Ok(()),
        }
    }
}

/// Walks through a list: which page to ask for next, and when to stop.
///
/// Only cursors are used. The service's `next` links are never followed, since they could lead the token elsewhere.
/// The clients have `pages` for it; with an HTTP stack of your own it goes like this:
///
/// ```
/// use http::{Request, Response};
/// use wa_core::{Body, Config, Error, Pager, api::account::ListNumbers, parse, types::PhoneNumber};
///
/// fn all_numbers(
///     config: &Config,
///     list: ListNumbers<'_>,
///     send: impl Fn(Request<Body>) -> Response<Vec<u8>>,
/// ) -> Result<Vec<PhoneNumber>, Error> {
///     let mut numbers = Vec::new();
///     let mut pager = Pager::new(list);
///     while let Some(call) = pager.call() {
///         let response = send(config.request(call?)?);
///         let page = parse::<ListNumbers<'_>>(response);
///         pager.take(&page);
///         numbers.extend(page?.data);
///     }
///     Ok(numbers)
/// }
/// # let account = wa_core::types::WabaId::new("102290129340398")?;
/// # let config = Config::new(wa_core::types::AccessToken::new("EAAJB..")?);
/// # let answers = std::cell::RefCell::new(vec![
/// #     r#"{"data":[{"id":"2"}]}"#,
/// #     r#"{"data":[{"id":"1"}],"paging":{"cursors":{"after":"A"},"next":"https://graph.facebook.com/x"}}"#,
/// # ]);
/// # let numbers = all_numbers(&config, ListNumbers::new(&account), |_| {
/// #     Response::new(answers.borrow_mut().pop().expect("two pages").into())
/// # })?;
/// # assert_eq!(numbers.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

    /// The call where the walk stands: keep a copy to go on later, also after an error.
    pub fn position(&self) -> &E {
        &self.endpoint
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
                Some(Err(Error::Build { operation: Operation::new::<E>(), reason }))
            }
            Next::Nothing => None,
        }
    }

    /// Goes on behind what the call came to. An error ends the walk.
    pub fn take(&mut self, fetched: &Result<Page<E::Item>, Error>) {
        self.next = match fetched.as_ref().map(|page| next_cursor(page.paging.as_ref())) {
            Ok(Ok(Some(_))) if self.seen.len() >= MOST_PAGES => Next::Complaint("the list has more than 100,000 pages"),
            Ok(Ok(Some(cursor))) if self.seen.insert(cursor.clone()) => {
                self.endpoint.cursor().position = Some(Position::After(cursor));
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

/// Ten million numbers in one account are a service that does not stop.
const MOST_PAGES: usize = 100_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{api::account::ListNumbers, testing};

    fn page(paging: &str) -> Result<Page<wa_types::PhoneNumber>, Error> {
        Ok(testing::read::<ListNumbers<'_>>(&format!(r#"{{"data":[],"paging":{paging}}}"#)))
    }

    fn next(pager: &mut Pager<ListNumbers<'_>>) -> Option<Result<String, String>> {
        let call = pager.call()?.map_err(|error| error.to_string());
        Some(call.map(|list| testing::config().request(list).unwrap().uri().path_and_query().unwrap().to_string()))
    }

    #[test]
    fn a_walk_goes_by_cursors_and_ends_without_a_link() {
        let account = testing::account();
        let mut pager = Pager::new(ListNumbers::new(&account).limit(2).before("x"));
        assert_eq!(next(&mut pager).unwrap().unwrap(), "/v23.0/102290129340398/phone_numbers?limit=2&before=x");
        // The link leads elsewhere: only its being there counts.
        pager.take(&page(r#"{"cursors":{"after":"A="},"next":"https://evil.example/steal?after=B"}"#));
        assert_eq!(next(&mut pager).unwrap().unwrap(), "/v23.0/102290129340398/phone_numbers?limit=2&after=A%3D");
        pager.take(&page(r#"{"next":"https://graph.facebook.com/v23.0/1/phone_numbers?limit=2&after=C%3D"}"#));
        assert_eq!(next(&mut pager).unwrap().unwrap(), "/v23.0/102290129340398/phone_numbers?limit=2&after=C%3D");
        pager.take(&page(r#"{"cursors":{"before":"Y","after":"Z"}}"#));
        assert!(next(&mut pager).is_none());
    }

    #[test]
    fn a_walk_in_a_circle_ends_with_a_complaint() {
        let account = testing::account();
        let mut pager = Pager::new(ListNumbers::new(&account));
        for cursor in ["A", "B", "A"] {
            assert!(next(&mut pager).unwrap().is_ok());
            pager.take(&page(&format!(r#"{{"cursors":{{"after":"{cursor}"}},"next":"x"}}"#)));
        }
        assert_eq!(
            next(&mut pager).unwrap().unwrap_err(),
            "account.list_numbers: the service's pages lead in a circle"
        );
        assert!(next(&mut pager).is_none());
    }

    #[test]
    fn a_walk_without_end_is_ended() {
        let account = testing::account();
        let mut pager = Pager::new(ListNumbers::new(&account));
        let mut fetched = page(r#"{"cursors":{"after":""},"next":"x"}"#).unwrap();
        let mut pages = 0;
        let complaint = loop {
            match pager.call().unwrap() {
                Ok(_) => pages += 1,
                Err(error) => break error.to_string(),
            }
            assert!(pages <= 100_001, "it goes on");
            let cursors = fetched.paging.as_mut().and_then(|paging| paging.cursors.as_mut());
            cursors.unwrap().after = Some(pages.to_string());
            pager.take(&Ok(fetched.clone()));
        };
        assert_eq!(complaint, "account.list_numbers: the list has more than 100,000 pages");
        assert!(pager.call().is_none());
    }

    #[test]
    fn a_link_without_a_cursor_is_a_complaint_and_an_error_is_the_end() {
        let account = testing::account();
        for paging in [r#"{"next":"x"}"#, r#"{"next":"x?before=1"}"#, r#"{"next":"x?after=","cursors":{}}"#] {
            let mut pager = Pager::new(ListNumbers::new(&account));
            pager.take(&page(paging));
            assert!(next(&mut pager).unwrap().unwrap_err().contains("gives no cursor"), "{paging}");
        }
        let mut pager = Pager::new(ListNumbers::new(&account));
        let reason = BuildError::new("wrong");
        pager.take(&Err(Error::Build { operation: Operation::new::<ListNumbers<'_>>(), reason }));
        assert!(next(&mut pager).is_none());
    }
}
