//! Which addresses Keeper may call. A backend's settings become an `Endpoint` when they are saved and loaded, a
//! database's a `Server` (`server.rs`). `http.rs`, `aws.rs` and `sources/way.rs` check once more what a name resolves
//! to, because a name can be turned to another address.
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// Made once from the settings, handed down. The default is the strict one.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Allows `http` and this machine itself.
    pub development: bool,
    /// The hosts that backends may live on; empty: any that the other rules allow.
    pub hosts: Vec<String>,
}

/// Why an address is not called; reads after the name of its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("must be an address such as https://vault.example.com")]
    NotAnAddress,
    #[error("must be a host's name or address, such as db.example.com, with a port from 1 to 65535")]
    NotAHost,
    #[error("must begin with https://")]
    Unencrypted,
    #[error("must not hold a user name or a password")]
    Credentials,
    #[error("must not hold a query or a fragment")]
    Extra,
    #[error("must be on one of the hosts that this installation allows")]
    OtherHost,
    #[error("must not lead to a link-local or cloud metadata address")]
    Metadata,
    #[error("must not lead to this machine itself, but in development mode")]
    Loopback,
    #[error("must not lead to an address that no single server has")]
    NoServer,
}

/// A name that leads nowhere, or where it may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    #[error("the address {0}")]
    Refused(Refused),
    #[error("the host's name cannot be resolved")]
    Unresolved,
}

impl Rules {
    /// One resolved address, in whatever form it is written.
    pub fn admit(&self, ip: IpAddr) -> Result<(), Refused> {
        let ip = unwrapped(ip);
        let (metadata, nobody) = match ip {
            IpAddr::V4(v4) => (is_metadata_v4(v4), v4.octets()[0] == 0 || v4.octets()[0] >= 224),
            IpAddr::V6(v6) => (is_metadata_v6(v6), v6.is_unspecified() || v6.is_multicast()),
        };
        if metadata {
            return Err(Refused::Metadata);
        }
        if nobody {
            return Err(Refused::NoServer);
        }
        if ip.is_loopback() && !self.development {
            return Err(Refused::Loopback);
        }
        Ok(())
    }

    /// All addresses of a host. One that is refused refuses the name: who mixes them means no good.
    pub async fn resolve(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, Unreachable> {
        let found = tokio::net::lookup_host((host, port)).await.map_err(|_| Unreachable::Unresolved)?;
        let found: Vec<SocketAddr> = found.collect();
        for address in &found {
            self.admit(address.ip()).map_err(Unreachable::Refused)?;
        }
        if found.is_empty() { Err(Unreachable::Unresolved) } else { Ok(found) }
    }

    /// A host as somebody wrote it down. A name is judged again by where it leads, each time it is called.
    pub(super) fn allow(&self, host: &Host<&str>) -> Result<(), Refused> {
        match host {
            Host::Ipv4(ip) => self.admit((*ip).into())?,
            Host::Ipv6(ip) => self.admit((*ip).into())?,
            Host::Domain(_) => {}
        }
        if self.lists(&host.to_string()) { Ok(()) } else { Err(Refused::OtherHost) }
    }

    /// Where a host is now.
    pub(super) async fn locate(&self, host: Host<&str>, port: u16) -> Result<Vec<SocketAddr>, Unreachable> {
        match host {
            Host::Domain(name) => self.resolve(name, port).await,
            Host::Ipv4(ip) => Ok(vec![SocketAddr::new(ip.into(), port)]),
            Host::Ipv6(ip) => Ok(vec![SocketAddr::new(ip.into(), port)]),
        }
    }

    fn lists(&self, host: &str) -> bool {
        let bare = |name: &str| name.trim_end_matches('.').to_ascii_lowercase();
        self.hosts.is_empty() || self.hosts.iter().any(|allowed| bare(allowed) == bare(host))
    }
}

/// The base address of a backend, within the rules.
#[derive(Clone, Debug)]
pub struct Endpoint {
    url: Url,
    rules: Rules,
}

impl Endpoint {
    pub fn parse(raw: &str, rules: &Rules) -> Result<Self, Refused> {
        let url = Url::parse(raw.trim()).map_err(|_| Refused::NotAnAddress)?;
        match url.scheme() {
            "https" => {}
            "http" if rules.development => {}
            "http" => return Err(Refused::Unencrypted),
            _ => return Err(Refused::NotAnAddress),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Refused::Extra);
        }
        rules.allow(&url.host().ok_or(Refused::NotAnAddress)?)?;
        Ok(Self { url, rules: rules.clone() })
    }

    pub fn url(&self) -> &Url {
        &self.url
    }

    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Where the host is now.
    pub async fn resolve(&self) -> Result<Vec<SocketAddr>, Unreachable> {
        let port = self.url.port_or_known_default().unwrap_or(443);
        let host = self.url.host().ok_or(Unreachable::Unresolved)?;
        self.rules.locate(host, port).await
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str())
    }
}

/// An IPv4 address that travels inside an IPv6 one (mapped, compatible, NAT64, 6to4) is judged as what it is.
fn unwrapped(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    let part = v6.segments();
    let v4 = |high: u16, low: u16| IpAddr::V4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match part {
        [0, 0, 0, 0, 0, 0, 0, _] => ip, // nobody's, or this machine's own
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, .., high, low] | [0x2002, high, low, ..] => {
            v4(high, low)
        }
        _ => ip,
    }
}

/// Link-local, and the metadata services of Alibaba, Azure and Oracle, which lie elsewhere.
fn is_metadata_v4(ip: Ipv4Addr) -> bool {
    ip.is_link_local() || matches!(ip.octets(), [100, 100, 100, 200] | [168, 63, 129, 16] | [192, 0, 0, 192])
}

/// Link-local, AWS's own range (metadata, credentials of containers), and Google's metadata service.
fn is_metadata_v6(ip: Ipv6Addr) -> bool {
    let google = Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254);
    ip.is_unicast_link_local() || ip.segments()[..2] == [0xfd00, 0xec2] || ip == google
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strict() -> Rules {
        Rules::default()
    }

    fn development() -> Rules {
        Rules { development: true, hosts: Vec::new() }
    }

    fn refusal(raw: &str, rules: &Rules) -> Option<Refused> {
        Endpoint::parse(raw, rules).err()
    }

    #[test]
    fn https_is_required_but_in_development() {
        assert_eq!(refusal("https://vault.example.com:8200/base", &strict()), None);
        assert_eq!(refusal("http://vault.example.com", &strict()), Some(Refused::Unencrypted));
        assert_eq!(refusal("http://vault.example.com", &development()), None);
        for raw in [
            "",
            "vault.example.com",
            "file:///etc/passwd",
            "ftp://a.example",
            "unix:/run/x",
            "https://",
            "//a",
        ] {
            assert_eq!(refusal(raw, &development()), Some(Refused::NotAnAddress), "{raw}");
        }
    }

    #[test]
    fn an_address_holds_no_password_and_no_query() {
        assert_eq!(refusal("https://me@a.example", &strict()), Some(Refused::Credentials));
        assert_eq!(refusal("https://me:pw@a.example", &strict()), Some(Refused::Credentials));
        assert_eq!(refusal("https://a.example/?x", &strict()), Some(Refused::Extra));
        assert_eq!(refusal("https://a.example/#x", &strict()), Some(Refused::Extra));
    }

    #[test]
    fn metadata_addresses_are_refused_in_every_mode_and_every_spelling() {
        for host in [
            "169.254.169.254",
            "169.254.0.0",
            "169.254.255.255",
            "2852039166",
            "0xa9fea9fe",
            "0251.0376.0251.0376",
            "169.254.43518",
            "[fe80::1]",
            "[febf::1]",
            "[::ffff:169.254.169.254]",
            "[::169.254.169.254]",
            "[64:ff9b::a9fe:a9fe]",
            "[64:ff9b:1::a9fe:a9fe]",
            "[2002:a9fe:a9fe::1]",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "[fd00:ec2::254]",
            "[fd00:ec2::23]",
            "[fd20:ce::254]",
        ] {
            let raw = format!("https://{host}/");
            assert_eq!(refusal(&raw, &strict()), Some(Refused::Metadata), "{host}");
            assert_eq!(refusal(&raw, &development()), Some(Refused::Metadata), "{host}");
        }
    }

    #[test]
    fn the_neighbours_of_what_is_refused_are_allowed() {
        for host in [
            "169.253.255.255",
            "169.255.0.0",
            "100.100.100.199",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "1.1.1.1",
            "[fec0::1]",
            "[fd00:ec3::254]",
            "[2001:db8::1]",
            "[::ffff:10.0.0.1]",
        ] {
            assert_eq!(refusal(&format!("https://{host}/"), &strict()), None, "{host}");
        }
    }

    #[test]
    fn this_machine_is_called_in_development_alone() {
        for host in ["127.0.0.1", "127.255.255.254", "2130706433", "[::1]", "[::ffff:127.0.0.1]"] {
            let raw = format!("https://{host}/");
            assert_eq!(refusal(&raw, &strict()), Some(Refused::Loopback), "{host}");
            assert_eq!(refusal(&raw, &development()), None, "{host}");
        }
        for host in
            ["0.0.0.0", "0.1.2.3", "[::]", "[::ffff:0.0.0.0]", "224.0.0.1", "255.255.255.255", "[ff02::1]"]
        {
            assert_eq!(
                refusal(&format!("https://{host}/"), &development()),
                Some(Refused::NoServer),
                "{host}"
            );
        }
    }

    #[test]
    fn a_list_of_hosts_lets_no_other_host_in() {
        let rules = Rules { development: false, hosts: vec!["Vault.Example.com".to_owned()] };
        assert_eq!(refusal("https://vault.example.com./", &rules), None);
        for raw in ["https://vault.example.com.evil.example", "https://evil.example", "https://10.0.0.1"] {
            assert_eq!(refusal(raw, &rules), Some(Refused::OtherHost), "{raw}");
        }
    }

    #[tokio::test]
    async fn a_name_is_judged_by_where_it_leads() {
        let refused = strict().resolve("localhost", 443).await;
        assert_eq!(refused, Err(Unreachable::Refused(Refused::Loopback)));
        assert!(development().resolve("localhost", 443).await.is_ok());
        let nowhere = strict().resolve("nowhere.invalid", 443).await;
        assert_eq!(nowhere, Err(Unreachable::Unresolved));
    }
}
