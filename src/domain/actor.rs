//! Who acts. Every feature takes an actor; the audit log names it.
use super::enums::{Role, Scope};
use super::error::{Error, Result};
use crate::kit::clock::Utc;
use std::net::{IpAddr, Ipv6Addr};
use time::Duration;

/// A form that asks for a fresh proof is opened within this time of the last one …
pub const PROOF_TO_OPEN: Duration = Duration::minutes(10);
/// … and may be sent for this long after it was opened.
pub const PROOF_TO_SEND: Duration = Duration::minutes(25);

#[derive(Debug, Clone)]
pub enum Actor {
    /// A signed-in person.
    Person(Person),
    /// Somebody at the machine's own command line, by the name of the operating system's user.
    Operator(String),
    /// Keeper itself: schedules and the worker.
    System,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub id: i64,
    pub username: String,
    pub role: Role,
    /// When this person last proved to be who they are (sign-in or step-up).
    pub proved_at: Utc,
    pub trace: Trace,
}

/// Where a request came from, for the audit log.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    pub client: String,
    pub request_id: String,
}

impl Trace {
    /// Whom a limit counts: an IPv4 address, and of IPv6 the first 64 bits, because whoever has one address there has 2^64.
    pub fn network(&self) -> String {
        match self.client.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
            Ok(IpAddr::V6(ip)) => format!("{}/64", Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
            Ok(IpAddr::V4(ip)) => ip.to_string(),
            Err(_) => self.client.clone(),
        }
    }
}

impl Actor {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "user",
            Self::Operator(_) => "operator",
            Self::System => "system",
        }
    }

    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Person(person) => Some(person.id),
            _ => None,
        }
    }

    pub fn name(&self) -> String {
        match self {
            Self::Person(person) => person.username.clone(),
            Self::Operator(user) => format!("operator:{user}"),
            Self::System => "system".to_owned(),
        }
    }

    /// The operator of the machine and Keeper itself stand above the roles.
    pub fn role(&self) -> Role {
        match self {
            Self::Person(person) => person.role,
            Self::Operator(_) | Self::System => Role::Admin,
        }
    }

    /// Refuses whoever has less than `role`; `what` is what it takes the role for.
    pub fn demand(&self, role: Role, what: &str) -> Result<()> {
        let who = if role == Role::Admin { "an admin" } else { "a manager or an admin" };
        if self.role() >= role { Ok(()) } else { Err(Error::Forbidden(format!("{what} takes {who}"))) }
    }

    /// Scopes bound tokens alone.
    pub fn demand_scope(&self, scope: Scope) -> Result<()> {
        let _ = scope;
        Ok(())
    }

    /// A person has proved who they are within this time; the operator and Keeper itself have nothing to prove.
    pub fn demand_proof(&self, now: Utc, age: Duration) -> Result<()> {
        match self {
            Self::Person(person) if now.since(person.proved_at) > age => Err(Error::ProofNeeded),
            _ => Ok(()),
        }
    }

    pub fn trace(&self) -> Trace {
        match self {
            Self::Person(person) => person.trace.clone(),
            _ => Trace::default(),
        }
    }

    pub fn is_person(&self) -> bool {
        matches!(self, Self::Person(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_are_counted_as_one() {
        let network = |client: &str| Trace { client: client.to_owned(), ..Trace::default() }.network();
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(network("2001:db8:1:2:aaaa::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("2001:db8:1:2::1"), "2001:db8:1:2::/64");
    }
}
