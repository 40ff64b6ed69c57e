//! Scenes drawn at random: starting states, goals, rules and faults.

use std::time::Duration;

use proptest::{prelude::*, sample::select};

use super::{
    BizAppRegister, Change, DateSkew, Fault, Op, Rules, Scene, Upset, When,
    scene::{AIMS, STARTS},
};

/// Any scene.
pub fn scenes() -> impl Strategy<Value = Scene> {
    let upsets = prop::collection::vec(upset(), 0..4);
    let changes = prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(change(), 1..3)];
    let review = (select(vec![Some(0), Some(3600), Some(86_400), Some(20 * 86_400), None]), prop::bool::weighted(0.8));
    let flags = (any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.2), prop::bool::weighted(0.2));
    (select(AIMS.to_vec()), select(STARTS.to_vec()), rules(), upsets, changes, review, flags).prop_map(
        |(aim, start, rules, upsets, changes, (after, approved), (subscribed, other_override, vouched, in_review))| {
            Scene {
                aim,
                start,
                rules,
                upsets,
                changes,
                subscribed,
                other_override,
                review: (after.map(Duration::from_secs), approved),
                vouched,
                in_review,
            }
        },
    )
}

fn rules() -> impl Strategy<Value = Rules> {
    let rare = || prop::bool::weighted(0.2);
    let switches = (rare(), rare(), any::<bool>(), rare(), rare(), rare(), rare(), rare(), rare(), rare());
    let lag = select(vec![0, 0, 0, 5, 90]);
    let absent = select(vec![None, None, None, Some("is_pin_enabled"), Some("health_status"), Some("throughput")]);
    let unknown = select(vec![None, None, None, Some("health_status"), Some("throughput"), Some("username")]);
    let date = prop_oneof![
        4 => Just(DateSkew::Right),
        1 => select(vec![-7200, -90, 90, 7200, 40 * 86_400]).prop_map(DateSkew::Constant),
        1 => (0..12_usize, select(vec![-86_400, 86_400])).prop_map(|(index, by)| DateSkew::Once(index, by)),
        1 => Just(DateSkew::Absent),
    ];
    (switches, lag, absent, unknown, date).prop_map(|(switches, lag, absent, unknown, date)| {
        let (separate, described, block, thrown, down, keeps, ignored, shown, stays, lower) = switches;
        Rules {
            separate_counts: separate,
            limit_as_described: described,
            names_block: block,
            biz_app_register: if thrown { BizAppRegister::ThrownOff } else { BizAppRegister::Refused },
            pin_while_down: down,
            keeps_pin: keeps,
            region_ignored: ignored,
            new_name_shown_in_review: shown,
            new_status_stays: stays,
            settings_as_described: lower,
            read_lag: Duration::from_secs(lag),
            unknown_fields: unknown.map(str::to_owned).into_iter().collect(),
            absent_fields: absent.map(str::to_owned).into_iter().collect(),
            date,
        }
    })
}

fn change() -> impl Strategy<Value = (Duration, Change)> {
    let after = select(vec![1, 60, 299, 301, 3600, 86_401, 3 * 86_400]).prop_map(Duration::from_secs);
    let change = select(vec![
        Change::JoinsTheApp,
        Change::LeavesTheApp,
        Change::PinSetByOthers,
        Change::DeregisteredByOthers,
        Change::AttachedElsewhere,
        Change::NameDeclined,
        Change::NameApproved,
        Change::CodeExpires,
        Change::NeedsCode,
        Change::Banned,
        Change::SubscriptionEnds,
        Change::OverrideSetByOthers,
        Change::AttemptsSpent(8),
    ]);
    (after, change)
}

fn upset() -> impl Strategy<Value = Upset> {
    let when = prop_oneof![
        2 => (select(FAILING.to_vec()), 0..3_usize).prop_map(|(op, nth)| When::Nth(op, nth)),
        1 => (0..20_usize).prop_map(When::Index),
    ];
    let graph = |(status, code, subcode)| Fault::Graph { status, code, subcode };
    let fault = prop_oneof![
        1 => Just(Fault::Refused),
        2 => Just(Fault::LostBefore),
        3 => Just(Fault::LostAfter),
        1 => any::<bool>().prop_map(|effect| Fault::Html502 { effect }),
        1 => Just(Fault::SuccessFalse),
        3 => select(ERRORS.to_vec()).prop_map(graph),
    ];
    (when, fault).prop_map(|(when, fault)| Upset::new(when, fault))
}

const FAILING: [Op; 14] = [
    Op::ReadNumber,
    Op::Register,
    Op::Register,
    Op::Deregister,
    Op::Migrate,
    Op::SetPin,
    Op::Rename,
    Op::RequestCode,
    Op::VerifyCode,
    Op::SetStorage,
    Op::ReadSettings,
    Op::Subscribe,
    Op::Override,
    Op::Message,
];
/// From the table of errors: faults of Meta, limits, maintenance, tokens, and codes with several causes.
const ERRORS: [(u16, u32, Option<u32>); 14] = [
    (500, 131_000, None),
    (500, 1, None),
    (503, 2, None),
    (503, 131_016, None),
    (400, 133_004, None),
    (400, 131_057, None),
    (400, 100, None),
    (400, 133_006, None),
    (400, 100, Some(2_388_001)),
    (400, 133_016, None),
    (429, 80_007, None),
    (429, 4, Some(2_446_079)),
    (401, 190, Some(463)),
    (403, 200, None),
];
