//! New and edit: one form for stage, door, members and both backends. Credentials go in and never come out.
use super::preview::{Asked, paths};
use crate::domain::error::{Error, Result};
use crate::environments::{self, Environment, EnvironmentInput};
use crate::kit::page::Cursor;
use crate::people;
use crate::web::extract::{Id, RequireAdmin};
use crate::web::page::{Answer, html, role_label, see_other_saying, with_status};
use crate::web::views::environments::{EditPage, NewPage, PathsView};
use crate::web::views::parts::{Choice, Conflict, Form};
use crate::web::when::date;
use axum::http::StatusCode;
use axum_extra::extract::Form as Posted;

const LABELS: [(&str, &str); 28] = [
    ("name", "Name"),
    ("display_name", "Display name"),
    ("description", "Description"),
    ("stage", "Stage"),
    ("is_production", "Production rules"),
    ("needs_approval", "Four eyes"),
    ("access", "Who may come in"),
    ("members", "Members"),
    ("aws_enabled", "Copies in AWS"),
    ("aws_region", "Region"),
    ("aws_endpoint", "Endpoint"),
    ("aws_path_template", "Path in AWS"),
    ("aws_access_key_id", "Access key id"),
    ("aws_secret_access_key", "Secret access key"),
    ("aws_role_arn", "Role to take on"),
    ("aws_external_id", "External id"),
    ("aws_kms_key", "KMS key"),
    ("aws_tags", "Tags"),
    ("vault_enabled", "Copies in Vault"),
    ("vault_url", "Address"),
    ("vault_mount", "Mount"),
    ("vault_namespace", "Namespace"),
    ("vault_path_template", "Path in Vault"),
    ("vault_token", "Token or secret id"),
    ("vault_role_id", "Role id"),
    ("vault_auth_mount", "Mount of the sign-in"),
    ("vault_authority", "Authority"),
    ("reason", "Reason"),
];
const TEMPLATE: &str = "{environment}/{service}/{name}";
/// How many people the list of members offers.
const PEOPLE: u32 = 200;

type User = crate::web::extract::CurrentUser;

pub async fn new(RequireAdmin(user): RequireAdmin) -> Answer {
    let form = Form::default()
        .with("stage", "development")
        .with("access", "open")
        .with("aws_path_template", TEMPLATE)
        .with("vault_path_template", TEMPLATE)
        .with("vault_mount", "secret");
    html(&new_page(&user, form, &[], Vec::new()).await?)
}

pub async fn create(RequireAdmin(user): RequireAdmin, Posted(input): Posted<EnvironmentInput>) -> Answer {
    let (typed, members) = (typed(&input), input.members.clone());
    let made = match input.parse() {
        Ok(new) => environments::create(&user.app, &user.actor, new).await,
        Err(e) => Err(e),
    };
    match made {
        Ok(id) => see_other_saying(&format!("/environments/{id}"), "created"),
        Err(Error::Invalid(errors)) => {
            let page = new_page(&user, typed.failing(&errors, &LABELS), &members, Vec::new()).await?;
            with_status(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(e) => Err(e.into()),
    }
}

pub async fn edit(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    let environment = environments::enter(&user.app, &user.actor, id).await?.environment;
    let members = environments::members(&user.app, id).await?;
    let members: Vec<String> = members.iter().map(|m| m.user_id.to_string()).collect();
    let form = stored(&environment);
    let paths = paths(&user, &Asked::stored(&environment)).await?;
    html(&edit_page(&user, &environment, form, &members, paths).await?)
}

pub async fn save(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(input): Posted<EnvironmentInput>,
) -> Answer {
    let environment = environments::enter(&user.app, &user.actor, id).await?.environment;
    let (typed, members) = (typed(&input), input.members.clone());
    let saved = match input.parse() {
        Ok(new) => environments::update(&user.app, &user.actor, id, new).await,
        Err(e) => Err(e),
    };
    let (status, form) = match saved {
        Ok(()) => return see_other_saying(&format!("/environments/{id}"), "saved"),
        Err(Error::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, typed.failing(&errors, &LABELS)),
        Err(Error::Conflict(_) | Error::Taken) => return conflict(&user, id, typed, &members).await,
        Err(e) => return Err(e.into()),
    };
    with_status(status, &edit_page(&user, &environment, form, &members, Vec::new()).await?)
}

/// Both sides, field by field. The next save is meant to go over theirs: it carries their row version.
async fn conflict(user: &User, id: i64, typed: Form, ticked: &[String]) -> Answer {
    let environment = environments::enter(&user.app, &user.actor, id).await?.environment;
    let members = environments::members(&user.app, id).await?;
    let now: Vec<String> = members.iter().map(|m| m.user_id.to_string()).collect();
    let people = people_choices(user, &[]).await?;
    let theirs = stored(&environment).with("members", names(&people, &now));
    let yours = typed.with("members", names(&people, ticked));
    let anew = format!("/environments/{id}/edit");
    let conflict = Conflict::between(&theirs, &yours, &LABELS, words, anew);
    let form = yours.with("row_version", environment.row_version.to_string());
    let mut page = edit_page(user, &environment, form, ticked, Vec::new()).await?;
    page.conflict = Some(conflict);
    with_status(StatusCode::CONFLICT, &page)
}

/// The people behind these ids, in the order of the list.
fn names(people: &[Choice], ids: &[String]) -> String {
    let named = people.iter().filter(|person| ids.contains(&person.value));
    named.map(|person| person.label.as_str()).collect::<Vec<_>>().join(", ")
}

fn words(name: &str, raw: &str) -> String {
    match (name, raw) {
        ("aws_enabled" | "vault_enabled" | "is_production" | "needs_approval", raw) => {
            if raw == "true" { "on" } else { "off" }.to_owned()
        }
        (_, "") => "empty".to_owned(),
        (_, raw) => raw.to_owned(),
    }
}

pub async fn new_page(user: &User, form: Form, members: &[String], paths: Vec<PathsView>) -> Result<NewPage> {
    let people = people_choices(user, members).await?;
    Ok(NewPage {
        shell: user.shell("environments", "New environment").await?,
        form,
        people,
        stored: "Sealed like a value, and never shown again.",
        paths,
    })
}

pub async fn edit_page(
    user: &User,
    environment: &Environment,
    form: Form,
    members: &[String],
    paths: Vec<PathsView>,
) -> Result<EditPage> {
    Ok(EditPage {
        shell: user.shell("environments", format!("Edit {}", environment.name)).await?,
        env: environment.into(),
        sub: "What is here already is not pushed by saving: use “Push all again” on the environment’s page."
            .into(),
        fixed_since: format!("Fixed since {}.", date(environment.created_at)),
        form,
        people: people_choices(user, members).await?,
        stored: "Leave it empty to keep the one that is stored. It is never shown.",
        paths,
        conflict: None,
    })
}

async fn people_choices(user: &User, members: &[String]) -> Result<Vec<Choice>> {
    let people = people::list(&user.app, &Cursor::First, PEOPLE).await?.items;
    let choice = |person: people::User| {
        let value = person.id.to_string();
        Choice {
            on: members.contains(&value),
            value,
            label: person.display_name,
            help: format!("{}, {}", person.username, role_label(person.role)),
        }
    };
    Ok(people.into_iter().map(choice).collect())
}

/// Everything that was typed, but credentials.
pub fn typed(input: &EnvironmentInput) -> Form {
    let on = |flag: &Option<String>| if flag.is_some() { "true" } else { "" };
    Form::default()
        .with("name", &input.name)
        .with("display_name", &input.display_name)
        .with("description", &input.description)
        .with("stage", &input.stage)
        .with("is_production", on(&input.is_production))
        .with("needs_approval", on(&input.needs_approval))
        .with("access", &input.access)
        .with("aws_enabled", on(&input.aws_enabled))
        .with("aws_region", &input.aws_region)
        .with("aws_endpoint", &input.aws_endpoint)
        .with("aws_path_template", &input.aws_path_template)
        .with("aws_role_arn", &input.aws_role_arn)
        .with("aws_external_id", &input.aws_external_id)
        .with("aws_kms_key", &input.aws_kms_key)
        .with("aws_tags", &input.aws_tags)
        .with("vault_role_id", &input.vault_role_id)
        .with("vault_auth_mount", &input.vault_auth_mount)
        .with("vault_authority", &input.vault_authority)
        .with("vault_enabled", on(&input.vault_enabled))
        .with("vault_url", &input.vault_url)
        .with("vault_mount", &input.vault_mount)
        .with("vault_namespace", &input.vault_namespace)
        .with("vault_path_template", &input.vault_path_template)
        .with("reason", &input.reason)
        .with("row_version", &input.row_version)
}

fn stored(e: &Environment) -> Form {
    let on = |flag: bool| if flag { "true" } else { "" };
    let template = |text: &str| if text.is_empty() { TEMPLATE.to_owned() } else { text.to_owned() };
    Form::default()
        .with("name", &e.name)
        .with("display_name", &e.display_name)
        .with("description", &e.description)
        .with("stage", e.stage.as_str())
        .with("is_production", on(e.is_production))
        .with("needs_approval", on(e.needs_approval))
        .with("access", e.access.as_str())
        .with("aws_enabled", on(e.aws_enabled))
        .with("aws_region", &e.aws_region)
        .with("aws_endpoint", &e.aws_endpoint)
        .with("aws_path_template", template(&e.aws_path_template))
        .with("aws_role_arn", &e.aws_role_arn)
        .with("aws_external_id", &e.aws_external_id)
        .with("aws_kms_key", &e.aws_kms_key)
        .with("aws_tags", &e.aws_tags)
        .with("vault_role_id", &e.vault_role_id)
        .with("vault_auth_mount", &e.vault_auth_mount)
        .with("vault_authority", &e.vault_authority)
        .with("vault_enabled", on(e.vault_enabled))
        .with("vault_url", &e.vault_url)
        .with("vault_mount", if e.vault_mount.is_empty() { "secret" } else { &e.vault_mount })
        .with("vault_namespace", &e.vault_namespace)
        .with("vault_path_template", template(&e.vault_path_template))
        .with("row_version", e.row_version.to_string())
}
