//! Tokens, permissions and roles.

use crate::error::meaning::{
    Actor::{Business, Caller},
    Meaning,
    RetryClass::Never,
};

pub(super) const ROWS: &[Meaning] = &[
    Meaning::new(
        0,
        "failed authentication",
        "The service could not tell which user or app the access token belongs to.",
        Business,
        Never,
        "Issue a new system-user token, and check that the business still has the app installed.",
    ),
    Meaning::new(
        3,
        "missing capability",
        "The app or the permissions of its token do not cover this call. It may come with HTTP 500, and a repeat \
         cannot help all the same.",
        Business,
        Never,
        "Inspect the token in Meta's token debugger. It needs whatsapp_business_management, and \
         whatsapp_business_messaging for register, deregister and messages.",
    ),
    Meaning::new(
        10,
        "permission not granted",
        "A permission this call needs was never given or has been taken back. On settings it can mean that this \
         number may not have the feature.",
        Business,
        Never,
        "Grant the permission to the app and issue a new token. For a setting, find out whether the number may have \
         it.",
    ),
    Meaning::new(
        102,
        "lost session",
        "The login behind the token is no longer valid.",
        Business,
        Never,
        "Issue a new token, preferably one of a system user.",
    ),
    Meaning::new(
        104,
        "no token in the request",
        "No access token reached the service: the header is missing or was dropped on the way. Some of Meta's pages \
         use this code for a wrong signature.",
        Caller,
        Never,
        "Send the token as a bearer token in the Authorization header. If an appsecret_proof is sent, compute it \
         again from this token and secret.",
    ),
    Meaning::new(
        190,
        "unusable access token",
        "The token has expired, was revoked or was never valid.",
        Business,
        Never,
        "Replace the token. One from the app dashboard lasts about a day; a service needs one of a system user.",
    ),
    Meaning::new(
        190,
        "app no longer installed",
        "The user behind the token has removed the app.",
        Business,
        Never,
        "Have the business install the app again, then issue a new token.",
    )
    .sub(458),
    Meaning::new(
        190,
        "pending login check",
        "The user behind the token must pass a check on the web first.",
        Business,
        Never,
        "Let that person log in on the web, or change to the token of a system user.",
    )
    .sub(459),
    Meaning::new(
        190,
        "changed password",
        "The password or session of the user behind the token was changed, and the token ended with it.",
        Business,
        Never,
        "Issue a new token, preferably one of a system user.",
    )
    .sub(460),
    Meaning::new(
        190,
        "expired session",
        "The token has reached the end of its life.",
        Business,
        Never,
        "Issue a new token, and renew it in time or use one of a system user.",
    )
    .sub(463),
    Meaning::new(
        190,
        "unconfirmed user",
        "The user behind the token has not confirmed the account yet.",
        Business,
        Never,
        "Let that person log in and confirm it, or change to the token of a system user.",
    )
    .sub(464),
    Meaning::new(
        190,
        "invalid token",
        "The token was revoked, is cut short or is no token at all.",
        Business,
        Never,
        "Look for blanks or a cut in the stored secret. If it is whole, issue a new token.",
    )
    .sub(467),
    Meaning::new(
        190,
        "lost page role",
        "The token rests on a page role that its user no longer has.",
        Business,
        Never,
        "Restore the role, then issue a new token.",
    )
    .sub(492),
    Meaning::new(
        200,
        "no permission for this object",
        "Either the owner of the token has no role on the number or its WhatsApp account, or a permission of the \
         app is missing. Cloud API terms that nobody has accepted give the same answer.",
        Business,
        Never,
        "Give the system user full control of the account, accept the terms, and check the permissions of the token.",
    ),
    Meaning::new(
        200,
        "missing permission",
        "Every code from 200 to 299 says that a permission is missing.",
        Business,
        Never,
        "Read the details for its name, grant it, and issue a new token.",
    )
    .through(299),
    Meaning::new(
        200,
        "app without access to the object",
        "The app has no permission on this number or WhatsApp account.",
        Business,
        Never,
        "Assign the account to the app's system user, and check the permissions of its token.",
    )
    .sub(1349174),
    Meaning::new(
        200,
        "app not linked, or number limit",
        "Either the account that owns the number is not linked to the app, or, when a number is added, the business \
         has all the numbers it may have. Only the text tells the two apart.",
        Business,
        Never,
        "Link the app to the account. For the limit, verify the business (2 numbers before, up to 20 after) or ask \
         for more.",
    )
    .sub(1349175),
    Meaning::new(
        200,
        "token without the scopes",
        "The token carries neither whatsapp_business_messaging nor whatsapp_business_management.",
        Business,
        Never,
        "Issue a new token with both permissions.",
    )
    .sub(1349176),
    Meaning::new(
        131005,
        "access refused",
        "A permission was not granted, or has been taken back since.",
        Business,
        Never,
        "Check the permissions of the token and the role of its owner on the WhatsApp account.",
    ),
];
