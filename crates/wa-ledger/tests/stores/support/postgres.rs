use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use postgres::{Client, NoTls};
use tempfile::TempDir;
use wa_ledger::Postgres;
use wa_life::ledger::Limit;

use super::{Place, skipped};

/// A server of its own, in a folder of its own, behind a socket in it. It ends with this value, or else with the tests.
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    options: String,
    watchdog: Child,
}

impl Server {
    /// Starts one; none, and loudly so, where PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(|_| "-c listen_addresses= -c fsync=off".to_owned())
    }

    /// Starts one with the options that this gives, which may put files into its folder.
    pub(crate) fn start_with(options: impl FnOnce(&Path) -> String) -> Option<Self> {
        let Some(programs) = programs() else {
            skipped("PostgreSQL is not installed: its ledger was not tested");
            return None;
        };
        let folder = TempDir::with_prefix("wa").unwrap().keep();
        let options = options(&folder);
        if is_root() {
            run(Command::new("chown").args(["-R", "postgres"]).arg(&folder));
        }
        let mut watchdog = program("sh");
        watchdog.args(["-c", WATCHDOG, "sh"]).arg(&programs).arg(&folder).stdin(Stdio::piped());
        let watchdog = watchdog.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = Self { programs, folder, options, watchdog };
        run(server.command("initdb").args(["-U", "wa", "--auth=trust", "-E", "UTF8", "--locale=C"]));
        server.resume();
        Some(server)
    }

    /// Stops it at once, in the middle of whatever it is doing.
    pub(crate) fn crash(&self) {
        run(self.command("pg_ctl").args(["-m", "immediate", "stop"]));
    }

    /// Starts it after a crash.
    pub(crate) fn resume(&self) {
        let options = format!("-k {} {}", self.folder.display(), self.options);
        run(self.command("pg_ctl").arg("-l").arg(self.folder.join("log")).args(["-o", &options, "start"]));
    }

    /// How to connect to a database of it.
    pub(crate) fn parameters(&self, database: &str) -> String {
        format!("host={} user=wa dbname={database}", self.folder.display())
    }

    /// A connection of the driver, for what a ledger does not do.
    pub(crate) fn client(&self) -> Client {
        Client::connect(&self.parameters("postgres"), NoTls).unwrap()
    }

    /// A ledger in it.
    pub(crate) fn ledger(&self) -> Postgres {
        Postgres::connect(&self.parameters("postgres")).unwrap().clock_of_caller()
    }

    fn command(&self, name: &str) -> Command {
        let mut command = program(self.programs.join(name));
        command.arg("-D").arg(self.folder.join("data"));
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        self.watchdog.wait().unwrap();
    }
}

/// An empty database, in a server that all tests share.
pub(crate) struct Database {
    pub(crate) parameters: String,
}

impl Database {
    /// A connection of the driver, for what a ledger does not do.
    pub(crate) fn client(&self) -> Client {
        Client::connect(&self.parameters, NoTls).unwrap()
    }
}

impl Place for Database {
    type Store = Postgres;

    fn new() -> Option<Self> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        static DATABASES: AtomicU32 = AtomicU32::new(0);
        let server = SERVER.get_or_init(Server::start).as_ref()?;
        let name = format!("test{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        server.client().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        Some(Self { parameters: server.parameters(&name) })
    }

    fn open(&self, limit: Limit) -> Postgres {
        Postgres::connect(&self.parameters).unwrap().limit(limit).clock_of_caller()
    }
}

/// Debian keeps them out of the path, one folder a version.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("initdb").exists()).max()
}

/// PostgreSQL refuses to be run by root.
fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    if !is_root() {
        return Command::new(name);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(name).current_dir("/");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

fn run(command: &mut Command) {
    // A server started by it would hold a pipe open for ever.
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
}

/// Ends when the other end of its input does, which happens even to a process that is killed.
const WATCHDOG: &str = r#"
    trap '' INT TERM
    read -r line
    "$1/pg_ctl" -D "$2/data" -m immediate stop
    rm -rf "$2"
"#;
