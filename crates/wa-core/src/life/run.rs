use std::{
    collections::VecDeque,
    time::{Duration, UNIX_EPOCH},
};

use http::{HeaderMap, Response, header::DATE};
use wa_types::{PhoneNumberId, VerificationCode};

use crate::{
    Config, Error, Outcome, Timestamp, TransportError,
    ledger::{AttemptState, Attempts, LedgerError, Refusal, Reservation, ReserveError, Settlement},
    life::{
        Action, Blocker, Call, Ending, Event, EventKind, Goal, Observed, Question, Reason, Report, Step, Task, Wait,
        calls::unanswered, plan,
    },
};

/// A number on its way to a goal. It does no IO and has no clock.
///
/// Ask [`next`](Self::next) what to do, do it, tell the outcome with [`receive`](Self::receive), [`refused`](Self::refused),
/// [`code`](Self::code) or [`code_not_received`](Self::code_not_received), and ask again. Where others may be at the same number, look once
/// more between the reservation and the request: [`is_overtaken`](Self::is_overtaken).
#[derive(Debug)]
pub struct Run {
    pub(crate) config: Config,
    pub(crate) goal: Goal,
    pub(crate) seen: Observed,
    pub(crate) code: Option<VerificationCode>,
    under_way: Option<(Task, Timestamp, Duration)>,
    /// The latest answer, if nothing has happened since: when it came by this machine's clock, and by the service's own.
    answered: Option<(Timestamp, Option<Timestamp>)>,
    hold: Option<Hold>,
    /// What the person is asked and has not answered.
    asked: Option<Question>,
    /// The newest attempt in the ledger that this run knows of.
    known: Option<u64>,
    /// What the ledger could not note.
    pub(crate) unsettled: Option<(Reservation, Settlement, Timestamp)>,
    events: VecDeque<Event>,
    said: Option<EventKind>,
    error: Option<Error>,
    requests: u32,
}

impl Run {
    /// Begins, or begins again: nothing but the number itself and the ledger tells how far it is.
    #[must_use]
    pub fn new(config: &Config, goal: impl Into<Goal>) -> Self {
        Self {
            config: config.clone(),
            goal: goal.into(),
            seen: Observed::new(config.api_version()),
            code: None,
            under_way: None,
            answered: None,
            hold: None,
            asked: None,
            known: None,
            unsettled: None,
            events: VecDeque::new(),
            said: None,
            error: None,
            requests: 0,
        }
    }

    /// The number it is about.
    #[must_use]
    pub fn number(&self) -> &PhoneNumberId {
        self.goal.number()
    }

    /// What it is to become.
    #[must_use]
    pub fn goal(&self) -> &Goal {
        &self.goal
    }

    /// What is known of the number.
    #[must_use]
    pub fn observed(&self) -> &Observed {
        &self.seen
    }

    /// What went wrong with the latest call, if anything did.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// Takes what has happened since this was asked last.
    pub fn events(&mut self) -> impl Iterator<Item = Event> {
        self.events.drain(..)
    }

    /// What to do now, by what the ledger knows of the number.
    pub fn next(&mut self, attempts: &Attempts, now: Timestamp) -> Action {
        // Handed out, and nothing was told of it: it may have left.
        if let Some((task, ..)) = self.take_back() {
            self.went_wrong(task, unanswered(task), now);
        }
        // Somebody else has tried something: what was read before it is old.
        let newest = attempts.entries().iter().map(|entry| entry.id).max();
        if newest > self.known {
            self.known = newest;
            self.seen.forget_reads();
        }
        if let Some(hold) = &mut self.hold {
            // A clock that went back must not make a wait of minutes one of years.
            hold.since = hold.since.min(now);
            let until = hold.since + hold.length;
            if now < until {
                return Action::Wait(Wait { length: until.since(now), blocker: hold.blocker.clone() });
            }
            if hold.length >= LONG {
                self.seen.confirmed.remove(&Task::VerifyCode);
            }
            self.seen.forget_reads();
            self.hold = None;
        }
        if let Some(question) = &self.asked {
            return Action::Ask(question.clone());
        }
        loop {
            let fresh = self.service_time(now);
            let moment = fresh.unwrap_or(now);
            let task = match plan(&self.goal, &self.seen, attempts, moment) {
                Step::Call(task) => task,
                Step::Ask(question) => {
                    self.say(EventKind::Asking(question.clone()), now);
                    self.answered = None;
                    self.asked = Some(question.clone());
                    return Action::Ask(question);
                }
                Step::Wait(blocker) => {
                    let length = blocker.until.map_or(SHORTEST_WAIT, |until| until.since(moment)).max(SHORTEST_WAIT);
                    return Action::Wait(self.wait(length, blocker.reason, now));
                }
                Step::End(ending) => {
                    self.say(EventKind::Ended(ending.clone()), now);
                    return Action::Done(self.report(ending));
                }
            };
            // An attempt is dated by the service's own clock, since this machine's may be wrong: an answer tells it.
            if task.is_counted() && fresh.is_none() {
                self.seen.number = None;
                continue;
            }
            match self.build(task) {
                Ok((request, timeout)) => {
                    self.say(EventKind::Calling(task), now);
                    self.under_way = Some((task, moment, timeout));
                    if task == Task::SetPin {
                        self.seen.pin_was_off = self.pin_is_off();
                    }
                    return Action::Send(Box::new(Call { task, at: moment, timeout, request }));
                }
                Err(error) => self.went_wrong(task, error, now),
            }
        }
    }

    /// Takes the answer to what was sent, or its absence. What it returns is to be noted in the ledger, with its time, if
    /// an attempt was reserved.
    pub fn receive(
        &mut self,
        sent: Result<Response<Vec<u8>>, TransportError>,
        now: Timestamp,
    ) -> Option<(Settlement, Timestamp)> {
        let (task, at, timeout) = self.take_back()?;
        self.requests += 1;
        let answered = sent.as_ref().ok().map(|response| (now, date(response.headers())));
        let result = self.read(task, sent);
        // What stands between the service and here has a clock of its own.
        let is_its_word = result.as_ref().map_or_else(|error| error.graph().is_some(), |()| true);
        self.answered = answered.filter(|_| is_its_word);
        let settled = match self.answered {
            Some((_, there)) => there.unwrap_or_else(|| now.max(at)),
            // Until then it may have been on its way.
            None => at + timeout,
        };
        let settlement = Settlement::from_result(&result);
        match result {
            Ok(()) => {
                self.error = None;
                self.say(EventKind::Confirmed(task), now);
                if !task.is_read() {
                    self.seen.confirm(task);
                } else {
                    self.seen.failed.remove(&task);
                }
                if task == Task::VerifyCode {
                    self.seen.has_code = false;
                    self.code = None;
                }
            }
            Err(error) => self.went_wrong(task, error, now),
        }
        task.attempt().map(|_| (settlement, settled))
    }

    /// Takes that the ledger granted no attempt: nothing was sent.
    pub fn refused(&mut self, refusal: &Refusal, now: Timestamp) {
        let Some((task, at, _)) = self.under_way.take() else {
            return;
        };
        self.say(EventKind::NotGranted(task), now);
        let reason = if refusal.is_locked { Reason::Locked } else { Reason::NoAttempts };
        self.wait(refusal.next_free.since(at).max(SHORTEST_WAIT), reason, now);
    }

    /// Whether somebody else has tried the same since this was planned, by what the ledger knows after the reservation.
    ///
    /// If so, the call must not be made: settle its reservation as [`NotSent`](crate::ledger::AttemptState::NotSent), and ask
    /// [`next`](Self::next) again.
    #[must_use]
    pub fn is_overtaken(&mut self, reservation: &Reservation, attempts: &Attempts) -> bool {
        let earlier = attempts.entries().iter().take_while(|entry| entry.id != reservation.id);
        let mut rivals =
            earlier.filter(|entry| entry.attempt == reservation.attempt && entry.state != AttemptState::NotSent);
        let is_overtaken = rivals.any(|entry| Some(entry.id) > self.known);
        if is_overtaken {
            self.withdraw();
        } else {
            self.known = self.known.max(Some(reservation.id));
        }
        is_overtaken
    }

    /// Keeps the reservation for what is to be sent. Until it is used, the attempt can be given back. False if there is none.
    pub(crate) fn take_ticket(
        &mut self,
        reserved: Result<Reservation, ReserveError>,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        match reserved {
            Ok(reservation) => self.unsettled = Some((reservation, Settlement::new(AttemptState::NotSent), at)),
            Err(ReserveError::Refused(refusal)) => {
                self.refused(&refusal, now);
                return Ok(false);
            }
            Err(ReserveError::Unavailable(error)) => {
                self.withdraw();
                return Err(error);
            }
        }
        Ok(true)
    }

    /// The reservation to send with; none if somebody else was faster.
    pub(crate) fn use_ticket(&mut self, attempts: &Attempts) -> Option<Reservation> {
        let kept = self.unsettled.take()?;
        if self.is_overtaken(&kept.0, attempts) {
            self.unsettled = Some(kept);
            return None;
        }
        Some(kept.0)
    }

    /// Takes that nothing was sent after all.
    pub fn withdraw(&mut self) {
        self.under_way = None;
    }

    /// Takes the one-time code from the person.
    pub fn code(&mut self, code: VerificationCode) {
        self.asked = None;
        self.code = Some(code);
        (self.seen.has_code, self.seen.code_was_wrong) = (true, false);
    }

    /// Takes that no code has come: another one is sent.
    pub fn code_not_received(&mut self) {
        self.asked = None;
        self.code = None;
        self.seen.has_code = false;
        self.seen.wants_another_code = true;
    }

    /// Looks again now instead of waiting on, such as after a webhook.
    pub fn wake(&mut self) {
        if let Some(hold) = &mut self.hold {
            hold.length = Duration::ZERO;
        }
    }

    pub(crate) fn report(&self, ending: Ending) -> Report {
        let error = self.error.as_ref().filter(|_| self.seen.ending.as_ref() == Some(&ending)).map(ToString::to_string);
        Report { number: self.number().clone(), ending, requests: self.requests, error }
    }

    fn went_wrong(&mut self, task: Task, error: Error, now: Timestamp) {
        self.say(
            match error.outcome() {
                Outcome::NotSent => EventKind::NotSent(task),
                Outcome::Unknown => EventKind::Unanswered(task),
                Outcome::Rejected => EventKind::Refused(task, error.code(), error.advice().title),
            },
            now,
        );
        let pause = self.seen.learn(task, &error);
        if !self.seen.has_code {
            self.code = None;
        }
        self.error = Some(error);
        if let Some((length, reason)) = pause {
            self.wait(length.min(LONGEST_WAIT), reason, now);
        }
    }

    /// What was handed out. A code that was asked for in it is not asked for again.
    fn take_back(&mut self) -> Option<(Task, Timestamp, Duration)> {
        let handed_out = self.under_way.take()?;
        if handed_out.0 == Task::RequestCode {
            (self.seen.wants_another_code, self.seen.code_was_wrong) = (false, false);
        }
        Some(handed_out)
    }

    fn wait(&mut self, length: Duration, reason: Reason, now: Timestamp) -> Wait {
        let wait = Wait { length, blocker: Blocker::until(reason, now + length) };
        self.say(EventKind::Waiting(wait.clone()), now);
        self.hold = Some(Hold { since: now, length, blocker: wait.blocker.clone() });
        self.answered = None;
        wait
    }

    /// The present moment by the service's own clock, if an answer has told it a moment ago.
    fn service_time(&self, now: Timestamp) -> Option<Timestamp> {
        let (here, there) = self.answered?;
        let since = now.since(here);
        (here <= now && since <= FRESH).then(|| there.map_or(now, |there| there + since))
    }

    fn pin_is_off(&self) -> bool {
        self.seen.number.as_ref().is_some_and(|number| number.is_pin_enabled == Some(false))
    }

    fn say(&mut self, what: EventKind, at: Timestamp) {
        if self.said.as_ref() != Some(&what) {
            self.said = Some(what.clone());
            self.events.push_back(Event { at, number: self.goal.number().clone(), what });
        }
    }
}

#[derive(Debug)]
struct Hold {
    since: Timestamp,
    length: Duration,
    blocker: Blocker,
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let time = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    (time > UNIX_EPOCH).then(|| time.into())
}

/// How long after an answer its time is good for: a process may have slept since.
const FRESH: Duration = Duration::from_secs(30);
/// However soon a blocker is said to end, the service is not asked more often.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// However late a blocker is said to end: the longest that the service documents, and the ledger's margin.
const LONGEST_WAIT: Duration = Duration::from_secs(73 * 3_600);
/// After a wait as long as this, a proof of ownership may have expired.
const LONG: Duration = Duration::from_secs(900);
