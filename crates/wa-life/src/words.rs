use std::{fmt, time::Duration};

/// A length of time in words: see [`in_words`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct InWords(Duration);

/// A length of time as people say it, such as `31 h 5 min`; rounded up, so that waiting that long is enough.
pub(crate) fn in_words(length: Duration) -> InWords {
    InWords(length)
}

impl fmt::Display for InWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_millis().div_ceil(1_000);
        if seconds < 120 {
            return write!(f, "{seconds} s");
        }
        let minutes = seconds.div_ceil(60);
        match (minutes / 60, minutes % 60) {
            (0, minutes) => write!(f, "{minutes} min"),
            (hours, 0) => write!(f, "{hours} h"),
            (hours, minutes) => write!(f, "{hours} h {minutes} min"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_people_say_them() {
        let words = |seconds| in_words(Duration::from_secs(seconds)).to_string();
        assert_eq!([words(0), words(119), words(120), words(3_600)], ["0 s", "119 s", "2 min", "1 h"]);
        assert_eq!(words(31 * 3_600 + 299), "31 h 5 min");
        assert_eq!(in_words(Duration::from_millis(1)).to_string(), "1 s");
    }
}
