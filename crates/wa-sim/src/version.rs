//! Which versions of the API exist, and which of them serve a request.

use crate::{Rules, Time};

/// The oldest and the newest version that ever answered calls of a number.
pub(crate) const FIRST: u16 = 13;
pub(crate) const NEWEST: u16 = 26;

/// The version that answers a request to another; nothing if there never was one like it.
///
/// Meta's page on versions: an ended version is served as the oldest one that lives.
pub(crate) fn serving(asked: u16, rules: &Rules, now: Time) -> Option<u16> {
    let ended = ENDS.iter().take_while(|(_, end)| *end <= now).map(|(version, _)| version + 1).last();
    let oldest = rules.oldest_version.max(ended.unwrap_or(FIRST)).min(NEWEST);
    (FIRST..=NEWEST).contains(&asked).then(|| asked.max(oldest))
}

/// When versions end, as Meta's page had it after July 2026.
const ENDS: &[(u16, Time)] = &[
    (20, Time::from_millis(1_790_208_000_000)), // 24 September 2026
    (21, Time::from_millis(1_800_489_600_000)), // 21 January 2027
    (22, Time::from_millis(1_810_771_200_000)), // 20 May 2027
    (23, Time::from_millis(1_822_953_600_000)), // 8 October 2027
    (24, Time::from_millis(1_834_444_800_000)), // 18 February 2028
    (25, Time::from_millis(1_848_441_600_000)), // 29 July 2028
];

#[cfg(test)]
mod tests {
    use super::*;

    // Meta's page on versions, after July 2026.
    #[test]
    fn an_ended_version_is_served_as_the_oldest_that_lives() {
        let rules = Rules { oldest_version: FIRST, ..Rules::default() };
        for ((version, end), date) in ENDS.iter().zip([
            "September 24, 2026",
            "January 21, 2027",
            "May 20, 2027",
            "October 8, 2027",
            "February 18, 2028",
            "July 29, 2028",
        ]) {
            assert_eq!(end.to_prose(), date);
            let before = Time::from_millis(end.as_millis() - 1);
            assert_eq!(serving(*version, &rules, before), Some(*version));
            assert_eq!(serving(*version, &rules, *end), Some(version + 1));
            assert_eq!(serving(FIRST, &rules, *end), Some(version + 1));
        }
        assert_eq!(serving(26, &rules, Time::from_millis(u64::MAX)), Some(26));
    }

    #[test]
    fn a_version_that_never_was_is_none() {
        for version in [0, 12, 27, u16::MAX] {
            assert_eq!(serving(version, &Rules::default(), Time::START), None);
        }
        assert_eq!(serving(20, &Rules::default(), Time::START), Some(21));
    }
}
