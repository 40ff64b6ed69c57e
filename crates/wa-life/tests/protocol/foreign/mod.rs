//! Somebody else's stack, made of public items only: an HTTP client, a store and a driver of its own.

mod client;
mod lines;

use wa_core::{Config, TransportError, TransportErrorKind};
use wa_life::{
    Op, Progress, Run,
    ledger::{Entry, Ledger, LedgerError, Limit},
};
use wa_sim::State;

pub(crate) use lines::Lines;

use crate::{
    judge::call_of,
    ours::{Scripted, config, lost},
    script::{Script, Side, Vanished},
    service::{Service, number},
    stack::Stack,
};

use client::{Broken, Exchange, over_a_socket, within_the_process};

/// A driver of its own over a store of its own; its client speaks HTTP over a socket, or calls the simulator by itself.
pub(crate) struct Foreign<const SOCKET: bool> {
    ledger: Scripted<Lines>,
    script: Script,
    service: Service,
}

impl<const SOCKET: bool> Stack for Foreign<SOCKET> {
    const NAME: &'static str = if SOCKET { "foreign, over a socket" } else { "foreign" };

    fn start(state: State, script: Script) -> Self {
        let service = if SOCKET { Service::on_a_socket(state) } else { Service::in_process(state) };
        let ledger = Scripted::new(Lines::new(Limit::default()), script.clone());
        Self { ledger, script, service }
    }

    fn config(&self) -> Config {
        match &self.service {
            Service::InProcess(_) => config(),
            Service::Socket(server) => config().base(&server.url()).unwrap(),
        }
    }

    fn drive(&self, run: &mut Run) -> Result<Result<Progress, LedgerError>, Vanished> {
        self.script.catch(|| self.go(run))
    }

    fn entries(&self) -> Vec<Entry> {
        self.ledger.inner().load(&number(), self.service.now().into()).unwrap().entries().to_vec()
    }

    fn service(&self) -> &Service {
        &self.service
    }
}

impl<const SOCKET: bool> Foreign<SOCKET> {
    fn go(&self, run: &mut Run) -> Result<Progress, LedgerError> {
        let now = || self.service.now();
        loop {
            match run.poll(now()) {
                Op::Load { number, now: at } => {
                    let attempts = self.ledger.load(&number, at)?;
                    run.loaded(attempts, now());
                }
                Op::Reserve { number, attempt, now: at } => {
                    let reserved = self.ledger.reserve(&number, &attempt, at);
                    run.reserved(reserved, now())?;
                }
                Op::MarkSent { reservation, now: at } => {
                    let is_marked = self.ledger.mark_sent(&reservation, at)?;
                    run.marked_sent(is_marked, now());
                }
                Op::Send(call) => {
                    let sent = self.send(Exchange::from_request(call.request, call.limits.timeout));
                    run.answered(sent, now());
                }
                Op::Settle { reservation, settlement, now: at } => {
                    self.ledger.settle(&reservation, &settlement, at)?;
                    run.settled();
                }
                Op::Wait(wait) => return Ok(Progress::Wait(wait)),
                Op::Ask(question) => return Ok(Progress::Ask(question)),
                Op::Done(report) => return Ok(Progress::Done(report)),
            }
        }
    }

    fn send(&self, exchange: Exchange) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.script.hand_out(call_of(&exchange.verb, exchange.path(), &exchange.payload));
        self.script.pass("send", Side::Before).map_err(|strike| lost(strike, Side::Before))?;
        let answer = match &self.service {
            Service::InProcess(sim) => within_the_process(sim, &exchange),
            Service::Socket(server) => over_a_socket(server.address(), &exchange),
        };
        self.script.pass("send", Side::After).map_err(|strike| lost(strike, Side::After))?;
        let answer = answer.map_err(|broken| {
            TransportError::new(match broken {
                Broken::Unreachable => TransportErrorKind::Connect,
                Broken::TookTooLong => TransportErrorKind::Timeout,
                Broken::CutOff => TransportErrorKind::Closed,
                Broken::NotHttp => TransportErrorKind::Protocol,
            })
        })?;
        answer.into_response().map_err(|_| TransportError::new(TransportErrorKind::Protocol))
    }
}
