//! New and edit: one form for the owner, the role, the scopes and the environments.
use super::HOME;
use crate::domain::enums::{Role, Scope};
use crate::domain::error::{Error, Result};
use crate::people::services::{self, Account, ServiceInput};
use crate::web::extract::{CurrentUser, Id, RequireAdmin};
use crate::web::forms::choices;
use crate::web::page::{Answer, html, role_label, see_other_saying, with_status};
use crate::web::views::parts::{Choice, Conflict, Form, Link};
use crate::web::views::services::FormPage;
use axum::http::StatusCode;
use axum_extra::extract::Form as Posted;

const LABELS: [(&str, &str); 7] = [
    ("name", "Name"),
    ("description", "What it is for"),
    ("owner", "Owner"),
    ("role", "Role"),
    ("scopes", "Scopes"),
    ("all_environments", "All environments"),
    ("environments", "Environments"),
];

pub async fn new(RequireAdmin(user): RequireAdmin) -> Answer {
    services::demand_to_open(&user.actor, user.app.now())?;
    let form = Form::default()
        .with("owner", &user.current.user.username)
        .with("role", Role::User.as_str())
        .with("scopes", Scope::SecretsRead.as_str());
    html(&page(&user, None, form).await?)
}

pub async fn create(RequireAdmin(user): RequireAdmin, Posted(input): Posted<ServiceInput>) -> Answer {
    let typed = Form { refusal: "Not made", ..typed(&input) };
    let made = match input.parse() {
        Ok(new) => services::create(&user.app, &user.actor, new).await,
        Err(e) => Err(e),
    };
    let (status, form) = match made {
        Ok(id) => return see_other_saying(&format!("{HOME}/{id}"), "service-made"),
        Err(e) => typed.refused(e, &LABELS, &format!("{HOME}/new"))?,
    };
    with_status(status, &page(&user, None, form).await?)
}

pub async fn edit(RequireAdmin(user): RequireAdmin, Id(id): Id) -> Answer {
    services::demand_to_open(&user.actor, user.app.now())?;
    let account = services::find(&user.app, &user.actor, id).await?;
    let form = stored(&user, &account).await?;
    html(&page(&user, Some(&account), form).await?)
}

pub async fn save(
    RequireAdmin(user): RequireAdmin,
    Id(id): Id,
    Posted(input): Posted<ServiceInput>,
) -> Answer {
    let account = services::find(&user.app, &user.actor, id).await?;
    let typed = typed(&input);
    let saved = match input.parse() {
        Ok(new) => services::update(&user.app, &user.actor, id, new).await,
        Err(e) => Err(e),
    };
    let (status, form) = match saved {
        Ok(()) => return see_other_saying(&format!("{HOME}/{id}"), "saved"),
        Err(Error::Conflict(_)) => return conflict(&user, id, typed).await,
        Err(e) => typed.refused(e, &LABELS, &format!("{HOME}/{id}/edit"))?,
    };
    with_status(status, &page(&user, Some(&account), form).await?)
}

/// Both sides, field by field. The next save is meant to go over theirs: it carries their row version.
async fn conflict(user: &CurrentUser, id: i64, typed: Form) -> Answer {
    let account = services::find(&user.app, &user.actor, id).await?;
    let places = environments(user, "").await?;
    let words = |name: &str, raw: &str| match (name, raw) {
        ("all_environments", "") => "no".to_owned(),
        ("all_environments", _) => "yes".to_owned(),
        (_, "") => "none".to_owned(),
        ("environments", ids) => {
            let chosen = places.iter().filter(|place| ids.split(',').any(|id| id == place.value));
            chosen.map(|place| place.label.as_str()).collect::<Vec<_>>().join(", ")
        }
        (_, raw) => raw.replace(',', ", "),
    };
    let stored = stored(user, &account).await?;
    let both = Conflict::between(&stored, &typed, &LABELS, words, format!("{HOME}/{id}/edit"));
    let form = typed.with("row_version", account.row_version.to_string());
    let mut page = page(user, Some(&account), form).await?;
    page.conflict = Some(both);
    with_status(StatusCode::CONFLICT, &page)
}

async fn page(user: &CurrentUser, account: Option<&Account>, form: Form) -> Result<FormPage> {
    let home = account.map(|one| Link { href: format!("{HOME}/{}", one.id), label: one.name.clone() });
    let title = home.as_ref().map_or("New service account".to_owned(), |home| format!("Edit {}", home.label));
    let scope = |scope: &Scope| Choice {
        value: scope.as_str().to_owned(),
        label: scope.as_str().to_owned(),
        help: scope.about().to_owned(),
        on: form.ticks("scopes", scope.as_str()),
    };
    Ok(FormPage {
        shell: user.shell("services", title).await?,
        action: home.as_ref().map_or(HOME.to_owned(), |home| format!("{}/edit", home.href)),
        cancel: home.as_ref().map_or(HOME.to_owned(), |home| home.href.clone()),
        roles: choices(Role::ALL, Role::as_str, |role| role_label(role).to_owned(), form.get("role")),
        scopes: Scope::ALL.iter().map(scope).collect(),
        environments: environments(user, form.get("environments")).await?,
        home,
        form,
        conflict: None,
    })
}

/// Every environment, with those ticked whose ids stand in `on`.
async fn environments(user: &CurrentUser, on: &str) -> Result<Vec<Choice>> {
    let choice = |environment: &crate::environments::Environment| {
        let value = environment.id.to_string();
        Choice {
            on: on.split(',').any(|id| id == value),
            value,
            label: environment.name.clone(),
            help: environment.display_name.clone(),
        }
    };
    Ok(user.places().await?.iter().map(|place| choice(&place.environment)).collect())
}

async fn stored(user: &CurrentUser, account: &Account) -> Result<Form> {
    let chosen = services::chosen(&user.app, &user.actor, &[account.id]).await?;
    let mut ids: Vec<i64> = chosen.iter().map(|one| one.environment_id).collect();
    ids.sort_unstable();
    let joined = |texts: Vec<String>| texts.join(",");
    Ok(Form::default()
        .with("name", &account.name)
        .with("description", &account.description)
        .with("owner", &account.owner_name)
        .with("role", account.role.as_str())
        .with("scopes", joined(account.scopes().iter().map(ToString::to_string).collect()))
        .with("all_environments", if account.all_environments { "true" } else { "" })
        .with("environments", joined(ids.iter().map(ToString::to_string).collect()))
        .with("row_version", account.row_version.to_string()))
}

fn typed(input: &ServiceInput) -> Form {
    Form::default()
        .with("name", &input.name)
        .with("description", &input.description)
        .with("owner", &input.owner)
        .with("role", &input.role)
        .with("scopes", input.scopes.join(","))
        .with("all_environments", if input.all_environments.is_some() { "true" } else { "" })
        .with("environments", input.environments.join(","))
        .with("row_version", &input.row_version)
}
