use std::{env, ffi::OsString, fmt};

use base64::{Engine, prelude::BASE64_STANDARD};
use http::uri::Authority;
use percent_encoding::percent_decode_str;
use wa_core::{TransportError, TransportErrorKind};
use zeroize::Zeroizing;

use crate::{exception::Exceptions, origin::Origin, tunnel::Tunnel};

/// Which proxy the settings ask for.
#[derive(Clone)]
pub(crate) enum Proxy {
    /// The one that the environment names, if any.
    Environment,
    /// The one at this address.
    Address(Zeroizing<String>),
    /// None.
    None,
}

/// Which calls go through a proxy. The rule is the same for both transports, and the environment is read once for each.
#[derive(Debug, Default)]
pub struct Proxies {
    tunnel: Option<Tunnel>,
    exceptions: Exceptions,
}

impl Proxies {
    #[allow(clippy::disallowed_methods, reason = "the environment may name a proxy")]
    pub(crate) fn new(proxy: &Proxy) -> Result<Self, TransportError> {
        match proxy {
            Proxy::Environment => Self::from_variables(env::var_os),
            Proxy::Address(address) => {
                Ok(Self { tunnel: Some(parse("the proxy's address", address)?), exceptions: Exceptions::default() })
            }
            Proxy::None => Ok(Self::default()),
        }
    }

    /// The tunnel for connections to this origin, or `None` if they are direct. Calls to this machine always are.
    #[must_use]
    pub fn tunnel(&self, origin: &Origin) -> Option<&Tunnel> {
        self.tunnel.as_ref().filter(|_| !origin.is_this_machine() && !self.exceptions.include(origin))
    }

    fn from_variables(read: impl Fn(&'static str) -> Option<OsString>) -> Result<Self, TransportError> {
        let first = |names: &[&'static str]| {
            let mut set = names.iter().filter_map(|name| Some((*name, read(name).filter(|value| !value.is_empty())?)));
            set.next().map(|(name, value)| match value.into_string() {
                Ok(value) => Ok((name, Zeroizing::new(value))),
                Err(_) => Err(unusable(format!("{name} is not UTF-8"))),
            })
        };
        let Some((name, address)) = first(PROXY_VARIABLES).transpose()? else {
            return Ok(Self::default());
        };
        let tunnel = Some(parse(name, &address)?);
        let exceptions = first(EXCEPTION_VARIABLES)
            .transpose()?
            .map_or_else(Exceptions::default, |(_, list)| Exceptions::parse(&list));
        Ok(Self { tunnel, exceptions })
    }
}

/// Reads the address of a proxy. An error names where the address comes from and does not show it, since it may hold a
/// password.
fn parse(name: &str, address: &str) -> Result<Tunnel, TransportError> {
    let malformed = || {
        unusable(format!(
            "{name} is not the address of a proxy: write it like http://user:password@proxy.example.com:3128, \
             with special characters in the password percent-encoded"
        ))
    };
    let address = address.trim();
    let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
    if !scheme.eq_ignore_ascii_case("http") {
        return Err(unusable(format!(
            "{name} names a proxy of another kind: only proxies that are spoken to in plain http can be used, \
             such as http://proxy.example.com:3128"
        )));
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (credentials, authority) = match authority.rsplit_once('@') {
        Some((credentials, authority)) => (Some(credentials), authority),
        None => (None, authority),
    };
    // A slash in a password would end the authority too early.
    if path.contains('@') {
        return Err(malformed());
    }
    let ends_in_port = authority.rsplit(']').next().is_some_and(|end| end.contains(':'));
    let authority: Authority = authority.parse().map_err(|_| malformed())?;
    let is_in_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    let is_usable = !authority.host().is_empty()
        && authority.host().chars().all(is_in_host)
        && (!ends_in_port || authority.port_u16().is_some_and(|port| port != 0));
    let credentials = credentials.map(basic).transpose().map_err(|NotBasic| malformed())?;
    if !is_usable {
        return Err(malformed());
    }
    Ok(Tunnel::new(authority.host(), authority.port_u16().unwrap_or(DEFAULT_PORT), credentials))
}

struct NotBasic;

/// The value of `proxy-authorization`. RFC 7617, section 2: a user name cannot hold a colon.
fn basic(credentials: &str) -> Result<Zeroizing<String>, NotBasic> {
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    // Decoding makes nothing longer, so the buffer does not grow.
    let mut plain = Zeroizing::new(Vec::with_capacity(credentials.len() + 1));
    plain.extend(percent_decode_str(user));
    if plain.contains(&b':') {
        return Err(NotBasic);
    }
    plain.push(b':');
    plain.extend(percent_decode_str(password));
    let encoded = Zeroizing::new(BASE64_STANDARD.encode(&plain));
    Ok(Zeroizing::new(["Basic ", &encoded].concat()))
}

fn unusable(reason: String) -> TransportError {
    TransportError::with_source(TransportErrorKind::Connect, reason)
}

impl fmt::Debug for Proxy {
    /// The address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::Address(_) => "Address(..)",
            Self::None => "None",
        })
    }
}

/// In order of precedence. `HTTP_PROXY` is not read, since plain `http` never leaves this machine.
const PROXY_VARIABLES: &[&str] = &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const EXCEPTION_VARIABLES: &[&str] = &["NO_PROXY", "no_proxy"];
const DEFAULT_PORT: u16 = 80;

#[cfg(test)]
mod tests {
    use std::error::Error;

    use proptest::prelude::*;

    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Result<Proxies, TransportError> {
        Proxies::from_variables(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        })
    }

    fn origin(address: &str) -> Origin {
        Origin::from_uri(&address.parse().unwrap()).unwrap()
    }

    /// The address of the proxy and what is sent to it.
    fn seen(variables: &[(&str, &str)], address: &str) -> Option<(String, String)> {
        let proxies = proxies(variables).unwrap();
        let origin = origin(address);
        let tunnel = proxies.tunnel(&origin)?;
        Some((
            format!("{}:{}", tunnel.host(), tunnel.port()),
            String::from_utf8(tunnel.request(&origin).to_vec()).unwrap(),
        ))
    }

    fn place(variables: &[(&str, &str)]) -> Option<String> {
        seen(variables, "https://graph.facebook.com/").map(|(place, _)| place)
    }

    #[test]
    fn the_first_variable_that_is_not_empty_is_used() {
        let all = [("HTTPS_PROXY", "a:1"), ("https_proxy", "b:2"), ("ALL_PROXY", "c:3"), ("all_proxy", "d:4")];
        for (index, wanted) in ["a:1", "b:2", "c:3", "d:4"].iter().enumerate() {
            assert_eq!(place(&all[index..]).as_deref(), Some(*wanted));
        }
        assert_eq!(place(&[("HTTPS_PROXY", ""), ("all_proxy", "d:4")]).as_deref(), Some("d:4"));
        assert_eq!(place(&[("HTTP_PROXY", "e:5"), ("http_proxy", "e:5")]), None);
        assert_eq!(place(&[]), None);
    }

    #[test]
    fn only_one_list_of_exceptions_is_used() {
        let both = [("HTTPS_PROXY", "a:1"), ("NO_PROXY", "example.com"), ("no_proxy", "facebook.com")];
        assert_eq!(place(&both).as_deref(), Some("a:1"));
        assert_eq!(place(&[both[0], both[2]]), None);
        assert_eq!(place(&[both[0], ("NO_PROXY", ""), both[2]]), None);
    }

    #[test]
    fn calls_to_this_machine_never_use_the_proxy() {
        for address in ["http://localhost:1/", "https://127.0.0.1/", "https://[::1]/"] {
            assert_eq!(seen(&[("HTTPS_PROXY", "a:1")], address), None, "{address}");
        }
    }

    #[test]
    fn scheme_and_port_of_a_proxy_may_be_left_out() {
        for (address, wanted) in [
            ("proxy.example.com", "proxy.example.com:80"),
            ("http://proxy.example.com", "proxy.example.com:80"),
            ("HTTP://proxy.example.com:3128/", "proxy.example.com:3128"),
            (" http://10.0.0.1:3128 ", "10.0.0.1:3128"),
            ("http://[::1]:3128", "::1:3128"),
            ("user:password@proxy_1:3128", "proxy_1:3128"),
        ] {
            assert_eq!(place(&[("HTTPS_PROXY", address)]).as_deref(), Some(wanted), "{address}");
        }
    }

    // RFC 7617, section 2, with the values of its example.
    #[test]
    fn credentials_are_percent_decoded_once() {
        for (credentials, wanted) in [
            ("Aladdin:open%20sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("%41laddin:open%20sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            // user:p@ss:/%2F
            ("user:p%40ss:%2F%252F", "dXNlcjpwQHNzOi8lMkY="),
            // user:
            ("user", "dXNlcjo="),
        ] {
            let (_, request) = seen(&[("ALL_PROXY", &format!("http://{credentials}@a:1"))], "https://g.com/").unwrap();
            assert_eq!(
                request,
                format!("CONNECT g.com:443 HTTP/1.1\r\nhost: g.com:443\r\nproxy-authorization: Basic {wanted}\r\n\r\n")
            );
        }
    }

    #[test]
    fn an_unusable_address_is_reported_by_the_name_of_the_variable() {
        for address in [
            "http://user:canary@",
            "http://user:canary@:3128",
            "http://user:canary@proxy:port",
            "http://user:canary@proxy:99999",
            "http://user:canary@proxy:0",
            "http://user:can/ary@proxy:3128",
            "http://us%3Aer:canary@proxy:3128",
            "http://user:canary@pro xy:3128",
            "http://user:canary@[::1",
            "socks5://user:canary@proxy:1080",
            "https://user:canary@proxy:443",
            "canary\r\nx: y",
            " ",
        ] {
            for name in PROXY_VARIABLES {
                let error = proxies(&[(name, address)]).unwrap_err();
                let shown = format!("{error} {error:?} {}", error.source().unwrap());
                assert_eq!(error.kind(), TransportErrorKind::Connect);
                assert!(shown.contains(name), "{address}: {shown}");
                assert!(!shown.contains("canary") && !shown.contains("ary@"), "{address}: {shown}");
            }
            assert!(Proxies::new(&Proxy::Address(address.to_owned().into())).is_err(), "{address}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_utf8_is_reported_by_its_name() {
        use std::os::unix::ffi::OsStringExt;

        let error = Proxies::from_variables(|_| Some(OsString::from_vec(vec![0xff]))).unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), "HTTPS_PROXY is not UTF-8");
    }

    proptest! {
        #[test]
        fn no_value_panics(address in ".*", list in "([a-z0-9.:/*, \\[\\]]|.){0,40}", host in "[a-z0-9.:\\[\\]]{1,20}") {
            let origin = format!("https://{host}/").parse().ok().and_then(|uri| Origin::from_uri(&uri).ok());
            for address in [address.as_str(), "proxy:1"] {
                if let (Ok(proxies), Some(origin)) = (proxies(&[("ALL_PROXY", address), ("NO_PROXY", &list)]), &origin) {
                    let _ = proxies.tunnel(origin);
                }
            }
        }
    }

    #[test]
    fn a_proxy_from_the_settings_has_no_exceptions() {
        let proxies = Proxies::new(&Proxy::Address("http://127.0.0.1:3128".to_owned().into())).unwrap();
        assert!(proxies.tunnel(&origin("https://graph.facebook.com/")).is_some());
        assert!(Proxies::new(&Proxy::None).unwrap().tunnel(&origin("https://graph.facebook.com/")).is_none());
    }
}
