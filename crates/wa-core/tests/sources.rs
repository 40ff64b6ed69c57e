//! What every endpoint's source must have: a documented request, a link to Meta's page, a lenient response, a sample, and
//! no secret outside of its body.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    any,
    collections::BTreeSet,
    fmt::Debug,
    fs,
    path::{Path, PathBuf},
};

use wa_core::{
    Endpoint,
    samples::{self, Samples},
};

#[test]
fn every_endpoint_says_its_request_and_links_to_metas_page() {
    let mut endpoints = 0;
    for (file, source) in sources() {
        for (name, verb) in endpoints_of(&source) {
            endpoints += 1;
            let faults = faults(docs(&source, name), verb);
            assert!(faults.is_empty(), "{}: {name}: {faults:?}", file.display());
        }
    }
    assert!(endpoints >= 24, "only {endpoints} endpoints were found");
}

#[test]
fn no_response_is_strict() {
    // What people send is written by us and read back by us: a mistake in it should be heard of.
    for (file, source) in sources().into_iter().filter(|(file, _)| !file.iter().any(|part| part == "message")) {
        // A response by `model!` derives `Serialize` only; what derives `Deserialize` is private to its reader.
        for (place, _) in source.match_indices("\npub struct ") {
            let derived = source[..place].rsplit("\n\n").next().unwrap();
            let name = source[place..].lines().nth(1).unwrap();
            assert!(!derived.contains("Deserialize"), "{}: {name} derives Deserialize: use model!", file.display());
        }
    }
}

/// The suites look at the samples, so that an endpoint without one would be looked at by none.
#[test]
fn every_endpoint_has_a_sample() {
    let mut sampled = Sampled::default();
    samples::all(&mut sampled).unwrap();
    for (file, source) in sources() {
        for (name, _) in endpoints_of(&source) {
            assert!(sampled.0.contains(name), "{}: {name} has no sample: add it to `samples`", file.display());
        }
    }
}

#[derive(Default)]
struct Sampled(BTreeSet<&'static str>);

impl Samples for Sampled {
    fn call<E: Endpoint + Clone + Debug + Send + Sync>(&mut self, _: E) {
        let path = any::type_name::<E>().split('<').next().unwrap();
        self.0.insert(path.rsplit("::").next().unwrap());
    }
}

/// Endpoints implement `Serialize`, and secrets do not. Whoever exposes one to make it a member gives it to everybody.
#[test]
fn secrets_are_exposed_where_a_body_is_written_and_nowhere_else() {
    let mut bodies = 0;
    for (file, source) in sources() {
        let code = source.split("#[cfg(test)]").next().unwrap();
        let elsewhere: String = code
            .split("    fn body(&self)")
            .enumerate()
            .map(|(place, part)| {
                bodies += usize::from(place > 0);
                if place == 0 { part } else { part.split_once("\n    }\n").unwrap().1 }
            })
            .collect();
        assert!(!elsewhere.contains("expose"), "{}: a secret is exposed outside of `fn body`", file.display());
    }
    assert!(bodies >= 15, "only {bodies} bodies were found");
}

/// The page shows what it takes to add a call; that must be a call of this crate, and stay little.
#[test]
fn the_documented_call_is_as_long_as_the_page_says() {
    let page = include_str!("../../../docs/architecture.md");
    let diff = page.split("```diff\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let added: Vec<_> = diff.lines().filter_map(|line| line.strip_prefix('+')).collect();
    let source = include_str!("../src/api/account/subscription.rs");
    for line in &added {
        assert!(source.lines().any(|known| known == *line), "not in the source: {line}");
    }
    assert!(added.len() <= 30, "{} lines", added.len());
}

#[test]
fn the_check_notices_what_is_missing() {
    let whole = ["`GET /{number}`", "", "Reads a number.", "", "[Meta's page](https://developers.facebook.com/x)"];
    assert!(faults(whole.to_vec(), "GET").is_empty());
    assert_eq!(faults(whole[..4].to_vec(), "GET"), ["no link to Meta's page"]);
    assert_eq!(faults(whole.to_vec(), "POST"), ["another verb than its own"]);
    assert_eq!(faults(Vec::new(), "GET").len(), 3);
    let joined = ["`GET /{number}`", "", "Reads a number. It is quick.", "https://developers.facebook.com/"];
    assert_eq!(faults(joined.to_vec(), "GET"), ["its second paragraph is not one sentence"]);
}

fn faults(docs: Vec<&str>, own: &str) -> Vec<&'static str> {
    let mut faults = Vec::new();
    let verb = docs.first().and_then(|line| line.strip_prefix('`')).and_then(|line| line.split(" /").next());
    if verb != Some(own) {
        faults.push("another verb than its own");
    }
    let sentence = docs.iter().skip(2).take_while(|line| !line.is_empty()).copied().collect::<Vec<_>>().join(" ");
    if sentence.is_empty() || sentence.contains(". ") {
        faults.push("its second paragraph is not one sentence");
    }
    if !docs.iter().any(|line| line.contains("https://developers.facebook.com/")) {
        faults.push("no link to Meta's page");
    }
    faults
}

/// The endpoints of a file, with their verbs: written out, or made by `endpoint!`.
fn endpoints_of(source: &str) -> Vec<(&str, &str)> {
    let heads = source.split("\nimpl").skip(1).filter_map(|rest| {
        let (parameters, rest) = rest.split_once("Endpoint for ")?;
        (parameters == " " || parameters.starts_with('<') && !parameters.contains('\n')).then_some(rest)
    });
    let written = heads.map(|rest| {
        let verb = rest.split_once("const METHOD: Method = Method::").unwrap().1;
        (rest.split(['<', ' ']).next().unwrap(), verb.split(';').next().unwrap())
    });
    let made = source.split("\nendpoint! {\n").skip(1).map(|rest| {
        let declared = rest.split_once("pub struct ").unwrap().1;
        let verb = declared.lines().nth(1).unwrap().trim_start();
        (declared.split('(').next().unwrap(), verb.split(' ').next().unwrap())
    });
    written.chain(made).collect()
}

fn docs<'a>(source: &'a str, name: &str) -> Vec<&'a str> {
    let ends = ["<", " ", "("];
    let place = ends.iter().find_map(|end| source.find(&format!("pub struct {name}{end}"))).unwrap();
    let block = source[..place].rsplit("\n\n").next().unwrap();
    block.lines().filter_map(|line| line.trim_start().strip_prefix("///")).map(str::trim).collect()
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let source = fs::read_to_string(&path).unwrap();
                found.push((path, source));
            }
        }
    }
    found
}
