use std::{
    io::{self, BufRead, IsTerminal, Write},
    time::{Duration, SystemTime},
};

use wa_core::{
    Timestamp,
    types::{CodeMethod, VerificationCode},
};
use wa_life::{Event, EventKind, Host, Question, Reply, Wait};

/// A host for a terminal: it shows each event on standard error, asks for one-time codes there, and sleeps.
///
/// A wait longer than an hour, such as that for an attempt to come back, is not slept through: the run ends with a report that
/// says when to start it again. With the feature `hyper` it serves asynchronous programs that run on tokio, too.
#[derive(Clone, Debug)]
pub struct Terminal {
    longest_sleep: Duration,
    is_terminal: bool,
}

impl Terminal {
    /// A host that sleeps for an hour at most.
    #[must_use]
    pub fn new() -> Self {
        Self { longest_sleep: Duration::from_secs(3_600), is_terminal: io::stdin().is_terminal() }
    }

    /// Sets the longest time to sleep. A run that would have to wait longer ends instead.
    #[must_use]
    pub fn longest_sleep(mut self, longest: Duration) -> Self {
        self.longest_sleep = longest;
        self
    }

    fn may_sleep(&self, wait: &Wait) -> bool {
        wait.length <= self.longest_sleep
    }

    /// Shows what has happened: that a call is made only where its outcome can be written over it.
    fn show(&self, event: &Event) {
        let is_passing = matches!(event.kind, EventKind::Calling(_) | EventKind::Asking(_));
        let mut out = io::stderr().lock();
        // A terminal that is gone is no reason to stop.
        let _ = match (is_passing, self.is_terminal && io::stderr().is_terminal()) {
            (true, true) => write!(out, "\r\x1b[K{event} ..").and_then(|()| out.flush()),
            (true, false) => Ok(()),
            (false, true) => writeln!(out, "\r\x1b[K{event}"),
            (false, false) => writeln!(out, "{event}"),
        };
    }

    /// Asks until the reply is a code, or that none has come. A code that is mistyped is asked for again.
    fn ask_at(&self, question: &Question, input: &mut impl BufRead, output: &mut impl Write) -> Reply {
        loop {
            let means = if question.method == CodeMethod::Voice { "call" } else { "SMS" };
            let _ = write!(output, "\r\x1b[K{question}\nThe code, or Enter if no {means} has come: ")
                .and_then(|()| output.flush());
            let mut line = String::new();
            match input.read_line(&mut line) {
                // Nobody is there to ask.
                Ok(0) | Err(_) => return Reply::Stop,
                Ok(_) => {}
            }
            match line.trim() {
                "" => return Reply::NotReceived,
                code => match VerificationCode::new(code) {
                    Ok(code) => return Reply::Code(code),
                    Err(error) => drop(writeln!(output, "{error}")),
                },
            }
        }
    }
}

impl Default for Terminal {
    fn default() -> Self {
        Self::new()
    }
}

#[allow(clippy::disallowed_methods, reason = "this is where the clock and the sleep are")]
impl Host for Terminal {
    fn now(&mut self) -> Timestamp {
        SystemTime::now().into()
    }

    fn sleep(&mut self, wait: &Wait) -> bool {
        if self.may_sleep(wait) {
            std::thread::sleep(wait.length);
        }
        self.may_sleep(wait)
    }

    fn ask(&mut self, question: &Question) -> Reply {
        self.ask_at(question, &mut io::stdin().lock(), &mut io::stderr().lock())
    }

    fn tell(&mut self, event: &Event) {
        self.show(event);
    }
}

#[cfg(feature = "hyper")]
#[async_trait::async_trait]
impl wa_life::AsyncHost for Terminal {
    fn now(&mut self) -> Timestamp {
        Host::now(self)
    }

    async fn sleep(&mut self, wait: &Wait) -> bool {
        if self.may_sleep(wait) {
            tokio::time::sleep(wait.length).await;
        }
        self.may_sleep(wait)
    }

    async fn ask(&mut self, question: &Question) -> Reply {
        // Reading a terminal blocks.
        let (mut host, question) = (self.clone(), question.clone());
        tokio::task::spawn_blocking(move || Host::ask(&mut host, &question)).await.unwrap_or(Reply::Stop)
    }

    fn tell(&mut self, event: &Event) {
        self.show(event);
    }
}

#[cfg(test)]
mod tests {
    use wa_core::{
        Config,
        types::{AccessToken, PhoneNumberId, Pin},
    };
    use wa_life::{
        Onboarding, Op, Run,
        ledger::{Ledger, Memory},
    };

    use super::*;

    /// A question as a run asks it.
    fn question() -> Question {
        let number = PhoneNumberId::new("106540352242922").unwrap();
        let config = Config::new(AccessToken::new("EAAJB").unwrap());
        let mut run = Run::new(&config, Onboarding::new(number, Pin::new("012345").unwrap()));
        let now = Timestamp::from_millis(1_750_000_000_000);
        let ledger = Memory::default();
        loop {
            let body = r#"{"id":"106540352242922","status":"PENDING","platform_type":"NOT_APPLICABLE","code_verification_status":"NOT_VERIFIED","name_status":"APPROVED"}"#;
            match run.poll(now) {
                Op::Load { number, now } => run.loaded(ledger.load(&number, now).unwrap(), now.store),
                Op::Reserve { number, attempt, now } => {
                    run.reserved(ledger.reserve(&number, &attempt, now), now.store).unwrap();
                }
                Op::MarkSent { reservation, now } => {
                    run.marked_sent(ledger.mark_sent(&reservation, now).unwrap(), now.store);
                }
                Op::Send(call) if call.operation.is_read => run.answered(Ok(http::Response::new(body.into())), now),
                Op::Send(_) => run.answered(Ok(http::Response::new(br#"{"success":true}"#.to_vec())), now),
                Op::Settle { reservation, settlement, now } => {
                    ledger.settle(&reservation, &settlement, now).unwrap();
                    run.settled();
                }
                Op::Ask(question) => return question,
                op => panic!("{op:?}"),
            }
        }
    }

    #[test]
    fn a_code_that_is_mistyped_is_asked_for_again() {
        let mut output = Vec::new();
        let reply = Terminal::new().ask_at(&question(), &mut &b"12345\nabc\n 123-830 \n"[..], &mut output);
        assert!(matches!(reply, Reply::Code(code) if code.expose() == "123830"));
        let shown = String::from_utf8(output).unwrap();
        assert_eq!(shown.matches("The code, or Enter").count(), 3, "{shown}");
        assert!(!shown.contains("12345"), "what was typed is not repeated: {shown}");
    }

    #[test]
    fn an_empty_line_has_another_code_sent_and_a_closed_input_ends_the_run() {
        let ask = |input: &[u8]| Terminal::new().ask_at(&question(), &mut &*input, &mut io::sink());
        assert!(matches!(ask(b"\n"), Reply::NotReceived));
        assert!(matches!(ask(b""), Reply::Stop));
        assert!(matches!(ask(b"\xff\n"), Reply::Stop));
    }
}
