use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use http::{Request, Response};
use wa_types::Page;

use crate::{
    Answer, AsyncTransport, Body, CallLimits, Config, Endpoint, Error, Operation, Paged, Pager, Retry, TransportError,
    TryDefault, Upload, UploadStep,
    exchange::{Exchange, Next},
    trace::Span,
};

/// Makes calls over an asynchronous transport. [`blocking::Client`](crate::blocking::Client) is the same without `await`.
#[derive(Clone)]
pub struct Client<T> {
    config: Arc<Config>,
    transport: T,
    retry: Retry,
    sleep: Option<Sleep>,
}

type Sleep = Arc<dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

impl<T: AsyncTransport + TryDefault> Client<T> {
    /// Makes calls over this kind of transport, with its standard settings.
    ///
    /// # Errors
    ///
    /// The transport cannot work on this machine.
    pub fn new(config: Config) -> Result<Self, TransportError> {
        T::try_default().map(|transport| Self::with_transport(config, transport))
    }
}

impl<T: AsyncTransport> Client<T> {
    /// Makes calls over this transport.
    #[must_use]
    pub fn with_transport(config: Config, transport: T) -> Self {
        Self { config: Arc::new(config), transport, retry: Retry::NEVER, sleep: None }
    }

    /// Makes failed calls again where the policy allows it. `sleep` waits, such as `tokio::time::sleep`.
    #[must_use]
    pub fn retry<F, A>(mut self, retry: Retry, sleep: F) -> Self
    where
        F: Fn(Duration) -> A + Send + Sync + 'static,
        A: Future<Output = ()> + Send + 'static,
    {
        self.retry = retry;
        self.sleep = Some(Arc::new(move |length| Box::pin(sleep(length))));
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
        let mut exchange = Exchange::new(&self.config, endpoint, self.retry, self.sleep.is_some());
        loop {
            let (request, limits, span) = exchange.request()?;
            let sent = span.follow(self.transport.send(request, limits)).await;
            match (exchange.answered(sent), &self.sleep) {
                (Next::After(length), Some(sleep)) => sleep(length).await,
                (Next::After(_), None) => {}
                (Next::Done(result), _) => return result,
            }
        }
    }

    /// Walks through a list, page by page.
    #[must_use]
    pub fn pages<E: Paged + Sync>(&self, endpoint: E) -> Pages<'_, T, E> {
        Pages { client: self, pager: Pager::new(endpoint) }
    }

    /// Uploads a file in pieces to its end, and returns the handle that other calls name it by.
    ///
    /// After an error, call it again with the same value to go on with what has arrived.
    ///
    /// # Errors
    ///
    /// The upload is refused, or makes no progress.
    pub async fn upload(&self, upload: &mut Upload) -> Result<String, Error> {
        loop {
            match upload.step() {
                UploadStep::Start(call) => {
                    let answer = self.send(&call).await;
                    upload.started(answer)?;
                }
                UploadStep::Read(call) => {
                    let answer = self.send(&call).await;
                    upload.located(answer)?;
                }
                UploadStep::Append(call) => {
                    let answer = self.send(&call).await;
                    upload.appended(answer)?;
                }
                UploadStep::Done(handle) => return Ok(handle.to_owned()),
            }
        }
    }

    /// Sends a request that was built apart from an endpoint, once, whatever the retry policy is. The answer is returned as
    /// it came, whatever its status.
    ///
    /// # Errors
    ///
    /// There is no complete answer.
    pub async fn execute(
        &self,
        operation: Operation,
        request: Request<Body>,
        limits: CallLimits,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let span = Span::for_request(&self.config, operation, &request);
        let sent = span.follow(self.transport.send(request, limits)).await;
        span.close_sent(operation, &sent);
        sent
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
    /// The call where the walk stands: keep a copy to go on later, also after an error.
    #[must_use]
    pub fn position(&self) -> &E {
        self.pager.position()
    }

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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::{
        TransportErrorKind,
        api::account::ListNumbers,
        testing::{self, Probe},
        transport::MockAsyncTransport,
    };

    fn good(json: &str) -> Result<Response<Vec<u8>>, TransportError> {
        Ok(Response::new(json.into()))
    }

    fn page(cursor: &str) -> Result<Response<Vec<u8>>, TransportError> {
        let next = r#""next":"https://elsewhere.example/?after=x""#;
        good(&format!(r#"{{"data":[],"paging":{{"cursors":{{"after":"{cursor}"}},{next}}}}}"#))
    }

    async fn walk(mut pages: Pages<'_, MockAsyncTransport, ListNumbers<'_>>) -> Vec<bool> {
        let mut seen = Vec::new();
        while let Some(page) = pages.next().await {
            seen.push(page.is_ok());
        }
        seen
    }

    #[test]
    fn the_futures_may_move_between_threads() {
        fn is_send<T: Send>(_: T) {}
        let client = Client::with_transport(testing::config(), MockAsyncTransport::new());
        is_send(client.send(&Probe::at("1")));
        is_send(client.pages(ListNumbers::new(&testing::account())).next());
    }

    #[test]
    fn the_client_waits_before_it_calls_again() {
        let mut transport = MockAsyncTransport::new();
        let mut answers = vec![good(r#"{"success":true}"#), Err(TransportError::new(TransportErrorKind::Connect))];
        transport.expect_send().times(2).returning(move |_, _| answers.pop().unwrap());
        let slept = Arc::new(Mutex::new(Vec::new()));
        let noted = slept.clone();
        let client = Client::with_transport(testing::config(), transport).retry(Retry::times(3), move |length| {
            noted.lock().unwrap().push(length);
            std::future::ready(())
        });
        pollster::block_on(client.send(&Probe::at("1"))).unwrap();
        assert_eq!(*slept.lock().unwrap(), [Duration::from_millis(500)]);
    }

    #[test]
    fn the_pages_end_after_an_error() {
        let mut transport = MockAsyncTransport::new();
        let mut answers = vec![Err(TransportError::new(TransportErrorKind::Protocol)), page("b"), page("a")];
        transport.expect_send().times(3).returning(move |_, _| answers.pop().unwrap());
        let account = testing::account();
        let client = Client::with_transport(testing::config(), transport);
        assert_eq!(pollster::block_on(walk(client.pages(ListNumbers::new(&account)))), [true, true, false]);
    }

    #[test]
    fn pages_that_lead_in_a_circle_end() {
        let mut transport = MockAsyncTransport::new();
        transport.expect_send().times(2).returning(|_, _| page("a"));
        let account = testing::account();
        let client = Client::with_transport(testing::config(), transport);
        assert_eq!(pollster::block_on(walk(client.pages(ListNumbers::new(&account)))), [true, true, false]);
    }
}
