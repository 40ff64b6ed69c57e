//! The standing of an account, and its username.

use crate::error::meaning::{
    Actor::{Business, Caller, Meta},
    Meaning,
    RetryClass::{AfterStep, Never, Wait},
};

pub(super) const ROWS: &[Meaning] = &[
    Meaning::new(
        368,
        "blocked for a policy violation",
        "Meta has restricted or disabled the WhatsApp account for a time because of its policies. How long is not \
         said: hours or days.",
        Meta,
        Wait,
        "Read health_status and the account quality page, and appeal there. Repeated calls do not lift it.",
    ),
    Meaning::new(
        130497,
        "country closed to this business",
        "A business of this category may not message people in that country.",
        Meta,
        Never,
        "Do not send there.",
    ),
    Meaning::new(
        131031,
        "locked account, or mismatch with its data",
        "Either a policy violation has locked the account, or something in the request, such as the two-step PIN, \
         is not what is set on the account.",
        Business,
        Never,
        "On register the first suspect is a wrong PIN; do not guess it. Then read health_status, and appeal if the \
         account is locked.",
    ),
    Meaning::new(
        133007,
        "banned number",
        "A code from old tables: the number is banned from the platform.",
        Meta,
        Never,
        "Appeal to Meta's support.",
    ),
    Meaning::new(147001, "username taken", "This username cannot be had.", Business, Never, "Choose another one."),
    Meaning::new(
        147002,
        "account without usernames",
        "The account may not have a username.",
        Business,
        Never,
        "Read the details for what it lacks.",
    ),
    Meaning::new(
        147003,
        "Facebook page not linked",
        "The username needs a Facebook page that is linked to the account first.",
        Business,
        AfterStep,
        "Link the page in the business settings, then repeat.",
    ),
    Meaning::new(
        147004,
        "Instagram account not linked",
        "The username needs an Instagram account that is linked to the WhatsApp account first.",
        Business,
        AfterStep,
        "Link it in the business settings, then repeat.",
    ),
    Meaning::new(
        147005,
        "username held by another number",
        "The username is in use and has to be transferred from where it is now.",
        Caller,
        AfterStep,
        "If the business agrees to move it, repeat with force_transfer.",
    ),
];
