use std::io;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use wa_core::{TransportError, TransportErrorKind as Kind};
use wa_net::{Origin, Proxy, Tunnel};

/// Which calls go through which proxy.
pub(crate) struct Route(Option<Matcher>);

impl Route {
    pub(crate) fn by(proxy: &Proxy) -> Result<Self, TransportError> {
        let matcher = match proxy {
            Proxy::Environment => Matcher::from_env(),
            Proxy::Address(address) => {
                let matcher = Matcher::builder().all(address.as_str()).build();
                if matcher.intercept(&Uri::from_static("https://graph.facebook.com/")).is_none() {
                    return Err(TransportError::with_source(Kind::Connect, "the proxy's address is not one"));
                }
                matcher
            }
            _ => return Ok(Self(None)),
        };
        Ok(Self(Some(matcher)))
    }

    pub(crate) fn tunnel(&self, origin: &Origin, uri: &Uri) -> Result<Option<Tunnel>, TransportError> {
        let matcher = self.0.as_ref().filter(|_| !origin.is_this_machine());
        let Some(proxy) = matcher.and_then(|matcher| matcher.intercept(uri)) else {
            return Ok(None);
        };
        let (Some("http"), Some(host)) = (proxy.uri().scheme_str(), proxy.uri().host()) else {
            return Err(TransportError::with_source(Kind::Connect, "only proxies that speak plain http can be used"));
        };
        let credentials = proxy.basic_auth().and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Some(Tunnel::new(host, proxy.uri().port_u16().unwrap_or(80), credentials)))
    }
}

/// Asks the proxy for the way. Reads byte by byte, since what follows is not ours to read.
pub(crate) async fn pass(tunnel: &Tunnel, stream: &mut TcpStream, origin: &Origin) -> io::Result<()> {
    stream.write_all(&tunnel.request(origin)).await?;
    let mut answer = Vec::new();
    while !tunnel.is_open(&answer)? {
        answer.push(stream.read_u8().await?);
    }
    Ok(())
}
