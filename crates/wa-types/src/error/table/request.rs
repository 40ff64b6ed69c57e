//! Requests that are wrong in themselves, and faults without a subject.

use crate::error::meaning::{
    Actor::{Caller, Meta},
    Meaning,
    RetryClass::{Backoff, CheckFirst, Never},
};

pub(super) const ROWS: &[Meaning] = &[
    Meaning::new(
        1,
        "unknown API fault",
        "Either the request is wrong or something failed at Meta; the code does not say which.",
        Caller,
        CheckFirst,
        "See whether the request is right. On registration calls read the number before a repeat, since the first \
         one may have worked.",
    )
    .may_have_acted(),
    Meaning::new(
        2,
        "service down or overloaded",
        "The service is down or overloaded for the moment. The call may have worked all the same.",
        Meta,
        Backoff,
        "Repeat with a growing backoff. On registration calls read the number first, which may have changed, or used \
         up an attempt.",
    )
    .may_have_acted(),
    Meaning::new(
        2,
        "service briefly unavailable",
        "The service could not take the call at this moment, though it may have acted on it.",
        Meta,
        Backoff,
        "Repeat with a growing backoff. On registration calls read the number first.",
    )
    .sub(1349174)
    .may_have_acted(),
    Meaning::new(
        2,
        "internal fault",
        "Something failed inside the service, and the call may have worked all the same.",
        Meta,
        Backoff,
        "Repeat with a growing backoff. On registration calls read the number first.",
    )
    .sub(1675030)
    .may_have_acted(),
    Meaning::new(
        33,
        "deleted number",
        "The number behind this id has been deleted.",
        Caller,
        Never,
        "List the numbers of the WhatsApp account, and use an id found there.",
    ),
    Meaning::new(
        100,
        "unfit parameter",
        "One code for a dozen cases: a parameter with a wrong name, a missing one, or one that the present state \
         forbids. Only error_data.details or the text tells them apart, and texts change.",
        Caller,
        Never,
        "Read the details and error_user_msg, then correct the request or the state. On register check the six \
         digits of the PIN, the data region, and whether the number is registered already.",
    ),
    Meaning::new(
        100,
        "unknown or hidden object",
        "The id does not exist, or the token may not see what it names, or the object does not have this call. The \
         type of the error is GraphMethodException.",
        Caller,
        Never,
        "Check that it is the id of the number, not the number itself or the account's id, and that the token has \
         this asset.",
    )
    .sub(33),
    Meaning::new(
        100,
        "wrong state of a partner solution",
        "A multi-partner solution is not in the state that this call needs.",
        Caller,
        Never,
        "Read the details of the answer, and bring the solution into that state first.",
    )
    .sub(2207013),
    Meaning::new(
        400,
        "placeholder from an example",
        "An invented number from the examples in Meta's API description, not known from real traffic.",
        Caller,
        Never,
        "If it does arrive, read the details of the answer.",
    ),
    Meaning::new(
        403,
        "placeholder for a refusal",
        "An invented number from one example in Meta's API description, not known from real traffic.",
        Caller,
        Never,
        "If it does arrive, check the permissions of the token and read the details of the answer.",
    ),
    Meaning::new(
        506,
        "repeated post",
        "This content is the same as that of the post before it.",
        Caller,
        Never,
        "Drop this one, or alter it.",
    ),
    Meaning::new(
        803,
        "id without an object",
        "No object that the app may see has the id in the path. Code 100 with subcode 33 says the same.",
        Caller,
        Never,
        "Check the id, and the assets of the token.",
    ),
    Meaning::new(
        803,
        "partner solution not found",
        "No object that the app may see has this id. It is shown on the calls for multi-partner solutions.",
        Caller,
        Never,
        "Check the id in the path.",
    )
    .sub(1675030),
    Meaning::new(
        2500,
        "unknown path",
        "The path does not exist in the Graph API: the version or another part of it is misspelt.",
        Caller,
        Never,
        "Check the version and the spelling of the path.",
    ),
    Meaning::new(
        131000,
        "unexplained fault",
        "Something failed inside the service, and it does not say what. The call may have worked.",
        Meta,
        CheckFirst,
        "On registration calls read the number first. Repeat a few times at most, then ask Meta's support with the \
         fbtrace_id.",
    )
    .may_have_acted(),
    Meaning::new(
        131001,
        "text too long",
        "A code from old tables: the message is longer than it may be.",
        Caller,
        Never,
        "Shorten the text to 4096 characters.",
    ),
    Meaning::new(
        131002,
        "invalid recipient type",
        "A code from old tables: the service does not know this recipient type.",
        Caller,
        Never,
        "Send `individual` as recipient_type.",
    ),
    Meaning::new(
        131006,
        "resource not found",
        "A code from old tables: the request names something that does not exist.",
        Caller,
        Never,
        "Check the ids in the request, and read the details of the answer.",
    ),
    Meaning::new(
        131008,
        "missing parameter",
        "The request lacks a parameter that this call requires.",
        Caller,
        Never,
        "Read the details for its name, and add it.",
    ),
    Meaning::new(
        131009,
        "invalid value",
        "A value in the request is not valid. It can also mean that the number is not part of this account yet.",
        Caller,
        Never,
        "Correct the value that the details name, or add the number to the account first.",
    ),
    Meaning::new(
        131016,
        "service behind the API down",
        "One of the services behind the API does not answer or is overloaded.",
        Meta,
        Backoff,
        "Look at Meta's status page, then repeat with a growing backoff. On registration calls read the number first.",
    )
    .may_have_acted(),
    Meaning::new(
        1609005,
        "link not posted",
        "A general code of the Graph API: it failed to post a link.",
        Caller,
        Never,
        "Check the link, and read the details of the answer.",
    ),
];
