//! A connection to a server that is never waited for longer than a deadline.
//!
//! Each connection is driven by a thread of its own. Whoever waits for an answer stops at the deadline, whatever the
//! server does; the thread ends soon after its connection is dropped.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::Duration,
};

use futures_channel::oneshot;
use tokio_postgres::{Client, Error};

use crate::{deadline::Deadline, failure::Cause};

/// Makes a connection: the client, and what moves its bytes.
pub(super) type Connecting = Pin<Box<dyn Future<Output = Result<(Client, Driver), Error>> + Send>>;
pub(super) type Driver = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

pub(super) struct Connection {
    // Dropped first, so that the server is told.
    client: Client,
    _is_wanted: oneshot::Sender<()>,
}

impl Connection {
    pub(super) fn open(connecting: Connecting, deadline: Deadline) -> Result<Self, Cause> {
        let (is_wanted, unwanted) = oneshot::channel();
        let (connected, client) = oneshot::channel();
        let thread = thread::Builder::new().name("wa-ledger-postgres".to_owned());
        thread.spawn(move || drive(connecting, connected, unwanted)).map_err(Cause::Thread)?;
        let client = wait(client, deadline)?.map_err(|oneshot::Canceled| PANICKED)?;
        Ok(Self { client: client?, _is_wanted: is_wanted })
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }
}

/// Waits for a future that some other thread completes.
pub(super) fn wait<T>(future: impl Future<Output = T>, deadline: Deadline) -> Result<T, Cause> {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Ok(output);
        }
        let left = deadline.left();
        if left.is_zero() {
            return Err(Cause::Slow);
        }
        thread::park_timeout(left);
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The life of the thread of a connection.
fn drive(
    connecting: Connecting,
    connected: oneshot::Sender<Result<Client, Cause>>,
    mut unwanted: oneshot::Receiver<()>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(connected.send(Err(Cause::Thread(error)))),
    };
    runtime.block_on(async {
        let mut work = pin!(async {
            match connecting.await {
                Ok((client, driver)) => {
                    let _ = connected.send(Ok(client));
                    // Its error reaches whoever uses the client.
                    let _ = driver.await;
                }
                Err(error) => drop(connected.send(Err(error.into()))),
            }
        });
        let is_done = poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(true),
            Poll::Pending => Pin::new(&mut unwanted).poll(context).map(|_| false),
        });
        if !is_done.await {
            // A server that answers is told that the connection ends.
            let _ = tokio::time::timeout(FAREWELL, work).await;
        }
    });
    // The name of a host may still be looked up by a thread that nothing can stop.
    runtime.shutdown_background();
}

/// How long the thread of a dropped connection may take to end.
const FAREWELL: Duration = Duration::from_secs(1);

const PANICKED: Cause = Cause::Content("the thread of its connection panicked, which is a defect: try again");
