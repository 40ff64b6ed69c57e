//! Our own stacks: the two clients' drivers over the ledger in memory.

use async_trait::async_trait;
use http::{Request, Response};
use wa_core::{
    AsyncTransport, Body, CallLimits, Client, Config, Transport, TransportError, TransportErrorKind, blocking,
    types::{AccessToken, PhoneNumberId},
};
use wa_life::{
    Drive, Progress, Run,
    blocking::Drive as _,
    ledger::{
        AsyncLedger, Attempt, Attempts, Entry, Ledger, LedgerError, Limit, Memory, Moment, Reservation, ReserveError,
        Settlement,
    },
};
use wa_sim::{InProcess, State};

use crate::{
    judge::call_of,
    script::{Script, Side, Strike, Vanished},
    service::{Service, number},
    stack::Stack,
};

/// A ledger or a transport whose effects lie between two points of a script.
pub(crate) struct Scripted<T> {
    inner: T,
    script: Script,
}

impl<T> Scripted<T> {
    pub(crate) fn new(inner: T, script: Script) -> Self {
        Self { inner, script }
    }

    pub(crate) fn inner(&self) -> &T {
        &self.inner
    }
}

pub(crate) fn failed(_: Strike) -> LedgerError {
    LedgerError::new("a test", "the script says so")
}

/// Why there is no answer. Only a failure before the effect is certain.
pub(crate) fn lost(strike: Strike, side: Side) -> TransportError {
    TransportError::new(match (strike, side) {
        (Strike::Silence, _) => TransportErrorKind::Timeout,
        (_, Side::Before) => TransportErrorKind::Connect,
        (_, Side::After) => TransportErrorKind::Closed,
    })
}

macro_rules! between {
    ($self:ident, $operation:literal, $failed:expr, $work:expr) => {{
        $self.script.pass($operation, Side::Before).map_err($failed)?;
        let done = $work;
        $self.script.pass($operation, Side::After).map_err($failed)?;
        done
    }};
    (async $self:ident, $operation:literal, $failed:expr, $work:expr) => {{
        $self.script.pass_async($operation, Side::Before).await.map_err($failed)?;
        let done = $work.await;
        $self.script.pass_async($operation, Side::After).await.map_err($failed)?;
        done
    }};
}

impl<L: Ledger> Ledger for Scripted<L> {
    fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        between!(self, "load", failed, self.inner.load(number, now))
    }

    fn reserve(&self, number: &PhoneNumberId, attempt: &Attempt, now: Moment) -> Result<Reservation, ReserveError> {
        between!(self, "reserve", failed, self.inner.reserve(number, attempt, now))
    }

    fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        between!(self, "mark_sent", failed, self.inner.mark_sent(reservation, now))
    }

    fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        between!(self, "settle", failed, self.inner.settle(reservation, settlement, now))
    }
}

#[async_trait]
impl<L: AsyncLedger> AsyncLedger for Scripted<L> {
    async fn load(&self, number: &PhoneNumberId, now: Moment) -> Result<Attempts, LedgerError> {
        between!(async self, "load", failed, self.inner.load(number, now))
    }

    async fn reserve(
        &self,
        number: &PhoneNumberId,
        attempt: &Attempt,
        now: Moment,
    ) -> Result<Reservation, ReserveError> {
        between!(async self, "reserve", failed, self.inner.reserve(number, attempt, now))
    }

    async fn mark_sent(&self, reservation: &Reservation, now: Moment) -> Result<bool, LedgerError> {
        between!(async self, "mark_sent", failed, self.inner.mark_sent(reservation, now))
    }

    async fn settle(&self, reservation: &Reservation, settlement: &Settlement, now: Moment) -> Result<(), LedgerError> {
        between!(async self, "settle", failed, self.inner.settle(reservation, settlement, now))
    }
}

impl Transport for Scripted<InProcess> {
    fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        self.script.hand_out(call_of(request.method().as_str(), request.uri().path(), &request.body().to_bytes()));
        self.script.pass("send", Side::Before).map_err(|strike| lost(strike, Side::Before))?;
        let sent = Transport::send(&self.inner, request, limits);
        self.script.pass("send", Side::After).map_err(|strike| lost(strike, Side::After))?;
        sent
    }
}

#[async_trait]
impl AsyncTransport for Scripted<InProcess> {
    async fn send(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        self.script.hand_out(call_of(request.method().as_str(), request.uri().path(), &request.body().to_bytes()));
        self.script.pass_async("send", Side::Before).await.map_err(|strike| lost(strike, Side::Before))?;
        let sent = AsyncTransport::send(&self.inner, request, limits).await;
        self.script.pass_async("send", Side::After).await.map_err(|strike| lost(strike, Side::After))?;
        sent
    }
}

pub(crate) fn config() -> Config {
    Config::new(AccessToken::new(State::TOKEN).unwrap())
}

/// The driver of the client for programs that wait.
pub(crate) struct Blocking {
    client: blocking::Client<Scripted<InProcess>>,
    ledger: Scripted<Memory>,
    script: Script,
    service: Service,
}

/// The driver of the asynchronous client, polled by hand.
pub(crate) struct Asynchronous {
    client: Client<Scripted<InProcess>>,
    ledger: Scripted<Memory>,
    script: Script,
    service: Service,
}

macro_rules! stack {
    ($stack:ident, $client:ty, $name:literal, |$self:ident, $run:ident| $drive:expr) => {
        impl Stack for $stack {
            const NAME: &'static str = $name;

            fn start(state: State, script: Script) -> Self {
                let sim = InProcess::new(state);
                let ledger = Scripted::new(Memory::new(Limit::default()), script.clone());
                let client = <$client>::with_transport(config(), Scripted::new(sim.clone(), script.clone()));
                Self { client, ledger, script, service: Service::InProcess(sim) }
            }

            fn config(&self) -> Config {
                config()
            }

            fn drive(&$self, $run: &mut Run) -> Result<Result<Progress, LedgerError>, Vanished> {
                $drive
            }

            fn entries(&self) -> Vec<Entry> {
                let now = self.service.now().into();
                Ledger::load(&self.ledger.inner, &number(), now).unwrap().entries().to_vec()
            }

            fn service(&self) -> &Service {
                &self.service
            }
        }
    };
}

stack!(Blocking, blocking::Client<Scripted<InProcess>>, "blocking", |self, run| {
    self.script.catch(|| self.client.drive(run, &self.ledger, || self.service.now()))
});

stack!(Asynchronous, Client<Scripted<InProcess>>, "asynchronous", |self, run| {
    self.script.poll(self.client.drive(run, &self.ledger, || self.service.now()))
});
