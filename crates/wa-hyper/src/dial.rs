use std::{
    collections::VecDeque,
    io::{self, ErrorKind},
    net::SocketAddr,
};

use tokio::{
    net::{self, TcpStream},
    task::JoinSet,
    time::timeout,
};
use wa_net::{ATTEMPT_DELAY, Overrides, interleave};

/// The addresses of a host, in the order in which to try them.
pub(crate) async fn resolve(host: &str, port: u16, overrides: &Overrides) -> io::Result<VecDeque<SocketAddr>> {
    match overrides.addresses(host) {
        Some(addresses) => Ok(interleave(addresses.iter().copied())),
        None => Ok(interleave(net::lookup_host((host, port)).await?)),
    }
}

/// Connects to the address that answers first. The next address is tried when an attempt has failed, or when none has
/// succeeded within the delay; attempts that are still running continue in parallel.
pub(crate) async fn dial(mut addresses: VecDeque<SocketAddr>) -> io::Result<TcpStream> {
    let mut failure = io::Error::new(ErrorKind::NotFound, "the host has no address that may be used");
    // Dropping the set cancels the attempts that are still running.
    let mut attempts = JoinSet::new();
    loop {
        if let Some(address) = addresses.pop_front() {
            attempts.spawn(TcpStream::connect(address));
        }
        let ended = if addresses.is_empty() {
            attempts.join_next().await
        } else {
            match timeout(ATTEMPT_DELAY, attempts.join_next()).await {
                Ok(ended) => ended,
                Err(_) => continue,
            }
        };
        match ended {
            Some(Ok(Ok(stream))) => return Ok(stream),
            Some(Ok(Err(error))) => failure = error,
            Some(Err(panicked)) => failure = panicked.into(),
            None => return Err(failure),
        }
    }
}
