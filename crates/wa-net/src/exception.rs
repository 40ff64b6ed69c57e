use std::net::IpAddr;

use crate::origin::Origin;

/// The hosts that are called directly although there is a proxy: what `NO_PROXY` lists.
#[derive(Debug, Default)]
pub(crate) struct Exceptions(Vec<Exception>);

#[derive(Debug)]
struct Exception {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Debug)]
enum Hosts {
    All,
    /// This domain and its subdomains.
    Domain(String),
    /// The addresses that share this many leading bits with this one.
    Network(IpAddr, u32),
}

impl Exceptions {
    /// Reads a list whose entries are separated by commas or white space. Invalid entries are ignored.
    pub(crate) fn parse(list: &str) -> Self {
        let entries = list.split(|c: char| c == ',' || c.is_whitespace());
        Self(entries.filter(|entry| !entry.is_empty()).filter_map(Exception::parse).collect())
    }

    pub(crate) fn include(&self, origin: &Origin) -> bool {
        let host = origin.host().trim_end_matches('.').to_ascii_lowercase();
        self.0
            .iter()
            .any(|exception| exception.port.is_none_or(|port| port == origin.port()) && exception.hosts.include(&host))
    }
}

impl Exception {
    fn parse(entry: &str) -> Option<Self> {
        if let Some(hosts) = Hosts::parse(entry) {
            return Some(Self { hosts, port: None });
        }
        let (host, port) = entry.rsplit_once(':')?;
        Some(Self { hosts: Hosts::parse(host)?, port: Some(port.parse().ok()?) })
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        if let Some((address, length)) = text.split_once('/') {
            let (address, length) = (unbracketed(address).parse().ok()?, length.parse().ok()?);
            return (length <= bits(address)).then_some(Self::Network(address, length));
        }
        if let Ok(address) = unbracketed(text).parse::<IpAddr>() {
            let address = address.to_canonical();
            return Some(Self::Network(address, bits(address)));
        }
        let domain = text.strip_prefix('*').unwrap_or(text).trim_matches('.').to_ascii_lowercase();
        let is_domain = !domain.is_empty() && !domain.contains([':', '*', '[', ']']);
        is_domain.then_some(Self::Domain(domain))
    }

    fn include(&self, host: &str) -> bool {
        match self {
            Self::All => true,
            Self::Domain(domain) => {
                host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            Self::Network(network, length) => host.parse().is_ok_and(|address: IpAddr| {
                let address = address.to_canonical();
                bits(address) == bits(*network) && first_bits(address, *length) == first_bits(*network, *length)
            }),
        }
    }
}

fn unbracketed(text: &str) -> &str {
    text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text)
}

fn bits(address: IpAddr) -> u32 {
    if address.is_ipv4() { u32::BITS } else { u128::BITS }
}

fn first_bits(address: IpAddr, length: u32) -> u128 {
    let number = match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    };
    // Shifting out all bits overflows.
    number.checked_shr(bits(address) - length).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn includes(list: &str, host: &str) -> bool {
        Exceptions::parse(list).include(&Origin::from_uri(&format!("https://{host}/").parse().unwrap()).unwrap())
    }

    // The same lists as in the documents of curl (`--noproxy`) and of Go (`golang.org/x/net/http/httpproxy`), where the
    // two agree.
    #[test]
    fn lists_are_read_as_curl_and_go_read_them() {
        for (list, inside, outside) in [
            ("*", &["graph.facebook.com", "10.1.2.3", "[2001:db8::1]"][..], &[][..]),
            (
                "facebook.com",
                &["facebook.com", "graph.facebook.com", "GRAPH.Facebook.com"],
                &["notfacebook.com", "facebook.com.example.com", "com"],
            ),
            (".facebook.com", &["graph.facebook.com", "a.b.facebook.com"], &["notfacebook.com"]),
            ("*.facebook.com", &["graph.facebook.com"], &["notfacebook.com"]),
            ("FaceBook.com.", &["graph.facebook.com"], &["example.com"]),
            ("a.com, b.com  c.com,,\t.d.com", &["a.com", "b.com", "c.com", "x.d.com"], &["e.com"]),
            ("facebook.com:443", &["graph.facebook.com", "graph.facebook.com:443"], &["graph.facebook.com:8443"]),
            (".facebook.com:8443", &["graph.facebook.com:8443"], &["graph.facebook.com"]),
            ("10.1.2.3", &["10.1.2.3"], &["10.1.2.33", "110.1.2.3"]),
            ("10.1.2.3:8443", &["10.1.2.3:8443"], &["10.1.2.3"]),
            ("10.0.0.0/8", &["10.0.0.0", "10.255.255.255"], &["11.0.0.0", "9.255.255.255", "10.example.com"]),
            ("192.0.2.128/25", &["192.0.2.128", "192.0.2.255"], &["192.0.2.127"]),
            ("0.0.0.0/0", &["192.0.2.1"], &["[2001:db8::1]", "example.com"]),
            ("192.0.2.1/32", &["192.0.2.1"], &["192.0.2.0"]),
            ("2001:db8::1", &["[2001:db8::1]", "[2001:0db8:0::1]:8443"], &["[2001:db8::2]"]),
            ("[2001:db8::1]", &["[2001:db8::1]"], &["[2001:db8::2]"]),
            ("[2001:db8::1]:8443", &["[2001:db8::1]:8443"], &["[2001:db8::1]"]),
            ("2001:db8::/32", &["[2001:db8:ffff::1]"], &["[2001:db9::1]", "32.1.13.184"]),
            ("::/0", &["[2001:db8::1]"], &["192.0.2.1"]),
            ("192.0.2.1", &["[::ffff:192.0.2.1]"], &[]),
        ] {
            for host in inside {
                assert!(includes(list, host), "{list} must include {host}");
            }
            for host in outside {
                assert!(!includes(list, host), "{list} must not include {host}");
            }
        }
    }

    #[test]
    fn an_invalid_entry_matches_nothing_and_does_not_affect_the_others() {
        for entry in [
            "10.0.0.0/33",
            "10.0.0.0/x",
            "example.com/8",
            "2001:db8::/129",
            ":443",
            "a.com:port",
            ".",
            "..",
            "*.*",
            "[",
            "/",
        ] {
            for host in ["10.0.0.1", "example.com", "a.com", "[2001:db8::1]"] {
                assert!(!includes(entry, host), "{entry} must not include {host}");
            }
            assert!(includes(&format!("{entry},b.com"), "b.com"), "{entry}");
        }
    }
}
