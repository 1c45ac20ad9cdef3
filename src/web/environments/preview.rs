//! The paths that a template would give, while it is typed: GET gives htmx that part alone, from fields that hold no credential;
//! POST is the button of the form without script, and comes back as the form with the paths in it.
use super::form::{edit_page, new_page, typed};
use crate::domain::enums::{Backend, Stage};
use crate::domain::error::Result;
use crate::environments::{self, Draft, EnvironmentInput, Naming, PathTemplate, Preview, Shelf, TYPING};
use crate::web::extract::{CurrentUser, RequireAdmin, ValidQuery};
use crate::web::page::{Answer, html};
use crate::web::views::environments::{PathsView, PreviewPart};
use axum_extra::extract::Form as Posted;
use serde::Deserialize;

/// The form's fields, as far as paths are made of them.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Asked {
    id: String,
    name: String,
    stage: String,
    aws_enabled: Option<String>,
    aws_region: String,
    aws_endpoint: String,
    aws_path_template: String,
    vault_enabled: Option<String>,
    vault_url: String,
    vault_mount: String,
    vault_namespace: String,
    vault_path_template: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PreviewForm {
    id: String,
    #[serde(flatten)]
    input: EnvironmentInput,
}

pub async fn part(RequireAdmin(user): RequireAdmin, ValidQuery(asked): ValidQuery<Asked>) -> Answer {
    let shell = user.shell("environments", "Paths").await?;
    html(&PreviewPart { shell, paths: paths(&user, &asked).await? })
}

pub async fn page(RequireAdmin(user): RequireAdmin, Posted(posted): Posted<PreviewForm>) -> Answer {
    let input = &posted.input;
    let (form, members) = (typed(input), input.members.clone());
    let asked = Asked::of(posted.id.clone(), input);
    let paths = paths(&user, &asked).await?;
    match posted.id.parse() {
        Ok(id) => {
            let environment = environments::enter(&user.app, &user.actor, id).await?.environment;
            html(&edit_page(&user, &environment, form, &members, paths).await?)
        }
        Err(_) => html(&new_page(&user, form, &members, paths).await?),
    }
}

impl Asked {
    fn of(id: String, input: &EnvironmentInput) -> Self {
        Self {
            id,
            name: input.name.clone(),
            stage: input.stage.clone(),
            aws_enabled: input.aws_enabled.clone(),
            aws_region: input.aws_region.clone(),
            aws_endpoint: input.aws_endpoint.clone(),
            aws_path_template: input.aws_path_template.clone(),
            vault_enabled: input.vault_enabled.clone(),
            vault_url: input.vault_url.clone(),
            vault_mount: input.vault_mount.clone(),
            vault_namespace: input.vault_namespace.clone(),
            vault_path_template: input.vault_path_template.clone(),
        }
    }

    /// What is stored, as if it were typed: how a form begins.
    pub fn stored(environment: &environments::Environment) -> Self {
        let on = |flag: bool| flag.then(|| "true".to_owned());
        let e = environment.clone();
        Self {
            id: e.id.to_string(),
            name: e.name,
            stage: e.stage.as_str().to_owned(),
            aws_enabled: on(e.aws_enabled),
            aws_region: e.aws_region,
            aws_endpoint: e.aws_endpoint,
            aws_path_template: e.aws_path_template,
            vault_enabled: on(e.vault_enabled),
            vault_url: e.vault_url,
            vault_mount: e.vault_mount,
            vault_namespace: e.vault_namespace,
            vault_path_template: e.vault_path_template,
        }
    }

    fn shelf(&self, backend: Backend) -> Option<(Shelf, &str)> {
        match backend {
            // Whether keys are stored is not asked while somebody types: two AWS accounts are told as "may be".
            Backend::Aws => self.aws_enabled.as_ref().map(|_| {
                (
                    Shelf::aws(self.aws_region.trim(), self.aws_endpoint.trim(), true),
                    self.aws_path_template.as_str(),
                )
            }),
            Backend::Vault => self.vault_enabled.as_ref().map(|_| {
                let (mount, namespace) = (self.vault_mount.trim(), self.vault_namespace.trim());
                let place =
                    Shelf::vault(self.vault_url.trim(), mount.trim_matches('/'), namespace.trim_matches('/'));
                (place, self.vault_path_template.as_str())
            }),
        }
    }
}

pub async fn paths(user: &CurrentUser, asked: &Asked) -> Result<Vec<PathsView>> {
    let id: Option<i64> = asked.id.parse().ok();
    if let Some(id) = id {
        environments::enter(&user.app, &user.actor, id).await?;
    }
    let name = asked.name.trim().to_lowercase();
    let name = if name.is_empty() { "environment" } else { &name };
    let naming = Naming { id, name, stage: asked.stage.parse().unwrap_or(Stage::Development) };
    let mut views = Vec::new();
    for backend in Backend::ALL {
        let Some((shelf, template)) = asked.shelf(*backend) else { continue };
        let mut view = PathsView { title: backend.title(), ..PathsView::default() };
        match PathTemplate::parse(template) {
            Err(problem) => view.problem = problem.to_string(),
            Ok(template) => {
                let draft = Draft { backend: *backend, shelf, template: template.as_str() };
                let mut conn = user.app.db.read().await?;
                let found = environments::preview(&mut conn, naming, &draft, TYPING).await?;
                view.fill(naming, &draft, found);
            }
        }
        views.push(view);
    }
    Ok(views)
}

impl PathsView {
    fn fill(&mut self, naming: Naming<'_>, draft: &Draft<'_>, found: Preview) {
        self.warnings = warnings(&found);
        self.note = note(&found);
        if found.rows.is_empty() {
            self.example = draft.example(naming);
        }
        self.rows = found.rows;
    }
}

fn note(found: &Preview) -> String {
    let looked = match (found.checked, found.has_more) {
        (0, _) => return "It holds no secret yet.".to_owned(),
        (n, true) => format!("The first {n} secrets were looked at"),
        (1, _) => "Its one secret was looked at".to_owned(),
        (n, _) => format!("All {n} secrets were looked at"),
    };
    match found.elsewhere {
        0 => format!("{looked}; none of its copies lies elsewhere."),
        n => format!(
            "{looked}; the copies of {n} lie elsewhere now. Saving moves nothing: a copy keeps the path that it was first given, and new ones go here."
        ),
    }
}

fn warnings(found: &Preview) -> Vec<String> {
    let clash = |clash: &environments::Clash| {
        format!("{} would lie at {}, where {} lies.", clash.name, clash.path, clash.other)
    };
    let mut warnings: Vec<String> = found.first_clashes().map(clash).collect();
    if found.clashes.len() > warnings.len() {
        warnings.push(format!("{} secrets in all would share a path.", found.clashes.len()));
    }
    match &found.twin {
        Some((other, true)) => warnings.push(format!(
            "{other} gives secrets of the same name the same paths, in the same place. Add {{environment}}."
        )),
        Some((other, false)) => warnings.push(format!(
            "{other} gives secrets of the same name the same paths in this region. If both belong to one account, add {{environment}}."
        )),
        None => {}
    }
    if found.is_ambiguous {
        warnings.push(
            "{service} and {name} share a part of the path, so that two secrets can come to one path. Put a / between them.".into(),
        );
    }
    warnings
}
