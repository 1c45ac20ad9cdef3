//! A host and a port within the guard's rules, for a service that has no web address. `sources/` connects to it.
use super::guard::{Refused, Rules, Unreachable};
use std::net::{Ipv6Addr, SocketAddr};
use url::Host;

#[derive(Clone, Debug)]
pub struct Server {
    host: Host<String>,
    port: u16,
    rules: Rules,
}

impl Server {
    pub fn parse(host: &str, port: u16, rules: &Rules) -> Result<Self, Refused> {
        let host = host.trim();
        let host = match host.parse::<Ipv6Addr>() {
            Ok(bare) => Host::Ipv6(bare), // without the brackets of a web address
            Err(_) => Host::parse(host).map_err(|_| Refused::NotAHost)?,
        };
        if port == 0 {
            return Err(Refused::NotAHost);
        }
        rules.allow(&borrowed(&host))?;
        Ok(Self { host, port, rules: rules.clone() })
    }

    /// As its certificate has it.
    pub fn name(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Where it is now, each address within the rules.
    pub async fn resolve(&self) -> Result<Vec<SocketAddr>, Unreachable> {
        self.rules.locate(borrowed(&self.host), self.port).await
    }
}

fn borrowed(host: &Host<String>) -> Host<&str> {
    match host {
        Host::Domain(name) => Host::Domain(name),
        Host::Ipv4(ip) => Host::Ipv4(*ip),
        Host::Ipv6(ip) => Host::Ipv6(*ip),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(host: &str, rules: &Rules) -> Option<Refused> {
        Server::parse(host, 5432, rules).err()
    }

    #[test]
    fn a_server_is_held_to_the_same_rules_as_an_address() {
        let strict = Rules::default();
        for host in ["169.254.169.254", "2852039166", "fe80::1", "[fe80::1]", "::ffff:169.254.169.254"] {
            assert_eq!(refusal(host, &strict), Some(Refused::Metadata), "{host}");
        }
        for host in ["127.0.0.1", "::1", "2130706433"] {
            assert_eq!(refusal(host, &strict), Some(Refused::Loopback), "{host}");
        }
        for host in ["", " ", "/run/postgresql", "a b", "a:5432", "user@a", "a/b", "a?b"] {
            assert_eq!(refusal(host, &strict), Some(Refused::NotAHost), "{host}");
        }
        assert_eq!(refusal("db.example.com", &strict), None);
        assert_eq!(Server::parse("db.example.com", 0, &strict).err(), Some(Refused::NotAHost));
        let listed = Rules { development: false, hosts: vec!["db.example.com".to_owned()] };
        assert_eq!(refusal("DB.example.com", &listed), None);
        assert_eq!(refusal("10.0.0.1", &listed), Some(Refused::OtherHost));
    }

    #[test]
    fn a_certificate_is_asked_for_the_name_without_brackets() {
        let name = |host: &str| Server::parse(host, 1, &Rules::default()).unwrap().name();
        assert_eq!(name(" DB.Example.com "), "db.example.com");
        assert_eq!(name("[2001:db8::1]"), "2001:db8::1");
        assert_eq!(name("10.0.0.1"), "10.0.0.1");
    }

    #[tokio::test]
    async fn a_name_is_judged_by_where_it_leads() {
        let server = Server::parse("localhost", 5432, &Rules::default()).unwrap();
        assert_eq!(server.resolve().await, Err(Unreachable::Refused(Refused::Loopback)));
    }
}
