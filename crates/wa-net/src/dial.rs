use std::{collections::VecDeque, net::SocketAddr, time::Duration};

/// How long to wait for an attempt to connect before the next address is tried in parallel.
///
/// RFC 8305, section 5: "Connection Attempt Delay ... a recommended value is 250 milliseconds".
pub const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// The order in which to try addresses: the resolver's order, with IPv6 and IPv4 alternating, so that a family that is cut
/// off costs one delay only (RFC 8305, section 4).
#[must_use]
pub fn interleave(addresses: impl IntoIterator<Item = SocketAddr>) -> VecDeque<SocketAddr> {
    let mut addresses = addresses.into_iter().peekable();
    let starts_with_v6 = addresses.peek().is_some_and(SocketAddr::is_ipv6);
    let (mut preferred, mut other): (VecDeque<_>, VecDeque<_>) =
        addresses.partition(|address| address.is_ipv6() == starts_with_v6);
    let mut ordered = VecDeque::with_capacity(preferred.len() + other.len());
    while !preferred.is_empty() || !other.is_empty() {
        ordered.extend(preferred.pop_front());
        ordered.extend(other.pop_front());
    }
    ordered
}

/// Addresses to connect to for certain hosts, instead of those that the system's resolver finds.
#[derive(Clone, Debug, Default)]
pub struct Overrides(Vec<(String, Vec<SocketAddr>)>);

impl Overrides {
    pub(crate) fn set(&mut self, host: String, addresses: Vec<SocketAddr>) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(&host));
        self.0.push((host, addresses));
    }

    /// The addresses to connect to for this host, if they are set.
    #[must_use]
    pub fn addresses(&self, host: &str) -> Option<&[SocketAddr]> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(host)).map(|(_, addresses)| addresses.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 8305, section 4: "If the first address in the list is of one family, then the next is of the other".
    #[test]
    fn families_alternate_and_the_preferred_one_stays_first() {
        let ordered = |addresses: &[&str]| -> Vec<String> {
            let addresses = addresses.iter().map(|address| address.parse().unwrap());
            interleave(addresses).iter().map(|address: &SocketAddr| address.ip().to_string()).collect()
        };
        assert_eq!(
            ordered(&["[::1]:1", "[::2]:1", "[::3]:1", "127.0.0.1:1", "127.0.0.2:1"]),
            ["::1", "127.0.0.1", "::2", "127.0.0.2", "::3"]
        );
        assert_eq!(ordered(&["127.0.0.1:1", "127.0.0.2:1", "[::1]:1"]), ["127.0.0.1", "::1", "127.0.0.2"]);
        assert_eq!(ordered(&["127.0.0.1:1"]), ["127.0.0.1"]);
        assert!(ordered(&[]).is_empty());
    }

    #[test]
    fn setting_the_addresses_of_a_host_again_replaces_them() {
        let mut overrides = Overrides::default();
        overrides.set("Graph.Example.com".to_owned(), vec![([127, 0, 0, 1], 1).into()]);
        overrides.set("graph.example.com".to_owned(), vec![([127, 0, 0, 1], 2).into()]);
        assert_eq!(overrides.addresses("GRAPH.example.com"), Some(&[([127, 0, 0, 1], 2).into()][..]));
        assert_eq!(overrides.addresses("example.com"), None);
    }
}
