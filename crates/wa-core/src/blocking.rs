//! The client for programs that wait: the same names as the asynchronous one.

use std::{fmt, sync::Arc, time::Duration};

use wa_types::Page;

use crate::{
    Answer, Config, Endpoint, Error, Operation, Paged, Pager, Retry, Standard, Transport, TransportError, parse_full,
};

/// Makes calls over a blocking transport. [`wa_core::Client`](crate::Client) is the same with `await`.
#[derive(Clone)]
pub struct Client<T> {
    config: Arc<Config>,
    transport: T,
    retry: Retry,
    pause: Option<Pause>,
}

type Pause = Arc<dyn Fn(Duration) + Send + Sync>;

impl<T: Transport + Standard> Client<T> {
    /// Makes calls over this kind of transport, with its standard settings.
    ///
    /// # Errors
    ///
    /// The transport cannot work on this machine.
    pub fn new(config: Config) -> Result<Self, TransportError> {
        T::standard().map(|transport| Self::with_transport(config, transport))
    }
}

impl<T: Transport> Client<T> {
    /// Makes calls over this transport.
    #[must_use]
    pub fn with_transport(config: Config, transport: T) -> Self {
        Self { config: Arc::new(config), transport, retry: Retry::NEVER, pause: None }
    }

    /// Makes failed calls again where the policy allows it. `pause` waits, such as `std::thread::sleep`.
    #[must_use]
    pub fn retry(mut self, retry: Retry, pause: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.retry = retry;
        self.pause = Some(Arc::new(pause));
        self
    }

    /// What all calls have in common.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Makes a call.
    ///
    /// # Errors
    ///
    /// The call has no good answer: [`Error::outcome`] and [`Error::advice`] tell what became of it and what to do.
    pub fn send<E: Endpoint + ?Sized>(&self, endpoint: &E) -> Result<E::Response, Error> {
        self.send_full(endpoint).map(|answer| answer.value)
    }

    /// Makes a call as [`send`](Self::send) does, and keeps what came with the answer, such as the usage headers.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn send_full<E: Endpoint + ?Sized>(&self, endpoint: &E) -> Result<Answer<E::Response>, Error> {
        let mut failed = 0;
        loop {
            let error = match self.send_once(endpoint) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            failed += 1;
            match (&self.pause, self.retry.pause(failed, endpoint.replay(), &error)) {
                (Some(pause), Some(length)) => pause(length),
                _ => return Err(error),
            }
        }
    }

    /// Walks through a list, page by page. The walk ends after an error.
    #[must_use]
    pub fn pages<E: Paged>(&self, endpoint: E) -> Pages<'_, T, E> {
        Pages { client: self, pager: Pager::new(endpoint) }
    }

    fn send_once<E: Endpoint + ?Sized>(&self, endpoint: &E) -> Result<Answer<E::Response>, Error> {
        let request = self.config.request(endpoint)?;
        let sent = self.transport.send(request, self.config.patience_for(endpoint));
        parse_full::<E>(sent.map_err(|reason| Error::transport(Operation::of::<E>(), reason))?)
    }
}

impl<T> fmt::Debug for Client<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("config", &self.config).field("retry", &self.retry).finish_non_exhaustive()
    }
}

/// A walk through a list: see [`Client::pages`].
#[derive(Debug)]
pub struct Pages<'a, T, E> {
    client: &'a Client<T>,
    pager: Pager<E>,
}

impl<T: Transport, E: Paged> Iterator for Pages<'_, T, E> {
    type Item = Result<Page<E::Item>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let fetched = match self.pager.call()? {
            Ok(endpoint) => self.client.send(endpoint),
            Err(error) => return Some(Err(error)),
        };
        self.pager.take(&fetched);
        Some(fetched)
    }
}
