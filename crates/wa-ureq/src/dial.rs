use std::{
    collections::VecDeque,
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use wa_net::{ATTEMPT_DELAY, Overrides, interleave};

/// The addresses of a host, in the order in which to try them.
pub(crate) fn resolve(
    host: &str,
    port: u16,
    overrides: &Overrides,
    until: Instant,
) -> io::Result<VecDeque<SocketAddr>> {
    if let Some(addresses) = overrides.addresses(host) {
        return Ok(interleave(addresses.iter().copied()));
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(VecDeque::from([SocketAddr::new(address, port)]));
    }
    // The system's resolver takes no timeout.
    let (sender, receiver) = mpsc::sync_channel(1);
    let host = host.to_owned();
    thread::Builder::new().name("wa-ureq".to_owned()).spawn(move || {
        // After the timeout nobody receives it any more.
        let _ = sender.send((host.as_str(), port).to_socket_addrs());
    })?;
    match receiver.recv_timeout(remaining(until)) {
        Ok(found) => Ok(interleave(found?)),
        Err(_) => Err(ErrorKind::TimedOut.into()),
    }
}

/// Connects to the address that answers first. The next address is tried when an attempt has failed, or when none has
/// succeeded within the delay; attempts that are still running continue in parallel.
pub(crate) fn dial(mut addresses: VecDeque<SocketAddr>, until: Instant) -> io::Result<TcpStream> {
    if let (Some(only), 1) = (addresses.front(), addresses.len()) {
        return connect(*only, until);
    }
    let mut failure = io::Error::new(ErrorKind::NotFound, "the host has no address that may be used");
    let (sender, receiver) = mpsc::channel();
    let mut running = 0_usize;
    loop {
        if let Some(address) = addresses.pop_front() {
            let sender = sender.clone();
            // An attempt that is not needed any more ends with its thread, by the deadline at the latest.
            thread::Builder::new().name("wa-ureq".to_owned()).spawn(move || sender.send(connect(address, until)))?;
            running += 1;
        }
        if running == 0 {
            return Err(failure);
        }
        let left = remaining(until);
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        match receiver.recv_timeout(if addresses.is_empty() { left } else { left.min(ATTEMPT_DELAY) }) {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => {
                failure = error;
                running -= 1;
            }
            Err(_) => {}
        }
    }
}

fn connect(address: SocketAddr, until: Instant) -> io::Result<TcpStream> {
    let left = remaining(until);
    // The standard library takes no timeout of zero.
    if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { TcpStream::connect_timeout(&address, left) }
}

fn remaining(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}
