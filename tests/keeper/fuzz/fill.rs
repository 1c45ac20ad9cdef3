//! A form filled in as it should be.
use super::trials::Sent;
use crate::support::house::PASSWORD;
use crate::support::html::{Field, Form};
use crate::support::place::Place;

/// Nobody's: its key was thrown away.
const AUTHORITY: &str = "-----BEGIN CERTIFICATE-----
MIIBmjCCAT+gAwIBAgIUN0he8ED3DLG6k9v2OJ5LQ7zH5bEwCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWQW4gYXV0aG9yaXR5IG9mIG5vYm9keTAgFw0yNjExMjkxOTIy
NDNaGA8yMTI2MTEwNTE5MjI0M1owITEfMB0GA1UEAwwWQW4gYXV0aG9yaXR5IG9m
IG5vYm9keTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFFZiChMRXJvxj/gB4qY
PkICN3O0n3dpZsvw+xcQAw+AVMnAxLx1qFE7dAKekNtOyd2ZBp9WbTZAS0Jjp3j+
tXijUzBRMB0GA1UdDgQWBBR8V3322oFFL5ubJ2mRt6uArmyvXjAfBgNVHSMEGDAW
gBR8V3322oFFL5ubJ2mRt6uArmyvXjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49
BAMCA0kAMEYCIQD22WcBsbSdj4EuRQAU86Ot3FmhVgMQLa4OCiMJ+RuP+gIhAKf2
yGwJOYhCViNmflSRCX2MpwzSyNLokoE3LYu0vMmM
-----END CERTIFICATE-----";

/// `n` makes names that nothing has yet.
pub fn fill(form: &Form, place: &Place, n: u32) -> Sent {
    let fields = form.fields.iter();
    fields
        .flat_map(|field| {
            let is_new_name = form.action == "/users" && field.name == "username";
            let typed = if is_new_name { vec![format!("made-{n}")] } else { typed(field, place, n) };
            typed.into_iter().map(|value| (field.name.clone(), value))
        })
        .collect()
}

/// What has to be chosen so that a field is read at all: what belongs to another choice is passed over.
const CHOSEN: [(&str, &str, &str); 9] = [
    ("length", "policy", "letters"),
    ("alphabet", "policy", "letters"),
    ("exclude", "policy", "letters"),
    ("word_count", "policy", "words"),
    ("separator", "policy", "words"),
    ("key_kind", "policy", "keypair"),
    ("key_form", "policy", "keypair"),
    ("byte_count", "policy", "bytes"),
    ("encoding", "policy", "bytes"),
];

pub fn choose_for(field: &str, sent: Sent) -> Sent {
    let chosen = |name: &str| CHOSEN.iter().find(|(of, other, _)| *of == field && *other == name);
    let choose = |(name, value): (String, String)| match chosen(&name) {
        Some((.., choice)) => (name, (*choice).to_owned()),
        None => (name, value),
    };
    sent.into_iter().map(choose).collect()
}

fn typed(field: &Field, place: &Place, n: u32) -> Vec<String> {
    let words = match field.name.as_str() {
        "confirm" => place.name.clone(),
        // An authority's text is read where it is believed.
        "tls" => "authority".into(),
        "authority" => AUTHORITY.into(),
        // A window is read as a whole, and needs an interval.
        "window_days" => "mon".into(),
        "window_from" => "22:00".into(),
        "window_to" => "04:00".into(),
        "rotation_interval_days" => "30".into(),
        _ if field.values.iter().any(|value| !value.is_empty()) => return field.values.clone(),
        // What belongs to a backend is read when its copies are switched on.
        "aws_enabled" | "vault_enabled" | "all_environments" => "true".into(),
        // Two live at once, and more are made here.
        "former_ends_in" => "0".into(),
        "aws_region" => "eu-central-1".into(),
        "vault_url" => "https://vault.example:8200".into(),
        _ if field.kind == "checkbox" => return Vec::new(),
        _ if !field.choices.is_empty() => {
            return field.choices.iter().find(|choice| !choice.is_empty()).cloned().into_iter().collect();
        }
        "name" => format!("typed-{n}"),
        "display_name" => "Typed".into(),
        "value" | "new_value" => "a value".into(),
        "pasted" => format!("typed_{n}=a value\n"),
        "reason" => "because".into(),
        "username" => "admin".into(),
        "password" => PASSWORD.into(),
        "add" => format!("typed={n}"),
        "identity_provider" => "https://idp.example/metadata".into(),
        "name_id" => format!("person-{n}"),
        "host" => "db.example".into(),
        "user_name" => "keeper".into(),
        _ => String::new(),
    };
    vec![words]
}

/// What is never sent back.
pub fn is_value(field: &Field) -> bool {
    let names = [
        "value",
        "new_value",
        "pasted",
        "file",
        "password",
        "vault_token",
        "aws_access_key_id",
        "aws_secret_access_key",
    ];
    names.contains(&field.name.as_str())
}
