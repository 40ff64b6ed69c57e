use std::{collections::VecDeque, fmt};

use async_trait::async_trait;
use wa_core::{Timestamp, types::VerificationCode};

use crate::{Event, Question, Wait};

/// What a program provides to [`complete`](crate::blocking::Drive::complete): the time, waiting, a person to ask, and a place
/// to show events.
pub trait Host {
    /// The present moment.
    fn now(&mut self) -> Timestamp;

    /// Waits and returns true, or returns false at once: then the run ends, blocked by the reason for the wait.
    fn sleep(&mut self, wait: &Wait) -> bool;

    /// Asks the person for the one-time code.
    fn ask(&mut self, question: &Question) -> Reply;

    /// Shows an event.
    fn tell(&mut self, event: &Event);
}

/// What an asynchronous program provides to [`complete`](crate::Drive::complete); see [`Host`].
#[async_trait]
pub trait AsyncHost: Send {
    /// The present moment.
    fn now(&mut self) -> Timestamp;

    /// Waits and returns true, or returns false at once: then the run ends, blocked by the reason for the wait.
    async fn sleep(&mut self, wait: &Wait) -> bool;

    /// Asks the person for the one-time code.
    async fn ask(&mut self, question: &Question) -> Reply;

    /// Shows an event.
    fn tell(&mut self, event: &Event);
}

/// A person's reply to the question for a one-time code.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Reply {
    /// This is the code.
    Code(VerificationCode),
    /// None has come: another one is to be sent.
    NotReceived,
    /// The person gives up: the run ends.
    Stop,
}

/// A host for tests: its clock is virtual, waiting moves it on, and a function makes the replies.
///
/// With the simulator's clock, and with its code for a reply:
///
/// ```
/// use wa_core::{Config, Timestamp, blocking::Client, types::{AccessToken, PhoneNumberId, Pin, VerificationCode}};
/// use wa_life::{Ending, Onboarding, Reply, TestHost, blocking::Drive, ledger::Memory};
/// use wa_sim::{Fault, FaultRule, InProcess, Operation, State};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let service = InProcess::new(State::demo(1));
/// // The answer to the registration is lost.
/// let lost = FaultRule::new(Fault::Close).on(Operation::Register).after().times(1);
/// service.engine().state_mut().faults.push(lost);
///
/// let mut host = TestHost::new(|| Timestamp::from_millis(service.engine().now().as_millis()))
///     .on_sleep(|wait| {
///         service.advance(wait.length);
///         true
///     })
///     .on_ask(|question| {
///         let code = service.engine().sent_code(question.number.as_str()).map(str::to_owned);
///         code.and_then(|code| VerificationCode::new(code).ok()).map_or(Reply::NotReceived, Reply::Code)
///     });
/// let client = Client::with_transport(Config::new(AccessToken::new(State::TOKEN)?), service.clone());
/// let goal = Onboarding::new(PhoneNumberId::new(State::NUMBER)?, Pin::new("012345")?);
/// let report = client.complete(goal, &Memory::default(), &mut host)?;
/// assert_eq!(report.ending, Ending::Done, "{report}");
/// assert_eq!(service.engine().journal().counts()[State::NUMBER]["number.register"], 1);
/// # Ok(())
/// # }
/// ```
pub struct TestHost<'a> {
    clock: Box<dyn FnMut() -> Timestamp + Send + 'a>,
    advance: Box<dyn FnMut(&Wait) -> bool + Send + 'a>,
    reply: Box<dyn FnMut(&Question) -> Reply + Send + 'a>,
    events: VecDeque<Event>,
}

impl<'a> TestHost<'a> {
    /// A host with this clock, which stands still while it waits, and whose person stops when asked.
    #[must_use]
    pub fn new(clock: impl FnMut() -> Timestamp + Send + 'a) -> Self {
        Self {
            clock: Box::new(clock),
            advance: Box::new(|_| true),
            reply: Box::new(|_| Reply::Stop),
            events: VecDeque::new(),
        }
    }

    /// Moves the clock on where a program would wait, such as that of a simulator. If it returns false, the run ends.
    #[must_use]
    pub fn on_sleep(mut self, advance: impl FnMut(&Wait) -> bool + Send + 'a) -> Self {
        self.advance = Box::new(advance);
        self
    }

    /// Replies where a person would be asked.
    #[must_use]
    pub fn on_ask(mut self, reply: impl FnMut(&Question) -> Reply + Send + 'a) -> Self {
        self.reply = Box::new(reply);
        self
    }

    /// Takes out what it was told.
    pub fn events(&mut self) -> impl Iterator<Item = Event> {
        self.events.drain(..)
    }
}

impl Host for TestHost<'_> {
    fn now(&mut self) -> Timestamp {
        (self.clock)()
    }

    fn sleep(&mut self, wait: &Wait) -> bool {
        (self.advance)(wait)
    }

    fn ask(&mut self, question: &Question) -> Reply {
        (self.reply)(question)
    }

    fn tell(&mut self, event: &Event) {
        self.events.push_back(event.clone());
    }
}

#[async_trait]
impl AsyncHost for TestHost<'_> {
    fn now(&mut self) -> Timestamp {
        Host::now(self)
    }

    async fn sleep(&mut self, wait: &Wait) -> bool {
        Host::sleep(self, wait)
    }

    async fn ask(&mut self, question: &Question) -> Reply {
        Host::ask(self, question)
    }

    fn tell(&mut self, event: &Event) {
        Host::tell(self, event);
    }
}

impl fmt::Debug for TestHost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestHost").field("events", &self.events.len()).finish_non_exhaustive()
    }
}
