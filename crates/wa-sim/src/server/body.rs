use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::{
    sync::watch,
    time::{Sleep, sleep},
};

/// A body that comes in pieces of a certain size with a delay after each, and then spaces.
pub(super) struct Paced {
    bytes: Bytes,
    spaces: usize,
    piece: usize,
    delay: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    /// One byte at a time.
    pub(super) fn slow(bytes: Vec<u8>, delay: Duration) -> Self {
        Self { bytes: bytes.into(), spaces: 0, piece: 1, delay, sleep: None }
    }

    /// As long as it should be, however long it is.
    pub(super) fn padded(bytes: Vec<u8>, length: usize) -> Self {
        let spaces = length.saturating_sub(bytes.len());
        Self { bytes: bytes.into(), spaces, piece: SPACES.len(), delay: Duration::ZERO, sleep: None }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(sleep) = &mut self.sleep {
            ready!(sleep.as_mut().poll(context));
            self.sleep = None;
        }
        let length = self.piece.min(if self.bytes.is_empty() { self.spaces } else { self.bytes.len() });
        if length == 0 {
            return Poll::Ready(None);
        }
        let piece = if self.bytes.is_empty() {
            self.spaces -= length;
            Bytes::from_static(&SPACES[..length])
        } else {
            self.bytes.split_to(length)
        };
        if !self.delay.is_zero() && !self.is_end_stream() {
            self.sleep = Some(Box::pin(sleep(self.delay)));
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty() && self.spaces == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64 + self.spaces as u64)
    }
}

/// Server-sent events that tell of changes, however many in one.
pub(super) struct Changes {
    next: Pin<Box<dyn Future<Output = Option<Change>> + Send>>,
}

/// Where the changes come from, and how many there have been.
type Change = (watch::Receiver<u64>, u64);

impl Changes {
    /// The first event comes at once.
    pub(super) fn new(mut revisions: watch::Receiver<u64>) -> Self {
        Self {
            next: Box::pin(async move {
                let revision = *revisions.borrow_and_update();
                Some((revisions, revision))
            }),
        }
    }
}

impl Body for Changes {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some((mut revisions, revision)) = ready!(self.next.as_mut().poll(context)) else {
            return Poll::Ready(None);
        };
        self.next = Box::pin(async move {
            sleep(BREATH).await;
            revisions.changed().await.ok()?;
            let revision = *revisions.borrow_and_update();
            Some((revisions, revision))
        });
        Poll::Ready(Some(Ok(Frame::data(format!("event: changed\ndata: {revision}\n\n").into()))))
    }
}

static SPACES: [u8; 65_536] = [b' '; 65_536];
/// A page need not be drawn more often.
const BREATH: Duration = Duration::from_millis(50);
