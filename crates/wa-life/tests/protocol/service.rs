//! The simulated service, in the process or on a socket.

use std::time::Duration;

use wa_core::{Timestamp, types::PhoneNumberId, types::VerificationCode};
use wa_life::{Question, Reply};
use wa_sim::{Engine, Entry, InProcess, State, TestServer};

pub(crate) enum Service {
    InProcess(InProcess),
    Socket(TestServer),
}

impl Service {
    pub(crate) fn in_process(state: State) -> Self {
        Self::InProcess(InProcess::new(state))
    }

    pub(crate) fn on_a_socket(state: State) -> Self {
        Self::Socket(TestServer::start(state).unwrap())
    }

    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut Engine) -> R) -> R {
        match self {
            Self::InProcess(sim) => work(&mut sim.engine()),
            Self::Socket(server) => work(&mut server.engine()),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.with(|engine| engine.now().as_millis()))
    }

    pub(crate) fn advance(&self, length: Duration) {
        self.with(|engine| {
            let to = engine.now() + length;
            engine.advance(to);
        });
    }

    /// What the person says who looks at the phone.
    pub(crate) fn reply(&self, question: &Question) -> Reply {
        let code = self.with(|engine| engine.sent_code(question.number.as_str()).map(str::to_owned));
        code.map_or(Reply::NotReceived, |code| Reply::Code(VerificationCode::new(code).unwrap()))
    }

    pub(crate) fn journal(&self) -> Vec<Entry> {
        self.with(|engine| engine.journal().entries().cloned().collect())
    }
}

pub(crate) fn number() -> PhoneNumberId {
    PhoneNumberId::new(State::NUMBER).unwrap()
}
