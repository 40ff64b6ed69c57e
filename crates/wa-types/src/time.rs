use std::{
    fmt,
    ops::Add,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde::{Deserializer, Serialize, Serializer};

use crate::lenient::FromWire;

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

    /// The moment so many seconds after 1970 began, which is how the service writes moments.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000))
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

/// Seconds since 1970, as a number or as text.
impl FromWire for Timestamp {
    fn from_wire<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(i64::from_wire(deserializer)?.and_then(|seconds| u64::try_from(seconds).ok()).map(Self::from_secs))
    }
}

/// Writes a member of a webhook as the service does. It is no `Serialize`, since it leaves milliseconds out.
pub(crate) fn as_seconds<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.0 / 1_000).serialize(serializer)
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
    use crate::lenient::Read;

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

    #[test]
    fn the_service_writes_seconds_as_a_number_or_as_text() {
        let read = |json: &str| serde_json::from_str::<Read<Timestamp>>(json).unwrap().0;
        for json in ["1739321024", "\"1739321024\"", "1739321024.0"] {
            assert_eq!(read(json), Some(Timestamp::from_millis(1_739_321_024_000)), "{json}");
        }
        for json in ["-1", "null", "\"soon\"", "{}", "1.5"] {
            assert_eq!(read(json), None, "{json}");
        }
        let time = Some(Timestamp::from_millis(1_739_321_024_999));
        assert_eq!(as_seconds(&time, serde_json::value::Serializer).unwrap(), 1_739_321_024);
        assert!(as_seconds(&None, serde_json::value::Serializer).unwrap().is_null());
        assert_eq!(Timestamp::from_secs(u64::MAX).as_millis(), u64::MAX);
    }
}
