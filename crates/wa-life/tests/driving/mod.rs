//! Drives runs by hand, operation by operation, against the model.

use std::time::{Duration, SystemTime};

use http::{Request, Response};
use wa_core::{
    Body, Config, Timestamp, TransportError, TransportErrorKind,
    api::number::Storage,
    types::{
        AccessToken, AppId, BackupData, BackupPassword, E164, PhoneNumberId, Pin, Region, VerificationCode,
        VerifyToken, WabaId,
    },
};
use wa_life::{
    Addition, Goal, Greeting, Migration, Onboarding, Op, PinRotation, Relocation, Renaming, Report, Retirement, Run,
    Subscription,
    ledger::{Ledger, Memory},
};

use crate::model::{
    Aim, Fault, Lost, Scene, Service, Upset, When,
    scene::{ACCOUNT, ADDED, GUEST, ID, NEW_NAME, OVERRIDE, PIN, TOKEN},
};

/// How a run came out.
pub(crate) enum End {
    /// With what is missing in truth at that moment.
    Done(Box<Report>, Result<(), String>),
    /// It still waits after three weeks, for this.
    Waiting(String),
    Wrong(String),
}

/// What happens to the processes that drive runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fortune {
    /// Before the operations of these indices the process dies, and another one begins the run with the same ledger.
    pub(crate) deaths: Vec<usize>,
    /// Whether a second process drives the same goal at the same time, and for how many operations each has its turn.
    pub(crate) turns: Option<Vec<usize>>,
    /// Whether two processes are judged when each ends, and not when both have.
    pub(crate) at_once: bool,
}

/// A process that drives one run.
struct Process<'a> {
    scene: &'a Scene,
    config: &'a Config,
    ledger: &'a Memory,
    run: Run,
    questions: usize,
    /// What it waits for, and until when.
    waits: Option<(SystemTime, String)>,
    end: Option<End>,
}

impl<'a> Process<'a> {
    fn new(service: &mut Service, scene: &'a Scene, config: &'a Config, ledger: &'a Memory) -> Self {
        let run = begin(service, scene, config);
        Self { scene, config, ledger, run, questions: 0, waits: None, end: None }
    }

    /// Performs one operation, or dies before it.
    fn step(&mut self, service: &mut Service, dies: Option<usize>) {
        let now = Timestamp::from(service.now());
        let (run, ledger) = (&mut self.run, self.ledger);
        match run.poll(now) {
            Op::Done(report) => {
                let known = !service.has_just_changed();
                let truth = if known { service.is_done(ID, self.scene.goal()) } else { Ok(()) };
                self.end = Some(End::Done(report, truth));
            }
            Op::Send(call) if dies.is_some() => {
                // The request leaves, and nobody is there to hear the answer.
                let fault = if dies.is_some_and(|step| step % 2 == 0) { Fault::LostAfter } else { Fault::LostBefore };
                service.upsets.insert(0, Upset::new(When::Index(service.log.len()), fault));
                drop(exchange(service, call.request));
                *run = begin(service, self.scene, self.config);
            }
            Op::Settle { .. } if dies.is_some() => {
                // What was answered is known to nobody any more.
                service.unlearn();
                *run = begin(service, self.scene, self.config);
            }
            _ if dies.is_some() => *run = begin(service, self.scene, self.config),
            Op::Load { number, now: moment } => run.loaded(ledger.load(&number, moment).unwrap(), now),
            Op::Reserve { number, attempt, now: moment } => {
                run.reserved(ledger.reserve(&number, &attempt, moment), now).unwrap();
            }
            Op::MarkSent { reservation, now: moment } => {
                run.marked_sent(ledger.mark_sent(&reservation, moment).unwrap(), now);
            }
            Op::Send(call) => {
                let answer = exchange(service, call.request);
                run.answered(answer, Timestamp::from(service.now()));
            }
            Op::Settle { reservation, settlement, now: moment } => {
                ledger.settle(&reservation, &settlement, moment).unwrap();
                run.settled();
            }
            Op::Wait(wait) => {
                let text = wait.blocker.to_string();
                if text.trim().is_empty() || wait.length.is_zero() {
                    self.end = Some(End::Wrong(format!("a wait of {:?} for `{text}`", wait.length)));
                }
                self.waits = Some((service.now() + wait.length, text));
            }
            Op::Ask(question) => {
                self.questions += 1;
                if question.to_string().trim().is_empty() || self.questions > 30 {
                    self.end = Some(End::Wrong(format!("question {}: `{question}`", self.questions)));
                }
                service.advance(Duration::from_secs(30));
                match service.code_sent(ID) {
                    Some(code) => run.code_received(VerificationCode::new(code).unwrap()),
                    None => run.code_not_received(),
                }
            }
        }
    }
}

/// Drives the runs of a scene to their ends, or for three weeks.
pub(crate) fn drive(service: &mut Service, scene: &Scene, ledger: &Memory, fortune: &Fortune) -> Vec<End> {
    let config = Config::new(AccessToken::new(TOKEN).unwrap());
    let limit = service.now() + Duration::from_secs(21 * 86_400);
    let count = if fortune.turns.is_some() { 2 } else { 1 };
    service.crowded = count > 1;
    let mut processes: Vec<_> = (0..count).map(|_| Process::new(service, scene, &config, ledger)).collect();
    let turns = fortune.turns.clone().filter(|turns| !turns.is_empty()).unwrap_or_else(|| vec![1]);
    let mut turns = turns.iter().cycle();
    let (mut current, mut left) = (0, 1);
    for step in 0..12_000 * count {
        if service.harms.len() > 20 || service.burst() > 4 * MOST_REQUESTS_AT_ONCE {
            processes[current].end = Some(End::Wrong("it goes round in circles".to_owned()));
            break;
        }
        let now = service.now();
        for process in &mut processes {
            process.waits.take_if(|(until, _)| *until <= now);
        }
        let ready = |process: &Process<'_>| process.end.is_none() && process.waits.is_none();
        if left == 0 || !ready(&processes[current]) {
            left = turns.next().copied().unwrap_or(1).max(1);
            current = (current + 1) % count;
        }
        if !ready(&processes[current]) {
            current = (current + 1) % count;
        }
        if ready(&processes[current]) {
            left -= 1;
            let dies = fortune.deaths.contains(&step).then_some(step);
            processes[current].step(service, dies);
            continue;
        }
        // Everybody waits, or has come to an end.
        let waiting = processes.iter().filter(|process| process.end.is_none());
        let Some(until) = waiting.filter_map(|process| process.waits.as_ref()).map(|(until, _)| *until).min() else {
            break;
        };
        if until > limit {
            break;
        }
        service.advance(until.duration_since(now).unwrap_or_default());
    }
    let last = service.is_done(ID, scene.goal());
    let end = |process: Process<'_>| match (process.end, process.waits) {
        // Another process may be in the middle of what this one calls done.
        (Some(End::Done(report, Err(_))), _) if count > 1 && !fortune.at_once => End::Done(report, last.clone()),
        (Some(end), _) => end,
        (None, Some((_, text))) => End::Waiting(text),
        (None, None) => End::Wrong("12,000 operations and no end".to_owned()),
    };
    processes.into_iter().map(end).collect()
}

/// The goal of a scene in the words of this crate.
fn goal(scene: &Scene) -> Goal {
    let number = || PhoneNumberId::new(ID).unwrap();
    let pin = || Pin::new(PIN).unwrap();
    let region = || Storage::Local(Region::DE);
    let account = || WabaId::new(ACCOUNT).unwrap();
    let app = || AppId::new("670843887433847").unwrap();
    let overriding =
        || Subscription::new(account(), app()).override_callback(OVERRIDE, VerifyToken::new("word").unwrap());
    let live = || {
        let goal = Onboarding::new(number(), pin());
        let goal = if scene.vouched { goal.vouch_for_pin() } else { goal };
        if scene.in_review { goal.register_in_review() } else { goal }
    };
    match scene.aim {
        Aim::Live => live().into(),
        Aim::LiveInRegion => live().storage(region()).into(),
        Aim::LiveWithOverride => live().subscribe(overriding()).into(),
        Aim::LiveAndGreet => live().greet(E164::new(GUEST).unwrap(), Greeting::template("hello_world", "en_US")).into(),
        Aim::Onboard => live().subscribe(Subscription::new(account(), app())).into(),
        Aim::Rename if scene.vouched => Renaming::new(number(), NEW_NAME, pin()).vouch_for_pin().into(),
        Aim::Rename => Renaming::new(number(), NEW_NAME, pin()).into(),
        Aim::Relocate if scene.vouched => Relocation::new(number(), region(), pin()).vouch_for_pin().into(),
        Aim::Relocate => Relocation::new(number(), region(), pin()).into(),
        Aim::SetPin => PinRotation::new(number(), pin()).into(),
        Aim::Down => Retirement::new(number()).into(),
        Aim::Migrate => {
            let (password, data) = (BackupPassword::new("password").unwrap(), BackupData::new("data").unwrap());
            let goal = Migration::new(number(), pin(), password, data);
            if scene.vouched { goal.vouch_for_pin().into() } else { goal.into() }
        }
        Aim::Subscribe => overriding().into(),
        Aim::Add => Addition::new(account(), E164::new(ADDED).unwrap(), "Shrub").country_code("49").into(),
    }
}

fn begin(service: &mut Service, scene: &Scene, config: &Config) -> Run {
    service.intend(ID, scene.intent());
    if scene.vouched {
        service.vouch(ID);
    }
    Run::new(config, goal(scene))
}

fn exchange(service: &mut Service, request: Request<Body>) -> Result<Response<Vec<u8>>, TransportError> {
    let (parts, body) = request.into_parts();
    service.advance(Duration::from_millis(200));
    service.exchange(&Request::from_parts(parts, Vec::from(body))).map_err(|lost| match lost {
        Lost::Refused => TransportError::new(TransportErrorKind::Connect),
        Lost::Silence => TransportError::new(TransportErrorKind::Timeout),
    })
}

/// Within a minute: after a step the runs read every few seconds until it shows.
pub(crate) const MOST_REQUESTS_AT_ONCE: usize = 24;
