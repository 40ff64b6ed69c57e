use wa_types::Timestamp;

use crate::{BuildError, Query};

/// The days that are read about: at most 90, none longer ago than that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period(Days);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Days {
    Utc(Timestamp, Timestamp),
    OfAccount(String, String),
}

impl Period {
    /// The days in UTC that these moments lie in.
    #[must_use]
    pub fn utc(start: Timestamp, end: Timestamp) -> Self {
        Self(Days::Utc(start, end))
    }

    /// The days from this one to that, such as `2026-11-21`, as they are where the account is.
    #[must_use]
    pub fn of_account(start: impl Into<String>, end: impl Into<String>) -> Self {
        Self(Days::OfAccount(start.into(), end.into()))
    }

    pub(super) fn write(&self, query: &mut Query) {
        match &self.0 {
            Days::Utc(start, end) => {
                query.push("start", start.as_millis() / 1_000);
                query.push("end", end.as_millis() / 1_000);
            }
            Days::OfAccount(start, end) => {
                query.push("start", start);
                query.push("end", end);
                query.push("use_waba_timezone", true);
            }
        }
    }

    pub(super) fn check(&self) -> Result<(), BuildError> {
        let (is_ordered, is_short) = match &self.0 {
            Days::Utc(start, end) => (start <= end, end.since(*start).as_secs() <= LONGEST),
            Days::OfAccount(start, end) if is_date(start) && is_date(end) => (start <= end, true),
            Days::OfAccount(..) => return Err(BuildError::new("a day is written as 2026-11-21")),
        };
        match (is_ordered, is_short) {
            (true, true) => Ok(()),
            (false, _) => Err(BuildError::new("the period ends before it starts")),
            (true, false) => Err(BuildError::new("a period has 90 days at most")),
        }
    }
}

fn is_date(text: &str) -> bool {
    let is_form =
        |(index, byte): (usize, u8)| if matches!(index, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(is_form)
}

pub(super) const LONGEST: u64 = 90 * 86_400;
