// This file stands in both transports, to the letter: neither may depend on the other.

use std::{fmt, io};

use crate::origin::Origin;

/// The way through a proxy.
pub(crate) struct Tunnel {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// `Basic ..`
    pub(crate) credentials: Option<String>,
}

impl Tunnel {
    pub(crate) fn request(&self, origin: &Origin) -> Vec<u8> {
        let target = format!("{}:{}", origin.authority.host(), origin.port);
        let credentials =
            self.credentials.as_ref().map_or_else(String::new, |it| format!("proxy-authorization: {it}\r\n"));
        format!("CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n{credentials}\r\n").into()
    }

    /// Whether the proxy's answer, as far as it has come, opens the way. What follows it is the other side's.
    pub(crate) fn is_open(&self, answer: &[u8]) -> io::Result<bool> {
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
