//! Adding a number to an account, and moving it there.

use crate::error::meaning::{
    Actor::{Business, Caller, Meta, Time},
    Meaning,
    RetryClass::{AfterStep, Never, Wait},
};

pub(super) const ROWS: &[Meaning] = &[
    Meaning::new(
        300,
        "object not editable",
        "The object could not be changed. It is listed for the call that adds a number.",
        Caller,
        Never,
        "Read error_user_msg in the answer.",
    ),
    Meaning::new(
        133001,
        "backup not decrypted",
        "A code from old tables: the backup of a migration from On-Premises could not be decrypted.",
        Business,
        Never,
        "Check the backup's password, or let the On-Premises client make another backup.",
    ),
    Meaning::new(
        133002,
        "damaged backup or wrong password",
        "A code from old tables: the data of the backup could not be decrypted.",
        Business,
        Never,
        "Make another backup, and send its data just as it is, together with its own password.",
    ),
    Meaning::new(
        133003,
        "unreadable recovery token",
        "A code from old tables: the backup holds a recovery token that cannot be read.",
        Business,
        Never,
        "Let the On-Premises client make another backup.",
    ),
    Meaning::new(
        200000,
        "number not added",
        "The WhatsApp account could not take the number. The code stands for several causes.",
        Business,
        Never,
        "Read the subcode, error_user_title and error_user_msg.",
    ),
    Meaning::new(
        200000,
        "number in use elsewhere",
        "The number cannot be added because it belongs to another account.",
        Business,
        AfterStep,
        "Remove it there, or migrate it with migrate_phone_number.",
    )
    .sub(2388002),
    Meaning::new(
        200000,
        "number or business restricted",
        "A restriction on the number or on the business keeps it from being added.",
        Meta,
        Never,
        "Look at the account quality page, and appeal there.",
    )
    .sub(2388107),
    Meaning::new(
        200000,
        "number not added, cause unknown",
        "The account did not take the number. This subcode was seen once, and its cause is not known.",
        Business,
        Never,
        "Read error_user_msg in the answer.",
    )
    .sub(3095008),
    Meaning::new(
        2388001,
        "number still owned elsewhere",
        "A code of an older page: the owner of the number has to confirm it, or to give up its two-step PIN. Today \
         it arrives on register, under code 100.",
        Business,
        AfterStep,
        "Look at name_status and platform_type. Have the number removed from its other WhatsApp account, or wait \
         for the review of the display name, then register.",
    ),
    Meaning::new(
        2388012,
        "number already in this account",
        "The WhatsApp account has this number in its list.",
        Caller,
        Never,
        "List the numbers of the account, and use the id found there.",
    ),
    Meaning::new(
        2388103,
        "refused migration",
        "The number cannot be moved, for one of nine causes that only the text tells apart, such as webhooks, \
         display name, payment, approval of the account, or another business.",
        Business,
        AfterStep,
        "Read the text, do what it names, then repeat. If no migration is needed, add the number directly.",
    ),
    Meaning::new(
        2494100,
        "number in maintenance",
        "Meta is working on this number.",
        Time,
        Wait,
        "Repeat after five minutes.",
    )
    .wait(300),
];
