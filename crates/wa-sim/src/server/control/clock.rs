use std::{sync::Arc, time::Duration};

use axum::extract::State as With;
use serde::Deserialize;

use crate::{
    Time,
    server::{
        answer::{Done, Failure},
        control::input::Json,
        shared::Shared,
        view::Clock,
    },
};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    Advance(String),
    To(Time),
}

pub(super) async fn read(With(shared): With<Arc<Shared>>) -> Done {
    Done::new(&Clock::new(&shared.engine(), shared.options.has_real_clock))
}

pub(super) async fn advance(With(shared): With<Arc<Shared>>, Json(step): Json<Step>) -> Result<Done, Failure> {
    if shared.options.has_real_clock {
        return Err(Failure::conflict("the clock is the machine's and cannot be moved: start without the real clock"));
    }
    let mut engine = shared.engine();
    let now = engine.now();
    let to = match step {
        Step::To(to) if to < now => return Err(Failure::conflict("the clock only goes forward: name a later moment")),
        Step::To(to) => to,
        Step::Advance(text) => now + duration(&text)?,
    };
    if to > LATEST {
        return Err(Failure::conflict("the clock goes to the end of the year 9999 at most"));
    }
    engine.advance(to);
    Ok(Done::new(&Clock::new(&engine, false)))
}

/// A number and its unit: `500ms`, `90s`, `15m`, `72h`, `3d`.
fn duration(text: &str) -> Result<Duration, Failure> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let unit = match &text[end..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => 0,
    };
    let millis = text[..end].parse::<u64>().ok().filter(|_| unit > 0).and_then(|count| count.checked_mul(unit));
    let wrong = || Failure::invalid(format!("{text:?} is no length of time: write 500ms, 90s, 15m, 72h or 3d"));
    millis.map(Duration::from_millis).ok_or_else(wrong)
}

const LATEST: Time = Time::from_millis(253_402_300_799_999);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_a_unit() {
        for (text, millis) in [
            ("500ms", Some(500)),
            ("90s", Some(90_000)),
            ("15m", Some(900_000)),
            ("72h", Some(259_200_000)),
            ("3d", Some(259_200_000)),
            ("0s", Some(0)),
            ("", None),
            ("h", None),
            ("10", None),
            ("-1h", None),
            ("1.5h", None),
            ("1 h", None),
            ("18446744073709551615d", None),
            ("3ü", None),
        ] {
            assert_eq!(duration(text).ok(), millis.map(Duration::from_millis), "{text}");
        }
    }
}
