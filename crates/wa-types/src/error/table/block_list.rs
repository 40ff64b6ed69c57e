//! The list of blocked users.

use crate::error::meaning::{
    Actor::{Caller, Meta, Time},
    Meaning,
    RetryClass::{Backoff, CheckFirst, Never},
};

pub(super) const ROWS: &[Meaning] = &[
    Meaning::new(
        139100,
        "incomplete bulk block",
        "Some or all of the users in the request could not be blocked or unblocked.",
        Caller,
        CheckFirst,
        "Read the block list, then repeat only what is missing.",
    )
    .may_have_acted(),
    Meaning::new(
        139101,
        "full block list",
        "The block list has no room for more users.",
        Caller,
        Never,
        "Unblock users before blocking others.",
    ),
    Meaning::new(
        139102,
        "block list changed at the same time",
        "Another request changed the block list meanwhile, so this one was refused.",
        Time,
        Backoff,
        "Repeat after a short backoff, and change the list from one place only.",
    ),
    Meaning::new(
        139103,
        "fault in the block list",
        "Something failed at Meta while the block list was changed.",
        Meta,
        Backoff,
        "Read the block list, then repeat with a growing backoff.",
    )
    .may_have_acted(),
];
