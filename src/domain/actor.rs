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

/// How the audit log marks the name of a service account.
pub const SERVICE: &str = "service:";

#[derive(Debug, Clone)]
pub enum Actor {
    /// A signed-in person.
    Person(Person),
    /// A program with a token, in the name of the person who owns its service account.
    Service(Service),
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

/// A service account behind one of its tokens. It never may do more than its owner may.
#[derive(Debug, Clone)]
pub struct Service {
    pub id: i64,
    pub name: String,
    /// Whose work it does: doors open to it as to its owner, and what it asks for its owner has asked for.
    pub owner_id: i64,
    /// The lower of the account's role and of the one that its owner has now.
    pub role: Role,
    pub scopes: Vec<Scope>,
    /// `None`: every environment that is open to its owner.
    pub environments: Option<Vec<i64>>,
    pub trace: Trace,
}

/// Where a request came from, for the audit log.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    pub client: String,
    pub request_id: String,
    /// Where it is to be done once, however often it is sent.
    pub once: Option<Once>,
}

/// The row of a request that is to be done once, and which try this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    pub id: i64,
    pub attempt: i64,
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

impl Trace {
    /// Whom the limit of tries for one account counts: the account as this network tries it, so that nobody outside slows its owner.
    pub fn account(&self, username: &str) -> String {
        format!("{}\n{username}", self.network())
    }
}

impl Actor {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "user",
            Self::Service(_) => "service",
            Self::Operator(_) => "operator",
            Self::System => "system",
        }
    }

    /// Whose account it is that acts: of a service account its owner's, so that nobody gets by means of a token past a rule that
    /// holds for themselves.
    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Person(person) => Some(person.id),
            Self::Service(service) => Some(service.owner_id),
            Self::Operator(_) | Self::System => None,
        }
    }

    pub fn name(&self) -> String {
        match self {
            Self::Person(person) => person.username.clone(),
            Self::Service(service) => format!("{SERVICE}{}", service.name),
            Self::Operator(user) => format!("operator:{user}"),
            Self::System => "system".to_owned(),
        }
    }

    /// The operator of the machine and Keeper itself stand above the roles.
    pub fn role(&self) -> Role {
        match self {
            Self::Person(person) => person.role,
            Self::Service(service) => service.role,
            Self::Operator(_) | Self::System => Role::Admin,
        }
    }

    /// People are, and what acts in their name; not so the operator of the machine, and Keeper itself.
    pub fn is_bound_by_roles(&self) -> bool {
        match self {
            Self::Person(_) | Self::Service(_) => true,
            Self::Operator(_) | Self::System => false,
        }
    }

    /// Refuses whoever has less than `role`, and every token: no scope reaches this. `what` is what it takes the role for.
    pub fn demand(&self, role: Role, what: &str) -> Result<()> {
        self.demand_in_person(what)?;
        self.demand_role(role, what)
    }

    /// The same for what a token may do that has the scope for it.
    pub fn demand_with(&self, scope: Scope, role: Role, what: &str) -> Result<()> {
        self.demand_scope(scope)?;
        self.demand_role(role, what)
    }

    fn demand_role(&self, role: Role, what: &str) -> Result<()> {
        let who = if role == Role::Admin { "an admin" } else { "a manager or an admin" };
        if self.role() >= role { Ok(()) } else { Err(Error::Forbidden(format!("{what} takes {who}"))) }
    }

    /// What a person does themselves, and never by means of a token.
    pub fn demand_in_person(&self, what: &str) -> Result<()> {
        if matches!(self, Self::Service(_)) {
            return Err(Error::Forbidden(format!(
                "{what} is done in person: no scope of a token reaches it"
            )));
        }
        Ok(())
    }

    /// Scopes bound tokens alone.
    pub fn has_scope(&self, scope: Scope) -> bool {
        match self {
            Self::Service(service) => service.scopes.contains(&scope),
            Self::Person(_) | Self::Operator(_) | Self::System => true,
        }
    }

    pub fn demand_scope(&self, scope: Scope) -> Result<()> {
        if self.has_scope(scope) { Ok(()) } else { Err(Error::Forbidden(scope.lacking().to_owned())) }
    }

    /// A service account may be for some environments alone: to it the others are behind a closed door.
    pub fn reaches(&self, environment_id: i64) -> bool {
        match self {
            Self::Service(Service { environments: Some(chosen), .. }) => chosen.contains(&environment_id),
            _ => true,
        }
    }

    /// A person has proved who they are within this time; the operator and Keeper itself have nothing to prove. A token cannot:
    /// whoever gave it the scope has answered for that.
    pub fn demand_proof(&self, now: Utc, age: Duration) -> Result<()> {
        match self {
            Self::Person(person) if now.since(person.proved_at) > age => Err(Error::ProofNeeded),
            Self::Service(_) if !self.has_scope(Scope::WithoutProof) => Err(Error::Forbidden(
                "this asks for a fresh proof of identity, which a token cannot give: it takes the scope without_proof, or a person"
                    .into(),
            )),
            _ => Ok(()),
        }
    }

    /// The same, doing something once.
    pub fn doing(mut self, once: Once) -> Self {
        match &mut self {
            Self::Person(person) => person.trace.once = Some(once),
            Self::Service(service) => service.trace.once = Some(once),
            Self::Operator(_) | Self::System => {}
        }
        self
    }

    pub fn trace(&self) -> Trace {
        match self {
            Self::Person(person) => person.trace.clone(),
            Self::Service(service) => service.trace.clone(),
            Self::Operator(_) | Self::System => Trace::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(scopes: &[Scope], environments: Option<Vec<i64>>) -> Actor {
        Actor::Service(Service {
            id: 3,
            name: "deploy".to_owned(),
            owner_id: 7,
            role: Role::Manager,
            scopes: scopes.to_vec(),
            environments,
            trace: Trace::default(),
        })
    }

    #[test] // S38
    fn a_token_does_what_its_scopes_say_where_it_may_and_nothing_that_is_done_in_person() {
        let actor = service(&[Scope::SecretsRead], Some(vec![1]));
        assert_eq!((actor.kind(), actor.name().as_str(), actor.id()), ("service", "service:deploy", Some(7)));
        assert!(actor.is_bound_by_roles() && actor.reaches(1) && !actor.reaches(2));
        assert!(service(&[], None).reaches(2) && Actor::System.reaches(2));
        assert!(actor.demand_with(Scope::SecretsRead, Role::Manager, "it").is_ok());
        let refused = |result: Result<()>, word: &str| match result {
            Err(Error::Forbidden(why)) => assert!(why.contains(word), "{why}"),
            other => panic!("{other:?}"),
        };
        refused(actor.demand_with(Scope::SecretsRead, Role::Admin, "it"), "an admin");
        refused(actor.demand_scope(Scope::SecretsReveal), "secrets:reveal");
        refused(actor.demand(Role::User, "it"), "in person");
        let now = Utc::from_unix(1_800_000_000).unwrap();
        refused(actor.demand_proof(now, PROOF_TO_OPEN), "without_proof");
        assert!(service(&[Scope::WithoutProof], None).demand_proof(now, PROOF_TO_OPEN).is_ok());
    }

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
