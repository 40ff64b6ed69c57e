//! A library that stands between a process and its disk.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

use tempfile::TempDir;

use crate::{
    support::skipped,
    worker::{PART, STORE},
};

/// Runs a part of the worker over a file, behind the library. None, and loudly so, where it cannot be compiled.
pub(crate) fn run(part: &str, ledger: &Path, settings: &[(&str, &str)]) -> Option<Output> {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "worker::a_worker", "--nocapture"]);
    command.env("LD_PRELOAD", library()?).env("WA_SHIM_FILE", ledger).env(PART, part).env(STORE, ledger);
    command.envs(settings.iter().copied());
    Some(command.output().unwrap())
}

fn library() -> Option<&'static Path> {
    static LIBRARY: OnceLock<Option<(TempDir, PathBuf)>> = OnceLock::new();
    let compiled = LIBRARY.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let (source, library) = (folder.path().join("shim.c"), folder.path().join("shim.so"));
        fs::write(&source, include_str!("shim.c")).unwrap();
        let flags = ["-shared", "-fPIC", "-O1", "-Wall", "-o"];
        match Command::new("cc").args(flags).arg(&library).arg(&source).arg("-ldl").output() {
            Ok(output) if output.status.success() => Some((folder, library)),
            result => {
                skipped(&format!("no C compiler: failing disks and cut power were not tested: {result:?}"));
                None
            }
        }
    });
    compiled.as_ref().map(|(_, library)| library.as_path())
}
