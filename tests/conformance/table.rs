//! The table of faults in `docs/transports.md`, written from the results of the tests.

use std::{env, fs, path::Path};

/// Compares the table in the document with these rows, or writes them there if `WA_BLESS` is set.
pub(crate) fn check(rows: &[[String; 3]]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/transports.md");
    let document = fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let mut table = String::from("\n\n| fault | what the call ends with | outcome |\n| --- | --- | --- |\n");
    for [fault, end, outcome] in rows {
        table += &format!("| {fault} | {end} | {outcome} |\n");
    }
    let wanted = format!("{before}{BEGIN}{table}\n{END}{after}");
    if env::var_os("WA_BLESS").is_some() {
        fs::write(&path, wanted).unwrap();
    } else {
        assert!(
            document == wanted,
            "docs/transports.md is out of date: run this test with WA_BLESS=1. It must hold{table}"
        );
    }
}

const BEGIN: &str = "<!-- faults: written by tests/conformance -->";
const END: &str = "<!-- end of faults -->";
