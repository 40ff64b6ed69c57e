//! Too many calls or messages in a time; the limit on registrations stands with `registration`.

use crate::error::meaning::{
    Actor::{Business, Time},
    Meaning,
    RetryClass::{Never, Wait},
};

pub(super) const ROWS: &[Meaning] = &[
    Meaning::new(
        4,
        "call budget of the app used up",
        "The app has made all the calls it may make in this hour.",
        Time,
        Wait,
        "Slow down. X-App-Usage tells how much is used, X-Business-Use-Case-Usage how many minutes to wait.",
    ),
    Meaning::new(
        4,
        "rate limit of the app exceeded",
        "The app calls more often than it may.",
        Time,
        Wait,
        "Stop for a while, then send more slowly. The usage headers of the answer tell how long.",
    )
    .sub(2018001),
    Meaning::new(
        4,
        "request limit of the app reached",
        "The app has no calls left for now. On a registration call it stands for the limit of code 133016: ten \
         requests for this number within 72 hours.",
        Time,
        Wait,
        "Slow down, and read the usage headers. On a registration call stop and wait 72 hours.",
    )
    .sub(2446079),
    Meaning::new(
        4,
        "too many things created",
        "Too many numbers, applications or schedules were created in a short time.",
        Time,
        Wait,
        "Wait, and create fewer. No time is documented.",
    )
    .sub(2446080),
    Meaning::new(
        17,
        "call budget of the user used up",
        "The user behind the token has made all the calls that user may make for now.",
        Time,
        Wait,
        "Slow down, and use the token of a system user.",
    ),
    Meaning::new(
        17,
        "request limit of the user reached",
        "The user behind the token has no calls left for now.",
        Time,
        Wait,
        "Slow down, and use the token of a system user. The usage headers tell how long to wait.",
    )
    .sub(2446079),
    Meaning::new(
        341,
        "temporary limit on the app",
        "The app has run into a limit that passes with time.",
        Time,
        Wait,
        "Slow down. No time is documented.",
    ),
    Meaning::new(
        613,
        "limit of this one operation",
        "This operation was called too often. Meta's API description shows it for too many verification codes; on \
         calls it stands for too many permission queries.",
        Time,
        Wait,
        "Wait before the next try, above all before another code is requested.",
    ),
    Meaning::new(
        80007,
        "call budget of the account used up",
        "The app has used up its calls on this WhatsApp account: 200 an hour before a number is registered, 5000 \
         after.",
        Time,
        Wait,
        "Read estimated_time_to_regain_access in X-Business-Use-Case-Usage, and wait that many minutes.",
    ),
    Meaning::new(
        80007,
        "request limit of the business reached",
        "There are no calls left on this WhatsApp account for now.",
        Time,
        Wait,
        "Wait the minutes that X-Business-Use-Case-Usage names, then go on more slowly.",
    )
    .sub(2446079),
    Meaning::new(
        80008,
        "too many calls to the account",
        "The calls to this WhatsApp account are used up for now. Some of Meta's pages give this code and others 80007.",
        Time,
        Wait,
        "Wait the minutes that X-Business-Use-Case-Usage names, then go on more slowly.",
    ),
    Meaning::new(
        130429,
        "throughput of the number used up",
        "The number sends faster than it may: 80 messages a second at first, 20 beside the Business app, 1000 after \
         the upgrade.",
        Time,
        Wait,
        "Queue the messages, and send them more slowly.",
    )
    .wait(1),
    Meaning::new(
        130429,
        "messages sent too fast",
        "The number sends more messages a second than its throughput allows.",
        Time,
        Wait,
        "Queue the messages, and send them more slowly.",
    )
    .sub(2494055)
    .wait(1),
    Meaning::new(
        131048,
        "sending stopped for spam",
        "Recipients have blocked or reported too many messages of this number.",
        Business,
        Never,
        "Stop the campaign, and look at the quality rating. Better messages and time lift it; repeats do not.",
    ),
    Meaning::new(
        131056,
        "too many messages to one recipient",
        "This number may send one message in six seconds to one recipient. A burst of up to 45 is taken from the \
         time after it.",
        Time,
        Wait,
        "Hold back this recipient only, with a backoff of 1, 4, 16 and more seconds.",
    )
    .wait(6),
    Meaning::new(
        131064,
        "daily limit of conversations reached",
        "The business has started as many conversations as it may within 24 hours.",
        Time,
        Wait,
        "Wait until the window has moved on, or ask for a higher tier.",
    ),
];
