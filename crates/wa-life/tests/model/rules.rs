//! Where documents are silent or contradict each other: switches, each with what is known.

use std::{collections::BTreeSet, time::Duration};

/// How the service behaves where its documents leave a choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// One page describes two counts of ten, the error's title one. The default is one.
    pub separate_counts: bool,
    /// The limit as HTTP 429, code 4, subcode 2446079 (Meta's OpenAPI) instead of 133016 (its error page).
    pub limit_as_described: bool,
    /// A number whose first name is in review or declined is refused with 100/2388001 (reported by some; others
    /// registered such numbers).
    pub names_block: bool,
    /// What `register` does to a number that lives in the WhatsApp Business app (both are told).
    pub biz_app_register: BizAppRegister,
    /// Whether `POST /{number}` takes a PIN while the number is not registered. The page speaks of registered ones.
    pub pin_while_down: bool,
    /// The account model in beta (June 2026): registering a registered number succeeds and leaves the PIN alone.
    pub keeps_pin: bool,
    /// A region sent with `register` is ignored instead of refused. No living version takes it there.
    pub region_ignored: bool,
    /// `verified_name` shows a new name while it is in review, as one page can be read, with `name_status` PENDING_REVIEW.
    pub new_name_shown_in_review: bool,
    /// `new_name_status` goes on saying APPROVED until the number is registered again.
    pub new_status_stays: bool,
    /// Settings as in Meta's OpenAPI (lower case) instead of its local-storage page.
    pub settings_as_described: bool,
    /// How long reads lag behind.
    pub read_lag: Duration,
    /// Fields that the version does not know: one of them fails the whole read.
    pub unknown_fields: BTreeSet<String>,
    /// Fields that are left out of every answer.
    pub absent_fields: BTreeSet<String>,
    /// What the `Date` header says.
    pub date: DateSkew,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            separate_counts: false,
            limit_as_described: false,
            names_block: true,
            biz_app_register: BizAppRegister::Refused,
            pin_while_down: false,
            keeps_pin: false,
            region_ignored: false,
            new_name_shown_in_review: false,
            new_status_stays: false,
            settings_as_described: false,
            read_lag: Duration::ZERO,
            unknown_fields: BTreeSet::new(),
            absent_fields: BTreeSet::new(),
            date: DateSkew::Right,
        }
    }
}

/// What registering a number of the Business app does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BizAppRegister {
    Refused,
    /// It succeeds, and the number is thrown off the app.
    ThrownOff,
}

/// What the `Date` header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateSkew {
    Right,
    /// Wrong by so many seconds in every answer.
    Constant(i64),
    /// Wrong by so many seconds in one answer, counted from 0.
    Once(usize, i64),
    /// Not sent at all.
    Absent,
}

/// The first and the last living version on a day of so many seconds since 1970. Meta's page on versions, July 2026.
pub(super) fn oldest_version(seconds: u64) -> u32 {
    const ENDS: [(u64, u32); 3] = [(1_790_208_000, 20), (1_800_489_600, 21), (1_811_808_000, 22)];
    ENDS.iter().filter(|(end, _)| *end <= seconds).map(|(_, version)| version + 1).max().unwrap_or(20)
}
