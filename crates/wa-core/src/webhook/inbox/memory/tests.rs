use proptest::prelude::*;

use super::*;

const LEASE: Duration = Duration::from_secs(60);

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(1_750_000_000 + seconds)
}

fn key(index: usize) -> EventKey {
    EventKey::from_stored(&format!("message wamid.{index}"))
}

fn lease(claim: Claim) -> Lease {
    let Claim::New(lease) = claim else { panic!("no lease: {claim:?}") };
    lease
}

fn done(inbox: &mut MemoryInbox, index: usize, now: Timestamp) {
    let lease = lease(inbox.claim(&key(index), LEASE, now));
    assert!(inbox.confirm(&lease, now));
}

#[test]
fn when_it_is_full_it_forgets_what_is_over_then_what_was_done_longest_ago() {
    let mut inbox = MemoryInbox::new(3);
    done(&mut inbox, 1, at(0));
    done(&mut inbox, 2, at(1));
    let dead = lease(inbox.claim(&key(3), LEASE, at(2)));
    // The lease is over at 62.
    done(&mut inbox, 4, at(62));
    for index in [1, 2, 4] {
        assert_eq!(inbox.claim(&key(index), LEASE, at(63)), Claim::AlreadyDone, "{index}");
    }
    assert!(!inbox.confirm(&dead, at(63)), "it was forgotten");
    done(&mut inbox, 5, at(64));
    for index in [2, 4, 5] {
        assert_eq!(inbox.claim(&key(index), LEASE, at(65)), Claim::AlreadyDone, "{index}");
    }
    assert!(matches!(inbox.claim(&key(1), LEASE, at(65)), Claim::New(_)));
}

#[test]
fn what_is_being_worked_on_is_never_forgotten() {
    let mut inbox = MemoryInbox::new(2);
    let first = lease(inbox.claim(&key(1), LEASE, at(0)));
    let second = lease(inbox.claim(&key(2), LEASE, at(5)));
    assert_eq!(inbox.claim(&key(3), LEASE, at(10)), Claim::InProgress { until: at(60) }, "no room");
    assert!(inbox.confirm(&first, at(11)));
    let third = lease(inbox.claim(&key(3), LEASE, at(12)));
    assert!(inbox.confirm(&second, at(13)) && inbox.confirm(&third, at(13)));
}

#[test]
fn pruning_forgets_what_is_over() {
    let mut inbox = MemoryInbox::new(10);
    done(&mut inbox, 1, at(0));
    done(&mut inbox, 2, at(10));
    let _dead = inbox.claim(&key(3), LEASE, at(20));
    assert_eq!(inbox.prune(at(79)), 0);
    assert_eq!(inbox.prune(at(80)), 1);
    let eight_days = 8 * 24 * 3_600;
    assert_eq!(inbox.prune(at(eight_days)), 1);
    assert_eq!(inbox.claim(&key(2), LEASE, at(eight_days)), Claim::AlreadyDone);
    assert!(matches!(inbox.claim(&key(1), LEASE, at(eight_days)), Claim::New(_)));
}

#[derive(Clone, Debug)]
enum Step {
    Claim { key: usize, seconds: u64 },
    Confirm { lease: usize },
    Release { lease: usize },
    Wait { seconds: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6_usize, 0..100_u64).prop_map(|(key, seconds)| Step::Claim { key, seconds }),
        2 => (0..40_usize).prop_map(|lease| Step::Confirm { lease }),
        1 => (0..40_usize).prop_map(|lease| Step::Release { lease }),
        2 => prop_oneof![0..100_u64, 0..1_000_000_u64].prop_map(|seconds| Step::Wait { seconds }),
    ]
}

/// The whole history of one event: who took it last, and when that ends.
#[derive(Clone, Copy)]
struct Told {
    holder: usize,
    end: u64,
    is_done: bool,
}

proptest! {
    #[test]
    fn it_does_what_a_list_of_all_that_happened_says(steps in prop::collection::vec(step(), 1..80)) {
        let mut inbox = MemoryInbox::new(6);
        let mut now = 0;
        let mut leases: Vec<(usize, Lease)> = Vec::new();
        let mut told: Vec<(usize, Told)> = Vec::new();
        for step in steps {
            let latest = |key| told.iter().rev().find(|(told, _)| *told == key).map(|(_, told)| *told);
            match step {
                Step::Wait { seconds } => now += seconds,
                Step::Claim { key: index, seconds } => {
                    let claim = inbox.claim(&key(index), Duration::from_secs(seconds), at(now));
                    match latest(index).filter(|told| told.end > now) {
                        Some(told) if told.is_done => prop_assert_eq!(claim, Claim::AlreadyDone),
                        Some(told) => prop_assert_eq!(claim, Claim::InProgress { until: at(told.end) }),
                        None => {
                            told.push((index, Told { holder: leases.len(), end: now + seconds, is_done: false }));
                            leases.push((index, lease(claim)));
                        }
                    }
                }
                Step::Confirm { lease } => {
                    let Some((index, held)) = leases.get(lease) else { continue };
                    let confirmed = inbox.confirm(held, at(now));
                    prop_assert_eq!(confirmed, latest(*index).is_some_and(|told| told.holder == lease));
                    if confirmed {
                        told.push((*index, Told { holder: lease, end: now + 691_200, is_done: true }));
                    }
                }
                Step::Release { lease } => {
                    let Some((index, held)) = leases.get(lease) else { continue };
                    inbox.release(held, at(now));
                    if latest(*index).is_some_and(|told| told.holder == lease && !told.is_done) {
                        told.push((*index, Told { holder: lease, end: now, is_done: false }));
                    }
                }
            }
        }
    }

    #[test]
    fn a_small_one_stays_small_and_loses_no_lease(steps in prop::collection::vec(step(), 1..80)) {
        let mut inbox = MemoryInbox::new(2);
        let mut now = 0;
        let mut leases: Vec<Lease> = Vec::new();
        for step in steps {
            match step {
                Step::Wait { seconds } => now += seconds,
                Step::Claim { key: index, seconds } => {
                    let live = leases.iter().filter(|lease| lease.until() > at(now)).count();
                    match inbox.claim(&key(index), Duration::from_secs(seconds), at(now)) {
                        Claim::New(lease) => {
                            prop_assert!(live < 2);
                            prop_assert!(leases.iter().all(|live| live.event() != lease.event() || live.until() <= at(now)));
                            leases.push(lease);
                        }
                        Claim::InProgress { until } => prop_assert!(until > at(now) && live > 0),
                        Claim::AlreadyDone => {}
                    }
                }
                Step::Confirm { lease } | Step::Release { lease } if lease < leases.len() => {
                    let lease = leases.remove(lease);
                    let confirmed = inbox.confirm(&lease, at(now));
                    prop_assert!(confirmed || lease.until() <= at(now));
                }
                Step::Confirm { .. } | Step::Release { .. } => {}
            }
            prop_assert!(inbox.events.len() <= 2);
            prop_assert_eq!(inbox.events.len(), inbox.leased.len() + inbox.done.len());
        }
    }
}
