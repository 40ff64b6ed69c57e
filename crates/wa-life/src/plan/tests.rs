//! One test a rule of the planner, with exact expectations.

mod goals;
mod ownership;
mod registering;
mod relocating;
mod renaming;

use wa_core::{
    AttemptKind, Timestamp,
    api::number::Storage,
    types::{
        AppId, BackupData, BackupPassword, CodeVerificationStatus, E164, ErrorCode, NameStatus, NumberStatus,
        PhoneNumber, PhoneNumberId, Pin, Platform, Region, StorageConfiguration, VerifyToken, WabaId,
    },
};

use super::*;
use crate::{
    Greeting, Migration, PinRotation, Relocation, Renaming, Retirement,
    ledger::{Entry, Limit, Moment},
};

const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

const REGISTER: AttemptKind = AttemptKind::Register;
const DEREGISTER: AttemptKind = AttemptKind::Deregister;

/// So many seconds ago.
fn ago(seconds: u64) -> Moment {
    Timestamp::from_millis(NOW.as_millis() - seconds * 1_000).into()
}

fn id() -> PhoneNumberId {
    PhoneNumberId::new("106540352242922").unwrap()
}

fn account() -> (WabaId, AppId) {
    (WabaId::new("102290129340398").unwrap(), AppId::new("634974688087057").unwrap())
}

fn pin() -> Pin {
    Pin::new("012345").unwrap()
}

fn onboarding() -> Onboarding {
    Onboarding::new(id(), pin())
}

fn subscription() -> Subscription {
    let (account, app) = account();
    Subscription::new(account, app)
}

fn migration() -> Migration {
    Migration::new(id(), pin(), BackupPassword::new("password").unwrap(), BackupData::new("data").unwrap())
}

fn relocation() -> Relocation {
    Relocation::new(id(), Storage::Local(Region::CH), pin())
}

fn renaming() -> Renaming {
    Renaming::new(id(), "Lucky Shrub", pin())
}

fn rotation() -> PinRotation {
    PinRotation::new(id(), pin())
}

fn retirement() -> Retirement {
    Retirement::new(id())
}

fn addition() -> Addition {
    Addition::new(account().0, E164::new("+16315555555").unwrap(), "Lucky Shrub")
}

/// A number that is ready to be registered, or is.
fn seen(platform: Platform) -> Observed {
    let mut number = PhoneNumber::new(id());
    number.platform_type = Some(platform);
    number.code_verification_status = Some(CodeVerificationStatus::Verified);
    number.name_status = Some(NameStatus::Approved);
    number.is_pin_enabled = Some(true);
    let mut seen = Observed::new(wa_core::types::ApiVersion::DEFAULT);
    seen.number = Some(number);
    seen
}

fn nowhere() -> Observed {
    seen(Platform::NotApplicable)
}

fn up() -> Observed {
    seen(Platform::CloudApi)
}

fn with(mut seen: Observed, change: impl FnOnce(&mut PhoneNumber)) -> Observed {
    change(seen.number.as_mut().unwrap());
    seen
}

/// Messages stored as Meta's page on local storage shows it, in Switzerland or not.
fn stored(mut seen: Observed, status: &str, region: Option<Region>) -> Observed {
    let mut storage = StorageConfiguration::default();
    storage.status = Some(status.into());
    storage.data_localization_region = region;
    seen.storage = Some(storage);
    seen
}

fn default_storage(seen: Observed) -> Observed {
    stored(seen, "DEFAULT", None)
}

fn local_storage(seen: Observed, region: Region) -> Observed {
    stored(seen, "IN_COUNTRY_STORAGE_ENABLED", Some(region))
}

/// What was tried, how many seconds ago, and what came of it.
type Tried = (AttemptKind, u64, AttemptState, Option<ErrorCode>);

fn tried(list: &[Tried]) -> Attempts {
    let entries = (1..).zip(list).map(|(id, (kind, seconds, state, code))| {
        let mut entry = Entry::new(id, *kind, ago(*seconds));
        (entry.state, entry.code) = (*state, *code);
        entry
    });
    Attempts::load(Limit::default(), entries.collect(), NOW.into())
}

fn nothing() -> Attempts {
    tried(&[])
}

/// What the answers of a run have said: what they confirmed, how many seconds ago.
fn confirmed(list: &[(Step, u64)]) -> History {
    let mut history = History::default();
    for (step, seconds) in list {
        history.confirmed.insert(*step, ago(*seconds));
    }
    history
}

/// A call that failed so often, the last time without an answer.
fn unanswered(step: Step, times: u32) -> History {
    let mut history = History { unanswered: Some(step), ..History::default() };
    history.failed.insert(step, times);
    history
}

fn decide(goal: impl Into<Goal>, seen: &Observed, history: &History, attempts: &Attempts) -> String {
    match plan(&goal.into(), seen, history, attempts) {
        Decision::Call(step) => format!("call {step:?}"),
        Decision::Ask(question) => {
            format!("ask by {:?}, certain: {}, wrong: {}", question.method, question.is_certain, question.was_wrong)
        }
        Decision::Wait(blocker) => {
            let length = blocker.until.unwrap().since(NOW);
            format!("wait {} {:?}", length.as_secs(), blocker.reason)
        }
        Decision::End(Ending::Blocked(blocker)) => {
            assert_eq!(blocker.until, None);
            format!("blocked {:?}", blocker.reason)
        }
        Decision::End(Ending::Unconfirmed(unconfirmed)) => {
            let how = if unconfirmed.is_accepted { "accepted" } else { "unanswered" };
            format!("{how} {:?}", unconfirmed.step)
        }
        Decision::End(Ending::Done) => "done".to_owned(),
    }
}

#[track_caller]
fn check(goal: impl Into<Goal>, seen: &Observed, attempts: &Attempts, expected: &str) {
    check_with(goal, seen, &History::default(), attempts, expected);
}

#[track_caller]
fn check_with(goal: impl Into<Goal>, seen: &Observed, history: &History, attempts: &Attempts, expected: &str) {
    assert_eq!(decide(goal, seen, history, attempts), expected);
}

#[test]
fn what_has_ended_a_run_ends_it() {
    let ending = Some(Ending::Blocked(Blocker::new(Reason::WrongPin)));
    let history = History { ending, ..History::default() };
    check_with(onboarding(), &nowhere(), &history, &nothing(), "blocked WrongPin");
}

#[test]
fn a_number_is_read_before_anything_is_decided() {
    let goals: [Goal; 6] = [
        onboarding().into(),
        migration().into(),
        renaming().into(),
        relocation().into(),
        rotation().into(),
        retirement().into(),
    ];
    for goal in goals {
        check(goal, &Observed::new(wa_core::types::ApiVersion::DEFAULT), &nothing(), "call ReadNumber");
    }
}
