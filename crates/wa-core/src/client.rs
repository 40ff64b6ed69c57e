use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use wa_types::Page;

use crate::{
    Answer, AsyncTransport, Config, Endpoint, Error, Operation, Paged, Pager, Retry, Standard, TransportError,
    parse_full,
};

/// Makes calls over an asynchronous transport. [`blocking::Client`](crate::blocking::Client) is the same without `await`.
#[derive(Clone)]
pub struct Client<T> {
    config: Arc<Config>,
    transport: T,
    retry: Retry,
    pause: Option<Pause>,
}

type Pause = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

impl<T: AsyncTransport + Standard> Client<T> {
    /// Makes calls over this kind of transport, with its standard settings.
    ///
    /// # Errors
    ///
    /// The transport cannot work on this machine.
    pub fn new(config: Config) -> Result<Self, TransportError> {
        T::standard().map(|transport| Self::with_transport(config, transport))
    }
}

impl<T: AsyncTransport> Client<T> {
    /// Makes calls over this transport.
    #[must_use]
    pub fn with_transport(config: Config, transport: T) -> Self {
        Self { config: Arc::new(config), transport, retry: Retry::NEVER, pause: None }
    }

    /// Makes failed calls again where the policy allows it. `pause` waits, such as `tokio::time::sleep`.
    #[must_use]
    pub fn retry<F, A>(mut self, retry: Retry, pause: F) -> Self
    where
        F: Fn(Duration) -> A + Send + Sync + 'static,
        A: Future<Output = ()> + Send + 'static,
    {
        self.retry = retry;
        self.pause = Some(Arc::new(move |length| Box::pin(pause(length))));
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
    pub async fn send<E>(&self, endpoint: &E) -> Result<E::Response, Error>
    where
        E: Endpoint + Sync + ?Sized,
    {
        self.send_full(endpoint).await.map(|answer| answer.value)
    }

    /// Makes a call as [`send`](Self::send) does, and keeps what came with the answer, such as the usage headers.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn send_full<E>(&self, endpoint: &E) -> Result<Answer<E::Response>, Error>
    where
        E: Endpoint + Sync + ?Sized,
    {
        let mut failed = 0;
        loop {
            let error = match self.send_once(endpoint).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            failed += 1;
            match (&self.pause, self.retry.pause(failed, endpoint.replay(), &error)) {
                (Some(pause), Some(length)) => pause(length).await,
                _ => return Err(error),
            }
        }
    }

    /// Walks through a list, page by page.
    #[must_use]
    pub fn pages<E: Paged + Sync>(&self, endpoint: E) -> Pages<'_, T, E> {
        Pages { client: self, pager: Pager::new(endpoint) }
    }

    async fn send_once<E>(&self, endpoint: &E) -> Result<Answer<E::Response>, Error>
    where
        E: Endpoint + Sync + ?Sized,
    {
        let request = self.config.request(endpoint)?;
        let sent = self.transport.send(request, self.config.patience_for(endpoint)).await;
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

impl<T: AsyncTransport, E: Paged + Sync> Pages<'_, T, E> {
    /// The next page, or nothing after the last one or after an error.
    ///
    /// # Errors
    ///
    /// As [`Client::send`], or the service's pages lead nowhere.
    pub async fn next(&mut self) -> Option<Result<Page<E::Item>, Error>> {
        let fetched = match self.pager.call()? {
            Ok(endpoint) => self.client.send(endpoint).await,
            Err(error) => return Some(Err(error)),
        };
        self.pager.take(&fetched);
        Some(fetched)
    }
}
