//! What comes next, and what becomes of the calls.

use std::time::Duration;

use wa_core::{AttemptKind, Error, Outcome, Timestamp, types::GraphError};

use super::{Run, newest};
use crate::{
    Decision, Ending, EventKind, Fault, Op, Reason, Step, calls,
    learn::learn,
    ledger::{Attempt, AttemptState, Attempts, Settlement},
    plan::plan,
    reconcile::reconcile,
    transmission::{FRESH, Transmission, Turn},
};

impl Run {
    /// Goes on with the call that is under way; nothing if there is none, or it is over.
    pub(super) fn go_on(&mut self, now: Timestamp) -> Option<Op> {
        let moment = self.moment(now);
        loop {
            let (step, transmission) = self.sending.as_mut()?;
            match transmission.poll(now, moment) {
                Turn::Do(op) => return Some(op),
                Turn::Unanswered => {
                    let step = *step;
                    self.take_in(step, Err(calls::unanswered(step)), now);
                }
                Turn::Over => self.sending = None,
            }
        }
    }

    /// Decides what comes next; nothing if that was to be prepared first.
    pub(super) fn decide(&mut self, now: Timestamp) -> Option<Op> {
        let moment = self.moment(now);
        let attempts = self.attempts_at(moment);
        if let Some(number) = self.subject.number() {
            self.note = reconcile(&self.goal, &self.seen, &attempts, number);
            if self.note.is_some() {
                return None;
            }
        }
        let step = match plan(&self.goal, &self.seen, &self.history, &attempts) {
            Decision::Call(step) => step,
            Decision::Ask(question) => {
                self.say(EventKind::Asking(question.clone()), now);
                (self.answered, self.asked) = (None, Some(question));
                return None;
            }
            Decision::Wait(blocker) => {
                let length = blocker.until.map_or(Duration::ZERO, |until| until.since(moment.store));
                self.wait(length, blocker.reason, now);
                return None;
            }
            // Somebody else may have changed the number between two of the readings that show it: the ledger would know.
            Decision::End(Ending::Done) if self.subject.number().is_some() && !self.is_up_to_date => {
                self.attempts = None;
                return None;
            }
            Decision::End(ending) => {
                self.say(EventKind::Ended(ending.clone()), now);
                return Some(Op::Done(Box::new(self.report(ending))));
            }
        };
        // An attempt is decided on by what was read a moment ago, and dated by the service's clock, which an answer tells.
        let is_read = self.read.is_some_and(|read| read <= now && now.since(read) <= FRESH);
        if step.is_counted() && !(is_read && self.fresh_answer(now).is_some()) {
            self.seen.number = None;
            return self.decide(now);
        }
        self.send(step, &attempts, now);
        None
    }

    fn send(&mut self, step: Step, attempts: &Attempts, now: Timestamp) {
        let built = calls::build(&self.config, &self.goal, &self.seen, &self.history, self.code.as_ref(), step);
        let call = match built {
            Ok(call) => call,
            Err(error) => {
                self.report.step = Some(step);
                return self.went_wrong(step, error, now);
            }
        };
        self.say(EventKind::Calling(step), now);
        let attempt = step.attempt().zip(self.subject.number()).map(|(kind, number)| {
            let name = self.seen.approved_name().filter(|_| kind == AttemptKind::Register);
            let attempt = Attempt::new(kind).unless_newer_than(newest(attempts)).display_name(name);
            (number.clone(), attempt)
        });
        // An attempt is not reserved once the answer that tells the service's time is old.
        let decided = self.answered.filter(|_| step.is_counted()).map_or(now, |(here, _)| here);
        self.sending = Some((step, Transmission::new(call, attempt, decided)));
    }

    /// Takes in what became of the call that is under way, for the ledger and for what comes next.
    pub(super) fn take_in(&mut self, step: Step, result: Result<(), Error>, now: Timestamp) {
        self.report.requests += 1;
        self.report.step = Some(step);
        self.is_up_to_date = false;
        if step == Step::RequestCode {
            (self.history.wants_another_code, self.history.code_was_wrong) = (false, false);
        }
        let settlement = Settlement::from_result(&result);
        self.may_have_acted |=
            !step.is_read() && matches!(settlement.state, AttemptState::Confirmed | AttemptState::Unknown);
        let moment = self.moment(now);
        if let Some((_, transmission)) = &mut self.sending {
            transmission.settle(settlement, now, moment);
        }
        match result {
            Ok(()) => {
                self.error = None;
                self.history.confirm(step, moment);
                if step == Step::ReadNumber {
                    self.seen.read_at = moment;
                    self.read = Some(now);
                    self.report.number.clone_from(&self.seen.number);
                }
                if step == Step::VerifyCode {
                    self.code = None;
                }
                self.say(EventKind::Confirmed(step), now);
            }
            Err(error) => self.went_wrong(step, error, now),
        }
    }

    fn went_wrong(&mut self, step: Step, error: Error, now: Timestamp) {
        let fault = || Fault::new(error.code(), &error.advice(), error.graph().and_then(GraphError::sound_trace_id));
        let kind = match (error.outcome(), &error) {
            (Outcome::Rejected, _) => EventKind::Refused(step, fault()),
            (_, Error::Build { .. }) => EventKind::Invalid(step),
            (Outcome::NotSent, _) => EventKind::NotSent(step),
            (_, Error::Api { .. } | Error::Decode { .. }) => EventKind::Failed(step, fault()),
            _ => EventKind::Unanswered(step),
        };
        self.say(kind, now);
        let moment = self.moment(now);
        let attempts = self.attempts_at(moment);
        let backoff = learn(&mut self.history, &mut self.seen, &attempts, step, &error);
        if !self.history.has_code {
            self.code = None;
        }
        self.error = Some(error);
        if let Some(backoff) = backoff {
            let is_settling = matches!(backoff.reason, Reason::Settling(_));
            let length = if backoff.is_retry { self.jitter.stretch(backoff.length) } else { backoff.length };
            self.wait(length, backoff.reason, now);
            if let Some(hold) = &mut self.hold {
                hold.is_retry = backoff.is_retry;
                // Nothing but this wait keeps the call from being made again: the ledger does not know of it.
                hold.is_firm = backoff.is_retry || is_settling;
            }
        }
    }

    /// The person may have taken days to reply: what was known before is old. The number is read again in any case before an
    /// attempt.
    pub(super) fn person_replied(&mut self) {
        (self.seen.storage, self.seen.subscription) = (None, None);
        self.attempts = None;
    }
}
