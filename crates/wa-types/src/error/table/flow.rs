//! Flows, and templates that carry one.

use crate::error::meaning::{
    Actor::{Business, Caller, Meta},
    Meaning,
    RetryClass::{Never, Wait},
};

pub(super) const ROWS: &[Meaning] = &[
    Meaning::new(
        132068,
        "blocked flow",
        "The flow in the template is blocked, so the message cannot be sent.",
        Business,
        Never,
        "Repair the flow, or use a template without it.",
    ),
    Meaning::new(
        132069,
        "throttled flow",
        "The flow in the template is throttled: ten messages with it may be sent in an hour.",
        Business,
        Wait,
        "Repair the flow, and send no more than the ten until it is released.",
    )
    .wait(3600),
    Meaning::new(
        139000,
        "flow stopped by an integrity check",
        "Meta's integrity checks do not let this flow through.",
        Meta,
        Never,
        "Read the details of the answer. Check the standing of the account, and appeal if the block is wrong.",
    ),
    Meaning::new(
        139001,
        "flow not to be updated",
        "The flow does not take changes in its present state.",
        Caller,
        Never,
        "Read the state of the flow, and make a new one if this one is published.",
    ),
    Meaning::new(
        139002,
        "flow not to be published",
        "The flow is not fit to be published.",
        Caller,
        Never,
        "Read the details of the answer, and correct what the flow's validation finds.",
    ),
    Meaning::new(
        139003,
        "flow not to be deprecated",
        "The flow cannot be deprecated in its present state.",
        Caller,
        Never,
        "Read the state of the flow and the details of the answer.",
    ),
    Meaning::new(
        139004,
        "flow not to be deleted",
        "The flow cannot be deleted in its present state.",
        Caller,
        Never,
        "Read the state of the flow; one that is published can be deprecated in place of this.",
    ),
];
