//! What others do meanwhile: on the phone, in WhatsApp Manager, at another partner.

use std::time::{Duration, SystemTime};

use super::{number::Storage, service::Service};

/// Something that somebody else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Since May 2026 a device change can bring a number to the Business app by itself.
    JoinsTheApp,
    LeavesTheApp,
    PinSetByOthers,
    DeregisteredByOthers,
    AttachedElsewhere,
    NameDeclined,
    NameApproved,
    CodeExpires,
    NeedsCode,
    Banned,
    SubscriptionEnds,
    OverrideSetByOthers,
    /// Somebody else spends so many of the ten.
    AttemptsSpent(usize),
}

impl Service {
    /// Whether others have acted in the last minute, or so lately that reading does not show it: nobody can know that.
    pub fn has_just_changed(&self) -> bool {
        let unknown = Duration::from_secs(60) + self.rules.read_lag;
        self.changed_at.is_some_and(|at| self.now <= at + unknown)
    }

    pub(super) fn make_change(&mut self, change: Change, at: SystemTime) {
        self.changed_at = Some(at);
        match change {
            Change::SubscriptionEnds => (self.subscribed, self.override_uri) = (false, None),
            Change::OverrideSetByOthers if self.subscribed => {
                self.override_uri = Some("https://example.org/other".to_owned());
            }
            _ => {}
        }
        for number in self.numbers.values_mut() {
            match change {
                Change::JoinsTheApp if number.registered => {
                    number.biz_app_since = Some(at);
                    number.storage = Storage::Default;
                }
                Change::LeavesTheApp => number.biz_app_since = None,
                Change::PinSetByOthers => number.pin = Some("777001".to_owned()),
                Change::DeregisteredByOthers if number.registered && number.biz_app_since.is_none() => {
                    number.registered = false;
                    number.storage = Storage::Default;
                    number.deregistered_at = Some(at);
                }
                Change::AttachedElsewhere if !number.registered => number.attached = true,
                Change::NameDeclined if number.is_in_review() => number.decide_name(false, at),
                Change::NameApproved if number.is_in_review() => number.decide_name(true, at),
                Change::CodeExpires => {
                    number.ownership = super::Ownership::Expired;
                    number.verified_at = None;
                }
                Change::NeedsCode => number.needs_code = true,
                Change::Banned => number.banned = true,
                Change::AttemptsSpent(count) => number.attempts.extend(vec![(at, true); count]),
                _ => {}
            }
        }
    }
}
