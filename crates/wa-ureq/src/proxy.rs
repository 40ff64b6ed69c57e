use std::io::{self, Read, Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use http::Uri;
use ureq::ProxyProtocol;
use wa_core::{TransportError, TransportErrorKind as Kind};
use wa_net::{Origin, Proxy, Tunnel};

/// Which calls go through which proxy.
pub(crate) struct Route(Option<ureq::Proxy>);

impl Route {
    pub(crate) fn by(proxy: &Proxy) -> Result<Self, TransportError> {
        Ok(Self(match proxy {
            Proxy::Environment => ureq::Proxy::try_from_env(),
            Proxy::Address(address) => Some(
                ureq::Proxy::new(address)
                    .map_err(|_| TransportError::with_source(Kind::Connect, "the proxy's address is not one"))?,
            ),
            _ => None,
        }))
    }

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
        Ok(Some(Tunnel::new(proxy.host(), proxy.port(), credentials)))
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
