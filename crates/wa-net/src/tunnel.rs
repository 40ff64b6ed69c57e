use std::{fmt, io};

use zeroize::Zeroizing;

use crate::origin::Origin;

/// A proxy that connections are tunnelled through, by the method CONNECT.
pub struct Tunnel {
    host: String,
    port: u16,
    credentials: Option<Zeroizing<String>>,
}

impl Tunnel {
    /// A tunnel through the proxy at this host and port, with the value of `proxy-authorization` if it needs one.
    pub(crate) fn new(host: &str, port: u16, credentials: Option<Zeroizing<String>>) -> Self {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Self { host, port, credentials }
    }

    /// The proxy's host.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The proxy's port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The bytes that ask the proxy for a tunnel to this origin.
    #[must_use]
    pub fn request(&self, origin: &Origin) -> Zeroizing<Vec<u8>> {
        let target = origin.target();
        let [name, value, end] = match &self.credentials {
            Some(credentials) => ["proxy-authorization: ", credentials, "\r\n"],
            None => [""; 3],
        };
        // Written in one piece: a growing buffer would leave copies of the password behind.
        let parts = ["CONNECT ", &target, " HTTP/1.1\r\nhost: ", &target, "\r\n", name, value, end, "\r\n"];
        Zeroizing::new(parts.concat().into_bytes())
    }

    /// Whether the proxy has established the tunnel, judged by what it has answered so far. The bytes that follow its
    /// answer are the server's.
    ///
    /// # Errors
    ///
    /// The proxy refuses the connection, or its answer is too large.
    pub fn is_open(&self, answer: &[u8]) -> io::Result<bool> {
        if answer.ends_with(b"\r\n\r\n") {
            let is_good = answer.starts_with(b"HTTP/1.") && answer.get(8..10) == Some(b" 2");
            return if is_good { Ok(true) } else { Err(io::Error::other("the proxy refuses the connection")) };
        }
        if answer.len() < LARGEST_ANSWER { Ok(false) } else { Err(io::Error::other("the proxy's answer is too large")) }
    }
}

impl fmt::Debug for Tunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tunnel({}:{})", self.host, self.port)
    }
}

const LARGEST_ANSWER: usize = 16 << 10;
