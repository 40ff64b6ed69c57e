//! Real processes that are killed with SIGKILL at any point of an onboarding, over a socket, with a ledger in a file.

use std::{
    env,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use wa_cloud::{
    Config, Timestamp,
    life::{Ending, Event, Greeting, Host, Onboarding, Question, Reply, Wait, blocking::Drive},
    types::{AccessToken, E164, PhoneNumberId, VerificationCode},
};
use wa_ledger::Sqlite;
use wa_sim::{Number, State, TestServer};

use crate::world::{pin, subscription};

#[test]
fn a_process_that_is_killed_anywhere_is_simply_started_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.sqlite");
    let mut state = State::demo(1);
    state.rules.call_budget = false;
    state.rules.journal_length = usize::MAX;
    for index in 0..MOST_TRIED {
        state.numbers.insert(id(index), Number::new(State::ACCOUNT, "1", (15_550_000_000 + index).to_string()));
    }
    let server = TestServer::start(state).unwrap();
    let count = |number: &str, call: &str| {
        let engine = server.engine();
        let counts = engine.journal().counts().get(number);
        counts.and_then(|calls| calls.get(call)).copied().unwrap_or(0)
    };
    let calls = |number: &str| {
        let engine = server.engine();
        engine.journal().counts().get(number).map_or(0, |calls| calls.values().sum::<u64>())
    };

    let mut chance = 7_u64;
    let (mut killed, mut finished, mut resumed_with) = (0, 0, [0_u32; 12]);
    let mut tried = 0;
    // On a busy machine some are done before the signal comes.
    while killed < KILLS && tried < MOST_TRIED {
        let (index, number) = (tried, id(tried));
        tried += 1;
        let mut child = spawn(&server.url(), &file, &number);
        // At a random moment after a random call.
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (after, micros) = (index as u64 % 8, (chance >> 33) % 1_500);
        while calls(&number) < after && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let then = Instant::now() + Duration::from_micros(micros);
        while Instant::now() < then {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        let was_killed = !child.wait().unwrap().success();
        killed += usize::from(was_killed);
        resumed_with[usize::try_from(calls(&number)).unwrap().min(11)] += u32::from(was_killed);

        let said = spawn(&server.url(), &file, &number).wait_with_output().unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        let ending = said.lines().find_map(|line| line.strip_prefix("ENDING ")).unwrap_or_else(|| panic!("{said}"));
        match ending {
            "done" => finished += 1,
            // Killed after the message was marked as sent: nothing can be read that shows whether it left.
            other => assert!(other.starts_with("unconfirmed: sending the first message"), "{other}"),
        }
        assert!(server.engine().state().numbers[&number].is_registered(), "{said}");
        assert!(count(&number, "number.register") <= 2);
        assert!(count(&number, "message.send_text") <= 1);
    }
    assert_eq!(killed, KILLS, "of {tried}");
    assert!(finished >= tried * 8 / 10, "{finished} of {tried}");
    // It would prove little if all died at the same point.
    assert!(resumed_with.iter().filter(|count| **count > 5).count() >= 6, "{resumed_with:?}");
}

fn spawn(base: &str, file: &Path, number: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "killed::onboards", "--ignored", "--nocapture", "--test-threads=1"])
        .env("WA_LIFE_BASE", base)
        .env("WA_LIFE_LEDGER", file)
        .env("WA_LIFE_NUMBER", number)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "a process that the test above starts and kills"]
fn onboards() {
    let Ok(base) = env::var("WA_LIFE_BASE") else {
        return;
    };
    let number = PhoneNumberId::new(env::var("WA_LIFE_NUMBER").unwrap()).unwrap();
    let ledger = Sqlite::open(env::var("WA_LIFE_LEDGER").unwrap()).unwrap();
    let config = Config::new(AccessToken::new(State::TOKEN).unwrap()).base(&base).unwrap();
    let client = wa_cloud::ureq::Client::new(config).unwrap();
    let goal = Onboarding::new(number, pin())
        .subscribe(subscription())
        .greet(E164::new("+16505551234").unwrap(), Greeting::template("hello_world", "en_US"));
    let report = client.complete(goal, &ledger, &mut Phone { base, slept: Duration::ZERO }).unwrap();
    let _ = writeln!(std::io::stdout(), "\nENDING {}", report.ending);
    assert!(!matches!(report.ending, Ending::Blocked(_)));
}

/// Waiting moves the service's virtual clock, and with it the one of this process.
struct Phone {
    base: String,
    slept: Duration,
}

impl Host for Phone {
    fn now(&mut self) -> Timestamp {
        Timestamp::from(SystemTime::now()) + self.slept
    }

    fn sleep(&mut self, wait: &Wait) -> bool {
        control(&self.base, "POST", "clock", &format!(r#"{{"advance":"{}ms"}}"#, wait.length.as_millis()));
        self.slept += wait.length;
        true
    }

    fn ask(&mut self, question: &Question) -> Reply {
        let view = control(&self.base, "GET", &format!("numbers/{}", question.number), "");
        match view.split_once(r#""sent_code":""#) {
            Some((_, rest)) => Reply::Code(VerificationCode::new(&rest[..6]).unwrap()),
            None => Reply::NotReceived,
        }
    }

    fn tell(&mut self, _: &Event) {}
}

/// A call of the simulator's control.
fn control(base: &str, method: &str, path: &str, body: &str) -> String {
    let host = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} /_sim/{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

fn id(index: usize) -> String {
    (200_000_000_000_000 + index).to_string()
}

const KILLS: usize = 200;
const MOST_TRIED: usize = 800;
