use std::{
    fmt,
    io::{self, Read, Write},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use http::Uri;
use ureq::ProxyProtocol;
use wa_core::{TransportError, TransportErrorKind as Kind};

use crate::{origin::Origin, tunnel::Tunnel};

/// Which proxy is asked for.
#[derive(Clone)]
pub(crate) enum Proxy {
    Environment,
    Address(String),
    None,
}

impl Proxy {
    pub(crate) fn route(self) -> Result<Route, TransportError> {
        Ok(Route(match self {
            Self::Environment => ureq::Proxy::try_from_env(),
            Self::Address(address) => Some(
                ureq::Proxy::new(&address)
                    .map_err(|_| TransportError::with_source(Kind::Connect, "the proxy's address is not one"))?,
            ),
            Self::None => None,
        }))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::Address(_) => "Address(..)",
            Self::None => "None",
        })
    }
}

/// Which calls go through which proxy.
pub(crate) struct Route(Option<ureq::Proxy>);

impl Route {
    pub(crate) fn tunnel(&self, origin: &Origin, uri: &Uri) -> Result<Option<Tunnel>, TransportError> {
        let Some(proxy) = self.0.as_ref().filter(|proxy| !origin.is_this_machine() && !proxy.is_no_proxy(uri)) else {
            return Ok(None);
        };
        if proxy.protocol() != ProxyProtocol::Http {
            return Err(TransportError::with_source(Kind::Connect, "only proxies that speak plain http can be used"));
        }
        let credentials = proxy.username().map(|user| {
            let password = proxy.password().unwrap_or_default();
            format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
        });
        let host = proxy.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Some(Tunnel { host, port: proxy.port(), credentials }))
    }
}

/// Asks the proxy for the way. Reads byte by byte, since what follows is not ours to read.
pub(crate) fn pass(tunnel: &Tunnel, stream: &mut (impl Read + Write), origin: &Origin) -> io::Result<()> {
    stream.write_all(&tunnel.request(origin))?;
    let mut answer = Vec::new();
    while !tunnel.is_open(&answer)? {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        answer.push(byte[0]);
    }
    Ok(())
}
