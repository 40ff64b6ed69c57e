use std::time::Duration;

use crate::error::table;

/// What one error code means: a row of the error table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meaning {
    /// The code, or the first one where the row stands for a range.
    pub code: i64,
    /// The last code of the range; the same as `code` in all rows but one.
    pub last: i64,
    /// The subcode that narrows the row down, if it has one.
    pub subcode: Option<i64>,
    /// What went wrong, and what to do about it.
    pub explanation: Explanation,
    /// Whether the service may have acted in spite of the error.
    pub may_have_acted: bool,
}

impl Meaning {
    /// The whole table.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        table::GROUPS.iter().copied().flatten()
    }

    pub(super) const fn new(
        code: i64,
        title: &'static str,
        meaning: &'static str,
        actor: Actor,
        retry: RetryClass,
        step: &'static str,
    ) -> Self {
        let explanation = Explanation::new(title, meaning, actor, retry, step);
        Self { code, last: code, subcode: None, explanation, may_have_acted: false }
    }

    pub(super) const fn sub(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    pub(super) const fn through(mut self, last: i64) -> Self {
        self.last = last;
        self
    }

    pub(super) const fn wait(mut self, seconds: u64) -> Self {
        self.explanation.wait = Some(Duration::from_secs(seconds));
        self
    }

    pub(super) const fn may_have_acted(mut self) -> Self {
        self.may_have_acted = true;
        self
    }
}

/// What went wrong, and what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// A short name.
    pub title: &'static str,
    /// What went wrong, in a sentence or two.
    pub meaning: &'static str,
    /// Who must act before it can work.
    pub actor: Actor,
    /// Whether, and after what, the same request may be sent again.
    pub retry: RetryClass,
    /// How long to wait, where a time is known.
    pub wait: Option<Duration>,
    /// What to do.
    pub step: &'static str,
}

impl Explanation {
    /// An explanation without a time to wait.
    #[must_use]
    pub const fn new(
        title: &'static str,
        meaning: &'static str,
        actor: Actor,
        retry: RetryClass,
        step: &'static str,
    ) -> Self {
        Self { title, meaning, actor, retry, wait: None, step }
    }
}

/// Who must act before a refused call can work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Actor {
    /// The program that sends the request, or its author.
    Caller,
    /// The people who run the WhatsApp account: in WhatsApp Manager, in the business settings, at the other provider.
    Business,
    /// The person the message was for.
    Recipient,
    /// Meta: only the service itself or its support can lift it.
    Meta,
    /// Nobody: it passes with time.
    Time,
}

/// Whether, and after what, the same request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryClass {
    /// Not before somebody changes something: the same request cannot succeed.
    Never,
    /// After another step, often another call.
    AfterStep,
    /// After a time.
    Wait,
    /// With a growing backoff and only a few times: a fault on the service's side.
    Backoff,
    /// After reading the state: it may have worked, or attempts are counted.
    CheckFirst,
}
