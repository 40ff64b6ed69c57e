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

/// What a transmission comes to.
pub(crate) enum Turn {
    /// This is to be done.
    Do(Op),
    /// It was handed out and the next poll came before its answer.
    Unanswered,
    /// There is nothing more to do.
    Over,
}

impl Transmission {
    pub(crate) fn new(call: Call, attempt: Option<(PhoneNumberId, Attempt)>, decided: Timestamp) -> Self {
        let stage = attempt.map_or(Stage::Send, |(number, attempt)| Stage::Reserve(number, attempt));
        let timeout = call.timeout;
        Self { stage, call: Some(Box::new(call)), reservation: None, decided, timeout, deadline: decided }
    }

    /// What is to be done next. `clock` is the clock of this machine, `now` the present moment as the ledger is told it.
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

/// How long a decision holds, and the time that an answer has told: the process may have slept since.
pub(crate) const FRESH: Duration = Duration::from_secs(30);
