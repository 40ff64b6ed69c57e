//! Proof that the number is yours: request_code and verify_code.

use crate::error::meaning::{
    Actor::{Caller, Time},
    Meaning,
    RetryClass::{AfterStep, CheckFirst, Never, Wait},
};

pub(super) const ROWS: &[Meaning] = &[
    Meaning::new(
        133006,
        "verification required again",
        "The number cannot be registered before its ownership is proven once more.",
        Caller,
        AfterStep,
        "Call request_code, then verify_code, then register.",
    ),
    Meaning::new(
        136021,
        "number in a wrong format",
        "The service did not accept the way the number is written. No page of Meta lists this code.",
        Caller,
        Never,
        "Correct cc and phone_number: digits only, with the country code in both.",
    ),
    Meaning::new(
        136024,
        "refused code request",
        "No code was sent, for opposite reasons: the number is verified already, may not use this call, or was sent \
         too many codes. Only error_data.details or the text tells them apart, and texts change.",
        Caller,
        CheckFirst,
        "Read code_verification_status: if it is VERIFIED, go on to register. Otherwise wait an hour or more, or \
         ask for a voice call in place of an SMS.",
    ),
    Meaning::new(
        136024,
        "no code for this number",
        "The number is verified already, or it is not being migrated; either way it gets no code.",
        Caller,
        AfterStep,
        "Go on to register.",
    )
    .sub(2388091),
    Meaning::new(
        136024,
        "number verified already",
        "The ownership of the number is proven, so there is nothing to verify.",
        Caller,
        AfterStep,
        "Go on to register.",
    )
    .sub(2388366),
    Meaning::new(
        136024,
        "too many codes requested",
        "So many codes were asked for that the number gets none for a time.",
        Time,
        Wait,
        "Wait an hour or more before the next one, and never ask in a loop.",
    )
    .sub(2388367)
    .wait(3600),
    Meaning::new(
        136025,
        "refused verification code",
        "The code does not match or has expired, or this call is not open to the number.",
        Caller,
        AfterStep,
        "Send the six digits without the dash they arrive with. If the code is old, request a new one.",
    ),
    Meaning::new(
        136025,
        "no code to verify",
        "This call serves numbers in a migration, and this number is not in one.",
        Caller,
        AfterStep,
        "Go on to register.",
    )
    .sub(2388093),
    Meaning::new(
        2388091,
        "no code outside a migration",
        "Only a number in a migration gets a code here, and this one is not in one.",
        Caller,
        AfterStep,
        "Go on to register.",
    ),
    Meaning::new(
        2388093,
        "no verification outside a migration",
        "Only a number in a migration has a code to verify here, and this one is not in one.",
        Caller,
        AfterStep,
        "Go on to register.",
    ),
];
