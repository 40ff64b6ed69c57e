//! What the planner decides in the situations that real numbers have been seen in, written into `docs/decisions.md`.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![allow(clippy::disallowed_methods, reason = "a test reads what it is to do")]

use std::{fmt::Write, fs, path::Path, time::Duration};

use wa_core::{
    AttemptKind, Timestamp,
    api::number::Storage,
    types::{
        ApiVersion, AppId, BackupData, BackupPassword, CodeVerificationStatus as Code, E164, ErrorCode,
        NameStatus as Name, NumberStatus as Status, PhoneNumber, PhoneNumberId, Pin, Platform, Region,
        StorageConfiguration, StorageStatus, VerifyToken, WabaId,
    },
};
use wa_life::{
    Addition, Decision, Ending, Goal, Greeting, History, Listing, Migration, Observed, Onboarding, PinRotation,
    Relocation, Renaming, Retirement, Step, Subscribed, Subscription,
    ledger::{AttemptState, Attempts, Entry, Limit, Moment},
    plan,
};

/// One row: a situation, what is decided in it, and why.
struct Case {
    goal: Goal,
    goal_is: &'static str,
    read: &'static str,
    seen: Observed,
    knows: &'static str,
    entries: Vec<Entry>,
    history: History,
    why: &'static str,
}

#[test]
fn the_table_of_decisions_is_that_of_the_planner() {
    let mut table = String::from(HEAD);
    for case in cases() {
        let attempts = Attempts::load(Limit::default(), case.entries, NOW.into());
        let decision = match plan(&case.goal, &case.seen, &case.history, &attempts) {
            Decision::Call(step) => format!("{step}"),
            Decision::Ask(_) => "asking for the code".to_owned(),
            Decision::Wait(blocker) => format!("wait: {}", blocker.reason),
            Decision::End(Ending::Done) => "done".to_owned(),
            Decision::End(Ending::Blocked(blocker)) => format!("blocked: {}", blocker.reason),
            Decision::End(Ending::Unconfirmed(unconfirmed)) => format!("unconfirmed: {}", unconfirmed.step),
            other => panic!("{other:?}"),
        };
        writeln!(table, "| {} | {} | {} | {decision} | {} |", case.goal_is, case.read, case.knows, case.why).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/decisions.md");
    if std::env::var_os("WA_BLESS").is_some() {
        fs::write(&path, &table).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), table, "WA_BLESS=1 writes docs/decisions.md anew");
}

fn cases() -> Vec<Case> {
    let mut cases = names();
    cases.extend(ownership());
    cases.extend(registering());
    cases.extend(coexistence());
    cases.extend(subscribing());
    cases
}

fn names() -> Vec<Case> {
    let renaming = || Renaming::new(number(), "New name", pin());
    let approved = || connected(|it| it.verified_name = Some("New name".to_owned()));
    let under = |name: &str| {
        let mut entry = tried(AttemptKind::Register, AttemptState::Confirmed, None);
        entry.display_name = Some(name.to_owned());
        vec![entry]
    };
    let in_review = |it: &mut PhoneNumber| {
        it.new_display_name = Some("New name".to_owned());
        it.new_name_status = Some(Name::PendingReview);
    };
    vec![
        case(renaming(), "rename", "connected, under another name", connected(|_| {}))
            .because("the name is requested first"),
        case(renaming(), "rename", "the new name is in review", connected(in_review))
            .because("registering before the approval has no effect and costs an attempt"),
        case(
            renaming(),
            "rename",
            "the new name was declined",
            connected(|it| {
                in_review(it);
                it.new_name_status = Some(Name::Declined);
            }),
        )
        .because("only another name helps"),
        case(renaming(), "rename", "`verified_name` is the new name, approved", approved())
            .because("an approved name shows before it takes effect: that needs a registration after the approval"),
        case(renaming(), "rename", "`verified_name` is the new name, approved", approved())
            .knowing("a registration under the new name", under("New name"))
            .because("the name was approved when the number was registered"),
        case(renaming(), "rename", "`verified_name` is the new name, approved", approved())
            .knowing("a registration under the old name", under("Old name"))
            .because("the name has changed since"),
        case(
            renaming().already_in_effect(),
            "rename, in effect by the caller's word",
            "`verified_name` is the new name, approved",
            approved(),
        )
        .because("a person has looked"),
        case(
            renaming(),
            "rename",
            "`verified_name` is the new name, in review",
            connected(|it| {
                it.verified_name = Some("New name".to_owned());
                it.name_status = Some(Name::PendingReview);
            }),
        )
        .because("`verified_name` is the name under review or approved; `name_status` tells which"),
        case(
            renaming(),
            "rename",
            "an Official Business Account",
            connected(|it| it.is_official_business_account = Some(true)),
        )
        .because("its name cannot be changed by API"),
        case(
            onboarding(),
            "onboard",
            "unregistered, the name in review",
            unregistered(|it| it.name_status = Some(Name::PendingReview)),
        )
        .because("registering too early is refused with 100/2388001 and costs an attempt"),
        case(
            onboarding().register_in_review(),
            "onboard, registering in review",
            "unregistered, the name in review",
            unregistered(|it| it.name_status = Some(Name::PendingReview)),
        )
        .because("some numbers are registered in that state; the caller chose to try once"),
        case(
            onboarding().register_in_review(),
            "onboard, registering in review",
            "unregistered, the name in review",
            unregistered(|it| it.name_status = Some(Name::PendingReview)),
        )
        .knowing(
            "a registration refused with 2388001",
            vec![tried(AttemptKind::Register, AttemptState::Rejected, Some(ErrorCode::CertificateNotCreated))],
        )
        .because("one attempt, and no other"),
        case(
            onboarding(),
            "onboard",
            "unregistered, `NON_EXISTS` as name status",
            unregistered(|it| it.name_status = Some(Name::NonExists)),
        )
        .because("seen; there is no name to register under"),
        case(
            onboarding(),
            "onboard",
            "connected, the name in review",
            connected(|it| it.name_status = Some(Name::PendingReview)),
        )
        .because("seen; a connected number needs nothing"),
    ]
}

fn ownership() -> Vec<Case> {
    let expired = |it: &mut PhoneNumber| it.code_verification_status = Some(Code::Expired);
    vec![
        case(onboarding(), "onboard", "connected, `EXPIRED`", connected(expired))
            .because("seen with several connected numbers; no obstacle to anything"),
        case(
            Renaming::new(number(), "New name", pin()),
            "rename",
            "connected, `EXPIRED`, the new name approved",
            connected(|it| {
                expired(it);
                it.verified_name = Some("New name".to_owned());
            }),
        )
        .because("a registered number keeps its ownership"),
        case(relocation(), "relocate", "connected, `EXPIRED`, stored elsewhere", stored(connected(expired)))
            .because("a registered number keeps its ownership; the PIN is made right while it is up"),
        case(onboarding(), "onboard", "unregistered, `EXPIRED`", unregistered(expired))
            .because("ownership must be proved again"),
        case(
            onboarding(),
            "onboard",
            "connected, `NOT_VERIFIED`",
            connected(|it| it.code_verification_status = Some(Code::NotVerified)),
        )
        .because("seen with numbers of Embedded Signup"),
        case(
            onboarding(),
            "onboard",
            "`CONNECTED`, `NOT_APPLICABLE` as platform",
            unregistered(|it| it.status = Some(Status::Connected)),
        )
        .because("seen; such a number is registered"),
    ]
}

fn registering() -> Vec<Case> {
    let refused = |code| vec![tried(AttemptKind::Register, AttemptState::Rejected, Some(code))];
    let a_minute_ago = |kind, state| {
        let mut entry = tried(kind, state, None);
        entry.reserved = Timestamp::from_millis(NOW.as_millis() - 60_000).into();
        entry.settled = Some(entry.reserved);
        vec![entry]
    };
    vec![
        case(onboarding(), "onboard", "unregistered, ready", unregistered(|_| {}))
            .because("everything else is settled"),
        case(onboarding(), "onboard", "still `PENDING`", unregistered(|_| {}))
            .knowing(
                "a registration confirmed a minute ago",
                a_minute_ago(AttemptKind::Register, AttemptState::Confirmed),
            )
            .because("only `CONNECTED` proves a registration, and reading lags behind"),
        case(onboarding(), "onboard", "still `PENDING`", unregistered(|_| {}))
            .knowing(
                "a registration confirmed an hour ago, by this run",
                vec![tried(AttemptKind::Register, AttemptState::Confirmed, None)],
            )
            .after(Step::Register)
            .because("`success: true` alone is no proof; a person must look"),
        case(onboarding(), "onboard", "unregistered, ready", unregistered(|_| {}))
            .knowing(
                "a registration handed to the transport a minute ago",
                a_minute_ago(AttemptKind::Register, AttemptState::Sent),
            )
            .because("it may still be on its way"),
        case(onboarding(), "onboard", "unregistered, ready", unregistered(|_| {}))
            .knowing(
                "a registration reserved an hour ago, never sent",
                vec![tried(AttemptKind::Register, AttemptState::Reserved, None)],
            )
            .because("what was not handed to a transport has not left"),
        case(onboarding(), "onboard", "unregistered, verified", unregistered(|_| {}))
            .knowing("a registration refused with 133006", refused(ErrorCode::VerificationNeeded))
            .because("the service asks for another verification, whatever reading shows"),
        case(onboarding(), "onboard", "unregistered, ready", unregistered(|_| {}))
            .knowing("a registration refused with 133005", refused(ErrorCode::PinMismatch))
            .because("no PIN is sent after a wrong one unless somebody vouches for it"),
        case(
            onboarding().vouch_for_pin(),
            "onboard, vouching for the PIN",
            "unregistered, ready",
            unregistered(|_| {}),
        )
        .knowing("a registration refused with 133005", refused(ErrorCode::PinMismatch))
        .because("somebody has looked the PIN up"),
        case(onboarding(), "onboard", "unregistered, ready", unregistered(|_| {}))
            .knowing("a deregistration a minute ago", a_minute_ago(AttemptKind::Deregister, AttemptState::Confirmed))
            .because("133015 within five minutes"),
        case(relocation(), "relocate", "connected, stored elsewhere", stored(connected(|_| {})))
            .because("a wrong PIN would leave the number down, and while it is up setting one needs no old one"),
        case(relocation(), "relocate", "connected, stored elsewhere", stored(connected(|_| {})))
            .after(Step::SetPin)
            .because("the PIN is right by now"),
        case(
            relocation().vouch_for_pin(),
            "relocate, vouching for the PIN",
            "connected, stored elsewhere",
            stored(connected(|_| {})),
        )
        .because("the caller does not want the PIN changed"),
        case(relocation(), "relocate with v20", "connected, stored elsewhere", version(stored(connected(|_| {})), 20))
            .because("no living version takes the storage when registering"),
        case(migration(), "migrate", "on an On-Premises deployment", on_premises())
            .because("everything else is settled"),
        case(migration(), "migrate", "on an On-Premises deployment", on_premises())
            .knowing(
                "a migration without an answer an hour ago",
                vec![tried(AttemptKind::Register, AttemptState::Sent, None)],
            )
            .because("it may have failed over its PIN and have taken the deployment down"),
        case(
            Addition::new(account(), E164::new("+15550783881").unwrap(), "Name"),
            "add",
            "the account does not have it",
            {
                let mut seen = Observed::new(ApiVersion::DEFAULT);
                seen.listing = Some(Listing::Absent);
                seen
            },
        )
        .because("the list was read to its end"),
        case(
            onboarding().greet(E164::new("+16505551234").unwrap(), Greeting::text("hello")),
            "onboard with a text",
            "connected",
            connected(|_| {}),
        )
        .knowing("the text was accepted", vec![tried(AttemptKind::Greeting, AttemptState::Confirmed, None)])
        .because("a text is delivered only to a person who has written within 24 hours"),
        case(
            onboarding().greet(E164::new("+16505551234").unwrap(), Greeting::template("hello_world", "en_US")),
            "onboard with a template",
            "connected",
            connected(|_| {}),
        )
        .knowing("the template was accepted", vec![tried(AttemptKind::Greeting, AttemptState::Confirmed, None)])
        .because("a template may begin a conversation"),
    ]
}

fn coexistence() -> Vec<Case> {
    let both = || connected(|it| it.is_on_biz_app = Some(true));
    let both_subscribed = || subscribed(both(), Subscribed::Yes);
    let synchronised = |kinds: &[AttemptKind]| {
        kinds.iter().map(|kind| tried(*kind, AttemptState::Confirmed, None)).collect::<Vec<_>>()
    };
    let subscribing = || onboarding().subscribe(Subscription::new(account(), app()));
    vec![
        case(onboarding(), "onboard", "on the Business app too", both())
            .because("it is registered already; what is missing are its webhooks"),
        case(subscribing(), "onboard with a subscription", "on the Business app too, subscribed", both_subscribed())
            .because("contacts first, within 24 hours"),
        case(subscribing(), "onboard with a subscription", "on the Business app too, subscribed", both_subscribed())
            .knowing("the contacts were requested", synchronised(&[AttemptKind::SyncContacts]))
            .because("then the history"),
        case(subscribing(), "onboard with a subscription", "on the Business app too, `PENDING`, subscribed", {
            let mut seen = both_subscribed();
            seen.number.as_mut().unwrap().status = Some(Status::Pending);
            seen
        })
        .knowing("both were requested", synchronised(&[AttemptKind::SyncContacts, AttemptKind::SyncHistory]))
        .because("its status lags behind; the webhooks follow"),
        case(onboarding(), "onboard", "`PENDING` on the Cloud API, the service does not know `is_on_biz_app`", {
            let mut seen = both();
            let number = seen.number.as_mut().unwrap();
            (number.status, number.is_on_biz_app) = (Some(Status::Pending), None);
            seen
        })
        .without("is_on_biz_app")
        .because("a number of the app shows its platform before it shows as connected"),
        case(relocation(), "relocate", "on the Business app too", both()).because("it is never deregistered"),
        case(Retirement::new(number()), "retire", "on the Business app too", both()).because("the app disconnects it"),
        case(PinRotation::new(number(), pin()), "rotate the PIN", "on the Business app too", both())
            .because("setting its PIN is pointless"),
        case(Renaming::new(number(), "New name", pin()), "rename", "on the Business app too", both())
            .because("the name would take effect by registering"),
        case(migration(), "migrate", "on the Business app too", both()).because("it is never registered"),
    ]
}

fn subscribing() -> Vec<Case> {
    let plain = || Subscription::new(account(), app());
    let ours = || plain().override_callback("https://ours.example/", VerifyToken::new("token").unwrap());
    let seen = |how| subscribed(Observed::new(ApiVersion::DEFAULT), how);
    let elsewhere = || Subscribed::Overridden("https://theirs.example/hook?key=1".to_owned());
    vec![
        case(plain(), "subscribe", "not subscribed", seen(Subscribed::No)).because("a plain subscription"),
        case(plain(), "subscribe", "subscribed, overridden", seen(elsewhere()))
            .because("another plain subscription would remove the override that somebody else has set"),
        case(ours(), "subscribe with an override", "not subscribed", seen(Subscribed::No))
            .because("an override for an app that is not subscribed is refused"),
        case(ours(), "subscribe with an override", "subscribed", seen(Subscribed::Yes))
            .because("the second of the two calls"),
        case(ours(), "subscribe with an override", "subscribed, overridden by somebody else", seen(elsewhere()))
            .because("it is theirs"),
        case(
            ours().replace_override(),
            "subscribe, replacing the override",
            "subscribed, overridden by somebody else",
            seen(elsewhere()),
        )
        .because("the caller said so"),
        case(
            ours(),
            "subscribe with an override",
            "subscribed, overridden by us",
            seen(Subscribed::Overridden("https://ours.example/".to_owned())),
        )
        .because("nothing is to be done"),
    ]
}

impl Case {
    fn because(mut self, why: &'static str) -> Self {
        self.why = why;
        self
    }

    fn knowing(mut self, knows: &'static str, entries: Vec<Entry>) -> Self {
        let numbered = (1..).zip(entries).map(|(id, mut entry)| {
            entry.id = id;
            entry
        });
        (self.knows, self.entries) = (knows, numbered.collect());
        self
    }

    /// The service has said that it does not know this field.
    fn without(mut self, field: &str) -> Self {
        self.history.unknown_fields.insert(field.to_owned());
        self
    }

    /// The service has confirmed this an hour ago, in this run.
    fn after(mut self, step: Step) -> Self {
        self.history.confirmed.insert(step, an_hour_ago());
        self
    }
}

fn case(goal: impl Into<Goal>, goal_is: &'static str, read: &'static str, seen: Observed) -> Case {
    let (knows, why) = ("", "");
    Case { goal: goal.into(), goal_is, read, seen, knows, entries: Vec::new(), history: History::default(), why }
}

fn tried(kind: AttemptKind, state: AttemptState, code: Option<ErrorCode>) -> Entry {
    let mut entry = Entry::new(1, kind, an_hour_ago());
    (entry.state, entry.code) = (state, code);
    entry
}

fn an_hour_ago() -> Moment {
    Timestamp::from_millis(NOW.as_millis() - Duration::from_secs(3_600).as_millis() as u64).into()
}

fn connected(change: impl FnOnce(&mut PhoneNumber)) -> Observed {
    let mut it = PhoneNumber::new(number());
    it.status = Some(Status::Connected);
    it.platform_type = Some(Platform::CloudApi);
    it.code_verification_status = Some(Code::Verified);
    it.name_status = Some(Name::Approved);
    it.verified_name = Some("Old name".to_owned());
    it.is_pin_enabled = Some(true);
    it.is_on_biz_app = Some(false);
    change(&mut it);
    let mut seen = Observed::new(ApiVersion::DEFAULT);
    seen.number = Some(it);
    seen
}

fn unregistered(change: impl FnOnce(&mut PhoneNumber)) -> Observed {
    connected(|it| {
        it.status = Some(Status::Pending);
        it.platform_type = Some(Platform::NotApplicable);
        change(it);
    })
}

fn on_premises() -> Observed {
    connected(|it| it.platform_type = Some(Platform::OnPremise))
}

/// Its messages are stored where the service stores them by default.
fn stored(mut seen: Observed) -> Observed {
    let mut storage = StorageConfiguration::default();
    storage.status = Some(StorageStatus::InCountryStorageDisabled);
    seen.storage = Some(storage);
    seen
}

fn subscribed(mut seen: Observed, how: Subscribed) -> Observed {
    seen.subscription = Some(how);
    seen
}

fn version(mut seen: Observed, major: u16) -> Observed {
    seen.version = ApiVersion::new(major, 0);
    seen
}

fn onboarding() -> Onboarding {
    Onboarding::new(number(), pin())
}

fn relocation() -> Relocation {
    Relocation::new(number(), Storage::Local(Region::CH), pin())
}

fn migration() -> Migration {
    Migration::new(number(), pin(), BackupPassword::new("password").unwrap(), BackupData::new("data").unwrap())
}

fn number() -> PhoneNumberId {
    PhoneNumberId::new("106540352242922").unwrap()
}

fn account() -> WabaId {
    WabaId::new("102290129340398").unwrap()
}

fn app() -> AppId {
    AppId::new("670843887433847").unwrap()
}

fn pin() -> Pin {
    Pin::new("012345").unwrap()
}

const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

const HEAD: &str = "# Decisions

What the planner decides in the situations that real numbers have been seen in. The table is written by
`crates/wa-life/tests/decisions.rs` from what `plan` returns; a change of either fails the test until the other follows.

| goal | what is read | what the ledger knows | decision | why |
|---|---|---|---|---|
";
