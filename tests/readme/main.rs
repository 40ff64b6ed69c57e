//! Builds new packages by exactly what the README says, one for each of its audiences, and runs its code in them.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{env, fmt::Write, fs, os::unix::fs::symlink, path::Path, process::Command};

/// A package as the README has it: its dependencies, and the code that uses them.
#[derive(Default)]
struct Package {
    manifest: String,
    blocks: Vec<String>,
}

/// What runs the function of each block, and checks what it did.
const USES: &[(&str, &str)] = &[
    ("fn onboard(", include_str!("uses/onboard.rs")),
    ("let guarded =", include_str!("uses/guarded.rs")),
    ("fn ask(", include_str!("uses/ask.rs")),
    ("async fn list(", include_str!("uses/list.rs")),
    ("send: impl Fn(", include_str!("uses/own_stack.rs")),
    ("fn against_the_simulator(", include_str!("uses/simulator.rs")),
];

#[test]
fn every_block_of_the_readme_builds_and_runs_in_a_package_of_its_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let packages = packages(&fs::read_to_string(root.join("README.md")).unwrap());
    let blocks: usize = packages.iter().map(|package| package.blocks.len()).sum();
    assert_eq!((packages.len(), blocks), (4, USES.len()));

    let folder = tempfile::tempdir().unwrap();
    symlink(root, folder.path().join("wa")).unwrap();
    for (index, package) in packages.iter().enumerate() {
        let home = folder.path().join(format!("package{index}"));
        fs::create_dir_all(home.join("src")).unwrap();
        // The versions that the workspace is tested with.
        fs::copy(root.join("Cargo.lock"), home.join("Cargo.lock")).unwrap();
        fs::write(home.join("Cargo.toml"), manifest(index, package)).unwrap();
        let mut library = String::new();
        for (number, block) in package.blocks.iter().enumerate() {
            writeln!(library, "mod block{number};").unwrap();
            fs::write(home.join(format!("src/block{number}.rs")), with_test(block)).unwrap();
        }
        fs::write(home.join("src/lib.rs"), library).unwrap();
        let done = Command::new(env!("CARGO"))
            .args(["test", "--offline", "--quiet", "--", "--test-threads=1"])
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme"))
            .current_dir(&home)
            .output()
            .unwrap();
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(done.status.success(), "{}\n{}", shown(&done.stdout), shown(&done.stderr));
        let passed = format!("{} passed", package.blocks.len());
        assert!(shown(&done.stdout).contains(&passed), "{passed}: {}", shown(&done.stdout));
    }
}

/// Each block of TOML begins a package, to which the Rust that follows belongs.
fn packages(readme: &str) -> Vec<Package> {
    let mut packages: Vec<Package> = Vec::new();
    let mut parts = readme.split("```");
    while let (Some(_), Some(block)) = (parts.next(), parts.next()) {
        if let Some(manifest) = block.strip_prefix("toml\n") {
            packages.push(Package { manifest: manifest.to_owned(), ..Package::default() });
        } else if let Some(code) = block.strip_prefix("rust\n") {
            packages.last_mut().unwrap().blocks.push(code.to_owned());
        }
    }
    packages
}

fn manifest(index: usize, package: &Package) -> String {
    let head = format!("[package]\nname = \"package{index}\"\nedition = \"2024\"\n\n");
    // What only the test needs: a service.
    let tests = match package.manifest.contains("wa-sim") {
        true => "",
        false => "\n[dev-dependencies]\nwa-sim = { path = \"../wa/crates/wa-sim\" }\n",
    };
    format!("{head}{}{tests}", package.manifest)
}

fn with_test(block: &str) -> String {
    let (_, test) = USES.iter().find(|(sign, _)| block.contains(sign)).unwrap();
    format!("#![allow(dead_code)]\n{block}\n#[cfg(test)]\nmod tests {{\nuse super::*;\n{test}\n}}\n")
}
