//! A number's life through both transports, plain and over TLS.

use std::time::Duration;

use http::{Request, Response};
use tokio::runtime::{Builder, Runtime};
use wa_core::{
    AsyncTransport as _, Body, CallLimits, Config, Outcome, Transport, TransportError, TransportErrorKind,
    api::{
        account::ListNumbers,
        number::{ReadNumber, Register, RequestCode, VerifyCode},
    },
    blocking::Client,
    from_fn,
    types::{
        AccessToken, CodeMethod, Language, NumberField, NumberStatus, PhoneNumberId, Pin, VerificationCode, WabaId,
    },
};
use wa_hyper::{HyperTransport, Roots, Settings};
use wa_sim::{Fault, FaultRule, Moment, Operation, State, TestServer};
use wa_ureq::UreqTransport;

use crate::raw::servers;

pub(crate) type Exchange =
    Box<dyn Fn(Request<Body>, CallLimits) -> Result<Response<Vec<u8>>, TransportError> + Send + Sync>;

pub(crate) fn transports(server: &TestServer) -> [(&'static str, Exchange); 2] {
    let mut settings = Settings::new().no_proxy().roots(Roots::Own);
    if let Some(pem) = server.authority_pem() {
        settings = settings.authority(pem);
    }
    let ureq = UreqTransport::new(&settings).unwrap();
    let hyper = HyperTransport::new(&settings).unwrap();
    let runtime: Runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    [
        ("wa-ureq", Box::new(move |request, limits| ureq.send(request, limits))),
        ("wa-hyper", Box::new(move |request, limits| runtime.block_on(hyper.send(request, limits)))),
    ]
}

pub(crate) fn client<'a>(
    server: &TestServer,
    exchange: &'a Exchange,
    timeout: Duration,
) -> Client<impl Transport + use<'a>> {
    let config = Config::new(AccessToken::new(State::TOKEN).unwrap()).base(&server.url()).unwrap().timeout(timeout);
    Client::with_transport(config, from_fn(exchange))
}

fn number() -> PhoneNumberId {
    PhoneNumberId::new(State::NUMBER).unwrap()
}

#[test]
fn a_number_is_onboarded_through_both_clients() {
    for way in 0..2 {
        for server in servers(|| State::demo(1)) {
            let (name, exchange) = transports(&server).into_iter().nth(way).unwrap();
            let client = client(&server, &exchange, Duration::from_secs(20));
            let id = number();
            let register = Register::new(&id, Pin::new("012345").unwrap());
            let early = client.send(&register).unwrap_err();
            assert_eq!(early.code().unwrap().number(), 133_006, "{name}");
            client.send(&RequestCode::new(&id, CodeMethod::Sms, Language::new("en_US").unwrap())).unwrap();
            let code = server.engine().sent_code(State::NUMBER).unwrap().to_owned();
            client.send(&VerifyCode::new(&id, VerificationCode::new(code).unwrap())).unwrap();
            client.send(&register).unwrap();
            let shown = client.send(&ReadNumber::new(&id).fields([NumberField::Status])).unwrap();
            assert_eq!(shown.status, Some(NumberStatus::Connected), "{name}");
            let listed = client.send(&ListNumbers::new(&WabaId::new(State::ACCOUNT).unwrap())).unwrap();
            assert_eq!(listed.data.len(), 1);
            server.advance(Duration::from_secs(72 * 3_600));
            for _ in 0..10 {
                client.send(&register).unwrap();
            }
            assert!(client.send(&register).unwrap_err().is_registration_limit(), "{name}");
        }
    }
}

#[test]
fn every_fault_reaches_both_clients_as_what_it_is() {
    let faults = [
        (Fault::Timeout, Some(TransportErrorKind::Timeout)),
        (Fault::Delay { millis: 3_600_000 }, Some(TransportErrorKind::Timeout)),
        (Fault::Close, Some(TransportErrorKind::Closed)),
        (Fault::Reset, Some(TransportErrorKind::Closed)),
        (Fault::Truncate { bytes: 3 }, Some(TransportErrorKind::Closed)),
        (Fault::Garbage, Some(TransportErrorKind::Protocol)),
        (Fault::Oversized { bytes: 16 << 20 }, Some(TransportErrorKind::TooLarge)),
        (Fault::Html502, None),
        (Fault::Redirect { to: "https://example.com/".to_owned() }, None),
    ];
    for server in servers(|| State::demo(1)) {
        for (name, exchange) in transports(&server) {
            for (fault, kind) in &faults {
                let is_timeout = *kind == Some(TransportErrorKind::Timeout);
                let timeout = Duration::from_millis(if is_timeout { 200 } else { 20_000 });
                let client = client(&server, &exchange, timeout);
                for moment in [Moment::Before, Moment::After] {
                    let mut state = State::demo(2);
                    state.numbers.get_mut(State::NUMBER).unwrap().code.verified_at = Some(state.now);
                    let mut rule = FaultRule::new(fault.clone()).on(Operation::Register);
                    rule.moment = moment;
                    state.faults.push(rule);
                    *server.engine().state_mut() = state;

                    let error = client.send(&Register::new(&number(), Pin::new("012345").unwrap())).unwrap_err();
                    assert_eq!(error.outcome(), Outcome::Unknown, "{name} {fault:?} {moment:?}: {error}");
                    let found = match &error {
                        wa_core::Error::Transport { reason, .. } => Some(reason.kind()),
                        _ => None,
                    };
                    assert_eq!(found, *kind, "{name} {fault:?} {moment:?}: {error}");
                    let shown = client.send(&ReadNumber::new(&number()).fields([NumberField::Status])).unwrap();
                    let happened = shown.status == Some(NumberStatus::Connected);
                    assert_eq!(happened, moment == Moment::After, "{name} {fault:?}");
                }
            }
        }
    }
}
