//! Installing a client, and running its script.

use std::{
    collections::BTreeMap,
    fs,
    io::{Write as _, stderr},
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use serde_json::Value;
use wa_sim::{State, TestServer};

/// A client as its registry has it, in exact versions of it and of what it needs.
pub(crate) struct Client {
    /// Its name, and the first of the packages is its own.
    pub(crate) name: &'static str,
    pub(crate) packages: &'static [&'static str],
    language: Language,
}

#[derive(Clone, Copy)]
enum Language {
    Python,
    Node,
    Rust,
}

/// A client that can be run.
pub(crate) struct Installed {
    home: PathBuf,
    language: Language,
}

impl Client {
    /// Installs it once for all runs; nothing if it cannot be.
    pub(crate) fn install(&self) -> Option<Installed> {
        // The tests of one client share its folder.
        let _guard = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("client-{}", self.name));
        let list = home.join("installed.txt");
        let wanted = self.packages.join("\n");
        let is_installed = fs::read_to_string(&list).is_ok_and(|text| text == wanted);
        if !is_installed {
            let _ = fs::remove_dir_all(&home);
            fs::create_dir_all(&home).unwrap();
        }
        // Cargo knows by itself whether its script has changed.
        if !is_installed || matches!(self.language, Language::Rust) {
            if let Err(error) = self.language.install(&home, self.packages) {
                let name = self.name;
                // Not by a macro, whose output the test harness keeps to itself.
                let _ = writeln!(stderr(), "\nSKIPPED: {name} could not be installed, so it was not tried: {error}");
                return None;
            }
            fs::write(list, wanted).unwrap();
        }
        Some(Installed { home, language: self.language })
    }

    /// The name and the version as the documents show them.
    pub(crate) fn title(&self) -> String {
        let (name, version) = self.packages[0].rsplit_once(['=', '@']).unwrap();
        format!("{} {version}", name.trim_end_matches('='))
    }
}

impl Language {
    fn install(self, home: &Path, packages: &[&str]) -> Result<(), String> {
        match self {
            Self::Python => {
                run(Command::new("python3").args(["-m", "venv"]).arg(home))?;
                let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
                let python = home.join("bin/python");
                let limits = ["--only-binary=:all:", "--timeout=20", "--retries=1"];
                run(Command::new(python).args(pip).args(limits).args(packages))
            }
            Self::Node => {
                run(Command::new("node").arg("--version"))?;
                let npm = ["install", "--silent", "--no-save", "--no-fund", "--no-audit", "--ignore-scripts"];
                let limits = ["--fetch-timeout=20000", "--fetch-retries=1", "--prefix"];
                run(Command::new("npm").args(npm).args(limits).arg(home).args(packages))
            }
            Self::Rust if std::env::var_os("WA_RUST_CLIENT").is_none() => {
                Err("it takes minutes to build, which WA_RUST_CLIENT=1 allows".to_owned())
            }
            Self::Rust => {
                for name in ["Cargo.toml", "main.rs"] {
                    let text = fs::read(scripts().join("whatsapp_business_rs").join(name)).unwrap();
                    if fs::read(home.join(name)).ok().as_ref() != Some(&text) {
                        fs::write(home.join(name), text).unwrap();
                    }
                }
                run(Command::new(env!("CARGO")).args(["build", "--quiet", "--target-dir", "target"]).current_dir(home))
            }
        }
    }
}

impl Installed {
    /// Runs a script and gives the lines of JSON that it writes.
    pub(crate) fn run(&self, script: &str, server: &TestServer) -> Vec<Value> {
        self.run_with(script, server, &BTreeMap::new())
    }

    /// Does so with more variables.
    pub(crate) fn run_with(&self, script: &str, server: &TestServer, more: &BTreeMap<&str, String>) -> Vec<Value> {
        let authority = self.home.join(format!("{script}.pem"));
        fs::write(&authority, server.authority_pem().unwrap()).unwrap();
        let mut command = match self.language {
            Language::Python => {
                let mut python = Command::new(self.home.join("bin/python"));
                python.arg(scripts().join(script));
                python
            }
            Language::Node => {
                // Node looks for packages beside the script.
                for name in [script, "simulator.mjs"] {
                    fs::copy(scripts().join(name), self.home.join(name)).unwrap();
                }
                let mut node = Command::new("node");
                node.arg(self.home.join(script)).env("NODE_EXTRA_CA_CERTS", &authority);
                node
            }
            Language::Rust => {
                let mut program = Command::new(self.home.join("target/debug/client"));
                program.env("API_BASE_URL_FOR_TESTING", server.url()).env("SSL_CERT_FILE", &authority);
                program
            }
        };
        let output = command
            .env("WA_BASE", server.url())
            .env("WA_TOKEN", State::TOKEN)
            .env("WA_NUMBER", State::NUMBER)
            .env("WA_ACCOUNT", State::ACCOUNT)
            .env("WA_APP", State::APP)
            .env("WA_AUTHORITY", &authority)
            .envs(more)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/scripts")
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

static INSTALLING: Mutex<()> = Mutex::new(());

pub(crate) const PYWA: Client = Client {
    name: "pywa",
    packages: &[
        "pywa==4.5.0",
        "anyio==4.16.0",
        "certifi==2026.10.18",
        "h11==0.16.0",
        "httpcore==1.0.9",
        "httpx==0.28.1",
        "idna==3.20",
        "typing_extensions==4.16.0",
    ],
    language: Language::Python,
};
pub(crate) const KAPSO: Client =
    Client { name: "kapso", packages: &["@kapso/whatsapp-cloud-api@0.3.0", "zod@4.6.7"], language: Language::Node };
pub(crate) const WHATSAPP_API_JS: Client =
    Client { name: "whatsapp-api-js", packages: &["whatsapp-api-js@6.3.0"], language: Language::Node };
pub(crate) const WHATSAPP_BUSINESS_RS: Client =
    Client { name: "whatsapp-business-rs", packages: &["whatsapp-business-rs@0.5.0"], language: Language::Rust };
