use serde::{Deserialize, Serialize};

use crate::{Operation, Rng};

/// Makes some calls go wrong. Rules are tried in their order; the first that fits strikes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FaultRule {
    /// What goes wrong.
    pub fault: Fault,
    /// Whether the call has its effect all the same.
    #[serde(default)]
    pub moment: Moment,
    /// Only this call and its special cases.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// Only calls to this number or account.
    #[serde(default)]
    pub node: Option<String>,
    /// Only the nth of the calls that fit, from 1.
    #[serde(default)]
    pub nth: Option<u64>,
    /// Only so many of a million calls that fit, by chance.
    #[serde(default)]
    pub per_million: Option<u64>,
    /// How often it strikes before it is spent.
    #[serde(default)]
    pub times: Option<u64>,
    /// How many calls have fitted.
    #[serde(default)]
    pub seen: u64,
    /// How often it has struck.
    #[serde(default)]
    pub struck: u64,
}

impl FaultRule {
    /// A fault that strikes every call before its effect.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self {
            fault,
            moment: Moment::Before,
            operation: None,
            node: None,
            nth: None,
            per_million: None,
            times: None,
            seen: 0,
            struck: 0,
        }
    }

    /// Strikes after the effect.
    #[must_use]
    pub fn after(mut self) -> Self {
        self.moment = Moment::After;
        self
    }

    /// Strikes this call and its special cases only.
    #[must_use]
    pub fn on(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Strikes calls to this number or account only.
    #[must_use]
    pub fn at(mut self, node: impl Into<String>) -> Self {
        self.node = Some(node.into());
        self
    }

    /// Strikes the nth call that fits only, from 1.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }

    /// Strikes so many of a million calls that fit, by chance.
    #[must_use]
    pub fn per_million(mut self, share: u64) -> Self {
        self.per_million = Some(share);
        self
    }

    /// Strikes this often and then no more.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Refuses what could never strike, and answers that are none.
    ///
    /// # Errors
    ///
    /// The error says what is wrong and what to write instead.
    pub fn check(&self) -> Result<(), InvalidFault> {
        let refuse = |text: &str| Err(InvalidFault(text.to_owned()));
        if self.nth == Some(0) {
            return refuse("nth counts from 1: 0 is no call");
        }
        if self.times == Some(0) {
            return refuse("times must be 1 or more, or left out if the fault is to strike without an end");
        }
        if self.per_million.is_some_and(|share| share == 0 || share > 1_000_000) {
            return refuse("per_million must be from 1 to 1000000");
        }
        match &self.fault {
            Fault::Error { status, .. } if !(200..=599).contains(status) => {
                Err(InvalidFault(format!("the status must be from 200 to 599, not {status}")))
            }
            Fault::Redirect { to } if to.bytes().any(|byte| !(0x21..0x7f).contains(&byte)) => {
                refuse("an address to redirect to has ASCII characters only, and no spaces")
            }
            Fault::Oversized { bytes } if *bytes > LARGEST => refuse("bytes must be 1073741824 (1 GiB) at most"),
            _ => Ok(()),
        }
    }

    /// Whether it strikes this call; counts it if it fits.
    pub(crate) fn strikes(&mut self, operation: Operation, node: &str, rng: &mut Rng) -> bool {
        let can_be_cut = || operation == Operation::AppendUpload || !matches!(self.fault, Fault::CutUpload { .. });
        let fits = can_be_cut()
            && self.operation.is_none_or(|wanted| wanted.includes(operation))
            && self.node.as_deref().is_none_or(|wanted| wanted == node);
        if !fits || self.times.is_some_and(|times| self.struck >= times) {
            return false;
        }
        self.seen += 1;
        let strikes = self.nth.is_none_or(|nth| nth == self.seen)
            && self.per_million.is_none_or(|share| rng.below(1_000_000) < share);
        self.struck += u64::from(strikes);
        strikes
    }

    /// Whether it keeps the call from having its effect. A delay does so only if the caller leaves meanwhile.
    pub(crate) fn prevents(&self) -> bool {
        self.moment == Moment::Before && !self.fault.leaves_answer()
    }

    /// What the journal says of it.
    pub(crate) fn name(&self) -> String {
        let fault = serde_json::to_value(&self.fault).unwrap_or_default();
        let name = fault.as_object().and_then(|fault| fault.keys().next().cloned());
        let name = name.or_else(|| fault.as_str().map(str::to_owned)).unwrap_or_default();
        let moment = if self.moment == Moment::Before { "before" } else { "after" };
        format!("{name} {moment} the effect")
    }
}

/// A fault rule that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidFault(String);

/// Whether a fault strikes before the call has its effect or after it.
///
/// A fault that leaves the answer whole (`NoTraceId`, `UnknownWord`, `SlowBody`, `Informational`) never keeps the effect
/// from happening. A `Delay` before the effect does so if the caller gives up in the meantime.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Moment {
    /// It did not happen.
    #[default]
    Before,
    /// It happened.
    After,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// The service answers with an error.
    Error {
        /// The HTTP status.
        status: u16,
        /// The code.
        code: i64,
        /// The subcode.
        #[serde(default)]
        subcode: Option<i64>,
        /// The message without its code.
        #[serde(default)]
        message: String,
        /// Whether the service calls it transient.
        #[serde(default)]
        is_transient: bool,
    },
    /// The answer comes later.
    Delay {
        /// How much later.
        millis: u64,
    },
    /// No answer ever comes.
    Timeout,
    /// The connection is closed without an answer.
    Close,
    /// The connection is reset without an answer.
    Reset,
    /// The connection closes in the middle of a resumable upload: what has come until then is kept.
    CutUpload {
        /// How many bytes of the body come.
        bytes: usize,
    },
    /// The answer breaks off.
    Truncate {
        /// How many bytes of its body come.
        bytes: usize,
    },
    /// The body comes one byte at a time.
    SlowBody {
        /// The delay after each byte.
        millis: u64,
    },
    /// What comes is not HTTP.
    Garbage,
    /// Something in between answers with a page and status 502.
    Html502,
    /// The answer is `"success": false` with status 200.
    SuccessFalse,
    /// An error lacks its `fbtrace_id`; other answers stay as they are.
    NoTraceId,
    /// A word of the answer is one that no document lists.
    UnknownWord,
    /// Many answers of status 103 come first.
    Informational {
        /// How many.
        count: u32,
    },
    /// The answer is a redirect.
    Redirect {
        /// Where to.
        to: String,
    },
    /// The answer is huge.
    Oversized {
        /// The length of its body.
        bytes: usize,
    },
}

impl Fault {
    /// Whether the call has its effect, or as much of it as the fault says, in spite of it.
    pub(crate) fn leaves_answer(&self) -> bool {
        matches!(
            self,
            Self::Delay { .. }
                | Self::CutUpload { .. }
                | Self::SlowBody { .. }
                | Self::NoTraceId
                | Self::UnknownWord
                | Self::Informational { .. }
        )
    }
}

const LARGEST: usize = 1 << 30;
