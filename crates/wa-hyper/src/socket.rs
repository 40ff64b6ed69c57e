use std::{
    io::{self, ErrorKind, IoSlice},
    mem::MaybeUninit,
    net::Shutdown,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, Weak},
    task::{Context, Poll, ready},
};

use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

/// A TCP stream whose reads fail after the deadline, and whose writes never fail.
///
/// hyper accepts any number of interim answers. If they arrive fast enough it never yields, so a timer of the runtime would
/// not fire: the deadline is checked at each read.
///
/// A server that answers early may stop reading. Then the write fails, although the answer may have arrived. So bytes that
/// cannot be written are discarded, and the following read shows whether there is an answer.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: Arc<TcpStream>,
    deadline: Arc<Mutex<Instant>>,
    is_broken: bool,
}

/// Observes a stream that hyper owns, without keeping it open.
#[derive(Debug)]
pub(crate) struct Watch {
    stream: Weak<TcpStream>,
    deadline: Arc<Mutex<Instant>>,
}

impl Watch {
    pub(crate) fn set_deadline(&self, deadline: Instant) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    /// Whether the server has neither closed the stream nor sent anything that was not read. The runtime may not have
    /// noticed yet.
    pub(crate) fn is_silent(&self) -> bool {
        let Some(stream) = self.stream.upgrade() else {
            return false;
        };
        let peeked = SockRef::from(&*stream).peek(&mut [MaybeUninit::uninit()]);
        peeked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}

impl Socket {
    pub(crate) fn new(stream: TcpStream, deadline: Instant) -> Self {
        Self { stream: Arc::new(stream), deadline: Arc::new(Mutex::new(deadline)), is_broken: false }
    }

    pub(crate) fn watch(&self) -> Watch {
        Watch { stream: Arc::downgrade(&self.stream), deadline: self.deadline.clone() }
    }

    fn is_over(&self) -> bool {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) <= Instant::now()
    }

    fn write(
        &mut self,
        cx: &mut Context<'_>,
        length: usize,
        write: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        while !self.is_broken {
            match ready!(self.stream.poll_write_ready(cx)).and_then(|()| write(&self.stream)) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => self.is_broken = true,
                written => return Poll::Ready(written),
            }
        }
        Poll::Ready(Ok(length))
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.stream.poll_read_ready(cx))?;
            match self.stream.try_read_buf(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
                // The end of the stream is reported as such, also between two calls.
                Ok(amount) if amount > 0 && self.is_over() => {
                    return Poll::Ready(Err(ErrorKind::TimedOut.into()));
                }
                Ok(_) => return Poll::Ready(Ok(())),
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.write(cx, bytes.len(), |stream| stream.try_write(bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let length = pieces.iter().map(|piece| piece.len()).sum();
        self.write(cx, length, |stream| stream.try_write_vectored(pieces))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(SockRef::from(&*self.stream).shutdown(Shutdown::Write))
    }
}
