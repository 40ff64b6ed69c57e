//! Register, deregister and the two-step PIN.

use crate::error::meaning::{
    Actor::{Business, Caller, Meta, Time},
    Meaning,
    RetryClass::{AfterStep, Backoff, Never, Wait},
};

pub(super) const ROWS: &[Meaning] = &[
    Meaning::new(
        100,
        "number already deregistered",
        "Deregister was called for a number that is not registered.",
        Caller,
        Never,
        "Treat it as done: there is nothing left to deregister.",
    )
    .sub(2207051),
    Meaning::new(
        100,
        "certificate not created",
        "The number is not ready to be registered, and the attempt is spent. Two causes are reported: its display \
         name is not reviewed yet, or it is still attached to another WhatsApp account (an app or another \
         provider). Only error_user_title and error_user_msg tell them apart.",
        Business,
        AfterStep,
        "Read error_user_msg, and look at name_status and platform_type before registering again. Wait for the \
         review, or have the number removed from the other account and its two-step PIN there switched off; then \
         wait some minutes.",
    )
    .sub(2388001),
    Meaning::new(
        100,
        "PIN of the wrong format",
        "The two-step PIN is not six digits. Users report this subcode; no page explains it.",
        Caller,
        Never,
        "Send a PIN of exactly six digits, as text, so that a leading zero is kept.",
    )
    .sub(2388092),
    Meaning::new(
        131037,
        "unapproved display name",
        "The number may not send before its display name is approved.",
        Business,
        AfterStep,
        "Set a new display name if the old one was turned down. Wait until name_status shows the approval, then \
         register again.",
    ),
    Meaning::new(
        131045,
        "number not properly registered",
        "The message failed because the number is not registered as it should be. It may come with HTTP 500, and \
         sending it again cannot help.",
        Caller,
        AfterStep,
        "Register the number, then send. The approval of a new display name calls for this too.",
    ),
    Meaning::new(
        131057,
        "number under maintenance",
        "Meta is working on the number, mostly to raise its throughput; that takes up to a minute.",
        Time,
        Wait,
        "Repeat in a minute or later.",
    )
    .wait(60),
    Meaning::new(
        133000,
        "half-finished deregistration",
        "The last deregister did not get to its end. It may come with HTTP 500, and repeating register cannot help.",
        Caller,
        AfterStep,
        "Call deregister once more, then register.",
    ),
    Meaning::new(
        133004,
        "registration service down",
        "The service that registers numbers is down for the moment. The call may have worked, and may have been \
         counted.",
        Meta,
        Backoff,
        "Look at the details and Meta's status page, and read the number. Then repeat once or twice with a long \
         backoff, since attempts are counted.",
    )
    .wait(60)
    .may_have_acted(),
    Meaning::new(
        133005,
        "wrong two-step PIN",
        "There is a PIN on this number, and it is another one. No call of the API disables two-step verification. \
         In a migration the On-Premises deployment stays down.",
        Business,
        Never,
        "Never guess, since attempts are counted: send the PIN that was set before. A lost one can be replaced \
         while the number is registered; otherwise its owner removes it in WhatsApp Manager.",
    ),
    Meaning::new(
        133008,
        "too many wrong PINs",
        "The two-step PIN was wrong too often, and the number takes no more tries for a time.",
        Time,
        Wait,
        "Wait for as long as error_data.details says, and find the right PIN meanwhile.",
    ),
    Meaning::new(
        133009,
        "PINs sent too fast",
        "One two-step PIN followed the other too quickly.",
        Time,
        Wait,
        "Wait for as long as error_data.details says, and send only a PIN that is known to be right.",
    ),
    Meaning::new(
        133010,
        "number not registered",
        "Your own number is not registered with the Cloud API; this says nothing about a recipient.",
        Caller,
        AfterStep,
        "Register the number, then repeat the call. On deregister treat it as done.",
    ),
    Meaning::new(
        133015,
        "unfinished deletion",
        "A deletion of this number has begun and is not finished.",
        Time,
        Wait,
        "Register five minutes later.",
    )
    .wait(300),
    Meaning::new(
        133016,
        "registration limit reached",
        "This number has had its ten register or deregister requests within 72 hours; take failed ones as counted. \
         It is closed to these calls for the next 72 hours.",
        Time,
        Wait,
        "Stop calling, and wait 72 hours. Count the requests per number before sending, and let no automatic retry \
         spend them.",
    )
    .wait(259_200),
];
