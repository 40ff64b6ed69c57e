//! Six processes on one store, which are killed, paused, ended and started again at random while others look in, and a
//! server that crashes now and then.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant, SystemTime},
};

use wa_core::Timestamp;
use wa_ledger::{Audit, Record, Sqlite};
use wa_life::ledger::AttemptState;

use crate::{
    random::Random,
    support::{File, Place as _, skipped},
    worker::{LEFT, PART, SEED, START, STORE},
};

#[test]
fn a_file_keeps_every_promise() {
    let file = File::new().unwrap();
    let path = file.path();
    let count = "SELECT count(*) FROM wa_ledger_attempt; PRAGMA quick_check";
    let look_in = Command::new("sqlite3").arg("-version").stdout(Stdio::null()).status().is_ok().then_some(|| {
        let output = Command::new("sqlite3").args([&path, "-cmd", ".timeout 10000", count]).output().unwrap();
        assert!(output.status.success() && output.stdout.ends_with(b"ok\n"), "{output:?}");
    });
    if look_in.is_none() {
        skipped("the program sqlite3 is not installed: nobody looked into the file of the history");
    }
    // The table is there when somebody looks in.
    drop(Sqlite::open(&path).unwrap());
    let promises = play(&format!("file {path}"), || look_in.iter().for_each(|look_in| look_in()), || {});
    verify(&promises, &Sqlite::open(&path).unwrap());
}

#[cfg(feature = "postgres")]
#[test]
fn a_database_keeps_every_promise() {
    let Some(server) = crate::support::Server::start() else { return };
    let parameters = &server.parameters("postgres");
    drop(wa_ledger::Postgres::connect(parameters).unwrap());
    let look_in = || {
        let count = "SELECT count(*) FROM wa_ledger_attempt";
        let output = Command::new("psql").args(["-Atc", count, parameters]).output();
        match output {
            Ok(output) => assert!(output.status.success(), "{output:?}"),
            Err(_) => skipped("the program psql is not installed: nobody looked into the database of the history"),
        }
    };
    let crash = || {
        server.crash();
        server.resume();
    };
    let promises = play(parameters, look_in, crash);
    verify(&promises, &wa_ledger::Postgres::connect(parameters).unwrap().clock_of_caller());
}

/// What the store has promised, by the ids of the attempts.
#[derive(Default)]
struct Promises {
    attempts: BTreeMap<u64, Promise>,
    /// How often something was told, whatever it was.
    lines: usize,
    refused: usize,
    failed: usize,
}

struct Promise {
    number: String,
    kind: String,
    at: u64,
    is_sent: bool,
    settled: Option<String>,
    worker: usize,
}

struct Shared {
    promises: Mutex<Promises>,
    told: Condvar,
}

impl Shared {
    fn hear(&self, worker: usize, line: &str) {
        let mut promises = self.promises.lock().unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["reserved", id, number, kind, at] => {
                let (number, kind) = (number.to_owned(), kind.to_owned());
                let promise = Promise { number, kind, at: at.parse().unwrap(), is_sent: false, settled: None, worker };
                let earlier = promises.attempts.insert(id.parse().unwrap(), promise);
                assert!(earlier.is_none(), "the id {id} was given out twice");
            }
            ["sent", id] => promises.attempts.get_mut(&id.parse().unwrap()).unwrap().is_sent = true,
            ["settled", id, state] => {
                promises.attempts.get_mut(&id.parse().unwrap()).unwrap().settled = Some(state.to_owned());
            }
            ["lost", id] => panic!("the reservation {id} was taken from a living process"),
            ["refused"] => promises.refused += 1,
            ["failed"] => promises.failed += 1,
            // The test harness talks, too.
            _ => return,
        }
        promises.lines += 1;
        self.told.notify_all();
    }

    /// Waits until so much was told, or for so long: a process that is paused may hold up all others.
    fn wait_for(&self, lines: usize, timeout: Duration) {
        let promises = self.promises.lock().unwrap();
        let end = promises.lines + lines;
        drop(self.told.wait_timeout_while(promises, timeout, |promises| promises.lines < end).unwrap());
    }
}

struct Worker {
    child: Child,
    reader: Option<JoinHandle<()>>,
}

impl Worker {
    fn start(index: usize, store: &str, start: &str, seed: usize, shared: &Arc<Shared>) -> Self {
        let left = {
            let promises = shared.promises.lock().unwrap();
            let is_left = |(_, promise): &(&u64, &Promise)| {
                promise.worker == index && !promise.is_sent && promise.settled.is_none()
            };
            let left = promises.attempts.iter().filter(is_left);
            left.map(|(id, promise)| format!("{id} {};", promise.number)).collect::<String>()
        };
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "worker::a_worker", "--nocapture"]).env(PART, "history").env(STORE, store);
        command.env(SEED, seed.to_string()).env(START, start).env(LEFT, left);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let shared = Arc::clone(shared);
        // What a process has said before it was killed is still in the pipe.
        let reader = thread::spawn(move || {
            for line in lines.split(b'\n') {
                shared.hear(index, &String::from_utf8_lossy(&line.unwrap()));
            }
        });
        Self { child, reader: Some(reader) }
    }

    fn signal(&self, signal: &str) {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Lets it end by itself.
    fn end(mut self) {
        drop(self.child.stdin.take());
        self.listen_to_the_end();
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.listen_to_the_end();
    }

    fn listen_to_the_end(&mut self) {
        if let Some(reader) = self.reader.take() {
            self.child.wait().unwrap();
            reader.join().expect("a promise was broken");
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn play(store: &str, look_in: impl Fn(), crash: impl Fn()) -> Promises {
    let rounds: Option<usize> = env::var("WA_LEDGER_ROUNDS").ok().map(|rounds| rounds.parse().unwrap());
    let begin = Instant::now();
    let start = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_micros().to_string();
    let shared = Arc::new(Shared { promises: Mutex::default(), told: Condvar::new() });
    let mut random = Random::from_environment();
    let spawn = |index, random: &mut Random| Worker::start(index, store, &start, random.below(1 << 30), &shared);
    let mut workers: Vec<Option<Worker>> = (0..6).map(|index| Some(spawn(index, &mut random))).collect();
    let mut played = 0;
    // Without a wish, as much as fits into some seconds.
    let is_over = |played| rounds.map_or_else(|| begin.elapsed() > Duration::from_secs(8), |rounds| played == rounds);
    while !is_over(played) {
        shared.wait_for(20, Duration::from_secs(2));
        if random.below(30) == 0 {
            crash();
        }
        let index = random.below(workers.len());
        let worker = workers[index].take().unwrap();
        workers[index] = Some(match random.below(8) {
            0..=2 => {
                worker.kill();
                spawn(index, &mut random)
            }
            3 => {
                worker.end();
                spawn(index, &mut random)
            }
            4 | 5 => {
                worker.signal("-STOP");
                shared.wait_for(5, Duration::from_millis(100));
                worker.signal("-CONT");
                worker
            }
            // It is killed while it is paused.
            6 => {
                worker.signal("-STOP");
                look_in();
                worker.kill();
                spawn(index, &mut random)
            }
            _ => {
                look_in();
                worker
            }
        });
        played += 1;
        if played % 100 == 0 {
            println!("{played} rounds after {:.1} s", begin.elapsed().as_secs_f64());
        }
    }
    workers.into_iter().flatten().for_each(Worker::end);
    println!("{played} rounds in {:.1} s", begin.elapsed().as_secs_f64());
    std::mem::take(&mut *shared.promises.lock().unwrap())
}

fn verify(promises: &Promises, ledger: &impl Audit) {
    let listing = ledger.audit_all(Timestamp::default()..Timestamp::from_millis(u64::MAX / 2)).unwrap();
    assert_eq!(listing.unreadable, []);
    println!(
        "{} attempts promised, {} in the store, {} refused, {} failed",
        promises.attempts.len(),
        listing.records.len(),
        promises.refused,
        promises.failed
    );
    assert!(promises.attempts.len() > 50 && promises.refused > 5, "too little happened to say anything");
    let records: BTreeMap<u64, &Record> = listing.records.iter().map(|record| (record.entry.id, record)).collect();
    for (id, promise) in &promises.attempts {
        let record = records.get(id).unwrap_or_else(|| panic!("the attempt {id} was promised and is lost"));
        let entry = &record.entry;
        assert_eq!(record.number.as_str(), promise.number, "attempt {id}");
        assert_eq!(
            (entry.kind.as_str(), entry.reserved.store.as_millis()),
            (&*promise.kind, promise.at),
            "attempt {id}"
        );
        if let Some(settled) = &promise.settled {
            assert_eq!(entry.state.as_str(), settled, "attempt {id}");
        } else if promise.is_sent {
            assert!(entry.may_have_left(), "attempt {id}: it was sent, and now is {:?}", entry.state);
        }
    }
    let mut numbers: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for record in &listing.records {
        if record.entry.is_counted && record.entry.state != AttemptState::NotSent {
            numbers.entry(record.number.as_str()).or_default().push(record.entry.reserved.store.as_millis());
        }
    }
    assert!(numbers.values().any(|times| times.len() > 10), "no number was used to its limit");
    for mut times in numbers.into_values() {
        times.sort_unstable();
        for window in times.windows(11) {
            assert!(window[10] - window[0] >= 72 * 3_600_000, "eleven attempts within 72 hours: {window:?}");
        }
    }
}
