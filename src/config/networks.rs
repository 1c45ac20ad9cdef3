//! Addresses of proxies whose `X-Forwarded-*` are believed: one address, or a network such as `10.0.0.0/8`.
use std::net::IpAddr;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// An IPv4 address that arrives in IPv6 clothes (`::ffff:10.0.0.1`) is the IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(it)) => {
                (u32::from(net) ^ u32::from(it)).leading_zeros() >= u32::from(self.prefix)
            }
            (IpAddr::V6(net), IpAddr::V6(it)) => {
                (u128::from(net) ^ u128::from(it)).leading_zeros() >= u32::from(self.prefix)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || format!("{text:?} is not an address or a network such as 10.0.0.0/8");
        let (address, prefix) =
            text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| problem())?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().ok().filter(|prefix| *prefix <= longest).ok_or_else(problem)?,
            None => longest,
        };
        // Whoever believes everybody's headers has no client address left to limit or to record.
        if prefix == 0 {
            return Err(format!("{text:?} is everybody, not a proxy"));
        }
        Ok(Self { address, prefix })
    }
}

/// Several, separated by commas.
pub fn list(text: &str) -> Result<Vec<Network>, String> {
    text.split(',').map(|one| one.trim().parse()).collect()
}

/// Names or addresses of hosts, without ports.
pub fn hosts(text: &str) -> Result<Vec<String>, String> {
    let host = |one: &str| match url::Host::parse(one.trim()) {
        Ok(host) => Ok(host.to_string()),
        Err(_) => Err(format!("{:?} is no host's name or address", one.trim())),
    };
    text.split(',').map(host).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses_and_no_others() {
        let table = [
            ("10.0.0.0/8", "10.255.1.2", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.1.1.1", true),
            ("10.0.0.7", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.8", false),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
            ("::1", "::1", true),
            ("fd00::/8", "10.0.0.1", false),
        ];
        for (network, address, held) in table {
            let network: Network = network.parse().unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), held, "{network:?} {address}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "proxy",
            "10.0.0.0/33",
            "fd00::/129",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "0.0.0.0/0",
            "10.0.0.1,,10.0.0.2",
        ] {
            assert!(list(text).is_err(), "{text:?}");
        }
        assert_eq!(list("10.0.0.1, fd00::/8").unwrap().len(), 2);
    }
}
