//! The runs against a service that was built from its documents alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod driving;
mod model;

use std::{collections::BTreeMap, time::Duration};

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};
use wa_life::{Ending, ledger::Memory};

use driving::{End, Fortune, MOST_REQUESTS_AT_ONCE, drive};
use model::{
    Aim, Fault, Harmful, Op, Rules, Scene, Start, Upset, When,
    scene::{AIMS, PIN, STARTS, TOKEN},
};

/// What is wrong with how scenes went, one after the other with one ledger; the last line tells the story.
fn wrongs(scene: &Scene, then: &[Aim], fortune: &Fortune) -> Vec<String> {
    let mut service = scene.service();
    let ledger = Memory::default();
    let mut wrongs = Vec::new();
    let mut words = String::new();
    for aim in std::iter::once(scene.aim).chain(then.iter().copied()) {
        let scene = Scene { aim, ..scene.clone() };
        for end in drive(&mut service, &scene, &ledger, fortune) {
            words.push_str(&judge(&end, &mut wrongs));
            let is_done = matches!(&end, End::Done(report, _) if report.ending == Ending::Done);
            let is_alone = fortune.deaths.is_empty() && fortune.turns.is_none() && then.is_empty();
            if !is_done && is_alone && is_plain(&scene) && scene.is_reachable() && !may_give_up(&scene) {
                wrongs.push("not done, though a careful caller reaches it".to_owned());
            }
        }
    }
    // A run that begins again asks the service again: see the test that is ignored.
    let harms = service.harms.iter().filter(|harm| harm.kind != Harmful::Forgotten);
    wrongs.extend(harms.map(|harm| format!("{:?}: {}", harm.kind, harm.text)));
    let most = MOST_REQUESTS_AT_ONCE * if fortune.turns.is_some() { 2 } else { 1 };
    if service.longest_burst() > most + 10 * (fortune.deaths.len() + then.len()) {
        wrongs.push(format!("{} requests without waiting", service.longest_burst()));
    }
    if !wrongs.is_empty() {
        wrongs.push(format!("{words}{}", service.story()));
    }
    wrongs
}

/// Judges one end by the truth, and returns its words.
fn judge(end: &End, wrongs: &mut Vec<String>) -> String {
    let words = match end {
        End::Wrong(error) => {
            wrongs.push(error.clone());
            error.clone()
        }
        End::Waiting(text) => format!("waiting: {text}"),
        End::Done(report, _) => report.to_string(),
    };
    if words.contains(PIN) || words.contains(TOKEN) {
        wrongs.push("a secret in a text".to_owned());
    }
    if let End::Done(report, truth) = end {
        if report.ending.to_string().trim().len() < 4 {
            wrongs.push("an ending without words".to_owned());
        }
        if report.ending == Ending::Done
            && let Err(missing) = truth
        {
            wrongs.push(format!("Done, but {missing}"));
        }
    }
    format!("{words}\n")
}

/// Nothing fails, nobody interferes, and the rules are the usual ones.
fn is_plain(scene: &Scene) -> bool {
    let usual = Scene::new(scene.aim, scene.start);
    scene.upsets.is_empty()
        && scene.changes.is_empty()
        && scene.rules == Rules::default()
        && scene.review == usual.review
        && !scene.other_override
        && !scene.vouched
        && !scene.in_review
}

/// Where a run may stop although a careful caller could go on, with the reason.
fn may_give_up(scene: &Scene) -> bool {
    match (scene.aim, scene.start) {
        // Another goal is the right one for numbers that are not on the On-Premises API.
        (Aim::Migrate, start) => start != Start::OnPremise,
        // A registration that was accepted and does not show: it may be pending, and a second one costs an attempt.
        (_, Start::EmptySuccess) => true,
        // No document says what NON_EXISTS means for a registration.
        (_, Start::NameNotExisting) => true,
        // Numbers of the app are onboarded with a subscription.
        (Aim::Live | Aim::LiveAndGreet, Start::OnBizApp) => true,
        // The PIN is wrong, and renaming is no reason to change it.
        (Aim::Rename, Start::ConnectedOtherPin) => true,
        _ => false,
    }
}

#[test]
fn every_goal_from_every_state() {
    let mut stories = Vec::new();
    for aim in AIMS {
        for start in STARTS {
            if let Some((story, wrongs)) = wrongs(&Scene::new(aim, start), &[], &Fortune::default()).split_last() {
                stories.push(format!("{aim:?} from {start:?}: {wrongs:#?}\n{story}"));
            }
        }
    }
    assert!(stories.is_empty(), "{} scenes went wrong\n{}", stories.len(), stories.join("\n"));
}

#[test]
fn no_fault_and_no_crash_leads_to_harm() {
    let kinds = explore(0, 150);
    let stories: Vec<&str> = kinds.values().map(|(_, story)| story.as_str()).collect();
    assert!(stories.is_empty(), "{}", stories.join("\n"));
}

/// A scene, what is wanted of the number afterwards, and what happens to the processes.
fn lives() -> impl Strategy<Value = (Scene, Vec<Aim>, Fortune)> {
    let then =
        prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(prop::sample::select(AIMS.to_vec()), 1..4)];
    let deaths = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(0..60_usize, 1..4)];
    let turns = prop::option::weighted(0.3, prop::collection::vec(1..9_usize, 1..8));
    (model::scenes(), then, deaths, turns)
        .prop_map(|(scene, then, deaths, turns)| (scene, then, Fortune { deaths, turns, at_once: false }))
}

/// A number that belongs to an account on a phone is refused until a person acts, and nothing shows whether one has. So each
/// run that begins again asks once, and three refusals within 72 hours end that: seven attempts are left to the person.
#[test]
fn a_process_that_begins_again_and_again_does_not_spend_the_ten_attempts() {
    let scene = Scene::new(Aim::Live, Start::Attached);
    let mut service = scene.service();
    let fortune = Fortune { deaths: (6..90).step_by(7).collect(), ..Fortune::default() };
    drive(&mut service, &scene, &Memory::default(), &fortune);
    assert!(service.harms.iter().all(|harm| harm.kind == Harmful::Forgotten), "{}", service.story());
    assert!(service.harms.len() <= 2, "{}", service.story());
}

/// A deregistration that the ledger has confirmed may not show yet: the number still reads as connected.
#[test]
fn a_late_reading_ends_nothing() {
    for then in [Aim::Live, Aim::Migrate, Aim::Onboard] {
        let mut scene = Scene::new(Aim::Relocate, Start::Connected);
        scene.rules.read_lag = Duration::from_secs(90);
        // The relocation ends in its middle.
        scene.upsets = vec![Upset::new(When::Nth(Op::ReadNumber, 1), Fault::SuccessFalse)];
        let wrongs = wrongs(&scene, &[then], &Fortune::default());
        assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
    }
}

/// One process reads the number, another one takes it down and sets its storage, the first one reads the storage.
#[test]
fn two_relocations_at_once_are_done_when_the_number_is_back() {
    for (first, second) in (1..20).flat_map(|first| (1..20).map(move |second| (first, second))) {
        let fortune = Fortune { turns: Some(vec![first, second]), at_once: true, ..Fortune::default() };
        let wrongs = wrongs(&Scene::new(Aim::Relocate, Start::Connected), &[], &fortune);
        assert!(wrongs.is_empty(), "turns of {first} and {second}\n{}", wrongs.join("\n"));
    }
}

/// Many scenes, with one story for each kind of wrong:
/// `SEED=1 CASES=5000 cargo test -p wa-life --test against_the_model survey -- --ignored --nocapture`.
#[test]
#[ignore = "a tool: it prints what it finds"]
#[allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a tool for people")]
fn survey() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let seed = number("SEED").and_then(|seed| u8::try_from(seed).ok()).unwrap_or(1);
    let kinds = explore(seed, number("CASES").unwrap_or(2000));
    for (kind, (count, story)) in &kinds {
        println!("==== {count} x {kind}\n{story}");
    }
    println!("{} kinds", kinds.len());
}

/// What went wrong in so many scenes drawn from this seed: how often, and the shortest story.
fn explore(seed: u8, cases: u32) -> BTreeMap<String, (usize, String)> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    let strategy = lives();
    let mut kinds = BTreeMap::<String, (usize, String)>::new();
    for _ in 0..cases {
        let (scene, then, fortune) = strategy.new_tree(&mut runner).unwrap().current();
        let wrongs = wrongs(&scene, &then, &fortune);
        let Some((story, wrongs)) = wrongs.split_last() else { continue };
        for wrong in wrongs {
            let kind: String = format!("{:?} {}", scene.aim, wrong.chars().take(70).collect::<String>());
            let text = format!("{scene:?} then {then:?} {fortune:?}\n{wrongs:#?}\n{story}");
            let entry = kinds.entry(kind).or_insert_with(|| (0, text.clone()));
            entry.0 += 1;
            if text.len() < entry.1.len() {
                entry.1 = text;
            }
        }
    }
    kinds
}
