use std::time::Duration;

use wa_core::{Timestamp, types::PhoneNumberId};

use crate::{
    Call, Op,
    ledger::{Attempt, AttemptState, Moment, Reservation, Settlement},
};

/// One call on its way: reserved, marked as sent, sent, settled. A call that no ledger counts is only sent.
#[derive(Debug)]
pub(crate) struct Transmission {
    stage: Stage,
    call: Option<Box<Call>>,
    reservation: Option<Reservation>,
    /// When it was decided on. What was known then grows old.
    decided: Timestamp,
    timeout: Duration,
    /// Until when its answer is waited for.
    deadline: Timestamp,
}

#[derive(Debug)]
enum Stage {
    Reserve(PhoneNumberId, Attempt),
    MarkSent,
    Send,
    /// Handed out: from here on nobody but the service knows what became of it.
    Sent,
    Settle(Settlement, Moment),
    Over,
}

/// What the caller has to do for a transmission.
pub(crate) enum Turn {
    /// Carry out this operation.
    Do(Op),
    /// Record that the call has no answer: it was returned, and the next poll came before its answer.
    Unanswered,
    /// Nothing more.
    Over,
}

impl Transmission {
    pub(crate) fn new(call: Call, attempt: Option<(PhoneNumberId, Attempt)>, decided: Timestamp) -> Self {
        let stage = attempt.map_or(Stage::Send, |(number, attempt)| Stage::Reserve(number, attempt));
        let timeout = call.limits.timeout;
        Self { stage, call: Some(Box::new(call)), reservation: None, decided, timeout, deadline: decided }
    }

    /// Returns what to do next. `clock` is the time of this machine; `now` is the moment that is passed to the ledger.
    pub(crate) fn poll(&mut self, clock: Timestamp, now: Moment) -> Turn {
        // The decision was made by what was read before. Nothing has left, so nothing is lost by making it anew.
        let is_old = clock.since(self.decided) > FRESH || clock < self.decided;
        if is_old && matches!(self.stage, Stage::Reserve(..) | Stage::MarkSent | Stage::Send) {
            self.withdraw(clock, now);
        }
        match (&self.stage, &self.reservation) {
            (Stage::Reserve(number, attempt), _) => {
                Turn::Do(Op::Reserve { number: number.clone(), attempt: attempt.clone(), now })
            }
            (Stage::MarkSent, Some(reservation)) => Turn::Do(Op::MarkSent { reservation: reservation.clone(), now }),
            (Stage::Settle(settlement, at), Some(reservation)) => {
                let (reservation, settlement) = (reservation.clone(), settlement.clone());
                Turn::Do(Op::Settle { reservation, settlement, now: *at })
            }
            (Stage::Send, _) => match self.call.take() {
                Some(call) => {
                    (self.stage, self.deadline) = (Stage::Sent, clock + self.timeout);
                    Turn::Do(Op::Send(call))
                }
                None => Turn::Over,
            },
            (Stage::Sent, _) => Turn::Unanswered,
            (Stage::Over | Stage::MarkSent | Stage::Settle(..), _) => Turn::Over,
        }
    }

    pub(crate) fn reserved(&mut self, reservation: Reservation) {
        if let Stage::Reserve(..) = self.stage {
            (self.stage, self.reservation) = (Stage::MarkSent, Some(reservation));
        }
    }

    /// The reservation is marked, unless somebody has given it back. Nothing was sent with it in either case.
    pub(crate) fn marked_sent(&mut self, is_marked: bool, now: Moment) {
        if let Stage::MarkSent = self.stage {
            if is_marked { self.stage = Stage::Send } else { self.withdraw(self.decided, now) }
        }
    }

    /// Records what became of the request. One without an answer may arrive until its timeout.
    pub(crate) fn settle(&mut self, settlement: Settlement, clock: Timestamp, now: Moment) {
        let at = match settlement.state {
            AttemptState::Unknown => {
                let left = self.deadline.since(clock);
                Moment::new(now.store, now.service.map(|service| service + left))
            }
            _ => now,
        };
        self.stage = if self.reservation.is_some() { Stage::Settle(settlement, at) } else { Stage::Over };
    }

    pub(crate) fn settled(&mut self) {
        if let Stage::Settle(..) = self.stage {
            self.stage = Stage::Over;
        }
    }

    /// Gives the reservation back, if there is one.
    fn withdraw(&mut self, clock: Timestamp, now: Moment) {
        self.call = None;
        self.settle(Settlement::new(AttemptState::NotSent), clock, now);
    }

    /// Ends without a reservation.
    pub(crate) fn not_granted(&mut self) {
        if let Stage::Reserve(..) = self.stage {
            self.stage = Stage::Over;
        }
    }

    pub(crate) fn is_sent(&self) -> bool {
        matches!(self.stage, Stage::Sent)
    }
}

/// How long a decision, and the date of an answer, may be used: the process may have slept since.
pub(crate) const FRESH: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use wa_core::{AttemptKind, CallLimits, Config, Endpoint, Operation, api::number::Deregister, types::AccessToken};

    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_millis(1_750_000_000_000 + seconds * 1_000)
    }

    fn number() -> PhoneNumberId {
        PhoneNumberId::new("106540352242922").unwrap()
    }

    fn transmission(kind: Option<AttemptKind>) -> Transmission {
        let (config, number) = (Config::new(AccessToken::new("EAAJB").unwrap()), number());
        let endpoint = Deregister::new(&number);
        let request = config.request(&endpoint).unwrap();
        let call = Call::new(Operation::new::<Deregister<'_>>(), request, CallLimits::new(Duration::from_secs(60)));
        assert_eq!(Deregister::NAME, "number.deregister");
        Transmission::new(call, kind.map(|kind| (number.clone(), Attempt::new(kind))), at(100))
    }

    fn reservation() -> Reservation {
        Reservation::new(7, number(), AttemptKind::Deregister)
    }

    fn poll(transmission: &mut Transmission, seconds: u64) -> String {
        match transmission.poll(at(seconds), Moment::new(at(seconds), Some(at(seconds + 5)))) {
            Turn::Do(Op::Reserve { .. }) => "reserve".to_owned(),
            Turn::Do(Op::MarkSent { .. }) => "mark".to_owned(),
            Turn::Do(Op::Send(_)) => "send".to_owned(),
            Turn::Do(Op::Settle { settlement, .. }) => format!("settle {}", settlement.state.as_str()),
            Turn::Do(other) => panic!("{other:?}"),
            Turn::Unanswered => "unanswered".to_owned(),
            Turn::Over => "over".to_owned(),
        }
    }

    fn counted() -> Transmission {
        transmission(Some(AttemptKind::Deregister))
    }

    fn marked() -> Transmission {
        let mut transmission = counted();
        transmission.reserved(reservation());
        transmission.marked_sent(true, at(100).into());
        transmission
    }

    #[test]
    fn a_call_is_reserved_marked_sent_and_settled_in_this_order() {
        let mut transmission = counted();
        // Everything but the sending is said again until its result is recorded.
        assert_eq!([100, 101].map(|now| poll(&mut transmission, now)), ["reserve", "reserve"]);
        transmission.reserved(reservation());
        assert_eq!([101, 102].map(|now| poll(&mut transmission, now)), ["mark", "mark"]);
        transmission.marked_sent(true, at(102).into());
        assert!(!transmission.is_sent());
        assert_eq!([102, 103].map(|now| poll(&mut transmission, now)), ["send", "unanswered"]);
        assert!(transmission.is_sent());
        transmission.settle(Settlement::new(AttemptState::Confirmed), at(104), at(104).into());
        assert_eq!([104, 900].map(|now| poll(&mut transmission, now)), ["settle confirmed", "settle confirmed"]);
        transmission.settled();
        assert_eq!(poll(&mut transmission, 900), "over");
    }

    #[test]
    fn a_call_that_no_ledger_counts_is_only_sent() {
        let mut transmission = transmission(None);
        assert_eq!(poll(&mut transmission, 100), "send");
        transmission.settle(Settlement::new(AttemptState::Confirmed), at(101), at(101).into());
        assert_eq!(poll(&mut transmission, 101), "over");
    }

    #[test]
    fn what_was_decided_long_ago_or_by_another_clock_is_not_sent() {
        for (seconds, is_old) in [(100, false), (130, false), (131, true), (99, true)] {
            let mut fresh = counted();
            assert_eq!(poll(&mut fresh, seconds), if is_old { "over" } else { "reserve" }, "{seconds}");
            let mut reserved = counted();
            reserved.reserved(reservation());
            assert_eq!(poll(&mut reserved, seconds), if is_old { "settle not_sent" } else { "mark" }, "{seconds}");
            let mut marked = marked();
            assert_eq!(poll(&mut marked, seconds), if is_old { "settle not_sent" } else { "send" }, "{seconds}");
            if is_old {
                marked.settled();
                assert_eq!(poll(&mut marked, seconds), "over");
            }
        }
        // What was sent has to be settled, however late.
        let mut sent = marked();
        poll(&mut sent, 100);
        assert_eq!(poll(&mut sent, 9_000), "unanswered");
    }

    #[test]
    fn a_reservation_that_was_given_back_or_never_granted_sends_nothing() {
        let mut given_back = counted();
        given_back.reserved(reservation());
        given_back.marked_sent(false, at(100).into());
        assert_eq!(poll(&mut given_back, 100), "settle not_sent");
        let mut refused = counted();
        refused.not_granted();
        assert_eq!(poll(&mut refused, 100), "over");
    }

    #[test]
    fn results_that_nobody_asked_for_change_nothing() {
        let mut sent = marked();
        poll(&mut sent, 100);
        sent.reserved(reservation());
        sent.marked_sent(false, at(100).into());
        sent.not_granted();
        sent.settled();
        assert!(sent.is_sent());
        let mut marked = marked();
        marked.marked_sent(false, at(100).into());
        assert_eq!(poll(&mut marked, 100), "send");
    }

    #[test]
    fn a_call_without_an_answer_may_arrive_until_its_timeout() {
        let settled_at = |state, seconds: u64| {
            let mut sent = marked();
            poll(&mut sent, 100);
            let now = Moment::new(at(seconds), Some(at(seconds + 5)));
            sent.settle(Settlement::new(state), at(seconds), now);
            match sent.poll(at(seconds), now) {
                Turn::Do(Op::Settle { now, reservation, .. }) => {
                    assert_eq!(reservation.id, 7);
                    now
                }
                _ => panic!("it is to be settled"),
            }
        };
        let both = |store, service| Moment::new(at(store), Some(at(service)));
        // It was sent at 100, and its timeout is a minute.
        assert_eq!(settled_at(AttemptState::Unknown, 110), both(110, 165));
        assert_eq!(settled_at(AttemptState::Unknown, 160), both(160, 165));
        assert_eq!(settled_at(AttemptState::Unknown, 300), both(300, 305));
        assert_eq!(settled_at(AttemptState::Confirmed, 110), both(110, 115));
        assert_eq!(settled_at(AttemptState::Rejected, 110), both(110, 115));
    }
}
