use std::{
    ops::Add,
    time::{Duration, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

/// A moment of the virtual clock: milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(u64);

impl Time {
    /// When a scenario begins that does not say when: in June 2025.
    pub const START: Self = Self(1_750_000_000_000);

    /// This many milliseconds after 1970 began.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// The milliseconds since 1970 began.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The whole seconds since 1970 began.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000
    }

    /// How much later it is than another moment; nothing if it is not.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// The moment as Meta writes it, such as `2025-07-23T10:21:25+0000`.
    #[must_use]
    pub fn to_text(self) -> String {
        let (days, seconds) = (self.as_secs() / 86_400, self.as_secs() % 86_400);
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+0000")
    }
}

impl Time {
    /// As HTTP writes it.
    pub(crate) fn to_http(self) -> String {
        let last = 253_402_300_799_000; // the end of the year 9999
        httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(self.0.min(last)))
    }

    /// The day as Meta writes it in prose, such as `April 17, 2025`.
    pub(crate) fn to_prose(self) -> String {
        let (year, month, day) = civil(self.as_secs() / 86_400);
        format!("{} {day}, {year}", MONTHS[month as usize - 1])
    }
}

impl Add<Duration> for Time {
    type Output = Self;

    fn add(self, length: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(length.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// Days since 1970 as a date of the Gregorian calendar, counted in years that begin in March.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (year + era * 400 + u64::from(month <= 2), month, day)
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_meta_writes_it() {
        assert_eq!(Time::from_millis(0).to_text(), "1970-01-01T00:00:00+0000");
        assert_eq!(Time::from_millis(1_753_266_085_999).to_text(), "2025-07-23T10:21:25+0000");
        assert_eq!(Time::from_millis(1_744_848_000_000).to_prose(), "April 17, 2025");
        assert_eq!(Time::from_millis(951_782_400_000).to_text(), "2000-02-29T00:00:00+0000");
    }
}
