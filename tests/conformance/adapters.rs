//! The transports under test, behind one trait.

use std::{sync::Arc, time::Duration};

use http::{Request, Response};
use tokio::runtime::Runtime;
use wa_core::{
    AsyncTransport, Body, CallLimits, Config, Transport, TransportError, blocking::Client, from_fn, types::AccessToken,
};
use wa_hyper::{HyperTransport, Roots, Settings};
use wa_ureq::UreqTransport;

use crate::certificates::TRUSTED;

pub(crate) const TOKEN: &str = "EAAJB-canary-token";

pub(crate) fn config(base: &str) -> Config {
    Config::new(AccessToken::new(TOKEN).unwrap()).base(base).unwrap()
}

/// A transport whose calls block until the answer has arrived.
pub(crate) trait Adapter: Send + Sync {
    fn name(&self) -> &'static str;
    fn send_within(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError>;

    fn send(&self, request: Request<Body>, timeout: Duration) -> Result<Response<Vec<u8>>, TransportError> {
        self.send_within(request, CallLimits::new(timeout))
    }
}

/// Makes calls over a transport under test.
pub(crate) fn client(
    adapter: &Arc<dyn Adapter>,
    config: Config,
) -> Client<impl Transport + Send + Sync + Clone + use<>> {
    let adapter = adapter.clone();
    Client::with_transport(
        config,
        Arc::new(from_fn(move |request, limits: CallLimits| adapter.send_within(request, limits))),
    )
}

/// A new transport of each kind, with settings that trust the certificate authority of this run.
pub(crate) fn adapters() -> [Arc<dyn Adapter>; 2] {
    adapters_with(&settings())
}

pub(crate) fn adapters_with(settings: &Settings) -> [Arc<dyn Adapter>; 2] {
    [Arc::new(Hyper::new(settings)), Arc::new(Ureq(UreqTransport::new(settings).unwrap()))]
}

/// The asynchronous transport, called outside of any runtime.
pub(crate) fn without_runtime(settings: &Settings) -> Arc<dyn Adapter> {
    Arc::new(Bare(HyperTransport::new(settings).unwrap()))
}

pub(crate) fn settings() -> Settings {
    Settings::new().no_proxy().roots(Roots::Own).authority(TRUSTED.pem())
}

struct Hyper {
    runtime: Runtime,
    transport: HyperTransport,
}

impl Hyper {
    fn new(settings: &Settings) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { runtime, transport: HyperTransport::new(settings).unwrap() }
    }
}

impl Adapter for Hyper {
    fn name(&self) -> &'static str {
        "wa-hyper"
    }

    fn send_within(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        self.runtime.block_on(self.transport.send(request, limits))
    }
}

struct Bare(HyperTransport);

impl Adapter for Bare {
    fn name(&self) -> &'static str {
        "wa-hyper without a runtime"
    }

    fn send_within(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        pollster::block_on(self.0.send(request, limits))
    }
}

struct Ureq(UreqTransport);

impl Adapter for Ureq {
    fn name(&self) -> &'static str {
        "wa-ureq"
    }

    fn send_within(&self, request: Request<Body>, limits: CallLimits) -> Result<Response<Vec<u8>>, TransportError> {
        self.0.send(request, limits)
    }
}
