use std::{
    fmt,
    ops::Add,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A moment, in milliseconds since 1970 (UTC). The core has no clock: moments come in as arguments.
///
/// `Timestamp::from(SystemTime::now())` is the present one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The moment so many milliseconds after 1970 began.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// The milliseconds since 1970 began.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// How much later it is than another moment; nothing if it is earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, length: Duration) -> Self {
        Self(self.0.saturating_add(millis(length)))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Self(time.duration_since(UNIX_EPOCH).map_or(0, millis))
    }
}

/// As HTTP writes a moment, such as `Sat, 21 Nov 2026 09:36:52 GMT`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        httpdate::HttpDate::from(UNIX_EPOCH + Duration::from_millis(self.0.min(LAST))).fmt(f)
    }
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

/// The end of the year 9999, the last that HTTP can write.
const LAST: u64 = 253_402_300_799_000;

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 9110, 5.6.7: the example of an HTTP date.
    #[test]
    fn a_moment_is_written_as_http_writes_it() {
        assert_eq!(Timestamp::from_millis(784_111_777_000).to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(Timestamp::from_millis(u64::MAX).to_string(), "Fri, 31 Dec 9999 23:59:59 GMT");
    }

    #[test]
    fn arithmetic_stays_within_bounds() {
        let (early, late) = (Timestamp::from_millis(5), Timestamp::from_millis(u64::MAX));
        assert_eq!(early.since(late), Duration::ZERO);
        assert_eq!(late + Duration::MAX, late);
        assert_eq!(Timestamp::from(UNIX_EPOCH - Duration::from_secs(1)), Timestamp::default());
    }
}
