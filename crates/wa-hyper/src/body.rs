use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// The content of a request, piece by piece. What may hold a secret is wiped when hyper drops it; a file is not copied.
pub(crate) struct Outgoing {
    chunks: VecDeque<Bytes>,
    left: u64,
}

impl From<wa_core::Body> for Outgoing {
    fn from(body: wa_core::Body) -> Self {
        let left = body.len() as u64;
        Self { chunks: body.into_chunks().map(Bytes::from_owner).collect(), left }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = self.chunks.pop_front();
        self.left -= next.as_ref().map_or(0, |chunk| chunk.len() as u64);
        Poll::Ready(next.map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
