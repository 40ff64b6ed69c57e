use std::time::Duration;

use http::Request;

use crate::{
    Engine, Fault, FaultRule, Handshake, Moment, Operation, Reply, Time, engine::read_params, error_style::Refusal,
    params::Params, path::Path, sent::Sent, webhook::CallbackCheck,
};

/// A request that has come in and is not carried out yet.
#[derive(Clone, Debug)]
#[must_use = "carry the request out or abandon it"]
pub struct Received {
    /// Which call it is; nothing if it is not modelled.
    pub(crate) operation: Option<Operation>,
    pub(crate) params: Result<Params, Refusal>,
    pub(crate) rule: Option<FaultRule>,
    pub(crate) check: CallbackCheck,
}

impl Received {
    /// How long to hold the request back before it is carried out: a delay before the effect.
    #[must_use]
    pub fn hold(&self) -> Duration {
        match &self.rule {
            Some(FaultRule { fault: Fault::Delay { millis }, moment: Moment::Before, .. }) => {
                Duration::from_millis(*millis)
            }
            _ => Duration::ZERO,
        }
    }

    /// Notes that the callback of [`Engine::handshake_of`] did not pass: the request will be refused.
    pub fn refuse_callback(&mut self) {
        self.check = CallbackCheck::Refused;
    }

    /// Whether the fault that strikes keeps the call from having its effect.
    pub(crate) fn is_kept_from_effect(&self) -> bool {
        self.rule.as_ref().is_some_and(FaultRule::prevents)
    }
}

impl Engine {
    /// Answers a request that comes at this moment, without holding it back.
    pub fn handle<B: AsRef<[u8]>>(&mut self, request: &Request<B>, now: Time) -> Reply {
        self.handle_within(request, now, None)
    }

    /// Answers a request whose caller gives up after a while, which matters to a delay before the effect.
    pub fn handle_within<B: AsRef<[u8]>>(
        &mut self,
        request: &Request<B>,
        now: Time,
        timeout: Option<Duration>,
    ) -> Reply {
        let mut received = self.receive(request, now);
        let hold = received.hold();
        if timeout.is_some_and(|timeout| timeout < hold) {
            return self.answer(request, &mut received, true);
        }
        let mut reply = self.carry_out(request, received, now);
        reply.delay += hold;
        reply
    }

    /// Takes a request in and chooses the fault that strikes it. Where time is real, [hold](Received::hold) it back,
    /// then [carry it out](Self::carry_out), or [abandon](Self::abandon) it if its caller has left meanwhile.
    pub fn receive<B: AsRef<[u8]>>(&mut self, request: &Request<B>, now: Time) -> Received {
        self.advance(now);
        let path = Path::read(request.uri());
        let params = read_params(Sent::new(request), &path);
        let operation = self.operation(request.method(), &path, params.as_ref().ok());
        let rule = operation.and_then(|operation| self.strike(operation, &path.node));
        Received { operation, params, rule, check: CallbackCheck::Passed }
    }

    /// The question that the service asks a callback before it carries this request out; nothing if there is none to
    /// ask. Nothing changes by it.
    ///
    /// Put the question, tell with [`Received::refuse_callback`] if the callback did not pass, and carry the request
    /// out. Whoever asks nobody just carries it out.
    #[must_use]
    pub fn handshake_of<B: AsRef<[u8]>>(&self, request: &Request<B>, received: &Received) -> Option<Handshake> {
        let names = match received.operation?.general() {
            Operation::Subscribe => "override_callback_uri",
            Operation::UpdateNumber => "webhook_configuration",
            _ => return None,
        };
        if !received.params.as_ref().is_ok_and(|params| params.has(names)) {
            return None;
        }
        // Only a trial tells how far the request would get.
        let mut trial = Self::new(self.state.clone());
        let mut received = Received { check: CallbackCheck::Open(None), ..received.clone() };
        trial.answer(request, &mut received, false);
        match received.check {
            CallbackCheck::Open(Some(callback)) => Some(Handshake::new(&callback, &mut trial.state.seed)),
            _ => None,
        }
    }

    /// Answers a request that was held back as long as it should. What it was held is not in the reply's delay.
    pub fn carry_out<B: AsRef<[u8]>>(&mut self, request: &Request<B>, mut received: Received, now: Time) -> Reply {
        self.advance(now);
        let hold = received.hold();
        let mut reply = self.answer(request, &mut received, false);
        reply.delay = reply.delay.saturating_sub(hold);
        reply
    }

    /// Notes that the caller left before its request was carried out: it has no effect.
    pub fn abandon<B: AsRef<[u8]>>(&mut self, request: &Request<B>, mut received: Received, now: Time) {
        self.advance(now);
        self.answer(request, &mut received, true);
    }
}
