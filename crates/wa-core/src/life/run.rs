use std::{
    collections::VecDeque,
    fmt,
    time::{Duration, UNIX_EPOCH},
};

use http::{HeaderMap, Request, Response, header::DATE};
use wa_types::{PhoneNumberId, VerificationCode};

use crate::{
    Attempt, Body, Config, Error, Outcome, Timestamp, TransportError,
    ledger::{Attempts, Refusal, Settlement, Ticket},
    life::{
        Ending, Event, Goal, Happening, Hindrance, Observed, Question, Reason, Step, Task, calls::unanswered, plan,
    },
};

/// A number on its way to a goal. It does no IO and has no clock.
///
/// Ask [`next`](Self::next) what to do, do it, tell the outcome with [`receive`](Self::receive), [`refused`](Self::refused),
/// [`code`](Self::code) or [`no_code`](Self::no_code), and ask again.
#[derive(Debug)]
pub struct Run {
    pub(crate) config: Config,
    pub(crate) goal: Goal,
    pub(crate) seen: Observed,
    pub(crate) code: Option<VerificationCode>,
    under_way: Option<(Task, Timestamp, Duration)>,
    /// The latest answer, if nothing has happened since: when it came by this machine's clock, and by the service's own.
    answered: Option<(Timestamp, Option<Timestamp>)>,
    hold: Option<(Timestamp, Hindrance)>,
    events: VecDeque<Event>,
    said: Option<Happening>,
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

    /// The latest error of a call.
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
        if let Some((task, ..)) = self.under_way.take() {
            self.went_wrong(task, unanswered(task), now);
        }
        if let Some((until, hindrance)) = self.hold.take() {
            if now < until {
                let wait = Wait { length: until.since(now), hindrance: hindrance.clone() };
                self.hold = Some((until, hindrance));
                return Action::Wait(wait);
            }
            self.seen.forget_reads();
        }
        loop {
            let fresh = self.service_time(now);
            let moment = fresh.unwrap_or(now);
            let task = match plan(&self.goal, &self.seen, attempts, moment) {
                Step::Call(task) => task,
                Step::Ask(question) => {
                    self.say(Happening::Asking(question.clone()), now);
                    self.answered = None;
                    return Action::Ask(question);
                }
                Step::Wait(hindrance) => {
                    let length = hindrance.until.map_or(SHORTEST_WAIT, |until| until.since(moment)).max(SHORTEST_WAIT);
                    return Action::Wait(self.wait(length, hindrance.reason, now));
                }
                Step::End(ending) => {
                    self.say(Happening::Ended(ending.clone()), now);
                    return Action::Done(self.report(ending));
                }
            };
            // An attempt is dated by the service's own clock, since this machine's may be wrong: an answer tells it.
            if task.is_counted() && fresh.is_none() {
                self.seen.number = None;
                continue;
            }
            match self.build(task) {
                Ok((request, patience)) => {
                    self.say(Happening::Calling(task), now);
                    self.under_way = Some((task, moment, patience));
                    if task == Task::RequestCode {
                        (self.seen.wants_another_code, self.seen.code_was_wrong) = (false, false);
                    }
                    if task == Task::SetPin {
                        self.seen.pin_was_off = self.pin_is_off();
                    }
                    return Action::Send(Box::new(Call { task, at: moment, patience, request }));
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
        let (task, at, patience) = self.under_way.take()?;
        self.requests += 1;
        self.answered = sent.as_ref().ok().map(|response| (now, date(response.headers())));
        let settled = match self.answered {
            Some((_, there)) => there.unwrap_or_else(|| now.max(at)),
            // Until then it may have been on its way.
            None => at + patience,
        };
        let result = self.read(task, sent);
        let settlement = Settlement::of(&result);
        match result {
            Ok(()) => {
                self.say(Happening::Confirmed(task), now);
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
        self.say(Happening::NotGranted(task), now);
        let reason = if refusal.is_locked { Reason::Locked } else { Reason::NoAttempts };
        self.wait(refusal.next_free.since(at).max(SHORTEST_WAIT), reason, now);
    }

    /// Takes that nothing was sent after all.
    pub fn withdraw(&mut self) {
        self.under_way = None;
    }

    /// Takes the one-time code from the person.
    pub fn code(&mut self, code: VerificationCode) {
        self.code = Some(code);
        (self.seen.has_code, self.seen.code_was_wrong) = (true, false);
    }

    /// Takes that no code has come: another one is sent.
    pub fn no_code(&mut self) {
        self.code = None;
        self.seen.has_code = false;
        self.seen.wants_another_code = true;
    }

    /// Looks again now instead of waiting on, such as after a webhook.
    pub fn wake(&mut self) {
        if let Some((until, _)) = &mut self.hold {
            *until = Timestamp::default();
        }
    }

    pub(crate) fn report(&self, ending: Ending) -> Report {
        Report { number: self.number().clone(), ending, requests: self.requests }
    }

    fn went_wrong(&mut self, task: Task, error: Error, now: Timestamp) {
        self.say(
            match error.outcome() {
                Outcome::NotSent => Happening::NotSent(task),
                Outcome::Unknown => Happening::Unanswered(task),
                Outcome::Rejected => Happening::Refused(task, error.code(), error.advice().title),
            },
            now,
        );
        let pause = self.seen.learn(task, &error);
        if !self.seen.has_code {
            self.code = None;
        }
        self.error = Some(error);
        if let Some((length, reason)) = pause {
            self.wait(length, reason, now);
        }
    }

    fn wait(&mut self, length: Duration, reason: Reason, now: Timestamp) -> Wait {
        let wait = Wait { length, hindrance: Hindrance::until(reason, now + length) };
        self.say(Happening::Waiting(wait.clone()), now);
        self.hold = Some((now + length, wait.hindrance.clone()));
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

    fn say(&mut self, what: Happening, at: Timestamp) {
        if self.said.as_ref() != Some(&what) {
            self.said = Some(what.clone());
            self.events.push_back(Event { at, number: self.goal.number().clone(), what });
        }
    }
}

/// What a run wants done.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "whoever drives a run must handle every case")]
pub enum Action {
    /// Send this, and give the answer to [`Run::receive`].
    Send(Box<Call>),
    /// Call [`Run::next`] again after this time.
    Wait(Wait),
    /// Ask the person; [`Run::code`] or [`Run::no_code`] takes the answer.
    Ask(Question),
    /// Nothing more.
    Done(Report),
}

/// What a client's `step` came to.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "whoever drives a run must handle every case")]
pub enum Progress {
    /// A call was made: go on.
    Moved,
    /// Go on after this time.
    Wait(Wait),
    /// Ask the person; [`Run::code`] or [`Run::no_code`] takes the answer.
    Ask(Question),
    /// Nothing more.
    Done(Report),
}

/// A request of a run.
#[derive(Debug)]
pub struct Call {
    task: Task,
    at: Timestamp,
    patience: Duration,
    request: Request<Body>,
}

impl Call {
    /// What it does.
    #[must_use]
    pub fn task(&self) -> Task {
        self.task
    }

    /// What must be reserved in the ledger before it leaves.
    #[must_use]
    pub fn attempt(&self) -> Option<Attempt> {
        self.task.attempt()
    }

    /// The moment to reserve it for: by the service's own clock, where that is known.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The request and how long to wait for its answer. What must be reserved needs its ticket.
    ///
    /// # Errors
    ///
    /// There is no ticket for it.
    pub fn release(self, ticket: Option<&Ticket>) -> Result<(Request<Body>, Duration), Unreserved> {
        if ticket.map(|ticket| ticket.attempt) == self.attempt() {
            Ok(self.into_parts())
        } else {
            Err(Unreserved(self.task))
        }
    }

    pub(crate) fn into_parts(self) -> (Request<Body>, Duration) {
        (self.request, self.patience)
    }
}

/// A request that must be reserved in the ledger first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreserved(Task);

impl std::error::Error for Unreserved {}

impl fmt::Display for Unreserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} needs a ticket: reserve the attempt in the ledger first", self.0)
    }
}

/// How long to wait, and why.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Wait {
    /// How long.
    pub length: Duration,
    /// Why.
    pub hindrance: Hindrance,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The number.
    pub number: PhoneNumberId,
    /// How it ended.
    pub ending: Ending,
    /// How many requests it took.
    pub requests: u32,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.number, self.ending)
    }
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let time = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    (time > UNIX_EPOCH).then(|| time.into())
}

/// How long after an answer its time is good for: a process may have slept since.
const FRESH: Duration = Duration::from_secs(30);
/// However soon a hindrance is said to end, the service is not asked more often.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
