//! Something of everything in one environment: what the `{…}` of an address can stand for.
use super::House;
use keeper::bulk::{self, BulkInput};
use keeper::domain::actor::Actor;
use keeper::domain::enums::Role;
use keeper::domain::plaintext::Plaintext;
use keeper::imports::{self, UploadInput};

pub struct Place {
    pub name: String,
    pub environment: i64,
    pub secret: i64,
    pub rotation: i64,
    /// A file before its import: its owner's alone.
    pub held: i64,
    /// An operation on many: its owner's, and the admins' to look at.
    pub bulk: i64,
}

impl Place {
    /// A secret of three versions; `owner` belongs to the environment, holds a file and has begun an operation.
    pub async fn furnish(house: &House, environment: i64, name: &str, owner: &Actor) -> Self {
        let secret = house.add_secret(environment, name, "value-1").await;
        house.rotate(&house.operator(), secret, "value-2").await.unwrap();
        let rotation = house.rotate(&house.operator(), secret, "value-3").await.unwrap();
        let held =
            if owner.role() >= Role::Manager { hold(house, environment, name, owner).await } else { NONE };
        let tag = BulkInput {
            kind: "tag".into(),
            ids: vec![secret.to_string()],
            add: format!("of={name}"),
            reason: "a test".into(),
            ..BulkInput::default()
        };
        let bulk = bulk::start(&house.app, owner, tag.parse().unwrap()).await.unwrap();
        Self { name: name.to_owned(), environment, secret, rotation, held, bulk }
    }

    /// The same addresses with ids that nobody has.
    pub fn nowhere() -> Self {
        Self { name: String::new(), environment: NONE, secret: NONE, rotation: NONE, held: NONE, bulk: NONE }
    }

    pub fn fill(&self, path: &str) -> String {
        let id = match path.split('/').nth(1) {
            Some("secrets") if path.starts_with("/secrets/import/") => self.held,
            Some("secrets") => self.secret,
            Some("bulk") => self.bulk,
            Some("environments") => self.environment,
            Some("rotations") => self.rotation,
            _ => NONE,
        };
        path.replace("{id}", &id.to_string()).replace("{number}", "1").replace("{*path}", "css/ui.css")
    }
}

/// An id that no row has.
pub const NONE: i64 = 999_999;

async fn hold(house: &House, environment: i64, name: &str, owner: &Actor) -> i64 {
    let input = UploadInput {
        environment_id: environment.to_string(),
        format: "env".into(),
        secret_type: "token".into(),
        secrecy_level: "internal".into(),
        file_name: "a.env".into(),
        content: Some(Plaintext::from(format!("{name}_new=value\n"))),
    };
    imports::hold(&house.app, owner, input.parse().unwrap()).await.unwrap()
}
