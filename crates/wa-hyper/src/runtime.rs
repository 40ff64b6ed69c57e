use std::{future, io, pin::pin, sync::OnceLock, thread};

use tokio::runtime::{self, Handle};
use wa_core::{TransportError, TransportErrorKind};

/// Runs a future in the caller's runtime or, if there is none, in a runtime of this crate.
pub(crate) async fn run<T>(work: impl Future<Output = Result<T, TransportError>>) -> Result<T, TransportError> {
    if Handle::try_current().is_ok() {
        return work.await;
    }
    let own = own().map_err(|error| TransportError::with_source(TransportErrorKind::Connect, error))?;
    let mut work = pin!(work);
    future::poll_fn(|context| {
        let _entered = own.enter();
        work.as_mut().poll(context)
    })
    .await
}

fn own() -> Result<&'static Handle, io::Error> {
    static OWN: OnceLock<Handle> = OnceLock::new();
    if let Some(handle) = OWN.get() {
        return Ok(handle);
    }
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new().name("wa-hyper".to_owned()).spawn(move || runtime.block_on(future::pending::<()>()))?;
    // If two callers come here at once, one of the two runtimes stays unused.
    Ok(OWN.get_or_init(|| handle))
}
