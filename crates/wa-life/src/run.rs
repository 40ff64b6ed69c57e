mod decide;
mod wait;

use std::{collections::VecDeque, fmt, sync::Arc, time::UNIX_EPOCH};

use http::{HeaderMap, Response, header::DATE};
use wa_core::{AttemptKind, Config, Error, Timestamp, TransportError, types::VerificationCode};

use wait::Hold;

use crate::{
    Blocker, Ending, Event, EventKind, Goal, History, Listing, Observed, Op, Question, Reason, Reply, Report, Step,
    Subject, Wait, calls,
    jitter::Jitter,
    ledger::{Attempts, LedgerError, Reservation, ReserveError, Settlement},
    transmission::Transmission,
};

/// A number, or an account, on its way to a goal. It does no IO and has no clock.
///
/// [`poll`](Self::poll) returns the next operation, an [`Op`]. Carry it out, pass the result to the run, and poll again. The
/// clients do that by [`Drive`](crate::Drive); a driver for any other HTTP stack and store has the same guarantees.
///
/// A run may be dropped at any point. Another run to the same goal continues from the state of the number and the entries of
/// the ledger.
pub struct Run {
    config: Config,
    goal: Goal,
    subject: Subject,
    seen: Observed,
    history: History,
    code: Option<VerificationCode>,
    /// What the ledger knows; nothing if it must be asked.
    attempts: Option<Attempts>,
    /// The store's clock when the ledger was asked last, and this machine's.
    clocks: Option<(Timestamp, Timestamp)>,
    /// The newest entry of the ledger that was there when the number was read.
    newest_read: u64,
    /// When the number was read last, by this machine's clock.
    read: Option<Timestamp>,
    /// Whether a call of this run has changed something, or may have.
    may_have_acted: bool,
    /// Whether the ledger was asked after the last answer.
    is_up_to_date: bool,
    /// The call that is under way.
    sending: Option<(Step, Transmission)>,
    /// What the ledger is to be told, apart from the call under way.
    note: Option<(Reservation, Settlement)>,
    /// The latest answer, if nothing has happened since: when it came by this machine's clock, and by the service's own.
    answered: Option<(Timestamp, Option<Timestamp>)>,
    hold: Option<Hold>,
    /// What the person is asked and has not answered.
    asked: Option<Question>,
    jitter: Jitter,
    events: VecDeque<Event>,
    watch: Option<Watch>,
    said: Option<EventKind>,
    error: Option<Error>,
    report: Report,
}

type Watch = Arc<dyn Fn(&Event) + Send + Sync>;

impl Run {
    /// Starts a run, or starts one again: its progress is read from the service and the ledger.
    #[must_use]
    pub fn new(config: &Config, goal: impl Into<Goal>) -> Self {
        let goal = goal.into();
        let subject = goal.subject();
        Self {
            config: config.clone(),
            seen: Observed::new(config.api_version()),
            history: History::default(),
            code: None,
            attempts: None,
            clocks: None,
            newest_read: 0,
            read: None,
            may_have_acted: false,
            is_up_to_date: false,
            sending: None,
            note: None,
            answered: None,
            hold: None,
            asked: None,
            jitter: Jitter::none(),
            events: VecDeque::new(),
            watch: None,
            said: None,
            error: None,
            report: Report::new(subject.clone()),
            subject,
            goal,
        }
    }

    /// Lengthens the waits before retries at random, from this seed, so that many runs do not retry at once.
    #[must_use]
    pub fn jitter(mut self, seed: u64) -> Self {
        self.jitter = Jitter::new(seed);
        self
    }

    /// Calls this function with each event as it happens, instead of keeping it for [`events`](Self::events).
    #[must_use]
    pub fn watch(mut self, watch: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.watch = Some(Arc::new(watch));
        self
    }

    /// The number or account that the run is for.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The goal of the run.
    #[must_use]
    pub fn goal(&self) -> &Goal {
        &self.goal
    }

    /// The state that was read last.
    #[must_use]
    pub fn observed(&self) -> &Observed {
        &self.seen
    }

    /// What the answers to this run's calls have shown.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The error of the latest call, if it failed.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// Removes and returns the events since the last call of this method.
    pub fn events(&mut self) -> impl Iterator<Item = Event> {
        self.events.drain(..)
    }

    /// Returns the next operation.
    ///
    /// Every operation but [`Op::Send`] is returned again until its result is recorded. If a call was returned and the next
    /// poll comes before its answer is recorded, the call counts as unanswered.
    pub fn poll(&mut self, now: Timestamp) -> Op {
        loop {
            if let Some(op) = self.go_on(now) {
                return op;
            }
            if let Some((reservation, settlement)) = &self.note {
                let (reservation, settlement) = (reservation.clone(), settlement.clone());
                return Op::Settle { reservation, settlement, now: self.moment(now) };
            }
            if let Some(wait) = self.held(now) {
                return Op::Wait(wait);
            }
            if let Some(question) = &self.asked {
                return Op::Ask(question.clone());
            }
            if let (None, Some(number)) = (&self.attempts, self.subject.number()) {
                return Op::Load { number: number.clone(), now: self.moment(now) };
            }
            if let Some(op) = self.decide(now) {
                return op;
            }
        }
    }

    /// Records the attempts of the number, as the ledger has loaded them.
    pub fn loaded(&mut self, attempts: Attempts, now: Timestamp) {
        // Somebody else has tried something: what was read before it is old.
        if newest(&attempts) > self.newest_read {
            self.newest_read = newest(&attempts);
            self.seen.forget();
        }
        self.clocks = Some((attempts.now().store, now));
        self.attempts = Some(attempts);
        self.is_up_to_date = true;
    }

    /// Records the result of a reservation.
    ///
    /// # Errors
    ///
    /// The ledger failed. The next poll returns the same operation again.
    pub fn reserved(&mut self, reserved: Result<Reservation, ReserveError>, now: Timestamp) -> Result<(), LedgerError> {
        let Some((step, transmission)) = &mut self.sending else {
            return Ok(());
        };
        let step = *step;
        match reserved {
            Ok(reservation) => {
                self.newest_read = self.newest_read.max(reservation.id);
                transmission.reserved(reservation);
            }
            Err(ReserveError::Unavailable(error)) => return Err(error),
            Err(ReserveError::Refused(refusal)) => {
                transmission.not_granted();
                self.attempts = None;
                self.say(EventKind::NotGranted(step), now);
                let reason = if refusal.is_locked { Reason::Locked } else { Reason::NoAttempts };
                self.wait(refusal.wait, reason, now);
            }
            Err(ReserveError::Overtaken) => {
                transmission.not_granted();
                self.attempts = None;
                self.say(EventKind::Overtaken(step), now);
            }
        }
        Ok(())
    }

    /// Records whether the ledger has marked the attempt as sent.
    pub fn marked_sent(&mut self, is_marked: bool, now: Timestamp) {
        let moment = self.moment(now);
        if let Some((step, transmission)) = &mut self.sending {
            let step = *step;
            transmission.marked_sent(is_marked, moment);
            if !is_marked {
                self.say(EventKind::Overtaken(step), now);
            }
        }
    }

    /// Records the answer to a call, or why none came.
    pub fn answered(&mut self, sent: Result<Response<Vec<u8>>, TransportError>, now: Timestamp) {
        let Some(step) = self.sending.as_ref().filter(|(_, sending)| sending.is_sent()).map(|(step, _)| *step) else {
            return;
        };
        let dated = sent.as_ref().ok().map(|response| (now, date(response.headers())));
        let result = calls::read(&self.goal, &mut self.seen, step, sent);
        // What stands between the service and here has a clock of its own.
        let is_its_word = result.as_ref().map_or_else(|error| error.graph().is_some(), |()| true);
        self.answered = dated.filter(|_| is_its_word).or(self.answered);
        self.take_in(step, result, now);
    }

    /// Records that the ledger has settled the attempt.
    pub fn settled(&mut self) {
        // What it knows has changed.
        self.attempts = None;
        match &mut self.sending {
            Some((_, transmission)) => transmission.settled(),
            None => self.note = None,
        }
    }

    /// Records the one-time code that the person has received.
    pub fn code_received(&mut self, code: VerificationCode) {
        (self.asked, self.code) = (None, Some(code));
        (self.history.has_code, self.history.code_was_wrong) = (true, false);
        self.person_replied();
    }

    /// Records that no code has come, so that the run requests another one.
    pub fn code_not_received(&mut self) {
        (self.asked, self.code) = (None, None);
        (self.history.has_code, self.history.wants_another_code) = (false, true);
        self.person_replied();
    }

    /// Ends the wait, such as after a webhook: the next poll reads the number again.
    ///
    /// The wait before a retry goes on, and so does the wait for the effect of a call that had no answer: ended early, either
    /// could make a call a second time too soon.
    pub fn wake(&mut self) {
        if let Some(hold) = self.hold.as_mut().filter(|hold| !hold.is_firm) {
            hold.is_over = true;
        }
    }

    /// Records whether the program has waited. If it has not and will not, the run is over: this returns its report.
    pub fn waited(&mut self, wait: &Wait, has_waited: bool) -> Option<Report> {
        (!has_waited).then(|| self.report(Ending::Blocked(wait.blocker.clone())))
    }

    /// Records the person's reply. If the person stops, the run is over: this returns its report.
    pub fn replied(&mut self, reply: Reply) -> Option<Report> {
        match reply {
            Reply::Code(code) => self.code_received(code),
            Reply::NotReceived => self.code_not_received(),
            Reply::Stop => return Some(self.report(Ending::Blocked(Blocker::new(Reason::CodeNeeded)))),
        }
        None
    }

    /// The report at this moment, with this ending: for a program that gives the run up.
    #[must_use]
    pub fn report(&self, ending: Ending) -> Report {
        let mut report = self.report.clone();
        report.was_reached = ending == Ending::Done && !self.may_have_acted;
        report.attempts_left = self.attempts.as_ref().map(|attempts| attempts.left(AttemptKind::Register));
        report.added = match &self.seen.listing {
            Some(Listing::Found(id)) => Some(id.clone()),
            _ => None,
        };
        if let (Ending::Done, Goal::Onboard(_), true) = (&ending, &self.goal, self.is_on_business_app()) {
            report.webhooks = &["smb_app_state_sync", "history", "smb_message_echoes"];
        }
        if ending != Ending::Done {
            report.error = self.error.as_ref().map(ToString::to_string);
            let graph = self.error.as_ref().and_then(Error::graph);
            report.user_message = graph
                .map(|graph| (graph.user_title.clone(), graph.user_message.clone()))
                .filter(|(title, message)| title.is_some() || message.is_some());
        }
        report.ending = ending;
        report
    }

    fn is_on_business_app(&self) -> bool {
        self.report.number.as_ref().is_some_and(|number| number.is_on_biz_app == Some(true))
    }

    fn say(&mut self, kind: EventKind, at: Timestamp) {
        if self.said.as_ref() == Some(&kind) {
            return;
        }
        self.said = Some(kind.clone());
        let event = Event { at, subject: self.subject.clone(), kind };
        match &self.watch {
            Some(watch) => watch(&event),
            None => self.events.push_back(event),
        }
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("subject", &self.subject)
            .field("goal", &self.goal.name())
            .field("history", &self.history)
            .field("sending", &self.sending)
            .finish_non_exhaustive()
    }
}

fn newest(attempts: &Attempts) -> u64 {
    attempts.entries().iter().map(|entry| entry.id).max().unwrap_or(0)
}

pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let time = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    (time > UNIX_EPOCH).then(|| time.into())
}
