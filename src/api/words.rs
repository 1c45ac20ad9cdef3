//! The schemas of what is spelled: enumerations with their members, each with what it says, because a field whose schema is made here
//! has no other words.
use crate::domain::enums::{
    Access, AuthMethod, Backend, Outcome, Role, RotationStatus, SecrecyLevel, SecretType, Stage, StepStatus,
    SyncStatus, VersionState,
};
use crate::domain::rules::MOST_TAGS;
use crate::domain::schedule::Day;
use crate::rotations::{Mode, StepKind};
use crate::secrets::Broke;
use serde_json::Value;
use utoipa::openapi::schema::{Array, ArrayBuilder, Object, ObjectBuilder, Schema, SchemaType, Type};

fn one_of(members: &'static [&'static str], words: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .enum_values(Some(members.iter().copied()))
        .description(Some(words))
}

fn or_null(kind: Type) -> SchemaType {
    [kind, Type::Null].into_iter().collect()
}

macro_rules! spelled {
    ($($name:ident = $type:ty, $words:literal);+ $(;)?) => { $(
        pub fn $name() -> Object { one_of(<$type>::SPELLED, $words).build() }
    )+ };
}
spelled!(
    access = Access, "Whose door is open: `open`, every signed-in person’s; `members`, the members’ alone.";
    auth_method = AuthMethod, "How the person signs in.";
    backend = Backend, "Where the copy lies: AWS Secrets Manager, or Vault KV v2 and OpenBao.";
    broke = Broke, "What was done: `change`, without the approval that it should have waited for; `reveal`, by an admin who is no member.";
    mode = Mode, "How the value came. `plan`: none did; how the secret is rotated changes.";
    outcome = Outcome, "How it ended.";
    role = Role, "What the person may do, from least to most.";
    rotation_status = RotationStatus, "How the rotation stands.";
    secrecy_level = SecrecyLevel, "How secret it is, from low to high. Who may reveal it, and what is asked of them, goes by it.";
    secret_type = SecretType, "What kind of credential it is.";
    stage = Stage, "What the environment is for.";
    step = StepKind, "What the step does: seals the value, changes it at the source, tries it there, puts it in force, copies it.";
    step_status = StepStatus, "How the step stands.";
    sync_status = SyncStatus, "The worst of the configured backends: failed, out_of_sync, pending, syncing, synced.";
    aws_sync_status = SyncStatus, "How the copy in AWS Secrets Manager stands.";
    vault_sync_status = SyncStatus, "How the copy in Vault or OpenBao stands.";
    copy_sync_status = SyncStatus, "How the copy stands.";
    version_state = VersionState, "What the version is now. `destroyed`: its value is gone for ever.";
);

/// Of a value in a request; null is as good as absent.
pub fn encoding() -> Object {
    let words = "How the value is written: `utf-8` unless told, or `base64` for bytes that are no text.";
    ObjectBuilder::new()
        .schema_type(or_null(Type::String))
        .enum_values(Some(["utf-8".into(), "base64".into(), Value::Null]))
        .description(Some(words))
        .build()
}

/// Of a value in an answer.
pub fn encoding_given() -> Object {
    one_of(&["utf-8", "base64"], "`utf-8`: the value is text, as it is. `base64`: it is none.").build()
}

/// Of a request; null takes them off.
pub fn window_days() -> Array {
    let day = one_of(Day::SPELLED, "A day of the week.").build();
    ArrayBuilder::new()
        .items(day)
        .schema_type(or_null(Type::Array))
        .description(Some(
            "The days on which Keeper may rotate it by itself; empty or null: any. With hours and a zone.",
        ))
        .build()
}

/// Of an answer.
pub fn window_days_kept() -> Array {
    let day = one_of(Day::SPELLED, "A day of the week.").build();
    ArrayBuilder::new()
        .items(day)
        .description(Some("The days on which Keeper may rotate it by itself; empty: any."))
        .build()
}

/// Of a request: all of them. Null takes them off.
pub fn tags() -> Object {
    let text = |most| {
        let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).max_length(Some(most));
        Schema::from(text.build())
    };
    ObjectBuilder::new()
        .schema_type(or_null(Type::Object))
        .property_names(Some(text(64)))
        .additional_properties(Some(text(255)))
        .max_properties(Some(MOST_TAGS))
        .description(Some("Words to find it by, key and value. All of them: in a change those that are not named are taken off."))
        .build()
}
