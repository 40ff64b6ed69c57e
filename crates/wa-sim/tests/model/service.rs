//! The service in the words of the documents, written without a look at the engine.

use crate::HOUR;

/// What should be true of the number, in the words of the documents.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) now: u64,
    /// How long a number stays verified.
    pub(crate) fresh_for: u64,
    pub(crate) is_separate: bool,
    pub(crate) failed_count: bool,
    pub(crate) prolongs_lock: bool,
    pub(crate) pin_needs_registration: bool,
    /// Whether registering takes a region, as it did before v21.
    pub(crate) takes_region: bool,
    /// Whether a registration that is answered with success is none.
    pub(crate) is_hollow: bool,
    /// When, and whether it was for deregistering.
    pub(crate) attempts: Vec<(u64, bool)>,
    pub(crate) locked_until: u64,
    pub(crate) code: Option<(String, u64, u32)>,
    pub(crate) used_code: Option<String>,
    pub(crate) code_times: Vec<u64>,
    pub(crate) fresh_since: Option<u64>,
    pub(crate) pin: Option<usize>,
    pub(crate) wrong_pins: Vec<u64>,
    pub(crate) is_registered: bool,
    pub(crate) left_at: Option<u64>,
    pub(crate) region: Option<usize>,
    pub(crate) old_side_runs: bool,
    /// When the last right code came.
    pub(crate) code_was_right: Option<u64>,
    /// The name that the service shows as `verified_name`.
    pub(crate) shown_name: usize,
    /// The name that Meta is looking at.
    pub(crate) asked_name: Option<usize>,
    /// The name that people see in their chats.
    pub(crate) seen_name: Option<usize>,
    /// An approved name must be registered before this.
    pub(crate) name_deadline: Option<u64>,
    pub(crate) renamings: Vec<u64>,
}

impl Model {
    pub(crate) fn is_verified(&self) -> bool {
        let is_served = self.is_registered || self.old_side_runs;
        self.fresh_since.is_some_and(|since| is_served || self.now - since < self.fresh_for)
    }

    /// What the service says about the code, which tells of a registered number nothing.
    pub(crate) fn code_word(&self) -> &'static str {
        match self.code_was_right {
            None => "NOT_VERIFIED",
            Some(at) if self.is_registered && self.now - at >= self.fresh_for => "EXPIRED",
            Some(_) if self.is_registered || self.is_verified() => "VERIFIED",
            Some(_) => "EXPIRED",
        }
    }

    /// At most ten names in 30 days.
    pub(crate) fn rename(&mut self, name: usize) -> i64 {
        if self.renamings.iter().filter(|at| self.now - **at < 30 * 24 * HOUR).count() >= 10 {
            return 100;
        }
        self.renamings.push(self.now);
        self.asked_name = Some(name);
        0
    }

    /// An approved name shows at once; people see it after a registration within 14 days. False if none is asked for.
    pub(crate) fn decide(&mut self, is_approved: bool) -> bool {
        let Some(name) = self.asked_name.take() else {
            return false;
        };
        if is_approved {
            self.shown_name = name;
            self.name_deadline = Some(self.now + 14 * 24 * HOUR);
        }
        true
    }

    /// Ten in 72 hours, for both calls together or for each, and the lock on both.
    pub(crate) fn spend(&mut self, leaves: bool) -> bool {
        if self.now < self.locked_until {
            if self.prolongs_lock {
                self.locked_until = self.now + 72 * HOUR;
            }
            return false;
        }
        let counts = |of: bool| !self.is_separate || of == leaves;
        let recent = self.attempts.iter().filter(|(at, of)| self.now - at < 72 * HOUR && counts(*of)).count();
        if recent >= 10 {
            self.locked_until = self.now + 72 * HOUR;
            return false;
        }
        self.attempts.push((self.now, leaves));
        true
    }

    /// The code of the error, or zero.
    pub(crate) fn attempt(&mut self, leaves: bool, outcome: impl FnOnce(&mut Self) -> i64) -> i64 {
        if !self.spend(leaves) {
            return 133_016;
        }
        let code = outcome(self);
        if code != 0 && !self.failed_count {
            self.attempts.pop();
        }
        code
    }

    pub(crate) fn edge(&self, edge: Edge) -> Option<u64> {
        match edge {
            Edge::OldestAttempt => {
                let recent: Vec<_> = self.attempts.iter().filter(|(at, _)| self.now - at < 72 * HOUR).collect();
                recent.first().map(|(at, _)| at + 72 * HOUR)
            }
            Edge::Lock => Some(self.locked_until),
            Edge::Code => self.code.as_ref().map(|(_, until, _)| *until),
            Edge::CodeHour => self.code_times.first().map(|at| at + HOUR),
            Edge::Settling => self.left_at.map(|at| at + 300_000),
            Edge::GuessMinute => self.wrong_pins.iter().rev().nth(2).map(|at| at + 60_000),
            Edge::GuessDay => self.wrong_pins.iter().rev().nth(9).map(|at| at + 24 * HOUR),
            Edge::Verification => self.fresh_since.map(|since| since + self.fresh_for),
        }
    }

    pub(crate) fn register(&mut self, pin: usize, region: Option<usize>, has_backup: bool) -> i64 {
        let was_verified = self.is_verified();
        if has_backup && self.old_side_runs {
            self.old_side_runs = false;
            self.fresh_since = self.fresh_since.map(|since| since.max(self.now));
        }
        if !was_verified {
            return 133_006;
        }
        let recent = |span: u64| self.wrong_pins.iter().filter(|at| self.now - **at < span).count();
        if recent(24 * HOUR) >= 10 {
            return 133_008;
        }
        if recent(60_000) >= 3 {
            return 133_009;
        }
        if self.pin.is_some_and(|set| set != pin) {
            self.wrong_pins.push(self.now);
            return 133_005;
        }
        if self.left_at.is_some_and(|at| self.now < at + 300_000) {
            return 133_015;
        }
        if region.is_some() && !self.takes_region {
            return 100;
        }
        if self.is_registered && region.is_some() && region != self.region {
            return 100;
        }
        if !self.is_registered && region.is_some() {
            self.region = region;
        }
        self.pin = Some(pin);
        if self.is_hollow && !self.is_registered {
            return 0;
        }
        if self.name_deadline.is_none_or(|until| self.now < until) {
            self.seen_name = Some(self.shown_name);
            self.name_deadline = None;
        }
        self.is_registered = true;
        0
    }

    pub(crate) fn deregister(&mut self) -> i64 {
        if !self.is_registered {
            return 133_010;
        }
        self.is_registered = false;
        self.left_at = Some(self.now);
        self.fresh_since = self.fresh_since.max(Some(self.now));
        self.region = None;
        0
    }

    pub(crate) fn request_code(&mut self) -> i64 {
        if self.is_verified() {
            return 136_024;
        }
        self.code_times.retain(|at| self.now - at < HOUR);
        if self.code_times.len() == 5 {
            return 136_024;
        }
        self.code_times.push(self.now);
        0
    }

    pub(crate) fn verify(&mut self, guess: &str) -> i64 {
        let is_verified = self.is_verified();
        match &mut self.code {
            Some((code, until, wrong)) if !is_verified => {
                if *wrong >= 10 || self.now >= *until || code != guess {
                    *wrong += 1;
                    return 136_025;
                }
                self.used_code = self.code.take().map(|(code, ..)| code);
                self.fresh_since = Some(self.now);
                self.code_was_right = Some(self.now);
                0
            }
            _ => 136_025,
        }
    }
}

/// A moment at which something ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Edge {
    OldestAttempt,
    Lock,
    Code,
    CodeHour,
    Settling,
    GuessMinute,
    GuessDay,
    Verification,
}
