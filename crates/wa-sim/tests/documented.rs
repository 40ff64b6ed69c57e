//! What the page about the simulator names is what there is: rules with their defaults, faults, controls, operations.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;
use wa_sim::{Control, Fault, FaultRule, Operation, Rules};

const PAGE: &str = include_str!("../../../docs/simulator.md");

/// The rows of the first table after a line that begins with its head.
fn table(head: &str) -> Vec<Vec<String>> {
    let start = PAGE.find(&format!("\n| {head} |")).unwrap_or_else(|| panic!("no table {head}")) + 1;
    let rows = PAGE[start..].lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// What stands in a cell as code.
fn code(cell: &str) -> &str {
    cell.trim_start_matches('`').split('`').next().unwrap()
}

/// The words that a type is written with, as its reader lists them.
fn words<T: DeserializeOwned + std::fmt::Debug>() -> BTreeSet<String> {
    let error = serde_json::from_str::<T>(r#""no such word""#).unwrap_err().to_string();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.as_object().unwrap().keys().next().unwrap().clone(), str::to_owned)
}

#[test]
fn every_rule_is_documented_with_its_default_and_how_sure_it_is() {
    let rules = serde_json::to_value(Rules::default()).unwrap();
    let rows = table("rule | default | what | how sure");
    let named: BTreeSet<_> = rows.iter().map(|row| code(&row[0]).to_owned()).collect();
    let there: BTreeSet<_> = rules.as_object().unwrap().keys().cloned().collect();
    assert_eq!(named, there);
    for row in &rows {
        let default: Value = serde_json::from_str(code(&row[1])).unwrap();
        assert_eq!(default, rules[code(&row[0])], "{}", row[0]);
        assert!(["documented", "seen", "reported", "assumed"].contains(&&*row[3]), "{}: {}", row[0], row[3]);
    }
}

#[test]
fn every_fault_is_documented_with_its_members() {
    let mut named = BTreeSet::new();
    for row in table("fault | what happens") {
        let value: Value = serde_json::from_str(code(&row[0])).unwrap();
        let fault: Fault = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&fault).unwrap(), value, "all members are named");
        FaultRule::new(fault).check().unwrap();
        named.insert(word(&value));
    }
    assert_eq!(named, words::<Fault>());
}

#[test]
fn every_member_of_a_fault_rule_is_documented() {
    let rule = serde_json::to_value(FaultRule::new(Fault::Close)).unwrap();
    let there: BTreeSet<_> = rule.as_object().unwrap().keys().cloned().collect();
    let rows = table("member | meaning");
    let named = rows.iter().flat_map(|row| row[0].split('`').skip(1).step_by(2)).map(str::to_owned);
    assert_eq!(named.collect::<BTreeSet<_>>(), there);
}

#[test]
fn every_control_is_documented_with_its_members() {
    let mut named = BTreeSet::new();
    for row in table("control | what people do") {
        let value: Value = serde_json::from_str(code(&row[0])).unwrap();
        let control: Control = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&control).unwrap(), value, "all members are named");
        named.insert(word(&value));
    }
    assert_eq!(named, words::<Control>());
}

#[test]
fn every_operation_is_documented() {
    let start = PAGE.find("\n## Operations\n").unwrap();
    let list = PAGE[start..].split("\n\n").nth(2).unwrap();
    let named: BTreeSet<_> = list.split('`').skip(1).step_by(2).collect();
    assert_eq!(named, Operation::all().map(Operation::name).collect());
}

/// The programs in the page are read by the simulator.
#[test]
fn the_scenario_is_one() {
    let start = PAGE.find("```json\n{\n  \"apps\"").unwrap() + "```json\n".len();
    let text = PAGE[start..].split("```").next().unwrap();
    wa_sim::State::from_json(text).unwrap();
}
