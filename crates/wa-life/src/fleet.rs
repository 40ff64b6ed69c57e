use std::{
    collections::{BTreeMap, BTreeSet, VecDeque, btree_map::Entry},
    fmt,
    sync::{Arc, PoisonError},
    time::Duration,
};

use wa_core::{
    Config, Timestamp,
    types::{PhoneNumberId, VerificationCode},
};

use crate::{
    Blocker, Ending, Event, Goal, Progress, Question, Reason, Reply, Report, Run, Subject,
    budget::Budget,
    jitter::Jitter,
    ledger::LedgerError,
    sync::{Mutex, MutexGuard},
};

/// Many numbers, each with a run to its goal. The failure of one does not affect another.
///
/// A fleet does nothing by itself: workers take runs from it, by [`Drive::work`](crate::Drive::work) or by
/// [`take`](Self::take) and [`give_back`](Self::give_back). After a crash, make the fleet again from the same list.
///
/// ```
/// use std::thread;
/// use wa_core::{Timestamp, Transport, blocking::Client};
/// use wa_life::{Fleet, Goal, Question, Reply, Report, blocking::Drive, ledger::{Ledger, LedgerError}};
///
/// fn reach(
///     client: &Client<impl Transport + Sync>,
///     ledger: &(impl Ledger + Sync),
///     goals: Vec<Goal>,
///     ask: impl Fn(&Question) -> Reply,
/// ) -> Result<Vec<Report>, LedgerError> {
///     let fleet = Fleet::new(client.config(), goals);
///     let clock = || Timestamp::from(std::time::SystemTime::now());
///     let work = || client.work(&fleet, ledger, clock, thread::sleep);
///     loop {
///         // Four workers. They end when nothing is left but what people are asked for. One that panicked has left its number
///         // reported as interrupted.
///         thread::scope(|scope| {
///             let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
///             workers.into_iter().try_for_each(|worker| worker.join().unwrap_or(Ok(())))
///         })?;
///         let questions = fleet.questions();
///         if questions.is_empty() {
///             return Ok(fleet.reports());
///         }
///         for question in questions {
///             fleet.answer(&question.number, ask(&question));
///         }
///     }
/// }
/// ```
pub struct Fleet {
    config: Config,
    longest_wait: Duration,
    seed: Option<u64>,
    watch: Option<Watch>,
    inner: Arc<Mutex<Inner>>,
}

type Watch = Arc<dyn Fn(&Event) + Send + Sync>;

#[derive(Default)]
struct Inner {
    goals: VecDeque<Goal>,
    ready: VecDeque<Box<Run>>,
    /// By the fleet's own time, which never goes back.
    waiting: BTreeMap<(Duration, u64), Box<Run>>,
    asking: BTreeMap<Subject, (Question, Box<Run>)>,
    places: BTreeMap<Subject, usize>,
    reports: BTreeMap<usize, Report>,
    turn: u64,
    last: Option<Timestamp>,
    passed: Duration,
    budget: Budget,
    /// How often in a row the ledger has failed for each number.
    failures: BTreeMap<Subject, u32>,
    /// The numbers that the ledger has failed for, one after the other.
    failed_in_a_row: BTreeSet<Subject>,
}

impl Fleet {
    /// Makes a fleet of these goals. If a number occurs twice, only its first goal is run, and the report of the second is
    /// blocked by [`Reason::Repeated`].
    #[must_use]
    pub fn new(config: &Config, goals: impl IntoIterator<Item = Goal>) -> Self {
        let mut inner = Inner::default();
        for (place, goal) in goals.into_iter().enumerate() {
            let subject = goal.subject();
            match inner.places.entry(subject) {
                Entry::Vacant(free) => {
                    free.insert(place);
                    inner.goals.push_back(goal);
                }
                Entry::Occupied(taken) => {
                    let mut report = Report::new(taken.key().clone());
                    report.ending = Ending::Blocked(Blocker::new(Reason::Repeated));
                    inner.reports.insert(place, report);
                }
            }
        }
        let inner = Arc::new(Mutex::new(inner));
        Self { config: config.clone(), longest_wait: LONGEST_WAIT, seed: None, watch: None, inner }
    }

    /// Sets how long a number may wait; one that must wait longer is reported as blocked, to be tried again later. Ten
    /// minutes unless set.
    #[must_use]
    pub fn longest_wait(mut self, longest: Duration) -> Self {
        self.longest_wait = longest;
        self
    }

    /// Lengthens the waits before retries at random, from this seed, so that numbers that failed together do not retry
    /// together.
    #[must_use]
    pub fn jitter(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sets how many retries of all numbers together may be made at once, and how often one more is allowed after that: 50
    /// and one a second unless set, and one at least. A service that is down is then not kept down.
    #[must_use]
    pub fn retry_budget(self, burst: u32, interval: Duration) -> Self {
        self.lock().budget = Budget::new(burst.max(1), interval);
        self
    }

    /// Shows each event as it happens.
    #[must_use]
    pub fn watch(mut self, watch: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.watch = Some(Arc::new(watch));
        self
    }

    /// Takes a run to drive. If its worker drops it, it goes back to the fleet, so that no number is lost.
    pub fn take(&self, now: Timestamp) -> Next {
        let mut inner = self.lock();
        let passed = inner.tick(now);
        if let Some(run) = inner.ready.pop_front() {
            return self.hand_out(run);
        }
        if let Some(mut run) = inner.due(passed) {
            // By its own clock, which may have been set back, it would have to wait once more.
            run.end_wait();
            return self.hand_out(run);
        }
        let wait = inner.waiting.first_key_value().map(|((due, _), _)| match due.saturating_sub(passed) {
            Duration::ZERO => LONGEST_SLEEP,
            left => left.min(LONGEST_SLEEP),
        });
        match (inner.goals.pop_front(), wait) {
            (Some(goal), _) => {
                let place = inner.places.get(&goal.subject()).copied().unwrap_or_default();
                self.hand_out(Box::new(self.start(goal, place)))
            }
            (None, Some(wait)) => Next::Wait(wait),
            (None, None) => Next::Done,
        }
    }

    /// Takes a run back, with the result of driving it.
    ///
    /// # Errors
    ///
    /// The ledger has failed for several numbers, one after the other. The failure of one number only makes that number wait.
    pub fn give_back(
        &self,
        mut held: HeldRun,
        progress: Result<Progress, LedgerError>,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let Some(run) = held.run.take() else {
            return Ok(());
        };
        let mut inner = self.lock();
        inner.tick(now);
        let subject = run.subject().clone();
        if progress.is_ok() {
            inner.failures.remove(&subject);
            inner.failed_in_a_row.clear();
        }
        match progress {
            Ok(Progress::Wait(wait)) if wait.length > self.longest_wait => {
                inner.report(run.report(Ending::Blocked(wait.blocker)));
            }
            Ok(Progress::Wait(wait)) => inner.park(run, wait.length),
            Ok(Progress::Ask(question)) => drop(inner.asking.insert(subject, (question, run))),
            Ok(Progress::Done(report)) => inner.report(*report),
            Err(error) => {
                let failures = inner.failures.entry(subject.clone()).or_default();
                *failures += 1;
                let failures = *failures;
                inner.failed_in_a_row.insert(subject);
                if inner.failed_in_a_row.len() >= FAILED_AS_A_WHOLE {
                    inner.failed_in_a_row.clear();
                    inner.park(run, Duration::ZERO);
                    return Err(error);
                }
                if failures >= MOST_FAILURES {
                    inner.report(run.report(Ending::Blocked(Blocker::new(Reason::LedgerFailed(error.to_string())))));
                } else {
                    let length = Duration::from_secs(1 << failures);
                    let length = self.seed.map_or(length, |seed| Jitter::new(seed ^ inner.turn).stretch(length));
                    inner.park(run, length);
                }
            }
        }
        Ok(())
    }

    /// The open questions to people.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        self.lock().asking.values().map(|(question, _)| question.clone()).collect()
    }

    /// Records a person's reply. False if there is no open question about this number.
    pub fn answer(&self, number: &PhoneNumberId, reply: Reply) -> bool {
        let mut inner = self.lock();
        let Some((_, mut run)) = inner.asking.remove(&Subject::Number(number.clone())) else {
            return false;
        };
        match run.replied(reply) {
            Some(report) => inner.report(report),
            None => inner.ready.push_back(run),
        }
        true
    }

    /// Records a one-time code. False if there is no open question about this number.
    pub fn code_received(&self, number: &PhoneNumberId, code: VerificationCode) -> bool {
        self.answer(number, Reply::Code(code))
    }

    /// Ends the wait of a number as [`Run::wake`] does, such as after a webhook. False if the number does not wait.
    pub fn wake(&self, number: &PhoneNumberId) -> bool {
        let mut inner = self.lock();
        let subject = Subject::Number(number.clone());
        let key = inner.waiting.iter().find(|(_, run)| *run.subject() == subject).map(|(key, _)| *key);
        let Some(mut run) = key.and_then(|key| inner.waiting.remove(&key)) else {
            return false;
        };
        run.wake();
        inner.ready.push_back(run);
        true
    }

    /// Removes and returns the reports of the numbers whose runs have ended, in the order of the list.
    pub fn reports(&self) -> Vec<Report> {
        std::mem::take(&mut self.lock().reports).into_values().collect()
    }

    fn start(&self, goal: Goal, place: usize) -> Run {
        let mut run = Run::new(&self.config, goal);
        if let Some(seed) = self.seed {
            run = run.jitter(seed.wrapping_add(place as u64));
        }
        if let Some(watch) = self.watch.clone() {
            run = run.watch(move |event| watch(event));
        }
        run
    }

    fn hand_out(&self, run: Box<Run>) -> Next {
        Next::Run(HeldRun { inner: self.inner.clone(), run: Some(run) })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }
}

impl Inner {
    /// Goes on with the clock, and says how much time has passed for the fleet. A clock that is set back stands still for it,
    /// and every number waits as long as it was to wait.
    fn tick(&mut self, now: Timestamp) -> Duration {
        self.passed = self.passed.saturating_add(self.last.map_or(Duration::ZERO, |last| now.since(last)));
        self.last = Some(now);
        self.passed
    }

    /// Takes out the first number whose wait is over, passing over retries if none may be made now.
    fn due(&mut self, passed: Duration) -> Option<Box<Run>> {
        let (key, run) = self.waiting.first_key_value().filter(|((due, _), _)| *due <= passed)?;
        let mut key = *key;
        if run.is_retrying() && !self.budget.spend(passed) {
            let mut due = self.waiting.iter().take_while(|((due, _), _)| *due <= passed);
            key = due.find(|(_, run)| !run.is_retrying()).map(|(key, _)| *key)?;
        }
        self.waiting.remove(&key)
    }

    fn park(&mut self, run: Box<Run>, length: Duration) {
        self.turn += 1;
        let key = (self.passed.saturating_add(length), self.turn);
        self.waiting.insert(key, run);
    }

    fn report(&mut self, report: Report) {
        let place = self.places.get(&report.subject).copied().unwrap_or(usize::MAX);
        self.reports.insert(place, report);
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

/// A run that a worker has. Dropped without being given back, its future was cancelled or its worker panicked.
pub struct HeldRun {
    inner: Arc<Mutex<Inner>>,
    run: Option<Box<Run>>,
}

impl fmt::Debug for HeldRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldRun").field("run", &self.run).finish_non_exhaustive()
    }
}

impl HeldRun {
    /// The run; nothing once it was given back.
    pub fn run_mut(&mut self) -> Option<&mut Run> {
        self.run.as_deref_mut()
    }
}

impl Drop for HeldRun {
    fn drop(&mut self) {
        let Some(run) = self.run.take() else {
            return;
        };
        let mut inner = lock(&self.inner);
        // Whatever made one worker panic would make the next one panic too.
        if std::thread::panicking() {
            inner.report(run.report(Ending::Blocked(Blocker::new(Reason::Interrupted))));
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
    Run(HeldRun),
    /// Ask again after this time.
    Wait(Duration),
    /// Nothing is left but what other workers do, and what people are asked for.
    Done,
}

fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// A worker looks again this often, since somebody may have answered a question.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// How often in a row the ledger may fail for one number before that number is given up.
const MOST_FAILURES: u32 = 6;
/// For so many numbers, one after the other, the ledger fails only if it fails for all.
const FAILED_AS_A_WHOLE: usize = 3;
