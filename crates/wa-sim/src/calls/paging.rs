use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::{error_style::Refusal, params::Params};

/// A page of what was found, and the ways to the pages around it.
pub(super) struct Page<'a> {
    params: &'a Params,
    found: Vec<String>,
    limit: usize,
    start: usize,
    end: usize,
}

impl<'a> Page<'a> {
    /// The page that the parameters ask for, of 25 items unless they say otherwise.
    pub(super) fn new(params: &'a Params, found: Vec<String>, most: usize) -> Result<Self, Refusal> {
        let limit = Self::limit(params, most)?;
        let place = |name: &str| -> Result<Option<usize>, Refusal> {
            let Some(cursor) = params.text(name)?.filter(|cursor| !cursor.is_empty()) else {
                return Ok(None);
            };
            let place = uncover(cursor).and_then(|id| found.iter().position(|other| *other == id));
            place.map(Some).ok_or_else(|| Refusal::invalid(format!("Invalid cursor in parameter '{name}'")))
        };
        let (start, end) = match (place("after")?, place("before")?) {
            (Some(after), _) => (after + 1, (after + 1 + limit).min(found.len())),
            (None, Some(before)) => (before.saturating_sub(limit), before),
            (None, None) => (0, limit.min(found.len())),
        };
        Ok(Self { params, limit, start: start.min(end), end, found })
    }

    /// How many items a page has at most.
    pub(super) fn limit(params: &Params, most: usize) -> Result<usize, Refusal> {
        let limit = params.integer("limit")?.unwrap_or(25);
        let limit = usize::try_from(limit).ok().filter(|limit| (1..=most).contains(limit));
        limit.ok_or_else(|| Refusal::invalid(format!("Parameter 'limit' must be between 1 and {most}")))
    }

    pub(super) fn ids(&self) -> &[String] {
        &self.found[self.start..self.end]
    }

    /// Adds the cursors and the links to an answer. The links repeat these parameters, and never the token.
    pub(super) fn add_to(&self, answer: &mut Value, base: &str, repeated: &[&str]) -> Result<(), Refusal> {
        let (Some(first), Some(last)) = (self.ids().first(), self.ids().last()) else {
            return Ok(());
        };
        answer["paging"] = json!({"cursors": {"before": cover(first), "after": cover(last)}});
        let mut query = format!("limit={}", self.limit);
        for name in repeated {
            if let Some(text) = self.params.text(name)? {
                query += &format!("&{name}={}", utf8_percent_encode(text, NON_ALPHANUMERIC));
            }
        }
        let link = |name: &str, id: &str| format!("{base}?{query}&{name}={}", cover(id));
        if self.end < self.found.len() {
            answer["paging"]["next"] = link("after", last).into();
        }
        if self.start > 0 {
            answer["paging"]["previous"] = link("before", first).into();
        }
        Ok(())
    }
}

/// A cursor tells nothing: the id is scrambled, and a sum guards it.
fn cover(id: &str) -> String {
    let scrambled: String = id.bytes().map(|byte| char::from(byte.wrapping_add(24))).collect();
    format!("QVFI{scrambled}{:03}", sum(id))
}

fn uncover(cursor: &str) -> Option<String> {
    let (scrambled, guard) = cursor.strip_prefix("QVFI")?.split_at_checked(cursor.len().checked_sub(7)?)?;
    let id: String = scrambled.bytes().map(|byte| char::from(byte.wrapping_sub(24))).collect();
    (guard.parse() == Ok(sum(&id))).then_some(id)
}

fn sum(id: &str) -> u32 {
    id.bytes().fold(7, |sum, byte| (sum * 31 + u32::from(byte)) % 997)
}
