use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use wa_types::{PhoneNumberId, VerificationCode};

use crate::{
    Config, Timestamp,
    life::{Blocker, Ending, Event, Goal, Progress, Question, Reason, Report, Run},
};

/// Many numbers, each on its way to its goal. What becomes of one touches no other.
///
/// It does nothing by itself: as many workers as shall run at once take runs from it, by the clients' `work`. A fleet that
/// was killed is simply made again from the same list.
pub struct Fleet {
    config: Config,
    longest_wait: Duration,
    watch: Option<Watch>,
    inner: Mutex<Inner>,
}

type Watch = Box<dyn Fn(&Event) + Send + Sync>;

#[derive(Default)]
struct Inner {
    goals: VecDeque<Goal>,
    ready: VecDeque<Box<Run>>,
    waiting: BTreeMap<(Timestamp, u64), Box<Run>>,
    asking: BTreeMap<PhoneNumberId, (Question, Box<Run>)>,
    reports: Vec<Report>,
    turn: u64,
}

impl Fleet {
    /// Numbers with their goals. A number that occurs twice gets its first goal only; the report says so.
    #[must_use]
    pub fn new(config: &Config, goals: impl IntoIterator<Item = Goal>) -> Self {
        let mut inner = Inner::default();
        let mut seen = BTreeSet::new();
        for goal in goals {
            if seen.insert(goal.number().clone()) {
                inner.goals.push_back(goal);
            } else {
                let ending = Ending::Blocked(Blocker::new(Reason::Repeated));
                inner.reports.push(Report { number: goal.number().clone(), ending, requests: 0, error: None });
            }
        }
        Self { config: config.clone(), longest_wait: LONGEST_WAIT, watch: None, inner: Mutex::new(inner) }
    }

    /// Waits so long at most for one number; one that must wait longer is reported as blocked, to be tried again later.
    /// Ten minutes unless set.
    #[must_use]
    pub fn longest_wait(mut self, longest: Duration) -> Self {
        self.longest_wait = longest;
        self
    }

    /// Shows each event as it happens.
    #[must_use]
    pub fn watch(mut self, watch: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.watch = Some(Box::new(watch));
        self
    }

    /// Gives out a run to go on with.
    pub fn take(&self, now: Timestamp) -> Next {
        let mut inner = self.lock();
        if let Some(run) = inner.ready.pop_front() {
            return Next::Run(run);
        }
        if let Some(first) = inner.waiting.first_entry()
            && first.key().0 <= now
        {
            return Next::Run(first.remove());
        }
        if let Some(goal) = inner.goals.pop_front() {
            return Next::Run(Box::new(Run::new(&self.config, goal)));
        }
        match inner.waiting.first_key_value() {
            Some(((due, _), _)) => Next::Wait(due.since(now).min(LONGEST_SLEEP)),
            None => Next::Done,
        }
    }

    /// Takes a run back, with what it came to; none if it shall go on at once.
    pub fn give_back(&self, mut run: Box<Run>, progress: Option<Progress>, now: Timestamp) {
        self.tell(&mut run);
        let mut inner = self.lock();
        match progress {
            None | Some(Progress::Moved) => inner.ready.push_back(run),
            Some(Progress::Wait(wait)) if wait.length > self.longest_wait => {
                let report = run.report(Ending::Blocked(wait.blocker));
                inner.reports.push(report);
            }
            Some(Progress::Wait(wait)) => {
                inner.turn += 1;
                let key = (now + wait.length, inner.turn);
                inner.waiting.insert(key, run);
            }
            Some(Progress::Ask(question)) => {
                inner.asking.insert(run.number().clone(), (question, run));
            }
            Some(Progress::Done(report)) => inner.reports.push(report),
        }
    }

    /// Shows the events of a run that is given out.
    pub(crate) fn tell(&self, run: &mut Run) {
        for event in run.events() {
            if let Some(watch) = &self.watch {
                watch(&event);
            }
        }
    }

    /// Holds a run that is worked on, so that the number is not lost if its worker is.
    pub(crate) fn hold(&self, run: Box<Run>) -> Held<'_> {
        Held { fleet: self, run: Some(run) }
    }

    /// What the people are asked for.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        self.lock().asking.values().map(|(question, _)| question.clone()).collect()
    }

    /// Takes a person's one-time code, or that none has come. False if nobody asked about this number.
    pub fn answer(&self, number: &PhoneNumberId, code: Option<VerificationCode>) -> bool {
        let mut inner = self.lock();
        let Some((_, mut run)) = inner.asking.remove(number) else {
            return false;
        };
        match code {
            Some(code) => run.code(code),
            None => run.code_not_received(),
        }
        inner.ready.push_back(run);
        true
    }

    /// Takes the reports of the numbers that are at their end.
    pub fn reports(&self) -> Vec<Report> {
        std::mem::take(&mut self.lock().reports)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.lock();
        f.debug_struct("Fleet")
            .field("goals", &inner.goals.len())
            .field("ready", &inner.ready.len())
            .field("waiting", &inner.waiting.len())
            .field("asking", &inner.asking.len())
            .field("reports", &inner.reports.len())
            .finish_non_exhaustive()
    }
}

/// A run that is worked on. If it is dropped, its future was cancelled or its worker panicked.
pub(crate) struct Held<'a> {
    fleet: &'a Fleet,
    run: Option<Box<Run>>,
}

impl Held<'_> {
    /// The run, until it is given back.
    pub(crate) fn run(&mut self) -> Option<&mut Run> {
        self.run.as_deref_mut()
    }

    /// Gives it back, with what it came to.
    pub(crate) fn give_back(&mut self, progress: Option<Progress>, now: Timestamp) {
        if let Some(run) = self.run.take() {
            self.fleet.give_back(run, progress, now);
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let Some(run) = self.run.take() else {
            return;
        };
        let mut inner = self.fleet.lock();
        // Whatever made one worker panic would make the next one panic too.
        if std::thread::panicking() {
            let report = run.report(Ending::Blocked(Blocker::new(Reason::Interrupted)));
            inner.reports.push(report);
        } else {
            inner.ready.push_back(run);
        }
    }
}

/// What a fleet gives a worker to do.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums, reason = "whoever drives a run must handle every case")]
pub enum Next {
    /// Go on with this run, and give it back.
    Run(Box<Run>),
    /// Ask again after this time.
    Wait(Duration),
    /// Nothing is left but what other workers do, and what people are asked for.
    Done,
}

const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// A worker looks again this often, since somebody may have answered a question.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
