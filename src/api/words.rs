//! The schemas of what is spelled: enumerations with their members, and times.
use crate::domain::enums::{
    Access, AuthMethod, Backend, Outcome, Role, RotationStatus, SecrecyLevel, SecretType, Stage, StepStatus,
    SyncStatus, VersionState,
};
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

fn one_of(members: &'static [&'static str]) -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .enum_values(Some(members.iter().copied()))
        .build()
}

macro_rules! spelled {
    ($($name:ident = $type:ty),+ $(,)?) => { $(
        pub fn $name() -> Object { one_of(<$type>::SPELLED) }
    )+ };
}
spelled!(
    access = Access,
    auth_method = AuthMethod,
    backend = Backend,
    outcome = Outcome,
    role = Role,
    rotation_status = RotationStatus,
    secrecy_level = SecrecyLevel,
    secret_type = SecretType,
    stage = Stage,
    step_status = StepStatus,
    sync_status = SyncStatus,
    version_state = VersionState,
);
