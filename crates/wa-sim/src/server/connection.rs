use std::{error::Error as _, future::poll_fn, net, sync::Arc, time::Duration};

use axum::{Router, body::Body, response::IntoResponse};
use http::{Request, Response};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    select,
    sync::{Semaphore, oneshot},
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::server::{control, deliver, ending::Raw, graph, guard, shared::Shared};

/// Serves every connection until it is stopped.
pub(super) async fn accept_all(
    listener: net::TcpListener,
    acceptor: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    let router = control::router(shared.clone());
    tokio::spawn(deliver::run(shared.clone()));
    let places = Arc::new(Semaphore::new(shared.options.max_connections));
    loop {
        // Without a place nobody is let in: the callers wait in the queue of the system.
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let accepted = select! {
            _ = &mut stopped => return,
            accepted = next => accepted,
        };
        match accepted {
            (Ok(place), Ok((socket, _))) => {
                let serving = serve(socket, acceptor.clone(), shared.clone(), router.clone());
                tokio::spawn(async move {
                    serving.await;
                    drop(place);
                });
            }
            // The process has too many files open, or the caller has left already.
            _ => sleep(BREATH).await,
        }
    }
}

async fn serve(socket: TcpStream, acceptor: Option<TlsAcceptor>, shared: Arc<Shared>, router: Router) {
    // Small answers must not wait for one another.
    let _ = socket.set_nodelay(true);
    match acceptor {
        None => exchange(socket, shared, router).await,
        Some(acceptor) => {
            if let Ok(Ok(stream)) = timeout(TIMEOUT, acceptor.accept(socket)).await {
                exchange(stream, shared, router).await;
            }
        }
    }
}

async fn exchange<S: Stream>(stream: S, shared: Arc<Shared>, router: Router) {
    let router = TowerToHyperService::new(router);
    let header_timeout = shared.options.header_timeout;
    let service = service_fn(move |request| Box::pin(answer(request, shared.clone(), router.clone())));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .serve_connection(TokioIo::new(stream), service);
    let end = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    if end.as_ref().is_err_and(hyper::Error::is_timeout) {
        // Nothing was answered, so nothing can be lost.
        return;
    }
    let mut stream = connection.into_parts().io.into_inner();
    let sent = match end.as_ref().err().and_then(|error| error.source()?.downcast_ref::<Raw>()) {
        Some(Raw::Reset) => {
            let _ = stream.socket().set_zero_linger();
            return;
        }
        Some(Raw::Bytes(bytes)) => stream.write_all(bytes).await,
        Some(Raw::Flood(count, bytes)) => flood(&mut stream, *count, bytes).await,
        Some(Raw::Close) | None => Ok(()),
    };
    if sent.is_ok() && stream.shutdown().await.is_ok() {
        // Closing with bytes unread would reset the connection, and the caller might lose the answer.
        let mut rest = [0; 16_384];
        let drain = async { while matches!(stream.read(&mut rest).await, Ok(1..)) {} };
        let _ = timeout(TIMEOUT.min(header_timeout), drain).await;
    }
}

async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
    router: TowerToHyperService<Router>,
) -> Result<Response<Body>, Raw> {
    if let Err(refusal) = guard::check_host(&request, &shared.options) {
        return Ok(refusal.into_response());
    }
    if !control::is_for(request.method(), request.uri().path()) {
        return graph::answer(&shared, request).await;
    }
    match guard::check_control(&request) {
        Ok(()) => router.call(request).await.map_err(|never| match never {}),
        Err(refusal) => Ok(refusal.into_response()),
    }
}

async fn flood(stream: &mut (impl AsyncWrite + Unpin), count: u32, bytes: &[u8]) -> std::io::Result<()> {
    let many = INTERIM.repeat(FLOOD as usize);
    for _ in 0..count / FLOOD {
        stream.write_all(&many).await?;
    }
    stream.write_all(&INTERIM.repeat((count % FLOOD) as usize)).await?;
    stream.write_all(bytes).await
}

/// A connection, plain or not.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    fn socket(&self) -> &TcpStream;
}

impl Stream for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Stream for TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

const INTERIM: &[u8] = b"HTTP/1.1 103 Early Hints\r\n\r\n";
const FLOOD: u32 = 1_024;
const BREATH: Duration = Duration::from_millis(50);
/// How long a handshake may take, and a caller to close its side.
const TIMEOUT: Duration = Duration::from_secs(10);
