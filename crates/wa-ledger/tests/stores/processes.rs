//! Several processes on one store. They run this same program, told by the environment what to do.

use std::{
    env,
    io::{BufRead, BufReader, Lines, Write},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use wa_core::AttemptKind;
use wa_ledger::{Audit, Sqlite};
use wa_life::ledger::{AttemptState, Ledger, Limit};

use crate::support::{File, Place, attempt, grab, hours, number};

/// Alone it gets ten. Told by another, it takes its part of the ten of a shared store.
#[test]
fn a_process() {
    let (Ok(store), Ok(part)) = (env::var(STORE), env::var(PART)) else {
        let file = File::new().unwrap();
        assert_eq!(grab(&file.open(Limit::default()), &number(), hours(0)), 10);
        return;
    };
    say("ready");
    wait();
    if part.starts_with("take") {
        say(&crate::inbox::play(&store, &part));
        return wait();
    }
    let ledger = open(&store);
    match part.as_str() {
        // Opens the store more than once.
        "grab twice" => {
            drop(open(&store));
            let (_first, _second) = (open(&store), open(&store));
            say(&format!("granted {}", grab(&&*ledger, &number(), hours(0))));
            wait();
        }
        "grab" => say(&format!("granted {}", grab(&&*ledger, &number(), hours(0)))),
        _ => {
            let reservation = ledger.reserve(&number(), &attempt(AttemptKind::Register), hours(0)).unwrap();
            assert!(ledger.mark_sent(&reservation, hours(0)).unwrap());
            say("reserved");
            wait();
        }
    }
}

#[test]
fn six_processes_on_one_file_get_ten() {
    // Again and again, since the file is also made by all six at once.
    for _ in 0..5 {
        let file = File::new().unwrap();
        assert_eq!(together(6, &format!("file {}", file.path())), 10);
        assert_eq!(file.open(Limit::default()).audit(&number()).unwrap().records.len(), 10);
    }
}

#[test]
fn a_killed_process_has_spent_its_attempt() {
    let file = File::new().unwrap();
    let mut process = Process::start(&format!("file {}", file.path()), "hold");
    process.go();
    assert_eq!(process.hears("reserved"), "");
    process.child.kill().unwrap();
    process.child.wait().unwrap();

    let ledger = file.open(Limit::default());
    assert_eq!(
        ledger.load(&number(), hours(1)).unwrap().last(AttemptKind::Register).unwrap().state,
        AttemptState::Sent
    );
    assert_eq!(ledger.in_doubt().unwrap().records.len(), 1);
    assert_eq!(grab(&ledger, &number(), hours(1)), 9);
}

#[test]
fn a_relative_path_will_do() {
    let file = File::new().unwrap();
    for granted in ["10", "0"] {
        let mut process = Process::start_in(file.0.path(), "file ./:memory:", "grab");
        process.go();
        assert_eq!(process.hears("granted ").trim(), granted);
    }
}

/// Starts so many processes, lets them go at once, and says how many attempts they got together.
pub(crate) fn together(count: usize, store: &str) -> usize {
    let mut processes: Vec<_> = (0..count).map(|_| Process::start(store, "grab")).collect();
    processes.iter_mut().for_each(Process::go);
    let granted = |mut process: Process| {
        let granted = process.hears("granted").trim().parse::<usize>().unwrap();
        assert!(process.child.wait().unwrap().success());
        granted
    };
    processes.into_iter().map(granted).sum()
}

/// Another process, which runs [`a_process`] and ends with this value.
pub(crate) struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts one, which then waits for its word.
    pub(crate) fn start(store: &str, part: &str) -> Self {
        Self::start_in(Path::new("."), store, part)
    }

    fn start_in(folder: &Path, store: &str, part: &str) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args(["--exact", "processes::a_process", "--nocapture"])
            .env(STORE, store)
            .env(PART, part)
            .current_dir(folder);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut process = Self { child, lines };
        process.hears("ready");
        process
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn go(&mut self) {
        writeln!(self.child.stdin.as_ref().unwrap(), "go").unwrap();
    }

    /// Waits for a line that begins so, and gives the rest of it.
    pub(crate) fn hears(&mut self, beginning: &str) -> String {
        for line in &mut self.lines {
            if let Some(rest) = line.unwrap().strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
        panic!("a process has ended without a word: {:?}", self.child.wait());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn open(store: &str) -> Box<dyn Ledger> {
    match store.strip_prefix("file ") {
        Some(path) => Box::new(Sqlite::open(path).unwrap()),
        None => server(store),
    }
}

#[cfg(feature = "postgres")]
fn server(parameters: &str) -> Box<dyn Ledger> {
    Box::new(wa_ledger::Postgres::connect(parameters).unwrap())
}

#[cfg(not(feature = "postgres"))]
fn server(parameters: &str) -> Box<dyn Ledger> {
    panic!("no such store: {parameters}")
}

fn say(line: &str) {
    // The test harness begins a line of its own.
    println!("\n{line}");
}

fn wait() {
    std::io::stdin().lock().read_line(&mut String::new()).unwrap();
}

const STORE: &str = "WA_LEDGER_TEST_STORE";
const PART: &str = "WA_LEDGER_TEST_PART";
